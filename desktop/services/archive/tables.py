"""Tables and forms set into grids."""

from desktop.services.archive import blocks as b
from desktop.services.archive.boxes import Box
from desktop.services.archive.composer import Composer
from desktop.services.archive.grid import CELL_SIDE, Grid, GridCell, GridRow, row_of
from desktop.services.archive.styles import SIDES, Style, dense
from desktop.services.archive.typesetting import Align, width_of

_SHORT, _CODE = 5, 26  # characters: what stands on one line in a cell
_TITLE_LINES = 3  # into which a longer title is broken at most, where the columns have room
_MEASURED = 12  # of the longest of them, to find the widest


def table_box(block: b.Table, composer: Composer) -> Box:
    """Return a table with its head."""
    style = composer.style if not block.dense else dense(composer.style)
    widths = _column_widths(block, style, composer)
    edges = [round(sum(widths[:index]), 2) for index in range(len(widths))]
    faces = [style.cell.aligned(SIDES[column.side]) for column in block.columns]
    head = row_of(
        tuple(
            GridCell(x, w, composer.lines(c.title, style.head_cell, w - 2 * CELL_SIDE), style.head_cell, True)
            for x, w, c in zip(edges, widths, block.columns, strict=True)
        )
    )
    whole = edges[-1] + widths[-1]
    rows: list[GridRow] = []
    for number, row in enumerate(block.rows, start=1):
        if isinstance(row, b.Band):
            face = style.head_cell.aligned(Align.LEFT)
            lines = composer.lines(row.text, face, whole - 2 * CELL_SIDE)
            rows.append(row_of((GridCell(0.0, whole, lines, face, True),), bound=True))
            continue
        record = f"{block.record or composer.section}第{number}行"
        cells = []
        for cell, x, w, face, column in zip(row, edges, widths, faces, block.columns, strict=True):
            if isinstance(cell, str):
                lines = composer.lines(cell, face, w - 2 * CELL_SIDE, record, column.title)
                cells.append(GridCell(x, w, lines, face))
            else:
                cells.append(GridCell(x, w, [], face, reference=cell))
        rows.append(row_of(tuple(cells)))
    if not rows:
        face = style.cell.aligned(Align.CENTER)
        lines = composer.lines(block.empty, face, whole - 2 * CELL_SIDE)
        rows.append(row_of((GridCell(0.0, whole, lines, face),)))
    box = Grid(head, rows, style.depth)
    box.before = box.after = 6.0
    return box


def fields_box(block: b.Fields, composer: Composer) -> Box:
    """Return pairs of label and value as a form."""
    style = composer.style
    label_face, face = style.head_cell, style.cell
    widest = max(width_of(label, label_face) for label, _ in block.pairs)
    label_width = round(min(max(widest + 2 * CELL_SIDE + 4, 4.6 * label_face.size), style.measure * 0.3), 2)
    half = round(style.measure / block.columns, 2)
    rows: list[GridRow] = []
    line: list[tuple[str, str]] = []

    def close() -> None:
        if not line:
            return
        cells: list[GridCell] = []
        share = style.measure if len(line) == 1 else half
        for index, (label, value) in enumerate(line):
            x = index * half
            width = share if index + 1 < len(line) else style.measure - x
            lines = composer.lines(label, label_face, label_width - 2 * CELL_SIDE, block.record)
            cells.append(GridCell(x, label_width, lines, label_face, True))
            inner = width - label_width - 2 * CELL_SIDE
            lines = composer.lines(value, face, inner, block.record, label)
            cells.append(GridCell(x + label_width, width - label_width, lines, face))
        rows.append(row_of(tuple(cells)))
        line.clear()

    room = half - label_width - 2 * CELL_SIDE
    for label, value in block.pairs:
        long = "\n" in value or sum(2 if ch > "\u1100" else 1 for ch in value) * face.size / 2 > room
        if long:
            close()
        line.append((label, value))
        if long or len(line) == block.columns:
            close()
    close()
    box = Grid(None, rows, style.depth)
    box.before = box.after = 6.0
    return box


def _column_widths(block: b.Table, style: Style, composer: Composer) -> list[float]:
    """Return the width of each column: its share, but enough for a date, a code or a name not to be cut, and for a
    title not to stand one character a line.
    """
    least = []
    for index, column in enumerate(block.columns):
        words = {cell for row in block.rows if not isinstance(row, b.Band) and isinstance(cell := row[index], str)}
        whole = sorted((len(word), word) for word in words if _is_whole(word))[-_MEASURED:]
        lines = 1 if len(column.title) <= _SHORT else _TITLE_LINES
        title = width_of(column.title[: -(-len(column.title) // lines)], style.head_cell)
        room = 2 * CELL_SIDE + 1
        least.append(max([title, *(composer.width(word, style.cell) for _, word in whole)]) + room)
    spare = style.measure - sum(least)
    total = sum(column.share for column in block.columns)
    wanted = [style.measure * column.share / total for column in block.columns]
    if spare <= 0:
        return [round(width * style.measure / sum(least), 2) for width in least]
    over = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    scale = spare / sum(over) if sum(over) else 0.0
    return [round(need + extra * scale, 2) for need, extra in zip(least, over, strict=True)]


def _is_whole(text: str) -> bool:
    """Tell whether a cell should stand on one line: a date, a code, a number, a short name or word."""
    return len(text) <= _SHORT or (len(text) <= _CODE and " " not in text and max(text) < "\u1100")
