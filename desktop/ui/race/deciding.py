"""Deciding an appeal where it is read: the decision, what it puts right, and what the result would be then."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.race.appeals import (
    DECIDED_BY,
    DECIDED_ON,
    DECISION,
    LATE_REASON,
    STATE,
    AppealService,
    figure_input,
)
from desktop.services.race.inputs import SAMPLES, VALUE
from desktop.services.race.rows import AppealRow, TypedFigure
from desktop.services.race.trying import Correctable, TrialService
from desktop.services.race.versions import AppealComparison
from desktop.ui.appeals import GROUPS_STAND
from desktop.ui.drafting import Drafting
from desktop.ui.page import Page
from desktop.ui.race.inputs import parse_count, parse_figure
from desktop.ui.race.versions import compared
from desktop.ui.widgets import box, col, text
from desktop.ui.widgets.buttons import OneOf
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Field, FieldSet, edit, memo
from desktop.ui.widgets.layout import add, appear, clear

WAIT_MS = 400
"""So long nothing more is typed before a correction is tried out."""
CHOICES = (AppealState.REJECTED, AppealState.UPHELD, AppealState.PARTLY, AppealState.WITHDRAWN)
"""What may be decided, in the order of the keys 1 to 4."""
MENDS_GROUP = "到“总览”选中支部，“改名称”里改分组，从没有计分的一期起算"
"""What to do about a wrong group instead."""
AFTER = "决定后重新计分才能再公布"
ELSEWHERE = "要改的数在评比数据、扣分和否决或评定里改，决定以后从这里过去。"
TITLE = "公布的 → 按现在的数据和更正"


class DecisionPart(QWidget):
    """The form of one appeal that waits: 1 to 4 choose, the result is tried out at once, nothing is kept until it is
    decided."""

    def __init__(
        self,
        page: Page,
        appeal: AppealRow,
        period: str,
        parts: Sequence[Correctable],
        done: Callable[[], object],
    ) -> None:
        super().__init__()
        self._page, self.appeal, self._period, self._done = page, appeal, period, done
        self._service, self._trial = page.desk.service(AppealService), page.desk.service(TrialService)
        self._parts = tuple(parts) if page.desk.may_write("race_inputs") else ()
        self._turn = 0
        self.choice = OneOf(STATE.label, [(state.value, state.label) for state in CHOICES])
        self.corrections = FieldSet([line for part in self._parts for line in _lines(part)], columns=2)
        late: list[tuple[str, Field]] = []
        if appeal.late and not appeal.late_reason:
            note = f"申诉期到 {appeal.due_on:%Y-%m-%d}，决定成立的要填"
            late.append((LATE_REASON.name, Field(LATE_REASON.label, memo(LATE_REASON.label, lines=1), note=note)))
        self.state = FieldSet(((STATE.name, Field(STATE.label, self.choice, required=True)),))
        today = page.desk.store.today
        hint = "写明核查了什么、依据哪份材料；支部会看到。"
        self.fields = FieldSet(
            (
                (DECISION.name, Field(DECISION.label, memo(DECISION.label, "", hint, lines=2), required=True)),
                *late,
                (DECIDED_BY.name, Field(DECIDED_BY.label, edit(DECIDED_BY.label), required=True)),
                (DECIDED_ON.name, Field(DECIDED_ON.label, DateEdit(DECIDED_ON.label, today), required=True)),
            ),
            columns=2,
        )
        self.sets = (self.state, self.corrections, self.fields)
        self.drafting = Drafting.over(page, self.sets, "race_decision", appeal.id, needs=Act.PUBLISH)
        self.preview = col(gap=4)
        self._told = text("", "sub", wrap=True)
        self.setLayout(
            col(
                self.drafting,
                self.state,
                self.corrections,
                box(col(self._told, self.preview, gap=4)),
                self.fields,
                gap=8,
            )
        )
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.try_out)
        self.choice.changed.connect(lambda _key: self._chosen())
        for field in self.corrections.fields.values():
            field.control.textChanged.connect(lambda _words: self._wait.start())  # type: ignore[attr-defined]
        self._chosen()

    @property
    def decided(self) -> AppealState | None:
        """What is chosen, None where nothing is yet."""
        value = self.choice.value()
        return None if value is None else AppealState(value)

    def try_out(self) -> None:
        """Show what the result would be with the corrections that stand there."""
        state = self.decided
        if state is None or not state.corrects:
            return
        self._turn += 1
        figures = self._figures()
        if figures is None:  # the field says why
            clear(self.preview)
            return
        turn, appeal, period = self._turn, self.appeal.id, self._period
        self._page.read(
            lambda: self._trial.tried(appeal, period, figures), partial(self._show, turn),
            failed=partial(self._refused, turn), long=True,
        )  # fmt: skip

    def submit(self, *buttons: QPushButton) -> None:
        """Decide it, and put the figures right that were typed anew."""
        for part in self.sets:
            part.calm()
        fine = [part.check(required=part is not self.corrections) for part in self.sets]
        state = self.decided
        figures = self._figures() if state is not None and state.corrects else []  # else none of them is in view
        if not all(fine) or state is None or figures is None:
            return
        values, service, appeal = self.fields.values(), self._service, self.appeal
        self._page.act(
            lambda: service.decide(
                appeal.id,
                state,
                decided_by=values[DECIDED_BY.name],
                decision=values[DECISION.name],
                decided_on=values[DECIDED_ON.name],
                late_reason=values.get(LATE_REASON.name) or "",
                figures=figures,
            ),
            lambda after: _said(after, state, corrected=bool(figures)),
            then=lambda _after: self._done(),
            fields=self.sets,
            buttons=buttons,
        )

    # inside

    def _chosen(self) -> None:
        """Offer the corrections where something is corrected, and say what follows where nothing is."""
        state = self.decided
        corrects = state is not None and state.corrects
        appear(self.corrections, corrects and bool(self._parts))
        clear(self.preview)
        self._turn += 1  # what is still reckoned is of the choice before
        if corrects:
            whole = "" if self.appeal.indicator else f"{GROUPS_STAND}；{MENDS_GROUP}。"
            self._told.setText("" if self._parts else f"{ELSEWHERE}{whole}")
            add(self.preview, text("正在按现在的数据重新算……", "sub"))
            self.try_out()
        else:
            self._told.setText("" if state is None else "已公布的结果不变。")
        appear(self._told, bool(self._told.text()))

    def _figures(self) -> list[TypedFigure] | None:
        """Return the figures that were typed anew; None where one cannot be read, which says so itself."""
        figures: list[TypedFigure] = []
        read = self.corrections.values()
        for part in self._parts:
            value, samples = figure_input(VALUE, part.part).name, figure_input(SAMPLES, part.part).name
            was = "" if part.samples is None else str(part.samples)
            if (read[value], read.get(samples, was)) == (part.value_text, was):
                continue
            at = value
            try:
                figure = parse_figure(read[value])
                at = samples
                count = parse_count(read.get(samples, was))
            except InvalidInput as error:
                self.corrections.fields[at].refuse(error.reason)
                return None
            figures.append(TypedFigure(self.appeal.branch_id, part.part, figure, count))
        return figures

    def _show(self, turn: int, found: AppealComparison) -> None:
        if turn != self._turn or not isValid(self):
            return
        clear(self.preview)
        if found.own or found.others:
            for line in compared(found, TITLE):
                add(self.preview, line)
        elif self._parts:
            add(self.preview, text("改上面的数，这里列出更正后的得分、名次和谁跟着变。", "sub", wrap=True))
        else:
            add(self.preview, text("按现在的数据重新计分，结果与公布的一样。", "sub", wrap=True))

    def _refused(self, turn: int, error: Exception) -> None:
        if turn != self._turn or not isValid(self):
            return
        clear(self.preview)
        if not self.corrections.take(error):
            words = error.reason if isinstance(error, InvalidInput) else "现在算不出更正后的结果。"
            add(self.preview, text(words, "sub", wrap=True))


def _lines(part: Correctable) -> list[tuple[str, Field]]:
    value, samples = figure_input(VALUE, part.part), figure_input(SAMPLES, part.part)
    note = "，".join(filter(None, (f"原来 {part.value_text}" if part.value_text else "", part.hint)))
    lines = [(value.name, Field(f"{part.name}更正为", edit(f"{part.name}更正为", part.value_text), note=note))]
    if part.wants_samples:
        shown = "" if part.samples is None else str(part.samples)
        field = Field(f"{part.name}{samples.label}", edit(f"{part.name}{samples.label}", shown))
        lines.append((samples.name, field))
    return lines


def _said(after: RacePeriodState, state: AppealState, *, corrected: bool) -> str:
    if after is not RacePeriodState.APPEALED or not state.corrects:
        return "已决定，结果不变。"
    return "已决定并更正，接着重新计分。" if corrected else "已决定，可以更正评比数据。"
