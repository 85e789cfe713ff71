"""What `files` needs of Windows: the number it gave for a fault, where the C library tells less than it was told."""

import errno
import sys

if sys.platform == "win32":
    import ctypes

    _runtime = ctypes.CDLL("ucrtbase")
    _last = _runtime["__doserrno"]
    _last.restype = ctypes.POINTER(ctypes.c_ulong)

    _VAGUE = {errno.EACCES, errno.EINVAL}
    """What the C library says of a file that is held, a disk that is write-protected, and one that is gone."""

    def number_of(error: OSError) -> int | None:
        """Return the Windows error number behind `error`, which this thread has just met."""
        if error.winerror is None and error.errno in _VAGUE:
            return _last().contents.value or None
        return error.winerror
else:

    def number_of(error: OSError) -> int | None:
        """Return nothing, except for an error as Windows raises it, in a test."""
        found: int | None = getattr(error, "winerror", None)
        return found
