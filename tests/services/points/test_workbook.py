"""Claims of points go out and come back unchanged; a sheet of a quarter brings claims and what was said to them."""

from datetime import date
from pathlib import Path

from desktop.models.vocabulary.points import ClaimState
from desktop.services.points.workbook import SHEET, ClaimBook
from tests.services.points.conftest import Points
from tests.sheets import workbook

HEADS = ["姓名", "事项日期", "依据条款", "事项", "做法和效果", "申报日期", "核实人", "核实日期", "审核日期", "退回原因"]


def test_what_goes_out_comes_back_unchanged(points: Points, tmp_path: Path) -> None:
    points.approved(points.committee())
    points.claims.reject([points.claim(title="另一件")], "没有效果")
    book = ClaimBook(points.store)
    assert book.export(tmp_path / "申报.xlsx") == 2
    again = book.import_file(tmp_path / "申报.xlsx")
    assert (again.unchanged, again.accepted, again.updated, again.rejected, again.warnings) == (2, 0, 0, [], [])


def test_a_sheet_of_a_quarter_brings_claims_with_what_was_said_to_them(points: Points, tmp_path: Path) -> None:
    points.committee(date(2026, 10, 9))
    known = points.claim(title="已经申报的")
    rows = [
        [
            "周五",
            "2026-09-08",
            "C4-01",
            "防汛值守",
            "库房没有进水",
            "2026-09-20",
            "李四",
            "2026-09-28",
            "2026-10-09",
            "",
        ],
        [
            "周五",
            "2026-09-10",
            "C4-01",
            "抢修线路",
            "当天恢复",
            "2026-09-20",
            "李四",
            "2026-09-28",
            "",
            "算进了日常工作",
        ],
        ["周五", "2026-09-11", "C4-01", "送货上门", "客户满意", "2026-09-20", "周五", "2026-09-28", "", ""],
        ["周五", "2026-09-12", "C4-01", "没有那次会", "效果好", "2026-09-20", "李四", "2026-09-28", "2026-10-10", ""],
        ["周五", "2026-09-08", "C4-01", "已经申报的", "", "", "李四", "", "", ""],
        ["周五", "2026-09-13", "没有的条款", "别的", "效果好", "", "", "", "", ""],
        ["周五", "2026-09-14", "C4-01", "日子反了", "效果好", "2026-09-13", "", "", "", ""],
    ]
    result = ClaimBook(points.store).import_file(workbook(tmp_path / "三季度.xlsx", [HEADS, *rows]))
    assert (result.accepted, result.updated) == (4, 1)
    states = {row.title: row.state for row in points.claims.claims(2026)}
    assert states == {
        "防汛值守": ClaimState.APPROVED,
        "抢修线路": ClaimState.REJECTED,
        "送货上门": ClaimState.SUBMITTED,
        "没有那次会": ClaimState.VERIFIED,
        "已经申报的": ClaimState.VERIFIED,
    }
    told = [warned.reason for warned in result.warnings]
    assert len(told) == 2
    assert "本人的申报不能自己核实" in told[0]
    assert "2026-10-10没有支委会的记录" in told[1]
    assert [refused.field for refused in result.rejected] == ["依据条款", "申报日期"]
    assert points.row(known).verified_by == "李四"
    assert points.of("周五").contribution > 0


def test_what_is_kept_is_not_changed_by_a_sheet(points: Points, tmp_path: Path) -> None:
    points.claim()
    row = ["周五", "2026-09-08", "C4-01", "防汛值守", "别的效果", "", "", "", "", ""]
    result = ClaimBook(points.store).import_file(workbook(tmp_path / "a.xlsx", [HEADS, row]))
    assert [refused.field for refused in result.rejected] == [SHEET.column("outcome").label]
    assert points.claims.claims(2026)[0].outcome == "库房没有进水"
