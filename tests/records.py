"""Records that tests hang things on."""

from datetime import date

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.store import Store


def a_meeting(store: Store, record_id: str = "m1") -> str:
    """Return a meeting that is there under this id, planned and still to be held."""
    with store.unit_of_work("计划会议") as session:
        if session.get(Meeting, record_id) is None:
            session.add(
                Meeting(
                    id=record_id,
                    branch_id=store.branch_id,
                    kind=MeetingKind.THEME_DAY,
                    held_on=date(2026, 3, 5),
                    for_year=2026,
                    state=MeetingState.PLANNED,
                )
            )
    return record_id
