"""How a proof of what is handed out goes on, and how it ends."""

from collections.abc import Callable

from installer.dev import say


class Unproved(Exception):
    """What the program did not do."""


def expect(held: bool, otherwise: str) -> None:
    """Go on if it `held`.

    Raises:
        Unproved: it did not; what is so `otherwise`.
    """
    if not held:
        raise Unproved(otherwise)


def verdict(steps: Callable[[], object]) -> int:
    """Do all steps of a proof, and say whether they hold; 0, or 1 at the first that does not."""
    try:
        steps()
    except (Unproved, TimeoutError) as why:
        say(f"NOT proved: {why}")
        return 1
    say("proved")
    return 0
