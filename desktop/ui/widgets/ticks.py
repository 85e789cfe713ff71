"""Several of a list, each ticked by a person: branches, figures, roles. A control of a form like any other."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.ui.widgets.layout import Item, box, col, fixed, row, scroll
from desktop.ui.widgets.words import text

LINE, LEAST, MOST = 26, 60, 190
"""Heights in logical pixels: of a line, and of a list that scrolls."""


@dataclass(frozen=True, slots=True)
class TickLine:
    """One of the list; `head` stands over the first of those that share it, `note` under it, `tip` at the pointer."""

    key: str
    words: str
    head: str = ""
    note: str = ""
    tip: str = ""


class Ticks(QWidget):
    """A tick box for each line; higher than `most` the list scrolls by itself (0: it never does)."""

    changed = Signal()

    def __init__(self, name: str, lines: Sequence[TickLine], ticked: Collection[str] = (), most: int = MOST) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.boxes: dict[str, QCheckBox] = {}
        parts: list[Item] = []
        head = ""
        for line in lines:
            if line.head != head:
                head = line.head
                parts.append(text(head, "small"))
            part = QCheckBox(line.words)
            part.setChecked(line.key in ticked)
            part.setAccessibleDescription(line.note or line.tip)
            part.setToolTip(line.tip)
            part.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[line.key] = part
            noted = col(part, row(22, (text(line.note, "small", wrap=True), 1), gap=0), gap=0) if line.note else part
            parts.append(noted)
        body = col(*parts, ..., gap=6)
        scrolls = bool(most) and len(parts) * LINE > most
        self.setLayout(col(fixed(scroll(box(body)), height=max(LEAST, most))) if scrolls else body)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> tuple[str, ...]:
        """Return the keys of what is ticked, in the order of the list."""
        return tuple(key for key, part in self.boxes.items() if part.isChecked())

    def typed(self) -> object:
        """Return what is ticked, as a draft keeps it."""
        return list(self.value())

    def type_again(self, kept: object) -> None:
        """Put back what `typed` returned."""
        for key, part in self.boxes.items():
            part.setChecked(isinstance(kept, list) and key in kept)

    def on_typing(self, then: Callable[[], object]) -> None:
        """Call `then` after every change."""
        self.changed.connect(then)
