"""Sticks (U盘): found, known again, written so that what was read back is what was meant, and let go.

A copy counts only after it was read back from the medium itself. No file of others is ever touched. Qt is not needed.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from pathlib import Path

from desktop.services import udisks, volumes
from desktop.services.errors import StorageFailure
from desktop.services.files import ASIDE, CHUNK, PARTIAL, FilePort, Medium, partial, real, settle, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.sync.package_names import safe_name, stem

EXCHANGE_FOLDER = "党建数据交换"
UP_FOLDER, DOWN_FOLDER = "上报", "反馈"

_SPARE, _CLUSTER = 1 << 20, 64 << 10
"""Room for entries of folders, and the largest piece in which a stick gives room away."""
_FAT_LIMIT = (4 << 30) - 1
_FAT = {"vfat", "msdos", "fat32", "fat"}


@dataclass(frozen=True, slots=True)
class Copied:
    """A file written and read back. `forced`: the medium confirmed the write (some file systems cannot)."""

    path: Path
    sha256: str
    size_bytes: int
    forced: bool


def exchange_folder(root: Path, code: str, way: str) -> Path:
    """Return where packages of the branch `code` lie on a stick; `way` is `UP_FOLDER` or `DOWN_FOLDER`."""
    return root / EXCHANGE_FOLDER / safe_name(code) / way


def require(volume: volumes.Volume) -> None:
    """See that a stick found before is still there: where it was mounted, an empty folder of the disk may be left.

    Raises:
        StorageFailure: E-USB-GONE.
    """
    if not any((found.root, found.device) == (volume.root, volume.device) for found in volumes.sticks()):
        raise StorageFailure("E-USB-GONE", file=volume.label or volume.root.name)


def waiting(root: Path, way: str) -> list[Path]:
    """Return the packages that lie on a stick in one direction, by branch and name."""
    return sorted((root / EXCHANGE_FOLDER).glob(f"*/{way}/*.dzp"))


def key_files(root: Path) -> list[Path]:
    """Return the key files (invitations, registrations) that lie on a stick where people put them."""
    return sorted({*root.glob("*.dzk"), *(root / EXCHANGE_FOLDER).rglob("*.dzk")})


# writing


def copy_verified(
    source: Path,
    folder: Path,
    progress: Progress = silent,
    port: FilePort | None = None,
    volume: volumes.Volume | None = None,
    name: str | None = None,
) -> Copied:
    """Copy `source` into `folder` under its own name (or `name`) and read it back from the medium.

    The folder must be there: one that vanished is not made anew. The final name appears only when all of it is
    there. `volume`: the stick that `folder` lies on, looked for if not given; elsewhere faults are those of a disk.
    `progress` is told bytes, written and read.

    Raises:
        StorageFailure: E-USB-GONE, -RO, -VERIFY, -LOCKED, -ELSEWHERE (a link leads off it), E-DISK-FULL, E-DISK…;
            nothing is left of it there.
        Cancelled: `progress` was asked to stop.
    """
    port = port or FilePort()
    volume = volume or volumes.holding(folder, volumes.sticks())
    medium = Medium.STICK if volume is not None else Medium.DISK
    target = folder / (name or source.name)
    size = source.stat().st_size
    if volume is not None and not real(folder).is_relative_to(real(volume.root)):
        raise StorageFailure("E-USB-ELSEWHERE", file=folder.name)
    if volume is not None and volume.read_only:
        raise StorageFailure("E-USB-RO", file=target.name)
    if volume is not None and volume.file_system in _FAT and size >= _FAT_LIMIT:
        raise StorageFailure("E-DISK-FULL", file=target.name, need=size, free=_FAT_LIMIT)
    temporary = partial(target)
    with storage_faults(target, port, medium, size):
        port.make_folder(folder)
        if port.read_only(folder):  # said before a lack of room, which nobody could mend there
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(folder))
        need = size + size // 20 + _SPARE
        free = port.free_space(folder)
        if free < need:
            raise StorageFailure("E-DISK-FULL", file=target.name, need=need, free=free)
        port.remove(temporary)
        try:
            sha256, forced = _write(source, temporary, port, _counter(progress, 2 * size, 0))
            if read_back(temporary, port, _counter(progress, 2 * size, size)) != sha256:
                raise StorageFailure("E-USB-VERIFY", file=target.name)
            port.replace(temporary, target)
            port.fsync_dir(folder)
        except BaseException:
            _forget(temporary, port)
            raise
    return Copied(target, sha256, size, forced)


def sweep(folder: Path, stems: Collection[str], port: FilePort | None = None) -> list[Path]:
    """Remove what an interrupted copy of ours left in `folder`; return what it was. Files of others stay.

    `stems` says what is ours, by code and direction (`package_names.stem`): into the same folder another branch may
    be writing just now.
    """
    port = port or FilePort()
    removed = []
    for path in sorted(folder.glob("*" + ASIDE)) if folder.is_dir() else []:
        if stem(path.name.removesuffix(ASIDE)) in stems:
            settle(path.with_name(path.name.removesuffix(ASIDE)))
    for path in sorted(folder.glob("*" + PARTIAL)) if folder.is_dir() else []:
        if stem(path.name.removesuffix(PARTIAL)) in stems:
            _forget(path, port)
            removed.append(path)
    return removed


def _write(source: Path, target: Path, port: FilePort, count: Callable[[int], None]) -> tuple[str, bool]:
    seen = hashlib.sha256()
    with port.open_read(source) as original, port.open_excl(target) as copy:
        while data := original.read(CHUNK):
            port.write(copy, data)
            seen.update(data)
            count(len(data))
        return seen.hexdigest(), port.fsync(copy)


def room_for(size: int) -> int:
    """Return the bytes a file of `size` takes on a medium."""
    return -(-size // _CLUSTER) * _CLUSTER


def read_back(path: Path, port: FilePort, count: Callable[[int], None] = lambda _read: None) -> str:
    """Return the SHA-256 of what the medium holds, not of what memory remembers; `count` is told bytes.

    Raises:
        OSError: what the system says; the file is gone.
    """
    seen = hashlib.sha256()
    with contextlib.closing(_uncached(path, port)) as pieces:
        for data in pieces:
            seen.update(data)
            count(len(data))
    return seen.hexdigest()


def _uncached(path: Path, port: FilePort) -> Generator[bytes]:
    if sys.platform == "win32":
        from desktop.services.sync import usb_windows

        yield from usb_windows.unbuffered(path)
        return
    with port.open_read(path) as file:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # a file system without such advice is read as it comes
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while data := file.read(CHUNK):
            yield data


def _forget(path: Path, port: FilePort) -> None:
    with contextlib.suppress(OSError):  # the stick is gone: the rest is removed at its next visit
        port.remove(path)


def _counter(progress: Progress, total: int, start: int) -> Callable[[int], None]:
    done = start

    def counted(read: int) -> None:
        nonlocal done
        done += read
        progress(done, total)

    return counted


# letting go


def eject(volume: volumes.Volume) -> None:
    """Make the stick safe to pull.

    Raises:
        StorageFailure: E-USB-BUSY, something still uses it; E-USB-EJECT, the system does not let us.
    """
    if sys.platform == "win32":
        from desktop.services.sync import usb_windows

        usb_windows.eject(volume)
        return
    if udisks.let_go(volume.device, volume.label):
        return
    if shutil.which("udisksctl") is None:
        raise StorageFailure("E-USB-EJECT", file=volume.label)
    done = subprocess.run(
        ["udisksctl", "unmount", "--no-user-interaction", "--block-device", volume.device],
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise StorageFailure("E-USB-BUSY", file=volume.label)
    subprocess.run(
        ["udisksctl", "power-off", "--no-user-interaction", "--block-device", volume.device],
        capture_output=True,
        timeout=60,
        check=False,  # a card reader has no power of its own to cut
    )
