"""The contents of attachments: encrypted in att/, each once, readable by the store's own key alone.

No plaintext of them touches the disk: previews are read into memory, and only the user's own 另存为 writes a file.
"""

import contextlib
import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.sync import OwnKey
from desktop.services.attachments.sources import FILE, Source, opened
from desktop.services.errors import InvalidInput, StorageFailure
from desktop.services.files import (
    PARTIAL,
    FilePort,
    HashingReader,
    PortWriter,
    Readable,
    TooLong,
    partial,
    sha256_of,
    storage_faults,
)
from desktop.services.security import agefile
from desktop.services.security.keys import age_identity

if TYPE_CHECKING:
    from pyrage import x25519

    from desktop.services.store import Store

FOLDER = "att"
MAX_BYTES = 200 << 20
"""The largest content a package can carry."""

KEY_PURPOSE = "attachments"
"""Under which the key of the contents lies in the database."""

_ENDING = ".age"


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
        """Return the contents of an open store, with the key from its database.

        Raises:
            StorageFailure: E-DB-DAMAGED; the key is gone.
        """
        with store.reading() as session:
            secret = session.scalars(
                select(OwnKey.secret)
                .where(OwnKey.purpose == KEY_PURPOSE, OwnKey.retired_at_utc.is_(None))
                .order_by(OwnKey.id.desc())
            ).first()
        if secret is None:
            raise StorageFailure("E-DB-DAMAGED", file=FOLDER, reason="没有附件钥匙")
        return cls(store.folder, age_identity(secret.decode("ascii")))

    def path(self, file_id: str) -> Path:
        """Return where the content with `file_id` lies or would lie.

        Raises:
            ValueError: that is no id of a file.
        """
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

        Raises:
            InvalidInput: it is larger than `limit` bytes, or cannot be read.
            StorageFailure: the disk is full or refuses; nothing is left of it.
        """
        if isinstance(source, Path):
            with opened(source) as stream:
                return self.stage(stream, limit)
        file_id = str(uuid.uuid4())
        path = self.path(file_id)
        reader = HashingReader(Source(source), limit)
        with storage_faults(path, self._port):
            self._port.make_folder(path.parent)
            try:
                with self._port.open_excl(partial(path)) as file:
                    self._encrypt(reader, PortWriter(file, self._port))
                    self._port.fsync(file)
                self._port.fsync_dir(path.parent)
            except TooLong as error:
                self.drop(file_id)
                raise InvalidInput(FILE, f"不能大于{limit >> 20}MB") from error
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

    def staged(self) -> list[str]:
        """Return the ids of the contents that have only a temporary name: a crash left them."""
        ending = _ENDING + PARTIAL
        return sorted(path.name.removesuffix(ending) for path in self.folder.glob(f"*/*{ending}"))

    def settle(self, named: set[str]) -> None:
        """Finish what a crash interrupted: staged contents whose id is `named` in the database are kept, others go.

        Raises:
            StorageFailure: the disk refuses.
        """
        for path in sorted(self.folder.glob(f"*/*{_ENDING}{PARTIAL}")):
            file_id = path.name.removesuffix(_ENDING + PARTIAL)
            if file_id in named:
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
        path = self.path(file_id)
        self._keep_late(file_id)
        with contextlib.ExitStack() as stack:
            with self._faults(path):
                file = stack.enter_context(self._port.open_read(path))
            plain = stack.enter_context(agefile.decrypting(file, [self._identity]))
            yield _Content(plain, functools.partial(self._faults, path))

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
            read, _size = sha256_of(plain)
        if read != sha256:
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

    @contextlib.contextmanager
    def _faults(self, path: Path) -> Iterator[None]:
        """Say what went wrong with a content: it is not there, it is damaged, the disk refuses."""
        try:
            with storage_faults(path, self._port):
                yield
        except agefile.AgeFault as error:
            raise StorageFailure("E-ATT-DAMAGED", file=path.name) from error
        except StorageFailure as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise StorageFailure("E-ATT-MISSING", file=path.name) from error
            raise

    def _keep_late(self, file_id: str) -> None:
        """Give a content its final name if that could not be done when its row was committed."""
        if not self.path(file_id).exists() and partial(self.path(file_id)).exists():
            self.keep(file_id)

    def _encrypt(self, source: Readable, target: PortWriter) -> None:
        agefile.encrypt(source, target, [self._identity.to_public()])


class _Content:
    """The plaintext of one content. Only its own reading is told as a fault of it, never what the reader does."""

    def __init__(self, plain: Readable, faults: Callable[[], AbstractContextManager[None]]) -> None:
        self._plain, self._faults = plain, faults

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`; raises as `AttachmentStore.open`."""
        with self._faults():
            return self._plain.read(size)
