"""What is attached to the pieces of an archive, looked at once, before anything is written: what of it can be shown.

Pictures come first of all, because nothing takes as much memory as a picture just opened: no volume is in it yet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from desktop.services.archive.binding import Binding, BoundFile, Piece
from desktop.services.archive.blocks import Jpeg
from desktop.services.archive.rows import ArchiveGap
from desktop.services.archive.sheets import Images
from desktop.services.archive.showing import Keep, pdf_fault, shown_of
from desktop.services.archive.spool import Spool
from desktop.services.progress import Progress

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Attached:
    """The pages of the attached pictures by file id, and why a file cannot be shown as it should."""

    images: Images
    faults: Mapping[str, str]

    def problems_of(self, pieces: Iterable[Piece]) -> list[ArchiveGap]:
        """Return which attachments of some pieces cannot be shown, and why."""
        return [
            ArchiveGap(piece.numbered.item_id, _problem(file, fault), "", None, True)
            for piece in pieces
            for file in piece.files
            if file.file_id is not None and (fault := self.faults[file.file_id])
        ]


def examine(store: "Store", binding: Binding, spool: Spool, progress: Progress) -> Attached:
    """Look at every file of an archive; its pictures wait in `spool`. Tells files looked at and all.

    Raises:
        StorageFailure: a content cannot be read.
        Cancelled: by `progress`.
    """
    files = {file.file_id: file for piece in binding.pieces.values() for file in piece.files if file.file_id}
    images: dict[str, tuple[Jpeg, ...]] = {}
    faults: dict[str, str] = {}

    def keep(data: bytes) -> Callable[[], bytes]:
        return partial(spool.read, spool.keep(data))

    for done, (file_id, file) in enumerate(files.items()):
        progress(done, len(files))  # many photos take their time: somebody may want to stop
        faults[file_id] = _look(store, file, file_id, images, keep)
    return Attached(images, faults)


def _look(store: "Store", file: BoundFile, file_id: str, images: dict[str, tuple[Jpeg, ...]], keep: Keep) -> str:
    """Return why a file cannot be shown, "" if it can; a picture is put into `images`."""
    opener = partial(store.att.open, file_id)
    if file.media_type.startswith("image/"):
        shown = shown_of(opener, keep)
        images[file_id] = shown.pages
        return shown.fault
    return pdf_fault(opener) if file.media_type == "application/pdf" else ""


def _problem(file: BoundFile, fault: str) -> str:
    return f"附件“{file.own_name}”{fault}，已按原样附在卷中，请核对原件"
