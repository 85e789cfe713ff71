"""Real pages on a real store: the sample branch, imported once per run and copied for every test."""

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.workbooks import book
from desktop.ui.main_window import Shell
from desktop.ui.pages import pages_for
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

TODAY = "2026-11-23 09:00"
SAMPLE = "shenqiu"


@functools.cache
def _filled() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="branch-desk-ui-")) / "store"
    with new_store(folder, at=TODAY) as store:
        book(store, "members").import_file(resource(f"samples/{SAMPLE}/roster.xlsx"))
        book(store, "meetings").import_file(resource(f"samples/{SAMPLE}/meetings.xlsx"))
    return folder


def sample_store(folder: Path) -> Store:
    """Return an open copy of the sample branch's store."""
    shutil.copytree(_filled(), folder)
    return open_store(folder, PASSWORD, LOGIN, clock=clock_at(TODAY))


@contextmanager
def desk_on(
    qtbot: QtBot, store: Store, size: tuple[int, int] = (1366, 696), *, first: dict[str, str] | None = None
) -> Iterator[Shell]:
    """Show the pages of `store`; closes both. `first` is what the window opens with, as `begin` takes it."""
    shell = Shell(store, store.setting(SettingName.NAME), pages_for(store.kind.value), 2026, waits=True)
    keep(qtbot, shell)
    shell.begin(**(first or {}))
    shell.resize(*size)
    shell.show()
    qtbot.waitExposed(shell)
    settle(qtbot, shell)
    shell.resize(*size)  # the navigation has become narrow by now
    QApplication.processEvents()
    assert shell.size().toTuple() == size
    try:
        yield shell
    finally:
        shell.close_desk()
        store.close()


@contextmanager
def sample_desk(qtbot: QtBot, folder: Path, size: tuple[int, int] = (1366, 696)) -> Iterator[Shell]:
    """Show the pages of the sample branch."""
    with desk_on(qtbot, sample_store(folder / "store"), size) as shell:
        yield shell


@contextmanager
def empty_desk(
    qtbot: QtBot, folder: Path, kind: StoreKind = StoreKind.BRANCH, *, size: tuple[int, int] = (1366, 696)
) -> Iterator[Shell]:
    """Show the pages of a store with nothing in it."""
    with desk_on(qtbot, new_store(folder / "store", kind, TODAY), size) as shell:
        yield shell


def keep(qtbot: QtBot, window: QWidget) -> None:
    """Have `window` closed after the test, and alive until then.

    pytest-qt remembers it weakly: without this its last reference could be in the slot of one of its own children,
    whose end would then destroy the window from within.
    """
    qtbot.addWidget(window)
    held: list[QWidget] = getattr(qtbot, "held", [])
    held.append(window)
    setattr(qtbot, "held", held)  # noqa: B010 - no attribute of its type


def settle(qtbot: QtBot, shell: Shell) -> None:
    """Wait until every service call has come back."""
    qtbot.waitUntil(lambda: shell.desk.tasks.idle() and shell.desk.jobs.idle())
    for _pass in range(6):  # what came back is laid out, wrapped text in scrolling pages in several rounds
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # as the window's own loop does


def go(qtbot: QtBot, shell: Shell, area: str, tab: str = "", **where: object) -> QWidget:
    """Open a page and wait for it."""
    shell.desk.open(area, tab, **where)
    settle(qtbot, shell)
    return shell.page()


def put(control: QWidget, words: str) -> None:
    """Type `words` into a one-line field."""
    cast(QLineEdit, control).setText(words)
