"""Ledgers and assessments as they are kept in Excel: in, again, changed, refused, out, taken back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.models.vocabulary.dues import DuesKind
from desktop.services.dues.book import AssessmentBook, LedgerBook
from desktop.services.dues.paper import PaperService
from desktop.services.dues.reckoning import CellState
from desktop.services.intake.record import ImportRecord
from tests.services.dues.conftest import Dues
from tests.sheets import content, workbook

MONTHS = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"]
HEAD = ["序号", "姓名", "月工资收入", "执行标准", "月应缴党费", *MONTHS, "全年应缴党费", "全年实缴党费", "备注"]
QIN = [1, "秦海波", 8420, "1.5%", 126.3, *[126.3] * 5, *["△"] * 2, None, None, None, None, None, 1515.6, 631.5, None]
HE = [2, "何晓梅", 3000, "0.5%", 15, *["√"] * 10, None, None, 180, 150, None]
ZHANG = [3, "张文博", 4980, "1%", 49.8, *["—"] * 4, *[49.8] * 6, None, None, 398.4, 298.8, "5月转入"]


def ledger(tmp_path: Path, *rows: Sequence[Any], title: str = "党费收缴登记表（2026年度）") -> Path:
    foot = ["合计", None, None, None, None, 141.3]
    return workbook(tmp_path / "台账.xlsx", [[title], HEAD, *rows, foot], "党费")


def strip(dues: Dues, name: str) -> list[int]:
    return [cell.paid_fen for cell in dues.row(name).cells]


def test_a_ledger_with_months_as_columns_comes_in_and_again_changes_nothing(dues: Dues, tmp_path: Path) -> None:
    book, path = LedgerBook(dues.store), ledger(tmp_path, QIN, HE, ZHANG)
    before = content(dues.store)
    dry = book.import_file(path, dry_run=True)
    assert (dry.read, dry.accepted, dry.rejected, content(dues.store) == before) == (3, 3, [], True)
    done = book.import_file(path)
    assert (done.accepted, done.updated, done.unchanged, done.rejected) == (3, 0, 0, [])
    assert strip(dues, "秦海波") == [126_30] * 5 + [0] * 7
    assert strip(dues, "何晓梅") == [15_00] * 10 + [0] * 2
    assert strip(dues, "张文博") == [0] * 4 + [49_80] * 6 + [0] * 2
    assert dues.row("秦海波").provisional is False
    assert dues.row("秦海波").alarm is not None
    again = book.import_file(path)
    assert (again.accepted, again.updated, again.unchanged, again.changes) == (0, 0, 3, [])


def test_what_the_next_month_brings_is_added_and_another_amount_changes(dues: Dues, tmp_path: Path) -> None:
    book = LedgerBook(dues.store)
    book.import_file(ledger(tmp_path, QIN))
    later = [*QIN]
    later[5], later[10] = 130, 126.3
    done = book.import_file(ledger(tmp_path, later))
    assert (done.updated, [(each.field, each.before, each.after) for each in done.changes]) == (
        1, [("2026年1月", "126.30", "130.00"), ("2026年6月", "", "126.30")],
    )  # fmt: skip
    assert strip(dues, "秦海波")[:6] == [130_00, *[126_30] * 5]


def test_an_import_is_taken_back_whole(dues: Dues, tmp_path: Path) -> None:
    LedgerBook(dues.store).import_file(ledger(tmp_path, QIN, HE))
    ImportRecord(dues.store).undo_last("dues")
    assert not dues.ledger().begun


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (1, "赵无名", "名册上没有“赵无名”"),
        (5, "多多", "不是金额"),
        (5, -3, "不是金额"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_come_in(
    dues: Dues, tmp_path: Path, place: int, value: object, reason: str
) -> None:
    wrong: list[Any] = [*QIN]
    wrong[place] = value
    done = LedgerBook(dues.store).import_file(ledger(tmp_path, wrong, HE))
    assert (done.accepted, [reason in each.reason for each in done.rejected]) == (1, [True])


def test_a_month_before_somebody_came_refuses_the_row(dues: Dues, tmp_path: Path) -> None:
    early = [*ZHANG]
    early[5] = 49.8
    done = LedgerBook(dues.store).import_file(ledger(tmp_path, early))
    assert [each.reason for each in done.rejected] == ["张文博2026年1月不在本支部交纳党费"]
    assert not dues.ledger().begun


def test_an_amount_that_is_not_the_rule_s_is_told(dues: Dues, tmp_path: Path) -> None:
    odd = [*HE]
    odd[4] = 30
    done = LedgerBook(dues.store).import_file(ledger(tmp_path, odd))
    assert any("按基数和规定的比例是15.00" in each.reason for each in done.warnings)
    assert dues.row("何晓梅").monthly_fen == 15_00


def test_a_ledger_without_a_year_says_which_year_it_took(dues: Dues, tmp_path: Path) -> None:
    done = LedgerBook(dues.store).import_file(ledger(tmp_path, HE, title="党费收缴登记表"))
    assert any("按2026年登记" in each.reason for each in done.warnings)


def test_a_ledger_with_a_payment_a_line_keeps_days_ways_and_receipts(dues: Dues, tmp_path: Path) -> None:
    head = ["姓名", "月份", "实缴党费", "缴纳时间", "缴纳方式", "经手人", "凭证"]
    rows = [
        ["秦海波", "1-3月", 378.9, date(2026, 3, 10), "现金", "李建国", "0213"],
        ["秦海波", "2026年4月", 126.3, date(2026, 6, 10), "转账", "李建国", None],
    ]
    path = workbook(tmp_path / "明细.xlsx", [["2026年党费收缴台账"], head, *rows], "党费")
    book = LedgerBook(dues.store)
    done = book.import_file(path)
    assert (done.rejected, done.accepted + done.updated) == ([], 2)
    first, second = dues.payments.payments(2026)
    assert (first.months, first.amount_fen, first.receipt_no, first.collected_by) == ("1—3月", 378_90, "0213", "李建国")
    assert second.kind is DuesKind.MADE_GOOD
    assert dues.row("秦海波").cells[0].state is CellState.MADE_GOOD
    assert book.import_file(path).unchanged == 2


def test_lines_of_months_taken_over_from_paper_give_their_days_and_count_nothing_twice(
    dues: Dues, tmp_path: Path
) -> None:
    dues.assessments.carry_over(2026)
    people = [dues.ids["秦海波"], dues.ids["何晓梅"]]
    PaperService(dues.store).take_over(2026, 9, people, date(2026, 11, 20), "2026年台账")
    owed = dues.row("杨燕")
    due = dues.row("秦海波").cells[0].due_fen / 100
    rows = [
        ["秦海波", "1月", due, date(2026, 2, 10), "现金"],
        ["秦海波", "2-3月", 2 * due, date(2026, 3, 10), "现金"],
        ["杨燕", "1月", owed.cells[0].due_fen / 100, date(2026, 1, 10), "现金"],
    ]
    head = ["姓名", "月份", "实缴党费", "缴纳时间", "缴纳方式"]
    path = workbook(tmp_path / "明细.xlsx", [["2026年党费收缴台账"], head, *rows], "党费")
    paid = dues.ledger().paid_fen
    done = LedgerBook(dues.store).import_file(path)
    assert [each.reason for each in done.warnings] == [f"这些月份已登记{2 * due:.2f}元，没有记哪天交的，没有改动"]
    assert dues.ledger().paid_fen - paid == owed.cells[0].due_fen
    (first,) = dues.payments.payments(2026, dues.ids["秦海波"], 1)
    assert (first.paid_on, first.kind, first.note) == (
        date(2026, 2, 10), DuesKind.MADE_GOOD, "2026-11-20核对纸质台账：2026年台账"
    )  # fmt: skip
    assert next((each.before, each.after) for each in done.changes) == (f"{due:.2f}", f"2026-02-10交{due:.2f}")
    again = LedgerBook(dues.store).import_file(path)
    assert (again.changes, again.unchanged) == ([], 3)


def test_what_goes_out_comes_in_unchanged(dues: Dues, tmp_path: Path) -> None:
    book = LedgerBook(dues.store)
    book.import_file(ledger(tmp_path, QIN, HE, ZHANG))
    out = tmp_path / "出.xlsx"
    assert book.export(out) == len(dues.ledger().rows)
    again = book.import_file(out)
    assert (again.rejected, again.accepted, again.changes) == ([], 0, [])
    book.template(tmp_path / "空表.xlsx")
    empty = book.import_file(tmp_path / "空表.xlsx", dry_run=True)
    assert (empty.rejected, empty.changes) == ([], [])


def test_an_assessment_sheet_with_the_parts_of_pay(dues: Dues, tmp_path: Path) -> None:
    pay = ["岗位工资", "绩效工资", "养老保险", "公积金", "个税"]
    head = ["序号", "姓名", *pay, "税后工资总额", "交纳比例", "每月应交", "备注"]
    rows: list[list[Any]] = [
        [1, "秦海波", 6000, 4000, 600, 900, 80, 8420, "1.5%", 126.3, None],
        [2, "何晓梅", *[None] * 5, 3000, None, 15, "x"],
    ]
    path = workbook(tmp_path / "核定.xlsx", [["2026年党费核定表"], head, *rows], "核定表")
    book = AssessmentBook(dues.store)
    done = book.import_file(path)
    assert (done.accepted, done.rejected) == (2, [])
    (row,) = [each for each in dues.assessments.rows(2026) if each.name == "秦海波"]
    assert (row.base_fen, row.monthly_fen, len(row.pay)) == (842_000, 126_30, 5)
    assert book.import_file(path).unchanged == 2
    assert book.export(tmp_path / "出.xlsx") == 2
    assert book.import_file(tmp_path / "出.xlsx").unchanged == 2


def test_parts_that_do_not_add_up_to_the_base_are_refused(dues: Dues, tmp_path: Path) -> None:
    head = ["姓名", "岗位工资", "养老保险", "税后工资总额"]
    path = workbook(tmp_path / "核定.xlsx", [["2026年党费核定表"], head, ["秦海波", 6000, 600, 5000]], "核定表")
    done = AssessmentBook(dues.store).import_file(path)
    assert [each.reason for each in done.rejected] == ["各项加减是5400.00，表里的基数是5000.00"]


def test_a_register_as_it_is_printed_with_heads_of_two_rows_and_its_foot(dues: Dues, tmp_path: Path) -> None:
    months = [f"{month}月" for month in range(1, 13)]
    head = [
        "序号",
        "姓名",
        "交纳基数（元/月）",
        "比例",
        "月应交党费",
        "各月实交",
        *[None] * 11,
        "累计实交",
        "本人签字",
        None,
    ]
    rows: list[list[Any]] = [
        ["党费收缴登记表（2026年度）"],
        ["党支部：某支部", "单位：元"],
        head,
        [None] * 5 + [*months, None, "上半年", "下半年"],
        [1, "秦海波", 8420, "1.5%", 126.3, *[126.3] * 8, "△", 126.3, None, None, 1136.7],
        ["本页当月合计", None, None, None, None, *[126.3] * 8],
        ["收齐日期（月.日）", None, None, None, None, "1.12", "2.10"],
        ["上缴上级党委（日期、收据号）", None, None, None, None, "4月15日 0213"],
        ["支部书记：", None, "收缴人：", None, "年  月  日"],
    ]
    path = workbook(tmp_path / "登记表.xlsx", rows, "Sheet1")
    book = openpyxl.load_workbook(path)
    for span in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:Q3", "R3:R4", "S3:T3", "A6:E6", "A7:E7"):
        book.worksheets[0].merge_cells(span)
    book.save(path)
    done = LedgerBook(dues.store).import_file(path)
    assert (done.read, done.accepted, done.rejected, done.left_out) == (1, 1, [], [])
    assert strip(dues, "秦海波") == [126_30] * 8 + [0, 126_30, 0, 0]


def test_a_list_of_retired_members_with_periods_and_days(dues: Dues, tmp_path: Path) -> None:
    head: list[Any] = ["序号", "姓名", "性别", "类型", "党费基数", "缴费周期", "金额", "缴费时间"]
    rows: list[list[Any]] = [[1, "卫建军", "男", "离退休", 5320, "2026年第一季度", 159.6, "2026-03-20"]]
    path = workbook(tmp_path / "离退休.xlsx", [["离退休党员党费缴纳明细表"], head, *rows], "Sheet1")
    LedgerBook(dues.store).import_file(path)
    (row,) = dues.payments.payments(2026)
    assert (row.months, row.amount_fen, row.paid_on) == ("1—3月", 159_60, date(2026, 3, 20))
    assert dues.row("卫建军").rate_ppm == 10_000
