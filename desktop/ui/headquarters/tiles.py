"""The figures of 统计 that stand over everything else, in one row: a figure, what it is, and what it rests on."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.services.statistics.measures import Total
from desktop.ui.headquarters.statistics_tables import with_unit
from desktop.ui.widgets import RowButton, appear, box, clear, col, row, text
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import add


class Tiles(QWidget):
    """Arrows go from one to the next, Enter or a click opens what is behind; the one that is open has a red edge."""

    takes: ClassVar[Keys] = (("← →", "上一个、下一个数字"),)

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[RowButton] = []
        self._bases: list[QWidget] = []
        self._totals: tuple[Total, ...] = ()
        self._marked, self._slim = "", False
        self._line = row(gap=12)
        self.setLayout(self._line)

    def show_totals(self, totals: Sequence[Total]) -> None:
        """Show the figures; one that cannot be computed is a dash that says why."""
        at = next((number for number, each in enumerate(self.buttons) if each.hasFocus()), -1)
        clear(self._line)
        self.buttons, self._bases, self._totals = [], [], tuple(totals)
        for each in totals:
            base = text(each.missing or each.basis, "small", wrap=True)
            lacking = text(each.lacking_words, "small", wrap=True) if each.lacking and not each.missing else None
            layout = col(
                text(each.text, "num"), text(each.measure.name, wrap=True), base, lacking, ..., gap=1, pad=(12, 6, 8, 6)
            )
            said = f"{each.measure.name} {with_unit(each)}，{each.missing or each.words}"
            tile = RowButton(said, layout, partial(self.chosen.emit, each))
            tile.setProperty("framed", True)
            tile.setCheckable(True)
            tile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)  # all as tall as the tallest
            tile.setToolTip(each.missing or (each.words if each.lacking else ""))
            tile.installEventFilter(self)
            self.buttons.append(tile)
            self._bases.append(base)
            add(self._line, (box(col(tile), "tile"), 1))
        self.mark(self._marked)
        self.be_slim(self._slim)
        if 0 <= at < len(self.buttons):
            self.buttons[at].setFocus()

    def mark(self, measure: str) -> None:
        """Mark the figure of a measure (its id) as the one that is open; "" marks none."""
        self._marked = measure
        for each, tile in zip(self._totals, self.buttons, strict=True):
            tile.setChecked(each.measure.id == measure)

    def be_slim(self, on: bool) -> None:
        """Leave out what the figures rest on, where there is little height; who is not in them is said all the same."""
        self._slim = on
        for base in self._bases:
            appear(base, not on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go to the tile before or after."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if by is not None:
                at = next(number for number, each in enumerate(self.buttons) if each is watched) + by
                if 0 <= at < len(self.buttons):
                    self.buttons[at].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)
