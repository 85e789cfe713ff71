"""What would move a branch up: which values can rise, how far, and what each brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from desktop.services.race.groups import Group
from desktop.services.race.scheme import SubItem
from desktop.services.race.scoring import (
    Entry,
    IndicatorScore,
    Scored,
    mean,
    score,
    share_of,
    total_of,
    value_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What raising one value brings. `chosen` moves together reach the next class at the least cost."""

    part: str
    indicator: str
    name: str
    now: Decimal
    target: Decimal
    gain: Decimal
    full_gain: Decimal
    chosen: bool = False
    now_text: str = ""
    target_text: str = ""


def moves_of(group: Group, scored: Scored, wanted: Decimal | None) -> tuple[Move, ...]:
    """Return every value that can rise, most points first; those needed for `wanted` are chosen."""
    if scored.total is None:
        return ()
    candidates = []
    if wanted is not None:
        candidates = _candidates(group, scored, to_leaders=True)
        if _raised(group, scored, candidates) < wanted:
            candidates = _candidates(group, scored, to_leaders=False)
    if not candidates:
        return tuple(_candidates(group, scored, to_leaders=False))
    chosen: list[Move] = []
    for move in candidates:
        if wanted is None or _raised(group, scored, chosen) >= wanted:
            break
        chosen.append(move)
    if chosen and wanted is not None and _raised(group, scored, chosen) >= wanted:
        chosen[-1] = _trimmed(group, scored, chosen, wanted)
    picked = {move.part: replace(move, chosen=True) for move in chosen}
    return tuple(picked.get(move.part, move) for move in candidates)


def _candidates(group: Group, scored: Scored, *, to_leaders: bool) -> list[Move]:
    moves = []
    for indicator in scored.indicators:
        for result in indicator.parts:
            if result.points is None or result.value is None or result.points >= result.weight:
                continue
            _, part = group.scheme.part(result.id)
            target = _leaders_value(group, part) if to_leaders and group.leaders else part.full
            if target is None or share_of(part, target) <= share_of(part, result.value):
                continue
            moves.append(_move(group, scored, indicator, part, result.value, target))
    return sorted((m for m in moves if m.gain > 0), key=lambda m: -m.gain)


def _leaders_value(group: Group, part: SubItem) -> Decimal | None:
    """Return the mean of the advanced branches' values: a level somebody in the group has reached."""
    values = [
        min(r.value, part.full) if part.full > part.zero else max(r.value, part.full)
        for leader in group.leaders
        if (r := leader.entry.readings.get(part.id)) is not None
    ]
    if not values:
        return None
    return _towards_full(part, mean(values))


def _move(
    group: Group, scored: Scored, indicator: IndicatorScore, part: SubItem, now: Decimal, target: Decimal
) -> Move:
    def gain(value: Decimal) -> Decimal:
        return total_of(score(group.scheme, _with(scored.entry, {part.id: value}))) - total_of(scored)

    return Move(
        part=part.id,
        indicator=indicator.id,
        name=part.name,
        now=now,
        target=target,
        gain=gain(target),
        full_gain=gain(part.full),
        now_text=value_text(part, now),
        target_text=value_text(part, target),
    )


def _raised(group: Group, scored: Scored, moves: Sequence[Move]) -> Decimal:
    return total_of(score(group.scheme, _with(scored.entry, {m.part: m.target for m in moves})))


def _trimmed(group: Group, scored: Scored, chosen: Sequence[Move], wanted: Decimal) -> Move:
    """Return the last chosen move, raised only as far as the line needs."""
    last = chosen[-1]
    _, part = group.scheme.part(last.part)
    quantum = _quantum(part)
    step = quantum if part.full > part.zero else -quantum
    low, high = 0, max(1, int(abs(last.target - last.now) / quantum) + 1)
    start = _towards_full(part, Fraction(last.now))

    def enough(steps: int) -> bool:
        moved = replace(last, target=start + step * steps)
        return _raised(group, scored, [*chosen[:-1], moved]) >= wanted

    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    target = start + step * low
    if share_of(part, target) > share_of(part, last.target):
        return last
    indicator = next(i for i in scored.indicators if i.id == last.indicator)
    return _move(group, scored, indicator, part, last.now, target)


def _with(entry: Entry, values: Mapping[str, Decimal]) -> Entry:
    readings = {k: replace(r, value=values[k]) if k in values else r for k, r in entry.readings.items()}
    return replace(entry, readings=readings)


def _quantum(part: SubItem) -> Decimal:
    """Return the step in which people set goals: 0.1 points, 0.01 of a rating, 0.1 percent."""
    span = abs(part.full - part.zero)
    return Decimal("0.1") if span >= 10 else Decimal("0.01") if span > 1 else Decimal("0.001")


def _towards_full(part: SubItem, value: Fraction) -> Decimal:
    quantum = _quantum(part)
    steps = value / Fraction(quantum)
    way = ROUND_CEILING if part.full > part.zero else ROUND_FLOOR
    whole = -(-steps.numerator // steps.denominator) if way == ROUND_CEILING else steps.numerator // steps.denominator
    return (Decimal(whole) * quantum).normalize() + Decimal(0)
