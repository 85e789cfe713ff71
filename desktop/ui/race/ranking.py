"""赛马 > 排名: the branches of a group ranked against the line, and one of them explained to the last point."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.assessment import AssessmentService, missed_words
from desktop.services.clock import spoken
from desktop.services.errors import InvalidInput
from desktop.services.numbers import digits, points
from desktop.services.progress import Progress
from desktop.services.race.closing import ClosingService
from desktop.services.race.rows import RaceRow, RaceTable
from desktop.services.race.scheme import Scheme
from desktop.services.race.service import RaceService
from desktop.ui.dialogs import ask_save, show_error
from desktop.ui.headquarters.parts import EVERY, CountyChoice, GroupSwitch
from desktop.ui.output import EXCEL, told
from desktop.ui.page import Desk, Page
from desktop.ui.race.appeals import AppealDialog, show_history, window_words
from desktop.ui.race.closing import CloseDialog, ReopenDialog
from desktop.ui.race.explain import (
    BAR_TONES,
    TONES,
    appeal_lines,
    class_chip,
    indicator_lines,
    movement,
    note,
    place,
    sum_words,
    ways,
    why,
    year_lines,
)
from desktop.ui.race.period import PERIOD_WIDTH, PeriodChoice, PeriodInView, turn_to
from desktop.ui.race.standard_points import StandardPointsPage
from desktop.ui.race.trend import TrendPage, print_explained
from desktop.ui.table_model import BRANCH_ROOM, Column, DataTable, Tag, Total, Txt
from desktop.ui.widgets import (
    Chip,
    Elided,
    EmptyState,
    Item,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.layout import add, appear
from desktop.ui.widgets.progress import ProgressStrip

SIDE_WIDTH, NARROW_SIDE_WIDTH = 476, 380
NAME_BESIDE_WIDE = 210
"""As long a name is read whole beside the explanation where that is wide."""
WIDE_FROM, BARS_FROM, COUNT_FROM = 1100, 1000, 840
TOTAL_COLUMN, TOTAL_WIDTH, NARROW_TOTAL_WIDTH, NUMBER_WIDTH = 2, 206, 156, 84
FULL = 100.0
CHANGES_SHOWN = 6
CLOSE, PUBLISH = "封账", "公布结果"


def columns(line: Callable[[], float]) -> tuple[Column[RaceRow], ...]:
    """Return the columns of the ranking; `line` says where 先进 begins, 0 where there is no room for bars."""
    return (
        Column("名次", lambda result: result.rank or 999, cell=_rank, width=62),
        Column("支部", lambda result: result.name, least=BRANCH_ROOM),
        Column(
            "总分", lambda result: result.total or -1, cell=lambda result: _total(result, line()), width=TOTAL_WIDTH
        ),
        Column("类别", lambda result: result.class_name, cell=_class, width=92),
        Column("较上期", lambda result: result.movement or 0, cell=_moved, width=74, fold=560),
    )


def _rank(result: RaceRow) -> Txt:
    return Txt("—" if result.rank is None else str(result.rank), "sub" if result.rank is None else "",
               bold=result.class_id == "advanced", align="c")  # fmt: skip


def _class(result: RaceRow) -> Tag:
    return Tag(result.class_name, TONES[result.class_id])


def _total(result: RaceRow, line: float) -> Total | Txt:
    if result.total is None:
        return Txt("未计总分", "wait", px=13)
    if result.rank is None:  # counted from what there is: no figure to compare
        return Txt(f"{points(result.total)} 数据不全" if line else points(result.total), "sub", px=13)
    if not line:
        return Txt(points(result.total), bold=True)
    return Total(float(result.total), FULL, BAR_TONES[result.class_id], line)


def _moved(result: RaceRow) -> Txt:
    words = movement(result)
    return Txt(words, "good" if words.startswith("升") else "sub", px=13)


class RankingPage(Page):
    """排名."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(RaceService), desk.service(PeriodInView)
        self.closing = desk.service(ClosingService)
        self.race: RaceTable | None = None
        self.scheme: Scheme | None = None
        self._wanted = ""
        self.periods = PeriodChoice(self, self.view, PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.county = CountyChoice(150)
        self._counties: Mapping[str, str] = {}
        self.county.currentIndexChanged.connect(lambda _index: self._narrow())
        appear(self.county, False)
        groups = row(gap=0)
        self.groups = GroupSwitch(groups)
        self._groups_box = box(groups)
        self.groups.changed.connect(self._show_group)
        self.state, self._told = Chip(""), ("", "")
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.again_button = self.desk.offered("race_results", button("重新计分", self.score, icon="refresh"))
        self.appeal_button = self.desk.offered("race_appeals", button("受理申诉", self.appeal, icon="gavel"))
        self.settle_button = self.desk.offered(Act.PUBLISH, button("定案", self.settle, "primary", "check"))
        self.main_button = button(PUBLISH, self.go_on, "primary", "send")
        for part in (self.again_button, self.appeal_button, self.settle_button, self.main_button):
            appear(part, False)
        self.strip = ProgressStrip()
        empty = EmptyState(
            "trophy", "还没有登记的支部。", "先邀请支部，收到登记文件和报送包后再评比。", "去邀请支部",
            lambda: self.desk.open("home"),
        )  # fmt: skip
        self.desk.offered(Act.EXCHANGE, empty)
        self.table: DataTable[RaceRow] = DataTable(columns(self._line), "赛马排名", empty, height=46, look="bare")
        self._rules, self._bottom = text("", "small", wrap=True), text("", "small")
        self._window = text("", "small", wrap=True)
        self._appeals_link = link("", lambda: self.desk.open("race", "appeals"))
        self._reopen_link = self.desk.offered(Act.PUBLISH, link("重新开放", self.reopen))
        self._history_link = link("本期经过", self.open_history)
        self._trend_link = link("走势和比较", self.open_trend)
        self._explain_link = self.desk.offered(Act.EXPORT, link("打印全部说明", self.print_all))
        foot = row((self._rules, 1), self._bottom, gap=12, pad=(14, 8, 14, 4))
        ways = (self._appeals_link, self._reopen_link, self._trend_link, self._explain_link, self._history_link)
        steps = col(self._window, row(*ways, ..., gap=8), gap=4, pad=(14, 0, 14, 8))
        left = box(col(self.strip, (self.table, 1), rule(), foot, steps, gap=0), "card")
        self._side = col(gap=4, pad=(12, 14, 12, 14))
        self._side_card = fixed(box(col(scroll(box(self._side))), "card"), NARROW_SIDE_WIDTH)
        self.setLayout(row((left, 1), self._side_card, gap=12, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which race, and its next step."""
        return (
            self.periods,
            self.county,
            self._groups_box,
            self.state,
            self.export_button,
            self.again_button,
            self.appeal_button,
            self.settle_button,
            self.main_button,
        )

    def reload(self) -> None:
        """Read the race of the period in view; before it is scored, compute it for this moment."""
        self.periods.follow()
        period = self.view.code

        def work(progress: Progress) -> tuple[RaceTable, Scheme, Mapping[str, str]]:
            return self.service.race(period, progress), self.service.scheme(period), self.service.counties()

        self.call(work, lambda got: self._loaded(*got), strip=self.strip, words="正在计算")

    def go(self, where: dict[str, Any]) -> None:
        """Explain the branch asked for."""
        self._wanted = str(where.get("branch", ""))
        if self._wanted and not self.county.takes(self._counties.get(self._wanted, "")):
            self.county.set_value(EVERY)
        if self.race is not None:
            self._show_group(self._group_of(self._wanted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the bars out where there is little room."""
        super().resizeEvent(event)
        self._share_out()
        self._tell_state(self.state.tone)

    def _share_out(self) -> None:
        """Share the width out between names, bars and explanation: a long name is read whole before both are wide."""
        wide = self.width() >= WIDE_FROM
        longest = max((Txt(each.name).widths()[0] for each in self.table.model.rows()), default=0)
        short = longest <= NAME_BESIDE_WIDE
        fixed(self._side_card, SIDE_WIDTH if wide and short else NARROW_SIDE_WIDTH)
        number = NUMBER_WIDTH if self.width() < BARS_FROM else TOTAL_WIDTH if wide else NARROW_TOTAL_WIDTH
        self.table.set_width(TOTAL_COLUMN, number)

    # actions

    def go_on(self) -> None:
        """Do the next step of the period: close, score, publish."""
        race = self.race
        if race is None:
            return
        if race.state is RacePeriodState.OPEN:
            if self.scheme is not None:
                CloseDialog(self, race, self.scheme, self.close_period).open()
        elif race.state is RacePeriodState.CLOSED or race.to_score_anew:
            self.score()
        elif race.undecided:
            self.desk.open("race", "appeals", view="waiting")
        else:
            words = "公布后，结果随下一个反馈包发给支部，支部按类别建立改进计划。"
            if race.state is RacePeriodState.APPEALED:
                words += _revised_words(race)
            period, question = self.view.code, f"公布{race.period_name}结果？"
            self.read(
                lambda: self._left_before(period),
                lambda left: confirm(self, question, left + words, "公布", self.publish),
                failed=self._offer_score,
                buttons=(self.main_button, self.again_button),
            )

    def _left_before(self, period: str) -> str:
        """Return what comes too late once a period is published, which nothing overtook."""
        self.service.refuse_outdated(period)
        return missed_words(self.desk.service(AssessmentService).rows(period))

    def _offer_score(self, error: Exception) -> None:
        """Offer to score anew what later knowledge overtook."""
        if isinstance(error, InvalidInput) and self.desk.allows("race_results"):
            confirm(self, "先重新计分？", f"{error.reason}。", "重新计分", self.score)
        else:
            show_error(self, error)

    def close_period(self, penalize: Sequence[str]) -> None:
        """封账."""
        marked = f"登记了 {len(penalize)} 条扣分。" if penalize else ""
        self._step(lambda period: self.closing.close(period, penalize), f"已封账。{marked}")

    def reopen(self) -> None:
        """重新开放."""
        if self.race is not None:
            ReopenDialog(self, self.race).open()

    def score(self) -> None:
        """计分."""
        period = self.view.code
        self.call(
            lambda progress: self.service.score(period, progress),
            lambda _race: self.desk.say("已计分，看过再公布。"),
            strip=self.strip,
            words="正在计算",
            buttons=(self.main_button, self.again_button),
        )

    def publish(self) -> None:
        """公布."""
        self._step(self.service.publish, "已公布，到“下发”把结果发给支部。")

    def appeal(self) -> None:
        """受理申诉."""
        current = self.table.current()
        if self.race is not None:
            AppealDialog(self, self.race, current.branch_id if current else None, then=self._look_at_case).open()

    def _look_at_case(self, case: str) -> None:
        """Go to a case that was just taken up: there it takes the scan of its letter, and is decided."""
        self.desk.open("race", "appeals", case=case)

    def open_history(self) -> None:
        """Show what happened to the period."""
        if self.race is not None:
            show_history(self, self.race.period, self.race.period_name)

    def open_trend(self) -> None:
        """Look at the branch in view over the quarters, and at the groups side by side."""
        race, current = self.race, self.table.current()
        if race is not None and current is not None:
            page = TrendPage(self.desk, current.branch_id, current.name, race.period, race.period_name)
            self.desk.push(page)

    def print_all(self) -> None:
        """Write the explanations of all branches, one after another."""
        self._explain("各党支部", "")

    def _explain(self, name: str, branch: str) -> None:
        race = self.race
        if race is not None:
            title = f"{name}{race.period_name}赛马结果说明"
            print_explained(self, title, lambda papers, path: papers.explanation(race.period, path, branch))

    def settle(self) -> None:
        """定案."""
        if self.race is None:
            return
        name = self.race.period_name
        words = f"{len(self.race.rows)} 个支部的结果定案后不能再改，也不再受理逾期的申诉。"
        confirm(
            self, f"{name}定案？", words, "定案",
            lambda: self._step(self.service.settle, f"{name}结果已定案。"), destructive=True,
        )  # fmt: skip

    def export(self) -> None:
        """Write the race to a workbook."""
        race = self.race
        if race is None:
            return
        path = ask_save(self, "导出赛马结果", f"{self.county.value() or ''}{race.period_name}赛马结果.xlsx", EXCEL)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the race to `path`."""
        period, county = self.view.code, self.county.value() or EVERY
        self.call(lambda progress: self.service.export(period, path, progress, county), lambda _count: told(self, path))

    # inside

    def _line(self) -> float:
        if self.width() < BARS_FROM:
            return 0.0
        return float(self.race.advanced_line) if self.race else FULL

    def _step(self, step: Callable[[str], object], words: str) -> None:
        period = self.view.code
        self.act(lambda: step(period), words, buttons=(self.main_button, self.again_button))

    def _loaded(self, race: RaceTable, scheme: Scheme, counties: Mapping[str, str]) -> None:
        before = self.table.current()
        self.race, self.scheme, self._counties = race, scheme, counties
        appear(self.county, self.county.offer(counties.get(result.branch_id, "") for result in race.rows))
        self._show_state(race)
        share = scheme.classification.advanced_top_ratio
        self._rules.setText(
            f"竖线是先进线 {digits(race.advanced_line)} 分；先进还须名次在前 {share:.0%}。方案 {race.scheme_version}"
        )
        forced = "" if scheme.classification.force_bottom else "，不强排"
        self._bottom.setText(f"低于 {digits(race.lagging_line)} 分为落后{forced}")
        self._make_groups(race)
        self._wanted = self._wanted or (before.branch_id if before else "")
        self._show_group(self._group_of(self._wanted))

    def _make_groups(self, race: RaceTable) -> None:
        self.groups.offer((group.id, group.name, group.size) for group in race.groups)

    def _group_of(self, branch: str) -> str:
        rows = self.race.rows if self.race else ()
        found = next((result.group for result in rows if result.branch_id == branch), "")
        return found or (self.race.groups[0].id if self.race and self.race.groups else "")

    def _show_group(self, group: str) -> None:
        if self.race is None:
            return
        self.groups.choose(group)
        wanted, self._wanted = self._wanted, ""
        self.table.set_rows(self.race.in_group(group))
        self._share_out()
        self._narrow(wanted)

    def _narrow(self, wanted: str = "") -> None:
        """Show the branches of the county chosen, each with its rank in the whole group, and one of them explained."""
        every, current = not self.county.value(), self.table.current()
        wanted = wanted or (current.branch_id if current is not None else "")
        self.table.model.set_filter(
            None if every else lambda result: self.county.takes(self._counties.get(result.branch_id, ""))
        )
        shown = self.table.model.rows()
        if not self.table.select(lambda result: result.branch_id == wanted) and shown:
            self.table.select(lambda result: result.branch_id == shown[0].branch_id)
        if not shown:
            clear(self._side)
        appear(self._side_card, bool(shown))

    def _tell_state(self, tone: str) -> None:
        """Say how far the period has come; on the smallest screen how many reported is told under the pointer."""
        state, told_in = self._told
        beside = 0 if self.county.isHidden() else self.county.sizeHint().width()
        self.state.show_state(state + (told_in if self.width() - beside >= COUNT_FROM else ""), tone)
        self.state.setToolTip(state + told_in)

    def _show_state(self, race: RaceTable) -> None:
        state, rows = race.state, len(race.rows)
        trial = "，试算" if state is RacePeriodState.OPEN else ""
        label = "未封账" if race.ended and state is RacePeriodState.OPEN else state.label
        told_in = f"，{race.handed_in} / {race.expected} 已收" if race.expected else ""
        self._told = (f"{label}{trial}", told_in)
        self._tell_state("good" if race.expected and race.handed_in == race.expected else "wait")
        names = {
            RacePeriodState.OPEN: CLOSE if race.ended else "",
            RacePeriodState.CLOSED: "计分",
            RacePeriodState.SCORED: PUBLISH,
            RacePeriodState.APPEALED: "办理申诉" if race.undecided else "重新计分" if race.to_score_anew else PUBLISH,
        }
        name = names.get(state, "") if rows else ""
        self.main_button.setText(name)
        scores = state is RacePeriodState.CLOSED or race.to_score_anew
        self.desk.offered("race_results" if scores else Act.PUBLISH, self.main_button)
        appear(self.main_button, bool(name))
        appear(self.again_button, state is RacePeriodState.SCORED or (race.correctable and not race.to_score_anew))
        published = state is RacePeriodState.PUBLISHED
        appear(self.appeal_button, published)
        over = race.appeal_by is not None and self.desk.store.today > race.appeal_by
        appear(self.settle_button, published and over)
        binds = name in (CLOSE, PUBLISH) or (published and over)
        self._window.setText(_steps_words(race) + (self.desk.left_to_others(Act.PUBLISH) if binds else ""))
        closed = state in (RacePeriodState.CLOSED, RacePeriodState.SCORED)
        appear(self._reopen_link, closed and race.published_on is None)
        count = len(race.appeals)
        self._appeals_link.setText(f"申诉 {count} 件" + (f"，{race.undecided} 件待决定" if race.undecided else ""))
        appear(self._appeals_link, bool(count))
        for shown in (self._trend_link, self._explain_link):
            appear(shown, bool(rows) and state is not RacePeriodState.OPEN)
        appear(self._history_link, state is not RacePeriodState.OPEN)

    def take_apart(self, result: RaceRow) -> None:
        """Show the points of the standard item by item, with the records behind them."""
        self.desk.push(StandardPointsPage(self.desk, result))

    def show_row(self, result: RaceRow) -> None:
        """Explain one branch to the last point."""
        clear(self._side)
        links: list[Item] = []
        if self.desk.has("send", "remarks"):
            links.append(
                self.desk.offered(
                    "remarks",
                    link("提意见", lambda: self.desk.open("send", "remarks", branch=result.branch_id), "message"),
                )
            )
        paper = link("打印说明", lambda: self._explain(result.name, result.branch_id), "printer")
        links.append(self.desk.offered(Act.EXPORT, paper))
        head = row(Elided(result.name, "h2"), class_chip(result), text(place(result), "sub"), gap=8, pad=(8, 0, 8, 0))
        total = points(result.total, "未计总分")
        figures = row(
            text(total, "num"), text("分", "sub") if result.total is not None else None, ..., *links,
            gap=6, pad=(8, 0, 8, 0),
        )  # fmt: skip
        lines: list[Item] = [head, figures, *indicator_lines(result, standard=lambda: self.take_apart(result))]
        told = "；".join(filter(None, (sum_words(result), note(result))))
        lines.append(box(row((text(told, "small", wrap=True), 1), pad=(8, 2, 8, 2))))
        parts: list[Item] = [rule(), *year_lines(result), *why(result), *appeal_lines(result), rule()]
        parts += ways(result, lambda: self.take_apart(result))
        late = next((r for r in self.race.late if r.branch_id == result.branch_id), None) if self.race else None
        missing = "" if result.handed_in else "这一期还没有收到它的报送包。"
        missing = f"这一期不用报：{result.not_asked}。" if result.not_asked else missing
        words = f"它的报送包 {late.received_on:%Y-%m-%d} 收到，在封账以后。" if late else missing
        if words:
            lines.insert(2, box(row((text(words, "small", wrap=True), 1), pad=8), "part"))
        for part in lines:
            add(self._side, part)
        add(self._side, box(_column(parts)))
        add(self._side, ...)


def _column(parts: Sequence[Item]) -> Any:
    layout = col(gap=6, pad=(8, 4, 8, 0))
    for part in parts:
        add(layout, part)
    return layout


def _steps_words(race: RaceTable) -> str:
    """Say when the period was closed and published, until when it may be appealed, and which reports came late."""
    words = ""
    if race.appeal_by is not None:
        words = window_words(race)
    elif race.closed_on is not None:
        words = f"{race.closed_on:%Y-%m-%d} 封账。"
    if race.late:
        late = "、".join(f"{report.name}（{spoken(report.received_on)}）" for report in race.late)
        words += f"封账后才报送的：{late}。"
    return words


def _revised_words(race: RaceTable) -> str:
    """Say which results differ from those published before."""
    if not race.revised:
        return "各支部的结果与上次公布的一样。"
    shown = "；".join(race.revised[:CHANGES_SHOWN])
    more = f"；等 {len(race.revised)} 个支部" if len(race.revised) > CHANGES_SHOWN else ""
    return f"与上次公布不同的：{shown}{more}。"
