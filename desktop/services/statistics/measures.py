"""What headquarters counts over its branches: each measure with its area, name and unit, and what was counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.numbers import points

PERCENT, PLACES = 100, 2
POINTS, YUAN = "分", "元"
AFTER, OWN, VERIFIED = "held.", "own.", "verified."
"""What the ids of measures begin with that there are several of: by kind of meeting, by dimension."""
WHOSE = {VERIFIED: "核定", OWN: "自评"}
NOTHING_TO_COUNT = "没有可计记录"
NO_DUES, NOBODY_RANKED = "没有记党费", "没有人参加排名"
LACKS = {which: f"未{whose}" for which, whose in WHOSE.items()}


class Shape(Enum):
    """How the counts of several branches become one figure."""

    SUM = "sum"
    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted; of a share `unit` is what it is counted in. `lists` says what stands in its list;
    `lacks` what a branch of which it cannot be counted has not done, or has not got.
    """

    id: str
    area: str
    name: str
    shape: Shape
    unit: str
    lists: str = ""
    lacks: str = NOTHING_TO_COUNT

    @property
    def heading(self) -> str:
        """The name where no area stands beside it: of a dimension, whose judgement it is (组织体系设置（核定）)."""
        said = next((words for begin, words in WHOSE.items() if self.id.startswith(begin)), "")
        return f"{self.name}（{said}）" if said else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something behind a figure: what, more about it, and the record or the item of the standard where it stands."""

    what: str
    note: str = ""
    kind: str = ""
    record: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of one branch, or of several: `top` of `base`; a sum has no base."""

    top: Fraction
    base: Fraction = Fraction(1)
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """The figure of a measure over the branches in which it could be counted, None where it was in none; in how many
    it could not is `lacking`.
    """

    measure: Measure
    branches: int
    top: Fraction
    base: Fraction
    lines: int
    lacking: int = 0

    @property
    def value(self) -> Decimal | None:
        """The figure, to two places; a share in percent."""
        exact = self._exact
        return None if exact is None else rounded(exact)

    @property
    def _exact(self) -> Fraction | None:
        if not self.branches or not self.base:
            return None
        shape = self.measure.shape
        exact = self.top if shape is Shape.SUM else self.top / self.base
        return exact * PERCENT if shape is Shape.SHARE else exact

    @property
    def unit(self) -> str:
        """What the figure is in."""
        return "%" if self.measure.shape is Shape.SHARE else self.measure.unit

    @property
    def text(self) -> str:
        """The figure as people read it; a dash where there is none."""
        exact = self._exact
        if exact is None:
            return "—"
        if self.measure.shape is Shape.SHARE:
            return f"{rounded(exact, 1)}%"  # of what it is exactly: rounded twice, 94.548 would be 94.6
        return self._written(rounded(exact))

    @property
    def words(self) -> str:
        """What the figure rests on: 21 / 22 次, 5 个支部平均; and who is left out: 4 个支部平均，1 个未自评未计入."""
        return "，".join(filter(None, (self.basis, self.lacking_words)))

    @property
    def lacking_words(self) -> str:
        """How many branches are left out and what they have not done: 1 个未自评未计入; "" where nobody is."""
        return f"{self.lacking} 个{self.measure.lacks}未计入" if self.lacking else ""

    @property
    def own_words(self) -> str:
        """What the figure rests on where it is that of one branch: nothing is added up or averaged."""
        return self.basis if self.measure.shape is Shape.SHARE or not self.base else ""

    @property
    def missing(self) -> str:
        """Why there is no figure: nobody has what it is reckoned from; "" where there is one."""
        if self.value is not None:
            return ""
        if not self.branches and not self.lacking:
            return "这一期还没有支部报来，算不出"
        if not self.branches:
            return f"{self.lacking} 个支部都{self.measure.lacks}，算不出"
        return f"{self.branches} 个支部都没有应计的，算不出"

    def _written(self, value: Decimal) -> str:
        if self.measure.unit == POINTS:
            return points(value)
        return f"{value:,.2f}" if self.measure.unit == YUAN else f"{value.normalize():,f}"

    @property
    def basis(self) -> str:
        """What the figure rests on, without who is left out."""
        if not self.branches or not self.base:
            return "没有可计的"
        if self.measure.shape is Shape.SHARE:
            return f"{self._written(rounded(self.top))} / {self._written(rounded(self.base))} {self.measure.unit}"
        return f"{self.branches} 个支部" + ("平均" if self.measure.shape is Shape.MEAN else "合计")


MEMBERS = Measure("members", "党员队伍", "在册党员", Shape.SUM, "人", "党员")
PROBATIONARY = Measure("probationary", "党员队伍", "预备党员", Shape.SUM, "人", "预备党员")
ADMITTED = Measure("admitted", "发展党员", "发展党员", Shape.SUM, "人", "新党员")
CASES = Measure("cases", "发展党员", "在办发展对象", Shape.SUM, "人", "发展对象")
MEETINGS = Measure("meetings", "组织生活", "开会", Shape.SUM, "次", "会议")
HELD = {
    kind: Measure(
        f"{AFTER}{kind.value}", "组织生活", f"{kind.label}按期", Shape.SHARE, "次", "没开的", lacks="没有应开的会"
    )
    for kind in MeetingKind
}
ATTENDANCE = Measure(
    "attendance", "组织生活", "组织生活参加率", Shape.SHARE, "人次", "有人没到的会议", lacks="没有开会记录"
)
LATE = Measure("late", "组织生活", "补录率", Shape.SHARE, "条记录", "补录的记录（开始用本系统以前的不算）")
DUES_DUE = Measure("dues_due", "党费", "应交党费", Shape.SUM, "元", lacks=NO_DUES)
DUES_PAID = Measure("dues_paid", "党费", "已交党费", Shape.SUM, "元", lacks=NO_DUES)
DUES_OWING = Measure("dues_owing", "党费", "党费欠缴人数", Shape.SUM, "人", "欠缴的党员", lacks=NO_DUES)
HOURS = Measure("hours_reached", "教育培训", "全年学时达标率", Shape.SHARE, "人", "没达标的党员", lacks="没有人应学")
SERVICE = Measure("service_hours", "服务群众", "志愿服务时长", Shape.SUM, "小时", "志愿服务")
LEAN = Measure("lean", "精益改善", "精益课题和改善建议", Shape.SUM, "条", "课题和建议")
MEDIAN = Measure("points_median", "党员积分", "积分中位数", Shape.MEAN, "分", lacks=NOBODY_RANKED)
TOP_LEVEL = Measure("points_top", "党员积分", "积分最高等次", Shape.SHARE, "人", "最高等次的党员", lacks=NOBODY_RANKED)
OWN_RATE = Measure("own_rate", "考评得分", "自评得分率", Shape.MEAN, "分", lacks=LACKS[OWN])
VERIFIED_RATE = Measure("verified_rate", "考评得分", "核定得分率", Shape.MEAN, "分", lacks=LACKS[VERIFIED])
WHOSE_RATE = {OWN_RATE: WHOSE[OWN], VERIFIED_RATE: WHOSE[VERIFIED]}

FIXED = (
    MEMBERS, PROBATIONARY, ADMITTED, CASES, MEETINGS, *HELD.values(), ATTENDANCE, LATE, DUES_DUE, DUES_PAID,
    DUES_OWING, HOURS, SERVICE, LEAN, MEDIAN, TOP_LEVEL, OWN_RATE, VERIFIED_RATE,
)  # fmt: skip
"""Every measure but those of the dimensions, which the standard names."""


def of_dimension(dimension: str, name: str, *, verified: bool) -> Measure:
    """Return the measure of a dimension of the standard: points got of the points judged."""
    which = VERIFIED if verified else OWN
    area = f"{WHOSE[which]}各维度得分率"
    return Measure(f"{which}{dimension}", area, name, Shape.SHARE, POINTS, lists="缺项", lacks=LACKS[which])


def rate_count(rate: Fraction | Decimal | None, *, judged: bool) -> Count | None:
    """Return the rate of a branch as it counts in a mean: not at all where nobody judged its quality, for traces alone
    are no rate.
    """
    return Count(Fraction(rate)) if rate is not None and judged else None


def rounded(value: Fraction, places: int = PLACES) -> Decimal:
    """Return a value to so many places, halves up."""
    return Decimal((value * 10**places + Fraction(1, 2)).__floor__()).scaleb(-places)


def total(measure: Measure, counts: Iterable[Count | None]) -> Total:
    """Return what the counts of several branches come to; a branch that could not be counted adds nothing."""
    every = list(counts)
    known = [count for count in every if count is not None]
    top, base = sum((count.top for count in known), Fraction(0)), sum((count.base for count in known), Fraction(0))
    return Total(measure, len(known), top, base, sum(len(count.lines) for count in known), len(every) - len(known))


def totals(measures: Sequence[Measure], branches: Sequence[Mapping[str, Count]]) -> tuple[Total, ...]:
    """Return the figure of each measure over branches, whose counts are by the id of the measure."""
    return tuple(total(measure, (counts.get(measure.id) for counts in branches)) for measure in measures)


def no_data(measures: Iterable[Measure]) -> str:
    """Name the measures of which nobody has a figure: 没有数据：预备党员、积分中位数; "" where there are none."""
    named = "、".join(measure.heading for measure in measures)
    return f"没有数据：{named}" if named else ""


def no_data_of(found: Iterable[Total]) -> str:
    """Name the figures that nobody has; see `no_data`."""
    return no_data(each.measure for each in found if each.value is None)


def lacking_of(found: Iterable[Total]) -> str:
    """Return who is left out of several figures that stand together without their words: once where it is the same
    number for the same reason (4 个未核定未计入), else by figure.
    """
    told = [each for each in found if each.lacking and each.branches]
    words = dict.fromkeys(each.lacking_words for each in told)
    if len(words) < 2:
        return "".join(words)
    return "；".join(f"{each.measure.heading} {each.lacking_words}" for each in told)
