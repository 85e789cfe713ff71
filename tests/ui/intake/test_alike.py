"""Many questions of one kind in one list: ticked for each or for all, and settled at once."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services.intake.looks import Option
from desktop.ui.intake.alike import AlikeList, fits
from tests.ui.desks import keep
from tests.ui.intake.samples import SAME, category

PEOPLE = ("黄伟", "黄山", "黄河", "黄海", "黄土")
ALIKE = [category(30 + number, name) for number, name in enumerate(PEOPLE)]
PROBATIONARY, FULL = "预备党员", "正式党员"


def shown(qtbot: QtBot, ticked: dict[str, str] | None = None) -> AlikeList:
    part = AlikeList(ALIKE, "人", {} if ticked is None else ticked)
    keep(qtbot, part)
    part.resize(330, 400)
    part.show()
    return part


def test_only_many_questions_with_few_answers_and_nothing_to_compare_make_a_list() -> None:
    assert fits(ALIKE, 3)
    assert not fits(ALIKE[:3], 3)
    assert not fits([SAME] * 9, 3)
    wide = [replace(question, options=(Option("", ""),) * 4) for question in ALIKE]
    assert not fits(wide, 3)


def test_all_are_ticked_one_is_changed_and_settled_together(qtbot: QtBot) -> None:
    part = shown(qtbot)
    told: list[dict[str, str]] = []
    part.answered.connect(told.append)
    assert not part.settle_button.isEnabled()
    part.everyone[2].click()
    assert part.settle_button.text() == "就这样定 5 人"
    box = part.table.view.visualRect(part.table.model.index(1, 2)).center()
    QTest.mouseClick(part.table.view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    part.settle_button.click()
    assert told == [{question.key: PROBATIONARY if question is ALIKE[1] else FULL for question in ALIKE}]


def test_digits_answer_the_line_and_go_to_the_next_and_ticks_outlive_the_list(qtbot: QtBot) -> None:
    ticked: dict[str, str] = {}
    part = shown(qtbot, ticked)
    part.table.view.setFocus()
    QTest.keyClick(part.table.view, Qt.Key.Key_3)
    QTest.keyClick(part.table.view, Qt.Key.Key_2)
    assert ticked == {ALIKE[0].key: FULL, ALIKE[1].key: PROBATIONARY}
    assert shown(qtbot, ticked).settle_button.text() == "就这样定 2 人"
