"""The window whose memory is searched: it opens, works, locks, and waits between for whoever searches."""

import ctypes
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.dumps import write_none
from desktop.ui import theme
from desktop.ui.login import LoginPage
from desktop.ui.window import MainWindow
from installer.fuzz.memory import MASK, PAGES

_SET_DUMPABLE = 4
_PATIENCE_S = 300


def main(folder: Path, seed: str, typed: str) -> None:
    """Walk through the window and stop at each word said."""
    write_none()
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 1, 0, 0, 0)  # this once others may look
    theme.apply_text_scale()
    app = QApplication(["branch-desk", *theme.STYLE])
    theme.apply(app)
    window = MainWindow(folder)
    window.show()
    dice = Random(seed)

    def until(done: Callable[[], object]) -> None:
        end = time.monotonic() + _PATIENCE_S
        while not done():
            app.processEvents()
            time.sleep(0.01)
            if time.monotonic() > end:
                raise TimeoutError

    def logged_in() -> LoginPage:
        page = window.centralWidget().currentWidget()  # type: ignore[attr-defined]
        assert isinstance(page, LoginPage)
        return page

    until(lambda: logged_in().login_name())
    for number in typed.split():
        logged_in().password.insert(chr(int(number) ^ MASK))
    logged_in().submit()
    until(lambda: window.shell is not None)

    def visit(area: str, tab: str) -> None:
        assert window.shell is not None
        desk = window.shell.desk
        desk.open(area, tab)
        until(lambda: desk.tasks.idle() and desk.jobs.idle())
        for _pass in range(20):
            app.processEvents()

    assert window.shell is not None
    places = [(area.key, tab.key) for area in window.shell._areas for tab in area.tabs]
    for area, tab in [("members", "roster"), *dice.sample(places, PAGES)]:
        visit(area, tab)
    say("open")
    window.lock()
    until(lambda: window.shell is None and logged_in().login_name())
    for _pass in range(50):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # as the loop of the program does
    until(lambda: not window.forgetting)
    say("locked")


def say(word: str) -> None:
    """Tell where the window is, and wait."""
    print(word, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
