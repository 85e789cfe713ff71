"""Columns that every sheet of headquarters has: which branch a line is about, and what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.sheets import SheetColumn

BRANCH = SheetColumn(
    "branch",
    "支部",
    required=True,
    width=28,
    help="支部的代码或全称",
)
GROUND = SheetColumn("ground", "依据", required=True, width=36, looks="long")


class Branch(Protocol):
    """A branch as a sheet names it."""

    @property
    def code(self) -> str:
        """Its short code."""

    @property
    def name(self) -> str:
        """Its full name."""


B = TypeVar("B", bound=Branch)


def branch_column(branches: Iterable[Branch]) -> SheetColumn:
    """Return the column of branches, with their codes to choose from."""
    return replace(BRANCH, choices=tuple(branch.code for branch in branches))


def find_branch(cell: object, branches: Sequence[B]) -> B:
    """Return the branch that a cell names by code or full name.

    Raises:
        InvalidInput: none of `branches`, or more than one.
    """
    wanted = str(cell).strip()
    found = [branch for branch in branches if wanted == branch.name or wanted.upper() == branch.code.upper()]
    if not found:
        raise InvalidInput(BRANCH, "没有登记的支部，填代码或全称")
    if len(found) > 1:
        raise InvalidInput(BRANCH, "有多个支部叫这个名称，改填代码")
    return found[0]
