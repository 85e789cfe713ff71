"""What every page must hold: nothing clipped, outside its window or upon another, a name on everything Tab reaches."""

import sys
import time
from itertools import combinations
from typing import cast

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from desktop.ui.table_model import DataTable
from desktop.ui.widgets.actionbar import ActionBar
from desktop.ui.widgets.buttons import Link
from desktop.ui.widgets.words import Elided

PATIENCE_S = 2.0
TURN_MS = 10
LEAST_COLUMN, CELL_EDGES = 128, 20
"""Logical pixels: a name of six characters and the room around it; what a cell leaves at both sides of its words."""


def _all(root: QWidget) -> list[QWidget]:
    return [part for part in cast(list[QWidget], root.findChildren(QWidget)) if part.isVisibleTo(root)]


def _in_view(tabs: QTabBar) -> bool:
    """Return whether the names of all tabs are in view, or arrows turn them to the whole of the one in use."""
    whole = tabs.width() >= tabs.tabRect(tabs.count() - 1).right()
    arrows = [part for part in cast(list[QToolButton], tabs.findChildren(QToolButton)) if part.isVisible()]
    end = min((part.x() for part in arrows), default=0)
    return whole or (tabs.usesScrollButtons() and tabs.tabRect(tabs.currentIndex()).right() <= end)


def clipped(root: QWidget) -> list[str]:
    """Return the labels and buttons whose words do not fit."""
    out = []
    for part in _all(root):
        if isinstance(part, QLabel) and not isinstance(part, Elided) and part.text() and not part.wordWrap():
            wide = max(part.fontMetrics().horizontalAdvance(line) for line in part.text().splitlines() or [""])
            if part.textFormat() != Qt.TextFormat.RichText and part.width() + 1 < wide:
                out.append(f"{part.text()} ({part.width()} < {wide})")
        if isinstance(part, QLabel) and part.text() and part.height() + 3 < part.fontMetrics().height():
            out.append(f"{part.text()[:20]} (height {part.height()})")
        if isinstance(part, QTabBar) and not _in_view(part):
            out.append(f"tabs ({part.width()} < {part.sizeHint().width()})")
        if isinstance(part, QLabel) and part.wordWrap() and part.text():
            tall = part.heightForWidth(part.width())
            if part.height() + 2 < tall:
                out.append(f"{part.text()[:20]} (height {part.height()} < {tall})")
        if isinstance(part, QAbstractButton) and not isinstance(part, QToolButton) and part.text():
            wide = part.fontMetrics().horizontalAdvance(part.text().replace("&", ""))
            wide += part.iconSize().width() if not part.icon().isNull() else 0
            if part.width() < wide and not isinstance(part, Link):
                out.append(f"[{part.text()}] ({part.width()} < {wide})")
    return out


def outside(root: QWidget) -> list[str]:
    """Return the widgets that reach sideways out of the nearest scroll area or the window."""
    out = []
    for part in _all(root):
        frame: QWidget = root
        above = part.parentWidget()
        while above is not None and above is not root:
            if isinstance(above.parentWidget(), QAbstractScrollArea):
                frame = above
                break
            above = above.parentWidget()
        place = QRect(part.mapTo(frame, QPoint(0, 0)), part.size())
        if place.width() and (place.left() < -1 or place.right() > frame.width() + 1):
            out.append(f"{type(part).__name__} {part.accessibleName() or part.objectName()} {place} in {frame.width()}")
    return out


def overlapping(root: QWidget) -> list[str]:
    """Return the controls of one row or column that lie upon one another."""
    out = []
    beside: dict[QWidget | None, list[QWidget]] = {}
    for part in _all(root):
        if isinstance(part, QAbstractButton | QComboBox | QLineEdit | QTabBar | ActionBar) and part.isVisible():
            beside.setdefault(part.parentWidget(), []).append(part)
    for parts in beside.values():
        for one, other in combinations(parts, 2):
            both = one.geometry() & other.geometry()
            if both.width() > 1 and both.height() > 1:
                out.append(f"{one.accessibleName()} and {other.accessibleName()} by {both.width()}")
    return out


def unnamed(root: QWidget) -> list[str]:
    """Return the widgets Tab reaches that tell a screen reader nothing."""
    out = []
    for part in _all(root):
        if not (part.focusPolicy() & Qt.FocusPolicy.TabFocus) or not part.isEnabled():
            continue
        spoken = QAccessible.queryAccessibleInterface(part)
        told = QAccessible.Text.Description if _tells_its_value(part) else QAccessible.Text.Name
        if spoken is None or not spoken.text(told):
            out.append(f"{type(part).__name__} {part.objectName()}")
    return out


def _tells_its_value(part: QWidget) -> bool:
    """Whether Qt gives assistive programs the value of this part for its name."""
    return isinstance(part, QComboBox) and not part.isEditable() and sys.platform.startswith("linux")


def squeezed(root: QWidget) -> list[str]:
    """Return the columns of lists that take the room that is left, and have next to none."""
    out = []
    for part in _all(root):
        if not isinstance(part, DataTable) or not part.view.isVisibleTo(root):
            continue
        for number, column in enumerate(part.model.columns):
            wide = part.view.columnWidth(number)
            if not column.width and not part.view.isColumnHidden(number) and wide < LEAST_COLUMN:
                out.append(f"{part.name}: {column.title} ({wide} of {part.width()})")
    return out


def untold(root: QWidget) -> list[str]:
    """Return the words that are cut and not told whole under the pointer."""
    out = []
    for part in _all(root):
        if isinstance(part, Elided):
            if part.text() != part.words() and part.toolTip() != part.words():
                out.append(part.words())
        elif isinstance(part, QLabel):
            if part.text().endswith("…") and not _told_above(part, root):
                out.append(part.text())
        elif isinstance(part, QComboBox):
            if _cut(part, part.currentText(), _room_of(part)) and part.currentText() not in part.toolTip():
                out.append(part.currentText())
        elif isinstance(part, QTableView):
            out += _untold_cells(part)
        elif isinstance(part, QHeaderView) and part.orientation() == Qt.Orientation.Horizontal:
            out += _untold_heads(part)
    return out


def _cut(part: QWidget, words: str, room: int) -> bool:
    return part.fontMetrics().horizontalAdvance(words) > room


def _told_above(part: QWidget, root: QWidget) -> bool:
    above: QWidget | None = part
    while above is not None and above is not root:
        if above.toolTip():
            return True
        above = above.parentWidget()
    return False


def _room_of(part: QComboBox) -> int:
    option = QStyleOptionComboBox()
    part.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    return part.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, part).width()


def _untold_cells(part: QTableView) -> list[str]:
    out, model = [], part.model()
    first, last = part.rowAt(0), part.rowAt(part.viewport().height() - 1)
    for row in range(max(first, 0), (last if last >= 0 else model.rowCount() - 1) + 1):
        for column in range(model.columnCount()):
            words = str(model.index(row, column).data() or "")
            if part.isColumnHidden(column) or not _cut(part, words, part.columnWidth(column) - CELL_EDGES):
                continue
            if not str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or ""):
                out.append(f"{part.accessibleName()}: {words}")
    return out


def _untold_heads(part: QHeaderView) -> list[str]:
    model = part.model()
    heads = [] if model is None else range(model.columnCount())
    titles = {at: str(model.headerData(at, part.orientation()) or "") for at in heads if not part.isSectionHidden(at)}
    told = Qt.ItemDataRole.ToolTipRole
    return [
        f"head {title}"
        for at, title in titles.items()
        if _cut(part, title, part.sectionSize(at) - CELL_EDGES) and not model.headerData(at, part.orientation(), told)
    ]


def faults(root: QWidget) -> list[str]:
    """Return everything wrong with what `root` shows once its layout is at rest.

    Text that wraps is laid out in several rounds, each of the event loop; what is wrong after that stays wrong.
    """
    end = time.monotonic() + PATIENCE_S
    while (found := _faults_now(root)) and time.monotonic() < end:
        turn = QEventLoop()
        QTimer.singleShot(TURN_MS, turn.quit)
        turn.exec()
    return found


def _faults_now(root: QWidget) -> list[str]:
    return (
        [f"clipped: {words}" for words in clipped(root)]
        + [f"outside: {words}" for words in outside(root)]
        + [f"overlapping: {words}" for words in overlapping(root)]
        + [f"squeezed: {words}" for words in squeezed(root)]
        + [f"no name: {words}" for words in unnamed(root)]
        + [f"cut and not told: {words}" for words in untold(root)]
    )
