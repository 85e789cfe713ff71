"""A stick is noticed because the system tells of it; where it does not, it is asked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.services import volumes
from desktop.services.udisks import NAME
from desktop.services.volumes import MOUNTS
from desktop.ui.sync.page import HandInPage
from desktop.ui.sync.sticks import StickWatch
from tests.udisks import disks_on
from tests.ui.desks import empty_desk, go, keep, settle
from tests.ui.press import last


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


@pytest.mark.skipif(not MOUNTS.exists() or shutil.which("dbus-daemon") is None, reason="a bus of Linux tells of it")
def test_it_hears_of_a_stick_that_nothing_has_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disks_on(tmp_path, monkeypatch) as disks:
        made, looked = watch(qtbot, MOUNTS)
        made.start()
        try:
            disks.plug()
            qtbot.waitUntil(lambda: len(looked) >= 2)
        finally:
            made.stop()


@pytest.mark.skipif(not MOUNTS.exists() or shutil.which("dbus-daemon") is None, reason="udisks2 is of Linux")
def test_a_stick_that_nothing_has_opened_is_offered_to_be_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "sticks", list)
    with disks_on(tmp_path, monkeypatch) as disks, empty_desk(qtbot, tmp_path) as shell:
        page = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        line = page.closed_line
        qtbot.waitUntil(lambda: line.stick is not None)
        assert "“党建2”" in words_of(line)
        disks.refused["Mount"] = f"{NAME}.Error.NotAuthorized"
        line.open_button.click()
        settle(qtbot, shell)
        assert "没有打开U盘“党建2”" in words_of(last(shell))
        last(shell).reject()
        disks.refused.clear()
        line.open_button.click()
        settle(qtbot, shell)
        assert disks.mounted["sdb2"]
        page._look_for_sticks()
        qtbot.waitUntil(line.isHidden)


def words_of(part: QWidget) -> str:
    return "\n".join(label.text() for label in cast(list[QLabel], part.findChildren(QLabel)))
