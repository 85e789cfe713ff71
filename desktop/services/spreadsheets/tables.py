"""Declared sheets: one declaration reads, writes and makes the template of an Excel sheet, and says what was refused.

Importing this module is cheap; the Excel library is loaded when a file is read or written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.values import is_blank, parse_text, shown

Parser = Callable[[object, str], Any]
"""Takes a cell and the column's title; returns what it means or raises `InvalidInput`."""


PASSED_OVER = frozenset({"序号", "编号", "行号", "no", "no."})
"""Headings of columns that only number the rows: not worth a warning."""
REJECT_TITLES = ("退回：工作表", "退回：行", "退回：列", "退回：原值", "退回：原因")
"""Headings added to a workbook of refused rows."""


def as_cell(value: Any) -> object:
    """Return a stored value as a cell: labels of enums, 是/否 of booleans, the rest as it is."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return getattr(value, "label", value)


def yuan(fen: Any) -> object:
    """Return an amount in fen as yuan."""
    return None if fen is None else Decimal(fen) / 100


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: what it is called, how a cell is understood and how a value is written."""

    field: str
    title: str
    parse: Parser = parse_text
    format: Callable[[Any], object] = as_cell
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    example: str = ""
    width: float = 12
    looks: Literal["text", "long", "date", "integer", "decimal", "money"] = "text"
    """Text columns are written in Excel's text format, so that numbers typed into them keep all digits."""
    choices: tuple[str, ...] = ()
    """Offered as a drop-down list in the template."""
    blanks: bool = False
    """Words such as 无 or / are handed to `parse` too, instead of counting as empty."""
    if_used: bool = False
    """Left out of an export in which no row has it, so that the rest prints larger."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet people fill in or receive."""

    kind: str
    title: str
    columns: tuple[SheetColumn, ...]
    keys: tuple[str, ...] = ()
    """Fields of which a true row holds at least one; a line without any that begins with 合计 or 填表人 is a foot."""
    note: str = ""
    """What one row stands for, for the template's instructions."""

    def column(self, name: str) -> SheetColumn:
        """Return the column of the field `name`."""
        return next(one for one in self.columns if one.field == name)


@dataclass(frozen=True, slots=True)
class Source:
    """A row as it was in the file: titles and values of all its columns."""

    titles: tuple[str, ...]
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, with the cell at fault and the rule. `value` is the cell as the user sees it."""

    sheet: str
    row: int
    field: str
    value: str
    reason: str
    source: Source = dataclass_field(default=Source((), ()), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something taken but worth a look; row 0 speaks of the whole sheet."""

    sheet: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the program read out of words and a person may change: a vote kind, an agenda tag, a year."""

    sheet: str
    row: int
    record: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a record already kept that differs, or would differ, by an import."""

    record: str
    field: str
    before: str
    after: str
    row: int = 0


@dataclass(slots=True)
class ImportResult:
    """What an import did, or in a dry run would do. read = accepted + updated + unchanged + rejected."""

    read: int = 0
    accepted: int = 0
    """New records."""
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = dataclass_field(default_factory=list)
    warnings: list[Warned] = dataclass_field(default_factory=list)
    proposals: list[Proposal] = dataclass_field(default_factory=list)
    changes: list[Changed] = dataclass_field(default_factory=list)
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the object of `import --json`."""
        result: dict[str, Any] = {
            "read": self.read,
            "accepted": self.accepted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [
                {"sheet": one.sheet, "row": one.row, "field": one.field, "value": one.value, "reason": one.reason}
                for one in self.rejected
            ],
            "warnings": [
                {"sheet": one.sheet, "row": one.row, "field": one.field, "reason": one.reason} for one in self.warnings
            ],
            "proposals": [
                {
                    "sheet": one.sheet,
                    "row": one.row,
                    "record": one.record,
                    "field": one.field,
                    "value": one.value,
                    "reason": one.reason,
                }
                for one in self.proposals
            ],
            "dry_run": self.dry_run,
        }
        if self.dry_run:
            result["changes"] = [
                {"record": one.record, "field": one.field, "before": one.before, "after": one.after, "row": one.row}
                for one in self.changes
            ]
        return result


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
    names = {one.field: (one.title, *one.synonyms) for one in sheet.columns}
    required = [one.field for one in sheet.columns if one.required]
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
        unknown = [one for one in table.ignored if one.lower() not in PASSED_OVER and one not in REJECT_TITLES]
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
        raise (
            refusals[0] if refusals else InvalidInput("表头", f"没有找到{sheet.title}的表头行（{_some_titles(sheet)}）")
        )
    warnings.extend(Warned("", 0, "工作表", error.reason + "，未读取") for error in refusals)
    return SheetRows(tuple(rows), tuple(rejected), tuple(warnings))


def _some_titles(sheet: Sheet) -> str:
    return "、".join(one.title for one in sheet.columns if one.required) or sheet.columns[0].title


def _read_row(sheet: Sheet, table: Any, number: int, cells: Mapping[int, object]) -> Row | Rejected:
    spots = sorted(table.titles)
    source = Source(tuple(table.titles[spot] for spot in spots), tuple(cells.get(spot) for spot in spots))
    titles = {one.field: one.title for one in sheet.columns}
    titles |= {name: table.titles[spot] for name, spot in table.columns.items()}
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for column in sheet.columns:
        if column.field not in table.columns:
            continue
        cell = cells.get(table.columns[column.field])
        if cell is None or (not column.blanks and is_blank(cell)):
            if column.required:
                faults.append((column.field, f"没有{column.title}"))
            continue
        try:
            values[column.field] = column.parse(cell, column.title)
        except InvalidInput as error:
            faults.append((column.field, error.reason))
    row = Row(table.sheet, number, values, frozenset(table.columns), titles, source)
    return refused(row, faults) if faults else row


def refused(row: Row, faults: Sequence[tuple[str, str]]) -> Rejected:
    """Return `row` as refused for all `faults` (field, reason); the first names the cell, all stand in the reason."""
    first, *others = faults
    told = row.reject(*first)
    more = "".join(f"；“{row.titles.get(name, name)}”：{reason}" for name, reason in others)
    return replace(told, reason=told.reason + more)


def value_of(row: Any, name: str) -> Any:
    """Return the value of `name` in a mapping or in an object with attributes."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def write(path: Path, sheet: Sheet, rows: Iterable[Any], title: str = "", on: date | None = None) -> int:
    """Write `rows` (mappings or objects by field) as a workbook that prints well and imports again; return how many.

    Raises:
        StorageFailure: the file cannot be written; an older one of that name stays whole.
    """
    from desktop.services.spreadsheets import writing

    return writing.write(path, sheet, rows, title or sheet.title, on)


def template(path: Path, sheet: Sheet) -> None:
    """Write the empty sheet to fill in: headings with their hints as comments, lists to choose from, instructions."""
    from desktop.services.spreadsheets import writing

    writing.template(path, sheet)


def write_rejects(path: Path, rejected: Sequence[Rejected]) -> int:
    """Write refused rows as they were, the cell at fault marked, with where and why; return how many.

    The workbook can be corrected and imported as it is: its additional columns are passed over.
    """
    from desktop.services.spreadsheets import writing

    return writing.write_rejects(path, rejected)
