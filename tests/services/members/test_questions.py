"""What only a person can say about a list of members: asked, not guessed, and never the loss of the person."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.branches import MemberCategory
from desktop.services.intake.answers import TEXT, Answers, Meaning, Place, Word
from desktop.services.intake.looks import QuestionKind
from desktop.services.members import MemberService, RosterBook
from desktop.services.store import Store
from tests.sheets import content, workbook

ID = "411602198001100118"


@pytest.fixture
def book(store: Store) -> RosterBook:
    return RosterBook(store)


def listed(tmp_path: Path, head: Sequence[str], *rows: Sequence[Any]) -> Path:
    """Write a list of members; the first person stands in row 2."""
    return workbook(tmp_path / "list.xlsx", [head, *rows], "名册")


# full or probationary


def test_nobody_is_a_full_member_without_a_word_or_a_date(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = listed(tmp_path, ["姓名", "入党时间", "部门"], ["赵一鸣", None, "营销部"], ["钱二宁", "2006-07-01", None])
    result = book.import_file(path)
    assert (result.read, result.accepted, result.waiting, result.complete) == (2, 1, 1, False)
    (question,) = result.questions
    assert (question.kind, question.row, question.words, question.holds) == (
        QuestionKind.CATEGORY,
        2,
        "赵一鸣：正式还是预备？入党、转正时间都空着",
        False,
    )
    assert [option.label for option in question.options] == ["正式党员", "预备党员", "先不导入"]
    assert question.facts == (("部门", "营销部"),)
    assert [row.name for row in members.roster()] == ["钱二宁"]


@pytest.mark.parametrize("category", MemberCategory)
def test_the_answer_is_taken_one_by_one_or_for_all(
    members: MemberService, book: RosterBook, tmp_path: Path, category: MemberCategory
) -> None:
    path = listed(tmp_path, ["姓名", "性别"], ["赵一鸣", "男"], ["钱二宁", "男"])
    (first, _) = book.import_file(path, dry_run=True).questions
    told = book.import_file(path, answers=Answers(replies={first.key: category.value}))
    assert (told.accepted, told.waiting) == (1, 1)
    rest = book.import_file(path, answers=Answers(assume={QuestionKind.CATEGORY.value: category.value}))
    assert (rest.accepted, rest.unchanged, rest.questions, rest.complete) == (1, 1, [], True)
    assert {row.category for row in members.roster()} == {category}


def test_who_is_to_wait_is_left_out_by_name(book: RosterBook, tmp_path: Path) -> None:
    path = listed(tmp_path, ["姓名", "性别"], ["赵一鸣", "男"])
    result = book.import_file(path, answers=Answers(assume={QuestionKind.CATEGORY.value: "skip"}))
    assert (result.read, result.accepted, result.questions) == (0, 0, [])
    assert [(part.what, part.why, part.unasked) for part in result.left_out] == [
        ("赵一鸣", "类别未定，先不导入", False)
    ]


def test_an_answer_that_is_none_is_refused(book: RosterBook, tmp_path: Path) -> None:
    path = listed(tmp_path, ["姓名", "性别"], ["赵一鸣", "男"])
    result = book.import_file(path, answers=Answers(assume={QuestionKind.CATEGORY.value: "yes"}))
    assert [refusal.reason for refusal in result.rejected] == [
        "category:名册:2只能答full_member、probationary_member、skip"
    ]


# one or two people


def test_two_of_one_name_in_a_list_are_asked_about(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    path = listed(tmp_path, ["姓名", "性别", "入党时间"], ["李娜", "女", "2001-07-01"], ["李娜", "女", "2003-07-01"])
    dry = book.import_file(path, dry_run=True)
    (question,) = dry.questions
    assert (dry.accepted, dry.waiting, question.kind, question.row) == (1, 1, QuestionKind.SAME, 3)
    assert question.facts == (
        ("", "表里第3行", "第2行"),
        ("性别", "女性", "女性"),
        ("入党", "2003-07-01", "2001-07-01"),
    )
    two = book.import_file(path, answers=Answers(replies={question.key: "two"}))
    assert (two.accepted, two.complete) == (2, True)
    again = book.import_file(path)
    assert (again.unchanged, again.questions) == (2, [])


def test_a_repeated_row_is_left_where_it_is_the_same_person(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = listed(tmp_path, ["姓名", "入党时间"], ["李娜", "2001-07-01"], ["李娜", None])
    (question,) = book.import_file(path, dry_run=True).questions
    result = book.import_file(path, answers=Answers(replies={question.key: "same"}))
    assert (result.read, result.accepted, len(members.roster())) == (1, 1, 1)
    assert [part.why for part in result.left_out] == ["与第2行是同一个人"]


def test_who_contradicts_the_roster_is_asked_about_and_changes_only_the_one_meant(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    members.register({"name": "李娜", "born_on": "1986-11-02", "admitted_on": "2010-07-01"})
    path = listed(tmp_path, ["姓名", "出生日期", "入党时间"], ["李娜", "1990.03", "2015-06-28"])
    dry = book.import_file(path, dry_run=True)
    (question,) = dry.questions
    assert (dry.accepted, dry.updated, dry.waiting) == (0, 0, 1)
    assert question.facts[1:] == (("出生", "1990年3月", "1986-11-02"), ("入党", "2015-06-28", "2010-07-01"))
    same = book.import_file(path, dry_run=True, answers=Answers(replies={question.key: "same"}))
    assert [(change.field, change.before, change.after, change.name) for change in same.changes] == [
        ("出生日期", "1986-11-02", "1990年3月", "born_on"),
        ("入党时间", "2010-07-01", "2015-06-28", "admitted_on"),
    ]
    book.import_file(path, answers=Answers(replies={question.key: "two"}))
    assert len(members.roster()) == 2


# the state of the membership


def test_who_is_gone_is_named_and_never_a_present_member(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    head = ["姓名", "入党时间", "党籍状态"]
    people = [["赵一鸣", "正常"], ["钱二宁", "已转出"], ["孙三秋", "停止党籍"], ["李四维", "已故"], ["周五常", "群众"]]
    path = listed(tmp_path, head, *([name, "2005-07-01", state] for name, state in people))
    result = book.import_file(path)
    assert [row.name for row in members.roster()] == ["赵一鸣"]
    assert [(part.what, part.row, part.unasked) for part in result.left_out] == [
        ("钱二宁", 3, True),
        ("李四维", 5, True),
    ]
    assert [(question.kind, question.words) for question in result.questions] == [
        (QuestionKind.STANDING, "孙三秋：“停止党籍”，列入名册吗？")
    ]
    assert [refusal.reason for refusal in result.rejected] == ["“群众”不是党员，没有列入名册"]
    assert (result.read, result.accepted, result.waiting) == (3, 1, 1)
    told = book.import_file(path, answers=Answers(replies={"standing:名册:3": "present"}))
    assert told.accepted == 1


def test_an_activist_in_the_column_of_categories_is_no_member(book: RosterBook, tmp_path: Path) -> None:
    result = book.import_file(listed(tmp_path, ["姓名", "政治面貌"], ["赵一鸣", "入党积极分子"]))
    assert [refusal.reason for refusal in result.rejected] == ["“入党积极分子”不是党员，没有列入名册"]


# words


def test_a_word_nobody_knows_is_kept_in_the_note_and_asked_about_once(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    head = ["姓名", "入党时间", "学历", "联系电话", "党内职务", "备注"]
    path = listed(
        tmp_path,
        head,
        ["赵一鸣", "2005-07-01", "夜大", "问组织委员", None, "住城东"],
        ["钱二宁", "2005-07-01", "夜大", None, "联络员", None],
    )
    result = book.import_file(path)
    assert (result.accepted, result.rejected) == (2, [])
    assert [question.key for question in result.questions] == [
        "word:education:夜大",
        "word:phone:问组织委员",
        "word:posts:联络员",
    ]
    assert [row.note for row in members.roster()] == [
        "住城东\n学历：夜大\n联系电话：问组织委员",
        "学历：夜大\n党内职务：联络员",
    ]
    again = book.import_file(path)
    assert (again.unchanged, again.changes) == (2, [])


def test_a_word_is_mapped_kept_or_left_empty_as_answered_and_that_is_remembered(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = listed(tmp_path, ["姓名", "入党时间", "学历", "民族"], ["赵一鸣", "2005-07-01", "夜大", "待识别"])
    words: dict[Word, Meaning] = {Word("education", "夜大"): "大学专科", Word("ethnic", "待识别"): TEXT}
    result = book.import_file(path, answers=Answers(words=words))
    assert (result.accepted, result.questions, result.warnings) == (1, [], [])
    (row,) = members.roster()
    assert (row.education_text, row.note) == ("大学专科", "民族：待识别")
    replies = {"word:education:夜大": "大学专科", "word:ethnic:待识别": "text"}
    assert book.import_file(path, answers=Answers(replies=replies)).unchanged == 1
    empty = Answers(words={**words, Word("ethnic", "待识别"): None})
    assert book.import_file(path, answers=empty).unchanged == 1


# put right, or not taken


def test_a_value_put_right_on_the_spot_goes_in(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    path = listed(tmp_path, ["姓名", "身份证号", "入党时间"], ["赵一鸣", ID[:-1] + "7", "2005-07-01"])
    (refused,) = book.import_file(path, dry_run=True).rejected
    assert (refused.sheet, refused.row, refused.name) == ("名册", 2, "id_no")
    edited = Answers(edits={Place(refused.sheet, refused.row, refused.name): ID})
    assert book.import_file(path, answers=edited).accepted == 1
    assert members.roster()[0].id_no_masked == "4116************18"


def test_without_the_tick_a_field_stays_as_the_roster_has_it(
    store: Store, members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    members.register({"name": "赵一鸣", "id_no": ID, "unit": "营销部", "phone": "13800000001", "full_on": "2006-07-01"})
    path = listed(
        tmp_path, ["姓名", "身份证号", "部门", "电话", "党内职务"], ["赵一鸣", ID, "物流部", "13900000002", "支部书记"]
    )
    dry = book.import_file(path, dry_run=True)
    assert [(change.sheet, change.row, change.name) for change in dry.changes] == [
        ("名册", 2, "unit"),
        ("名册", 2, "phone"),
        ("名册", 2, "posts"),
    ]
    untaken = frozenset(
        Place(change.sheet, change.row, change.name) for change in dry.changes if change.name != "phone"
    )
    done = book.import_file(path, answers=Answers(untaken=untaken))
    assert [change.name for change in done.changes] == ["phone"]
    (row,) = members.roster()
    assert (row.unit, row.phone, row.posts) == ("营销部", "13900000002", ())
    before = content(store)
    every = replace(Answers(), untaken=untaken | {Place("名册", 2, "phone")})
    assert book.import_file(path, answers=every).changes == []
    assert content(store) == before


# birth


def test_the_birth_of_the_file_stands_and_a_contradiction_is_told(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = listed(
        tmp_path,
        ["姓名", "身份证号", "出生年月", "入党时间"],
        ["赵一鸣", ID, "1979.12", "2005-07-01"],
        ["钱二宁", "411602198102110139", "1981.02", "2005-07-01"],
        ["孙三秋", None, "1982.03", "2005-07-01"],
    )
    result = book.import_file(path)
    assert [row.born_text for row in members.roster()] == ["1979年12月", "1981-02-11", "1982年3月"]
    assert [warning.reason for warning in result.warnings] == ["出生日期与身份证号不一致（证号为1980-01-10）"]
    again = book.import_file(path)
    assert (again.unchanged, again.changes) == (3, [])


def test_an_old_number_of_fifteen_digits_is_taken_with_a_word(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = listed(tmp_path, ["姓名", "身份证号", "入党时间"], ["高红卫", "412723841120463", "2005-07-01"])
    result = book.import_file(path)
    assert [warning.field for warning in result.warnings] == ["身份证号"]
    assert members.id_number(members.roster()[0].id) == "412723198411204639"
