"""The inspection archive (检查档案) of a year: volumes by dimension, report, roster, catalogue and manifest.

Order: cover and list of volumes; a volume per dimension with its own index, item sheets, evidence in order of date, the
explanation of what is missing and the back sheet; score report; roster; catalogue. All of it opens on any PC.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.archive.binding import UNSAFE, Binding, BoundFile, Piece, bind
from desktop.services.archive.blocks import Attachment, Document, Jpeg, Opener
from desktop.services.archive.catalogue import catalogue_document, front_document
from desktop.services.archive.manifest import write_manifest
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.roster import roster_document
from desktop.services.archive.rows import Archive, ArchiveGap, Place, Volume
from desktop.services.archive.score_report import score_report
from desktop.services.archive.sheets import Images, dimension_document
from desktop.services.archive.showing import Keep, jpeg_of, pdf_fault
from desktop.services.archive.spool import Spool
from desktop.services.archive.verifying import is_archive
from desktop.services.archive.workshop import deliver, workshop
from desktop.services.errors import Conflict
from desktop.services.files import Readable, refuse_file
from desktop.services.members import MemberService
from desktop.services.progress import Progress, silent
from desktop.services.standards.score import DimensionScore

if TYPE_CHECKING:
    from desktop.services.store import Store

_BESIDE_DIMENSIONS = 4  # volumes: the front, the score report, the roster, the catalogue


def build_volumes(
    store: "Store",
    year: int,
    to: Path,
    on: date | None = None,
    progress: Progress = silent,
    *,
    branch_id: str | None = None,
    substitute: bool = False,
) -> Archive:
    """Build the archive of `year` as known on the day `on` (today) in the folder `to`; tells volumes done and all.

    The folder appears whole or not at all; an archive of ours already there is replaced. The same records give
    the same bytes. With `substitute`, a character that is in no face is printed as 〓 and listed among the gaps.

    Raises:
        Conflict: something that is no archive of ours lies in `to`.
        InvalidInput: a character of the records is in none of the faces (record and field are named).
        StorageFailure: the disk refuses.
        Cancelled: `progress` asked to stop; nothing is left.
    """
    refuse_file(to)
    if to.exists() and any(to.iterdir()) and not is_archive(to):
        raise Conflict(what="归档目录", file=str(to), reason="文件夹里有其他内容，请换一个空文件夹")
    with workshop(store.folder) as making:
        binding = bind(store, year, on or store.today, branch_id)
        volumes, gaps = _Writer(store, binding, making, progress, substitute).write()
        deliver(store.folder, making, to)
    return Archive(to, volumes, gaps)


def preflight(store: "Store", year: int, on: date | None = None, progress: Progress = silent) -> list[ArchiveGap]:
    """Return what an archive of this branch would say of its attachments, without writing it: see `build_volumes`.

    Raises:
        Cancelled: `progress`, told files looked at and all, asked to stop.
    """
    binding = bind(store, year, on or store.today)
    with Spool(store.folder) as spool:
        _images, problems = _Writer(store, binding, store.folder, progress, True).examine(
            list(binding.pieces.values()), spool
        )
    return sorted({*binding.problems, *problems}, key=lambda gap: (gap.item_id, gap.what))


class _Writer:
    """Writes the volumes of one archive into a folder."""

    def __init__(self, store: "Store", binding: Binding, folder: Path, progress: Progress, substitute: bool) -> None:
        self._store, self._binding, self._folder = store, binding, folder
        self._progress, self._substitute = progress, substitute
        self._done, self._total = 0, len(binding.score.dimensions) + _BESIDE_DIMENSIONS
        self._places: dict[str, Place] = {}
        self._problems: list[ArchiveGap] = []

    def write(self) -> tuple[tuple[Volume, ...], tuple[ArchiveGap, ...]]:
        """Write every volume and the manifest; return the volumes in order and what is missing."""
        binding = self._binding
        dimensions = [
            self._dimension(position, dimension) for position, dimension in enumerate(binding.score.dimensions, start=1)
        ]
        following = len(dimensions) + 1
        report = score_report(binding.score, binding.branch.name, binding.pack.title)
        whole = [self._volume(f"{following:02d}-自评得分报告", report), self._roster(f"{following + 1:02d}-党员名册")]
        catalogue = catalogue_document(binding, whole, self._places)
        volumes = [*dimensions, *whole, self._volume(f"{following + 2:02d}-归档文件目录", catalogue)]
        volumes.insert(0, self._volume("00-封面和案卷目录", front_document(binding, volumes)))
        gaps = [
            *(ArchiveGap(gap.item_id, gap.what, gap.who.text, gap.by, gap.mendable) for gap in binding.score.gaps),
            *binding.problems,
            *self._problems,
        ]
        write_manifest(self._store, self._folder, binding, volumes, self._places, gaps)
        return tuple(volumes), tuple(gaps)

    def _dimension(self, position: int, dimension: DimensionScore) -> Volume:
        binding, pieces = self._binding, self._binding.of_dimension(dimension)
        bound = [(file, file.file_id) for piece in pieces for file in piece.files if file.file_id is not None]
        with Spool(self._store.folder) as spool:
            images, problems = self.examine(pieces, spool)
            self._problems += problems
            document = dimension_document(binding, dimension, images, [*binding.problems_of(dimension.id), *problems])
            name = f"{position:02d}-{dimension.id}-{UNSAFE.sub('_', dimension.dimension.name)}"
            attachments = [self._attachment(file, file_id) for file, file_id in bound]
            records = tuple(piece.used.id for piece in pieces)
            return self._volume(name, document, attachments, records, pieces)

    def _roster(self, name: str) -> Volume:
        binding = self._binding
        on = min(binding.on, date(binding.year, 12, 31))
        rows = MemberService(self._store).roster(on, branch_id=binding.branch.id)
        document = roster_document(rows, binding.branch.name, on)
        return self._volume(name, document, records=tuple(row.id for row in rows))

    def _volume(
        self,
        name: str,
        document: Document,
        attachments: Sequence[Attachment] = (),
        records: tuple[str, ...] = (),
        pieces: Sequence[Piece] = (),
    ) -> Volume:
        """Write one volume; note where the pieces bound in it came to stand."""
        file = f"{name}.pdf"

        def pages(_done: int, _all: int) -> None:
            self._progress(self._done, self._total)

        written = write_pdf(document, self._folder / file, attachments, substitute=self._substitute, progress=pages)
        self._problems += [
            ArchiveGap("", f"{each.record}的“{each.field}”中“{each.character}”字库里没有，以〓代替", "", None, True)
            for each in written.substituted
        ]
        for piece in pieces:
            self._places[piece.number] = Place(file, written.anchors[piece.number], written.spans[piece.number])
        self._done += 1
        self._progress(self._done, self._total)
        return Volume(file, document.title, written.pages, written.sha256, records)

    # attached contents

    def examine(self, pieces: Sequence[Piece], spool: Spool) -> tuple[Images, list[ArchiveGap]]:
        """Return the attached pictures of a volume by file id, and which attachments cannot be shown."""
        images: dict[str, Jpeg | None] = {}
        problems: list[ArchiveGap] = []
        faults: dict[str, str] = {}

        def keep(data: bytes) -> Callable[[], bytes]:
            return partial(spool.read, spool.keep(data))

        for piece in pieces:
            for file in piece.files:
                if file.file_id is None:
                    continue
                if file.file_id not in faults:
                    self._progress(self._done, self._total)  # many photos take their time: somebody may want to stop
                    faults[file.file_id] = self._fault(file, file.file_id, images, keep)
                fault = faults[file.file_id]
                if fault:
                    what = f"附件“{file.own_name}”{fault}，已按原样附在卷中，请核对原件"
                    problems.append(ArchiveGap(piece.numbered.item_id, what, "", None, True))
        return images, problems

    def _fault(self, file: BoundFile, file_id: str, images: dict[str, Jpeg | None], keep: Keep) -> str:
        """Return why a file cannot be shown, "" if it can; a picture is put into `images`."""
        if file.media_type.startswith("image/"):
            shown = jpeg_of(self._opener(file_id), keep)
            images[file_id] = None if isinstance(shown, str) else shown
            return shown if isinstance(shown, str) else ""
        return pdf_fault(self._opener(file_id)) if file.media_type == "application/pdf" else ""

    def _attachment(self, file: BoundFile, file_id: str) -> Attachment:
        return Attachment(
            name=file.name,
            mime=file.media_type,
            description=file.own_name,
            day=file.added_on or self._binding.on,
            open=self._opener(file_id),
        )

    def _opener(self, file_id: str) -> Opener:
        return partial(self._open, file_id)

    @contextlib.contextmanager
    def _open(self, file_id: str) -> Iterator[Readable]:
        with self._store.att.open(file_id) as stream:
            yield stream
