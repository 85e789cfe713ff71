"""The labels of a record form, each with what stands beside it and a chooser of what it means."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.services.intake.looks import ColumnLook, Confidence
from desktop.ui.intake.cells import hide_numbers
from desktop.ui.intake.chooser import FieldChooser, FieldOption
from desktop.ui.intake.heads import TONES
from desktop.ui.widgets import Chip, Elided, box, clear, col, fixed, row, rule, scroll, text
from desktop.ui.widgets.layout import add

WIDTH, CHOOSER = 420, 150


class LabelList(QWidget):
    """The list. `decided` tells (label, field)."""

    decided = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._lines = col(gap=0)
        self.choosers: dict[str, FieldChooser] = {}
        head = col(
            text("标签是什么", "h2"), text("左边是表里写的，右边是当作什么，可以改", "small"), gap=2, pad=(14, 0, 14, 0)
        )
        self.setLayout(col(box(head), rule(), (scroll(box(self._lines)), 1), gap=8))

    def show_labels(self, labels: Sequence[ColumnLook], options: tuple[FieldOption, ...], *, whole: bool) -> None:
        """Show what each label was taken for; ID numbers are masked unless `whole`."""
        held = next((name for name, chooser in self.choosers.items() if chooser.hasFocus()), "")
        clear(self._lines)
        self.choosers = {}
        for look in sorted(
            labels, key=lambda look: look.confidence is not Confidence.OPEN
        ):  # what is open stands first
            add(self._lines, self._line(look, options, whole=whole))
            add(self._lines, rule())
        add(self._lines, ...)
        names = list(self.choosers)
        for place, name in enumerate(names):
            self.choosers[name].moved.connect(lambda by, place=place: self._step(place + by))
        if held in self.choosers:
            self.choosers[held].setFocus()

    def stand_on(self, label: str) -> None:
        """Put the cursor on the chooser of a label."""
        if label in self.choosers:
            self.choosers[label].setFocus()

    def stand_on_open(self) -> bool:
        """Put the cursor on the next label that nobody knows; tell whether there is one."""
        names = [name for name, chooser in self.choosers.items() if chooser.value() is None]
        at = next((place for place, name in enumerate(names) if self.choosers[name].hasFocus()), -1)
        if names:
            self.stand_on(names[(at + 1) % len(names)])
        return bool(names)

    def _step(self, to: int) -> None:
        names = list(self.choosers)
        if 0 <= to < len(names):
            self.stand_on(names[to])

    def _line(self, look: ColumnLook, options: tuple[FieldOption, ...], *, whole: bool) -> QWidget:
        nothing = None if look.confidence is Confidence.OPEN else ""
        chooser = FieldChooser(f"“{look.heading}”是什么", options, look.field if look.field is not None else nothing)
        chooser.decided.connect(lambda field: self.decided.emit(look, field))
        self.choosers[look.heading] = chooser
        value = look.shown.get(0, "")
        words = Elided(value if whole else hide_numbers(value), "sub")
        tone = "part" if look.confidence is Confidence.OPEN else TONES[look.confidence]
        chip = Chip(look.confidence.label, tone)
        chip.setToolTip(look.why)
        told = col(row(Elided(look.heading, "strong"), chip, ..., gap=8), words, gap=2)
        return box(row((told, 1), fixed(chooser, CHOOSER), gap=10, pad=(14, 6, 14, 6)))
