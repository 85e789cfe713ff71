"""The blocks of a document set into boxes of fixed width."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from desktop.services.archive import blocks as b
from desktop.services.archive.boxes import Box, Break, Cover, Drawn, Gap, Group, HeadingText, Places, Text
from desktop.services.archive.composer import Composer, Guard
from desktop.services.archive.figures import bars_box, corner_box, picture_box, radar_box, tree_box
from desktop.services.archive.fonts import HEI, KAI, SONG, TITLE, MissingCharacter
from desktop.services.archive.pen import BLACK, INK, LINE, Pen
from desktop.services.archive.styles import MM, SIDES, Style
from desktop.services.archive.tables import fields_box, table_box
from desktop.services.archive.typesetting import Align, Face, Line, set_lines, width_of


class Setter:
    """Sets the blocks of one document into boxes."""

    def __init__(self, document: b.Document, style: Style, guard: Guard) -> None:
        self._document, self._style = document, style
        self._composer = Composer(style, guard, document.title)
        self._count = 0
        self.entries: list[tuple[b.Heading, str]] = []  # listed headings and their keys, in order
        for heading in _headings(document.blocks):
            self._count += 1
            if heading.listed:
                self.entries.append((heading, heading.anchor or f"h{self._count}"))
        self._count = 0

    def boxes(self) -> list[Box]:
        """Return the boxes of the whole document."""
        return [box for block in self._document.blocks for box in self.set(block)]

    def set(self, block: b.Block) -> list[Box]:
        """Return the boxes of one block."""
        return _WAYS[type(block)](self, block)

    def _note(self, block: b.Note) -> Box:
        face = self._style.note.aligned(SIDES[block.side])
        box = Text(self._composer.lines(block.text, face, self._style.measure), face)
        box.before, box.after = 3.0, 3.0
        return box

    def _keep(self, block: b.Keep) -> Box:
        group = Group([box for inner in block.blocks for box in self.set(inner)])
        group.with_previous = block.signs
        return group

    def _title(self, block: b.Title) -> list[Box]:
        style = self._style
        self._composer.section = block.text.replace(b.TURN, "")
        box = Text(self._balanced(block.text, style.title), style.title)
        box.after = 4.0 if block.below else 12.0
        box.with_next = True
        if not block.below:
            return [box]
        below = Text(self._composer.lines(block.below, style.below, style.measure), style.below)
        below.after = 12.0
        return [box, below]

    def _balanced(self, text: str, face: Face) -> list[Line]:
        """Return a title in lines of about the same length, or divided where its writer has marked it."""
        measure = self._style.measure
        parts = [self._composer.guard.clean(part, face, self._composer.section, "标题") for part in text.split(b.TURN)]
        text = "".join(parts)
        fits = "\n" not in text and max(width_of(part, face) for part in parts) <= measure
        if fits and len(parts) > 1 and width_of(text, face) > measure:
            text = "\n".join(parts)
        if "\n" in text or width_of(text, face) <= measure:
            return set_lines(text, face, measure)
        count = math.ceil(width_of(text, face) / measure)
        narrow = min(measure, width_of(text, face) / count + 1.5 * face.size)
        shift = (measure - narrow) / 2
        return [line._replace(x=line.x + shift) for line in set_lines(text, face, narrow)]

    def _heading(self, block: b.Heading) -> Box:
        face = self._style.headings[min(block.level, 3) - 1]
        self._composer.section = block.text
        self._count += 1
        lines = self._composer.lines(block.text, face, self._style.measure)
        box = HeadingText(lines, face, block, block.anchor or f"h{self._count}")
        if self._document.look is b.Look.BOOK:
            box.before, box.after = (16.0, 8.0) if block.level == 1 else (10.0, 4.0)
        return box

    def _paragraph(self, block: b.Paragraph) -> Box:
        style = self._style
        indent = style.body.indent if block.indent and block.side in (None, b.Side.LEFT) else 0.0
        face = Face(
            style.body.names, style.body.size, style.body.leading, SIDES[block.side], indent, style.body.spacing
        )
        try:
            lines = self._running(block.text, block.lead, face)
        except MissingCharacter:
            record = block.record or self._composer.section
            text = self._composer.guard.clean(block.text, face, record, block.field)
            lead = self._composer.guard.clean(block.lead, style.lead, record, block.field)
            lines = self._running(text, lead, face)
        box = Text(lines, face, style.lead)
        box.after = style.gap
        return box

    def _running(self, text: str, lead: str, face: Face) -> list[Line]:
        """Return the lines of a text whose line breaks begin paragraphs."""
        style = self._style
        parts = [part.strip() for part in text.strip().split("\n")]
        lines = set_lines(parts[0], face, style.measure, lead, style.lead)
        for part in parts[1:]:
            lines += set_lines(part, face, style.measure)
        return lines

    def _signatures(self, block: b.Signatures) -> Box:
        style = self._style
        face = Face(style.body.names, style.body.size, style.body.leading, Align.LEFT)
        labels = [self._composer.lines(label + "：", face, style.measure) for label in block.labels]
        widths = [width_of(label + "：", face) for label in block.labels]
        pitch = face.leading * 1.35
        half = style.measure / 2

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            for index, (lines, width) in enumerate(zip(labels, widths, strict=True)):
                at, y = x + half * (index % 2), top - pitch * (index // 2) - (pitch - face.leading)
                pen.lines(lines, at, y, face)
                foot = y - face.leading + (face.leading - face.size) / 2 - 1
                pen.rules([(at + width, foot, at + half - 18, foot)], BLACK, 0.5)

        box = Drawn(pitch * math.ceil(len(labels) / 2), draw)
        box.before, box.with_previous = face.leading, True
        return box

    def _cover(self, block: b.Cover) -> Box:
        style = self._style
        organisation = Face(TITLE, 18, 30, Align.CENTER)
        title, below = Face(TITLE, 32, 48, Align.CENTER), Face(KAI, 20, 32, Align.CENTER)
        label_face, value_face = Face(HEI, 14, 20, Align.LEFT), Face(SONG, 14, 20, Align.CENTER)
        self._composer.section = block.title
        head = self._composer.lines(block.organisation, organisation, style.measure)
        heading = self._balanced(block.title, title)
        under = self._composer.lines(block.below, below, style.measure)
        label_width = max((width_of(label + "：", label_face) for label, _ in block.pairs), default=0.0)
        block_width = min(style.measure, 120 * MM)
        value_width = block_width - label_width - 6
        pairs = [
            (
                self._composer.lines(label + "：", label_face, label_width + 1),
                self._composer.lines(value, value_face, value_width, block.title, label),
            )
            for label, value in block.pairs
        ]

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            pen.lines(head, x, top - 22 * MM, organisation)
            y = top - 22 * MM - len(head) * organisation.leading - 8
            pen.rules([(x, y, x + style.measure, y)], BLACK, 1.6)
            pen.rules([(x, y - 3, x + style.measure, y - 3)], BLACK, 0.5)
            y = top - style.depth * 0.33
            pen.lines(heading, x, y, title)
            pen.lines(under, x, y - len(heading) * title.leading - 14, below)
            left = x + (style.measure - block_width) / 2
            y = top - style.depth + sum(max(len(v), 1) * 20 + 12 for _, v in pairs) + 6 * MM
            for label, value in pairs:
                pen.lines(label, left, y, label_face)
                pen.lines(value, left + label_width + 6, y, value_face)
                y -= max(len(value), 1) * 20
                pen.rules([(left + label_width + 6, y, left + block_width, y)], BLACK, 0.5)
                y -= 12

        return Cover(style.depth - 1, draw)

    def _contents(self, block: b.Contents) -> list[Box]:
        style = self._style
        face = style.title
        title = Text(self._composer.lines(block.title, face, style.measure), face)
        title.after, title.with_next = 10.0, True
        boxes: list[Box] = [title]
        for heading, key in self.entries:
            if heading.level <= block.levels:
                boxes.append(self._entry(heading, key))
        boxes.append(Break())
        return boxes

    def _entry(self, heading: b.Heading, key: str) -> Box:
        style = self._style
        first = heading.level == 1
        size = style.cell.size + (2 if first else 1)
        face = Face(HEI if first else SONG, size, size * 1.75, Align.LEFT, colour=BLACK if first else INK)
        shift = 2 * size * (heading.level - 1)
        number_width = 4 * size
        lines = self._composer.lines(heading.text, face, style.measure - shift - number_width)
        right = face.aligned(Align.RIGHT)

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            pen.lines(lines, x + shift, top, face)
            number = str(places.page(key) or "")
            foot = top - (len(lines) - 1) * face.leading
            pen.lines(set_lines(number, right, number_width), x + style.measure - number_width, foot, right)
            start = x + shift + lines[-1].x + width_of(lines[-1].text, face) + 6
            end = x + style.measure - width_of(number, face) - 6
            if end > start:
                y = foot - face.leading / 2 - size * 0.25
                pen.rules([(start, y, end, y)], LINE, 0.7, dash="0.7 2.6")
            pen.link(key, (x, top - len(lines) * face.leading, x + style.measure, top))

        box = Drawn(len(lines) * face.leading, draw)
        box.before = 5.0 if first else 0.0
        return box


_WAYS: dict[type, Callable[[Setter, Any], list[Box]]] = {
    b.Title: Setter._title,
    b.Heading: lambda setter, block: [setter._heading(block)],
    b.Paragraph: lambda setter, block: [setter._paragraph(block)],
    b.Note: lambda setter, block: [setter._note(block)],
    b.Table: lambda setter, block: [table_box(block, setter._composer)],
    b.Fields: lambda setter, block: [fields_box(block, setter._composer)] if block.pairs else [],
    b.Signatures: lambda setter, block: [setter._signatures(block)],
    b.Picture: lambda setter, block: [picture_box(block, setter._composer)],
    b.Corner: lambda setter, block: [corner_box(block, setter._composer)],
    b.Radar: lambda setter, block: [radar_box(block, setter._composer)],
    b.Bars: lambda setter, block: [bars_box(block, setter._composer)],
    b.Tree: lambda setter, block: [tree_box(block, setter._composer)],
    b.Cover: lambda setter, block: [setter._cover(block), Break()],
    b.Contents: Setter._contents,
    b.PageBreak: lambda _setter, _block: [Break()],
    b.Space: lambda _setter, block: [Gap(block.height_mm * MM)],
    b.Keep: lambda setter, block: [setter._keep(block)],
}
"""How each kind of block is set."""


def _headings(flow: Sequence[b.Block]) -> Iterator[b.Heading]:
    for block in flow:
        if isinstance(block, b.Heading):
            yield block
        elif isinstance(block, b.Keep):
            yield from _headings(block.blocks)
