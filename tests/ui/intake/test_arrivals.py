"""A file dropped on a list, and a block pasted into it, begin the import of that list."""

from pathlib import Path
from typing import cast

import openpyxl
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.services.access.users import UserService
from desktop.services.opening import open_store
from desktop.ui.intake.arrivals import copied
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from desktop.ui.members.roster import RosterPage
from desktop.ui.registers.page import RegistersPage
from tests.stores import CHEAP, PASSWORD, clock_at, new_store
from tests.ui.desks import TODAY, desk_on, empty_desk, go, settle

BLOCK = "姓名\t性别\n李建国\t男\n王秀英\t女\n"


def drop(page: QWidget, path: Path) -> bool:
    """Drag a file over the page and let it go; return whether the page wanted it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(QPointF(20, 20).toPoint(), Qt.DropAction.CopyAction, data, left, none)
    entering.ignore()
    QApplication.sendEvent(page, entering)
    if entering.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, left, none))
    return entering.isAccepted()


def roster_file(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (("姓名", "性别"), ("李建国", "男")):
        book.active.append(row)
    book.save(path)
    return path


def pushed(shell: Shell) -> bool:
    return isinstance(shell.page(), IntakePage)


def test_a_file_dropped_on_the_roster_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = go(qtbot, shell, "members", "roster")
        assert drop(roster, roster_file(tmp_path / "名册.xlsx"))
        settle(qtbot, shell)
        assert pushed(shell)
        assert cast(IntakePage, shell.page()).hand.name == "名册.xlsx"


def test_a_file_that_is_no_table_is_not_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8")
    with empty_desk(qtbot, tmp_path) as shell:
        roster = go(qtbot, shell, "members", "roster")
        assert not drop(roster, tmp_path / "照片.jpg")
        assert not pushed(shell)


def test_a_block_pasted_into_a_register_goes_to_that_register(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RegistersPage, go(qtbot, shell, "service", "support"))
        page.choose("venue")
        settle(qtbot, shell)
        QGuiApplication.clipboard().setText("名称\t类别\n公开栏\t公开栏\n")
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        page.table.view.setFocus()
        QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, shell)
        assert pushed(shell)
        assert shell.page().title == "导入活动阵地"


def test_a_file_copied_in_the_file_manager_is_pasted_as_a_file(qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(roster_file(tmp_path / "名册.xlsx")))])
    QGuiApplication.clipboard().setMimeData(data)
    assert copied() == tmp_path / "名册.xlsx"
    QGuiApplication.clipboard().setText(BLOCK)
    assert copied() == BLOCK
    QGuiApplication.clipboard().setText("李建国")
    assert copied() is None
    QGuiApplication.clipboard().clear()
    assert copied() is None


def test_words_pasted_into_the_filter_stay_words(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        QGuiApplication.clipboard().setText("李建国")
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        roster.needle.setFocus()
        QTest.keyClick(roster.needle, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert roster.needle.text() == "李建国"
        roster.table.view.setFocus()
        QTest.keyClick(roster, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert not pushed(shell)


def test_who_may_only_look_brings_nothing_in(qtbot: QtBot, tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=TODAY) as store:
        UserService(store).add("查看", PASSWORD, ["branch_reader"], cost=CHEAP)
    reader = open_store(tmp_path / "store", PASSWORD, "查看", clock=clock_at(TODAY))
    with desk_on(qtbot, reader) as shell:
        roster = go(qtbot, shell, "members", "roster")
        assert not drop(roster, roster_file(tmp_path / "名册.xlsx"))
