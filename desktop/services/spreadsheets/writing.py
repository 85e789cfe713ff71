"""How workbooks look: readable on the screen, printable on A4, and never a formula that came from someone's input."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from desktop.services.files import ORDINARY, FilePort, write_atomically
from desktop.services.spreadsheets.examples import MARK, example_row
from desktop.services.spreadsheets.reading import INSTRUCTIONS
from desktop.services.spreadsheets.results import REJECT_TITLES, Rejected
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn, value_of
from desktop.services.spreadsheets.text import Unreadable, shown

_FONT = "宋体"
_HEAD_FILL = PatternFill("solid", fgColor="EDEFF2")
_BAD_FILL = PatternFill("solid", fgColor="FBEDEC")
_HAIR = Side(style="thin", color="BFC5CC")
_GRID = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_FORMATS = {
    "text": "@", "long": "@", "date": "yyyy-mm-dd", "integer": "0", "decimal": "0.00", "money": "#,##0.00",
}  # fmt: skip
_TEMPLATE_ROWS = 500
_SHORT_LIST, _CHOICES_TOLD = 250, 12
_WRITTEN = {
    "date": "写日期，如2026-03-05",
    "integer": "写整数",
    "decimal": "写数字",
    "money": "写金额，单位元",
    "long": "可以写几行，换行按Alt+Enter",
}  # fmt: skip
CHOICES = "选项"
"""The hidden sheet of long lists; layouts.toml knows it as no list of people."""
_EXCEL_TEXT = 32_767
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def write(path: Path, sheet: Sheet, rows: Iterable[Any], title: str, on: date | None) -> int:
    """Write `rows` under the titles of `sheet`; return how many."""
    every = list(rows)
    columns = [
        column
        for column in sheet.columns
        if not column.if_used or any(value_of(row, column.name) is not None for row in every)
    ]
    book = openpyxl.Workbook()
    page = book.active
    page.title = _sheet_name(sheet.title)
    _title(page, f"{title}（{on.year}年{on.month}月{on.day}日）" if on else title, len(columns))
    _head(page, 2, [column.label for column in columns])
    for number, row in enumerate(every, start=3):
        for spot, column in enumerate(columns, start=1):
            value = value_of(row, column.name)
            cell = page.cell(number, spot)
            _put(cell, None if value is None else column.format(value), _FORMATS[column.looks])
            cell.alignment = _alignment(column)
            cell.border = _GRID
    _finish(page, columns, head=2, last=len(every) + 2)
    _save(book, path)
    return len(every)


def template(path: Path, sheet: Sheet, rows: Iterable[Any] = ()) -> None:
    """Write the sheet to fill in, with an example, the lines it begins with and its instructions."""
    prepared = list(rows)
    first = 3  # below the heading and the example
    last = first + max(_TEMPLATE_ROWS, len(prepared)) - 1
    book = openpyxl.Workbook()
    page = book.active
    page.title = _sheet_name(sheet.title)
    _head(page, 1, [column.label for column in sheet.columns])
    example, lists = example_row(sheet), _Lists(book)
    for spot, column in enumerate(sheet.columns, start=1):
        page.cell(1, spot).comment = Comment("\n".join(_notes(column)), "支部工作台", height=140, width=260)
        letter = get_column_letter(spot)
        for number in range(first, last + 1):
            page[f"{letter}{number}"].number_format = _FORMATS[column.looks]
        if column.choices:
            options = DataValidation(
                type="list", formula1=lists.formula(column.choices), allow_blank=True, showErrorMessage=False
            )
            options.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(options)
        shown_example = page.cell(2, spot)
        _put(shown_example, MARK + example[column.name] if column.name in example else None, "@")
        shown_example.font = Font(name=_FONT, size=11, italic=True, color="8A9099")
        shown_example.alignment = Alignment(vertical="top", wrap_text=True)
        shown_example.border = _GRID
    for number, row in enumerate(prepared, start=first):
        for spot, column in enumerate(sheet.columns, start=1):
            value = value_of(row, column.name)
            cell = page.cell(number, spot)
            _put(cell, None if value is None else column.format(value), _FORMATS[column.looks])
            cell.alignment = _alignment(column)
            cell.border = _GRID
    _finish(page, sheet.columns, head=1, last=len(prepared) + first - 1)
    _instructions(book.create_sheet(INSTRUCTIONS), sheet, example)
    lists.hide()
    _save(book, path)


class _Lists:
    """What there is to choose from. Excel takes short lists as they are; longer ones stand on a hidden sheet."""

    def __init__(self, book: Any) -> None:
        self._book, self._known = book, dict[tuple[str, ...], str]()
        self._page: Any = None

    def formula(self, choices: tuple[str, ...]) -> str:
        """Return what a drop-down list of `choices` is made of."""
        short = ",".join(choices)
        if len(short) <= _SHORT_LIST and not any("," in choice or '"' in choice for choice in choices):
            return f'"{short}"'
        if choices not in self._known:
            if self._page is None:
                self._page = self._book.create_sheet(CHOICES)
            spot, name = len(self._known) + 1, f"list_{len(self._known) + 1}"
            for number, choice in enumerate(choices, start=1):
                _put(self._page.cell(number, spot), choice, "@")
            letter = get_column_letter(spot)
            place = f"'{CHOICES}'!${letter}$1:${letter}${len(choices)}"
            self._book.defined_names[name] = DefinedName(name, attr_text=place)
            self._known[choices] = name
        return self._known[choices]

    def hide(self) -> None:
        """Put the sheet of lists out of sight, behind the others."""
        if self._page is not None:
            self._page.sheet_state = "hidden"
            self._book.move_sheet(self._page, len(self._book.worksheets))


def _notes(column: SheetColumn) -> list[str]:
    """Return what is told of a column: whether it must be filled in, what is meant, how it is written, an example."""
    listed = "、".join(column.choices[:_CHOICES_TOLD]) + ("等" if len(column.choices) > _CHOICES_TOLD else "")
    lines = [
        "必填。" if column.required else "",
        column.help,
        f"可选：{listed}" if column.choices and not column.help else "",
        _WRITTEN.get(column.looks, "") if not column.choices else "",
        f"例：{column.example}" if column.example else "",
    ]
    return [line for line in lines if line] or [f"写{column.label}，文字"]


def _instructions(page: Any, sheet: Sheet, example: Mapping[str, str]) -> None:
    _title(page, f"{sheet.title}：填写说明", 4)
    _put(page.cell(2, 1), f"{sheet.note}以“{MARK}”开头的那一行是示例，导入时不读，可以留着。", "@")
    _head(page, 3, ["列", "是否必填", "怎么填", "示例"])
    for number, column in enumerate(sheet.columns, start=4):
        help_text = column.help or ("可选：" + "、".join(column.choices) if column.choices else "")
        told = column.example or example.get(column.name, "")
        for spot, text in enumerate((column.label, "必填" if column.required else "", help_text, told), 1):
            _put(page.cell(number, spot), text, "@")
            page.cell(number, spot).alignment = Alignment(vertical="top", wrap_text=True)
            page.cell(number, spot).border = _GRID
    for letter, width in zip("ABCD", (20, 10, 60, 36), strict=True):
        page.column_dimensions[letter].width = width


def write_rejects(path: Path, rejected: Sequence[Rejected]) -> int:
    """Write refused rows as they were, with where and why; return how many."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "退回的行"
    every = dict.fromkeys(title for reject in rejected for title in reject.source.titles)
    titles = [title for title in every if title not in REJECT_TITLES]
    _head(page, 1, [*titles, *REJECT_TITLES])
    for number, reject in enumerate(rejected, start=2):
        values = dict(zip(reject.source.titles, reject.source.values, strict=True))
        for spot, title in enumerate(titles, start=1):
            cell = page.cell(number, spot)
            value = values.get(title)
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**11:
                value = shown(value)
            _put(cell, str(value) if isinstance(value, Unreadable) else value, "")
            if title == reject.field:
                cell.fill = _BAD_FILL
                cell.comment = Comment(reject.reason, "支部工作台", height=100, width=260)
            cell.border = _GRID
        cells = (reject.sheet, reject.row, reject.field, reject.value, reject.reason)
        for spot, value in enumerate(cells, start=len(titles) + 1):
            _put(page.cell(number, spot), value, "")
            page.cell(number, spot).border = _GRID
    _widths(page, [_fitting(title) for title in titles] + [12, 8, 12, 20, 48])
    page.freeze_panes = "A2"
    _print_setup(page, head=1)
    _save(book, path)
    return len(rejected)


def _put(cell: Any, value: object, number_format: str) -> None:
    """Set a cell. Text stays text, whatever sign it begins with, and is never run as a formula."""
    if number_format:
        cell.number_format = number_format
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = _FORBIDDEN.sub("", value)[:_EXCEL_TEXT]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(("=", "+", "-", "@", "\t", "\r")):
            cell.quotePrefix = True
            cell.number_format = "@"
        return
    if isinstance(value, Decimal):
        cell.value = value
        return
    cell.value = value
    if isinstance(value, date) and not number_format:
        cell.number_format = "yyyy-mm-dd"


def _alignment(column: SheetColumn) -> Alignment:
    if column.looks == "long":
        return Alignment(vertical="top", wrap_text=True)
    if column.looks in ("integer", "decimal", "money"):
        return Alignment(vertical="top", horizontal="right")
    return Alignment(vertical="top", horizontal="left", wrap_text=True)


def _title(page: Any, text: str, width: int) -> None:
    _put(page.cell(1, 1), text, "")
    page.cell(1, 1).font = Font(name=_FONT, size=16, bold=True)
    page.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = 30
    if width > 1:
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)


def _head(page: Any, row: int, titles: Sequence[str]) -> None:
    for spot, title in enumerate(titles, start=1):
        cell = page.cell(row, spot)
        _put(cell, title, "")
        cell.font = Font(name=_FONT, size=11, bold=True)
        cell.fill = _HEAD_FILL
        cell.border = _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _finish(page: Any, columns: Sequence[SheetColumn], head: int, last: int) -> None:
    _widths(page, [max(column.width, _fitting(column.label)) for column in columns])
    page.freeze_panes = f"A{head + 1}"
    if last > head:
        page.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{last}"
    _print_setup(page, head)


def _fitting(title: str) -> float:
    return min(30.0, 2.2 * len(title) + 2)


def _widths(page: Any, widths: Sequence[float]) -> None:
    for spot, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(spot)].width = width


def _print_setup(page: Any, head: int) -> None:
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "第&P页，共&N页"


def _sheet_name(title: str) -> str:
    return _SHEET_NAME.sub("", title)[:31] or "表"


def _save(book: Any, path: Path) -> None:
    book.properties.creator = "支部工作台"
    content = io.BytesIO()
    book.save(content)
    write_atomically(path, content.getvalue(), FilePort(mode=ORDINARY))
