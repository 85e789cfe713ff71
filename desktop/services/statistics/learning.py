"""Hours of all members in a year against their targets (学时), and how far the round of courses got (轮训)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.services.member_year.rows import Learning
from desktop.services.member_year.service import HoursOfYear
from desktop.services.statistics.counts import Figure, Person

if TYPE_CHECKING:
    from desktop.services.store import Store

TARGETS, COURSES = "学时达标", "集中培训（轮训）"


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of one member."""

    member_id: str
    name: str
    learning: Learning

    @property
    def state(self) -> str:
        """Say whether the target of the year is reached."""
        learning = self.learning
        if learning.target is None:
            return "不要求"
        if learning.reached:
            return "达标"
        return "未达标" if learning.lacking else "缺集中培训"

    @property
    def lacking(self) -> Fraction:
        """How many hours the year still asks for."""
        return self.learning.lacking


@dataclass(frozen=True, slots=True)
class HoursList:
    """The hours of everybody on the roster on a day of the year."""

    year: int
    on: date
    rows: tuple[HoursRow, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Who reached the target, and who took part in a course, of those of whom it is asked."""
        asked = [row for row in self.rows if row.learning.target is not None]
        return (
            Figure(TARGETS, "达标", _people([row for row in asked if row.learning.reached])),
            Figure(TARGETS, "未达标", _people([row for row in asked if not row.learning.reached])),
            Figure(TARGETS, "不要求", _people([row for row in self.rows if row.learning.target is None])),
            Figure(COURSES, "参加过", _people([row for row in asked if row.learning.sessions])),
            Figure(COURSES, "还没参加", _people([row for row in asked if not row.learning.sessions])),
        )


def hours_list(store: "Store", year: int) -> HoursList:
    """Return the hours of a year, as of today or of its end, who lacks most first."""
    on = min(store.today, date(year, 12, 31))
    rows = [HoursRow(*each) for each in HoursOfYear(store, year, on).everybody()]
    return HoursList(year, on, tuple(sorted(rows, key=lambda row: -row.lacking)))


def _people(rows: Sequence[HoursRow]) -> tuple[Person, ...]:
    return tuple(Person(row.member_id, row.name) for row in rows)
