"""What is left when the program ends badly: where it was then, by file, line and function, and nothing of the records.

`crash.log` of a store is empty while all is well. What a fatal signal or an error writes into it is made
presentable at the next start and offered there, as `last-crash.log`, until it was seen.
"""

import contextlib
import faulthandler
import re
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TextIO

from desktop import __version__

RAW, LAST, SEEN = "crash.log", "last-crash.log", "seen-crash.log"
LOGS = "logs"
_MOST_BYTES = 200_000
_PACKAGE = Path(__file__).parent
_PLACE = re.compile(r'(file )"(?:[^"]*[\\/])?([^"\\/]*)"', re.IGNORECASE)


class CrashLog:
    """Lets a bad end of this process write to the log folder of the open store.

    Before a store is open nothing is written: its folder may belong to another process, or be about to be moved.
    """

    def __init__(self) -> None:
        self._file: TextIO | None = None

    def watch(self, store: Path) -> None:
        """Write to the folder of `store` from now on, having put by what the last bad end wrote there.

        Without a store in it, or where nothing can be written, a bad end leaves nothing.
        """
        self.end()
        if not (store / LOGS).is_dir():
            return
        with contextlib.suppress(OSError):
            put_by(store)
            self._file = (store / LOGS / RAW).open("a", encoding="utf-8")
            # Of the thread that falls only: the others go on meanwhile, and where they stand tears while it is read,
            # which ended the writing before it came to the one that is asked for.
            faulthandler.enable(self._file, all_threads=False)

    def note(self, error: BaseException) -> None:
        """Write where an error arose that ends the program."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.write("\n".join([type(error).__name__, *frames(error.__traceback__)]) + "\n")
                self._file.flush()

    def end(self) -> None:
        """End well: nothing is left."""
        file, self._file = self._file, None
        if file is not None:
            faulthandler.disable()
            with contextlib.suppress(OSError), file:
                file.truncate(0)

    def leave(self) -> None:
        """Write no more, and leave what is written."""
        file, self._file = self._file, None
        if file is not None:
            faulthandler.disable()
            file.close()


def frames(trace: TracebackType | None) -> list[str]:
    """Return where an error arose, outermost first: module of ours or file name, line and function, no contents."""
    import traceback  # not on the way of a plain start

    return [f"  {_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _module(file: str) -> str:
    """Return which module of ours a file is, else its name: the folders before it may name a person."""
    path = Path(file)  # in a bundle it begins with our package, elsewhere with the disk
    if path.is_absolute() and path.is_relative_to(_PACKAGE):
        path = path.relative_to(_PACKAGE.parent)
    return path.name if path.is_absolute() or path.parts[0] != _PACKAGE.name else ".".join(path.with_suffix("").parts)


def put_by(store: Path) -> None:
    """Make what a bad end wrote presentable: when, which program, and no folder, which may name a person.

    Raises:
        OSError: the disk refuses.
    """
    raw = store / LOGS / RAW
    if not raw.is_file() or not raw.stat().st_size:
        return
    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(raw.stat().st_mtime))
    with raw.open(encoding="utf-8", errors="replace") as file:
        words = _PLACE.sub(r'\1"\2"', file.read(_MOST_BYTES))
    head = f"branch-desk {__version__}, Python {sys.version.split()[0]}, {sys.platform}, {at}\n"
    (store / LOGS / LAST).write_text(head + words, encoding="utf-8")
    raw.write_bytes(b"")


def last_crash(store: Path) -> Path | None:
    """Return the file about the last bad end, if nobody has seen it yet."""
    path = store / LOGS / LAST
    return path if path.is_file() else None


def mark_seen(store: Path) -> None:
    """Offer the file no more; it stays in the log folder."""
    with contextlib.suppress(OSError):
        (store / LOGS / LAST).replace(store / LOGS / SEEN)
