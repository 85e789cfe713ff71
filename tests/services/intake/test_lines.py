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
    assert [told.row for told in found.warnings] == [2, 3, 6, 7]
