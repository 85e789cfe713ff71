"""The kept workbooks of tests/data/workbooks, read cell by cell: every format holds what its case says, and no more.

How to add a case: write it in tests/workbooks (layouts, habits or meetings), with invented persons only, and run
`python -m tests.workbooks.make NAME`: it writes the files in all formats that the case names, and beside them NAME.toml
with what is right. Where only the expectation changes (records, asks, leaves), `--expected` writes the .toml alone.
What a case means to the importer is tested in tests/services/intake.
"""

import tomllib
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from desktop.services.spreadsheets.reading import read_workbook
from desktop.services.spreadsheets.text import Number1904, Unreadable
from desktop.services.spreadsheets.workbook import Format, SheetCells
from tests.workbooks.make import FOLDER

EXPECTED = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
FILES = [(name, file) for name, case in EXPECTED.items() for file in case["files"]]
FORMATS = {
    "xlsx": Format.XLSX, "xlsm": Format.XLSM, "xls": Format.XLS, "et": Format.ET, "zip.et": Format.ET,
    "xlsb": Format.XLSB, "ods": Format.ODS, "fods": Format.ODS, "html.xls": Format.HTML, "mht.xls": Format.HTML,
    "xml.xls": Format.XML,
}  # fmt: skip
ENCODINGS = {"csv": "utf-8", "bom.csv": "utf-8", "gb18030.csv": "gb18030", "utf16.txt": "utf-16", "html.xls": "gb18030"}
TEXTS = frozenset({"csv", "bom.csv", "gb18030.csv", "utf16.txt"})
WEB = frozenset({"html.xls", "mht.xls"})
TELLS_ODD_ROWS = frozenset({"xlsx", "xls", "ods", "xlsb"})


def kind_of(file: str) -> str:
    return file.partition(".")[2]


@cache
def sheets(file: str) -> tuple[SheetCells, ...]:
    return read_workbook(FOLDER / file).sheets


def written(value: object) -> str:
    """Return a cell as the expectations write it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, float):
        return str(int(Decimal(f"{value:.15g}"))) if value.is_integer() else repr(float(value))
    return str(value)


def grid(sheet: SheetCells) -> list[list[str]]:
    """Return the rows of a sheet up to its last, without what merged cells spread."""
    spread = {
        (row, merge.left)
        for merge in sheet.merges
        if merge.left == merge.right
        for row in range(merge.top + 1, merge.bottom + 1)
    }
    return [
        [
            "" if (number, column) in spread else written(sheet.rows.get(number, {}).get(column, ""))
            for column in range(1, max(sheet.rows.get(number, {0: 0})) + 1)
        ]
        for number in range(1, max(sheet.rows, default=0) + 1)
    ]


def without_ends(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without empty cells at their ends and empty rows at the end."""
    cut = []
    for row in rows:
        while row and not row[-1].strip():
            row = row[:-1]
        cut.append([cell if cell.strip() else "" for cell in row])
    while cut and not cut[-1]:
        cut.pop()
    return cut


@pytest.mark.parametrize(("name", "file"), FILES)
def test_every_format_of_a_case_holds_its_cells(name: str, file: str) -> None:
    kind, expected = kind_of(file), EXPECTED[name]["sheets"]
    book = read_workbook(FOLDER / file)
    assert book.format is FORMATS.get(kind, Format.TEXT)
    assert book.encoding == ENCODINGS.get(kind, "utf-8" if kind == "mht.xls" else "")
    if kind in TEXTS:
        expected = expected[:1]
    assert len(book.sheets) == len(expected)
    for sheet, said in zip(book.sheets, expected, strict=True):
        assert grid_for(kind, name, grid(sheet)) == grid_for(kind, name, without_ends(said["rows"]))
        if kind in TEXTS:
            assert sheet.title == Path(file).stem
            continue
        assert sheet.title == said["title"]
        assert sheet.hidden == (said["hidden"] and kind not in WEB)
        assert {openpyxl_range(merge) for merge in sheet.merges} == set(said["merges"])
        if kind in TELLS_ODD_ROWS:
            assert sheet.odd == set(said["odd"])


def grid_for(kind: str, name: str, rows: list[list[str]]) -> list[list[str]]:
    """Return rows as a format can keep them: formulas are compared by hand, pages join spaces and drop marks."""
    if name == "formulas":
        rows = [row[:3] for row in rows]
    if kind in WEB:
        return [[" ".join(cell.split()) for cell in row] for row in rows]
    return rows


def openpyxl_range(merge: Any) -> str:
    left, right = (openpyxl.utils.get_column_letter(column) for column in (merge.left, merge.right))
    return f"{left}{merge.top}:{right}{merge.bottom}"


SEEN_BY_BOTH = [file for _, file in FILES if kind_of(file) in ("xlsx", "xlsm", "xls", "xlsb", "ods")]


@pytest.mark.parametrize("file", SEEN_BY_BOTH)
def test_a_reader_by_others_sees_the_same(file: str) -> None:
    other = CalamineWorkbook.from_path(str(FOLDER / file))
    for sheet in sheets(file):
        seen = other.get_sheet_by_name(sheet.title)
        rows = seen.to_python(skip_empty_area=False) if seen.start is not None else []
        assert without_ends(plain(grid(unreadable_as_empty(sheet)))) == without_ends(
            plain([list(map(written, row)) for row in rows])
        )


def plain(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.replace("\r\n", "\n") for cell in row] for row in rows]


def unreadable_as_empty(sheet: SheetCells) -> SheetCells:
    rows = {
        number: {column: "" if isinstance(cell, Unreadable) else cell for column, cell in cells.items()}
        for number, cells in sheet.rows.items()
    }
    return SheetCells(sheet.title, rows, sheet.merges)


def test_formulas_without_result_and_errors_are_told() -> None:
    (sheet,) = sheets("formulas.xlsx")
    assert [str(sheet.rows[row][4]) for row in (2, 3)] == ["#N/A", "公式"]
    assert all(isinstance(sheet.rows[row][4], Unreadable) for row in (2, 3))
    (calculated,) = sheets("formulas.xls")
    assert calculated.rows[3][4] == "冯晓岚的介绍人"


def test_numbers_of_a_book_that_counts_from_1904_say_so() -> None:
    (sheet,) = sheets("from_1904.xlsx")
    assert sheet.rows[2][3] == datetime.combine(date(2003, 7, 1), time())
    assert not any(isinstance(cell, Number1904) for cell in sheet.rows[2].values())


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 60
    assert {kind_of(file) for _, file in FILES} >= {*FORMATS, *TEXTS}
