"""What the page of admissions draws itself: the strip of 25 steps, the days of a publicity, the span of a limit."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.models.vocabulary.development import StepState
from desktop.services.development.case import DayCell, Sum
from desktop.services.development.examine import CaseView, StepView
from desktop.services.development.rules import DevelopmentStage
from desktop.services.workdays import WEEKDAYS
from desktop.ui import theme
from desktop.ui.widgets.cut import CutWords
from desktop.ui.widgets.keys import Keys

SIDE, GAP, BETWEEN, NAME_HEIGHT = 17, 4, 9, 20
SMALLEST, LARGEST = 8.0, 22.0
STRIP_HEIGHT = NAME_HEIGHT + SIDE + 8
LOOKS = {
    StepState.DONE: (theme.GREEN_SOFT, theme.GREEN),
    StepState.WARNED: (theme.AMBER_SOFT, theme.AMBER),
    StepState.BREACH: (theme.RED, theme.CARD),
    StepState.MISSING: (theme.RED, theme.CARD),
    StepState.SKIPPED: (theme.AMBER_SOFT, theme.AMBER),
    StepState.NEXT: (theme.CARD, theme.RED),
    StepState.AHEAD: (theme.SOFT, theme.SUB),
}
"""Fill and ink of a step in the strip."""


class StageStrip(QWidget):
    """The steps in their stages, a small box each; click or arrow keys and Enter go to one."""

    takes: ClassVar[Keys] = (("← →", "上一步、下一步"),)

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.cut = CutWords(self)
        self._steps: tuple[StepView, ...] = ()
        self._stages: dict[str, str] = {}
        self._at, self._stage = 0, ""
        self.setFixedHeight(STRIP_HEIGHT)
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)

    def show_case(self, view: CaseView, stages: Sequence[DevelopmentStage]) -> None:
        """Show the steps of a case."""
        self._steps = view.steps
        self._stages = {stage.id: stage.short for stage in stages}
        self._stage = view.stage
        done = sum(step.done_on is not None for step in view.steps)
        bad = sum(step.state in (StepState.BREACH, StepState.MISSING) for step in view.steps)
        self.setAccessibleName(f"{len(view.steps)} 步，办了 {done} 步，{bad} 步不符")
        self.update()

    def stand_at(self, no: int) -> None:
        """Mark the step in view."""
        self._at = no
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(580, STRIP_HEIGHT)

    def box_of(self, no: int) -> QRectF:
        """Return where the box of a step is."""
        side, between, widths = self._measure()
        left, place, stage = 0.0, 0, ""
        for number, step in enumerate(self._steps):
            if step.step.stage != stage:
                left += widths[stage] + between if number else 0.0
                place, stage = 0, step.step.stage
            if step.step.no == no:
                return QRectF(left + place * (side + GAP), NAME_HEIGHT + 2, side, SIDE)
            place += 1
        return QRectF()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stage = ""
        starts = [
            step for n, step in enumerate(self._steps) if not n or step.step.stage != self._steps[n - 1].step.stage
        ]
        for number, step in enumerate(starts):
            area = self.box_of(step.step.no)
            stage = step.step.stage
            ends = self.box_of(starts[number + 1].step.no).left() - 4 if number + 1 < len(starts) else self.width()
            here = stage == self._stage
            painter.setFont(theme.font(12, bold=here))
            painter.setPen(QColor(theme.RED if here else theme.SUB))
            place = QRectF(area.left(), 0, ends - area.left(), NAME_HEIGHT)
            self.cut.draw(painter, place, self._stages.get(stage, stage))
        for step in self._steps:
            self._paint(painter, step)

    def _paint(self, painter: QPainter, step: StepView) -> None:
        area = self.box_of(step.step.no)
        fill, ink = map(theme.now, LOOKS[step.state])
        if step.step.no == self._at:
            painter.setPen(QPen(QColor(theme.RED), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(-2, -2, 2, 2), 5, 5)
        painter.setPen(QPen(QColor(theme.RED), 1) if step.state is StepState.NEXT else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(area, 4, 4)
        if step.state is StepState.DONE and area.width() >= 14:
            mark = theme.pixmap("check", ink, 11, self.devicePixelRatioF())
            painter.drawPixmap(int(area.center().x() - 5), int(area.center().y() - 5), mark)
            return
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(11, bold=step.state in (StepState.BREACH, StepState.NEXT, StepState.MISSING)))
        words = "!" if step.state in (StepState.BREACH, StepState.MISSING) else str(step.step.no)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        no = self._under(event.position())
        if no:
            self.chosen.emit(no)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go one step on or back with the arrows."""
        by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        numbers = [step.step.no for step in self._steps]
        if by and numbers:
            at = numbers.index(self._at) if self._at in numbers else -1 if by > 0 else len(numbers)
            self.chosen.emit(numbers[max(0, min(len(numbers) - 1, at + by))])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say under the pointer what the step is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            step = next((step for step in self._steps if step.step.no == self._under(QPointF(event.pos()))), None)
            QToolTip.showText(event.globalPos(), f"{step.step.no} {step.step.name}" if step else "", self)
            return True
        return super().event(event)

    def _under(self, at: QPointF) -> int:
        for step in self._steps:
            if self.box_of(step.step.no).adjusted(-2, -3, 2, 3).contains(at):
                return step.step.no
        return 0

    def _measure(self) -> tuple[float, float, dict[str, float]]:
        """Return the side of a box, what stands between stages, and the width of each: no less than its name."""
        counts = Counter(step.step.stage for step in self._steps)
        metrics = QFontMetricsF(theme.font(12, bold=True))
        names = {stage: metrics.horizontalAdvance(self._stages.get(stage, stage)) for stage in counts}
        side, between = LARGEST, 0.0
        widths: dict[str, float] = {}
        while True:
            widths = {stage: max(n * side + (n - 1) * GAP, names[stage]) for stage, n in counts.items()}
            spare = self.width() - 4 - sum(widths.values())
            between = spare / (len(counts) - 1) if len(counts) > 1 else 0.0
            if between >= BETWEEN or side <= SMALLEST:
                return side, max(4.0, min(24.0, between)), widths
            side -= 0.5


class DayStrip(QWidget):
    """A count of working days, drawn: the day it was posted, days that count, days off, days that lack."""

    CELL, HEIGHT, PER_LINE = 34, 60, 7

    def __init__(self, made: Sum) -> None:
        super().__init__()
        self._cells = made.days[:21]
        lines = -(-len(self._cells) // self.PER_LINE) or 1
        self.setFixedHeight(lines * self.HEIGHT)
        self.setMinimumWidth(self.PER_LINE * self.CELL)
        self.setAccessibleName("；".join(f"{_span(cell)}{_said(cell)}" for cell in self._cells))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / self.PER_LINE
        for number, cell in enumerate(self._cells):
            line, place = divmod(number, self.PER_LINE)
            area = QRectF(place * width, line * self.HEIGHT, width - 4, self.HEIGHT - 4)
            self._draw(painter, area, cell, first=number == 0)

    def _draw(self, painter: QPainter, area: QRectF, cell: DayCell, *, first: bool) -> None:
        painter.setFont(theme.font(11))
        painter.setPen(QColor(theme.SUB))
        short = _span(cell) if first or cell.first.day == 1 or cell.first != cell.last else str(cell.first.day)
        painter.drawText(QRectF(area.left(), area.top(), area.width(), 16), Qt.AlignmentFlag.AlignCenter, short)
        fill, ink = {
            "posted": (theme.CARD, theme.SUB),
            "counted": (theme.GREEN_SOFT, theme.GREEN),
            "extra": (theme.SLATE_SOFT, theme.SLATE),
            "off": (theme.SOFT, theme.SUB),
            "lacking": (theme.RED, theme.CARD),
        }[cell.kind]
        body = QRectF(area.left(), area.top() + 17, area.width(), 22)
        painter.setPen(QPen(QColor(theme.LINE), 1) if cell.kind == "posted" else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(body, 4, 4)
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(12, bold=cell.kind in ("counted", "lacking")))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, _said(cell))
        if cell.first == cell.last and cell.kind != "off":
            painter.setFont(theme.font(11))
            painter.setPen(QColor(theme.SUB))
            worked = cell.first.weekday() >= 5 and cell.kind != "posted"
            words = WEEKDAYS[cell.first.weekday()] + ("上班" if worked else "")
            painter.drawText(
                QRectF(area.left(), area.top() + 39, area.width(), 16), Qt.AlignmentFlag.AlignCenter, words
            )


def _span(cell: DayCell) -> str:
    first, last = cell.first, cell.last
    if first == last:
        return f"{first.month}-{first.day}"
    return (
        f"{first.month}-{first.day}—{last.day}"
        if first.month == last.month
        else f"{first.month}-{first.day}—{last.month}-{last.day}"
    )


def _said(cell: DayCell) -> str:
    return {"posted": "张贴", "off": "放假", "lacking": "缺"}.get(cell.kind, str(cell.number))


def apart(first: float, second: float, least: float, width: float) -> tuple[float, float]:
    """Return where the middles of two words go that belong to two places: `least` apart, and within `width`."""
    low, high = min(first, second), max(first, second)
    if high - low < least:
        low = min(max((low + high - least) / 2, least / 2), width - least * 1.5)
        high = low + least
    return (low, high) if first <= second else (high, low)


class SpanBar(QWidget):
    """A limit as a line: where it starts, where it ends, and the day it was done."""

    HEIGHT = 46
    SAID = 58
    """How wide a day is written."""

    def __init__(self, made: Sum, today: date) -> None:
        super().__init__()
        self._made, self._today = made, today
        self.setFixedHeight(self.HEIGHT)
        self.setAccessibleName(made.words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        made = self._made
        if made.start is None or made.limit is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = made.actual or (self._today if self._today >= made.start else made.start)
        first, last = min(made.start, made.limit, shown), max(made.start, made.limit, shown)
        whole = max(1, (last - first).days)
        left, right = 38.0, self.width() - 40.0

        def at(day: date) -> float:
            return left + (right - left) * (day - first).days / whole

        painter.setPen(QPen(QColor(theme.LINE), 4))
        painter.drawLine(QPointF(left, 22), QPointF(right, 22))
        tone = theme.GREEN_BAR if made.holds else theme.RED
        painter.setPen(QPen(QColor(tone), 4))
        painter.drawLine(QPointF(at(made.start), 22), QPointF(at(shown), 22))
        said = apart(at(made.start), at(made.limit), self.SAID, self.width())
        self._mark(painter, at(made.start), made.start, theme.SUB, said[0])
        self._mark(painter, at(made.limit), made.limit, theme.INK, said[1])
        if made.actual is not None:
            self._mark(painter, at(made.actual), made.actual, tone, at(made.actual), below=True)

    def _mark(
        self, painter: QPainter, x: float, day: date, colour: str, said_at: float, *, below: bool = False
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(x, 22), 4.5, 4.5)
        painter.setPen(QColor(colour))
        painter.setFont(theme.font(11))
        area = QRectF(said_at - 40, 29 if below else 0, 80, 16)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"{day:%y-%m-%d}")
