"""A list of the window on its way out: to a workbook, whose numbers are numbers, or to paper, in words."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is seen, for a workbook or for paper: title, column heads, and the values in order."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    words: tuple[tuple[str, ...], ...] = field(default=())
    units: tuple[str, ...] = field(default=())
    numbers: tuple[tuple[str | Decimal | None, ...], ...] = field(default=())

    @property
    def cells(self) -> tuple[tuple[str | Decimal | None, ...], ...]:
        """What a workbook has: numbers where they are known as such, else the words."""
        return self.numbers or self.words

    @property
    def cell_heads(self) -> tuple[str, ...]:
        """The heads of a workbook, each with the unit of its numbers."""
        if not self.units:
            return self.heads
        return tuple(f"{head}（{unit}）" if unit else head for head, unit in zip(self.heads, self.units, strict=True))
