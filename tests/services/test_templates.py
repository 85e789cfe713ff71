"""Every kind of workbook has a sheet to fill in: what is filled in goes in, and its example is no record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.models.base import new_id
from desktop.models.registers import ABOVE, REGISTERS
from desktop.models.sync import Partner
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.paths import resource
from desktop.services.intake.looks import Part, RowRole
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.spreadsheets.examples import example_row
from desktop.services.store import Store
from desktop.services.workbooks import Book, books
from tests.services.members.people import GAO
from tests.sheets import sheet_rows, workbook
from tests.stores import new_store

AT = "2026-10-12 09:00"
FILES = {"members": "roster"}
BRANCH = (
    "members",
    "meetings",
    "year_plan",
    "development_case",
    "dues_assessment",
    "dues",
    "appraisal_round",
    "appraisal",
    "points_claims",
    *REGISTERS,
)
"""What a branch keeps; the sheet of its ratings of itself comes with a line per criterion, and has tests of its own."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample branch with every workbook, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("templates") / "data"
    with new_store(folder, at=AT) as store:
        for book in books(store):
            path = resource(f"samples/huaiyang/{FILES.get(book.name, book.name)}.xlsx")
            if path.exists():
                book.import_file(path)
        yield store


def called(store: Store, name: str) -> Book:
    return next(book for book in books(store) if book.name == name)


def test_every_kind_of_a_branch_is_tried_here(filled: Store) -> None:
    assert {book.name for book in books(filled)} == {*BRANCH, "self_ratings"}


def fill(book: Book, path: Path, exported: Path) -> int:
    """Write what was exported into the sheet to fill in, below its example; return how many rows."""
    _title, head, *rows = sheet_rows(exported)
    excel = openpyxl.load_workbook(path)
    page = excel.worksheets[0]
    columns = {cell.value: cell.column for cell in page[1]}
    own = {column.label for column in book.sheet().columns}
    assert not columns.keys() - own, "what others say of a row is written out, and never asked for"
    page.delete_rows(3, page.max_row)  # what a sheet lists already: branches, items, drawn records
    for number, row in enumerate(rows, start=3):
        for label, value in zip(head, row, strict=True):
            if label in own:
                page.cell(number, columns[label]).value = value
    excel.save(path)
    return len(rows)


@pytest.mark.parametrize("name", [name for name in BRANCH if name not in REGISTERS or not REGISTERS[name].stays])
def test_what_is_filled_in_below_the_example_goes_in_and_the_example_is_named(
    filled: Store, tmp_path: Path, name: str
) -> None:
    book, path = called(filled, name), tmp_path / "template.xlsx"
    book.export(tmp_path / "out.xlsx")
    book.template(path)
    count = fill(book, path, tmp_path / "out.xlsx")
    result = book.import_file(path, dry_run=True)
    assert (result.rejected, result.changes, result.questions) == ([], [], [])
    assert (result.read, result.unchanged) == (count, count)
    (example,) = [left for left in result.left_out if left.kind is Part.ROW]
    assert (example.row, example.why, example.unasked) == (2, "示例行", False)
    assert result.sheets[0].roles[2] is RowRole.EXAMPLE
    page = openpyxl.load_workbook(path).worksheets[0]
    assert all(cell.comment for cell in page[1])


def test_the_example_of_every_kind_is_good_once_its_mark_is_gone(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        MemberService(store).register({**GAO, "name": "李四"})
        wrong: dict[str, Any] = {}
        for book in books(store):
            sheet, example = book.sheet(), example_row(book.sheet())
            shown = [column for column in sheet.columns if column.name in example]
            path = workbook(
                tmp_path / f"{book.name}.xlsx",
                [[column.label for column in shown], [example[column.name] for column in shown]],
                sheet.title,
            )
            result = book.import_file(path, dry_run=True)
            heeded = [warned for warned in result.warnings if warned.row]  # others are about the sheet, not the example
            told = [*result.rejected, *heeded, *result.questions, *result.left_out]
            if (result.accepted + result.updated, told) != (1, []):
                wrong[book.name] = told or result
            else:
                book.import_file(path)
        assert wrong == {}


def test_an_example_that_is_only_partly_written_over_gives_no_value(filled: Store, tmp_path: Path) -> None:
    book, path = called(filled, "members"), tmp_path / "template.xlsx"
    book.template(path)
    excel = openpyxl.load_workbook(path)
    page = excel.worksheets[0]
    columns = {str(cell.value): cell.column for cell in page[1]}
    for title, value in {"姓名": "赵一鸣", "入党时间": "2005-07-01", "转正时间": "2006-07-01"}.items():
        page.cell(2, columns[title]).value = value
    excel.save(path)
    result = book.import_file(path, dry_run=True)
    (new,) = result.new
    assert [label for label, _words in new.known] == ["入党时间", "转正时间", "党员类别"]
    assert {warned.reason for warned in result.warnings} >= {"是空表里的示例，没有读"}


@pytest.fixture(scope="module")
def kept_above(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A headquarters with something in every list, for tests that change nothing."""
    from tests.ui.full import PERIOD, full_store

    with full_store(tmp_path_factory.mktemp("above") / "data", StoreKind.HEADQUARTERS) as opened:
        with opened.unit_of_work("登记支部") as session:
            for code in ("ZK01", "ZK02", "ZK03", "ZK05"):
                partner = Partner(
                    org=new_id(), code=code, name=f"{code}支部", install=new_id(), state=PartnerState.ACTIVE
                )
                session.add(partner)
        for kind in ("liaison", "sharing_event", "helper_pair"):
            called(opened, kind).import_file(resource(f"samples/headquarters/{kind}.xlsx"))
        chosen = {"title": "六步法", "chosen_on": opened.today, "origin": "ZK01支部", "method": "定题、讨论、回头看"}
        RegisterService(opened).save("experience", chosen)
        service = SamplingService(opened)
        service.draw(PERIOD, "7")
        (sheet,) = service.sheets(PERIOD)
        verdict = Judgement(sheet.records[0].id, SampleVerdict.TRUE)
        service.fill_in(sheet.id, Signed("周敏", opened.today, "到现场"), [verdict])
        yield opened


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    from tests.ui.full import full_store

    with full_store(tmp_path / "headquarters", StoreKind.HEADQUARTERS) as opened:
        yield opened


ABOVE_ALL = ("ratings", "race_inputs", "samples", "branches", *ABOVE)
"""What headquarters keeps: every one has a sheet to fill in."""


def test_every_kind_of_headquarters_is_tried_here(headquarters: Store) -> None:
    assert {book.name for book in books(headquarters)} == set(ABOVE_ALL)


@pytest.mark.parametrize("name", ABOVE_ALL)
def test_sheets_of_headquarters_have_an_example_and_every_list_to_choose_from(
    headquarters: Store, tmp_path: Path, name: str
) -> None:
    book, path = called(headquarters, name), tmp_path / "template.xlsx"
    book.template(path)
    result = book.import_file(path, dry_run=True)
    assert (result.rejected, result.accepted, result.updated) == ([], 0, 0)
    assert [left.why for left in result.left_out if left.kind is Part.ROW] == ["示例行"]
    excel = openpyxl.load_workbook(path)
    listed = [column for column in book.sheet().columns if column.choices]
    rules = excel.worksheets[0].data_validations.dataValidation
    assert len(rules) == len(listed)
    for column, rule in zip(listed, rules, strict=True):
        if rule.formula1.startswith('"'):
            assert rule.formula1.strip('"').split(",") == list(column.choices)
        else:
            ((title, place),) = excel.defined_names[rule.formula1].destinations
            assert excel[title].sheet_state == "hidden"
            assert [cell.value for (cell,) in excel[title][place.replace("$", "")]] == list(column.choices)
    assert name != "ratings" or any(not rule.formula1.startswith('"') for rule in rules)


@pytest.mark.parametrize("name", ABOVE_ALL)
def test_what_headquarters_fills_in_below_the_example_goes_in_and_comes_out_the_same(
    kept_above: Store, tmp_path: Path, name: str
) -> None:
    book, path = called(kept_above, name), tmp_path / "template.xlsx"
    count = book.export(tmp_path / "out.xlsx")
    assert count == len(book.rows()) > 0
    again = book.import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.rejected, again.changes, again.questions) == ([], [], [])
    assert again.unchanged + again.blank == count
    book.template(path)
    filled = fill(book, path, tmp_path / "out.xlsx")
    result = book.import_file(path, dry_run=True)
    assert (result.rejected, result.changes, result.questions) == ([], [], [])
    assert result.unchanged + result.blank == filled
    assert [left.why for left in result.left_out if left.kind is Part.ROW] == ["示例行"]
    page = openpyxl.load_workbook(path).worksheets[0]
    assert all(cell.comment for cell in page[1])


@pytest.mark.parametrize("name", ["ratings", "race_inputs"])
def test_lists_of_headquarters_come_back_unchanged_though_their_period_is_published(
    headquarters: Store, tmp_path: Path, name: str
) -> None:
    book = called(headquarters, name)
    count = book.export(tmp_path / "out.xlsx")
    assert (len(book.rows()), book.rows(1999)) == (count, [])
    again = book.import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.rejected, again.changes, again.unchanged, count > 0) == ([], [], count, True)
