"""What a person said about a file: read again with the same answers, it is understood the same."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, NamedTuple, TypeVar

from desktop.services.errors import Input, InvalidInput
from desktop.services.intake.looks import RowRole

ANSWERS = Input("answers", "对列方案")
NOT_TAKEN: Final = ""
"""The field of a column that is not to be imported."""


class Spot(NamedTuple):
    """A column of a sheet, counted from 1."""

    sheet: str
    column: int


class Line(NamedTuple):
    """A row of a sheet, counted from 1."""

    sheet: str
    row: int


class Place(NamedTuple):
    """A field of a row; with an empty field the row as a whole."""

    sheet: str
    row: int
    field: str = ""


class Word(NamedTuple):
    """A spelling as it stands in the cells of a field."""

    field: str
    spelling: str


class Keep(Enum):
    """What may be done with a word that means nothing the field knows."""

    TEXT = "text"


TEXT: Final = Keep.TEXT
"""Keep the word as it is written."""

Meaning = str | Keep | None
"""What a word stands for: another word, itself as text, or nothing (the cell counts as empty)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything a person decided about one file; empty as long as nobody said anything."""

    encoding: str = ""
    sheets: Mapping[str, bool] = field(default_factory=dict)
    """Title → whether the sheet is taken."""
    columns: Mapping[Spot, str] = field(default_factory=dict)
    """Column → field, or `NOT_TAKEN`."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Heading as written → field, for every column that bears it; what is said of a column itself goes before."""
    roles: Mapping[Line, RowRole] = field(default_factory=dict)
    words: Mapping[Word, Meaning] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    """Key of a question → value of the option chosen."""
    edits: Mapping[Place, str] = field(default_factory=dict)
    """Cells put right on the spot."""
    untaken: frozenset[Place] = frozenset()
    """Fields or whole rows that are not to be taken."""
    assume: Mapping[str, str] = field(default_factory=dict)
    """Kind of question → the reply to all of its kind that have none of their own."""

    def reply(self, key: str, kind: str) -> str | None:
        """Return what was answered to the question `key` of `kind`, None if nobody did."""
        return self.replies.get(key, self.assume.get(kind))

    def lasting(self) -> "Answers":
        """Return what holds for other files of the same headings: nothing of single rows, and no one's data."""
        return Answers(headings=self.headings, words=self.words)

    def over(self, remembered: "Answers") -> "Answers":
        """Return these answers with those `remembered` below: what is said of this file wins."""
        return replace(
            self,
            headings={**remembered.headings, **self.headings},
            words={**remembered.words, **self.words},
            assume={**remembered.assume, **self.assume},
        )

    def to_json(self) -> str:
        """Return these answers as text that `from_json` reads."""
        document = {
            "encoding": self.encoding,
            "sheets": dict(self.sheets),
            "columns": [[*spot, name] for spot, name in sorted(self.columns.items())],
            "headings": dict(self.headings),
            "roles": [[*line, role.value] for line, role in sorted(self.roles.items())],
            "words": [
                [*word, *_meaning_out(meaning)] for word, meaning in sorted(self.words.items(), key=lambda at: at[0])
            ],
            "replies": dict(self.replies),
            "edits": [[*place, text] for place, text in sorted(self.edits.items())],
            "untaken": [list(place) for place in sorted(self.untaken)],
            "assume": dict(self.assume),
        }
        return json.dumps({name: part for name, part in document.items() if part}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Answers":
        """Return the answers that `text` holds.

        Raises:
            InvalidInput: it was not written by `to_json`.
        """
        try:
            document = json.loads(text)
            return cls(
                encoding=_text(document.get("encoding", "")),
                sheets={_text(title): _flag(taken) for title, taken in document.get("sheets", {}).items()},
                columns={Spot(_text(s), _number(c)): _text(name) for s, c, name in document.get("columns", ())},
                headings=_texts(document, "headings"),
                roles={Line(_text(s), _number(r)): RowRole(role) for s, r, role in document.get("roles", ())},
                words=_words(document.get("words", ())),
                replies=_texts(document, "replies"),
                edits={Place(_text(s), _number(r), _text(n)): _text(t) for s, r, n, t in document.get("edits", ())},
                untaken=frozenset(Place(_text(s), _number(r), _text(n)) for s, r, n in document.get("untaken", ())),
                assume=_texts(document, "assume"),
            )
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidInput(ANSWERS, "文件不是本程序导出的对列方案，或已损坏") from error


def _meaning_out(meaning: Meaning) -> tuple[str, ...]:
    if meaning is None:
        return ("empty",)
    return ("text",) if isinstance(meaning, Keep) else ("value", meaning)


def _words(rows: Iterable[list[object]]) -> dict[Word, Meaning]:
    found: dict[Word, Meaning] = {}
    for name, spelling, how, *value in rows:
        word = Word(_text(name), _text(spelling))
        if how == "value":
            (found[word],) = map(_text, value)
        elif how in ("empty", "text") and not value:
            found[word] = TEXT if how == "text" else None
        else:
            raise ValueError(how)
    return found


_Kind = TypeVar("_Kind")


def _checked(kind: type[_Kind]) -> Callable[[object], _Kind]:
    def check(value: object) -> _Kind:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return check


_text, _number, _flag = _checked(str), _checked(int), _checked(bool)


def _texts(document: Mapping[str, Mapping[object, object]], name: str) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in document.get(name, {}).items()}
