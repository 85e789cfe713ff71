"""The user's own files as they are read: a fault of theirs is about that file, not about our disk."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from desktop.services.errors import Input, InvalidInput
from desktop.services.files import Readable

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
            raise InvalidInput(FILE, f"无法读取（{error.strerror}）") from error


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Readable]:
    """Open the file at `path` for reading.

    Raises:
        InvalidInput: it cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InvalidInput(FILE, f"无法打开“{path.name}”（{error.strerror}）") from error
    with file:
        yield file
