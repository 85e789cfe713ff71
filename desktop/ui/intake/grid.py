"""The sheet as it is, under the choosers of its columns."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.services.intake.looks import ColumnLook, RowRole, SheetLook
from desktop.services.spreadsheets.workbook import SheetCells
from desktop.ui import theme
from desktop.ui.intake.cells import GridLine, grid_columns, grid_lines, letter, merges_in
from desktop.ui.intake.chooser import FieldOption
from desktop.ui.intake.hand import waits
from desktop.ui.intake.heads import HEIGHT, ColumnHeads, RowHeads
from desktop.ui.table_model import CELL, Index

Role = Qt.ItemDataRole
LOOK = CELL + 1
ROW_HEIGHT, FEW_LINES = 25, 8
NARROWEST, WIDEST, CHOOSER_EDGE, WHY_TAKES, MEASURED = 84, 210, 46, 84, 14
FILLS = {
    RowRole.TITLE: theme.SOFT,
    RowRole.HEADING: theme.SLATE_SOFT,
    RowRole.REPEATED: theme.SLATE_SOFT,
    RowRole.GROUP: theme.SOFT,
    RowRole.FOOT: theme.SOFT,
    RowRole.EXAMPLE: theme.SOFT,
}


class GridModel(QAbstractTableModel):
    """Lines of a sheet as they stand in the file."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[GridLine] = []
        self.columns: list[int] = []
        self.looks: dict[int, ColumnLook] = {}

    def show_lines(self, lines: list[GridLine], columns: list[int], looks: dict[int, ColumnLook]) -> None:
        """Replace everything; `looks` by column number."""
        self.beginResetModel()
        self.lines, self.columns, self.looks = lines, columns, looks
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the words of a cell, its line, or the look of its column."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], self.columns[index.column()]
        if role == CELL:
            return line
        if role == LOOK:
            return self.looks.get(column)
        words = line.cells.get(column, "")
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return words
        if role == Role.AccessibleTextRole:
            read = line.shown.get(column)
            return f"{letter(column)}{line.number}：{words}" + (f"，读作 {read}" if read else "")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return Excel's letter of a column, the true number of a row."""
        if role != Role.DisplayRole:
            return None
        # While the model is replaced a header still asks about sections that are gone.
        if orientation == Qt.Orientation.Horizontal:
            return letter(self.columns[section]) if section < len(self.columns) else ""
        return str(self.lines[section].number) if section < len(self.lines) else ""


class CellPainter(QStyledItemDelegate):
    """Draws a cell as it is written, and beside it how it is read where that is something else."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell, in the colours of its row and column."""
        line: GridLine = index.data(CELL)
        look: ColumnLook | None = index.data(LOOK)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        edge = area.adjusted(0.5, 0.5, -0.5, -0.5)
        held = look is not None and look.held and line.role in (RowRole.HEADING, RowRole.RECORD)
        painter.save()
        painter.setClipRect(area)
        heading = line.role in (RowRole.HEADING, RowRole.REPEATED)
        fill = FILLS.get(line.role, theme.CARD)
        if held:
            fill = theme.RED_SOFT if heading else theme.WRONG
        painter.fillRect(area, QColor(theme.now(fill)))
        painter.setPen(QColor(theme.HAIR))
        painter.drawLine(edge.bottomLeft(), edge.bottomRight())
        painter.drawLine(edge.topRight(), edge.bottomRight())
        if held:
            painter.setPen(QPen(QColor(theme.RED), 2))
            painter.drawLine(area.topLeft() + QPointF(1, 0), area.bottomLeft() + QPointF(1, 0))
            painter.drawLine(area.topRight() - QPointF(1, 0), area.bottomRight() - QPointF(1, 0))
        self._words(painter, area.adjusted(8, 0, -6, 0), line, index, bad=held and heading)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, area: QRectF, line: GridLine, index: Index, *, bad: bool) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        bold = line.role not in (RowRole.RECORD, RowRole.FOOT, RowRole.EXAMPLE)
        painter.setFont(theme.font(13, bold=bold))
        painter.setPen(theme.tone_color("bad" if bad else "faint" if line.odd else ""))
        words = str(index.data() or "")
        column = index.model().columns[index.column()]  # type: ignore[attr-defined]
        read = line.shown.get(column, "")
        centred = line.role in (RowRole.HEADING, RowRole.REPEATED) or (
            line.role is RowRole.TITLE and len(line.cells) == 1
        )
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(
            area, middle | (Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft), shown
        )
        used = painter.fontMetrics().horizontalAdvance(shown)
        painter.setFont(theme.font(12))
        painter.setPen(theme.tone_color("wait"))
        if read and not centred:
            rest = area.adjusted(used + 6, 0, 6, 0)
            beside = painter.fontMetrics().elidedText(read, Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, middle, beside)
        elif line.note:
            painter.drawText(area.adjusted(used + 16, 0, 0, 0), middle, line.note)


class SheetGrid(QTableView):
    """The grid. `decided` tells (column look, field), `row_changed` (row number, role)."""

    decided = Signal(object, object)
    row_changed = Signal(int, object)
    _untouched = False
    """Whether nobody has scrolled yet; Qt asks while the grid is being made."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("这张表的前 30 行")
        self.grid = GridModel(self)
        self.setModel(self.grid)
        self.setItemDelegate(CellPainter(self))
        self.heads, self.numbers = ColumnHeads(self), RowHeads(self)
        self.setHorizontalHeader(self.heads)
        self.setVerticalHeader(self.numbers)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.numbers.setDefaultSectionSize(ROW_HEIGHT)
        self.numbers.setMinimumSectionSize(ROW_HEIGHT)
        self.setMinimumHeight(HEIGHT + 3 * ROW_HEIGHT)
        self.heads.decided.connect(self.decided)
        self.numbers.changed.connect(self.row_changed)
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self._touched())
        self._shown = ("", 0)

    def show_sheet(
        self,
        cells: SheetCells,
        look: SheetLook | None,
        options: tuple[FieldOption, ...],
        unit: str,
        *,
        whole: bool = False,
        only_open: bool = False,
    ) -> None:
        """Show the first lines of a sheet with a chooser over each column; `only_open` those to decide on."""
        looks: Sequence[ColumnLook] = look.columns if look is not None else ()
        lines = grid_lines(cells, look, unit, whole=whole)
        columns = grid_columns(lines, look)
        if only_open:
            wanted = {spot for part in looks if waits(part) for spot in part.spots}
            columns = [column for column in columns if column in wanted]
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.clearSpans()  # before the cells go: Qt lays spans of cells that are gone out once more, and ends
        self.heads.forget()
        self.grid.show_lines(lines, columns, {spot: part for part in looks for spot in part.spots})
        for top, left, high, wide in merges_in(cells, lines, columns):
            self.setSpan(top, left, high, wide)
        places = {column: section for section, column in enumerate(columns)}
        at = {places[part.spots[0]]: part for part in looks if part.spots[0] in places}
        for section, width in enumerate(self._widths(options, at)):
            self.setColumnWidth(section, width)
        self.horizontalHeader().setStretchLastSection(cells.origin is not None)  # lines of words, not cells
        self.heads.show_columns([letter(column) for column in columns], at, options)
        if self._shown == (cells.title, len(columns)):  # read again: the eye stays where it was
            self.horizontalScrollBar().setValue(across)
            self.verticalScrollBar().setValue(down)
            return
        self._shown = (cells.title, len(columns))
        self.updateGeometries()
        self._untouched = True
        self._skip_titles()

    def _skip_titles(self) -> None:
        """Where only a few lines have room, begin with the heading instead of the titles above it; with a whole line
        in any case, and until somebody scrolls anew with each change of the room.
        """
        heading = next((at for at, line in enumerate(self.grid.lines) if line.role is RowRole.HEADING), 0)
        above, bar = self.verticalHeader().sectionPosition(heading), self.verticalScrollBar()
        short = self.viewport().height() < FEW_LINES * ROW_HEIGHT
        bar.setValue(above if short and above <= bar.maximum() else 0)

    def updateGeometries(self) -> None:
        """Begin with a whole line again where the room has changed."""
        super().updateGeometries()
        if self._untouched:
            self._skip_titles()

    def _touched(self) -> None:
        self._untouched = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._touched()
        super().wheelEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Let keys and clicks say what is in sight."""
        self._touched()
        super().currentChanged(current, previous)

    def stand_on(self, look: ColumnLook) -> None:
        """Put the cursor on the chooser of a column."""
        if look.spots[0] in self.grid.columns:
            self.heads.stand_on(self.grid.columns.index(look.spots[0]))

    def beyond(self) -> list[ColumnLook]:
        """Return the columns that are out of sight at the right."""
        edge = self.viewport().width()
        return [
            self.grid.looks[column]
            for section, column in enumerate(self.grid.columns)
            if column in self.grid.looks and self.columnViewportPosition(section) + 40 > edge
        ]

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the row may be, from its cells and from the keyboard too."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.currentIndex().row() if by_key else self.rowAt(event.pos().y())
        if row >= 0:
            self.numbers.offer(row).popup(event.globalPos())

    def _widths(self, options: Sequence[FieldOption], at: dict[int, ColumnLook]) -> list[int]:
        labels = {option.field: option.label for option in options}
        metrics, small = QFontMetrics(theme.font(13)), QFontMetrics(theme.font(12))
        widths = []
        for section, column in enumerate(self.grid.columns):
            lines = [line for line in self.grid.lines if line.role is RowRole.RECORD][:MEASURED]
            wanted = [
                metrics.horizontalAdvance(line.cells.get(column, ""))
                + small.horizontalAdvance(line.shown.get(column, ""))
                for line in lines
            ]
            look = at.get(section)
            if look is not None:
                chosen = labels.get(look.field, "请选择")
                wanted += [
                    metrics.horizontalAdvance(chosen) + CHOOSER_EDGE,
                    min(small.horizontalAdvance(look.why) - 6, WHY_TAKES),
                ]
            widths.append(max(NARROWEST, min(WIDEST, max(wanted, default=0) + 24)))
        return widths
