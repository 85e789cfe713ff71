"""Is there a new version of the program on a stick, and may it be installed here? Nothing is copied for the answer.

Only the signed list and the description that it covers are read; the file to install is summed when it is copied.
"""

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.models.vocabulary.labels import Labelled
from desktop.services.errors import AppError
from desktop.services.files import FilePort, storage_faults
from desktop.services.releases import LONGEST, SUMS, signed_sums
from desktop.services.signed_folder import small_file
from desktop.services.updates.manifest import MANIFEST, Form, Manifest, News, ReleaseFile, is_newer, read_manifest
from desktop.services.updates.program import Program
from desktop.services.volumes import Volume

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FOLDER = "支部工作台更新"
"""Where a release lies on a stick."""


class Standing(Labelled):
    """What a release on a stick is to the program in use."""

    NEWER = "newer", "可以更新"
    SAME = "same", "和现在用的是同一版"
    OLDER = "older", "比现在用的旧"
    OTHER = "other", "没有这台电脑能用的文件"
    FAULTY = "faulty", "没有通过核对"


class UpdateRefused(AppError):
    """The program is not updated (E-UPD-…); what is in use stays as it is."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A release that lies in `folder`. `file`: what is installed from, if it is for this computer; `news` since `own`.

    `problem`: what is wrong with it, as a sentence. `sha256`: of the file, as it was signed. `portable`: the name of
    the form of it that is only unpacked, for who may install nothing.
    """

    folder: Path
    own: str
    version: str
    standing: Standing
    signer: str | None = None
    news: tuple[News, ...] = ()
    file: ReleaseFile | None = None
    sha256: str = ""
    problem: str = ""
    portable: str = ""

    def require(self) -> ReleaseFile:
        """Return the file to install from.

        Raises:
            UpdateRefused: this release is not to be installed here.
        """
        code = _CODES.get(self.standing)
        if code is not None or self.file is None:
            facts = {"file": self.folder.name, "version": self.version, "own": self.own, "reason": self.problem}
            raise UpdateRefused(code or "E-UPD-OTHER", **facts)
        return self.file


_CODES = {
    Standing.SAME: "E-UPD-OLD",
    Standing.OLDER: "E-UPD-OLD",
    Standing.OTHER: "E-UPD-OTHER",
    Standing.FAULTY: "E-UPD-SIGN",
}


def release_in(root: Path) -> Path | None:
    """Return where a release lies on a stick or in a folder: in `FOLDER`, or there itself; None where none does."""
    return next((each for each in (root / FOLDER, root) if (each / SUMS).is_file()), None)


def spotted(
    root: Path, program: Program | None, *, keys: "Mapping[str, Ed25519PublicKey] | None" = None
) -> Offer | None:
    """Return what lies on the stick `root` for the program in use (None: it runs from a clone); None where nothing.

    Raises:
        StorageFailure: it cannot be read.
    """
    folder = release_in(root)
    if folder is None:
        return None
    own = __version__ if program is None else program.version
    head = signed_sums(folder, keys=keys)
    faulty = next((problem.what for problem in head.problems), "")
    if faulty:
        return Offer(folder=folder, own=own, version="", standing=Standing.FAULTY, problem=faulty)
    manifest = _manifest(folder, head.sums)
    if manifest is None:
        problem = f"“{MANIFEST}”：没有、被改过，或不是本程序认得的说明。"
        return Offer(folder=folder, own=own, version="", standing=Standing.FAULTY, signer=head.signer, problem=problem)
    file = None if program is None else manifest.file_for(program.form)
    if file is not None and file.name not in head.sums:
        file = None
    unpacked = manifest.file_for(Form.FOLDER)
    installed = program is not None and program.form is Form.DEB
    return Offer(
        folder=folder,
        own=own,
        version=manifest.version,
        standing=_standing(manifest.version, own, program is None or file is not None),
        signer=head.signer,
        news=manifest.news_since(own),
        file=file,
        sha256=head.sums[file.name] if file is not None else "",
        portable=unpacked.name if installed and unpacked is not None and unpacked.name in head.sums else "",
    )


def found_on(sticks: Sequence[Volume], program: Program | None) -> Offer | None:
    """Return what is worth saying of the sticks that are plugged in: none of it where the version is no newer.

    A stick that cannot be read says nothing here; whoever reads packages from it is told why.
    """
    for stick in sticks:
        with contextlib.suppress(AppError, OSError):
            offer = spotted(stick.root, program)
            if offer is not None and offer.standing not in (Standing.SAME, Standing.OLDER):
                return offer
    return None


def _standing(version: str, own: str, fits: bool) -> Standing:
    if not is_newer(version, own):
        return Standing.OLDER if is_newer(own, version) else Standing.SAME
    return Standing.NEWER if fits else Standing.OTHER


def _manifest(folder: Path, sums: Mapping[str, str]) -> Manifest | None:
    with storage_faults(folder / MANIFEST, FilePort()):
        data = small_file(folder / MANIFEST, LONGEST)
    if data is None or sums.get(MANIFEST) != hashlib.sha256(data).hexdigest():
        return None
    return read_manifest(data)
