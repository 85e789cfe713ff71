"""The parts of the flow: how high each is, where it may be divided, how it is drawn."""

from collections.abc import Callable, Iterator
from typing import Protocol

from desktop.services.archive import blocks as b
from desktop.services.archive.pen import Pen
from desktop.services.archive.typesetting import Face, Line


class Places(Protocol):
    """What is known once every box has its page."""

    def page(self, anchor: str) -> int | None:
        """Return the page on which `anchor` stands."""

    def span(self, anchor: str) -> int | None:
        """Return how many pages there are from `anchor` to the end of what it heads."""


class Box:
    """A part of the flow: a height, what stands before and after it, and how it is drawn and divided."""

    height = 0.0
    before = 0.0
    after = 0.0
    with_next = False  # never alone at the foot of a page
    with_previous = False  # never alone at the head of a page: the end of what stands before comes along
    breaks = False  # begins a page

    @property
    def least(self) -> float:
        """Return the height of the smallest part that may stand at the foot of a page."""
        return self.height

    def divide(self, room: float, fresh: bool) -> "tuple[Box, Box] | None":
        """Return a part no higher than `room` and the rest, or None; `fresh` says that a page begins here."""
        return None

    def part_end(self) -> "tuple[Box, Box] | None":
        """Return all but the least end that may go to another page, and that end, or None."""
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
        return self._parted(fit)

    def part_end(self) -> tuple[Box, Box] | None:
        return self._parted(len(self.lines) - 2) if len(self.lines) > 3 else None

    def _parted(self, at: int) -> tuple[Box, Box]:
        head = Text(self.lines[:at], self.face, self.lead, self.shift)
        rest = Text(self.lines[at:], self.face, self.lead, self.shift)
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

    def part_end(self) -> tuple[Box, Box] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float, places: Places) -> None:
        pen.mark(self.key, top + 6)
        super().draw(pen, x, top, places)


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


class Cover(Drawn):
    """A first page; it fills the page and has no running head."""


def inner_boxes(box: Box) -> Iterator[Box]:
    """Return the box and those inside it."""
    yield box
    if isinstance(box, Group):
        for each in box.boxes:
            yield from inner_boxes(each)
