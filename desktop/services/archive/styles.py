"""The page and the faces of each look; lengths in points."""

from dataclasses import dataclass, replace

from desktop.services.archive import blocks as b
from desktop.services.archive.fonts import FANG, HEI, KAI, SONG, TITLE
from desktop.services.archive.pen import INK, SUB
from desktop.services.archive.typesetting import Align, Face

MM = 72 / 25.4
SIDES = {None: Align.JUSTIFY, b.Side.LEFT: Align.LEFT, b.Side.CENTER: Align.CENTER, b.Side.RIGHT: Align.RIGHT}


@dataclass(frozen=True, slots=True)
class Style:
    """The page and the faces of one look; lengths in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    body: Face
    lead: Face
    title: Face
    below: Face
    headings: tuple[Face, Face, Face]
    cell: Face
    head_cell: Face
    note: Face
    gap: float  # after a paragraph

    @property
    def measure(self) -> float:
        """Return the width of the text."""
        return self.width - self.left - self.right

    @property
    def depth(self) -> float:
        """Return the height of the text."""
        return self.height - self.top - self.bottom


def style_for(look: b.Look, landscape: bool, small: bool = False) -> Style:
    """Return the style of a document; `small` is half a sheet.

    Source: GB/T 9704-2012, page and type area; the lines of the book look are our own.
    """
    if small:
        return _half(style_for(b.Look.BOOK, landscape=False))
    wide, high = 210 * MM, 297 * MM
    if look is b.Look.OFFICIAL:
        pitch, leading = 156 * MM / 28, 225 * MM / 22
        spacing = pitch - 16
        body = Face(FANG, 16, leading, Align.JUSTIFY, 2 * pitch, spacing)
        return Style(
            wide, high, 28 * MM, 26 * MM, 37 * MM, 35 * MM - 0.05,
            body=body,
            lead=Face(HEI, 16, leading, spacing=spacing),
            title=Face(TITLE, 22, leading * 1.2, Align.CENTER),
            below=Face(KAI, 16, leading, Align.CENTER),
            headings=(
                Face(HEI, 16, leading, Align.LEFT, 2 * pitch, spacing),
                Face(KAI, 16, leading, Align.LEFT, 2 * pitch, spacing),
                Face(FANG, 16, leading, Align.LEFT, 2 * pitch, spacing),
            ),
            cell=Face(SONG, 12, 18, Align.LEFT),
            head_cell=Face(HEI, 12, 18, Align.CENTER),
            note=Face(SONG, 10.5, 16, Align.LEFT, colour=SUB),
            gap=0.0,
        )  # fmt: skip
    if landscape:
        wide, high = high, wide
    left, right, top, bottom = (20, 20, 27, 20) if landscape else (28, 22, 28, 24)
    return Style(
        wide, high, left * MM, right * MM, top * MM, bottom * MM,
        body=Face(SONG, 12, 21, Align.JUSTIFY, 24),
        lead=Face(HEI, 12, 21),
        title=Face(TITLE, 20, 30, Align.CENTER),
        below=Face(KAI, 13, 20, Align.CENTER, colour=INK),
        headings=(
            Face(HEI, 15, 24, Align.LEFT),
            Face(HEI, 12, 20, Align.LEFT),
            Face(KAI, 12, 20, Align.LEFT),
        ),
        cell=Face(SONG, 10, 14.5, Align.LEFT),
        head_cell=Face(HEI, 10, 14.5, Align.CENTER),
        note=Face(SONG, 9, 14, Align.LEFT, colour=SUB),
        gap=3.0,
    )  # fmt: skip


def _half(style: Style) -> Style:
    """Return the style on A5: cells as large, for they are written into by hand; the title one size less."""
    edge = 14 * MM
    return replace(
        style,
        width=148 * MM,
        height=210 * MM,
        left=edge,
        right=edge,
        top=edge,
        bottom=edge,
        title=replace(style.title, size=16, leading=24),
        below=replace(style.below, size=11, leading=17),
        body=replace(style.body, size=11, leading=18),
    )


def dense(style: Style) -> Style:
    """Return the style of a table of many columns, in smaller type."""
    return replace(
        style,
        cell=replace(style.cell, size=8.5, leading=12.5),
        head_cell=replace(style.head_cell, size=8.5, leading=12.5),
    )
