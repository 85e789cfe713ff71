"""Dues that came back from above and what they were spent on (党费使用): the sums a notice publishes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.dues import DuesUse
from desktop.models.vocabulary.dues import DuesFlow, DuesPurpose

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """The dues a branch had to spend in a year, as of a day: what was left, came in, went out by purpose."""

    opening_fen: int
    income_fen: int
    spent: tuple[tuple[DuesPurpose, int], ...]

    @property
    def spent_fen(self) -> int:
        """All that was spent."""
        return sum(amount for _purpose, amount in self.spent)

    @property
    def closing_fen(self) -> int:
        """What is left; below zero something of the income is not on record."""
        return self.opening_fen + self.income_fen - self.spent_fen


def funds(store: "Store", year: int, on: date, branch_id: str | None = None) -> Funds | None:
    """Return the funds of a branch in a year as of a day; None where nothing of them is on record."""
    query = select(DuesUse.event_on, DuesUse.way, DuesUse.purpose, DuesUse.amount_fen).where(
        DuesUse.branch_id == (branch_id or store.branch_id), DuesUse.deleted_at_utc.is_(None), DuesUse.event_on <= on
    )
    with store.reading() as session:
        rows = [row for row in session.execute(query) if row.event_on.year <= year]
    if not rows:
        return None
    opening = income = 0
    spent: Counter[DuesPurpose] = Counter()
    for day, way, purpose, amount in rows:
        signed = (amount or 0) if way is DuesFlow.IN else -(amount or 0)
        if day.year < year:
            opening += signed
        elif way is DuesFlow.IN:
            income += signed
        else:
            spent[purpose or DuesPurpose.OTHER] -= signed
    ordered = tuple((purpose, spent[purpose]) for purpose in DuesPurpose if spent[purpose])
    return Funds(opening_fen=opening, income_fen=income, spent=ordered)
