"""Which columns of a list are shown (选列): chosen in its head, kept for each list on this computer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from desktop.ui import theme
from desktop.ui.widgets.buttons import icon_button

KEY = "columns"
HINT = "选列：显示或收起这张表的列"
SIDE, EDGES, BESIDE = 24, 14, 8
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
        self._widened: tuple[int, int] | None = None
        self.button = icon_button("dots", HINT, self._below) if with_button and len(columns) >= FEWEST else None
        if self.button is not None:
            self.button.setParent(head)
            self.button.setFixedSize(SIDE, SIDE)
            self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.installEventFilter(self)

    def menu(self) -> QMenu:
        """Return the menu: every column with its tick, and the way back."""
        menu = QMenu(self._view)
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

    def place(self) -> None:
        """Put the button at the right end of the head; the last title that is shown gets room to stand beside it."""
        if self.button is None:
            return
        head = self._view.horizontalHeader()
        last = max((at for at in range(len(self._columns)) if not head.isSectionHidden(at)), default=-1)
        self._make_room(head, last)
        self.button.move(head.width() - SIDE - 4, (head.height() - SIDE) // 2)
        self.button.setVisible(last >= 0 and self._columns[last][1] != "r")
        self.button.raise_()

    def _make_room(self, head: QHeaderView, last: int) -> None:
        """Widen the last column by what the button would cover of its title; one that is last no more is as before."""
        if self._widened is not None and self._widened[0] != last:
            head.resizeSection(*self._widened)
            self._widened = None
        if last < 0 or self._columns[last][1] == "r" or head.stretchLastSection():
            return
        needed = head.fontMetrics().horizontalAdvance(self._columns[last][0]) + EDGES + SIDE + BESIDE
        size = head.sectionSize(last)
        if size < needed and head.sectionResizeMode(last) is QHeaderView.ResizeMode.Interactive:
            self._widened = (last, size)
            head.resizeSection(last, needed)

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
