"""The page of the columns: what is held is asked at the top, at its column and by F8; every answer is one click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.intake.looks import RowRole
from desktop.services.members.sheet import roster_sheet
from desktop.ui.intake.chooser import field_options
from desktop.ui.intake.mapping import MappingView
from desktop.ui.widgets import link
from tests.ui.desks import keep
from tests.ui.intake.samples import HELD, PRESENT, in_hand
from tests.ui.lint import faults


def mapping(qtbot: QtBot, *, held: bool = True, width: int = 1150, height: int = 560) -> MappingView:
    view = MappingView("人", link("显示完整身份证号"))
    keep(qtbot, view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_file(in_hand(held=held), field_options(roster_sheet()))
    return view


def test_what_holds_the_import_is_asked_and_answered_by_one_click(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    asked: list[tuple[object, str]] = []
    view.answered.connect(lambda question, value: asked.append((question, value)))
    assert view.banner.accessibleName() == f"{HELD.words}，导入停在这里"
    verb = view.banner.verbs[1]
    assert isinstance(verb, QPushButton)
    assert verb.text() == "是身份证号"
    verb.click()
    assert asked == [(HELD, "id_no")]


def test_over_each_column_stands_what_it_is_taken_for(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    words = [chooser.currentText() for _section, chooser in sorted(view.grid.heads.choosers.items())]
    assert words[:5] == ["不导入", "姓名", "性别", "请选择", "民族"]
    assert view.grid.heads.choosers[3].property("invalid")
    assert view.grid.grid.index(5, 3).data() == "4127************15"


@pytest.mark.parametrize("height", [300, 430, 560])
@pytest.mark.parametrize("held", [True, False])
def test_the_sheet_begins_with_a_whole_line_also_when_its_room_changes(
    qtbot: QtBot, height: int, *, held: bool
) -> None:
    view = mapping(qtbot, held=held, width=863, height=height)
    grid = view.grid

    def begins_whole() -> bool:
        return grid.rowViewportPosition(grid.rowAt(0)) == 0

    qtbot.waitUntil(begins_whole)
    for size in ((1045, 430), (1150, 700), (863, 300)):
        view.resize(*size)
        qtbot.waitUntil(begins_whole)
    bar = grid.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMaximum)
    view.resize(863, 301)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())  # where somebody scrolled to, it stays


def test_f8_goes_to_the_column_to_decide_on(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    view.grid.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F8)
    assert view.focusWidget() is view.grid.heads.choosers[3]


def test_only_the_columns_to_decide_on_can_be_shown(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    view.scope._chosen("open")
    assert view.grid.grid.columns == [4]
    assert len(view.grid.heads.choosers) == 1


def test_a_choice_and_a_role_are_told(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    decided: list[tuple[str, object]] = []
    roles: list[tuple[int, object]] = []
    view.decided.connect(lambda look, field: decided.append((look.letter, field)))
    view.row_changed.connect(lambda row, role: roles.append((row, role)))
    view.grid.heads.choosers[4].decided.emit("native_place")
    menu = view.grid.numbers.offer(4)
    next(action for action in menu.actions() if action.text() == "第 5 行是记录").trigger()
    assert decided == [("E", "native_place")]
    assert roles == [(5, RowRole.RECORD)]


def test_every_sheet_is_named_with_what_it_seems_to_be(qtbot: QtBot) -> None:
    view = mapping(qtbot)
    ticked: list[tuple[str, bool]] = []
    view.sheet_ticked.connect(lambda title, on: ticked.append((title, on)))
    assert view.list.ticks[PRESENT].isChecked()
    assert view.list.names["代码表"].accessibleName() == "看“代码表”，隐藏的表，不导"
    view.list.ticks["转出党员"].click()
    assert ticked == [("转出党员", True)]


def test_in_a_small_window_the_sheets_are_a_drop_down_and_nothing_is_cut(qtbot: QtBot) -> None:
    view = mapping(qtbot, width=985, height=408)
    assert view.bar.isVisible()
    assert not view.list.isVisible()
    assert view.bar.pick.value() == PRESENT
    assert view.remember.isVisible()
    assert faults(view) == []
    view.resize(1150, 560)
    assert view.list.isVisible()
    assert faults(view) == []


def test_the_counts_say_what_is_left_out(qtbot: QtBot) -> None:
    view = mapping(qtbot, held=False)
    assert not view.banner.isVisible()
    assert view._left_words.words() == "没导入：4 张表、1 列、3 行"
    view.hide_counts()
    assert view._total.text() == "正在重新数…"
