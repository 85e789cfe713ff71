"""What is to become a store: made beside its place under another name, locked while it is made, swept after a crash."""

import contextlib
import glob
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop.services.clock import Clock, now
from desktop.services.errors import StoreBusy
from desktop.services.files import ASIDE, PARTIAL, settle
from desktop.services.security.lock import NAME as LOCK
from desktop.services.security.lock import StoreLock, require_free

_NEW, _RESTORING = ".new-", ".restoring"

Place = Callable[[], None]
"""Lets go of the lock where the system renames no folder with an open file in it; call it right before renaming."""


def new_beside(folder: Path) -> Path:
    """Return a name of its own for a new store that is to become `folder`."""
    return folder.with_name(f"{folder.name}{_NEW}{uuid.uuid4().hex[:8]}")


def restored_beside(folder: Path) -> Path:
    """Return the name of what is being restored to become `folder`."""
    return folder.with_name(f"{folder.name}{_RESTORING}")


@contextlib.contextmanager
def making(building: Path, clock: Clock = now) -> Iterator[Place]:
    """Make the empty folder `building` and hold it until it has its place; after an error nothing is left of it.

    Raises:
        StoreBusy: another program is making it.
        StorageFailure: the disk refuses.
    """
    building.mkdir(parents=True, mode=0o700, exist_ok=True)
    try:
        lock = StoreLock(building, clock)  # whose the folder is: also of one that was killed before it had locked it
    except BaseException:
        _leave_empty(building)
        raise
    try:
        try:
            _clear(building)
            yield lock.release if sys.platform == "win32" else lambda: None
        finally:
            lock.release()
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _leave_empty(building: Path) -> None:
    """Take away a folder that could not be locked and in which nothing lies: later it would be in nobody's name."""
    with contextlib.suppress(OSError, StoreBusy):
        require_free(building)
        if [path.name for path in building.iterdir()] == [LOCK]:
            (building / LOCK).unlink()
        building.rmdir()


def _clear(building: Path) -> None:
    """Take away what somebody who was killed left in a folder that is now ours."""
    for path in building.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def sweep_beside(folder: Path) -> None:
    """Take away what a program that was killed while it made or restored `folder` has left beside it."""
    left = sorted(folder.parent.glob(f"{glob.escape(folder.name)}{_NEW}????????"))
    if folder.exists():  # else it is all there is: `finish_interrupted` looks at it
        left.append(restored_beside(folder))
    for building in left:
        if building.is_dir() and abandoned(building):
            shutil.rmtree(building, ignore_errors=True)


def sweep_partial(folder: Path) -> None:
    """Put back what a crash left aside, and take away what it left unfinished, in the folder of a store.

    The caller holds its lock.
    """
    for path in folder.glob(f"*{ASIDE}"):
        settle(path.with_name(path.name.removesuffix(ASIDE)))
    for path in folder.glob(f"*{PARTIAL}"):
        if path.is_file():
            with contextlib.suppress(OSError):
                path.unlink()


def abandoned(building: Path) -> bool:
    """Tell whether nobody is making `building` any more."""
    try:
        # Looked at before the lock is tried, since who makes it may take its lock meanwhile: only one who has written
        # there, his name in the lock or anything beside it, and holds no lock any more is gone.
        written = any(file.name != LOCK or file.stat().st_size for file in building.iterdir())
        require_free(building)
    except (StoreBusy, OSError):
        return False
    return written
