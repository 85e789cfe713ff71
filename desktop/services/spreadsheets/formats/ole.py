"""The streams in a compound file, in which programs before 2007 kept everything. Source: [MS-CFB]."""

import struct

from desktop.services.spreadsheets.budget import DAMAGED, refuse

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA
_STREAM, _ROOT = 2, 5


class CompoundFile:
    """A compound file in memory."""

    def __init__(self, data: bytes) -> None:
        """Read what lies where.

        Raises:
            InvalidInput: it is damaged.
        """
        self._data = data
        try:
            sector, mini = struct.unpack_from("<HH", data, 30)
            (directory,) = struct.unpack_from("<I", data, 48)
            self._cutoff, mini_fat, _, more = struct.unpack_from("<4I", data, 56)
        except struct.error:
            refuse(DAMAGED)
        if sector not in (9, 12) or mini != 6:
            refuse(DAMAGED)
        self._size = 1 << sector
        self._count = max(0, (len(data) - 1) // self._size)
        self._fat = self._numbers(self._fat_sectors(more))
        self._entries: dict[str, tuple[int, int]] = {}
        self._directory(self._chain(directory))
        self._mini_fat = self._numbers(self._sectors(mini_fat))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Return a stream whole.

        Raises:
            InvalidInput: it is damaged.
        """
        start, size = self._entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        container = self._chain(self._root)
        pieces = []
        for _ in range(len(self._mini_fat) + 1):
            if start >= len(self._mini_fat):
                break
            pieces.append(container[start * 64 : start * 64 + 64])
            start = self._mini_fat[start]
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        return self._data[begin : begin + self._size].ljust(self._size, b"\0")

    def _sectors(self, number: int) -> list[int]:
        """Return the sectors of a chain."""
        found: list[int] = []
        while number < len(self._fat) and number < self._count:
            found.append(number)
            if len(found) > self._count:
                refuse(DAMAGED)
            number = self._fat[number]
        return found

    def _chain(self, number: int) -> bytes:
        return b"".join(map(self._sector, self._sectors(number)))

    def _numbers(self, sectors: list[int]) -> list[int]:
        data = b"".join(self._sector(number) for number in sectors if number < self._count)
        return list(struct.unpack(f"<{len(data) // 4}I", data))

    def _fat_sectors(self, difat: int) -> list[int]:
        """Return the sectors that hold the table of chains: the first in the header, more in a chain of its own."""
        numbers = list(struct.unpack_from("<109I", self._data.ljust(_HEADER, b"\0"), 76))
        seen = 0
        while difat < self._count:
            more = list(struct.unpack(f"<{self._size // 4}I", self._sector(difat)))
            numbers += more[:-1]
            difat = more[-1]
            seen += 1
            if seen > self._count:
                refuse(DAMAGED)
        found = [number for number in numbers if number < min(self._count, _LAST_SECTOR)]
        return found if len(found) <= self._count else refuse(DAMAGED)

    def _directory(self, data: bytes) -> None:
        self._root = self._count
        for at in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            start, size = struct.unpack_from("<II", data, at + 116)
            name = data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == _ROOT:
                self._root = start
            elif kind == _STREAM:
                self._entries.setdefault(name, (start, size))
