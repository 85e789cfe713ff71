"""Writing packages and key files: one pass, constant memory, nothing of it readable on the disk.

The body is drawn, not pushed: `pyrage` asks for the next bytes of the tar stream, which asks the attachment for its
next bytes; what is hashed and written meanwhile lets the next attachment be decrypted.
"""

import contextlib
import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused, StorageFailure
from desktop.services.files import FilePort, Readable, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.security import agefile, sshsig
from desktop.services.security.agefile import Recipient
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_header, package_json, package_wrapper
from desktop.services.sync.package_header import BodyDigest, Header
from desktop.services.sync.package_manifest import Manifest, Member
from desktop.services.sync.package_wrapper import Entry
from desktop.services.sync.sense import called

_PIECE = 1 << 19
_FORCE_EVERY = 64 * fmt.MIB
"""Bytes after which they are forced to the disk, so that the end does not wait for all of them at once."""


@dataclass(frozen=True, slots=True)
class Blob:
    """An attachment to be sent: SHA-256 (hex) and size in bytes of its content, and how to read that."""

    sha256: str
    size: int
    opener: Callable[[], AbstractContextManager[Readable]]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the signed header bytes, the package hash (hex), and sizes in bytes."""

    header: bytes
    package_hash: str
    file_size: int
    records_size: int
    counts: Mapping[str, int]


def write_package(
    path: Path,
    header: Header,
    extras: Mapping[str, object],
    records: Iterable[tuple[str, Mapping[str, object]]],
    blobs: Sequence[Blob],
    recipients: Sequence[Recipient],
    signing_key: Ed25519PrivateKey,
    progress: Progress = silent,
    port: FilePort | None = None,
) -> Written:
    """Write a package to `path`, which must not exist, and force it to the disk; nothing is left after an error.

    `header.body` is filled in here. `extras`: those of `package_format.EXTRAS` the sender wants to say. `records`:
    (table, row) with values JSON knows, tables in foreign-key order. `progress` is told bytes of the body.

    Raises:
        PackageRefused: E-PKG-CONTENT; a record or the whole is beyond a limit of the format.
        StorageFailure: E-DISK-…; or an attachment no longer is what its hash says (E-ATT-DAMAGED).
        Cancelled: `progress` was asked to stop.
    """
    packed = _PackedRecords.of(records)
    members = (packed.member, *(Member(fmt.BLOB_PREFIX + blob.sha256, blob.size, blob.sha256) for blob in blobs))
    manifest = Manifest(members, packed.counts, packed.raw_size, extras).encode(header)
    body_size = package_wrapper.total_size((len(manifest), *(member.size for member in members)))
    _check_limits(manifest, members, body_size)

    def write(file: BinaryIO, port: FilePort) -> tuple[bytes, int]:
        with contextlib.closing(_tar(manifest, packed, blobs)) as pieces:  # a content half read is closed at once
            entry, sha256 = _write_body(file, port, _Drawn(pieces, body_size, progress), recipients)
        signed = replace(header, body=BodyDigest(entry.size, sha256)).encode()
        return signed, _finish(file, port, [entry], signed, sshsig.PACKAGE_NAMESPACE, signing_key)

    signed, size = _whole_file(path, port or FilePort(), body_size, write)
    return Written(signed, package_header.package_hash(signed), size, packed.raw_size, packed.counts)


def write_key_file(path: Path, header: Header, signing_key: Ed25519PrivateKey, port: FilePort | None = None) -> Written:
    """Write a key file (.dzk): header with `data`, and signature, in the same wrapper without a body.

    Raises:
        StorageFailure: E-DISK-….
    """
    signed = header.encode()

    def write(file: BinaryIO, port: FilePort) -> tuple[bytes, int]:
        return signed, _finish(file, port, [], signed, sshsig.KEY_FILE_NAMESPACE, signing_key)

    _, size = _whole_file(path, port or FilePort(), len(signed), write)
    return Written(signed, package_header.package_hash(signed), size, 0, {})


def split_blobs(blobs: Iterable[Blob], room: int = fmt.MAX_FILE_BYTES - 128 * fmt.MIB) -> list[list[Blob]]:
    """Share `blobs` among as few packages as keep their order; `room` is what attachments may take in one (bytes).

    There is always at least one package, if only for the records.
    """
    parts: list[list[Blob]] = [[]]
    used = 0
    for blob in blobs:
        need = package_wrapper.total_size([blob.size])
        if parts[-1] and (used + need > room or len(parts[-1]) + 2 >= fmt.MAX_MEMBERS):
            parts.append([])
            used = 0
        parts[-1].append(blob)
        used += need
    return parts


def _check_limits(manifest: bytes, members: Sequence[Member], body_size: int) -> None:
    # age adds 16 bytes to every 64 KiB; the header, the signature and the wrapper stay far below the megabyte.
    file_size = body_size + body_size // 4096 + fmt.MIB
    if file_size > fmt.MAX_FILE_BYTES or len(members) >= fmt.MAX_MEMBERS or len(manifest) > fmt.MAX_MANIFEST_BYTES:
        raise PackageRefused("E-PKG-CONTENT", line=0, reason="数据包超过1.9 GiB或2万个附件的上限")
    if any(member.size > fmt.MAX_BLOB_BYTES for member in members[1:]):
        raise PackageRefused("E-PKG-CONTENT", line=0, reason="单个附件超过200 MiB上限")


def _whole_file(
    path: Path, port: FilePort, need: int, write: Callable[[BinaryIO, FilePort], tuple[bytes, int]]
) -> tuple[bytes, int]:
    """Create `path`, let `write` fill it, force it to the disk; remove it on any error."""
    with storage_faults(path, port, need=need):
        file = port.open_excl(path)
        try:
            with file:
                result = write(file, port)
                port.fsync(file)
            port.fsync_dir(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                port.remove(path)
            raise
    return result


def _write_body(file: BinaryIO, port: FilePort, source: Readable, recipients: Sequence[Recipient]) -> tuple[Entry, str]:
    """Encrypt `source` as the first member; return its entry and SHA-256 (hex)."""
    port.write(file, Entry(fmt.BODY, 0, 0).local_header())
    with _Body(file, port) as body:
        agefile.encrypt(source, body, recipients)
    entry = Entry(fmt.BODY, body.crc, body.size)
    file.seek(0)
    port.write(file, entry.local_header())
    file.seek(0, 2)
    return entry, body.sum.hexdigest()


def _finish(
    file: BinaryIO, port: FilePort, entries: list[Entry], header: bytes, namespace: str, key: Ed25519PrivateKey
) -> int:
    """Write header, signature and directory; return the size of the file."""
    for name, data in ((fmt.HEADER, header), (fmt.SIGNATURE, sshsig.sign(key, header, namespace))):
        entry = Entry(name, zlib.crc32(data), len(data))
        entries.append(entry)
        port.write(file, entry.local_header() + data)
    port.write(file, package_wrapper.directory(entries))
    return file.tell()


def _tar(manifest: bytes, packed: "_PackedRecords", blobs: Sequence[Blob]) -> Generator[bytes]:
    """Give the plaintext of the body in pieces."""
    total = 0
    for name, parts, size in ((fmt.MANIFEST, [manifest], len(manifest)), (fmt.RECORDS, packed.parts, packed.size)):
        yield tar_header(name, size)
        yield from parts
        yield bytes(-size % 512)
        total += 512 + size + -size % 512
    for blob in blobs:
        yield tar_header(fmt.BLOB_PREFIX + blob.sha256, blob.size)
        yield from _content(blob)
        yield bytes(-blob.size % 512)
        total += 512 + blob.size + -blob.size % 512
    yield tar_end(total)


def tar_header(name: str, size: int) -> bytes:
    """Return the 512 bytes before a member of the body."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def tar_end(size: int) -> bytes:
    """Return what follows the members, which took `size` bytes."""
    return bytes(1024 + -(size + 1024) % tarfile.RECORDSIZE)


def _content(blob: Blob) -> Iterator[bytes]:
    seen = hashlib.sha256()
    left = blob.size
    with blob.opener() as source:
        while data := source.read(_PIECE):
            left -= len(data)
            if left < 0:
                break
            seen.update(data)
            yield data
    if left or seen.hexdigest() != blob.sha256:
        raise StorageFailure("E-ATT-DAMAGED", sha256=blob.sha256)


@dataclass(frozen=True, slots=True)
class _PackedRecords:
    """records.jsonl.gz, in pieces."""

    parts: Sequence[bytes]
    size: int
    raw_size: int
    counts: Mapping[str, int]
    member: Member

    @classmethod
    def of(cls, records: Iterable[tuple[str, Mapping[str, object]]]) -> "_PackedRecords":
        """Pack `records`.

        Raises:
            PackageRefused: E-PKG-CONTENT; one of them, or all together, exceed a limit.
        """
        gathered = _Gathered()
        counts: dict[str, int] = {}
        raw_size = 0
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=gathered, mtime=0) as stream:
            for number, (table, row) in enumerate(records, start=1):
                line = canonical({"d": row, "t": table}) + b"\n"
                raw_size += len(line)
                if len(line) > fmt.MAX_LINE_BYTES or not package_json.depth_at_most(line):
                    raise PackageRefused(
                        "E-PKG-CONTENT", line=number, table=called(table), reason="单条记录超过4 MiB或嵌套过深"
                    )
                if number > fmt.MAX_ROWS:
                    raise PackageRefused("E-PKG-CONTENT", line=number, reason=f"记录超过{fmt.MAX_ROWS}条的上限")
                if raw_size > fmt.MAX_RECORDS_BYTES or gathered.size > fmt.MAX_PACKED_RECORDS_BYTES:
                    raise PackageRefused("E-PKG-CONTENT", line=number, table=called(table), reason="记录总量超过上限")
                counts[table] = counts.get(table, 0) + 1
                stream.write(line)
        member = Member(fmt.RECORDS, gathered.size, gathered.sum.hexdigest())
        return cls(gathered.parts, gathered.size, raw_size, counts, member)


class _Gathered:
    """What gzip writes, kept in memory: compressed rows are small, and must not lie open on the disk."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        self.sum.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to force anywhere."""


class _Drawn:
    """A generator of pieces as something to read from; tells the progress."""

    def __init__(self, pieces: Iterator[bytes], total: int, progress: Progress) -> None:
        self._pieces, self._total, self._progress = pieces, total, progress
        self._done = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next piece, whatever its size; the one caller asks for large ones and takes what comes."""
        for piece in self._pieces:
            if piece:
                self._done += len(piece)
                self._progress(min(self._done, self._total), self._total)
                return piece
        self._progress(self._total, self._total)
        return b""


class _Body:
    """The first member while it is being written.

    Beside the work, what is written is summed, and forced to the disk now and then.
    """

    def __init__(self, file: BinaryIO, port: FilePort) -> None:
        self._file, self._port = file, port
        self._disk, self._beside = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._forcing: Future[bool] | None = None
        self._summing: Future[None] | None = None
        self._unforced = 0
        self.sum = hashlib.sha256()
        self.crc = 0
        self.size = 0

    def __enter__(self) -> "_Body":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._beside.shutdown()
        self._disk.shutdown()
        if kind is None:
            for done in (self._summing, self._forcing):
                if done is not None:
                    done.result()

    def write(self, data: bytes, /) -> int:
        if self._summing is not None:
            self._summing.result()  # one piece behind, never more: they are held in memory
        self._summing = self._beside.submit(self._add, data)
        self._port.write(self._file, data)
        self.size += len(data)
        self._unforced += len(data)
        if self._unforced >= _FORCE_EVERY and (self._forcing is None or self._forcing.done()):
            if self._forcing is not None:
                self._forcing.result()
            self._forcing = self._disk.submit(self._port.fsync, self._file)
            self._unforced = 0
        return len(data)

    def _add(self, data: bytes) -> None:
        self.sum.update(data)
        self.crc = zlib.crc32(data, self.crc)
