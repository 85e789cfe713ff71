"""A grid of people as small buttons: the quickest way to tick some of them."""

from collections.abc import Collection, Iterable, Sequence
from math import ceil
from statistics import median
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.ui.widgets.buttons import PushButton, dress
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import appear

CELL, GAP, PADDING = 52, 6, 10
TAB = Qt.FocusPolicy.TabFocus
LONG = 1.5  # times as wide as most: such a name takes several cells, and the others keep theirs


class PeopleGrid(QWidget):
    """Names as small buttons, one stop of Tab: arrow keys move, space ticks.

    `said` is what one not ticked and one ticked is called.
    """

    takes: ClassVar[Keys] = (("← → ↑ ↓", "移到旁边的人"), ("空格", "勾选或取消"))
    changed = Signal()

    def __init__(self, name: str = "到会人员", said: tuple[str, str] = ("到会", "缺席")) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._said = said
        self._grid = QGridLayout(self)
        self._grid.setSpacing(GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._buttons: dict[str, QPushButton] = {}
        self._places: list[tuple[int, int, int]] = []  # line, first column, how many columns: of each button
        self._columns = 0
        self._shown: frozenset[str] | None = None  # all, where nobody is looked for
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_people(self, people: Sequence[tuple[str, str]], ticked: Iterable[str] = ()) -> None:
        """Show `people` as (id, name); those in `ticked` are ticked. Those who are shown already keep their places."""
        chosen = set(ticked)
        if self._shown is None and list(people) == [(key, part.text()) for key, part in self._buttons.items()]:
            self._tick_again(chosen)
            return
        seen = not self.isHidden()
        self.hide()  # what is added to a grid in view comes by itself, one by one, and each time all is laid out anew
        for part in self._buttons.values():
            part.hide()
            part.deleteLater()
        self._buttons = {}
        for key, name in people:
            part = _Name(name, self)
            part.setChecked(key in chosen)
            part.setAccessibleName(self._spoken(name, key in chosen))
            part.toggled.connect(lambda on, part=part, name=name: part.setAccessibleName(self._spoken(name, on)))
            part.toggled.connect(lambda _on: self.changed.emit())
            self._buttons[key] = part
        self._columns, self._shown = 0, None
        self._arrange()
        self._stop_at(None)
        self.setVisible(seen)

    def _tick_again(self, chosen: Collection[str]) -> None:
        """Tick those named and no others, without a word to anybody; nobody is built anew."""
        for key, part in self._buttons.items():
            if part.isChecked() is not (key in chosen):
                quiet = part.blockSignals(True)
                part.setChecked(key in chosen)
                part.blockSignals(quiet)
                part.setAccessibleName(self._spoken(part.text(), key in chosen))
        self._stop_at(None)

    def show_only(self, keys: Iterable[str] | None) -> None:
        """Show some of the people, or with None all again; who is ticked stays so."""
        self._shown = None if keys is None else frozenset(keys)
        for key, part in self._buttons.items():
            self._grid.removeWidget(part)
            appear(part, self._shown is None or key in self._shown)
        self._again()
        self._stop_at(next((part for part in self._parts() if part.focusPolicy() & TAB), None))

    def _again(self) -> None:
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = 0
        self._arrange()

    def _parts(self) -> list[QPushButton]:
        return [part for key, part in self._buttons.items() if self._shown is None or key in self._shown]

    def ticked(self) -> tuple[str, ...]:
        """Return the ids that are ticked, in the order shown."""
        return tuple(key for key, part in self._buttons.items() if part.isChecked())

    def tick(self, key: str, on: bool) -> None:
        """Tick or untick one person."""
        self._buttons[key].setChecked(on)

    def tick_all(self, on: bool) -> None:
        """Tick everybody, or nobody; who counts them hears of it once."""
        before, quiet = self.ticked(), self.blockSignals(True)
        for part in self._buttons.values():
            part.setChecked(on)
        self.blockSignals(quiet)
        if self.ticked() != before:
            self.changed.emit()

    def stand_on_first(self) -> None:
        """Put the cursor on the first name."""
        for part in self._buttons.values():
            part.setFocus()
            return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def moved(self, part: QPushButton, key: Qt.Key) -> bool:
        """Move from a name by an arrow key: a button by itself knows only the next and the one before; tell whether
        the key was one.
        """
        parts = self._parts()
        if part not in parts:
            return False
        here = parts.index(part)
        line, column, _cells = self._places[here]
        there = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Up: self._at(line - 1, column),
            Qt.Key.Key_Down: self._at(line + 1, column),
        }.get(key)
        if there is None:
            return False
        if 0 <= there < len(parts):
            self._stop_at(parts[there])
            parts[there].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def reached(self, part: QPushButton) -> None:
        """Let Tab come back to the name that has the cursor now."""
        if part in self._parts():
            self._stop_at(part)

    def _stop_at(self, stop: QPushButton | None) -> None:
        """Let Tab lead to one name, the one that arrow keys went to last, and from there past all the others."""
        parts = self._parts()
        stop = stop or next(iter(parts), None)
        for part in parts:
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus if part is stop else Qt.FocusPolicy.ClickFocus)

    def _at(self, line: int, column: int) -> int:
        places = enumerate(self._places)
        return next((n for n, (row, at, wide) in places if row == line and at <= column < at + wide), -1)

    def _arrange(self) -> None:
        parts = self._parts()
        widths = [part.fontMetrics().horizontalAdvance(part.text()) + PADDING for part in parts]
        usual = median(widths) * LONG if widths else 0
        cell = max([CELL, *(width for width in widths if width <= usual)])
        columns = max(1, (self.width() + GAP) // (cell + GAP))
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns, self._places = columns, []
        line = column = 0
        for part, width in zip(parts, widths, strict=True):
            cells = min(columns, ceil((width + GAP) / (cell + GAP)))
            if column + cells > columns:
                line, column = line + 1, 0
            self._grid.addWidget(part, line, column, 1, cells)
            self._places.append((line, column, cells))
            column += cells
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.updateGeometry()

    def _spoken(self, name: str, ticked: bool) -> str:
        return f"{name}，{self._said[ticked]}"


class _Name(PushButton):
    """One name. It tells the grid itself of keys and the cursor: a filter would hear hundreds of events of each."""

    takes: ClassVar[Keys] = ()  # the grid says which, once for all names

    def __init__(self, name: str, grid: PeopleGrid) -> None:
        super().__init__(name)
        self._people = grid
        dress(self, "person")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._people.moved(self, Qt.Key(event.key())):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._people.reached(self)
        super().focusInEvent(event)
