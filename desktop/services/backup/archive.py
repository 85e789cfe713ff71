"""The backup file (备份包, .dzbak): a stored ZIP that opens without this program, summed and signed.

vault.json, main.db, att/…, then manifest.json with the SHA-256 of each and manifest.json.sig, an OpenSSH signature
by the store's own key. Everything of people in it is encrypted: main.db by the data key, att/ by age.
"""

import errno
import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from desktop.paths import DATABASE
from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused, StorageFailure
from desktop.services.files import (
    FilePort,
    HashingReader,
    Medium,
    PortWriter,
    TooLong,
    copy_stream,
    partial,
    sha256_of,
    storage_faults,
)
from desktop.services.progress import Progress

if TYPE_CHECKING:
    from desktop.services.security.keys import Identity

ENDING = ".dzbak"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
NAMESPACE = "dzb-backup-v1"

_FORMAT = 1
_TIME = (2020, 1, 1, 0, 0, 0)
_MODE = 0o600 << 16
_UNIX = 3
_MAX_MANIFEST, _MAX_SIGNATURE = 64 << 20, 4096
_MEMBER = re.compile(r"vault\.json|main\.db|att/([0-9a-f]{2})/\1[0-9a-f]{6}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.age")
_RESERVE = 1 << 20  # names, manifest and directory of the archive, generously


@dataclass(frozen=True, slots=True)
class Signed:
    """What the manifest says besides the sums, and who vouches for it."""

    facts: dict[str, Any]
    identity: "Identity"


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup file whose sums and signature are right."""

    made_at_utc: str
    revision: str
    vault_id: str
    signer: bytes  # public signing key; is compared with the database's own once that is open
    members: tuple[Member, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of all its members."""
        return sum(member.size for member in self.members)

    @property
    def attachments(self) -> int:
        """How many contents of attachments are in it."""
        return sum(member.name.startswith("att/") for member in self.members)


def write(
    path: Path, members: Sequence[tuple[str, Path]], signed: Signed, port: FilePort, medium: Medium, progress: Progress
) -> None:
    """Write the archive beside `path`, read it back, and only then give it its name.

    Raises:
        StorageFailure: E-DISK-FULL, E-USB-…; E-USB-VERIFY, what is read back differs.
        Cancelled: `progress`, told bytes written and read of twice all, was asked to stop.
    """
    total = sum(source.stat().st_size for _name, source in members)
    temporary = partial(path)
    need = total + total // 100 + _RESERVE
    told = _summed(progress, 2 * total)
    with storage_faults(path, port, medium, need):
        free = port.free_space(path.parent)
        if free < need:
            raise StorageFailure("E-DISK-FULL", file=path.name, need=need, free=free)
        port.remove(temporary)
        try:
            with port.open_excl(temporary) as file:
                _write(PortWriter(file, port), members, signed, told)
                port.fsync(file)
            port.forget_cached(temporary)
            try:
                examine(temporary, port=port, told=told)
            except StorageFailure as error:
                raise StorageFailure("E-USB-VERIFY", file=path.name) from error
            port.replace(temporary, path)
            port.fsync_dir(path.parent)
        except BaseException:
            port.remove_quietly(temporary)
            raise


def _write(
    target: PortWriter, members: Sequence[tuple[str, Path]], signed: Signed, told: Callable[[int], None]
) -> None:
    from desktop.services.security import sshsig

    listed = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, source in members:
            with source.open("rb") as plain, archive.open(_info(name), "w", force_zip64=True) as member:
                sha256, size = copy_stream(plain, member, told)
            listed.append({"name": name, "sha256": sha256, "size": size})
        manifest = canonical(
            signed.facts | {"fmt": _FORMAT, "members": listed, "signer": signed.identity.public.sign_pub.hex()}
        )
        archive.writestr(_info(MANIFEST), manifest)
        archive.writestr(_info(SIGNATURE), sshsig.sign(signed.identity.signing_key, manifest, NAMESPACE))


def examine(
    file: Path,
    *,
    port: FilePort | None = None,
    take: Callable[[Member, HashingReader], None] | None = None,
    told: Callable[[int], None] | None = None,
) -> BackupFile:
    """Read a backup file through and check every sum and the signature, in pieces.

    `take` gets each member as a stream, to be read to its end; its sum is compared afterwards.

    Raises:
        StorageFailure: E-DB-DAMAGED, it is cut, changed or no backup file.
        Whatever `take` raises.
    """
    port = port or FilePort()
    with _archive(file, port) as archive:
        found = _manifest(archive)
        for member in found.members:
            with archive.open(member.name) as plain:
                reader = HashingReader(plain, member.size, told)
                if take is not None:
                    take(member, reader)
                sha256, size = (reader.sha256, reader.size) if take is not None else sha256_of(reader)
            if (sha256, size) != (member.sha256, member.size):
                raise _Damage(member.name)
        return found


def read_member(file: Path, name: str, limit: int, port: FilePort | None = None) -> bytes:
    """Return a small member of an archive that names it with the right sum.

    Raises:
        StorageFailure: E-DB-DAMAGED.
    """
    port = port or FilePort()
    with _archive(file, port) as archive:
        for member in _manifest(archive).members:
            if member.name == name:
                with archive.open(name) as plain:
                    data = plain.read(limit + 1)
                if len(data) == member.size and hashlib.sha256(data).hexdigest() == member.sha256:
                    return data
    raise StorageFailure("E-DB-DAMAGED", file=file.name, reason=name)


class _Damage(Exception):
    """The archive is not what its manifest says."""


@contextmanager
def _archive(file: Path, port: FilePort) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP; whatever is wrong with it is the damage of this file."""
    try:
        with storage_faults(file, port), port.open_read(file) as stream, _zip(stream) as archive:
            yield archive
    except PackageRefused as error:
        raise StorageFailure("E-DB-DAMAGED", file=file.name, reason="签名不符") from error
    except (_Damage, TooLong) as error:
        raise StorageFailure("E-DB-DAMAGED", file=file.name, reason=str(error)) from error


@contextmanager
def _zip(stream: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP and gather under one name the many ways in which `zipfile` stumbles over a broken one."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise _Damage(str(error)) from error
    except OSError as error:
        _raise_if_misled(error)
        raise
    try:
        with archive:
            yield archive
    except (
        zipfile.BadZipFile,
        NotImplementedError,  # a compression or version we never write
        RuntimeError,  # a member with a password
        EOFError,
        zlib.error,
    ) as error:
        raise _Damage(str(error)) from error
    except OSError as error:
        _raise_if_misled(error)
        raise


def _raise_if_misled(error: OSError) -> None:
    """Tell a broken directory, which sends `zipfile` to a place before the start, from a broken disk."""
    if error.errno == errno.EINVAL:
        raise _Damage(str(error)) from error


def _manifest(archive: zipfile.ZipFile) -> BackupFile:
    """Return the manifest after checking its signature, its shape, and that the archive holds just what it lists."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from desktop.services.security import sshsig

    infos = archive.infolist()
    names = [info.filename for info in infos]
    if names[-2:] != [MANIFEST, SIGNATURE] or any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise _Damage("members")
    if infos[-2].file_size > _MAX_MANIFEST or infos[-1].file_size > _MAX_SIGNATURE:
        raise _Damage("size")
    text, signature = archive.read(MANIFEST), archive.read(SIGNATURE)
    try:
        value = json.loads(text)
        if value["fmt"] != _FORMAT or value["kind"] != "backup":
            raise _Damage("format")
        signer = bytes.fromhex(value["signer"])
        sshsig.verify(Ed25519PublicKey.from_public_bytes(signer), text, signature, NAMESPACE)
        members = tuple(Member(str(each["name"]), int(each["size"]), str(each["sha256"])) for each in value["members"])
        found = BackupFile(str(value["made_at_utc"]), str(value["revision"]), str(value["vault_id"]), signer, members)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _Damage("manifest") from error
    if [member.name for member in members] != names[:-2] or names[:2] != ["vault.json", DATABASE]:
        raise _Damage("members")
    if len(set(names)) != len(names) or not all(_MEMBER.fullmatch(member.name) for member in members):
        raise _Damage("names")
    return found


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.external_attr, info.create_system = _MODE, _UNIX
    return info


def _summed(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    return told
