"""Hours of all members in a year against their targets (学时), and how far the round of courses got (轮训)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.learning import TrainingRecord
from desktop.services.member_year.rows import Learning
from desktop.services.member_year.service import HoursOfYear
from desktop.services.standards.facts import Facts
from desktop.services.statistics.bands import load_bands
from desktop.services.statistics.counts import Figure, Person

if TYPE_CHECKING:
    from desktop.services.store import Store

TARGETS, COURSES, CYCLE = "学时达标", "集中培训", "轮训"


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours of one member."""

    member_id: str
    name: str
    learning: Learning
    last_course: date | None = None
    """The last central course of the cycle."""

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
    cycle: tuple[int, int]

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
            Figure(self.cycle_words, "参加过", _people([row for row in self.rows if row.last_course])),
            Figure(self.cycle_words, "还没参加", _people([row for row in asked if not row.last_course])),
        )

    @property
    def cycle_words(self) -> str:
        """The cycle by its years: 轮训（2024—2028年）."""
        return f"{CYCLE}（{self.cycle[0]}—{self.cycle[1]}年）"


def hours_list(store: "Store", year: int, until: date | None = None, facts: Facts | None = None) -> HoursList:
    """Return the hours of a year, as of `until` (today) or of its end, who lacks most first.

    `facts`: those of that year and day, where they were read just before.
    """
    on = min(until or store.today, date(year, 12, 31))
    cycle = load_bands().course_cycle
    last = _last_courses(store, cycle, on)
    rows = [HoursRow(*each, last.get(each[0])) for each in HoursOfYear(store, year, on, facts).everybody()]
    return HoursList(year, on, tuple(sorted(rows, key=lambda row: -row.lacking)), cycle)


def _last_courses(store: "Store", cycle: tuple[int, int], on: date) -> Mapping[str, date]:
    """Return when each member last took part in a central course of the cycle."""
    found: dict[str, date] = {}
    with store.reading() as session:
        query = select(TrainingRecord).where(
            TrainingRecord.branch_id == store.branch_id,
            TrainingRecord.deleted_at_utc.is_(None),
            TrainingRecord.centralised,
            TrainingRecord.event_on.between(date(cycle[0], 1, 1), min(on, date(cycle[1], 12, 31))),
        )
        for record in session.scalars(query.order_by(TrainingRecord.event_on)):
            found.update((line.member_id, record.event_on) for line in record.participants if line.member_id)
    return found


def _people(rows: Sequence[HoursRow]) -> tuple[Person, ...]:
    return tuple(Person(row.member_id, row.name) for row in rows)
