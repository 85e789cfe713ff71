"""提升 > 赛马结果: the branch's own result, why it is so, and what would move it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import points
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.raising import Appealable, RaisedAppeal, RaisingService
from desktop.services.race.rows import RaceRow
from desktop.ui.appeals import APPEALS
from desktop.ui.attachments import files_link
from desktop.ui.page import Desk, Page
from desktop.ui.race.appealing import open_appeal
from desktop.ui.race.explain import (
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
from desktop.ui.race.trend import print_explained
from desktop.ui.widgets import Elided, EmptyState, Item, box, button, clear, col, fixed, link, row, rule, scroll, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import Turning, add, appear

SIDE_WIDTH, NARROW_SIDE_WIDTH = 420, 336
WIDE_FROM = 1100


class RaceResultPage(Page):
    """赛马结果."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.race, self.raising = desk.service(BranchRace), desk.service(RaisingService)
        self.results: list[RaceRow] = []
        self.raised: dict[str, list[RaisedAppeal]] = {}
        self.times: dict[str, Appealable] = {}
        self._wanted, self._appeal, self._wide = "", "", False
        self.periods = Choice("评比周期", width=160)
        self.periods.currentIndexChanged.connect(lambda _index: self._show(self.periods.value()))
        self.print_button = desk.offered(Act.EXPORT, button("打印说明", self.print_explanation, icon="printer"))
        self.appeal_button = desk.offered(APPEALS, button("申诉", self.open_appeal, icon="gavel"))
        self.plan_button = button("看改进计划", lambda: self.desk.open("improve", "board"), "primary", "trending-up")
        self._score, self._side = col(gap=4, pad=(16, 14, 16, 14)), col(gap=8, pad=(18, 14, 18, 14))
        left = box(col(scroll(box(self._score))), "card")
        self._side_card = fixed(box(col(scroll(box(self._side))), "card"), NARROW_SIDE_WIDTH)
        shown = box(row((left, 1), self._side_card, gap=12))
        self.empty = EmptyState(
            "trophy",
            "还没有收到赛马结果。",
            "总部公布后，结果和类别随反馈包一起来。",
            "导入总部反馈",
            lambda: self.desk.open("archive", "hand_in"),
        )
        desk.offered(Act.EXCHANGE, self.empty.button)
        self._stack = Turning()
        self._stack.addWidget(shown)
        self._stack.addWidget(box(col(self.empty), "card"))
        self.setLayout(col(self._stack, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """The period, an appeal, and the way to the plan."""
        return (self.periods, self.print_button, self.appeal_button, self.plan_button)

    def reload(self) -> None:
        """Read every result headquarters has published to this branch."""

        def work() -> tuple[list[RaceRow], dict[str, list[RaisedAppeal]], dict[str, Appealable]]:
            results = self.race.results()
            codes = [result.period for result in results]
            times = {code: self.raising.appealable(code) for code in codes}
            return results, {code: self.raising.raised(code) for code in codes}, times

        self.read(work, lambda found: self._loaded(*found))

    def go(self, where: dict[str, Any]) -> None:
        """Show the period asked for, or the one that an appeal is of."""
        self._wanted = str(where.get("period") or where.get("prefill", {}).get("period", ""))
        self._appeal = str(where.get("record") or "")
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show value and source of each indicator where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE_FROM
        fixed(self._side_card, SIDE_WIDTH if wide else NARROW_SIDE_WIDTH)
        if wide != self._wide:
            self._wide = wide
            self._show(self.periods.value())

    def print_explanation(self) -> None:
        """Write the result in view, explained to the last point."""
        result = next((shown for shown in self.results if shown.period == self.periods.value()), None)
        if result is not None:
            title = f"{result.name}{result.period_name}赛马结果说明"
            print_explained(self, title, lambda papers, path: papers.explanation(result.period, path))

    def open_appeal(self) -> None:
        """Write an appeal against the result in view."""
        open_appeal(self, self.periods.value() or "")

    def withdraw(self, appeal: RaisedAppeal) -> None:
        """Take an appeal back before it is decided."""
        self.act(lambda: self.raising.withdraw(appeal.id), "已撤回申诉。")

    def _loaded(
        self,
        results: list[RaceRow],
        raised: dict[str, list[RaisedAppeal]],
        times: dict[str, Appealable],
    ) -> None:
        self.results, self.raised, self.times = results, raised, times
        self._stack.setCurrentIndex(0 if results else 1)
        appear(self.periods, len(results) > 1)
        appear(self.plan_button, bool(results))
        appear(self.print_button, bool(results))
        appear(self.appeal_button, bool(results))
        self.periods.set_options([(result.period, result.period_name) for result in results], self.periods.value())
        self._choose()

    def _choose(self) -> None:
        """Show what was asked for once it is read; from then on what is chosen here stays."""
        of_appeal = (code for code, raised in self.raised.items() if any(each.id == self._appeal for each in raised))
        wanted = next(of_appeal, self._wanted)
        if any(result.period == wanted for result in self.results):
            self._wanted = self._appeal = ""
            self.periods.set_value(wanted)
        self._show(self.periods.value())

    def _show(self, period: str | None) -> None:
        result = next((shown for shown in self.results if shown.period == period), None)
        if result is None:
            return
        time = self.times[result.period]
        appear(self.appeal_button, time.settled_on is None)
        clear(self._score)
        clear(self._side)
        moved = movement(result)
        since = "" if moved == "—" else f"，较上期{moved}"
        head = row(
            text(result.period_name, "h2"), class_chip(result), text(f"{place(result)}{since}", "sub"),
            Elided(result.group_name, "sub"), gap=10, pad=(8, 0, 8, 0),
        )  # fmt: skip
        total = points(result.total, "未计总分")
        figures = row(
            text(total, "num"), text("分", "sub") if result.total is not None else None, 4,
            (text(f"{note(result, '点一行看数据出处')}。", "sub", wrap=True), 1), gap=6, pad=(8, 0, 8, 4),
        )  # fmt: skip
        lines: list[Item] = [head, figures, *indicator_lines(result, wide=self._wide), 4, rule()]
        for part in lines:
            add(self._score, part)
        published = f"{result.published_on:%Y-%m-%d} 公布" if result.published_on else ""
        if time.settled_on is not None:
            published = f"{published}，{time.settled_on:%Y-%m-%d} 定案"
        words = "　".join(filter(None, (sum_words(result), published, f"方案 {result.scheme_version}")))
        add(self._score, box(row((text(words, "small", wrap=True), 1), pad=(8, 4, 8, 0))))
        add(self._score, ...)
        mend = (lambda: self.desk.open("standards", "checklist")) if self.desk.has("standards") else None
        appeals = appeal_lines(result, time, self._raised(result))
        parts: list[Item] = [*year_lines(result), *why(result), *appeals, rule(), *ways(result, mend)]
        if result.benchmark:
            name = "帮带对象" if result.class_id == "advanced" else "对标支部"
            parts += [rule(), row(text(name, "sub"), (text(result.benchmark, wrap=True), 1), gap=12)]
        for part in parts:
            add(self._side, part)
        add(self._side, ...)

    def _raised(self, result: RaceRow) -> list[Item]:
        """Return the appeals of this branch that wait, with what may be done about each, and those it took back."""
        lines: list[Item] = []
        for appeal in self.raised.get(result.period, ()):
            if appeal.decided_on:
                continue
            about = "，".join(filter(None, (appeal.item_name, appeal.wished and f"要求{appeal.wished}")))
            late = "（逾期）" if appeal.late else ""
            words = f"{appeal.raised_on:%Y-%m-%d}{late} {appeal.raised_by}：{about}。{appeal.ground}"
            lines.append(text(words, "sub", wrap=True))
            if not appeal.waits:
                lines.append(text(appeal.state_words, "strong"))
                continue
            back = self.desk.offered(APPEALS, link("撤回", partial(self.withdraw, appeal)))
            files = files_link(self, "申诉的佐证", APPEALS, appeal.id)
            lines.append(row(files, back, ..., text(appeal.state_words, "strong", "wait"), gap=12))
        return lines
