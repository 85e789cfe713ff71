"""A file that is kept pressed and read in places: what a program is handed out with takes half the room on the disk.

It is cut into blocks of one length, each pressed by itself, so that a place of it is read without the rest.
"""

import mmap
import struct
import zlib
from functools import lru_cache
from pathlib import Path

from desktop.services.files import FilePort, replacing, storage_faults

SUFFIX = ".pressed"
"""Takes the place of the ending of the file."""

_HEAD = struct.Struct("<4sII")
_MARK = b"BDP1"
_BLOCK = 1 << 14
_KEPT = 512
"""So many blocks are held that were read before: the glyphs of one document lie in fewer."""


def press(file: Path) -> Path:
    """Put a pressed copy in the place of a file; return the copy."""
    data = file.read_bytes()
    blocks = [zlib.compress(data[start : start + _BLOCK], 9) for start in range(0, len(data), _BLOCK)]
    ends = [0]
    for block in blocks:
        ends.append(ends[-1] + len(block))
    copy = file.with_suffix(SUFFIX)
    copy.write_bytes(
        _HEAD.pack(_MARK, len(data), len(blocks)) + struct.pack(f"<{len(ends)}I", *ends) + b"".join(blocks)
    )
    file.unlink()
    return copy


class Pressed:
    """What lies pressed in a file, by its places, as `bytes` would give it.

    Raises:
        ValueError: no pressed file, or a damaged one.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        mark, length, count = _HEAD.unpack_from(self._data)
        self._length: int = length
        if mark != _MARK:
            raise ValueError(f"{path.name} is no pressed file")
        self._ends = struct.unpack_from(f"<{count + 1}I", self._data, _HEAD.size)
        self._start = _HEAD.size + 4 * (count + 1)
        self._block = lru_cache(maxsize=_KEPT)(self._read)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: slice) -> bytes:
        start, stop, _ = place.indices(self._length)
        if start >= stop:
            return b""
        first = start // _BLOCK
        inside = b"".join(map(self._block, range(first, (stop - 1) // _BLOCK + 1)))
        return inside[start - first * _BLOCK : stop - first * _BLOCK]

    def _read(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        return zlib.decompress(self._data[self._start + start : self._start + end])


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
        copy = folder / f"{file.stem}-{zlib.crc32(kept.read_bytes()):08x}{file.suffix}"
        if not copy.exists():
            pressed = Pressed(kept)
            port.make_folder(folder)
            with replacing(copy, port, need=len(pressed)) as out:
                for start in range(0, len(pressed), _BLOCK):
                    out.write(pressed[start : start + _BLOCK])
    return copy
