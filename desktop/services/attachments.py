"""Attached files (附件): what they belong to is in the database, what they contain lies encrypted in att/.

A content is stored once, however often it is attached. No plaintext of it touches the disk: previews are read into
memory, and only the user's own 另存为 writes a file.
"""

import contextlib
import mimetypes
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput, NotFound, StorageFailure
from desktop.services.files import (
    PARTIAL,
    FilePort,
    HashingReader,
    PortWriter,
    Readable,
    TooLong,
    copy_stream,
    partial,
    replacing,
    sha256_of,
    storage_faults,
)
from desktop.services.progress import Progress, silent

if TYPE_CHECKING:
    from pyrage import x25519
    from sqlalchemy.orm import Session

    from desktop.models.attachments import Attachment
    from desktop.services.store import Store

FOLDER = "att"
MAX_BYTES = 200 << 20
"""The largest content a package can carry."""

KEY_PURPOSE = "attachments"
"""Under which the key of the contents lies in the database."""

_ENDING = ".age"
_MAX_NAME = 200


class MarkedSecret(InvalidInput):
    """The name or first page carries a secrecy mark: this is no system for such a file. The user may know better."""

    code = "E-SECRET-MARK"


@dataclass(frozen=True, slots=True)
class Stored:
    """A content in the store: its random id, its SHA-256 and its size in bytes."""

    file_id: str
    sha256: str
    size_bytes: int


class AttachmentStore:
    """The encrypted contents of one store: att/<first two of id>/<id>.age, readable by the store's own key alone."""

    def __init__(self, folder: Path, identity: "x25519.Identity", port: FilePort | None = None) -> None:
        self.folder = folder / FOLDER
        self._identity = identity
        self._port = port or FilePort()

    @classmethod
    def of(cls, store: "Store") -> "AttachmentStore":
        """Return the contents of an open store, with the key from its database."""
        from sqlalchemy import select

        from desktop.models.sync import OwnKey
        from desktop.services.security.keys import age_identity

        with store.reading() as session:
            secret = session.scalars(
                select(OwnKey.secret)
                .where(OwnKey.purpose == KEY_PURPOSE, OwnKey.retired_at_utc.is_(None))
                .order_by(OwnKey.id.desc())
            ).first()
        if secret is None:
            raise StorageFailure("E-DB-DAMAGED", file=FOLDER, reason="没有附件密钥")
        return cls(store.folder, age_identity(secret.decode("ascii")))

    def path(self, file_id: str) -> Path:
        """Return where the content with `file_id` lies or would lie."""
        if str(uuid.UUID(file_id)) != file_id:
            raise ValueError(f"not a file id: {file_id}")
        return self.folder / file_id[:2] / (file_id + _ENDING)

    def add(self, source: Readable | Path, limit: int = MAX_BYTES) -> Stored:
        """Encrypt `source` into the store, in pieces.

        Raises:
            InvalidInput: it is larger than `limit` bytes, or cannot be read.
            StorageFailure: the disk is full or refuses; nothing is left of it.
        """
        stored = self.stage(source, limit)
        try:
            self.keep(stored.file_id)
        except BaseException:
            self.drop(stored.file_id)
            raise
        return stored

    def stage(self, source: Readable | Path, limit: int = MAX_BYTES) -> Stored:
        """Like `add`, but under a temporary name, safely on the disk, until `keep` or `drop` is called.

        A package puts its contents there before the rows that name them are committed. What a crash leaves in between
        is settled by `settle` at the next start.
        """
        if isinstance(source, Path):
            with _opened(source) as stream:
                return self.stage(stream, limit)
        file_id = str(uuid.uuid4())
        path = self.path(file_id)
        reader = HashingReader(_Source(source), limit)
        with storage_faults(path, self._port):
            self._port.make_folder(path.parent)
            try:
                with self._port.open_excl(partial(path)) as file:
                    self._encrypt(reader, PortWriter(file, self._port))
                    self._port.fsync(file)
                self._port.fsync_dir(path.parent)
            except TooLong as error:
                self.drop(file_id)
                raise InvalidInput("附件", f"不能大于{limit >> 20}MB") from error
            except BaseException:
                self.drop(file_id)
                raise
        return Stored(file_id, reader.sha256, reader.size)

    def keep(self, file_id: str) -> None:
        """Give a staged content its final name; fine if it has it already."""
        path = self.path(file_id)
        with storage_faults(path, self._port):
            if partial(path).exists():
                self._port.replace(partial(path), path)
                self._port.fsync_dir(path.parent)

    def drop(self, file_id: str) -> None:
        """Delete a staged content."""
        with contextlib.suppress(OSError):  # rubbish that stays is swept at the next start
            self._port.remove(partial(self.path(file_id)))

    def settle(self, known: set[str]) -> None:
        """Finish what a crash interrupted: staged contents whose id is `known` to the database are kept, others go."""
        for path in sorted(self.folder.glob(f"*/*{_ENDING}{PARTIAL}")):
            file_id = path.name.removesuffix(_ENDING + PARTIAL)
            if file_id in known:
                self.keep(file_id)
            else:
                with storage_faults(path, self._port):
                    self._port.remove(path)

    @contextlib.contextmanager
    def open(self, file_id: str) -> Iterator[Readable]:
        """Give the plaintext as a stream, decrypted in pieces. Who reads to the end has read it undamaged.

        Raises:
            StorageFailure: E-ATT-MISSING; E-ATT-DAMAGED, also while reading.
        """
        from desktop.services.security import agefile

        path = self.path(file_id)
        self._keep_late(file_id)
        try:
            with (
                storage_faults(path, self._port),
                self._port.open_read(path) as file,
                agefile.decrypting(file, [self._identity]) as plain,
            ):
                yield plain
        except agefile.AgeFault as error:
            raise StorageFailure("E-ATT-DAMAGED", file=path.name) from error
        except StorageFailure as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise StorageFailure("E-ATT-MISSING", file=path.name) from error
            raise

    def read(self, file_id: str) -> bytes:
        """Return the whole plaintext, for a preview in memory.

        Raises:
            StorageFailure: E-ATT-MISSING, E-ATT-DAMAGED.
        """
        with self.open(file_id) as plain:
            return plain.read()

    def verify(self, file_id: str, sha256: str) -> None:
        """Check that the content is there, opens, and is the one that was attached.

        Raises:
            StorageFailure: E-ATT-MISSING, E-ATT-DAMAGED.
        """
        with self.open(file_id) as plain:
            found, _size = sha256_of(plain)
        if found != sha256:
            raise StorageFailure("E-ATT-DAMAGED", file=self.path(file_id).name)

    def has(self, file_id: str) -> bool:
        """Tell whether the content is there, unread."""
        self._keep_late(file_id)
        return self.path(file_id).is_file()

    def ids(self) -> Iterator[str]:
        """Give the ids of all contents in the folder, in order."""
        for path in sorted(self.folder.glob(f"*/*{_ENDING}")):
            yield path.name.removesuffix(_ENDING)

    def delete(self, file_id: str) -> None:
        """Delete a content for good. Only for one that no row names."""
        path = self.path(file_id)
        with storage_faults(path, self._port):
            self._port.remove(path)

    def _keep_late(self, file_id: str) -> None:
        """Give a content its final name if that could not be done when its row was committed."""
        if not self.path(file_id).exists() and partial(self.path(file_id)).exists():
            self.keep(file_id)

    def _encrypt(self, source: Readable, target: PortWriter) -> None:
        from desktop.services.security import agefile

        agefile.encrypt(source, target, [self._identity.to_public()])


class _Source:
    """Reads what the user attaches: its faults are about that file, not about our disk."""

    def __init__(self, source: Readable) -> None:
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            raise InvalidInput("附件", f"无法读取（{error.strerror}）") from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Readable]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise InvalidInput("附件", f"无法打开“{path.name}”（{error.strerror}）") from error
    with file:
        yield file


# -- secrecy marks -----------------------------------------------------------------------------------------------------

_LEVELS = "绝密|机密|秘密"
_MARK = re.compile(rf"(?:{_LEVELS})\s*[★☆]")
# A star is rare in file names; brackets say the same. The bare word does not: 秘密投票 is how we vote.
_NAME_MARK = re.compile(rf"{_MARK.pattern}|[【\[（(〔《](?:{_LEVELS})[】\])）〕》]|^(?:{_LEVELS})[-_ 　·]")
_FIRST_PAGE = 4000  # characters of the text of a document that count as its first page
_BYTES_LOOKED_AT = 1 << 20
_TEXT_MEMBER = re.compile(
    r"word/(header\d*|document)\.xml|xl/sharedStrings\.xml|ppt/slides/slide1\.xml|.*/Page_0/Content\.xml"
)
_TAG = re.compile(r"<[^>]*>")


def secrecy_mark(name: str, path: Path) -> str | None:
    """Return the secrecy mark (密级标志, e.g. 机密★) in the name or on the first page of a file, if one shows.

    A heuristic: a scanned page tells nothing.
    """
    found = _NAME_MARK.search(name) or _MARK.search(_first_page(path))
    return found.group().strip() if found else None


def _first_page(path: Path) -> str:
    with _opened(path) as file:
        head = file.read(_BYTES_LOOKED_AT)
    if head.startswith(b"%PDF-"):
        return _pdf_page(path)
    if head.startswith(b"PK\x03\x04"):
        return _zipped_text(path)
    # Plain text in the encodings met here; an old .doc keeps its text as UTF-16 among other bytes.
    texts = (head.decode(encoding, errors="ignore") for encoding in ("utf-8", "gb18030", "utf-16-le"))
    return "\n".join(text[:_FIRST_PAGE] if index < 2 else text for index, text in enumerate(texts))


def _pdf_page(path: Path) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        try:
            if not len(document):
                return ""
            text: str = document[0].get_textpage().get_text_bounded()
            return text[:_FIRST_PAGE]
        finally:
            document.close()
    except pypdfium2.PdfiumError:  # encrypted or broken: nothing to read
        return ""


def _zipped_text(path: Path) -> str:
    """Return the beginning of the text in a DOCX, XLSX, PPTX or OFD file."""
    pieces = []
    try:
        with zipfile.ZipFile(path) as archive:
            for name in [each for each in archive.namelist() if _TEXT_MEMBER.fullmatch(each)][:8]:
                with archive.open(name) as member:
                    text = member.read(_BYTES_LOOKED_AT).decode("utf-8", errors="ignore")
                pieces.append(_TAG.sub("", text)[:_FIRST_PAGE])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):  # broken, or with a password
        return ""
    return "\n".join(pieces)


# -- the service -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
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
    added_at_utc: str
    added_by: str


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

        Attaching the same content to the same record again changes nothing.

        Raises:
            InvalidInput: unreadable, empty or too large.
            MarkedSecret: it carries a secrecy mark and was not `confirmed`.
            StorageFailure: the disk is full or refuses.
            Cancelled: `progress`, told bytes done and all, was asked to stop.
        """
        from sqlalchemy import select

        from desktop.models.attachments import Attachment

        name = _clean_name(path.name)
        sha256, size = self._measure(path, progress)
        if not confirmed and (mark := secrecy_mark(name, path)):
            raise MarkedSecret("附件", f"文件带有“{mark}”标志，本系统不得存储国家秘密和工作秘密", name=name, mark=mark)
        store = self._store
        new = None if self._located([sha256]) else store.att.stage(path)
        try:
            if new is not None and (new.sha256, new.size_bytes) != (sha256, size):
                raise InvalidInput("附件", "读取时文件正被修改，请稍后再试")
            with store.unit_of_work(f"添加附件“{name}”") as session:
                if new is not None:
                    keep_stored(session, new)
                same = select(Attachment).where(
                    Attachment.record_kind == record_kind,
                    Attachment.record_id == record_id,
                    Attachment.sha256 == sha256,
                    Attachment.name == name,
                    Attachment.deleted_at_utc.is_(None),
                )
                row = session.scalar(same)
                if row is None:
                    row = Attachment(
                        branch_id=store.branch_id,
                        record_kind=record_kind,
                        record_id=record_id,
                        name=name,
                        evidence_kind=evidence_kind,
                        media_type=_media_type(name),
                        sha256=sha256,
                        size_bytes=size,
                    )
                    session.add(row)
                    session.flush()
                result = _row(row, here=True)
        except BaseException:
            if new is not None:
                store.att.drop(new.file_id)
            raise
        if new is not None:
            with contextlib.suppress(StorageFailure):  # row and content are safe; the name is given when it is read
                store.att.keep(new.file_id)
        return result

    def list(self, record_kind: str, record_id: str) -> Sequence[AttachmentRow]:
        """Return what is attached to a record, in the order of attaching."""
        from desktop.models.attachments import Attachment

        return self._rows(Attachment.record_kind == record_kind, Attachment.record_id == record_id)

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
        row = self._row(attachment_id)
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
            StorageFailure: the disk is full or refuses; no half file is left.
            Cancelled: `progress`, told bytes done and all, was asked to stop.
        """
        row = self._row(attachment_id)
        with self.open(attachment_id) as stream, replacing(target, FilePort(), need=row.size_bytes) as writer:
            copy_stream(stream, writer, _counted(progress, row.size_bytes))

    def remove(self, attachment_id: str) -> None:
        """Put an attachment into the recycle bin; its content stays.

        Raises:
            NotFound: no such attachment.
        """
        from desktop.models.attachments import Attachment

        store, row = self._store, self._row(attachment_id)
        with store.unit_of_work(f"删除附件“{row.name}”") as session:
            session.get_one(Attachment, attachment_id).deleted_at_utc = utc_text(store.clock())

    def settle(self) -> None:
        """Finish or sweep what a crash left half done in the folder of contents."""
        from sqlalchemy import select

        from desktop.models.attachments import StoredFile

        with self._store.reading() as session:
            known = set(session.scalars(select(StoredFile.id)))
        self._store.att.settle(known)

    def _measure(self, path: Path, progress: Progress) -> tuple[str, int]:
        try:
            total = path.stat().st_size
        except OSError as error:
            raise InvalidInput("附件", f"无法打开“{path.name}”（{error.strerror}）") from error
        if total > MAX_BYTES:
            raise InvalidInput("附件", f"不能大于{MAX_BYTES >> 20}MB")
        with _opened(path) as file:
            sha256, size = sha256_of(_Source(file), _counted(progress, total))
        if not size:
            raise InvalidInput("附件", "文件是空的")
        return sha256, size

    def _located(self, sums: Sequence[str]) -> dict[str, str]:
        """Return the file id of each content that lies in this store."""
        from sqlalchemy import select

        from desktop.models.attachments import StoredFile

        with self._store.reading() as session:
            found = session.execute(select(StoredFile.sha256, StoredFile.id).where(StoredFile.sha256.in_(sums)))
            return {sha256: file_id for sha256, file_id in found if self._store.att.has(file_id)}

    def _row(self, attachment_id: str) -> AttachmentRow:
        from desktop.models.attachments import Attachment

        rows = self._rows(Attachment.id == attachment_id)
        if not rows:
            raise NotFound(what="附件", id=attachment_id)
        return rows[0]

    def _rows(self, *conditions: Any) -> Sequence[AttachmentRow]:
        from sqlalchemy import select

        from desktop.models.attachments import Attachment, StoredFile

        query = (
            select(Attachment, StoredFile.id)
            .outerjoin(StoredFile, StoredFile.sha256 == Attachment.sha256)
            .where(Attachment.deleted_at_utc.is_(None), *conditions)
            .order_by(Attachment.id)
        )
        with self._store.reading() as session:
            return [
                _row(row, here=file_id is not None and self._store.att.has(file_id))
                for row, file_id in session.execute(query)
            ]


def keep_stored(session: "Session", stored: Stored) -> None:
    """Note in the database where a content lies, replacing what it said of a lost one."""
    from sqlalchemy import delete

    from desktop.models.attachments import StoredFile

    session.execute(delete(StoredFile).where(StoredFile.sha256 == stored.sha256))
    session.add(StoredFile(id=stored.file_id, sha256=stored.sha256, size_bytes=stored.size_bytes))
    session.flush()


def _row(row: "Attachment", here: bool) -> AttachmentRow:
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
        added_at_utc=row.created_at_utc,
        added_by=row.created_by,
    )


def _counted(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    return told


def _clean_name(name: str) -> str:
    """Return a name fit for a list and for every file system: no control characters, the ending kept."""
    text = "".join(letter for letter in name if letter.isprintable()).strip()
    if len(text) > _MAX_NAME:
        ending = Path(text).suffix[:20]
        text = text[: _MAX_NAME - len(ending)] + ending
    return text or "附件"


_MEDIA_TYPES = {".ofd": "application/ofd", ".wps": "application/wps-office.wps", ".et": "application/wps-office.et"}


def _media_type(name: str) -> str:
    ending = Path(name).suffix.lower()
    return _MEDIA_TYPES.get(ending) or mimetypes.guess_type(f"a{ending}")[0] or "application/octet-stream"
