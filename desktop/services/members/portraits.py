"""The portrait of a member: an attachment of its kind, made small; it stays in this store."""

import hashlib
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import PORTRAIT, Attachment
from desktop.models.members import Member
from desktop.services.archive.blocks import Jpeg
from desktop.services.attachments.service import AttachmentService, keep_stored
from desktop.services.attachments.sources import FILE, opened
from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.members.lookup import name_of
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.store import Store

WIDTH, HEIGHT, QUALITY = 480, 640, 88
"""Pixels a portrait is made to fit into: sharp on a screen and on paper, a few ten kilobytes."""
MEMBERS = Member.__tablename__


class PortraitService:
    """The portraits of this branch's members."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def portrait(self, member_id: str) -> bytes | None:
        """Return the portrait as a JPEG, None where there is none or its content is not in this store.

        Raises:
            StorageFailure: E-ATT-DAMAGED.
        """
        files = AttachmentService(self._store)
        rows = [row for row in files.list(MEMBERS, member_id) if row.evidence_kind == PORTRAIT]
        return files.read(rows[-1].id) if rows and rows[-1].here else None

    def picture(self, member_id: str) -> Jpeg | None:
        """Return the portrait as it is printed."""
        data = self.portrait(member_id)
        if data is None:
            return None
        from desktop.services.archive.showing import in_memory, shown_of  # the library for pictures: on the worker

        shown = shown_of(lambda: io.BytesIO(data), in_memory)
        return shown.pages[0] if shown.pages else None

    def put(self, member_id: str, path: Path) -> None:
        """Make the picture at `path` the portrait, small and without the notes of its camera; the former one goes.

        Raises:
            NotAllowed: who works here may not write members.
            NotFound: there is no such member.
            InvalidInput: the file is no picture that can be shown.
            StorageFailure: the disk is full or refuses.
        """
        self._store.require_writable()
        self._store.rights.require_any(MEMBERS)
        data = _small(path)
        sha256 = hashlib.sha256(data).hexdigest()
        name = f"{name_of(self._store, member_id)}照片.jpg"
        new = Attachment(
            branch_id=self._store.branch_id,
            record_kind=MEMBERS,
            record_id=member_id,
            name=name,
            evidence_kind=PORTRAIT,
            media_type="image/jpeg",
            sha256=sha256,
            size_bytes=len(data),
        )
        staged = AttachmentService(self._store).staged(io.BytesIO(data), sha256, len(data))
        with staged as stored, self._store.unit_of_work(f"更换照片“{name}”") as session:
            for row in portraits_of(session, [member_id]):
                row.deleted_at_utc = utc_text(self._store.clock())
            if stored is not None:
                keep_stored(session, stored)
            session.add(new)
        note_read(self._store, [path])

    def remove(self, member_id: str) -> None:
        """Take the portrait away; its content stays until the period of keeping is over.

        Raises:
            NotAllowed: who works here may not write members.
            NotFound: there is none.
        """
        self._store.rights.require_any(MEMBERS)
        name = name_of(self._store, member_id)
        with self._store.unit_of_work(f"删除照片“{name}照片.jpg”") as session:
            rows = portraits_of(session, [member_id])
            if not rows:
                raise NotFound(what="照片")
            for row in rows:
                row.deleted_at_utc = utc_text(self._store.clock())


def portraits_of(session: Session, member_ids: list[str]) -> list[Attachment]:
    """Return the portraits of members."""
    query = select(Attachment).where(
        Attachment.record_kind == MEMBERS,
        Attachment.record_id.in_(member_ids),
        Attachment.evidence_kind == PORTRAIT,
        Attachment.deleted_at_utc.is_(None),
    )
    return list(session.scalars(query))


def _small(path: Path) -> bytes:
    """Return the picture at `path` upright and small.

    Raises:
        InvalidInput: it cannot be shown.
    """
    from PIL import Image  # with the first portrait

    from desktop.services.archive.showing import shown_of  # the library for pictures: only where one is read

    shown = shown_of(partial(opened, path))
    if not shown.pages:
        raise InvalidInput(FILE, f"这张图片{shown.fault}，请另存为 JPG 或 PNG 再选")
    with Image.open(io.BytesIO(shown.pages[0].read())) as picture:
        picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
