"""A list with its pane in a page of a window: the pane scrolls inside, its foot stays in view; and empty places."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from desktop.ui.standards.checklist import ChecklistPage
from desktop.ui.widgets import EmptyState, button, text
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.layout import box, col
from desktop.ui.widgets.pane import NARROW_WIDTH, DetailPane, ListWithPane, fact
from tests.ui.desks import go, keep, sample_desk, settle

SIZES = [(1366, 696), (1093, 542)]
"""1366 × 768 without the frame of the window, and the same screen at 125 %."""
FOOT = (("确认", "check"), ("修改", "pencil"), ("打印", "printer"), ("删除", "trash"))


def frame_of(part: QWidget) -> QScrollArea:
    """Return the outermost scroll area around `part`: the one a page that wants more height scrolls in."""
    above, found = part.parentWidget(), None
    while above is not None:
        found = above if isinstance(above, QScrollArea) else found
        above = above.parentWidget()
    assert found is not None
    return found


def test_a_long_pane_is_turned_by_keys_from_its_foot(qtbot: QtBot) -> None:
    pane = DetailPane()
    keep(qtbot, pane)
    pane.resize(pane.width(), 400)
    last = show_long(pane)
    pane.show()
    qtbot.waitExposed(pane)
    bar = pane._area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def bottom_in(part: QWidget, window: QWidget) -> int:
    return part.mapTo(window, QPoint(0, part.height())).y()


def show_long(pane: DetailPane) -> QWidget:
    """Fill `pane` with far more than a window holds; return the button in its foot."""
    last = button("提意见")
    pane.show_head("一个名称很长、要占两行才写得下的支部委员会（含筹备组）", "ZK04", "未排名")
    pane.show_body(*(fact("做法", "对照清单逐项自查，查出的问题当场记下，限期整改。") for _ in range(40)))
    pane.show_foot(last, ...)
    return last


@pytest.mark.parametrize("size", SIZES)
def test_a_long_pane_scrolls_inside_and_its_foot_stays(qtbot: QtBot, size: tuple[int, int]) -> None:
    pane = DetailPane()
    split = ListWithPane(text("列表"), pane)
    window = QScrollArea()
    window.setWidgetResizable(True)
    window.setWidget(box(col(split)))
    keep(qtbot, window)
    window.resize(*size)
    window.show()
    last = show_long(pane)
    split.open_pane()
    qtbot.wait(50)
    assert not window.verticalScrollBar().isVisible()
    assert bottom_in(last, window) <= window.height()


def in_view(qtbot: QtBot, shell: Shell, pane: DetailPane, last: QWidget) -> bool:
    settle(qtbot, shell)
    return not frame_of(pane).verticalScrollBar().isVisible() and bottom_in(last, shell) <= shell.height()


@pytest.mark.parametrize("size", SIZES)
def test_the_checklist_keeps_the_foot_of_its_pane_in_the_window(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist"))
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.isVisible()
        assert in_view(qtbot, shell, page.pane, page.pane.foot.itemAt(0).widget())
        assert in_view(qtbot, shell, page.pane, show_long(page.pane))


def test_a_foot_whose_buttons_are_all_withheld_leaves_no_empty_bar(qtbot: QtBot) -> None:
    pane, change, remove = DetailPane(), PushButton("修改"), PushButton("删除")
    keep(qtbot, pane)
    for part in (change, remove):
        part.withhold(True)
    pane.show()
    pane.show_foot(change, ..., None, remove)
    assert not pane._foot.isVisible()
    assert not pane._line.isVisible()
    remove = PushButton("删除")
    pane.show_foot(..., remove)
    assert pane._foot.isVisible()
    assert remove.isVisible()


def test_an_empty_place_whose_first_step_is_for_others_says_so_until_it_is_offered(qtbot: QtBot) -> None:
    empty = EmptyState("users", "还没有党员。", "从名册导入。", "导入名册", lambda: None)
    keep(qtbot, empty)
    empty.show()
    empty.withhold("由别的同志来做。")
    empty.say("还没有人。", "先导入名册。")
    assert (empty.line.text(), empty.step.text()) == ("还没有人。", "由别的同志来做。")
    assert empty.button is not None
    assert not empty.button.isVisible()
    empty.withhold("")
    empty.say("还没有人。", "先导入名册。")
    assert empty.step.text() == "先导入名册。"
    assert empty.button.isVisible()


def test_pictures_in_the_foot_of_a_pane_give_way_before_words_are_cut_and_come_back(qtbot: QtBot) -> None:
    pane = DetailPane()
    keep(qtbot, pane)
    whole = [button(words, None, "", icon) for words, icon in FOOT]
    pane.show_foot(*whole[:2], ..., *whole[2:])
    pane.setFixedWidth(NARROW_WIDTH)
    pane.show()
    qtbot.waitExposed(pane)
    assert [part.width() >= part.minimumSizeHint().width() for part in whole] == [True] * len(whole)
    assert all(part.icon().isNull() for part in whole)
    pane.setFixedWidth(2 * NARROW_WIDTH)
    qtbot.waitUntil(lambda: not any(part.icon().isNull() for part in whole))
    pane.setFixedWidth(NARROW_WIDTH)
    pane.show_foot(few := button("打印", None, "", "printer"), ...)
    assert not few.icon().isNull(), "where there is room they stay"
