"""Rows of twelve small cells, one a month: drawn at once, picked by mouse or keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import theme
from desktop.ui.widgets.keys import Keys

CELLS = 12
CELL, ROW, HEAD, ROUND = 20, 25, 20, 3
LABEL, SUM, GAP = 116, 66, 6
CHECK = "✓"


@dataclass(frozen=True, slots=True)
class MonthMark:
    """What stands in a cell: a sign in a tone, what it says in words, and the records behind it, the first opened."""

    sign: str = ""
    tone: str = "none"
    words: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One row: its name, twelve marks, and a sum in a tone."""

    name: str
    marks: tuple[MonthMark, ...]
    sum: str = ""
    tone: str = ""


class CellGrid(QWidget):
    """Months as columns. Arrow keys move over the cells, Enter or a click picks the one that has a record."""

    takes: ClassVar[Keys] = (
        ("← → ↑ ↓", "移动"),
        ("Enter 空格", "打开这一格"),
    )

    picked = Signal(str)

    def __init__(self, name: str, sum_title: str = "") -> None:
        super().__init__()
        self._name, self._sum_title = name, sum_title
        self._rows: tuple[MarkRow, ...] = ()
        self._at = (0, 0)
        self._walked = False  # the ring is for who goes by keys
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_rows(self, rows: Sequence[MarkRow]) -> None:
        """Show other rows."""
        self._rows = tuple(rows)
        said = "；".join(f"{row.name} {row.sum}".strip() for row in rows)
        self.setAccessibleName(f"{self._name}：{said}" if said else self._name)
        self.setFixedHeight(HEAD + ROW * len(rows))
        self.update()

    def rows(self) -> tuple[MarkRow, ...]:
        """Return what is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(480, HEAD + ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._label_width() + self._sum_width() + CELLS * 18, HEAD + ROW * len(self._rows))

    # ---- where ----
    def _label_width(self) -> int:
        return LABEL if any(row.name for row in self._rows) else 0

    def _sum_width(self) -> int:
        return SUM if self._sum_title else 0

    def _cell(self, number: int, month: int) -> QRectF:
        left = self._label_width()
        step = (self.width() - left - self._sum_width()) / CELLS
        top = HEAD + number * ROW + (ROW - CELL) / 2
        return QRectF(left + month * step + GAP / 2, top, step - GAP, CELL)

    def _under(self, point: QPointF) -> tuple[int, int] | None:
        for number in range(len(self._rows)):
            for month in range(CELLS):
                if self._cell(number, month).adjusted(-3, -3, 3, 3).contains(point):
                    return number, month
        return None

    def _mark(self, at: tuple[int, int] | None) -> MonthMark | None:
        return None if at is None else self._rows[at[0]].marks[at[1]]

    # ---- drawing ----
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.SUB))
        for month in range(CELLS):
            cell = self._cell(0, month)
            area = QRectF(cell.left(), 0, cell.width(), HEAD)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(month + 1))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self._sum_title:
            painter.drawText(QRectF(self.width() - SUM, 0, SUM, HEAD), right, self._sum_title)
        for number, row in enumerate(self._rows):
            top = HEAD + number * ROW
            painter.setFont(theme.font(14))
            painter.setPen(QColor(theme.INK))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, self._label_width(), ROW), left, row.name)
            painter.setPen(QColor(theme.TEXT_COLOURS[row.tone]))
            painter.drawText(QRectF(self.width() - SUM, top, SUM, ROW), right, row.sum)
            for month, mark in enumerate(row.marks):
                self._draw(painter, self._cell(number, month), mark)
        if self.hasFocus() and self._walked and self._rows:
            painter.setPen(QPen(QColor(theme.INK), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._cell(*self._at).adjusted(-2, -2, 2, 2), ROUND + 1, ROUND + 1)

    def _draw(self, painter: QPainter, area: QRectF, mark: MonthMark) -> None:
        painter.setFont(theme.font(12))
        if mark.tone == "nothing":
            painter.setPen(QColor(theme.FAINT))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark.sign)
            return
        ink, fill, edge = (QColor(colour) for colour in theme.TONES[mark.tone])
        if mark.tone == "none":
            fill = edge = QColor(theme.SOFT)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
        if mark.sign == CHECK:
            side = 12
            corner = QPointF(area.center().x() - side / 2, area.center().y() - side / 2)
            painter.drawPixmap(corner, theme.pixmap("check", ink.name(), side, self.devicePixelRatioF()))
            return
        painter.setPen(ink)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark.sign)

    # ---- mouse and keys ----
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over what opens."""
        mark = self._mark(self._under(event.position()))
        opens = mark is not None and bool(mark.record)
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the cell under the mouse."""
        at = self._under(event.position())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self._at = at
            self._pick()

    def event(self, event: object) -> bool:
        """Say in words what the cell under the mouse holds."""
        if isinstance(event, QHelpEvent):
            mark = self._mark(self._under(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), mark.words if mark is not None else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move over the cells, pick with Enter or Space."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._rows:
            number = min(max(self._at[0] + step[0], 0), len(self._rows) - 1)
            month = min(max(self._at[1] + step[1], 0), CELLS - 1)
            self._at, self._walked = (number, month), True
            self.setAccessibleDescription(self._rows[number].marks[month].words)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._rows:
            self._pick()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._walked = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _pick(self) -> None:
        self.update()
        mark = self._mark(self._at)
        if mark is not None and mark.record:
            self.picked.emit(mark.record)
