"""manifest.json: what the body of a package holds, and what its sender says besides its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused
from desktop.services.sync.package_format import (
    BLOB_PREFIX,
    EXTRAS,
    MAX_BLOB_BYTES,
    MAX_MEMBERS,
    MAX_PACKED_RECORDS_BYTES,
    MAX_RECORDS_BYTES,
    RECORDS,
)
from desktop.services.sync.package_header import Header
from desktop.services.sync.package_json import HEX64, TEXT, count, matching, parse_json


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
            counts={matching(TEXT, table): count(rows) for table, rows in document["counts"].items()},
            raw_size=count(document["raw_size"]),
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
    member = Member(str(document["name"]), count(document["size"]), matching(HEX64, document["sha256"]))
    if member.name != (BLOB_PREFIX + member.sha256 if at else RECORDS):
        raise ValueError("member name")
    if at and member.size > MAX_BLOB_BYTES:
        raise ValueError("blob size")
    return member
