"""The way back: a backup becomes a store beside the old one, and takes its place only once it is known to open."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.models import schema
from desktop.models.database import connect_to_copy, faults_in
from desktop.paths import DATABASE
from desktop.services.backup.archive import BackupFile, Member, examine, read_member
from desktop.services.canonical import canonical
from desktop.services.clock import Clock, now, utc_text
from desktop.services.drives import require_local
from desktop.services.errors import Conflict, NotFound, PackageRefused, StorageFailure, VaultError
from desktop.services.files import (
    FilePort,
    HashingReader,
    PortWriter,
    copy_stream,
    real,
    refuse_file,
    refuse_folder,
    storage_faults,
    write_atomically,
)
from desktop.services.looking import scratch_folder
from desktop.services.progress import Progress, silent
from desktop.services.security.key_witness import NAME as KEYS
from desktop.services.security.lock import require_free
from desktop.services.security.making import abandoned, making, restored_beside
from desktop.services.security.sentinel import NAME as SENTINEL
from desktop.services.security.vault import NAME as VAULT
from desktop.services.security.vault import SPARE, Vault
from desktop.services.sync.media import on_sticks

_COPY_ENDING = ".db"
_FOLDERS = ("att", "outbox", "inbox", "quarantine", "backup", "logs")
MARK = "restored.json"
"""Written last into restored data: they are complete. It stays, and says of what moment they are."""

_SHARED = ("att", "outbox", "inbox", "quarantine", "backup")  # not the logs: they are written on
_MAX_SLOTS = 1 << 20
_IDENTITY_QUERY = "SELECT public FROM own_keys WHERE purpose = 'identity'"
_SIGN_BYTES = 32

Unlock = Callable[[Vault], bytes]


@dataclass(frozen=True, slots=True)
class Restore:
    """Of what moment the data were that came back, and when they did (UTC texts).

    `carried`: lines of the ledger of media, where they came from a stick.
    """

    made_at_utc: str
    restored_at_utc: str
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the data are now, of what moment (UTC text), and where the former ones were put, if there were any."""

    folder: Path
    made_at_utc: str
    former: Path | None


def restore(
    file: Path,
    to: Path,
    password: str = "",
    recovery_code: str = "",
    *,
    clock: Clock = now,
    port: FilePort | None = None,
    progress: Progress = silent,
) -> Restored:
    """Make the store `to` from a backup file, or from a copy in some store's backup folder.

    Everything is read, checked and opened beside `to` first. What lies in `to` is not touched but renamed to
    `<to>.old-<time>`. The password or code is one that was valid when the backup was made; for a copy of this very
    store a present one will do. `progress` is told bytes done and all.

    Raises:
        NotFound: there is no such file.
        StorageFailure: E-DB-DAMAGED, the backup is cut or changed; E-DB-NEWER; E-DISK-FULL.
        PackageRefused: E-PKG-FORMAT, it is another file of ours.
        VaultError: the password or code does not open it.
        StoreBusy: a program has the store `to` open.
        Conflict: something else than a store lies in `to`.
        InvalidInput: no new store may lie there, as on a stick.
        Cancelled: by `progress`. In all these cases `to` is as it was.
    """
    port = port or FilePort()
    to = real(to)
    _require_file(file)
    _require_room(to)
    if not (to / DATABASE).is_file():  # data that lie there already are not left without their backup
        require_local(to)
    building = restored_beside(to)
    with storage_faults(to, port), making(building, clock) as placing:
        for each in _FOLDERS:
            port.make_folder(building / each)
        unlock = _unlocker(password, recovery_code)
        if file.suffix == _COPY_ENDING:
            made_at_utc = _from_copy(file, to, building, unlock, port, progress)
        else:
            made_at_utc = _from_archive_of_ours(file, building, unlock, port, progress)
        for witness in (SENTINEL, KEYS):  # so that the restored data know that they have gone back, and sign as before
            if (to / witness).is_file():
                shutil.copyfile(to / witness, building / witness)
        mark = {"made_at_utc": made_at_utc, "restored_at_utc": utc_text(clock()), "carried": on_sticks([file])}
        write_atomically(building / MARK, canonical(mark), port)
        placing()
        former = _swap(to, building, clock, port)
    return Restored(to, made_at_utc, former)


def _from_archive_of_ours(file: Path, building: Path, unlock: Unlock, port: FilePort, progress: Progress) -> str:
    try:
        return _from_archive(file, building, unlock, port, progress)
    except StorageFailure as error:
        if error.code == "E-DB-DAMAGED":
            from desktop.services.sync.told_kind import BACKUP, told_kind  # brings cryptography

            word = told_kind(file)
            if word not in ("", BACKUP):
                raise PackageRefused("E-PKG-FORMAT", file=file.name, given=word) from error
        raise


def restored_into(folder: Path) -> Restore | None:
    """Return the last restore that made the store in `folder`, or None if it grew there."""
    try:
        mark = json.loads((folder / MARK).read_bytes())
        made_at_utc = str(mark["made_at_utc"])
        carried = tuple(map(str, mark.get("carried", ())))
        return Restore(made_at_utc, str(mark.get("restored_at_utc", made_at_utc)), carried)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def finish_interrupted(to: Path) -> None:
    """Bring a restore to its end that was cut off between putting the old data aside and the new ones in place."""
    building = restored_beside(to)
    if not to.exists() and (building / MARK).is_file() and abandoned(building):
        with storage_faults(to, FilePort()):
            os.rename(building, to)


def try_restore(
    file: Path,
    password: str = "",
    recovery_code: str = "",
    *,
    port: FilePort | None = None,
    progress: Progress = silent,
) -> BackupFile:
    """Do everything of a restore but put it in place (验证备份): read, sum, verify, unlock, open, check.

    Raises:
        NotFound, StorageFailure, VaultError, Cancelled: as `restore`.
    """
    _require_file(file)
    with scratch_folder() as folder:
        return _unpack(file, folder, _unlocker(password, recovery_code), port or FilePort(), progress, trial=True)


def _unlocker(password: str, recovery_code: str) -> Unlock:
    def unlock(vault: Vault) -> bytes:
        return vault.unlock_recovery(recovery_code) if recovery_code else vault.unlock_password(None, password)

    return unlock


def _from_archive(file: Path, building: Path, unlock: Unlock, port: FilePort, progress: Progress) -> str:
    return _unpack(file, building, unlock, port, progress, trial=False).made_at_utc


def _unpack(file: Path, folder: Path, unlock: Unlock, port: FilePort, progress: Progress, *, trial: bool) -> BackupFile:
    slots = read_member(file, VAULT, _MAX_SLOTS, port)
    key = unlock(Vault.from_bytes(slots, folder, port))  # first, so that a wrong password is told at once
    total, done = file.stat().st_size, 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(min(done, total), total)

    def take(member: Member, stream: HashingReader) -> None:
        if trial and member.name != DATABASE:
            while stream.read():
                pass
            return
        target = folder / member.name
        with storage_faults(target, port, need=member.size):
            port.make_folder(target.parent)
            with port.open_excl(target) as out:
                copy_stream(stream, PortWriter(out, port))
                port.fsync(out)

    found = examine(file, port=port, take=take, told=told)
    signers = _check_database(folder / DATABASE, key)
    if found.signer not in signers:
        raise StorageFailure("E-DB-DAMAGED", file=file.name, reason="签名不是这份数据的钥匙所作")
    if not trial:
        write_atomically(folder / SPARE, slots, port)
    return found


def _from_copy(file: Path, to: Path, building: Path, unlock: Unlock, port: FilePort, progress: Progress) -> str:
    """Take the database from a copy, all else from the store it was made in (or, elsewhere, nothing else)."""
    from desktop.services.backup.copies import described

    row = described(file.with_suffix(".json"))
    if row is None:
        raise StorageFailure("E-DB-DAMAGED", file=file.name)
    slots, key = _matching_slots(to, Vault.read(row.slots, port), unlock, port)
    home = real(file).parent.parent
    total, done = row.size_bytes, 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    with port.open_read(file) as source, port.open_excl(building / DATABASE) as out:
        sha256, _size = copy_stream(source, PortWriter(out, port), told)
        port.fsync(out)
    if sha256 != row.sha256:
        raise StorageFailure("E-DB-DAMAGED", file=file.name)
    _check_database(building / DATABASE, key)
    write_atomically(building / VAULT, slots.to_bytes(), port)
    write_atomically(building / SPARE, slots.to_bytes(), port)
    for each in _SHARED:
        if (home / each).is_dir():
            shutil.copytree(home / each, building / each, copy_function=_link_or_copy, dirs_exist_ok=True)
    return row.made_at_utc


def _matching_slots(to: Path, then: Vault, unlock: Unlock, port: FilePort) -> tuple[Vault, bytes]:
    """Prefer the slots in use today, if they are of the same key: who changed the password keeps the new one."""
    try:
        today = Vault.open(to, port)
        key = unlock(today)
        if then.fits(key):
            return today, key
    except (StorageFailure, VaultError):
        pass
    return then, unlock(then)


def _link_or_copy(source: str, target: str) -> str:
    """Share the bytes where the file system can: these files are never changed in place, only replaced."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _check_database(path: Path, key: bytes) -> set[bytes]:
    """Read the database through both ways; return the signing keys its installations have had."""
    connection = connect_to_copy(path, key)
    try:
        faults = faults_in(connection)
        if faults:
            raise StorageFailure("E-DB-DAMAGED", file=DATABASE, reason=faults[0])
        revision = schema.revision_of(connection)
        if revision is None or not schema.known(revision):
            raise StorageFailure("E-DB-NEWER", file=DATABASE, revision=revision or "")
        return {bytes(row[0][:_SIGN_BYTES]) for row in connection.execute(_IDENTITY_QUERY)}
    finally:
        connection.close()


def _require_file(file: Path) -> None:
    refuse_folder(file)
    if not file.is_file():
        raise NotFound(what="备份", file=str(file))


def _require_room(to: Path) -> None:
    """Refuse a target that is a file, that holds anything but a store, or one in use."""
    refuse_file(to)
    if not to.exists() or not any(to.iterdir()):
        return
    if not any((to / name).is_file() for name in (DATABASE, VAULT, SPARE)):
        raise Conflict(file=str(to), reason="这个文件夹里有别的内容，请换一个空文件夹")
    require_free(to)


def _swap(to: Path, building: Path, clock: Clock, port: FilePort) -> Path | None:
    former = None
    if to.exists():
        if any(to.iterdir()):
            require_free(to)  # opened meanwhile?
            former = _free_name(to, clock)
            os.rename(to, former)
        else:
            to.rmdir()
    try:
        os.rename(building, to)
    except BaseException:
        if former is not None:
            os.rename(former, to)
        raise
    port.fsync_dir(to.parent)
    return former


def _free_name(to: Path, clock: Clock) -> Path:
    stamp, number = clock().strftime("%Y%m%d-%H%M%S"), 1
    path = to.with_name(f"{to.name}.old-{stamp}")
    while path.exists():
        number += 1
        path = to.with_name(f"{to.name}.old-{stamp}-{number}")
    return path
