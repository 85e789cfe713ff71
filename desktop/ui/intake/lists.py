"""The lists beside the five numbers of a result, and what may be done with their lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.services.intake.answers import Place
from desktop.services.intake.looks import LeftOut, Part
from desktop.services.spreadsheets.results import Changed, New, Proposal, Rejected, Warned
from desktop.ui.cells import Tick
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.intake.hand import InHand
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState
from desktop.ui.widgets.keys import Keys, shortcut

MOST_KNOWN = 6
NOTE_TONES = {"党费会变": "part", "差一天": "part"}
AFTER = "改成"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change, and whether it is taken; `head` for the first of a row: the others leave its name out."""

    changed: Changed
    taken: bool
    head: bool

    @property
    def place(self) -> Place:
        """The cell it comes from."""
        return place_of(self.changed)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A new record, and whether it is taken."""

    new: New
    taken: bool

    @property
    def place(self) -> Place:
        """The row it comes from."""
        return Place(self.new.sheet, self.new.row)


def place_of(changed: Changed) -> Place:
    """Return the cell that a change comes from."""
    return Place(changed.sheet, changed.row, changed.name)


def change_lines(hand: InHand) -> list[ChangeLine]:
    """Return every change, those that were taken out too, by rows."""
    result = hand.result
    left = [part for part in hand.left.values() if isinstance(part, Changed)]
    kept = list(result.changes) if result is not None else []
    known = {place_of(changed) for changed in left}
    every = [(changed, False) for changed in left] + [(part, True) for part in kept if place_of(part) not in known]
    every.sort(key=lambda pair: (pair[0].sheet, pair[0].row))
    lines, before = [], ("", 0, "")
    for changed, taken in every:
        here = (changed.sheet, changed.row, changed.record)
        lines.append(ChangeLine(changed, taken, here != before))
        before = here
    return lines


def new_lines(hand: InHand) -> list[NewLine]:
    """Return every new record, those that were taken out too."""
    result = hand.result
    left = [part for part in hand.left.values() if isinstance(part, New)]
    known = {(new.sheet, new.row) for new in left}
    kept = [new for new in result.new if (new.sheet, new.row) not in known] if result is not None else []
    lines = [NewLine(new, False) for new in left] + [NewLine(new, True) for new in kept]
    return sorted(lines, key=lambda line: (line.new.sheet, line.new.row))


def _known(new: New) -> str:
    parts = [f"{label} {hide_numbers(words)}" for label, words in new.known if words]
    return "，".join(parts[:MOST_KNOWN]) + ("…" if len(parts) > MOST_KNOWN else "")


def _head(words: Callable[[Changed], object]) -> Callable[[ChangeLine], Txt]:
    return lambda line: Txt(str(words(line.changed)) if line.head else "", "sub" if words is _row else "")


def _row(changed: Changed) -> object:
    return changed.row or ""


CHANGES: tuple[Column[ChangeLine], ...] = (
    Column("采用", lambda line: line.taken, cell=lambda line: Tick(line.taken), width=52),
    Column("行", lambda line: line.changed.row, cell=_head(_row), width=52),
    Column("记录", lambda line: line.changed.record, cell=_head(lambda changed: changed.record), width=116),
    Column("改什么", lambda line: line.changed.field, width=104, tone="sub"),
    Column("原来", lambda line: hide_numbers(line.changed.before) or "空", width=138, tone="sub"),
    Column("", lambda _line: "→", width=40, tone="sub"),
    Column(
        AFTER,
        lambda line: hide_numbers(line.changed.after) or "空",
        cell=lambda line: Txt(hide_numbers(line.changed.after) or "空", "" if line.taken else "faint", line.taken),
    ),
    Column(
        "留意",
        lambda line: line.changed.note,
        cell=lambda line: Tag(line.changed.note, NOTE_TONES.get(line.changed.note, "wait")),
        width=104,
        fold=640,
    ),
)
NEW: tuple[Column[NewLine], ...] = (
    Column("采用", lambda line: line.taken, cell=lambda line: Tick(line.taken), width=52),
    Column("行", lambda line: line.new.row, width=52, tone="sub"),
    Column("记录", lambda line: line.new.record, width=150),
    Column("表里写的", lambda line: _known(line.new), tone="sub"),
    Column("工作表", lambda line: line.new.sheet, width=110, tone="sub", fold=760),
)
SAME: tuple[Column[New], ...] = (
    Column("行", lambda new: new.row, width=52, tone="sub"),
    Column("记录", lambda new: new.record),
    Column("工作表", lambda new: new.sheet, width=140, tone="sub"),
)
REJECTED: tuple[Column[Rejected], ...] = (
    Column("行", lambda refused: refused.row, width=52, tone="sub"),
    Column("列", lambda refused: refused.field, width=100),
    Column("原值", lambda refused: hide_numbers(refused.value), width=130, tone="sub"),
    Column("为什么没收", lambda refused: refused.reason, cell=lambda refused: Two(refused.reason, "")),
    Column("工作表", lambda refused: refused.sheet, width=180, tone="sub"),
)


def _way_back(left: LeftOut) -> str:
    """Return the verb that takes a part after all, none where it could not be read."""
    return "" if left.unreadable else "改为导入"


LEFT: tuple[Column[LeftOut], ...] = (
    Column("哪里", lambda left: where(left), width=150, tone="sub"),
    Column("是什么", lambda left: hide_numbers(left.what), width=190),
    Column("为什么没导入", lambda left: left.why),
    Column("", lambda left: way_in(left), cell=lambda left: Txt(way_in(left), "bad"), width=90),
)
WARNED: tuple[Column[Warned], ...] = (
    Column("行", lambda told: told.row or "", text=lambda row: str(row or "整表"), width=64, tone="sub"),
    Column("列", lambda told: told.field, width=120),
    Column("提醒", lambda told: told.reason),
    Column("工作表", lambda told: told.sheet, width=180, tone="sub"),
)
PROPOSED: tuple[Column[Proposal], ...] = (
    Column("行", lambda read: read.row, width=56, tone="sub"),
    Column("记录", lambda read: read.record, width=190),
    Column("字段", lambda read: read.field, width=110),
    Column("读成", lambda read: read.value, width=160),
    Column("依据", lambda read: read.reason, tone="sub"),
)


def way_in(left: LeftOut) -> str:
    """Return what may be done with it; words that no label claims can only be looked at."""
    return "看在哪里" if left.kind is Part.TEXT else "改为导入"


def where(left: LeftOut) -> str:
    """Return where in the file it stands."""
    if left.row:
        return f"{left.sheet} 第 {left.row} 行"
    return f"{left.sheet} {left.column} 列" if left.column else "整张表"


class CellEdit(QLineEdit):
    """A line over a cell, to put its words right. Enter keeps them, Esc does not."""

    takes: ClassVar[Keys] = (
        ("Enter", "改好"),
        ("Esc", "不改"),
    )

    kept = Signal(str)

    def __init__(self, table: DataTable[ChangeLine], index: QModelIndex, words: str) -> None:
        super().__init__(words, table.view.viewport())
        self.setAccessibleName(AFTER)
        self.setGeometry(table.view.visualRect(index).adjusted(2, 2, -2, -2))
        self.returnPressed.connect(self._keep)
        self.editingFinished.connect(self.deleteLater)
        self.selectAll()
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.deleteLater()
        else:
            super().keyPressEvent(event)

    def _keep(self) -> None:
        self.kept.emit(self.text().strip())


class ChangeTable(DataTable[ChangeLine]):
    """The changes: a click on the box or the space bar takes a line or leaves it, a double click edits."""

    ticked = Signal(object)
    edited = Signal(object, str)

    def __init__(self) -> None:
        super().__init__(
            CHANGES,
            "逐项改动",
            EmptyState("circle-check", "没有要改动的记录。"),
            height=37,
            look="bare",
            sortable=False,
        )
        self.editor: CellEdit | None = None
        self.opened.connect(self._edit)
        self.view.clicked.connect(self._clicked)
        shortcut(self.view, Qt.Key.Key_Space, "勾上、去掉这一行", self._toggle)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self._toggle()

    def _toggle(self) -> None:
        line = self.current()
        if line is not None and line.changed.name:
            self.ticked.emit(line)

    def _edit(self, line: ChangeLine) -> None:
        if not line.changed.name or not line.taken:
            return
        column = next(number for number, part in enumerate(CHANGES) if part.title == AFTER)
        index = self.model.index(self.model.find(lambda other: other == line), column)
        words = "" if hide_numbers(line.changed.after) != line.changed.after else line.changed.after
        self.editor = CellEdit(self, index, words)
        self.editor.kept.connect(lambda typed: self.edited.emit(line, typed) if typed else None)


class NewTable(DataTable[NewLine]):
    """The new records: a click on the box or the space bar takes a line or leaves it."""

    ticked = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            NEW, "新增", EmptyState("circle-check", "没有新增的记录。"), height=37, look="bare", sortable=False
        )
        self.view.clicked.connect(lambda index: self._toggle() if index.column() == 0 else None)
        shortcut(self.view, Qt.Key.Key_Space, "勾上、去掉这一行", self._toggle)

    def _toggle(self) -> None:
        line = self.current()
        if line is not None:
            self.ticked.emit(line)


class LeftTable(DataTable[LeftOut]):
    """What was left out. `restored` tells what is to be imported after all."""

    restored = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            LEFT, "没导入", EmptyState("circle-check", "没有漏下的。"), height=37, look="bare", sortable=False
        )
        self.opened.connect(lambda _line: self._restore())
        self.view.clicked.connect(lambda index: self._restore() if index.column() == len(LEFT) - 1 else None)

    def _restore(self) -> None:
        line = self.current()
        if line is not None and not line.unreadable:
            self.restored.emit(line)


def warned_table() -> DataTable[Warned]:
    """Return the list of what to heed."""
    return DataTable(WARNED, "提醒", EmptyState("circle-check", "没有提醒。"), height=37, look="bare")


def plain_tables() -> tuple[DataTable[New], DataTable[Rejected], DataTable[Warned], DataTable[Proposal]]:
    """Return the lists that are only read: what stays, what was refused, what to heed, what was read out of words."""
    same = DataTable(SAME, "不变", EmptyState("circle-check", "没有不变的记录。"), height=37, look="bare")
    refused = DataTable(REJECTED, "退回", EmptyState("circle-check", "没有退回的行。"), height=37, look="bare")
    warned = warned_table()
    proposed = DataTable(
        PROPOSED, "程序的判断", EmptyState("circle-check", "没有需要核对的判断。"), height=37, look="bare"
    )
    return same, refused, warned, proposed
