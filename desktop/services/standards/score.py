"""The score of a branch as values: points of items and dimensions, what is missing and who mends it, the grade."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from desktop.services.numbers import hundredths
from desktop.services.standards.clauses import Clause
from desktop.services.standards.pack import Criterion, Dimension, Grade, Item
from desktop.services.standards.quality import Rated
from desktop.services.standards.verdict import NOT_APPLICABLE, PENDING, RUNNING, ZERO, Cell, Used, Verdict, Where, clip

MET, PARTLY, OPEN = "met", "partly", "open"
STATUS_WORDS = {
    MET: "达标",
    PARTLY: "部分",
    OPEN: "未达标",
    RUNNING: "进行中",
    PENDING: "待评",
    NOT_APPLICABLE: "不适用",
}
UNRATED = "待评"
"""What stands for a rate while nobody judged quality."""


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


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
        """The name with the post; the post alone where nobody holds it."""
        if not self.name:
            return self.post
        return f"{self.name}（{self.post}）" if self.post else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that is missing, with who mends it, where, by when and for how many points (hundredths).

    The gains of an item's gaps add up to what mending all of them brings. `mendable` is False once the time is past
    and only an honest note is left (已成事实). `counted` is False for what a running period still needs: not yet due,
    no gap.
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
        """The gap the line speaks of."""
        return self.gaps[0]


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One quality criterion: its share (None: 待评), what was typed or computed, and its part of the points."""

    criterion: Criterion
    share: Fraction | None
    text: str
    max: int
    rated: Rated | None = None
    used: tuple[Used, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """One item judged. Points are hundredths; None means not judged yet. What is not yet due is upcoming, no gap."""

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
        """The item's id."""
        return self.item.id

    @property
    def ratio(self) -> Fraction | None:
        """How far the trace is there, 0 to 1; None while it is not judged."""
        return self.verdict.ratio

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The periods of the year, each with its state."""
        return self.verdict.cells

    @property
    def used(self) -> tuple[Used, ...]:
        """The records that count."""
        return self.verdict.used

    @property
    def status_word(self) -> str:
        """The state in words (达标、部分 …)."""
        return STATUS_WORDS[self.status]

    @property
    def got(self) -> int:
        """The points got so far."""
        return (self.trace_points or 0) + (self.quality_points or 0)


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
        """The dimension's id."""
        return self.dimension.id

    @property
    def judged(self) -> int:
        """The points that are judged already."""
        return self.max - self.pending


@dataclass(frozen=True, slots=True)
class FallenGate:
    """A gate that caps the grade, with its ground."""

    id: str
    name: str
    effect: str
    ground: str
    max_grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The standard score of one branch for one year, judged on one day. Points are hundredths.

    `rated`: whether any judgement was typed; ask `quality_rated`.
    """

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
    rated: bool
    verified: bool = False

    @property
    def judge(self) -> str:
        """Whose score it is: the branch's own (自评) or headquarters' (核定)."""
        return "核定" if self.verified else "自评"

    @property
    def parts_text(self) -> str:
        """What was got for traces and for quality, apart, together the total: 痕迹24.66分，质量36.01分. While nobody
        judged quality it says so, beside what registers count: 质量0.35分待评.
        """
        counted = f"{hundredths(self.quality)}分"
        if not self.quality_rated:
            counted = f"{counted}{UNRATED}" if self.quality else UNRATED
        return f"痕迹{hundredths(self.trace)}分，质量{counted}"

    @property
    def quality_text(self) -> str:
        """The points for quality in words, 待评 while nobody judged it."""
        return hundredths(self.quality) if self.quality_rated else UNRATED

    @property
    def trace_ratio(self) -> Fraction | None:
        """How much of the traces that are judged already is there, 0 to 1; None where none is."""
        judged = sum(item.trace_max for item in self.items) - self.trace_pending
        return Fraction(self.trace, judged) if judged else None

    @property
    def judged_points(self) -> int:
        """The points that are judged already, what the rate is of."""
        return self.max - self.pending

    @property
    def judged(self) -> tuple[int, int]:
        """How many criteria that people judge are judged, and how many there are."""
        parts = [part for item in self.items for part in item.criteria if part.criterion.typed]
        return sum(part.share is not None for part in parts), len(parts)

    @property
    def quality_rated(self) -> bool:
        """Whether anybody judged quality, the one rule everyone asks; so it is where nothing is for people to judge.

        Answers that people gave at records (a survey, 满意度) count for points and are nobody's judgement.
        """
        return self.rated or not self.judged[1]

    @property
    def has_rate(self) -> bool:
        """Whether there is a rate to tell: by traces alone, where nobody judged quality yet, there is none."""
        return self.rate is not None and self.quality_rated

    @property
    def rate_text(self) -> str:
        """The rate (得分率) in words, 待评 where there is none to tell."""
        return f"{hundredths(self.rate)}%" if self.has_rate else UNRATED

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, most points first; what can still be mended before what cannot. Not yet due is no gap."""
        gaps = [gap for item in self.items for gap in item.gaps]
        return tuple(sorted(gaps, key=lambda g: (not g.mendable, -g.gain, g.by or date.max, g.item_id)))

    @property
    def upcoming(self) -> tuple[Gap, ...]:
        """What the running periods still need, soonest first."""
        gaps = [gap for item in self.items for gap in item.upcoming]
        return tuple(sorted(gaps, key=lambda g: (g.by or date.max, g.item_id)))

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The gaps as work: per item and person one line, most points first, what nobody can mend last."""
        found: list[Job] = []
        for item in self.items:
            parts: dict[tuple[Person, bool], list[Gap]] = {}
            for gap in item.gaps:
                parts.setdefault((gap.who, gap.mendable), []).append(gap)
            for (who, mendable), gaps in parts.items():
                gain = sum(gap.gain for gap in gaps)
                found.append(Job(item.id, item.item.title, who, mendable, gain, tuple(gaps)))
        return tuple(sorted(found, key=lambda job: (not job.mendable, -job.gain, job.item_id)))

    @property
    def reachable(self) -> int:
        """The most the year can still bring without mending anything: got and not judged yet (最高可到)."""
        return min(self.total + self.pending, self.max)

    @property
    def after_mending(self) -> int:
        """The total once every gap that can be mended is mended (补齐后)."""
        return self.total + sum(gap.gain for gap in self.gaps)

    @property
    def grade_text(self) -> str:
        """The grade in words, 暂定 while anything is not judged yet."""
        if self.grade is None:
            return "未定等次"
        return f"{self.grade.name}（暂定）" if self.provisional else self.grade.name

    def item(self, item_id: str) -> ItemScore:
        """Return the item with this id.

        Raises:
            KeyError: the edition has none.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ready for inspection on a day (迎检准备): the score then if nothing more is done, and what to mend by then."""

    on: date
    days: int
    now: Score
    then: Score

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What an inspector would find missing."""
        return self.then.gaps

    @property
    def mendable(self) -> tuple[Gap, ...]:
        """What can still be mended by then."""
        return tuple(gap for gap in self.then.gaps if gap.mendable)

    @property
    def facts(self) -> tuple[Gap, ...]:
        """What nothing can change any more; the archive says so honestly."""
        return tuple(gap for gap in self.then.gaps if not gap.mendable)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is missing as lines of work: the one count that the page, its people and its volumes speak of."""
        return self.then.jobs

    @property
    def mendable_jobs(self) -> int:
        """How many lines of work can still be mended."""
        return sum(job.mendable for job in self.jobs)

    @property
    def after(self) -> int:
        """The total on that day once everything that can be mended is."""
        return self.then.after_mending

    @property
    def by_person(self) -> tuple[tuple[Person, tuple[Job, ...]], ...]:
        """The work by who does it, those with most to do first (谁来补)."""
        people: dict[Person, list[Job]] = {}
        for job in self.jobs:
            people.setdefault(job.who, []).append(job)
        ranked = sorted(people.items(), key=lambda entry: (-len(entry[1]), entry[0].text))
        return tuple((person, tuple(jobs)) for person, jobs in ranked)


def rise(ratio: Fraction | None, share_: Fraction, trace_exact: Fraction) -> int:
    """Return by how many hundredths the trace points rise when the ratio rises by `share_`."""
    start = clip(ratio or ZERO)
    return half_up(clip(start + share_) * trace_exact) - half_up(start * trace_exact)
