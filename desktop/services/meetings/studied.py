"""Lists over the meetings of a year: what was studied first, who made up, and leaders in double organizational life."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.meetings import Attendance, Meeting
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.services.meetings.naming import name_of
from desktop.services.meetings.rules import MeetingRules
from desktop.services.members.lookup import roster_of

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """One item of study (第一议题)."""

    meeting_id: str
    on: date
    meeting: str
    theme: str
    source: str
    leader: str
    form: str
    discussed: str
    measures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Somebody who missed a meeting, and how it was made up; `made_up_on` None: not yet."""

    meeting_id: str
    on: date
    meeting: str
    name: str
    reason: str
    made_up_on: date | None
    way: str
    content: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleLife:
    """How often a leader took part in the life of the branch as an ordinary member, of the meetings expected at."""

    member_id: str
    name: str
    expected: int
    took_part: int


@dataclass(frozen=True, slots=True)
class YearLists:
    """All three lists of a year."""

    studied: tuple[Studied, ...]
    missed: tuple[Missed, ...]
    leaders: tuple[DoubleLife, ...]


def year_lists(store: "Store", year: int) -> YearLists:
    """Return the lists over what was recorded in a calendar year: studies by theme, the missed by day."""
    rules = MeetingRules(store)
    studied, missed = [], []
    expected: dict[str, int] = {}
    took_part: dict[str, int] = {}
    with store.reading() as session:
        roster = roster_of(store, session)
        days = Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31))
        mine = (Meeting.branch_id == store.branch_id, Meeting.deleted_at_utc.is_(None), days)
        meetings = {m.id: m for m in session.scalars(select(Meeting).where(*mine)) if m.state.counts}
        names = {key: name_of(m.kind, roster.group_name(m.group_id)) for key, m in meetings.items()}
        for key, meeting in meetings.items():
            kinds = {kind.id for kind in rules.item_kinds(meeting.held_on) if kind.study}
            studied += [
                Studied(
                    meeting_id=key,
                    on=meeting.held_on,
                    meeting=names[key],
                    theme=item.title,
                    source=item.source,
                    leader=item.leader,
                    form=item.form,
                    discussed=item.content,
                    measures=item.measures,
                )
                for item in meeting.agenda
                if item.tag in kinds or item.source
            ]
        there = select(Attendance).join(Meeting, Meeting.id == Attendance.meeting_id).where(*mine)
        for person in session.scalars(there):
            held = meetings.get(person.meeting_id)
            if held is None:
                continue
            expected[person.member_id] = expected.get(person.member_id, 0) + 1
            if person.double_life:
                took_part[person.member_id] = took_part.get(person.member_id, 0) + 1
            if person.state is not AttendanceState.PRESENT:
                missed.append(
                    Missed(
                        meeting_id=held.id,
                        on=held.held_on,
                        meeting=names[held.id],
                        name=roster.label(person.member_id, held.held_on),
                        reason=person.reason or "",
                        made_up_on=person.make_up_on,
                        way=person.make_up_way.label if person.make_up_way else "",
                        content=person.make_up_content,
                        by=person.make_up_by,
                    )
                )
        leaders = [
            DoubleLife(member_id=key, name=roster.members[key].name, expected=expected[key], took_part=count)
            for key, count in took_part.items()
            if key in roster.members
        ]
    return YearLists(
        tuple(sorted(studied, key=lambda each: (each.theme, each.on))),
        tuple(sorted(missed, key=lambda each: (each.on, each.name), reverse=True)),
        tuple(sorted(leaders, key=lambda each: each.name)),
    )
