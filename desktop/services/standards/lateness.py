"""Which records were typed so long after their day that the standard calls them 补录."""

from datetime import date

from desktop.services.standards.facts import Facts


class Lateness:
    """How late the records of a branch were typed; `most` days after their day are not late yet."""

    def __init__(self, facts: Facts, most: int) -> None:
        self._typed: dict[str, date | None] = {meeting.id: meeting.created_on for meeting in facts.meetings}
        self._typed |= {record.id: record.created_on for record in facts.records}
        self._since, self._most = facts.store_created_on, most

    def days(self, record_id: str, on: date | None) -> int:
        """Return how many days late a record of the day `on` was typed; 0 where in time, unknown, or from before the
        branch began to record here."""
        created = self._typed.get(record_id)
        if created is None or on is None or (self._since is not None and on < self._since):
            return 0
        days = (created - on).days
        return days if days > self._most else 0
