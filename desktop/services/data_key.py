"""Another data key (更换数据钥匙): what a removed user or an old recovery code knew opens nothing written from then on.

The database is copied, the copy re-encrypted and checked, and put in place of the old one in one step. The vault holds
the slots of both keys until that is done, so that a crash at any moment leaves a store that opens.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import delete

from desktop.models.database import Bare, connect, faults_in, give_new_key, opens
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.paths import DATABASE
from desktop.services.access.interim import interim, note_interim
from desktop.services.access.users import UserService
from desktop.services.backup import BackupRow, BackupService, copies_in
from desktop.services.errors import Cancelled, Input, InvalidInput, StorageFailure, VaultError
from desktop.services.files import PARTIAL, FilePort, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.security.passwords import Cost
from desktop.services.security.vault import LOGIN, Vault
from desktop.services.sync.assistance import helper_of
from desktop.services.unit_of_work import database_faults

if TYPE_CHECKING:
    from desktop.services.store import Store

BEFORE, AFTER = "更换数据钥匙前", "更换数据钥匙后"
_ROOM = 16 << 20
STEPS_BACK = 3
"""Steps done of a change after which there is no way back."""
OWN_PASSWORD = Input("own", "自己现在的密码")


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """A data key that was changed: the new recovery code, shown once, and the copies the old key still opens."""

    recovery_code: str
    old_copies: tuple[BackupRow, ...]
    unfinished: StorageFailure | None = None
    """What the disk refused after the new key was in force: the copy that follows a change is not made."""


def require_own(store: "Store", password: str) -> None:
    """Make sure that who changes the key is who logged in, not somebody at a desk left open.

    Raises:
        InvalidInput: it is not the password of who works here.
    """
    try:
        store.vault.unlock_password(store.actor, password)
    except VaultError as error:
        raise InvalidInput(OWN_PASSWORD, "不正确") from error


def change_data_key(
    store: "Store",
    passwords: Mapping[str, str],
    progress: Progress = silent,
    *,
    cost: Cost | None = None,
    port: FilePort | None = None,
) -> ChangedKey:
    """Encrypt the database of `store` anew; nothing else may work in it meanwhile.

    Args:
        passwords: log-in name -> password from now on; who is left out gets in no more.
        progress: is told (done, total) steps; it may stop the change until `STEPS_BACK` are done. From then on the new
            key is in force, and nothing keeps the new recovery code from who asked for it.

    Raises:
        NotAllowed: who works here does not manage users.
        InvalidInput: nobody would get in, not even who works here, or a password is too weak.
        StorageFailure: E-DB-BUSY, something else works in the store; E-DISK-FULL, E-DISK: all is as it was.
        Cancelled: by `progress`; all is as it was.
    """
    store.rights.require(Act.USERS)
    if store.actor in store.vault.logins and store.actor not in passwords:
        raise InvalidInput(LOGIN, "自己必须留下")
    port = port or FilePort()
    path = store.folder / DATABASE
    copy = path.with_name(path.name + PARTIAL)
    progress(0, 5)
    BackupService(store).backup(BEFORE)
    progress(1, 5)
    witnessed, keys = store.sentinel.streams(), store.key_witness.read()
    former, vault = store.key, store.vault
    helper = helper_of(store) if vault.helped is not None else None
    users = UserService(store)
    was_due, were_interim = users.code_due, interim(store)
    shut_out = [login for login in vault.logins if login not in passwords]
    users.note_code_due()  # until somebody has written the new code down
    note_interim(store, (login for login in vault.logins if login in passwords and login != store.actor))
    key, code = vault.begin_change(passwords, cost, helper)
    try:
        with storage_faults(path, port, need=path.stat().st_size + _ROOM):
            held = _alone(store, path)
            try:
                _copied(path, copy, port)
            finally:
                held.close()
            progress(2, 5)
            _encrypted_anew(copy, former, key)
            progress(3, 5)
            port.sync(copy)
            port.replace(copy, path)
            port.fsync_dir(path.parent)
    except BaseException:
        port.remove_quietly(copy)
        vault.keep_only(former)
        if not was_due:
            with contextlib.suppress(StorageFailure):
                users.code_written_down()
        with contextlib.suppress(StorageFailure):
            note_interim(store, were_interim)
        raise
    store.take_key(key)
    with contextlib.suppress(StorageFailure):  # the database has them all; the next opening writes them again
        store.key_witness.write(keys)
    old = tuple(copies_in(store.folder))
    try:
        _settle(store, key, witnessed, shut_out)
    except StorageFailure as error:
        return ChangedKey(code, old, error)
    with contextlib.suppress(Cancelled):
        progress(5, 5)
    return ChangedKey(code, old)


def _settle(store: "Store", key: bytes, witnessed: Mapping[str, int], shut_out: Sequence[str]) -> None:
    """Do what follows once the database has the new key; the next opening would do it as well, but for the copy."""
    store.vault.keep_only(key)
    for stream, number in witnessed.items():
        store.sentinel.advance(stream, number)
    with store.unit_of_work("更换数据钥匙", Act.USERS) as session:
        session.execute(delete(User).where(User.login.not_in(store.vault.logins)))
    store.audit(Use.NEW_KEY, f"不再让{'、'.join(shut_out)}进入" if shut_out else "")
    for login in shut_out:
        store.audit(Use.REMOVE_USER, f"{login}（更换数据钥匙时）")
    BackupService(store).backup(AFTER)


def forget_old_copies(store: "Store", copies: tuple[BackupRow, ...], port: FilePort | None = None) -> None:
    """Delete copies that the former key still opens: whoever knew it could read them.

    Raises:
        NotAllowed: who works here does not manage users.
        StorageFailure: the disk refuses.
    """
    store.rights.require(Act.USERS)
    port = port or FilePort()
    with storage_faults(store.folder, port):
        for copy in copies:
            for path in (copy.path, copy.slots, copy.path.with_suffix(".json")):
                path.unlink(missing_ok=True)
    store.audit(Use.FORGET_COPIES, f"{len(copies)} 份")


def settled(
    vault: Vault, database: Path, login: str | None, password: str, recovery_code: str, *, keep: bool = True
) -> tuple[str, bytes]:
    """Return who logs in and the key that opens `database`, ending a change of the data key that a crash cut short.

    Without `keep` it is left as it is, for whoever can only look.

    Raises:
        VaultError: E-LOGIN and the like; nothing given opens it.
    """
    refusal: VaultError | None = None
    for half in vault.alternatives:
        try:
            who, key = ("", half.unlock_recovery(recovery_code)) if recovery_code else half.log_in(login, password)
        except VaultError as error:
            refusal = refusal or error
            continue
        if len(vault.alternatives) == 1:
            return who, key
        if opens(database, key):
            if keep:
                vault.keep_only(key)
            return who, key
    raise refusal or VaultError("E-LOGIN")


def _alone(store: "Store", path: Path) -> Bare:
    """Return a connection that keeps everybody else out of the database, which then is one file, whole."""
    store.let_go()
    connection = connect(path, store.key)
    try:
        with database_faults():
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            connection.execute("BEGIN EXCLUSIVE")
        if mode != "delete":
            raise StorageFailure("E-DB-BUSY")
    except BaseException:
        connection.close()
        raise
    return connection


def _copied(path: Path, copy: Path, port: FilePort) -> None:
    port.remove_quietly(copy)
    with port.open_excl(copy) as out, port.open_read(path) as source:
        while block := source.read(1 << 20):
            port.write(out, block)


def _encrypted_anew(path: Path, former: bytes, key: bytes) -> None:
    """Give the copy at `path` the new key and read all of it through.

    Raises:
        StorageFailure: E-DB-DAMAGED, or what the disk says.
    """
    with database_faults():
        give_new_key(path, former, key)
    connection = connect(path, key)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        faults = faults_in(connection)
    except sqlcipher.DatabaseError as error:
        faults = [str(error)]
    finally:
        connection.close()
    if faults:
        raise StorageFailure("E-DB-DAMAGED", file=DATABASE, reason=faults[0])
