"""The one door to the disk for everything whose loss or half-writing would hurt: keys, packages, backups, attachments.

Nothing here is clever. It is small so that a test can stand in for it, note every step, and replay each prefix of
them as a power cut would leave it.
"""

import contextlib
import errno
import hashlib
import io
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from desktop.services.errors import Conflict, StorageFailure
from desktop.services.files_windows import forget, number_of, read_only

CHUNK = 1 << 20
"""Bytes moved at once: large enough for a stick, small beside the memory of an old PC."""

PARTIAL = ".part"
"""Ending of a file still being written. Whatever carries it after a crash is rubbish of ours."""

OWN, ORDINARY = 0o600, 0o666
"""The rights of what is ours alone, and of what the user asked for as a file: as any program would write it."""

ASIDE = ".aside"
"""Ending of what lay under a name until a moment ago, where the file system renames over nothing."""

_UNSUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_GONE = {errno.ENOTCONN, errno.EIO, errno.ENOENT, errno.ENXIO, errno.ENODEV}
_MISPLACED = {errno.ENOTDIR, errno.EEXIST, errno.ENOENT}  # the last as Windows says it
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_WINDOWS_FULL = {39, 112, 1295}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED
_WINDOWS_LONG = {2, 3, 123, 206}  # not found, path not found, invalid name, name too long: what it says of a long path
_WINDOWS_LONGEST = 259
_WINDOWS_HELD = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_WINDOWS_READ_ONLY = 19  # ERROR_WRITE_PROTECT
_WINDOWS_GONE = {21, 55, 433, 1006, 1117, 1167}  # not ready, no such device, volume changed, I/O fault, not connected

# A virus scanner often holds a fresh file for a moment; milliseconds to wait before each further try.
_REPLACE_WAITS_MS = (50, 100, 200, 400, 800, 1600)


class Medium(Enum):
    """Where a path lies, as far as the words for its faults differ."""

    DISK = "disk"
    STICK = "stick"


class Readable(Protocol):
    """What is read from front to back: a file, a pipe, a member of an archive."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""


class Writable(Protocol):
    """What takes bytes from front to back."""

    def write(self, data: bytes, /) -> int:
        """Take `data`; return how much of it."""


class NotOrdinary(OSError):
    """A pipe, a device or the like lies where a file is meant: one waits for ever, another never ends."""


class Held(PermissionError):
    """Another program has the file open and, as Windows allows it, lets nobody put another in its place."""


def real(path: Path) -> Path:
    """Return where `path` really lies, links followed; one that goes in a circle is left as it is.

    `Path.resolve` raises for a circle, and not even what a disk raises.
    """
    return Path(os.path.realpath(path))


def open_ordinary(path: Path) -> BinaryIO:
    """Open an ordinary file for reading.

    Raises:
        OSError: what the system says; IsADirectoryError, NotOrdinary.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise NotOrdinary(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
        raise
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise NotOrdinary(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


class FilePort:
    """The real file system. New files are readable by their owner alone, or have `mode`, less the user's umask."""

    def __init__(
        self,
        replace_waits_ms: tuple[int, ...] = _REPLACE_WAITS_MS if sys.platform == "win32" else (),
        wait: Callable[[float], None] = time.sleep,
        mode: int = OWN,
    ) -> None:
        self._replace_waits_ms = replace_waits_ms
        self._wait = wait
        self._mode = mode

    def open_excl(self, path: Path) -> BinaryIO:
        """Create `path`, which must not exist, for writing; unbuffered, so that every write is seen by the port."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags, self._mode), "wb", buffering=0)

    def make_own(self, path: Path) -> None:
        """Create `path`, empty, for a library to fill that would let others read what it makes."""
        self.open_excl(path).close()

    def open_read(self, path: Path) -> BinaryIO:
        """Open `path`, an ordinary file, for reading."""
        return open_ordinary(path)

    def read(self, path: Path, limit: int) -> bytes:
        """Return the whole of a small file.

        Raises:
            OSError: what the system says; EFBIG, there are more than `limit` bytes.
        """
        with self.open_read(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return data

    def write(self, file: IO[bytes], data: bytes) -> None:
        """Write all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]

    def fsync(self, file: IO[bytes]) -> bool:
        """Force `file` to the medium; False where the file system knows no such thing."""
        try:
            os.fsync(file.fileno())
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            return False
        return True

    def sync(self, path: Path) -> bool:
        """Force a file that another library wrote to the medium; False where that is not supported."""
        with path.open("r+b") as file:
            return self.fsync(file)

    def forget_cached(self, path: Path) -> None:
        """Have `path` read from the medium next time. Where the system cannot be asked, reading back proves less."""
        if sys.platform == "linux":
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def replace(self, source: Path, target: Path) -> None:
        """Rename over `target`, waiting a little for a virus scanner.

        Raises:
            OSError: what the system says; IsADirectoryError, and Held where it did not let go.
        """
        for pause in (*self._replace_waits_ms, None):
            try:
                os.replace(source, target)
                return
            except PermissionError as error:
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target)) from error
                if not self._replace_waits_ms:
                    raise
                if pause is None:
                    raise Held(errno.EACCES, os.strerror(errno.EACCES), str(target)) from error
                self._wait(pause / 1000)
            except FileExistsError:
                if not target.is_file():
                    raise
                _take_turns(source, target)
                return

    def fsync_dir(self, folder: Path) -> None:
        """Make the names in `folder` durable. Windows has no such call: there a rename is durable by itself."""
        if sys.platform == "win32":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
        finally:
            os.close(handle)

    def make_folder(self, folder: Path) -> None:
        """Create `folder` and what is missing above it, for its owner alone."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for inner in reversed(missing):
            inner.mkdir(mode=0o700, exist_ok=True)
            self.fsync_dir(inner.parent)

    def keep_own(self, path: Path) -> None:
        """Let nobody but its owner read `path`, a file of ours that another library or an older program made."""
        with contextlib.suppress(OSError):  # another's file, or a disk that knows no rights
            if sys.platform != "win32" and path.stat().st_mode & 0o077:
                path.chmod(OWN)

    def remove(self, path: Path) -> None:
        """Delete `path`; fine if it is not there."""
        path.unlink(missing_ok=True)

    def remove_quietly(self, path: Path) -> None:
        """Delete `path` after another fault, whose report must not be hidden by a second one."""
        with contextlib.suppress(OSError):
            self.remove(path)

    def free_space(self, folder: Path) -> int:
        """Return the bytes an ordinary user may still write in `folder`."""
        return shutil.disk_usage(folder).free

    def read_only(self, folder: Path) -> bool:
        """Whether `folder`, or its whole disk, can only be read."""
        return read_only(folder)


def _take_turns(source: Path, target: Path) -> None:
    """Rename over `target` where the file system renames over nothing; what lay there is back if that fails."""
    aside = set_aside(target)
    aside.unlink(missing_ok=True)
    os.rename(target, aside)
    try:
        os.rename(source, target)
    except OSError:
        with contextlib.suppress(OSError):
            os.rename(aside, target)
        raise
    with contextlib.suppress(OSError):
        aside.unlink()


def set_aside(path: Path) -> Path:
    """Return the name under which what lay at `path` is kept while something new takes its place."""
    return path.with_name(path.name + ASIDE)


def settle(path: Path) -> None:
    """Put back what was set aside for `path`, if the power went off before the new one was there; else take it away."""
    aside = set_aside(path)
    with contextlib.suppress(OSError):  # the stick is out again, or can only be read: at its next visit
        if not aside.is_file():
            return
        if path.exists():
            aside.unlink()
        else:
            os.rename(aside, path)


def partial(path: Path) -> Path:
    """Return the name under which `path` is written until it is whole."""
    return path.with_name(path.name + PARTIAL)


def require_vacant(folder: Path) -> None:
    """Refuse to make something new as `folder` unless nothing lies there yet, or an empty folder.

    Raises:
        Conflict: there is something in it.
        StorageFailure: E-DISK-FILE, it is a file.
    """
    refuse_file(folder)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(file=str(folder), reason="这个文件夹里已经有内容，请换一个空文件夹")


def refuse_file(folder: Path) -> None:
    """Refuse a file, and what would lie in a file, where a folder is meant.

    Raises:
        StorageFailure: E-DISK-FILE.
    """
    blocking = _file_among(folder, *folder.parents)
    if blocking is not None:
        raise StorageFailure("E-DISK-FILE", file=blocking.name)


def refuse_folder(file: Path) -> None:
    """Refuse a folder where a file is meant.

    Raises:
        StorageFailure: E-DISK-FOLDER.
    """
    if file.is_dir():
        raise StorageFailure("E-DISK-FOLDER", file=file.name)


@contextlib.contextmanager
def storage_faults(path: Path, port: FilePort, medium: Medium = Medium.DISK, need: int = 0) -> Iterator[None]:
    """Turn what the system says about `path` into what the user can act upon; `need` is the size to be written.

    Raises:
        StorageFailure: E-DISK…, and on a stick E-USB-….
    """
    forget()
    try:
        yield
    except OSError as error:
        raise _as_failure(error, path, port, medium, need) from error


def failure_of(error: OSError) -> StorageFailure | None:
    """Return what the user can act upon for what the system said of a file; None where it names none."""
    if not isinstance(error.filename, str | bytes) or not error.filename:
        return None
    return _as_failure(error, Path(os.fsdecode(error.filename)), FilePort(), Medium.DISK, 0)


def _as_failure(error: OSError, path: Path, port: FilePort, medium: Medium, need: int) -> StorageFailure:
    windows = number_of(error)
    if isinstance(error, NotOrdinary) or error.errno == errno.ELOOP:
        return StorageFailure("E-DISK-SPECIAL", file=path.name)
    if _met_a_folder(error):
        return StorageFailure("E-DISK-FOLDER", file=path.name)
    if error.errno == errno.ENAMETOOLONG or (windows in _WINDOWS_LONG and _length(error, path) > _WINDOWS_LONGEST):
        return StorageFailure("E-DISK-LONG", file=path.name, length=_length(error, path))
    blocking = _file_among(*_above(error, path)) if error.errno in _MISPLACED else None
    if blocking is not None:
        return StorageFailure("E-DISK-FILE", file=blocking.name)
    if error.errno in _FULL or windows in _WINDOWS_FULL:
        try:
            free = port.free_space(path.parent)
        except OSError:
            free = 0
        return StorageFailure("E-DISK-FULL", file=path.name, need=need, free=free)
    if isinstance(error, Held) or windows in _WINDOWS_HELD:
        return StorageFailure("E-USB-LOCKED" if medium is Medium.STICK else "E-DISK-HELD", file=path.name)
    if medium is Medium.STICK:
        if error.errno == errno.EROFS or windows == _WINDOWS_READ_ONLY:
            return StorageFailure("E-USB-RO", file=path.name)
        if error.errno in _GONE or windows in _WINDOWS_GONE:
            return StorageFailure("E-USB-GONE", file=path.name)
    reason = error.strerror or type(error).__name__
    if error.errno in _READ_ONLY or windows == _WINDOWS_READ_ONLY:
        return StorageFailure("E-DISK-RO", file=path.name, reason=reason)
    if error.errno == errno.ENOENT:
        return StorageFailure("E-DISK", file=path.name, reason=reason, missing=_missing(path))
    return StorageFailure("E-DISK", file=path.name, reason=reason)


def _length(error: OSError, path: Path) -> int:
    """Return how many letters the path has that was touched, or `path` where the error does not name it."""
    return max(len(os.path.abspath(name)) for name in (error.filename, error.filename2, path) if name is not None)


def _met_a_folder(error: OSError) -> bool:
    """Whether a file was wanted where a folder lies. Windows only says that it may not be touched."""
    if error.errno == errno.EISDIR:
        return True
    touched = error.filename2 or error.filename
    return sys.platform == "win32" and error.errno == errno.EACCES and bool(touched) and Path(touched).is_dir()


def _above(error: OSError, path: Path) -> list[Path]:
    """Return the paths that had to be folders; `path` itself where one was to be made or entered there."""
    return [path, *path.parents] if error.errno in (errno.EEXIST, errno.ENOTDIR) else list(path.parents)


def _file_among(*paths: Path) -> Path | None:
    """Return the first of `paths` that is there and is no folder."""
    return next((path for path in paths if path.is_file()), None)


def _missing(path: Path) -> str:
    """Return the name of what is not there: the file, or the folder it should lie in."""
    return path.name if path.parent.is_dir() else path.parent.name


class PortWriter(io.RawIOBase):
    """A file opened through the port, for code that wants to call `.write` on something."""

    def __init__(self, file: IO[bytes], port: FilePort) -> None:
        self._file, self._port = file, port
        self.written = 0

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write all of `data`."""
        self._port.write(self._file, data)
        self.written += len(data)
        return len(data)


@contextlib.contextmanager
def replacing(path: Path, port: FilePort, need: int = 0, medium: Medium = Medium.DISK) -> Iterator[PortWriter]:
    """Write a new `path` beside the old one and put it in its place when whole; on any error the old one stays."""
    temporary = partial(path)
    with storage_faults(path, port, medium, need):
        port.remove(temporary)
        file = port.open_excl(temporary)
        try:
            with file:
                yield PortWriter(file, port)
                port.fsync(file)
            port.replace(temporary, path)
            port.fsync_dir(path.parent)
        except BaseException:
            port.remove_quietly(temporary)
            raise


def write_atomically(path: Path, data: bytes, port: FilePort) -> None:
    """Make `path` hold `data` and nothing else, whatever happens on the way: the old content or the new, never a mix.

    Raises:
        StorageFailure: E-DISK-FULL, E-DISK.
    """
    with replacing(path, port, need=len(data)) as writer:
        writer.write(data)


class HashingReader:
    """Passes bytes through and remembers their SHA-256 and number; refuses more than `limit` bytes."""

    def __init__(self, source: Readable, limit: int | None = None, told: Callable[[int], None] | None = None) -> None:
        self._source, self._limit, self._told = source, limit, told
        self._sum = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`.

        Raises:
            TooLong: there are more than the limit.
        """
        data = self._source.read(CHUNK if size is None or size < 0 else size)
        self._sum.update(data)
        self.size += len(data)
        if self._limit is not None and self.size > self._limit:
            raise TooLong(self._limit)
        if self._told is not None:
            self._told(len(data))
        return data

    @property
    def sha256(self) -> str:
        """The sum of what was read so far, in hexadecimal."""
        return self._sum.hexdigest()


class TooLong(Exception):
    """A stream holds more than the `limit` bytes its reader will take."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def sha256_of(source: Readable, told: Callable[[int], None] | None = None) -> tuple[str, int]:
    """Return SHA-256 and size of what is left in `source`, read in pieces."""
    reader = HashingReader(source, told=told)
    while reader.read(CHUNK):
        pass
    return reader.sha256, reader.size


def copy_stream(source: Readable, target: Writable, told: Callable[[int], None] | None = None) -> tuple[str, int]:
    """Copy what is left in `source` in pieces; return SHA-256 and size of it."""
    reader = HashingReader(source, told=told)
    while data := reader.read(CHUNK):
        target.write(data)
    return reader.sha256, reader.size
