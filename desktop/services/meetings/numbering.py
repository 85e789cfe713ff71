"""Which meeting of its kind in a year a meeting is (第几次): as somebody wrote it, else as the records have it."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting

if TYPE_CHECKING:
    from desktop.services.meetings.rows import MeetingDraft


def numbers_of(session: Session, branch_id: str, years: Collection[int]) -> dict[str, int]:
    """Return the number of each meeting of a branch that is recorded and counts for one of `years`, by its id.

    A number that somebody wrote holds, and those after it go on from there.
    """
    query = (
        select(Meeting.id, Meeting.kind, Meeting.group_id, Meeting.for_year, Meeting.state, Meeting.number)
        .where(Meeting.branch_id == branch_id, Meeting.for_year.in_(years), Meeting.deleted_at_utc.is_(None))
        .order_by(Meeting.held_on, Meeting.started_at, Meeting.id)
    )
    last: dict[tuple[object, ...], int] = {}
    numbers = {}
    for meeting_id, kind, group_id, year, state, written in session.execute(query):
        if state.counts:
            key = (kind, group_id, year)
            last[key] = numbers[meeting_id] = written or last.get(key, 0) + 1
    return numbers


def number_of(session: Session, branch_id: str, draft: "MeetingDraft") -> int:
    """Return the number that a meeting which is still being typed will have."""
    if draft.number is not None:
        return draft.number
    before = (
        select(Meeting.state, Meeting.number)
        .where(
            Meeting.branch_id == branch_id,
            Meeting.for_year == (draft.for_year or draft.held_on.year),
            Meeting.kind == draft.kind,
            Meeting.group_id.is_(None) if draft.group_id is None else Meeting.group_id == draft.group_id,
            Meeting.held_on < draft.held_on,
            Meeting.deleted_at_utc.is_(None),
        )
        .order_by(Meeting.held_on, Meeting.started_at, Meeting.id)
    )
    last = 0
    for state, written in session.execute(before):
        if state.counts:
            last = written or last + 1
    return last + 1
