"""Secrets taken out of memory once they are of no more use, as far as CPython lets us."""

import ctypes
import sys


def wipe(secret: bytes | str) -> None:
    """Overwrite the memory of `secret`, an object of our own that nobody reads any more.

    Bytes and plain ASCII text only, and only what was made at run time: a constant of the program is shared.
    """
    if not secret or sys.implementation.name != "cpython" or (isinstance(secret, str) and not secret.isascii()):
        return
    size = len(secret)
    ctypes.memset(id(secret) + sys.getsizeof(secret) - size - 1, 0, size)
