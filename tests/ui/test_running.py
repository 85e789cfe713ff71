"""A later start of the program finds the window that runs, and hands it what it was given."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalServer
from pytestqt.qtbot import QtBot

from desktop.ui import reception as answering
from desktop.ui.reception import Reception, hand_over
from desktop.ui.running import address, take_place

ROOT = Path(__file__).parents[2]
unix = pytest.mark.skipif(sys.platform == "win32", reason="sockets with a path are those of Unix")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a window on a store of this test answers."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    found = address(tmp_path / "store")
    assert found
    return found


CALLER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.ui.reception import Reception, hand_over
app = QCoreApplication([])
way, place, *names = sys.argv[1:]
files = [Path(name) for name in names]
sys.exit(not hand_over(place, files) if way == "later" else Reception(place).open(files))
"""
"""A start of the program without its window: 0 where a window that runs has taken the files."""


def start_again(qtbot: QtBot, way: str, place: str, *files: Path) -> bool:
    """Start a process that hands over, while this one answers."""
    caller = subprocess.Popen([sys.executable, "-c", CALLER, way, place, *map(os.fsencode, files)], cwd=ROOT)
    qtbot.waitUntil(lambda: caller.poll() is not None)
    return caller.returncode == 0


def test_a_later_start_brings_its_files_to_the_window_that_runs(qtbot: QtBot, place: str, tmp_path: Path) -> None:
    calls: list[list[Path]] = []
    reception = Reception(place)
    reception.called.connect(calls.append)
    assert reception.open()
    strange = Path("反馈\udcff.dzp")  # a name that is no text
    assert start_again(qtbot, "later", place, tmp_path / "反馈.dzp", strange)
    assert start_again(qtbot, "at once", place, tmp_path / "邀请.dzk"), "found no window, and one opened meanwhile"
    assert start_again(qtbot, "later", place)
    assert calls == [[tmp_path / "反馈.dzp", ROOT / strange], [tmp_path / "邀请.dzk"], []]
    reception.close()
    assert not hand_over(place, [])


@unix
def test_who_calls_before_the_window_is_painted_waits_and_is_answered_then(
    qtbot: QtBot, place: str, tmp_path: Path
) -> None:
    waiting = take_place(place)
    assert waiting
    assert not take_place(place), "two windows on one store"
    arguments = [sys.executable, "-c", CALLER, "later", place, str(tmp_path / "反馈.dzp")]
    caller = subprocess.Popen(arguments, cwd=ROOT)
    calls: list[list[Path]] = []
    reception = Reception(place)
    reception.called.connect(calls.append)
    reception.serve(waiting)
    qtbot.waitUntil(lambda: caller.poll() is not None)
    assert caller.returncode == 0
    assert calls == [[tmp_path / "反馈.dzp"]]
    assert start_again(qtbot, "at once", place)
    reception.close()
    assert not Path(place).exists()
    assert not hand_over(place, [])


@unix
def test_the_place_of_a_program_that_was_killed_is_taken_over(qtbot: QtBot, place: str) -> None:
    killed = QLocalServer()
    assert killed.listen(place)
    left = Path(place).with_suffix(".left")
    Path(place).rename(left)  # closing would tidy up
    killed.close()
    left.rename(place) if left.exists() else Path(place).touch()
    assert not take_place(place)
    reception = Reception(place)
    assert reception.open()
    assert start_again(qtbot, "later", place)
    reception.close()


def test_what_is_no_list_of_names_calls_nobody() -> None:
    assert answering._paths(b"\xff\n") is None
    assert answering._paths(b'{"a": 1}\n') is None
    assert answering._paths(b'["/a/b.dzp", 3]\n') == [Path("/a/b.dzp")]


@unix
def test_each_store_has_its_window_and_a_folder_of_others_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    assert address(tmp_path / "one") == address(tmp_path / "one") != address(tmp_path / "other")
    own = Path(address(tmp_path / "one")).parent
    monkeypatch.setattr(QDir, "tempPath", lambda: str(tmp_path))
    (tmp_path / own.name).mkdir(mode=0o777)
    (tmp_path / own.name).chmod(0o777)
    assert address(tmp_path / "one") == ""
    assert not hand_over("", [])
    assert not take_place("")
