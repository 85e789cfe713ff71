"""Where Tab leads: through a page as it is read.

Qt leads through parts in the order they were made, so what a page fills in later, as the people of a meeting or the
lines of a list, would come after everything else.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

OWN = "own_tab_order"
"""Property of a part that says itself in which order Tab leads through it."""


def mend_tab_order(page: QWidget) -> None:
    """Let Tab lead through `page` from top to bottom and from left to right, as its layouts lie."""
    wanted = list(tab_stops(page))
    if len(wanted) > 1 and _chain(page, wanted) != wanted:
        for before, after in pairwise(wanted):
            QWidget.setTabOrder(before, after)


def tab_stops(part: QWidget) -> Iterator[QWidget]:
    """Give the parts of a page that Tab stops at, as they are read; those not in view just now too."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    if isinstance(part, QScrollArea):
        if part.widget() is not None:
            yield from tab_stops(part.widget())
    elif part.property(OWN):
        within = cast(list[QWidget], part.findChildren(QWidget))
        yield from _chain(part, [each for each in within if each.focusPolicy() & Qt.FocusPolicy.TabFocus])
    elif (layout := part.layout()) is not None:
        yield from _laid_out(layout)


def first_stop(page: QWidget, *, over_filters: bool = False) -> QWidget | None:
    """Return where the cursor stands in a page that is opened: its first part, or with `over_filters` its list, where
    nothing but filters stands before it."""
    first: QWidget | None = None
    for part in tab_stops(page):
        if not part.isVisible() or not part.isEnabled():
            continue
        first = first or part
        if over_filters and isinstance(part, QTableView):
            return part
        if not over_filters or not _filters(part):
            break
    return first


def _filters(part: QWidget) -> bool:
    return isinstance(part, QComboBox | QLineEdit) or (isinstance(part, QPushButton) and part.isCheckable())


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        grid = layout
        places = sorted(places, key=lambda place: cast(tuple[int, ...], grid.getItemPosition(place))[:2])
    for place in places:
        item = layout.itemAt(place)
        if (widget := item.widget()) is not None:
            yield from tab_stops(widget)
        elif (inner := item.layout()) is not None:
            yield from _laid_out(inner)


def _chain(start: QWidget, wanted: list[QWidget]) -> list[QWidget]:
    """Return `wanted` in the order Tab leads through them now."""
    found, left = list[QWidget](), set(wanted)
    part = start.nextInFocusChain()
    while left and part is not start:
        if part in left:
            found.append(part)
            left.remove(part)
        part = part.nextInFocusChain()
    return found
