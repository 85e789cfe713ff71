"""换电脑 and 交接: what was done is ticked, what is next is a button away, and both can be given up."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.services.backup import restore
from desktop.services.opening import open_store
from desktop.services.sync.moving import MovingService
from desktop.ui import guided
from desktop.ui.backups import BackupsPage
from desktop.ui.guided import HandoverPage, MovePage
from desktop.ui.settings import SecurityPage
from desktop.ui.widgets import Chip
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import LOGIN, PASSWORD, clock_at, new_store
from tests.ui.desks import TODAY, desk_on, empty_desk, go, settle
from tests.ui.lint import faults


def said(part: QWidget) -> list[str]:
    return [each.text() for each in cast(list[QLabel], part.findChildren(QLabel)) if each.isVisible()]


def ticked(part: QWidget) -> list[str]:
    return [each.words for each in cast(list[Chip], part.findChildren(Chip)) if each.isVisible()]


def offered(part: QWidget) -> list[str]:
    return [each.text() for each in cast(list[QPushButton], part.findChildren(QPushButton)) if each.isVisible()]


def test_a_move_is_begun_told_of_on_the_page_of_backups_and_given_up(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(guided, "ask_folder", lambda *_, **__: stick)
    with empty_desk(qtbot, tmp_path) as shell:
        cast(BackupsPage, go(qtbot, shell, "archive", "backups")).move_button.click()
        settle(qtbot, shell)
        page = cast(MovePage, shell.page())
        assert offered(page) == ["备份到U盘"]
        assert shell.focusWidget() is page.write_button, "it came only when it was read where the move stands"
        assert "身份、钥匙和记录一起走，不用重新登记，总部什么也不用做。" in said(page)
        page.write_button.click()
        settle(qtbot, shell)
        assert len(list(stick.glob("*.dzbak"))) == 1
        assert ticked(page) == ["已做"]
        assert "新电脑上应当是：党员 0 人，会议 0 次，还没有生成过数据包。" in said(page)
        assert offered(page) == ["还用这台电脑"]
        assert faults(shell) == []
        assert "已备份到新电脑去" in said(go(qtbot, shell, "archive", "backups"))

        cast(BackupsPage, shell.page()).move_button.click()
        settle(qtbot, shell)
        page = cast(MovePage, shell.page())
        page.end_button.click()
        settle(qtbot, shell)
        assert offered(page) == ["备份到U盘"]


def test_the_first_page_on_the_new_pc_leads_to_the_comparison(qtbot: QtBot, tmp_path: Path) -> None:
    with new_store(tmp_path / "old", at=TODAY) as old:
        file = MovingService(old).write(tmp_path)
    there = restore(file, tmp_path / "new", PASSWORD).folder
    with desk_on(qtbot, open_store(there, PASSWORD, LOGIN, clock=clock_at(TODAY))) as shell:
        home = go(qtbot, shell, "home", "home")
        next(
            each for each in cast(list[QPushButton], home.findChildren(QPushButton)) if each.text() == "去核对"
        ).click()
        settle(qtbot, shell)
        page = cast(MovePage, shell.page())
        assert offered(page) == ["核对无误"]
        page.done_button.click()
        settle(qtbot, shell)
        assert "去核对" not in offered(go(qtbot, shell, "home", "home"))


def test_the_first_page_leads_to_the_steps_of_a_handover_that_was_begun(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        cast(SecurityPage, go(qtbot, shell, "settings", "security")).users.hand_over()
        settle(qtbot, shell)
        cast(HandoverPage, shell.page()).begin_button.click()
        settle(qtbot, shell)
        home = go(qtbot, shell, "home", "home")
        next(
            each for each in cast(list[QPushButton], home.findChildren(QPushButton)) if each.text() == "去交接"
        ).click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), HandoverPage)
        assert ticked(shell.page()) == ["已做"]


def test_a_handover_shows_what_is_done_leads_to_the_rest_and_ends(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        cast(SecurityPage, go(qtbot, shell, "settings", "security")).users.hand_over()
        settle(qtbot, shell)
        page = cast(HandoverPage, shell.page())
        assert offered(page) == ["开始交接"]
        assert shell.focusWidget() is page.begin_button
        page.begin_button.click()
        settle(qtbot, shell)
        assert page.isAncestorOf(shell.focusWidget())
        assert cast(QPushButton, shell.focusWidget()).text() == "去办"
        assert ticked(page) == ["已做"], "there is no draft that is not finished"
        assert "更换签名钥匙" not in said(page), "nobody knows this branch by a key yet"
        assert offered(page).count("去办") == 4
        assert faults(shell) == []
        page.end_button.click()
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        cast(Dialog, shell.findChild(Dialog)).verb.click()
        settle(qtbot, shell)
        assert offered(page) == ["开始交接"]
