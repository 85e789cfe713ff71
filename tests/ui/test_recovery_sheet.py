"""The recovery code to be written down: two groups typed again, checked by Enter, calm when they are right; printed."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.recovery_sheet import RecoverySheet
from desktop.ui.tasks import TaskRunner
from tests.ui.desks import keep

OWNER = "沈丘县局党支部"
CODE = "-".join(f"{number}{number}{number}111" for number in range(1, 9))


def test_enter_checks_and_the_red_sentence_goes_when_the_number_is_right(qtbot: QtBot) -> None:
    sheet = RecoverySheet(CODE, TaskRunner(), lambda: OWNER)
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


def test_enter_in_the_first_group_leads_to_the_second_and_scolds_nobody(qtbot: QtBot) -> None:
    sheet = RecoverySheet(CODE, TaskRunner(), lambda: OWNER)
    keep(qtbot, sheet)
    sheet.show()
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    asked: list[bool] = []
    sheet.entered.connect(lambda: asked.append(True))
    first, second = (cast(QLineEdit, sheet.fields.fields[str(number)].control) for number in sheet.asked)
    first.setFocus()
    QTest.keyClicks(first, sheet.groups[sheet.asked[0]])
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert (sheet.focusWidget(), asked) == (second, [])
    QTest.keyClicks(second, sheet.groups[sheet.asked[1]])
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert asked == [True]


def test_it_is_looked_at_and_printed_like_any_paper_and_cannot_be_saved(qtbot: QtBot) -> None:
    tasks = TaskRunner()
    sheet = RecoverySheet(CODE, tasks, lambda: OWNER)
    keep(qtbot, sheet)
    sheet.show()
    sheet.print_button.click()
    sheet.print_button.click()  # nothing is seen of it yet
    qtbot.waitUntil(lambda: sheet.findChild(PreviewDialog) is not None)
    dialog = cast(PreviewDialog, sheet.findChild(PreviewDialog))
    qtbot.waitUntil(lambda: dialog.place.text() == "第 1 页，共 1 页" and tasks.idle())
    assert sheet.findChildren(PreviewDialog) == [dialog]
    assert dialog.save_button is None
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    dialog.reject()
