"""The course of an election: its steps with their limits and papers, read from election.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from desktop.models.vocabulary.elections import ElectionKind
from desktop.paths import resource
from desktop.services.standards.periods import add_months
from desktop.services.toml_tables import Table, read_toml

FILE = "standards/election.toml"
EXPIRES, CONGRESS = "expires", "congress"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStep:
    """One step: its limit counts from the end of the term or from the congress; which papers belong to it."""

    id: str
    name: str
    by: str
    months: int
    days: int
    kinds: tuple[str, ...]
    number: bool
    papers: tuple[str, ...]

    def limit(self, days: Mapping[str, date | None]) -> date | None:
        """Return the day by which it is to be done; None while the day it counts from is not known."""
        start = days.get(self.by)
        return None if start is None else add_months(start, self.months) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Course:
    """What election.toml says."""

    steps: tuple[CourseStep, ...]
    remind_months: int
    report_days: int
    spare_ballots: int

    def of(self, kind: ElectionKind) -> tuple[CourseStep, ...]:
        """Return the steps of an election of this kind, in order."""
        return tuple(step for step in self.steps if kind.value in step.kinds)


@cache
def course() -> Course:
    """Return the course.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("election/1",), "格式")
    return Course(
        steps=tuple(_step(table) for table in root.tables("steps", least=1)),
        remind_months=root.integer("remind_months", least=1),
        report_days=root.integer("report_days", least=1),
        spare_ballots=root.integer("spare_ballots"),
    )


def _step(table: Table) -> CourseStep:
    found = CourseStep(
        id=table.text("id"),
        name=table.text("name"),
        by=table.choice("by", (EXPIRES, CONGRESS), "起算"),
        months=table.integer("months", least=-24, default=0),
        days=table.integer("days", least=-366, default=0),
        kinds=table.choices("kinds", tuple(ElectionKind), "种类"),
        number=table.yes_no("number", default=False),
        papers=table.texts("papers"),
    )
    table.done()
    return found
