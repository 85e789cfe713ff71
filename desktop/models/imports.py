"""What was brought in from files (导入记录), and what a person said of their columns. None of it leaves the store."""

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base
from desktop.models.file_names import FileLine


class ImportRun(Base):
    """One file taken in by one action: what became of its rows, and what of it is still open."""

    __tablename__ = "imports"

    action_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)  # of its changes in the history
    at_utc: Mapped[str] = mapped_column(String(20), index=True)
    actor: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))  # name of the `Book`
    title: Mapped[str] = mapped_column(default="", server_default="")  # what people call it
    file: Mapped[str] = mapped_column(FileLine())  # name without folder
    sheets: Mapped[list[str]]  # titles of those taken
    counts: Mapped[dict[str, Any]]  # read, accepted, updated, unchanged, blank, waiting, rejected
    left: Mapped[dict[str, Any]]  # open: in words, what nobody answered, what was left out, what was refused
    undone_at_utc: Mapped[str | None] = mapped_column(String(20))
    undone_by: Mapped[str | None] = mapped_column(String(60))


class ColumnMapping(Base):
    """What a person said of the headings and words of one kind of sheet; holds for every file with these headings."""

    __tablename__ = "column_mappings"
    __table_args__ = (UniqueConstraint("kind", "fingerprint"),)

    kind: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the headings
    headings: Mapped[list[str]]
    answers: Mapped[str]  # as `Answers.to_json` writes what lasts
    at_utc: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(60))
