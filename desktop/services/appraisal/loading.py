"""Reads the round of a year: everything in one session, by few queries."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult, Criticism, SoughtOpinion
from desktop.models.duties import Talk
from desktop.models.improvement import Issue
from desktop.models.meetings import Attendance, Meeting
from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, TalkKind
from desktop.models.vocabulary.race import IssueSource
from desktop.services.appraisal.keeping import VOTES
from desktop.services.appraisal.rows import CriticismRow, Line, OpinionRow, ProblemRow, Round, RoundFacts
from desktop.services.appraisal.steps import steps_of
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.standards.editions import law_on

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

_KEPT = tuple(field.name for field in fields(RoundFacts))
_TOLD = tuple(
    field.name
    for field in fields(Line)
    if field.name in AppraisalResult.__table__.c and field.name not in ("member_id", "votes")
)
_SHORT = 20
_Kept = TypeVar("_Kept", AppraisalResult, Criticism, SoughtOpinion)


def closing_day(law: "PartyRules", for_year: int) -> date:
    """Return the day by which what settles a year is to be done."""
    closes = law.closes(MeetingKind.DEMOCRATIC_APPRAISAL.value) or "12-31"
    return date.fromisoformat(f"{for_year + 1}-{closes}")


def year_in_work(store: "Store", session: Session) -> int:
    """Return the year that is settled on the day it is: last year until it closes."""
    today = store.today
    return today.year - 1 if today <= closing_day(law_on(session, today, today.year), today.year - 1) else today.year


def find_round(session: Session, branch_id: str, for_year: int, *, deleted: bool = False) -> Appraisal | None:
    """Return the round of a year as it is stored."""
    bin_ = Appraisal.deleted_at_utc
    query = select(Appraisal).where(Appraisal.branch_id == branch_id, Appraisal.for_year == for_year)
    query = query.where(bin_.is_not(None) if deleted else bin_.is_(None)).order_by(Appraisal.id.desc())
    return session.scalars(query.limit(1)).first()


def load_round(
    store: "Store", session: Session, for_year: int, branch_id: str | None = None, *, lines: bool = False
) -> Round:
    """Return the round of a year, begun or not; `lines`: with who would take part, even where it is not begun."""
    owner, today = branch_id or store.branch_id, store.today
    law = law_on(session, today, for_year + 1 if for_year < today.year else today.year)
    closes = closing_day(law, for_year)
    record = find_round(session, owner, for_year)
    org_life = _held(session, owner, for_year, MeetingKind.ORG_LIFE_MEETING)
    appraisal = _held(session, owner, for_year, MeetingKind.DEMOCRATIC_APPRAISAL)
    facts = RoundFacts(**{name: getattr(record, name) for name in _KEPT}) if record else RoundFacts(
        quota_base=law.appraisal.base
    )  # fmt: skip
    day = facts.decided_on or (org_life or appraisal or (None, None))[1] or min(today, closes)
    roster = roster_of(store, session, owner)
    at_meeting = _attendance(session, org_life[0]) if org_life else {}
    talks, talked_on = _talks(session, owner, for_year, org_life[1] if org_life else min(today, closes))
    found = Round(
        id=record.id if record else "",
        rev=record.rev if record else 0,
        for_year=for_year,
        today=today,
        closes=closes,
        day=day,
        rules=law.appraisal,
        facts=facts,
        lines=tuple(_lines(session, owner, for_year, roster, day, at_meeting)) if record or lines else (),
        criticisms=tuple(_criticisms(session, owner, for_year, roster)),
        opinions=tuple(_opinions(session, owner, for_year, roster)),
        problems=tuple(_problems(session, owner, for_year, closes, roster)),
        meeting_id=org_life[0] if org_life else "",
        meeting_on=org_life[1] if org_life else None,
        present=sum(state is AttendanceState.PRESENT for state in at_meeting.values()),
        appraisal_meeting_id=appraisal[0] if appraisal else "",
        appraisal_on=appraisal[1] if appraisal else None,
        talks=talks,
        talked_on=talked_on,
        members_total=len(roster.on(day)),
    )
    return replace(found, steps=steps_of(found))


def _held(session: Session, owner: str, for_year: int, kind: MeetingKind) -> tuple[str, date] | None:
    """Return the last meeting of a kind that counts for the year."""
    rows = session.execute(
        select(Meeting.id, Meeting.held_on, Meeting.state)
        .where(
            Meeting.branch_id == owner,
            Meeting.for_year == for_year,
            Meeting.kind == kind,
            Meeting.deleted_at_utc.is_(None),
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    return next(((meeting_id, on) for meeting_id, on, state in rows if state.counts), None)


def _attendance(session: Session, meeting_id: str) -> Mapping[str, AttendanceState]:
    query = select(Attendance.member_id, Attendance.state).where(Attendance.meeting_id == meeting_id)
    return dict(session.execute(query).all())


def _talks(session: Session, owner: str, for_year: int, until: date) -> tuple[int, date | None]:
    """Return how many heart-to-heart talks there were from the first day of the year to the meeting, and the last."""
    count, last = session.execute(
        select(func.count(), func.max(Talk.event_on)).where(
            Talk.branch_id == owner,
            Talk.deleted_at_utc.is_(None),
            Talk.kind == TalkKind.HEART_TALK,
            Talk.event_on.between(date(for_year, 1, 1), until),
        )
    ).one()
    return count, last


def _of_year(model: type[_Kept], owner: str, for_year: int) -> Select[_Kept]:
    """Return the query of what is kept for the year and lies in no bin."""
    return select(model).where(model.branch_id == owner, model.for_year == for_year, model.deleted_at_utc.is_(None))


def _lines(
    session: Session,
    owner: str,
    for_year: int,
    roster: Roster,
    day: date,
    at_meeting: Mapping[str, AttendanceState],
) -> Iterator[Line]:
    """Give a line for everybody on the roster of the day, and for who had one before leaving it."""
    kept = {row.member_id: row for row in session.scalars(_of_year(AppraisalResult, owner, for_year))}
    here = {member.id for member in roster.on(day)}
    for member_id, member in roster.members.items():
        row = kept.get(member_id)
        if row is None and member_id not in here:
            continue
        values = {} if row is None else {name: getattr(row, name) for name in _TOLD}
        state = at_meeting.get(member_id)
        yield Line(
            member_id=member_id,
            name=roster.label(member_id, day) or member.name,
            full=roster.category(member, day) is MemberCategory.FULL_MEMBER,
            absent=state is not None and state is not AttendanceState.PRESENT,
            votes=tuple(getattr(row, name) for name in VOTES) if row is not None else (None,) * len(VOTES),
            changed_at=row.updated_at_utc if row is not None else "",
            **values,
        )


def _named(roster: Roster, member_id: str | None) -> str:
    member = roster.members.get(member_id or "")
    return member.name if member is not None else ""


def _criticisms(session: Session, owner: str, for_year: int, roster: Roster) -> Iterator[CriticismRow]:
    query = _of_year(Criticism, owner, for_year)
    for row in session.scalars(query.order_by(Criticism.event_on, Criticism.id)):
        yield CriticismRow(
            id=row.id,
            on=row.event_on,
            concerned=row.concerned,
            receiver_id=row.receiver_id or "",
            receiver=_named(roster, row.receiver_id) or row.concerned.label,
            giver=_named(roster, row.giver_id) or row.giver_name or "",
            text=row.title,
            reply=row.reply or "",
            category=row.category or "",
        )


def _opinions(session: Session, owner: str, for_year: int, roster: Roster) -> Iterator[OpinionRow]:
    query = _of_year(SoughtOpinion, owner, for_year)
    for row in session.scalars(query.order_by(SoughtOpinion.event_on, SoughtOpinion.id)):
        yield OpinionRow(
            id=row.id,
            on=row.event_on,
            concerned=row.concerned,
            receiver=_named(roster, row.receiver_id) or row.concerned.label,
            giver=row.giver,
            text=row.title,
            times=row.times,
            category=row.category or "",
            proposal=row.proposal or "",
        )


def _problems(session: Session, owner: str, for_year: int, closes: date, roster: Roster) -> Iterator[ProblemRow]:
    """Give the problems found at the meeting or the appraisal of the year; where no year is written, by their day."""
    query = select(Issue).where(
        Issue.branch_id == owner,
        Issue.deleted_at_utc.is_(None),
        Issue.source.in_((IssueSource.ORG_LIFE, IssueSource.APPRAISAL)),
    )
    first = date(for_year, closes.month, closes.day)
    criticisms: dict[str, str] | None = None
    for row in session.scalars(query.order_by(Issue.due_on, Issue.id)):
        if not (row.for_year == for_year if row.for_year is not None else first < row.event_on <= closes):
            continue
        if criticisms is None:
            criticisms = {
                **dict(session.execute(select(Criticism.id, Criticism.title)).all()),
                **dict(session.execute(select(SoughtOpinion.id, SoughtOpinion.title)).all()),
            }
        yield ProblemRow(
            id=row.id,
            rev=row.rev,
            title=row.title,
            on=row.event_on,
            concerned=row.concerned,
            found_by=row.found_by,
            traced=_traced(row, criticisms, roster),
            owner=_named(roster, row.owner_id),
            symptom=row.symptom or "",
            measure=row.measure or "",
            goal=row.goal or "",
            evidence=row.evidence or "",
            confirmed_by=row.confirmed_by or "",
            due_on=row.due_on or row.event_on,
            closed_on=row.closed_on,
            state=row.state,
        )


def _traced(row: Issue, known: Mapping[str, str], roster: Roster) -> str:
    """Return what a problem goes back to: a criticism, an opinion, somebody's self-review, or how it was found."""
    for label, target in (("批评", row.criticism_id), ("征求意见", row.sought_opinion_id)):
        if target and target in known:
            words = known[target]
            return f"{label}：{words if len(words) <= _SHORT else words[:_SHORT] + '…'}"
    if row.reviewer_id:
        return f"{_named(roster, row.reviewer_id)}的自查"
    return row.found_by.label if row.found_by is not None else ""
