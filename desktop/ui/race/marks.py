"""赛马 > 扣分和否决: penalties and vetoes typed with their ground."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.errors import InvalidInput
from desktop.services.progress import Progress
from desktop.services.race.scheme import Scheme
from desktop.services.race.service import MarkRow, Racer, RaceService
from desktop.ui.dialogs import show_error
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import PeriodInView, choices
from desktop.ui.standards.rating import counter
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, link
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

COLUMNS: tuple[Column[MarkRow], ...] = (
    Column("编号", lambda one: one.code, width=76, tone="sub"),
    Column("支部", lambda one: one.name, width=230, fold=700),
    Column("事项", lambda one: one.rule_name, cell=lambda one: Two(f"{one.rule_id} {one.rule_name}", one.ground)),
    Column("数量", lambda one: one.count, text=lambda n: str(n), width=66, align="r"),
    Column("性质", lambda one: one.veto, cell=lambda one: Tag("否决", "bad") if one.veto else Tag("扣分", "part"),
           width=84),
)  # fmt: skip


class MarkDialog(Dialog):
    """A penalty or veto for a branch."""

    def __init__(self, page: "MarksPage", scheme: Scheme, racers: Sequence[Racer], branch: str | None = None) -> None:
        rules: list[tuple[Any, str]] = [
            (one.id, f"扣分　{one.name}（每{one.unit}{one.points:g} 分）") for one in scheme.penalties
        ]
        rules += [(one.id, f"否决　{one.name}") for one in scheme.vetoes]
        self.fields = FieldSet(
            (
                ("支部", Field("支部", Choice("支部", [(r.branch_id, f"{r.code} {r.name}") for r in racers], branch))),
                ("rule", Field("事项", Choice("事项", rules))),
                ("数量", Field("数量", counter("数量", 1), note="否决项填 1")),
                ("依据", Field("依据", memo("依据", "", "写明文号、核查记录或处分决定。", lines=2), required=True)),
            )
        )
        super().__init__(page, "登记扣分或否决", self.fields, verb="登记", wide=True)
        self._page = page

    def submit(self) -> None:
        """Keep it."""
        self.fields.calm()
        values, page = self.fields.values(), self._page
        period = page.view.code

        def refused(error: Exception) -> None:
            if not (isinstance(error, InvalidInput) and self.fields.refuse(error.field, f"{error.reason}。")):
                show_error(self, error)

        def done(_id: str) -> None:
            self.accept()
            page.desk.changed()
            page.desk.say("已登记，重新计分后生效。")

        page.call(
            lambda _progress: page.service.add_mark(
                period, values["支部"], values["rule"], values["依据"], values["数量"]
            ),
            done,
            failed=refused,
            buttons=(self.verb,),
        )


class MarksPage(Page):
    """扣分和否决."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(RaceService), desk.service(PeriodInView)
        self.scheme: Scheme | None = None
        self.racers: list[Racer] = []
        self.periods = Choice("评比周期", choices(desk.store.today), self.view.code, width=150)
        self.periods.currentIndexChanged.connect(lambda _index: self._period_chosen())
        self.add_button = button("登记扣分或否决", self.open_form, "primary", "plus")
        empty = EmptyState(
            "gavel", "这一期没有扣分和否决。", "有查实的事项才登记，写明依据。", "登记扣分或否决", self.open_form
        )
        self.table: DataTable[MarkRow] = DataTable(COLUMNS, "扣分和否决", empty, height=46)
        self.pane = DetailPane("扣分和否决")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self.table.clear_selection)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, and a new mark."""
        return (self.periods, self.add_button)

    def reload(self) -> None:
        """Read the marks of the period in view."""
        if self.periods.value() != self.view.code:
            self.periods.set_value(self.view.code)
        period = self.view.code

        def work(_progress: Progress) -> tuple[list[MarkRow], Scheme, list[Racer]]:
            return self.service.marks(period), self.service.scheme(period), self.service.racers()

        self.call(work, lambda got: self._loaded(*got))

    def open_form(self) -> None:
        """Ask for a penalty or veto."""
        if self.scheme is None or not self.racers:
            self.desk.say("还没有登记的支部。")
            return
        MarkDialog(self, self.scheme, self.racers).open()

    def show_row(self, one: MarkRow) -> None:
        """Look at one mark."""
        self.pane.show_head(one.rule_name, one.rule_id, "否决" if one.veto else "扣分", "bad" if one.veto else "part")
        count = f"{one.count} {one.unit}".strip()
        self.pane.show_body(fact("支部", one.name), fact("数量", count), fact("依据", one.ground))
        self.pane.show_foot(link("撤销这一条", lambda: self.remove(one), "trash"), ...)
        self.split.open_pane()

    def remove(self, one: MarkRow) -> None:
        """Take a mark back; it can be put back for a while."""
        period = self.view.code

        def undo() -> None:
            self.call(
                lambda _p: self.service.add_mark(period, one.branch_id, one.rule_id, one.ground, one.count),
                lambda _id: self.desk.changed(),
            )

        def done(_none: None) -> None:
            self.pane.close_pane()
            self.desk.changed()
            self.desk.say("已撤销 1 条，重新计分后生效。", undo)

        self.call(lambda _progress: self.service.remove_mark(one.id), done)

    def _period_chosen(self) -> None:
        code = self.periods.value()
        if code is not None and code != self.view.code:
            self.view.code = code
            self.reload()

    def _loaded(self, rows: list[MarkRow], scheme: Scheme, racers: list[Racer]) -> None:
        self.scheme, self.racers = scheme, racers
        self.table.set_rows(rows, same=lambda one: one.id)
