"""Time drawn small: the periods of a year with what happened in each, and the steps of a hand-in."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import theme
from desktop.ui.widgets.cut import CutWords

STATES = {  # ink, fill, mark, spoken
    "ok": (theme.GREEN, theme.GREEN_SOFT, "✓", "已完成"),
    "no": (theme.CARD, theme.RED, "缺", "缺"),
    "late": (theme.AMBER, theme.AMBER_SOFT, "补", "补录"),
    "run": (theme.SLATE, theme.CARD, "…", "进行中"),
    "none": (theme.SUB, theme.PAGE, "—", "不适用"),
    "": (theme.FAINT, theme.PAGE, "", "未到期"),
}


@dataclass(frozen=True, slots=True)
class PeriodCell:
    """One cell: its name under it, its state, and what its tooltip says."""

    name: str
    state: str = ""
    note: str = ""


class PeriodStrip(QWidget):
    """The months, quarters or halves of a year in a line; `chosen` tells which cell was clicked."""

    chosen = Signal(int)

    def __init__(self, cells: Sequence[PeriodCell]) -> None:
        super().__init__()
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_cells(cells)

    def set_cells(self, cells: Sequence[PeriodCell]) -> None:
        """Show `cells`."""
        self._cells = tuple(cells)
        spoken = "，".join(f"{cell.name} {STATES[cell.state][3]}" for cell in self._cells)
        self.setAccessibleName(f"各期完成情况：{spoken}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(11))
        width = self._width()
        for index, cell in enumerate(self._cells):
            ink, fill, mark, _spoken = STATES[cell.state]
            area = QRectF(index * width + 1.5, 0.5, width - 4, 22)
            painter.setPen(QPen(QColor(theme.SLATE_BAR), 1) if cell.state == "run" else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.now(fill)))
            painter.drawRoundedRect(area, 4, 4)
            painter.setPen(QColor(theme.now(ink)))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)
            painter.setPen(QColor(theme.SUB))
            painter.drawText(QRectF(index * width, 24, width - 1, 15), Qt.AlignmentFlag.AlignCenter, cell.name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = int(event.position().x() // self._width())
        if 0 <= index < len(self._cells):
            self.chosen.emit(index)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = int(event.pos().x() // self._width())
            if 0 <= index < len(self._cells):
                cell = self._cells[index]
                QToolTip.showText(event.globalPos(), cell.note or f"{cell.name}：{STATES[cell.state][3]}", self)
                return True
        return super().event(event)

    def _width(self) -> float:
        return min(self.width() / max(len(self._cells), 1), 64.0)


class Stepper(QWidget):
    """Steps from left to right as (name, note); those before `at` are done."""

    def __init__(self, steps: Sequence[tuple[str, str]], at: int = 0) -> None:
        super().__init__()
        self.setFixedHeight(66)
        self.cut = CutWords(self)
        self.show_steps(steps, at)

    def show_steps(self, steps: Sequence[tuple[str, str]], at: int) -> None:
        """Show `steps`; `at` equal to their number means all are done."""
        self._steps, self._at = tuple(steps), at
        here = f"第 {at + 1} 步，共 {len(steps)} 步：{steps[at][0]}" if at < len(steps) else f"{len(steps)} 步都已完成"
        self.setAccessibleName(here)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._steps)
        centre, middle = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter
        for index, (name, note) in enumerate(self._steps):
            x, done, here = index * width + 15, index < self._at, index == self._at
            color = QColor(theme.GREEN_BAR if done else theme.RED if here else theme.EDGE)
            painter.setFont(theme.font(15, bold=done or here))
            advance = painter.fontMetrics().horizontalAdvance(name)
            end = x + width - 28
            if index + 1 < len(self._steps) and x + advance + 54 < end:
                painter.setPen(QPen(QColor(theme.GREEN_BAR if done else theme.LINE), 2))
                painter.drawLine(QPointF(x + advance + 42, 20), QPointF(end, 20))
            painter.setPen(QPen(color, 2))
            painter.setBrush(color if done or here else QColor(theme.CARD))
            painter.drawEllipse(QPointF(x, 20), 13, 13)
            painter.setPen(QColor(theme.CARD if done or here else theme.SUB))
            painter.drawText(QRectF(x - 13, 7, 26, 26), centre, "✓" if done else str(index + 1))
            painter.setPen(QColor(theme.INK if done or here else theme.SUB))
            painter.drawText(QRectF(x + 24, 6, width - 40, 28), middle, name)
            painter.setFont(theme.font(13))
            painter.setPen(QColor(theme.SUB))
            under = QRectF(x + 24, 36, width - 34, 22)
            if painter.fontMetrics().horizontalAdvance(note) > under.width():
                under = QRectF(x - 13, 36, width - 6, 22)  # a long one begins under the number
            self.cut.draw(painter, under, note)
