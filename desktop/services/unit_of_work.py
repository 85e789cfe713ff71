"""One user action, one transaction, and the history of what it changed."""

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import JSON, Column, String, TableClause, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker

from desktop.models.base import Base, Record, longest_of, new_id, plain
from desktop.models.database import file_of
from desktop.models.file_names import FileLine, FileName, plain_text
from desktop.models.history import AuditEntry, Change, Draft, Setting
from desktop.models.imports import ColumnMapping
from desktop.services.clock import Clock, now, utc_text
from desktop.services.errors import Conflict, Input, InvalidInput, StorageFailure
from desktop.services.files import FilePort
from desktop.services.quoting import DAMAGED, HALVES, ZERO, is_damaged, nested

UNEXPLAINED = "E-DISK"
BESIDE_BYTES = 64 * 1024
"""What the database needs beside itself before it can say that the disk is full (the index of its WAL)."""

NOT_UNIQUE = ("UNIQUE constraint failed", "PRIMARY KEY must be unique")
MEDIA_FAULTS = {
    "database or disk is full": "E-DISK-FULL",
    "attempt to write a readonly database": "E-DISK-RO",
    "database is locked": "E-DB-BUSY",
    "disk I/O error": UNEXPLAINED,
    "unable to open database file": UNEXPLAINED,
    "database disk image is malformed": "E-DB-DAMAGED",
    "file is not a database": "E-DB-DAMAGED",
}
"""SQLite's own fixed texts: sqlcipher3 carries no error codes."""
UNTOLD = {"rev", "created_at_utc", "created_by", "updated_at_utc", "updated_by"}
"""Columns every record has and no reader of a history asks for."""
NO_RECORDS = {model.__tablename__ for model in (Change, AuditEntry, Draft, Setting, ColumnMapping)}
"""Tables that are about the work, not of it: when they alone change, no page is out of date."""

Listener = Callable[[frozenset[str]], object]
"""Is called with the names of the tables in which a committed action changed rows, on the thread that committed it."""


@dataclass(slots=True)
class Action:
    """What one user does in one transaction; its sentence may be found only while it is done."""

    sentence: str
    actor: str
    at_utc: str
    id: str = field(default_factory=new_id)
    tables: set[str] = field(default_factory=set)

    def touch(self, table: str) -> None:
        """Remember that rows of `table` changed."""
        if table not in NO_RECORDS:
            self.tables.add(table)


def action_of(session: Session) -> Action:
    """Return the action that `session` was begun for by `unit_of_work`.

    Raises:
        KeyError: it was not; a defect of ours.
    """
    action: Action = session.info["action"]
    return action


@contextmanager
def unit_of_work(
    sessions: sessionmaker[Session],
    sentence: str,
    actor: str = "",
    clock: Clock = now,
    committed: Listener | None = None,
) -> Iterator[Session]:
    """Yield a session whose work is one user action: committed whole on exit, rolled back on any error.

    What changes in records is written to their history in the same transaction, under `sentence`,
    the words the user would read (修改会议记录“3月党员大会”). `committed` hears afterwards which
    tables changed, if any; of work that rolled itself back it hears nothing.

    Raises:
        Conflict: a uniqueness of the schema is violated.
        InvalidInput: a text is longer than its column is declared, or no text that can be kept.
        StorageFailure: the disk or database refuses.
    """
    action = Action(plain_text(sentence), actor, utc_text(clock()))
    with database_faults(file_of(sessions)), sessions.begin() as session:
        session.info["action"] = action
        yield session
        kept = session.in_transaction()  # not if the work took itself back: a dry run
    if committed is not None and kept and action.tables:
        committed(frozenset(action.tables))


@contextmanager
def database_faults(file: Path | None = None) -> Iterator[None]:
    """Turn what the database says of its medium into what the user can act upon; `file` is where it lies.

    Raises:
        Conflict, StorageFailure: as `unit_of_work`.
    """
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        refusal = translated(error, file)
        if refusal is error:
            raise
        raise refusal from error


def translated(error: Exception, file: Path | None = None) -> Exception:
    """Return the error a user can understand for `error` of the database, or itself if it is a defect of ours."""
    text = str(error.orig if isinstance(error, DBAPIError) else error)
    if text.startswith(NOT_UNIQUE):
        return Conflict(detail=text)
    code = media_fault(text, file)
    return error if code is None else StorageFailure(code)


def of_the_database(error: StorageFailure) -> bool:
    """Tell whether it was the database that met the fault, and no other file."""
    return isinstance(error.__cause__, DBAPIError | sqlcipher.Error)


def media_fault(text: str, file: Path | None = None, port: FilePort | None = None) -> str | None:
    """Return the code of the fault of disk or file that SQLite words as `text`, or None if it is none.

    Where it only says that the disk did not do it, the disk of `file` is asked why.
    """
    code = next((code for words, code in MEDIA_FAULTS.items() if words in text), None)
    if code == UNEXPLAINED and file is not None:
        port = port or FilePort()
        with contextlib.suppress(OSError):
            if port.read_only(file.parent):
                return "E-DISK-RO"
            if port.free_space(file.parent) < BESIDE_BYTES:
                return "E-DISK-FULL"
    return code


def changed_rows(session: Session) -> list[object]:
    """Return `session.dirty` by table and key: the session has no order for it, and histories and refusals need one."""

    def place(row: object) -> tuple[str, str]:
        state = inspect(row, raiseerr=True)
        return state.mapper.local_table.name, str(state.identity)

    return sorted(session.dirty, key=place)


@event.listens_for(Session, "before_flush")
def _keep_history(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Stamp new and changed records and write what changed, for actions begun by `unit_of_work`."""
    if "action" not in session.info:
        return
    action = action_of(session)
    for row in (*session.new, *changed_rows(session)):
        if isinstance(row, Base):
            _refuse_unkept(row)
    for row in list(session.new):
        _touch(action, row)
        if isinstance(row, Record):
            row.created_at_utc = row.created_at_utc or action.at_utc
            row.created_by = row.created_by or action.actor
            row.updated_at_utc, row.updated_by = action.at_utc, action.actor
        if isinstance(row, Base) and row.__history__:
            row.id = row.id or new_id()
            session.add(_change(action, row, None, _values(row)))
    for row in changed_rows(session):
        if not session.is_modified(row):
            continue
        if not (isinstance(row, Base) and row.__history__):
            _touch(action, row)
            continue
        before, after = _difference(row)
        if not after:
            continue
        _touch(action, row)
        if isinstance(row, Record):
            row.rev = (row.rev or 0) + 1
            row.updated_at_utc, row.updated_by = action.at_utc, action.actor
        session.add(_change(action, row, before, after))
    for row in list(session.deleted):
        _touch(action, row)
        if isinstance(row, Base) and row.__history__:
            session.add(_change(action, row, _values(row), None))


def _refuse_unkept(row: Base) -> None:
    """Refuse a text longer than its column is declared, or that no store can keep or no package can carry: with halves
    of characters or a zero among them.

    It does so whatever way the text came: no form, sheet or service need know.

    Raises:
        InvalidInput: it names the field.
    """
    state = inspect(row, raiseerr=True)
    for name, called, longest in _texts_of(type(row)):
        value = state.dict.get(name)
        if not isinstance(value, str):
            continue
        if HALVES.search(value):
            raise InvalidInput(called, DAMAGED)
        if (len(value) > longest or ZERO in value) and state.attrs[name].history.has_changes():
            raise InvalidInput(called, DAMAGED if ZERO in value else f"超过{longest}字")
    for name, called in _lists_of(type(row)):
        changed = name in state.dict and state.attrs[name].history.has_changes()
        if changed and any(is_damaged(text) for text in _texts_in(state.dict[name])):
            raise InvalidInput(called, DAMAGED)


def _texts_in(value: object) -> Iterator[str]:
    """Give every text of a value as JSON knows them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts_in(each)


@cache
def _lists_of(model: type[Base]) -> tuple[tuple[str, Input], ...]:
    """Return what of `model` holds several texts that people write: attribute, and what they call it."""
    columns = ((attribute.key, attribute.columns[0]) for attribute in inspect(model).column_attrs)
    return tuple(
        (name, Input(name, column.info["label"]))
        for name, column in columns
        if isinstance(column, Column) and isinstance(column.type, JSON) and column.info.get("label")
    )


@cache
def _texts_of(model: type[Base]) -> tuple[tuple[str, Input, int], ...]:
    """Return the texts of `model` that people write: attribute, what they call it, how many characters it takes."""
    columns = ((attribute.key, attribute.columns[0]) for attribute in inspect(model).column_attrs)
    return tuple(
        (name, Input(name, column.info["label"]), longest_of(column))
        for name, column in columns
        if isinstance(column, Column)
        and isinstance(column.type, String)
        and not isinstance(column.type, FileLine | FileName)  # which make of any name one they keep
        and column.info.get("label")
    )


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    """Remember the table of a statement that changes many rows at once."""
    if "action" in state.session.info and (state.is_insert or state.is_update or state.is_delete):
        table = getattr(state.statement, "table", None)
        if isinstance(table, TableClause):
            action_of(state.session).touch(table.name)


def tell_of(session: Session, record: Record, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Write into the history of `record` what changed of a row that belongs to it and has no history of its own."""
    told = [{name: plain(value) for name, value in side.items()} for side in (before, after)]
    if isinstance(record, Base) and told[0] != told[1]:
        session.add(_change(action_of(session), record, *told))


def _touch(action: Action, row: object) -> None:
    if isinstance(row, Base):
        action.touch(row.__tablename__)


def note_change(session: Session, row: Base, before: dict[str, object], after: dict[str, object]) -> None:
    """Write into the history what changed of a row of which not all is kept there (keys of a partner)."""
    session.add(_change(action_of(session), row, before, after))


def _change(action: Action, row: Base, before: dict[str, object] | None, after: dict[str, object] | None) -> Change:
    untold = row.__untold__
    before, after = without(before, untold), without(after, untold)
    return Change(
        action_id=action.id,
        at_utc=action.at_utc,
        actor=action.actor,
        sentence=nested(action.sentence),
        record_kind=row.__tablename__,
        record_id=row.id,
        before=before,
        after=after,
    )


def without(side: dict[str, object] | None, names: Collection[str]) -> dict[str, object] | None:
    """Return one side of a line of history without the columns `names`."""
    return None if side is None else {name: value for name, value in side.items() if name not in names}


def _values(row: Base) -> dict[str, object]:
    names = (column.key for column in inspect(row).mapper.column_attrs)
    values = {name: plain(getattr(row, name)) for name in names if name not in UNTOLD}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _difference(row: object) -> tuple[dict[str, object], dict[str, object]]:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for attribute in inspect(row, raiseerr=True).attrs:
        if attribute.key in UNTOLD or not attribute.history.has_changes():
            continue
        old = plain(attribute.history.deleted[0]) if attribute.history.deleted else None
        new = plain(attribute.value)
        if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            before[attribute.key], after[attribute.key] = old, new
    return before, after
