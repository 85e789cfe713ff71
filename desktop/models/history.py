"""What changed, when, by whom; drafts; settings. None of it leaves the store."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
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
    action: Mapped[str] = mapped_column(String(40))  # a `Use`; rows of older programs may hold its label
    detail: Mapped[str] = mapped_column(default="")


class Draft(Base):
    """Unfinished input, kept within seconds and offered back (草稿)."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("form", "actor"),)

    form: Mapped[str] = mapped_column(String(60))  # e.g. meeting:branch_congress or meeting:<id>
    actor: Mapped[str] = mapped_column(String(60), default="", server_default="")  # who typed it; nobody else sees it
    saved_at_utc: Mapped[str] = mapped_column(String(20))
    values: Mapped[dict[str, Any]]


class SettingName(StrEnum):
    """Everything a store keeps as a setting."""

    KIND = "kind"  # StoreKind
    ORG = "org"  # uid of the branch or of headquarters
    NAME = "name"  # of the branch or of headquarters
    CODE = "code"
    INSTALL = "install"  # id of this installation of the store
    CREATED_ON = "created_on"  # ISO date
    CHECKED_ON = "checked_on"  # ISO date of the last thorough reading of the database
    CLOCK = "clock"  # moment up to which the date of this computer was taken for right
    RESTORED = "restored"  # which restore the trail of uses has noted
    IDLE_MINUTES = "idle_minutes"  # of rest until the program locks itself
    HELP = "help"  # "yes" or "no": whether headquarters may help with lost passwords; empty until somebody said
    CODE_DUE = "code-due"  # "yes" while nobody is known to have written down the recovery code
    LEAVING = "leaving"  # JSON: files that are being written outside the store
    SETTLED = "settled"  # written anew where it was in doubt whether the last action counts
    STALE = "stale-local"  # JSON: a receipt that shows these data to be behind
    DECLARED = "declared-valid"  # hash up to which these data were declared to count
    PAST = "numbers-past"  # number of a package that headquarters has and these data have forgotten
    DUES_ROUNDING = "dues-rounding"  # a `DuesRounding`: to what monthly dues are rounded
    WANTED = "wanted-attachments"  # JSON: SHA-256 sums headquarters asked for


class Setting(Base):
    """One setting of this store; `name` is unique."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), unique=True)  # a `SettingName`
    value: Mapped[str]
