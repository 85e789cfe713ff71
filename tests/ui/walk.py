"""A walk through the whole window as a person goes: every tab, every button. Run in a process of its own:

python -m tests.ui.walk STORE "2026-10-12 09:00" [--layouts [LOGIN]]

Somebody else than who founded the store is told as LOGIN: every form is typed into then, so that its verb has something
to keep, and what is offered and refused is met.

It says where it is before each step, so that an end of the process names its place, and what it meets.
"""

import logging
import os
import re
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial, partialmethod
from pathlib import Path
from types import TracebackType
from typing import cast

from PySide6.QtCore import QEvent, QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from desktop.paths import resource
from desktop.services.errors import NotAllowed
from desktop.services.opening import open_store
from desktop.services.workbooks import book
from desktop.ui import theme
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from desktop.ui.manual import ManualDialog, ManualPage
from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.table_model import DataTable
from desktop.ui.widgets import layout as making
from desktop.ui.window import MainWindow
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.ui.desks import SAMPLE

PATIENCE_S = 300  # a call that never comes back is met, however busy the machine
SIZE = (1366, 736)
_CHINESE = re.compile("[一-鿿]")
LINES, ALIKE = ("row", "person"), 2
"""Of the buttons that are lines of a list, as many are pressed as said here."""
EVERYWHERE_ALIKE = ("打开日历", "qt_calendar_prevmonth", "qt_calendar_nextmonth")
"""Pressed once in a walk."""
HARMLESS = "This plugin does not support"  # what the offscreen plugin says of a window's place and focus
OWN_WINDOWS = (MainWindow, QDialog)
LEFT_ALONE = {
    "生成档案": "opens nothing and binds a year of papers in seconds; the tests of the archive press it",
    "qt_calendar_monthbutton": "Qt's own menu of months waits in a loop of its own",
    "qt_calendar_yearbutton": "Qt's own field for the year",
}
"""Words or object names of the buttons that are not pressed, each with its reason."""


class Faults:
    """What was met on the way, and where."""

    def __init__(self) -> None:
        self.at, self.met = "", 0
        self._made: list[tuple[QBoxLayout, str]] = []
        self._unplaced: set[str] = set()

    def go_to(self, place: str) -> None:
        """Say where the walk is now."""
        self.at = place
        print(f"at {place}", flush=True)

    def meet(self, what: str) -> None:
        """Tell a fault with its place."""
        self.met += 1
        print(f"met at {self.at}: {what}", flush=True)

    def look_out(self) -> None:
        """Take note of Qt's warnings, of exceptions in slots, and of defects that are told to the user."""

        def warned(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
            if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not words.startswith(HARMLESS):
                self.meet(f"Qt says: {words}")

        def raised(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            self.meet("".join(traceback.format_exception(kind, error, trace)))

        class Defects(logging.Handler):
            def emit(_self, record: logging.LogRecord) -> None:
                self.meet(logging.Formatter().format(record))

        NotAllowed.__init__ = partialmethod(_told, self, NotAllowed.__init__)  # type: ignore[method-assign, assignment]
        qInstallMessageHandler(warned)
        sys.excepthook = raised
        logging.getLogger("desktop.ui").addHandler(Defects(logging.WARNING))

    def hold_layouts(self) -> None:
        """Hold every layout that is built until `find_unplaced` looks at it: none dies unseen then, as it may else."""
        fill = making.spread

        def spread(layout: QBoxLayout, items: tuple[making.Item, ...], *more: making.Pad) -> QBoxLayout:
            caller = sys._getframe(2)
            self._made.append((layout, f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"))
            return fill(layout, items, *more)  # type: ignore[arg-type]

        making.spread = spread  # type: ignore[assignment]

    def hold_windows(self) -> None:
        """Meet every part that is shown before it has a place: for a moment it is a window of its own."""
        show, set_visible = QWidget.show, QWidget.setVisible

        def look(part: QWidget) -> None:
            if part.isWindow() and part.windowType() == Qt.WindowType.Window and not isinstance(part, OWN_WINDOWS):
                self._meet_once(f"{type(part).__name__} “{_words(part)}” is shown before it has a place")

        def shown(part: QWidget) -> None:
            look(part)
            show(part)

        def seen(part: QWidget, on: bool) -> None:
            if on:
                look(part)
            set_visible(part, on)

        QWidget.show, QWidget.setVisible = shown, seen  # type: ignore[method-assign, assignment]

    def find_unplaced(self) -> None:
        """Take note of every layout that was built and belongs to nothing, and of parts that became windows."""
        made, self._made = self._made, []
        for layout, where in made:
            if isValid(layout) and layout.parent() is None:
                self._meet_once(f"the layout built at {where} is placed nowhere")
        for widget in QApplication.topLevelWidgets():
            is_window = widget.windowType() == Qt.WindowType.Window
            if is_window and widget.isVisible() and not isinstance(widget, OWN_WINDOWS):
                self._meet_once(f"{type(widget).__name__} “{_words(widget)}” became a window of its own")

    def _meet_once(self, what: str) -> None:
        if what not in self._unplaced:
            self._unplaced.add(what)
            self.meet(what)


def _told(error: NotAllowed, faults: Faults, made: Callable[..., None], **facts: object) -> None:
    """Meet what was offered and is refused: whoever may not do something is not offered it."""
    faults.meet(f"offered, and refused: {facts}")
    made(error, **facts)


def _own(control: QWidget) -> bool:
    """Tell whether a control is no field of a record: the own password."""
    return isinstance(control, QLineEdit) and control.echoMode() is QLineEdit.EchoMode.Password


def _words(part: QWidget) -> str:
    words = part.text() if isinstance(part, QAbstractButton) else ""
    return words or part.accessibleName() or part.toolTip() or str(part.property("text") or part.objectName())


class Walk:
    """Goes through the pages of one open store; `types` into every form before its verb is pressed, if told to."""

    def __init__(self, window: MainWindow, faults: Faults, *, types: bool = False) -> None:
        self.window, self.faults, self._types = window, faults, types
        self._pressed: Counter[tuple[str, str, str]] = Counter()

    @property
    def shell(self) -> Shell:
        """The open store on screen."""
        shell = self.window.shell
        assert shell is not None
        return shell

    def settle(self) -> None:
        """Wait until every service call has come back and what it brought is laid out."""
        end = time.monotonic() + PATIENCE_S
        quiet = 0
        while quiet < 3:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            shell = self.window.shell
            busy = not self.window.tasks.idle() or (
                shell is not None and not (shell.desk.tasks.idle() and shell.desk.jobs.idle())
            )
            page = None if shell is None else shell.page()
            busy = busy or (isinstance(page, IntakePage) and page.recounting())
            quiet = 0 if busy else quiet + 1
            if busy:
                time.sleep(0.002)
            if time.monotonic() > end:
                self.faults.meet("a service call does not come back")
                return

    def every_tab(self) -> None:
        """Open every tab by its area and its tab, and press every button there."""
        for number, area in enumerate(self.shell._areas):
            for place, tab in enumerate(area.tabs):
                self.faults.go_to(f"{area.key}/{tab.key}")
                self._open(number, place)
                self.faults.find_unplaced()
                self._enter_rows(f"{area.key}/{tab.key}", partial(self._open, number, place))
                self._press_all(f"{area.key}/{tab.key}", partial(self._open, number, place))

    def last_year(self) -> None:
        """Open every tab again with the year before in view."""
        self.faults.go_to("the year before")
        self.shell.years.setCurrentIndex(1)
        self.settle()
        for number, area in enumerate(self.shell._areas):
            for place, tab in enumerate(area.tabs):
                self.faults.go_to(f"{area.key}/{tab.key} in the year before")
                self._open(number, place)

    def bring_in(self) -> None:
        """Take a file through the steps of the import, pressing everything on the way."""
        store = self.shell.desk.store
        kind, title = ("ratings", "质量评定") if store.is_headquarters else ("members", "党员名册")
        if not self.shell.desk.may_write("verified_ratings" if store.is_headquarters else "members"):
            return
        path = store.folder.parent / f"{title}.xlsx"
        if store.is_headquarters:
            book(store, kind).template(path)
        else:
            shutil.copyfile(resource(f"samples/{SAMPLE}/roster.xlsx"), path)
        page = IntakePage(self.shell.desk, kind, title, source=path)
        self.faults.go_to(f"the import of {path.name}")
        self.shell.desk.push(page)
        self.settle()
        self.faults.find_unplaced()
        if page.next_button.isEnabled():
            page.next_button.click()
            self.settle()
        self._walk_form(page.title)

    def _open(self, area: int, tab: int) -> None:
        shell = self.shell
        while shell._pushed:
            self._leave_form()
        shell.navigation.list.setCurrentRow(area)
        shell.tab_bar.setCurrentIndex(tab)
        self.settle()
        for view in cast(list[QTableView], shell.page().findChildren(QTableView)):
            if view.isVisible() and view.model().rowCount():
                view.selectRow(0)
        self.settle()

    def _leave_form(self) -> None:
        shell, form = self.shell, self.shell.page()
        shell._back.click()
        self.settle()
        if shell.page() is form:  # as many pages may be pushed as before: a form comes back to the card that opened it
            self.faults.meet("the form cannot be left")
            shell._drop(shell._pushed.pop())

    def _press_all(self, place: str, back: Callable[[], object]) -> None:
        """Press every button in view; `back` comes back to this view."""
        while True:
            part = self._next(place, self._in_view())
            if part is None:
                return
            here, depth = self.shell.place(), len(self.shell._pushed)
            self._press(place, part)
            if len(self.shell._pushed) > depth:
                self._walk_form(self.shell.page().title)
                self._close_dialogs()
            if self.shell.place() != here or len(self.shell._pushed) != depth:
                self.faults.go_to(f"back to {place}")
                back()

    def _enter_rows(self, place: str, back: Callable[[], object]) -> None:
        """Press Enter on a row of every table in view, as a double click does, and walk through what it opens."""
        back()
        for number in range(len(self._tables())):
            table, depth, here = self._tables()[number], len(self.shell._pushed), self.shell.place()
            self.faults.go_to(f"{place} > Enter in {table.name}")
            table.view.selectRow(0)
            QTest.keyClick(table.view, Qt.Key.Key_Return)
            self.settle()
            if len(self.shell._pushed) > depth:
                self._walk_form(self.shell.page().title)
            self._close_dialogs()
            if self.shell.place() != here or len(self.shell._pushed) != depth:
                back()

    def _tables(self) -> list[DataTable[object]]:
        found = cast(list[DataTable[object]], self.shell.page().findChildren(DataTable))
        return [table for table in found if table.view.isVisible() and table.model.rowCount()]

    def _hold_looking(self, part: QWidget) -> None:
        """Meet what a reader could type into a form."""
        if not self.shell.desk.store.rights.looks_only or isinstance(part, ManualPage | ManualDialog | PreviewDialog):
            return  # the manual and a preview: what is chosen there is how one looks, and is kept nowhere
        for control in cast(list[QWidget], part.findChildren(QWidget)):
            writes = isinstance(control, QLineEdit | QPlainTextEdit) and not control.isReadOnly()
            chooses = isinstance(control, QComboBox | QAbstractSpinBox | QCheckBox)
            if (writes or chooses) and control.isEnabled() and control.isVisible() and not _own(control):
                self.faults.meet(f"a reader may type into “{control.accessibleName()}”")

    def _type(self, part: QWidget) -> None:
        """Add a character to the words in every field of a form in view, so that there is something to keep."""
        for line in cast(list[QLineEdit], part.findChildren(QLineEdit)):
            if _CHINESE.search(line.text()) and line.isVisible() and line.isEnabled() and not line.isReadOnly():
                line.setText(f"{line.text()}甲")
        for memo in cast(list[QPlainTextEdit], part.findChildren(QPlainTextEdit)):
            if memo.isVisible() and not memo.isReadOnly():
                memo.insertPlainText("甲")

    def _walk_form(self, place: str) -> None:
        """Press every button of the form just pushed, on every tab of it, and leave it."""
        form, depth = self.shell.page(), len(self.shell._pushed)
        self.settle()
        self.faults.find_unplaced()
        self._hold_looking(form)
        if self._types:
            self._type(form)
        for tab in range(max(1, len(form.tabs()))):
            if len(self.shell._pushed) != depth or self.shell.page() is not form:
                return
            if form.tabs():
                self.shell.tab_bar.setCurrentIndex(tab)
                self.settle()
            while len(self.shell._pushed) == depth and self.shell.page() is form:
                part = self._next(place, self._in_view())
                if part is None:
                    break
                self._press(place, part)
                while len(self.shell._pushed) > depth:
                    self._leave_form()
        while len(self.shell._pushed) >= depth:
            self.faults.go_to(f"leaving {place}")
            self._leave_form()

    def _press(self, place: str, part: QAbstractButton) -> None:
        self.faults.go_to(f"{place} > {_words(part)}")
        part.click()
        self.settle()
        self._close_dialogs()

    def _close_dialogs(self) -> None:
        """Press every button of the dialogs that are open, each dialog's once in a walk, and close them."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for _dialog in range(8):
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            self.faults.find_unplaced()
            name = f"“{dialog.windowTitle()}”"
            self._hold_looking(dialog)
            if self._types:
                self._type(dialog)
            while dialog is QApplication.activeModalWidget():
                part = self._next(name, [dialog])
                if part is None:
                    break
                self.faults.go_to(f"{name} > {_words(part)}")
                part.click()
                self.settle()
            if isValid(dialog) and dialog is QApplication.activeModalWidget():
                dialog.close()
            self.settle()
        self.faults.meet("dialog upon dialog")

    def _in_view(self) -> list[QWidget]:
        shell = self.shell
        page = shell.page()
        return [shell._frames[page], shell._bars[page], shell.undo_bar]

    def _next(self, place: str, roots: Iterable[QWidget]) -> QAbstractButton | None:
        """Return the next button in `roots` that was not pressed at `place` yet."""
        for root in roots:
            for part in cast(list[QAbstractButton], root.findChildren(QAbstractButton)):
                name = part.objectName()
                if not (part.isVisible() and part.isEnabled()) or {name, _words(part)} & LEFT_ALONE.keys():
                    continue
                words = re.sub(r"\d+", "#", _words(part))
                key = ("", "", words) if words in EVERYWHERE_ALIKE or name in EVERYWHERE_ALIKE else (place, name, words)
                alike = (place, name, "") if name in LINES else key
                if self._pressed[key] == 0 and self._pressed[alike] < ALIKE:
                    self._pressed[key] += 1
                    self._pressed[alike] += alike != key
                    return part
        return None


def answer_choosers() -> None:
    """Let every question for a file be cancelled, and no other program be started."""
    QFileDialog.exec = lambda _self: 0  # type: ignore[assignment, method-assign]
    QDesktopServices.openUrl = lambda url: True  # type: ignore[method-assign]
    if sys.platform == "win32":
        os.startfile = lambda _path: None  # type: ignore[assignment]


def main(folder: Path, at: str, layouts: bool, login: str = LOGIN) -> int:
    """Walk through the store in `folder` as `login` and return 1 if anything was met."""
    app = QApplication(["branch-desk", *theme.STYLE])
    theme.apply(app)
    faults = Faults()
    faults.look_out()
    if layouts:
        faults.hold_layouts()
        faults.hold_windows()
    answer_choosers()
    window = MainWindow(folder)
    window.resize(*SIZE)
    window.show()
    walk = Walk(window, faults, types=login != LOGIN)
    walk.settle()
    window.enter(open_store(folder, PASSWORD, login, clock=clock_at(at)))
    walk.settle()
    window._watch.stop()  # nobody touches the mouse here: on a slow machine the walk would be locked out as idle
    walk.every_tab()
    walk.last_year()
    walk.bring_in()
    faults.go_to("the lock")
    walk.shell.lock.click()
    walk.settle()
    faults.go_to("the end")
    window.close()
    walk.settle()
    return 1 if faults.met else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], "--layouts" in sys.argv, *sys.argv[4:5]))
