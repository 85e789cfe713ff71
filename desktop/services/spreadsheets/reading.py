"""What a workbook holds: its sheets as plain cells, and the table of known columns below whatever titles it has."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.budget import FILE, refuse_monstrous
from desktop.services.spreadsheets.text import Number1904, Unreadable, is_blank, plain, shown
from desktop.services.spreadsheets.workbook import Format, Merge, SheetCells, Workbook

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
HEADER_WITHIN_ROWS = 30
HEADER = Input("header", "表头")
INSTRUCTIONS = "填写说明"
"""The sheet of a template that explains the others."""
_STRICT = b"http://purl.oclc.org/ooxml/"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, SyntaxError, NotImplementedError, RuntimeError, AssertionError,
)  # fmt: skip
_FOOTER = re.compile(r"(合计|总计|小计|共计|说明|备注|注\d*[:.、]|填表|制表|审核人|填报|单位\(盖章\)|联系人[:])")

_SUM = re.compile(r"(合计|总计|小计|共计):?")


@dataclass(frozen=True, slots=True)
class Table:
    """A header found in a sheet: which column holds which field, and the rows below it."""

    sheet: str
    columns: Mapping[str, int]
    """Field → column number."""
    titles: Mapping[int, str]
    """Column number → the title as written, unknown columns included."""
    ignored: tuple[str, ...]
    """Titles of columns that belong to no field."""
    rows: tuple[tuple[int, Mapping[int, object]], ...]
    """(row number, column number → value), without empty rows, repeated headers and foot lines."""
    footers: tuple[int, ...]


def read_workbook(path: Path) -> Workbook:
    """Return what an .xlsx file shows: cached results of formulas, merged cells spread down, hidden rows too.

    Raises:
        InvalidInput: field 文件: not there, too large, damaged, protected by a password, or another format.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            _check_container(file, size)
            return replace(_load(file), name=path.name)
    except FileNotFoundError as error:
        raise InvalidInput(FILE, f"找不到“{path.name}”") from error
    except OSError as error:
        if path.is_dir():
            raise InvalidInput(FILE, f"选的是文件夹“{path.name}”，要选文件") from error
        raise InvalidInput(FILE, "文件读不出来，可能正被其他程序占用，或所在的盘已拔出") from error


def _check_container(file: BinaryIO, size: int) -> None:
    if size == 0:
        raise InvalidInput(FILE, "文件是空的")
    if size > MAX_BYTES:
        raise InvalidInput(FILE, f"文件超过{MAX_BYTES // 1024 // 1024}MB")
    if file.read(8) == _OLE:
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read():
            raise InvalidInput(FILE, "工作簿设了打开密码，请在Excel或WPS中取消密码后另存")
        raise InvalidInput(FILE, "这是旧格式（.xls、.et），请在Excel或WPS中另存为.xlsx")
    file.seek(0)
    if not zipfile.is_zipfile(file):
        file.seek(0)
        if file.read(2) == b"PK":
            raise InvalidInput(FILE, "工作簿已损坏或没有复制完整")
        raise InvalidInput(FILE, "不是Excel工作簿（.xlsx）；文本或CSV请先用Excel或WPS另存为.xlsx")
    try:
        with zipfile.ZipFile(file) as package:
            refuse_monstrous(package)
            names = set(package.namelist())
            if "xl/workbook.bin" in names:
                raise InvalidInput(FILE, "这是二进制格式（.xlsb），请在Excel或WPS中另存为.xlsx")
            if "xl/workbook.xml" in names and _STRICT in package.read("xl/workbook.xml")[:4096]:
                raise InvalidInput(FILE, "这是“严格的Open XML”格式，请在Excel中另存为普通的.xlsx")
    except _UNREADABLE as error:
        raise InvalidInput(FILE, "工作簿已损坏或没有复制完整") from error
    if "mimetype" in names:
        raise InvalidInput(FILE, "这是OpenDocument表格（.ods），请另存为.xlsx")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise InvalidInput(FILE, "不是Excel工作簿（.xlsx）")


def _load(file: BinaryIO) -> Workbook:
    try:
        with warnings.catch_warnings():  # openpyxl warns of decorations it does not keep; we only read
            warnings.simplefilter("ignore")
            file.seek(0)
            book = openpyxl.load_workbook(file, data_only=True, keep_links=False)
            file.seek(0)
            formulas = openpyxl.load_workbook(file, keep_links=False) if _has_formulas(file) else None
    except _UNREADABLE as error:
        raise InvalidInput(FILE, "工作簿已损坏或没有复制完整") from error
    if not book.worksheets:
        raise InvalidInput(FILE, "工作簿里没有可读的工作表")
    kind = Format.XLSX if book.vba_archive is None else Format.XLSM
    return Workbook(
        tuple(
            _cells(sheet, formulas[sheet.title] if formulas else None, book.epoch == CALENDAR_MAC_1904)
            for sheet in book.worksheets
        ),
        kind,
    )


def _has_formulas(file: BinaryIO) -> bool:
    with zipfile.ZipFile(file) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(re.search(rb"<(?:\w+:)?f[ />]", package.read(name)) for name in sheets)


def _cells(sheet: Any, formulas: Any, from_1904: bool) -> SheetCells:
    rows: dict[int, dict[int, object]] = {}
    # Only the cells the file names: walking the used range would visit a million formatted empty rows.
    for (row, column), cell in sorted(sheet._cells.items()):
        value = _value(cell, from_1904)
        if value is None and formulas is not None and cell.data_type != "str":
            formula = formulas._cells.get((row, column))
            if formula is not None and formula.data_type == "f":
                value = Unreadable("公式", "公式的结果没有保存，请在Excel或WPS中打开并保存后再导入")
        if value is not None:
            if column > MAX_COLUMNS:
                raise InvalidInput(FILE, f"工作表“{sheet.title}”超过{MAX_COLUMNS}列")
            rows.setdefault(row, {})[column] = value
            if len(rows) > MAX_ROWS:
                raise InvalidInput(FILE, f"工作表“{sheet.title}”超过{MAX_ROWS}行")
    for merged in sheet.merged_cells.ranges:
        above = rows.get(merged.min_row, {}).get(merged.min_col)
        if above is not None and merged.min_col == merged.max_col:
            for row in range(merged.min_row + 1, min(merged.max_row, merged.min_row + MAX_ROWS) + 1):
                rows.setdefault(row, {})[merged.min_col] = above
    merges = tuple(Merge(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges)
    return SheetCells(sheet.title, dict(sorted(rows.items())), merges, sheet.sheet_state != "visible")


def _value(cell: Any, from_1904: bool) -> object:
    value = cell.value
    if cell.data_type == "e":
        return Unreadable(str(value), f"单元格是Excel错误值{value}")
    if isinstance(value, str) and not value.strip():
        return None
    if from_1904 and isinstance(value, int | float) and not isinstance(value, bool) and not cell.is_date:
        return Number1904(value)
    return value


def normal_title(text: object) -> str:
    """Return a column title for comparison: no spaces, marks of obligation, trailing colon or bracketed hint."""
    folded = re.sub(r"[\s*:]", "", plain(text)).lower()
    return re.sub(r"(\([^()]*\)|\[[^\[\]]*\])+$", "", folded) or folded


def find_table(
    sheet: SheetCells, names: Mapping[str, Sequence[str]], required: Sequence[str], key_fields: Sequence[str] = ()
) -> Table | None:
    """Return the table in `sheet`, or None when no row of its top reads like the header.

    `names` gives each field's titles, the preferred first; the header is the row that knows most of them, within the
    first rows of the sheet, and must hold every field in `required`. A row without any of `key_fields` whose first
    cell reads like 合计 or 制表人 is a foot line.

    Raises:
        InvalidInput: field 表头: a row reads like the header, but a required column is missing.
    """
    header = _header(sheet, names)
    if header is None:
        return None
    row_number, columns = header
    if len(columns) < min(2, len(names)):
        return None
    missing = [names[field][0] for field in required if field not in columns]
    if missing:
        raise InvalidInput(HEADER, f"工作表“{sheet.title}”缺少列：" + "、".join(missing))
    titles = {column: re.sub(r"\s+", " ", shown(text)).strip() for column, text in sheet.rows[row_number].items()}
    ignored = tuple(title for column, title in sorted(titles.items()) if column not in columns.values())
    rows, footers = [], []
    for number, cells in _below(sheet, row_number):
        known = {column: cells[column] for column in columns.values() if not is_blank(cells.get(column))}
        if {column: normal_title(value) for column, value in known.items()}.items() <= {
            (column, normal_title(title)) for column, title in titles.items()
        }:
            continue  # nothing in the known columns, or the header printed again
        first = plain(cells[min(cells)])
        keyed = any(columns.get(field) in known for field in key_fields or required)
        if _SUM.fullmatch(first.replace(" ", "")) or (not keyed and _FOOTER.match(first)):
            footers.append(number)
            continue
        rows.append((number, cells))
    return Table(sheet.title, columns, titles, ignored, tuple(rows), tuple(footers))


def _below(sheet: SheetCells, header_row: int) -> Iterator[tuple[int, Mapping[int, object]]]:
    return ((number, cells) for number, cells in sheet.rows.items() if number > header_row)


def _header(sheet: SheetCells, names: Mapping[str, Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    best: tuple[int, dict[str, int]] | None = None
    for number, cells in list(sheet.rows.items())[:HEADER_WITHIN_ROWS]:
        found = _match(cells, names)
        if found and (best is None or len(found) > len(best[1])):
            best = (number, found)
    return best


def _match(cells: Mapping[int, object], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return field → column for one row; an earlier name of a field wins over a later one, then the left column."""
    titles: dict[str, int] = {}
    for column in sorted(cells, reverse=True):
        if isinstance(cells[column], str):
            titles[normal_title(cells[column])] = column
    found: dict[str, int] = {}
    for field, spellings in names.items():
        for spelling in spellings:
            column_of = titles.get(normal_title(spelling))
            if column_of is not None and column_of not in found.values():
                found[field] = column_of
                break
    return found
