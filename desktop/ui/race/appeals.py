"""赛马 > 申诉: the appeals of a period as cases, and what happened to the period."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.appeals import APPEAL_GROUND, RAISED_BY, WISHED
from desktop.services.race.appeals import (
    DECIDED_BY,
    DECIDED_ON,
    DECISION,
    INDICATOR,
    LATE_REASON,
    RECEIVED_ON,
    STATE,
    AppealService,
    NewAppeal,
    mended_in,
)
from desktop.services.race.history import PeriodHistory
from desktop.services.race.rows import AppealRow, RaceTable
from desktop.services.race.service import RaceService
from desktop.services.race.versions import AppealComparison, VersionService
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.ui.appeals import APPEALS
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.history import HistoryPanel
from desktop.ui.output import print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import PERIOD_WIDTH, PeriodInView, choices, turn_to
from desktop.ui.race.versions import compared, show_versions
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, button, col, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo, to_choose
from desktop.ui.widgets.layout import appear
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

HISTORY_HEIGHT, WAITING = 380, "waiting"
MENDS = {"figures": "去更正评比数据", "marks": "去更正扣分和否决", "ratings": "去改评定"}
"""By tab: the way to what is corrected."""


def _state(appeal: AppealRow, today: date) -> Tag:
    """Return what became of an appeal; one that waits says how long it may before the time to appeal is over."""
    if appeal.awaits_correction:
        return Tag(f"{appeal.state.label}，待更正", "wait")
    if appeal.state is AppealState.PENDING:
        if appeal.late:
            return Tag("待决定，逾期提出", "bad")
        left = (appeal.due_on - today).days
        return Tag(f"待决定，还有 {left} 天", "wait") if left >= 0 else Tag("待决定，申诉期已过", "bad")
    return Tag(appeal.state.label, "good" if appeal.state.corrects else "none")


def columns(today: date) -> tuple[Column[AppealRow], ...]:
    """Return the columns of the list of appeals."""
    return (
        Column("编号", lambda appeal: appeal.code, width=76, tone="sub"),
        Column("支部", lambda appeal: appeal.name, width=210, fold=860),
        Column("申诉理由", lambda appeal: appeal.ground, cell=_ground),
        Column("收到", lambda appeal: appeal.received_on, width=106, tone="sub"),
        Column("决定", lambda appeal: appeal.decided_on, width=106, tone="sub", fold=620),
        Column("状态", lambda appeal: _state(appeal, today).text, cell=lambda appeal: _state(appeal, today), width=160),
    )


def _ground(appeal: AppealRow) -> Two:
    return Two(appeal.ground, "，".join(filter(None, (appeal.indicator_name, appeal.raised_by))))


class AppealDialog(FormDialog):
    """An appeal that came in; one that came too late says why it is taken up all the same."""

    def __init__(self, page: Page, race: RaceTable, branch: str | None = None) -> None:
        self._period, self._service = race.period, page.desk.service(AppealService)
        branches = to_choose((result.branch_id, f"{result.code} {result.name}") for result in race.rows)
        hint = "写明对哪一项、为什么有异议，附什么材料。"
        shown = race.rows[0].indicators if race.rows else ()
        indicators = [("", "整个结果"), *((each.id, f"{each.id} {each.name}") for each in shown)]
        note = f"申诉期到 {race.appeal_by:%Y-%m-%d}，期内不填" if race.appeal_by else ""
        self.fields = FieldSet(
            (
                (BRANCH.name, Field(BRANCH.label, Choice(BRANCH.label, branches, branch), required=True)),
                (RAISED_BY.name, Field(RAISED_BY.label, edit(RAISED_BY.label), required=True)),
                (
                    RECEIVED_ON.name,
                    Field(RECEIVED_ON.label, DateEdit(RECEIVED_ON.label, page.desk.store.today), required=True),
                ),
                (INDICATOR.name, Field(INDICATOR.label, Choice(INDICATOR.label, indicators, ""))),
                (
                    APPEAL_GROUND.name,
                    Field(APPEAL_GROUND.label, memo(APPEAL_GROUND.label, "", hint, lines=2), required=True),
                ),
                (LATE_REASON.name, Field(LATE_REASON.label, memo(LATE_REASON.label, lines=2), note=note)),
            )
        )
        super().__init__(
            page, f"受理{race.period_name}申诉", self.fields, fields=(self.fields,), verb="受理",
            needs="race_appeals", draft=f"race_appeal.{race.period}", wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Take it up."""
        if not self.readable(required=True):
            return
        values, service, period = self.fields.values(), self._service, self._period
        appeal = NewAppeal(
            branch_id=values[BRANCH.name],
            raised_by=values[RAISED_BY.name],
            received_on=values[RECEIVED_ON.name],
            ground=values[APPEAL_GROUND.name],
            late_reason=values[LATE_REASON.name],
            indicator=values[INDICATOR.name] or "",
        )
        self.keep(lambda: service.take_up(period, appeal), "已受理申诉，决定以后告诉支部。")


class DecisionDialog(FormDialog):
    """What was decided on an appeal, by whom, and why."""

    def __init__(self, page: Page, appeal: AppealRow) -> None:
        self._appeal, self._service = appeal, page.desk.service(AppealService)
        states = to_choose((s, s.label) for s in AppealState if s is not AppealState.PENDING)
        late: list[tuple[str, Field]] = []
        if appeal.late and not appeal.late_reason:
            note = f"申诉期到 {appeal.due_on:%Y-%m-%d}，决定成立的要填"
            late.append((LATE_REASON.name, Field(LATE_REASON.label, memo(LATE_REASON.label, lines=2), note=note)))
        self.fields = FieldSet(
            (
                *late,
                (STATE.name, Field(STATE.label, Choice(STATE.label, states, None), required=True)),
                (DECIDED_BY.name, Field(DECIDED_BY.label, edit(DECIDED_BY.label), required=True)),
                (
                    DECIDED_ON.name,
                    Field(DECIDED_ON.label, DateEdit(DECIDED_ON.label, page.desk.store.today), required=True),
                ),
                (
                    DECISION.name,
                    Field(
                        DECISION.label,
                        memo(DECISION.label, "", "写明核查了什么、依据哪份材料。", lines=2),
                        required=True,
                    ),
                ),
            )
        )
        words = (
            "成立、部分成立的，更正评比数据、重新计分，再公布一次；都不成立的，已公布的结果不变。决定随反馈包告诉支部。"
        )
        said = "，".join(filter(None, (appeal.indicator_name or "整个结果", appeal.wished and f"要求{appeal.wished}")))
        super().__init__(
            page, f"对{appeal.name}的申诉作决定", text(words, "sub", wrap=True),
            text(f"{said}：{appeal.ground}", "small", wrap=True), self.fields, fields=(self.fields,),
            verb="决定", needs=Act.PUBLISH, draft="race_decision", about=appeal.id, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Decide it."""
        if not self.readable(required=True):
            return
        values, service, appeal = self.fields.values(), self._service, self._appeal
        self.keep(
            lambda: service.decide(
                appeal.id,
                values[STATE.name],
                decided_by=values[DECIDED_BY.name],
                decision=values[DECISION.name],
                decided_on=values[DECIDED_ON.name],
                late_reason=values.get(LATE_REASON.name) or "",
            ),
            lambda state: "已决定，可以更正评比数据。" if state is RacePeriodState.APPEALED else "已决定，结果不变。",
        )


def show_history(page: Page, period: str, period_name: str) -> Dialog:
    """Show what happened to a period, newest first."""
    service = page.desk.service(PeriodHistory)
    panel = HistoryPanel(page, lambda: service.of(period))
    panel.setMinimumHeight(HISTORY_HEIGHT)
    dialog = Dialog(page, f"{period_name}经过", panel, verb="关闭", cancel="", wide=True)
    panel.load()
    dialog.open()
    return dialog


def window_words(race: RaceTable) -> str:
    """Say until when the published result may be appealed, or why it may not."""
    if race.state is RacePeriodState.FINAL:
        return "结果已定，不再受理申诉。"
    if race.appeal_by is None:
        return "结果公布以后才能申诉。"
    provisional = "（没有当年的放假安排，暂算）" if race.appeal_by_provisional else ""
    return f"{race.published_on:%Y-%m-%d} 公布，申诉期到 {race.appeal_by:%Y-%m-%d}{provisional}；逾期的写明理由才受理。"


class AppealsPage(Page):
    """申诉."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.race_service, self.view = desk.service(RaceService), desk.service(PeriodInView)
        self.versions = desk.service(VersionService)
        self.race: RaceTable | None = None
        self._waiting = False
        self.periods = Choice("评比周期", choices(desk.store.today), self.view.code, width=PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.versions_button = button("各次公布", self.open_versions, icon="archive")
        self.history_button = button("本期经过", self.open_history, icon="history")
        self.add_button = self.desk.offered("race_appeals", button("受理申诉", self.open_form, "primary", "gavel"))
        self._window = text("", "sub", wrap=True)
        empty = EmptyState("gavel", "这一期没有申诉。", "支部随报送包提出的列在这里；书面提出的，点“受理申诉”登记。")
        self.table: DataTable[AppealRow] = DataTable(columns(desk.store.today), "申诉", empty, height=46)
        self.pane = DetailPane("申诉")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self._window, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, what happened to it, and a new appeal."""
        return (self.periods, self.versions_button, self.history_button, self.add_button)

    def reload(self) -> None:
        """Read the appeals of the period in view."""
        if self.periods.value() != self.view.code:
            self.periods.set_value(self.view.code)
        period = self.view.code
        self.read(lambda: self.race_service.race(period), self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the first appeal that waits for a decision, where that is asked for."""
        self._waiting = where.get("view") == WAITING
        self._choose_waiting()

    def open_form(self) -> None:
        """Take up an appeal."""
        if self.race is not None:
            AppealDialog(self, self.race).open()

    def open_history(self) -> None:
        """Show what happened to the period."""
        if self.race is not None:
            show_history(self, self.race.period, self.race.period_name)

    def open_versions(self) -> None:
        """Show every published result of the period beside the one before."""
        if self.race is not None:
            show_versions(self, self.race.period, self.race.period_name)

    def show_row(self, appeal: AppealRow) -> None:
        """Look at one appeal, with what its correction changed; what is still to be done stands under it."""
        period = self.view.code

        def work() -> tuple[AppealComparison | None, str]:
            found = self.versions.of_appeal(appeal.id, period) if appeal.decided_on is not None else None
            return found, mended_in(self.race_service.scheme(period), appeal.indicator)

        self.read(work, lambda read: self._show(appeal, *read))

    def print_decision(self, appeal: AppealRow) -> None:
        """Show the decision on an appeal, to print it for both sides."""
        period = self.view.code

        def work(to: "Sink") -> object:
            from desktop.services.archive.race import RacePapers

            return RacePapers(self.desk.store).decision(appeal.id, period, to)

        print_paper(self, f"{appeal.name}申诉决定书", work)

    def _show(self, appeal: AppealRow, found: AppealComparison | None, where: str) -> None:
        tag = _state(appeal, self.desk.store.today)
        self.pane.show_head(appeal.name, appeal.code, tag.text, tag.tone)
        facts = [
            ("提出人", appeal.raised_by),
            (
                "支部提出" if appeal.raised_id else "收到",
                f"{appeal.received_on:%Y-%m-%d}{'，逾期' if appeal.late else ''}",
            ),
            ("申诉期到", f"{appeal.due_on:%Y-%m-%d}"),
            ("逾期受理", appeal.late_reason),
            ("对哪一项", f"{appeal.indicator} {appeal.indicator_name}" if appeal.indicator else "整个结果"),
            (WISHED.label, appeal.wished),
            ("申诉理由", appeal.ground),
            ("经手", appeal.recorded_by),
            ("决定", f"{appeal.state.label}　{appeal.decided_on:%Y-%m-%d}" if appeal.decided_on else ""),
            ("支部撤回", "知道决定以前撤回的，决定照办" if appeal.taken_back else ""),
            ("决定人", appeal.decided_by),
            ("决定理由", appeal.decision),
            ("重新公布", f"{appeal.republished_on:%Y-%m-%d}" if appeal.republished_on else ""),
            ("结果", appeal.outcome),
        ]
        files = None
        if appeal.raised_id:
            files = row(text("佐证", "sub"), files_link(self, "申诉的佐证", APPEALS, appeal.raised_id, reads=True), ...)
        self.pane.show_body(*(fact(name, value) for name, value in facts if value), files, *compared(found))
        paper = self.desk.offered(Act.EXPORT, link("打印决定书", lambda: self.print_decision(appeal), icon="printer"))
        if appeal.state is AppealState.PENDING:
            self.pane.show_foot(
                ...,
                self.desk.offered(
                    Act.PUBLISH, button("作出决定", lambda: DecisionDialog(self, appeal).open(), "primary")
                ),
            )
        elif appeal.awaits_correction:
            self.pane.show_foot(self._mend(appeal, where), ..., paper)
        else:
            self.pane.show_foot(paper, ...)
        self.split.open_pane()

    def _mend(self, appeal: AppealRow, where: str) -> QWidget:
        """Return the way to what an upheld appeal is about."""
        area = "assess" if where == "ratings" else "race"
        asked = {} if where == "marks" else {"branch": appeal.branch_id}
        return link(MENDS[where], lambda: self.desk.open(area, where, **asked))

    def _loaded(self, race: RaceTable) -> None:
        self.race = race
        self._window.setText(window_words(race))
        appear(self.add_button, race.state in (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED))
        self.table.set_rows(race.appeals, same=lambda appeal: appeal.raised_id or appeal.id)
        self._choose_waiting()

    def _choose_waiting(self) -> None:
        read = self.race is not None and self.race.period == self.view.code
        if self._waiting and read and self.table.select(lambda appeal: appeal.state is AppealState.PENDING):
            self._waiting = False
