"""From blocks to boxes to pages: how high everything is, where it may be divided, on which page it comes to stand.

A block is set once, into boxes of fixed width. The flow then lays boxes under each other, so the number of pages and
the page of every heading are known before anything is drawn.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from desktop.services.archive import blocks as b
from desktop.services.archive import charts
from desktop.services.archive.fonts import FANG, HEI, KAI, SONG, SUBSTITUTE, TITLE, MissingCharacter
from desktop.services.archive.pen import BLACK, INK, LINE, SHADE, SUB, Pen
from desktop.services.archive.typesetting import Align, Face, Line, set_lines, width_of
from desktop.services.errors import InvalidInput

MM = 72 / 25.4

_CELL_SIDE, _CELL_TOP = 4.0, 3.2
_SHORT, _CODE = 5, 26  # characters: what stands on one line in a cell
_MEASURED = 12  # of the longest of them, to find the widest
_TALL_ROW = 0.3  # of a page: a higher row is divided rather than pushed to the next page
_CONTROLS = (*range(0x09), *range(0x0B, 0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0xFEFF)
_VARIATIONS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_CLEANED: dict[int, str] = dict.fromkeys((*_CONTROLS, *_VARIATIONS), "")
_CLEANED |= {0x09: " ", 0xA0: " ", 0x2028: "\n", 0x2029: "\n"}
_SIDES = {None: Align.JUSTIFY, b.Side.LEFT: Align.LEFT, b.Side.CENTER: Align.CENTER, b.Side.RIGHT: Align.RIGHT}


@dataclass(frozen=True, slots=True)
class Sheet:
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


def sheet_for(look: b.Look, landscape: bool) -> Sheet:
    """Return the sheet of a document.

    Source: GB/T 9704-2012, page and type area; the lines of the book look are our own.
    """
    wide, high = 210 * MM, 297 * MM
    if look is b.Look.OFFICIAL:
        pitch, leading = 156 * MM / 28, 225 * MM / 22
        spacing = pitch - 16
        body = Face(FANG, 16, leading, Align.JUSTIFY, 2 * pitch, spacing)
        return Sheet(
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
    return Sheet(
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


class Guard:
    """Lets no character through that cannot be printed: refuses it by name, or puts 〓 and remembers."""

    def __init__(self, substitute: bool) -> None:
        self._substitute = substitute
        self.found: list[b.Substituted] = []

    def clean(self, text: str, face: Face, record: str, name: str) -> str:
        """Return `text` as it can be set in `face`.

        Raises:
            InvalidInput: a character is in no face, and substitutes were not asked for.
        """
        text = text.translate(_CLEANED)
        for character in face.chain.missing(text.replace("\n", "")):
            if not self._substitute:
                raise InvalidInput(
                    name or "正文",
                    f"字库里没有字符“{character}”（U+{ord(character):04X}），无法打印",
                    record=record,
                    character=character,
                )
            self.found.append(b.Substituted(character, record, name))
            text = text.replace(character, SUBSTITUTE)
        return text


class Places(Protocol):
    """What is known once every box has its page."""

    def page(self, anchor: str) -> int | None: ...

    def span(self, anchor: str) -> int | None: ...


class Box:
    """A part of the flow: a height, what stands before and after it, and how it is drawn and divided."""

    height = 0.0
    before = 0.0
    after = 0.0
    with_next = False  # never alone at the foot of a page
    breaks = False  # begins a page

    @property
    def least(self) -> float:
        """Return the height of the smallest part that may stand at the foot of a page."""
        return self.height

    def divide(self, room: float, fresh: bool) -> "tuple[Box, Box] | None":
        """Return a part no higher than `room` and the rest, or None; `fresh` says that a page begins here."""
        return None

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        """Draw the box, its upper left corner at (x, top)."""


class Gap(Box):
    """Empty height that vanishes at the head of a page."""

    def __init__(self, height: float) -> None:
        self.after = height


class Break(Box):
    """The end of a page."""

    breaks = True


class Text(Box):
    """A paragraph."""

    def __init__(self, lines: list[Line], face: Face, lead: Face | None = None, shift: float = 0.0) -> None:
        self.lines, self.face, self.lead, self.shift = lines, face, lead, shift
        self.height = len(lines) * face.leading

    @property
    def least(self) -> float:
        return min(2, len(self.lines)) * self.face.leading

    def divide(self, room: float, fresh: bool) -> tuple[Box, Box] | None:
        count, fit = len(self.lines), int((room + 0.01) / self.face.leading)
        if count - fit == 1 and fit >= 3:
            fit -= 1  # no single last line on the next page
        if fit >= count or fit < 1 or (fit < 2 and not fresh):
            return None
        head = Text(self.lines[:fit], self.face, self.lead, self.shift)
        rest = Text(self.lines[fit:], self.face, self.lead, self.shift)
        head.before, rest.after = self.before, self.after
        return head, rest

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        pen.lines(self.lines, x + self.shift, top, self.face, self.lead)


class HeadingText(Text):
    """A heading, which the outline, the contents and references lead to."""

    with_next = True

    def __init__(self, lines: list[Line], face: Face, source: b.Heading, key: str) -> None:
        super().__init__(lines, face)
        self.source, self.key = source, key

    @property
    def least(self) -> float:
        return self.height

    def divide(self, room: float, fresh: bool) -> tuple[Box, Box] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        pen.mark(self.key, top + 6)
        super().draw(pen, x, top, places)


class GridCell(NamedTuple):
    """A cell: where it stands in its row, its lines or the page it refers to."""

    x: float
    width: float
    lines: list[Line]
    face: Face
    shaded: bool = False
    reference: b.PageOf | b.PagesOf | None = None


class GridRow(NamedTuple):
    """A row of cells; a `bound` row stays with the one after it."""

    cells: tuple[GridCell, ...]
    height: float
    bound: bool = False
    top_aligned: bool = False


class Grid(Box):
    """Rows with thin lines around their cells; the head is repeated on every page."""

    def __init__(self, head: GridRow | None, rows: Sequence[GridRow], page: float) -> None:
        self.head, self.rows, self._page = head, rows, page
        self.height = sum(row.height for row in rows) + (head.height if head else 0.0)

    @property
    def least(self) -> float:
        need = self.head.height if self.head else 0.0
        for row in self.rows:
            need += min(row.height, self._page * _TALL_ROW)
            if not row.bound:
                break
        return need

    def divide(self, room: float, fresh: bool) -> tuple[Box, Box] | None:
        room -= self.head.height if self.head else 0.0
        used, count = 0.0, 0
        for row in self.rows:
            if used + row.height > room + 0.01:
                break
            used += row.height
            count += 1
        while count and count < len(self.rows) and self.rows[count - 1].bound:
            count -= 1
            used -= self.rows[count].height
        if count == len(self.rows):
            return None
        head, rest = list(self.rows[:count]), list(self.rows[count:])
        if rest[0].height > self._page * _TALL_ROW or (fresh and not count):
            parts = _divide_row(rest[0], room - used)
            if parts:
                head.append(parts[0])
                rest[0] = parts[1]
        if not head:
            return None
        upper, lower = Grid(self.head, head, self._page), Grid(self.head, rest, self._page)
        upper.before, lower.after = self.before, self.after
        return upper, lower

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        rows = ([self.head] if self.head else []) + list(self.rows)
        self._draw_shades(pen, rows, x, top)
        y = top
        across: list[tuple[float, float, float, float]] = []
        down: list[tuple[float, float, float, float]] = []
        started: dict[float, float] = {}
        for row in rows:
            edges = {cell.x for cell in row.cells}
            last = row.cells[-1]
            edges.add(last.x + last.width)
            for edge in [e for e in started if e not in edges]:
                down.append((x + edge, started.pop(edge), x + edge, y))
            for edge in edges:
                started.setdefault(edge, y)
            across.append((x + row.cells[0].x, y, x + last.x + last.width, y))
            for cell in row.cells:
                self._draw_cell(pen, cell, row, x, y, places)
            y -= row.height
        down += [(x + edge, start, x + edge, y) for edge, start in started.items()]
        across.append((across[-1][0], y, across[-1][2], y))
        pen.rules([*across, *sorted(down)], LINE, 0.4)
        if self.head:
            foot = top - self.head.height
            pen.rules([(across[0][0], top, across[0][2], top), (across[0][0], foot, across[0][2], foot)], BLACK, 0.6)

    def _draw_shades(self, pen: Pen, rows: list[GridRow], x: float, top: float) -> None:
        for row in rows:
            for cell in row.cells:
                if cell.shaded:
                    pen.area(x + cell.x, top - row.height, cell.width, row.height, SHADE)
            top -= row.height

    def _draw_cell(self, pen: Pen, cell: GridCell, row: GridRow, x: float, y: float, places: Places) -> None:
        lines = cell.lines
        if cell.reference is not None:
            reference = cell.reference
            number = places.page(reference.anchor) if isinstance(reference, b.PageOf) else places.span(reference.anchor)
            lines = set_lines("" if number is None else str(number), cell.face, cell.width - 2 * _CELL_SIDE)
            if isinstance(reference, b.PageOf) and number is not None:
                pen.link(reference.anchor, (x + cell.x, y - row.height, x + cell.x + cell.width, y))
        if not lines or not any(line.text for line in lines):
            return
        inner = len(lines) * cell.face.leading
        offset = _CELL_TOP if row.top_aligned else (row.height - inner) / 2
        pen.lines(lines, x + cell.x + _CELL_SIDE, y - offset, cell.face)


def _divide_row(row: GridRow, room: float) -> tuple[GridRow, GridRow] | None:
    """Return the lines of a row that fit into `room`, and the others."""
    leading = max(cell.face.leading for cell in row.cells)
    fit = int((room - 2 * _CELL_TOP) / leading)
    if fit < 2 or fit >= max(len(cell.lines) for cell in row.cells):
        return None
    upper = tuple(cell._replace(lines=cell.lines[:fit]) for cell in row.cells)
    lower = tuple(cell._replace(lines=cell.lines[fit:], reference=None) for cell in row.cells)
    return _row(upper, row.bound, True), _row(lower, row.bound, True)


def _row(cells: tuple[GridCell, ...], bound: bool = False, top_aligned: bool = False) -> GridRow:
    height = max(max(1, len(cell.lines)) * cell.face.leading for cell in cells) + 2 * _CELL_TOP
    return GridRow(cells, height, bound, top_aligned)


class Drawn(Box):
    """Anything of a fixed height that draws itself."""

    def __init__(self, height: float, draw: Callable[[Pen, float, float, Places], None]) -> None:
        self.height, self._draw = height, draw

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        self._draw(pen, x, top, places)


class Group(Box):
    """Boxes that stay together if a page can hold them."""

    def __init__(self, boxes: list[Box]) -> None:
        self.boxes = boxes
        self.places: list[tuple[Box, float]] = []
        y = gap = 0.0
        for index, box in enumerate(boxes):
            y += max(gap, box.before) if index else 0.0
            self.places.append((box, y))
            y += box.height
            gap = box.after
        self.height, self.before, self.after = y, boxes[0].before if boxes else 0.0, gap

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        for box, offset in self.places:
            box.draw(pen, x, top - offset, places)


@dataclass
class Page:
    """The boxes of one page and how far below the head of the text each stands."""

    boxes: list[tuple[Box, float]] = field(default_factory=list)
    bare: bool = False  # a cover: no running head


class Cover(Drawn):
    """A first page; it fills the page and has no running head."""


def inner_boxes(box: Box) -> Iterator[Box]:
    """Return the box and those inside it."""
    yield box
    if isinstance(box, Group):
        for each in box.boxes:
            yield from inner_boxes(each)


def paginate(boxes: Sequence[Box], depth: float) -> list[Page]:
    """Lay the boxes under each other on pages of `depth`."""
    pages = [Page()]
    y = gap = 0.0
    waiting = list(reversed(boxes))
    while waiting:
        box = waiting.pop()
        fresh = not pages[-1].boxes
        if box.breaks:
            if not fresh:
                pages.append(Page())
            y = gap = 0.0
            continue
        if isinstance(box, Gap):
            gap = max(gap, box.after) if not fresh else 0.0
            continue
        at = y if fresh else y + max(gap, box.before)
        room = depth - at
        need = box.height if not box.with_next else box.height + _following(waiting, depth)
        if need <= room + 0.01 or (box.with_next and fresh):
            pages[-1].boxes.append((box, at))
            pages[-1].bare = pages[-1].bare or isinstance(box, Cover)
            y, gap = at + box.height, box.after
            continue
        if isinstance(box, Group) and box.height > depth:
            waiting.extend(reversed(box.boxes))
            continue
        parts = None if box.with_next else box.divide(room, fresh)
        if parts is not None:
            pages[-1].boxes.append((parts[0], at))
            waiting.append(parts[1])
        elif fresh:
            pages[-1].boxes.append((box, at))  # higher than a page and not divisible
        else:
            waiting.append(box)
        pages.append(Page())
        y = gap = 0.0
    if len(pages) > 1 and not pages[-1].boxes:
        pages.pop()
    return pages


def _following(waiting: list[Box], depth: float) -> float:
    """Return the height that must follow a heading on its page."""
    need = 0.0
    for box in reversed(waiting):
        if box.breaks:
            break
        if isinstance(box, Gap):
            continue
        need += box.before + (box.height if box.with_next else min(box.least, depth / 2))
        if not box.with_next:
            break
    return need


class Setter:
    """Sets the blocks of one document into boxes."""

    def __init__(self, document: b.Document, sheet: Sheet, guard: Guard) -> None:
        self._document, self._sheet, self._guard = document, sheet, guard
        self._section = document.title  # named in a message about a character
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

    def _lines(self, text: str, face: Face, width: float, record: str = "", name: str = "") -> list[Line]:
        try:
            return set_lines(text, face, width)
        except MissingCharacter:
            return set_lines(self._guard.clean(text, face, record or self._section, name), face, width)

    def set(self, block: b.Block) -> list[Box]:
        """Return the boxes of one block."""
        match block:
            case b.Title():
                return self._title(block)
            case b.Heading():
                return [self._heading(block)]
            case b.Paragraph():
                return [self._paragraph(block)]
            case b.Note():
                face = self._sheet.note.aligned(_SIDES[block.side])
                box = Text(self._lines(block.text, face, self._sheet.measure), face)
                box.before, box.after = 3.0, 3.0
                return [box]
            case b.Table():
                return [self._table(block)]
            case b.Fields():
                return [self._fields(block)] if block.pairs else []
            case b.Signatures():
                return [self._signatures(block)]
            case b.Picture():
                return self._picture(block)
            case b.Radar():
                return [self._radar(block)]
            case b.Bars():
                return [self._bars(block)]
            case b.Cover():
                return [self._cover(block), Break()]
            case b.Contents():
                return self._contents(block)
            case b.PageBreak():
                return [Break()]
            case b.Space():
                return [Gap(block.height_mm * MM)]
            case b.Keep():
                return [Group([box for each in block.blocks for box in self.set(each)])]

    def _title(self, block: b.Title) -> list[Box]:
        sheet = self._sheet
        self._section = block.text.replace(b.TURN, "")
        box = Text(self._balanced(block.text, sheet.title), sheet.title)
        box.after = 4.0 if block.below else 12.0
        box.with_next = True
        if not block.below:
            return [box]
        below = Text(self._lines(block.below, sheet.below, sheet.measure), sheet.below)
        below.after = 12.0
        return [box, below]

    def _balanced(self, text: str, face: Face) -> list[Line]:
        """Return a title in lines of about the same length, or divided where its writer has marked it."""
        measure = self._sheet.measure
        parts = [self._guard.clean(part, face, self._section, "标题") for part in text.split(b.TURN)]
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
        face = self._sheet.headings[min(block.level, 3) - 1]
        self._section = block.text
        self._count += 1
        lines = self._lines(block.text, face, self._sheet.measure)
        box = HeadingText(lines, face, block, block.anchor or f"h{self._count}")
        if self._document.look is b.Look.BOOK:
            box.before, box.after = (16.0, 8.0) if block.level == 1 else (10.0, 4.0)
        return box

    def _paragraph(self, block: b.Paragraph) -> Box:
        sheet = self._sheet
        indent = sheet.body.indent if block.indent and block.side in (None, b.Side.LEFT) else 0.0
        face = Face(
            sheet.body.names, sheet.body.size, sheet.body.leading, _SIDES[block.side], indent, sheet.body.spacing
        )
        try:
            lines = self._running(block.text, block.lead, face)
        except MissingCharacter:
            record = block.record or self._section
            text = self._guard.clean(block.text, face, record, block.field)
            lead = self._guard.clean(block.lead, sheet.lead, record, block.field)
            lines = self._running(text, lead, face)
        box = Text(lines, face, sheet.lead)
        box.after = sheet.gap
        return box

    def _running(self, text: str, lead: str, face: Face) -> list[Line]:
        """Return the lines of a text whose line breaks begin paragraphs."""
        sheet = self._sheet
        parts = [part.strip() for part in text.strip().split("\n")]
        lines = set_lines(parts[0], face, sheet.measure, lead, sheet.lead)
        for part in parts[1:]:
            lines += set_lines(part, face, sheet.measure)
        return lines

    def _table(self, block: b.Table) -> Box:
        sheet = self._sheet if not block.dense else _dense(self._sheet)
        widths = self._column_widths(block, sheet)
        edges = [round(sum(widths[:index]), 2) for index in range(len(widths))]
        faces = [sheet.cell.aligned(_SIDES[column.side]) for column in block.columns]
        head = _row(
            tuple(
                GridCell(x, w, self._lines(c.title, sheet.head_cell, w - 2 * _CELL_SIDE), sheet.head_cell, True)
                for x, w, c in zip(edges, widths, block.columns, strict=True)
            )
        )
        whole = edges[-1] + widths[-1]
        rows: list[GridRow] = []
        for number, row in enumerate(block.rows, start=1):
            if isinstance(row, b.Band):
                face = sheet.head_cell.aligned(Align.LEFT)
                lines = self._lines(row.text, face, whole - 2 * _CELL_SIDE)
                rows.append(_row((GridCell(0.0, whole, lines, face, True),), bound=True))
                continue
            record = f"{block.record or self._section}第{number}行"
            cells = []
            for cell, x, w, face, column in zip(row, edges, widths, faces, block.columns, strict=True):
                if isinstance(cell, str):
                    lines = self._lines(cell, face, w - 2 * _CELL_SIDE, record, column.title)
                    cells.append(GridCell(x, w, lines, face))
                else:
                    cells.append(GridCell(x, w, [], face, reference=cell))
            rows.append(_row(tuple(cells)))
        if not rows:
            face = sheet.cell.aligned(Align.CENTER)
            lines = self._lines(block.empty, face, whole - 2 * _CELL_SIDE)
            rows.append(_row((GridCell(0.0, whole, lines, face),)))
        box = Grid(head, rows, sheet.depth)
        box.before = box.after = 6.0
        return box

    def _column_widths(self, block: b.Table, sheet: Sheet) -> list[float]:
        """Return the width of each column: its share, but enough for a date, a code or a name not to be cut."""
        least = []
        for index, column in enumerate(block.columns):
            words = {cell for row in block.rows if not isinstance(row, b.Band) and isinstance(cell := row[index], str)}
            whole = sorted((len(word), word) for word in words if _is_whole(word))[-_MEASURED:]
            title = width_of(column.title, sheet.head_cell) if len(column.title) <= _SHORT else 0.0
            room = 2 * _CELL_SIDE + 1
            least.append(max([title, *(self._width(word, sheet.cell) for _, word in whole)]) + room)
        spare = sheet.measure - sum(least)
        total = sum(column.share for column in block.columns)
        wanted = [sheet.measure * column.share / total for column in block.columns]
        if spare <= 0:
            return [round(width * sheet.measure / sum(least), 2) for width in least]
        over = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
        scale = spare / sum(over) if sum(over) else 0.0
        return [round(need + extra * scale, 2) for need, extra in zip(least, over, strict=True)]

    def _width(self, text: str, face: Face) -> float:
        try:
            return width_of(text, face)
        except MissingCharacter:
            return face.size * len(text)

    def _fields(self, block: b.Fields) -> Box:
        sheet = self._sheet
        label_face, face = sheet.head_cell, sheet.cell
        widest = max(width_of(label, label_face) for label, _ in block.pairs)
        label_width = round(min(max(widest + 2 * _CELL_SIDE + 4, 4.6 * label_face.size), sheet.measure * 0.3), 2)
        half = round(sheet.measure / block.columns, 2)
        rows: list[GridRow] = []
        line: list[tuple[str, str]] = []

        def close() -> None:
            if not line:
                return
            cells: list[GridCell] = []
            share = sheet.measure if len(line) == 1 else half
            for index, (label, value) in enumerate(line):
                x = index * half
                width = share if index + 1 < len(line) else sheet.measure - x
                lines = self._lines(label, label_face, label_width - 2 * _CELL_SIDE, block.record)
                cells.append(GridCell(x, label_width, lines, label_face, True))
                inner = width - label_width - 2 * _CELL_SIDE
                lines = self._lines(value, face, inner, block.record, label)
                cells.append(GridCell(x + label_width, width - label_width, lines, face))
            rows.append(_row(tuple(cells)))
            line.clear()

        room = half - label_width - 2 * _CELL_SIDE
        for label, value in block.pairs:
            long = "\n" in value or sum(2 if ch > "\u1100" else 1 for ch in value) * face.size / 2 > room
            if long:
                close()
            line.append((label, value))
            if long or len(line) == block.columns:
                close()
        close()
        box = Grid(None, rows, sheet.depth)
        box.before = box.after = 6.0
        return box

    def _signatures(self, block: b.Signatures) -> Box:
        sheet = self._sheet
        face = Face(sheet.body.names, sheet.body.size, sheet.body.leading, Align.LEFT)
        labels = [self._lines(label + "：", face, sheet.measure) for label in block.labels]
        widths = [width_of(label + "：", face) for label in block.labels]
        pitch = face.leading * 1.35
        half = sheet.measure / 2

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            for index, (lines, width) in enumerate(zip(labels, widths, strict=True)):
                at, y = x + half * (index % 2), top - pitch * (index // 2) - (pitch - face.leading)
                pen.lines(lines, at, y, face)
                foot = y - face.leading + (face.leading - face.size) / 2 - 1
                pen.rules([(at + width, foot, at + half - 18, foot)], BLACK, 0.5)

        box = Drawn(pitch * math.ceil(len(labels) / 2), draw)
        box.before = face.leading
        return box

    def _picture(self, block: b.Picture) -> list[Box]:
        sheet = self._sheet
        caption = self._lines(block.caption, sheet.note.aligned(Align.CENTER), sheet.measure) if block.caption else []
        if block.image is None:
            face = sheet.note.aligned(Align.CENTER)
            words = f"（图像无法显示，见所附原件：{block.caption or block.record}）"
            instead = Text(self._lines(words, face, sheet.measure), face)
            instead.before = instead.after = 6.0
            return [instead]
        data, pixels = block.image.data, (block.image.width, block.image.height)
        scale = min(sheet.measure / pixels[0], block.height_mm * MM / pixels[1], 72 / 96)
        width, height = pixels[0] * scale, pixels[1] * scale

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            pen.picture(data, pixels, (x + (sheet.measure - width) / 2, top - height, width, height))
            if caption:
                pen.lines(caption, x, top - height - 3, sheet.note)

        box = Drawn(height + (3 + len(caption) * sheet.note.leading if caption else 0), draw)
        box.before = box.after = 8.0
        return [box]

    def _radar(self, block: b.Radar) -> Box:
        block = replace(block, labels=tuple(self._chart_text(label) for label in block.labels))
        height = block.height_mm * MM
        measure = self._sheet.measure
        box = Drawn(height, lambda pen, x, top, places: charts.draw_radar(pen, block, x, top, measure, height))
        box.before = box.after = 4.0
        return box

    def _bars(self, block: b.Bars) -> Box:
        bars = tuple(
            replace(bar, label=self._chart_text(bar.label), text=self._chart_text(bar.text)) for bar in block.bars
        )
        block = replace(block, bars=bars)
        measure = self._sheet.measure
        box = Drawn(
            charts.bars_height(block), lambda pen, x, top, places: charts.draw_bars(pen, block, x, top, measure)
        )
        box.before = box.after = 6.0
        return box

    def _chart_text(self, text: str) -> str:
        return self._guard.clean(text, charts.LABEL, self._section, "图表")

    def _cover(self, block: b.Cover) -> Box:
        sheet = self._sheet
        organisation = Face(TITLE, 18, 30, Align.CENTER)
        title, below = Face(TITLE, 32, 48, Align.CENTER), Face(KAI, 20, 32, Align.CENTER)
        label_face, value_face = Face(HEI, 14, 20, Align.LEFT), Face(SONG, 14, 20, Align.CENTER)
        self._section = block.title
        head = self._lines(block.organisation, organisation, sheet.measure)
        heading = self._balanced(block.title, title)
        under = self._lines(block.below, below, sheet.measure)
        label_width = max((width_of(label + "：", label_face) for label, _ in block.pairs), default=0.0)
        block_width = min(sheet.measure, 120 * MM)
        value_width = block_width - label_width - 6
        pairs = [
            (
                self._lines(label + "：", label_face, label_width + 1),
                self._lines(value, value_face, value_width, block.title, label),
            )
            for label, value in block.pairs
        ]

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            pen.lines(head, x, top - 22 * MM, organisation)
            y = top - 22 * MM - len(head) * organisation.leading - 8
            pen.rules([(x, y, x + sheet.measure, y)], BLACK, 1.6)
            pen.rules([(x, y - 3, x + sheet.measure, y - 3)], BLACK, 0.5)
            y = top - sheet.depth * 0.33
            pen.lines(heading, x, y, title)
            pen.lines(under, x, y - len(heading) * title.leading - 14, below)
            left = x + (sheet.measure - block_width) / 2
            y = top - sheet.depth + sum(max(len(v), 1) * 20 + 12 for _, v in pairs) + 6 * MM
            for label, value in pairs:
                pen.lines(label, left, y, label_face)
                pen.lines(value, left + label_width + 6, y, value_face)
                y -= max(len(value), 1) * 20
                pen.rules([(left + label_width + 6, y, left + block_width, y)], BLACK, 0.5)
                y -= 12

        return Cover(sheet.depth - 1, draw)

    def _contents(self, block: b.Contents) -> list[Box]:
        sheet = self._sheet
        face = sheet.title
        title = Text(self._lines(block.title, face, sheet.measure), face)
        title.after, title.with_next = 10.0, True
        boxes: list[Box] = [title]
        for heading, key in self.entries:
            if heading.level <= block.levels:
                boxes.append(self._entry(heading, key))
        boxes.append(Break())
        return boxes

    def _entry(self, heading: b.Heading, key: str) -> Box:
        sheet = self._sheet
        first = heading.level == 1
        size = sheet.cell.size + (2 if first else 1)
        face = Face(HEI if first else SONG, size, size * 1.75, Align.LEFT, colour=BLACK if first else INK)
        shift = 2 * size * (heading.level - 1)
        number_width = 4 * size
        lines = self._lines(heading.text, face, sheet.measure - shift - number_width)
        right = face.aligned(Align.RIGHT)

        def draw(pen: Pen, x: float, top: float, places: Places) -> None:
            pen.lines(lines, x + shift, top, face)
            number = str(places.page(key) or "")
            foot = top - (len(lines) - 1) * face.leading
            pen.lines(set_lines(number, right, number_width), x + sheet.measure - number_width, foot, right)
            start = x + shift + lines[-1].x + width_of(lines[-1].text, face) + 6
            end = x + sheet.measure - width_of(number, face) - 6
            if end > start:
                y = foot - face.leading / 2 - size * 0.25
                pen.rules([(start, y, end, y)], LINE, 0.7, dash="0.7 2.6")
            pen.link(key, (x, top - len(lines) * face.leading, x + sheet.measure, top))

        box = Drawn(len(lines) * face.leading, draw)
        box.before = 5.0 if first else 0.0
        return box


def _dense(sheet: Sheet) -> Sheet:
    return replace(
        sheet,
        cell=replace(sheet.cell, size=8.5, leading=12.5),
        head_cell=replace(sheet.head_cell, size=8.5, leading=12.5),
    )


def _is_whole(text: str) -> bool:
    """Tell whether a cell should stand on one line: a date, a code, a number, a short name or word."""
    return len(text) <= _SHORT or (len(text) <= _CODE and " " not in text and max(text) < "\u1100")


def _headings(flow: Sequence[b.Block]) -> Iterator[b.Heading]:
    for block in flow:
        if isinstance(block, b.Heading):
            yield block
        elif isinstance(block, b.Keep):
            yield from _headings(block.blocks)
