"""数字 of 统计: rates by group and dimension, self against verified over quarters, and the classes of the race."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.services.numbers import points
from desktop.services.race.trend import GroupFigures
from desktop.services.statistics.across import BranchStatistics, GroupStatistics, Statistics
from desktop.services.statistics.bands import load_bands
from desktop.services.statistics.measures import (
    OWN,
    OWN_RATE,
    VERIFIED,
    VERIFIED_RATE,
    WHOSE,
    Measure,
    lacking_of,
    total,
)
from desktop.ui.headquarters.figures import ClassBars, Heat, HeatRow
from desktop.ui.headquarters.parts import EVERY
from desktop.ui.headquarters.statistics_tables import trend_point
from desktop.ui.improvement.parts import short
from desktop.ui.race.explain import BAR_TONES
from desktop.ui.race.trend import Trend
from desktop.ui.standards.common import short_name
from desktop.ui.widgets import appear, box, card, col, row, set_text, text

CHART, LEAST, BESIDE = 150, 120, 640
"""How tall the chart of quarters is, at least, and from which width on the classes stand beside it."""
ORDER = tuple(BAR_TONES)
RATES = {OWN_RATE.id, VERIFIED_RATE.id}


class NumbersView(QWidget):
    """What the figures of a period look like. A cell of `heat` is the group and a place in `measures`."""

    def __init__(self) -> None:
        super().__init__()
        self.measures: tuple[Measure, ...] = ()
        self.heat, self.bars = Heat("各组各维度得分率", load_bands().tone), ClassBars("赛马等次")
        self.trend = Trend("自评和核定", "核定", "自评")
        self.trend.setMinimumHeight(LEAST)
        self.trend.setMaximumHeight(CHART)
        self._title, self._gap = text("", "h2"), text("", "small", wrap=True)
        self._quarters = card("", row(text("自评和核定", "h2"), (self._gap, 1), gap=8), self.trend, gap=4)
        legend = text("先进红，中间黄，落后灰", "small", wrap=True)
        self._classes = card("", row(text("赛马等次", "h2"), (legend, 1), gap=8), self.bars, ...)
        self._below = row((self._quarters, 3), (self._classes, 2), gap=12)
        self._words = text("", "small", wrap=True)
        head = row(self._title, (self._words, 1), gap=8)
        self.setLayout(col(card("", head, self.heat), box(self._below), ..., gap=12))

    def show_figures(self, found: Statistics, chosen: str) -> None:
        """Show the rates of the groups, of one if it is `chosen`: the verified ones where somebody verified."""
        verified = [measure for measure in found.measures if measure.id.startswith(VERIFIED)]
        dimensions = verified or [measure for measure in found.measures if measure.id.startswith(OWN)]
        rate, whose = (VERIFIED_RATE, WHOSE[VERIFIED]) if verified else (OWN_RATE, WHOSE[OWN])
        self.measures = (*dimensions, rate)
        self._title.setText(f"各组各维度{whose}得分率")
        left = lacking_of(each for each in found.of(chosen)[1] if each.measure in self.measures)
        self._words.setText("%，" + "；".join(filter(None, (load_bands().rate_words, "点格子看是哪些支部", left))))
        rows = [self._row(each) for each in found.groups if chosen in (EVERY, each.id)]
        self.heat.show_rows([short_name(measure.name) for measure in dimensions], rows, f"{whose}均分")

    def _row(self, group: GroupStatistics) -> HeatRow:
        by_id = {each.measure.id: each for each in group.totals}
        *values, mean = (by_id[measure.id] for measure in self.measures)
        rates = tuple(None if each.value is None else float(each.value) for each in values)
        return HeatRow(group.id, f"{short(group.name)} {group.branches} 个", rates, mean.text)

    def show_classes(self, raced: Sequence[GroupFigures], chosen: str, *, whole: bool) -> None:
        """Show how the race classed the groups; it tells of `whole` groups only."""
        groups = [each for each in raced if chosen in (EVERY, each.id)]
        self.bars.show_groups([(short(each.name), sorted(each.classes, key=_class_order)) for each in groups])
        appear(self._classes, whole and bool(groups))

    def show_quarters(self, quarters: Sequence[Statistics], chosen: str) -> None:
        """Show the mean rates of every quarter in which one is known."""
        told = [trend_point(each, chosen) for each in quarters]
        told = [each for each in told if (each.total, each.group_mean) != (None, None)]
        self.trend.show_points(told)
        set_text(
            self._gap,
            "，".join(filter(None, ("红线核定，虚线自评", gap_words([each.of(chosen)[0] for each in quarters])))),
            "",
        )
        appear(self._quarters, bool(told))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= BESIDE
        self._below.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)


def gap_words(quarters: Sequence[Sequence[BranchStatistics]]) -> str:
    """Say how far the two are apart in the first and the last quarter, of the branches that have both in both."""
    both = [{each.branch_id: each for each in branches if set(each.counts) >= RATES} for branches in quarters]
    ends = [each for each in both if each]
    if not ends:
        return ""
    same = set(ends[0]) & set(ends[-1])
    if not same:
        return ""
    first, last = (_gap([end[branch_id] for branch_id in same]) for end in (ends[0], ends[-1]))
    who = f"两样都有的 {len(same)} 个支部"
    if first == last:
        return f"{who}相差 {points(last)} 分"
    return f"{who}差距从 {points(first)} 分{'缩到' if last < first else '扩大到'} {points(last)} 分"


def _gap(branches: Sequence[BranchStatistics]) -> Decimal:
    own, verified = (
        total(measure, [each.counts[measure.id] for each in branches]).value for measure in (OWN_RATE, VERIFIED_RATE)
    )
    return abs((own or Decimal(0)) - (verified or Decimal(0)))


def _class_order(part: tuple[str, str, int]) -> int:
    return ORDER.index(part[0])
