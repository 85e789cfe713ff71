"""A grid that many lines are typed or pasted into: a line a person, a column a declared column of a sheet."""

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtCore import QPersistentModelIndex as Kept
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.sheets import SheetColumn, as_cell
from desktop.ui import theme
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import Keys

Index = QModelIndex | Kept
Role = Qt.ItemDataRole
ROW, NAME_WIDTH, HEAD_EDGE, OPEN_LINES = 33, 96, 26, 5
WIDTHS = {"date": 104, "integer": 76, "text": 92}
WHO = "姓名"
LOCKED = "—"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One person: what is kept of them, on which revision, and the columns that are not theirs."""

    key: str
    name: str
    values: Mapping[str, object]
    rev: int | None = None
    locked: Collection[str] = field(default=())


def block(words: str) -> list[list[str]]:
    """Return the cells of a block as Excel and WPS copy it; a cell in quotes may hold several lines."""
    rows = [[cell.strip() for cell in row] for row in csv.reader(StringIO(words), delimiter="\t")]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def placed(
    rows: Sequence[Sequence[str]], names: Sequence[str], labels: Sequence[str], at: tuple[int, int]
) -> tuple[dict[tuple[int, int], str], list[str]]:
    """Return which cell of a grid each cell of a block belongs into, and what has no place, in words.

    With names in its first column each row goes to its person; a first row with 姓名 names the columns too. Else it
    goes in from `at` on.
    """
    lines, left = {name: number for number, name in enumerate(names)}, list[str]()
    columns = list(range(at[1], len(labels)))
    if rows[0][0].replace(" ", "") == WHO:
        places = {label: number for number, label in enumerate(labels)}
        left += [f"没有“{head}”这一栏" for head in rows[0][1:] if head and head not in places]
        columns = [places.get(head, -1) for head in rows[0][1:]]
        taken = [(row[0].replace(" ", ""), row[1:]) for row in rows[1:]]
    elif len(rows[0]) > 1 and any(row[0].replace(" ", "") in lines for row in rows):
        taken = [(row[0].replace(" ", ""), row[1:]) for row in rows]
    else:
        own = names[at[0] :]
        taken = list(zip(own, rows, strict=False))
        left += [f"多出{len(rows) - len(own)}行"] if len(rows) > len(own) else []
    strange = [name for name, _row in taken if name not in lines]
    left += [f"名单里没有{'、'.join(strange[:5])}"] if strange else []
    cells = {
        (lines[name], number): word
        for name, row in taken
        if name in lines
        for number, word in zip(columns, row, strict=False)
        if number >= 0
    }
    return cells, left


def _worded(value: object) -> str:
    shown = as_cell(value)
    return "" if shown is None else shown.isoformat() if isinstance(shown, date) else str(shown)


class TypedCells(QAbstractTableModel):
    """The words of every cell as they were typed, whether they can be read or not."""

    def __init__(self, columns: Sequence[SheetColumn], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns, self.lines = tuple(columns), tuple[TypedLine, ...]()
        self.kept: list[list[str]] = []
        self.words: list[list[str]] = []
        self.revs: dict[str, int | None] = {}

    def show_lines(self, lines: Sequence[TypedLine]) -> None:
        """Show what is kept."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.kept = [[_worded(line.values.get(column.name)) for column in self.columns] for line in lines]
        self.words = [list(row) for row in self.kept]
        self.revs = {line.key: line.rev for line in lines}
        self.endResetModel()

    def open(self, row: int, column: int) -> bool:
        """Return whether a cell may be typed into."""
        return self.columns[column].name not in self.lines[row].locked

    def read(self, row: int, column: int) -> Any:
        """Return what a cell means; None where it is empty.

        Raises:
            InvalidInput: it means nothing certain.
        """
        words, declared = self.words[row][column].strip(), self.columns[column]
        return declared.parse(words, declared) if words else None

    def fault(self, row: int, column: int) -> str:
        """Return why a cell cannot be read, or ""; what stood there is not judged."""
        if self.words[row][column] == self.kept[row][column]:
            return ""
        try:
            self.read(row, column)
        except InvalidInput as error:
            return error.reason
        return ""

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many people there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the name and the columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return WHO if section == 0 else self.columns[section - 1].label
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every cell but the names, and those that are not somebody's, be typed into."""
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.column():
            flags |= Qt.ItemFlag.ItemIsSelectable
            if self.open(index.row(), index.column() - 1):
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a cell: as typed, red where it cannot be read, with the reason."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column() - 1
        if column < 0:
            return self.lines[row].name if role in (Role.DisplayRole, Role.AccessibleTextRole) else None
        words, why = self.words[row][column], self.fault(row, column)
        if role == Role.EditRole:
            return words
        if role == Role.DisplayRole:
            return words.replace("\n", " ") if self.open(row, column) else words or LOCKED
        if role == Role.ToolTipRole:
            return why or words or None
        if role == Role.ForegroundRole and (why or not self.open(row, column)):
            return QColor(theme.RED) if why else theme.tone_color("faint")
        if role == Role.BackgroundRole and why:
            return QColor(theme.RED_SOFT)
        if role == Role.AccessibleTextRole:
            return "，".join(filter(None, (f"{self.lines[row].name}{self.columns[column].label}：{words}", why)))
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take what was typed, as it is written out where it can be read."""
        if role != Role.EditRole or not index.column() or not self.open(index.row(), index.column() - 1):
            return False
        self.put(index.row(), index.column() - 1, str(value))
        self.told()
        return True

    def put(self, row: int, column: int, words: str) -> None:
        """Put words into a cell; `told` lets everybody know."""
        self.words[row][column] = words.strip()
        try:
            self.words[row][column] = _worded(self.read(row, column))
        except InvalidInput:
            return

    def told(self) -> None:
        """Say that cells changed."""
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(self.columns)))


class _Editor(QStyledItemDelegate):
    """Several lines for long columns (Shift+Enter begins one), a drop-down for choices, else one line."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._cells(index).columns[index.column() - 1]
        if column.choices:
            choice = Choice(column.label, [("", "未填"), *((each, each) for each in column.choices)])
            choice.setParent(parent)
            return choice
        if column.looks != "long":
            return super().createEditor(parent, option, index)
        memo = QPlainTextEdit(parent)
        memo.setAccessibleName(column.label)
        memo.setTabChangesFocus(True)
        return memo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        words = str(index.data(Role.EditRole))
        if isinstance(editor, Choice):
            editor.set_value(words)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(words)
            editor.selectAll()
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, Choice):
            model.setData(index, editor.value())
        elif isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText())
        else:
            super().setModelData(editor, model, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect  # type: ignore[attr-defined]
        if isinstance(editor, QPlainTextEdit):
            room = editor.parentWidget().height()
            area.setHeight(min(room, OPEN_LINES * editor.fontMetrics().lineSpacing() + 16))
            area.moveTop(max(0, min(area.top(), room - area.height())))
        editor.setGeometry(area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(watched, QPlainTextEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _cells(index: Index) -> TypedCells:
        cells = index.model()
        assert isinstance(cells, TypedCells)
        return cells


class TypingGrid(QTableView):
    """The grid, one control of a form: what is typed into it is kept as its draft.

    `changed` follows every change; `said` tells what a pasted block left out.
    """

    takes: ClassVar[Keys] = (
        ("Ctrl+C Ctrl+V", "复制、粘贴（和 Excel、WPS 之间也行）"),
        ("Ctrl+Z", "撤回"),
        ("Delete", "清空选中的格"),
        ("Ctrl+D", "往下填"),
        ("Enter", "修改这一格"),
    )

    changed = Signal()
    said = Signal(str)

    def __init__(self, columns: Sequence[SheetColumn], name: str) -> None:
        super().__init__()
        self.cells = TypedCells(columns, self)
        self._steps: list[list[list[str]]] = []
        self.setModel(self.cells)
        self.setItemDelegate(_Editor(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("bare")
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.resizeSection(0, NAME_WIDTH)
        for number, column in enumerate(columns, start=1):
            if column.looks == "long":
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                needed = self.fontMetrics().horizontalAdvance(column.label) + HEAD_EDGE
                head.resizeSection(number, max(WIDTHS.get(column.looks, NAME_WIDTH), needed))
        self.cells.dataChanged.connect(lambda *_: self.changed.emit())

    # the form

    def show_lines(self, lines: Sequence[TypedLine]) -> None:
        """Show what is kept, with the cursor in the first cell that may be typed into."""
        self.cells.show_lines(lines)
        self._steps.clear()
        if lines:
            self.setCurrentIndex(self.cells.index(0, 1))

    def values(self) -> dict[str, dict[str, Any]]:
        """Return by key what was typed and can be read: the changed cells alone."""
        cells, found = self.cells, dict[str, dict[str, Any]]()
        for row, line in enumerate(cells.lines):
            for number, column in enumerate(cells.columns):
                if cells.words[row][number] != cells.kept[row][number]:
                    found.setdefault(line.key, {})[column.name] = cells.read(row, number)
        return found

    def fault(self) -> str:
        """Return why the first cell that cannot be read is not, with the cursor there; "" where all can."""
        for row, line in enumerate(self.cells.lines):
            for number, column in enumerate(self.cells.columns):
                why = self.cells.fault(row, number)
                if why:
                    self.setCurrentIndex(self.cells.index(row, number + 1))
                    return f"{line.name}的{column.label}：{why}"
        return ""

    def settle(self) -> None:
        """Take what stands in an open cell."""
        at = self.currentIndex()
        self.setCurrentIndex(QModelIndex())
        self.setCurrentIndex(at)

    def typed(self) -> object:
        """Return the changed cells by key, with the revision they were typed over, as a draft keeps them."""
        cells, found = self.cells, dict[str, object]()
        for row, line in enumerate(cells.lines):
            words = {
                column.name: cells.words[row][number]
                for number, column in enumerate(cells.columns)
                if cells.words[row][number] != cells.kept[row][number]
            }
            if words:
                found[line.key] = {"rev": cells.revs[line.key], "words": words}
        return found

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned, over what is kept."""
        self.cells.words = [list(row) for row in self.cells.kept]
        names = [column.name for column in self.cells.columns]
        for row, line in enumerate(self.cells.lines):
            said = kept.get(line.key) if isinstance(kept, dict) else None
            self.cells.revs[line.key] = said.get("rev") if isinstance(said, dict) else line.rev
            for name, words in (said.get("words") or {}).items() if isinstance(said, dict) else ():
                if name in names and self.cells.open(row, names.index(name)):
                    self.cells.words[row][names.index(name)] = str(words)
        self.cells.told()

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, clear, fill down, take back; Enter opens the cell."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.matches(keys.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.matches(keys.Undo):
            self.take_back()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._fill(self._spots(), "")
        elif event.key() == Qt.Key.Key_D and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.fill_down()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """Return the selected cells as Excel and WPS take them."""
        spots, out = self._spots(), StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        for row in sorted({row for row, _column in spots}):
            writer.writerow([self.cells.words[row][column] for at, column in sorted(spots) if at == row])
        return out.getvalue().rstrip("\n")

    def paste(self, words: str) -> None:
        """Put a block in from the cursor on; with names in its first column each row goes to its person.

        A first row with 姓名 names the columns too.
        """
        rows, at = block(words), self.currentIndex()
        if not rows or not at.isValid():
            return
        names, labels = [line.name for line in self.cells.lines], [column.label for column in self.cells.columns]
        cells, left = placed(rows, names, labels, (at.row(), max(at.column() - 1, 0)))
        shut = [spot for spot, word in cells.items() if word and not self.cells.open(*spot)]
        left += [f"{len(shut)}格不用填"] if shut else []
        self._put(cells)
        taken = len(cells) - len(shut)
        self.said.emit(f"粘贴了 {taken} 格" + (f"；没有收：{'；'.join(left)}" if left else ""))

    def fill_down(self) -> None:
        """Fill the selected cells with the top one; from a single cell the empty ones below it."""
        spots = sorted(self._spots())
        if not spots:
            return
        if len(spots) == 1:
            (row, column), words = spots[0], self.cells.words
            below = [at for at in range(row + 1, len(words)) if not words[at][column]]
            self._put({(at, column): words[row][column] for at in below})
        else:
            top = spots[0][0]
            self._put({(row, column): self.cells.words[top][column] for row, column in spots})

    def take_back(self) -> None:
        """Undo the last change of several cells."""
        if self._steps:
            self.cells.words = self._steps.pop()
            self.cells.told()

    def _spots(self) -> list[tuple[int, int]]:
        return [
            (index.row(), index.column() - 1) for index in self.selectionModel().selectedIndexes() if index.column()
        ]

    def _fill(self, spots: Sequence[tuple[int, int]], words: str) -> None:
        self._put(dict.fromkeys(spots, words))

    def _put(self, cells: Mapping[tuple[int, int], str]) -> None:
        self._steps.append([list(row) for row in self.cells.words])
        for (row, column), words in cells.items():
            if self.cells.open(row, column):
                self.cells.put(row, column, words)
        self.cells.told()
