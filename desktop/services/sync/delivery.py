"""One run of packages out to a stick or to folders: what counts as written is what is read there at the end.

Folders are made before the first file and never again: one that vanishes on the way took files with it.
"""

import contextlib
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.services import volumes
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, Medium, storage_faults
from desktop.services.progress import Progress
from desktop.services.quoting import readable
from desktop.services.sync import usb
from desktop.services.sync.package_names import stem


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder of the run: the stick it lies on, if it does, and the device of that moment."""

    volume: volumes.Volume | None
    device: int

    @property
    def medium(self) -> Medium:
        return Medium.DISK if self.volume is None else Medium.STICK


class Delivery:
    """Copies of packages to their folders, which are made here, and swept of what former runs left of the same."""

    def __init__(self, files: Sequence[tuple[Path, Path]], port: FilePort) -> None:
        """Make the folders of `files`, each of which comes with the folder it goes to.

        Raises:
            StorageFailure: E-USB-…, E-DISK-…; nothing is written.
        """
        self._port = port
        self._places: dict[Path, _Place] = {}
        self._files = files
        self._copied: list[usb.Copied] = []
        sticks = volumes.sticks()
        ours: dict[Path, set[str]] = defaultdict(set)
        for file, folder in files:
            ours[folder].add(stem(file.name) or file.name)
        for folder, stems in ours.items():
            volume = volumes.holding(folder, sticks)
            if volume is not None and volume.read_only:
                raise StorageFailure("E-USB-RO", file=folder.name)
            with storage_faults(folder, port, Medium.DISK if volume is None else Medium.STICK):
                port.make_folder(folder)
                self._places[folder] = _Place(volume, os.stat(folder).st_dev)
            usb.sweep(folder, stems, port)

    def label(self, folder: Path) -> str:
        """Return what people call the place."""
        volume = self._places[folder].volume
        return readable(volume.label if volume is not None else str(folder))[:80]

    def require_room(self) -> None:
        """See that all files fit before the first is written.

        Raises:
            StorageFailure: E-DISK-FULL, with what is needed and what is free.
        """
        needs: dict[int, int] = defaultdict(int)
        anywhere: dict[int, Path] = {}
        for file, folder in self._files:
            device = self._places[folder].device
            needs[device] += usb.room_for(file.stat().st_size)
            anywhere[device] = folder
        for device, folder in anywhere.items():
            with storage_faults(folder, self._port, self._places[folder].medium):
                free = self._port.free_space(folder)
            if free < needs[device]:
                name = self._files[0][0].name if len(self._files) == 1 else folder.name
                raise StorageFailure("E-DISK-FULL", file=name, need=needs[device], free=free)

    def copy(self, file: Path, folder: Path, progress: Progress) -> usb.Copied:
        """Copy a file and read it back.

        Raises:
            StorageFailure: E-USB-…, E-DISK-…; also where the folder, or the stick it was on, is no longer there.
            Cancelled: `progress` was asked to stop.
        """
        place = self._places[folder]
        with storage_faults(folder, self._port, place.medium):
            if os.stat(folder).st_dev != place.device:  # the stick is gone, an empty folder of its name is left
                raise FileNotFoundError(2, os.strerror(2), str(folder))
        copied = usb.copy_verified(file, folder, progress, self._port, place.volume)
        self._copied.append(copied)
        return copied

    def there(self) -> list[usb.Copied]:
        """Read all that was written once more, and return what is there, whole."""
        return [copied for copied in self._copied if self._is_whole(copied)]

    def _is_whole(self, copied: usb.Copied) -> bool:
        with contextlib.suppress(OSError):
            return usb.read_back(copied.path, self._port) == copied.sha256
        return False
