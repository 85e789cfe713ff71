"""From the password to the first page with its figures, in a process of its own: `entering.py window|services FOLDER`.

`window` does it as the log-in does; `services` reads the same figures and shows nothing: what the data themselves take.
Prints the milliseconds, and those that all threads together have worked for it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.progress import Progress, silent

if TYPE_CHECKING:
    from desktop.services.store import Store

os.environ["QT_QPA_PLATFORM"] = "offscreen"
PATIENCE_S = 120
DAY = "2026-11-22 09:00"


def measured(work: Callable[[], None]) -> None:
    """Print what `work` took."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    ms = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
    print(json.dumps({"ms": ms[0], "worked": ms[1]}))


def by_services(folder: Path) -> None:
    """Open the store and read what the first page says."""

    from desktop.services.home import read_home
    from desktop.services.opening import open_store
    from desktop.ui.ahead import bring_ahead
    from tests.stores import LOGIN, PASSWORD, clock_at

    bring_ahead(silent)

    def work() -> None:
        with open_store(folder, PASSWORD, LOGIN, clock=clock_at(DAY)) as store:
            assert read_home(store, store.today.year, store.today).works

    measured(work)


def by_window(folder: Path) -> None:
    """Open the store in the window, and wait until the first page shows its figures."""
    from PySide6.QtWidgets import QApplication

    from desktop.ui import theme
    from desktop.ui.login import LoginPage
    from desktop.ui.window import MainWindow

    app = QApplication(["branch-desk", *theme.STYLE])
    theme.apply(app)
    window = MainWindow(folder)
    window.show()

    def until(condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end
            app.processEvents()
            time.sleep(0.001)

    login = window.centralWidget().findChild(LoginPage)
    assert login is not None
    until(login.login_name)
    until(window.tasks.idle)  # the password is being typed

    def opened(_progress: Progress) -> "Store":
        from desktop.services.opening import open_store
        from tests.stores import LOGIN, PASSWORD, clock_at

        return open_store(folder, PASSWORD, LOGIN, clock=clock_at(DAY))

    def shown() -> bool:
        page = None if window.shell is None else window.shell.page()
        return getattr(page, "_home", None) is not None  # importing its class here would be work of ours

    def work() -> None:
        window.tasks.run(window, opened, window.enter)
        until(shown)
        app.processEvents()  # painted

    measured(work)
    window.close()


if __name__ == "__main__":
    {"window": by_window, "services": by_services}[sys.argv[1]](Path(sys.argv[2]))
