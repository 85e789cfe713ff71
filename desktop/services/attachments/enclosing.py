"""Files attached within a unit of work that does more: an import with its documents, photos of many meetings.

They are all there once it is committed, and none of them if it is not.
"""

import contextlib
import functools
import io
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.file_names import plain_name
from desktop.services.attachments.contents import Stored
from desktop.services.attachments.media_types import media_type
from desktop.services.attachments.service import (
    AttachmentService,
    keep_at,
    keep_stored,
    measured,
    measures_of,
    most_photos,
    refuse_photo,
    smaller_photo,
)
from desktop.services.attachments.sources import FILE
from desktop.services.errors import InvalidInput, StorageFailure
from desktop.services.progress import Progress, silent

if TYPE_CHECKING:
    from desktop.services.store import Store


class Enclosing:
    """Stands around a unit of work: what is added within it is staged, and kept or dropped when it ends."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._staged: dict[str, Stored] = {}
        self._most: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        contents = self._store.att
        for stored in self._staged.values():
            if kind is None:
                with contextlib.suppress(StorageFailure):  # row and content are safe; the name is given when it is read
                    contents.keep(stored.file_id)
            elif not self._store.in_doubt:  # else the rows may count after all: the next opening knows
                contents.drop(stored.file_id)

    def add(
        self,
        session: Session,
        record_kind: str,
        record_id: str,
        path: Path,
        *,
        evidence_kind: str | None = None,
        sha256: str = "",
        progress: Progress = silent,
    ) -> bool:
        """Attach the file at `path` in the transaction of `session`; return whether it was not attached there already.

        `sha256`: what the file was when a person was shown what it is. A kind of evidence that the standard in force
        does not have is none.

        Raises:
            InvalidInput: unreadable, empty, too large, another file by now, or a photo too many at this record.
            StorageFailure: the disk is full or refuses.
            Cancelled: `progress`, told bytes done and all, was asked to stop.
        """
        found, size = measured(path, progress)
        if sha256 and found != sha256:
            raise InvalidInput(FILE, f"“{path.name}”读过以后又改动过，请重新选择")
        kind = evidence_kind if evidence_kind in self._kinds else None
        smaller = smaller_photo(self._store, path, plain_name(path.name), kind)
        name, content = smaller or (plain_name(path.name), path)
        if smaller is not None:
            found, size = measures_of(smaller[1])
        new = Attachment(
            branch_id=self._store.branch_id,
            record_kind=record_kind,
            record_id=record_id,
            name=name,
            evidence_kind=kind,
            media_type=media_type(name),
            sha256=found,
            size_bytes=size,
        )
        refuse_photo(session, new, self._most_photos(record_kind))
        if not self._is_here(session, found):
            stored = self._store.att.stage(content if isinstance(content, Path) else io.BytesIO(content))
            self._staged[stored.sha256] = stored
            if stored.sha256 != found:
                raise InvalidInput(FILE, f"“{path.name}”正被修改，请稍后再试")
            keep_stored(session, stored)
        return keep_at(session, new) is new

    @functools.cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in AttachmentService(self._store).kinds())

    def _most_photos(self, record_kind: str) -> int:
        if record_kind not in self._most:
            self._most[record_kind] = most_photos(self._store, record_kind)
        return self._most[record_kind]

    def _is_here(self, session: Session, sha256: str) -> bool:
        """Tell whether a content lies in this store, or will by this very work."""
        if sha256 in self._staged:
            return True
        file_id = session.scalar(select(StoredFile.id).where(StoredFile.sha256 == sha256))
        return file_id is not None and self._store.att.has(file_id)
