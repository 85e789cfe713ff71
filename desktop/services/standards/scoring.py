"""Scoring a branch: items judged by the rules, quality as rated, sums, gates, grade, gaps and who mends them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from desktop.services.standards.clauses import clauses
from desktop.services.standards.facts import SECRETARY, Facts
from desktop.services.standards.metrics import METRICS, Figure, applies, surveyed
from desktop.services.standards.pack import Criterion, Dimension, Grade, Item, Pack
from desktop.services.standards.party_rules import PartyRules
from desktop.services.standards.periods import Span
from desktop.services.standards.quality import Ratings, share
from desktop.services.standards.rules import evaluate
from desktop.services.standards.rules.counting import ROSTER
from desktop.services.standards.rules.words import how
from desktop.services.standards.score import (
    MET,
    OPEN,
    PARTLY,
    CriterionScore,
    DimensionScore,
    FallenGate,
    Gap,
    ItemScore,
    Person,
    Readiness,
    Score,
    half_up,
    rise,
)
from desktop.services.standards.verdict import (
    JUDGED,
    NOT_APPLICABLE,
    ONE,
    RUNNING,
    ZERO,
    Missing,
    Verdict,
    linear,
    not_applicable,
    pending,
)

SUPERIOR = "superior"


def labels(pack: Pack, law: PartyRules) -> dict[str, str]:
    """Return the Chinese names of what rules speak of."""
    found: dict[str, str] = {}
    for kinds in (pack.record_kinds, pack.agenda_tags, pack.record_tags, pack.posts):
        found.update((named.id, named.name) for named in kinds)
    found.update((m.id, m.name) for m in law.meetings.values())
    return found


def score(pack: Pack, law: PartyRules, facts: Facts, ratings: Ratings, on: date, year: int | None = None) -> Score:
    """Judge every item of `pack` for `year` (that of `on` unless given) as known on the day `on`."""
    return scores(pack, law, facts, (ratings,), on, year)[0]


def scores(
    pack: Pack, law: PartyRules, facts: Facts, ratings: Sequence[Ratings], on: date, year: int | None = None
) -> list[Score]:
    """Judge every item once, by each of several people's ratings; see `score`."""
    span = Span(on.year if year is None else year, on, facts.founded_on)
    facts = replace(facts, law=law, names={**facts.names, **labels(pack, law)})
    zeroed = {g.item_id: g.ground for g in facts.gates if g.item_id and (g.on is None or g.on <= on)}
    verdicts: dict[str, Verdict] = {}
    return [_scored(_Judge(pack, facts, span, each, zeroed, verdicts)) for each in ratings]


def _scored(judge: "_Judge") -> Score:
    pack, facts, span = judge.pack, judge.facts, judge.span
    on = span.on
    dimensions = tuple(judge.dimension(d) for d in pack.dimensions)
    items = tuple(item for d in dimensions for item in d.items)
    trace = sum(i.trace_points or 0 for i in items)
    quality = sum(i.quality_points or 0 for i in items)
    waiting = sum(i.pending for i in items)
    quality_waiting = sum(i.quality_max - i.quality_judged_max for i in items)
    most = sum(d.max for d in dimensions)
    total = trace + quality
    judged = most - waiting
    rate = half_up(Fraction(total, judged) * 10000) if judged > 0 else None
    quality_judged = sum(i.quality_judged_max for i in items)
    ratio = Fraction(quality, quality_judged) if quality_judged else None
    gates = _gates(pack, facts, items, on)
    return Score(
        pack_id=pack.pack_id,
        version=pack.version,
        on=on,
        year=span.year,
        total=total,
        trace=trace,
        quality=quality,
        pending=waiting,
        trace_pending=waiting - quality_waiting,
        quality_pending=quality_waiting,
        max=most,
        rate=rate,
        quality_ratio=ratio,
        grade=_grade(pack, rate, ratio, gates),
        provisional=waiting > 0,
        gates=gates,
        dimensions=dimensions,
        items=items,
        rated=bool(judge.ratings),
    )


def shared_out(points: int, weights: Sequence[int]) -> list[int]:
    """Share the points of a dimension out among parts by their weights, in whole hundredths that sum up to them: what
    is left over by rounding down goes to those who lost most by it. Nothing is shared among parts without weight.
    """
    every = sum(weights)
    if not every:
        return [0] * len(weights)
    exact = [Fraction(points * weight, every) for weight in weights]
    whole = [part.__floor__() for part in exact]
    by_loss = sorted(range(len(weights)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_loss[: points - sum(whole)]:
        whole[place] += 1
    return whole


def ready(
    pack: Pack, law: PartyRules, facts: Facts, ratings: Ratings, today: date, on: date, year: int | None = None
) -> Readiness:
    """Judge the branch as an inspector would find it on the day `on`, were nothing more typed until then."""
    year = on.year if year is None else year
    now = score(pack, law, facts, ratings, today, year)
    return Readiness(on, (on - today).days, now, score(pack, law, facts, ratings, on, year))


class _Judge:
    """One scoring: everything that stays the same from item to item."""

    def __init__(
        self,
        pack: Pack,
        facts: Facts,
        span: Span,
        ratings: Ratings,
        zeroed: Mapping[str, str],
        verdicts: dict[str, Verdict],
    ) -> None:
        self.pack, self.facts, self.span, self.ratings, self.zeroed = pack, facts, span, ratings, zeroed
        self._verdicts = verdicts

    def dimension(self, dimension: Dimension) -> DimensionScore:
        for item in dimension.active_items:
            if item.id not in self._verdicts:
                self._verdicts[item.id] = self.verdict(item)
        verdicts = self._verdicts
        asked = [item for item in dimension.active_items if verdicts[item.id].state != NOT_APPLICABLE]
        shared = shared_out(dimension.weight, [part for i in asked for part in (i.trace_weight, i.quality_weight)])
        most = {item.id: (shared[2 * place], shared[2 * place + 1]) for place, item in enumerate(asked)}
        items = tuple(self.item(item, verdicts[item.id], *most.get(item.id, (0, 0))) for item in dimension.active_items)
        return DimensionScore(
            dimension,
            sum(item.got for item in items),
            sum(item.pending for item in items),
            sum(shared),
            items,
        )

    def verdict(self, item: Item) -> Verdict:
        if item.applies_if:
            holds = applies(item.applies_if, self.facts, self.span)
            name = next((c.name for c in self.pack.conditions if c.id == item.applies_if), item.applies_if)
            if holds is None:
                return pending(f"是否“{name}”还不知道，待评。", missing=self._roster_gap())
            if not holds:
                return not_applicable(f"未满足“{name}”，不适用，分值由本维度其他条目分摊。")
        return evaluate(item.rule, self.facts, self.span)

    def _roster_gap(self) -> tuple[Missing, ...]:
        """Return what tells whether conditions of the branch hold, where nobody is on the roster yet."""
        return () if self.facts.members else (Missing("导入党员名册", None, ROSTER, ONE, "enter", "导入"),)

    def item(self, item: Item, verdict: Verdict, trace_max: int, quality_max: int) -> ItemScore:
        trace_exact, quality_exact = Fraction(trace_max), Fraction(quality_max)
        criteria = tuple(self.criterion(item, n, quality_exact, verdict) for n in range(len(item.quality)))
        if verdict.state == NOT_APPLICABLE:
            criteria = ()
        shares = [c.share for c in criteria if c.share is not None]
        count = len(criteria) or 1
        scoring = self.pack.scoring
        rated_all = bool(criteria) and len(shares) == len(criteria)
        level = sum(shares, ZERO) / len(shares) * scoring.quality_scale_max if shares else None
        capped = rated_all and level is not None and level <= scoring.low_quality_threshold
        judged_max = half_up(quality_exact * len(shares) / count)
        quality_points = half_up(quality_exact * sum(shares, ZERO) / count) if shares else None
        factor = scoring.low_quality_trace_cap if capped else ONE
        trace_exact *= factor
        trace_points = None if verdict.ratio is None else half_up(verdict.ratio * trace_exact)
        ground = self.zeroed.get(item.id, "") if verdict.state != NOT_APPLICABLE else ""
        if ground:
            trace_points = half_up(trace_exact * scoring.fabrication_item_score)
            quality_points = half_up(quality_exact * scoring.fabrication_item_score)
            judged_max = quality_max
        waiting = (0 if trace_points is not None else trace_max) + quality_max - judged_max
        who = self.person(item.post, "")
        counted = verdict.state != RUNNING
        gaps = self.gaps(item, verdict, verdict.missing, trace_exact, counted)
        return ItemScore(
            item=item,
            status=_status(verdict),
            verdict=verdict,
            trace_points=trace_points,
            trace_max=trace_max,
            quality_points=quality_points,
            quality_max=quality_max,
            quality_judged_max=judged_max,
            pending=waiting,
            capped=capped,
            fabricated=ground,
            criteria=criteria,
            gaps=gaps if counted else (),
            upcoming=(*(() if counted else gaps), *self.gaps(item, verdict, verdict.upcoming, trace_exact, False)),
            who=who,
            how=how(item.rule, self.facts),
            clauses=clauses(item.basis, self.pack),
            trace_exact=trace_exact,
        )

    def criterion(self, item: Item, number: int, quality_exact: Fraction, verdict: Verdict) -> CriterionScore:
        """Return one quality criterion: computed, or as people typed it.

        How people judged the records that count is typed at the records. A judgement of the criterion itself holds
        where there is one: at the branch another survey it made, at headquarters its own.
        """
        criterion = item.quality[number]
        most = shared_out(half_up(quality_exact), [1] * len(item.quality))[number]
        if not criterion.typed:
            return _computed(criterion, METRICS[criterion.metric](self.facts, self.span), most)
        asked = surveyed(self.facts, item, verdict) if criterion.how == "survey" else None
        rated = self.ratings.get((item.id, number))
        if rated is None:
            return CriterionScore(criterion, None, "待评", most) if asked is None else _computed(criterion, asked, most)
        value = share(rated, criterion, self.pack.scoring.quality_scale_max)
        text = (rated.text or "待评") + ("" if asked is None else f"；登记簿：{asked.text}")
        return CriterionScore(criterion, value, text, most, rated, () if asked is None else asked.used)

    def gaps(
        self, item: Item, verdict: Verdict, missing: Sequence[Missing], trace_exact: Fraction, counted: bool
    ) -> tuple[Gap, ...]:
        """Return what is missing at an item, each with its part of what mending all of it brings."""
        reached, found = verdict.ratio or ZERO, []
        brings = verdict.state in (JUDGED, RUNNING) and not self.zeroed.get(item.id)
        for lack in missing:
            mendable = lack.mend != "fact"
            gain = rise(reached, lack.share, trace_exact) if brings and mendable else 0
            post = lack.post or item.post
            if mendable and post == SUPERIOR:
                post = SECRETARY  # whoever answers for the item, it is written down here
            if mendable:
                reached += lack.share
            found.append(
                Gap(
                    item_id=item.id,
                    title=item.title,
                    what=lack.what,
                    by=lack.by or self.span.on,
                    who=self.person(post, lack.person_id),
                    where=lack.where,
                    gain=gain,
                    mendable=mendable,
                    counted=counted,
                    verb=lack.verb,
                    subject_ids=lack.subject_ids,
                    share=lack.share,
                )
            )
        return tuple(found)

    def person(self, post: str, person_id: str) -> Person:
        """Return who answers; where nobody holds the post, the secretary."""
        label = self.pack.post_name(post)
        facts, on = self.facts, self.span.on
        if person_id:
            return Person(person_id, facts.member_name(person_id), label)
        if post in (SUPERIOR, "branch_committee"):
            return Person("", "", label)
        holders = facts.holders(post, on)
        if not holders and post != SECRETARY:
            label, holders = self.pack.post_name(SECRETARY), facts.holders(SECRETARY, on)
        if len(holders) == 1:
            return Person(holders[0], facts.member_name(holders[0]), label)
        return Person("", "、".join(facts.member_name(h) for h in holders), label)


def _computed(criterion: Criterion, figure: Figure, most: int) -> CriterionScore:
    value = None
    if figure.ratio is not None and criterion.zero is not None and criterion.full is not None:
        value = linear(figure.ratio, criterion.zero, criterion.full)
    return CriterionScore(criterion, value, figure.text, most, None, figure.used)


def _status(verdict: Verdict) -> str:
    if verdict.state != JUDGED or verdict.ratio is None:
        return verdict.state
    if verdict.ratio >= 1:
        return MET
    return PARTLY if verdict.ratio else OPEN


def _gates(pack: Pack, facts: Facts, items: Sequence[ItemScore], on: date) -> tuple[FallenGate, ...]:
    fallen: dict[str, FallenGate] = {}

    def fall(gate_id: str, ground: str) -> None:
        gate = next((g for g in pack.gates if g.id == gate_id), None)
        if gate is not None and gate_id not in fallen:
            fallen[gate_id] = FallenGate(gate.id, gate.name, gate.effect, ground, gate.max_grade)

    for item in items:
        verdict = item.verdict
        falls = verdict.gate if verdict.gate is not None else verdict.state == JUDGED and verdict.ratio == 0
        if item.item.gate and falls:
            fall(item.item.gate, next((m.what for m in verdict.missing), item.item.title))
    for declared in facts.gates:
        if declared.on is None or declared.on <= on:
            fall(declared.gate, declared.ground)
    return tuple(fallen.values())


def _grade(pack: Pack, rate: int | None, ratio: Fraction | None, gates: Sequence[FallenGate]) -> Grade | None:
    if rate is None or ratio is None:
        return None
    grades = list(pack.grades)  # best first
    reached = next(
        (n for n, g in enumerate(grades) if rate >= g.min * 100 and ratio >= g.min_quality_ratio), len(grades) - 1
    )
    order = {g.id: n for n, g in enumerate(grades)}
    return grades[max([reached, *(order[g.max_grade] for g in gates)])]
