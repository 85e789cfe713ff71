"""赛马 > 申诉: the appeals of a period as cases, and what happened to the period."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.appeals import APPEAL_GROUND, RAISED_BY, WISHED
from desktop.services.race.appeals import (
    INDICATOR,
    LATE_REASON,
    RECEIVED_ON,
    AppealService,
    NewAppeal,
    mended_in,
)
from desktop.services.race.history import PeriodHistory
from desktop.services.race.period_steps import At, period_steps
from desktop.services.race.rows import AppealRow, RaceTable
from desktop.services.race.service import RaceService
from desktop.services.race.trying import Correctable, TrialService
from desktop.services.race.versions import AppealComparison, VersionService
from desktop.services.spreadsheets.branch_columns import BRANCH
from desktop.ui import theme
from desktop.ui.appeals import APPEALS, GROUPS_STAND
from desktop.ui.attachments import files_link
from desktop.ui.form_dialog import FormDialog
from desktop.ui.history import HistoryPanel
from desktop.ui.output import print_paper
from desktop.ui.page import Desk, Page
from desktop.ui.race.deciding import AFTER, MENDS_GROUP, DecisionPart
from desktop.ui.race.period import PERIOD_WIDTH, PeriodChoice, PeriodInView, turn_to
from desktop.ui.race.versions import compared, show_versions
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Glyph, Item, box, button, clear, col, link, row, rule, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, count_faults, edit, memo, to_choose
from desktop.ui.widgets.keys import Keys, shortcut
from desktop.ui.widgets.layout import add, appear
from desktop.ui.widgets.pane import COVERS_BELOW, DetailPane, ListWithPane, fact

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink

HISTORY_HEIGHT, WAITING = 380, "waiting"
NONE, COMES, BY_HAND = "这一期没有申诉。", "支部随报送包提出的列在这里", "书面提出的，点“受理申诉”登记"
LIST_WIDTH, ROOM_FOR_STEPS, SHORT = 320, 400, 14
SIGNS = {
    At.DONE: ("circle-check", theme.GREEN),
    At.HERE: ("progress", theme.RED),
    At.AHEAD: ("clock", theme.SUB),
}
CASES = "race_appeals"
MENDS = {"figures": "去更正评比数据", "marks": "去改扣分和否决", "ratings": "去改评定"}
LOOKS = {"figures": "看评比数据", "marks": "看扣分和否决", "ratings": "看评定"}
"""By tab: the way to what is corrected, and before the appeal is decided to what is to be looked at."""


def _key(appeal: AppealRow) -> str:
    return appeal.raised_id or appeal.id


def _state(appeal: AppealRow, today: date) -> Tag:
    """Return what became of an appeal; one that waits says how long it may before the time to appeal is over."""
    if appeal.awaits_correction:
        return Tag(f"{appeal.state.label}，待再公布", "wait")
    if appeal.state is AppealState.PENDING:
        if appeal.late:
            return Tag("待决定，逾期提出", "bad")
        left = (appeal.due_on - today).days
        return Tag(f"待决定，还有 {left} 天", "wait") if left >= 0 else Tag("待决定，申诉期已过", "bad")
    return Tag(appeal.state.label, "good" if appeal.state.corrects else "none")


def columns(today: date) -> tuple[Column[AppealRow], ...]:
    """Return the columns of the list of appeals; beside a case in view only whose they are, and their state."""
    return (
        Column("支部", lambda appeal: appeal.name, cell=lambda appeal: Two(appeal.name, _about(appeal)), least=120),
        Column("申诉理由", lambda appeal: appeal.ground, width=320, fold=860),
        Column("决定", lambda appeal: appeal.decided_on or appeal.withdrawn_on, width=106, tone="sub", fold=620),
        Column("状态", lambda appeal: _state(appeal, today).text, cell=lambda appeal: _short(appeal, today), width=104),
    )


def paired(facts: Sequence[tuple[str, str]]) -> list[Item]:
    """Return the facts of a case, two short ones in a line."""
    lines: list[Item] = []
    waiting: tuple[str, str] | None = None
    for each in facts:
        short = len(each[1]) <= SHORT
        if short and waiting is not None:
            lines.append(row((fact(*waiting), 1), (fact(*each), 1), gap=16))
            waiting = None
            continue
        if waiting is not None:
            lines.append(fact(*waiting))
        waiting = each if short else None
        if not short:
            lines.append(fact(*each))
    return [*lines, fact(*waiting)] if waiting is not None else lines


def _about(appeal: AppealRow) -> str:
    """Return the quiet line under the name of a branch: what it appeals against, and since when."""
    return f"{appeal.indicator_name or '整个结果'}　{appeal.received_on:%m-%d}"


def _withdrawn(appeal: AppealRow) -> str:
    """Say when its branch took an appeal back, and what that means for a decision that was made already."""
    if appeal.withdrawn_on is None:
        return ""
    return f"{appeal.withdrawn_on:%Y-%m-%d}{'，知道决定以前撤回的，决定照办' if appeal.decided_on else ''}"


def _short(appeal: AppealRow, today: date) -> Tag:
    """Return the state in the few words there is room for in the list."""
    whole = _state(appeal, today)
    if appeal.state is not AppealState.PENDING:
        return Tag("待再公布" if appeal.awaits_correction else whole.text, whole.tone)
    left = (appeal.due_on - today).days
    return Tag("逾期提出" if appeal.late else f"还有 {left} 天" if left >= 0 else "期限已过", whole.tone)


class AppealDialog(FormDialog):
    """An appeal that came in; one that came too late says why it is taken up all the same."""

    def __init__(
        self, page: Page, race: RaceTable, branch: str | None = None, then: Callable[[str], object] | None = None
    ) -> None:
        """`then` follows with the id of the case."""
        self._then = then
        self._period, self._service = race.period, page.desk.service(AppealService)
        branches = to_choose((result.branch_id, f"{result.code} {result.name}") for result in race.rows)
        hint = "写明对哪一项、为什么有异议，附什么材料。"
        shown = race.rows[0].indicators if race.rows else ()
        indicators = [("", "整个结果"), *((each.id, f"{each.id} {each.name}") for each in shown)]
        stands = f"{GROUPS_STAND}；{MENDS_GROUP}"
        note = f"申诉期到 {race.appeal_by:%Y-%m-%d}，期内不填" if race.appeal_by else ""
        self.fields = FieldSet(
            (
                (BRANCH.name, Field(BRANCH.label, Choice(BRANCH.label, branches, branch), required=True)),
                (RAISED_BY.name, Field(RAISED_BY.label, edit(RAISED_BY.label), required=True)),
                (
                    RECEIVED_ON.name,
                    Field(RECEIVED_ON.label, DateEdit(RECEIVED_ON.label, page.desk.store.today), required=True),
                ),
                (INDICATOR.name, Field(INDICATOR.label, Choice(INDICATOR.label, indicators, ""), note=stands)),
                (
                    APPEAL_GROUND.name,
                    Field(APPEAL_GROUND.label, memo(APPEAL_GROUND.label, "", hint, lines=2), required=True),
                ),
                (LATE_REASON.name, Field(LATE_REASON.label, memo(LATE_REASON.label, lines=2), note=note)),
            )
        )
        super().__init__(
            page, f"受理{race.period_name}申诉", self.fields, fields=(self.fields,), verb="受理",
            needs=CASES, draft=f"race_appeal.{race.period}", wide=True,
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
        self.keep(lambda: service.take_up(period, appeal), "已受理申诉，决定以后告诉支部。", then=self._then)


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

    own_period = True

    takes: ClassVar[Keys] = (("1 — 4", "选申诉的决定"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.race_service, self.view = desk.service(RaceService), desk.service(PeriodInView)
        self.versions, self.trial = desk.service(VersionService), desk.service(TrialService)
        self.race: RaceTable | None = None
        self._waiting, self._chosen, self._new = False, "", ""
        self.periods = PeriodChoice(self, self.view, PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.versions_button = button("各次公布", self.open_versions, icon="archive")
        self.history_button = button("本期经过", self.open_history, icon="history")
        self.add_button = self.desk.offered(CASES, button("受理申诉", self.open_form, icon="gavel"))
        self.next_button = self.desk.offered("race_results", button("去重新计分", self.go_on, "primary"))
        self.form: DecisionPart | None = None
        self._shown = ""
        self.decide_button: QPushButton | None = None
        self._window = text("", "sub", wrap=True)
        empty = EmptyState("gavel", NONE, f"{COMES}。")
        self.table: DataTable[AppealRow] = DataTable(columns(desk.store.today), "申诉", empty, height=50)
        self.steps = col(gap=6, pad=(16, 10, 16, 12))
        self._steps = box(self.steps)
        self.table.put_below(self._steps)
        self.pane = DetailPane("申诉")
        self.split = ListWithPane(self.table, self.pane, beside=LIST_WIDTH)
        self.setLayout(col(self._window, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.pane.closed.connect(self._forget)
        self.table.view.installEventFilter(self)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(self, keys, "作出决定", self.decide)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, what happened to it, and a new appeal."""
        return (self.periods, self.versions_button, self.history_button, self.add_button, self.next_button)

    def reload(self) -> None:
        """Read the appeals of the period in view."""
        self.periods.follow()
        period = self.view.code
        self.read(lambda: self.race_service.race(period), self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show the appeal asked for, or the first that waits for a decision where those are."""
        self._waiting = where.get("view") == WAITING
        case = str(where.get("case") or where.get("record") or "")
        self._new = case or self._new
        self._choose_waiting()
        self._choose_new()
        if case:
            service = self.desk.service(AppealService)
            self.read(lambda: service.period_of(case), lambda period: turn_to(self, period))

    def open_form(self) -> None:
        """Take up an appeal."""
        if self.race is not None:
            AppealDialog(self, self.race, then=self._follow).open()

    def _follow(self, case: str) -> None:
        """Have a case in view that was just taken up."""
        self._new = case

    def open_history(self) -> None:
        """Show what happened to the period."""
        if self.race is not None:
            show_history(self, self.race.period, self.race.period_name)

    def open_versions(self) -> None:
        """Show every published result of the period beside the one before."""
        if self.race is not None:
            show_versions(self, self.race.period, self.race.period_name)

    def show_row(self, appeal: AppealRow) -> None:
        """Look at one appeal, with what its correction changed, or will; one that waits is decided there."""
        period = self.view.code
        decides = appeal.state is AppealState.PENDING and self.desk.may(Act.PUBLISH)

        def work() -> tuple[AppealComparison | None, str, tuple[Correctable, ...] | None]:
            found = self.versions.of_appeal(appeal.id, period) if appeal.decided_on is not None else None
            if found is None and appeal.awaits_correction:
                found = self.trial.tried(appeal.id, period)
            parts = self.trial.correctable(appeal.id, period) if decides else None
            return found, mended_in(self.race_service.scheme(period), appeal.indicator), parts

        self.read(work, lambda read: self._show(appeal, *read))

    def decide(self) -> None:
        """Decide the appeal in view as its form says."""
        if self.form is not None and self.decide_button is not None:
            self.form.submit(self.decide_button)

    def go_on(self) -> None:
        """Go where the result is scored and published anew, to the branch whose appeal was upheld: of several to that
        of the one in view."""
        current = self.table.current()
        upheld = [appeal for appeal in (current, *self.table.model.rows()) if appeal and appeal.awaits_correction]
        self.desk.open("race", "race", **({"branch": upheld[0].branch_id} if upheld else {}))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        appear(self._steps, self.height() >= ROOM_FOR_STEPS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the decision by its number."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the same keys where the list has the cursor, which would look for rows that begin with a digit."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def print_decision(self, appeal: AppealRow) -> None:
        """Show the decision on an appeal, to print it for both sides."""
        period = self.view.code

        def work(to: "Sink") -> object:
            from desktop.services.archive.race import RacePapers

            return RacePapers(self.desk.store).decision(appeal.id, period, to)

        print_paper(self, f"{appeal.name}申诉决定书", work)

    def _take_key(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.form is None or not plain or not event.text().isdecimal():
            return False
        return self.form.choice.press(int(event.text()))

    def _forget(self) -> None:
        self.form = self.decide_button = None
        self._shown = ""

    def _show(
        self, appeal: AppealRow, found: AppealComparison | None, where: str, parts: tuple[Correctable, ...] | None
    ) -> None:
        if self.form is not None and parts is not None and self.form.appeal == appeal:
            self.form.try_out()  # what is being typed stays; the figures under it may have changed
            return
        self._forget()
        self._shown = _key(appeal)
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
            ("支部撤回", _withdrawn(appeal)),
            ("决定人", appeal.decided_by),
            ("决定理由", appeal.decision),
            ("重新公布", f"{appeal.republished_on:%Y-%m-%d}" if appeal.republished_on else ""),
            ("结果", appeal.outcome),
        ]
        if appeal.raised_id:
            given = files_link(self, "申诉的佐证", APPEALS, appeal.raised_id, reads=True)
        else:
            given = files_link(self, "申诉书和佐证的扫描件", CASES, appeal.id)
        files = row(text("佐证" if appeal.raised_id else "申诉书、佐证", "sub"), given, ...)
        if parts is not None:
            self.form = DecisionPart(self, appeal, self.view.code, parts, self._forget)
        others = self.desk.left_to_others(Act.PUBLISH, "决定") if appeal.state is AppealState.PENDING else ""
        told = text(others, "small", wrap=True) if others else None
        line = rule() if self.form is not None else None
        self.pane.show_body(
            *paired([(name, value) for name, value in facts if value]), files, told, *compared(found), line, self.form
        )
        paper = self.desk.offered(Act.EXPORT, link("打印决定书", lambda: self.print_decision(appeal), icon="printer"))
        if self.form is not None:
            self.decide_button = button("作出决定", self.decide, "primary")
            every = [field for part in self.form.sets for field in part.fields.values()]
            count_faults(self.decide_button, every)
            self.pane.show_foot(
                self._way(appeal, where, LOOKS) if not parts else None, text(AFTER, "small"), ..., self.decide_button
            )
        elif appeal.decided_on is None:
            self.pane.show_foot()
        elif appeal.awaits_correction:
            self.pane.show_foot(self._way(appeal, where, MENDS), ..., paper)
        else:
            self.pane.show_foot(paper, ...)
        self.split.open_pane()

    def _way(self, appeal: AppealRow, where: str, called: Mapping[str, str]) -> QWidget:
        """Return the way to what an appeal is about; 返回 leads from there to the case, with what is typed into it."""
        area = "assess" if where == "ratings" else "race"
        asked = {"branch": appeal.branch_id, "item": appeal.indicator, "period": self.view.code}
        return link(called[where], lambda: self.desk.open(area, where, **asked))

    def _loaded(self, race: RaceTable) -> None:
        if self.race is not None and self.race.period != race.period:
            self.pane.close_pane()  # its case is of another period; what was typed into it is kept as its draft
        self.race = race
        self._window.setText(window_words(race))
        self._show_steps(race)
        takes = race.state in (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED)
        waits = takes and race.appeal_by is not None and race.appeal_by >= self.desk.store.today
        none = f"现在没有申诉，收到 {race.appeal_by:%Y-%m-%d} 为止。" if waits else NONE
        self.table.empty.say(none, f"{COMES}；{BY_HAND}。" if takes else f"{COMES}。")
        appear(self.add_button, takes)
        self.table.set_rows(race.appeals, same=_key)
        if self._shown and self._shown not in map(_key, race.appeals):
            self.pane.close_pane()  # its branch took it back
        self._choose_waiting()
        self._choose_new()
        fresh, self._chosen = self._chosen != race.period, race.period
        if fresh and self.table.current() is None and self.window().width() >= COVERS_BELOW:
            self.table.select(lambda appeal: appeal.state is AppealState.PENDING)

    def _show_steps(self, race: RaceTable) -> None:
        """Say how far the period has come, and show the way on where an appeal was upheld."""
        clear(self.steps)
        add(self.steps, rule())
        add(self.steps, text("这一期走到哪了", "strong"))
        for step in period_steps(race, self.desk.store.today):
            icon, colour = SIGNS[step.at]
            here = "bad" if step.at is At.HERE else ""
            mark = Glyph(icon, colour, 18)
            mark.setAccessibleName(step.at.value)
            add(
                self.steps,
                row(mark, text(step.name, "strong" if here else "body", here), ..., text(step.words, "sub", here)),
            )
        waits = race.correctable and not race.undecided
        appear(self.next_button, waits)
        self.next_button.setText("去公布" if race.scored_anew else "去重新计分")

    def _choose_new(self) -> None:
        if self._new and self.table.select(lambda appeal: appeal.id == self._new):
            self._new = ""

    def _choose_waiting(self) -> None:
        read = self.race is not None and self.race.period == self.view.code
        if self._waiting and read and self.table.select(lambda appeal: appeal.state is AppealState.PENDING):
            self._waiting = False
