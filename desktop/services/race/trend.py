"""How results move: a branch over its published quarters, and the groups of a period beside one another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.models.vocabulary.race import RaceClass
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_order, race_span, scheme_of_version
from desktop.services.race.records import results_of
from desktop.services.race.rows import RaceRow
from desktop.services.race.scoring import mean, round_half_up
from desktop.services.store import Store

PERCENT = Decimal("0.1")
_CLASSES = [each.value for each in RaceClass]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """A branch in one published quarter. `group_mean` is None where the store knows no other branch."""

    period: str
    period_name: str
    total: Decimal | None
    rank: int | None
    group_size: int
    class_id: str
    class_name: str
    group_mean: Decimal | None
    shares: tuple[tuple[str, Decimal | None], ...]
    """Of every indicator its name, and how much of its weight was got, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """One group of a period in figures; branches without a place count nowhere but in `size`."""

    id: str
    name: str
    size: int
    ranked: int
    mean: Decimal | None
    best: Decimal | None
    least: Decimal | None
    classes: tuple[tuple[str, str, int], ...]
    """Of every class that occurs its id, its name, and how many branches."""
    shares: tuple[tuple[str, Decimal | None], ...]
    """Of every indicator its name, and how much of its weight the branches got on average, in percent."""


class TrendService:
    """Reads published results over time. At a branch that is its own results alone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def trend(self, branch_id: str) -> list[TrendPoint]:
        """Return a branch's published quarters, the earliest first."""
        with self._store.reading() as session:
            published = session.scalars(select(RaceResult).where(RaceResult.published_on.is_not(None))).all()
            rows = [row_of(result) for result in published if "Q" in result.period]
        own = [row for row in rows if row.branch_id == branch_id]
        return [
            _point(row, [each for each in rows if (each.period, each.group) == (row.period, row.group)])
            for row in sorted(own, key=lambda each: period_order(each.period))
        ]

    def groups(self, period: str) -> list[GroupFigures]:
        """Return the groups of a period that is scored, in the order of its scheme; empty before that."""
        span = race_span(period)
        with self._store.reading() as session:
            rows = [row_of(result) for result in results_of(session, span.code)]
            groups = scheme_of_version(session, rows[0].scheme_version).groups if rows else ()
        return group_figures(rows, [group.id for group in groups])


def group_figures(rows: Sequence[RaceRow], order: Sequence[str] = ()) -> list[GroupFigures]:
    """Return the groups of the results of one period, those of `order` first."""
    present, found = {row.group for row in rows}, []
    for group in [*(each for each in order if each in present), *sorted(present.difference(order))]:
        inside = [row for row in rows if row.group == group]
        ranked = [row for row in inside if row.rank is not None and row.total is not None]
        totals = [row.total for row in ranked if row.total is not None]
        classes = Counter((row.class_id, row.class_name) for row in inside)
        found.append(
            GroupFigures(
                id=group,
                name=inside[0].group_name,
                size=len(inside),
                ranked=len(ranked),
                mean=round_half_up(mean(totals)) if totals else None,
                best=max(totals, default=None),
                least=min(totals, default=None),
                classes=tuple((*named, number) for named, number in sorted(classes.items(), key=_rank)),
                shares=_mean_shares(ranked),
            )
        )
    return found


def _rank(counted: tuple[tuple[str, str], int]) -> tuple[int, str]:
    """Return what sorts classes: the best first, those that have none last."""
    class_id = counted[0][0]
    return (_CLASSES.index(class_id) if class_id in _CLASSES else len(_CLASSES)), class_id


def _point(row: RaceRow, group: Sequence[RaceRow]) -> TrendPoint:
    totals = [each.total for each in group if each.rank is not None and each.total is not None]
    return TrendPoint(
        period=row.period,
        period_name=row.period_name,
        total=row.total,
        rank=row.rank,
        group_size=row.group_size,
        class_id=row.class_id,
        class_name=row.class_name,
        group_mean=round_half_up(mean(totals)) if len(group) > 1 and totals else None,
        shares=tuple((each.name, _share(each.points, each.weight)) for each in row.indicators),
    )


def _mean_shares(rows: Sequence[RaceRow]) -> tuple[tuple[str, Decimal | None], ...]:
    got: dict[str, list[Decimal]] = {}
    for row in rows:
        for each in row.indicators:
            share = _share(each.points, each.weight)
            got.setdefault(each.name, [])
            if share is not None:
                got[each.name].append(share)
    return tuple((name, round_half_up(mean(shares), PERCENT) if shares else None) for name, shares in got.items())


def _share(points: Decimal | None, weight: Decimal) -> Decimal | None:
    return None if points is None else round_half_up(Fraction(points) * 100 / Fraction(weight), PERCENT)
