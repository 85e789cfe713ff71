"""Disks of a test's own: full to the last byte, or mounted to be read only."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
needs_mount = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a disk of its own"
)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int = 24) -> Iterator[Path]:
    """Yield a disk of so many megabytes, mounted at `place`."""
    place.mkdir()
    options = f"size={megabytes}m,mode=700"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("may not mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte free on `disk`; return the file that takes the room."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\xff" * size):
                    pass
    assert os.statvfs(disk).f_bavail == 0
    return filler


def make_read_only(disk: Path) -> None:
    """Let `disk` be read only from now on."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
