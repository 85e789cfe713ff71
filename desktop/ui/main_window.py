"""The frame around the pages: navigation at the left, top bar, tabs with their actions, and the page in view."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from desktop.services.errors import StorageFailure
from desktop.services.progress import Progress
from desktop.ui.navigation import Navigation
from desktop.ui.origin import Origin
from desktop.ui.over_pages import InterimBanner, says_looked, says_reader
from desktop.ui.page import Desk, Page
from desktop.ui.pages import BACKUPS, Area, Tab, place_of
from desktop.ui.standing import Cursor
from desktop.ui.widgets import (
    appear,
    box,
    button,
    col,
    fixed,
    icon_button,
    row,
    scroll,
    text,
)
from desktop.ui.widgets.actionbar import ActionBar
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.progress import UndoBar
from desktop.ui.widgets.reading_order import mend_tab_order
from desktop.ui.widgets.tabs import PageTabs
from desktop.ui.year_box import YearBox

if TYPE_CHECKING:
    from desktop.services.backup import BackupRow
    from desktop.services.integrity import Problem
    from desktop.services.store import Store
    from desktop.ui.search.layer import SearchLayer

SLIM_BELOW = 1200
BESIDE_TABS, BAR_PAD = 8, (24, 0, 24, 0)
DAMAGED = "E-DB-DAMAGED"
SAMPLE = "样例："
"""What the name of sample data begins with."""


class Shell(QWidget):
    """One open store on screen. Pages reach it through their `Desk`."""

    lock_requested = Signal()
    renamed = Signal(str)
    branch_requested = Signal(str, dict)

    def __init__(self, store: "Store", name: str, areas: Sequence[Area], year: int, *, waits: bool = False) -> None:
        """Build the frame and open the first page; where it `waits`, `begin` opens one, in a turn of its own."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = Desk(store, self, year, self)
        self._areas = areas
        self._pages: dict[tuple[str, str], Page] = {}
        self._bars: dict[Page, ActionBar] = {}
        self._frames: dict[Page, QScrollArea] = {}
        self._pushed: list[Page] = []
        self._left: list[QWidget | None] = []  # where the cursor stood when each of them was pushed
        self._origin: Origin | None = None  # what sent here: 返回 leads there
        self._last_tab: dict[str, str] = {}
        self._place = (areas[0].key, areas[0].tabs[0].key)
        who = f"使用人 {store.actor}"
        self.navigation = Navigation(areas, who)
        self._cursor = Cursor(self, self.navigation.list)
        self.title, self.subtitle = text("", "h1"), text("", "sub")
        self._back = icon_button("chevron-left", "返回", self.go_back)
        self._back.setShortcut(QKeySequence("Alt+Left"))
        self._mark = SAMPLE if name.startswith(SAMPLE) else ""
        self.branch_name = text(name, "strong")
        self.years = YearBox(self.desk)
        self.lock = icon_button("lock", "锁定（Ctrl+L）", self.lock_requested.emit)
        self.lock.setToolTip(f"锁定（Ctrl+L）\n{who}")  # the foot says it too, where there is room for it
        self.help_icon = icon_button("book", "手册（F1）", self.show_help)
        self.search_button = button("找人、会议、登记、附件　Ctrl+K", self.search, "finder", "search")
        self.search_icon = icon_button("search", "查找（Ctrl+K）", self.search)
        self._top = row(
            self._back,
            self.title,
            self.subtitle,
            ...,
            self.search_button,
            self.search_icon,
            self.branch_name,
            self.years,
            self.help_icon,
            self.lock,
            gap=10,
            pad=(24, 0, 16, 0),
        )
        self.tab_bar = PageTabs()
        self.tab_bar.currentChanged.connect(self._tab_chosen)
        self._actions = row(gap=0)
        self._bar = fixed(box(row(self.tab_bar, BESIDE_TABS, (self._actions, 1), gap=0, pad=BAR_PAD), "bar"), height=48)
        self._stack = QStackedWidget()
        looks = self._over_pages()
        self._interim = InterimBanner(self.desk, self.page, self.read_head)
        top = fixed(box(self._top, "topbar"), height=56)
        content = col(top, self._bar, looks, self._interim, (self._stack, 1), gap=0)
        self.setLayout(row(self.navigation, (content, 1), gap=0))
        self.undo_bar = UndoBar(self)
        self.navigation.chosen.connect(self._area_chosen)
        self.navigation.backup_asked.connect(self._open_backups)
        self.desk.year_changed.connect(lambda _year: self._refresh())
        for anew in (self._refresh, self.read_head):
            self.desk.data_changed.connect(anew)
        self._search: SearchLayer | None = None
        shortcut(self, "Ctrl+L", "锁定", self.lock_requested.emit)
        shortcut(self, "Ctrl+K", "查找", self.search)
        shortcut(self, "Ctrl+S", "保存打开的表单", self.save_form)
        shortcut(self, "Ctrl+F", "在这一页里筛选", self.filter_page)
        for number, area in enumerate(areas[:9], start=1):
            shortcut(self, f"Ctrl+{number}", area.title, partial(self.desk.open, area.key))
        shortcut(self, "F1", "手册里讲这一页的地方", self.show_help)
        shortcut(self, "Ctrl+/", "快捷键", self.show_keys)
        if not waits:
            self.begin()

    def begin(self, area: str = "", tab: str = "", **where: Any) -> None:
        """Open the first page to be seen: the one asked for, where there is such a page, else the first of all."""
        if area and self.has_place(area, tab):
            self.open_place(area, tab, where)
        else:
            self.open_place(*self._place, {})

    def stand(self) -> None:
        """Put the cursor where the page in view wanted it: what is not on screen yet can have none."""
        page, at = self._current(), self.focusWidget()
        chosen = at if at is not None and page.isAncestorOf(at) else None  # elsewhere Qt put it, and nobody yet
        self._cursor.put(chosen, page, over_filters=not self._pushed)

    def _over_pages(self) -> QWidget | None:
        """Return what stands over every page where nothing can be changed."""
        look = self.desk.store.look
        if look is not None:
            return says_looked(look)
        return says_reader(self.desk) if self.desk.store.rights.looks_only else None

    # ---- what pages ask for (see `Host`) ----
    def open_place(self, area: str, tab: str, where: dict[str, Any]) -> None:
        """Show a page of an area; without `tab` the one last seen there.

        Raises:
            LookupError: the area has no such tab: a defect of the caller.
        """
        self._uncover()
        entry = next((entry for entry in self._areas if entry.key == area), None)
        if entry is None or not self.may_close():
            self._mark_place()
            return
        wanted = tab or self._last_tab.get(area, entry.tabs[0].key)
        chosen = next((page for page in entry.tabs if page.key == wanted), None)
        if chosen is None:
            raise LookupError(f"{area} has no tab {wanted}")
        left = Origin(self._place, self._pushed, self._left, self.focusWidget())
        came = left.place in self._pages  # else this is the first page of all, and nothing was left for it
        self._place, self._pushed, self._left = (area, chosen.key), [], []
        self._last_tab[area] = chosen.key
        self._mark_place()
        page = self._page(area, chosen)
        at, first = self.focusWidget(), page.focusWidget() is None
        turned = at is not None and self._stack.isAncestorOf(at)  # Qt takes it along, to the first part of the page
        self._show(page)
        at = self.focusWidget()
        if (turned and first) or at is None or not at.isVisible():  # or it stood nowhere, as after the log-in
            self._cursor.enter(page, over_filters=True, anew=first)
        if where:
            page.go(where)
        stays = bool(came and where) and (left.pages or left.place != self._place)
        for gone in (self._origin, None if stays else left):
            for under in gone.pages if gone is not None else ():
                self._drop(under)
        left.into_form = bool(self._pushed)
        self._origin = left if stays else None
        self._head()

    def has_place(self, area: str, tab: str) -> bool:
        """Return whether there is such a page."""
        return any(entry.key == area and (not tab or tab in {page.key for page in entry.tabs}) for entry in self._areas)

    @property
    def may_ask(self) -> bool:
        """Whether these are the records of a branch, read by who may ask it to correct one."""
        return False

    def ask_to_correct(self, record: str, name: str) -> None:
        """Ask the branch that is read to correct a record: of one's own store nobody asks it."""

    def open_branch(self, branch: str, where: dict[str, Any]) -> None:
        """Ask the window for the desk of a branch, as headquarters reads it."""
        self.branch_requested.emit(branch, where)

    def push_page(self, page: Page) -> None:
        """Show a form page with a back arrow."""
        self._uncover()
        self._pushed.append(page)
        self._left.append(self.focusWidget())
        self._adopt(page)
        self._show(page)
        self._bars[page].rest()
        self._cursor.enter(page, over_filters=False)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go with Tab where one would read on, also into and through what a page was filled with after it was made."""
        page = self.page()
        mend_tab_order(page)
        led_to = page.focusProxy()
        if led_to is None or led_to.isVisible():
            return super().focusNextPrevChild(forward)
        # Qt would give the keys to what the page leads to, though another part stands there now.
        page.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs of this Qt version leave None out
        moved = super().focusNextPrevChild(forward)
        page.setFocusProxy(led_to)
        return moved

    def pop_page(self) -> None:
        """Leave the form page for what was under it."""
        self._uncover()
        if self._pushed and self._pushed[-1].may_leave():
            self._drop(self._pushed.pop())
            left = self._left.pop()
            if self._origin is not None and self._origin.into_form and not self._pushed:
                self._return(self._origin)
            else:
                self._turn_back(left)

    def go_back(self) -> None:
        """Leave the form page; without one, the page for what sent here."""
        if self._pushed or self._origin is None:
            self.pop_page()
        else:
            self._uncover()
            self._return(self._origin)

    def _return(self, back: Origin) -> None:
        self._origin, self._place, self._pushed, self._left = None, back.place, back.pages, back.left
        self._mark_place()
        self._turn_back(back.cursor)

    def _turn_back(self, cursor: QWidget | None) -> None:
        page = self._current()
        self._show(page)
        self._bars[page].rest()
        self._cursor.put(cursor, page, over_filters=not self._pushed)

    def search(self) -> None:
        """Search over the page in view; once more, choose what is typed."""
        if self._search is None:
            from desktop.ui.search.layer import SearchLayer  # not before it is first asked for

            self._search = SearchLayer(self.desk, self._areas, self)
        self._search.open_layer()

    def _uncover(self) -> None:
        """Take the search away: what a key of the window does is done on the page, and seen there."""
        if self._search is not None and self._search.isVisible():
            self._search.close_layer()

    def filter_page(self) -> None:
        """Put the cursor into the filter of the page in view."""
        self._uncover()
        self.page().focus_filter()

    def save_form(self) -> None:
        """Press the main button of the form in view, as keys alone reach it only past all the fields."""
        self._uncover()
        page = self.page()
        if (self._pushed or hasattr(page, "drafting")) and (main := self._bars[page].main()) is not None:
            main.setFocus()  # what is being typed is settled
            main.click()

    def show_help(self) -> None:
        """Open the manual at what it says of the page in view; there, the search of the manual."""
        from desktop.ui.manual import ManualPage  # not before it is first asked for

        if isinstance(self.page(), ManualPage):
            self.page().focus_filter()
        else:
            self.push_page(ManualPage(self.desk, self.help_key()))

    def help_over(self, form: QWidget) -> None:
        """Open the manual over a form that lies over the page in view."""
        from desktop.ui.manual import ManualDialog

        ManualDialog(form, self.help_key()).open()

    def help_key(self) -> str:
        """Return what the manual calls the page in view."""
        from desktop.services.manual import topic_of

        kind = "headquarters" if self.desk.store.is_headquarters else "branch"
        return topic_of(kind, *self._place, type(self.page()).__name__ if self._pushed else "")

    def show_keys(self) -> None:
        """Say what keys do here."""
        self._uncover()
        from desktop.ui.shortcuts import ShortcutsDialog, keys_in_view

        ShortcutsDialog(self, keys_in_view(self, self.page())).open()

    def say(self, words: str, undo: Callable[[], object] | None, verb: str) -> None:
        """Tell at the bottom what was done."""
        self.undo_bar.say(words, undo, verb)

    # ---- the frame ----
    def page(self) -> Page:
        """Return the page in view."""
        return self._current()

    def place(self) -> tuple[str, str]:
        """Return the area and tab in view."""
        return self._place

    def set_backup_words(self, words: str) -> None:
        """Say at the foot when the store was last backed up."""
        self.navigation.backup.setText(words)
        self.navigation.backup_button.setAccessibleName(words)

    def _say_backup(self, last: "BackupRow | None") -> None:
        self.set_backup_words(f"上次备份：{last.made_on:%Y-%m-%d}" if last is not None else "还没有备份")

    def begin_day(self) -> None:
        """Back the store up and check it as far as is due, once the first page is read; tell only what went wrong."""
        from desktop.ui.dialogs import show_error

        store = self.desk.store

        def work(progress: Progress) -> "tuple[list[Problem], BackupRow | None, bool]":
            from desktop.services.backup import BackupService
            from desktop.services.integrity import begin_day

            backups = BackupService(store)
            before = backups.last_verified()
            problems = begin_day(store, progress)
            last = backups.last_verified()
            return problems, last, last != before

        def tell(day: "tuple[list[Problem], BackupRow | None, bool]") -> None:
            problems, last, backed_up = day
            self._say_backup(last)
            if backed_up:
                self.desk.changed()  # copies are files: the store does not tell of them, and 工作台 speaks of the last
            for problem in problems:
                if problem.code == DAMAGED:
                    date = "" if last is None else last.made_on.isoformat()
                    show_error(self, StorageFailure(DAMAGED, date=date))
                else:
                    self.say(f"{problem.what}{problem.next}", None, "")

        self.desk.tasks.run(self, lambda _progress: None, lambda _nothing: self.desk.jobs.run(self, work, tell))

    def read_head(self) -> None:
        """Show what the store is called, its years, its last backup, whether an own password is due."""
        store = self.desk.store

        def work(_progress: Progress) -> "tuple[str, list[int], BackupRow | None, bool]":
            from desktop.models.history import SettingName
            from desktop.services.access.interim import own_password_due
            from desktop.services.backup import BackupService
            from desktop.services.years import years_on_record

            last = BackupService(store).last_verified()
            return store.setting(SettingName.NAME), years_on_record(store), last, own_password_due(store)

        def show(read: "tuple[str, list[int], BackupRow | None, bool]") -> None:
            name, years, last, interim = read
            appear(self._interim, interim)
            self.years.offer(years)
            self._say_backup(last)
            words = f"{self._mark}{name}"
            if name and words != self.branch_name.text():
                self.branch_name.setText(words)
                self.renamed.emit(words)

        self.desk.jobs.run(self, work, show)

    def may_close(self) -> bool:
        """Return whether every open form has kept what it holds."""
        return all(page.may_leave() for page in self._pushed)

    def close_desk(self) -> None:
        """Stop the workers; after this the store may be closed."""
        self.desk.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the navigation where the room is short."""
        super().resizeEvent(event)
        slim = self.width() < SLIM_BELOW
        self.navigation.set_slim(slim)
        appear(self.search_button, not slim)
        appear(self.search_icon, slim)
        self._fit_tabs()
        if self._search is not None:
            self._search.follow()

    def _page(self, area: str, tab: Tab) -> Page:
        key = (area, tab.key)
        if key not in self._pages:
            page = tab.build(self.desk)
            self._pages[key] = page
            self._adopt(page)
        return self._pages[key]

    def _current(self) -> Page:
        return self._pushed[-1] if self._pushed else self._pages[self._place]

    def _adopt(self, page: Page) -> None:
        page.setObjectName("page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = ActionBar(page.bar_actions(), page.bar_lead())
        bar.asked.connect(self._fit_tabs)
        self._bars[page] = bar
        self._actions.addWidget(bar)
        self._frames[page] = scroll(page)  # a page that wants more height than there is scrolls as a whole
        self._stack.addWidget(self._frames[page])
        page.hold_parts()
        page.head_changed.connect(self._head)
        page.filled.connect(self._cursor.filled)

    def _drop(self, page: Page) -> None:
        frame, bar = self._frames.pop(page), self._bars.pop(page)
        self._stack.removeWidget(frame)
        bar.hide()  # until it is deleted it would take the second click on its 保存, and store the record twice
        for part in (frame, bar):
            part.deleteLater()

    def _show(self, page: Page) -> None:
        for other, bar in self._bars.items():
            if other is not page:
                bar.hide()
        appear(self._bars[page], True)  # last: two bars at once would widen the window for good
        self._stack.setCurrentWidget(self._frames[page])
        self._head()
        self._load(page)

    def _load(self, page: Page) -> None:
        if page.loaded_generation != self.desk.generation:
            page.loaded_generation = self.desk.generation
            page.reload()

    def _refresh(self) -> None:
        self._load(self._current())

    def _head(self) -> None:
        page, pushed = self._current(), bool(self._pushed)
        leads_back = pushed or self._origin is not None
        area = next(entry for entry in self._areas if entry.key == self._place[0])
        self.title.setText(page.title if pushed or not area.title else area.title)
        self.subtitle.setText(page.subtitle())
        appear(self._back, leads_back)
        appear(self.years, not (page.own_period or self._pages[self._place].own_period))
        self._top.setContentsMargins(14 if leads_back else 24, 0, 16, 0)
        names = list(page.tabs()) if pushed else [tab.title for tab in area.tabs] if len(area.tabs) > 1 else []
        self.tab_bar.blockSignals(True)
        self.tab_bar.name_tabs(names)
        keys = [tab.key for tab in area.tabs]
        self.tab_bar.setCurrentIndex(page.tab if pushed else keys.index(self._place[1]))
        self.tab_bar.blockSignals(False)
        appear(self.tab_bar, bool(names))
        self._fit_tabs()
        appear(self._bar, bool(names) or self._bars[page].count() > 0)

    def _fit_tabs(self) -> None:
        least = self._bars[self._current()].minimumSizeHint().width()
        self.tab_bar.fit(self._bar.width() - BAR_PAD[0] - BAR_PAD[2] - BESIDE_TABS - least)

    def _mark_place(self) -> None:
        number = next(index for index, entry in enumerate(self._areas) if entry.key == self._place[0])
        self.navigation.list.blockSignals(True)
        self.navigation.list.setCurrentRow(number)
        self.navigation.list.blockSignals(False)

    def _open_backups(self) -> None:
        place = place_of(BACKUPS, self._areas)
        if place is not None:
            self.open_place(*place, {})

    def _area_chosen(self, number: int) -> None:
        area = self._areas[number]
        if area.key != self._place[0] or self._pushed:
            self.open_place(area.key, "", {})

    def _tab_chosen(self, number: int) -> None:
        if self._pushed:
            self._pushed[-1].tab = max(number, 0)
            self._pushed[-1].show_tab(number)
            return
        area = next(entry for entry in self._areas if entry.key == self._place[0])
        if 0 <= number < len(area.tabs):
            self.open_place(area.key, area.tabs[number].key, {})
