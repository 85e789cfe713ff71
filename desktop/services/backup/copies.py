"""Verified copies of the database in backup/, made every day the store is used, and thinned out with age.

A copy is encrypted with the same key as the database and has the key slots of its day beside it. It counts only once
its small description is written, and that is written last, after both checks have read the copy through.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from desktop.models.attachments import StoredFile
from desktop.models.database import connect_to_copy, faults_in
from desktop.models.history import AuditEntry, SettingName
from desktop.models.schema import revision_of
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.paths import DATABASE
from desktop.services.backup.archive import ENDING, Signed, write
from desktop.services.canonical import canonical
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import NotFound, StorageFailure
from desktop.services.files import (
    PARTIAL,
    FilePort,
    Medium,
    partial,
    refuse_file,
    sha256_of,
    storage_faults,
    write_atomically,
)
from desktop.services.leaving import leaving
from desktop.services.progress import Progress, silent
from desktop.services.security.keys import Identity
from desktop.services.security.vault import NAME as VAULT
from desktop.services.security.vault import Vault
from desktop.services.sync.installation import identity_of, signing_in

if TYPE_CHECKING:
    from desktop.services.store import Store

FOLDER = "backup"

DAILY, MANUAL, BEFORE_UPGRADE, FOR_FILE = "每日自动", "手动", "升级前", "写备份文件前"
"""Why a copy was made, as the list of copies tells it: true as well where what it was made before came to nothing."""

_DAYS, _WEEKS, _MONTHS = 7, 4, 12
_TODAY = 10
_UPGRADE_DAYS = 90
_STAMP = "%Y%m%d-%H%M%S"
_STAMP_LENGTH = 15
_COPY, _SLOTS, _DESCRIPTION = ".db", ".vault.json", ".json"
_FORMAT = 1
_SPARE_SHARE, _SPARE_BYTES = 20, 16 << 20  # room asked for beyond the size of the database: a twentieth and 16 MiB
_MAX_DESCRIPTION = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRow:
    """One verified copy in the store. `made_on` is the local day, `path` the encrypted database."""

    stamp: str
    made_on: date
    made_at_utc: str
    reason: str
    path: Path
    size_bytes: int
    sha256: str

    @property
    def slots(self) -> Path:
        """The key slots of that day."""
        return self.path.with_suffix(_SLOTS)


class BackupService:
    """The backups of an open store."""

    def __init__(self, store: "Store", port: FilePort | None = None) -> None:
        self._store = store
        self._port = port or FilePort()
        self._folder = store.folder / FOLDER

    def backup(self, reason: str = MANUAL, progress: Progress = silent) -> BackupRow:
        """Make a copy of the database in one step, check it both ways, and thin out old copies.

        `progress` is told (done, total) steps; cancelled, it leaves nothing.

        Raises:
            NotAllowed: `reason` is MANUAL, and who works here does not make backups; the program's own are free.
            OnlyLooked: the disk of the store takes nothing more; `to_file` writes to another.
            StorageFailure: E-DISK-FULL; E-DB-DAMAGED, the database or the copy is not sound; E-DISK.
            Cancelled: by `progress`.
        """
        if reason == MANUAL:
            self._store.rights.require(Act.BACKUP)
        self._store.require_writable()
        moment = self._store.clock()
        with storage_faults(self._folder, self._port):
            self._port.make_folder(self._folder)
            self.sweep()
            target = self._free_name(moment)
            temporary = partial(target)
            try:
                self._require_space()
                progress(0, 3)
                self._copy_database(temporary)
                progress(1, 3)
                revision = self._checked(temporary)
                progress(2, 3)
                row = self._finish(temporary, target, moment, reason, revision)
            except BaseException:
                for path in (temporary, _journal(temporary), *_parts(target)):
                    self._port.remove_quietly(path)
                raise
            self._thin_out(moment.date())
        if reason == MANUAL:
            self._store.audit(Use.BACKUP)
        progress(3, 3)
        return row

    def backup_if_due(self, today: date | None = None) -> BackupRow | None:
        """Make the daily copy unless there is one of `today` already.

        Raises as `backup`.
        """
        today = today or self._store.today
        return None if any(row.made_on == today for row in self.list()) else self.backup(DAILY)

    def list(self) -> Sequence[BackupRow]:
        """Return the verified copies, newest first."""
        return copies_in(self._store.folder)

    def last_verified(self) -> BackupRow | None:
        """Return the newest copy, or None; one dated in the future, by a clock that was wrong, only where it is all."""
        rows, today = self.list(), self._store.today
        return next((row for row in rows if row.made_on <= today), next(iter(rows), None))

    def last_outside(self) -> date | None:
        """Return the day of the last backup file that was written, None before the first."""
        query = select(func.max(AuditEntry.at_utc)).where(AuditEntry.action == Use.BACKUP_FILE.value)
        with self._store.reading() as session:
            at_utc = session.scalar(query)
        return None if at_utc is None else day_of(at_utc, self._store.clock)

    def verify(self, row: BackupRow) -> None:
        """Read a copy through again: its sum, its slots, and both checks of the database.

        Raises:
            NotFound: it has gone.
            StorageFailure: E-DB-DAMAGED.
        """
        with storage_faults(row.path, self._port):
            try:
                with self._port.open_read(row.path) as file:
                    sha256, _size = sha256_of(file)
                slots = Vault.read(row.slots, self._port)
            except FileNotFoundError as error:
                raise NotFound(what="备份", file=row.path.name) from error
        if sha256 != row.sha256:
            raise StorageFailure("E-DB-DAMAGED", file=row.path.name)
        if slots.fits(self._store.key):  # a copy from before the data key was changed can only be summed
            self._checked(row.path)

    def to_file(self, path: Path | None = None, progress: Progress = silent, medium: Medium = Medium.DISK) -> Path:
        """Write one file with everything: slots, database, attachments, sums and signature; then read it back.

        `path` is the file, or the folder for one named after the store's code and the time; by default the store's own
        backup folder. `progress` is told bytes done and all.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: the folder does not exist.
            OnlyLooked: without `path`, and the disk of the store takes nothing more.
            StorageFailure: E-DISK-FULL, E-USB-…; nothing is left under the final name.
            Cancelled: by `progress`.
        """
        self._store.rights.require(Act.BACKUP)
        store, moment = self._store, self._store.clock()
        if path is None:
            store.require_writable()
        path = path or self._folder
        if path.is_dir():
            path = path / f"{store.setting(SettingName.CODE) or '支部工作台'}_备份_{moment.strftime(_STAMP)}{ENDING}"
        refuse_file(path.parent)
        if not path.parent.is_dir():
            raise NotFound(what="文件夹", file=str(path.parent))
        with leaving(store, path, Act.BACKUP), self._copy_for_file() as (slots, database, revision, identity):
            self._write_file(path, slots, database, Signed(self._facts(moment, revision), identity), medium, progress)
        store.audit(Use.BACKUP_FILE, path.name)
        return path

    # within

    @contextlib.contextmanager
    def _copy_for_file(self) -> Iterator[tuple[Path, Path, str, Identity]]:
        """Yield slots and a checked copy of the database, its revision, and who signs for them.

        The copy is one of the store's own, or lies elsewhere for as long as the store is only looked at.
        """
        store = self._store
        if store.look is None:
            identity, row = identity_of(store), self.backup(FOR_FILE)
            description = json.loads(self._port.read(_parts(row.path)[0], _MAX_DESCRIPTION))
            yield row.slots, row.path, _text(description, "revision"), identity
            return
        slots, database = store.scratch / VAULT, store.scratch / f"copy{_COPY}"
        try:
            self._copy_database(database)
            identity = signing_in(store, database)
            write_atomically(slots, store.vault.to_bytes(), self._port)
            yield slots, database, self._checked(database), identity
        finally:
            for path in (slots, database):
                self._port.remove_quietly(path)

    def _facts(self, moment: datetime, revision: str) -> dict[str, Any]:
        vault_id = self._store.vault.vault_id
        return {"kind": "backup", "made_at_utc": utc_text(moment), "revision": revision, "vault_id": vault_id}

    def _write_file(
        self, path: Path, slots: Path, database: Path, signed: Signed, medium: Medium, progress: Progress
    ) -> None:
        store = self._store
        contents = [(f"att/{file_id[:2]}/{file_id}.age", store.att.path(file_id)) for file_id in self._contents()]
        write(path, [(VAULT, slots), (DATABASE, database), *contents], signed, self._port, medium, progress)

    def _contents(self) -> Sequence[str]:
        """Return the ids of the contents that are here; to tell of a missing one is the business of the check."""
        with self._store.reading() as session:
            known = session.scalars(select(StoredFile.id).order_by(StoredFile.id)).all()
        return [file_id for file_id in known if self._store.att.has(file_id)]

    def _require_space(self) -> None:
        files = (self._store.folder / f"{DATABASE}{ending}" for ending in ("", "-wal"))
        size = sum(path.stat().st_size for path in files if path.exists())
        need, free = size + size // _SPARE_SHARE + _SPARE_BYTES, self._port.free_space(self._folder)
        if free < need:
            raise StorageFailure("E-DISK-FULL", file=FOLDER, need=need, free=free)

    def _copy_database(self, target: Path) -> None:
        """Copy in one transaction: a copy in steps starts again after every write and may never end."""
        import sqlcipher3.dbapi2 as sqlcipher

        from desktop.services.unit_of_work import media_fault

        self._port.make_own(target)
        connection = self._store.bare()
        try:
            # a folder may be called by any bytes: as such they reach SQLite, where no str of them could
            connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(target),))
        except sqlcipher.Error as error:
            code = media_fault(str(error), target) or "E-DISK"
            raise StorageFailure(code, file=DATABASE, need=0, free=self._port.free_space(self._folder)) from error
        finally:
            connection.close()

    def _checked(self, path: Path) -> str:
        """Read the copy through both ways; return its revision."""
        connection = connect_to_copy(path, self._store.key)
        try:
            faults = faults_in(connection)
            if faults:
                raise StorageFailure("E-DB-DAMAGED", file=path.name.removesuffix(PARTIAL), reason=faults[0])
            return revision_of(connection) or ""
        finally:
            connection.close()

    def _finish(self, temporary: Path, target: Path, moment: datetime, reason: str, revision: str) -> BackupRow:
        self._port.sync(temporary)
        with self._port.open_read(temporary) as file:
            sha256, size = sha256_of(file)
        description, slots = _parts(target)
        write_atomically(slots, self._store.vault.to_bytes(), self._port)
        self._port.replace(temporary, target)
        self._port.fsync_dir(self._folder)
        text: dict[str, object] = {
            "fmt": _FORMAT,
            "made_at_utc": utc_text(moment),
            "reason": reason,
            "revision": revision,
            "sha256": sha256,
            "size_bytes": size,
        }
        write_atomically(description, canonical(text), self._port)
        row = described(description)
        if row is None:
            raise StorageFailure("E-DISK", file=target.name)
        return row

    def _free_name(self, moment: datetime) -> Path:
        stamp, number = moment.strftime(_STAMP), 1
        path = self._folder / f"{stamp}{_COPY}"
        while path.exists():
            number += 1
            path = self._folder / f"{stamp}-{number}{_COPY}"
        return path

    def sweep(self) -> None:
        """Take away what a crash left: unfinished files, and parts without the description that makes them count."""
        described = {row.stamp for row in self.list()}
        for path in self._folder.iterdir():
            stamp = path.name.partition(".")[0]
            if path.name.endswith((PARTIAL, _journal(Path(PARTIAL)).name)) or (
                path.name.endswith((_COPY, _SLOTS, _DESCRIPTION)) and _is_stamp(stamp) and stamp not in described
            ):
                self._port.remove(path)

    def _thin_out(self, today: date) -> None:
        rows = self.list()
        stay = kept(rows, today)
        for row in rows:
            if row.stamp not in stay:
                for path in (*_parts(row.path), row.path):  # the description first: a half-deleted copy does not count
                    self._port.remove(path)


def copies_in(store_folder: Path) -> Sequence[BackupRow]:
    """Return the verified copies of a store that need not be open, newest first."""
    rows = (described(path) for path in (store_folder / FOLDER).glob(f"*{_DESCRIPTION}") if _is_description(path))
    return sorted((row for row in rows if row is not None), key=lambda row: row.stamp, reverse=True)


def kept(rows: Iterable[BackupRow], today: date) -> set[str]:
    """Return the stamps worth keeping.

    The last copy of each of 7 days, 4 weeks and 12 months; today's latest ten; for 90 days those before an upgrade.
    """
    newest_first = sorted(rows, key=lambda row: row.stamp, reverse=True)
    stay: set[str] = set()
    for count, period in ((_DAYS, "%Y-%m-%d"), (_WEEKS, "%G-%V"), (_MONTHS, "%Y-%m")):
        seen: set[str] = set()
        for row in newest_first:
            name = row.made_on.strftime(period)
            if len(seen) < count and name not in seen:
                seen.add(name)
                stay.add(row.stamp)
    stay |= {row.stamp for row in [row for row in newest_first if row.made_on == today][:_TODAY]}
    stay |= {
        row.stamp
        for row in newest_first
        if row.reason == BEFORE_UPGRADE and (today - row.made_on).days <= _UPGRADE_DAYS
    }
    return stay


def _parts(copy: Path) -> tuple[Path, Path]:
    """Return the description and the slots that belong to a copy."""
    return copy.with_suffix(_DESCRIPTION), copy.with_suffix(_SLOTS)


def _journal(database: Path) -> Path:
    """Return the file SQLite keeps beside a database while writing it."""
    return database.with_name(f"{database.name}-journal")


def _is_stamp(text: str) -> bool:
    try:
        datetime.strptime(text[:_STAMP_LENGTH], _STAMP)  # noqa: DTZ007 - local time, as the name says it
    except ValueError:
        return False
    return True


def _is_description(path: Path) -> bool:
    return _is_stamp(path.name.partition(".")[0]) and not path.name.endswith(_SLOTS)


def described(description: Path) -> BackupRow | None:
    """Return what a description says, if it is whole and its copy is there."""
    copy, stamp = description.with_suffix(_COPY), description.stem
    try:
        value = json.loads(description.read_bytes())
        size = value["size_bytes"]
        if value["fmt"] != _FORMAT or copy.stat().st_size != size or not copy.with_suffix(_SLOTS).is_file():
            return None
        made_on = datetime.strptime(stamp[:_STAMP_LENGTH], _STAMP).date()  # noqa: DTZ007
        return BackupRow(
            stamp=stamp,
            made_on=made_on,
            made_at_utc=_text(value, "made_at_utc"),
            reason=_text(value, "reason"),
            path=copy,
            size_bytes=size,
            sha256=_text(value, "sha256"),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _text(value: dict[str, Any], name: str) -> str:
    if not isinstance(value[name], str):
        raise TypeError(name)
    return str(value[name])
