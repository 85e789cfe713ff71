"""Declared sheets: what people fill in or receive in Excel, column by column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from desktop.services.errors import Named
from desktop.services.spreadsheets.dates import remark_on_date
from desktop.services.spreadsheets.text import parse_text

Parser = Callable[[object, Named], Any]
"""Takes a cell and its column; returns what it means or raises `InvalidInput`."""


def remark_on(column: "SheetColumn", cell: object) -> str:
    """Return what a person should look at in how `column` reads this cell, empty if it is read as it is written."""
    if column.remark is not None:
        return column.remark(cell)
    return remark_on_date(cell) if column.looks == "date" else ""


def as_cell(value: Any) -> object:
    """Return a stored value as a cell: labels of enums, 是/否 of booleans, the rest as it is."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return getattr(value, "label", value)


def yuan(fen: Any) -> object:
    """Return an amount in fen as yuan."""
    return None if fen is None else Decimal(fen) / 100


Rows: TypeAlias = list[dict[str, object]]
"""Lines of a sheet, their values by the names of its columns."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: what it is called, how a cell is understood and how a value is written."""

    name: str
    label: str
    parse: Parser = parse_text
    format: Callable[[Any], object] = as_cell
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
    decides: bool = True
    """A cell that is not understood refuses its row; otherwise the row is good without it and only the cell waits."""
    if_used: bool = False
    """Left out of an export in which no row has it, so that the rest prints larger."""
    remark: Callable[[object], str] | None = None
    """What a person should look at in how a cell is read: a part left out, a day lifted. Columns of dates have one."""


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
        return next(column for column in self.columns if column.name == name)


def value_of(row: Any, name: str) -> Any:
    """Return the value of `name` in a mapping or in an object with attributes."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
