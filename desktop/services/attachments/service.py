"""Attached files (附件): what they belong to is in the database, what they contain is in the contents."""

import contextlib
import hashlib
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment, StoredFile, is_photo
from desktop.models.file_names import plain_name
from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim
from desktop.models.vocabulary.access import Act
from desktop.services.attachments.contents import MAX_BYTES, Stored
from desktop.services.attachments.media_types import media_type
from desktop.services.attachments.records import require_record
from desktop.services.attachments.secrecy import secrecy_mark
from desktop.services.attachments.shrinking import shrunk
from desktop.services.attachments.sources import FILE, Source, opened, unopened
from desktop.services.clock import Clock, day_of, utc_text
from desktop.services.errors import Input, InvalidInput, NotFound, StorageFailure
from desktop.services.files import ORDINARY, FilePort, Readable, copy_stream, replacing, sha256_of
from desktop.services.leaving import leaving
from desktop.services.page_text import TooMuch
from desktop.services.progress import Progress, silent
from desktop.services.quoting import quoted
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.store import Store

EVIDENCE_KIND = Input("evidence_kind", "佐证种类")


class MarkedSecret(InvalidInput):
    """The name or first page carries a secrecy mark: this is no system for such a file. The user may know better."""

    code = "E-SECRET-MARK"


EMPTY = "文件是空的"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """One file attached to a record. `here` is False while its content has not come with a package yet."""

    id: str
    record_kind: str
    record_id: str
    name: str
    evidence_kind: str | None
    media_type: str
    sha256: str
    size_bytes: int
    here: bool
    added_on: date
    added_by: str


class NotLookedAt(InvalidInput):
    """The first page takes more time or memory than any page should, so that nobody knows whether it has a mark."""

    code = "E-SECRET-UNREAD"


@contextlib.contextmanager
def called(name: str) -> Iterator[None]:
    """Let a fault of a content be told by the name people know, not by that of the encrypted file."""
    try:
        yield
    except StorageFailure as error:
        if error.code in ("E-ATT-DAMAGED", "E-ATT-MISSING"):
            error.facts["file"] = name
        raise


class AttachmentService:
    """The files attached to the records of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def attach(
        self,
        record_kind: str,
        record_id: str,
        path: Path,
        *,
        evidence_kind: str | None = None,
        confirmed: bool = False,
        progress: Progress = silent,
    ) -> AttachmentRow:
        """Attach the file at `path` to a record. `confirmed`: the user has been asked about a secrecy mark.

        Attaching the same content to the same record again changes nothing but its kind, where one is given.

        Raises:
            NotAllowed: who works here may not write this record, or not even see it.
            InvalidInput: unreadable, empty or too large; the standard has no such kind of evidence, or wants no more
                photos at one record.
            NotFound: there is no such record.
            MarkedSecret, NotLookedAt: it carries a secrecy mark, or its first page cannot be read within bounds, and
                it was not `confirmed`.
            StorageFailure: the disk is full or refuses.
            Cancelled: `progress`, told bytes done and all, was asked to stop.
        """
        self._require(evidence_kind)
        name = plain_name(path.name)
        measures = measured(path, progress)
        if not confirmed:
            refuse_marked(name, path)
        smaller = smaller_photo(self._store, path, name, evidence_kind)
        if smaller is not None:
            row = self._add(record_kind, record_id, *smaller, evidence_kind)
        else:
            row = self._add(record_kind, record_id, name, path, evidence_kind, measures)
        note_read(self._store, [path])
        return row

    def attach_picture(
        self, record_kind: str, record_id: str, data: bytes, name: str, *, evidence_kind: str | None = None
    ) -> AttachmentRow:
        """Attach a picture that was copied, as `name`; raises as `attach`."""
        self._require(evidence_kind)
        if len(data) > MAX_BYTES:
            raise InvalidInput(FILE, f"不能大于{MAX_BYTES >> 20}MB")
        content = smaller_photo(self._store, data, plain_name(name), evidence_kind) or (plain_name(name), data)
        return self._add(record_kind, record_id, *content, evidence_kind)

    def _require(self, evidence_kind: str | None) -> None:
        self._store.require_writable()
        if evidence_kind is not None and evidence_kind not in dict(self.kinds()):
            raise InvalidInput(EVIDENCE_KIND, f"没有{quoted(evidence_kind)}这一种")

    def _add(
        self,
        record_kind: str,
        record_id: str,
        name: str,
        source: Path | bytes,
        evidence_kind: str | None,
        measures: tuple[str, int] | None = None,
    ) -> AttachmentRow:
        """Attach a content of these measures: a file, or what is in memory."""
        sha256, size = measures or measures_of(source)
        readable = source if isinstance(source, Path) else io.BytesIO(source)
        new = Attachment(
            branch_id=self._store.branch_id,
            record_kind=record_kind,
            record_id=record_id,
            name=name,
            evidence_kind=evidence_kind,
            media_type=media_type(name),
            sha256=sha256,
            size_bytes=size,
        )
        most = most_photos(self._store, record_kind)
        with self.staged(readable, sha256, size) as stored, self._store.unit_of_work(f"添加附件“{name}”") as session:
            refuse_photo(session, new, most)
            if stored is not None:
                keep_stored(session, stored)
            return _row(keep_at(session, new), self._store.clock, here=True)

    @contextlib.contextmanager
    def staged(self, source: Readable | Path, sha256: str, size: int) -> Iterator[Stored | None]:
        """Give the content as it lies staged, None if it was there already; it stays if the block succeeds."""
        if self._located([sha256]):
            yield None
            return
        contents = self._store.att
        stored = contents.stage(source)
        try:
            if (stored.sha256, stored.size_bytes) != (sha256, size):
                raise InvalidInput(FILE, "读取时文件正被修改，请稍后再试")
            yield stored
        except BaseException:
            if not self._store.in_doubt:  # else the row may count after all: the next opening knows
                contents.drop(stored.file_id)
            raise
        with contextlib.suppress(StorageFailure):  # row and content are safe; the name is given when it is read
            contents.keep(stored.file_id)

    def list(self, record_kind: str, record_id: str) -> Sequence[AttachmentRow]:
        """Return what is attached to a record, in the order of attaching."""
        return self._rows(Attachment.record_kind == record_kind, Attachment.record_id == record_id)

    def of_records(self, ids: Collection[str]) -> dict[str, tuple[AttachmentRow, ...]]:
        """Return what is attached to records of any kind, by record, in the order of attaching."""
        found: dict[str, tuple[AttachmentRow, ...]] = {}
        for row in self._rows(Attachment.record_id.in_(ids)):
            found[row.record_id] = (*found.get(row.record_id, ()), row)
        return found

    def kinds(self) -> Sequence[tuple[str, str]]:
        """Return the kinds of evidence of the standard in force, as ids with their names, to choose from."""
        from desktop.services.standards.service import StandardService  # attachments know no standard otherwise

        return [(kind.id, kind.name) for kind in StandardService(self._store).pack().evidence_kinds]

    def missing(self) -> Sequence[AttachmentRow]:
        """Return the attachments whose content is not in this store: to be asked for again, or restored."""
        return [row for row in self._rows() if not row.here]

    @contextlib.contextmanager
    def open(self, attachment_id: str) -> Iterator[Readable]:
        """Give the content of an attachment as a stream.

        Raises:
            NotFound: no such attachment.
            StorageFailure: E-ATT-MISSING, E-ATT-DAMAGED.
        """
        row = self.row(attachment_id)
        located = self._located([row.sha256])
        if not located:
            raise StorageFailure("E-ATT-MISSING", file=row.name)
        with called(row.name), self._store.att.open(located[row.sha256]) as stream:
            yield stream

    def read(self, attachment_id: str) -> bytes:
        """Return the whole content, for a preview in memory; raises as `open`."""
        with self.open(attachment_id) as stream:
            return stream.read()

    def save(self, attachment_id: str, target: Path, progress: Progress = silent) -> None:
        """Write the content, decrypted, where the user says (另存为); raises as `open`.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            StorageFailure: the disk is full or refuses; no half file is left.
            Cancelled: `progress`, told bytes done and all, was asked to stop.
        """
        self._store.rights.require(Act.EXPORT)
        row = self.row(attachment_id)
        with (
            self.open(attachment_id) as stream,
            leaving(self._store, target),
            replacing(target, FilePort(mode=ORDINARY), need=row.size_bytes) as writer,
        ):
            copy_stream(stream, writer, _counted(progress, row.size_bytes))

    def remove(self, attachment_id: str) -> None:
        """Put an attachment into the recycle bin; its content stays.

        Raises:
            NotFound: no such attachment.
            InvalidInput: it belongs to minutes that are confirmed, to which files are only added.
        """
        store, row = self._store, self.row(attachment_id)
        store.rights.require_any(row.record_kind)
        if self._is_final(row):
            raise InvalidInput(FILE, "会议记录已经确认，附件只能补充，不能删除")
        with store.unit_of_work(f"删除附件“{row.name}”") as session:
            session.get_one(Attachment, attachment_id).deleted_at_utc = utc_text(store.clock())

    def _is_final(self, row: AttachmentRow) -> bool:
        if row.record_kind != Meeting.__tablename__:
            return False
        with self._store.reading() as session:
            meeting = session.get(Meeting, row.record_id)
            return meeting is not None and meeting.state.final

    def settle(self) -> None:
        """Finish or sweep what a crash left half done in the folder of contents."""
        with self._store.reading() as session:
            named = set(session.scalars(select(StoredFile.id)))
        self._store.att.settle(named)

    def _located(self, sums: Sequence[str]) -> dict[str, str]:
        """Return the file id of each content that lies in this store."""
        with self._store.reading() as session:
            stored = session.execute(select(StoredFile.sha256, StoredFile.id).where(StoredFile.sha256.in_(sums)))
            return {sha256: file_id for sha256, file_id in stored if self._store.att.has(file_id)}

    def row(self, attachment_id: str) -> AttachmentRow:
        """Return one attachment.

        Raises:
            NotFound: no such attachment.
        """
        rows = self._rows(Attachment.id == attachment_id)
        if not rows:
            raise NotFound(what="附件", id=attachment_id)
        return rows[0]

    def _rows(self, *conditions: ColumnElement[bool]) -> Sequence[AttachmentRow]:
        query = (
            select(Attachment, StoredFile.id)
            .outerjoin(StoredFile, StoredFile.sha256 == Attachment.sha256)
            .where(Attachment.deleted_at_utc.is_(None), *conditions)
            .order_by(Attachment.id)
        )
        with self._store.reading() as session:
            return [
                _row(row, self._store.clock, here=file_id is not None and self._store.att.has(file_id))
                for row, file_id in session.execute(query)
            ]


def most_photos(store: "Store", record_kind: str) -> int:
    """Return how many photos the standard in force wants at one record; its own rules say it of a claim of points."""
    from desktop.services.standards.service import StandardService  # attachments know no standard otherwise

    if record_kind == PointsClaim.__tablename__:
        from desktop.services.points.ledger import PointsService

        own = PointsService(store).scheme().max_photos
        if own:
            return own
    return StandardService(store).pack().scoring.max_photos_per_record


def smaller_photo(
    store: "Store", source: Path | bytes, name: str, evidence_kind: str | None
) -> tuple[str, bytes] | None:
    """Return a photo as small as the standard in force wants it, with its name; None where it stays as it is."""
    from desktop.services.standards.service import StandardService  # attachments know no standard otherwise

    if not is_photo(media_type(name), evidence_kind):
        return None
    return shrunk(source, name, StandardService(store).pack().scoring.photo_longest_side)


def measures_of(source: Path | bytes) -> tuple[str, int]:
    """Return SHA-256 and size of what is attached."""
    if isinstance(source, Path):
        return measured(source)
    return hashlib.sha256(source).hexdigest(), len(source)


def size_of(path: Path) -> int:
    """Return the size of a file that can be attached, as far as its size tells.

    Raises:
        InvalidInput: unreadable, empty or too large.
    """
    try:
        total = path.stat().st_size
    except OSError as error:
        raise unopened(path, error) from error
    if total > MAX_BYTES:
        raise InvalidInput(FILE, f"不能大于{MAX_BYTES >> 20}MB")
    if not total and path.is_file():
        raise InvalidInput(FILE, EMPTY)
    return total


def measured(path: Path, progress: Progress = silent) -> tuple[str, int]:
    """Return SHA-256 and size of a file that can be attached.

    Raises:
        InvalidInput: unreadable, empty or too large.
        Cancelled: `progress`, told bytes done and all, was asked to stop.
    """
    total = size_of(path)
    with opened(path) as file:
        sha256, size = sha256_of(Source(file), _counted(progress, total))
    if not size:
        raise InvalidInput(FILE, EMPTY)
    return sha256, size


def refuse_marked(name: str, path: Path) -> None:
    """Refuse a file that carries a secrecy mark, or hides its first page from being looked at.

    Raises:
        MarkedSecret, NotLookedAt: the user has to say that it may be kept all the same.
    """
    try:
        mark = secrecy_mark(name, path)
    except TooMuch as error:
        reason = "文件第一页读不完（过于复杂，可能是恶意文件），没法查看有没有密级标志"
        raise NotLookedAt(FILE, reason, file=name) from error
    if mark:
        reason = f"文件带有“{mark}”标志，本系统不得存储国家秘密和工作秘密"
        raise MarkedSecret(FILE, reason, file=name, mark=mark)


def refuse_photo(session: Session, new: Attachment, most: int) -> None:
    """Refuse a photo beyond what the standard wants at one record: more pictures are no better evidence.

    Raises:
        InvalidInput: the record has as many photos as it may have.
    """
    if not new.is_photo:
        return
    there = select(Attachment).where(
        Attachment.record_kind == new.record_kind,
        Attachment.record_id == new.record_id,
        Attachment.deleted_at_utc.is_(None),
    )
    others = [row for row in session.scalars(there) if (row.sha256, row.name) != (new.sha256, new.name)]
    if sum(row.is_photo for row in others) >= most:
        reason = f"一条记录最多附{most}张照片，已经有了；签到表、批复等材料的扫描件请先选佐证种类"
        raise InvalidInput(FILE, reason)


def keep_at(session: Session, new: Attachment) -> Attachment:
    """Return the row of this content at its record: the one that is there already, else `new`, added.

    Raises:
        NotFound: there is no such record.
    """
    require_record(session, new.record_kind, new.record_id)
    same = select(Attachment).where(
        Attachment.record_kind == new.record_kind,
        Attachment.record_id == new.record_id,
        Attachment.sha256 == new.sha256,
        Attachment.name == new.name,
        Attachment.deleted_at_utc.is_(None),
    )
    row = session.scalar(same)
    if row is not None:
        row.evidence_kind = new.evidence_kind or row.evidence_kind
        return row
    session.add(new)
    session.flush()
    return new


def keep_stored(session: Session, stored: Stored) -> None:
    """Note in the database where a content lies, replacing what it said of a lost one."""
    session.execute(delete(StoredFile).where(StoredFile.sha256 == stored.sha256))
    session.add(StoredFile(id=stored.file_id, sha256=stored.sha256, size_bytes=stored.size_bytes))
    session.flush()


def _row(row: Attachment, clock: Clock, *, here: bool) -> AttachmentRow:
    return AttachmentRow(
        id=row.id,
        record_kind=row.record_kind,
        record_id=row.record_id,
        name=row.name,
        evidence_kind=row.evidence_kind,
        media_type=row.media_type,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        here=here,
        added_on=day_of(row.created_at_utc, clock),
        added_by=row.created_by,
    )


def _counted(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    return count
