"""What changed, when, by whom; drafts; settings. None of it leaves the store."""

from enum import StrEnum
from typing import Any, Self

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base
from desktop.models.vocabulary.access import Act


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


PROGRAM = "program"
"""Among who may set a setting: the program itself, at the work of anybody."""


class SettingName(StrEnum):
    """Everything a store keeps as a setting, each with who may set it.

    Any act or table after the value is enough: to be allowed the act, or to write the table whole. `PROGRAM` is what
    the program notes by itself, whoever works; a setting without any stands since the store was founded.
    """

    by: tuple[str, ...]

    def __new__(cls, value: str, *by: str) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.by = value, by
        return member

    KIND = "kind"  # StoreKind
    ORG = "org", Act.EXCHANGE  # uid of the branch or of headquarters
    NAME = "name", Act.EXCHANGE, "branches", "partners"  # of the branch or of headquarters
    CODE = "code", Act.EXCHANGE
    INSTALL = "install", Act.EXCHANGE  # id of this installation of the store
    CREATED_ON = "created_on"  # ISO date
    CHECKED_ON = "checked_on", PROGRAM  # ISO date of the last thorough reading of the database
    CLOCK = "clock", PROGRAM  # moment up to which the date of this computer was taken for right
    RESTORED = "restored", PROGRAM  # which restore the trail of uses has noted
    IDLE_MINUTES = "idle_minutes", Act.USERS  # of rest until the program locks itself
    HELP = "help", Act.USERS, Act.EXCHANGE
    """"yes" or "no": whether headquarters may help with lost passwords; empty until somebody said, and anew with
    another headquarters."""
    SPENT_REQUESTS = "spent-requests", PROGRAM  # JSON: requests to headquarters that were used or dropped
    CODE_DUE = "code-due", Act.USERS  # "yes" while nobody is known to have written down the recovery code
    INTERIM = "interim-passwords", PROGRAM  # JSON: log-in names whose password another person set, until they change it
    LEAVING = "leaving", PROGRAM  # JSON: files that are being written outside the store
    SETTLED = "settled", PROGRAM  # written anew where it was in doubt whether the last action counts
    STALE = "stale-local", Act.EXCHANGE  # JSON: a receipt that shows these data to be behind
    MOVED = "moved", Act.BACKUP  # JSON: when the backup for a new PC was written and what was counted then
    HANDOVER = "handover", Act.USERS  # JSON: who hands over the post, since when
    DECLARED = "declared-valid", Act.EXCHANGE  # hash up to which these data were declared to count
    PAST = "numbers-past", Act.EXCHANGE  # number of a package that headquarters has and these data have forgotten
    DUES_ROUNDING = "dues-rounding", "dues_assessments"  # a `DuesRounding`: to what monthly dues are rounded
    DUES_SHARE = "dues-share", "dues_payments"  # parts per million of dues that are handed up, empty: not said
    THEME_DAY = "theme-day", "meetings"  # "day:5" or "week:1:4": the fixed day of the theme days, empty: none
    REMIND_DAYS = "remind-days", "meetings"  # how many days ahead the year plan reminds
    AGENDAS = "agendas", "meetings"  # JSON: kind of meeting → items its agenda begins with, where not the program's
    OWN_TABLES = "own-tables", Act.EXPORT  # JSON: name → figures and lines of a table headquarters put together
    RELEASE = "release", Act.EXCHANGE  # where the new version lies that headquarters puts on sticks for the branches
    WANTED = "wanted-attachments", Act.EXCHANGE  # JSON: SHA-256 sums headquarters asked for


class Setting(Base):
    """One setting of this store; `name` is unique."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), unique=True)  # a `SettingName`
    value: Mapped[str]
