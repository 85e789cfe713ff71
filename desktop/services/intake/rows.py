"""Rows as understood: what their cells mean, where they stand, and how they are refused or warned about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any

from desktop.services.errors import Input, InvalidInput
from desktop.services.intake.looks import LeftOut, Part, Question, QuestionKind, SheetLook
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.results import Changed, ImportResult, Rejected, Source, Warned
from desktop.services.spreadsheets.text import shown
from desktop.services.spreadsheets.workbook import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What minutes in a document say beyond the cells of a row, and the document itself."""

    origin: Origin
    agenda: tuple[tuple[str, str], ...] = ()
    """Items with what was said about them."""
    agenda_text: str = ""
    """The cell that stands for `agenda`, as long as nobody put it right."""
    speeches: tuple[tuple[str, str], ...] = ()
    """Who said what; the words that nobody said by name come first, whole."""
    speeches_text: str = ""
    came: tuple[str, ...] = ()
    """Names of who was there."""
    everyone: bool = False
    """The words say that everybody came."""
    unfinished: bool = False
    """The names of who came are not all of them: 张三、李四等20人."""
    quoted_topic: bool = False
    """The topic is the beginning of what was written down, for want of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    open: tuple[tuple[str, str], ...] = ()
    """(field, reason) of cells nobody understood in columns that decide nothing: the row is good without them."""
    texts: Mapping[str, str] = dataclass_field(default_factory=dict)
    """Field → a word that a person wants kept as it is written, though the field knows no such word."""
    remarks: tuple[tuple[str, str], ...] = ()
    """(field, words) of cells read otherwise than they are written: a day lifted, one of two telephone numbers."""
    minutes: Minutes | None = None
    """What the document says beyond, where the row was made from one."""

    def get(self, name: str) -> Any:
        """Return what the cell of `name` means, None for an empty cell or a missing column."""
        return self.values.get(name)

    def shown(self, name: str) -> str:
        """Return the cell of `name` as the user sees it."""
        title = self.titles.get(name)
        return shown(self.source.values[self.source.titles.index(title)]) if title in self.source.titles else ""

    def reject(self, name: str, reason: str) -> Rejected:
        """Return this row as refused because of `name`, which may be a field or a title of its own."""
        field, known = self.titles.get(name, name), name if name in self.titles else ""
        return Rejected(
            sheet=self.sheet,
            row=self.number,
            field=field,
            value=self.shown(name),
            reason=reason,
            source=self.source,
            name=known,
        )

    def refuse(self, error: InvalidInput) -> Rejected:
        """Return this row as refused by `error`, at the column of its name, else of its label, else under its label."""
        named = error.name if error.name in self.titles else None
        labelled = next((name for name, title in self.titles.items() if title == error.label), error.label)
        return self.reject(named or labelled, error.reason)

    def change(self, record: str, label: str, before: str, after: str, *, name: str = "", note: str = "") -> Changed:
        """Return what this row changes in a record."""
        return Changed(
            record=record,
            field=label,
            before=before,
            after=after,
            row=self.number,
            sheet=self.sheet,
            name=name,
            note=note,
        )

    def warn(self, name: str, reason: str) -> Warned:
        """Return a warning about this row."""
        return Warned(self.sheet, self.number, self.titles.get(name, name), reason)


HEADER = Input("header", "表头")
SHEETS = Input("sheets", "工作表")


def unanswered(question: Question) -> InvalidInput:
    """Return the refusal of an import that waits for an answer; its fact `cli` is the option that gives it."""
    field = SHEETS if question.kind is QuestionKind.SHEET else HEADER
    return InvalidInput(field, question.words, cli=question.cli)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """All a file says: the rows, those refused, what is asked, and everything that was left out."""

    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Warned, ...] = ()
    sheets: tuple[SheetLook, ...] = ()
    questions: tuple[Question, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def held(self) -> tuple[Question, ...]:
        """Return the questions without whose answers nothing is imported."""
        return tuple(question for question in self.questions if question.holds)

    def result(self, dry_run: bool = False) -> ImportResult:
        """Return a result to go on counting in: rows read, refusals, questions and what was left out so far.

        Raises:
            InvalidInput: something is to be answered first; a dry run has it among its questions.
        """
        if self.held and not dry_run:
            raise unanswered(self.held[0])
        return ImportResult(
            read=len(self.rows) + len(self.rejected),
            rejected=list(self.rejected),
            warnings=[*(_told(left) for left in self.left_out if left.unasked), *self.warnings],
            sheets=self.sheets,
            questions=list(self.questions),
            left_out=list(self.left_out),
            dry_run=dry_run,
        )


def _told(left: LeftOut) -> Warned:
    """Return what was left out as a warning about the file."""
    if left.kind is Part.SHEET:
        return Warned(left.sheet, 0, left.kind.label, f"没有读取：{left.why}")
    if left.kind is Part.COLUMN:
        return Warned(left.sheet, 0, left.what, f"未导入：{left.why}")
    return Warned(left.sheet, left.row, left.kind.label, f"未导入：{left.why}")


def refused(row: Row, faults: Sequence[tuple[str, str]]) -> Rejected:
    """Return `row` as refused for all `faults` (field, reason); the first names the cell, all stand in the reason."""
    first, *others = faults
    told = row.reject(*first)
    more = "".join(f"；{quoted(row.titles.get(name, name))}：{reason}" for name, reason in others)
    return replace(told, reason=told.reason + more)
