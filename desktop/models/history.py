"""What changed, when, by whom; drafts; settings. None of it leaves the store."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base


class Change(Base):
    """One record changed by one user action. History, undo, recycle bin and audit are views of this table."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_record", "record_kind", "record_id"),)

    action_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    at_utc: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str]
    record_kind: Mapped[str] = mapped_column(String(40))  # table name
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    before: Mapped[dict[str, Any] | None]  # changed columns only; None: was new
    after: Mapped[dict[str, Any] | None]  # None: is gone


class AuditEntry(Base):
    """A use of the store worth remembering that changes no record: log-in, export, package, restore."""

    __tablename__ = "audit"

    at_utc: Mapped[str] = mapped_column(String(20), index=True)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(default="")


class Draft(Base):
    """Unfinished input, kept within seconds and offered back (草稿)."""

    __tablename__ = "drafts"

    form: Mapped[str] = mapped_column(String(60), unique=True)  # e.g. meeting:branch_congress or meeting:<id>
    saved_at_utc: Mapped[str] = mapped_column(String(20))
    values: Mapped[dict[str, Any]]


class Setting(Base):
    """One setting of this store; `name` is unique."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str]
