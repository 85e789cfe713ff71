"""How wide the columns of a list stand: as declared, and where words are cut, wider by what the others can spare."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QTableView

from desktop.ui.cells import Cell

EDGES = 20
"""What a cell leaves at both sides of its words."""
MEASURED = 120
"""Of so many rows the words are measured; of more, nobody knows what a narrower column would cut."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column that is shown: `width` as declared (0 shares what is left), what it needs at least, what stands in it.

    `first` are the widths of the lines that say what the row is, `all` those of every line, `title` that of its head;
    `gives` is False where nobody knows whether what it has would be missed.
    """

    width: int
    least: int
    title: int
    first: Sequence[int] = ()
    all: Sequence[int] = ()
    gives: bool = True


@dataclass(slots=True)
class _Part:
    """One column while room is given and taken; those that share what is left are one."""

    size: int
    bound: int
    first: Sequence[int]
    all: Sequence[int]
    title: int = 0
    shares: int = 0
    at: list[int] = field(default_factory=list)

    def spare(self) -> int:
        return max(self.size - self.bound, 0) * max(self.shares, 1)

    def wants(self, widths: Iterable[int], room: int) -> int:
        """Return by how much more width the most of its lines would stand whole, with `room` to be had."""
        reach = self.size + room // max(self.shares, 1)
        best = max((wide for wide in (*widths, self.title) if wide <= reach), default=self.size)
        return max(best - self.size, 0) * max(self.shares, 1)


def sizes(columns: Sequence[Shown], room: int) -> list[int]:
    """Return how wide each column stands in `room`.

    Lines that say what a row is come first, then what stands under them; of these the column that lacks least. What
    is given comes from the columns that share what is left as long as they have enough, then from the others alike.
    """
    parts = _parts(columns, room)
    for lines in ("first", "all"):
        for part in sorted(parts, key=lambda part: max((*getattr(part, lines), part.title), default=0) - part.size):
            others = [other for other in parts if other is not part]
            lacks = part.wants(getattr(part, lines), sum(other.spare() for other in others))
            if lacks > 0:
                _take(others, lacks)
                part.size += -(-lacks // max(part.shares, 1))
                part.bound = max(part.bound, part.size)
    out = [0] * len(columns)
    for part in parts:
        for at in part.at:
            out[at] = part.size
    return out


def _parts(columns: Sequence[Shown], room: int) -> list[_Part]:
    sharing = [at for at, column in enumerate(columns) if not column.width]
    sharing = sharing or [len(columns) - 1]  # where all are declared, the last one takes the rest
    fixed = [at for at in range(len(columns)) if at not in sharing]
    parts = []
    for at in fixed:
        each = columns[at]
        needed = max((each.title, *each.all))
        bound = needed if each.gives else each.width
        parts.append(
            _Part(size=each.width, bound=bound, first=each.first, all=each.all, title=each.title, shares=0, at=[at])
        )
    share = max(room - sum(columns[at].width for at in fixed), 0) // len(sharing)
    kept = max(max((columns[at].least, columns[at].title, *columns[at].all)) for at in sharing)
    kept = max(min(kept, share), max(columns[at].least for at in sharing))
    first = [wide for at in sharing for wide in columns[at].first]
    every = [wide for at in sharing for wide in columns[at].all]
    title = max(columns[at].title for at in sharing)
    rest = _Part(size=share, bound=kept, first=first, all=every, title=title, shares=len(sharing), at=sharing)
    return [*parts, rest]


def _take(others: Sequence[_Part], lacks: int) -> None:
    """Take what is lacking: from those that share, then from each by what it can spare."""
    for part in (part for part in others if part.shares):
        taken = min(part.spare(), lacks)
        part.size -= -(-taken // part.shares)
        lacks -= taken
    for part in (part for part in others if not part.shares):
        whole = sum(other.spare() for other in others if not other.shares)
        if lacks > 0 and whole:
            taken = min(-(-lacks * part.spare() // whole), part.spare(), lacks)
            part.size -= taken
            lacks -= taken


class Widths(QObject):
    """The widths of the columns of one list, by what stands in them; a column that was dragged stays as it is."""

    def __init__(self, view: QTableView, declared: Sequence[int]) -> None:
        super().__init__(view)
        self._view = view
        self.declared = list(declared)
        self._lines: list[tuple[list[int], list[int]]] = [([], [])] * len(self.declared)
        self._gives = [False] * len(self.declared)
        self._kept: frozenset[int] = frozenset()
        self._setting = self._held = False
        head = view.horizontalHeader()
        head.viewport().installEventFilter(self)
        head.sectionResized.connect(self._dragged)

    def measure(self, cell: Callable[[int, int], Cell], rows: int) -> None:
        """Take note of how wide stands what `cell` gives of a row and a column."""
        for column in range(len(self.declared)):
            cells = [cell(row, column) for row in range(min(rows, MEASURED))]
            both = [each.widths() for each in set(cells)]
            self._lines[column] = (
                sorted({first + EDGES for first, _whole in both if first}),
                sorted({whole + EDGES for _first, whole in both if whole}),
            )
            self._gives[column] = 0 < rows <= MEASURED and all(whole for _first, whole in both)

    def fit(self, shown: Sequence[int], least: Sequence[int], titles: Sequence[int], room: int) -> None:
        """Set the widths of the columns `shown`, each with what it has at least and the width of its title."""
        if not shown:
            return
        columns = [
            Shown(self.declared[at], least[at], 0 if at in self._kept else titles[at], *self._stands(at))
            for at in shown
        ]
        head = self._view.horizontalHeader()
        self._setting = True
        for at, size in zip(shown, sizes(columns, room), strict=True):
            if self.declared[at]:
                head.resizeSection(at, size)
        self._setting = False

    def _stands(self, at: int) -> tuple[list[int], list[int], bool]:
        """Return the widths of the lines of a column, and whether it gives; one that was dragged does not."""
        return ([], [], False) if at in self._kept else (*self._lines[at], self._gives[at])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow whether the pointer holds something of the head."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            self._held = event.type() == QEvent.Type.MouseButtonPress
        return False

    def _dragged(self, number: int, _before: int, size: int) -> None:
        """Keep what somebody made of a column with the pointer at the edge of its head."""
        if self._held and not self._setting and self.declared[number]:
            self.declared[number], self._kept = size, self._kept | {number}
