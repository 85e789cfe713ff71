"""Whether what follows a reading comes after its page was left: the form it would open then is dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_left: ContextVar[bool] = ContextVar("left", default=False)


@contextmanager
def follows(*, left: bool) -> Iterator[None]:
    """Let what is done here know that the page which asked for it was `left` meanwhile."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def comes_too_late() -> bool:
    """Whether what opens now would stand over another page than the one that asked for it."""
    return _left.get()
