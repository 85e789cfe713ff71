"""The first start where there is little room: each page of the assistant is seen whole, the window fits its screen."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desktop.services.security import vault
from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.recovery import FIRST, REPLACED, RestoreDialog
from desktop.ui.setup import SetupPage
from desktop.ui.theme import TITLE_BAR
from tests.services.archive.checker import text_of
from tests.stores import CHEAP, new_store
from tests.ui.test_window import finish_setup, open_window, page, retype


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def test_where_letters_are_large_each_page_of_the_assistant_is_seen_whole_and_shows_where_the_cursor_stands(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    window.resize(911, 472)  # 1366×768 at 150 % without title bar and task bar
    first = cast(SetupPage, page(window))
    area = cast(list[QScrollArea], first.findChildren(QScrollArea))[0]

    def without_scrolling() -> bool:
        return area.verticalScrollBar().maximum() == 0

    qtbot.waitUntil(without_scrolling)
    first._chosen("branch")
    qtbot.waitUntil(without_scrolling)
    first.back()
    assistant = finish_setup(qtbot, window, "branch")
    qtbot.waitUntil(without_scrolling)

    def seen_whole() -> bool:
        at = window.focusWidget()
        return at is not None and at.visibleRegion().boundingRect() == at.rect()

    qtbot.waitUntil(seen_whole)
    retype(assistant)
    qtbot.waitUntil(assistant.begin_button.hasFocus)
    qtbot.waitUntil(seen_whole)
    qtbot.waitUntil(without_scrolling)
    assert window.close()


def test_a_window_that_comes_to_a_smaller_screen_fits_it(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    window.resize(3000, 2000)
    screen = window.screen()
    window.windowHandle().screenChanged.emit(screen)
    room = screen.availableSize()
    assert window.width() <= room.width()
    assert window.height() <= room.height() - TITLE_BAR
    assert window.close()


def test_a_backup_restored_on_a_new_pc_speaks_of_no_data_that_are_kept_there(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assert said(RestoreDialog(window, window.folder, window.tasks)) == FIRST
    new_store(tmp_path / "data" / "store").close()
    assert said(RestoreDialog(window, window.folder, window.tasks)) == REPLACED


def test_the_recovery_code_is_printed_with_the_name_the_data_were_made_under(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = finish_setup(qtbot, window, "branch")
    sheet = assistant.sheet
    sheet.print_button.click()
    qtbot.waitUntil(lambda: sheet.findChild(PreviewDialog) is not None)
    dialog = cast(PreviewDialog, sheet.findChild(PreviewDialog))
    qtbot.waitUntil(window.tasks.idle)
    paper = tmp_path / "code.pdf"
    paper.write_bytes(dialog.made.pdf)
    assert "用于云河县站党支部" in text_of(paper)
    dialog.reject()
    assert window.close()


def test_the_last_step_says_that_the_data_are_being_opened_and_takes_no_second_press(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = finish_setup(qtbot, window, "branch")
    retype(assistant)
    qtbot.waitUntil(assistant.begin_button.hasFocus)
    QTest.keyClick(assistant.begin_button, Qt.Key.Key_Return)
    assert not assistant.begin_button.isEnabled()
    assert assistant.strip.words() == "正在打开数据"
    qtbot.waitUntil(lambda: window.shell is not None)
    assert window.close()


def said(dialog: RestoreDialog) -> str:
    return next(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)) if "试开" in label.text())
