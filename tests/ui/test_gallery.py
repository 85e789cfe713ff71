"""The shared parts and the frame: complete in every window size, usable by keyboard alone."""

import gc
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.services.errors import Input, InvalidInput
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.main_window import Shell
from desktop.ui.pages import Area, Tab
from desktop.ui.table_model import RowsModel
from desktop.ui.widgets.dates import DateEdit, parse_date
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Field, FieldSet, memo
from tests.stores import new_store
from tests.ui.desks import keep
from tests.ui.gallery import COLUMNS, ROWS, ListPage, PartsPage
from tests.ui.lint import faults


class _Here(Tab):
    """A tab whose page is in the tests."""

    def build(self, desk: Any) -> Any:
        return {"list": ListPage, "parts": PartsPage}[self.key](desk)


AREAS = (
    Area("gallery", "clipboard-check", "样张", (_Here("list", "列表", ""), _Here("parts", "部件", ""))),
    Area("second", "users", "党员", (_Here("list", "名册", ""),)),
)


@pytest.fixture
def shell(qtbot: QtBot, tmp_path: Path) -> Iterator[Shell]:
    with new_store(tmp_path / "store") as store:
        window = Shell(store, "云河县站党支部", AREAS, 2026)
        keep(qtbot, window)
        window.resize(1366, 696)
        window.show()
        qtbot.waitExposed(window)
        yield window
        window.close_desk()


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440), (880, 480)])
@pytest.mark.parametrize("tab", ["list", "parts"])
def test_nothing_is_clipped_outside_or_nameless(shell: Shell, size: tuple[int, int], tab: str) -> None:
    shell.resize(*size)
    shell.desk.open("gallery", tab)
    if tab == "list":
        cast(ListPage, shell.page()).table.step(2)
    QApplication.processEvents()
    assert shell.size().toTuple() == size
    assert faults(shell) == []


def test_the_font_has_chinese(dressed: QApplication) -> None:
    family = QFontInfo(dressed.font()).family()
    assert family in theme.CJK_FAMILIES or "CJK" in family or family == theme.screen_family()


def test_escape_closes_the_pane_and_arrows_move_through_rows(shell: Shell) -> None:
    page = cast(ListPage, shell.page())
    page.table.step(1)
    assert page.pane.title.text() == ROWS[0].name
    QTest.keyClick(page.pane, Qt.Key.Key_Down)
    assert page.pane.title.text() == ROWS[1].name
    QTest.keyClick(page.pane, Qt.Key.Key_Escape)
    assert page.pane.isHidden()


def test_the_pane_covers_the_list_in_a_small_window(shell: Shell) -> None:
    shell.resize(900, 480)
    page = cast(ListPage, shell.page())
    page.table.step(1)
    QApplication.processEvents()
    assert page.pane.isVisible()
    assert not page.table.isVisible()


def test_navigation_keeps_the_tab_that_was_open(shell: Shell) -> None:
    shell.desk.open("gallery", "parts")
    shell.desk.open("second")
    shell.desk.open("gallery")
    assert isinstance(shell.page(), PartsPage)


def test_rows_sort_by_value_and_filter_by_words(dressed: QApplication) -> None:
    model = RowsModel(COLUMNS)
    model.set_rows(ROWS)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert model.row_at(0).got == 1.11
    model.set_needle("谈心")
    assert [row.code for row in model.rows()] == ["D4-08"]
    assert model.data(model.index(0, 4), Qt.ItemDataRole.AccessibleTextRole) == "状态：未达标"
    assert model.sheet("清单").rows[0][0] == "D4-08"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2026-3-5", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("２０２６－３－５", date(2026, 3, 5)),
        ("2026-2-30", None),
        ("明天", None),
        ("", None),
    ],
)
def test_dates_as_people_type_them(words: str, meant: date | None) -> None:
    assert parse_date(words) == meant


def test_a_date_is_written_back_and_a_wrong_one_is_marked(qtbot: QtBot) -> None:
    field = DateEdit("日期", required=True)
    qtbot.addWidget(field)
    field.setText("2026.3.5")
    field.editingFinished.emit()
    assert field.text() == "2026-03-05"
    field.setText("2026-13-1")
    field.editingFinished.emit()
    assert field.property("invalid") is True
    assert "看不懂" in field.fault()


def test_composed_text_arrives_in_a_field(shell: Shell) -> None:
    shell.desk.open("gallery", "parts")
    control = cast(PartsPage, shell.page()).fields.fields["name"].control
    control.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("你好")
    QApplication.sendEvent(control, event)
    assert "你好" in cast(PartsPage, shell.page()).fields.values()["name"]


def test_a_call_returns_on_the_gui_thread_and_a_cancelled_one_is_silent(shell: Shell, qtbot: QtBot) -> None:
    got: list[int] = []
    page = shell.page()
    page.call(lambda _progress: 7, got.append)
    qtbot.waitUntil(lambda: got == [7])

    def endless(progress: Progress) -> int:
        done = 0
        while True:
            done += 1
            progress(done, 0)

    task = page.call(endless, got.append)
    task.cancel()
    qtbot.waitUntil(shell.desk.tasks.idle)
    assert got == [7]
    assert page.findChild(Dialog) is None


def test_a_refusal_becomes_one_dialog(shell: Shell, qtbot: QtBot) -> None:
    def refuse(_progress: Progress) -> None:
        raise InvalidInput(Input("name", "姓名"), "不能为空")

    shell.page().call(refuse, lambda _none: None)
    qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
    cast(Dialog, shell.findChild(Dialog)).accept()


def test_nothing_happens_when_the_owner_is_gone(shell: Shell, qtbot: QtBot) -> None:
    got: list[int] = []
    page = ListPage(shell.desk)
    page.call(lambda _progress: 1, got.append)
    page.deleteLater()
    QApplication.sendPostedEvents(page, 0)
    qtbot.waitUntil(shell.desk.tasks.idle)
    assert got == []


def test_undo_takes_a_deed_back(shell: Shell, qtbot: QtBot) -> None:
    undone: list[int] = []
    shell.desk.say("已删除 1 条记录", lambda: undone.append(1))
    assert shell.undo_bar.isVisible()
    shell.undo_bar._link.click()
    assert undone == [1]
    assert shell.undo_bar.isHidden()


def test_lesser_buttons_fold_into_a_menu_where_there_is_no_room(shell: Shell) -> None:
    bar = shell._bars[shell.page()]
    assert not bar.more.isVisible()
    bar.setMaximumWidth(330)
    QApplication.processEvents()
    assert bar.more.isVisible()
    bar.setMaximumWidth(2000)
    shell.resize(1367, 696)
    QApplication.processEvents()
    assert not bar.more.isVisible()


def test_a_dialog_is_never_higher_than_the_screen(qtbot: QtBot) -> None:
    fields = FieldSet([(str(number), Field(f"字段{number}", memo(f"字段{number}", lines=8))) for number in range(8)])
    dialog = Dialog(None, "办理变动", fields, verb="办理")
    keep(qtbot, dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.height() < dialog.screen().availableGeometry().height()
    assert dialog.verb.isVisible()


class _Tracked:
    """Notes on which thread it ends."""

    def __init__(self, ends: list[bool]) -> None:
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread() is threading.main_thread())


def test_what_a_call_holds_ends_on_the_gui_thread(shell: Shell, qtbot: QtBot) -> None:
    ends: list[bool] = []

    def hold(_progress: Progress, tracked: _Tracked) -> _Tracked:
        return _Tracked(ends) if tracked else tracked

    for _round in range(20):
        shell.page().call(partial(hold, tracked=_Tracked(ends)), lambda _result: None)
    qtbot.waitUntil(lambda: len(ends) == 40)
    assert all(ends)
    assert not gc.isenabled()  # cycles are collected by a timer of the GUI thread
