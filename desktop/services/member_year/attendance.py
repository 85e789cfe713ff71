"""Where a member was expected in a year, kind by kind and month by month."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Attendance, Meeting
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState
from desktop.services.member_year.rows import Attended, KindYear, MonthCell, Presence
from desktop.services.members.roster import Roster

MONTHS = range(1, 13)
REGULAR = (
    MeetingKind.BRANCH_CONGRESS,
    MeetingKind.COMMITTEE_MEETING,
    MeetingKind.GROUP_MEETING,
    MeetingKind.THEME_DAY,
    MeetingKind.PARTY_LECTURE,
)
"""Kinds with a row even where nothing was held; of the committee for its members alone."""
_STATES = {AttendanceState.LEAVE: Presence.LEAVE, AttendanceState.ABSENT: Presence.ABSENT}


def attendance_year(session: Session, roster: Roster, member_id: str, year: int, on: date) -> tuple[KindYear, ...]:
    """Return the year of one member at meetings, as known on the day `on`."""
    found: dict[MeetingKind, dict[int, list[Attended]]] = defaultdict(lambda: defaultdict(list))
    for each in _meetings(session, roster, member_id, year, on):
        found[each.kind][each.on.month].append(each)
    wanted = set(REGULAR)
    if not any(post.on_committee for post in roster.posts_of(member_id, on)):
        wanted.discard(MeetingKind.COMMITTEE_MEETING)
    if roster.members[member_id].group_id is None:
        wanted.discard(MeetingKind.GROUP_MEETING)
    return tuple(
        KindYear(kind, _cells(found.get(kind, {}), year, on)) for kind in MeetingKind if kind in found or kind in wanted
    )


def _meetings(session: Session, roster: Roster, member_id: str, year: int, on: date) -> Iterator[Attended]:
    branch_id = roster.members[member_id].branch_id
    in_year = (Meeting.branch_id == branch_id, Meeting.deleted_at_utc.is_(None))
    days = Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31))
    rows = session.execute(
        select(Meeting.id, Meeting.kind, Meeting.held_on, Meeting.state, Attendance.state, Attendance.reason,
               Attendance.make_up_on)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(*in_year, days, Attendance.member_id == member_id)
        .order_by(Meeting.held_on, Meeting.id)
    )  # fmt: skip
    for meeting_id, kind, held_on, state, was, reason, made_up_on in rows:
        if state.counts and held_on <= on:
            presence = _STATES.get(was, Presence.PRESENT)
            if made_up_on is not None and made_up_on <= on and presence is not Presence.PRESENT:
                presence = Presence.MADE_UP
            yield Attended(
                meeting_id=meeting_id, kind=kind, on=held_on, state=presence, reason=reason or "", made_up_on=made_up_on
            )
    coming = session.execute(
        select(Meeting.id, Meeting.kind, Meeting.held_on, Meeting.group_id, Meeting.state)
        .where(*in_year, days, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.held_on, Meeting.id)
    )
    for meeting_id, kind, held_on, group_id, state in coming:
        if not state.counts and any(
            each.member_id == member_id for each in roster.expected(kind, held_on, group_id)
        ):  # fmt: skip
            yield Attended(meeting_id=meeting_id, kind=kind, on=held_on, state=Presence.PENDING)


def _cells(meetings: Mapping[int, Sequence[Attended]], year: int, on: date) -> tuple[MonthCell, ...]:
    order = list(Presence)
    cells = []
    for month in MONTHS:
        held = tuple(meetings.get(month, ()))
        nothing = Presence.AHEAD if date(year, month, 1) > on else Presence.NONE
        cells.append(MonthCell(month, min((each.state for each in held), key=order.index, default=nothing), held))
    return tuple(cells)
