"""Making a store whole or not at all, and opening one: keys, damage, upgrade, and what a crash left behind."""

import contextlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from desktop.models import schema
from desktop.models.base import new_id
from desktop.models.branches import Branch
from desktop.models.database import NotEncrypted, is_plain, open_engine, open_sessions, quick_fault, relate_models
from desktop.models.history import AuditEntry, Setting, SettingName
from desktop.models.sync import OwnKey
from desktop.models.vocabulary.stores import StandardKind, StoreKind, Use
from desktop.paths import DATABASE
from desktop.services.access.interim import end_interim
from desktop.services.access.rights import ALL_RIGHTS
from desktop.services.access.users import RECOVERY_HOLDER, UserService
from desktop.services.archive.workshop import sweep
from desktop.services.attachments import AttachmentService
from desktop.services.attachments.contents import KEY_PURPOSE
from desktop.services.attachments.leftovers import sweep_opened
from desktop.services.backup import BEFORE_UPGRADE, BackupService, copies_in, finish_interrupted, restored_into
from desktop.services.clock import Clock, day_of, doubtful, local, now, utc_text
from desktop.services.data_key import settled
from desktop.services.drives import require_local
from desktop.services.errors import Input, InvalidInput, NotFound, StorageFailure, VaultError
from desktop.services.files import FilePort, refuse_file, require_vacant, storage_faults
from desktop.services.leaving import sweep_left
from desktop.services.looking import REASONS, begin_look, brought_up, settle_look, sweep_looks
from desktop.services.security.attempts import Attempts
from desktop.services.security.keys import new_age_secret
from desktop.services.security.lock import StoreLock
from desktop.services.security.making import making, new_beside, sweep_beside, sweep_partial
from desktop.services.security.passwords import Cost
from desktop.services.security.pending import PendingUnlock
from desktop.services.security.spent import drop
from desktop.services.security.vault import NAME as VAULT
from desktop.services.security.vault import Vault
from desktop.services.standards.editions import add_built_in
from desktop.services.store import FOLDERS, Store
from desktop.services.sync.rotation import settle_keys
from desktop.services.sync.turns import recover
from desktop.services.unit_of_work import database_faults, unit_of_work

NAME = Input("name", "名称")
CODE = Input("code", "代码")
_CODE = re.compile(r"[A-Za-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Created:
    """A store just made, open, with the recovery code that is shown once."""

    store: Store
    recovery_code: str


def get_ready() -> None:
    """Do now what the first store that is opened would wait for."""
    relate_models()


def create_store(
    folder: Path,
    kind: StoreKind,
    name: str,
    login: str,
    password: str,
    code: str = "",
    *,
    code_due: bool = False,
    cost: Cost | None = None,
    clock: Clock = now,
) -> Created:
    """Make a new store in `folder`, which must not exist or be empty, and return it open.

    Args:
        name: name of the branch (党支部) or of headquarters.
        code: its code, Latin letters and digits; the invitation's code and name win later.
        code_due: whether the recovery code is asked for until somebody has written it down: kept with the store, since
            a store that stays must ask.
        cost: of the password slot; measured on this machine if not given.

    Raises:
        InvalidInput: name, log-in, code or password do not fit the rules, or `folder` is no local disk.
        Conflict: something lies in `folder` already.
        StorageFailure: the disk refuses.
    """
    if not name.strip():
        raise InvalidInput(NAME, "不能为空")
    if code and not _CODE.fullmatch(code):
        raise InvalidInput(CODE, "只能用字母和数字，最多20位")
    require_local(folder)
    require_vacant(folder)
    sweep_beside(folder)
    building = new_beside(folder)
    with storage_faults(folder, FilePort()), making(building, clock) as placing, database_faults(building / DATABASE):
        for inner in FOLDERS:
            (building / inner).mkdir(mode=0o700)
        _vault, key, recovery_code = Vault.create(building, login, password, cost)
        FilePort().make_own(building / DATABASE)  # what SQLite keeps beside it has its rights
        engine = open_engine(building / DATABASE, key)
        try:
            schema.upgrade(engine)
            _write_first_rows(engine, kind, name.strip(), code, clock, code_due=code_due)
        finally:  # an open file keeps its room on a full disk, and on Windows the folder too
            engine.dispose()
        if folder.exists():
            folder.rmdir()
        placing()
        building.rename(folder)
    lock = None
    try:
        lock = StoreLock(folder, clock)
        return Created(_begun(Store(folder, key, Vault.open(folder), lock, login, clock)), recovery_code)
    except BaseException:  # a store whose recovery code nobody has seen must not stay
        if lock is not None:
            lock.release(settled=False)  # once more does no harm
        shutil.rmtree(folder, ignore_errors=True)
        raise


def open_store(
    folder: Path,
    password: str = "",
    login: str | None = None,
    *,
    recovery_code: str = "",
    clock: Clock = now,
    clock_doubt: Callable[[date, date], None] | None = None,
) -> Store:
    """Open the store in `folder` with a password, or with the recovery code.

    An older database is backed up and upgraded first. The daily check and backup are the caller's:
    `integrity.begin_day`. Where the disk is full or can only be read, it is opened to look: `Store.look` says why.

    Args:
        clock_doubt: called with today and the day of the last use, before anything is dated, if the date of this
            computer is earlier or far later; what it raises ends the opening. None: the date is right (or was
            confirmed), and is remembered so.

    Raises:
        NotFound: no store lies there.
        StorageFailure: E-DISK-FILE; `folder` is a file.
        VaultError: the password or code does not fit; the fact `wait` says how many seconds the next try waits.
        StoreBusy: another program holds it.
        StorageFailure: damaged, not encrypted (E-DB-PLAIN) or of a newer program (E-DB-NEWER).
    """
    if not folder.exists():
        finish_interrupted(folder)
    sweep_beside(folder)
    sweep_looks()
    if not (folder / DATABASE).is_file():
        if (folder / VAULT).is_file():
            raise _damaged(folder)
        refuse_file(folder)
        raise NotFound(what="数据文件夹", file=str(folder))
    try:
        return _open_to_work(folder, password, login, recovery_code, clock, clock_doubt)
    except StorageFailure as error:
        if error.code not in REASONS:
            raise
        try:
            return _open_to_look(folder, password, login, recovery_code, clock, error.code)
        except StorageFailure as second:
            raise (error if second.code in REASONS else second) from error


def _open_to_work(
    folder: Path,
    password: str,
    login: str | None,
    recovery_code: str,
    clock: Clock,
    clock_doubt: Callable[[date, date], None] | None,
) -> Store:
    lock = StoreLock(folder, clock)
    try:
        vault = Vault.open(folder)
        attempts = Attempts(folder, clock)
        actor, key = _unlock(vault, login, password, recovery_code, attempts)
        wrong = attempts.words
        attempts.succeeded()
        if is_plain(folder / DATABASE):
            raise StorageFailure("E-DB-PLAIN", file=DATABASE)
        store = Store(folder, key, vault, lock, actor, clock)
    except BaseException:
        lock.release(settled=False)
        raise
    _keep_own(folder)
    how = "用恢复码" if recovery_code else ""
    how = "，".join(filter(None, (how, wrong)))
    store = _begun(store, clock_doubt, how)
    if not recovery_code:  # the paper in the safe opens everything; who holds it sets the passwords anew
        store.rights = UserService(store).rights_of(actor)
    return store


def _open_to_look(folder: Path, password: str, login: str | None, recovery_code: str, clock: Clock, why: str) -> Store:
    """Return the store as it can be looked at though nothing can be written; nothing is, nor dated."""
    lock = StoreLock.to_look(folder)
    look = None
    try:
        vault = Vault.open(folder)
        actor, key = _unlock(vault, login, password, recovery_code, Attempts(folder, clock), keep=False)
        if is_plain(folder / DATABASE):
            raise StorageFailure("E-DB-PLAIN", file=DATABASE)
        look = begin_look(folder, why)
        settle_look(look, key)
        store = Store(folder, key, vault, lock, actor, clock, look=look)
        revision = _sound_revision(store)
        if not schema.known(revision):
            raise StorageFailure("E-DB-NEWER", file=DATABASE, revision=revision)
        if revision != schema.HEAD:
            store.engine.dispose()
            look = brought_up(look, key)
            store = Store(folder, key, vault, lock, actor, clock, look=look)
    except BaseException:
        if look is not None:
            look.close()
        lock.release(settled=False)
        raise
    store.kind = StoreKind(store.setting(SettingName.KIND))
    store.org = store.setting(SettingName.ORG)
    rights = ALL_RIGHTS if recovery_code else UserService(store).rights_of(actor)
    store.rights = rights.looking(why)
    return store


def _unlock(
    vault: Vault, login: str | None, password: str, recovery_code: str, attempts: Attempts, *, keep: bool = True
) -> tuple[str, bytes]:
    """Return who opens the store, and its data key; a wrong password is counted."""
    try:
        who, key = settled(vault, vault.folder / DATABASE, login, password, recovery_code, keep=keep)
    except VaultError as error:
        if recovery_code:
            raise
        said = login if len(vault.logins) > 1 else vault.logins[0]
        attempts.failed(said if said in vault.logins else "")
        raise VaultError(error.code, **error.facts, wait=attempts.remaining_seconds()) from error
    return who or login or RECOVERY_HOLDER, key


def _begun(store: Store, clock_doubt: Callable[[date, date], None] | None = None, how: str = "") -> Store:
    """Return `store` once it is known to be sound, of this program's revision, and settled after a crash."""
    try:
        revision = _sound_revision(store)
        if not schema.known(revision):
            raise StorageFailure("E-DB-NEWER", file=DATABASE, revision=revision)
        last = _last_used(store)
        in_doubt = last is not None and doubtful(store.today, last)
        if in_doubt and last is not None and clock_doubt is not None:
            clock_doubt(store.today, last)
        if revision != schema.HEAD:
            BackupService(store).backup(BEFORE_UPGRADE)
            with database_faults(store.folder / DATABASE):
                schema.upgrade(store.engine)
        store.kind = StoreKind(store.setting(SettingName.KIND))
        store.org = store.setting(SettingName.ORG)
        store.rights = store.rights.at(store.kind)
        if store.was_unclean:
            AttachmentService(store).settle()
            sweep(store.folder)
            _sweep_boxes(store)
        sweep_left(store)
        sweep_partial(store.folder)
        sweep_opened(store.folder)
        UserService(store).settle()
        store.vault.settle()
        with store.unit_of_work("启用程序带来的新版标准") as session:
            added = {row.kind for row in add_built_in(session, store.today, utc_text(store.clock()))}
        if StandardKind.HORSE_RACE in added and store.kind is StoreKind.BRANCH:
            from desktop.services.improvement.asked import count_as_asked  # only where the program brought a scheme

            count_as_asked(store)
        if not in_doubt or clock_doubt is None:
            store.set_setting(SettingName.CLOCK, utc_text(store.clock()))
        store.audit(Use.LOG_IN, how)
        _note_restore(store)
        _note_unlock(store)
        settle_keys(store)
    except StorageFailure as error:
        store.close(settled=False)
        if error.code == "E-DB-DAMAGED":
            raise _damaged(store.folder) from error
        raise
    except BaseException:
        store.close(settled=False)
        raise
    return store


def _sweep_boxes(store: Store) -> None:
    """Take away half copies, and end or drop what was being packed or received; what the disk refuses waits."""
    with contextlib.suppress(StorageFailure, OSError):
        BackupService(store).sweep()
        recover(store)


def _keep_own(folder: Path) -> None:
    """Let nobody else read the database and its copies, which older programs left readable in a folder that is not."""
    port = FilePort()
    for path in (*folder.glob(f"{DATABASE}*"), *(folder / "backup").glob("*")):
        port.keep_own(path)


def _last_used(store: Store) -> date | None:
    """Return the day up to which the date of the computer was taken for right, else that of the newest use."""
    moment = store.setting(SettingName.CLOCK)
    if not moment:
        with store.reading() as session:
            moment = session.scalar(select(func.max(AuditEntry.at_utc))) or ""
    return day_of(moment, store.clock) if moment else None


def _sound_revision(store: Store) -> str:
    """Return the revision of the database after reading its head, and after an unclean end all of its pages.

    Raises:
        StorageFailure: E-DB-DAMAGED, E-DB-PLAIN, or what the disk says.
    """
    try:
        with database_faults(store.folder / DATABASE), store.engine.connect() as connection:
            revision = schema.revision_of(connection)
            fault = quick_fault(connection) if store.was_unclean else None
    except NotEncrypted as error:
        raise StorageFailure("E-DB-PLAIN", file=DATABASE) from error
    except (SQLAlchemyError, sqlcipher.Error) as error:
        raise StorageFailure("E-DB-DAMAGED", file=DATABASE, reason=str(error)) from error
    if fault is not None or revision is None:  # without a revision: cut to nothing, as after a power cut
        raise StorageFailure("E-DB-DAMAGED", file=DATABASE, reason=fault or "empty")
    return revision


def _note_restore(store: Store) -> None:
    """Write into the trail of uses, once, that these data came back from a backup."""
    restore = restored_into(store.folder)
    if restore is not None and store.setting(SettingName.RESTORED) != restore.restored_at_utc:
        store.audit(Use.RESTORE, f"{local(restore.made_at_utc, store.clock):%Y-%m-%d %H:%M} 的备份")
        for line in restore.carried:
            store.audit(Use.FROM_STICK, line)
        store.set_setting(SettingName.RESTORED, restore.restored_at_utc)


def _note_unlock(store: Store) -> None:
    """Write into the trail of uses, once, that headquarters helped to set a password; its answer is used up.

    So too which sticks its requests went to, answered or not.
    """
    pending = PendingUnlock.of(store.folder)
    if pending is None:
        return
    for line in pending.carried:
        store.audit(Use.TO_STICK, line)
    if not pending.done:
        if pending.carried:
            replace(pending, carried=()).write(store.folder)
        return
    if store.vault.holds(pending.done):
        store.audit(Use.UNLOCK, f"{pending.login}，核对的数字 {pending.fingerprint}")
        end_interim(store, pending.login)
        UserService(store).note_code_due()
    drop(store, pending)


def _damaged(folder: Path) -> StorageFailure:
    """Say that the database is damaged or gone, and from which day the last verified backup is."""
    last = next(iter(copies_in(folder)), None)
    return StorageFailure("E-DB-DAMAGED", file=DATABASE, date="" if last is None else last.made_on.isoformat())


def _write_first_rows(engine: Engine, kind: StoreKind, name: str, code: str, clock: Clock, *, code_due: bool) -> None:
    """Write the first rows of a new store: who it is, its attachment key, the standards in force."""
    org, at_utc = new_id(), utc_text(clock())
    with unit_of_work(open_sessions(engine), "建立数据文件夹", "", clock) as session:
        for setting, value in (
            (SettingName.KIND, kind.value),
            (SettingName.ORG, org),
            (SettingName.NAME, name),
            (SettingName.CODE, code),
            (SettingName.INSTALL, new_id()),
            (SettingName.CREATED_ON, clock().date().isoformat()),
            *([(SettingName.CODE_DUE, "yes")] if code_due else ()),
        ):
            session.add(Setting(name=setting, value=value))
        secret = new_age_secret()
        session.add(OwnKey(purpose=KEY_PURPOSE, secret=secret.encode(), public=b"", created_at_utc=at_utc))
        if kind is StoreKind.BRANCH:
            session.add(Branch(id=org, branch_id=org, code=code, name=name, recorded_since=clock().date()))
        add_built_in(session, clock().date(), at_utc)
