"""The chooser over a column: it is found by typing, and moves by the arrows."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services.intake.answers import NOT_TAKEN
from desktop.services.members.sheet import roster_sheet
from desktop.ui.intake.chooser import FieldChooser, field_options, matching

OPTIONS = field_options(roster_sheet())


def chooser(qtbot: QtBot) -> FieldChooser:
    made = FieldChooser("D 列是什么", OPTIONS, None)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


def test_a_field_is_found_by_its_name_and_by_what_others_call_it() -> None:
    assert matching(OPTIONS, "身份证")[0].field == "id_no"
    assert "id_no" in {option.field for option in matching(OPTIONS, "公民身份")}
    assert [option.label for option in matching(OPTIONS, "时间")][:2] == ["入党时间", "转正时间"]
    assert matching(OPTIONS, "没有这样的字段") == []


def test_what_is_typed_into_the_chooser_opens_the_list_and_enter_takes_the_first(qtbot: QtBot) -> None:
    made = chooser(qtbot)
    decided: list[object] = []
    made.decided.connect(decided.append)
    picker = made.open_picker("身份证")
    QTest.keyClick(picker.needle, Qt.Key.Key_Return)
    assert decided == ["id_no"]
    assert made.currentText() == "身份证号"


def test_the_list_is_opened_by_alt_and_down_and_walked_by_the_arrows(qtbot: QtBot) -> None:
    made = chooser(qtbot)
    QTest.keyClick(made, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert made.picker is not None
    picker = made.picker
    picker.list.setCurrentRow(0)
    assert picker.list.currentItem().text() == "不导入"
    QTest.keyClick(picker.needle, Qt.Key.Key_Down)
    assert picker.list.currentRow() == 1
    QTest.keyClick(picker.needle, Qt.Key.Key_Up)
    QTest.keyClick(picker.needle, Qt.Key.Key_Return)
    assert made.value() == NOT_TAKEN


def test_left_and_right_go_to_the_next_column(qtbot: QtBot) -> None:
    made = chooser(qtbot)
    moved: list[int] = []
    made.moved.connect(moved.append)
    QTest.keyClick(made, Qt.Key.Key_Right)
    QTest.keyClick(made, Qt.Key.Key_Left)
    assert moved == [1, -1]
