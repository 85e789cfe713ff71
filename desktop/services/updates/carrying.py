"""Headquarters carries a new version to the branches: verified once, then put on sticks beside the feedback."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.branch_overview import programs_told
from desktop.services.errors import AppError, NotFound, StorageFailure
from desktop.services.files import FilePort, Medium, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.releases import SIGNATURE, SUMS, ReleaseFault, signed_sums, verify_release
from desktop.services.signed_folder import Problem
from desktop.services.sync import usb
from desktop.services.sync.media import note_on_stick
from desktop.services.updates.manifest import is_newer, is_version
from desktop.services.updates.offers import FOLDER, Offer, Standing, UpdateRefused, spotted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.store import Store

    Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Carried:
    """The release that is put on sticks. `behind`: branches with an older program, each (code, version it reported).

    `fault`: why it cannot be carried now, as a sentence.
    """

    folder: Path
    version: str
    behind: tuple[tuple[str, str], ...] = ()
    fault: str = ""


class CarryingService:
    """The new version that headquarters has for its branches."""

    def __init__(self, store: "Store", keys: "Keys | None" = None) -> None:
        self._store, self._keys = store, keys

    def known(self) -> Carried | None:
        """Return the release chosen, its signature checked anew; None before one was chosen."""
        told = self._store.setting(SettingName.RELEASE)
        if not told:
            return None
        folder = Path(told)
        try:
            offer = self._described(folder)
        except AppError as error:
            reason = str(error.facts.get("reason") or "") or f"“{folder.name}”：文件夹不在了，或读不出来。"
            return Carried(folder, "", fault=reason)
        return Carried(folder, offer.version, self._behind(offer.version))

    def choose(self, folder: Path, progress: Progress = silent) -> Carried:
        """Verify the release in `folder` whole, and keep it as the one to carry; `progress` is told files.

        Raises:
            NotAllowed: who works here does not exchange packages.
            NotFound: no release lies there.
            UpdateRefused: E-UPD-SIGN, it is not signed by our key, or a file of it is changed.
            StorageFailure: it cannot be read.
            Cancelled: by `progress`.
        """
        self._store.rights.require(Act.EXCHANGE)
        offer = self._described(folder)
        verdict = verify_release(offer.folder, progress, keys=self._keys)
        if not verdict.ok:
            raise UpdateRefused("E-UPD-SIGN", file=folder.name, reason=verdict.problems[0].what)
        self._store.set_setting(SettingName.RELEASE, str(offer.folder.absolute()))
        return Carried(offer.folder, offer.version, self._behind(offer.version))

    def put_on(self, root: Path, progress: Progress = silent) -> Path:
        """Put the release chosen on the stick `root`; what is there whole already is not written again.

        `progress` is told bytes. The signed list comes last, so that half a release is none; an older release of ours
        makes room.

        Raises:
            NotAllowed: who works here does not exchange packages.
            NotFound: none was chosen.
            UpdateRefused: E-UPD-SIGN, it no longer holds.
            StorageFailure: E-USB-…, E-DISK-…
            Cancelled: by `progress`.
        """
        self._store.rights.require(Act.EXCHANGE)
        told = self._store.setting(SettingName.RELEASE)
        if not told:
            raise NotFound(what="新版本", file="")
        offer = self._described(Path(told))
        source, port, to = offer.folder, FilePort(), root / FOLDER
        sums = signed_sums(source, keys=self._keys).sums
        if to == source:  # chosen on this very stick
            return to
        own = _sizes(source, sums)
        if not root.is_dir():  # pulled: its name would be made anew on this computer
            raise StorageFailure("E-USB-GONE", file=FOLDER)
        with storage_faults(to, port, Medium.STICK):
            port.make_folder(to)
            self._make_way(to, sums)
            missing = [name for name in sums if not _is_whole(to / name, own[name], sums[name])]
        sizes = {name: own[name] for name in missing}
        total, done = 2 * sum(sizes.values()), 0
        need, free = sum(map(usb.room_for, sizes.values())), port.free_space(to)
        if free < need:
            raise StorageFailure("E-DISK-FULL", file=FOLDER, need=need, free=free)
        for name in missing:
            copied = usb.copy_verified(source / name, to, _counted(progress, done, total))
            if copied.sha256 != sums[name]:
                port.remove_quietly(copied.path)
                raise UpdateRefused("E-UPD-SIGN", file=name, reason=f"“{name}”：内容在发行之后被改过。")
            done += 2 * sizes[name]
        for name in (SIGNATURE, SUMS):
            usb.copy_verified(source / name, to)
        note_on_stick(self._store, Use.TO_STICK, [to / SUMS])
        return to

    def _described(self, folder: Path) -> Offer:
        """Return what a release says of itself, its signature checked.

        Raises:
            NotFound: none lies there.
            UpdateRefused: E-UPD-SIGN.
        """
        offer = spotted(folder, None, keys=self._keys)
        if offer is None:
            raise NotFound(what="新版本", file=str(folder))
        if offer.standing is Standing.FAULTY:
            raise UpdateRefused("E-UPD-SIGN", file=folder.name, reason=offer.problem)
        return offer

    def _make_way(self, to: Path, sums: Mapping[str, str]) -> None:
        """Take away the release of ours that lies there, but for files that are in the new one too."""
        head = signed_sums(to, keys=self._keys)
        port = FilePort()
        port.remove(to / SUMS)
        for name in () if head.problems else head.sums:
            if name not in sums:
                port.remove(to / name)

    def _behind(self, version: str) -> tuple[tuple[str, str], ...]:
        told = programs_told(self._store)
        return tuple((code, program) for code, program in told if is_version(program) and is_newer(version, program))


def _counted(progress: Progress, start: int, total: int) -> Progress:
    """Return who is told of one file of several, and tells of all."""
    return lambda now, _of_this: progress(start + now, total)


def _sizes(source: Path, names: Iterable[str]) -> dict[str, int]:
    """Return how large the files of the release chosen are, before anything on a stick makes room for them.

    Raises:
        UpdateRefused: E-UPD-SIGN, one of them is no longer there.
    """
    sizes = {}
    for name in names:
        with storage_faults(source / name, FilePort()):
            if not (source / name).is_file():
                raise UpdateRefused("E-UPD-SIGN", file=name, reason=Problem(ReleaseFault.MISSING, name).what)
            sizes[name] = (source / name).stat().st_size
    return sizes


def _is_whole(there: Path, size: int, sha256: str) -> bool:
    """Tell whether a file lies there already as it was signed."""
    with contextlib.suppress(OSError):
        if there.stat().st_size == size:
            return usb.read_back(there, FilePort()) == sha256
    return False
