"""Measures that an ended plan left to the next one (滚入下一轮) are one thing, and count once."""

from collections.abc import Iterable
from typing import Protocol


class Rolling(Protocol):
    """A measure, and the one of an earlier plan that it goes on with."""

    @property
    def id(self) -> str:
        """Its id; "" until it is stored."""

    @property
    def rolled_over_from_id(self) -> str | None:
        """The id of the measure it goes on with, if it does."""


def taken_over(due: Iterable[Rolling], every: Iterable[Rolling]) -> set[str]:
    """Return the ids of the measures that others go on with which are `due` themselves: there they count, and no more
    where they began. Until then they do, or what was not reached in time would be forgotten by ending its plan.
    """
    before = {each.id: each.rolled_over_from_id for each in every}
    found: set[str] = set()
    for each in due:
        earlier = each.rolled_over_from_id
        while earlier and earlier not in found:
            found.add(earlier)
            earlier = before.get(earlier)
    return found
