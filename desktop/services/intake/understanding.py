"""From a workbook, a declared sheet and a person's answers to rows."""

from collections.abc import Mapping
from typing import Any

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.rows import Row, Understood, refused
from desktop.services.spreadsheets import reading
from desktop.services.spreadsheets.results import REJECT_TITLES, Rejected, Source, Warned
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank
from desktop.services.spreadsheets.workbook import Workbook

PASSED_OVER = frozenset({"序号", "编号", "行号", "no", "no."})
"""Headings of columns that only number the rows: not worth a warning."""


def understand(book: Workbook, sheet: Sheet, answers: Answers, known: Known) -> Understood:
    """Read every sheet of `book` that has this sheet's header.

    A row with one bad cell is refused whole; its reason names all its bad cells.

    Raises:
        InvalidInput: field 表头 (no such header anywhere, or a required column is missing).
    """
    names = {column.name: (column.label, *column.synonyms) for column in sheet.columns}
    required = [column.name for column in sheet.columns if column.required]
    rows: list[Row] = []
    rejected: list[Rejected] = []
    warnings = [Warned(one.title, 0, "工作表", "隐藏的工作表没有读取") for one in book.sheets if one.hidden]
    found = False
    refusals: list[InvalidInput] = []
    for cells in (one for one in book.sheets if not one.hidden):
        try:
            table = reading.find_table(cells, names, required, sheet.keys)
        except InvalidInput as error:
            refusals.append(error)
            continue
        if table is None:
            if cells.rows and cells.title != reading.INSTRUCTIONS:
                warnings.append(Warned(cells.title, 0, "工作表", "没有找到表头，未读取"))
            continue
        found = True
        unknown = [title for title in table.ignored if title.lower() not in PASSED_OVER and title not in REJECT_TITLES]
        if unknown:
            warnings.append(Warned(table.sheet, 0, "、".join(unknown), "不认识的列，未导入"))
        warnings.extend(Warned(table.sheet, number, "行", "像是表尾的说明，未导入") for number in table.footers)
        for number, values in table.rows:
            taken = _read_row(sheet, table, number, values)
            if isinstance(taken, Row):
                rows.append(taken)
            else:
                rejected.append(taken)
    if not found:
        if refusals:
            raise refusals[0]
        raise InvalidInput(reading.HEADER, f"没有找到{sheet.title}的表头行（{_some_titles(sheet)}）")
    warnings.extend(Warned("", 0, "工作表", error.reason + "，未读取") for error in refusals)
    return Understood(rows=tuple(rows), rejected=tuple(rejected), warnings=tuple(warnings))


def _some_titles(sheet: Sheet) -> str:
    return "、".join(column.label for column in sheet.columns if column.required) or sheet.columns[0].label


def _read_row(sheet: Sheet, table: reading.Table, number: int, cells: Mapping[int, object]) -> Row | Rejected:
    spots = sorted(table.titles)
    source = Source(tuple(table.titles[spot] for spot in spots), tuple(cells.get(spot) for spot in spots))
    titles = {column.name: column.label for column in sheet.columns}
    titles |= {name: table.titles[spot] for name, spot in table.columns.items()}
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for column in sheet.columns:
        if column.name not in table.columns:
            continue
        cell = cells.get(table.columns[column.name])
        if cell is None or (not column.blanks and is_blank(cell)):
            if column.required:
                faults.append((column.name, f"没有{column.label}"))
            continue
        try:
            values[column.name] = column.parse(cell, column)
        except InvalidInput as error:
            faults.append((column.name, error.reason))
    row = Row(
        sheet=table.sheet,
        number=number,
        values=values,
        given=frozenset(table.columns),
        titles=titles,
        source=source,
    )
    return refused(row, faults) if faults else row
