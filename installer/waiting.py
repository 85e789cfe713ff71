"""Waiting for what another program must do: it is looked at again and again, until it is done."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(look: Callable[[], Found], seconds: float, otherwise: str, *, pause: float = 0.2) -> Found:
    """Look, with a `pause` between, until there is something; return it.

    Raises:
        TimeoutError: there is nothing after so many seconds; it says what is so `otherwise`.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(pause)
    return found
