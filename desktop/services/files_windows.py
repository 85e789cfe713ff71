"""What `files` needs of Windows: the number it gave for a fault, where the C library tells less than it was told."""

import errno
import os
import secrets
import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes

    _runtime = ctypes.CDLL("ucrtbase")
    _last = _runtime["__doserrno"]
    _last.restype = ctypes.POINTER(ctypes.c_ulong)

    _VAGUE = {errno.EACCES, errno.EINVAL, errno.ENOENT}
    """What the C library says of a held file, a protected disk or one that is gone, and a path that is too long."""

    def forget() -> None:
        """Forget what this thread met before: the C library keeps a number until there is another."""
        _last().contents.value = 0

    def number_of(error: OSError) -> int | None:
        """Return the Windows error number behind `error`, which this thread met since it was told to `forget`."""
        if error.winerror is None and error.errno in _VAGUE:
            return _last().contents.value or None
        return error.winerror

    def read_only(folder: Path) -> bool:
        """Whether nothing can be made in `folder`. It is tried: asked, Windows answers for one file, not for a disk."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_TEMPORARY  # gone when closed, whatever happens
        try:
            os.close(os.open(folder / f".{secrets.token_hex(8)}", flags))
        except OSError as error:
            return error.errno == errno.EACCES
        return False
else:

    def forget() -> None:
        """Nothing is kept here."""

    def number_of(error: OSError) -> int | None:
        """Return nothing, except for an error as Windows raises it, in a test."""
        found: int | None = getattr(error, "winerror", None)
        return found

    def read_only(folder: Path) -> bool:
        """Whether `folder`, or its whole disk, can only be read.

        Raises:
            OSError: the disk answers nothing: it was pulled. Python's own question takes that for a no.
        """
        import ctypes

        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return True
        if ctypes.CDLL(None, use_errno=True).access(os.fsencode(folder), os.W_OK) == 0:
            return False
        number = ctypes.get_errno()
        if number in (errno.EACCES, errno.EPERM, errno.EROFS):
            return True
        raise OSError(number, os.strerror(number), str(folder))
