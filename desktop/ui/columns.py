"""Which columns of a list are shown (选列): chosen in its head, kept for each list on this computer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QTableView

from desktop.ui import theme
from desktop.ui.widgets.buttons import icon_button, passing_menu
from desktop.ui.widgets.layout import appear

KEY = "columns"
HINT = "选列：显示或收起这张表的列"
SIDE, BESIDE = 24, 8
BACKWARDS = "（再选一次倒序）"
FEWEST = 5
"""Columns from which a list has the button; a smaller one has the menu of its head alone."""


def kept(name: str) -> frozenset[str]:
    """Return the titles of the columns of the list `name` that its reader put away."""
    words = str(theme.settings().value(f"{KEY}/{name.replace('/', '_')}", "") or "")
    return frozenset(filter(None, words.split("\t")))


class ColumnChoice(QObject):
    """The menu over the head of a list, and its button; `changed` hears which titles are put away."""

    def __init__(
        self,
        view: QTableView,
        name: str,
        columns: Sequence[tuple[str, str]],
        changed: Callable[[frozenset[str]], object],
        *,
        with_button: bool,
    ) -> None:
        """Offer the columns as (title, alignment)."""
        super().__init__(view)
        self._view, self._name, self._columns, self._changed = view, name, tuple(columns), changed
        titles = {title for title, _align in columns}
        self.hidden = kept(name) & titles
        if self.hidden == titles:
            self.hidden = frozenset()
        head = view.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda at: self.open(head.mapToGlobal(at)))
        self.button = icon_button("dots", HINT, self._below) if with_button and len(columns) >= FEWEST else None
        if self.button is not None:
            self.button.setParent(head)
            self.button.setFixedSize(SIDE, SIDE)
            self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.installEventFilter(self)

    def menu(self) -> QMenu:
        """Return the menu: every column with its tick, and the way back."""
        return self._fill(passing_menu(self._view))

    def keys_menu(self) -> QMenu:
        """Return what keys are offered of the head: sorting by a column, and which columns are shown."""
        menu = passing_menu(self._view)
        head = self._view.horizontalHeader()
        if head.sectionsClickable():
            sorting = menu.addMenu("排序")
            by = head.sortIndicatorSection() if head.isSortIndicatorShown() else -1
            for number, (title, _align) in enumerate(self._columns):
                if not self._view.isColumnHidden(number):
                    action = sorting.addAction(f"{title}{BACKWARDS if number == by and self._goes_up() else ''}")
                    action.setCheckable(True)
                    action.setChecked(number == by)
                    action.triggered.connect(lambda _checked=False, number=number: self.sort_by(number))
            sorting.addSeparator()
            sorting.addAction("原来的顺序").triggered.connect(lambda _checked=False: self.sort_by(-1))
        self._fill(menu.addMenu("选列"))
        return menu

    def open_by_key(self) -> None:
        """Open the menu for keys, under the head."""
        menu = self.keys_menu()
        menu.popup(self._view.viewport().mapToGlobal(QPoint(0, 0)))

    def sort_by(self, number: int) -> None:
        """Sort by a column as a click on its head does: the same once more turns the order; -1 is as it came."""
        head = self._view.horizontalHeader()
        again = head.isSortIndicatorShown() and head.sortIndicatorSection() == number
        order = Qt.SortOrder.DescendingOrder if again and self._goes_up() else Qt.SortOrder.AscendingOrder
        head.setSortIndicatorShown(True)
        head.setSortIndicator(number, order)

    def _goes_up(self) -> bool:
        return self._view.horizontalHeader().sortIndicatorOrder() is Qt.SortOrder.AscendingOrder

    def _fill(self, menu: QMenu) -> QMenu:
        for title, _align in self._columns:
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(title not in self.hidden)
            action.setEnabled(title in self.hidden or len(self.hidden) + 1 < len(self._columns))
            action.toggled.connect(lambda on, title=title: self.show(title, on))
        menu.addSeparator()
        menu.addAction("全部显示").triggered.connect(lambda _checked=False: self._keep(frozenset()))
        return menu

    def open(self, at: QPoint) -> None:
        """Open the menu at a place on the screen."""
        self.menu().popup(at)

    def show(self, title: str, on: bool) -> None:
        """Show a column, or put it away; the last one stays."""
        hidden = self.hidden - {title} if on else self.hidden | {title}
        if len(hidden) < len(self._columns):
            self._keep(hidden)

    def beside(self) -> int:
        """Return how much room the button needs beside the last title that is shown."""
        return SIDE + BESIDE if self.button is not None else 0

    def place(self) -> None:
        """Put the button at the right end of the head, over a last title that does not stand there itself."""
        if self.button is None:
            return
        head = self._view.horizontalHeader()
        last = max((at for at in range(len(self._columns)) if not head.isSectionHidden(at)), default=-1)
        self.button.move(head.width() - SIDE - 4, (head.height() - SIDE) // 2)
        appear(self.button, last >= 0 and self._columns[last][1] != "r")
        self.button.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the head."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.place()
        return False

    def _below(self) -> None:
        assert self.button is not None
        self.open(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _keep(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        theme.settings().setValue(f"{KEY}/{self._name.replace('/', '_')}", "\t".join(sorted(hidden)))
        self._changed(hidden)
        self.place()
