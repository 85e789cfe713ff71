"""The quarter whose packages headquarters waits for in a year (本期报送), and how each branch stands with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import PartnerState
from desktop.services.race.editions import ended_last, period_name, quarter_in_view, race_span, scheme_in_force
from desktop.services.race.records import declared_by

if TYPE_CHECKING:
    from desktop.services.branch_overview import BranchOverview
    from desktop.services.store import Store


class Lateness(Enum):
    """How a branch stands with the package of a quarter."""

    NOT_ASKED = "not_asked"
    NOT_OWED = "not_owed"
    REPORTED = "reported"
    DUE = "due"
    LATE = "late"

    @property
    def missing(self) -> bool:
        """Whether the package is asked for and has not come, late or not yet."""
        return self in (Lateness.DUE, Lateness.LATE)

    @property
    def words(self) -> str:
        """How people say it; "" of a branch that is not asked."""
        return _WORDS.get(self, "")


_WORDS = {
    Lateness.NOT_OWED: "不用报",
    Lateness.REPORTED: "已报",
    Lateness.DUE: "还没报",
    Lateness.LATE: "逾期没报",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A quarter, or a year, which the package of its last quarter reports: its code and name, and the last day for its
    packages by the scheme in force.
    """

    period: str
    name: str
    closes_on: date

    @property
    def year(self) -> int:
        """The year that the quarter is of."""
        return race_span(self.period).first.year

    def is_over(self, today: date) -> bool:
        """Whether the quarter has ended: before that nobody is asked for its package."""
        return race_span(self.period).last < today

    def lateness(self, branch: "BranchOverview", today: date) -> Lateness:
        """Return how `branch` stands with the package of the quarter, which it may not owe (`owing`)."""
        if branch.state is not PartnerState.ACTIVE:
            return Lateness.NOT_ASKED
        if not set(declared_by(self.period)).isdisjoint(branch.periods):
            return Lateness.REPORTED
        if not self.is_over(today):
            return Lateness.NOT_ASKED
        if not branch.owed.asks(self.period):
            return Lateness.NOT_OWED
        return Lateness.DUE if today <= self.closes_on else Lateness.LATE

    def missing(self, branches: "Sequence[BranchOverview]", today: date) -> "list[BranchOverview]":
        """Return those of `branches` whose package of the quarter is missing, late or not yet."""
        return [branch for branch in branches if self.lateness(branch, today).missing]

    def free(self, branches: "Sequence[BranchOverview]", today: date) -> "list[BranchOverview]":
        """Return those of `branches` that did not report the quarter and do not owe it."""
        return [branch for branch in branches if self.lateness(branch, today) is Lateness.NOT_OWED]


def unfinished(period: str, today: date) -> str:
    """Say that a period still runs, so that what is reported now is no report of it; "" from its last day on."""
    span = race_span(period)
    return f"{span.name}还没有过完，过完以后再报一次" if today < span.last else ""


def due_quarter(store: "Store", year: int | None = None) -> Due:
    """Return the quarter whose packages are due now, or were last: of all quarters, or of those of a `year` (its first
    while none of it has ended).
    """
    today = store.today
    (due,) = dues(store, [ended_last(today) if year is None else quarter_in_view(today, year)])
    return due


def dues(store: "Store", periods: Sequence[str]) -> tuple[Due, ...]:
    """Return quarters with their last day, by the scheme in force."""
    with store.reading() as session:
        days = timedelta(days=scheme_in_force(session, store.today).close_days)
    return tuple(Due(period, period_name(period), race_span(period).last + days) for period in periods)
