"""Lists as other programs write them (programs.toml): by which headings one is known, in which order one is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from desktop.paths import resource
from desktop.services.intake.vocabulary import folded
from desktop.services.toml_tables import Table, read_toml

FILE = "workbooks/programs.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A list of another program."""

    id: str
    sheet: str
    """The kind of sheet it is read as."""
    name: str
    seems: str
    label: str
    """What its order is called where it is offered for an export; empty where it is not."""
    headings: tuple[str, ...]
    more: tuple[str, ...]
    telling: frozenset[str]
    telling_least: int
    least: int
    filled: Mapping[str, str]
    """Heading → what an export writes under it that is no field of the sheet."""
    words: Mapping[str, Mapping[str, str]]
    """Field → value → what the program calls it."""

    def known(self, headings: Iterable[str]) -> int:
        """Return how many of folded `headings` are its own."""
        own = {folded(heading) for heading in (*self.headings, *self.more)}
        return sum(heading in own for heading in headings)


def program_of(kind: str, headings: Iterable[str]) -> Program | None:
    """Return the program whose list has these headings, None where they tell none."""
    written = {folded(heading) for heading in headings} - {""}
    share, programs = _content()
    best: tuple[int, Program | None] = (0, None)
    for program in programs:
        known = program.known(written)
        told = sum(folded(heading) in written for heading in program.telling)
        enough = known >= program.least and 100 * known >= share * len(written) and told >= program.telling_least
        if program.sheet == kind and enough and known > best[0]:
            best = known, program
    return best[1]


def layouts(kind: str) -> Mapping[str, str]:
    """Return the orders in which a list of this kind can be written besides its own: id → label."""
    return {program.id: program.label for program in programs(kind) if program.label}


def programs(kind: str) -> tuple[Program, ...]:
    """Return the programs whose lists are read as sheets of `kind`."""
    return tuple(program for program in _content()[1] if program.sheet == kind)


@cache
def _content() -> tuple[int, tuple[Program, ...]]:
    root = read_toml(resource(FILE).read_bytes(), FILE)
    found = root.integer("share"), root.rows("programs", _program)
    root.done()
    return found


def _program(table: Table) -> Program:
    filled = _texts(table.table("filled")) if table.has("filled") else {}
    words = table.table("words") if table.has("words") else None
    return Program(
        id=table.text("id"),
        sheet=table.text("sheet"),
        name=table.text("name"),
        seems=table.text("seems"),
        label=table.text("label", ""),
        headings=table.texts("headings"),
        more=table.texts("more"),
        telling=frozenset(table.texts("telling")),
        telling_least=table.integer("telling_least"),
        least=table.integer("least"),
        filled=filled,
        words={name: _texts(words.table(name)) for name in words.names()} if words is not None else {},
    )


def _texts(table: Table) -> dict[str, str]:
    return {name: table.text(name) for name in table.names()}
