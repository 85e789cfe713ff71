"""What each row below a heading is there for."""

from tests.services.intake.grids import sheet, understood


def test_hints_examples_and_what_is_not_yet_are_no_faults() -> None:
    found = understood(
        sheet(
            "党员名册",
            [
                ["姓名", "性别", "入党时间", "转正时间"],
                ["必填", "男/女", "格式：2001-01-01", "预备党员不填"],
                ["张三（示例）", "女", "2001-01-01", "2002-01-01"],
                ["赵一鸣", "男", "2026-06-01", "预备期"],
                ["钱二宁", "男", "2005-07-01", "2006-07-01"],
                ["合计", "2人", None, None],
                ["其中：女", "0", None, None],
            ],
        )
    )
    assert found.rejected == ()
    assert [(row.get("name"), row.get("full_on") is None) for row in found.rows] == [
        ("赵一鸣", True),
        ("钱二宁", False),
    ]
    assert [(told.row, told.reason.partition("，")[0]) for told in found.warnings] == [
        (2, "像是说明或示例"),
        (3, "像是说明或示例"),
        (6, "“合计”是合计"),
        (7, "“其中：女”是合计"),
    ]


def test_a_sheet_that_is_left_out_counts_the_rows_below_its_heading() -> None:
    heading = ["姓名", "性别", "身份证号", "入党时间", "转出时间", "转往单位"]
    people = [["吴刚", "男", "411602198001100118", "2005-07-01", "2025-03-01", "机关支部"], ["合计", "1人"]]
    found = understood(
        sheet("党员名册", [heading[:4], people[0][:4]]),
        sheet("转出党员", [["转出党员名单"], heading, *people]),
        sheet("填表说明", [["1.本表由支部书记填写"], ["2.身份证号须为文本格式"]]),
    )
    assert [(look.taken, look.records) for look in found.sheets] == [(True, 1), (False, 1), (False, 2)]
