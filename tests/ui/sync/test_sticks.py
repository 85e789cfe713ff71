"""A stick is noticed because the system tells of it; where it does not, it is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.services.volumes import MOUNTS
from desktop.ui.sync.sticks import StickWatch
from tests.ui.desks import keep


def watch(qtbot: QtBot, mounts: Path) -> tuple[StickWatch, list[int]]:
    page, looked = QWidget(), list[int]()
    keep(qtbot, page)
    return StickWatch(page, lambda: looked.append(1), mounts), looked


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of every stick")
def test_it_looks_at_once_and_asks_again_where_nobody_tells(qtbot: QtBot, tmp_path: Path) -> None:
    made, looked = watch(qtbot, tmp_path / "none")
    made.start()
    assert (made.told, len(looked)) == (False, 1)
    assert made._tick.isActive()
    made.stop()
    assert not made._tick.isActive()


@pytest.mark.skipif(sys.platform == "win32" or not MOUNTS.exists(), reason="Linux tells of mounts")
def test_it_hears_of_what_is_mounted(qtbot: QtBot, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", place], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount")
    made, looked = watch(qtbot, MOUNTS)
    made.start()
    try:
        assert made.told
        subprocess.run(["umount", place], check=True)
        qtbot.waitUntil(lambda: len(looked) >= 2)
    finally:
        made.stop()
    assert not os.path.ismount(place)
