"""A bad end leaves where it was, and nothing else; a good end leaves nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.crashes import LAST, LOGS, RAW, SEEN, CrashLog, last_crash, mark_seen, put_by
from tests.stores import PASSWORD, new_store

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60
PROGRAM = f"""
import faulthandler
import signal
import sys
from PySide6.QtCore import QTimer
from desktop import app
from desktop.ui import window
class Window(window.MainWindow):
    def __init__(self, folder):
        super().__init__(folder)
        page = self._stack.currentWidget()
        page.password.setText({PASSWORD!r})
        QTimer.singleShot(0, page.submit)
        self.store_opened.connect(lambda _folder: print("open", flush=True))
        if "close" in sys.argv:
            self.store_opened.connect(lambda _folder: QTimer.singleShot(0, self.close))
        if "fault" in sys.argv:
            self.store_opened.connect(lambda _folder: QTimer.singleShot(0, fault))
def fault():
    if faulthandler.is_enabled():
        signal.raise_signal(signal.SIGSEGV)
    QTimer.singleShot(1, fault)
window.MainWindow = Window
sys.exit(app.main(["--store", sys.argv[1]]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a closed store."""
    new_store(tmp_path / "store").close()
    return tmp_path / "store"


@contextmanager
def program(folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the real program until its store is open."""
    homes = {name: str(folder.parent / "home") for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    env = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM, str(folder), *words]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGSEGV that a process sends itself")
def test_a_program_that_was_killed_by_a_fault_leaves_where_it_was(folder: Path) -> None:
    """The fault comes while the program stands in a function: from outside it may come between two of them."""
    with program(folder, "fault") as process:
        assert process.wait(PATIENCE_S) == -signal.SIGSEGV
    put_by(folder)
    left = last_crash(folder)
    assert left is not None
    words = left.read_text("utf-8")
    assert words.startswith("branch-desk ")
    assert "Segmentation fault" in words
    assert " in fault\n" in words
    assert 'File "app.py", line ' in words
    assert "/" not in words.partition("Extension modules")[0]
    assert (folder / LOGS / RAW).read_text() == ""


def test_a_program_that_was_closed_leaves_nothing(folder: Path) -> None:
    with program(folder, "close") as process:
        assert process.wait(PATIENCE_S) == 0
    put_by(folder)
    assert last_crash(folder) is None


def test_an_error_that_ends_the_program_leaves_its_type_and_places_only(folder: Path) -> None:
    crashes = CrashLog()
    (folder / LOGS / RAW).write_text("")
    with (folder / LOGS / RAW).open("a") as file:
        crashes._file = file
        try:
            raise ValueError("张三 412727199001011234")
        except ValueError as error:
            crashes.note(error)
    put_by(folder)
    words = (folder / LOGS / LAST).read_text("utf-8")
    assert "ValueError\n  test_crashes.py:" in words
    assert "张三" not in words


@pytest.mark.parametrize("path", ["/mnt/张三/desktop/ui/page.py", r"D:\张三\desktop\ui\page.py", "page.py"])
def test_folders_which_may_name_a_person_are_left_out(folder: Path, path: str) -> None:
    line = f'Fatal Python error: Aborted\n  File "{path}", line 7 in open\n'
    (folder / LOGS / RAW).write_text(line, encoding="utf-8")
    put_by(folder)
    assert 'File "page.py", line 7 in open' in (folder / LOGS / LAST).read_text("utf-8")
    assert "张三" not in (folder / LOGS / LAST).read_text("utf-8")


def test_what_was_seen_is_offered_no_more_and_stays(folder: Path) -> None:
    (folder / LOGS / RAW).write_text("Fatal Python error: Aborted\n")
    put_by(folder)
    mark_seen(folder)
    assert last_crash(folder) is None
    assert "Aborted" in (folder / LOGS / SEEN).read_text("utf-8")


def test_where_there_is_no_store_nothing_is_watched(tmp_path: Path) -> None:
    crashes = CrashLog()
    crashes.watch(tmp_path)
    crashes.end()
    assert list(tmp_path.iterdir()) == []
