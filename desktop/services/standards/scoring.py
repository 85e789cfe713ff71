"""The score of a branch: items judged by the rules, quality as rated, sums, gates, grade, gaps and who mends them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from desktop.services.standards.facts import SECRETARY, Facts
from desktop.services.standards.metrics import METRICS, applies
from desktop.services.standards.pack import Criterion, Dimension, Grade, Item, Pack
from desktop.services.standards.party_rules import PartyRules
from desktop.services.standards.periods import Span
from desktop.services.standards.quality import Rated, Ratings, share
from desktop.services.standards.rules import evaluate
from desktop.services.standards.rules.words import how
from desktop.services.standards.verdict import (
    JUDGED,
    NOT_APPLICABLE,
    ONE,
    PENDING,
    RUNNING,
    ZERO,
    Cell,
    Missing,
    Used,
    Verdict,
    Where,
    clip,
    linear,
    not_applicable,
    pending,
)

MET, PARTLY, OPEN = "met", "partly", "open"
STATUS_WORDS = {
    MET: "达标",
    PARTLY: "部分",
    OPEN: "未达标",
    RUNNING: "进行中",
    PENDING: "待评",
    NOT_APPLICABLE: "不适用",
}


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves up."""
    return (value + Fraction(1, 2)).__floor__()


def points(hundredths: int | None) -> float | None:
    """Return hundredths of a point as the number JSON carries."""
    return None if hundredths is None else hundredths / 100


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers for something: a member where the post is held, else the post itself."""

    id: str
    name: str
    post: str

    @property
    def text(self) -> str:
        if not self.name:
            return self.post
        return f"{self.name}（{self.post}）" if self.post else self.name


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, with who mends it, where, by when and for how many points (hundredths).

    `mendable` is False once the time is past and only an honest note is left (已成事实). `counted` is False for
    what a running period still needs: not yet due, no gap.
    """

    item_id: str
    title: str
    what: str
    by: date | None
    who: Person
    where: Where
    gain: int
    mendable: bool
    counted: bool
    verb: str
    subject_ids: tuple[str, ...]
    share: Fraction

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "by": self.by.isoformat() if self.by else None,
            "who": self.who.text,
            "where": {"page": self.where.page, "kind": self.where.kind, "prefill": dict(self.where.prefill)},
            "gain": points(self.gain),
            "mendable": self.mendable,
        }


@dataclass(frozen=True, slots=True)
class Job:
    """All gaps of one item that one person mends (or that nobody can mend any more): one line of a list of work."""

    item_id: str
    title: str
    who: Person
    mendable: bool
    gain: int
    gaps: tuple[Gap, ...]

    @property
    def what(self) -> str:
        """The first gap in words, and how many more there are."""
        more = len(self.gaps) - 1
        return self.gaps[0].what + (f"，另有{more}处" if more else "")

    @property
    def first(self) -> Gap:
        return self.gaps[0]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause an item rests on; `unchecked` marks an article number quoted from memory (待核)."""

    basis: str
    name: str
    article: str
    unchecked: bool
    regulation: bool = True

    @property
    def text(self) -> str:
        if not self.regulation:
            return self.name
        article = f"第{self.article}条" if self.article else ""
        return f"《{self.name}》{article}{'（条号待核）' if self.unchecked else ''}"


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One quality criterion: its share (None: 待评), what was typed or computed, and its part of the points."""

    criterion: Criterion
    share: Fraction | None
    text: str
    max: int
    rated: Rated | None = None
    used: tuple[Used, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item judged. Points are hundredths; None means not judged yet."""

    item: Item
    status: str
    verdict: Verdict
    trace_points: int | None
    trace_max: int
    quality_points: int | None
    quality_max: int
    quality_judged_max: int
    pending: int
    capped: bool
    fabricated: str
    criteria: tuple[CriterionScore, ...]
    gaps: tuple[Gap, ...]
    upcoming: tuple[Gap, ...]
    who: Person
    how: str
    clauses: tuple[Clause, ...]
    trace_exact: Fraction

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def ratio(self) -> Fraction | None:
        return self.verdict.ratio

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.verdict.cells

    @property
    def used(self) -> tuple[Used, ...]:
        return self.verdict.used

    @property
    def status_word(self) -> str:
        return STATUS_WORDS[self.status]

    @property
    def got(self) -> int:
        return (self.trace_points or 0) + (self.quality_points or 0)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.item.title,
            "status": self.status,
            "ratio": None if self.ratio is None else round(float(self.ratio), 6),
            "trace_points": points(self.trace_points),
            "trace_max": points(self.trace_max),
            "quality_points": points(self.quality_points),
            "quality_max": points(self.quality_max),
            "pending": points(self.pending),
            "records": [used.id for used in self.used],
            "evidence": [
                {"kind": u.kind, "id": u.id, "on": u.on.isoformat() if u.on else None, "title": u.title}
                for u in self.used
            ],
            "missing": [gap.as_json() for gap in self.gaps],
            "upcoming": [gap.as_json() for gap in self.upcoming],
            "notes": list(self.verdict.notes),
            "quality": [
                {
                    "text": c.criterion.text,
                    "how": c.criterion.how,
                    "by": c.criterion.by,
                    "share": None if c.share is None else round(float(c.share), 6),
                    "value": c.text,
                }
                for c in self.criteria
            ],
        }


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One dimension: points got, not judged yet, and the most there is."""

    dimension: Dimension
    score: int
    pending: int
    max: int
    items: tuple[ItemScore, ...]

    @property
    def id(self) -> str:
        return self.dimension.id


@dataclass(frozen=True, slots=True)
class FallenGate:
    """A gate that caps the grade, with its ground."""

    id: str
    name: str
    effect: str
    ground: str
    max_grade: str


@dataclass(frozen=True, slots=True)
class Score:
    """The standard score of one branch for one year, judged on one day. Points are hundredths."""

    pack_id: str
    version: str
    on: date
    year: int
    total: int
    trace: int
    quality: int
    pending: int
    trace_pending: int
    quality_pending: int
    max: int
    rate: int | None
    quality_ratio: Fraction | None
    grade: Grade | None
    provisional: bool
    gates: tuple[FallenGate, ...]
    dimensions: tuple[DimensionScore, ...]
    items: tuple[ItemScore, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, most points first; what can still be mended before what cannot. Not yet due is no gap."""
        gaps = [gap for item in self.items for gap in item.gaps if gap.counted]
        return tuple(sorted(gaps, key=lambda g: (not g.mendable, -g.gain, g.by or date.max, g.item_id)))

    @property
    def upcoming(self) -> tuple[Gap, ...]:
        """What the running periods still need, soonest first."""
        gaps = [gap for item in self.items for gap in (*item.gaps, *item.upcoming) if not gap.counted]
        return tuple(sorted(gaps, key=lambda g: (g.by or date.max, g.item_id)))

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The gaps as work: per item and person one line, most points first, what nobody can mend last."""
        found: list[Job] = []
        for item in self.items:
            parts: dict[tuple[Person, bool], list[Gap]] = {}
            for gap in item.gaps:
                if gap.counted:
                    parts.setdefault((gap.who, gap.mendable), []).append(gap)
            for (who, mendable), gaps in parts.items():
                gain = _gain(item, sum((g.share for g in gaps), ZERO)) if mendable else 0
                found.append(Job(item.id, item.item.title, who, mendable, gain, tuple(gaps)))
        return tuple(sorted(found, key=lambda job: (not job.mendable, -job.gain, job.item_id)))

    @property
    def reachable(self) -> int:
        """The most the year can still bring without mending anything: got and not judged yet (最高可到)."""
        return min(self.total + self.pending, self.max)

    @property
    def after_mending(self) -> int:
        """The total once every gap that can be mended is mended (补齐后)."""
        return self.total + sum(_mended(item) - (item.trace_points or 0) for item in self.items)

    @property
    def grade_text(self) -> str:
        """The grade in words, 暂定 while anything is not judged yet."""
        if self.grade is None:
            return "未定等次"
        return f"{self.grade.name}（暂定）" if self.provisional else self.grade.name

    def item(self, item_id: str) -> ItemScore:
        """Return the item with this id; KeyError if the edition has none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def as_text(self) -> str:
        """Return the score as a few lines for a terminal."""
        lines = [
            f"{self.year}年标准化得分（截至{self.on.isoformat()}）：{self.total / 100:.2f}分，"
            f"痕迹{self.trace / 100:.2f}，质量{self.quality / 100:.2f}，待评{self.pending / 100:.2f}",
            f"得分率{'—' if self.rate is None else f'{self.rate / 100:.2f}'}，等次：{self.grade_text}",
        ]
        lines.extend(f"限定：{gate.name}（{gate.ground}），{gate.effect}" for gate in self.gates)
        lines.extend(
            f"  {d.id} {d.dimension.name} {d.score / 100:.2f} / {d.max / 100:g}，待评{d.pending / 100:.2f}"
            for d in self.dimensions
        )
        jobs = [job for job in self.jobs if job.mendable]
        if jobs:
            lines.append(f"还能补{len(jobs)}项，分值大的在前：")
            lines.extend(f"  {job.item_id} {job.what}（+{job.gain / 100:.2f}，{job.who.text}）" for job in jobs[:10])
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the object `score --json` prints."""
        return {
            "on": self.on.isoformat(),
            "year": self.year,
            "pack": self.pack_id,
            "version": self.version,
            "total": points(self.total),
            "trace": points(self.trace),
            "quality": points(self.quality),
            "pending": points(self.pending),
            "rate": points(self.rate),
            "quality_ratio": None if self.quality_ratio is None else round(float(self.quality_ratio), 6),
            "grade": self.grade.id if self.grade else None,
            "grade_name": self.grade_text,
            "provisional": self.provisional,
            "gates": [{"id": g.id, "name": g.name, "effect": g.effect, "ground": g.ground} for g in self.gates],
            "dimensions": [
                {
                    "id": d.id,
                    "name": d.dimension.name,
                    "score": points(d.score),
                    "pending": points(d.pending),
                    "max": points(d.max),
                }
                for d in self.dimensions
            ],
            "items": [item.as_json() for item in self.items],
        }


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ready for inspection on a day (迎检准备): the score then if nothing more is done, and what to mend by then."""

    on: date
    days: int
    now: Score
    then: Score

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return self.then.gaps

    @property
    def mendable(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.then.gaps if gap.mendable)

    @property
    def facts(self) -> tuple[Gap, ...]:
        """What nothing can change any more; the archive says so honestly."""
        return tuple(gap for gap in self.then.gaps if not gap.mendable)

    @property
    def short_items(self) -> int:
        """How many items lack something (还差几项)."""
        return len({gap.item_id for gap in self.then.gaps})

    @property
    def mendable_items(self) -> int:
        """How many items have something that can still be mended."""
        return len({gap.item_id for gap in self.mendable})

    @property
    def after(self) -> int:
        """The total on that day once everything that can be mended is."""
        return self.then.after_mending

    @property
    def by_person(self) -> tuple[tuple[Person, tuple[Job, ...]], ...]:
        """The work by who does it, those with most to do first (谁来补)."""
        people: dict[Person, list[Job]] = {}
        for job in self.then.jobs:
            people.setdefault(job.who, []).append(job)
        ranked = sorted(people.items(), key=lambda entry: (-len(entry[1]), entry[0].text))
        return tuple((person, tuple(jobs)) for person, jobs in ranked)

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "days": self.days,
            "now": points(self.now.total),
            "then": points(self.then.total),
            "after": points(self.after),
            "gaps": [{"item": gap.item_id, **gap.as_json()} for gap in self.gaps],
        }


def labels(pack: Pack, law: PartyRules) -> dict[str, str]:
    """Return the Chinese names of what rules speak of."""
    found: dict[str, str] = {}
    for kinds in (pack.record_kinds, pack.agenda_tags, pack.record_tags, pack.posts):
        found.update((named.id, named.name) for named in kinds)
    found.update((m.id, m.name) for m in law.meetings.values())
    return found


def score(pack: Pack, law: PartyRules, facts: Facts, ratings: Ratings, on: date, year: int | None = None) -> Score:
    """Judge every item of `pack` for `year` (that of `on` unless given) as known on the day `on`."""
    span = Span(on.year if year is None else year, on, facts.founded_on)
    facts = replace(facts, law=law, names={**facts.names, **labels(pack, law)})
    zeroed = {g.item_id: g.ground for g in facts.gates if g.item_id and (g.on is None or g.on <= on)}
    judge = _Judge(pack, facts, span, ratings, zeroed)
    dimensions = tuple(judge.dimension(d) for d in pack.dimensions)
    items = tuple(item for d in dimensions for item in d.items)
    trace = sum(i.trace_points or 0 for i in items)
    quality = sum(i.quality_points or 0 for i in items)
    waiting = sum(i.pending for i in items)
    quality_waiting = sum(i.quality_max - i.quality_judged_max for i in items)
    most = sum(d.max for d in dimensions)
    total = trace + quality
    judged = most - waiting
    rate = min(half_up(Fraction(total, judged) * 10000), 10000) if judged > 0 else None
    quality_judged = sum(i.quality_judged_max for i in items)
    ratio = min(Fraction(quality, quality_judged), ONE) if quality_judged else None
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
    )


def ready(
    pack: Pack, law: PartyRules, facts: Facts, ratings: Ratings, today: date, on: date, year: int | None = None
) -> Readiness:
    """Judge the branch as an inspector would find it on the day `on`, were nothing more typed until then."""
    year = on.year if year is None else year
    now = score(pack, law, facts, ratings, today, year)
    return Readiness(on, (on - today).days, now, score(pack, law, facts, ratings, on, year))


class _Judge:
    """One scoring: everything that stays the same from item to item."""

    def __init__(self, pack: Pack, facts: Facts, span: Span, ratings: Ratings, zeroed: Mapping[str, str]) -> None:
        self.pack, self.facts, self.span, self.ratings, self.zeroed = pack, facts, span, ratings, zeroed

    def dimension(self, dimension: Dimension) -> DimensionScore:
        verdicts = {item.id: self.verdict(item) for item in dimension.active_items}
        weights = sum(
            item.trace_weight + item.quality_weight
            for item in dimension.active_items
            if verdicts[item.id].state != NOT_APPLICABLE
        )
        scale = Fraction(dimension.weight, weights) if weights else ZERO
        items = tuple(self.item(item, verdicts[item.id], scale) for item in dimension.active_items)
        return DimensionScore(
            dimension,
            sum(item.got for item in items),
            sum(item.pending for item in items),
            dimension.weight if weights else 0,
            items,
        )

    def verdict(self, item: Item) -> Verdict:
        if item.applies_if:
            holds = applies(item.applies_if, self.facts, self.span)
            name = next((c.name for c in self.pack.conditions if c.id == item.applies_if), item.applies_if)
            if holds is None:
                return pending(f"是否“{name}”还不知道，待评。")
            if not holds:
                return not_applicable(f"未满足“{name}”，不适用，分值由本维度其他条目分摊。")
        return evaluate(item.rule, self.facts, self.span)

    def item(self, item: Item, verdict: Verdict, scale: Fraction) -> ItemScore:
        if verdict.state == NOT_APPLICABLE:
            scale = ZERO
        trace_exact, quality_exact = item.trace_weight * scale, item.quality_weight * scale
        criteria = tuple(self.criterion(item, n, quality_exact) for n in range(len(item.quality)))
        if verdict.state == NOT_APPLICABLE:
            criteria = ()
        shares = [c.share for c in criteria if c.share is not None]
        count = len(criteria) or 1
        scoring = self.pack.scoring
        rated_all = bool(criteria) and len(shares) == len(criteria)
        level = sum(shares, ZERO) / len(shares) * scoring.quality_scale_max if shares else None
        capped = rated_all and level is not None and level <= scoring.low_quality_threshold
        quality_max = half_up(quality_exact)
        judged_max = half_up(quality_exact * len(shares) / count)
        quality_points = half_up(quality_exact * sum(shares, ZERO) / count) if shares else None
        factor = scoring.low_quality_trace_cap if capped else ONE
        trace_exact *= factor
        trace_points = None if verdict.ratio is None else half_up(verdict.ratio * trace_exact)
        trace_max = half_up(item.trace_weight * scale)
        ground = self.zeroed.get(item.id, "") if verdict.state != NOT_APPLICABLE else ""
        if ground:
            trace_points = half_up(trace_exact * scoring.fabrication_item_score)
            quality_points = half_up(quality_exact * scoring.fabrication_item_score)
            judged_max = quality_max
        waiting = (0 if trace_points is not None else trace_max) + quality_max - judged_max
        who = self.person(item.post, "")
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
            gaps=tuple(self.gap(item, m, verdict, trace_exact, True) for m in verdict.missing),
            upcoming=tuple(self.gap(item, m, verdict, trace_exact, False) for m in verdict.upcoming),
            who=who,
            how=how(item.rule, self.facts),
            clauses=clauses(item.basis, self.pack),
            trace_exact=trace_exact,
        )

    def criterion(self, item: Item, number: int, quality_exact: Fraction) -> CriterionScore:
        criterion = item.quality[number]
        most = half_up(quality_exact / len(item.quality))
        if criterion.how == "metric":
            figure = METRICS[criterion.metric](self.facts, self.span)
            value = None
            if figure.ratio is not None and criterion.zero is not None and criterion.full is not None:
                value = linear(figure.ratio, criterion.zero, criterion.full)
            return CriterionScore(criterion, value, figure.text, most, None, figure.used)
        rated = self.ratings.get((item.id, number))
        if rated is None:
            return CriterionScore(criterion, None, "待评", most)
        value = share(rated, criterion, self.pack.scoring.quality_scale_max)
        return CriterionScore(criterion, value, rated.text or "待评", most, rated)

    def gap(self, item: Item, missing: Missing, verdict: Verdict, trace_exact: Fraction, counted: bool) -> Gap:
        gain = _rise(verdict.ratio, missing.share, trace_exact) if verdict.state in (JUDGED, RUNNING) else 0
        counted = counted and verdict.state != RUNNING
        return Gap(
            item_id=item.id,
            title=item.title,
            what=missing.what,
            by=missing.by or self.span.on,
            who=self.person(missing.post or item.post, missing.person_id),
            where=missing.where,
            gain=0 if missing.mend == "fact" or self.zeroed.get(item.id) else gain,
            mendable=missing.mend != "fact",
            counted=counted,
            verb=missing.verb,
            subject_ids=missing.subject_ids,
            share=missing.share,
        )

    def person(self, post: str, person_id: str) -> Person:
        """Return who answers; where nobody holds the post, the secretary."""
        label = self.pack.post_name(post)
        facts, on = self.facts, self.span.on
        if person_id:
            return Person(person_id, facts.member_name(person_id), label)
        if post in ("superior", "branch_committee"):
            return Person("", "", label)
        holders = facts.holders(post, on)
        if not holders and post != SECRETARY:
            label, holders = self.pack.post_name(SECRETARY), facts.holders(SECRETARY, on)
        if len(holders) == 1:
            return Person(holders[0], facts.member_name(holders[0]), label)
        return Person("", "、".join(facts.member_name(h) for h in holders), label)


def _status(verdict: Verdict) -> str:
    if verdict.state != JUDGED or verdict.ratio is None:
        return verdict.state
    if verdict.ratio >= 1:
        return MET
    return PARTLY if verdict.ratio else OPEN


def _rise(ratio: Fraction | None, share_: Fraction, trace_exact: Fraction) -> int:
    """Return by how many hundredths the trace points rise when the ratio rises by `share_`."""
    start = ratio or ZERO
    return half_up(clip(start + share_) * trace_exact) - half_up(start * trace_exact)


def _gain(item: ItemScore, share_: Fraction) -> int:
    return 0 if item.fabricated or item.ratio is None else _rise(item.ratio, share_, item.trace_exact)


def _mended(item: ItemScore) -> int:
    """Return the trace points of an item once what can be mended is."""
    if item.trace_points is None or item.ratio is None or item.fabricated:
        return item.trace_points or 0
    shares = sum((gap.share for gap in item.gaps if gap.mendable), ZERO)
    return half_up(clip(item.ratio + shares) * item.trace_exact)


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


def clauses(basis: str, pack: Pack) -> tuple[Clause, ...]:
    """Return the clauses of a basis text: "ZBTL-16*;DYJY-16" names two; * marks a number from memory."""
    found: list[Clause] = []
    for part in basis.split(";"):
        unchecked = part.endswith("*")
        text = part.removesuffix("*")
        known = [b for b in pack.bases if text == b.id or text.startswith(f"{b.id}-")]
        best = max(known, key=lambda b: len(b.id))
        articles = text[len(best.id) + 1 :]
        article = "、".join(re.findall(r"\d+", articles))
        found.append(Clause(best.id, best.name, article, unchecked, bool(best.effective)))
    return tuple(found)
