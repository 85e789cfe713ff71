"""The chart of a branch (组织架构图): bodies under one another, the committee in a frame, groups in rows."""

from collections.abc import Sequence

from desktop.services.archive.blocks import Tree
from desktop.services.archive.fonts import HEI, SONG
from desktop.services.archive.pen import INK, Pen
from desktop.services.archive.typesetting import Align, Face, set_lines

NAME = Face(HEI, 10, 14, Align.CENTER, colour=INK)
BELOW = Face(SONG, 10, 14, Align.CENTER, colour=INK)
TRUNK, STEM, CELL, FRAME, GAP = 24.0, 12.0, 40.0, 8.0, 10.0
MOST = 6
"""Boxes in one row."""

Cells = Sequence[tuple[str, str]]


def rows_of(cells: Cells) -> list[Cells]:
    """Return boxes in rows of at most six, as even as can be."""
    if not cells:
        return []
    count = -(-len(cells) // MOST)
    each = -(-len(cells) // count)
    return [cells[start : start + each] for start in range(0, len(cells), each)]


def tree_height(tree: Tree) -> float:
    """Return the height `draw_tree` needs."""
    height = len(tree.trunk) * TRUNK + max(0, len(tree.trunk) - 1) * STEM
    posts, groups = rows_of(tree.posts), rows_of(tree.groups)
    if posts:
        height += STEM + len(posts) * (CELL + FRAME) + FRAME
    if groups:
        height += 2 * STEM + len(groups) * (CELL + FRAME) - FRAME
    return height


def draw_tree(pen: Pen, tree: Tree, x: float, top: float, width: float) -> None:
    """Draw `tree` with its upper left corner at (x, top)."""
    middle = x + width / 2
    for number, words in enumerate(tree.trunk):
        if number:
            pen.rules([(middle, top, middle, top - STEM)], INK, 0.6)
            top -= STEM
        _box(pen, x + width * 0.28, top, width * 0.44, TRUNK, words, "")
        top -= TRUNK
    posts = rows_of(tree.posts)
    if posts:
        pen.rules([(middle, top, middle, top - STEM)], INK, 0.6)
        top -= STEM
        tall = len(posts) * (CELL + FRAME) + FRAME
        _outline(pen, x, top, width, tall)
        at = top - FRAME
        for cells in posts:
            _row(pen, cells, x + FRAME, at, width - 2 * FRAME)
            at -= CELL + FRAME
        top -= tall
    groups = rows_of(tree.groups)
    if groups:
        centres = _centres(groups[0], x, width)
        pen.rules([(middle, top, middle, top - STEM), (centres[0], top - STEM, centres[-1], top - STEM)], INK, 0.6)
        pen.rules([(each, top - STEM, each, top - 2 * STEM) for each in centres], INK, 0.6)
        top -= 2 * STEM
        for cells in groups:
            _row(pen, cells, x, top, width)
            top -= CELL + FRAME


def _centres(cells: Cells, x: float, width: float) -> list[float]:
    each = (width - GAP * (len(cells) - 1)) / len(cells)
    return [x + number * (each + GAP) + each / 2 for number in range(len(cells))]


def _row(pen: Pen, cells: Cells, x: float, top: float, width: float) -> None:
    each = (width - GAP * (len(cells) - 1)) / len(cells)
    for number, (name, below) in enumerate(cells):
        _box(pen, x + number * (each + GAP), top, each, CELL, name, below)


def _box(pen: Pen, x: float, top: float, width: float, height: float, name: str, below: str) -> None:
    _outline(pen, x, top, width, height)
    first = set_lines(name, NAME, width - 4)[:1]
    second = set_lines(below, BELOW, width - 4)[:1] if below else []
    leading = NAME.leading * (len(first) + len(second))
    at = top - (height - leading) / 2
    pen.lines(first, x + 2, at, NAME)
    if second:
        pen.lines(second, x + 2, at - NAME.leading, BELOW)


def _outline(pen: Pen, x: float, top: float, width: float, height: float) -> None:
    corners = [(x, top), (x + width, top), (x + width, top - height), (x, top - height)]
    pen.polygon(corners, line=INK, width=0.7)
