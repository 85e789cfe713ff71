"""The folders packages pass through: outbox, inbox, quarantine. Files only; what they are, the database knows.

A file that is not whole, or not noted yet, is called `….part`; renaming it is the last step.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

from desktop.services import volumes
from desktop.services.errors import NotFound, PackageRefused
from desktop.services.files import FilePort, Medium, PortWriter, copy_stream, storage_faults
from desktop.services.progress import Progress
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_header

_PART = ".part"
_PACKAGES = "*.dzp"
_HASH = re.compile(r"[0-9a-f]{64}")
_KEPT_AT_BRANCH = 50


class Boxes:
    """The three folders of the store that lies in `folder`."""

    def __init__(self, folder: Path, port: FilePort) -> None:
        self.outbox, self.inbox, self._quarantine = folder / "outbox", folder / "inbox", folder / "quarantine"
        self._port = port

    # out

    def new_part(self) -> Path:
        """Return where the next package of ours can be written, before it has a name.

        Raises:
            StorageFailure: the outbox cannot be made.
        """
        with storage_faults(self.outbox, self._port):
            self._port.make_folder(self.outbox)
        return self.outbox / f"{uuid.uuid4()}{_PART}"

    def name_part(self, part: Path, name: str) -> Path:
        """Give a package that is written and noted its name; return its path.

        Raises:
            StorageFailure: the disk refuses; `finish_outbox` does it later.
        """
        path = self.outbox / name
        with storage_faults(path, self._port):
            self._port.replace(part, path)
            self._port.fsync_dir(self.outbox)
        return path

    def parts(self) -> list[Path]:
        """Return the packages of ours that have no name yet, left by a crash."""
        return sorted(self.outbox.glob("*" + _PART))

    def finish_outbox(self, names: Mapping[str, str]) -> None:
        """Give a package its name if it was noted before the crash (`names` by package hash); delete it if not.

        Raises:
            StorageFailure: the disk refuses.
        """
        for path in self.parts():
            name = names.get(_hash_of(path))
            with storage_faults(path, self._port):
                if name is not None:
                    self._port.replace(path, path.with_name(name))
                else:
                    self._port.remove(path)

    def sweep_outbox(self, names: Iterable[str]) -> None:
        """Delete the packages called `names`: nobody needs to copy them any more.

        Raises:
            StorageFailure: the disk refuses.
        """
        for name in names:
            path = self.outbox / name
            if path.is_file():
                with storage_faults(path, self._port):
                    self._port.remove(path)

    # in

    def bring_in(self, file: Path, progress: Progress) -> tuple[Path, str]:
        """Copy `file` into the inbox before anything of it is looked at.

        Return the copy, which has no name yet, and the SHA-256 (hex) of it.

        Raises:
            PackageRefused: E-PKG-FORMAT; no package is that large.
            StorageFailure: stick or disk cannot be read or written; nothing is left of the copy.
            Cancelled: `progress` was asked to stop.
        """
        private = self.inbox / f"{uuid.uuid4()}{_PART}"
        medium = Medium.STICK if volumes.holding(file, volumes.sticks()) is not None else Medium.DISK
        with storage_faults(file, self._port, medium):
            size = file.stat().st_size
            source = self._port.open_read(file)
        if size > fmt.MAX_FILE_BYTES:
            source.close()
            raise PackageRefused("E-PKG-FORMAT")
        done = 0

        def count(read: int) -> None:
            nonlocal done
            done += read
            progress(done, size)

        with source, storage_faults(file, self._port, medium, size):
            self._port.make_folder(self.inbox)
            try:
                with self._port.open_excl(private) as copy:
                    sha256, _size = copy_stream(source, PortWriter(copy, self._port), count)
            except BaseException:
                self._port.remove(private)
                raise
        return private, sha256

    def drop(self, private: Path) -> None:
        """Delete a copy that `bring_in` made, if it still has no name."""
        with storage_faults(private, self._port):
            self._port.remove(private)

    def clear_inbox(self) -> None:
        """Delete the copies that a crash left without a name.

        Raises:
            StorageFailure: the disk refuses.
        """
        for path in sorted(self.inbox.glob("*" + _PART + "*")):
            self.drop(path)

    def keep(self, private: Path, name: str, limited: bool) -> None:
        """Keep an accepted package in the inbox; of these, if `limited`, the last fifty are enough.

        Raises:
            StorageFailure: the disk refuses.
        """
        with storage_faults(self.inbox, self._port):
            if not (self.inbox / name).exists():
                self._port.replace(private, self.inbox / name)
            if limited:
                # Of one moment by their names, which count the packages: the disk tells them in any order.
                newest_first = sorted(
                    self.inbox.glob(_PACKAGES), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True
                )
                for path in newest_first[_KEPT_AT_BRANCH:]:
                    self._port.remove(path)

    # held back

    def hold(self, private: Path, package_hash: str) -> None:
        """Put a package into quarantine, until somebody decides or the program is newer.

        Raises:
            StorageFailure: the disk refuses.
        """
        target = self._held_path(package_hash)
        with storage_faults(target, self._port):
            self._port.make_folder(target.parent)
            self._port.replace(private, target)

    def holds(self, package_hash: str) -> bool:
        """Whether the package waits in quarantine."""
        return self._held_path(package_hash).is_file()

    def held(self, package_hash: str) -> Path:
        """Return where the package waits.

        Raises:
            NotFound: no such package waits.
        """
        if not _HASH.fullmatch(package_hash) or not self.holds(package_hash):
            raise NotFound(what="隔离的数据包", name=package_hash[:8])
        return self._held_path(package_hash)

    def release(self, package_hash: str) -> None:
        """Delete the package from quarantine, if it is there.

        Raises:
            StorageFailure: the disk refuses.
        """
        path = self._held_path(package_hash)
        with storage_faults(path, self._port):
            self._port.remove(path)

    def _held_path(self, package_hash: str) -> Path:
        return self._quarantine / f"{package_hash}.dzp"


def _hash_of(path: Path) -> str:
    from desktop.services.sync.package_reader import peek  # brings cryptography, for the rare start after a crash

    try:
        return package_header.package_hash(peek(path)[1])
    except (PackageRefused, OSError):
        return ""
