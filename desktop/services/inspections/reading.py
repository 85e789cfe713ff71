"""A checklist as an inspector brings it, in Excel or as a table in Word: its columns, its rows, what is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.services.errors import InvalidInput
from desktop.services.intake.documents import read_documents, takes
from desktop.services.intake.heads import Cells, Head, find_head
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import words
from desktop.services.spreadsheets.budget import FILE
from desktop.services.spreadsheets.numbers import parse_decimal
from desktop.services.spreadsheets.reading import read_workbook
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.spreadsheets.text import is_blank, plain, shown
from desktop.services.spreadsheets.workbook import SheetCells

FIELDS = {
    "section": "项目",
    "title": "内容与标准",
    "points": "分值",
    "scoring": "评分说明",
    "method": "考评方式",
    "owner": "责任人",
    "due_on": "备齐期限",
    "finding": "自查情况",
    "self_points": "自查分",
    "checked_points": "考核分",
    "note": "备注",
}
"""What a column of a checklist may hold; a column that is none of them is kept as it is."""
SCORES = ("points", "self_points", "checked_points")
TITLE, SECTION = "title", "section"
_LEAST = 2
"""So many known columns make a checklist of a table."""
_SHEET = Sheet("inspection_point", "检查表", tuple(SheetColumn(name, label) for name, label in FIELDS.items()))


@dataclass(frozen=True, slots=True)
class ListHead:
    """A column of the list: what stands above it, and the field it fills ("": kept as it is)."""

    title: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class BroughtPoint:
    """One row: its cells by field as text, those of other columns by what stands above them."""

    cells: Mapping[str, str]
    others: tuple[tuple[str, str], ...] = ()

    def score(self, name: str) -> float | None:
        """Return a score of the row, None where there is none or what stands there is no number of points."""
        return as_points(self.cells.get(name, ""))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no point of the list, and why."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class BroughtList:
    """One table of a file, read as a checklist."""

    name: str
    heading: str
    heads: tuple[ListHead, ...]
    points: tuple[BroughtPoint, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def full(self) -> float:
        """The sum of all points."""
        return sum(point.score("points") or 0 for point in self.points)


def as_points(text: str) -> float | None:
    """Return the number of points that a cell says (“5分”, “10”); None for anything else."""
    bare = plain(text).strip().removesuffix("分").strip()
    if not bare:
        return None
    try:
        number = parse_decimal(bare, _SHEET.column("points"))
    except InvalidInput:
        return None
    return None if number is None or number < 0 else float(number)


def read_lists(path: Path) -> tuple[BroughtList, ...]:
    """Return the checklists in a workbook or document, one of each table that is one.

    Raises:
        InvalidInput: field 文件: it cannot be read, or holds no table with 内容与标准 and another known column.
    """
    book = read_documents(path) if takes(path) else read_workbook(path)
    found = [brought for sheet in book.sheets if not sheet.hidden and (brought := _read(sheet)) is not None]
    if not found:
        known = "、".join(list(FIELDS.values())[:4])
        raise InvalidInput(FILE, f"没有认出检查表：要有一行列名，如{known}")
    return tuple(found)


def _read(sheet: SheetCells) -> BroughtList | None:
    cells, vocabulary = Cells(sheet), Vocabulary(_SHEET)
    head = find_head(cells, vocabulary)
    if head is None or len(head.fields) < _LEAST:
        return None
    columns = _columns(head, vocabulary, sheet)
    if TITLE not in {column.field for column in columns.values()}:
        return None
    points, left_out = list[BroughtPoint](), list[LeftOut]()
    again = _merged_down(sheet)
    section = ""
    for number, row in sheet.rows.items():
        if number <= head.rows[-1]:
            continue
        texts = {column: shown(value).strip() for column, value in row.items() if not is_blank(value)}
        said = [text for column, text in texts.items() if column in columns]
        if not said:
            continue
        first = said[0]
        if any(words().sum.fullmatch(plain(each).replace(" ", "")) for each in (first, texts[min(texts)])):
            left_out.append(LeftOut(number, "　".join(said), "合计行，导出时重新算"))
        elif len(set(said)) == 1 and (len(said) > 1 or min(texts) != _column_of(columns, TITLE)):
            section = first
            left_out.append(LeftOut(number, first, "分组的标题，作为下面各行的项目"))
        else:
            points.append(_point(texts, columns, section, {c for c in texts if (number, c) in again}))
    if not points:
        return None
    above = [line for number in sheet.rows if number < head.rows[0] if (line := _line(sheet, number))]
    return BroughtList(sheet.title, above[0] if above else "", tuple(columns.values()), tuple(points), tuple(left_out))


def _columns(head: Head, vocabulary: Vocabulary, sheet: SheetCells) -> dict[int, ListHead]:
    """Return the columns with their fields, each field once; numbering is left out, for it follows from the order.

    Where no heading says which column holds the standard itself, it is the unknown one with the longest texts.
    """
    columns, taken = dict[int, ListHead](), set[str]()
    for column, levels in sorted(head.columns.items()):
        if not levels or vocabulary.is_quiet(levels[-1]):
            continue
        meant = vocabulary.path(levels)
        name = next((m.field for m in meant.meant if m.field in FIELDS and m.field not in taken), "") if meant else ""
        taken.add(name)
        columns[column] = ListHead("".join(levels), name)
    if TITLE not in taken:
        unknown = {column: sum(_lengths(sheet, head, column)) for column, each in columns.items() if not each.field}
        longest = max(unknown, key=lambda column: unknown[column], default=None)
        longest = _column_of(columns, SECTION) if longest is None else longest
        if longest is not None:
            columns[longest] = ListHead(columns[longest].title, TITLE)
    return columns


def _lengths(sheet: SheetCells, head: Head, column: int) -> Iterator[int]:
    for number, row in sheet.rows.items():
        if number > head.rows[-1] and not is_blank(row.get(column)):
            yield len(shown(row[column]))


def _column_of(columns: Mapping[int, ListHead], name: str) -> int | None:
    return next((column for column, each in columns.items() if each.field == name), None)


def _line(sheet: SheetCells, number: int) -> str:
    row = sheet.rows[number]
    return "　".join(dict.fromkeys(shown(value).strip() for value in row.values() if not is_blank(value)))


def _merged_down(sheet: SheetCells) -> set[tuple[int, int]]:
    """Return the cells that show what is merged from a row above."""
    return {
        (row, column)
        for merge in sheet.merges
        for row in range(merge.top + 1, merge.bottom + 1)
        for column in range(merge.left, merge.right + 1)
    }


def _point(texts: Mapping[int, str], columns: Mapping[int, ListHead], section: str, again: set[int]) -> BroughtPoint:
    """Return a row as a point. A score that is merged down from the row above counts once, at that row."""
    cells, others = dict[str, str](), list[tuple[str, str]]()
    for column, each in columns.items():
        text = texts.get(column, "")
        if not text or (each.field in SCORES and column in again):
            continue
        if not each.field or (each.field in SCORES and as_points(text) is None):
            others.append((each.title, text))
        else:
            cells[each.field] = text
    if section and SECTION not in cells:
        cells[SECTION] = section
    if TITLE not in cells:  # a row that only goes on with how it is scored
        cells[TITLE] = cells.get("scoring") or cells.get(SECTION) or next(iter(texts.values()))
    return BroughtPoint(cells, tuple(others))


def head_words(heads: Sequence[ListHead]) -> str:
    """Return the columns of a list as one text: their titles with the field that each fills."""
    return "\n".join(f"{each.title}|{each.field}" if each.field else each.title for each in heads)


def heads_of(text: str) -> tuple[ListHead, ...]:
    """Return the columns that `head_words` wrote."""
    parts = (line.rpartition("|") for line in text.splitlines() if line.strip())
    return tuple(
        ListHead(before, name) if bar and name in FIELDS else ListHead(f"{before}{bar}{name}")
        for before, bar, name in parts
    )
