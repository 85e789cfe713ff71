"""Cases out of the database, as the rules see them: for the pages, and for the score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.development import CaseHelper, CaseInquiry, CasePaper, CaseStep, DevelopmentCase, OfCase
from desktop.models.learning import ActivistReview
from desktop.models.meetings import Meeting, Vote
from desktop.models.members import Member, MemberCondition
from desktop.models.people import Person
from desktop.models.vocabulary.branches import ConditionKind, MemberCategory
from desktop.models.vocabulary.development import CaseState
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.development.case import (
    CaseFact,
    CongressFact,
    HelperFact,
    PaperFact,
    ReplyFact,
    ReviewFact,
)
from desktop.services.development.readmission import Applicant, bans
from desktop.services.development.windows import ACTIVIST, CONFIRM, CONGRESS, LIST, TRAINING

VOTE_KINDS = ("admit_probationary", "confirm_full")
Row = TypeVar("Row", bound=OfCase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A case as it is kept, with all that belongs to it, and as the rules see it."""

    case: DevelopmentCase
    person: Person
    steps: Mapping[int, CaseStep]
    papers: tuple[CasePaper, ...]
    helpers: tuple[CaseHelper, ...]
    inquiries: tuple[CaseInquiry, ...]
    reviews: tuple[ActivistReview, ...]
    fact: CaseFact

    def begun(self, on: date) -> bool:
        """Return whether a step or a paper is known of it until `on`; without any day nothing says that none was."""
        days = [*self.fact.steps.values(), *(paper.dated_on for paper in self.papers if paper.dated_on is not None)]
        return not days or min(days) <= on


@dataclass(frozen=True, slots=True)
class Activist:
    """Somebody of whom half-yearly reviews are asked, from a day to a day (both included; None open)."""

    person_id: str
    name: str
    since: date
    until: date | None


def load_cases(session: Session, branch_id: str, case_id: str = "", *, deleted: bool = False) -> list[Kept]:
    """Return the cases of a branch in the order they were begun, or one of them; `deleted` asks for the recycle bin."""
    query = (
        select(DevelopmentCase, Person)
        .join(Person, Person.id == DevelopmentCase.person_id)
        .where(
            DevelopmentCase.branch_id == branch_id,
            DevelopmentCase.deleted_at_utc.is_not(None) if deleted else DevelopmentCase.deleted_at_utc.is_(None),
        )
        .order_by(DevelopmentCase.id)
    )
    if case_id:
        query = query.where(DevelopmentCase.id == case_id)
    found = [(case, person) for case, person in session.execute(query)]
    ids = [case.id for case, _ in found]
    if not ids:
        return []
    steps = _by_case(session, CaseStep, ids)
    papers = _by_case(session, CasePaper, ids)
    helpers = _by_case(session, CaseHelper, ids)
    inquiries = _by_case(session, CaseInquiry, ids)
    reviews = _reviews(session, branch_id, [person.id for _, person in found])
    meetings = _Meetings(session, branch_id, [step.meeting_id for of in steps.values() for step in of])
    members = _Members(session, helpers, [case for case, _ in found])
    asked = [
        Applicant(case.id, person.name, person.born_on, case.id_no) for case, person in found if not case.member_id
    ]
    barred = bans(session, branch_id, asked)
    kept = []
    for case, person in found:
        own = {step.no: step for step in sorted(steps[case.id], key=lambda step: step.id)}
        there = tuple(sorted(papers[case.id], key=lambda paper: (paper.step_no, paper.dated_on or date.max, paper.id)))
        parts = Kept(
            case=case,
            person=person,
            steps=own,
            papers=there,
            helpers=tuple(sorted(helpers[case.id], key=lambda helper: (helper.role, helper.id))),
            inquiries=tuple(sorted(inquiries[case.id], key=lambda inquiry: inquiry.id)),
            reviews=tuple(reviews[person.id]),
            fact=CaseFact(id=case.id, name=person.name, ban=barred.get(case.id)),
        )
        kept.append(_with_fact(parts, meetings, members))
    return kept


def activists(cases: Iterable[Kept]) -> list[Activist]:
    """Return who is to be reviewed every half-year: activists, until the congress or the end of the case."""
    found = []
    for kept in cases:
        since = kept.fact.steps.get(ACTIVIST)
        if since is None:
            continue
        ends = [kept.fact.steps.get(CONGRESS), None if kept.case.state.active else kept.case.state_on]
        until = min((day for day in ends if day is not None), default=None)
        if until is None and not kept.case.state.active:
            continue
        found.append(Activist(kept.person.id, kept.person.name, since, until))
    return found


def _with_fact(kept: Kept, meetings: "_Meetings", members: "_Members") -> Kept:
    case, steps = kept.case, kept.steps
    listing, training = steps.get(LIST), steps.get(TRAINING)
    congresses: dict[int, CongressFact] = {}
    for no in (CONGRESS, CONFIRM):
        meeting_id = steps[no].meeting_id if no in steps else None
        held = meetings.congress(meeting_id, kept.person.name) if meeting_id else None
        if held is not None:
            congresses[no] = held
    fact = CaseFact(
        id=case.id,
        name=kept.person.name,
        steps={no: step.done_on for no, step in steps.items() if step.done_on is not None},
        active=case.state.active,
        held=case.state is CaseState.OBJECTION_HOLD,
        ruleset=case.ruleset or "",
        born_on=kept.person.born_on,
        ban=kept.fact.ban,
        consent_on=listing.consent_on if listing else None,
        publicity_from=listing.from_on if listing else None,
        publicity_to=listing.to_on if listing else None,
        training_days=training.days if training else None,
        training_hours=training.hours if training else None,
        special_approval=bool(case.special_reason),
        probation_extended_to=case.extended_to or members.extended_to(case.member_id),
        left_on=case.left_on or members.left_on(case.member_id),
        helpers=tuple(members.helper(helper) for helper in kept.helpers),
        replies=tuple(
            ReplyFact(each.relation, each.name or "", each.sent_on, each.replied_on, each.waived)
            for each in kept.inquiries
        ),
        reviews=tuple(ReviewFact(review.event_on, review.from_on, review.to_on) for review in kept.reviews),
        papers=tuple(PaperFact(paper.step_no, paper.name, paper.dated_on) for paper in kept.papers),
        congresses=congresses,
        meetings_since=meetings.since,
    )
    return replace(kept, fact=fact)


def _by_case(session: Session, model: type[Row], ids: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in session.scalars(select(model).where(model.case_id.in_(ids), model.deleted_at_utc.is_(None))):
        found[row.case_id].append(row)
    return found


def _reviews(session: Session, branch_id: str, people: Sequence[str]) -> dict[str, list[ActivistReview]]:
    found: dict[str, list[ActivistReview]] = defaultdict(list)
    query = (
        select(ActivistReview)
        .where(
            ActivistReview.branch_id == branch_id,
            ActivistReview.deleted_at_utc.is_(None),
            ActivistReview.activist.in_(people),
        )
        .order_by(ActivistReview.event_on, ActivistReview.id)
    )
    for review in session.scalars(query):
        found[review.activist or ""].append(review)
    return found


class _Meetings:
    """The meetings that steps point to, and since when the ledger of congresses is kept."""

    def __init__(self, session: Session, branch_id: str, ids: Iterable[str | None]) -> None:
        wanted = [meeting_id for meeting_id in ids if meeting_id]
        kept = Meeting.deleted_at_utc.is_(None)
        self._held: dict[str, Meeting] = {}
        self._votes: dict[str, list[Vote]] = defaultdict(list)
        if wanted:
            self._held = {row.id: row for row in session.scalars(select(Meeting).where(Meeting.id.in_(wanted), kept))}
            for vote in session.scalars(select(Vote).where(Vote.meeting_id.in_(wanted), Vote.kind.in_(VOTE_KINDS))):
                self._votes[vote.meeting_id].append(vote)
        self.since = session.scalar(
            select(func.min(Meeting.held_on)).where(
                Meeting.branch_id == branch_id, kept, Meeting.kind == MeetingKind.BRANCH_CONGRESS
            )
        )

    def congress(self, meeting_id: str, name: str) -> CongressFact | None:
        """Return what the ledger says of a congress: its day, whether the vote about `name` carried."""
        meeting = self._held.get(meeting_id)
        if meeting is None:
            return None
        votes = self._votes[meeting_id]
        about = [vote for vote in votes if name in (vote.subject or "")] or (votes if len(votes) == 1 else [])
        return CongressFact(meeting.held_on, about[0].declared_passed if about else None)


class _Members:
    """The members that cases speak of, and what they were on a day."""

    def __init__(
        self, session: Session, helpers: Mapping[str, Sequence[CaseHelper]], cases: Sequence[DevelopmentCase]
    ) -> None:
        ids = {helper.member_id for of in helpers.values() for helper in of if helper.member_id}
        ids |= {case.member_id for case in cases if case.member_id}
        self._members: dict[str, Member] = {}
        self._disciplined: dict[str, list[MemberCondition]] = defaultdict(list)
        if ids:
            self._members = {row.id: row for row in session.scalars(select(Member).where(Member.id.in_(ids)))}
            conditions = select(MemberCondition).where(
                MemberCondition.member_id.in_(ids),
                MemberCondition.kind == ConditionKind.PROBATION_DISCIPLINE,
                MemberCondition.deleted_at_utc.is_(None),
            )
            for condition in session.scalars(conditions):
                self._disciplined[condition.member_id].append(condition)

    def left_on(self, member_id: str | None) -> date | None:
        """Return the day a member left the branch."""
        member = self._members.get(member_id or "")
        return member.left_on if member is not None else None

    def extended_to(self, member_id: str | None) -> date | None:
        """Return the day to which the roster says that probation was extended."""
        member = self._members.get(member_id or "")
        return member.probation_ends_on if member is not None and member.extended_once else None

    def helper(self, helper: CaseHelper) -> HelperFact:
        """Return what a helper was on the day the role began."""
        member = self._members.get(helper.member_id or "")
        since = helper.from_on
        full: bool | None = None
        if member is not None:
            full = member.category is MemberCategory.FULL_MEMBER
            if full and member.full_on is not None and since is not None:
                full = member.full_on <= since
        return HelperFact(
            role=helper.role.value,
            name=member.name if member is not None else helper.name or "",
            since=since,
            until=helper.to_on,
            full=full,
            disciplined=any(self._holds(condition, since) for condition in self._disciplined[helper.member_id or ""]),
        )

    def _holds(self, condition: MemberCondition, day: date | None) -> bool:
        if day is None:
            return condition.to_on is None
        return (condition.from_on is None or condition.from_on <= day) and (
            condition.to_on is None or day <= condition.to_on
        )
