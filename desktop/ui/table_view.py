"""What the program's one table is seen and walked through by: the view with its keys, and what draws its cells."""

from typing import ClassVar, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.ui import theme
from desktop.ui.widgets.keys import Keys

Index: TypeAlias = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole + 1
"""The role by which a model gives what draws itself in a cell."""


class Cells(QStyledItemDelegate):
    """Draws one row: the cell, the hairline under it, and the red edge of the selected row."""

    def __init__(self, parent: QWidget, height: int) -> None:
        super().__init__(parent)
        self._height = height

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell as its column declares it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The attributes exist on QStyleOption; the type stubs of this Qt version leave them out.
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        area = QRectF(rect)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.RED_SOFT))
            if index.column() == 0:
                painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), QColor(theme.RED))
        painter.setPen(QColor(theme.HAIR))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        cell = index.data(CELL)
        if cell is not None:
            painter.setClipRect(area)
            cell.draw(painter, area.adjusted(10, 0, -10, -1))
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, self._height)


class RowsView(QTableView):
    takes: ClassVar[Keys] = (
        ("↑ ↓", "上一行、下一行"),
        ("Enter", "打开这一行"),
        ("Ctrl+C", "复制选中的行"),
        ("Esc", "关上右边的一栏"),
    )

    entered_row = Signal()
    copied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)
