"""The words that tell headings, sheets, separating rows and foot lines apart (resources/workbooks)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from typing import Any

from desktop.paths import resource
from desktop.services.spreadsheets.words import words as spellings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetKind:
    """A kind of sheet that is not what is being taken in."""

    seems: str
    titles: tuple[str, ...]
    headings: tuple[str, ...] = ()
    """Columns that tell it, too."""
    unless: tuple[str, ...] = ()
    """Fields that say it is none of that kind, whatever other columns there are."""
    quiet: bool = False
    """It holds no records: nobody needs to be asked about it."""
    weak: bool = False
    """Its words alone do not outweigh a good heading."""
    gives: Mapping[str, str] = dataclass_field(default_factory=dict)
    """What it says of all its rows, where a person wants them all the same: field → words."""


@dataclass(frozen=True, slots=True)
class Separator:
    """How a row reads that only separates, and what its words are for."""

    pattern: re.Pattern[str]
    field: str = ""
    """The field of the rows below that its words fill; empty for none."""
    away: bool = False
    """The rows below are not what is being taken in."""


@dataclass(frozen=True, slots=True)
class TitleWords:
    """What a title says of all rows below it."""

    pattern: re.Pattern[str]
    field: str
    value: str = ""
    """Instead of the words themselves."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A column of moments: its day is for one field, its time of day for another."""

    day: str
    clock: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A field made of people in one column and what each did in another."""

    field: str
    each: str
    beside: str = ""
    """One more column that says something of each of them (证书编号)."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Words that say a column is not of `field`, whatever stands above it, and what they are."""

    field: str
    spellings: frozenset[str]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFields:
    """A list of names with a column for each meeting, and the fields that it fills."""

    names: frozenset[str]
    """Headings of the column of names, folded."""
    day: str
    kind: str
    due: str
    present: str
    absences: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything layouts.toml says of one kind of sheet."""

    others: tuple[SheetKind, ...]
    own: tuple[str, ...]
    separators: tuple[Separator, ...]
    titles: tuple[TitleWords, ...]
    feeds: tuple[Feed, ...]
    lists: tuple[Listed, ...]
    coded: tuple[Coded, ...]
    matrix: MatrixFields | None
    told_by_words: tuple[str, ...]
    single: Mapping[str, str]
    """Content → the only field of the sheet that looks so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What layouts.toml says of every sheet."""

    same: tuple[tuple[str, ...], ...]
    fillers: tuple[str, ...]
    telling: tuple[str, ...]
    similar: int
    dependent: frozenset[str]
    others: tuple[str, ...]
    year: frozenset[str]
    month: frozenset[str]
    day: frozenset[str]
    without_year: frozenset[str]
    """Fields of days that may lack the year which a title says."""
    year_in_title: re.Pattern[str]
    foot: re.Pattern[str]
    sum: re.Pattern[str]
    jobs: re.Pattern[str]
    """A unit and a job in one cell."""
    note: re.Pattern[str]
    hint: re.Pattern[str]
    nothing: Mapping[str, frozenset[str]]
    """Field → words that say that there is none yet."""
    surnames: frozenset[str]
    present: frozenset[str]
    absent: frozenset[str]
    none: frozenset[str]
    """Marks of who came, who did not, and who was not expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesWords:
    """What layouts.toml says of minutes that are written in sentences."""

    title: re.Pattern[str]
    body: tuple[str, ...]
    agenda: tuple[str, ...]
    leave: tuple[str, ...]
    counts: Mapping[str, re.Pattern[str]]
    """Field → where its number stands."""
    words: Mapping[str, re.Pattern[str]]


@cache
def _layouts() -> Mapping[str, Any]:
    return tomllib.loads(resource("workbooks/layouts.toml").read_text(encoding="utf-8"))


@cache
def headings() -> Mapping[str, Mapping[str, Any]]:
    """Return headings.toml: sheet → field → spellings."""
    return tomllib.loads(resource("workbooks/headings.toml").read_text(encoding="utf-8"))


def spellings(kind: str, name: str) -> tuple[str, ...]:
    """Return what people call the field `name` of the sheet `kind`, or of a register, besides its label."""
    return tuple(word for table in (kind, "register") for word in headings().get(table, {}).get(name, ()))


def _jobs(content: Mapping[str, list[str]]) -> re.Pattern[str]:
    units, jobs, before = ("|".join(map(re.escape, content[name])) for name in ("units", "words", "before"))
    return re.compile(rf"(?P<unit>.*(?:{units})\)?)?[\s、,;/]*(?P<job>(?:{before})*(?:{jobs}))")


@cache
def words() -> Words:
    """Return the words that hold for every sheet."""
    content = _layouts()
    variants, levels, lines = content["variants"], content["levels"], content["lines"]
    return Words(
        same=tuple(tuple(alike) for alike in variants["same"]),
        fillers=tuple(sorted(variants["fillers"], key=len, reverse=True)),
        telling=tuple(variants["telling"]),
        similar=variants["similar"],
        dependent=frozenset(levels["dependent"]),
        others=tuple(levels["others"]),
        year=frozenset(levels["year"]),
        month=frozenset(levels["month"]),
        day=frozenset(levels["day"]),
        without_year=frozenset(content["years"]["fields"]),
        year_in_title=re.compile(content["years"]["title"]),
        foot=re.compile(lines["foot"]),
        sum=re.compile(lines["sum"]),
        jobs=_jobs(content["jobs"]),
        note=re.compile(lines["note"]),
        hint=re.compile(lines["hint"]),
        nothing={name: frozenset(said) for name, said in content["nothing"].items()},
        surnames=frozenset("".join(content["contents"]["surnames"].split())),
        present=frozenset(content["attendance"]["present"]),
        absent=frozenset(content["attendance"]["absent"]),
        none=frozenset(content["attendance"]["none"]),
    )


@cache
def minutes_words() -> MinutesWords:
    """Return the words of minutes."""
    content = _layouts()["minutes"]
    return MinutesWords(
        title=re.compile(content["title"]),
        body=tuple(content["body"]),
        agenda=tuple(content["agenda"]),
        leave=tuple(content["leave"]),
        counts={name: re.compile(pattern) for name, pattern in content["counts"].items()},
        words={name: re.compile(pattern) for name, pattern in content["words"].items()},
    )


def _matrix(row: Mapping[str, Any]) -> MatrixFields:
    return MatrixFields(**{**{name: row[name] for name in row if name != "sheet"}, "names": frozenset(row["names"])})


@cache
def wording(kind: str) -> Wording:
    """Return the words of the sheet `kind`."""
    content = _layouts()

    def of(name: str) -> Any:
        return content[name].get(kind, ())

    return Wording(
        others=tuple(
            SheetKind(
                seems=row["seems"],
                titles=tuple(row["titles"]),
                headings=tuple(row.get("headings", ())),
                unless=tuple(row.get("unless", ())),
                quiet=row.get("quiet", False),
                weak=row.get("weak", False),
                gives=row.get("gives", {}),
            )
            for row in of("sheets") or content["sheets"]["common"]
        ),
        own=tuple(of("own")),
        separators=tuple(
            Separator(re.compile(row["pattern"]), row.get("field", ""), row.get("away", False))
            for row in of("separators")
        ),
        titles=tuple(
            TitleWords(re.compile(row["pattern"]), row["field"], row.get("value", "")) for row in of("titles")
        ),
        feeds=tuple(Feed(row["day"], row["clock"]) for row in content["feeds"] if row["sheet"] == kind),
        lists=tuple(
            Listed(row["field"], row["each"], row.get("beside", "")) for row in content["lists"] if row["sheet"] == kind
        ),
        coded=tuple(
            Coded(row["field"], frozenset(spellings_of(row["words"])), row["what"])
            for row in content["coded"]
            if row["sheet"] == kind
        ),
        matrix=next((_matrix(row) for row in content["matrices"] if row["sheet"] == kind), None),
        told_by_words=tuple(of("contents")),
        single=content["contents"]["single"].get(kind, {}),
    )
