"""What of a year's plan is kept: meetings and planned activities, and how they stand on their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desktop.models.activities import PlannedActivity
from desktop.models.improvement import Issue
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.plans import DutyState
from desktop.models.vocabulary.race import IssueState
from desktop.services.improvement.ahead import Arranged
from desktop.services.meetings.naming import name_of
from desktop.services.standards.facts import Facts
from desktop.services.year_plan.rows import ACTIVITY, ISSUE, MEETING, Duty, Event, PlannedMeeting
from desktop.services.year_plan.templates import templates

COMING = (MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.HELD)
VENUE_USE = "venue_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A meeting as the plan needs it: one plain row."""

    id: str
    kind: MeetingKind
    on: date
    started_at: str | None
    place: str | None
    group_id: str | None
    for_year: int
    chair_id: str | None
    chair_name: str | None
    speaker_ids: list[str]
    topic: str
    tags: list[str]
    state: MeetingState
    rev: int


COLUMNS = (
    Meeting.id, Meeting.kind, Meeting.held_on.label("on"), Meeting.started_at, Meeting.place, Meeting.group_id,
    Meeting.for_year, Meeting.chair_id, Meeting.chair_name, Meeting.speaker_ids, Meeting.topic, Meeting.tags,
    Meeting.state, Meeting.rev,
)  # fmt: skip


def kept_meetings(session: Session, branch_id: str, year: int, first: date, last: date) -> list[Kept]:
    """Return the meetings of some days and those that count for the year, planned and held, by day."""
    query = (
        select(*COLUMNS)
        .where(
            Meeting.branch_id == branch_id,
            Meeting.deleted_at_utc.is_(None),
            Meeting.state != MeetingState.CANCELLED,
            or_(Meeting.held_on.between(first, last), Meeting.for_year == year),
        )
        .order_by(Meeting.held_on, Meeting.started_at, Meeting.id)
    )
    return [Kept(**row) for row in session.execute(query).mappings()]


def kept_days(session: Session, branch_id: str, first: date, last: date) -> list[PlannedActivity]:
    """Return the planned activities of some days, by day."""
    query = (
        select(PlannedActivity)
        .where(
            PlannedActivity.branch_id == branch_id,
            PlannedActivity.deleted_at_utc.is_(None),
            PlannedActivity.planned_on.between(first, last),
        )
        .order_by(PlannedActivity.planned_on, PlannedActivity.id)
    )
    found = list(session.scalars(query))
    session.expunge_all()
    return found


def kept_issues(session: Session, branch_id: str, first: date, last: date) -> list[Issue]:
    """Return the problems to be put right by one of some days, or closed on one."""
    query = select(Issue).where(
        Issue.branch_id == branch_id,
        Issue.deleted_at_utc.is_(None),
        or_(Issue.due_on.between(first, last), Issue.closed_on.between(first, last)),
    )
    found = list(session.scalars(query.order_by(Issue.due_on, Issue.id)))
    session.expunge_all()
    return found


def planned(meetings: Sequence[Kept]) -> list[PlannedMeeting]:
    """Return those of some meetings that are still to be held, or to be recorded."""
    return [
        PlannedMeeting(
            id=one.id,
            kind=one.kind.value,
            on=one.on,
            group_id=one.group_id,
            tags=frozenset(one.tags or ()),
            speaker_ids=frozenset(one.speaker_ids or ()),
            for_year=one.for_year,
            notified=one.state is MeetingState.NOTIFIED,
        )
        for one in meetings
        if one.state in COMING
    ]


def events(
    duties: Sequence[Duty],
    meetings: Sequence[Kept],
    days: Sequence[PlannedActivity],
    issues: Sequence[Issue],
    arranged: Sequence[Arranged],
    facts: Facts,
    today: date,
) -> tuple[Event, ...]:
    """Return what stands on the days of a year, in order, each with the duties it serves."""
    groups = {group.id: group.name for group in facts.groups}
    serving: dict[str, list[Duty]] = {}
    for duty in duties:
        for row_id in (*duty.event_ids, *(duty.record_ids if duty.meets else ())):
            serving.setdefault(row_id, []).append(duty)
    found = [_meeting(one, groups, serving.get(one.id, ()), facts, today) for one in meetings]
    found += [_activity(one, serving.get(one.id, ()), facts, today) for one in days]
    found += [_issue(one, facts, today) for one in issues]
    found += [_above(one) for one in arranged]
    for duty in duties:
        if duty.held is not None and not duty.meets and not duty.event_ids and duty.kind != VENUE_USE:
            record = Event(
                id=duty.record_ids[-1] if duty.record_ids else duty.key,
                source=duty.kind,
                on=duty.held,
                name=duty.what,
                state=DutyState.HELD,
                kind=duty.kind,
                who=duty.who,
                duties=(duty,),
            )
            found.append(record)
    return tuple(sorted(found, key=lambda one: (one.on, one.source != MEETING, one.started_at, one.id)))


def short_name(kind: MeetingKind, group: str = "") -> str:
    """Return what a kind of meeting is called in little room: 支委会, 第一党小组会."""
    known = templates().kinds.get(kind)
    return name_of(kind, group) if group or known is None else known.short


def _meeting(one: Kept, groups: dict[str, str], serves: Sequence[Duty], facts: Facts, today: date) -> Event:
    if one.state.counts:
        state = DutyState.HELD
    elif one.on < today or one.state is MeetingState.HELD:
        state = DutyState.OVERDUE
    else:
        state = DutyState.NOTIFIED if one.state is MeetingState.NOTIFIED else DutyState.PLANNED
    chair = one.chair_name or facts.member_name(one.chair_id or "")
    if one.speaker_ids and one.kind is MeetingKind.PARTY_LECTURE:
        chair = facts.member_name(one.speaker_ids[0]) or chair
    return Event(
        id=one.id,
        source=MEETING,
        on=one.on,
        name=short_name(one.kind, groups.get(one.group_id or "", "")),
        state=state,
        kind=one.kind.value,
        group_id=one.group_id,
        topic=one.topic,
        place=one.place or "",
        started_at=one.started_at or "",
        who=next((duty.who for duty in serves if duty.who), "") or chair,
        chair=chair,
        rev=one.rev,
        duties=tuple(serves),
    )


def _activity(one: PlannedActivity, serves: Sequence[Duty], facts: Facts, today: date) -> Event:
    done = one.done_on is not None or any(not duty.open for duty in serves)
    state = DutyState.HELD if done else DutyState.OVERDUE if one.planned_on < today else DutyState.PLANNED
    return Event(
        id=one.id,
        source=ACTIVITY,
        on=one.done_on or one.planned_on,
        name=one.title,
        state=state,
        place=one.place or "",
        who=facts.member_name(one.lead_id or ""),
        rev=one.rev,
        duties=tuple(serves),
    )


def _issue(one: Issue, facts: Facts, today: date) -> Event:
    """Return a problem on its day: nothing of it is copied, so the plan says what its list says."""
    closed = one.closed_on is not None or one.state is IssueState.CLOSED
    due = one.closed_on or one.due_on or one.event_on
    state = DutyState.HELD if closed else DutyState.OVERDUE if due < today else DutyState.PLANNED
    return Event(
        id=one.id,
        source=ISSUE,
        on=due,
        name=f"整改：{one.title}",
        state=state,
        who=facts.member_name(one.owner_id or ""),
        rev=one.rev,
    )


def _above(one: Arranged) -> Event:
    """Return what headquarters arranged on its day; one that is over was held: it would have been taken back."""
    return Event(
        id=one.record,
        source=one.kind,
        on=one.on,
        name=one.name,
        topic=one.settled,
        state=DutyState.HELD if one.over else DutyState.PLANNED,
        place=one.place,
        above=True,
    )
