"""What is known of members that gives or takes points: read from the records, each with where it comes from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desktop.models.appraisal import AppraisalResult
from desktop.models.base import Base, Record
from desktop.models.conduct import Discipline, Honour
from desktop.models.improvement import Issue
from desktop.models.learning import Commitment, StudyApplication
from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim
from desktop.models.vocabulary.appraisal import Concerned
from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.models.vocabulary.points import ClaimState
from desktop.models.vocabulary.registers import PledgeResult, RoleModelLevel
from desktop.services.clock import Clock
from desktop.services.dues.reckoning import deadline
from desktop.services.points.reckoning import MONTHS, Happened, Person
from desktop.services.points.scheme import PointsScheme, Rule
from desktop.services.points.standing import STANDING, decisions_of, told
from desktop.services.standards.editions import law_on
from desktop.services.standards.facts import DuesFact, Facts, MemberFact
from desktop.services.standards.loader import load_facts
from desktop.services.standards.meeting_facts import MeetingFact
from desktop.services.standards.periods import Span, month_end
from desktop.services.standards.rules.hours import learned

MEETING, DUES = "meeting", "dues_payment"
DUTIES = (MeetingKind.PARTY_LECTURE.value, MeetingKind.THEME_DAY.value)
"""Who speaks at these has taken on a lecture or the organisation of the day."""
HONOURS = {
    RoleModelLevel.COUNTY: "honour_county",
    RoleModelLevel.CITY: "honour_city",
    RoleModelLevel.PROVINCE: "honour_province",
    RoleModelLevel.NATION: "honour_province",
}
IDLE, DUES_LATE = "idle_months", "dues_late"
FOUND = frozenset(
    (
        "meeting_speech", "meeting_duty", "org_life_prepare", "personal_issue_closed_ratio", "training_hours",
        "study_application_confirmed", "dues_paid_on_time", "commitment_kept_ratio", "assigned_task_done_ratio",
        "volunteer_hours", "beneficiary_satisfaction", "absent_unexcused", DUES_LATE, "discipline", "admonition",
        IDLE,
    )
)  # fmt: skip
"""Sources that the program reads from the records; nobody claims them."""
Row = TypeVar("Row", bound=Record)


def known_of(
    session: Session,
    branch_id: str,
    scheme: PointsScheme,
    year: int,
    on: date,
    clock: Clock,
    facts: Facts | None = None,
) -> tuple[list[Person], list[Happened]]:
    """Return who is on the roster on the day `on`, and all that happened in `year` until then.

    `facts`: those of that year and day, where they were read just before.
    """
    loaded = load_facts(session, branch_id, year, clock, on) if facts is None else facts
    facts = replace(loaded, law=law_on(session, on, year))
    people = [_person(member) for member in facts.members if member.on_roster(on)]
    read = _Reading(session, branch_id, facts, scheme, year, on)
    return people, list(read.everything())


def _person(member: MemberFact) -> Person:
    return Person(
        id=member.id,
        name=member.name,
        stays=member.stays,
        flags=tuple((flag.name, flag.since) for flag in member.flags),
    )


class _Reading:
    def __init__(
        self, session: Session, branch_id: str, facts: Facts, scheme: PointsScheme, year: int, on: date
    ) -> None:  # fmt: skip
        self._session, self._branch, self._facts, self._scheme = session, branch_id, facts, scheme
        self._year, self._on = year, on
        self._first, self._last = date(year, 1, 1), date(year, 12, 31)
        self._members = frozenset(facts.members_by_id)
        self._meetings = [m for m in facts.meetings if self._first <= m.held_on <= on]
        decided = self._of(PointsClaim).where(
            STANDING != ClaimState.REVOKED, PointsClaim.event_on.between(self._first, self._last)
        )
        self._decided = {(claim.member_id, claim.rule, claim.title) for claim in session.scalars(decided)}

    def everything(self) -> Iterator[Happened]:
        """Yield all that is known of members."""
        yield from self._attendance()
        yield from self._speeches()
        yield from self._hours()
        yield from self._tasks()
        yield from self._registers()
        yield from self._org_life()
        yield from self._dues()
        yield from self._vetoes()
        yield from self._claims()

    def _attendance(self) -> Iterator[Happened]:
        for meeting in self._meetings:
            for each in meeting.attendance:
                at = Happened(
                    source=f"meeting:{meeting.kind}",
                    member_id=each.member_id,
                    on=meeting.held_on,
                    kind=MEETING,
                    record_id=meeting.id,
                    title=meeting.title,
                    value=Fraction(each.state == "present"),
                    choice=each.reason,
                )
                yield at
                if each.state == "absent":
                    yield replace(at, source="absent_unexcused", value=Fraction(1), choice="")

    def _speeches(self) -> Iterator[Happened]:
        confirmed = {m.id: m for m in self._meetings if m.confirmed_on is not None and m.confirmed_on <= self._on}
        rows = self._session.execute(
            select(Meeting.id, Meeting.speeches).where(
                Meeting.branch_id == self._branch, Meeting.held_on.between(self._first, self._on)
            )
        )
        for meeting_id, speeches in rows:
            if meeting_id not in confirmed:
                continue
            for member_id in dict.fromkeys(speech.member_id for speech in speeches if speech.text.strip()):
                if member_id:
                    yield self._at(confirmed[meeting_id], "meeting_speech", member_id)
        for meeting in self._meetings:
            if meeting.kind in DUTIES:
                for member_id in sorted(meeting.speaker_ids & self._members):
                    yield self._at(meeting, "meeting_duty", member_id)

    @staticmethod
    def _at(meeting: MeetingFact, source: str, member_id: str) -> Happened:
        return Happened(
            source=source,
            member_id=member_id,
            on=meeting.held_on,
            kind=MEETING,
            record_id=meeting.id,
            title=meeting.title,
        )

    def _hours(self) -> Iterator[Happened]:
        judged = {r.id: r for r in self._facts.by_kind.get("volunteer_activity", ())}
        for entry in self._facts.volunteering:
            served = Happened(
                source="volunteer_hours",
                member_id=entry.member_id,
                on=entry.on,
                kind="volunteer_activity",
                record_id=entry.id,
                title=entry.title,
                value=Fraction(entry.minutes, 60),
            )
            yield served
            record = judged.get(entry.id)
            if record is not None and record.asked:
                said = Fraction(record.satisfied or 0), Fraction(record.asked)
                yield replace(served, source="beneficiary_satisfaction", value=said[0], of=said[1])
        for entry in self._facts.training:
            yield Happened(
                source="training_hours",
                member_id=entry.member_id,
                on=entry.on,
                kind="training_record",
                record_id=entry.id,
                title=entry.title,
                value=Fraction(entry.minutes, 60),
            )
        yield from self._study_at_meetings()

    def _study_at_meetings(self) -> Iterator[Happened]:
        """Yield the hours of study at meetings: what the one way of counting hours (学时) says of each meeting."""
        span = Span(self._year, self._on, self._facts.founded_on)
        used = {each.id for each in learned(self._facts, span).used if each.kind == MEETING}
        law = self._facts.law
        for meeting in self._meetings:
            if meeting.id not in used or law is None:
                continue
            hours = Fraction(meeting.minutes, 60) if meeting.minutes else Fraction(law.training.hours_per_meeting)
            for each in meeting.attendance:
                if each.state == "present":
                    yield replace(self._at(meeting, "training_hours", each.member_id), value=hours)

    def _tasks(self) -> Iterator[Happened]:
        for meeting in self._facts.meetings:
            for task in meeting.tasks:
                due = task.due or task.done_on
                if task.owner in self._members and due is not None and self._first <= due <= self._on:
                    yield Happened(
                        source="assigned_task_done_ratio",
                        member_id=task.owner,
                        on=due,
                        kind="action_item",
                        record_id=task.id,
                        title=task.title,
                        value=Fraction(task.in_time(self._on)),
                    )

    def _registers(self) -> Iterator[Happened]:
        days = self._first, self._on
        for row in self._session.scalars(self._of(StudyApplication).where(StudyApplication.event_on.between(*days))):
            if row.member_id and row.event_on and (row.effect or "").strip() and (row.confirmed_by or "").strip():
                yield self._row(row, "study_application_confirmed", row.member_id, row.event_on)
        for pledge in self._session.scalars(self._of(Commitment).where(Commitment.event_on <= self._on)):
            due = pledge.due_on or date(pledge.event_on.year, MONTHS, 31)  # of the year in which it is to be kept
            if pledge.member_id and due.year == self._year and (pledge.result or due < self._on):
                kept = Fraction(pledge.result is PledgeResult.KEPT)
                on = min(due, self._on)
                yield replace(self._row(pledge, "commitment_kept_ratio", pledge.member_id, on), value=kept)
        for honour in self._session.scalars(self._of(Honour).where(Honour.event_on.between(*days))):
            if honour.member_id and honour.level in HONOURS:
                yield self._row(honour, HONOURS[honour.level], honour.member_id, honour.event_on)

    def _org_life(self) -> Iterator[Happened]:
        talks: dict[str, date] = {}
        for talk in sorted(self._facts.talks, key=lambda each: each.on):
            if talk.kind == TalkKind.HEART_TALK.value and talk.on <= self._on:
                for member_id in (talk.talker_id, talk.talkee_id):
                    talks.setdefault(member_id, talk.on)
        rows = self._session.scalars(
            self._of(AppraisalResult).where(
                AppraisalResult.for_year == self._year, AppraisalResult.review_on.is_not(None)
            )
        )
        for result in rows:
            talked, reviewed = talks.get(result.member_id), result.review_on
            if talked is not None and reviewed is not None and reviewed <= self._on:
                on = min(max(talked, reviewed), self._last)
                yield self._row(result, "org_life_prepare", result.member_id, on, "个人小结和谈心谈话")
        issues = self._of(Issue).where(
            Issue.concerned == Concerned.PERSON,
            Issue.due_on.between(self._first, self._on),
            Issue.owner_id.is_not(None),
        )
        for issue in self._session.scalars(issues):
            if issue.owner_id and issue.due_on:
                closed = Fraction(issue.closed_on is not None and issue.closed_on <= issue.due_on)
                at = self._row(issue, "personal_issue_closed_ratio", issue.owner_id, issue.due_on)
                yield replace(at, value=closed)

    def _dues(self) -> Iterator[Happened]:
        for month in self._facts.dues:
            ends = deadline(self._year, month.month.month, month.quarterly)
            if not month.due_fen or month.unrecorded or month.month.year != self._year or ends > self._on:
                continue
            in_time = _in_time(month, ends)
            at = Happened(
                source="dues_paid_on_time",
                member_id=month.member_id,
                on=ends,
                kind=DUES,
                record_id=month.id,
                title=f"{month.month.month}月党费",
                value=Fraction(in_time),
            )
            yield at
            if not in_time:
                yield from self._asked(replace(at, source=DUES_LATE, title=f"{at.title}逾期", value=Fraction(1)))

    def _asked(self, fact: Happened) -> Iterator[Happened]:
        """Yield what only counts where there was no good reason, of which the records say nothing, as a question.

        It is none any more once somebody decided it: with a claim under its rule, open, approved or sent back.
        """
        rules = [rule.id for rule in self._scheme.rules if fact.source in rule.sources]
        if not any((fact.member_id, rule, fact.title) in self._decided for rule in rules):
            yield replace(fact, asked=True)

    def _vetoes(self) -> Iterator[Happened]:
        for row in self._session.scalars(self._of(Discipline)):
            if row.member_id and not row.kind.is_disposal and self._first <= row.event_on <= self._on:
                yield self._row(row, "discipline", row.member_id, row.event_on)
        for talk in self._facts.talks:
            if talk.kind == TalkKind.ADMONITION.value:
                yield Happened(
                    source="admonition", member_id=talk.talkee_id, on=talk.on, kind="talk", record_id=talk.id
                )  # fmt: skip
        months = next((rule.months for rule in self._scheme.vetoes if IDLE in rule.sources), 0)
        if months:
            yield from self._idle(months)

    def _idle(self, months: int) -> Iterator[Happened]:
        """Yield who came to nothing, or paid nothing, for so many months on end, and the day that made it so many.

        A month in which nobody was expected breaks no row and adds nothing to it. The rolls say who was away without a
        reason; no ledger of dues does, so that of those who paid nothing it is asked.
        """
        came: dict[str, dict[int, bool]] = defaultdict(dict)
        for meeting in self._meetings:
            for each in meeting.attendance:
                month = meeting.held_on.month
                there = each.state != "absent"
                came[each.member_id][month] = came[each.member_id].get(month, False) or there
        paid: dict[str, dict[int, bool]] = defaultdict(dict)
        for dues in self._facts.dues:
            ends = deadline(self._year, dues.month.month, dues.quarterly)
            if dues.due_fen and not dues.unrecorded and dues.month.year == self._year and ends <= self._on:
                settled = dues.paid_fen >= dues.due_fen and (dues.paid_on is None or dues.paid_on <= self._on)
                paid[dues.member_id][dues.month.month] = settled
        for member_id, by_month in came.items():
            month = _row_of(by_month, months)
            if month:
                yield self._idle_since(member_id, month)
        for member_id, by_month in paid.items():
            month = _row_of(by_month, months)
            if month:
                yield from self._asked(
                    replace(self._idle_since(member_id, month), kind=DUES, title=f"连续{months}个月没有交党费")
                )

    def _idle_since(self, member_id: str, month: int) -> Happened:
        on = min(self._on, month_end(date(self._year, month, 1)))
        return Happened(source=IDLE, member_id=member_id, on=on, kind="member", record_id=member_id)

    def _claims(self) -> Iterator[Happened]:
        claims = self._of(PointsClaim).where(
            STANDING == ClaimState.APPROVED, PointsClaim.event_on.between(self._first, self._on)
        )
        answered = decisions_of(self._session, self._branch)
        for claim in self._session.scalars(claims):
            decision = answered.get(claim.id)
            yield Happened(
                source=claim.rule,
                member_id=claim.member_id,
                on=claim.event_on,
                kind=PointsClaim.__tablename__,
                record_id="",
                title=claim.title,
                value=Fraction(claim.rating if claim.rating is not None else 1),
                choice=claim.choice or "",
                claim_id=claim.id,
                told=told(decision) if decision is not None else "",
            )

    @staticmethod
    def _row(row: Base, source: str, member_id: str, on: date, title: str = "") -> Happened:
        named = title or str(getattr(row, "title", ""))
        return Happened(
            source=source, member_id=member_id, on=on, kind=row.__tablename__, record_id=row.id, title=named
        )  # fmt: skip

    def _of(self, model: type[Row]) -> Select[Row]:
        return select(model).where(model.branch_id == self._branch, model.deleted_at_utc.is_(None))


def _in_time(month: DuesFact, ends: date) -> bool:
    return month.paid_fen >= month.due_fen and (month.paid_on is None or month.paid_on <= ends)


def _row_of(by_month: Mapping[int, bool], months: int) -> int:
    """Return the month with which so many in a row are without; 0 if there is none."""
    run = 0
    for month in range(1, MONTHS + 1):
        if month in by_month:
            run = 0 if by_month[month] else run + 1
        if run == months:
            return month
    return 0


def claimable(rule: Rule) -> bool:
    """Return whether somebody may hand in a claim under a rule: what is read from the records is never typed again."""
    read = any(
        source in FOUND or source in HONOURS.values() or source.startswith("meeting:") for source in rule.sources
    )
    return not read
