"""What a list of the window shows, as a workbook."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop.models.vocabulary.stores import Use
from desktop.services.leaving import leaving
from desktop.services.numbers import NONE
from desktop.services.spreadsheets import sheets, tables

if TYPE_CHECKING:
    from desktop.services.store import Store


Cell = str | Decimal | None


def export_list(
    store: "Store", title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], path: Path, note: str = ""
) -> int:
    """Write a list as it is shown, its columns by their heads, numbers as numbers; return how many rows.

    `note` stands below them, in a line of its own: who is left out, what they rest on.

    Raises:
        NotAllowed: the roles of who works here do not reach so far.
        StorageFailure: the disk is full or refuses; no half file is left.
    """
    looks = [_looks([row[number] for row in rows]) for number in range(len(heads))]
    columns = tuple(
        sheets.SheetColumn(str(number), head, looks=looks[number], format=_written) for number, head in enumerate(heads)
    )
    lines = [
        {str(number): None if value == NONE and looks[number] != "text" else value for number, value in enumerate(row)}
        for row in rows
    ]
    if note:
        lines.append({"0": note})
    with leaving(store, path):
        tables.write(path, sheets.Sheet("list", title, columns), lines, on=store.today)
    store.audit(Use.EXPORT, f"{title}，{len(rows)}行")
    return len(rows)


def _looks(cells: Sequence[Cell]) -> Literal["text", "integer", "decimal"]:
    """Return how the numbers of a column are written; a column without any is text."""
    numbers = [cell for cell in cells if isinstance(cell, Decimal)]
    if not numbers:
        return "text"
    return "integer" if all(number == number.to_integral_value() for number in numbers) else "decimal"


def _written(cell: Cell) -> Cell:
    return cell
