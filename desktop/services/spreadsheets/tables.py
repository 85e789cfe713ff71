"""Sheets in and out of Excel: a declaration reads, writes and makes the template, and says what was refused.

Importing this module is cheap; the Excel library is loaded when a file is read or written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.services.errors import InvalidInput
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.results import REJECT_TITLES, ImportResult, Rejected, Source, Warned
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank, shown

if TYPE_CHECKING:
    from desktop.services.spreadsheets.reading import Table

PASSED_OVER = frozenset({"序号", "编号", "行号", "no", "no."})
"""Headings of columns that only number the rows: not worth a warning."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row read: what its cells mean. An empty cell is absent from `values`."""

    sheet: str
    number: int
    values: Mapping[str, Any]
    given: frozenset[str]
    """Fields whose column the file has, filled or not."""
    titles: Mapping[str, str]
    """Field → title of its column as written in the file, or as declared if the file has none."""
    source: Source

    def get(self, name: str) -> Any:
        """Return what the cell of `name` means, None for an empty cell or a missing column."""
        return self.values.get(name)

    def shown(self, name: str) -> str:
        """Return the cell of `name` as the user sees it."""
        title = self.titles.get(name)
        return shown(self.source.values[self.source.titles.index(title)]) if title in self.source.titles else ""

    def reject(self, name: str, reason: str) -> Rejected:
        """Return this row as refused because of `name`, which may be a field or a title of its own."""
        return Rejected(self.sheet, self.number, self.titles.get(name, name), self.shown(name), reason, self.source)

    def refuse(self, error: InvalidInput) -> Rejected:
        """Return this row as refused by `error`, at the column of its name, else of its label, else under its label."""
        named = error.name if error.name in self.titles else None
        labelled = next((name for name, title in self.titles.items() if title == error.label), error.label)
        return self.reject(named or labelled, error.reason)

    def warn(self, name: str, reason: str) -> Warned:
        """Return a warning about this row."""
        return Warned(self.sheet, self.number, self.titles.get(name, name), reason)


@dataclass(frozen=True, slots=True)
class SheetRows:
    """All rows of a file: those understood, those refused, and what to tell about the file itself."""

    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[Warned, ...]

    def result(self, dry_run: bool = False) -> ImportResult:
        """Return a result to go on counting in: rows read, refusals and warnings so far."""
        return ImportResult(
            read=len(self.rows) + len(self.rejected),
            rejected=list(self.rejected),
            warnings=list(self.warnings),
            dry_run=dry_run,
        )


def read(sheet: Sheet, path: Path) -> SheetRows:
    """Read every sheet of the workbook at `path` that has this sheet's header.

    A row with one bad cell is refused whole; its reason names all its bad cells.

    Raises:
        InvalidInput: field 文件 (not readable) or 表头 (no such header anywhere, or a required column is missing).
    """
    from desktop.services.spreadsheets import reading

    book = reading.read_workbook(path)
    names = {column.name: (column.label, *column.synonyms) for column in sheet.columns}
    required = [column.name for column in sheet.columns if column.required]
    rows: list[Row] = []
    rejected: list[Rejected] = []
    warnings = [Warned(title, 0, "工作表", "隐藏的工作表没有读取") for title in book.hidden]
    found = False
    refusals: list[InvalidInput] = []
    for cells in book.sheets:
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
    return SheetRows(tuple(rows), tuple(rejected), tuple(warnings))


def _some_titles(sheet: Sheet) -> str:
    return "、".join(column.label for column in sheet.columns if column.required) or sheet.columns[0].label


def _read_row(sheet: Sheet, table: "Table", number: int, cells: Mapping[int, object]) -> Row | Rejected:
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
    row = Row(table.sheet, number, values, frozenset(table.columns), titles, source)
    return refused(row, faults) if faults else row


def refused(row: Row, faults: Sequence[tuple[str, str]]) -> Rejected:
    """Return `row` as refused for all `faults` (field, reason); the first names the cell, all stand in the reason."""
    first, *others = faults
    told = row.reject(*first)
    more = "".join(f"；{quoted(row.titles.get(name, name))}：{reason}" for name, reason in others)
    return replace(told, reason=told.reason + more)


def write(path: Path, sheet: Sheet, rows: Iterable[Any], title: str = "", on: date | None = None) -> int:
    """Write `rows` (mappings or objects by field) as a workbook that prints well and imports again; return how many.

    Raises:
        StorageFailure: the file cannot be written; an older one of that name stays whole.
    """
    from desktop.services.spreadsheets import writing

    return writing.write(path, sheet, rows, title or sheet.title, on)


def template(path: Path, sheet: Sheet, rows: Iterable[Any] = ()) -> None:
    """Write the sheet to fill in: headings with their hints as comments, lists to choose from, instructions.

    `rows` (mappings or objects by field) stand in it already, to be filled in further.
    """
    from desktop.services.spreadsheets import writing

    writing.template(path, sheet, rows)


def write_rejects(path: Path, rejected: Sequence[Rejected]) -> int:
    """Write refused rows as they were, the cell at fault marked, with where and why; return how many.

    The workbook can be corrected and imported as it is: its additional columns are passed over.
    """
    from desktop.services.spreadsheets import writing

    return writing.write_rejects(path, rejected)
