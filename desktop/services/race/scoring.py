"""The points of one branch in the race, whoever else races: pure arithmetic on a scheme and typed values.

Source: domain.md section 5. Every figure is an exact decimal, rounded half up to two places where
the scheme says so, so that equal totals are equal and a clerk with a calculator gets the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from desktop.services.race.scheme import MIXED, Indicator, Penalty, Scheme, SubItem, Veto

CENT = Decimal("0.01")
UNCLASSED = "unclassed"
UNCLASSED_NAME = "暂不定类"


class Status(StrEnum):
    """How an indicator, or a part of one, came to its points."""

    SCORED = "scored"
    PARTLY = "partly"
    MISSING = "missing"
    TOO_FEW = "too_few_samples"
    NOT_APPLICABLE = "not_applicable"


STATUS_NAMES = {
    Status.SCORED: "已计分",
    Status.PARTLY: "部分缺数据",
    Status.MISSING: "缺数据",
    Status.TOO_FEW: "样本不足",
    Status.NOT_APPLICABLE: "不适用",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One value that came in: computed from the packages, or `typed` by hand with its ground."""

    value: Decimal
    samples: int | None = None
    ground: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one branch for one period; `readings` by part (H1, H3-1 …).

    For a year's race `quarters` holds the totals of its quarters, None where there was none.
    """

    branch: str
    name: str
    group: str = MIXED
    readings: Mapping[str, Reading] = field(default_factory=dict)
    penalties: Mapping[str, int] = field(default_factory=dict)
    vetoes: frozenset[str] = frozenset()
    not_applicable: frozenset[str] = frozenset()
    quarters: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """One value on its line from zero to full."""

    id: str
    name: str
    weight: Decimal
    value: Decimal | None
    samples: int | None
    ground: str
    points: Decimal | None
    status: Status
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorScore:
    """Points of one indicator; `points` is None when no part of it could be scored."""

    id: str
    name: str
    weight: Decimal
    present: Decimal
    points: Decimal | None
    status: Status
    parts: tuple[PartScore, ...]

    @property
    def raw(self) -> Decimal | None:
        """The value entered; of a divided indicator the share of its points, three places."""
        if len(self.parts) == 1:
            return self.parts[0].value
        if self.points is None:
            return None
        return round_half_up(Fraction(self.points) / Fraction(self.present), Decimal("0.001"))


@dataclass(frozen=True, slots=True)
class Deduction:
    """A penalty that applied: how many cases, how many points (negative)."""

    penalty: Penalty
    cases: int
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A branch's points before anybody is compared. `year_end` is the total before the quarters come in."""

    entry: Entry
    indicators: tuple[IndicatorScore, ...]
    base: Decimal | None
    deductions: tuple[Deduction, ...]
    vetoes: tuple[Veto, ...]
    total: Decimal | None
    missing_weight: Decimal
    year_end: Decimal | None = None


def round_half_up(number: Fraction | Decimal, quantum: Decimal = CENT) -> Decimal:
    """Round half away from zero to `quantum`, exactly."""
    exact = Fraction(number) / Fraction(quantum)
    whole, rest = divmod(abs(exact), 1)
    steps = int(whole) + (1 if rest * 2 >= 1 else 0)
    return (Decimal(steps if exact >= 0 else -steps) * quantum).quantize(quantum, ROUND_HALF_UP)


def share_of(part: SubItem, value: Decimal) -> Fraction:
    """Return where `value` lies between zero and full, clipped to 0..1."""
    share = (Fraction(value) - Fraction(part.zero)) / (Fraction(part.full) - Fraction(part.zero))
    return min(max(share, Fraction(0)), Fraction(1))


def plain(number: Decimal) -> str:
    """Write a number without idle zeros: 85, 6.38, −5.36."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if text not in ("-0", "") else "0"


def value_text(part: SubItem, value: Decimal) -> str:
    """Write a value as people say it: shares in percent, the rest plain."""
    if max(abs(part.full), abs(part.zero)) <= 1:
        return f"{plain(value * 100)}%"
    return plain(value)


def line_words(part: SubItem) -> str:
    """Say between which values the points lie: 60为0分，95为满分."""
    return f"{value_text(part, part.zero)}为0分，{value_text(part, part.full)}为满分"


def score(scheme: Scheme, entry: Entry) -> Scored:
    """Return the points of one branch, whoever else races."""
    indicators = tuple(_score_indicator(scheme, indicator, entry) for indicator in scheme.indicators)
    present = sum((i.present for i in indicators), Decimal(0))
    base = None
    if present:
        points = sum((i.points for i in indicators if i.points is not None), Decimal(0))
        base = points
        if scheme.missing.rescale and present != scheme.total:
            base = round_half_up(Fraction(points) * Fraction(scheme.total) / Fraction(present))
    deductions = tuple(
        Deduction(penalty, cases, penalty.points * cases)
        for penalty in scheme.penalties
        if (cases := entry.penalties.get(penalty.id, 0)) > 0
    )
    missing = sum(
        (
            part.weight
            for indicator in indicators
            for part in indicator.parts
            if part.status in (Status.MISSING, Status.TOO_FEW)
        ),
        Decimal(0),
    )
    total = year_end = None if base is None else base + sum((d.points for d in deductions), Decimal(0))
    if total is not None and entry.quarters:
        known = [quarter for quarter in entry.quarters if quarter is not None]
        total = year_total(scheme, known, total) if len(known) == len(entry.quarters) else None
    return Scored(
        entry=entry,
        indicators=indicators,
        base=base,
        deductions=deductions,
        vetoes=tuple(veto for veto in scheme.vetoes if veto.id in entry.vetoes),
        total=total,
        missing_weight=missing,
        year_end=year_end,
    )


def _score_indicator(scheme: Scheme, indicator: Indicator, entry: Entry) -> IndicatorScore:
    not_applicable = indicator.id in entry.not_applicable and indicator.id in scheme.missing.not_applicable
    parts = tuple(_score_part(part, entry.readings.get(part.id), not_applicable) for part in indicator.parts)
    scored = [part for part in parts if part.points is not None]
    if len(scored) == len(parts):
        status = Status.SCORED
    elif scored:
        status = Status.PARTLY
    else:
        status = parts[0].status if len({part.status for part in parts}) == 1 else Status.MISSING
    return IndicatorScore(
        id=indicator.id,
        name=indicator.name,
        weight=indicator.weight,
        present=sum((part.weight for part in scored), Decimal(0)),
        points=sum((part.points for part in scored if part.points is not None), Decimal(0)) if scored else None,
        status=status,
        parts=parts,
    )


def _score_part(part: SubItem, reading: Reading | None, not_applicable: bool) -> PartScore:
    points = None
    if reading is None:
        status = Status.NOT_APPLICABLE if not_applicable else Status.MISSING
    elif part.min_samples and (reading.samples is None or reading.samples < part.min_samples):
        status = Status.TOO_FEW
    else:
        points, status = round_half_up(share_of(part, reading.value) * Fraction(part.weight)), Status.SCORED
    return PartScore(
        id=part.id,
        name=part.name,
        weight=part.weight,
        value=reading.value if reading else None,
        samples=reading.samples if reading else None,
        ground=reading.ground if reading else "",
        points=points,
        status=status,
        typed=reading is not None and reading.typed,
    )


def year_total(scheme: Scheme, quarters: Sequence[Decimal], year_end: Decimal) -> Decimal:
    """Return the year's total from the totals of its quarters and of the year-end race."""
    share, rest = Fraction(scheme.quarters_share), Fraction(scheme.year_end_share)
    return round_half_up(mean(quarters) * share + Fraction(year_end) * rest)


def mean(numbers: Sequence[Decimal]) -> Fraction:
    """Return the exact mean of one number or more."""
    return sum(map(Fraction, numbers), Fraction(0)) / len(numbers)


def total_of(scored: Scored) -> Decimal:
    """Return the total of a branch that has one.

    Raises:
        ValueError: it has none; a defect of ours.
    """
    if scored.total is None:
        raise ValueError("a branch without any value has no total")
    return scored.total


def short_name(scheme: Scheme, class_id: str) -> str:
    """Return 先进 for 先进党支部."""
    return scheme.race_class(class_id).name.removesuffix("党支部")


def class_name(scheme: Scheme, class_id: str) -> str:
    """Return the short name of a class as the scheme words it, or 暂不定类."""
    return UNCLASSED_NAME if class_id == UNCLASSED else short_name(scheme, class_id)
