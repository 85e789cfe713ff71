"""Who stands where in the race, and why.

Source: domain.md section 5. Every figure is an exact decimal, rounded half up to two places where
the scheme says so, so that equal totals are equal and a clerk with a calculator gets the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.services.race.groups import Group
from desktop.services.race.moves import Move, moves_of
from desktop.services.race.reasons import reasons_of
from desktop.services.race.scheme import CLASS_ORDER, MIXED, Scheme, Veto
from desktop.services.race.scoring import Deduction, Entry, IndicatorScore, Scored, score, total_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a branch stands in its group. `class_id` is `unclassed` when too much is missing."""

    branch: str
    name: str
    group: str
    own_group: str
    indicators: tuple[IndicatorScore, ...]
    base: Decimal | None
    deductions: tuple[Deduction, ...]
    vetoes: tuple[Veto, ...]
    total: Decimal | None
    missing_weight: Decimal
    rank: int | None
    ranked: int
    class_id: str
    uncapped_class: str
    to_next_line: Decimal | None
    """Points still wanted to reach `next_class`; None when there is no higher class a veto allows, or no total."""
    next_class: str | None
    reasons: tuple[str, ...]
    moves: tuple[Move, ...]
    quarters: tuple[Decimal | None, ...] = ()
    year_end: Decimal | None = None

    @property
    def chosen_moves(self) -> tuple[Move, ...]:
        """The cheapest set that reaches the next class."""
        return tuple(move for move in self.moves if move.chosen)


def merge_groups(scheme: Scheme, entries: Iterable[Entry]) -> dict[str, str]:
    """Return for every branch the group it races in: too small groups run with 综合类."""
    if not scheme.grouping:
        return {entry.branch: MIXED for entry in entries}
    own = {entry.branch: scheme.group(entry.group).id for entry in entries}
    sizes: dict[str, int] = defaultdict(int)
    for group in own.values():
        sizes[group] += 1
    return {b: MIXED if sizes[group] < scheme.merge_when_less_than else group for b, group in own.items()}


def standings(scheme: Scheme, entries: Sequence[Entry]) -> list[Standing]:
    """Return the standing of every branch: by group in the scheme's order, then by rank, then by name.

    Raises:
        ValueError: a branch is entered twice; a defect of ours.
    """
    if len({entry.branch for entry in entries}) != len(entries):
        raise ValueError("a branch races once")
    group_of = merge_groups(scheme, entries)
    grouped: dict[str, list[Scored]] = defaultdict(list)
    for entry in entries:
        grouped[group_of[entry.branch]].append(score(scheme, entry))
    result: list[Standing] = []
    for group in scheme.groups:
        result.extend(_in_order(Group(scheme, group.id, grouped[group.id])) if grouped[group.id] else [])
    return result


def _in_order(group: Group) -> list[Standing]:
    rows = [_standing(group, scored) for scored in group.scored]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name, row.branch))


def _standing(group: Group, scored: Scored) -> Standing:
    uncapped, class_id = group.classes[scored.entry.branch], group.capped(scored)
    next_class = None
    wanted = None
    if uncapped in ("middle", "lagging") and CLASS_ORDER.index(uncapped) < CLASS_ORDER.index(group.cap(scored)):
        next_class = CLASS_ORDER[CLASS_ORDER.index(uncapped) + 1]
        wanted = group.wanted_total(scored, next_class) - total_of(scored)
    moves = moves_of(group, scored, None if wanted is None else total_of(scored) + wanted)
    return Standing(
        branch=scored.entry.branch,
        name=scored.entry.name,
        group=group.id,
        own_group=scored.entry.group,
        indicators=scored.indicators,
        base=scored.base,
        deductions=scored.deductions,
        vetoes=scored.vetoes,
        total=scored.total,
        missing_weight=scored.missing_weight,
        rank=group.rank(scored),
        ranked=len(group.ranked),
        class_id=class_id,
        uncapped_class=uncapped,
        to_next_line=wanted,
        next_class=next_class,
        reasons=tuple(reasons_of(group, scored, uncapped, class_id)),
        moves=moves,
        quarters=scored.entry.quarters,
        year_end=scored.year_end,
    )
