"""The data as they were before a new program changed their form and failed: the copy it made right before.

Nobody has worked in them since: the new program never showed them. So no password is asked for.
"""

import os
import shutil
from pathlib import Path

from desktop.paths import DATABASE
from desktop.services.backup import BEFORE_UPGRADE, BackupRow, copies_in
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, partial, sha256_of, storage_faults, write_atomically
from desktop.services.security.lock import StoreLock
from desktop.services.security.vault import NAME as VAULT

ASIDE = ".failed"
"""Ending of the database that the new program left; it stays until the next one that fails."""
_MOST_BYTES = 1 << 20


def give_back(store: Path, before: str) -> bool:
    """Put the copy in the place of the database that a new program made before it changed its form, if it came so far.

    `before`: the stamp of the backup made before the new program was started.

    Raises:
        StoreBusy: a program has the store open.
        StorageFailure: the disk refuses, or the copy is damaged; the database is as it was.
    """
    row = upgraded_from(store, before)
    if row is None:
        return False
    port, database = FilePort(), store / DATABASE
    with StoreLock(store), storage_faults(database, port):
        temporary = partial(database)
        port.remove(temporary)
        with port.open_read(row.path) as source, port.open_excl(temporary) as target:
            shutil.copyfileobj(source, target)
            port.fsync(target)
        with port.open_read(temporary) as copied:
            if sha256_of(copied)[0] != row.sha256:
                port.remove(temporary)
                raise StorageFailure("E-DB-DAMAGED", file=row.path.name)
        for ending in ("-wal", "-shm"):  # the log first: it may not be read into another database
            log = database.with_name(DATABASE + ending)
            if log.exists():
                os.replace(log, log.with_name(f"{DATABASE}{ASIDE}{ending}"))
        kept = database.with_name(DATABASE + ASIDE)
        port.remove(kept)
        shutil.copy2(database, kept)
        port.replace(temporary, database)
        port.fsync_dir(store)
        slots = port.read(row.slots, _MOST_BYTES)
        if port.read(store / VAULT, _MOST_BYTES) != slots:
            write_atomically(store / VAULT, slots, port)
    return True


def upgraded_from(store: Path, before: str) -> BackupRow | None:
    """Return the first copy made before a change of form after the stamp `before`; None where none was made."""
    later = [row for row in copies_in(store) if row.reason == BEFORE_UPGRADE and row.stamp > before]
    return later[-1] if later else None
