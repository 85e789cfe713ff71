"""A file that is kept pressed and read in places: what a program is handed out with takes half the room on the disk.

It is cut into blocks of one length, each pressed by itself, so that a place of it is read without the rest.
"""

import lzma
import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from desktop.services.files import FilePort, replacing, storage_faults

SUFFIX = ".pressed"
"""Takes the place of the ending of the file."""

_HEAD = struct.Struct("<4sIIII")
_MARK = b"BDP2"
_BLOCK = 1 << 15
"""Longer ones press better by little and are read slower: for one glyph all of a block is unpacked."""
_KEPT = 512
"""So many blocks are held that were read before: the glyphs of one document lie in fewer."""


def press(file: Path, *, in_places: bool = True) -> Path:
    """Put a pressed copy in the place of a file; return the copy. `in_places`: it is not only read as a whole."""
    data = file.read_bytes()
    size = _BLOCK if in_places else len(data)
    how = _filters(size)
    blocks = [
        lzma.compress(data[start : start + size], lzma.FORMAT_RAW, filters=how) for start in range(0, len(data), size)
    ]
    ends = [0]
    for block in blocks:
        ends.append(ends[-1] + len(block))
    copy = file.with_suffix(SUFFIX)
    head = _HEAD.pack(_MARK, len(data), zlib.crc32(data), size, len(blocks))
    copy.write_bytes(head + struct.pack(f"<{len(ends)}I", *ends) + b"".join(blocks))
    file.unlink()
    return copy


def _filters(block: int) -> Sequence[Mapping[str, int]]:
    """How a block of this length is pressed: outlines lie in no grid of bytes, so no place counts more than another."""
    return ({"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": max(block, 1 << 12), "pb": 0},)


class Pressed:
    """What lies pressed in a file, by its places, as `bytes` would give it.

    Raises:
        ValueError: no pressed file, or a damaged one.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[: len(_MARK)] != _MARK or len(self._data) < _HEAD.size:
            raise ValueError(f"{path.name} is no pressed file")
        _, length, crc, size, count = _HEAD.unpack_from(self._data)
        if len(self._data) < _HEAD.size + 4 * (count + 1):
            raise ValueError(f"{path.name} is cut off")
        self._length: int = length
        self.crc: int = crc
        self._size: int = size
        self._how = _filters(size)
        self._ends = struct.unpack_from(f"<{count + 1}I", self._data, _HEAD.size)
        self._start = _HEAD.size + 4 * (count + 1)
        self._block = lru_cache(maxsize=_KEPT)(self._read)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: slice) -> bytes:
        start, stop, _ = place.indices(self._length)
        if start >= stop:
            return b""
        first = start // self._size
        inside = b"".join(map(self._block, range(first, (stop - 1) // self._size + 1)))
        return inside[start - first * self._size : stop - first * self._size]

    def _read(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        return lzma.decompress(self._data[self._start + start : self._start + end], lzma.FORMAT_RAW, filters=self._how)

    def blocks(self) -> Iterator[bytes]:
        """Give all of it, piece by piece.

        Raises:
            ValueError: it is damaged.
        """
        found = 0
        for number in range(len(self._ends) - 1):
            try:
                block = self._read(number)
            except lzma.LZMAError:
                break
            found = zlib.crc32(block, found)
            yield block
        if found != self.crc:
            raise ValueError("a pressed file is damaged")


def whole(file: Path, folder: Path) -> Path:
    """Return what can only be read as a whole: the file itself, or where it is pressed a copy in `folder`, made once.

    Raises:
        StorageFailure: the disk refuses.
        ValueError: the pressed file is damaged.
    """
    if file.exists():
        return file
    kept, port = file.with_suffix(SUFFIX), FilePort()
    with storage_faults(kept, port):
        pressed = Pressed(kept)
        copy = folder / f"{file.stem}-{pressed.crc:08x}{file.suffix}"
        if not copy.exists():
            port.make_folder(folder)
            with replacing(copy, port, need=len(pressed)) as out:
                for block in pressed.blocks():
                    out.write(block)
    return copy
