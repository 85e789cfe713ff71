"""Rows and columns written as they read: widgets, layouts, a number (a gap), or ... (what stretches)."""

from types import EllipsisType
from typing import TypeAlias, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

Item: TypeAlias = QWidget | QLayout | int | EllipsisType | tuple[QWidget | QLayout, int] | None
Pad: TypeAlias = int | tuple[int, int, int, int]
W = TypeVar("W", bound=QWidget)


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
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(box(content) if isinstance(content, QLayout) else content)
    area.viewport().setAutoFillBackground(False)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def fixed(widget: W, width: int = 0, height: int = 0) -> W:
    """Fix the width and height that are not 0."""
    if width:
        widget.setFixedWidth(width)
    if height:
        widget.setFixedHeight(height)
    return widget


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


def clear(layout: QLayout) -> None:
    """Take everything out of `layout` and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        if inner is not None:
            clear(inner)
            inner.deleteLater()
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
