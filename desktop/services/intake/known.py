"""What the store knows already and a file may speak of."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names by which columns and separating rows are recognised."""

    names: frozenset[str] = frozenset()
    """Names on the roster."""
    groups: tuple[str, ...] = ()
    """Names of the party groups."""


NOTHING: Final = Known()
