"""Did a program that came on a stick come from those who make it? Sums of its files, signed by the key of the releases.

A release is a folder of installers beside `SHA256SUMS`, which `sha256sum -c` reads too, and its signature, which
`ssh-keygen -Y verify` checks. The public keys ship with the program, so that a new version is judged by the one in use.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.labels import Labelled
from desktop.paths import resource
from desktop.services.errors import NotFound, PackageRefused
from desktop.services.files import FilePort, open_ordinary, refuse_file, sha256_of, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.signed_folder import Problem, differences, small_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
NAMESPACE = "branch-desk-release-v1"
KEYS = "security/release_keys"
LONGEST = 1 << 20
_SUM = re.compile(r"([0-9a-f]{64}) [ *]([^/\\\\\x00-\x1f]+)")
_KEY = re.compile(r"(?m)^[^#\s]\S* (?:\S+ )?ssh-ed25519 ([A-Za-z0-9+/=]+)")


class ReleaseFault(Labelled):
    """What can be wrong with a release; its code, and the sentence about the file."""

    NO_SUMS = "no-sums", "没有校验清单，或它不是发行文件的校验清单，无法核对"
    NO_SIGNATURE = "no-signature", "没有签名文件，无法知道这些文件是谁发行的"
    BAD_SIGNATURE = "bad-signature", "签名与校验清单对不上：清单在签名之后被改过，或者签名不是这份清单的"
    STRANGER = "stranger", "是别人签的，不是本程序发行方的钥匙"
    MISSING = "missing", "校验清单里有，文件夹里没有"
    CHANGED = "changed", "内容在发行之后被改过，或者没有拷贝完整"
    FOREIGN = "foreign", "校验清单里没有，不属于这次发行"


@dataclass(frozen=True, slots=True)
class ReleaseVerdict:
    """What a check found. `signer`: the fingerprint of our key that signed, None if none did. `files`: of the list."""

    signer: str | None
    files: tuple[str, ...]
    problems: tuple[Problem[ReleaseFault], ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong: all files may be used."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class SignedSums:
    """The SHA-256 of every file of a release by its name, whose key signed the list, and what is wrong with it."""

    signer: str | None
    sums: Mapping[str, str]
    problems: tuple[Problem[ReleaseFault], ...]


def verify_release(
    folder: Path, progress: Progress = silent, *, keys: "Mapping[str, Ed25519PublicKey] | None" = None
) -> ReleaseVerdict:
    """Check the release in `folder`; tells (files read, all). It is only read.

    keys: by fingerprint, whose signature counts; by default those that came with the program.

    Raises:
        NotFound: there is no such folder.
        StorageFailure: it is a file, or a file cannot be read.
        Cancelled: by `progress`.
    """
    head = signed_sums(folder, keys=keys)
    with storage_faults(folder, FilePort()):
        problems = list(head.problems)
        if head.sums:
            for what, file in differences(folder, head.sums, (SUMS, SIGNATURE), progress):
                problems.append(Problem(ReleaseFault[what.name], file))
    return ReleaseVerdict(head.signer, tuple(head.sums), tuple(problems))


def signed_sums(folder: Path, *, keys: "Mapping[str, Ed25519PublicKey] | None" = None) -> SignedSums:
    """Return the sums of the release in `folder` and who signed them, without reading the files they are of.

    Raises:
        NotFound: there is no such folder.
        StorageFailure: it is a file, or the list cannot be read.
    """
    refuse_file(folder)
    if not folder.is_dir():
        raise NotFound(what="发行文件夹", file=str(folder))
    with storage_faults(folder, FilePort()):
        text = small_file(folder / SUMS, LONGEST)
        sums = read_sums(text or b"")
        if text is None or not sums:
            return SignedSums(None, {}, (Problem(ReleaseFault.NO_SUMS, SUMS),))
        signer, fault = _signer(text, small_file(folder / SIGNATURE, LONGEST), release_keys() if keys is None else keys)
        return SignedSums(signer, sums, (Problem(fault, SIGNATURE),) if fault else ())


def read_sums(text: bytes) -> dict[str, str]:
    """Return the SHA-256 of every file by its name, from lines as `sha256sum` writes them; none where one is not so."""
    sums: dict[str, str] = {}
    try:
        lines = text.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return {}
    for line in lines:
        match = _SUM.fullmatch(line)
        if match is None or match[2] in (".", "..", SUMS, SIGNATURE) or match[2] in sums:
            return {}
        sums[match[2]] = match[1]
    return sums


def written_sums(folder: Path) -> bytes:
    """Return the lines of `SHA256SUMS` for all files of `folder`."""
    lines = []
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name not in (SUMS, SIGNATURE):
            with open_ordinary(file) as stream:
                lines.append(f"{sha256_of(stream)[0]}  {file.name}\n")
    return "".join(lines).encode("utf-8")


def release_keys(text: str | None = None) -> "dict[str, Ed25519PublicKey]":
    """Return the keys whose releases are ours, by fingerprint, from the lines of an allowed-signers file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # only where something is checked

    lines = resource(KEYS).read_text("utf-8") if text is None else text
    keys = [Ed25519PublicKey.from_public_bytes(base64.b64decode(word)[-32:]) for word in _KEY.findall(lines)]
    return {fingerprint(key): key for key in keys}


def fingerprint(key: "Ed25519PublicKey") -> str:
    """Return what `ssh-keygen -l` shows of a key."""
    from desktop.services.security.sshsig import openssh_public_key

    blob = base64.b64decode(openssh_public_key(key).split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def _signer(
    text: bytes, signature: bytes | None, keys: "Mapping[str, Ed25519PublicKey]"
) -> tuple[str | None, ReleaseFault | None]:
    """Return the fingerprint of the key of ours that signed, or what is wrong with the signature."""
    from desktop.services.security import sshsig

    if signature is None:
        return None, ReleaseFault.NO_SIGNATURE
    try:
        key = sshsig.signing_key(signature)
        sshsig.verify(key, text, signature, NAMESPACE)
    except PackageRefused:
        return None, ReleaseFault.BAD_SIGNATURE
    digits = fingerprint(key)
    return (digits, None) if digits in keys else (None, ReleaseFault.STRANGER)
