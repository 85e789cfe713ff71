"""Days that are data: after how many what was not done is told of, how far ahead work is told, how long keys hold."""

from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cache

from desktop.models.vocabulary.labels import Labelled
from desktop.paths import resource
from desktop.services.toml_tables import read_toml

FILE = "standards/reminders.toml"


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days: a package without a receipt, a backup on this computer, and one on a stick or in a folder; how far ahead
    the home page tells of work (this week, this month) and of the end of a term; how long an invitation holds, and a
    request for help with its answer; how long what no form answers is told of; what a form proposes for putting off
    and for the day of an inspection.
    """

    receipt_days: int
    backup_days: int
    outside_backup_days: int
    week_days: int
    month_days: int
    term_days: int
    invitation_days: int
    unlock_days: int
    told_days: int
    put_off_days: int
    inspection_days: int

    @property
    def told(self) -> timedelta:
        """How long what no form answers is told of, before its day and after it, and then no more."""
        return timedelta(days=self.told_days)


@cache
def reminders() -> Reminders:
    """Return the days that come with the program.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("reminders/1",), "格式")
    for name in ("version", "basis", "confidence"):
        root.text(name)
    found = Reminders(*(root.integer(each.name, least=1) for each in fields(Reminders)))
    root.done()
    return found


class Bucket(Labelled):
    """How soon a thing has to be done."""

    LATE = "late", "已逾期、待补"
    WEEK = "week", "7 天内"
    MONTH = "month", "30 天内"

    @classmethod
    def of(cls, days: int) -> "Bucket":
        """Return where a thing due in `days` days belongs; below zero it is late."""
        if days < 0:
            return cls.LATE
        return cls.WEEK if days <= reminders().week_days else cls.MONTH
