"""Rows of cells with thin lines around them, divided between pages."""

from collections.abc import Sequence
from typing import NamedTuple

from desktop.services.archive import blocks as b
from desktop.services.archive.boxes import Box, Places
from desktop.services.archive.pen import BLACK, LINE, SHADE, Pen
from desktop.services.archive.typesetting import Face, Line, set_lines

CELL_SIDE, CELL_TOP = 4.0, 3.2
_TALL_ROW = 0.3  # of a page: a higher row is divided rather than pushed to the next page
_ROWS_OF_END = 2
"""So many rows go along where a signature goes to the next page."""


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
        if count == len(self.rows) - 1 and count > 1 and not self.rows[count - 2].bound:
            count -= 1  # no single last row on the next page
            used -= self.rows[count].height
        head, rest = list(self.rows[:count]), list(self.rows[count:])
        if rest[0].height > self._page * _TALL_ROW or (fresh and not count):
            parts = _divide_row(rest[0], room - used)
            if parts:
                head.append(parts[0])
                rest[0] = parts[1]
        return self._parted(head, rest) if head else None

    def part_end(self) -> tuple[Box, Box] | None:
        count = max(1, len(self.rows) - _ROWS_OF_END)
        while count and self.rows[count - 1].bound:
            count -= 1
        return self._parted(self.rows[:count], self.rows[count:]) if 0 < count < len(self.rows) else None

    def _parted(self, head: Sequence[GridRow], rest: Sequence[GridRow]) -> tuple[Box, Box]:
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
            lines = set_lines("" if number is None else str(number), cell.face, cell.width - 2 * CELL_SIDE)
            if isinstance(reference, b.PageOf) and number is not None:
                pen.link(reference.anchor, (x + cell.x, y - row.height, x + cell.x + cell.width, y))
        if not lines or not any(line.text for line in lines):
            return
        inner = len(lines) * cell.face.leading
        offset = CELL_TOP if row.top_aligned else (row.height - inner) / 2
        pen.lines(lines, x + cell.x + CELL_SIDE, y - offset, cell.face)


def _divide_row(row: GridRow, room: float) -> tuple[GridRow, GridRow] | None:
    """Return the lines of a row that fit into `room`, and the others."""
    leading = max(cell.face.leading for cell in row.cells)
    fit = int((room - 2 * CELL_TOP) / leading)
    if fit < 2 or fit >= max(len(cell.lines) for cell in row.cells):
        return None
    upper = tuple(cell._replace(lines=cell.lines[:fit]) for cell in row.cells)
    lower = tuple(cell._replace(lines=cell.lines[fit:], reference=None) for cell in row.cells)
    return row_of(upper, row.bound, True), row_of(lower, row.bound, True)


def row_of(cells: tuple[GridCell, ...], bound: bool = False, top_aligned: bool = False) -> GridRow:
    """Return a row as high as its highest cell."""
    height = max(max(1, len(cell.lines)) * cell.face.leading for cell in cells) + 2 * CELL_TOP
    return GridRow(cells, height, bound, top_aligned)
