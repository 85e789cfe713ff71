"""Who stands where in the race, and why: pure arithmetic on a scheme and typed values.

Source: domain.md section 5. Every figure is an exact decimal, rounded half up to two places where
the scheme says so, so that equal totals are equal and a clerk with a calculator gets the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from .scheme import CLASS_ORDER, MIXED, Indicator, Penalty, Scheme, SubItem, Veto

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
    """One value that came in: computed from the packages, or typed with its ground."""

    value: Decimal
    samples: int | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    """Points still wanted to reach `next_class`; None when there is no higher class or no total."""
    next_class: str | None
    reasons: tuple[str, ...]
    moves: tuple[Move, ...]

    @property
    def chosen_moves(self) -> tuple[Move, ...]:
        """The cheapest set that reaches the next class."""
        return tuple(move for move in self.moves if move.chosen)


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
        entry,
        indicators,
        base,
        deductions,
        tuple(veto for veto in scheme.vetoes if veto.id in entry.vetoes),
        total,
        missing,
        year_end,
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
        indicator.id,
        indicator.name,
        indicator.weight,
        sum((part.weight for part in scored), Decimal(0)),
        sum((part.points for part in scored if part.points is not None), Decimal(0)) if scored else None,
        status,
        parts,
    )


def _score_part(part: SubItem, reading: Reading | None, not_applicable: bool) -> PartScore:
    if reading is None:
        status = Status.NOT_APPLICABLE if not_applicable else Status.MISSING
        return PartScore(part.id, part.name, part.weight, None, None, "", None, status)
    if part.min_samples and (reading.samples is None or reading.samples < part.min_samples):
        points, status = None, Status.TOO_FEW
    else:
        points, status = round_half_up(share_of(part, reading.value) * Fraction(part.weight)), Status.SCORED
    return PartScore(part.id, part.name, part.weight, reading.value, reading.samples, reading.ground, points, status)


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
    """Return the standing of every branch: by group in the scheme's order, then by rank, then by name."""
    if len({entry.branch for entry in entries}) != len(entries):
        raise ValueError("a branch races once")
    group_of = merge_groups(scheme, entries)
    grouped: dict[str, list[Scored]] = defaultdict(list)
    for entry in entries:
        grouped[group_of[entry.branch]].append(score(scheme, entry))
    result: list[Standing] = []
    for group in scheme.groups:
        result.extend(_Group(scheme, group.id, grouped[group.id]).standings() if grouped[group.id] else [])
    return result


class _Group:
    """The branches that race against each other."""

    def __init__(self, scheme: Scheme, group: str, scored: list[Scored]) -> None:
        self.scheme, self.group, self.scored = scheme, group, scored
        self.rules = scheme.classification
        self.ranked = [s for s in scored if s.total is not None and s.missing_weight <= scheme.missing.max_weight]
        self._ranked_ids = {s.entry.branch for s in self.ranked}
        self.small = len(self.ranked) < self.rules.small_group_less_than
        self.advanced_places = self._places(self.rules.advanced_top_ratio)
        self.lagging_places = self._places(self.rules.lagging_bottom_ratio)
        self.classes = {s.entry.branch: self._uncapped(s) for s in scored}
        self.leaders = [s for s in self.ranked if self._capped(s) == "advanced"]

    def _places(self, ratio: Decimal) -> int:
        return max(1, int(round_half_up(Fraction(ratio) * len(self.ranked), Decimal(1))))

    def _key(self, scored: Scored) -> tuple[Decimal, ...]:
        """Total first, then the points that break a tie; a missing value never wins one."""
        points = {i.id: i.points for i in scored.indicators}
        breaks = (points[key] for key in self.rules.tie_break)
        return (_total(scored), *(Decimal(-1) if p is None else p for p in breaks))

    def _in_top(self, scored: Scored) -> bool:
        """A tie nothing can break goes in the branches' favour: both are in."""
        return sum(self._key(other) > self._key(scored) for other in self.ranked) < self.advanced_places

    def _in_bottom(self, scored: Scored) -> bool:
        """A tie nothing can break goes in the branches' favour: neither is in."""
        return sum(self._key(other) <= self._key(scored) for other in self.ranked) <= self.lagging_places

    def _uncapped(self, scored: Scored) -> str:
        if scored.entry.branch not in self._ranked_ids:
            return UNCLASSED
        total, rules = _total(scored), self.rules
        if total < rules.lagging_absolute_below:
            return "lagging"
        if not self.small and self._in_bottom(scored) and (rules.force_bottom or total < rules.lagging_bottom_below):
            return "lagging"
        if total >= rules.advanced_min_score and (self.small or self._in_top(scored)):
            return "advanced"
        return "middle"

    def _capped(self, scored: Scored) -> str:
        own = self.classes[scored.entry.branch]
        if own == UNCLASSED:
            return own
        return min([own, *(veto.max_class for veto in scored.vetoes)], key=CLASS_ORDER.index)

    def rank(self, scored: Scored) -> int | None:
        """Competition ranks by total: 1, 2, 2, 4."""
        if scored.entry.branch not in self._ranked_ids:
            return None
        return 1 + sum(_total(other) > _total(scored) for other in self.ranked)

    def standings(self) -> list[Standing]:
        rows = [self._standing(scored) for scored in self.scored]
        return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name, row.branch))

    def _standing(self, scored: Scored) -> Standing:
        uncapped, class_id = self.classes[scored.entry.branch], self._capped(scored)
        next_class = None
        wanted = None
        if uncapped in ("middle", "lagging"):
            next_class = CLASS_ORDER[CLASS_ORDER.index(uncapped) + 1]
            wanted = self._wanted_total(scored, next_class) - _total(scored)
        moves = self._moves(scored, None if wanted is None else _total(scored) + wanted)
        return Standing(
            branch=scored.entry.branch,
            name=scored.entry.name,
            group=self.group,
            own_group=scored.entry.group,
            indicators=scored.indicators,
            base=scored.base,
            deductions=scored.deductions,
            vetoes=scored.vetoes,
            total=scored.total,
            missing_weight=scored.missing_weight,
            rank=self.rank(scored),
            ranked=len(self.ranked),
            class_id=class_id,
            uncapped_class=uncapped,
            to_next_line=wanted,
            next_class=next_class,
            reasons=tuple(self._reasons(scored, uncapped, class_id)),
            moves=moves,
        )

    def _wanted_total(self, scored: Scored, next_class: str) -> Decimal:
        """Return the least total that surely brings `next_class` while the others stand still."""
        others = sorted(_total(other) for other in self.ranked if other is not scored)
        if next_class == "advanced":
            line = self.rules.advanced_min_score
            if not self.small and len(others) >= self.advanced_places:
                line = max(line, others[-self.advanced_places] + CENT)
            return line
        line = self.rules.lagging_absolute_below
        if not self.small and len(others) >= self.lagging_places:
            passing = others[self.lagging_places - 1] + CENT
            line = max(line, passing if self.rules.force_bottom else min(self.rules.lagging_bottom_below, passing))
        return line

    # -- what would move us ---------------------------------------------------------------

    def _moves(self, scored: Scored, wanted: Decimal | None) -> tuple[Move, ...]:
        """Return every value that can rise, most points first; those needed for `wanted` are chosen."""
        if scored.total is None:
            return ()
        candidates = []
        if wanted is not None:
            candidates = self._candidates(scored, to_leaders=True)
            if self._raised(scored, candidates) < wanted:
                candidates = self._candidates(scored, to_leaders=False)
        if not candidates:
            return tuple(self._candidates(scored, to_leaders=False))
        chosen: list[Move] = []
        for move in candidates:
            if wanted is None or self._raised(scored, chosen) >= wanted:
                break
            chosen.append(move)
        if chosen and wanted is not None and self._raised(scored, chosen) >= wanted:
            chosen[-1] = self._trimmed(scored, chosen, wanted)
        picked = {move.part: replace(move, chosen=True) for move in chosen}
        return tuple(picked.get(move.part, move) for move in candidates)

    def _candidates(self, scored: Scored, *, to_leaders: bool) -> list[Move]:
        moves = []
        for indicator in scored.indicators:
            for result in indicator.parts:
                if result.points is None or result.value is None or result.points >= result.weight:
                    continue
                _, part = self.scheme.part(result.id)
                target = self._leaders_value(part) if to_leaders and self.leaders else part.full
                if target is None or share_of(part, target) <= share_of(part, result.value):
                    continue
                moves.append(self._move(scored, indicator, part, result.value, target))
        return sorted((m for m in moves if m.gain > 0), key=lambda m: -m.gain)

    def _leaders_value(self, part: SubItem) -> Decimal | None:
        """Return the mean of the advanced branches' values: a level somebody in the group has reached."""
        values = [
            min(r.value, part.full) if part.full > part.zero else max(r.value, part.full)
            for leader in self.leaders
            if (r := leader.entry.readings.get(part.id)) is not None
        ]
        if not values:
            return None
        return _towards_full(part, _mean(values))

    def _move(self, scored: Scored, indicator: IndicatorScore, part: SubItem, now: Decimal, target: Decimal) -> Move:
        def gain(value: Decimal) -> Decimal:
            return _total(score(self.scheme, _with(scored.entry, {part.id: value}))) - _total(scored)

        return Move(
            part.id,
            indicator.id,
            part.name,
            now,
            target,
            gain(target),
            gain(part.full),
            now_text=value_text(part, now),
            target_text=value_text(part, target),
        )

    def _raised(self, scored: Scored, moves: Sequence[Move]) -> Decimal:
        return _total(score(self.scheme, _with(scored.entry, {m.part: m.target for m in moves})))

    def _trimmed(self, scored: Scored, chosen: Sequence[Move], wanted: Decimal) -> Move:
        """Return the last chosen move, raised only as far as the line needs."""
        last = chosen[-1]
        _, part = self.scheme.part(last.part)
        quantum = _quantum(part)
        step = quantum if part.full > part.zero else -quantum
        low, high = 0, max(1, int(abs(last.target - last.now) / quantum) + 1)
        start = _towards_full(part, Fraction(last.now))

        def enough(steps: int) -> bool:
            moved = replace(last, target=start + step * steps)
            return self._raised(scored, [*chosen[:-1], moved]) >= wanted

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
        return self._move(scored, indicator, part, last.now, target)

    # -- words -------------------------------------------------------------------------

    def _reasons(self, scored: Scored, uncapped: str, class_id: str) -> list[str]:
        rules, scheme = self.rules, self.scheme
        words = []
        if uncapped == UNCLASSED and scored.missing_weight <= scheme.missing.max_weight:
            words.append(f"{self._lacking_words(scored)}，{UNCLASSED_NAME}，不参加名次。")
        elif uncapped == UNCLASSED:
            words.append(
                f"缺数据的指标权重共{plain(scored.missing_weight)}分，超过{plain(scheme.missing.max_weight)}分，"
                f"{UNCLASSED_NAME}，不参加名次。"
            )
        else:
            words.append(self._line_words(scored, uncapped))
        words.extend(self._year_words(scored))
        words.extend(self._missing_words(scored))
        if scored.deductions:
            cases = "、".join(
                f"{d.penalty.name}{d.cases}{d.penalty.unit}扣{plain(-d.points)}分" for d in scored.deductions
            )
            words.append(f"扣分：{cases}。")
        for veto in scored.vetoes:
            words.append(f"否决项：{veto.name}，类别最高为{_short(scheme, veto.max_class)}。")
        if not scored.vetoes and not scored.deductions:
            words.append("无否决、无扣分。")
        if class_id != uncapped:
            words.append(f"按分数和名次应为{_short(scheme, uncapped)}，受否决项限制定为{_short(scheme, class_id)}。")
        if uncapped in ("middle", "lagging"):
            words.extend(self._weakest_words(scored))
        if self.small and uncapped != UNCLASSED:
            words.append(f"本组参加定类的支部不足{rules.small_group_less_than}个，只看分数线。")
        return words

    def _line_words(self, scored: Scored, uncapped: str) -> str:
        rules, total, rank = self.rules, _total(scored), self.rank(scored)
        place = f"名次第{rank}，共{len(self.ranked)}个支部"
        tops = f"前{self.advanced_places}名"

        def apart(line: Decimal, name: str) -> str:
            gap = total - line
            where = (
                f"低于{name}{plain(line)}分{plain(-gap)}分" if gap < 0 else f"高于{name}{plain(line)}分{plain(gap)}分"
            )
            return where if gap else f"正好达到{name}{plain(line)}分"

        head = f"总分{total:.2f}，"
        if uncapped == "advanced":
            return (
                f"{head}{apart(rules.advanced_min_score, '先进线')}；{place}{'' if self.small else f'，在{tops}之内'}。"
            )
        if uncapped == "middle":
            if self.small:
                tail = ""
            elif self._in_top(scored):
                tail = f"，在{tops}之内，但分数未到先进线"
            else:
                tail = f"，未进{tops}，须高于{self._place_to_beat(scored):.2f}分"
            return f"{head}{apart(rules.advanced_min_score, '先进线')}；{place}{tail}。"
        if total < rules.lagging_absolute_below:
            return f"{head}{apart(rules.lagging_absolute_below, '落后线')}；{place}。"
        return f"{head}{apart(rules.lagging_bottom_below, '后段线')}，且在后{self.lagging_places}名之内；{place}。"

    def _lacking_words(self, scored: Scored) -> str:
        gone = [f"第{number}季度" for number, total in enumerate(scored.entry.quarters, start=1) if total is None]
        return f"没有{'、'.join(gone)}的成绩" if gone else "没有可计分的指标"

    def _year_words(self, scored: Scored) -> list[str]:
        known = [quarter for quarter in scored.entry.quarters if quarter is not None]
        if scored.total is None or scored.year_end is None or not known:
            return []
        mean = round_half_up(_mean(known))
        shares = self.scheme.quarters_share * 100, self.scheme.year_end_share * 100
        return [
            f"年度总分由四季度均分{mean:.2f}（占{plain(shares[0])}%）和年终评{scored.year_end:.2f}分"
            f"（占{plain(shares[1])}%）合成。"
        ]

    def _place_to_beat(self, scored: Scored) -> Decimal:
        others = sorted(_total(other) for other in self.ranked if other is not scored)
        return others[-self.advanced_places]

    def _missing_words(self, scored: Scored) -> list[str]:
        missing = []
        for indicator in scored.indicators:
            for result in indicator.parts:
                _, part = self.scheme.part(result.id)
                if result.status == Status.MISSING:
                    missing.append(f"{result.name}没有数据")
                elif result.status == Status.TOO_FEW:
                    count = "未填" if result.samples is None else f"{result.samples}份"
                    missing.append(f"{result.name}样本{count}，不足{part.min_samples}份")
        words = [f"数据不全：{'、'.join(missing)}，不按0分计，其余指标折算。"] if missing else []
        skipped = [i.name for i in scored.indicators if i.status == Status.NOT_APPLICABLE]
        if skipped:
            words.append(f"不适用：{'、'.join(skipped)}，其余指标折算。")
        return words

    def _weakest_words(self, scored: Scored) -> list[str]:
        gaps = indicator_gaps(scored.indicators, [leader.indicators for leader in self.leaders])
        weak = [(name, gap) for _, name, gap in gaps if gap > 0][:3]
        if not weak:
            return []
        against = "先进支部均分" if self.leaders else "满分"
        return [f"与{against}差距最大的是{'、'.join(f'{name}（−{plain(gap)}分）' for name, gap in weak)}。"]


def indicator_gaps(
    own: Sequence[IndicatorScore], leaders: Sequence[Sequence[IndicatorScore]]
) -> list[tuple[str, str, Decimal]]:
    """Return (indicator, name, points below the leaders' mean, or below full without leaders), widest first."""
    gaps = []
    for index, indicator in enumerate(own):
        if indicator.points is None:
            continue
        theirs = [points for leader in leaders if (points := leader[index].points) is not None]
        bar = round_half_up(_mean(theirs)) if theirs else indicator.weight
        gaps.append((indicator.id, indicator.name, bar - indicator.points))
    return sorted(gaps, key=lambda gap: -gap[2])


def year_total(scheme: Scheme, quarters: Sequence[Decimal], year_end: Decimal) -> Decimal:
    """Return the year's total from the totals of its quarters and of the year-end race."""
    share, rest = Fraction(scheme.quarters_share), Fraction(scheme.year_end_share)
    return round_half_up(_mean(quarters) * share + Fraction(year_end) * rest)


def _mean(numbers: Sequence[Decimal]) -> Fraction:
    return sum(map(Fraction, numbers), Fraction(0)) / len(numbers)


def _total(scored: Scored) -> Decimal:
    if scored.total is None:
        raise ValueError("a branch without any value has no total")
    return scored.total


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


def _short(scheme: Scheme, class_id: str) -> str:
    """Return 先进 for 先进党支部."""
    return scheme.race_class(class_id).name.removesuffix("党支部")


def class_name(scheme: Scheme, class_id: str) -> str:
    """Return the short name of a class as the scheme words it, or 暂不定类."""
    return UNCLASSED_NAME if class_id == UNCLASSED else _short(scheme, class_id)
