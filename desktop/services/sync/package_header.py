"""header.json: who wrote a file, for whom, what it is for, and its place in the stream."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused
from desktop.services.sync.package_format import FMT, MAX_AFTER, MAX_HEADER_BYTES, SUITE, Kind
from desktop.services.sync.package_json import HEX32, HEX64, TEXT, count, matching, moment, parse_json

if TYPE_CHECKING:
    from desktop.services.security.agefile import Recipient


NO_CODE = "NEW"
"""The code of an installation that nobody gave one yet."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who wrote a file: organisation, its code, the installation, and the SHA-256 of its public signing key (hex)."""

    org: str
    code: str
    install: str
    key: str

    @property
    def called(self) -> str:
        """What people call it, as far as a header says."""
        return "没有编号的单位" if self.code == NO_CODE else self.code


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


@dataclass(frozen=True, slots=True, kw_only=True)
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

    @property
    def made_on(self) -> date:
        """The day it was made, where the sender is."""
        return datetime.fromisoformat(self.created).date()

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


def _header(document: Mapping[str, Any]) -> Header:
    kind = Kind(document["kind"])
    sender = document["from"]
    header = Header(
        kind=kind,
        pkg_id=matching(TEXT, document["pkg_id"]),
        created=moment(document["created"]),
        sender=Party(
            org=matching(TEXT, sender["org"]),
            code=matching(TEXT, sender["code"]),
            install=matching(TEXT, sender["install"]),
            key=matching(HEX64, sender["key"]),
        ),
        to=tuple(
            Addressee(key=matching(HEX64, addressee["key"]), org=matching(TEXT, addressee["org"]))
            for addressee in document["to"]
        ),
        app=matching(TEXT, document["schema"]["app"]),
        revision=matching(TEXT, document["schema"]["revision"]),
    )
    if not kind.is_package:
        data = document["data"]
        if not isinstance(data, dict):
            raise TypeError("data")
        return replace(header, data=data)
    stream = Stream(
        seq=count(document["stream"]["seq"], at_least=1),
        after=tuple(matching(HEX32, digits) for digits in document["stream"]["after"]),
    )
    if len(stream.after) > MAX_AFTER:
        raise ValueError("after")
    body = BodyDigest(
        size=count(document["body"]["size"]),
        sha256=matching(HEX64, document["body"]["sha256"]),
    )
    return replace(header, stream=stream, body=body)
