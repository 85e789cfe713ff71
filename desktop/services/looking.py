"""A store whose disk takes nothing more, opened to look only (只能查看): nothing is written where it lies.

Its database is read as it is. Where a crash left work in the write-ahead log, or an older program wrote it, a copy of
its files is read, encrypted as they are, in a folder of its own: in memory where the system has such a place.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.models.database import make_one_file, open_engine
from desktop.models.schema import upgrade
from desktop.paths import DATABASE
from desktop.services.archive.workshop import sweep
from desktop.services.errors import OnlyLooked, StorageFailure
from desktop.services.files import FilePort, storage_faults
from desktop.services.security.lock import StoreLock
from desktop.services.security.making import abandoned

REASONS = ("E-DISK-FULL", "E-DISK-RO")
"""What a disk says that takes nothing more, and of which a store can still be looked at."""

_PREFIX = "branch-desk-look-"
_SPARE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Why a store is only looked at, where its database is read, and where things are made on the way elsewhere."""

    why: str
    database: Path
    place: Path | None
    lock: StoreLock | None = None

    @property
    def refusal(self) -> OnlyLooked:
        """What whoever wants to write is told."""
        return OnlyLooked(why=self.why)

    @property
    def scratch(self) -> Path:
        """A folder of its own, readable by nobody else, that goes when the store is closed.

        Raises:
            StorageFailure: E-DISK-FULL, no disk of this computer has room for one.
        """
        if self.place is None:
            raise StorageFailure("E-DISK-FULL")
        return self.place

    def lent(self) -> "Look":
        """Return it for a process that works for this one, and takes nothing away."""
        return Look(why=self.why, database=self.database, place=self.place)

    def close(self) -> None:
        """Take away what was made for looking."""
        if self.lock is not None and self.place is not None:
            sweep(self.place)
            self.lock.release()
            shutil.rmtree(self.place, ignore_errors=True)


def begin_look(folder: Path, why: str) -> Look:
    """Return how the store in `folder`, whose lock the caller holds, is read without writing there.

    Raises:
        StorageFailure: work is left in its log, and no disk has room for a copy.
    """
    files = [folder / f"{DATABASE}{ending}" for ending in ("", "-wal")]
    place, lock = _place(sum(file.stat().st_size for file in files if file.is_file()))
    look = Look(why=why, database=folder / DATABASE, place=place, lock=lock)
    try:
        return _copied(look, files) if files[1].is_file() and files[1].stat().st_size else look
    except BaseException:
        look.close()
        raise


def brought_up(look: Look, key: bytes) -> Look:
    """Return `look` at a copy that is of this program's revision.

    Raises:
        StorageFailure: no disk has room for a copy.
    """
    looked = look if look.database.parent == look.place else _copied(look, [look.database])
    engine = open_engine(looked.database, key)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    make_one_file(looked.database, key)
    return looked


def settle_look(look: Look, key: bytes) -> None:
    """Take into a copy what a crash had left in the log beside it."""
    if look.database.parent == look.place:
        make_one_file(look.database, key)


def sweep_looks() -> None:
    """Take away what programs that were killed while they looked at a store have left."""
    for place in _places():
        for left in place.glob(f"{_PREFIX}*"):
            if left.is_dir() and abandoned(left):
                sweep(left)
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder on a disk, nobody else's to read, for a trial of something large; a later start sweeps it.

    Raises:
        StorageFailure: the disk refuses.
    """
    with storage_faults(Path(tempfile.gettempdir()), FilePort()):
        made = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = StoreLock(made)
    try:
        yield made
    finally:
        lock.release()
        shutil.rmtree(made, ignore_errors=True)


def _copied(look: Look, files: list[Path]) -> Look:
    target = look.scratch
    with storage_faults(target, FilePort()):
        for file in files:
            shutil.copyfile(file, target / file.name)
    return Look(why=look.why, database=target / DATABASE, place=look.place, lock=look.lock)


def _place(need: int) -> tuple[Path | None, StoreLock | None]:
    """Return a new folder where there is room, with its lock; none where no disk has any."""
    for place in _places():
        with contextlib.suppress(OSError, StorageFailure):
            if FilePort().free_space(place) > need + _SPARE_BYTES:
                made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
                return made, StoreLock(made)
    return None, None


def _places() -> list[Path]:
    """Return where such folders may lie: those in memory first."""
    # Windows has none in memory; a folder that happens to be called so there is locked by other means than ours.
    named = [] if os.name == "nt" else [os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"]
    with contextlib.suppress(OSError):  # no disk at all that takes a file
        named.append(tempfile.gettempdir())
    return [Path(name) for name in dict.fromkeys(named) if name and os.access(name, os.W_OK) and Path(name).is_dir()]
