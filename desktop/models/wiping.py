"""Secrets taken out of memory once they are of no more use, as far as CPython lets us."""

import ctypes
import gc
import sys
from collections.abc import Iterator

_CLASSES = range(48, 513, 16)
"""Sizes of the blocks that CPython keeps small objects in; what is freed of them keeps its content."""
_MOST_BYTES, _REST_BYTES = 32 << 20, 64 << 20
_FRESH_BYTES = 64 << 10
"""After so much in a row the blocks come from pages that no block of that size was in use in."""
_STEP = 10_000
"""So many blocks are taken before somebody else has a turn."""


def wipe(secret: bytes | str) -> None:
    """Overwrite the memory of `secret`, an object of our own that nobody reads any more.

    Bytes and plain ASCII text only, and only what was made at run time: a constant of the program is shared.
    """
    if not secret or sys.implementation.name != "cpython" or (isinstance(secret, str) and not secret.isascii()):
        return
    size = len(secret)
    ctypes.memset(id(secret) + sys.getsizeof(secret) - size - 1, 0, size)


def overwriting_freed() -> Iterator[None]:
    """Write over what was freed of small objects (names, numbers): CPython keeps it as it was until it is wanted again.

    Blocks of every size are taken, then the pages no size holds, all of it zeroed, and given back at the end. Each
    step takes a few milliseconds, for who has a window to keep alive meanwhile; the first collects garbage.
    """
    gc.collect()
    yield
    head = sys.getsizeof(b"")
    taken: list[bytes] = []
    for size in _CLASSES:
        last, in_a_row = 0, 0
        for number in range(_MOST_BYTES // size):
            block = bytes(size - head)
            taken.append(block)
            in_a_row = in_a_row + size if id(block) == last + size else 0
            last = id(block)
            if in_a_row > _FRESH_BYTES:
                break
            if number % _STEP == _STEP - 1:
                yield
        yield
    largest = _CLASSES[-1]
    for number in range(_REST_BYTES // largest):
        taken.append(bytes(largest - head))
        if number % _STEP == _STEP - 1:
            yield
    while taken:
        del taken[-_STEP:]
        yield
