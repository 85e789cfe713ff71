"""The removable disks (U盘、移动硬盘) that are plugged in, found without Qt."""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.services.files import real

MOUNTS = Path("/proc/self/mounts")
BY_LABEL = Path("/dev/disk/by-label")
_MOUNT_PLACES = ("/media/", "/run/media/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A stick that is plugged in. `file_system` in lower case; `device` as the system names it."""

    root: Path
    label: str
    device: str
    file_system: str
    read_only: bool
    free_bytes: int
    total_bytes: int


def sticks() -> list[Volume]:
    """Return the sticks plugged in now, by label. Cheap enough to be asked every two seconds."""
    return sorted(_plugged_in(), key=lambda volume: (volume.label, str(volume.root)))


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of what Linux has mounted. `file_system` in lower case."""

    device: str
    place: Path
    file_system: str
    options: tuple[str, ...]


def mounted(mounts: Path = MOUNTS) -> Iterator[Mount]:
    """Give what is mounted; nothing where there is no such list: that is not Linux."""
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        device, place, file_system, options, *_rest = map(_unescaped, line.split(" "))
        yield Mount(device, Path(place), file_system.lower(), tuple(options.split(",")))


def linux_sticks(
    mounts: Path = MOUNTS,
    block: Path = Path("/sys/class/block"),
    places: tuple[str, ...] = _MOUNT_PLACES,
    by_label: Path = BY_LABEL,
) -> Iterator[Volume]:
    """Give what is mounted where desktops mount sticks and hangs on a removable or USB device."""
    for mount in mounted(mounts):
        if str(mount.place).startswith(places) and _is_removable(mount.device, block):
            label = label_of(mount.device, by_label)
            volume = measured(mount.place, mount.device, mount.file_system, "ro" in mount.options, label)
            if volume is not None:
                yield volume


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def label_of(device: str, by_label: Path = BY_LABEL) -> str:
    """Return what its owner called the file system on a device; "" where the system does not tell.

    The folder it is mounted at bears that name only as long as no other of the same name was there before.
    """
    with contextlib.suppress(OSError):
        real_device = Path(device).resolve()
        for link in sorted(by_label.iterdir()):
            if link.resolve() == real_device:
                return _named(link.name)
    return ""


def _named(link: str) -> str:
    """Read the name of a link as udev writes it: what may not stand in one is `\\x` and two digits for each byte."""
    raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), os.fsencode(link))
    return raw.decode("utf-8", "replace").strip()


def _is_removable(device: str, block: Path) -> bool:
    entry = block / Path(device).name
    try:
        real = entry.resolve(strict=True)
    except OSError:
        return False
    if any(part.startswith("usb") for part in real.parts):
        return True
    for folder in (real, real.parent):  # a partition's disk is the folder above it
        mark = folder / "removable"
        if mark.is_file():
            return mark.read_text("ascii").strip() == "1"
    return False


def measured(root: Path, device: str, file_system: str, read_only: bool, label: str = "") -> Volume | None:
    """Return the volume at `root` with its sizes; None if it was pulled between listing and asking."""
    try:
        usage = shutil.disk_usage(root)
    except OSError:
        return None
    return Volume(
        root=root,
        label=label or root.name,
        device=device,
        file_system=file_system,
        read_only=read_only,
        free_bytes=usage.free,
        total_bytes=usage.total,
    )


def mark_of(volume: Volume, by_id: Path = Path("/dev/disk/by-uuid")) -> str:
    """Return what a stick is told from others by: its label, and the number its file system was given, where known."""
    number = ""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            number = f"{os.stat(volume.root).st_dev & 0xFFFFFFFF:08X}"  # the serial number of the volume
        else:
            device = Path(volume.device).resolve()
            number = next((link.name for link in sorted(by_id.iterdir()) if link.resolve() == device), "")
    return f"{volume.label}（编号 {number}）" if number else volume.label


def holding(path: Path, among: list[Volume]) -> Volume | None:
    """Return which of the volumes `path` lies on, if any."""
    resolved = real(path)
    around = [volume for volume in among if resolved.is_relative_to(real(volume.root))]
    return max(around, key=lambda volume: len(volume.root.parts), default=None)


if sys.platform == "win32":

    def _plugged_in() -> Iterator[Volume]:
        from desktop.services.volumes_windows import drives  # there only

        for drive in drives():
            volume = measured(Path(drive.root), drive.device, drive.file_system, drive.read_only, drive.label)
            if volume is not None:
                yield volume

else:
    _plugged_in = linux_sticks
