"""Lines of Chinese text: where they may break, and how they fill the measure.

No line begins with a closing mark or ends with an opening one, Latin words and numbers stay whole, and all lines but
the last of a paragraph are filled by spacing the characters evenly.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import accumulate
from typing import NamedTuple

from desktop.services.archive.blocks import JOINER
from desktop.services.archive.fonts import Chain, chain

NOT_AT_START = frozenset("，。、；：！？）》〉」』】〕］｝”’…—～％℃‰·,.;:?!)]}%々")
NOT_AT_END = frozenset("（《〈「『【〔［｛“‘([{￥＃№")

_WORD_MARKS = frozenset("._-/:@%+*#&='~\\")
_JOINTS = frozenset("-/_")
_SQUEEZE = 0.5  # of an em: how much a line may be tightened to take in one closing mark
_STRETCH = 0.5  # of an em between characters: beyond this a line is left short instead
_ROUNDING = 0.01


class Align(Enum):
    """How a line sits in its measure."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Face:
    """How text looks: faces in order of preference, size, leading, colour (`#rrggbb`); lengths in points."""

    names: tuple[str, ...]
    size: float
    leading: float
    align: Align = Align.JUSTIFY
    indent: float = 0.0  # of the first line
    spacing: float = 0.0  # added after every character
    colour: str = "#000000"
    chain: Chain = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chain", chain(self.names))

    def aligned(self, align: Align) -> "Face":
        """Return the same face set `align`."""
        return replace(self, align=align)


class Line(NamedTuple):
    """One line ready to be set: `lead` characters of it are in the face of the paragraph's lead words."""

    text: str
    x: float
    spacing: float
    lead: int = 0


def is_word(character: str) -> bool:
    """Tell whether `character` belongs to a Latin word or a number, which is not cut."""
    return (character < "\u1100" and character.isalnum()) or character in _WORD_MARKS


def may_break(text: str, at: int) -> bool:
    """Tell whether a line may end before `text[at]`."""
    before, after = text[at - 1], text[at]
    if after in NOT_AT_START or before in NOT_AT_END or after == JOINER or before == JOINER:
        return False
    if before == "," and text[at - 2 : at - 1].isdigit() and text[at : at + 3].isdigit() and len(text) >= at + 3:
        return False  # an amount: 14,667.40
    return not (is_word(before) and is_word(after))


def width_of(text: str, face: Face) -> float:
    """Return the width of `text` on one line."""
    return face.size * sum(map(face.chain.widths.__getitem__, text)) + face.spacing * len(text)


def _place(text: str, natural: float, room: float, face: Face, indent: float, *, last: bool, lead: int = 0) -> Line:
    spare = room - natural
    spacing = face.spacing
    gaps = len(text) - 1
    if gaps > 0 and (spare < 0 or (face.align is Align.JUSTIFY and not last)) and spare / gaps <= _STRETCH * face.size:
        return Line(text, indent, round(spacing + spare / gaps, 3), lead)
    if face.align is Align.CENTER:
        indent += spare / 2
    elif face.align is Align.RIGHT:
        indent += spare
    return Line(text, indent, spacing, lead)


def set_lines(text: str, face: Face, width: float, lead: str = "", lead_face: Face | None = None) -> list[Line]:
    """Break `text` into lines of `width`; `lead` goes before it, in `lead_face`.

    A line break in `text` starts a new line.

    Raises:
        MissingCharacter: no face has one of the characters.
    """
    likely = len(text) * face.size <= width * (2 if text.isascii() else 1.2)
    if likely and not lead and "\n" not in text:
        natural, room = width_of(text, face), width - face.indent
        if natural <= room + _ROUNDING:
            return [_place(text.replace(JOINER, ""), natural, room, face, face.indent, last=True)]
    lines: list[Line] = []
    for index, part in enumerate((lead + text).split("\n")):
        leading = len(lead) if index == 0 else 0
        lines += _set_part(part, face, width, leading, lead_face or face)
    return lines


def _set_part(text: str, face: Face, width: float, lead: int, lead_face: Face) -> list[Line]:
    edges = _edges(text, face, lead, lead_face)
    count, start, indent = len(text), 0, face.indent
    lines: list[Line] = []
    while start < count:
        room = width - indent
        end = bisect_right(edges, edges[start] + room + _ROUNDING) - 1
        if end < count:
            end = _break_at(text, edges, start, end, room, face.size)
        stop = end
        while stop > start + 1 and text[stop - 1] == " ":
            stop -= 1
        natural = edges[stop] - edges[start]
        taken = max(0, min(lead, stop) - start)
        shown = text[start:stop].replace(JOINER, "")
        lines.append(_place(shown, natural, room, face, indent, last=end >= count, lead=taken))
        start, indent = end, 0.0
        while start < count and text[start] == " ":
            start += 1
    return lines or [Line("", face.indent, face.spacing)]


def _edges(text: str, face: Face, lead: int, lead_face: Face) -> list[float]:
    """Return where each character of `text` would begin on one endless line, and where the last one ends."""
    size, spacing = face.size, face.spacing
    widths = face.chain.widths.__getitem__
    if not lead:
        return list(accumulate([width * size + spacing for width in map(widths, text)], initial=0.0))
    own = lead_face.chain.widths.__getitem__
    sizes = [width * lead_face.size + lead_face.spacing for width in map(own, text[:lead])]
    sizes += [width * size + spacing for width in map(widths, text[lead:])]
    return list(accumulate(sizes, initial=0.0))


def _break_at(text: str, edges: list[float], start: int, end: int, room: float, size: float) -> int:
    """Return where the line from `start` ends, `end` being the first character that does not fit."""
    if (
        text[end] in NOT_AT_START
        and edges[end + 1] - edges[start] - room <= size * _SQUEEZE
        and (end + 1 == len(text) or may_break(text, end + 1))
    ):
        return end + 1
    place = end
    while place > start and not may_break(text, place):
        place -= 1
    if place > start:
        return place
    for place in range(end, start, -1):  # one word longer than the line: cut it after all, best behind a joint
        if text[place - 1] in _JOINTS and text[place] not in NOT_AT_START:
            return place
    place = end
    while place > start + 1 and (text[place] in NOT_AT_START or text[place - 1] in NOT_AT_END):
        place -= 1
    return max(place, start + 1)
