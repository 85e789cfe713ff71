"""One paper out of the store: to a file, whole or not at all, or to memory, and told in the trail once it left."""

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.archive.blocks import Document, Written
from desktop.services.archive.pdf import render, write_pdf
from desktop.services.archive.word import SUFFIX, write_word
from desktop.services.files import ORDINARY, FilePort, replacing
from desktop.services.leaving import leaving

if TYPE_CHECKING:
    from desktop.services.store import Store

Sink = Path | io.BytesIO
"""Where a paper goes: into a file, or into memory where it is looked at first and never lies on a disk."""


def put(document: Document, to: Sink, *, substitute: bool = False) -> Written:
    """Write a document that holds nothing of a store, or one whose way out is seen to."""
    if isinstance(to, io.BytesIO):
        return render(document, to, substitute=substitute)
    if to.suffix.lower() == SUFFIX:
        return write_word(document, to)
    return write_pdf(document, to, substitute=substitute)


def write_document(store: "Store", document: Document, to: Sink, *, substitute: bool = False) -> Written:
    """Write a document as Word where the path ends in .docx, else as PDF; see `DocumentService`.

    Raises:
        NotAllowed: who works here does not export.
        StorageFailure: the disk refuses; no half file is left.
        InvalidInput: a character is in no face, and none may stand for it.
    """
    store.rights.require(Act.EXPORT)
    with contextlib.nullcontext() if isinstance(to, io.BytesIO) else leaving(store, to):
        return put(document, to, substitute=substitute)


def write_paper(store: "Store", document: Document, to: Sink, *, substitute: bool = False) -> Written:
    """Write a document as `write_document` does; a file is out with it, what is in memory once it is printed."""
    written = write_document(store, document, to, substitute=substitute)
    if isinstance(to, Path):
        store.audit(Use.PRINT, document.title)
    return written


def keep_paper(store: "Store", title: str, pdf: bytes, path: Path) -> None:
    """Write a paper that was made in memory to a file.

    Raises:
        NotAllowed: who works here does not export.
        StorageFailure: the disk refuses; no half file is left.
    """
    with leaving(store, path):
        save_paper(pdf, path)
    store.audit(Use.PRINT, title)


def save_paper(pdf: bytes, path: Path) -> None:
    """Write a paper that holds nothing of a store to a file; StorageFailure where the disk refuses."""
    with replacing(path, FilePort(mode=ORDINARY)) as writer:
        writer.write(pdf)


def note_printed(store: "Store", title: str) -> None:
    """Remember that a paper that was made in memory went to a printer.

    Raises:
        NotAllowed: who works here does not export.
    """
    store.rights.require(Act.EXPORT)
    store.audit(Use.PRINT, title)
