"""Answers given on the pages: each changes one thing, and can be taken back."""

from dataclasses import replace

from desktop.services.intake.answers import NOT_TAKEN, TEXT, Answers, Line, Place, Spot, Word
from desktop.services.intake.looks import ColumnLook, Confidence, Option, QuestionKind, RowRole
from desktop.ui.intake import answering
from tests.ui.intake.samples import HELD, PRESENT, SAME, look


def dates() -> ColumnLook:
    return ColumnLook(
        sheet=PRESENT,
        spots=(7, 8, 9),
        letter="G",
        heading="入党时间",
        field="admitted_on",
        confidence=Confidence.LIKELY,
        why="年、月、日三列",
    )


def test_a_field_chosen_for_a_column_of_several_parts_holds_for_all_of_them() -> None:
    answers = answering.choose_field(Answers(), dates(), "born_on")
    assert answers.columns == {Spot(PRESENT, 7): "born_on", Spot(PRESENT, 8): "born_on", Spot(PRESENT, 9): "born_on"}
    assert answering.choose_field(answers, dates(), None) == Answers()


def test_a_column_can_be_left_out() -> None:
    answers = answering.choose_field(Answers(), dates(), NOT_TAKEN)
    assert set(answers.columns.values()) == {NOT_TAKEN}


def test_a_role_and_a_reply_are_given_and_taken_back() -> None:
    answers = answering.set_role(Answers(), PRESENT, 5, RowRole.RECORD)
    assert answers.roles == {Line(PRESENT, 5): RowRole.RECORD}
    assert answering.set_role(answers, PRESENT, 5, None) == Answers()
    answers = answering.reply(Answers(), SAME, "two")
    assert answers.replies == {SAME.key: "two"}
    assert answering.reply(answers, SAME, None) == Answers()


def test_what_is_taken_out_can_be_taken_after_all() -> None:
    place = Place(PRESENT, 6, "phone")
    answers = answering.take(Answers(), place, False)
    assert answers.untaken == {place}
    assert answering.take(answers, place, True) == Answers()


def test_each_question_is_answered_where_its_answer_belongs() -> None:
    assert answering.answer(Answers(), HELD, "id_no", [look()]).columns == {Spot(PRESENT, 4): "id_no"}
    assert answering.answer(Answers(), SAME, "two", [look()]).replies == {SAME.key: "two"}
    twice = replace(HELD, kind=QuestionKind.TWICE, field="name", options=(Option("2", "取B列"), Option("9", "取I列")))
    assert answering.answer(Answers(), twice, "9", [look()]).columns == {Spot(PRESENT, 2): NOT_TAKEN}
    sheets = replace(HELD, kind=QuestionKind.SHEET, key="sheets")
    assert answering.answer(Answers(), sheets, "转出党员", [look()]).sheets == {"转出党员": True}
    word = replace(HELD, kind=QuestionKind.WORD, key="word:education:大普：脱产")
    assert answering.answer(Answers(), word, "大学", []).words == {Word("education", "大普：脱产"): "大学"}
    assert answering.answer(Answers(), word, "text", []).words == {Word("education", "大普：脱产"): TEXT}


def test_a_row_taken_after_all_is_asked_about_again() -> None:
    answers = Answers(replies={"same:名册:4": "same", "same:名册:14": "two"}, untaken=frozenset({Place("名册", 4)}))
    assert answering.reopen(answers, "名册", 4) == Answers(replies={"same:名册:14": "two"})
