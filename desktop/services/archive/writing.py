"""One paper out of the store: allowed, written whole or not at all, and told in the trail."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.archive.blocks import Document, Written
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.word import SUFFIX, write_word
from desktop.services.leaving import leaving

if TYPE_CHECKING:
    from desktop.services.store import Store


def write_paper(store: "Store", document: Document, path: Path, *, substitute: bool = False) -> Written:
    """Write a document as Word where the path ends in .docx, else as PDF; see `DocumentService`.

    Raises:
        NotAllowed: who works here does not export.
        StorageFailure: the disk refuses; no half file is left.
        InvalidInput: a character is in no face, and none may stand for it.
    """
    store.rights.require(Act.EXPORT)
    with leaving(store, path):
        if path.suffix.lower() == SUFFIX:
            written = write_word(document, path)
        else:
            written = write_pdf(document, path, substitute=substitute)
    store.audit(Use.PRINT, document.title)
    return written
