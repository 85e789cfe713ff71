"""Where the heading of a table stands: its rows, the levels above each column, and blocks side by side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop.services.intake.contents import is_day
from desktop.services.intake.vocabulary import LEVEL, Vocabulary, folded
from desktop.services.intake.wording import words
from desktop.services.spreadsheets.text import is_blank, plain, shown
from desktop.services.spreadsheets.workbook import SheetCells

WITHIN_ROWS = 40
DEEPEST = 3
LONGEST = 30
"""Letters of a heading; what is longer above a table is a title or a note."""
SURE = 3
SURELY = 0.7
"""So many known columns, and such a share of all, are a table's."""
MERGED_ROWS = 10
"""Cells merged over more rows than this are no heading."""

Levels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a table."""

    rows: tuple[int, ...]
    columns: Mapping[int, Levels]
    """Column → what stands above it, the outermost first."""
    score: float
    """How much of it is known: fields of the sheet count one, other known headings a quarter."""
    fields: frozenset[str]
    """The fields that its columns surely mean."""


class Cells:
    """The cells of a sheet with what is merged in them, as its top is read."""

    def __init__(self, sheet: SheetCells) -> None:
        self.sheet = sheet
        self.top = list(islice(sheet.rows, WITHIN_ROWS))
        last = self.top[-1] if self.top else 0
        self._across: dict[tuple[int, int], tuple[int, int]] = {}
        self._down: set[tuple[int, int]] = set()
        for merge in sheet.merges:
            if merge.top > last or merge.bottom - merge.top > MERGED_ROWS:
                continue
            for row in range(merge.top, merge.bottom + 1):
                if merge.left != merge.right:
                    for column in range(merge.left, min(merge.right, merge.left + 200) + 1):
                        self._across[row, column] = (merge.top, merge.left)
                if row != merge.top:
                    self._down.update((row, column) for column in range(merge.left, min(merge.right, 400) + 1))

    def text(self, row: int, column: int) -> str:
        """Return what a cell shows, what is merged over it included."""
        at = self._across.get((row, column), (row, column))
        value = self.sheet.rows.get(at[0], {}).get(at[1])
        return "" if value is None else shown(value).strip()

    def is_merged_across(self, row: int, column: int) -> bool:
        """Tell whether the cell is one of several merged side by side."""
        return (row, column) in self._across

    def is_from_above(self, row: int, column: int) -> bool:
        """Tell whether the cell shows what stands above it: merged with it, or the same text."""
        return (row, column) in self._down

    def columns(self, rows: Iterable[int]) -> list[int]:
        """Return the columns that have something in `rows`, what is merged over them included."""
        found = {column for row in rows for column in self.sheet.rows.get(row, {})}
        found |= {column for (row, column) in self._across if row in rows and self.text(row, column)}
        return sorted(found)


def find_head(cells: Cells, vocabulary: Vocabulary, chosen: Sequence[int] = ()) -> Head | None:
    """Return the heading in the top of a sheet; `chosen` are the rows a person says it stands in.

    It has at least two known columns, one of them a field of the sheet: one alone could be a label or a title.
    """
    if chosen:
        return _head(cells, tuple(sorted(chosen)), vocabulary)
    best: Head | None = None
    least = min(2, len(vocabulary.fields))
    for rows in _candidates(cells, vocabulary):
        head = _head(cells, rows, vocabulary)
        if not head.fields or _known(head, vocabulary) < least:
            continue
        if best is None or (head.score, len(rows)) > (best.score, len(best.rows) if _meet(head, best) else DEEPEST):
            best = head
    return best


def is_table(head: Head, vocabulary: Vocabulary) -> bool:
    """Tell whether nearly all of a heading is known: between the labels of a form stand values."""
    return len(head.fields) >= SURE and _known(head, vocabulary) >= SURELY * len(head.columns)


def _meet(head: Head, other: Head) -> bool:
    return bool(set(head.rows) & set(other.rows))


def _known(head: Head, vocabulary: Vocabulary) -> int:
    return sum(1 for levels in head.columns.values() if levels and vocabulary.known(levels) is not None)


def _candidates(cells: Cells, vocabulary: Vocabulary) -> Iterator[tuple[int, ...]]:
    for row in cells.top:
        rows: tuple[int, ...] = (row,)
        yield rows
        while len(rows) < DEEPEST and rows[-1] + 1 in cells.sheet.rows and _goes_on(cells, rows, vocabulary):
            rows = (*rows, rows[-1] + 1)
            yield rows


def _goes_on(cells: Cells, above: tuple[int, ...], vocabulary: Vocabulary) -> bool:
    """Tell whether the row below `above` is a further row of the same heading."""
    upper, lower = above[-1], above[-1] + 1
    texts = {column: cells.text(upper, column) for column in cells.columns([upper])}
    if len(set(filter(None, texts.values()))) < 2 or any(map(_is_no_heading, texts.values())):
        return False
    fresh = []
    for column in cells.columns([lower]):
        text = cells.text(lower, column)
        if not text or cells.is_from_above(lower, column) or text == texts.get(column):
            continue
        value = cells.sheet.rows[lower].get(column)
        if not isinstance(value, str | None) or _is_no_heading(text):
            return False
        fresh.append(column)
    if not fresh:
        return False
    alone = [column for column in texts if texts[column] and column not in fresh]
    kept = [column for column in alone if vocabulary.knows(texts[column])]
    if not kept and not all(cells.is_merged_across(upper, column) for column in texts if texts[column]):
        return False
    parts = words().year | words().month | words().day
    for column in fresh:
        child = folded(cells.text(lower, column))
        if cells.is_merged_across(upper, column) or not texts.get(column):
            continue
        divided = not texts.get(column + 1) and column + 1 in fresh
        if not (divided or vocabulary.knows(child) or child in parts or child in words().dependent):
            return False
    known = [column for column in fresh if _is_level(cells.text(lower, column), vocabulary)]
    return bool(known) or len(fresh) > 1


def _is_level(text: str, vocabulary: Vocabulary) -> bool:
    heading = folded(text)
    return vocabulary.knows(text) or heading in words().dependent or heading in words().year


def _is_no_heading(text: str) -> bool:
    """Tell whether a text is no heading: a line such as 单位：某某局, a day, a number, an essay."""
    bare = plain(text)
    return ":" in bare.rstrip(":") or len(folded(text)) > LONGEST or is_day(bare) or bare.replace(".", "").isdigit()


def _head(cells: Cells, rows: tuple[int, ...], vocabulary: Vocabulary) -> Head:
    columns = {column: _levels(cells, rows, column) for column in cells.columns(rows)}
    score, fields = 0.0, set[str]()
    for levels in columns.values():
        meant = vocabulary.known(levels)
        own = next((name for name in meant or () if name in vocabulary.fields), None)
        if own is not None and own not in fields:
            fields.add(own)
            score += 1
        elif meant is not None:
            score += 0.25
    return Head(rows, columns, score, frozenset(fields))


def _levels(cells: Cells, rows: tuple[int, ...], column: int) -> Levels:
    """Return what stands above `column` in the rows of a heading, each level once."""
    levels: list[str] = []
    for place, row in enumerate(rows):
        text = cells.text(row, column)
        if not text and any(cells.text(below, column) for below in rows[place + 1 :]):
            text = _left_of(cells, row, column)
        levels += [part for part in (" ".join(piece.split()) for piece in text.split(LEVEL)) if part]
    return tuple(level for place, level in enumerate(levels) if place == 0 or level != levels[place - 1])


def _left_of(cells: Cells, row: int, column: int) -> str:
    """Return the text that stands over a blank cell: the next to its left, if that is a parent too."""
    for left in range(column - 1, max(0, column - 12), -1):
        text = cells.text(row, left)
        if text:
            below = cells.text(row + 1, left)
            return text if below and below != text else ""
    return ""


def blocks(columns: Mapping[int, Levels], vocabulary: Vocabulary, keys: Sequence[str]) -> list[list[int]]:
    """Return the columns of each block: one, or several when the same headings stand again to the right.

    Columns before the first of them belong to every block.
    """
    order = [column for column in sorted(columns) if columns[column]]
    titles = [folded("".join(columns[column])) for column in order]
    every = [sorted(columns)]
    first = next((place for place, title in enumerate(titles) if titles.count(title) > 1), None)
    if first is None:
        return every
    starts = [place for place, title in enumerate(titles) if title == titles[first]]
    parts = [titles[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    length = len(parts[0])
    if length < 2 or any(part != parts[0][: len(part)] or len(part) < 2 for part in parts[1:]):
        return every
    fields = {name for title in parts[0] for name in vocabulary.known((title,)) or () if name in vocabulary.fields}
    if len(fields) < 2 or (keys and not fields & set(keys)):
        return every
    shared = order[:first]
    return [[*shared, *order[start : start + len(part)]] for start, part in zip(starts, parts, strict=True)]


def is_empty(row: Mapping[int, object]) -> bool:
    """Tell whether nothing stands in a row."""
    return all(is_blank(value) for value in row.values())
