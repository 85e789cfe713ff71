"""A drop-down: one of several values, each with its words."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox

from desktop.ui.widgets.layout import fixed
from desktop.ui.widgets.words import name_drop_down

CHOICE_EDGES = 44  # the arrow, padding and border of a drop-down


class Choice(QComboBox):
    """A drop-down of (value, words); the wheel does not change it while the page scrolls."""

    def __init__(
        self,
        name: str,
        options: Iterable[tuple[Any, str]] = (),
        current: Any = None,
        *,
        width: int = 0,
        least: int = 0,
        most: int = 0,
    ) -> None:
        """`least`: the width it may shrink to where there is no room for `width`; the list it drops shows all.
        `most`: the width it may ask for where one of its options is wider than `width`.
        """
        super().__init__()
        self._values: list[Any] = []
        self._width, self._most, self._whole = width, most, ""
        self.currentTextChanged.connect(lambda _words: self._tell_whole())
        name_drop_down(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(3)
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.set_options(options, current)
        fixed(self, width)
        if least:
            self.setMinimumWidth(least)

    @property
    def shrinks(self) -> bool:
        """Whether it gives way to what stands beside it."""
        return self.minimumWidth() < self._width

    def sizeHint(self) -> QSize:
        """Ask for the width that was given."""
        hint = super().sizeHint()
        asked = max(self._width, min(self._widest() + CHOICE_EDGES, self._most))
        return QSize(asked, hint.height()) if self._width else hint

    def _widest(self) -> int:
        return max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it; what is cut is cut in its middle: branches of one county differ in how they end."""
        if not self._is_cut():
            super().paintEvent(event)
            return
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter  # none is cut in the first window

        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.words_drawn()  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def words_drawn(self) -> str:
        """Return what of the choice is drawn: how it begins and ends, or only how it begins where both have no room."""
        metrics, words, room = self.fontMetrics(), self.currentText(), self.width() - CHOICE_EDGES
        drawn = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        return drawn if len(drawn) > 1 else metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self.width() - CHOICE_EDGES

    def set_options(self, options: Iterable[tuple[Any, str]], current: Any = None) -> None:
        """Replace the options; `current` is chosen if it is among them, else the first.

        Whoever listens hears of it only if a value chosen before is none of them any more: a page that fills its
        choices while it loads must not load again for it.
        """
        before = self.value()
        self.blockSignals(True)
        self.clear()
        self._values = []
        for value, words in options:
            self._values.append(value)
            self.addItem(words)
        self.set_value(current)
        self.blockSignals(False)
        if before is not None and self.value() != before:
            self.currentIndexChanged.emit(self.currentIndex())
        self.view().setMinimumWidth(min(self._widest() + 32, 420))
        if self._most:
            self.setMaximumWidth(self.sizeHint().width())
            self.updateGeometry()
        self._tell_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def tell(self, reason: str) -> None:
        """Tell a reason under the pointer; "" tells what is chosen again, where it is cut."""
        self.setToolTip(reason)
        if not reason:
            self._whole = ""
            self._tell_whole()

    def _tell_whole(self) -> None:
        """Tell under the pointer what is chosen where it is cut, unless something else is told there."""
        if self.toolTip() != self._whole:
            return
        self._whole = self.currentText() if self._is_cut() else ""
        self.setToolTip(self._whole)

    def value(self) -> Any:
        """Return the value chosen, or None when there is none."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def values(self) -> tuple[Any, ...]:
        """Return the values offered."""
        return tuple(self._values)

    def set_value(self, value: Any) -> None:
        """Choose `value` if it is an option."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))
        elif self._values:
            self.setCurrentIndex(0)

    def wheelEvent(self, event: Any) -> None:
        """Leave the wheel to the page."""
        event.ignore()
