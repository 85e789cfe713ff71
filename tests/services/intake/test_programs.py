"""Lists of other programs: known by their headings, every column with its meaning, what is not kept named."""

import pytest

from desktop.services.intake.looks import Confidence, Part
from desktop.services.intake.programs import Program, programs
from desktop.services.intake.vocabulary import folded
from tests.services.intake.grids import IDS, NAMES, column, sheet, understood, values

CELLS: dict[str, object] = {
    "序号": 1,
    "姓名": NAMES[0],
    "性别": "男",
    "公民身份号码": IDS[0],
    "公民身份证号": IDS[0],
    "民族": "汉族",
    "出生日期": "1980-01-10",
    "学历": "大学",
    "人员类别": "正式党员",
    "学位": "学士",
    "所在党支部": "云河县站党支部",
    "手机号码": "13800000001",
    "固定电话": "03948221234",
    "联系电话": "13800000002",
    "注册手机号": "13800000003",
    "入党日期": "2005-07-01",
    "转正日期": "2006-07-01",
    "加入党组织日期": "2005-07-01",
    "转为正式党员日期": "2006-07-01",
    "参加工作日期": "2003-07-01",
    "党员注册时间": "2019-05-01",
    "进入本系统日期": "2019-05-01",
    "失去联系日期": None,
    "离开本系统日期": None,
    "离开本系统类型": None,
    "党员减少信息": None,
    "党籍状态": "正常",
    "工作岗位": "公有经济控制企业管理岗位",
    "党龄": 20,
}
ORDERS = [(program, extra) for program in programs("members") for extra in (False, True)]
READ = {"name": NAMES[0], "gender": "1", "id_no": IDS[0], "ethnic": "01", "born_on": "1980-01-10", "education": "21"}
MORE = {"category": "full_member", "degree": "学士", "admitted_on": "2005-07-01", "full_on": "2006-07-01"}
PHONES = {"13800000001", "13800000002"}


def headings(program: Program, extra: bool) -> list[str]:
    return [*program.headings, *(program.more if extra else ())]


@pytest.mark.parametrize(("program", "extra"), ORDERS, ids=lambda each: getattr(each, "id", each))
def test_a_list_of_another_program_is_named_and_read_whole(program: Program, extra: bool) -> None:
    titles = headings(program, extra)
    found = understood(sheet("Sheet1", [titles, [CELLS.get(title, "甲") for title in titles]]))
    look = found.sheets[0]
    assert (look.taken, look.program, found.held) == (True, program.seems, ())
    (read,) = values(found)
    assert {**READ, **MORE}.items() <= read.items()
    assert read["phone"] in PHONES
    kept = {one.heading for one in look.columns if one.field is not None}
    named = {left.what for left in found.left_out if left.kind is Part.COLUMN}
    quiet = {"序号", "党龄", "年龄"} & set(titles)
    empty = {title for title in titles if CELLS.get(title, "甲") is None}
    assert kept | named | quiet | empty == set(titles)
    assert not [one.heading for one in look.columns if one.confidence is Confidence.OPEN]


@pytest.mark.parametrize("program", programs("members"), ids=lambda each: each.id)
def test_every_heading_of_a_program_is_known_by_its_spelling(program: Program) -> None:
    titles = headings(program, True)
    assert len({folded(title) for title in titles}) == len(titles)
    found = understood(sheet("Sheet1", [titles, [CELLS.get(title, "甲") for title in titles]]))
    guessed = [one.heading for one in found.sheets[0].columns if one.why in ("不认识的列", "没有表头的列")]
    assert guessed == []


def test_some_columns_of_a_program_are_enough_and_other_lists_are_not_taken_for_its() -> None:
    some = ["姓名", "性别", "公民身份号码", "民族", "出生日期", "人员类别", "手机号码", "入党日期"]
    plain = ["姓名", "性别", "身份证号", "民族", "出生日期", "学历", "联系电话", "入党时间", "转正时间"]
    seen = [
        understood(sheet("Sheet1", [titles, [CELLS.get(title, "甲") for title in titles]])) for titles in (some, plain)
    ]
    assert [found.sheets[0].program for found in seen] == ["像全国党员管理信息系统的导出", ""]


def test_classes_of_the_statistics_are_no_names_of_jobs() -> None:
    head = ["姓名", "入党时间", "工作岗位"]
    coded = [[NAMES[0], "2005-07-01", "公有经济控制企业管理岗位"], [NAMES[1], "2006-07-01", "公有经济控制单位工勤岗位"]]
    found = understood(sheet("名册", [head, *coded]))
    assert column(found, "工作岗位").field is None
    assert [left.why for left in found.left_out] == ["内容是全国统计用的岗位分类，不是工作岗位"]
    named = understood(sheet("名册", [head, *coded, [NAMES[2], "2007-07-01", "客户经理"]]))
    assert column(named, "工作岗位").field == "job_title"


def test_who_left_according_to_the_national_list_is_not_taken_for_present() -> None:
    head = ["姓名", "公民身份号码", "人员类别", "入党日期", "党员减少信息"]
    found = understood(sheet("名册", [head, [NAMES[0], IDS[0], "正式党员", "2005-07-01", "转出"]]))
    assert column(found, "党员减少信息").field == "standing"
