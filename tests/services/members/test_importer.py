"""The roster from Excel: sample files, messy files, dry run, refusals, and importing again."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.models.vocabulary.branches import GroupState, MemberCategory, MemberStatus, Post
from desktop.paths import resource
from desktop.services.branches import BranchService
from desktop.services.errors import Cancelled, InvalidInput
from desktop.services.members import LifeService, MemberService, RosterBook
from desktop.services.spreadsheets.identity import check_mark
from desktop.services.spreadsheets.tables import write_rejects
from desktop.services.store import Store
from tests.sheets import content, sheet_rows, workbook

HEAD = ["姓名", "性别", "身份证号", "出生日期", "党内职务", "入党时间", "转正时间", "所在党小组"]
GAO = ["高红卫", "男", "412723198411204639", "1984.11.20", "支部书记", "2014-10-07", "2015-10-07", "第一党小组"]
XIE = ["谢雪莲", "女", "412723199302271626", "1993-02-27", None, "20230127", "2024年1月27日", "第二党小组"]


@pytest.fixture
def book(store: Store) -> RosterBook:
    return RosterBook(store)


def roster(tmp_path: Path, *rows: Sequence[Any], head: Sequence[str] = HEAD) -> Path:
    """Write a roster with a title row above its header; the first person stands in row 3."""
    return workbook(tmp_path / "roster.xlsx", [["某党支部党员名册"], head, *rows], "名册")


def reasons(book: RosterBook, path: Path) -> list[tuple[int, str, str, str]]:
    """Import and return what was refused: row, field, value, reason."""
    return [(refusal.row, refusal.field, refusal.value, refusal.reason) for refusal in book.import_file(path).rejected]


@pytest.mark.parametrize(("branch", "count"), [("shenqiu", 30), ("xiangcheng", 19), ("luyi", 6)])
def test_the_sample_rosters_import_whole_and_again_change_nothing(
    store: Store, members: MemberService, book: RosterBook, branch: str, count: int
) -> None:
    path = resource(f"samples/{branch}/roster.xlsx")
    before = content(store)
    dry = book.import_file(path, dry_run=True)
    assert (dry.read, dry.accepted, dry.rejected, dry.changes) == (count, count, [], [])
    assert content(store) == before
    done = book.import_file(path)
    assert (done.read, done.accepted, done.updated, done.unchanged, done.rejected) == (count, count, 0, 0, [])
    assert len(members.roster()) == count
    after = content(store)
    again = book.import_file(path)
    assert (again.accepted, again.updated, again.unchanged, again.changes) == (0, 0, count, [])
    assert content(store) == after


def test_names_posts_groups_and_states_of_a_sample(members: MemberService, book: RosterBook) -> None:
    book.import_file(resource("samples/shenqiu/roster.xlsx"))
    rows = members.roster()
    assert [row.name for row in rows[:3]] == ["高红卫", "杨秀英", "谢雪莲"]
    assert rows[0].posts == (Post.SECRETARY,)
    assert {row.group for row in rows} == {"第一党小组", "第二党小组", "第三党小组"}
    assert rows[0].dues_base_fen == 1_045_000
    li = rows[-1]
    assert (li.name, li.category, li.status) == (
        "李晓燕",
        MemberCategory.PROBATIONARY_MEMBER,
        MemberStatus.PROBATIONARY,
    )


def test_an_export_imports_again_unchanged(
    store: Store, members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    book.import_file(resource("samples/shenqiu/roster.xlsx"))
    members.register({"name": "阿卜杜拉·买买提", "admitted_on": "1998.07", "full_on": "1999年", "note": "=1+1"})
    before = content(store)
    assert book.export(tmp_path / "out.xlsx") == 31
    result = book.import_file(tmp_path / "out.xlsx")
    assert (result.unchanged, result.updated, result.accepted, result.rejected, result.changes) == (31, 0, 0, [], [])
    assert content(store) == before
    assert sheet_rows(tmp_path / "out.xlsx")[0][0] == "云河县站党支部党员名册（2026年11月22日）"


def test_a_messy_roster_is_understood(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    path = tmp_path / "messy.xlsx"
    excel = openpyxl.Workbook()
    page = excel.active
    page.append(["某党支部党员基本情况登记表"])
    page.merge_cells("A1:K1")
    page.append(["填报单位：某站", None, None, "填报日期：2026年11月"])
    page.append(
        [
            "序号",
            "姓  名",
            "性别",
            "民族",
            "身份证号码（必填）",
            "出生年月",
            "文化程度",
            "入党日期",
            "转正日期",
            "手机号码",
            "血型",
        ]
    )
    page.append(
        [1.0, "张　伟 ", "男性", "汉", " 41272319730805763x ", "1973.08", "大专", 19990114, 36539.0, 13396177566.0, "A"]
    )
    page.append(
        [
            2,
            "阿卜杜拉•买买提",
            "男",
            "维吾尔族",
            "'４１２７２３１９７５１００９８４７８",
            None,
            "本科",
            "２００４年１２月１４日",
            "2005-12-14 00:00:00",
            None,
            None,
        ]
    )
    page.append([None] * 11)
    page.append([3, "𠮷野", "女", "满", None, "19890421", "高中", "2016/7/21", "2017.7.21", "0394-5221234", None])
    page.append(["合计", "3人"])
    page.append(["制表人：李某"])
    excel.save(path)
    result = book.import_file(path)
    assert (result.accepted, result.rejected) == (3, [])
    zhang, abdullah, rare = members.roster()
    assert (zhang.name, zhang.born_on, zhang.admitted_on, zhang.full_on, zhang.phone) == (
        "张伟",
        date(1973, 8, 5),
        date(1999, 1, 14),
        date(2000, 1, 14),
        "13396177566",
    )
    assert (abdullah.name, abdullah.born_on, abdullah.ethnic_text) == ("阿卜杜拉·买买提", date(1975, 10, 9), "维吾尔族")
    assert (rare.name, rare.born_on, rare.phone) == ("𠮷野", date(1989, 4, 21), "0394-5221234")
    told = [(warning.row, warning.field, warning.reason) for warning in result.warnings]
    assert (0, "血型", "未导入：不认识的列") in told
    assert (9, "行", "“制表人：李某”是表尾的落款，不是记录，未导入") in told


BAD_ROWS: list[tuple[dict[int, Any], str, str]] = [
    ({0: None}, "姓名", "没有姓名"),
    ({0: "高 红卫国庆"}, "姓名", "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写"),
    ({0: "高\ue123"}, "姓名", "含有自造字（U+E123），换一台电脑就无法显示，请改用标准字库中的字"),
    ({2: "412723198411204638"}, "身份证号", "校验码不符（GB 11643），请按证件核对"),
    (
        {2: 412723198411204639},
        "身份证号",
        "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）",
    ),
    ({2: "4.12723E+17"}, "身份证号", "已被Excel写成科学计数法，后几位已丢失，请按证件重新录入（单元格设为文本）"),
    ({3: "11/10/1984"}, "出生日期", "日、月顺序不确定，请写成年-月-日"),
    ({3: "2026-12-01", 2: None, 5: None, 6: None}, "出生日期", "出生日期在今天之后"),
    ({5: "07/10/2014"}, "入党时间", "日、月顺序不确定，请写成年-月-日"),
    ({5: "2014-02-30"}, "入党时间", "没有这一天"),
    ({5: "1980-01-01"}, "入党时间", "入党时间早于出生日期"),
    ({6: "2014-10-06"}, "转正时间", "转正时间早于入党时间"),
    ({6: "2027-10-06"}, "转正时间", "转正时间在今天之后"),
    ({5: "#REF!"}, "入党时间", "单元格是Excel错误值#REF!"),
]


@pytest.mark.parametrize(("change", "field", "reason"), BAD_ROWS)
def test_a_refused_row_says_where_and_why_and_stores_nothing_of_itself(
    store: Store, book: RosterBook, tmp_path: Path, change: dict[int, Any], field: str, reason: str
) -> None:
    bad = [change.get(spot, value) for spot, value in enumerate(GAO)]
    before = content(store)
    result = book.import_file(roster(tmp_path, bad))
    (refused,) = result.rejected
    assert (refused.sheet, refused.row, refused.field, refused.reason) == ("名册", 3, field, reason)
    assert (result.read, result.accepted) == (1, 0)
    assert content(store) == before


def test_good_rows_go_in_beside_bad_ones_which_come_back_in_a_workbook(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    bad = [*GAO[:2], "412723198411204638", *GAO[3:]]
    rejects = tmp_path / "rejects.xlsx"
    result = book.import_file(roster(tmp_path, bad, XIE))
    write_rejects(rejects, result.rejected)
    assert (result.read, result.accepted, len(result.rejected)) == (2, 1, 1)
    assert [row.name for row in members.roster()] == ["谢雪莲"]
    head, row = sheet_rows(rejects)
    assert head[-5:] == ("退回：工作表", "退回：行", "退回：列", "退回：原值", "退回：原因")
    assert row[-5:] == ("名册", 3, "身份证号", "412723198411204638", "校验码不符（GB 11643），请按证件核对")
    excel = openpyxl.load_workbook(rejects)
    excel.active["C2"] = "412723198411204639"
    excel.save(rejects)
    corrected = book.import_file(rejects)
    assert (corrected.accepted, corrected.rejected, corrected.warnings) == (1, [], [])


def test_duplicates_and_other_peoples_numbers_are_refused(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    path = roster(tmp_path, GAO, GAO, ["高卫国", *GAO[1:]], XIE, ["谢雪莲", "女", None, None, None, None, None, None])
    assert reasons(book, path) == [
        (4, "姓名", "高红卫", "与第3行重复"),
        (5, "身份证号", GAO[2], "身份证号是第3行“高红卫”的；确是改名的请在党员页面修改"),
    ]
    assert [row.name for row in members.roster()] == ["高红卫", "谢雪莲"]
    assert reasons(book, roster(tmp_path, ["高卫国", *GAO[1:]])) == [
        (3, "身份证号", GAO[2], "身份证号是名册上“高红卫”的；确是改名的请在党员页面修改")
    ]


def test_differences_are_shown_and_then_kept(
    store: Store, members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    book.import_file(roster(tmp_path, GAO, XIE))
    changed = [*XIE[:4], "宣传委员", *XIE[5:7], "第一党小组"]
    path = roster(tmp_path, GAO, changed)
    before = content(store)
    dry = book.import_file(path, dry_run=True)
    assert [(change.record, change.field, change.before, change.after) for change in dry.changes] == [
        ("谢雪莲", "所在党小组", "第二党小组", "第一党小组"),
        ("谢雪莲", "党内职务", "", "宣传委员"),
    ]
    assert dry.changes[0].row == 4
    assert content(store) == before
    done = book.import_file(path)
    assert (done.updated, done.unchanged) == (1, 1)
    assert book.import_file(path).changes == []
    assert members.roster()[1].posts == (Post.PUBLICITY_COMMISSIONER,)


def test_an_empty_cell_changes_nothing(book: RosterBook, tmp_path: Path) -> None:
    book.import_file(roster(tmp_path, GAO))
    result = book.import_file(roster(tmp_path, ["高红卫", None, GAO[2], *[None] * 5]))
    assert (result.unchanged, result.changes) == (1, [])
    assert [warning.reason for warning in result.warnings] == ["名册上没有写职务，系统中仍任支部书记，未改动"]


def test_without_a_number_name_and_birth_tell_who_it_is(
    members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    head = ["姓名", "出生日期", "学历", "党员类别"]
    rows: list[list[Any]] = [["张伟", "1980-01-01", "本科", "正式"], ["张伟", "1990-01-01", None, "正式"]]
    assert book.import_file(roster(tmp_path, *rows, head=head)).accepted == 2
    head = head[:3]
    again = book.import_file(roster(tmp_path, ["张伟", "1990-01-01", "高中"], head=head))
    assert (again.updated, [change.after for change in again.changes]) == (1, ["普通高中毕业"])
    (question,) = book.import_file(roster(tmp_path, ["张伟", None, "初中"], head=head)).questions
    assert [option.label for option in question.options] == ["第1个", "第2个", "都不是，是另一个人"]
    assert question.facts == (("", "表里第3行", "名册里", "名册里"), ("出生", "空", "1980-01-01", "1990-01-01"))


def test_a_number_typed_later_finds_the_member_by_name_and_birth(book: RosterBook, tmp_path: Path) -> None:
    book.import_file(roster(tmp_path, ["高红卫", "1984-11-20", "2014-10-07"], head=["姓名", "出生日期", "入党时间"]))
    result = book.import_file(roster(tmp_path, GAO))
    assert (result.accepted, result.updated) == (0, 1)
    assert ("身份证号", "", "4127************39") in [
        (change.field, change.before, change.after) for change in result.changes
    ]


def test_namesakes_with_numbers_are_two_people(book: RosterBook, tmp_path: Path) -> None:
    seventeen = "41272319900101001"
    namesake = ["高红卫", "男", seventeen + check_mark(seventeen), None, None, "2014-10-07", None, None]
    result = book.import_file(roster(tmp_path, GAO, namesake))
    assert result.accepted == 2
    assert "名册上另有同名的“高红卫”，按两人登记" in [warning.reason for warning in result.warnings]


def test_contradictions_are_warnings_with_their_rule(book: RosterBook, tmp_path: Path) -> None:
    odd = ["高红卫", "女", GAO[2], "1984-11-21", "支部书记", "2002-01-01", "2006-06-01", "第一党小组"]
    second = [*XIE[:4], "书记", *XIE[5:]]
    result = book.import_file(roster(tmp_path, odd, second))
    assert [warning.reason for warning in result.warnings] == [
        "出生日期与身份证号不一致（证号为1984-11-20）",
        "性别与身份证号不一致（证号为男）",
        "入党时不满18周岁",
        "转正时间距入党时间超过24个月",
        "支部书记有2人：高红卫、谢雪莲",
    ]
    assert result.accepted == 2


def test_what_cannot_be_known_is_proposed(book: RosterBook, tmp_path: Path) -> None:
    old = ["高红卫", "男", GAO[2], None, None, "2014-10-07", None, "第一党小组"]
    result = book.import_file(roster(tmp_path, old), dry_run=True)
    assert [(proposal.field, proposal.value, proposal.reason) for proposal in result.proposals] == [
        ("党员类别", "正式党员", "没有转正时间，但入党已超过24个月"),
        ("党小组", "第一党小组", "名册上第一次出现，新设党小组"),
    ]


def test_a_confirmation_in_the_list_is_a_step_of_the_life(
    members: MemberService, book: RosterBook, tmp_path: Path, life: LifeService
) -> None:
    probationary = ["谢雪莲", "女", XIE[2], None, None, "2025-11-01", None, None]
    book.import_file(roster(tmp_path, probationary))
    assert members.roster()[0].status is MemberStatus.PROBATIONARY
    result = book.import_file(roster(tmp_path, [*probationary[:6], "2026-11-02", None]))
    assert (result.updated, result.warnings) == (1, [])
    row = members.roster()[0]
    assert (row.status, row.category) == (MemberStatus.FULL_MEMBER, MemberCategory.FULL_MEMBER)
    assert [(step.to_status, step.on) for step in life.history(row.id)] == [
        (MemberStatus.FULL_MEMBER, date(2026, 11, 2))
    ]


def test_a_post_handed_on_ends_for_the_one_before(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    book.import_file(roster(tmp_path, GAO, XIE))
    result = book.import_file(roster(tmp_path, [*GAO[:4], None, *GAO[5:]], [*XIE[:4], "支部书记", *XIE[5:]]))
    assert [(change.record, change.field, change.after) for change in result.changes] == [
        ("高红卫", "党内职务", "已卸任"),
        ("谢雪莲", "党内职务", "支部书记（接替高红卫）"),
    ]
    assert [row.posts for row in members.roster()] == [(), (Post.SECRETARY,)]
    assert [row.posts for row in members.roster(date(2026, 11, 21))] == [(Post.SECRETARY,), ()]


def test_someone_who_left_does_not_come_back_by_a_list(
    members: MemberService, book: RosterBook, tmp_path: Path, life: LifeService
) -> None:
    book.import_file(roster(tmp_path, GAO, XIE))
    gao = members.roster()[0].id
    life.transition(gao, MemberStatus.TRANSFER_PENDING, date(2026, 5, 1))
    life.transition(gao, MemberStatus.TRANSFERRED_OUT, date(2026, 5, 20))
    assert reasons(book, roster(tmp_path, GAO)) == [
        (3, "姓名", "高红卫", "名册中该党员“已转出”，重新列入请在党员页面办理")
    ]


def test_a_column_called_post_may_hold_a_party_post(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    head = ["姓名", "职务", "入党时间"]
    rows = [["高红卫", "支部书记", "2014-10-07"], ["谢雪莲", "客户经理", "2023-01-27"]]
    result = book.import_file(roster(tmp_path, *rows, head=head))
    assert ("党内职务", "支部书记", "职务一栏写的是党内职务") in [
        (proposal.field, proposal.value, proposal.reason) for proposal in result.proposals
    ]
    first, second = members.roster()
    assert (first.posts, second.posts, second.job_title) == ((Post.SECRETARY,), (), "客户经理")


def test_spellings_of_a_group_are_one_group(members: MemberService, book: RosterBook, tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*GAO[:7], "第一党小组"], [*XIE[:7], "第1党小组"]]
    book.import_file(roster(tmp_path, *rows))
    assert {row.group for row in members.roster()} == {"第一党小组"}


def test_a_cancelled_import_keeps_nothing(store: Store, book: RosterBook, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    before = content(store)
    with pytest.raises(Cancelled):
        book.import_file(roster(tmp_path, GAO, XIE), progress=stop)
    assert content(store) == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7", "这是PDF，不是表格，请找到原来的表格，或在WPS中转为.xlsx"),
        (b"PK\x03\x04broken", "工作簿已损坏或没有复制完整"),
    ],
)
def test_an_unreadable_file_stores_nothing(
    store: Store, book: RosterBook, tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    before = content(store)
    with pytest.raises(InvalidInput) as refused:
        book.import_file(path)
    assert (refused.value.label, refused.value.reason) == ("文件", reason)
    assert content(store) == before


def test_what_is_read_otherwise_than_written_is_taken_and_told(store: Store, book: RosterBook, tmp_path: Path) -> None:
    early = datetime.fromisoformat("2014-10-05T23:59:17")
    row = [{2: "412723841120463", 3: "84.11.20", 5: early}.get(spot, value) for spot, value in enumerate(GAO)]
    result = book.import_file(roster(tmp_path, row))
    assert (result.accepted, result.rejected) == (1, [])
    told = {(one.field, one.reason) for one in result.warnings}
    assert told >= {
        ("出生日期", "两位年份，按1984年读"),
        ("入党时间", "写的是2014-10-05 23:59:17，按2014-10-06读：导出的程序少算了几十秒到几分钟"),
        ("身份证号", "是15位旧号码，按国家标准补成18位登记，请按现行证件核对"),
    }
    (member,) = MemberService(store).roster()
    assert (member.admitted_on, member.born_on) == (date(2014, 10, 6), date(1984, 11, 20))


def test_the_template_imports_what_is_filled_in(book: RosterBook, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    book.template(path)
    excel = openpyxl.load_workbook(path)
    page = excel.worksheets[0]
    titles = {cell.value: cell.column for cell in page[1]}
    for title, value in zip(HEAD, GAO, strict=True):
        page.cell(3, titles[title]).value = value
    excel.save(path)
    result = book.import_file(path)
    assert (result.accepted, result.rejected, result.warnings) == (1, [], [])


def test_a_dissolved_group_takes_nobody_in(
    store: Store, members: MemberService, book: RosterBook, tmp_path: Path
) -> None:
    branches = BranchService(store)
    branches.dissolve_group(branches.save_group("第一党小组"), store.today)
    result = book.import_file(roster(tmp_path, GAO))
    assert (result.accepted, [warning.reason for warning in result.warnings]) == (1, ["“第一党小组”已撤销，没有编入"])
    assert members.roster()[0].group == ""
    assert [group.state for group in branches.groups()] == [GroupState.DISSOLVED]
