"""The file in hand: where it came from, what stands in it, what was answered, and what the program makes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.services.intake.answers import Answers, Place
from desktop.services.intake.looks import ColumnLook, Confidence, Part, Question, QuestionKind, SheetLook
from desktop.services.spreadsheets.results import Changed, ImportResult, New, Warned
from desktop.services.spreadsheets.workbook import SheetCells, Workbook

UNITS = {
    "members": "人",
    "dues": "人",
    "dues_assessment": "人",
    "meetings": "次",
    "year_plan": "件",
    "photos": "个",
    "points_claims": "笔",
}
"""What one record of a kind is counted by; of all others 条."""
COLUMN_KINDS = (QuestionKind.COLUMN, QuestionKind.TWICE, QuestionKind.MISSING, QuestionKind.SHEET)
"""Questions that the page of the columns asks; the others are asked beside the result."""


@dataclass(slots=True, kw_only=True)
class InHand:
    """One file of one kind. Only `book` is missing until it was read, and `result` until it was tried."""

    kind: str
    path: Path | None = None
    text: str = ""
    """A block that was pasted, instead of a file."""
    book: Workbook | None = None
    answers: Answers = field(default_factory=Answers)
    result: ImportResult | None = None
    sheet: str = ""
    """The sheet in view."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → the words that it knows, where it knows only some."""
    left: dict[Place, Changed | New] = field(default_factory=dict)
    """What a person took out, as it stood before: it stays in the list, to be taken after all."""

    @property
    def unit(self) -> str:
        """What one record is counted by."""
        return UNITS.get(self.kind, "条")

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name if self.path is not None else "粘贴的内容"

    @property
    def looks(self) -> Sequence[SheetLook]:
        """Every sheet of the file as it was understood."""
        return self.result.sheets if self.result is not None else ()

    @property
    def held(self) -> Sequence[Question]:
        """The questions without whose answers nothing is imported."""
        return [question for question in self._questions() if question.holds]

    @property
    def open(self) -> Sequence[Question]:
        """The questions about single rows."""
        return [question for question in self._questions() if question.kind not in COLUMN_KINDS]

    def look(self, title: str = "") -> SheetLook | None:
        """Return how the sheet called `title` was understood, by default the one in view.

        The rows of a second block beside the first bear a title of their own: 名册（第2栏）.
        """
        wanted = title or self.sheet
        exact = next((look for look in self.looks if look.title == wanted), None)
        return exact or next((look for look in self.looks if wanted.startswith(f"{look.title}（第")), None)

    def cells(self) -> SheetCells | None:
        """Return the cells of the sheet in view."""
        sheets = self.book.sheets if self.book is not None else ()
        return next((cells for cells in sheets if cells.title == self.sheet), None)

    def column_of(self, question: Question) -> ColumnLook | None:
        """Return the column that is held by a question."""
        look = self.look(question.sheet)
        held = [column for column in look.columns if column.held] if look is not None else []
        named = (column for column in held if question.field in (column.heading, column.letter, f"{column.letter}列"))
        return next(named, None)

    def size_of(self, look: SheetLook) -> str:
        """Return how much a sheet holds: its records, or where it is left out its rows below the heading."""
        return f"{look.records} {self.unit if look.taken else '行'}"

    def stand_somewhere(self) -> None:
        """Look at a sheet that is there: the one in view, else the first that is taken."""
        titles = [look.title for look in self.looks] or [cells.title for cells in self.book.sheets] if self.book else []
        if self.sheet not in titles:
            taken = next((look.title for look in self.looks if look.taken), "")
            self.sheet = taken or next(iter(titles), "")

    def _questions(self) -> Iterator[Question]:
        yield from self.result.questions if self.result is not None else ()


def importable(result: ImportResult) -> int:
    """Return how many records an import would make or change."""
    return result.accepted + result.updated


def verdict(result: ImportResult, unit: str) -> str:
    """Say in one line what an import would do, each kind of row with its true count, and what is left out."""
    count = importable(result)
    counts = (
        (count, f"能导入 {count} {unit}"),
        (result.unchanged, f"{result.unchanged} {unit}不变"),
        (result.waiting, f"{result.waiting} {unit}待你定"),
        (len(result.rejected), f"{len(result.rejected)} 行退回"),
    )
    known = [words for count, words in counts if count]
    left = len(result.left_out)
    if left:
        known.append(f"另有 {left} 处没有导入")
    if known and not count and not result.unchanged:
        return "，".join(("没有能导入的", *known))
    return "，".join(known) or "没有要导入的"


def unasked(result: ImportResult) -> list[object]:
    """Return what the program left out by itself."""
    return [part for part in result.left_out if part.unasked]


def waits(column: ColumnLook) -> bool:
    """Return whether somebody should say what a column is."""
    return column.held or column.confidence is Confidence.OPEN


def own_warnings(result: ImportResult) -> list[Warned]:
    """Return what is to be heeded, without what the list of things left out says already."""
    said = {(left.sheet, left.row, left.why) for left in result.left_out}
    return [told for told in result.warnings if not any(_is_about(told, *left) for left in said)]


def _is_about(told: Warned, sheet: str, row: int, why: str) -> bool:
    return (told.sheet, told.row) == (sheet, row) and told.reason.endswith(f"：{why}")


def left_words(result: ImportResult) -> list[tuple[Part, str]]:
    """Return what was left out, by sheets, columns and rows, each in words of one line."""
    out = []
    for part in Part:
        members = [left for left in result.left_out if left.kind is part]
        if not members:
            continue
        labels = part is Part.COLUMN and not any(left.column for left in members)
        measure = "个标签" if labels else MEASURES[part]
        noun = "表" if part is Part.SHEET else ""
        if part is Part.ROW:
            names = _counted({left.why: 0 for left in members}, [left.why for left in members])
        else:
            names = "、".join(dict.fromkeys(left.sheet if part is Part.SHEET else left.what for left in members))
        out.append((part, f"{len(members)} {measure}{noun}：{names}"))
    return out


MEASURES = {Part.SHEET: "张", Part.COLUMN: "列", Part.ROW: "行", Part.TEXT: "段文字"}
"""What parts of a file are counted by."""


def _counted(kinds: Mapping[str, int], each: Sequence[str]) -> str:
    return "、".join(f"{kind} {each.count(kind)}" for kind in kinds)
