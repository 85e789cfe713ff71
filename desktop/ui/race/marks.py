"""赛马 > 扣分和否决: penalties and vetoes typed with their ground."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.numbers import digits
from desktop.services.race.appeals import AppealService, Hold
from desktop.services.race.corrections import APPEAL
from desktop.services.race.marks import COUNT, RULE, MarkService
from desktop.services.race.rows import MarkRow, Racer
from desktop.services.race.scheme import Scheme
from desktop.services.race.service import RaceService
from desktop.services.spreadsheets.branch_columns import BRANCH, GROUND
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Desk, Page
from desktop.ui.race.held import say_hold, under_field
from desktop.ui.race.period import PERIOD_WIDTH, PeriodChoice, PeriodInView, turn_to
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, link, text
from desktop.ui.widgets.counts import counter
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo, sentence, to_choose
from desktop.ui.widgets.layout import appear
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

GROUND_HINT = "写明文号、核查记录或处分决定。"


def _kind(mark: MarkRow) -> Tag:
    return Tag("否决", "bad") if mark.veto else Tag("扣分", "part")


COLUMNS: tuple[Column[MarkRow], ...] = (
    Column("编号", lambda mark: mark.code, width=76, tone="sub"),
    Column("支部", lambda mark: mark.name, width=230, fold=700),
    Column("事项", lambda mark: mark.rule_name, cell=lambda mark: Two(f"{mark.rule_id} {mark.rule_name}", mark.ground)),
    Column("数量", lambda mark: mark.count, text=lambda n: str(n), width=66, align="r"),
    Column("性质", lambda mark: _kind(mark).text, cell=lambda mark: _kind(mark), width=84),
)  # fmt: skip


class MarkDialog(FormDialog):
    """A penalty or veto for a branch."""

    def __init__(self, page: "MarksPage", scheme: Scheme, racers: Sequence[Racer], branch: str | None = None) -> None:
        rules: list[tuple[Any, str]] = [
            (penalty.id, f"扣分　{penalty.name}（每{penalty.unit}{digits(penalty.points)} 分）")
            for penalty in scheme.penalties
        ]
        rules += [(veto.id, f"否决　{veto.name}") for veto in scheme.vetoes]
        branches = to_choose((racer.branch_id, f"{racer.code} {racer.name}") for racer in racers)
        self.fields = FieldSet(
            (
                (BRANCH.name, Field(BRANCH.label, Choice(BRANCH.label, branches, branch), required=True)),
                (RULE.name, Field(RULE.label, Choice(RULE.label, to_choose(rules)), required=True)),
                (COUNT.name, Field(COUNT.label, counter(COUNT.label, 1), note="否决项填 1")),
                (GROUND.name, Field(GROUND.label, memo(GROUND.label, "", GROUND_HINT, lines=2), required=True)),
                *under_field(page.hold, branch),
            )
        )
        super().__init__(
            page,
            "登记扣分或否决",
            self.fields,
            fields=(self.fields,),
            verb="登记",
            needs="race_marks",
            draft=f"race_mark.{page.view.code}",
            wide=True,
        )
        self._marks = page

    def submit(self) -> None:
        """Keep it."""
        if not (self.readable() and self.chosen()):
            return
        values, marks, period = self.fields.values(), self._marks.marks, self._marks.view.code
        branch, rule, ground = values[BRANCH.name], values[RULE.name], values[GROUND.name]
        count, appeal = values[COUNT.name], values.get(APPEAL.name)
        self.keep(lambda: marks.add(period, branch, rule, ground, count, appeal), "已登记，重新计分后生效。")


class MarksPage(Page):
    """扣分和否决."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.marks = desk.service(RaceService), desk.service(MarkService)
        self.view = desk.service(PeriodInView)
        self.appeals, self.hold = desk.service(AppealService), Hold("")
        self.scheme: Scheme | None = None
        self._wanted = ("", "")
        self._period = ""  # of the marks in sight: another may be chosen already, and still be read
        self.racers: list[Racer] = []
        self.periods = PeriodChoice(self, self.view, PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.add_button = self.desk.offered("race_marks", button("登记扣分或否决", self.open_form, "primary", "plus"))
        empty = EmptyState(
            "gavel", "这一期没有扣分和否决。", "有查实的事项才登记，写明依据。", "登记扣分或否决", self.open_form
        )
        self.desk.offered("race_marks", empty)
        self.table: DataTable[MarkRow] = DataTable(COLUMNS, "扣分和否决", empty, height=46)
        self.pane = DetailPane("扣分和否决")
        self.split = ListWithPane(self.table, self.pane)
        self._held = text("", "sub", wrap=True)
        self.setLayout(col(self._held, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, and a new mark."""
        return (self.periods, self.add_button)

    def reload(self) -> None:
        """Read the marks of the period in view."""
        self.periods.follow()
        period = self.view.code

        self.read(
            lambda: (
                self.marks.marks(period),
                self.service.scheme(period),
                self.service.racers(period),
                self.appeals.hold(period),
            ),
            lambda got: self._loaded(period, *got),
        )

    def go(self, where: dict[str, Any]) -> None:
        """Show the mark of the branch by the rule asked for, else the first one of the branch."""
        self._wanted = (str(where.get("branch") or ""), str(where.get("item") or ""))
        self._choose()

    def open_form(self) -> None:
        """Ask for a penalty or veto."""
        if self.scheme is None or not self.racers:
            self.desk.say("还没有登记的支部。")
            return
        MarkDialog(self, self.scheme, self.racers).open()

    def show_row(self, mark: MarkRow) -> None:
        """Look at one mark."""
        kind = _kind(mark)
        self.pane.show_head(mark.rule_name, mark.rule_id, kind.text, kind.tone)
        count = f"{mark.count} {mark.unit}".strip()
        facts = [fact("支部", mark.name), fact("数量", count), fact("依据", mark.ground)]
        if mark.corrected:
            facts.append(fact("更正", mark.corrected))
        if self.hold.reason:
            self.pane.show_body(*facts, text(sentence(self.hold.reason), "sub", wrap=True))
            self.pane.show_foot()
        else:
            under = FieldSet(under_field(self.hold, mark.branch_id))
            self.pane.show_body(*facts, under)
            back = self.desk.offered(
                "race_marks", link("撤销这一条", lambda: self.remove(mark, under.values().get(APPEAL.name)), "trash")
            )
            self.pane.show_foot(back, ...)
        self.split.open_pane()

    def remove(self, mark: MarkRow, appeal: str | None = None) -> None:
        """Take a mark back; it can be put back for a while."""
        period = self._period

        def put_back() -> None:
            self.act(lambda: self.marks.add(period, mark.branch_id, mark.rule_id, mark.ground, mark.count, appeal))

        self.act(
            lambda: self.marks.remove(mark.id, appeal),
            "已撤销 1 条，重新计分后生效。",
            then=lambda _none: self.pane.close_pane(),
            undo=put_back,
        )

    def _loaded(self, period: str, rows: list[MarkRow], scheme: Scheme, racers: list[Racer], hold: Hold) -> None:
        if self._period not in ("", period):
            self.pane.close_pane()  # what it shows is of another period
        self._period, self.scheme, self.racers, self.hold = period, scheme, racers, hold
        say_hold(self._held, hold)
        self.add_button.setEnabled(not hold.reason)
        self.add_button.setToolTip(hold.reason)
        if self.table.empty.button is not None:
            appear(self.table.empty.button, not hold.reason)
        self.table.set_rows(rows, same=lambda mark: mark.id)
        self._choose()

    def _choose(self) -> None:
        """Show what was asked for once it is read; from then on what is chosen here stays."""
        branch, rule = self._wanted
        own = [mark for mark in self.table.model.rows() if mark.branch_id == branch]
        if own:
            self._wanted = ("", "")
            found = next((mark for mark in own if mark.rule_id == rule), own[0])
            self.table.select(lambda mark: mark.id == found.id)
