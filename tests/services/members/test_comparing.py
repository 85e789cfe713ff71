"""The roster against a list of the national system: who and what differs, and nothing is changed."""

from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.access.rights import Rights
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import QuestionKind
from desktop.services.members import LifeService, MemberService, RosterBook
from desktop.services.members.comparing import Comparison, Kind, RosterComparison
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.sheets import content, workbook

HEAD = ["姓名", "公民身份号码", "出生日期", "学历", "人员类别", "手机号码", "入党日期", "转正日期", "党员减少信息"]
GAO_THERE = ["高红卫", GAO["id_no"], "1984-11-20", "大专", "正式党员", None, "2014-10-07", "2015-10-07", None]
LI_THERE = ["李晓燕", LI["id_no"], "1991-04-03", None, "预备党员", None, "2026-03-27", None, None]
Told = list[tuple[str, str, str, str, str]]


@pytest.fixture
def both(members: MemberService) -> tuple[str, str]:
    return members.register(GAO), members.register(LI)


def compare(store: Store, tmp_path: Path, *rows: list[Any], head: list[str] = HEAD, **said: Any) -> Comparison:
    path = workbook(tmp_path / "national.xlsx", [head, *rows], "Sheet1")
    return RosterComparison(store).compare(path, Answers(**said))


def told(found: Comparison) -> Told:
    return [(one.kind.value, one.name, one.field, one.here, one.there) for one in found.differences]


def with_(row: list[Any], **cells: Any) -> list[Any]:
    """A row with other cells, by heading."""
    return [cells.get(title, cell) for title, cell in zip(HEAD, row, strict=True)]


@pytest.mark.usefixtures("both")
def test_equal_lists_differ_in_nothing_and_nothing_is_changed(store: Store, tmp_path: Path) -> None:
    before = content(store)
    found = compare(store, tmp_path, GAO_THERE, LI_THERE)
    assert (told(found), found.there, found.here, found.same) == ([], 2, 2, 2)
    assert content(store) == before


@pytest.mark.usefixtures("both")
def test_an_own_export_in_the_national_order_differs_in_nothing(store: Store, tmp_path: Path) -> None:
    RosterBook(store).export(tmp_path / "own.xlsx", layout="national")
    found = RosterComparison(store).compare(tmp_path / "own.xlsx")
    assert (told(found), found.same, found.result.sheets[0].program) == ([], 2, "像全国党员管理信息系统的导出")


def test_each_field_is_told_as_it_is_here_and_there(
    store: Store, members: MemberService, both: tuple[str, str], tmp_path: Path
) -> None:
    members.update(both[1], {"phone": "13800000001"})
    gao = with_(GAO_THERE, 学历="大学", 手机号码="13900000002", 入党日期="2014-10-08")
    found = compare(store, tmp_path, gao, with_(LI_THERE, 人员类别="正式党员", 转正日期="2026-10-01"))
    assert told(found) == [
        ("differs", "高红卫", "学历", "大学专科毕业", "大学本科毕业"),
        ("differs", "高红卫", "联系电话", "", "13900000002"),
        ("differs", "高红卫", "入党时间", "2014-10-07", "2014-10-08"),
        ("differs", "李晓燕", "联系电话", "13800000001", ""),
        ("differs", "李晓燕", "转正时间", "", "2026-10-01"),
        ("differs", "李晓燕", "党员类别", "预备党员", "正式党员"),
    ]
    assert {one.member_id for one in found.differences} == set(both)


@pytest.mark.usefixtures("both")
def test_a_column_that_is_empty_throughout_or_missing_differs_in_nothing(
    store: Store, members: MemberService, both: tuple[str, str], tmp_path: Path
) -> None:
    members.update(both[0], {"phone": "13800000001", "degree": "学士", "unit": "城区中队"})
    assert told(compare(store, tmp_path, GAO_THERE, LI_THERE)) == []


@pytest.mark.usefixtures("both")
def test_a_day_known_only_to_its_month_differs_where_it_cannot_be_the_same(store: Store, tmp_path: Path) -> None:
    same = with_(GAO_THERE, 入党日期="2014年10月", 出生日期="1984年11月")
    assert told(compare(store, tmp_path, same, LI_THERE)) == []
    other = with_(GAO_THERE, 入党日期="2014年9月")
    assert told(compare(store, tmp_path, other, LI_THERE)) == [
        ("differs", "高红卫", "入党时间", "2014-10-07", "2014年9月")
    ]


@pytest.mark.usefixtures("both")
def test_who_is_on_one_list_only_is_told_with_what_is_known(store: Store, tmp_path: Path) -> None:
    other = with_(GAO_THERE, 姓名="赵一鸣", 公民身份号码="411602198001100118", 出生日期="1980-01-10")
    found = compare(store, tmp_path, GAO_THERE, other)
    assert told(found) == [
        ("there", "赵一鸣", "", "", "正式党员，2014-10-07入党"),
        ("here", "李晓燕", "", "预备党员，2026-03-27入党", ""),
    ]
    assert [(one.member_id != "", one.id_no_masked) for one in found.differences] == [
        (False, "4116************18"),
        (True, "4127************34"),
    ]


@pytest.mark.usefixtures("both")
def test_a_number_or_a_name_written_otherwise_is_one_difference_and_not_two_people(
    store: Store, tmp_path: Path
) -> None:
    slip = with_(GAO_THERE, 公民身份号码="412723198411204719", 姓名="高红卫")
    found = compare(store, tmp_path, slip, with_(LI_THERE, 姓名="李小燕"))
    assert told(found) == [
        ("differs", "李晓燕", "姓名", "李晓燕", "李小燕"),
        ("differs", "高红卫", "身份证号", "4127************39", "4127************19（第16、17位不同）"),
    ]


def test_who_left_there_or_here_is_told_as_a_standing(
    store: Store, members: MemberService, life: LifeService, both: tuple[str, str], tmp_path: Path
) -> None:
    assert told(compare(store, tmp_path, with_(GAO_THERE, 党员减少信息="转出"), LI_THERE)) == [
        ("differs", "高红卫", "党籍状态", "在册", "转出")
    ]
    life.transition(both[0], MemberStatus.DECEASED, store.today)
    assert told(compare(store, tmp_path, with_(GAO_THERE, 党员减少信息="死亡"), LI_THERE)) == []
    assert told(compare(store, tmp_path, GAO_THERE, LI_THERE)) == [
        ("differs", "高红卫", "党籍状态", MemberStatus.DECEASED.label, "在册")
    ]


@pytest.mark.usefixtures("both")
def test_what_cannot_be_read_is_told_and_nobody_is_missing_for_it(store: Store, tmp_path: Path) -> None:
    found = compare(store, tmp_path, with_(GAO_THERE, 公民身份号码="123"), LI_THERE, LI_THERE)
    assert told(found) == []
    assert [(refused.row, refused.name) for refused in found.result.rejected] == [(2, "id_no"), (4, "name")]


@pytest.mark.usefixtures("both")
def test_what_is_open_is_asked_and_answered_as_in_an_import(store: Store, tmp_path: Path) -> None:
    strange = with_(GAO_THERE, 学历="没听说过")
    found = compare(store, tmp_path, strange, LI_THERE)
    (question,) = found.result.questions
    assert (question.kind, told(found)) == (QuestionKind.WORD, [])
    found = compare(store, tmp_path, strange, LI_THERE, replies={question.key: "大学本科"})
    assert (found.result.questions, told(found)[0][2:]) == ([], ("学历", "大学专科毕业", "大学本科毕业"))


def test_namesakes_without_numbers_are_asked_about(store: Store, members: MemberService, tmp_path: Path) -> None:
    for day in ("2001-07-01", "2003-07-01"):
        members.register({"name": "李娜", "admitted_on": day, "full_on": f"{int(day[:4]) + 1}-07-01"})
    rows = [["李娜", "正式党员"]]
    found = compare(store, tmp_path, *rows, head=["姓名", "人员类别"])
    (question,) = found.result.questions
    assert (question.kind, found.result.waiting, told(found)) == (QuestionKind.SAME, 1, [])
    found = compare(store, tmp_path, *rows, head=["姓名", "人员类别"], replies={question.key: "2"})
    assert [(one.kind, one.here) for one in found.differences] == [(Kind.HERE, "正式党员，2001-07-01入党")]


@pytest.mark.usefixtures("both")
def test_whoever_sees_the_roster_may_compare_and_no_number_is_shown_whole(store: Store, tmp_path: Path) -> None:
    store.rights = Rights()
    found = compare(store, tmp_path, with_(GAO_THERE, 公民身份号码="411602198001100118", 出生日期="1980-01-10"))
    shown = repr(found.differences)
    assert GAO["id_no"] not in shown
    assert "411602198001100118" not in shown


@pytest.mark.usefixtures("both")
def test_a_list_that_is_held_by_a_question_is_not_compared(store: Store, tmp_path: Path) -> None:
    head, row = ["姓名", "人员类别", "某号"], ["高红卫", "正式党员", GAO["id_no"]]
    head += ["另一号"]
    row += [LI["id_no"]]
    found = compare(store, tmp_path, row, head=head)
    assert ([question.holds for question in found.result.questions], told(found)) == ([True, True], [])


def test_a_file_that_cannot_be_read_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(InvalidInput):
        RosterComparison(store).compare(tmp_path / "a.xlsx")
