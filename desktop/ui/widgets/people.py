"""A grid of people, present unless ticked: the quickest way to write an attendance down."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.ui.widgets.buttons import button

CELL, GAP = 52, 6


class PeopleGrid(QWidget):
    """Names as small buttons; the checked ones are absent. Arrow keys move, space ticks."""

    changed = Signal()

    def __init__(self, name: str = "到会人员") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setSpacing(GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._buttons: dict[str, QPushButton] = {}
        self._columns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_people(self, people: Sequence[tuple[str, str]], absent: Iterable[str] = ()) -> None:
        """Show `people` as (id, name); those in `absent` are ticked."""
        away = set(absent)
        for part in self._buttons.values():
            part.hide()
            part.deleteLater()
        self._buttons = {}
        for key, name in people:
            part = button(name, None, "person")
            part.setCheckable(True)
            part.setChecked(key in away)
            part.setAccessibleName(_spoken(name, key in away))
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            part.setMinimumWidth(0)
            part.toggled.connect(lambda on, part=part, name=name: part.setAccessibleName(_spoken(name, on)))
            part.toggled.connect(lambda _on: self.changed.emit())
            self._buttons[key] = part
        self._columns = 0
        self._arrange()

    def absent(self) -> tuple[str, ...]:
        """Return the ids that are ticked, in the order shown."""
        return tuple(key for key, part in self._buttons.items() if part.isChecked())

    def set_absent(self, key: str, away: bool) -> None:
        """Tick or untick one person."""
        self._buttons[key].setChecked(away)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the names with the arrow keys."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key()))
        parts = list(self._buttons.values())
        here = next((index for index, part in enumerate(parts) if part.hasFocus()), -1)
        if step is None or here < 0:
            super().keyPressEvent(event)
        elif 0 <= here + step < len(parts):
            parts[here + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _arrange(self) -> None:
        widest = max((part.fontMetrics().horizontalAdvance(part.text()) for part in self._buttons.values()), default=0)
        columns = max(1, (self.width() + GAP) // (max(CELL, widest + 10) + GAP))
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for index, part in enumerate(self._buttons.values()):
            self._grid.addWidget(part, index // columns, index % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.updateGeometry()


def _spoken(name: str, away: bool) -> str:
    return f"{name}，缺席" if away else f"{name}，到会"
