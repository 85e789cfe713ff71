"""The user's manual as data: its chapters and topics, found by words and by the page they are about.

It is one Markdown file. `## ` begins a chapter; a paragraph that begins with bold words and a full stop, a topic of it.
"""

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from desktop.paths import resource

MANUAL = "manual/手册.md"
PAGES = "manual/pages.toml"
FIRST = "第一天"

_TOPIC = re.compile(r"\*\*(.{1,20})。\*\*")
_PICTURE = re.compile(r"!\[(.*)\]\((.+)\)")
_NUMBERED = re.compile(r"(\d+)\. +(.*)")
_MARKS = re.compile(r"\*\*(.+?)\*\*|`(.+?)`|\[([^\]]*)\]\([^)]*\)")


class Kind(Enum):
    """What a piece of a chapter is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    PICTURE = "picture"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, an item of a list, a row of a table (its cells), a picture (its file), lines of code.

    `lead` is the topic it begins, or the mark of an item.
    """

    kind: Kind
    words: tuple[str, ...]
    lead: str = ""
    picture: Path | None = None

    @property
    def plain(self) -> str:
        """Return its words without marks."""
        return " ".join(map(unmarked, self.words))


@dataclass(frozen=True, slots=True)
class Topic:
    """What is said of one thing: where it stands and what it is made of. Without a `title` it begins the chapter,
    and may say nothing yet."""

    chapter: str
    title: str
    pieces: tuple[Piece, ...]

    @property
    def key(self) -> str:
        """Return how pages name it: chapter, or chapter/title."""
        return f"{self.chapter}/{self.title}" if self.title else self.chapter

    def holds(self, words: Sequence[str]) -> bool:
        """Whether every one of `words` (in lower case) stands in it."""
        text = "\n".join((self.chapter, self.title, *(piece.plain for piece in self.pieces))).casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title, its topics, and its own Markdown."""

    title: str
    topics: tuple[Topic, ...]
    source: str


@functools.cache
def chapters() -> tuple[Chapter, ...]:
    """Return the manual; what stands before the first chapter opens that one."""
    return tuple(_read(resource(MANUAL).read_text("utf-8")))


def find(words: str) -> list[Topic]:
    """Return the topics that hold every word of `words`, those that are called so first."""
    asked = words.casefold().split()
    found = [topic for chapter in chapters() for topic in chapter.topics if asked and topic.holds(asked)]
    return sorted(found, key=lambda topic: not any(word in topic.key.casefold() for word in asked))


def topic_of(kind: str, area: str, tab: str, form: str = "") -> str:
    """Return the key of what is said of a page of a store of `kind`; `form` is what is open over it, by its class."""
    places = _places()
    return places["forms"].get(form) or places[kind].get(f"{area}/{tab}", FIRST)


@functools.cache
def _places() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource(PAGES).read_text("utf-8"))


def unmarked(text: str) -> str:
    """Return words without the marks of Markdown."""
    return _MARKS.sub(lambda found: next(group for group in found.groups() if group is not None), text)


def _read(source: str) -> Iterator[Chapter]:
    head, *parts = re.split(r"(?m)^## ", source)
    opening = re.sub(r"(?m)^# .*\n", "", head).strip()
    for number, part in enumerate(parts):
        title, _, body = part.partition("\n")
        own = f"{opening}\n\n{body}" if number == 0 else body
        yield Chapter(title.strip(), tuple(_topics(title.strip(), own)), f"## {title}\n{own}")


def _topics(chapter: str, body: str) -> Iterator[Topic]:
    title, pieces = "", list[Piece]()
    for piece in _pieces(body):
        if piece.kind is Kind.PARAGRAPH and piece.lead:
            yield Topic(chapter, title, tuple(pieces))
            title, pieces = piece.lead, []
        pieces.append(piece)
    yield Topic(chapter, title, tuple(pieces))


def _pieces(body: str) -> Iterator[Piece]:
    folder = resource(MANUAL).parent
    for block in re.split(r"\n{2,}", body.strip("\n")):
        if block.startswith("    "):
            yield Piece(Kind.CODE, tuple(line.removeprefix("    ") for line in block.splitlines()))
            continue
        for line in block.splitlines():
            if found := _PICTURE.fullmatch(line):
                yield Piece(Kind.PICTURE, (found[1],), picture=folder / found[2])
            elif line.startswith("|"):
                cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
                if set("".join(cells)) - set("-: "):
                    yield Piece(Kind.ROW, cells)
            elif line.startswith("- "):
                yield Piece(Kind.ITEM, (line.removeprefix("- "),), "·")
            elif found := _NUMBERED.fullmatch(line):
                yield Piece(Kind.ITEM, (found[2],), f"{found[1]}.")
            elif line:
                lead = _TOPIC.match(line)
                yield Piece(Kind.PARAGRAPH, (line[lead.end() :].strip() if lead else line,), lead[1] if lead else "")
