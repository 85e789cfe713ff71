"""The cases at the left, by stage, each with the one thing that matters about it."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop.models.vocabulary.development import CaseState
from desktop.services.development.rows import CaseRow
from desktop.services.development.rules import DevelopmentStage
from desktop.ui.widgets import Chip, Elided, RowButton, appear, box, clear, col, fixed, link, row, rule, scroll, text
from desktop.ui.widgets.layout import add

WIDTH, SOON = 224, 30


def place_of(case: CaseRow) -> str:
    """Return where a case stands: the step that comes next, else its state."""
    view = case.view
    return f"第 {view.next.step.no} 步" if view.next else case.state.label


def mark_of(case: CaseRow, today: date) -> tuple[str, str]:
    """Return the one thing that matters about a case, and its tone."""
    view = case.view
    if not case.state.active:
        return str(case.state_on or case.state.label), "none"
    if case.state is CaseState.OBJECTION_HOLD:
        return "暂缓", "part"
    if view.breaches:
        return f"{len(view.breaches)} 处不符", "bad"
    if view.reviews_lacking:
        return f"少 {view.reviews_lacking} 次考察", "bad"
    due = view.due
    if due is None:
        return "", "none"
    days = (due - today).days
    if days < 0:
        return f"过了 {-days} 天", "bad"
    return (f"还有 {days} 天", "part") if days <= SOON else (f"{due} 前", "none")


class CaseList(QFrame):
    """All cases by stage; `chosen` gives the id of one, `turned` asks for those that ended, or back."""

    chosen = Signal(str)
    turned = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._today = today
        self._lines = col(gap=2)
        self.others = link("已结束", self.turned.emit)
        self.setLayout(col((scroll(box(self._lines)), 1), rule(), row(self.others, ...), gap=8, pad=(12, 12, 8, 12)))
        fixed(self, WIDTH)

    def show_cases(
        self, cases: Sequence[CaseRow], stages: Sequence[DevelopmentStage], here: str, *, past: bool, others: int
    ) -> None:
        """Show `cases`, the one with the id `here` marked; `past`: they have ended, `others` of the other kind."""
        clear(self._lines)
        add(self._lines, text(f"{'已结束' if past else '培养中'} {len(cases)} 人", "strong"))
        for stage in stages:
            own = [case for case in cases if case.view.stage == stage.id]
            if not own and past:
                continue
            count = text(f"{len(own)} 人", "small")
            add(self._lines, row(text(stage.short, "small"), ..., count, pad=(0, 8, 4, 0)))
            add(self._lines, rule())
            for case in own:
                add(self._lines, self._line(case, here=case.id == here))
        add(self._lines, ...)
        self.others.setText(f"培养中 {others} 人" if past else f"已结束 {others} 人")
        appear(self.others, bool(others))

    def _line(self, case: CaseRow, *, here: bool) -> QWidget:
        words, tone = mark_of(case, self._today)
        name = row(text(case.name, "strong"), (Elided(case.job_title or case.unit, "small"), 1), gap=6)
        under = row(
            text(place_of(case), "small"),
            ...,
            Chip(words, "none" if here and words else tone) if words else None,
            gap=4,
        )
        line = RowButton(f"{case.name}，{place_of(case)}，{words}", col(name, under, gap=2, pad=(6, 5, 4, 5)))
        line.clicked.connect(lambda _checked=False: self.chosen.emit(case.id))
        return box(col(line), "bad" if here else "clear")
