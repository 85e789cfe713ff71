"""How a long service call tells what it has done, and learns that it should stop."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total); may raise `Cancelled`, which the unit of work turns into a rollback."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""
