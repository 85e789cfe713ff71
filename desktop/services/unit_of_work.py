"""One user action, one transaction, and the history of what it changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from desktop.models.base import Base, Record, new_id, plain
from desktop.models.history import Change
from desktop.services.clock import Clock, now, utc_text
from desktop.services.errors import Conflict, StorageFailure

NOT_UNIQUE = ("UNIQUE constraint failed", "PRIMARY KEY must be unique")
MEDIA_FAULTS = {
    "database or disk is full": "E-DISK-FULL",
    "attempt to write a readonly database": "E-DISK-RO",
    "database is locked": "E-DB-BUSY",
    "disk I/O error": "E-DISK",
    "unable to open database file": "E-DISK",
    "database disk image is malformed": "E-DB-DAMAGED",
    "file is not a database": "E-DB-DAMAGED",
}
"""SQLite's own fixed texts: sqlcipher3 carries no error codes."""
UNTOLD = {"rev", "created_at_utc", "created_by", "updated_at_utc", "updated_by"}
"""Columns every record has and no reader of a history asks for."""


@contextmanager
def unit_of_work(
    sessions: sessionmaker[Session], sentence: str, actor: str = "", clock: Clock = now
) -> Iterator[Session]:
    """Yield a session whose work is one user action: committed whole on exit, rolled back on any error.

    What changes in records is written to their history in the same transaction, under `sentence`,
    the words the user would read (修改会议记录“3月党员大会”).

    Raises:
        Conflict: a uniqueness of the schema is violated.
        StorageFailure: the disk or database refuses.
    """
    with database_faults(), sessions.begin() as session:
        session.info.update(action_id=new_id(), sentence=sentence, actor=actor, at=utc_text(clock()))
        yield session


@contextmanager
def database_faults() -> Iterator[None]:
    """Turn what the database says of its medium into what the user can act upon.

    Raises:
        Conflict, StorageFailure: as `unit_of_work`.
    """
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        told = translated(error)
        if told is error:
            raise
        raise told from error


def translated(error: Exception) -> Exception:
    """Return the error a user can understand for `error` of the database, or itself if it is a defect of ours."""
    text = str(error.orig if isinstance(error, DBAPIError) else error)
    if text.startswith(NOT_UNIQUE):
        return Conflict(detail=text)
    for words, code in MEDIA_FAULTS.items():
        if words in text:
            return StorageFailure(code)
    return error


@event.listens_for(Session, "before_flush")
def _keep_history(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Stamp new and changed records and write what changed, for actions begun by `unit_of_work`."""
    if "sentence" not in session.info:
        return
    stamp = session.info
    for record in list(session.new):
        if isinstance(record, Record):
            record.created_at_utc = record.created_at_utc or stamp["at"]
            record.created_by = record.created_by or stamp["actor"]
            record.updated_at_utc, record.updated_by = stamp["at"], stamp["actor"]
        if _is_told(record):
            record.id = record.id or new_id()
            _tell(session, record, None, _values(record))
    for record in list(session.dirty):
        if _is_told(record) and session.is_modified(record):
            before, after = _difference(record)
            if not after:
                continue
            if isinstance(record, Record):
                record.rev = (record.rev or 0) + 1
                record.updated_at_utc, record.updated_by = stamp["at"], stamp["actor"]
            _tell(session, record, before, after)
    for record in list(session.deleted):
        if _is_told(record):
            _tell(session, record, _values(record), None)


def _is_told(record: object) -> bool:
    return isinstance(record, Base) and type(record).__history__


def _tell(session: Session, record: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    stamp = session.info
    session.add(
        Change(
            action_id=stamp["action_id"],
            at_utc=stamp["at"],
            actor=stamp["actor"],
            sentence=stamp["sentence"],
            record_kind=record.__tablename__,
            record_id=record.id,
            before=before,
            after=after,
        )
    )


def _values(record: Any) -> dict[str, Any]:
    columns = inspect(record).mapper.column_attrs
    values = {one.key: plain(getattr(record, one.key)) for one in columns if one.key not in UNTOLD}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _difference(record: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for one in inspect(record).attrs:
        if one.key in UNTOLD or not one.history.has_changes():
            continue
        old = plain(one.history.deleted[0]) if one.history.deleted else None
        new = plain(one.value)
        if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            before[one.key], after[one.key] = old, new
    return before, after
