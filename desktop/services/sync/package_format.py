"""What packages (.dzp) and key files (.dzk) look like, to the byte: header, wrapper, manifest, limits, file names.

A file is a stored ZIP of at most three members (body.age, header.json, header.json.sig) of which every byte that is
not member data follows from the sizes and checksums, so a reader rebuilds it and compares.
"""

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused

if TYPE_CHECKING:
    from desktop.services.security.agefile import Recipient

FMT = 1
SUITE = 1

MIB = 1 << 20
MAX_FILE_BYTES = 19 * (1 << 30) // 10
"""1.9 GiB: fits FAT32 and every 32-bit field of a ZIP directory."""
MAX_HEADER_BYTES = 64 << 10
MAX_SIGNATURE_BYTES = 1 << 10
MAX_MANIFEST_BYTES = 8 * MIB
MAX_RECORDS_BYTES = 512 * MIB
MAX_PACKED_RECORDS_BYTES = 64 * MIB
"""Compressed records are held in memory while the attachments behind them in the stream are read."""
MAX_LINE_BYTES = 4 * MIB
MAX_DEPTH = 16
MAX_BLOB_BYTES = 200 * MIB
MAX_MEMBERS = 20_000
MAX_AFTER = 200
AFTER_DIGITS = 32

BODY, HEADER, SIGNATURE = "body.age", "header.json", "header.json.sig"
MANIFEST, RECORDS, BLOB_PREFIX = "manifest.json", "records.jsonl.gz", "blobs/"
EXTRAS = ("next_key", "period", "receipt", "want_blobs")
"""What a manifest may say besides what the header and the members make it say."""

_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


class Kind(StrEnum):
    """What a file is for."""

    REPORT = "report"
    FEEDBACK = "feedback"
    HQ_KEY = "hq-key"
    INVITE = "invite"
    ENROL = "enrol"
    UNLOCK_REQUEST = "unlock-req"
    UNLOCK_RESPONSE = "unlock-rsp"
    HANDOVER = "handover"

    @property
    def word(self) -> str:
        """The word that file names carry."""
        return _WORDS[self]

    @property
    def is_package(self) -> bool:
        """Whether such a file has a body and a place in a stream; else it is a key file."""
        return self in (Kind.REPORT, Kind.FEEDBACK, Kind.HANDOVER)


_WORDS = {
    Kind.REPORT: "上报",
    Kind.FEEDBACK: "反馈",
    Kind.HQ_KEY: "总部公钥",
    Kind.INVITE: "邀请",
    Kind.ENROL: "登记",
    Kind.UNLOCK_REQUEST: "解锁申请",
    Kind.UNLOCK_RESPONSE: "解锁",
    Kind.HANDOVER: "移交",
}


@dataclass(frozen=True, slots=True)
class Party:
    """Who wrote a file: organisation, its code, the installation, and the SHA-256 of its public signing key (hex)."""

    org: str
    code: str
    install: str
    key: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom a file is encrypted: `recipient_id` of the age key, and the organisation that holds it."""

    key: str
    org: str


@dataclass(frozen=True, slots=True)
class Stream:
    """The place of a package among those of its sender in one direction.

    `after`: the first 32 hex digits of the package hashes of all earlier ones, newest first, at most 200.
    """

    seq: int
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyDigest:
    """Size in bytes and SHA-256 (hex) of body.age."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """header.json. A package has `stream` and, once written, `body`; a key file has `data` instead."""

    kind: Kind
    pkg_id: str
    created: str
    sender: Party
    to: tuple[Addressee, ...]
    app: str
    revision: str
    stream: Stream | None = None
    body: BodyDigest | None = None
    data: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the members of header.json."""
        document: dict[str, Any] = {"created": self.created, "fmt": FMT, "suite": SUITE, **self.echo()}
        if self.body is not None:
            document["body"] = {"sha256": self.body.sha256, "size": self.body.size}
        if self.data is not None:
            document["data"] = dict(self.data)
        return document

    def echo(self) -> dict[str, Any]:
        """Return what the manifest inside the body repeats, so that nobody can wrap a stranger's body anew."""
        echoed: dict[str, Any] = {
            "from": {
                "code": self.sender.code,
                "install": self.sender.install,
                "key": self.sender.key,
                "org": self.sender.org,
            },
            "kind": self.kind.value,
            "pkg_id": self.pkg_id,
            "schema": {"app": self.app, "revision": self.revision},
            "to": [{"key": addressee.key, "org": addressee.org} for addressee in self.to],
        }
        if self.stream is not None:
            echoed["stream"] = {"after": list(self.stream.after), "seq": self.stream.seq}
        return echoed

    def encode(self) -> bytes:
        """Return the bytes that are signed and hashed."""
        return canonical(self.as_json())


def package_hash(header: bytes) -> str:
    """Return the SHA-256 (hex) of header.json: it names the package and covers its body."""
    return hashlib.sha256(header).hexdigest()


def recipient_id(recipient: "Recipient | str") -> str:
    """Return how a header names an age key: the SHA-256 (hex) of its `age1…` text."""
    return hashlib.sha256(str(recipient).encode("ascii")).hexdigest()


def parse_header(data: bytes) -> Header:
    """Read header.json.

    Raises:
        PackageRefused: E-PKG-FMT, E-PKG-SUITE (written by a newer program), else E-PKG-FORMAT.
    """
    if len(data) > MAX_HEADER_BYTES:
        raise PackageRefused("E-PKG-FORMAT")
    document = parse_json(data)
    if not isinstance(document, dict):
        raise PackageRefused("E-PKG-FORMAT")
    for key, ours, code in (("fmt", FMT, "E-PKG-FMT"), ("suite", SUITE, "E-PKG-SUITE")):
        if type(document.get(key)) is not int:
            raise PackageRefused("E-PKG-FORMAT")
        if document[key] != ours:
            raise PackageRefused(code, **{key: document[key]})
    try:
        header = _header(document)
        same = header.encode() == data
    except (KeyError, TypeError, ValueError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    if not same:
        raise PackageRefused("E-PKG-FORMAT")
    return header


def parse_json(data: bytes) -> Any:
    """Parse small JSON from outside: UTF-8, no repeated keys, no NaN, no numbers but integers, not too deep.

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    if not depth_at_most(data):
        raise PackageRefused("E-PKG-FORMAT")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=no_repeats, parse_constant=refuse, parse_float=refuse)
    except (ValueError, RecursionError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error


def refuse(text: str) -> Any:
    """Take no number spelled `text`.

    Raises:
        ValueError: always.
    """
    raise ValueError(text)


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of `pairs`, each key once.

    Raises:
        ValueError: a key is there twice.
    """
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key is there twice")
    return document


def _header(document: Mapping[str, Any]) -> Header:
    kind = Kind(document["kind"])
    sender = document["from"]
    header = Header(
        kind=kind,
        pkg_id=_matching(_TEXT, document["pkg_id"]),
        created=_moment(document["created"]),
        sender=Party(
            org=_matching(_TEXT, sender["org"]),
            code=_matching(_TEXT, sender["code"]),
            install=_matching(_TEXT, sender["install"]),
            key=_matching(_HEX64, sender["key"]),
        ),
        to=tuple(
            Addressee(key=_matching(_HEX64, addressee["key"]), org=_matching(_TEXT, addressee["org"]))
            for addressee in document["to"]
        ),
        app=_matching(_TEXT, document["schema"]["app"]),
        revision=_matching(_TEXT, document["schema"]["revision"]),
    )
    if not kind.is_package:
        data = document["data"]
        if not isinstance(data, dict):
            raise TypeError("data")
        return replace(header, data=data)
    stream = Stream(
        seq=_count(document["stream"]["seq"], at_least=1),
        after=tuple(_matching(_HEX32, digits) for digits in document["stream"]["after"]),
    )
    if len(stream.after) > MAX_AFTER:
        raise ValueError("after")
    body = BodyDigest(
        size=_count(document["body"]["size"]),
        sha256=_matching(_HEX64, document["body"]["sha256"]),
    )
    return replace(header, stream=stream, body=body)


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(pattern.pattern)
    return value


def _count(value: object, at_least: int = 0) -> int:
    if type(value) is not int or not at_least <= value < 1 << 53:
        raise ValueError("not a count")
    return value


def _moment(value: object) -> str:
    text = _matching(_TEXT, value)
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("no time zone")
    return text


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the body: name, size in bytes, SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """manifest.json: what the body holds, and what the sender says besides its rows.

    `counts`: rows per table. `raw_size`: bytes of the records, unpacked. `extras`: those of `EXTRAS` that are there.
    """

    members: tuple[Member, ...]
    counts: Mapping[str, int]
    raw_size: int
    extras: Mapping[str, object]

    def encode(self, header: Header) -> bytes:
        """Return manifest.json for the package of `header`."""
        return canonical(
            {
                **header.echo(),
                **self.extras,
                "counts": dict(self.counts),
                "members": [
                    {"name": member.name, "sha256": member.sha256, "size": member.size} for member in self.members
                ],
                "raw_size": self.raw_size,
            }
        )


def parse_manifest(data: bytes, header: Header) -> Manifest:
    """Read manifest.json of the package of `header`.

    Raises:
        PackageRefused: E-PKG-FORMAT; not well formed, says something else than the header, or beyond a limit.
    """
    document = parse_json(data)
    try:
        manifest = Manifest(
            members=tuple(_member(at, member) for at, member in enumerate(document["members"])),
            counts={_matching(_TEXT, table): _count(rows) for table, rows in document["counts"].items()},
            raw_size=_count(document["raw_size"]),
            extras={key: document[key] for key in EXTRAS if key in document},
        )
        same = manifest.encode(header) == data
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackageRefused("E-PKG-FORMAT") from error
    members = manifest.members
    if (
        not same
        or not 1 <= len(members) < MAX_MEMBERS
        or len({member.name for member in members}) < len(members)
        or members[0].size > MAX_PACKED_RECORDS_BYTES
        or manifest.raw_size > MAX_RECORDS_BYTES
    ):
        raise PackageRefused("E-PKG-FORMAT")
    return manifest


def _member(at: int, document: Mapping[str, Any]) -> Member:
    member = Member(str(document["name"]), _count(document["size"]), _matching(_HEX64, document["sha256"]))
    if member.name != (BLOB_PREFIX + member.sha256 if at else RECORDS):
        raise ValueError("member name")
    if at and member.size > MAX_BLOB_BYTES:
        raise ValueError("blob size")
    return member


# The wrapper: DOS time 2020-01-01 00:00:00, no flags, no comments, mode 0600, made on "Unix"; a ZIP64 field only in
# the local header of body.age, whose size is not known when that header is first written.

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ZIP64 = struct.Struct("<2H2Q")
_DOS_DATE = (2020 - 1980) << 9 | 1 << 5 | 1
_UNIX = 3 << 8
_UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of the wrapper: name, CRC-32, size in bytes."""

    name: str
    crc: int
    size: int

    @property
    def _version(self) -> int:
        return 45 if self.name == BODY else 20

    def local_header(self) -> bytes:
        """Return what stands before the member's data."""
        name = self.name.encode("ascii")
        extra, shown = b"", self.size
        if self.name == BODY:
            extra, shown = _ZIP64.pack(1, 16, self.size, self.size), _UNKNOWN
        return (
            _LOCAL.pack(b"PK\3\4", self._version, 0, 0, 0, _DOS_DATE, self.crc, shown, shown, len(name), len(extra))
            + name
            + extra
        )

    def directory_entry(self, offset: int) -> bytes:
        """Return the member's line in the directory; its local header starts at `offset`."""
        name = self.name.encode("ascii")
        version, mode = self._version, 0o600 << 16
        return (
            _CENTRAL.pack(
                b"PK\1\2",
                version | _UNIX,
                version,
                0,
                0,
                0,
                _DOS_DATE,
                self.crc,
                self.size,
                self.size,
                len(name),
                0,
                0,
                0,
                0,
                mode,
                offset,
            )
            + name
        )


def read_local_header(name: str, start: bytes) -> Entry:
    """Return the entry a local header speaks of; the caller compares the rebuilt header with what it read."""
    fields = _LOCAL.unpack_from(start)
    crc, size = fields[6], fields[8]
    if name == BODY:
        size = _ZIP64.unpack_from(start, _LOCAL.size + len(name))[2]
    return Entry(name, crc, size)


def local_header_size(name: str) -> int:
    """Return how many bytes stand before the data of member `name`."""
    return _LOCAL.size + len(name) + (_ZIP64.size if name == BODY else 0)


def directory(entries: Sequence[Entry]) -> bytes:
    """Return all that follows the data of the last member."""
    lines, offset = [], 0
    for entry in entries:
        lines.append(entry.directory_entry(offset))
        offset += local_header_size(entry.name) + entry.size
    listing = b"".join(lines)
    return listing + _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(listing), offset, 0)


def file_name(header: Header, header_bytes: bytes, code: str | None = None) -> str:
    """Return what a file is called: `<code>_上报_000012_20260301_1a2b3c4d.dzp`. A name is a hint, nothing more.

    `code` is the branch's; by default the sender's.
    """
    seq = f"{header.stream.seq:06d}_" if header.stream is not None else ""
    day = header.created[:10].replace("-", "")
    suffix = "dzp" if header.kind.is_package else "dzk"
    tail = f"_{header.kind.word}_{seq}{day}_{package_hash(header_bytes)[:8]}.{suffix}"
    return safe_name(code or header.sender.code)[: 80 - len(tail)] + tail


def safe_name(text: str) -> str:
    """Return `text` without what a file name on FAT, exFAT or NTFS cannot carry."""
    return re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\s.]+', "-", text).strip("-") or "支部"


def depth_at_most(line: bytes, limit: int = MAX_DEPTH) -> bool:
    """Whether JSON text nests no deeper than `limit`; told without parsing it."""
    if line.count(b"{") + line.count(b"[") <= limit:
        return True
    depth = 0
    for token in _STRINGS_AND_BRACKETS.finditer(line):
        mark = token[0]
        if mark in b"{[":
            depth += 1
            if depth > limit:
                return False
        elif mark in b"}]":
            depth -= 1
    return True


_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


def total_size(sizes: Iterable[int]) -> int:
    """Return how many bytes members of these sizes take in the body before encryption, padding included."""
    return sum(512 + size + -size % 512 for size in sizes) + 10240
