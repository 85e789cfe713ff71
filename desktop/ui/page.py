"""What a page is, and what it may ask of the window around it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, Union, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from desktop.services.errors import Cancelled, Stale
from desktop.services.progress import Progress
from desktop.services.quoting import nested
from desktop.ui.drafting import DraftKeeper
from desktop.ui.focus import give_back, lend
from desktop.ui.stale import ask_whose
from desktop.ui.tasks import Failure, Task, TaskRunner
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.cards import EmptyState
from desktop.ui.widgets.keys import Keys
from desktop.ui.widgets.layout import lay_by
from desktop.ui.widgets.left import comes_too_late, follows
from desktop.ui.widgets.progress import ProgressStrip
from desktop.ui.widgets.reading_order import first_stop

if TYPE_CHECKING:
    from desktop.models.vocabulary.access import Act
    from desktop.services.store import Store
    from desktop.ui.widgets.fields import Drafted, FieldSet

S = TypeVar("S")
T = TypeVar("T")
B = TypeVar("B", bound=QPushButton | EmptyState | None)
BY_OTHERS = "由有权限的同志来做，做了以后列在这里。"


class RowOf:
    """One record of `table` with the values that decide who may write it; a value that is not known decides nothing."""

    def __init__(self, table: str, **values: object) -> None:
        self.table, self.values = table, values


Needs = Union["Act", str, RowOf]
"""What somebody has to be allowed: an act, to write some records of a table, or one record."""


class Host(Protocol):
    """What the window does for its pages."""

    def open_place(self, area: str, tab: str, where: dict[str, Any]) -> None:
        """Show a page of an area, and there what `where` names."""

    def has_place(self, area: str, tab: str) -> bool:
        """Return whether there is such a page."""

    @property
    def may_ask(self) -> bool:
        """Whether these are the records of a branch, read by who may ask it to correct one."""

    def ask_to_correct(self, record: str, name: str) -> None:
        """Ask the branch that is read to correct a record of it."""

    def open_branch(self, branch: str, where: dict[str, Any]) -> None:
        """Show at headquarters the desk of a branch, and there the page that `where` names."""

    def push_page(self, page: "Page") -> None:
        """Show a form page over the current one, with a back arrow."""

    def pop_page(self) -> None:
        """Leave the form page in view."""

    def say(self, words: str, undo: Callable[[], object] | None, verb: str) -> None:
        """Tell what was done, with `verb` for what `undo` does."""


class Desk(QObject):
    """One open store as its pages see it: services, workers, the year in view, and the way to other pages."""

    year_changed = Signal(int)
    data_changed = Signal()
    exchange_requested = Signal(object)
    """The program is to close, so that the update made ready in this folder takes its place."""
    _committed = Signal()

    def __init__(self, store: "Store", host: Host, year: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.store, self.year, self._host = store, year, host
        self.tasks = TaskRunner(self)  # reads and writes, in order
        self.jobs = TaskRunner(self)  # long work that leaves the records alone: archive, package, backup
        self.drafts = DraftKeeper(store, self.tasks, parent)
        self.drafts.failed.connect(self._tell_unkept)
        self.ready: dict[str, Callable[[], object]] = {}  # papers whose page was out of view when they were made
        self.generation = 0
        self._out_of_date = False
        self._services: dict[Any, Any] = {}
        self._committed.connect(self._note, Qt.ConnectionType.QueuedConnection)
        self.tasks.busy_changed.connect(lambda _busy: self._catch_up())
        store.on_change.append(self._hear)

    def service(self, kind: Callable[["Store"], S]) -> S:
        """Return the one service of this class for the store."""
        key = kind  # a service class: called with the store it works on
        if key not in self._services:
            self._services[key] = kind(self.store)
        found: S = self._services[key]
        return found

    def may(self, act: "Act") -> bool:
        """Whether the roles of who works here allow `act`: what they do not is not offered."""
        return self.store.rights.may(act)

    def left_to_others(self, act: "Act", what: str = "") -> str:
        """Say who does `what` if the roles of who works here do not reach to `act`; "" where they do, or where one line
        says of all that it is only looked at."""
        if self.may(act) or self.store.rights.looks_only:
            return ""
        return f"{what}由有“{act.label}”权限的同志来做。" if what else f"{act.label}由有这项权限的同志来做。"

    def may_write(self, *tables: str) -> bool:
        """Whether who works here may write some records at least of one of `tables`."""
        return any(self.store.rights.may_write(table) for table in tables)

    def allows(self, needs: "Needs") -> bool:
        """Whether who works here may do the act, or write the table or the record."""
        from desktop.models.vocabulary.access import Act  # brings SQLAlchemy: not before the first window

        if isinstance(needs, RowOf):
            return self.store.rights.may_write_row(needs.table, needs.values)
        return self.may(needs) if isinstance(needs, Act) else self.may_write(needs)

    def offered(self, needs: "Needs", part: B) -> B:
        """Return `part` as it is offered: withheld where who works here is not allowed what it does. An empty place
        whose words ask for its first step says then that others take it.

        Once more with another table it is offered by that one.
        """
        if isinstance(part, EmptyState):
            part.withhold("" if self.allows(needs) else BY_OTHERS)
        elif isinstance(part, PushButton):
            part.withhold(not self.allows(needs))
        return part

    def open(self, area: str, tab: str = "", **where: Any) -> None:
        """Go to a page; `where` says which record, filter or new form it should show."""
        self._host.open_place(area, tab, where)

    def has(self, area: str, tab: str = "") -> bool:
        """Return whether the window has this page; without it a link to it is left out."""
        return self._host.has_place(area, tab)

    @property
    def may_ask(self) -> bool:
        """Whether these are the records of a branch, read by who may ask it to correct one."""
        return self._host.may_ask

    def ask_to_correct(self, record: str, name: str) -> None:
        """Ask the branch that is read to correct a record (its id), which people call `name`."""
        self._host.ask_to_correct(record, name)

    def open_branch(self, branch: str, area: str = "", tab: str = "", **where: Any) -> None:
        """At headquarters, read what a branch (its uid or code) sent on its own pages; `where` as for `open`."""
        self._host.open_branch(branch, {"area": area, "tab": tab, "where": where} if area else {})

    def push(self, page: "Page") -> None:
        """Put a form page with a back arrow over the current page, unless who asked for it left that page during the
        reading before it."""
        if comes_too_late():
            lay_by(page, cast(QWidget, self.parent()))  # what it holds ends with it
            page.hold_parts()
            page.deleteLater()
        else:
            self._host.push_page(page)

    def back(self) -> None:
        """Leave the form page."""
        self._host.pop_page()

    def say(self, words: str, undo: Callable[[], object] | None = None, verb: str = "撤销") -> None:
        """Tell at the bottom of the window what was done, with 撤销 (or another verb) where there is a next step."""
        self._host.say(nested(words), undo, verb)

    def changed(self) -> None:
        """Say that records changed: the page in view loads again now, the others when they are next shown.

        Nobody has to call it for what a unit of work changed: the store tells of that itself.
        """
        self._out_of_date = False
        self.generation += 1
        self.data_changed.emit()

    def turned(self) -> None:
        """Say that another part of the records is in view: pages read it when they are next shown."""
        self.generation += 1

    def close(self) -> None:
        """Keep what is typed, stop the workers and stop listening; after this the store may be closed."""
        self.drafts.close()
        self.tasks.stop_all()
        self.jobs.stop_all()
        self.store.on_change.remove(self._hear)

    def set_year(self, year: int) -> None:
        """Change the year in view."""
        if year != self.year:
            self.year = year
            self.turned()
            self.year_changed.emit(year)

    def _hear(self, _tables: frozenset[str]) -> None:
        """Pass on that an action was committed; the store calls this on the thread that did it."""
        self._committed.emit()

    def _tell_unkept(self, error: Exception) -> None:
        from desktop.messages import present

        self.say(f"草稿没有存下：{present(error).title}")

    def _note(self) -> None:
        self._out_of_date = True
        self._catch_up()

    def _catch_up(self) -> None:
        """Load again what is out of date once the worker is free: after an import once, not after each of its rows."""
        if self._out_of_date and self.tasks.idle():
            self.changed()


class Page(QWidget):
    """One tab of an area, or a form pushed over it. Built on its first visit; loads in `reload`."""

    title = ""
    looks = False
    """Whether the form may only be looked at by who works here."""
    own_period = False
    """Whether the page chooses its period itself, or tells of none: the year of the window is not offered there."""
    head_changed = Signal()
    filled = Signal()
    """What was read is shown."""
    takes: ClassVar[Keys] = (("Esc", "离开打开的表单，写了一半的留作草稿"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self.loaded_generation = -1
        self.being_made: set[str] = set()  # papers that are on their way to be shown
        self.tab = 0  # which of its own tabs a pushed page shows; it emits `head_changed` where it turns to another

    def heightForWidth(self, width: int) -> int:
        """Return the height without which the page scrolls as a whole: what its lists need at least, for they scroll
        by themselves. Qt's own is what they would like to have."""
        layout = self.layout()
        return super().heightForWidth(width) if layout is None else layout.totalMinimumHeightForWidth(width)

    def bar_actions(self) -> Sequence[QWidget]:
        """Return filters and buttons for the right of the tab bar, the main one last. Called once."""
        return ()

    def bar_lead(self) -> QWidget | None:
        """Return what stands at the left of the bar of a page without tabs: the steps of a longer work. Called once."""
        return None

    def subtitle(self) -> str:
        """Return the quiet words beside the title."""
        return ""

    def tabs(self) -> Sequence[str]:
        """Return the tabs of a pushed page (填写 / 附件 / 修改记录)."""
        return ()

    @property
    def first_tab(self) -> str:
        """What a pushed form calls its first tab."""
        return "内容" if self.looks else "填写"

    def show_tab(self, index: int) -> None:
        """Show one of the pushed page's own tabs."""

    def reload(self) -> None:
        """Read the records again and show them. Called when the page is shown and they may have changed."""

    def go(self, where: dict[str, Any]) -> None:
        """Show the record, filter or new form that `where` names. Called after `reload`."""

    def hold_parts(self) -> None:
        """Make children of the parts that the page, or a part of it, holds and has not placed yet.

        Without a parent they would outlive it, and by what their buttons call the page and its whole desk with them:
        Python cannot see what Qt holds.
        """
        held = [part for part in vars(self).values() if isinstance(part, QObject) and isValid(part)]
        inner = [part for each in held for part in vars(each).values() if isinstance(part, QWidget) and isValid(part)]
        for part in dict.fromkeys((*held, *inner)):
            if isinstance(part, QWidget) and part.parent() is None and not part.isAncestorOf(self):
                if part.windowType() is not Qt.WindowType.Window:
                    continue  # a dialog, or a list that drops down
                lay_by(part, self)

    def first_place(self, *, over_filters: bool) -> QWidget | None:
        """Return where the cursor stands when the page is opened: at its first part, or with `over_filters` its list;
        None as long as it has nothing to stand on."""
        return first_stop(self, over_filters=over_filters)

    def focus_filter(self) -> None:
        """Put the cursor into the page's filter, where it has one (Ctrl+F)."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc, which nothing on the page took, leave a form as its arrow does; what was typed stays a draft."""
        if event.key() == Qt.Key.Key_Escape:
            self.desk.back()
        else:
            super().keyPressEvent(event)

    def may_leave(self) -> bool:
        """Return whether the page may be left; a form that holds words not yet kept saves them first."""
        return True

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        *,
        failed: Failure | None = None,
        buttons: Sequence[QPushButton] = (),
        long: bool = False,
    ) -> Task:
        """Read with a service and show the result: `work` runs on the worker, `then` with what it returned here.

        `failed` takes an error instead of the usual dialog; `buttons` are disabled meanwhile; `long` uses the second
        worker, for reading of seconds. A form that `then` would open is dropped where the page was left meanwhile.
        """
        in_view = self.isVisible()

        def follow(result: T) -> None:
            with follows(left=in_view and not self.isVisible()):
                then(result)

        return self.call(lambda _progress: work(), follow, failed=failed, buttons=buttons, long=long)

    def act(
        self,
        work: Callable[[], T],
        said: str | Callable[[T], str] = "",
        *,
        then: Callable[[T], object] | None = None,
        undo: Callable[[], object] | None = None,
        undo_verb: str = "撤销",
        fields: "Sequence[FieldSet]" = (),
        drafts: "Sequence[Drafted] | None" = None,
        again: Callable[[], object] | None = None,
        failed: Failure | None = None,
        buttons: Sequence[QPushButton] = (),
    ) -> Task:
        """Do one user action on the worker, and let everybody know.

        Done, every page learns that records changed, `then` follows here with the result, and `said` (words, or what
        makes them of the result) is told at the bottom; `undo`, one more action called `undo_verb`, takes it back from
        there. A refusal stays at its field where one of `fields` has it; any other goes to `failed`, else into the
        usual dialog.

        The drafts of `fields` (or just `drafts`) vanish when it is done. Where the record was changed since the form
        read it, the user sees what changed and decides; `again` does it once more then.
        """
        generation = self.desk.generation
        if drafts is None:
            drafts = [part.drafting for part in fields if part.drafting is not None]
        finished = tuple(dict.fromkeys(drafts))

        def done(result: T) -> None:
            if self.desk.generation == generation:  # the store has not told of it itself
                self.desk.changed()
            for drafting in finished:
                drafting.done()
            if then is not None:
                then(result)
            words = said if isinstance(said, str) else said(result)
            if words:
                self.desk.say(words, undo, undo_verb)

        def refused(error: Exception) -> None:
            if isinstance(error, Stale) and again is not None and finished and isValid(finished[0]):
                ask_whose(self, error, finished[0], again)
            elif not any(isValid(part) and part.take(error) for part in fields):
                self._fail(error, failed)

        return self.call(lambda _progress: work(), done, failed=refused, buttons=buttons)

    def call(
        self,
        work: Callable[[Progress], T],
        then: Callable[[T], object],
        *,
        failed: Failure | None = None,
        strip: ProgressStrip | None = None,
        words: str = "",
        each: int = 0,
        buttons: Sequence[QPushButton] = (),
        long: bool = False,
    ) -> Task:
        """Run a service call that reports its progress; what reports none is a `read` or an `act`.

        `strip` shows `words` and progress with 取消 (in per cent, or by `each`: `ProgressStrip.begin`); `buttons` are
        disabled meanwhile, and the one that had the focus gets it back; `long` uses the second worker, for work that
        only reads.
        """

        turn = 0

        def settle() -> None:
            if strip is not None:
                strip.end(turn)
            for part in buttons:
                if isValid(part):
                    part.setEnabled(True)
            give_back(lent)

        def done(result: T) -> None:
            settle()
            then(result)
            if isValid(self):
                self.filled.emit()

        def refused(error: Exception) -> None:
            settle()
            self._fail(error, failed)

        lent = lend(self, buttons)
        for part in buttons:
            part.setEnabled(False)
        runner = self.desk.jobs if long else self.desk.tasks
        task = runner.run(self, work, done, refused, strip.step if strip is not None else None)
        if strip is not None:
            turn = strip.begin(words, task.cancel, each)
        return task

    def _fail(self, error: Exception, failed: Failure | None) -> None:
        """Hand `error` to who asked for it, else tell it in a dialog; a cancelled call is nobody's error."""
        from desktop.ui.dialogs import show_error

        if failed is not None and not isinstance(error, Cancelled):
            failed(error)
        else:
            show_error(self, error)
