"""Which attachments of a branch lie in this store as content, and which are missing."""

from collections.abc import Iterable, Mapping

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.sync import SentContent
from desktop.services.attachments import AttachmentStore


def contents_of(session: Session, att: AttachmentStore, org: str, *, sent: bool) -> Mapping[str, str | None]:
    """Return each content (SHA-256, hex) that rows of `org` name, oldest first, with the id of its file here.

    None stands for a content that this store lacks. `sent`, for headquarters: what `org` has not sent itself counts
    as lacking, whoever else has.
    """
    query = (
        select(Attachment.sha256, StoredFile.id)
        .outerjoin(StoredFile, StoredFile.sha256 == Attachment.sha256)
        .where(Attachment.branch_id == org)
        .order_by(Attachment.id)
    )
    if sent:
        own = select(SentContent.sha256).where(SentContent.org == org, SentContent.sha256 == StoredFile.sha256)
        query = query.with_only_columns(Attachment.sha256, case((own.exists(), StoredFile.id), else_=None))
    named = dict.fromkeys((sha256, file_id) for sha256, file_id in session.execute(query))
    return {sha256: file_id if file_id is not None and att.has(file_id) else None for sha256, file_id in named}


def missing_contents(session: Session, att: AttachmentStore, org: str, *, sent: bool) -> list[str]:
    """Return the contents (SHA-256, hex) that rows of `org` name and that lack here, as `contents_of` says."""
    return [sha256 for sha256, file_id in contents_of(session, att, org, sent=sent).items() if file_id is None]


def note_sent(session: Session, org: str, sums: Iterable[str]) -> None:
    """Note that `org` has sent these contents (SHA-256, hex)."""
    noted = set(session.scalars(select(SentContent.sha256).where(SentContent.org == org)))
    session.add_all(SentContent(org=org, sha256=sha256) for sha256 in dict.fromkeys(sums) if sha256 not in noted)
    session.flush()


def lacks(session: Session, att: AttachmentStore, sha256: str) -> bool:
    """Whether this store does not have the content, whoever names it."""
    file_id = session.scalar(select(StoredFile.id).where(StoredFile.sha256 == sha256))
    return file_id is None or not att.has(file_id)
