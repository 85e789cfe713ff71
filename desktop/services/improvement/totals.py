"""The totals of the race by quarter: what a branch had before something began, and after."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceResult
from desktop.services.improvement.measure import number
from desktop.services.race.details import row_of
from desktop.services.race.editions import race_span

Quarters: TypeAlias = Mapping[tuple[date, date], float]
"""Totals by the first and last day of their quarter, in order of time."""


def quarter_totals(session: Session) -> Mapping[str, Quarters]:
    """Return the published totals of quarters by branch."""
    found: dict[str, dict[tuple[date, date], float]] = defaultdict(dict)
    for result in session.scalars(
        select(RaceResult).where(RaceResult.published_on.is_not(None)).order_by(RaceResult.period)
    ):
        span, total = race_span(result.period), number(row_of(result).total)
        if not span.quarters and total is not None:
            found[result.branch_id][span.first, span.last] = total
    return found


def before_after(totals: Quarters, began: date, ends: date = date.max) -> tuple[float | None, float | None]:
    """Return the total of the last quarter that was over when something began, and of the last one published of those
    that began before it ended; None where there is none."""
    before = [total for (_, last), total in totals.items() if last < began]
    after = [total for (first, last), total in totals.items() if last >= began and first <= ends]
    return (before[-1] if before else None), (after[-1] if after else None)
