"""The user's own files as they are read: a fault of theirs is about that file, not about our disk."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from desktop.services.errors import Input, InvalidInput
from desktop.services.files import NotOrdinary, Readable, open_ordinary

FILE = Input("path", "附件")


class Source:
    """Reads what the user attaches: its faults are about that file, not about our disk."""

    def __init__(self, source: Readable) -> None:
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`.

        Raises:
            InvalidInput: they cannot be read.
        """
        try:
            return self._source.read(size)
        except OSError as error:
            raise InvalidInput(FILE, "文件读不出来，所在的盘可能已拔出") from error


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Readable]:
    """Open the file at `path` for reading.

    Raises:
        InvalidInput: it cannot be opened.
    """
    try:
        file = open_ordinary(path)
    except OSError as error:
        raise unopened(path, error) from error
    with file:
        yield file


def unopened(path: Path, error: OSError) -> InvalidInput:
    """Return why the file at `path` cannot be opened, in the words of its field."""
    if path.is_dir():
        return InvalidInput(FILE, f"选的是文件夹“{path.name}”，要选文件")
    if isinstance(error, FileNotFoundError):
        return InvalidInput(FILE, f"找不到“{path.name}”")
    if isinstance(error, NotOrdinary):
        return InvalidInput(FILE, f"“{path.name}”不是普通文件")
    return InvalidInput(FILE, f"打不开“{path.name}”，可能正被其他程序占用，或所在的盘已拔出")
