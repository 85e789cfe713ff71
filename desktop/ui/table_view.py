"""What the program's one table is seen and walked through by: the view with its keys, and what draws its cells."""

from math import floor
from typing import ClassVar, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.ui import theme
from desktop.ui.focus import keys_lead
from desktop.ui.widgets.keys import Keys

Index: TypeAlias = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole + 1
"""The role by which a model gives what draws itself in a cell."""
FRAME, MARK = 2, 3
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


def on_pixels(painter: QPainter, area: QRectF, edge: Qt.Edge | None = None, thick: float = 0) -> QRectF:
    """Return `area` with its edges where whole pixels of the screen begin; with `edge`, a strip along that, as `thick`.

    At 125 % the edge of a cell lies within a pixel: what two cells draw to it leaves a paler line between them.
    """
    to_screen = painter.deviceTransform()
    there = to_screen.mapRect(area)
    left, top, right, bottom = (floor(at + 0.5) for at in (there.left(), there.top(), there.right(), there.bottom()))
    strip = max(floor(thick * to_screen.m11() + 0.5), 1)
    if edge is Qt.Edge.LeftEdge:
        right = left + strip
    elif edge is Qt.Edge.RightEdge:
        left = right - strip
    elif edge is Qt.Edge.TopEdge:
        bottom = top + strip
    elif edge is Qt.Edge.BottomEdge:
        top = bottom - strip
    return to_screen.inverted()[0].mapRect(QRectF(left, top, right - left, bottom - top))


class Cells(QStyledItemDelegate):
    """Draws one row: the cell, the hairline under it, and the red edge of the selected row."""

    def __init__(self, view: QTableView, height: int) -> None:
        super().__init__(view)
        self._view, self._height = view, height

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell as its column declares it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The attributes exist on QStyleOption; the type stubs of this Qt version leave them out.
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        area = QRectF(rect)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(on_pixels(painter, area), QColor(theme.RED_SOFT))
            if area.left() <= 0:  # the first column that is shown, whichever was put away
                painter.fillRect(on_pixels(painter, area, Qt.Edge.LeftEdge, MARK), QColor(theme.RED))
        painter.fillRect(on_pixels(painter, area, Qt.Edge.BottomEdge, 1), QColor(theme.HAIR))
        cell = index.data(CELL)
        if cell is not None:
            painter.setClipRect(area)
            cell.draw(painter, area.adjusted(10, 0, -10, -1))
        if keys_lead() and self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            self._frame(painter, area)
        painter.restore()

    def _frame(self, painter: QPainter, area: QRectF) -> None:
        """Draw the part of the frame of the row that keys go to which runs through one cell."""
        sides = [Qt.Edge.TopEdge, Qt.Edge.BottomEdge]
        if area.left() <= 0:
            sides.append(Qt.Edge.LeftEdge)
        if area.right() >= self._view.viewport().width() - 1:
            sides.append(Qt.Edge.RightEdge)
        for side in sides:
            painter.fillRect(on_pixels(painter, area, side, FRAME), QColor(theme.RED))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, self._height)


class RowsView(QTableView):
    takes: ClassVar[Keys] = (
        ("↑ ↓", "上一行、下一行"),
        ("Enter", "打开这一行"),
        ("Alt+↓、菜单键", "排序、选列"),
        ("Ctrl+C", "复制选中的行"),
        ("Esc", "关上右边的一栏"),
    )

    entered_row = Signal()
    copied = Signal()
    head_wanted = Signal()
    """A key asked for what the pointer does on the head: to sort and to choose columns."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.head_wanted.emit()
            return
        key, at = event.key(), self.currentIndex()
        unmarked = at.isValid() and not self.selectionModel().hasSelection()
        if unmarked and (key in ENTER or (key in STEPS and not event.modifiers())):
            self.selectRow(at.row())  # keys came here and marked nothing yet: it is this row, not the one after
            if key in STEPS:
                return
        if key in ENTER and at.isValid():
            self.entered_row.emit()
            return
        if key == Qt.Key.Key_Space and [row.row() for row in self.selectionModel().selectedRows()] == [at.row()]:
            return  # with Ctrl it would be unmarked, while what it says stays beside the list
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Let the menu key open what the head offers."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.head_wanted.emit()
        else:
            super().contextMenuEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the row that keys go to, where a key led here."""
        super().focusInEvent(event)
        if event.reason() in BY_TAB and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Draw the frame around the whole row; Qt draws anew only its cell."""
        super().currentChanged(current, previous)
        self.viewport().update()
