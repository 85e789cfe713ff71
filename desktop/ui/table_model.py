"""The program's one table: rows of one dataclass, and columns that say what they show (how: `table_view`)."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedLayout, QVBoxLayout, QWidget

from desktop.models.vocabulary.labels import Labelled
from desktop.services.ordinals import by_number
from desktop.ui import theme
from desktop.ui.cells import ALIGN, Bar, Cell, Tag, Total, Two, Txt
from desktop.ui.columns import ColumnChoice
from desktop.ui.sheets import Sheet
from desktop.ui.table_view import CELL, Cells, Index, RowsView
from desktop.ui.widgets.cards import EmptyState
from desktop.ui.widths import Widths

R = TypeVar("R")
Role = Qt.ItemDataRole
NAME_ROOM, BRANCH_ROOM = 150, 210
"""Logical pixels in which a name of nine characters, and that of a branch with its county, stand whole."""
BESIDE_ROWS, TITLE_PX = 14, 13
"""The frame, and the bar that scrolls; the size of a title."""
TITLE_EDGES = {"l": 20, "c": 20, "r": 20}
"""What a title leaves at both sides, by where it stands."""
NO_MARK = QItemSelectionModel.SelectionFlag.NoUpdate
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def shown(value: Any) -> str:
    """Return how a plain value is written in a table: dates as 2026-03-05, nothing as —, yes and no in words."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()[:10]
    label = getattr(value, "label", None)
    return label if isinstance(label, str) else str(value)


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: `value` is what it sorts and exports by, `text` how the reader sees it, `cell` how it is drawn.

    `order` is what it sorts by where the value has an order of its own, as bands of age have. `unit` stands behind
    each number, and in the head of a workbook, whose cells are the numbers.
    `width` 0 takes the room that is left; `fold` hides the column below that many logical pixels of table width, and
    where a column that takes what is left would have less than `least`.
    """

    title: str
    value: Callable[[R], Any]
    text: Callable[[Any], str] = shown
    cell: Callable[[R], Cell] | None = None
    width: int = 0
    align: str = "l"
    tone: str = ""
    fold: int = 0
    order: Callable[[R], Any] | None = None
    least: int = NAME_ROOM
    unit: str = ""

    def draw_by(self, row: R) -> Cell:
        """Return the cell of `row`."""
        if self.cell is not None:
            return self.cell(row)
        words = self.text(self.value(row))
        return Txt(words, "sub" if words == "—" else self.tone, align=self.align, px=13 if self.tone == "sub" else 14)

    def words(self, row: R) -> str:
        """Return what paper and a workbook say: the words or the mark that is drawn, else the value as it is read.

        What is drawn as a line over another is told by its value; a value that only orders rows tells nothing.
        """
        value = self.value(row)
        drawn = self.cell(row) if self.cell is not None else None
        if isinstance(drawn, Txt | Tag):
            return drawn.text or self.text(value)
        return drawn.words() if drawn is not None and isinstance(value, tuple) else self.text(value)

    def out(self, row: R) -> "str | Decimal | None":
        """Return what a workbook has: the number as it is read, nothing where there is none, else the words."""
        value, words = self.value(row), self.words(row)
        if value is None and self.unit:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return words
        bare = words.removesuffix(self.unit).strip().replace(",", "").replace("−", "-")
        return Decimal(bare) if _NUMBER.fullmatch(bare) else words


def sort_key(value: Any) -> tuple[int, Any]:
    """Return a key that puts what is missing last and never compares a number with a word.

    States and grades stand as they are declared, which is the order in which they follow each other.
    """
    if value is None or value == "":
        return (2, "")
    if isinstance(value, Labelled):
        return (0, list(type(value)).index(value))
    if isinstance(value, bool | int | float):
        return (0, value)
    if isinstance(value, date):
        return (1, value.isoformat())
    label = getattr(value, "label", None)
    return (1, by_number(label if isinstance(label, str) else str(value)))


def _in_cell(words: str) -> str:
    return " ".join(words.replace("\t", " ").split("\n"))


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows of one dataclass as a read-only table. It sorts and filters by itself: a proxy takes 100 times longer."""

    def __init__(self, columns: Sequence[Column[R]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._all: list[R] = []
        self._rows: list[R] = []
        self._keep: Callable[[R], bool] | None = None
        self._needle = ""
        self._sorted: tuple[int, bool] | None = None

    def set_rows(self, rows: Iterable[R]) -> None:
        """Replace all rows; filter and order stay."""
        self._all = list(rows)
        self._show()

    def set_filter(self, keep: Callable[[R], bool] | None) -> None:
        """Show only the rows `keep` wants."""
        self._keep = keep
        self._show()

    def set_needle(self, words: str) -> None:
        """Show only the rows that have `words` in a column."""
        self._needle = words.strip().casefold()
        self._show()

    def row_at(self, number: int) -> R:
        """Return the row shown at line `number`."""
        return self._rows[number]

    def rows(self) -> Sequence[R]:
        """Return the rows shown, in their order."""
        return tuple(self._rows)

    def everything(self) -> Sequence[R]:
        """Return all rows, filtered out or not."""
        return tuple(self._all)

    def find(self, wanted: Callable[[R], bool]) -> int:
        """Return the line of the first row shown that is `wanted`, or -1."""
        return next((number for number, row in enumerate(self._rows) if wanted(row)), -1)

    def sheet(self, title: str, without: Collection[str] = (), rows: Sequence[R] | None = None) -> Sheet:
        """Return what is shown, for export and print: all rows or some, without the columns of these titles."""
        columns = [column for column in self.columns if column.title not in without]
        told = self._rows if rows is None else rows
        values = tuple(tuple(column.value(row) for column in columns) for row in told)
        words = tuple(tuple(column.words(row) for column in columns) for row in told)
        cells = tuple(tuple(column.out(row) for column in columns) for row in told)
        units = tuple(column.unit for column in columns)
        heads = tuple(column.title for column in columns)
        return Sheet(title, heads, values, words, units=units, numbers=cells)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows pass the filter; a table has no rows below rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return of a cell its text, its value for sorting, its alignment or what a screen reader says."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        if role == CELL:
            return column.draw_by(row)
        if role == Role.DisplayRole:
            return column.text(column.value(row))
        if role == Role.AccessibleTextRole:
            return f"{column.title}：{column.draw_by(row).words()}"
        if role == Role.ToolTipRole:
            return column.draw_by(row).words()
        return column.value(row) if role == Role.UserRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal:
            if role in (Role.DisplayRole, Role.ToolTipRole):
                return self.columns[section].title
            if role == Role.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignVCenter | ALIGN[self.columns[section].align]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by the value of a column."""
        self._sorted = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._show()

    def _show(self) -> None:
        self.beginResetModel()
        rows = self._all
        if self._keep is not None:
            rows = [row for row in rows if self._keep(row)]
        if self._needle:
            rows = [row for row in rows if self._matches(row)]
        if self._sorted is not None:
            number, backwards = self._sorted
            column = self.columns[number]
            value = column.order or column.value
            rows = sorted(rows, key=lambda row: sort_key(value(row)), reverse=backwards)
        self._rows = list(rows)
        self.endResetModel()

    def _matches(self, row: R) -> bool:
        return any(self._needle in column.text(column.value(row)).casefold() for column in self.columns)


class DataTable(QFrame, Generic[R]):
    """A table with its keyboard and empty state. `picked` follows the selection, `opened` is Enter or double click."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        name: str,
        empty: EmptyState | None = None,
        *,
        height: int = 40,
        look: str = "",
        sortable: bool = True,
        none_found: EmptyState | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("clear" if look else "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = name
        self.model: RowsModel[R] = RowsModel(columns, self)
        self.view = RowsView()
        self.empty = empty or EmptyState("inbox", "这里还没有记录。")
        self._nothing_found = none_found or EmptyState("search", "没有符合条件的记录。", "换个词，或清除筛选再看。")
        self._loaded = self._waiting = False
        self._widths = Widths(self.view, [column.width for column in self.model.columns])
        self._set_up(height, sortable)
        heads = [(column.title, column.align) for column in self.model.columns]
        self.choice = ColumnChoice(
            self.view, name, heads, lambda _hidden: self._fit(), with_button=sortable and not look
        )
        self._stack = QStackedLayout()
        edge = 0 if look else 1
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(0)
        self._whole.setContentsMargins(edge, edge, edge, edge)
        self._whole.addLayout(self._stack, 1)
        for part in (self.view, self.empty, self._nothing_found):
            self._stack.addWidget(part)
        self.model.modelReset.connect(self._settle)
        self.model.modelReset.connect(self._measure)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.entered_row.connect(self._open)
        self.view.doubleClicked.connect(lambda _index: self._open())
        self.view.copied.connect(self.copy)
        self.view.head_wanted.connect(self.choice.open_by_key)
        self._fit()

    def set_rows(self, rows: Iterable[R], same: Callable[[R], Any] | None = None) -> None:
        """Show `rows`; with `same` (a key) the row that was selected stays selected."""
        before = self.current()
        self._loaded = True
        self.model.set_rows(rows)
        self._stand()
        if before is not None and same is not None:
            key = same(before)
            self.select(lambda row: same(row) == key)

    def put_below(self, part: QWidget) -> None:
        """Put a line under the rows, inside the frame."""
        self._whole.addWidget(part)

    def wait(self, on: bool = True) -> None:
        """While rows are on their way, do not say that there are none."""
        self._waiting = on
        self._settle()

    def current(self) -> R | None:
        """Return the row that is selected; of several the one the cursor is on."""
        chosen = [index.row() for index in self.view.selectionModel().selectedRows()]
        at = self.view.currentIndex().row()
        return self.model.row_at(at if at in chosen else chosen[0]) if chosen else None

    def chosen(self) -> list[R]:
        """Return all rows that are selected, in the order they are shown."""
        return [
            self.model.row_at(at) for at in sorted(index.row() for index in self.view.selectionModel().selectedRows())
        ]

    def copy(self) -> None:
        """Put the selected rows, with their heads, into the clipboard as a block that Excel and WPS take."""
        rows = self.chosen()
        if rows:
            sheet = self.model.sheet(self.name, self.choice.hidden, rows)
            lines = (sheet.heads, *sheet.words)
            QGuiApplication.clipboard().setText("\n".join("\t".join(_in_cell(word) for word in line) for line in lines))

    def select(self, wanted: Callable[[R], bool]) -> bool:
        """Select the first row that is `wanted`; False if none is shown."""
        number = self.model.find(wanted)
        if number < 0:
            return False
        self.view.selectRow(number)
        self.view.scrollTo(self.model.index(number, 0))
        return True

    def whole_height(self) -> int:
        """Return the height at which every row is in sight."""
        return self.view.horizontalHeader().height() + self.view.verticalHeader().length() + 2

    def step(self, by: int) -> None:
        """Move the selection by +1 or -1 rows."""
        chosen = self.view.selectionModel().selectedRows()
        target = (chosen[0].row() if chosen else -1) + by
        if 0 <= target < self.model.rowCount():
            self.view.selectRow(target)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.view.clearSelection()

    def sheet(self, title: str = "") -> Sheet:
        """Return what is shown, for export and print, under its own name or `title`; where several rows are selected,
        these alone.
        """
        rows, title = self.chosen(), title or self.name
        if len(rows) < 2:
            return self.model.sheet(title, self.choice.hidden)
        return self.model.sheet(f"{title}（选中{len(rows)}条）", self.choice.hidden, rows)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the columns its reader chose, of these the ones there is room for."""
        columns = self.model.columns
        shown = [
            number
            for number, column in enumerate(columns)
            if column.title not in self.choice.hidden and not self.width() < column.fold
        ]
        may_go = sorted((number for number in shown if columns[number].fold), key=lambda at: -columns[at].fold)
        while may_go and not self._has_room(shown):
            shown.remove(may_go.pop(0))
        for number in range(len(columns)):
            self.view.setColumnHidden(number, number not in shown)
        self.view.horizontalHeader().setStretchLastSection(all(columns[number].width for number in shown))
        font = QFontMetrics(theme.font(TITLE_PX))
        titles = [font.horizontalAdvance(column.title) + TITLE_EDGES[column.align] for column in columns]
        if shown and columns[shown[-1]].align != "r":
            titles[shown[-1]] += self.choice.beside()
        self._widths.fit(shown, [column.least for column in columns], titles, self.width() - BESIDE_ROWS)
        self.choice.place()

    def _has_room(self, shown: Sequence[int]) -> bool:
        """Return whether the columns that share what is left would each have enough of it."""
        widths = self._widths.declared
        sharing = [self.model.columns[number].least for number in shown if not widths[number]]
        left = self.width() - BESIDE_ROWS - sum(widths[number] for number in shown)
        return not sharing or left // len(sharing) >= max(sharing)

    def set_width(self, number: int, width: int) -> None:
        """Let a column that has a width have another one."""
        self._widths.declared[number] = width
        self._fit()

    def _measure(self) -> None:
        """Let the columns follow what stands in them."""
        model = self.model
        self._widths.measure(lambda row, at: model.columns[at].draw_by(model.row_at(row)), model.rowCount())
        self._fit()

    def _set_up(self, height: int, sortable: bool) -> None:
        view = self.view
        view.setObjectName("bare")
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setAccessibleName(self.name)
        view.setModel(self.model)
        view.setItemDelegate(Cells(view, height))
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(height)
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(36)
        head.setMinimumSectionSize(40)
        for number, column in enumerate(self.model.columns):
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(number, mode)
            if column.width:
                head.resizeSection(number, column.width)
        if sortable:
            head.setSectionsClickable(True)
            head.setSortIndicatorShown(False)
            head.sortIndicatorChanged.connect(self._sort)
            head.setSortIndicatorClearable(True)
            head.sectionClicked.connect(self._show_order)

    def _show_order(self, _section: int) -> None:
        """Show by which column the rows stand. The head is asked for anew: where another stood at its place before,
        what held it would be that one, and gone with it.
        """
        self.view.horizontalHeader().setSortIndicatorShown(True)

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        chosen = self.chosen()
        self.model.sort(section, order)
        if len(chosen) == 1:
            self.select(lambda row: row is chosen[0])
        self._stand()

    def _stand(self) -> None:
        """Let keys that lead here have a row, also where the rows came, or were ordered anew, after the focus did."""
        if self.view.hasFocus() and not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.selectionModel().setCurrentIndex(self.model.index(0, 0), NO_MARK)

    def _selected(self) -> None:
        row = self.current()
        if row is not None:
            self.picked.emit(row)

    def _open(self) -> None:
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def _settle(self) -> None:
        if self.model.rowCount() or self._waiting or not self._loaded:
            part: QWidget = self.view
        else:
            part = self._nothing_found if self.model.everything() else self.empty
        had = self.view.hasFocus()
        self._stack.setCurrentWidget(part)
        if had and part.hasFocus() and part is not self.view:
            part.focusPreviousChild()  # it takes no keys: those stand at the filter again


__all__ = [
    "CELL",
    "Bar",
    "Cell",
    "Column",
    "DataTable",
    "Index",
    "RowsModel",
    "Sheet",
    "Tag",
    "Total",
    "Two",
    "Txt",
    "shown",
    "sort_key",
]
