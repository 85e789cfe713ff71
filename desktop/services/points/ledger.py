"""The points of a branch: read and reckoned whenever they are asked, kept nowhere but in what was published."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.services.errors import Input, InvalidInput
from desktop.services.points.known import known_of
from desktop.services.points.reckoning import PointsYear, reckon
from desktop.services.points.scheme import PointsScheme
from desktop.services.standards.asked import YEAR, branch_of, day_and_year
from desktop.services.standards.editions import points_on
from desktop.services.standards.facts import Facts
from desktop.services.standards.periods import month_end

if TYPE_CHECKING:
    from desktop.services.store import Store

QUARTER = Input("quarter", "季度")
QUARTER_MONTHS = 3


def quarter_end(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    return month_end(date(year, quarter * QUARTER_MONTHS, 1))


def refuse_ahead(year: int, quarter: int | None, today: date) -> None:
    """Refuse a year, or a quarter of it, that has not begun: its points would all read as none earned.

    Raises:
        InvalidInput: it has not begun by `today`.
    """
    if date(year, 1, 1) > today:
        raise InvalidInput(YEAR, f"到{today.isoformat()}还没有开始，没有积分")
    if quarter and date(year, (quarter - 1) * QUARTER_MONTHS + 1, 1) > today:
        raise InvalidInput(QUARTER, f"到{today.isoformat()}还没有开始，没有积分")


class PointsService:
    """Reads the points of members. At headquarters `branch_id` chooses the branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def scheme(self, year: int | None = None) -> PointsScheme:
        """Return the rules in force in a year.

        Raises:
            NotFound: the store keeps none.
        """
        with self._store.reading() as session:
            return points_on(session, *day_and_year(self._store, None, year))

    def year(
        self, year: int, on: date | None = None, branch_id: str | None = None, facts: Facts | None = None
    ) -> PointsYear:
        """Return the points of everybody for `year` as of the day `on` (today, or its end where it is over).

        The sums are the same whoever asks; what holds a level down is told to those alone who may know it. `facts`:
        those of the branch, the year and the day, where they were read just before.

        Raises:
            NotFound: the store keeps no rules of points.
            InvalidInput: headquarters must name a branch, or the year is out of range.
        """
        today, of_year = day_and_year(self._store, None, year)
        day = min(on or today, date(of_year, 12, 31))
        owner = branch_of(self._store, branch_id)
        with self._store.reading(whole=True) as session:
            scheme = points_on(session, day, of_year)
            people, known = known_of(session, owner, scheme, of_year, day, self._store.clock, facts)
        found = reckon(scheme, people, known, of_year, day)
        if self._store.rights.may(Act.RESTRICTED):
            return found
        return replace(found, members=tuple(replace(member, vetoes=()) for member in found.members))
