"""The steps of a round in a line: a mark, a name, the day and a count under it; a click shows that step."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.services.appraisal.rows import Step, StepKey, StepState
from desktop.ui import theme
from desktop.ui.widgets.cut import CutWords
from desktop.ui.widgets.keys import Keys

HEIGHT, DOT, GAP, EDGE = 66, 28, 8, 20
LEAST = 86
"""Of a step, in logical pixels."""


class StepLine(QWidget):
    """Arrows choose a step, Enter or a click shows it."""

    takes: ClassVar[Keys] = (("← →", "上一步、下一步"),)

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.cut = CutWords(self)
        self.steps: tuple[Step, ...] = ()
        self.shown: StepKey | None = None
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[Step], shown: StepKey) -> None:
        """Show the steps; `shown` is the one the page is at."""
        self.steps, self.shown = tuple(steps), shown
        said = "，".join(f"{number}{step.key.label}{step.state.label}" for number, step in enumerate(self.steps, 1))
        self.setAccessibleName(f"步骤：{said}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * EDGE + 150 * max(1, len(self.steps)), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * EDGE + LEAST * max(1, len(self.steps)), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, step in enumerate(self.steps):
            self._draw(painter, number, step)
        painter.end()

    def _width(self) -> float:
        return (self.width() - 2 * EDGE) / max(1, len(self.steps))

    def _draw(self, painter: QPainter, number: int, step: Step) -> None:
        wide = self._width()
        left = EDGE + number * wide
        done, here = step.state is StepState.DONE, step.state is StepState.HERE
        shown = step.key is self.shown
        dot = QRectF(left + 0.5, 9.5, DOT, DOT)
        fill, edge = (theme.GREEN_BAR,) * 2 if done else (theme.RED,) * 2 if here else (theme.CARD, theme.EDGE)
        painter.setPen(QPen(QColor(edge), 1.5))
        painter.setBrush(QColor(fill))
        painter.drawEllipse(dot)
        if done:
            mark = theme.pixmap("check", theme.CARD, 16, self.devicePixelRatioF())
            painter.drawPixmap(int(dot.left() + 6), int(dot.top() + 6), mark)
        else:
            painter.setPen(QColor(theme.CARD if here else theme.SUB))
            painter.setFont(theme.font(13, bold=here))
            painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(number + 1))
        words = left + DOT + GAP
        room = wide - DOT - 2 * GAP
        painter.setFont(theme.font(14, bold=here or done or shown))
        ahead = step.state is StepState.AHEAD and not shown
        painter.setPen(QColor(theme.SUB if ahead else theme.INK))
        used = self.cut.draw(painter, QRectF(words, 9, room, DOT), step.key.label)
        if number + 1 < len(self.steps) and room - used > 3 * GAP:
            painter.setPen(QPen(QColor(theme.GREEN_BAR if done else theme.LINE), 2))
            y = int(dot.center().y())
            painter.drawLine(int(words + used + GAP), y, int(left + wide - GAP), y)
        if shown:
            painter.fillRect(QRectF(words, 9 + DOT - 3, used, 2), QColor(theme.RED))
        painter.setFont(theme.font(12))
        warned = bool(step.faults) and step.state is not StepState.AHEAD
        painter.setPen(theme.tone_color("part" if warned else "sub"))
        below = " ".join(filter(None, (step.on, step.count)))
        self.cut.draw(painter, QRectF(words, 38, wide - DOT - GAP, 20), below)
        if shown and self.hasFocus():
            painter.setPen(QPen(QColor(theme.INK), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(left - 6, 3, wide - 2, HEIGHT - 6), 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int((event.position().x() - EDGE) // self._width())
        if 0 <= at < len(self.steps):
            self.chosen.emit(self.steps[at].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the steps."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = [step.key for step in self.steps]
        if by is None or self.shown not in keys:
            super().keyPressEvent(event)
            return
        at = keys.index(self.shown) + by
        if 0 <= at < len(keys):
            self.chosen.emit(keys[at])
