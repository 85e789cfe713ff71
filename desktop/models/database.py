"""The encrypted database: SQLCipher by a raw key, one recipe for every connection (sync_design §4)."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.orm import Session, configure_mappers, sessionmaker
from sqlalchemy.util import LRUCache

from desktop.models.wiping import wipe

PRAGMAS = (
    "cipher_log_level = NONE",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "busy_timeout = 5000",
)
PLAIN_HEADER = b"SQLite format 3\x00"

Bare: TypeAlias = Any
"""A DB-API connection of sqlcipher3, which comes without types."""


class NotEncrypted(Exception):
    """The library or the file is plain SQLite: nothing may be stored in it."""


def connect(path: Path, key: bytes) -> Bare:
    """Return a bare DB-API connection to the database at `path`, opened by the 32-byte `key`.

    Raises:
        NotEncrypted: the SQLite library at hand has no cipher, or the file is plain.
    """
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        unlock(connection, key)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_copy(path: Path, key: bytes) -> Bare:
    """Return a bare connection to a file nobody writes (a backup): it changes nothing and leaves nothing beside it.

    Raises:
        NotEncrypted: the SQLite library at hand has no cipher.
    """
    name = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlcipher.connect(name, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _give_key(connection, key)
        connection.execute("PRAGMA cipher_log_level = NONE")
    except BaseException:
        connection.close()
        raise
    return connection


def opens(path: Path, key: bytes) -> bool:
    """Return whether `key` is the key of the database at `path`."""
    connection = connect_to_copy(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def give_new_key(path: Path, key: bytes, new_key: bytes) -> None:
    """Encrypt the database at `path`, which nobody else has open, anew in one transaction."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        _give_key(connection, key)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")
        _say_key(connection, "rekey", new_key)
    finally:
        connection.close()


def unlock(connection: Bare, key: bytes) -> None:
    """Key the fresh `connection` and set the pragmas. The key must be the first statement."""
    _give_key(connection, key)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _give_key(connection: Bare, key: bytes) -> None:
    cursor = connection.cursor()
    _say_key(cursor, "key", key)
    version = cursor.execute("PRAGMA cipher_version").fetchone()
    if not version or not version[0]:
        raise NotEncrypted("no cipher in the SQLite library")
    cursor.close()


def _say_key(cursor: Bare, pragma: str, key: bytes) -> None:
    """Tell the library a key, and leave no copy of the words behind."""
    digits = key.hex()
    statement = f"PRAGMA {pragma} = \"x'{digits}'\""
    try:
        cursor.execute(statement)
    finally:
        wipe(digits)
        wipe(statement)


def faults_in(connection: Bare) -> list[str]:
    """Return what the thorough checks of the database find; nothing if it is whole.

    Both are needed: the cipher's misses a file cut at the border of a page, SQLite's a forged or rotten free page.
    """
    faults = []
    try:
        faults += [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
        faults += [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        faults += [f"{row[0]}: foreign key" for row in connection.execute("PRAGMA foreign_key_check")]
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            faults.append("empty")
    except sqlcipher.DatabaseError as error:
        faults.append(str(error))
    return faults


def quick_fault(connection: Connection | Bare) -> str | None:
    """Return the first fault the quick check of all pages finds behind a DB-API or SQLAlchemy connection, or None."""
    run = connection.exec_driver_sql if isinstance(connection, Connection) else connection.execute
    found = "".join(str(row[0]) for row in run("PRAGMA quick_check(1)").fetchall())
    return None if found == "ok" else found


_COMPILED: LRUCache[Any, Any] = LRUCache(1500)
"""Statements as text, for all engines: stores and what branches sent are opened by the dozen, and ask the same."""


def relate_models() -> None:
    """Work out now how the models that are imported hang together; else the first query does, and 70 ms more."""
    configure_mappers()


def forget_statements() -> None:
    """Forget all statements: each still holds the values it was first asked with."""
    _COMPILED.clear()


@cache
def _shared_dialect() -> Dialect:
    """Return the dialect that knows the statements of `_COMPILED`; one of another engine would not find them."""
    engine = create_engine("sqlite://", module=sqlcipher)
    with engine.connect():  # it learns what the library can at its first connection
        return engine.dialect


def _engine(path: Path, begin: str, **how: Any) -> Engine:
    """Return an engine of the database at `path`, whose transactions begin by `begin`."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlcipher,
        hide_parameters=True,  # values are personal data: they must not reach a log by way of an error
        execution_options={"compiled_cache": _COMPILED},
        **how,
    )
    engine.dialect = _shared_dialect()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", begin))

    return engine


def open_engine(path: Path, key: bytes) -> Engine:
    """Return the engine of the database at `path`; writes take the lock at BEGIN (one writer)."""
    engine = _engine(path, "BEGIN IMMEDIATE", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _open(connection: Bare, _record: object) -> None:
        connection.isolation_level = None
        unlock(connection, key)

    return engine


def open_engine_to_look(path: Path, key: bytes) -> Engine:
    """Return the engine of a database that nobody writes: it changes nothing and leaves nothing beside it."""
    return _engine(path, "BEGIN", creator=lambda: connect_to_copy(path, key))


def open_engine_behind(path: Path, key: bytes, views: Iterable[str], *, copy: bool) -> Engine:
    """Return the engine of the database at `path` that only reads, and only what `views` show of it.

    `copy`: nobody writes the file, and nothing is left beside it.
    """

    def opened() -> Bare:
        connection = connect_to_copy(path, key) if copy else connect(path, key)
        try:
            connection.executescript(";".join(views))
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    views = tuple(views)
    return _engine(path, "BEGIN", creator=opened)


def make_one_file(path: Path, key: bytes) -> None:
    """Take what is left in the write-ahead log into the database at `path`, which nobody else has open."""
    connection = connect(path, key)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of writing sessions of `engine`."""
    return sessionmaker(engine, expire_on_commit=False)


def file_of(sessions: sessionmaker[Session]) -> Path | None:
    """Return where the database of `sessions` lies."""
    name = sessions.kw["bind"].url.database
    return Path(name) if name else None


def is_plain(path: Path) -> bool:
    """Whether the file at `path` is an unencrypted SQLite database."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
