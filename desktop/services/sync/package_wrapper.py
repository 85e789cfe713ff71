"""The wrapper of a package: a stored ZIP, of which every byte but the data of its members is given.

DOS time 2020-01-01 00:00:00, no flags, no comments, mode 0600, made on "Unix"; a ZIP64 field only in the local header
of body.age, whose size is not known when that header is first written.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.services.sync.package_format import BODY

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


def total_size(sizes: Iterable[int]) -> int:
    """Return how many bytes members of these sizes take in the body before encryption, padding included."""
    return sum(512 + size + -size % 512 for size in sizes) + 10240
