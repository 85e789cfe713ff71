"""What a page is, and what it may ask of the window around it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.services.errors import Cancelled
from desktop.services.progress import Progress
from desktop.ui.tasks import Failure, Task, TaskRunner
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.store import Store

S = TypeVar("S")
T = TypeVar("T")


class Host(Protocol):
    """What the window does for its pages."""

    def open_place(self, area: str, tab: str, where: dict[str, Any]) -> None: ...
    def has_place(self, area: str, tab: str) -> bool: ...
    def push_page(self, page: "Page") -> None: ...
    def pop_page(self) -> None: ...
    def say(self, words: str, undo: Callable[[], object] | None, verb: str) -> None: ...


class Desk(QObject):
    """One open store as its pages see it: services, workers, the year in view, and the way to other pages."""

    year_changed = Signal(int)
    data_changed = Signal()

    def __init__(self, store: "Store", host: Host, year: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.year, self._host = store, year, host
        self.tasks = TaskRunner(self)  # reads and writes, in order
        self.jobs = TaskRunner(self)  # long work that leaves the records alone: archive, package, backup
        self.generation = 0
        self._services: dict[Any, Any] = {}

    def service(self, kind: Callable[["Store"], S]) -> S:
        """Return the one service of this class for the store."""
        key = kind  # a service class: called with the store it works on
        if key not in self._services:
            self._services[key] = kind(self.store)
        found: S = self._services[key]
        return found

    def open(self, area: str, tab: str = "", **where: Any) -> None:
        """Go to a page; `where` says which record, filter or new form it should show."""
        self._host.open_place(area, tab, where)

    def has(self, area: str, tab: str = "") -> bool:
        """Return whether the window has this page; without it a link to it is left out."""
        return self._host.has_place(area, tab)

    def push(self, page: "Page") -> None:
        """Put a form page with a back arrow over the current page."""
        self._host.push_page(page)

    def back(self) -> None:
        """Leave the form page."""
        self._host.pop_page()

    def say(self, words: str, undo: Callable[[], object] | None = None, verb: str = "撤销") -> None:
        """Tell at the bottom of the window what was done, with 撤销 (or another verb) where there is a next step."""
        self._host.say(words, undo, verb)

    def changed(self) -> None:
        """Say that records changed: the page in view loads again now, the others when they are next shown."""
        self.generation += 1
        self.data_changed.emit()

    def set_year(self, year: int) -> None:
        """Change the year in view."""
        if year != self.year:
            self.year = year
            self.generation += 1
            self.year_changed.emit(year)


class Page(QWidget):
    """One tab of an area, or a form pushed over it. Built on its first visit; loads in `reload`."""

    title = ""
    head_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self.loaded_generation = -1

    def bar_actions(self) -> Sequence[QWidget]:
        """Return filters and buttons for the right of the tab bar, the main one last. Called once."""
        return ()

    def subtitle(self) -> str:
        """Return the quiet words beside the title."""
        return ""

    def tabs(self) -> Sequence[str]:
        """Return the tabs of a pushed page (填写 / 附件 / 修改记录)."""
        return ()

    def show_tab(self, index: int) -> None:
        """Show one of the pushed page's own tabs."""

    def reload(self) -> None:
        """Read the records again and show them. Called when the page is shown and they may have changed."""

    def go(self, where: dict[str, Any]) -> None:
        """Show the record, filter or new form that `where` names. Called after `reload`."""

    def focus_filter(self) -> None:
        """Put the cursor into the page's filter, where it has one (Ctrl+F)."""

    def may_leave(self) -> bool:
        """Return whether the page may be left; a form that holds words not yet kept saves them first."""
        return True

    def call(
        self,
        work: Callable[[Progress], T],
        then: Callable[[T], object],
        *,
        failed: Failure | None = None,
        strip: ProgressStrip | None = None,
        words: str = "",
        buttons: Sequence[QPushButton] = (),
        long: bool = False,
    ) -> Task:
        """Run a service call for this page.

        `strip` shows `words` and progress with 取消; `buttons` are disabled meanwhile; `long` uses the second worker,
        for work that only reads.
        """
        from desktop.ui.dialogs import show_error

        def settle() -> None:
            if strip is not None:
                strip.end()
            for part in buttons:
                part.setEnabled(True)

        def done(result: T) -> None:
            settle()
            then(result)

        def refused(error: Exception) -> None:
            settle()
            if failed is not None and not isinstance(error, Cancelled):
                failed(error)
            else:
                show_error(self, error)

        for part in buttons:
            part.setEnabled(False)
        runner = self.desk.jobs if long else self.desk.tasks
        task = runner.run(self, work, done, refused, strip.step if strip is not None else None)
        if strip is not None:
            strip.begin(words, task.cancel)
        return task
