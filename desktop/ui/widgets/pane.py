"""A list with a pane at its right that looks at one row; in a small window the pane covers the list."""

from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QWidget
from shiboken6 import isValid

from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.keys import TURNS, Keys, turn
from desktop.ui.widgets.layout import UNBOUND, Item, add, appear, box, clear, col, row, rule, scroll
from desktop.ui.widgets.words import Chip, text

WIDTH, NARROW_WIDTH = 344, 332
COVERS_BELOW, SHRINKS_BELOW = 960, 1100


class DetailPane(QFrame):
    """Head (code, chip, title), a body that scrolls, a foot that stays. Esc closes; ↑↓ ask for another row."""

    takes: ClassVar[Keys] = (
        ("↑ ↓", "看上一条、下一条"),
        ("Esc", "关上"),
        *TURNS,
    )

    closed = Signal()
    moved = Signal(int)

    def __init__(self, name: str = "详情") -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)
        self.code, self.chip = text("", "sub"), Chip("")
        self.title = text("", "h1", wrap=True)
        self.close_button = icon_button("x", "关闭", self.close_pane)
        head = row(
            (col(row(self.code, self.chip, ..., gap=8), self.title, gap=4), 1),
            col(self.close_button, ...),
            pad=(18, 14, 10, 4),
        )
        self.body = col(gap=6, pad=(18, 0, 12, 8))
        self.foot = row(pad=(18, 10, 18, 12))
        self._line, self._foot = rule(), box(self.foot)
        self._area = scroll(self.body)
        self._spared: list[tuple[QPushButton, QIcon]] = []
        self.setLayout(col(head, (self._area, 1), self._line, self._foot, gap=4))
        self.setFixedWidth(WIDTH)
        appear(self._foot, False)
        appear(self._line, False)

    def show_head(self, title: str, code: str = "", state: str = "", tone: str = "none") -> None:
        """Say what the pane looks at."""
        self.title.setText(title)
        self.code.setText(code)
        appear(self.code, bool(code))
        self.chip.show_state(state, tone)

    def show_body(self, *items: Item) -> None:
        """Replace the body."""
        clear(self.body)
        for item in (*items, ...):
            add(self.body, item)
        self._area.verticalScrollBar().setValue(0)

    def show_foot(self, *items: Item) -> None:
        """Replace the foot; nothing hides it, nor do buttons that are all withheld leave an empty one."""
        self._spared.clear()
        clear(self.foot)
        for item in items:
            add(self.foot, item)
        shown = any(item not in (None, ...) and not getattr(item, "withheld", False) for item in items)
        appear(self._foot, shown)
        appear(self._line, shown)
        self._fit_foot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the foot the room there is."""
        super().resizeEvent(event)
        self._fit_foot()

    def _fit_foot(self) -> None:
        """Let the pictures of the buttons give way before their words are cut."""
        for part, picture in self._spared:
            if isValid(part):
                part.setIcon(picture)
        self._spared.clear()
        if self.foot.minimumSize().width() <= self.contentsRect().width():
            return
        for part in self._foot.findChildren(QPushButton):
            if part.text() and not part.icon().isNull():
                self._spared.append((part, part.icon()))
                part.setIcon(QIcon())

    def close_pane(self) -> None:
        """Hide the pane."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc, move to the row before or after with the arrows."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif not turn(self._area, event):
            super().keyPressEvent(event)


def heading(words: str, *more: QWidget) -> QLayout:
    """Return the title line of a part inside a pane."""
    return row(text(words, "strong"), ..., *more, pad=(0, 6, 0, 0))


def fact(name: str, value: str | QWidget, width: int = 76) -> QLayout:
    """Return one line "name  value" of a pane; the value may take several lines, or be a link to what it counts."""
    label = text(name, "sub", wrap=True)
    label.setFixedWidth(width)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    if isinstance(value, QWidget):
        return row(label, value, ..., gap=8)
    words = text(value or "—", "body", "" if value else "sub", wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return row(label, (words, 1), gap=8)


@runtime_checkable
class Turned(Protocol):
    """Rows that a pane turns through, as a table is."""

    def step(self, by: int) -> None:
        """Pick the row so many further."""

    def clear_selection(self) -> None:
        """Pick none."""


class ListWithPane(QWidget):
    """`left` (optional) | `middle`, which stretches | `pane`, which turns through the rows of `rows`, or of `middle`
    where that is the table itself; closed, it leaves none picked.

    Below 1100 logical pixels `left` gives way to `instead`; below 960 the pane covers the list. With `beside` it is the
    pane that stretches, over a list so wide: for a case that is read and decided in it.
    """

    takes: ClassVar[Keys] = (("Esc", "关上右边的一栏"),)

    def __init__(
        self,
        middle: QWidget,
        pane: DetailPane,
        left: QWidget | None = None,
        instead: QWidget | None = None,
        rows: Turned | None = None,
        beside: int = 0,
    ) -> None:
        super().__init__()
        self._beside = beside
        self.middle, self.pane, self.left, self.instead = middle, pane, left, instead
        self._centre = box(col(instead, (middle, 1), gap=10))
        self.setLayout(row(left, (self._centre, 1), (pane, 1) if beside else pane, gap=12))
        pane.closed.connect(self._fit)
        turned = middle if rows is None and isinstance(middle, Turned) else rows
        if turned is not None:
            pane.moved.connect(turned.step)
            pane.closed.connect(turned.clear_selection)
        pane.installEventFilter(self)
        pane.hide()

    def hasHeightForWidth(self) -> bool:
        """Ask the page for no more height than there must be: list and pane scroll, each in itself."""
        return False

    def sizeHint(self) -> QSize:
        """Nor where words above that take several lines let the page be measured by what its parts would like."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def open_pane(self) -> None:
        """Show the pane."""
        appear(self.pane, True)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pane the room there is."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the pane with Esc from the list too."""
        if event.key() == Qt.Key.Key_Escape and not self.pane.isHidden():
            self.pane.close_pane()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Share the room anew when a part appears or goes."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._fit()
        return False

    def _fit(self) -> None:
        width = self.window().width()
        slim = width < SHRINKS_BELOW
        if self.left is not None:
            appear(self.left, not slim)
        if self.instead is not None:
            appear(self.instead, slim)
        covers = width < COVERS_BELOW and not self.pane.isHidden()
        appear(self._centre, not covers)
        if self._beside:
            alone = self.pane.isHidden()
            self._centre.setMinimumWidth(0 if alone else self._beside)
            self._centre.setMaximumWidth(UNBOUND if alone else self._beside)
        if covers or self._beside:
            self.pane.setMinimumWidth(0)
            self.pane.setMaximumWidth(UNBOUND)
        else:
            self.pane.setFixedWidth(NARROW_WIDTH if slim else WIDTH)
