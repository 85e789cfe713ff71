"""Headings that mislead: two things in one cell, words that mean another day, kinds told apart only by the cells."""

import pytest

from desktop.services.intake.looks import Confidence, QuestionKind
from desktop.services.intake.values import unit_and_job
from desktop.services.meetings.sheet import MEETINGS
from tests.services.intake.grids import sheet, understood, values

PERSON = ["姓名", "入党时间", "转正时间"]
ZHAO = ["赵一鸣", "2005-07-01", "2006-07-01"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("专卖科科员", ("专卖科", "科员")),
        ("云河县烟草专卖局(营销部)客户经理", ("云河县烟草专卖局(营销部)", "客户经理")),
        ("办公室 副主任", ("办公室", "副主任")),
        ("专卖科四级主任科员", ("专卖科", "四级主任科员")),
        ("送货员", ("", "送货员")),
        ("烟叶站长", ("烟叶站长", "")),
        ("物流中心", ("物流中心", "")),
    ],
)
def test_a_unit_and_a_job_in_one_cell_are_divided_behind_the_unit(cell: str, told: tuple[str, str]) -> None:
    assert unit_and_job(cell) == told


@pytest.mark.parametrize("heading", ["工作单位及职务", "现工作单位及职务", "单位职务"])
def test_a_column_of_units_and_jobs_gives_both_and_names_what_it_cannot_divide(heading: str) -> None:
    rows = [[*ZHAO, "专卖科科员"], ["钱二宁", "2006-07-01", "2007-07-01", "物流中心"]]
    found = understood(sheet("名册", [[*PERSON, heading], *rows]))
    assert [(row.get("unit"), row.get("job_title")) for row in found.rows] == [("专卖科", "科员"), ("物流中心", None)]
    (look,) = found.sheets
    assert look.columns[-1].confidence is Confidence.LIKELY
    assert [(told.row, told.reason) for told in found.warnings] == [
        (3, "“物流中心”里没有认出职务，整格记入所在部门，请核对")
    ]


def test_the_day_of_an_approval_is_asked_about_and_not_taken_for_the_day_of_admission() -> None:
    found = understood(sheet("名册", [["姓名", "批准为预备党员时间"], ["赵一鸣", "2005-07-01"]]))
    assert "admitted_on" not in {column.field for look in found.sheets for column in look.columns}


def test_two_names_in_a_cell_and_dues_below_one_heading_stay_what_they_are() -> None:
    heading = [*PERSON, "入党介绍人", "培养联系人", "党费", None]
    below = [None] * 5 + ["一月", "基数"]
    found = understood(sheet("名册", [heading, below, [*ZHAO, "张三、李四", "王五 赵六", 30, 3000]]))
    (row,) = values(found)
    assert (row["name"], row["dues_base_fen"], len(row)) == ("赵一鸣", 300000, 4)


@pytest.mark.parametrize(
    ("cell", "fields"), [("2026-03-25", {"held_on"}), ("14:30", {"span"}), ("2026-03-25 14:30", {"held_on", "span"})]
)
def test_the_cells_tell_whether_a_meeting_time_is_a_day_a_clock_or_both(cell: str, fields: set[str]) -> None:
    found = understood(sheet("台账", [["会议类型", "会议时间", "会议地点"], ["支委会", cell, "活动室"]]), of=MEETINGS)
    held = {name for row in found.rows for name in ("held_on", "span") if row.get(name)}
    assert held == (fields if "held_on" in fields else set())
    missing = QuestionKind.MISSING in {question.kind for question in found.questions}
    assert missing is ("held_on" not in fields)


@pytest.mark.parametrize("heading", ["人员类型", "人员类别"])
@pytest.mark.parametrize(
    ("cells", "field", "kept"),
    [
        (("正式党员", "预备党员"), "category", ["full_member", "probationary_member"]),
        (("在职", "离退休"), "dues_class", ["working", "retired"]),
        (("合同工", "正式工"), None, []),
    ],
)
def test_the_cells_tell_what_a_column_of_kinds_of_people_is(
    heading: str, cells: tuple[str, str], field: str | None, kept: list[str]
) -> None:
    people = [["赵一鸣", "2005-07-01", "2006-07-01", cells[0]], ["钱二宁", "2006-07-01", "2007-07-01", cells[1]]]
    found = understood(sheet("名册", [[*PERSON, heading], *people]))
    (look,) = found.sheets
    assert look.columns[-1].field == field
    assert [row[field] for row in values(found)] == kept if field else look.columns[-1].why == "内容不是党员类别的写法"
    assert (len(found.rows), len(found.rejected)) == (2, 0)


def test_beside_a_column_of_party_membership_one_of_kinds_of_people_is_the_other() -> None:
    heading = [*PERSON, "人员类型", "政治面貌"]
    found = understood(sheet("名册", [heading, [*ZHAO, "在职", "中共党员"], [*ZHAO, "离退休", "中共党员"]]))
    assert [(row["category"], row["dues_class"]) for row in values(found)] == [
        ("full_member", "working"),
        ("full_member", "retired"),
    ]


def test_the_day_a_probationary_member_becomes_full_is_that_day_and_asked_about_beside_another() -> None:
    alone = understood(sheet("名册", [["姓名", "入党时间", "预备党员转正时间"], ZHAO]))
    assert [str(row["full_on"]) for row in values(alone)] == ["2006-07-01"]
    heading = ["姓名", "入党时间", "预备党员转正时间", "转正时间"]
    both = understood(
        sheet(
            "名册",
            [heading, ["赵一鸣", "2025-12-01", "2026-12-01", None], ["钱二宁", "2006-07-01", None, "2007-07-01"]],
        )
    )
    (question,) = both.questions
    assert "要你说取哪一列" in question.words
    assert [row.get("full_on") is None for row in both.rows] == [True, False]
