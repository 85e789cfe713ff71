"""What a person answers on the pages of the import, as one more `Answers`; they know no widget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from desktop.services.intake.answers import NOT_TAKEN, TEXT, Answers, Line, Meaning, Place, Spot, Word
from desktop.services.intake.looks import ColumnLook, Question, QuestionKind, RowRole, SheetLook
from desktop.services.spreadsheets.results import Rejected
from desktop.services.spreadsheets.text import plain

_MEANINGS: Mapping[str, Meaning] = {"text": TEXT, "empty": None}
K = TypeVar("K")
V = TypeVar("V")


def choose_field(answers: Answers, column: ColumnLook, field: str | None) -> Answers:
    """Say what a column is: a field, `NOT_TAKEN`, or (None) take back what was said of it."""
    spots = [Spot(column.sheet, spot) for spot in column.spots]
    if not spots:  # a label: what it means holds wherever it stands
        headings = _without(answers.headings, [column.heading])
        return replace(answers, headings=headings if field is None else {**headings, column.heading: field})
    if field is None:
        return replace(answers, columns=_without(answers.columns, spots))
    return replace(answers, columns={**answers.columns, **dict.fromkeys(spots, field)})


def set_encoding(answers: Answers, encoding: str) -> Answers:
    """Say how a text is written; empty lets the program find out."""
    return replace(answers, encoding=encoding)


def tick_sheet(answers: Answers, title: str, on: bool) -> Answers:
    """Take a sheet, or leave it."""
    return replace(answers, sheets={**answers.sheets, title: on})


def set_role(answers: Answers, sheet: str, row: int, role: RowRole | None) -> Answers:
    """Say what a row is there for; None takes it back."""
    line = Line(sheet, row)
    if role is None:
        return replace(answers, roles=_without(answers.roles, [line]))
    return replace(answers, roles={**answers.roles, line: role})


def answer(answers: Answers, question: Question, value: str, looks: Sequence[SheetLook]) -> Answers:
    """Answer a question where its answer belongs: at its columns, its sheet, or under its key."""
    columns = [column for look in looks if look.title == question.sheet for column in look.columns]
    if question.kind is QuestionKind.SHEET:
        return tick_sheet(answers, value, True)
    if question.kind is QuestionKind.COLUMN:
        for column in columns:
            if column.held and question.field in (column.heading, column.letter, f"{column.letter}列"):
                return choose_field(answers, column, value)
    if question.kind is QuestionKind.TWICE:
        for column in columns:
            if column.field == question.field and str(column.spots[0]) != value:
                answers = choose_field(answers, column, NOT_TAKEN)
        return answers
    mark, name, spelling = (*question.key.split(":", 2), "", "")[:3]
    if mark == QuestionKind.WORD.value:
        return replace(answers, words={**answers.words, Word(name, spelling): _MEANINGS.get(value, value)})
    return reply(answers, question, value)


def reply(answers: Answers, question: Question, value: str | None) -> Answers:
    """Answer a question; None takes the answer back."""
    if value is None:
        return replace(answers, replies=_without(answers.replies, [question.key]))
    return replace(answers, replies={**answers.replies, question.key: value})


def reply_all(answers: Answers, questions: Iterable[Question], value: str) -> Answers:
    """Answer several questions alike."""
    return replace(answers, replies={**answers.replies, **{question.key: value for question in questions}})


def reply_each(answers: Answers, replies: Mapping[str, str]) -> Answers:
    """Answer several questions, each in its own way, by their keys."""
    return replace(answers, replies={**answers.replies, **replies})


def reopen(answers: Answers, sheet: str, row: int) -> Answers:
    """Take a row that was left out: what was answered so that it is not taken is asked again."""
    place = Place(sheet, row)
    replies = {key: value for key, value in answers.replies.items() if not key.endswith(f":{sheet}:{row}")}
    return replace(answers, replies=replies, untaken=answers.untaken - {place})


def put_right(answers: Answers, place: Place, words: str) -> Answers:
    """Put a cell right on the spot."""
    return replace(answers, edits={**answers.edits, place: words})


def correct(answers: Answers, rows: Sequence[Rejected], words: str, known: Sequence[str]) -> Answers:
    """Put a refused value right wherever it stands in `rows`; a word that the field knows stands for it for good."""
    first = rows[0]
    if words in known and len(rows) > 1:
        return replace(answers, words={**answers.words, Word(first.name, plain(first.value)): words})
    edits = {Place(refused.sheet, refused.row, refused.name): words for refused in rows}
    return replace(answers, edits={**answers.edits, **edits})


def take(answers: Answers, place: Place, on: bool) -> Answers:
    """Take a change or a row, or leave it."""
    return replace(answers, untaken=answers.untaken - {place} if on else answers.untaken | {place})


def is_given(answers: Answers) -> bool:
    """Return whether anything was answered at all."""
    return answers != Answers()


def _without(mapping: Mapping[K, V], keys: Sequence[K]) -> dict[K, V]:
    return {key: value for key, value in mapping.items() if key not in keys}
