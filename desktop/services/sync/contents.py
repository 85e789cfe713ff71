"""Which attachments of a branch lie in this store as content, and which are missing."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment, StoredFile
from desktop.services.attachments import AttachmentStore


def contents_of(session: Session, att: AttachmentStore, org: str) -> Mapping[str, str | None]:
    """Return each content (SHA-256, hex) that rows of `org` name, oldest first, with the id of its file here.

    None stands for a content that this store lacks.
    """
    query = (
        select(Attachment.sha256, StoredFile.id)
        .outerjoin(StoredFile, StoredFile.sha256 == Attachment.sha256)
        .where(Attachment.branch_id == org)
        .order_by(Attachment.id)
    )
    named = dict.fromkeys((sha256, file_id) for sha256, file_id in session.execute(query))
    return {sha256: file_id if file_id is not None and att.has(file_id) else None for sha256, file_id in named}


def missing_contents(session: Session, att: AttachmentStore, org: str) -> list[str]:
    """Return the contents (SHA-256, hex) that rows of `org` name and this store lacks, oldest first."""
    return [sha256 for sha256, file_id in contents_of(session, att, org).items() if file_id is None]


def lacks(session: Session, att: AttachmentStore, sha256: str) -> bool:
    """Whether this store does not have the content, whoever names it."""
    file_id = session.scalar(select(StoredFile.id).where(StoredFile.sha256 == sha256))
    return file_id is None or not att.has(file_id)
