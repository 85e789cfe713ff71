"""The inspection archive (检查档案) of a year: volumes by dimension, report, roster, catalogue and manifest.

Order: cover and list of volumes; a volume per dimension with its own index, item sheets, evidence in order of date, the
explanation of what is missing and the back sheet; score report; roster; ledger of dues and the round of the yearly
appraisal, where they are kept; catalogue.
All of it opens on any PC.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.appraisal.service import AppraisalService
from desktop.services.archive.appraisal import round_document
from desktop.services.archive.attached import Attached, examine
from desktop.services.archive.binding import Binding, BoundFile, Piece, bind
from desktop.services.archive.blocks import Attachment, Document
from desktop.services.archive.catalogue import catalogue_document, front_document
from desktop.services.archive.dues import ledger_document
from desktop.services.archive.manifest import write_manifest
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.roster import roster_document
from desktop.services.archive.rows import Archive, ArchiveGap, Place, Volume
from desktop.services.archive.score_report import score_report
from desktop.services.archive.sheets import dimension_document
from desktop.services.archive.spool import Spool
from desktop.services.archive.verifying import holds_more, is_archive
from desktop.services.archive.workshop import beside, deliver, make_room, workshop
from desktop.services.dues.ledger import LedgerService
from desktop.services.errors import Conflict
from desktop.services.files import refuse_file
from desktop.services.members import MemberService
from desktop.services.progress import Progress, silent
from desktop.services.quoting import portable
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

    The folder appears whole or not at all; an archive of ours already there is replaced, or put aside where it holds
    what this one does not bring back. The same records give the same bytes. With `substitute`, a character that is in
    no face is printed as 〓 and listed among the gaps.

    Raises:
        Conflict: something that is no archive of ours lies in `to`.
        InvalidInput: a character of the records is in none of the faces (record and field are named).
        StorageFailure: the disk refuses.
        Cancelled: `progress` asked to stop; nothing is left.
    """
    refuse_file(to)
    if to.exists() and any(to.iterdir()) and not is_archive(to):
        raise Conflict(what="归档目录", file=str(to), reason="文件夹里有其他内容，请换一个空文件夹")
    make_room(to)
    with workshop(store.scratch) as making:
        binding = bind(store, year, on or store.today, branch_id)
        total = len(binding.score.dimensions) + _BESIDE_DIMENSIONS
        with Spool(store.scratch) as spool:
            attached = examine(store, binding, spool, lambda _done, _all: progress(0, total))
            volumes, gaps = _Writer(store, binding, attached, making, progress, substitute).write()
        aside = beside(to) if holds_more(to, binding.branch.id, year) else None
        deliver(store.scratch, making, to, aside)
    return Archive(to, volumes, gaps, aside)


def preflight(store: "Store", year: int, on: date | None = None, progress: Progress = silent) -> list[ArchiveGap]:
    """Return what an archive of this branch would say of its attachments, without writing it: see `build_volumes`.

    Raises:
        Cancelled: `progress`, told files looked at and all, asked to stop.
    """
    binding = bind(store, year, on or store.today)
    with Spool(store.scratch) as spool:
        attached = examine(store, binding, spool, progress)
    problems = attached.problems_of(binding.pieces.values())
    return sorted({*binding.problems, *problems}, key=lambda gap: (gap.item_id, gap.what))


class _Writer:
    """Writes the volumes of one archive into a folder."""

    def __init__(
        self,
        store: "Store",
        binding: Binding,
        attached: Attached,
        folder: Path,
        progress: Progress,
        substitute: bool,
    ) -> None:
        self._store, self._binding, self._attached, self._folder = store, binding, attached, folder
        self._progress, self._substitute = progress, substitute
        self._done, self._total = 0, len(binding.score.dimensions) + _BESIDE_DIMENSIONS
        year, on = binding.year, min(binding.on, date(binding.year, 12, 31))
        ledger = LedgerService(store).ledger(year, on, binding.branch.id)
        self._ledger = ledger if ledger.begun else None
        appraisal = AppraisalService(store).round(year, binding.branch.id)
        self._appraisal = appraisal if appraisal.begun else None
        self._total += ledger.begun + appraisal.begun
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
        if self._ledger is not None:
            paper = ledger_document(self._ledger, binding.branch.name)
            whole.append(self._volume(f"{following + 2:02d}-党费收缴台账", paper))
        if self._appraisal is not None:
            paper = round_document(self._appraisal, binding.branch.name)
            whole.append(self._volume(f"{following + len(whole):02d}-组织生活会和民主评议", paper))
        catalogue = catalogue_document(binding, whole, self._places)
        volumes = [*dimensions, *whole, self._volume(f"{following + len(whole):02d}-归档文件目录", catalogue)]
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
        problems = self._attached.problems_of(pieces)
        self._problems += problems
        all_problems = [*binding.problems_of(dimension.id), *problems]
        document = dimension_document(binding, dimension, self._attached.images, all_problems)
        name = f"{position:02d}-{dimension.id}-{dimension.dimension.name}"
        attachments = [self._attachment(file, file_id) for file, file_id in bound]
        return self._volume(name, document, attachments, tuple(piece.used.id for piece in pieces), pieces)

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
        file = portable(f"{name}.pdf")

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

    def _attachment(self, file: BoundFile, file_id: str) -> Attachment:
        return Attachment(
            name=file.name,
            mime=file.media_type,
            description=file.own_name,
            day=file.added_on or self._binding.on,
            open=partial(self._store.att.open, file_id),
        )
