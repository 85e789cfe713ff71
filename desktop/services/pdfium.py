"""PDFium, which reads PDFs: one thread at a time, because the library keeps what it knows in tables of the process."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_ONE_AT_A_TIME = threading.Lock()


@contextlib.contextmanager
def open_pdf(source: bytes | Path) -> Iterator["PdfDocument | None"]:
    """Give a PDF of bytes or of a file, None if it is broken or has a password. Never open one inside another."""
    import pypdfium2  # a library of its own weight: only for a PDF

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError:
            document = None
        try:
            yield document
        finally:
            if document is not None:
                document.close()
