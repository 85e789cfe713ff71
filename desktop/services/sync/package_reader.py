"""Reading packages and key files, in the one order that trusts nothing before it is proven.

Wrapper, header, addressee, sender, signature; then the caller decides by the protocol; then the hash of the body,
its decryption, the manifest, the members. Nothing is parsed further after a failure, and every refusal is a
`PackageRefused` with one code of the catalogue.
"""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from desktop.services.errors import PackageRefused
from desktop.services.files import Readable, open_ordinary
from desktop.services.progress import Progress, silent
from desktop.services.security import agefile, sshsig
from desktop.services.security.agefile import Identity
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_header, package_manifest, package_wrapper
from desktop.services.sync.package_header import Header
from desktop.services.sync.package_json import depth_at_most, no_repeats, refuse
from desktop.services.sync.package_manifest import Manifest, Member
from desktop.services.sync.package_wrapper import Entry
from desktop.services.sync.package_writer import tar_end, tar_header

CHUNK = 1 << 20

FindSender: TypeAlias = Callable[[Header], Ed25519PublicKey]
"""Returns the signing key of a known, active sender; else raises `PackageRefused` (E-PKG-SENDER, E-INSTALL)."""

TakeBlob: TypeAlias = Callable[[str, int, Readable], None]
"""Takes an attachment: SHA-256 (hex), size, content. Whether the content is what the hash says is known only once
`open_body` has returned: until then nothing of it may count as received."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose header is proven to be its sender's. The body is not looked at yet."""

    path: Path
    header: Header
    header_bytes: bytes
    _body: Entry = field(repr=False)

    @property
    def package_hash(self) -> str:
        """SHA-256 (hex) of the header: the name of this package."""
        return package_header.package_hash(self.header_bytes)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file whose signature fits the key it names. Whether that key is to be trusted, people decide."""

    header: Header
    header_bytes: bytes

    @property
    def data(self) -> Mapping[str, Any]:
        """What the file carries."""
        return self.header.data or {}


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it came: line number in the records (from 1), table, column values."""

    line: int
    table: str
    row: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Body:
    """An opened body whose members are all what the manifest says."""

    manifest: Manifest
    _packed: bytes = field(repr=False)

    def records(self) -> Iterator[Record]:
        """Give the rows in order.

        Raises:
            PackageRefused: E-PKG-CONTENT with the line; not well formed or beyond a limit.
        """
        counts: dict[str, int] = {}
        raw_size = line = 0
        for line, text in enumerate(_lines(self._packed), start=1):
            raw_size += len(text)
            if raw_size > self.manifest.raw_size:
                break
            if line > fmt.MAX_ROWS:
                raise PackageRefused("E-PKG-CONTENT", line=line, reason=f"记录超过{fmt.MAX_ROWS}条的上限")
            record = _record(line, text)
            counts[record.table] = counts.get(record.table, 0) + 1
            yield record
        if raw_size != self.manifest.raw_size or counts != self.manifest.counts:
            raise PackageRefused("E-PKG-CONTENT", line=line, reason="记录数量与清单不符")


def inspect(path: Path, my_keys: Collection[str], find_sender: FindSender) -> Package:
    """Prove who sent the package at `path` and that it is for one of `my_keys` (`package_header.recipient_id`).

    Raises:
        PackageRefused: E-PKG-TRUNC, -FORMAT, -FMT, -SUITE, -TO, -SENDER, -SIG, or what `find_sender` raises.
    """
    entries, header_bytes, signature = _read_wrapper(path, with_body=True)
    header = package_header.parse_header(header_bytes)
    if not header.kind.is_package or header.body is None or header.body.size != entries[0].size:
        raise PackageRefused("E-PKG-FORMAT")
    if not any(addressee.key in my_keys for addressee in header.to):
        raise PackageRefused("E-PKG-TO", to="其他单位", orgs=[addressee.org for addressee in header.to])
    key = find_sender(header)
    sshsig.verify(key, header_bytes, signature, sshsig.PACKAGE_NAMESPACE)
    return Package(path, header, header_bytes, entries[0])


def peek(path: Path) -> tuple[Header, bytes]:
    """Return the header of a package and its bytes, unproven: for files of our own making.

    Raises:
        PackageRefused: E-PKG-TRUNC, -FORMAT, -FMT, -SUITE.
    """
    _, header_bytes, _ = _read_wrapper(path, with_body=True)
    return package_header.parse_header(header_bytes), header_bytes


def peek_key_file(path: Path) -> tuple[Header, bytes]:
    """Return the header of a key file and its bytes, unproven.

    Raises:
        PackageRefused: E-PKG-TRUNC, -FORMAT, -FMT, -SUITE.
    """
    _, header_bytes, _ = _read_wrapper(path, with_body=False)
    return package_header.parse_header(header_bytes), header_bytes


def read_key_file(path: Path, find_key: Callable[[Header], Ed25519PublicKey]) -> KeyFile:
    """Read a key file; `find_key` tells which key must have signed it, often one the file itself brings.

    Raises:
        PackageRefused: E-PKG-TRUNC, -FORMAT, -FMT, -SUITE, -SIG, or what `find_key` raises.
    """
    _, header_bytes, signature = _read_wrapper(path, with_body=False)
    header = package_header.parse_header(header_bytes)
    if header.kind.is_package:
        raise PackageRefused("E-PKG-FORMAT")
    sshsig.verify(find_key(header), header_bytes, signature, sshsig.KEY_FILE_NAMESPACE)
    return KeyFile(header, header_bytes)


def open_body(
    package: Package, identities: Sequence[Identity], take_blob: TakeBlob, progress: Progress = silent
) -> Body:
    """Check, decrypt and unpack the body in constant memory; each attachment is handed to `take_blob`.

    `progress` is told bytes: the body is read twice, once for its hash, once for its content.

    Raises:
        PackageRefused: E-PKG-HASH, -KEY, -FORMAT, -TRUNC; what was handed over before is to be dropped.
        Cancelled: `progress` was asked to stop.
        Whatever `take_blob` raised.
    """
    tell = _Count(progress, 2 * package._body.size)
    with open_ordinary(package.path) as file:
        _check_hash(_part(file, package._body, tell), package)
        with agefile.decrypting(_part(file, package._body, tell), identities) as plain:
            try:
                return _unpack(_Tar(plain), package.header, take_blob)
            except agefile.NoKeyFits as error:
                raise PackageRefused("E-PKG-KEY") from error
            except agefile.Damaged as error:
                raise PackageRefused("E-PKG-HASH") from error


def check_body(package: Package, progress: Progress = silent) -> None:
    """See that the body is the one the header was signed for; it is not opened. `progress` is told bytes.

    Raises:
        PackageRefused: E-PKG-HASH.
        Cancelled: `progress` was asked to stop.
    """
    with open_ordinary(package.path) as file:
        _check_hash(_part(file, package._body, _Count(progress, package._body.size)), package)


def _read_wrapper(path: Path, with_body: bool) -> tuple[list[Entry], bytes, bytes]:
    """Return the entries, header.json and its signature; every other byte but the body's has been rebuilt."""
    size = path.stat().st_size
    if size > fmt.MAX_FILE_BYTES:
        raise PackageRefused("E-PKG-FORMAT")
    limits = {fmt.HEADER: fmt.MAX_HEADER_BYTES, fmt.SIGNATURE: fmt.MAX_SIGNATURE_BYTES}
    entries: list[Entry] = []
    contents: dict[str, bytes] = {}
    with open_ordinary(path) as file:
        for name in (fmt.BODY, *limits) if with_body else tuple(limits):
            start = file.read(package_wrapper.local_header_size(name))
            entry = _entry(name, start)
            if name == fmt.BODY:
                _skip(file, entry.size, size)
            elif entry.size > limits[name]:
                raise PackageRefused("E-PKG-FORMAT")
            else:
                contents[name] = _exactly(file, entry.size)
                if zlib.crc32(contents[name]) != entry.crc:
                    raise PackageRefused("E-PKG-FORMAT")
            entries.append(entry)
        expected = package_wrapper.directory(entries)
        rest = file.read(len(expected) + 1)
        if rest != expected:
            cut = len(rest) < len(expected) and expected.startswith(rest)
            raise PackageRefused("E-PKG-TRUNC" if cut or not any(rest) else "E-PKG-FORMAT")
    return entries, contents[fmt.HEADER], contents[fmt.SIGNATURE]


def _entry(name: str, start: bytes) -> Entry:
    """Return the entry that the local header `start` is the one spelling of."""
    if len(start) < package_wrapper.local_header_size(name):
        # Too short to tell: a cut package begins like a package, anything else is no package at all.
        pattern = Entry(name, 0, 0).local_header()
        raise PackageRefused("E-PKG-TRUNC" if start[:10] == pattern[: len(start)][:10] else "E-PKG-FORMAT")
    entry = package_wrapper.read_local_header(name, start)
    if entry.local_header() != start:
        raise PackageRefused("E-PKG-FORMAT" if any(start) else "E-PKG-TRUNC")
    return entry


def _skip(file: BinaryIO, size: int, file_size: int) -> None:
    if size > file_size - file.tell():
        raise PackageRefused("E-PKG-TRUNC")
    file.seek(size, 1)


def _exactly(source: Readable, size: int, code: str = "E-PKG-TRUNC") -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise PackageRefused(code)
    return data


class _Count:
    """Counts bytes towards a total and reports them."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


class _Part:
    """The data of one member as a stream of its own."""

    def __init__(self, file: BinaryIO, size: int, count: _Count) -> None:
        self._file, self._left, self._count = file, size, count

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self._count(len(data))
        return data


def _part(file: BinaryIO, body: Entry, count: _Count) -> _Part:
    file.seek(package_wrapper.local_header_size(body.name))
    return _Part(file, body.size, count)


def _check_hash(body: Readable, package: Package) -> None:
    seen = hashlib.sha256()
    crc = 0
    while data := body.read(CHUNK):
        seen.update(data)
        crc = zlib.crc32(data, crc)
    digest = package.header.body
    if digest is None or seen.hexdigest() != digest.sha256 or crc != package._body.crc:
        raise PackageRefused("E-PKG-HASH")


def _unpack(tar: "_Tar", header: Header, take_blob: TakeBlob) -> Body:
    manifest = package_manifest.parse_manifest(tar.first(fmt.MANIFEST, fmt.MAX_MANIFEST_BYTES), header)
    records, *blobs = manifest.members
    content = _Checked(tar.member(records), records)
    packed = content.read(records.size)
    content.finish()
    for member in blobs:
        content = _Checked(tar.member(member), member)
        take_blob(member.sha256, member.size, content)
        content.finish()
    tar.finish()
    return Body(manifest, packed)


class _Tar:
    """The plaintext of the body. Every byte that is not member data is known beforehand and compared."""

    def __init__(self, plain: Readable) -> None:
        self._plain = plain
        self._total = 0
        self._size = 0

    def first(self, name: str, limit: int) -> bytes:
        """Return the content of the first member, whose size, up to `limit`, only its own header tells."""
        start = self._plain.read(512)
        try:
            size = tarfile.TarInfo.frombuf(start, "utf-8", "strict").size
        except (tarfile.HeaderError, ValueError) as error:
            raise PackageRefused("E-PKG-FORMAT") from error
        if not 0 <= size <= limit or start != tar_header(name, size):
            raise PackageRefused("E-PKG-FORMAT")
        return _exactly(self._content(size), size, "E-PKG-FORMAT")

    def member(self, member: Member) -> Readable:
        """Return the content of the next member, which must be `member`."""
        self._end_member()
        if self._plain.read(512) != tar_header(member.name, member.size):
            raise PackageRefused("E-PKG-FORMAT")
        return self._content(member.size)

    def finish(self) -> None:
        """Make sure that nothing else follows."""
        self._end_member()
        end = tar_end(self._total)
        if self._plain.read(len(end) + 1) != end or self._plain.read(1):
            raise PackageRefused("E-PKG-FORMAT")

    def _content(self, size: int) -> Readable:
        self._size = size
        self._total += 512 + size + -size % 512
        return self._plain

    def _end_member(self) -> None:
        if any(_exactly(self._plain, -self._size % 512, "E-PKG-FORMAT")):
            raise PackageRefused("E-PKG-FORMAT")


class _Checked:
    """The content of one member; `finish` reads what was left and compares size and hash."""

    def __init__(self, source: Readable, member: Member) -> None:
        self._source, self._member, self._left = source, member, member.size
        self._sum = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self._sum.update(data)
        return data

    def finish(self) -> None:
        while self.read(CHUNK):
            pass
        if self._left or self._sum.hexdigest() != self._member.sha256:
            raise PackageRefused("E-PKG-HASH")


def _lines(packed: bytes) -> Iterator[bytes]:
    """Unpack `packed` piece by piece into lines, each with its line feed."""
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    rest, given = b"", 0
    pending = packed
    while not stream.eof:
        try:
            piece = stream.decompress(pending, CHUNK)
        except zlib.error as error:
            raise PackageRefused("E-PKG-CONTENT", line=given + 1, reason="压缩数据损坏") from error
        if not piece and not stream.unconsumed_tail and not stream.eof:
            raise PackageRefused("E-PKG-CONTENT", line=given + 1, reason="压缩数据不完整")
        pending = stream.unconsumed_tail
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            given += 1
            yield line + b"\n"
        if len(rest) > fmt.MAX_LINE_BYTES:
            raise PackageRefused("E-PKG-CONTENT", line=given + 1, reason="单条记录超过4 MiB")
    if rest or stream.unused_data:
        raise PackageRefused("E-PKG-CONTENT", line=given + 1, reason="记录末尾多出内容")


def _record(number: int, line: bytes) -> Record:
    if len(line) > fmt.MAX_LINE_BYTES:
        raise PackageRefused("E-PKG-CONTENT", line=number, reason="单条记录超过4 MiB")
    if not depth_at_most(line):
        raise PackageRefused("E-PKG-CONTENT", line=number, reason="嵌套过深")
    try:
        document = json.loads(line.decode("utf-8"), object_pairs_hook=no_repeats, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise PackageRefused("E-PKG-CONTENT", line=number, reason="不是有效的JSON") from error
    if not isinstance(document, dict) or document.keys() != {"d", "t"}:
        raise PackageRefused("E-PKG-CONTENT", line=number, reason="记录结构不符")
    table, row = document["t"], document["d"]
    if not isinstance(table, str) or not isinstance(row, dict):
        raise PackageRefused("E-PKG-CONTENT", line=number, reason="记录结构不符")
    return Record(number, table, row)
