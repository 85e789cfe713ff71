"""Every register goes to Excel and back by its declaration alone."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from desktop.models.registers import REGISTERS
from desktop.services import workbooks
from desktop.services.errors import InvalidInput
from desktop.services.history import HistoryService
from desktop.services.intake.answers import Answers
from desktop.services.members import MemberService
from desktop.services.registers import RegisterBook, RegisterService
from desktop.services.store import Store


def book_of(store: Store, kind: str) -> RegisterBook:
    """Return the workbook of the register `kind`."""
    return RegisterBook(store, REGISTERS[kind])


@pytest.mark.parametrize("kind", [kind for kind, register in REGISTERS.items() if not register.stays])
def test_every_register_goes_to_excel_and_comes_back_unchanged(unchanged: Store, kind: str, tmp_path: Path) -> None:
    registers, book = RegisterService(unchanged), book_of(unchanged, kind)
    before = registers.rows(kind)
    book.export(tmp_path / "out.xlsx")
    result = book.import_file(tmp_path / "out.xlsx")
    assert (result.rejected, result.accepted, result.updated) == ([], 0, 0)
    assert result.unchanged == len(before)
    assert registers.rows(kind) == before


@pytest.mark.parametrize("kind", list(REGISTERS))
def test_every_register_has_a_template_that_is_an_empty_import(unchanged: Store, kind: str, tmp_path: Path) -> None:
    book = book_of(unchanged, kind)
    book.template(tmp_path / "template.xlsx")
    result = book.import_file(tmp_path / "template.xlsx")
    assert (result.read, result.rejected) == (0, [])


def test_importing_a_changed_row_updates_it_after_showing_what_changes(
    store: Store, registers: RegisterService, tmp_path: Path
) -> None:
    book, file = book_of(store, "venue"), tmp_path / "venues.xlsx"
    book.export(file)
    excel = openpyxl.load_workbook(file)
    page = excel.worksheets[0]
    titles = next(row for row in page.iter_rows() if "可容纳人数" in [cell.value for cell in row])
    column = [cell.value for cell in titles].index("可容纳人数")
    page.cell(titles[0].row + 1, column + 1).value = 66
    excel.save(file)
    shown = book.import_file(file, dry_run=True)
    assert [(change.field, change.after) for change in shown.changes] == [("可容纳人数", "66")]
    assert 66 not in {row.values["seats"] for row in registers.rows("venue")}
    assert book.import_file(file).updated == 1
    assert 66 in {row.values["seats"] for row in registers.rows("venue")}


def sheet_with(book: RegisterBook, path: Path, *rows: dict[str, object]) -> Path:
    """Write `rows` under the headings of the book's template."""
    book.template(path)
    workbook = openpyxl.load_workbook(path)
    page = workbook.worksheets[0]
    heads = {str(cell.value).rstrip("*＊ "): cell.column for line in page.iter_rows() for cell in line if cell.value}
    for number, row in enumerate(rows, start=page.max_row + 1):
        for label, value in row.items():
            page.cell(number, heads[label], value)
    workbook.save(path)
    return path


@pytest.mark.parametrize(("column", "value"), [("岗位", None), ("年度", 45000), ("年度", 1)])
def test_a_row_that_cannot_be_kept_is_refused_and_the_others_go_in(
    store: Store, tmp_path: Path, column: str, value: object
) -> None:
    book = book_of(store, "duty_list")
    post = RegisterService(store).choices("duty_list", "post")[0][1]
    good: dict[str, object] = {"清单名称": "甲", "年度": 2026, "岗位": post}
    bad = {**good, "清单名称": "乙", column: value}
    result = book.import_file(sheet_with(book, tmp_path / "in.xlsx", good, bad))
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert result.rejected[0].field == column


def test_a_row_twice_in_one_file_is_taken_once(store: Store, tmp_path: Path) -> None:
    excel = openpyxl.Workbook()
    page = excel.active
    assert page is not None
    page.append(["日期", "标题", "自查情况"])
    page.append(["2026年7月1日", "三季度自查", "未发现问题"])
    page.append(["20260701", "三季度自查", "未发现问题"])
    excel.save(tmp_path / "twice.xlsx")
    result = book_of(store, "security_check").import_file(tmp_path / "twice.xlsx")
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert "重复" in result.rejected[0].reason


def test_the_text_of_a_restricted_talk_is_not_exported(
    store: Store, registers: RegisterService, tmp_path: Path
) -> None:
    book = book_of(store, "talk")
    (talker, _name), (talkee, _other) = registers.choices("talk", "talker_id")[:2]
    values = {"event_on": date(2026, 6, 1), "talker_id": talker, "talkee_id": talkee}
    before = book.export(tmp_path / "before.xlsx")
    registers.save("talk", {**values, "title": "提醒谈话", "kind": "reminder", "points": "迟到早退"})
    registers.save("talk", {**values, "title": "谈心", "kind": "heart_talk"})
    assert workbooks.export(store, "talk", tmp_path / "after.xlsx") == (before + 1, 1)
    assert "内部掌握" not in HistoryService(store).uses()[0].sentence, "the trail is read by more than who may see them"


def test_a_register_that_stays_here_is_not_exported_at_all(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="只留在本机，不导出"):
        book_of(store, "discipline").export(tmp_path / "处分.xlsx")
    assert not (tmp_path / "处分.xlsx").exists()


def test_a_word_nobody_knows_in_a_column_that_decides_nothing_is_asked_about(store: Store, tmp_path: Path) -> None:
    excel = openpyxl.Workbook()
    page = excel.active
    page.append(["日期", "标题", "党员", "客户或烟农", "客户满意"])
    page.append(["2026-03-05", "走访", MemberService(store).roster()[0].name, "城关第一商店", "比较满意"])
    excel.save(tmp_path / "visits.xlsx")
    book = book_of(store, "customer_visit")
    result = book.import_file(tmp_path / "visits.xlsx", dry_run=True)
    assert (result.accepted, result.rejected) == (1, [])
    assert [question.key for question in result.questions] == ["word:satisfied:比较满意"]
    answers = Answers(replies={"word:satisfied:比较满意": "是"})
    told = book.import_file(tmp_path / "visits.xlsx", answers=answers)
    assert (told.accepted, told.questions, told.warnings) == (1, [], [])
    (visit,) = [
        row for row in RegisterService(store).rows("customer_visit") if row.values["customer"] == "城关第一商店"
    ]
    assert visit.values["satisfied"] is True
