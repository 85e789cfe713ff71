"""Where an archive is made, and how it comes to where the user wants it: whole, or not at all.

It is made inside the folder of its store, which nobody else can read. What a killed program leaves of one there, or on
the way to a stick, is swept when the store is next opened.
"""

import contextlib
import errno
import itertools
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from desktop.services.errors import StorageFailure
from desktop.services.files import (
    ORDINARY,
    FilePort,
    copy_stream,
    replacing,
    sha256_of,
    storage_faults,
    write_atomically,
)

_MAKING, _ON_ITS_WAY = "archive.part", "archives.on-their-way"


@contextlib.contextmanager
def workshop(store_folder: Path) -> Iterator[Path]:
    """Give an empty folder to make an archive in; afterwards nothing is left of it."""
    making = store_folder / _MAKING
    with storage_faults(making, FilePort()):
        sweep(store_folder)
        making.mkdir()
    try:
        yield making
    finally:
        sweep(store_folder)


def sweep(store_folder: Path) -> None:
    """Take away what an archive that was never finished has left, and give back what it was to replace."""
    shutil.rmtree(store_folder / _MAKING, ignore_errors=True)
    waiting = []
    for target in _on_their_way(store_folder):
        if target.parent.is_dir():
            _put_right(target)
        if not target.parent.is_dir() or _half(target).exists():  # the stick is out: it is swept when it is back
            waiting.append(target)
    with contextlib.suppress(OSError, StorageFailure):
        _note(store_folder, waiting)


def make_room(to: Path) -> None:
    """Make the folder in which `to` will appear. Only at the beginning: one that vanishes meanwhile stays gone.

    Raises:
        StorageFailure: the disk refuses.
    """
    with storage_faults(to, FilePort()):
        to.parent.mkdir(parents=True, exist_ok=True)


def deliver(store_folder: Path, making: Path, to: Path, aside: Path | None = None) -> None:
    """Put a finished archive in the place of what lay at `to`; what was copied to another disk is read there once more.

    What lay at `to` goes, or stays for good under the name `aside`.

    Raises:
        StorageFailure: the disk refuses, or the folder around `to` is gone; what lay there is still there.
    """
    to = to.absolute()
    old = aside or _old(to)
    with storage_faults(to, FilePort()):
        _put_right(to)
        _note(store_folder, [*_on_their_way(store_folder), to])
        try:
            finished = _beside(making, to)
            if to.exists():
                os.replace(to, old)
            os.replace(finished, to)
        except BaseException:
            _put_right(to, old)
            raise
        if making.is_dir() and (absent := _absent(making, to)):
            shutil.rmtree(to, ignore_errors=True)
            _put_right(to, old)
            raise StorageFailure("E-COPY-GONE", file=absent[0])
        if aside is None:
            shutil.rmtree(old, ignore_errors=True)


def beside(to: Path) -> Path:
    """Return a name next to `to` that is free, under which what lies at `to` can stay."""
    names = (f"{to.name}（原来的{'' if number == 1 else number}）" for number in itertools.count(1))
    return next(path for path in map(to.absolute().with_name, names) if not path.exists())


def _absent(making: Path, to: Path) -> list[str]:
    """Return the files of `making` that are not in `to` as they were made, read from the disk there."""
    return [file.name for file in sorted(making.iterdir()) if _sum(file) != _sum(to / file.name)]


def _sum(file: Path) -> str:
    port = FilePort()
    try:
        port.forget_cached(file)
        with port.open_read(file) as source:
            return sha256_of(source)[0]
    except FileNotFoundError:
        return ""


def _beside(making: Path, to: Path) -> Path:
    """Return the archive as it lies on the disk of `to`, under a name nobody looks at."""
    half = _half(to)
    try:
        os.replace(making, half)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(making, half)
    return half


def _put_right(to: Path, moved: Path | None = None) -> None:
    """Take away what lies half done beside `to`; what was moved out of its way goes back if nothing came."""
    moved = moved or _old(to)
    shutil.rmtree(_half(to), ignore_errors=True)
    if to.exists():
        shutil.rmtree(_old(to), ignore_errors=True)
    elif moved.exists():
        with contextlib.suppress(OSError):
            os.replace(moved, to)


def _on_their_way(store_folder: Path) -> list[Path]:
    """Return where archives were going that may not have arrived."""
    try:
        lines = (store_folder / _ON_ITS_WAY).read_text("utf-8", "surrogateescape").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [Path(line) for line in dict.fromkeys(lines) if Path(line).name]


def _note(store_folder: Path, targets: list[Path]) -> None:
    note = store_folder / _ON_ITS_WAY
    if targets:
        write_atomically(
            note, "\n".join(dict.fromkeys(map(str, targets))).encode("utf-8", "surrogateescape"), FilePort()
        )
    else:
        note.unlink(missing_ok=True)


def _copy(making: Path, half: Path) -> None:
    """Copy an archive to another disk, safely on it before it gets its name; until it is whole, the user's alone."""
    port = FilePort(mode=ORDINARY)
    try:
        half.mkdir(mode=0o700)
        for file in sorted(making.iterdir()):
            with file.open("rb") as source, replacing(half / file.name, port, need=file.stat().st_size) as target:
                copy_stream(source, target)
        half.chmod(stat.S_IMODE(making.stat().st_mode))
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def _half(to: Path) -> Path:
    return to.with_name(f".{to.name}.part")


def _old(to: Path) -> Path:
    return to.with_name(f".{to.name}.old")
