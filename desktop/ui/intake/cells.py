"""A sheet as it stands in the file, line by line, for the page that asks what its columns are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from desktop.services.intake.looks import ColumnLook, RowRole, SheetLook
from desktop.services.spreadsheets.identity import masked
from desktop.services.spreadsheets.text import shown
from desktop.services.spreadsheets.workbook import SheetCells

MOST_LINES = 30
_ID_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")


@dataclass(frozen=True, slots=True)
class GridLine:
    """One row of the sheet: its true number, what it is there for, and its cells as written."""

    number: int
    role: RowRole
    cells: Mapping[int, str]
    shown: Mapping[int, str] = field(default_factory=dict)
    """Column → how the cell is understood, where that is not how it is written."""
    note: str = ""
    """What is said at the right of a row that only separates."""
    odd: bool = False
    """Hidden, filtered away or struck out in its program."""


def hide_numbers(words: str) -> str:
    """Return `words` with every ID number in it masked, whatever column it stands in."""
    return _ID_NUMBER.sub(lambda match: masked(match[0]), words)


def has_numbers(cells: SheetCells) -> bool:
    """Return whether an ID number stands in one of the lines that are shown."""
    numbers = sorted(cells.rows)[:MOST_LINES]
    return any(_ID_NUMBER.search(shown(value)) for number in numbers for value in cells.rows[number].values())


def grid_lines(cells: SheetCells, look: SheetLook | None, unit: str, *, whole: bool = False) -> list[GridLine]:
    """Return the first lines of a sheet that have something in them; ID numbers are masked unless `whole`."""
    roles: Mapping[int, RowRole] = look.roles if look is not None else {}
    columns: Sequence[ColumnLook] = look.columns if look is not None else ()
    lines = []
    for number in sorted(cells.rows)[:MOST_LINES]:
        written = {column: _one_line(shown(value)) for column, value in cells.rows[number].items()}
        if not whole:
            written = {column: hide_numbers(words) for column, words in written.items()}
        read = {part.spots[-1]: part.shown[number] for part in columns if number in part.shown}
        role = roles.get(number, RowRole.RECORD)
        note = ""
        if look is not None and role is RowRole.GROUP:
            note = f"不算一{unit}，给下面 {_below(look, number)} {unit}填“{look.groups.get(number, '')}”"
        lines.append(GridLine(number, role, written, read, note, number in cells.odd))
    return lines


def grid_columns(lines: Sequence[GridLine], look: SheetLook | None) -> list[int]:
    """Return the numbers of the columns to show: those with something in them, and those the program speaks of."""
    found = {column for line in lines for column, words in line.cells.items() if words}
    if look is not None:
        found |= {spot for part in look.columns for spot in part.spots}
    return sorted(found)


def merges_in(cells: SheetCells, lines: Sequence[GridLine], columns: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Return what is shown as a single cell, as (line, column, lines, columns) counted from 0 in what is shown."""
    at_line = {line.number: place for place, line in enumerate(lines)}
    at_column = {column: place for place, column in enumerate(columns)}
    spans = []
    for merge in cells.merges:
        rows = [at_line[number] for number in range(merge.top, merge.bottom + 1) if number in at_line]
        across = [at_column[column] for column in range(merge.left, merge.right + 1) if column in at_column]
        if len(rows) * len(across) > 1 and rows[0] + len(rows) - 1 == rows[-1]:
            spans.append((rows[0], across[0], len(rows), len(across)))
    taken = {place for top, left, high, wide in spans for place in _within(top, left, high, wide)}
    for place, line in enumerate(lines):
        if line.role not in (RowRole.TITLE, RowRole.GROUP, RowRole.FOOT):
            continue
        filled = sorted(at_column[column] for column, words in line.cells.items() if words and column in at_column)
        for left, right in pairwise([*filled, len(columns)]):  # words run on over empty cells, as in Excel
            free = not any((place, column) in taken for column in range(left, right))
            if right - left > 1 and free:
                spans.append((place, left, 1, right - left))
    return spans


def letter(column: int) -> str:
    """Return the name Excel gives to a column counted from 1."""
    words = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        words = chr(ord("A") + rest) + words
    return words


def _one_line(words: str) -> str:
    return " ".join(words.split("\n"))


def _below(look: SheetLook, group: int) -> int:
    count = 0
    for number in sorted(look.roles):
        if number <= group:
            continue
        if look.roles[number] is RowRole.GROUP:
            break
        count += look.roles[number] is RowRole.RECORD
    return count


def _within(top: int, left: int, high: int, wide: int) -> list[tuple[int, int]]:
    return [(line, column) for line in range(top, top + high) for column in range(left, left + wide)]
