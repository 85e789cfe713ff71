"""Attached files (附件): the row says what it is; the content lies encrypted in att/ under a random id."""

from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Record, Travel, called
from desktop.models.file_names import FileName

PHOTO = "photo"
"""The kind of evidence that a photo of what happened is; a picture of any other kind is a paper that was scanned."""

PORTRAIT = "portrait"
"""The kind of the picture that shows who a member is: evidence of nothing, one at a member."""


class Attachment(Record, Base):
    """One file attached to one record. Several rows may share one content (same SHA-256)."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_record", "record_kind", "record_id"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "附件"

    record_kind: Mapped[str] = mapped_column(String(40), info=called("所属台账"))
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH), info=called("所属记录"))
    name: Mapped[str] = mapped_column(FileName(), info=called("文件名", Holds.FILE_NAME))
    evidence_kind: Mapped[str | None] = mapped_column(  # evidence kinds of the standard
        String(40), info=called("材料类型")
    )
    media_type: Mapped[str] = mapped_column(String(80), default="application/octet-stream", info=called("文件类型"))
    sha256: Mapped[str] = mapped_column(String(64), index=True, info=called("内容校验值", Holds.SHA256))
    size_bytes: Mapped[int] = mapped_column(info=called("大小", Holds.SIZE))

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture that nobody says is something else (签到表、批复 …)."""
        return is_photo(self.media_type, self.evidence_kind)


def is_photo(media_type: str, evidence_kind: str | None) -> bool:
    """Return whether a file is a photo: the standard wants few of them at one record."""
    return media_type.startswith("image/") and evidence_kind in (None, PHOTO)


class StoredFile(Base):
    """Where the content with a hash lies in this store: att/<first two of id>/<id>.age."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int]
