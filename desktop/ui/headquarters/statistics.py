"""统计: what all branches come to, by group, branch and quarter; every figure opens what is behind it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.owing import told_together
from desktop.services.race.editions import period_name
from desktop.services.race.trend import GroupFigures, TrendService
from desktop.services.standards.verdict import Used
from desktop.services.statistics.across import (
    BranchesStatistics,
    BranchStatistics,
    Statistics,
    SummedFigure,
    YearlySum,
)
from desktop.services.statistics.measures import (
    ATTENDANCE,
    DUES_OWING,
    HELD,
    LATE,
    MEMBERS,
    Line,
    Measure,
    Total,
    no_data,
    total,
)
from desktop.ui.headquarters.listed import ListedDialog, listed
from desktop.ui.headquarters.numbers import NumbersView
from desktop.ui.headquarters.own_tables import OwnTablesPage
from desktop.ui.headquarters.parts import EVERY, CountyChoice
from desktop.ui.headquarters.statistics_tables import (
    FIGURE_COLUMNS,
    OF_BRANCH,
    YEARLY_COLUMNS,
    QuarterLine,
    branch_column,
    lacking_column,
    quarter_column,
    trend_point,
    unit_column,
    with_unit,
)
from desktop.ui.headquarters.tiles import Tiles
from desktop.ui.output import export_sheet, print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of
from desktop.ui.race.period import PERIOD_WIDTH, PeriodInView, turn_to, year_choices
from desktop.ui.race.trend import CHART_HEIGHT, Trend
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable
from desktop.ui.widgets import (
    EmptyState,
    Item,
    RowButton,
    Segments,
    appear,
    box,
    button,
    card,
    col,
    link,
    row,
    scroll,
    set_text,
    text,
)
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.pane import DetailPane, ListWithPane
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

NUMBERS, FIGURES, BRANCHES, QUARTERS, YEARLY = "numbers", "figures", "branches", "quarters", "yearly"
VIEWS = ((NUMBERS, "数字"), (FIGURES, "全部数字"), (BRANCHES, "按支部"), (QUARTERS, "按季度"), (YEARLY, "年报底数"))
TILES = (
    MEMBERS, HELD[MeetingKind.BRANCH_CONGRESS], HELD[MeetingKind.COMMITTEE_MEETING], ATTENDANCE, DUES_OWING, LATE,
)  # fmt: skip
MOST_LINES, SLIM, TALL = 200, 420, 560
LEAST_CHART, LOW_CHART, QUARTERS_BACK = 100, 130, 5
"""How low the chart gets, and how low it is on a small screen; how many quarters that of 数字 has: the same one of the
year before is among them."""


class BranchesStatisticsPage(Page):
    """统计 at headquarters."""

    own_period = True

    title = "统计"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(BranchesStatistics), desk.service(PeriodInView)
        self._whole: Statistics | None = None
        self._many_counties = False
        self.found: Statistics | None = None
        self._raced: tuple[GroupFigures, ...] = ()
        self._quarters: tuple[Statistics, ...] = ()
        self.read_yearly: YearlySum | None = None
        self.kind = Segments(VIEWS, name="看什么")
        self.period = Choice("期间", self.view.choices, self.view.code, width=PERIOD_WIDTH)
        self.group = Choice("分组", ((EVERY, "全部分组"),), width=132)
        self.county = CountyChoice(150)
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = desk.offered(Act.EXPORT, button("打印简报", self.print, "primary", "printer"))
        self.strip = ProgressStrip()
        self.words = text("", "sub", wrap=True)
        none = "等支部的报送包收进来，这里就有数。"
        self.figures: DataTable[Total] = DataTable(
            FIGURE_COLUMNS, "各项数字", EmptyState("report", "这一期还没有支部报来。", none), height=36
        )
        branch_columns: tuple[Column[BranchStatistics], ...] = (
            Column("编号", lambda each: each.code, width=72, tone="sub", fold=600),
            Column("支部", lambda each: each.name, least=BRANCH_ROOM),
            *map(branch_column, OF_BRANCH),
        )
        self.branches: DataTable[BranchStatistics] = DataTable(
            branch_columns, "各支部数字", EmptyState("report", "这一期还没有支部报来。", none), height=36
        )
        quarter_columns: tuple[Column[QuarterLine], ...] = (
            Column("范围", lambda each: each.measure.area, width=140, tone="sub", fold=760),
            Column("项目", lambda each: each.measure.name),
            *map(quarter_column, range(4)),
            unit_column(),
            lacking_column(),
        )
        self.quarters: DataTable[QuarterLine] = DataTable(
            quarter_columns, "各季度数字", EmptyState("report", "今年还没有支部报来。", none), height=34
        )
        self.yearly: DataTable[SummedFigure] = DataTable(
            YEARLY_COLUMNS, "年报底数合计", EmptyState("report", "今年还没有支部报来。", none), height=34
        )
        self.trend = Trend("核定和自评", "核定", "自评")
        self.tiles = Tiles()
        self.numbers = NumbersView()
        self.trend.setMinimumHeight(LEAST_CHART)
        self.trend.setMaximumHeight(CHART_HEIGHT)
        over_quarters = box(
            col(card(row(text("红线核定，虚线自评", "small"), ...), self.trend), (self.quarters, 1), gap=12)
        )
        self._stack = Turning()
        self._parts = {
            NUMBERS: scroll(col(self.numbers)),
            FIGURES: self.figures,
            BRANCHES: self.branches,
            QUARTERS: over_quarters,
            YEARLY: self.yearly,
        }
        for part in self._parts.values():
            self._stack.addWidget(part)
        self.pane = DetailPane("名单")
        own = link("自选表", lambda: self.desk.push(OwnTablesPage(self.desk, self.view.code)), "report")
        self.split = ListWithPane(self._stack, self.pane)
        head = row(self.kind, (self.words, 1), own, gap=12)
        self.setLayout(col(head, self.strip, self.tiles, (self.split, 1), gap=10, pad=(24, 12, 24, 16)))
        self.tiles.chosen.connect(self.show_total)
        self.pane.closed.connect(lambda: self.tiles.mark(""))
        self.kind.changed.connect(lambda _key: self._turn())
        self.period.currentIndexChanged.connect(lambda _index: self._other_period())
        self.group.currentIndexChanged.connect(lambda _index: self._show())
        self.county.currentIndexChanged.connect(lambda _index: self._narrow())
        self.numbers.heat.chosen.connect(self._open_cell)
        self.figures.picked.connect(self.show_total)
        self.branches.picked.connect(self.show_branch)
        self.branches.opened.connect(lambda branch: self.desk.open_branch(branch.branch_id))
        self.yearly.picked.connect(self.show_summed)
        self.pane.moved.connect(self._step)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period and group, out to Excel and to paper."""
        return (self.period, self.county, self.group, self.export_button, self.print_button)

    def reload(self) -> None:
        """Count what the view in sight shows."""
        self._offer_periods()
        self.view.learn(self, self._offer_periods)
        kind, period = self.kind.current(), self.view.code
        year = int(period[:4])
        words = "正在统计各支部"
        if kind == QUARTERS:
            self.call(
                lambda progress: self.service.quarters(year, progress), self._quarters_read,
                strip=self.strip, words=words, each=1, long=True,
            )  # fmt: skip
        elif kind == YEARLY:
            self.call(
                lambda progress: self.service.yearly(year, progress), self._yearly_read,
                strip=self.strip, words=words, each=1, long=True,
            )  # fmt: skip
        else:
            classes = self.desk.service(TrendService)
            self.call(
                lambda progress: (self.service.period(period, progress), classes.groups(period)),
                lambda read: self._period_read(*read), strip=self.strip, words=words, each=1, long=True,
            )  # fmt: skip

    def go(self, where: dict[str, Any]) -> None:
        """Look at the period asked for."""
        if where.get("period"):
            turn_to(self, str(where["period"]))

    def export(self) -> None:
        """Write the figures in sight to Excel."""
        tables: dict[str, DataTable[Any]] = {
            BRANCHES: self.branches,
            QUARTERS: self.quarters,
            YEARLY: self.yearly,
        }
        table = tables.get(self.kind.current(), self.figures)
        export_sheet(self, table.sheet(self._called(table.name)), self.words.text())

    def _called(self, name: str) -> str:
        """Return what a table is called out of the window: of which period, county and group its figures are."""
        if self.kind.current() in (QUARTERS, YEARLY):
            return f"{self.view.code[:4]}年{name}"
        said = "，".join(filter(None, (self.county.value(), self.group.currentText() if self.group.value() else "")))
        return f"{period_name(self.view.code)}{name}" + (f"（{said}）" if said else "")

    def print(self) -> None:
        """Show the figures of the period as a paper."""
        found, store = self.found, self.desk.store
        group, county = self.group.value() or EVERY, self.county.value() or EVERY
        if found is None:
            return

        def work(to: "Sink") -> object:
            from desktop.services.archive.branches_statistics import write_statistics

            return write_statistics(store, found, to, group, county)

        print_paper(self, f"{found.name}党建统计简报", work)

    # what was read

    def _period_read(self, found: Statistics, classes: Sequence[GroupFigures]) -> None:
        self._whole = found
        self._many_counties = self.county.offer(found.counties)
        appear(self.county, self._many_counties)
        self.found = found = found.within(self.county.value() or EVERY)
        self.group.set_options(
            [(EVERY, "全部分组"), *((each.id, each.name) for each in found.groups)], self.group.value()
        )
        self._raced, self._quarters = tuple(classes), ()
        self._show()
        self._look_back(found.period)

    def _narrow(self) -> None:
        """Count the branches of the county chosen; how the race classed them is told of whole groups only."""
        if self._whole is not None:
            self.found = self._whole.within(self.county.value() or EVERY)
            self._show()

    def _show(self) -> None:
        found = self.found
        if found is None or self.kind.current() in (QUARTERS, YEARLY):
            return
        branches, totals = found.of(self.group.value() or EVERY)
        self.figures.set_rows(totals if branches else [], same=lambda each: each.measure.id)
        self.branches.set_rows(branches, same=lambda each: each.branch_id)
        said = "，".join(filter(None, (found.name, self.county.value(), f"{len(branches)} 个支部")))
        set_text(self.words, "；".join((said, *found.coverage)), "")
        self._fill_tiles({each.measure.id: each for each in totals})
        chosen = self.group.value() or EVERY
        self.numbers.show_figures(found, chosen)
        self.numbers.show_classes(self._raced, chosen, whole=not self.county.value())
        self._show_quarters()
        self.pane.close_pane()
        self._stack.setCurrentWidget(self._parts[self.kind.current()])

    def _fill_tiles(self, totals: dict[str, Total]) -> None:
        self.tiles.show_totals([totals[measure.id] for measure in TILES])

    def _show_quarters(self) -> None:
        county = self.county.value() or EVERY
        told = [each.within(county) for each in self._quarters if county in (EVERY, *each.counties)]
        self.numbers.show_quarters(told, self.group.value() or EVERY)

    def _look_back(self, period: str) -> None:
        """Read the quarters before as well, when the figures of the period stand already."""

        def came(quarters: tuple[Statistics, ...]) -> None:
            if period == self.view.code:
                self._quarters = quarters
                self._show_quarters()

        self.call(
            lambda progress: self.service.until(period, QUARTERS_BACK, progress), came,
            strip=self.strip, words="正在统计前几个季度", each=1, long=True,
        )  # fmt: skip

    def _quarters_read(self, quarters: Sequence[Statistics]) -> None:
        if self.kind.current() != QUARTERS:
            return
        by_quarter = {int(each.period[-1]): {part.measure.id: part for part in each.totals} for each in quarters}
        measures = dict.fromkeys(measure for each in quarters for measure in each.measures)
        lines = [
            QuarterLine(measure, tuple(by_quarter.get(number, {}).get(measure.id) for number in range(1, 5)))
            for measure in measures
        ]
        self.quarters.set_rows(
            [line for line in lines if any(each is not None and each.value is not None for each in line.totals)],
            same=lambda line: line.measure.id,
        )
        self.trend.show_points([trend_point(each) for each in quarters])
        year = f"{self.view.code[:4]}年"
        came = "，".join(f"{each.name.removeprefix(year)} {len(each.branches)} 个" for each in quarters)
        shown = {line.measure for line in self.quarters.model.rows()}
        lacking = no_data(measure for measure in measures if measure not in shown)
        said = f"{year}报来的支部：{came}" if came else f"{year}还没有支部报来"
        set_text(self.words, "；".join(filter(None, (said, lacking))), "")
        self._stack.setCurrentWidget(self._parts[QUARTERS])

    def _yearly_read(self, found: YearlySum) -> None:
        if self.kind.current() != YEARLY:
            return
        self.read_yearly = found
        self.yearly.set_rows(found.figures, same=lambda each: (each.group, each.label))
        wrong = [f"{code}：{what}" for code, what in found.wrong]
        left = [f"{said}没有计入" for said in told_together((each.name, each.why) for each in found.left_out)]
        fine = f"{found.year} 年党内统计底数，各支部合计"
        set_text(self.words, "；".join((*wrong, fine, *left)), "bad" if wrong else "")
        self._stack.setCurrentWidget(self._parts[YEARLY])

    # what is behind a figure

    def show_total(self, each: Total) -> None:
        """List what is behind a figure, branch by branch."""
        found = self.found
        if found is None:
            return
        branches, _ = found.of(self.group.value() or EVERY)
        self._list(each.measure, branches, with_unit(each), each.missing or each.words)

    def _open_cell(self, group: str, number: int) -> None:
        found = self.found
        if found is None:
            return
        branches, totals = found.of(group)
        measure = self.numbers.measures[number]
        each = next(part for part in totals if part.measure.id == measure.id)
        self._list(measure, branches, with_unit(each), each.words)

    def _list(self, measure: Measure, branches: Sequence[BranchStatistics], figure: str, words: str) -> None:
        self.tiles.mark(measure.id)
        self.pane.show_head(f"{measure.name} {figure}", measure.area)
        said = "；".join(filter(None, (words, measure.lists and f"{measure.lists}：")))
        items: list[Item] = [text(said, "sub", wrap=True)]
        counted = [(branch, branch.counts[measure.id]) for branch in branches if measure.id in branch.counts]
        for branch, count in sorted(counted, key=lambda pair: -len(pair[1].lines)):
            own = total(measure, [count])
            items.append(self._way(branch, None, branch.name, f"{with_unit(own)}　{own.own_words}".strip()))
            items += [self._way(branch, line, line.what, line.note) for line in count.lines[:MOST_LINES]]
        left = [branch.name for branch in branches if measure.id not in branch.counts]
        if left:
            items.append(text(f"{'、'.join(left)}：没有可计的，不当作零", "small", wrap=True))
        self.pane.show_body(*items)
        ask = button(
            "按这份名单提意见",
            lambda: ListedDialog(self, measure, listed(measure, counted)).open(),
            icon="message",
        )
        self.pane.show_foot(self.desk.offered("remarks", ask) if counted else None, ...)
        self.split.open_pane()

    def _way(self, branch: BranchStatistics, line: Line | None, what: str, note: str) -> QWidget:
        pad = (0, 4, 0, 2) if line is None else (12, 2, 0, 2)
        words = text(what, "strong" if line is None else "body", wrap=True)
        layout = col(words, *([text(note, "small", wrap=True)] if note else ()), gap=0, pad=pad)

        def go() -> None:
            if line is not None and line.item:
                self.desk.open_branch(branch.branch_id, "standards", "checklist", item=line.item)
            elif line is not None and line.record:
                open_record_of(self.desk, branch.branch_id, Used(line.kind, line.record))
            else:
                self.desk.open_branch(branch.branch_id)

        return RowButton(f"打开 {branch.name} {what}", layout, go)

    def show_branch(self, branch: BranchStatistics) -> None:
        """List every figure of one branch."""
        found = self.found
        if found is None:
            return
        self.tiles.mark("")
        self.pane.show_head(branch.name, branch.code)
        items: list[Item] = [text(f"按第 {branch.seq} 号包，算到 {branch.on}", "sub", wrap=True)]
        for measure in found.measures:
            own = total(measure, [branch.counts.get(measure.id)])
            if own.value is not None:
                layout = row(
                    (text(measure.heading, wrap=True), 1), text(with_unit(own), "strong"), gap=8, pad=(0, 3, 8, 3)
                )
                items.append(
                    RowButton(
                        f"{measure.heading} {with_unit(own)}",
                        layout,
                        partial(self._list, measure, (branch,), with_unit(own), own.own_words),
                    )
                )
        self.pane.show_body(*items)
        self.pane.show_foot(button("打开支部", lambda: self.desk.open_branch(branch.branch_id), icon="eye"), ...)
        self.split.open_pane()

    def show_summed(self, figure: SummedFigure) -> None:
        """List the branches behind a figure of the yearly statistics, with who is counted."""
        self.pane.show_head(f"{figure.label} {figure.count}", figure.group)
        items: list[Item] = []
        for code, people in figure.branches:
            if people:
                names = "、".join(person.name for person in people)
                layout = col(
                    text(f"{code}　{len(people)}", "strong"), text(names, "small", wrap=True), gap=0, pad=(0, 4, 0, 4)
                )
                items.append(
                    RowButton(
                        f"打开 {code} 的统计",
                        layout,
                        partial(self.desk.open_branch, code, "members", "statistics"),
                    )
                )
        self.pane.show_body(*(items or [text("没有。", "sub")]))
        self.pane.show_foot()
        self.split.open_pane()

    # inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tiles.be_slim(self.height() < SLIM)
        self.trend.setMaximumHeight(CHART_HEIGHT if self.height() >= TALL else LOW_CHART)

    def _turn(self) -> None:
        self.pane.close_pane()
        kind = self.kind.current()
        appear(self.tiles, kind == NUMBERS)
        self._stack.setCurrentWidget(self._parts[kind])
        self._offer_periods()
        appear(self.group, kind not in (QUARTERS, YEARLY))
        appear(self.county, kind not in (QUARTERS, YEARLY) and self._many_counties)
        if kind in (QUARTERS, YEARLY) or self.found is None or self.found.period != self.view.code:
            self.reload()
        else:
            self._show()

    def _offer_periods(self) -> None:
        """Offer periods, or years where a whole year is told."""
        offered, code = self.view.choices, self.view.code
        whole_year = self.kind.current() in (QUARTERS, YEARLY)
        self.period.set_options(year_choices(offered, code) if whole_year else offered, code)

    def _other_period(self) -> None:
        turn_to(self, self.period.value() or None)

    def _step(self, by: int) -> None:
        tables: dict[str, DataTable[Any]] = {FIGURES: self.figures, BRANCHES: self.branches, YEARLY: self.yearly}
        table = tables.get(self.kind.current())
        if table is not None:
            table.step(by)
