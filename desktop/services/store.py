"""A store (数据目录): one folder with an encrypted database, encrypted attachments, key slots and backups."""

import contextlib
import functools
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

import desktop.models  # noqa: F401 - declares every table
from desktop.models import schema
from desktop.models.base import new_id
from desktop.models.branches import Branch
from desktop.models.database import NotEncrypted, is_plain, open_engine, open_sessions
from desktop.models.history import AuditEntry, Setting, SettingName
from desktop.models.sync import OwnKey
from desktop.models.vocabulary import StoreKind, Use
from desktop.services.clock import Clock, now, utc_text
from desktop.services.drives import require_local
from desktop.services.errors import Conflict, InvalidInput, NotFound, StorageFailure
from desktop.services.files import FilePort, storage_faults, vacant
from desktop.services.security.keys import new_age_secret
from desktop.services.security.lock import StoreLock
from desktop.services.security.sentinel import Sentinel
from desktop.services.security.vault import NAME as VAULT
from desktop.services.security.vault import Cost, Vault
from desktop.services.standards.editions import add_built_in
from desktop.services.unit_of_work import Listener, database_faults, unit_of_work

if TYPE_CHECKING:
    from desktop.services.attachments import AttachmentStore

DATABASE = "main.db"
FOLDERS = ("att", "outbox", "inbox", "quarantine", "backup", "logs")
_CODE = re.compile(r"[A-Za-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Created:
    """A store just made, open, with the recovery code that is shown once."""

    store: "Store"
    recovery_code: str


class Store:
    """An open store. Services are made from it: `MemberService(store)`.

    Attributes:
        folder: where it lies.
        key: the 32-byte data key; gone after `close`.
        kind: branch or headquarters.
        org: the uid of the organisation it belongs to; in a branch store also the `branch_id` of its own rows.
        actor: log-in name of who works in it.
        on_change: are called after each committed action with the tables in which rows changed, on the thread that
            committed it (in the window the worker).
        sessions: makes writing sessions; prefer `unit_of_work` and `reading`.
    """

    def __init__(self, folder: Path, key: bytes, vault: Vault, lock: StoreLock, actor: str, clock: Clock) -> None:
        self.folder, self.key, self.vault, self.actor, self.clock = folder, key, vault, actor, clock
        self._lock = lock
        self.was_unclean = lock.was_unclean
        self.engine: Engine = open_engine(folder / DATABASE, key)
        self.sessions: sessionmaker[Session] = open_sessions(self.engine)
        self._readers = open_sessions(self.engine.execution_options(begin="BEGIN"))
        self.sentinel = Sentinel(folder, key)
        self.kind = StoreKind.BRANCH
        self.org = ""
        self.on_change: list[Listener] = []

    # making, opening, closing

    @classmethod
    def create(
        cls,
        folder: Path,
        kind: StoreKind,
        name: str,
        login: str,
        password: str,
        code: str = "",
        *,
        cost: Cost | None = None,
        clock: Clock = now,
    ) -> Created:
        """Make a new store in `folder`, which must not exist or be empty, and return it open.

        Args:
            name: name of the branch (党支部) or of headquarters.
            code: its code, Latin letters and digits; the invitation's code and name win later.
            cost: of the password slot; measured on this machine if not given.

        Raises:
            InvalidInput: name, log-in, code or password do not fit the rules, or `folder` is no local disk.
            Conflict: something lies in `folder` already.
            StorageFailure: the disk refuses.
        """
        if not name.strip():
            raise InvalidInput("名称", "不能为空")
        if code and not _CODE.fullmatch(code):
            raise InvalidInput("代码", "只能用字母和数字，最多20位")
        require_local(folder)
        if not vacant(folder):
            raise Conflict(file=str(folder), reason="这个文件夹里已经有内容，请换一个空文件夹")
        building = folder.with_name(f"{folder.name}.new-{uuid.uuid4().hex[:8]}")
        try:
            with storage_faults(folder, FilePort()), database_faults():
                building.mkdir(parents=True, mode=0o700)
                for each in FOLDERS:
                    (building / each).mkdir(mode=0o700)
                _vault, key, recovery_code = Vault.create(building, login, password, cost)
                engine = open_engine(building / DATABASE, key)
                schema.upgrade(engine)
                _found(engine, kind, name.strip(), code, clock)
                engine.dispose()
                if folder.exists():
                    folder.rmdir()
                building.rename(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        lock = StoreLock(folder, clock)
        return Created(cls(folder, key, Vault.open(folder), lock, login, clock)._begin(), recovery_code)

    @classmethod
    def open(
        cls,
        folder: Path,
        password: str = "",
        login: str | None = None,
        *,
        recovery_code: str = "",
        clock: Clock = now,
    ) -> "Store":
        """Open the store in `folder` with a password, or with the recovery code.

        An older database is backed up and upgraded first. The daily backup is the caller's: `integrity.begin_day`.

        Raises:
            NotFound: no store lies there.
            VaultError: the password or code does not fit.
            StoreBusy: another program holds it.
            StorageFailure: damaged, not encrypted (E-DB-PLAIN) or of a newer program (E-DB-NEWER).
        """
        if not folder.exists():
            from desktop.services.backup import finish_interrupted

            finish_interrupted(folder)
        if not (folder / DATABASE).is_file():
            if (folder / VAULT).is_file():
                raise _damaged(folder)
            raise NotFound(what="数据目录", file=str(folder))
        lock = StoreLock(folder, clock)
        try:
            vault = Vault.open(folder)
            key = vault.unlock_recovery(recovery_code) if recovery_code else vault.unlock_password(login, password)
            if is_plain(folder / DATABASE):
                raise StorageFailure("E-DB-PLAIN", file=DATABASE)
            actor = login or (vault.logins[0] if vault.logins else "")
            store = cls(folder, key, vault, lock, actor, clock)
        except BaseException:
            lock.release()
            raise
        try:
            return store._begin()
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Close every session, forget the key and let go of the lock. Twice does no harm."""
        self.engine.dispose()
        self.key = b""
        self.__dict__.pop("att", None)
        self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # working

    @property
    def branch_id(self) -> str:
        """The id that the rows of this branch carry (a branch store's own uid)."""
        return self.org

    @functools.cached_property
    def att(self) -> "AttachmentStore":
        """The encrypted contents of attachments."""
        from desktop.services.attachments import AttachmentStore

        return AttachmentStore.of(self)

    @property
    def is_headquarters(self) -> bool:
        """Whether headquarters works here."""
        return self.kind is StoreKind.HEADQUARTERS

    @property
    def today(self) -> date:
        """The local calendar date."""
        return self.clock().date()

    def unit_of_work(self, sentence: str) -> contextlib.AbstractContextManager[Session]:
        """Begin one user action; `sentence` is what its history will say."""
        return unit_of_work(self.sessions, sentence, self.actor, self.clock, self._tell)

    def _tell(self, tables: frozenset[str]) -> None:
        for listener in self.on_change:
            listener(tables)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading only; it never waits for a writer."""
        with database_faults(), self._readers() as session:
            yield session

    def audit(self, use: Use, detail: str = "") -> None:
        """Remember a use of the store that changes no record (log-in, export, package, restore)."""
        with database_faults(), self.sessions.begin() as session:
            session.add(AuditEntry(at_utc=utc_text(self.clock()), actor=self.actor, action=use, detail=detail))

    def setting(self, name: SettingName, default: str = "") -> str:
        """Return the setting called `name`."""
        with self.reading() as session:
            found = session.scalar(select(Setting.value).where(Setting.name == name))
        return default if found is None else found

    def set_setting(self, name: SettingName, value: str) -> None:
        """Keep `value` under `name`."""
        with database_faults(), self.sessions.begin() as session:
            put_setting(session, name, value)

    def _begin(self) -> "Store":
        try:
            with database_faults(), self.engine.connect() as connection:
                revision = schema.revision_of(connection)
                damaged = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok"
        except NotEncrypted as error:
            raise StorageFailure("E-DB-PLAIN", file=DATABASE) from error
        except StorageFailure as error:
            if error.code == "E-DB-DAMAGED":
                raise _damaged(self.folder) from error
            raise
        except Exception as error:
            if type(error).__module__.partition(".")[0] in ("sqlalchemy", "sqlcipher3"):
                raise _damaged(self.folder) from error
            raise
        if damaged or revision is None:  # without a revision: cut to nothing, as after a power cut
            raise _damaged(self.folder)
        if not schema.known(revision):
            raise StorageFailure("E-DB-NEWER", file=DATABASE, revision=revision)
        if revision != schema.HEAD:
            from desktop.services.backup import BackupService

            BackupService(self).backup("升级前")
            schema.upgrade(self.engine)
        self.kind = StoreKind(self.setting(SettingName.KIND))
        self.org = self.setting(SettingName.ORG)
        if self.was_unclean:
            from desktop.services.attachments import AttachmentService

            AttachmentService(self).settle()
        self.audit(Use.LOG_IN)
        return self


def _damaged(folder: Path) -> StorageFailure:
    """Say that the database is damaged or gone, and from which day the last verified backup is."""
    from desktop.services.backup import copies_in

    last = next(iter(copies_in(folder)), None)
    return StorageFailure("E-DB-DAMAGED", file=DATABASE, date="" if last is None else last.made_on.isoformat())


def put_setting(session: Session, name: SettingName, value: str) -> None:
    """Keep `value` under `name`, in the transaction of `session`."""
    row = session.scalar(select(Setting).where(Setting.name == name))
    if row is None:
        session.add(Setting(name=name, value=value))
    else:
        row.value = value


def _found(engine: Engine, kind: StoreKind, name: str, code: str, clock: Clock) -> None:
    """Write the first rows of a new store: who it is, its attachment key, the standards in force."""
    org, at = new_id(), utc_text(clock())
    with unit_of_work(open_sessions(engine), "建立数据目录", "", clock) as session:
        for setting, value in (
            (SettingName.KIND, kind.value),
            (SettingName.ORG, org),
            (SettingName.NAME, name),
            (SettingName.CODE, code),
            (SettingName.INSTALL, new_id()),
            (SettingName.CREATED_ON, clock().date().isoformat()),
        ):
            session.add(Setting(name=setting, value=value))
        secret = new_age_secret()
        session.add(OwnKey(purpose="attachments", secret=secret.encode(), public=b"", created_at_utc=at))
        if kind is StoreKind.BRANCH:
            session.add(Branch(id=org, branch_id=org, code=code, name=name, recorded_since=clock().date()))
        add_built_in(session, clock().date(), at)
