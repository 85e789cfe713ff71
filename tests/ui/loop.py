"""The stores of the whole loop: five sample branches and their headquarters, built once per run, copied for a test."""

import functools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.services import demo
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.ui.main_window import Shell
from tests.stores import clock_at
from tests.ui.desks import desk_on

HEADQUARTERS = "总部"
ON = "2026-10-12 09:00"
"""The day on which the loop was gone through."""
WHOLE, PATIENCE_S = "whole", 300


@functools.cache
def built() -> Path:
    """Return the folder of the demonstration; what lies in it is not to be changed.

    The processes of one run share it: the first that asks builds it, the others wait.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    root = Path(tempfile.gettempdir()) / f"branch-desk-loop-{run}"
    if run is not None and not _first(root) and _whole(root):
        return root / "demo"
    if run is None or (root / "demo").exists():
        root = Path(tempfile.mkdtemp(prefix="branch-desk-loop-"))
    demo.run(root / "demo")
    (root / WHOLE).touch()
    return root / "demo"


def _first(root: Path) -> bool:
    try:
        root.mkdir()
    except FileExistsError:
        return False
    return True


def _whole(root: Path) -> bool:
    """Wait until another process has built it; False if that never ends."""
    until = time.monotonic() + PATIENCE_S
    while not (root / WHOLE).exists() and time.monotonic() < until:
        time.sleep(0.1)
    return (root / WHOLE).exists()


def loop_store(to: Path, name: str = HEADQUARTERS, at: str = ON) -> Store:
    """Return an open copy of one store of the loop: 总部 or a branch code, with a clock that stands at `at`."""
    shutil.copytree(built() / "数据" / name, to)
    return open_store(to, demo.PASSWORD, demo.LOGIN, clock=clock_at(at))


@contextmanager
def loop_desk(
    qtbot: QtBot, folder: Path, name: str = HEADQUARTERS, size: tuple[int, int] = (1366, 696), at: str = ON
) -> Iterator[Shell]:
    """Show the pages of a copy of one store of the loop."""
    with desk_on(qtbot, loop_store(folder / "store", name, at), size) as shell:
        yield shell
