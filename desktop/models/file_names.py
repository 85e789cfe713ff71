"""Names of files as they may stand in a list and on a disk: whatever a name was when it came, it is plain when read."""

from collections.abc import Callable
from pathlib import PurePosixPath

from sqlalchemy import Dialect, String

from desktop.paths import undeviced

LONGEST_NAME = 200
_SEPARATORS = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def plain_name(name: str) -> str:
    """Return a name fit for a list and for every file system, its ending kept.

    No control characters, nothing that turns the direction of writing, no separators, no name of a device, and no dots
    or blanks at the end, which Windows drops: `a.exe.` would open as a program.
    """
    text = "".join(letter for letter in name if letter.isprintable()).translate(_SEPARATORS).strip().rstrip(". ")
    text = undeviced(text)
    if len(text) > LONGEST_NAME:
        ending = PurePosixPath(text).suffix[:20].strip()
        text = text[: LONGEST_NAME - len(ending)].strip() + ending
    return text or "附件"


def plain_text(text: str) -> str:
    """Return a line that tells of files as it can be kept and shown, whatever letters their names have.

    A name on a disk may be bytes that are no text at all, break a line, or turn the direction of writing.
    """
    return "".join(letter for letter in text if letter.isprintable())


class FileLine(String):
    """A column with a line that tells of files or folders, which may have any name on their disk."""

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Clean what is written."""
        return lambda text: None if text is None else plain_text(text)


class FileName(String):
    """A column with the name of a file: cleaned when written, and when read from what an older program wrote."""

    def __init__(self) -> None:
        super().__init__(LONGEST_NAME)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Return what makes of a name the one to store."""
        return _plain

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        """Return what makes of a stored name the one that the rest of the program may use."""
        return _plain


def _plain(name: str | None) -> str | None:
    return None if name is None else plain_name(name)
