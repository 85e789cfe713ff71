"""Is an archive what its branch built? (核对) The signature, the set of files and every hash, fault by fault."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from desktop.models.vocabulary.labels import Labelled
from desktop.services.archive.guide import NAMESPACE
from desktop.services.archive.manifest import LONGEST, MANIFEST, SCHEMA, SIGNATURE
from desktop.services.errors import NotFound, PackageRefused
from desktop.services.files import FilePort, refuse_file, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.signed_folder import Difference, Problem, differences, small_file

OURS = (MANIFEST, SIGNATURE)


class Fault(Labelled):
    """What can be wrong with an archive; its code, and the sentence about the file."""

    NO_MANIFEST = "no-manifest", "没有校验清单，或它不是检查档案的校验清单，无法核对"
    NO_SIGNATURE = "no-signature", "没有签名文件，无法知道校验清单是谁写的、有没有被改过"
    BAD_SIGNATURE = "bad-signature", "签名与校验清单对不上：清单在生成之后被改过，或者签名不是这份清单的"
    MISSING = "missing", "校验清单里有，文件夹里没有"
    CHANGED = "changed", "内容在生成之后被改过，或者没有拷贝完整"
    FOREIGN = "foreign", "校验清单里没有，不属于这份档案"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: code and name as the signed manifest says them, the fingerprint of the key that signed."""

    code: str
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `signer` is None where no true signature covers the manifest."""

    signer: Signer | None
    problems: tuple[Problem[Fault], ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.problems


def verify(folder: Path, progress: Progress = silent) -> Verdict:
    """Check the archive in `folder`; tells (files read, all). It is only read.

    Raises:
        NotFound: there is no such folder.
        StorageFailure: it is a file, or a file cannot be read.
        Cancelled: by `progress`.
    """
    refuse_file(folder)
    if not folder.is_dir():
        raise NotFound(what="档案文件夹", file=str(folder))
    with storage_faults(folder, FilePort()):
        text = small_file(folder / MANIFEST, LONGEST)
        content = _content(text)
        if text is None or content is None:
            return Verdict(None, (Problem(Fault.NO_MANIFEST, MANIFEST),))
        signer, fault = _signer(text, small_file(folder / SIGNATURE, LONGEST), content)
        problems = [Problem(fault, SIGNATURE if fault is Fault.NO_SIGNATURE else MANIFEST)] if fault else []
        for what, file in differences(folder, _sums(content), OURS, progress):
            problems.append(Problem(Fault[what.name], file))
        return Verdict(signer, tuple(problems))


def is_archive(folder: Path) -> bool:
    """Tell whether a folder holds an archive of ours."""
    try:
        return _content(small_file(folder / MANIFEST, LONGEST)) is not None
    except OSError:
        return False


def holds_more(folder: Path, branch_id: str, year: int) -> bool:
    """Tell whether an archive of ours holds what building it anew would not bring back.

    That is another branch or year, a file somebody put there, and a volume somebody wrote in.

    Raises:
        StorageFailure: a file cannot be read.
    """
    with storage_faults(folder, FilePort()):
        content = _content(small_file(folder / MANIFEST, LONGEST))
        if content is None:
            return False
        branch = content.get("branch")
        if not isinstance(branch, dict) or branch.get("id") != branch_id or content.get("year") != year:
            return True
        return any(what is not Difference.MISSING for what, _ in differences(folder, _sums(content), OURS))


def _content(text: bytes | None) -> Mapping[str, object] | None:
    """Return what a manifest of ours says; None for anything else."""
    try:
        content = json.loads(text or b"")
        _sums(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("schema") == SCHEMA else None


def _sums(content: Mapping[str, object]) -> dict[str, str]:
    """Return the SHA-256 of every file by its name; ValueError, KeyError, TypeError where there are none.

    The archives of 0.1 have no guide.
    """
    volumes, guide = content["volumes"], content.get("guide", [])
    if not isinstance(volumes, list) or not isinstance(guide, list):
        raise TypeError(volumes)
    sums = {str(each["file"]): str(each["sha256"]) for each in (*volumes, *guide)}
    if any(len(PurePosixPath(file).parts) != 1 or file in ("..", MANIFEST, SIGNATURE) for file in sums):
        raise ValueError("a file outside the folder")
    return sums


def _signer(text: bytes, signature: bytes | None, content: Mapping[str, object]) -> tuple[Signer | None, Fault | None]:
    """Return who signed the manifest, or what is wrong with the signature."""
    from desktop.services.security import sshsig  # cryptography: only where something is checked

    if signature is None:
        return None, Fault.NO_SIGNATURE
    try:
        key = sshsig.signing_key(signature)
        sshsig.verify(key, text, signature, NAMESPACE)
    except PackageRefused:
        return None, Fault.BAD_SIGNATURE
    named = content.get("signer") or content.get("branch")
    told = named if isinstance(named, dict) else {}
    fingerprint = _fingerprint(sshsig.public_bytes(key), str(told.get("recipient", "")))
    return Signer(str(told.get("code", "")), str(told.get("name", "")), fingerprint), None


def _fingerprint(sign_pub: bytes, recipient: str) -> str:
    """Return the digits that are compared by telephone; of an archive that names one key only, the SHA-256 of it."""
    from desktop.services.security.keys import PublicKeys

    try:
        return PublicKeys(sign_pub, recipient).fingerprint
    except PackageRefused:
        return f"SHA256:{hashlib.sha256(sign_pub).hexdigest()}"
