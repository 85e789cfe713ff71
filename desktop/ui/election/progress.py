"""The steps of an election down the left, and the rules of a count down the right."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.elections import Finding, StepState
from desktop.services.election.count import Check
from desktop.services.election.rows import StepView
from desktop.ui import theme
from desktop.ui.widgets import Elided, Glyph, RowButton, clear, col, fixed, row, text
from desktop.ui.widgets.layout import add

DOT = 22
LOOKS = {
    Finding.BREACH: ("alert-circle", "bad"),
    Finding.DECIDE: ("alert-triangle", "part"),
    Finding.OPEN: ("clock", "sub"),
    Finding.KEPT: ("circle-check", "good"),
}


class StepDot(QWidget):
    """The number of a step in a circle, a tick where it is done; lines lead to its neighbours."""

    def __init__(self, number: int, state: StepState, *, broken: bool, first: bool, last: bool) -> None:
        super().__init__()
        self._number, self._state, self._broken = number, state, broken
        self._first, self._last = first, last
        self.setFixedWidth(DOT + 4)
        self.setMinimumHeight(38)

    def sizeHint(self) -> QSize:
        return QSize(DOT + 4, 38)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, height = self.width() / 2, self.height()
        area = QRectF(middle - DOT / 2, height / 2 - DOT / 2, DOT, DOT)
        done = self._state is StepState.DONE
        painter.setPen(QPen(QColor(theme.GREEN_BAR if done else theme.LINE), 1.5))
        if not self._first:
            painter.drawLine(int(middle), 0, int(middle), int(area.top()))
        if not self._last:
            painter.drawLine(int(middle), int(area.bottom()), int(middle), height)
        late = self._broken or self._state is StepState.LATE
        fill = theme.RED if late or self._state is StepState.NEXT else theme.GREEN_BAR if done else theme.CARD
        painter.setBrush(QColor(fill))
        painter.setPen(QPen(QColor(theme.LINE if fill == theme.CARD else fill), 1.2))
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
        if done and not self._broken:
            mark = theme.pixmap("check", theme.CARD, 13, self.devicePixelRatioF())
            painter.drawPixmap(int(area.center().x() - 6), int(area.center().y() - 6), mark)
            return
        painter.setPen(QColor(theme.SUB if fill == theme.CARD else theme.CARD))
        painter.setFont(theme.font(11, bold=fill != theme.CARD))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "!" if self._broken else str(self._number))


class StepList(QWidget):
    """The steps in order; a click shows one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._lines = col(gap=0)
        self.setLayout(col(self._lines, ..., pad=0))

    def show_steps(self, steps: Sequence[StepView], here: str, today: date) -> None:
        """Show the steps, the one in view marked."""
        clear(self._lines)
        for number, step in enumerate(steps, start=1):
            words = when(step, today)
            tone = "bad" if step.breach or step.state is StepState.LATE else ""
            current = step.id == here
            dot = StepDot(number, step.state, broken=bool(step.breach), first=number == 1, last=number == len(steps))
            name = Elided(step.name, "strong" if current else "body", "" if step.done_on or current else "sub")
            line = row(dot, (name, 1), text(words, "small", tone or "sub"), gap=10, pad=(8, 0, 10, 0))
            part = RowButton(f"{number} {step.name}，{words}", line, self._choose(step.id))
            part.setCheckable(True)
            part.setChecked(current)
            add(self._lines, part)

    def _choose(self, step: str) -> Callable[[], None]:
        return lambda: self.chosen.emit(step)


def when(step: StepView, today: date) -> str:
    """Return the day of a step in words: when it was done, else by when it is to be."""
    if step.done_on is not None:
        return _short(step.done_on, today)
    if step.limit is None:
        return "—"
    return "今天" if step.limit == today else f"{_short(step.limit, today)} 前"


def _short(day: date, today: date) -> str:
    return f"{day:%m-%d}" if day.year == today.year else f"{day}"


class RuleList(QWidget):
    """Every rule with its arithmetic, worst first."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = col(gap=10)
        self.setLayout(col(self._lines, ..., pad=(0, 0, 8, 0)))

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show the rules."""
        clear(self._lines)
        for check in checks:
            icon, tone = LOOKS[check.finding]
            title = text(check.title, "strong", tone if check.finding is not Finding.KEPT else "", wrap=True)
            glyph = fixed(Glyph(icon, theme.TEXT_COLOURS[tone], 18), 20)
            words = text(check.words, "small", "sub", wrap=True)
            add(self._lines, row(col(glyph, ...), (col(title, words, gap=1), 1), gap=8))
