"""The recovery code to be written down: two groups typed again, checked by Enter, calm when they are right."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui.recovery_sheet import RecoverySheet
from tests.ui.desks import keep

CODE = "-".join(f"{number}{number}{number}111" for number in range(1, 9))


def test_enter_checks_and_the_red_sentence_goes_when_the_number_is_right(qtbot: QtBot) -> None:
    sheet = RecoverySheet(CODE)
    keep(qtbot, sheet)
    checked: list[bool] = []
    sheet.entered.connect(lambda: checked.append(sheet.copied()))
    first, second = (sheet.fields.fields[str(number)] for number in sheet.asked)
    edits = [cast(QLineEdit, field.control) for field in (first, second)]
    edits[0].setText("000000")
    edits[1].setText(sheet.groups[sheet.asked[1]])
    QTest.keyClick(edits[1], Qt.Key.Key_Return)
    assert checked == [False]
    assert first.fault()
    edits[0].setText("00000")
    assert first.fault(), "still wrong"
    edits[0].setText(sheet.groups[sheet.asked[0]])
    assert first.fault() == ""
    QTest.keyClick(edits[0], Qt.Key.Key_Return)
    assert checked == [False, True]
