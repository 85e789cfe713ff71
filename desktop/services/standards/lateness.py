"""Which records were typed so long after their day that the standard calls them 补录."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.services.standards.facts import Facts


def recorded_since(session: Session, branch_id: str) -> date | None:
    """Return the day a branch began to record here; what is older is history typed in."""
    return session.scalar(select(Branch.recorded_since).where(Branch.id == branch_id))


def days_late(on: date | None, typed_on: date | None, since: date | None, most: int) -> int:
    """Return how many days late a record of the day `on` was typed, where more than `most`; 0 where in time, unknown,
    or from before the branch began to record here on the day `since`: nobody could have typed it in time.
    """
    if on is None or typed_on is None or (since is not None and on < since):
        return 0
    days = (typed_on - on).days
    return days if days > most else 0


def typed_of_before(on: date | None, typed_on: date, since: date | None, most: int) -> bool:
    """Return whether a record would be late, were it not from before the branch began to record here."""
    return bool(days_late(on, typed_on, None, most)) and not days_late(on, typed_on, since, most)


class Lateness:
    """How late the records of a branch were typed; `most` days after their day are not late yet."""

    def __init__(self, facts: Facts, most: int) -> None:
        self._typed: dict[str, date | None] = {meeting.id: meeting.created_on for meeting in facts.meetings}
        self._typed |= {record.id: record.created_on for record in facts.records}
        self._since, self._most = facts.store_created_on, most

    def days(self, record_id: str, on: date | None) -> int:
        """Return how many days late a record of the day `on` was typed; see `days_late`."""
        return days_late(on, self._typed.get(record_id), self._since, self._most)
