"""Rows and columns written as they read: widgets, layouts, a number (a gap), or ... (what stretches)."""

from collections.abc import Callable, Iterator
from types import EllipsisType
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

Item: TypeAlias = QWidget | QLayout | int | EllipsisType | tuple[QWidget | QLayout, int] | None
Pad: TypeAlias = int | tuple[int, int, int, int]
W = TypeVar("W", bound=QWidget)
S = TypeVar("S", bound=QScrollArea)
FIRST = 100
"""A stretch beside which another gets no room to speak of, until the part is as wide as it may be."""
UNBOUND = 16_777_215
"""The width or height that bounds nothing (QWIDGETSIZE_MAX, which PySide does not name)."""
ASIDE = "aside"


def spread(layout: QBoxLayout, items: tuple[Item, ...], gap: int = 8, pad: Pad = 0) -> QBoxLayout:
    """Fill `layout` with `items`; a pair is (item, stretch), None is left out."""
    layout.setSpacing(gap)
    left, top, right, bottom = (pad,) * 4 if isinstance(pad, int) else pad
    layout.setContentsMargins(left, top, right, bottom)
    for item in items:
        add(layout, item)
    return layout


def add(layout: QBoxLayout, item: Item) -> None:
    """Append one item to `layout`."""
    if item is None:
        return
    if isinstance(item, EllipsisType):
        layout.addStretch(1)
    elif isinstance(item, int):
        layout.addSpacing(item)
    else:
        part, stretch = item if isinstance(item, tuple) else (item, 0)
        if isinstance(part, QLayout):
            layout.addLayout(part, stretch)
        else:
            layout.addWidget(part, stretch)


def row(*items: Item, gap: int = 8, pad: Pad = 0) -> QBoxLayout:
    """Lay `items` out from left to right."""
    return spread(QHBoxLayout(), items, gap, pad)


def col(*items: Item, gap: int = 8, pad: Pad = 0) -> QBoxLayout:
    """Lay `items` out from top to bottom."""
    return spread(QVBoxLayout(), items, gap, pad)


def box(layout: QLayout, name: str = "clear") -> QFrame:
    """Put `layout` into a frame; `name` picks its look in the style sheet (card, soft, bad, wait …)."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setLayout(layout)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return frame


def rule() -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setObjectName("rule")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    line.setFixedHeight(1)
    return line


def scroll(content: QLayout | QWidget) -> QScrollArea:
    """Return a column that scrolls up and down by itself, never sideways."""
    return as_column(QScrollArea(), box(content) if isinstance(content, QLayout) else content)


def as_column(area: S, content: QWidget) -> S:
    """Let `area` scroll `content` up and down."""
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setViewport(QWidget())  # our own: handed out its, PySide makes all kinds of widgets first, 13 ms
    area.setWidget(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class Standing(QScrollArea):
    """A column that scrolls by itself; where it is told to stand it is as tall as what is in it, for its page scrolls.

    Two bars for one list, one in the other, are one too many.
    """

    def __init__(self, content: QLayout) -> None:
        super().__init__()
        self._stands = False
        as_column(self, box(content))

    def stand(self, on: bool) -> None:
        """Stand whole, or scroll."""
        if on is not self._stands:
            self._stands = on
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        least, content = super().minimumSizeHint(), self.widget()
        if not self._stands:
            return least
        told = content.heightForWidth(self.viewport().width()) if content.hasHeightForWidth() else -1
        return QSize(least.width(), max(told, content.minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._stands and event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of what is in it."""
        if event.type() == QEvent.Type.LayoutRequest and self._stands:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def fixed(widget: W, width: int = 0, height: int = 0) -> W:
    """Fix the width and height that are not 0."""
    if width:
        widget.setFixedWidth(width)
    if height:
        widget.setFixedHeight(height)
    return widget


class _Turns(QStackedLayout):
    """Asks for the room of the view that is shown; Qt's own asks for that of the largest, shown or not."""

    def minimumSize(self) -> QSize:
        view = self.currentWidget()
        return super().minimumSize() if view is None else view.minimumSizeHint().expandedTo(view.minimumSize())

    def hasHeightForWidth(self) -> bool:
        view = self.currentWidget()
        return view is not None and view.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        view = self.currentWidget()
        return -1 if view is None else view.heightForWidth(width)


class Turning(QWidget):
    """Several views of which one is shown, and only that one says how much room is needed."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = _Turns(self)
        self.addWidget, self.insertWidget = self._turns.addWidget, self._turns.insertWidget
        self.widget, self.count = self._turns.widget, self._turns.count
        self.currentWidget, self.currentIndex = self._turns.currentWidget, self._turns.currentIndex

    def setCurrentIndex(self, index: int) -> None:
        """Show another view."""
        self._turns.setCurrentIndex(index)
        self._turns.invalidate()
        self.updateGeometry()

    def setCurrentWidget(self, view: QWidget) -> None:
        """Show another view."""
        self.setCurrentIndex(self._turns.indexOf(view))


def at_most(widget: QWidget, width: int) -> QBoxLayout:
    """Put `widget` at the left, as wide as there is room for, and at most `width`: longer lines are hard to read."""
    widget.setMaximumWidth(width)
    return row((widget, FIRST), ..., gap=0)


def wide(widget: W) -> W:
    """Let `widget` take all the width it is given."""
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget


def appear(widget: QWidget, on: bool) -> None:
    """Show or hide a part. One without a parent is only marked: shown now, it would become a window of its own."""
    if not on or getattr(widget, "withheld", False):
        widget.hide()
    elif widget.parentWidget() is not None:
        widget.show()
    else:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)


def clear(layout: QLayout, *kept: QWidget, to: Callable[[], QWidget | None] | None = None) -> None:
    """Take everything out of `layout` and delete it, but for what is `kept` to be put in again.

    A focus in it stays at its place: what stands there when the layout was filled again gets it. Handed on by Qt from
    part to part as each goes, it would run through the whole page, and every list on its way would scroll to its end.
    Where another step stands there then, `to` says which part of it is the one to go on with.
    """
    within = layout.parentWidget()
    focused = None if within is None else within.window().focusWidget()
    place = -1 if focused is None else _place_of(layout, focused)
    if focused is not None and place >= 0:
        focused.clearFocus()
        QTimer.singleShot(0, layout, lambda: _focus_at(layout, place, to))
    for part in kept:
        part.setParent(None)  # out of whatever layout it is in
        if within is not None:
            lay_by(part, within)
    _empty(layout)


def lay_by(part: QWidget, owner: QWidget) -> None:
    """Keep a part that stands nowhere at present out of sight: until it is placed, it goes with `owner`."""
    aside = owner.findChild(QWidget, ASIDE, Qt.FindChildOption.FindDirectChildrenOnly)
    if aside is None:
        aside = QWidget(owner)
        aside.setObjectName(ASIDE)
        aside.hide()
    part.setParent(aside)


def _empty(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        if inner is not None:
            _empty(inner)
            inner.deleteLater()
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()  # its parent keeps it until then: without one, Python would delete it under Qt's feet


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _widgets(inner)


def _show_added(layout: QLayout) -> None:
    """Show what was added and not hidden by anyone: the layout does so by events that may come after ours.

    On Windows timers come first, and nothing here could take the focus yet.
    """
    for widget in _widgets(layout):
        if widget.isHidden() and not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            widget.show()


def _place_of(layout: QLayout, focused: QWidget) -> int:
    """Return which of the parts of `layout` holds the focus, -1 where none does."""
    for place, widget in enumerate(_widgets(layout)):
        if widget is focused or widget.isAncestorOf(focused):
            return place
    return -1


def _focus_at(layout: QLayout, place: int, to: Callable[[], QWidget | None] | None = None) -> None:
    """Give the focus to the part at `place`, or to the last before it, unless something took it meanwhile."""
    within = layout.parentWidget()
    if within is None or not within.isVisible() or within.window().focusWidget() is not None:
        return
    _show_added(layout)
    wanted = to() if to is not None else None
    if wanted is not None and isValid(wanted) and wanted.isVisible() and wanted.isEnabled():
        wanted.setFocus()
        return
    for widget in reversed(list(_widgets(layout))[: place + 1]):
        for part in (widget, *widget.findChildren(QWidget)):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled():
                part.setFocus()
                return
