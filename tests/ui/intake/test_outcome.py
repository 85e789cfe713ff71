"""The page of the result: five numbers with their lists, what is open asked beside them."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services.intake.answers import Place
from desktop.services.intake.looks import Part
from desktop.services.spreadsheets.results import ImportResult
from desktop.ui.intake.hand import InHand, left_words, verdict
from desktop.ui.intake.lists import REJECTED, change_lines
from desktop.ui.intake.outcome import OutcomeView
from desktop.ui.intake.questions import AskColumn
from tests.ui.desks import keep
from tests.ui.intake.samples import PRESENT, SAME, in_hand, result
from tests.ui.lint import faults


def outcome(qtbot: QtBot, hand: InHand | None = None, *, width: int = 1154, height: int = 562) -> OutcomeView:
    view = OutcomeView("人", lambda then: then())
    keep(qtbot, view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    view.show_result(hand or in_hand())
    qtbot.wait(1)
    return view


def test_the_verdict_says_everything_also_what_is_left_out() -> None:
    assert verdict(result(), "人") == "能导入 15 人，18 人不变，3 人待你定，1 行退回，另有 8 处没有导入"
    assert verdict(ImportResult(read=3, accepted=3), "次") == "能导入 3 次"
    assert verdict(ImportResult(read=2, waiting=2), "人") == "没有能导入的，2 人待你定"
    assert verdict(ImportResult(read=4, blank=4), "条") == "没有要导入的"
    assert [words for _part, words in left_words(result())] == [
        "4 张表：转出党员、入党积极分子、填表说明、代码表",
        "1 列：序号",
        "3 行：分组 3",
    ]


def test_the_five_numbers_open_their_lists(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    assert {key: part.accessibleName() for key, part in view.figures.items()} == {
        "new": "新增 12",
        "changed": "更新 3",
        "same": "不变 18",
        "open": "待确认 3",
        "rejected": "退回 1",
    }
    assert view.changed.name == "逐项改动", "cells, where the figure counts records"
    view.figures["new"].click()
    assert view.new.isVisible()
    assert view.new.model.rowCount() == 3
    view.figures["rejected"].click()
    assert view.rejected.isVisible()
    assert faults(view) == []


def test_a_tick_taken_away_is_told_and_the_line_stays_in_the_list(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    ticked: list[Place] = []
    view.ticked.connect(lambda line: ticked.append(line.place))
    box = view.changed.view.visualRect(view.changed.model.index(1, 0)).center()
    QTest.mouseClick(view.changed.view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    QTest.keyClick(view.changed.view, Qt.Key.Key_Space)
    assert ticked == [Place(PRESENT, 6, "education")] * 2
    hand = in_hand()
    assert hand.result is not None
    taken_out = hand.result.changes.pop(1)
    hand.left[Place(PRESENT, 6, "education")] = taken_out
    lines = change_lines(hand)
    assert [(line.changed.field, line.taken) for line in lines][:2] == [("学历", False), ("联系电话", True)]


def test_a_change_is_put_right_by_a_double_click(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    edited: list[tuple[Place, str]] = []
    view.edited.connect(lambda line, words: edited.append((line.place, words)))
    at = view.changed.view.visualRect(view.changed.model.index(0, 6)).center()
    QTest.mouseClick(view.changed.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(view.changed.view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(0, 0))
    editor = view.changed.editor
    assert editor is not None
    assert editor.text() == "13900000021"
    editor.setText("13900000022")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert edited == [(Place(PRESENT, 6, "phone"), "13900000022")]


def test_questions_are_answered_by_their_verbs_by_digits_and_together(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    answered: list[tuple[str, str]] = []
    together: list[tuple[int, str]] = []
    view.answered.connect(lambda question, value: answered.append((question.key, value)))
    view.answered_all.connect(lambda questions, value: together.append((len(questions), value)))
    card = next(card for card in view.ask.cards if card.question == SAME)
    card.verbs[0].click()
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_2)
    assert answered == [(SAME.key, "same"), (SAME.key, "two")]
    view.ask.everyone[-1].click()
    assert together == [(2, "正式党员")]


def test_a_refused_number_is_masked_until_it_is_asked_for_and_put_right_on_the_spot(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    corrected: list[str] = []
    view.corrected.connect(lambda _refused, words: corrected.append(words))
    card = view.ask.refused[0]
    assert (card.field.text(), card.field.placeholderText()) == ("", "4127************11")
    card.show_link.click()
    assert card.field.text() == "412723196711054411"
    card.field.setFocus()
    QTest.keyClick(card.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(card.field, "7")
    card.verb.click()
    assert corrected == ["412723196711054417"]


def test_another_number_is_typed_over_a_masked_one_that_nobody_looked_at(qtbot: QtBot) -> None:
    looked: list[object] = []
    view = AskColumn("人", looked.append)
    keep(qtbot, view)
    view.show_open((), result().rejected)
    corrected: list[str] = []
    view.corrected.connect(lambda _refused, words: corrected.append(words))
    card = view.refused[0]
    assert not card.verb.isEnabled()
    QTest.keyClicks(card.field, "412723196711054417")
    QTest.keyClick(card.field, Qt.Key.Key_Return)
    assert corrected == ["412723196711054417"]
    assert looked == []


def test_the_cursor_goes_to_the_next_question_when_what_is_left_is_asked_anew(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    hand = in_hand()
    assert hand.result is not None
    first, *others = view.ask.cards
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_1)
    hand.result.questions = [card.question for card in others]
    view.show_result(hand)
    assert view.focusWidget() is view.ask.cards[0]
    QTest.keyClick(view.ask.cards[0], Qt.Key.Key_1)
    hand.result.questions = []
    view.show_result(hand)
    assert view.focusWidget() is view.ask.refused[0].field
    QTest.keyClicks(view.ask.refused[0].field, "412723196711054417")
    hand.result.rejected = []
    with qtbot.waitSignal(view.ask.all_answered):
        QTest.keyClick(view.ask.refused[0].field, Qt.Key.Key_Return)
        view.show_result(hand)


def test_in_a_file_of_several_sheets_what_is_asked_or_refused_names_its_own(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    (refused,) = result().rejected
    assert view.ask.refused[0].place.text() == f"{refused.sheet} 第 {refused.row} 行"
    view.figures["rejected"].click()
    named = next(number for number, column in enumerate(REJECTED) if column.title == "工作表")
    assert not view.rejected.view.isColumnHidden(named)


def test_what_was_left_out_is_listed_with_the_way_in(qtbot: QtBot) -> None:
    view = outcome(qtbot)
    restored: list[object] = []
    view.restored.connect(restored.append)
    view._show_left(Part.COLUMN)
    assert view.left.isVisible()
    line = view.left.current()
    assert line is not None
    assert line.what == "序号"
    view.left.opened.emit(line)
    assert restored == [line]


def test_in_a_small_window_what_is_open_is_the_first_tab(qtbot: QtBot) -> None:
    view = outcome(qtbot, width=985, height=408)
    assert view.views is not None
    assert view.views.current() == "open"
    assert view.ask.isVisible()
    assert faults(view) == []
    view.figures["changed"].click()
    assert view.changed.isVisible()
    view.resize(1154, 562)
    assert view.ask.isVisible()
    assert view.changed.isVisible()
