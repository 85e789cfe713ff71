"""One program at a time on one store, and the memory of whether the last one closed it properly.

The operating system holds the lock and lets go of it when the holder dies, however it dies. What is written in the
file only tells people who holds it; a text left behind means that nobody closed the store.
"""

import contextlib
import getpass
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop.services.clock import Clock, local, now, utc_text
from desktop.services.errors import StoreBusy
from desktop.services.files import FilePort, storage_faults

NAME = "app.lock"

_MAX_BYTES = 4096
# Windows forbids others to read a locked range; this one lies behind any text, so that they can still read the holder.
_LOCKED_BYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the store open."""

    pid: int
    host: str
    user: str
    since_utc: str

    def __str__(self) -> str:
        since = local(self.since_utc, now)
        return f"{self.user}@{self.host}（进程{self.pid}，{since:%Y-%m-%d %H:%M}起）"


class StoreLock:
    """The lock of one store, held from construction to `release`.

    Raises:
        StoreBusy: `holder` has it, or None where its text cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock = now) -> None:
        self._to_look = False
        with storage_faults(folder, FilePort()):
            self._handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                if not _lock(self._handle):
                    raise StoreBusy(holder=_read(self._handle), file=str(folder))
                self.was_unclean = os.fstat(self._handle).st_size > 0
                self.holder = Holder(os.getpid(), platform.node(), _user(), utc_text(clock()))
                self._write(json.dumps(asdict(self.holder), ensure_ascii=False).encode("utf-8")[:_MAX_BYTES])
            except BaseException:
                os.close(self._handle)
                raise
        self._held = True

    @classmethod
    def to_look(cls, folder: Path) -> "StoreLock":
        """Hold the lock of a store whose disk takes nothing more: nobody is told who has it.

        Raises:
            StoreBusy: somebody has it.
            StorageFailure: it cannot be read.
        """
        lock = cls.__new__(cls)
        with storage_faults(folder, FilePort()):
            lock._handle = os.open(folder / NAME, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            if not _lock(lock._handle):
                holder = _read(lock._handle)
                os.close(lock._handle)
                raise StoreBusy(holder=holder, file=str(folder))
            lock.was_unclean = os.fstat(lock._handle).st_size > 0
        lock._held = lock._to_look = True
        return lock

    @property
    def held(self) -> bool:
        """Whether the store is still ours."""
        return self._held

    def release(self, *, settled: bool = True) -> None:
        """Close the store properly: the next opener finds nothing left behind. Twice does no harm.

        Not `settled`, it was not worked in: a store found unclean stays so for the next opener.
        """
        if not self._held:
            return
        self._held = False
        if not self._to_look and (settled or not self.was_unclean):
            with contextlib.suppress(OSError):  # a pulled disk: the next start will find it unclean and check
                self._write(b"")
        _unlock(self._handle)
        os.close(self._handle)

    def __enter__(self) -> "StoreLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _write(self, data: bytes) -> None:
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, data)
        os.fsync(self._handle)


def require_free(folder: Path) -> None:
    """Make sure that nobody has the store open, and leave no trace of having asked.

    Raises:
        StoreBusy: somebody has.
    """
    try:
        handle = os.open(folder / NAME, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return
    try:
        if not _lock(handle):
            raise StoreBusy(holder=_read(handle), file=str(folder))
        _unlock(handle)
    finally:
        os.close(handle)


def _read(handle: int) -> Holder | None:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        value = json.loads(os.read(handle, _MAX_BYTES))
        local(value["since_utc"], now)  # a text that is no time is not ours
        return Holder(int(value["pid"]), str(value["host"]), str(value["user"]), str(value["since_utc"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in the system's list
        return "?"


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> bool:
        # flock, not lockf: it belongs to this opening of the file, so that a second store of one process is refused
        # too and closing another handle to the file does not let go of it.
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
