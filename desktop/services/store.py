"""A store (数据文件夹): one folder with an encrypted database, encrypted attachments, key slots and backups."""

import contextlib
import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Lock, local

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

import desktop.models  # noqa: F401 - declares every table
from desktop.models.base import new_id
from desktop.models.database import (
    Bare,
    connect,
    connect_to_copy,
    forget_statements,
    open_engine,
    open_engine_to_look,
    open_sessions,
)
from desktop.models.file_names import plain_text
from desktop.models.history import AuditEntry, Setting, SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.models.wiping import wipe
from desktop.paths import DATABASE
from desktop.services.access.rights import ALL_RIGHTS, BY, KEY, Rights
from desktop.services.attachments.contents import AttachmentStore
from desktop.services.attachments.leftovers import sweep_opened
from desktop.services.clock import Clock, utc_text
from desktop.services.errors import StorageFailure
from desktop.services.looking import Look
from desktop.services.security.key_witness import KeyWitness
from desktop.services.security.lock import StoreLock
from desktop.services.security.sentinel import Sentinel
from desktop.services.security.vault import Vault
from desktop.services.unit_of_work import Listener, database_faults, of_the_database, unit_of_work

FOLDERS = ("att", "outbox", "inbox", "quarantine", "backup", "logs")


class Store:
    """An open store, made and opened by `services.opening`. Services are made from it: `MemberService(store)`.

    Attributes:
        folder: where it lies.
        key: the 32-byte data key; gone after `close`.
        kind: branch or headquarters.
        org: the uid of the organisation it belongs to; in a branch store also the `branch_id` of its own rows.
        actor: log-in name of who works in it.
        rights: what the roles of who works in it allow.
        look: why and how it is only looked at, where its disk takes nothing more.
        on_change: are called after each committed action with the tables in which rows changed, on the thread that
            committed it (in the window the worker).
        exchanging: is held while a package is made or taken in.
        lent: stores of single branches that read along at headquarters (`branch_store`); they end with this one.
        in_doubt: the disk refused at the end of an action, and nobody can say whether it counts.
        sessions: makes writing sessions; prefer `unit_of_work` and `reading`.
    """

    of_many = False
    """Whether the index of words holds those of other branches too, of which this store shows nothing."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        vault: Vault,
        lock: StoreLock,
        actor: str,
        clock: Clock,
        *,
        look: Look | None = None,
    ) -> None:
        self.folder, self.vault, self.actor, self.clock, self.look = folder, vault, actor, clock, look
        self._lock = lock
        self.was_unclean = lock.was_unclean
        self.take_key(key)
        self.kind = StoreKind.BRANCH
        self.org = ""
        self.rights: Rights = ALL_RIGHTS
        self.on_change: list[Listener] = []
        self.exchanging = Lock()
        self.in_doubt = False
        self.lent: list[Store] = []
        self._joint = local()

    def take_key(self, key: bytes) -> None:
        """Work from now on with the data key `key`: at opening, and when it was changed."""
        self.key = key
        look = self.look
        self.engine: Engine = (
            open_engine(self.folder / DATABASE, key) if look is None else open_engine_to_look(look.database, key)
        )
        self.sessions: sessionmaker[Session] = open_sessions(self.engine)
        self._readers = open_sessions(self.engine.execution_options(begin="BEGIN"))
        self.sentinel = Sentinel(self.folder, key)
        self.key_witness = KeyWitness(self.folder, key)
        self.__dict__.pop("att", None)  # it reads by the former engine
        for reader in self.__dict__.get("lent", ()):
            reader.take_key(key)

    def let_go(self) -> None:
        """Close every connection to the database, until it is next asked."""
        for reader in self.lent:
            reader.let_go()
        self.engine.dispose()

    def close(self, *, settled: bool = True) -> None:
        """Close every session, wipe the key and let go of the lock. Twice does no harm.

        Not `settled`, or `in_doubt`, what was left in it is still to be looked after by the next who opens it.
        """
        for reader in tuple(self.lent):
            reader.close()
        self.engine.dispose()
        forget_statements()
        key, self.key = self.key, b""
        wipe(key)  # the witness of our keys reads by the same bytes
        self.sentinel.forget()
        self.__dict__.pop("att", None)
        if self.look is not None:
            self.look.close()
        elif self._lock.held:  # a child that reads along takes nothing away from who looks
            sweep_opened(self.folder)
        if self.in_doubt:
            self._lock.was_unclean, settled = True, False  # as after a crash
        self._lock.release(settled=settled)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # working

    @property
    def branch_id(self) -> str:
        """The id that the rows of this branch carry (a branch store's own uid)."""
        return self.org

    @property
    def lender(self) -> "Store":
        """The store whose files, keys and trail it works with: itself, or that of headquarters a branch is read in."""
        return self

    @functools.cached_property
    def att(self) -> AttachmentStore:
        """The encrypted contents of attachments."""
        return AttachmentStore.of(self)

    @property
    def is_headquarters(self) -> bool:
        """Whether headquarters works here."""
        return self.kind is StoreKind.HEADQUARTERS

    @property
    def scratch(self) -> Path:
        """The folder, nobody else's to read, where things are made that go elsewhere: its own, if it takes any.

        Raises:
            StorageFailure: E-DISK-FULL, only looked at, and no disk of this computer has room.
        """
        return self.folder if self.look is None else self.look.scratch

    def require_writable(self) -> None:
        """Refuse to begin what writes where the store is only looked at.

        Raises:
            OnlyLooked: its disk takes nothing more.
        """
        if self.look is not None:
            raise self.look.refusal

    def bare(self) -> Bare:
        """Return a bare connection to the database, for checks and copies; to be closed by who asked."""
        if self.look is not None:
            return connect_to_copy(self.look.database, self.key)
        return connect(self.folder / DATABASE, self.key)

    @property
    def today(self) -> date:
        """The local calendar date."""
        return self.clock().date()

    @contextlib.contextmanager
    def unit_of_work(self, sentence: str, by: Act | None = None) -> Iterator[Session]:
        """Begin one user action; `sentence` is what its history will say.

        Each row it writes is held against the rights of the user, unless the action is one that takes a right `by`
        itself (a package taken in writes rows of every kind).

        Raises:
            NotAllowed: the roles of the user do not reach so far.
            OnlyLooked: the disk takes nothing more.
            Conflict, StorageFailure: as `services.unit_of_work`; the fact `in_doubt` says that only the next opening
                will show whether the action counts.
        """
        self.require_writable()
        joint: Session | None = getattr(self._joint, "session", None)
        if joint is not None and by is None:
            with joint.begin_nested():
                yield joint
            return
        if by is not None:
            self.rights.require(by)
        with (
            self._settling(),
            unit_of_work(self.sessions, sentence, self.actor, self.clock, self._tell) as session,
        ):
            if by is None:
                session.info[KEY] = self.rights
            else:
                session.info[BY] = by
            yield session

    @contextlib.contextmanager
    def together(self, sentence: str) -> Iterator[None]:
        """Begin one user action of several deeds: each unit of work begun on this thread meanwhile is a part of it.

        A part that is refused takes back what it wrote, and nothing else. `sentence` stands in the history of all.

        Raises:
            OnlyLooked, Conflict, StorageFailure: as `unit_of_work`.
        """
        with self.unit_of_work(sentence) as session:
            self._joint.session = session
            try:
                yield
            finally:
                self._joint.session = None

    @contextlib.contextmanager
    def _settling(self) -> Iterator[None]:
        """Let no write that the disk refused stay in doubt, where it can be helped; else its error says so."""
        try:
            yield
        except StorageFailure as error:
            if of_the_database(error) and not self.settled():
                error.facts["in_doubt"] = True
            raise

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Session]:
        """Write what is no record and has no history: a use of the store, a setting."""
        with self._settling(), database_faults(self.folder / DATABASE), self.sessions.begin() as session:
            yield session

    @contextlib.contextmanager
    def upkeep(self) -> Iterator[Session]:
        """Yield a session that writes what is derived from records: nobody's act, without rights and history.

        Raises:
            OnlyLooked: the disk takes nothing more.
            StorageFailure: the disk refuses.
        """
        self.require_writable()
        with self._writing() as session:
            yield session

    def settled(self) -> bool:
        """Write once more after the disk refused, and tell whether it is known again what counts.

        A commit that could not be forced to the disk lies in the write-ahead log, and counts when the log is read
        anew. What is written next takes its place there, and it is gone for good.
        """
        try:
            with database_faults(self.folder / DATABASE), self.sessions.begin() as session:
                put_setting(session, SettingName.SETTLED, new_id())  # a page that does not change is not written
        except StorageFailure:
            self.in_doubt = True
        else:
            self.in_doubt = False
        return not self.in_doubt

    def _tell(self, tables: frozenset[str]) -> None:
        for listener in self.on_change:
            listener(tables)

    @contextlib.contextmanager
    def reading(self, *, whole: bool = False) -> Iterator[Session]:
        """Yield a session for reading only; it never waits for a writer.

        What is restricted shows itself only to those entitled; `whole` reads all, for figures that are the same for
        everybody and for packages, and shows nobody what it read.
        """
        with database_faults(self.folder / DATABASE), self._readers() as session:
            if not whole:
                session.info[KEY] = self.rights
            yield session

    def audit(self, use: Use, detail: str = "") -> None:
        """Remember a use of the store that changes no record (log-in, export, package, restore).

        What is only looked at remembers nothing; window and command line say so when it is opened.
        """
        if self.look is not None:
            return
        with self._writing() as session:
            session.add(
                AuditEntry(at_utc=utc_text(self.clock()), actor=self.actor, action=use, detail=plain_text(detail))
            )

    def setting(self, name: SettingName, default: str = "") -> str:
        """Return the setting called `name`."""
        with self.reading() as session:
            found = session.scalar(select(Setting.value).where(Setting.name == name))
        return default if found is None else found

    def set_setting(self, name: SettingName, value: str) -> None:
        """Keep `value` under `name`.

        Raises:
            NotAllowed: the roles of the user do not reach to this setting.
            OnlyLooked: the disk takes nothing more.
            StorageFailure: the disk refuses; as in `unit_of_work` it may be in doubt.
        """
        self.require_writable()
        with self._writing() as session:
            session.info[KEY] = self.rights
            put_setting(session, name, value)


def put_setting(session: Session, name: SettingName, value: str) -> None:
    """Keep `value` under `name`, in the transaction of `session`."""
    row = session.scalar(select(Setting).where(Setting.name == name))
    if row is None:
        session.add(Setting(name=name, value=value))
    else:
        row.value = value
