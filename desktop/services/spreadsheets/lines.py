"""Several things in one cell: a line each, its parts divided by |. What is written here is what is read here."""

import re
from collections.abc import Iterable

from desktop.services.quoting import clean

_LINE_MARK = re.compile(r"[\n；;]")
_PART_MARK = re.compile(r"[|｜]")
_SIMILAR = str.maketrans({"|": "／", "｜": "／", "；": "，", ";": "，"})


def split_lines(text: str) -> list[str]:
    """Return the lines of a cell, divided by line breaks or ；."""
    return [line for line in map(clean, _LINE_MARK.split(text)) if line]


def split_parts(line: str) -> list[str]:
    """Return the parts of a line, divided by |."""
    return [clean(part) for part in _PART_MARK.split(line)]


def join_parts(parts: Iterable[str]) -> str:
    """Return a line of these parts, without empty ones at its end."""
    pieces = [piece(part) for part in parts]
    while pieces and not pieces[-1]:
        pieces.pop()
    return "|".join(pieces)


def join_lines(lines: Iterable[str]) -> str:
    """Return the cell of these lines, without empty ones."""
    return "\n".join(filter(None, lines))


def piece(text: str) -> str:
    """Return free text as a part of a line: its own breaks become spaces, its own dividing marks similar ones."""
    return re.sub(r"\s+", " ", clean(text)).translate(_SIMILAR)
