"""Who said what, in one text: 张三：汇报走访；李四：同意. A form divides by lines, a cell by lines or ；."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.models.meetings import Speech
from desktop.services.quoting import clean

NOBODY = "未具名"
"""Stands for the name of words that nobody in particular said, where they would read as somebody's."""

_MARKS = "：:；;\n，。,、“”"
_NAME = rf"[^\s{_MARKS}][^{_MARKS}]{{0,28}}[^\s{_MARKS}]"
_NAMED = re.compile(rf"\s*({_NAME})\s*[：:](.*)", re.S)


@dataclass(frozen=True, slots=True)
class Division:
    """How speeches are divided: what is written between them, where one may end, what is trimmed from each."""

    between: str
    marks: str

    def starts(self) -> str:
        """Return the pattern of a mark after which somebody's name stands."""
        return rf"[{self.marks}](?=\s*{_NAME}\s*[：:])"

    def trimmed(self, words: str) -> str:
        """Return words without spaces and dividing marks around them."""
        return re.sub(rf"^[\s{self.marks}]+|[\s{self.marks}]+$", "", clean(words))


IN_CELL = Division("；\n", "；;\n")
IN_FORM = Division("\n", "\n")


def read_speeches(
    text: str, is_member: Callable[[str], str | None] = lambda _name: None, division: Division = IN_CELL
) -> tuple[Speech, ...]:
    """Return the speeches of a text; `is_member` gives the id of a name on the roster of that day.

    A part that names nobody before a colon belongs to the speech before it.
    """
    speeches: list[Speech] = []
    for part in re.split(division.starts(), text):
        named = _NAMED.fullmatch(part)
        name = named[1] if named is not None else ""
        words = division.trimmed(named[2] if named is not None else part)
        if name and name != NOBODY:
            speeches.append(Speech(name, words, is_member(name)))
        elif words:
            speeches.append(Speech("", words, None))
    return tuple(speeches)


def write_speeches(speeches: Sequence[Speech], division: Division = IN_CELL) -> str:
    """Return the text that `read_speeches` reads as these speeches."""
    parts: list[str] = []
    for speech in speeches:
        name, words = clean(speech.name), division.trimmed(speech.text)
        if name == NOBODY:
            name = ""
        if name and re.fullmatch(_NAME, name) is None:
            name, words = "", division.trimmed(f"{name}：{words}")
        # A mark that would begin somebody else's speech becomes a comma.
        words = re.sub(division.starts(), "，", words)
        if not name and words and (parts or _NAMED.match(words)):
            name = NOBODY
        if name or words:
            parts.append(f"{name}：{words}" if name else words)
    return division.between.join(parts)
