"""The text of the first page of a PDF, read by a process of its own: bounded in time and in memory.

Two kilobytes of PDF can tell a reader to write a word ten thousand million times. The child that meets such a file is
ended; the program around it goes on.
"""

import contextlib
import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from desktop.services.pdfium import open_pdf

SECONDS = 15.0
"""What a page may take; one that people wrote takes a tenth of a second, most of it the start of the process."""
MAX_MEMORY = 768 << 20
"""What the child may have for itself, where the system lets us say so (address space: Linux)."""


class TooMuch(Exception):
    """The page takes more time or memory than any page should."""


def first_page_text(path: Path, longest: int, seconds: float = SECONDS) -> str:
    """Return the first `longest` characters of a PDF's first page; none of a file that is broken or has a password.

    Raises:
        TooMuch: it could not be read within bounds.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, path, longest), name="first-page", daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise TooMuch
        text: str | None = ours.recv()
    except EOFError as error:  # ended by the system
        raise TooMuch from error
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    if text is None:
        raise TooMuch
    return text


def _work(connection: Connection, path: Path, longest: int) -> None:
    """The child: read, answer."""
    text: str | None = None
    with contextlib.suppress(MemoryError):
        _bound_memory()
        text = _page(path, longest)
    connection.send(text)
    connection.close()


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource  # there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _page(path: Path, longest: int) -> str:
    with open_pdf(path) as document:
        if document is None or not len(document):
            return ""
        text: str = document[0].get_textpage().get_text_bounded()
        return text[:longest]
