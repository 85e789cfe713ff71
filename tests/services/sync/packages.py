"""Sample packages, and the keys of those who write, read and forge them."""

import gzip
import hashlib
import io
import random
import re
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused
from desktop.services.files import Readable
from desktop.services.security import agefile, sshsig
from desktop.services.security.agefile import Identity
from desktop.services.sync import package_format as fmt
from desktop.services.sync import package_reader, package_writer
from desktop.services.sync.package_format import Kind
from desktop.services.sync.package_header import Addressee, BodyDigest, Header, Party, Stream, recipient_id
from desktop.services.sync.package_reader import Record
from desktop.services.sync.package_writer import Blob

CODES = {
    "E-PKG-TRUNC",
    "E-PKG-FORMAT",
    "E-PKG-FMT",
    "E-PKG-SUITE",
    "E-PKG-TO",
    "E-PKG-SENDER",
    "E-PKG-SIG",
    "E-PKG-HASH",
}
CODES |= {"E-PKG-KEY", "E-PKG-CONTENT"}


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("members", {"id": "m1", "name": "麦麦提·吐尔逊", "area": 12.5, "admitted_on": None}),
    ("members", {"id": "m2", "name": "𠮷野\n\u2028", "left": True}),
    ("meetings", {"id": "k1", "topic": '"{[' * 40, "rev": 3}),
]


CONTENTS = [random.Random(7).randbytes(70_000), b"", "签到表".encode()]


@dataclass(frozen=True)
class World:
    """A headquarters with its escrow key, a branch, another enrolled branch, and a stranger."""

    hq: Identity
    escrow: Identity
    branch: Ed25519PrivateKey
    other: Ed25519PrivateKey

    def header(self, **changes: Any) -> Header:
        """The header of the branch's twelfth report."""
        header = Header(
            kind=Kind.REPORT,
            pkg_id="8d9ad7c8-3f62-4d16-9d0a-0c5b6f4a1e11",
            created="2026-03-01T08:00:00+08:00",
            sender=self.party(self.branch, "ZK03"),
            to=tuple(Addressee(recipient_id(key.to_public()), "hq-org") for key in (self.hq, self.escrow)),
            app="1.4.2",
            revision="0007",
            stream=Stream(12, ("ab" * 16, "cd" * 16)),
        )
        return replace(header, **changes)

    @staticmethod
    def party(key: Ed25519PrivateKey, code: str) -> Party:
        digest = hashlib.sha256(sshsig.public_bytes(key.public_key())).hexdigest()
        return Party(org=f"org-{code}", code=code, install=f"install-{code}", key=digest)

    def find(self, header: Header) -> Ed25519PublicKey:
        """The register of senders, by everything a header says of one."""
        for key, code in ((self.branch, "ZK03"), (self.other, "ZK09")):
            if header.sender == self.party(key, code):
                return key.public_key()
        raise PackageRefused("E-PKG-SENDER", sender=header.sender.code)

    def write(
        self, path: Path, rows: Sequence[tuple[str, Mapping[str, Any]]] = ROWS, **how: Any
    ) -> package_writer.Written:
        """Write a package with the sample rows and attachments."""
        return package_writer.write_package(
            path,
            how.get("header", self.header()),
            how.get("extras", {"period": "2026Q1", "want_blobs": []}),
            rows,
            how.get("blobs", [blob(one) for one in CONTENTS]),
            [self.hq.to_public(), self.escrow.to_public()],
            how.get("key", self.branch),
            **{name: value for name, value in how.items() if name in ("progress", "port")},
        )

    def read(
        self, path: Path, identity: Identity | None = None
    ) -> tuple[package_reader.Body, dict[str, bytes], list[Record]]:
        """Open a package as headquarters does."""
        mine = identity or self.hq
        package = package_reader.inspect(path, {recipient_id(mine.to_public())}, self.find)
        taken: dict[str, bytes] = {}

        def take(sha256: str, size: int, source: Readable) -> None:
            taken[sha256] = source.read(size)

        body = package_reader.open_body(package, [mine], take)
        return body, taken, list(body.records())

    def verdict(self, path: Path) -> str:
        """Open a package; OK or the code of the refusal. Anything else is a defect."""
        try:
            self.read(path)
        except PackageRefused as error:
            return error.code
        return "OK"


def blob(content: bytes) -> Blob:
    @contextmanager
    def opener() -> Iterator[io.BytesIO]:
        yield io.BytesIO(content)

    return Blob(hashlib.sha256(content).hexdigest(), len(content), opener)


def members(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class LargeMember(zipfile.ZipInfo):
    """A member with 64-bit sizes, spelt as Python 3.11.4 and later do: earlier ones also fill in the 32-bit sizes."""

    def FileHeader(self, zip64: bool | None = None) -> bytes:
        if not zip64:
            return super().FileHeader(zip64)
        self.create_version = self.extract_version = zipfile.ZIP64_VERSION
        header = super().FileHeader(zip64)
        return header[:18] + b"\xff" * 8 + header[26:]


def rebuilt(target: Path, parts: Mapping[str, bytes]) -> Path:
    """A perfect wrapper around any members, made by the standard library."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            info = LargeMember(name, (2020, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system = 0o600 << 16, 3
            with archive.open(info, "w", force_zip64=name == fmt.BODY) as file:
                file.write(data)
    return target


def resigned(world: World, target: Path, body: bytes, key: Ed25519PrivateKey | None = None, **changes: Any) -> Path:
    """A package with any body, truly signed."""
    digest = BodyDigest(len(body), hashlib.sha256(body).hexdigest())
    header = world.header(body=digest, **changes).encode()
    signature = sshsig.sign(key or world.branch, header, sshsig.PACKAGE_NAMESPACE)
    return rebuilt(target, {fmt.BODY: body, fmt.HEADER: header, fmt.SIGNATURE: signature})


def encrypted(world: World, plain: bytes) -> bytes:
    target = io.BytesIO()
    agefile.encrypt(io.BytesIO(plain), target, [world.hq.to_public()])
    return target.getvalue()


def decrypted(world: World, package: Path) -> bytes:
    with agefile.decrypting(io.BytesIO(members(package)[fmt.BODY]), [world.hq]) as plain:
        return plain.read()


def tar_of(*entries: tuple[str, bytes], **kind: Any) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o600
            for key, value in kind.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


def crafted(world: World, target: Path, lines: bytes, packed: bytes | None = None, **manifest: Any) -> Path:
    """A package whose records are any bytes."""
    packed = gzip.compress(lines, mtime=0) if packed is None else packed
    counts = Counter(re.findall(r'"t":"(\w+)"\}$', lines.decode("utf-8", "replace"), re.MULTILINE))
    document = {
        **world.header().echo(),
        "counts": dict(counts),
        "members": [{"name": fmt.RECORDS, "sha256": hashlib.sha256(packed).hexdigest(), "size": len(packed)}],
        "raw_size": len(lines),
        **manifest,
    }
    plain = tar_of((fmt.MANIFEST, canonical(document)), (fmt.RECORDS, packed))
    return resigned(world, target, encrypted(world, plain))
