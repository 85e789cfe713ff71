"""Qt's tables of all languages, cut to those that are read here: `libicudata.so` of 32 MB becomes one of 6.

The library is nothing but a package of named tables. It is written again, in the same form, with fewer of them; the
libraries that read it stay as they came. On Windows Qt asks Windows, and there is no such file.
"""

import re
import struct
from pathlib import Path

LANGUAGES = ("zh", "en")
"""Whose order, names and forms stay; `root`, which every language falls back to, is always there."""

_LANGUAGE = re.compile(r"([a-z]{2,3})(_[A-Za-z0-9_]+)?\.res")
_LEFT_OUT = re.compile(
    r"translit/"  # other scripts
    r"|brkitr/.*(\.dict|graphclust.*|model.*)"  # where words end in Thai, Burmese, …; Qt has rules of its own
    r"|(?!gb18030|windows-936|ibm-138[36]).*\.cnv"  # encodings; those of GB stay
    r"|(unit|lang|region|rbnf)/"  # how units, languages and countries are called and numbers spoken: Qt has its own
    r"|unames\.icu|confusables\.cfu|.*\.spp"  # how characters are called, which look alike, names of hosts: not asked
)
_PAGE = 1 << 16
"""The largest page that a machine of ours loads a file by."""
_DYNAMIC, _SECTIONS, _SEGMENT = 2, 40, "<IIQQQQQQ"
_ALIGNED = 16


def stays(table: str) -> bool:
    """Whether the table of this name, such as `coll/zh.res`, is needed."""
    if _LEFT_OUT.match(table):
        return False
    language = _LANGUAGE.fullmatch(table.rpartition("/")[2])
    return language is None or table.endswith("res_index.res") or language[1] in LANGUAGES


def lean(library: Path) -> None:
    """Write a libicudata.so again with the tables that stay.

    Raises:
        ValueError: it is not built as expected.
    """
    data = library.read_bytes()
    begin = data.find(b"CmnD") - 12
    if data[:6] != b"\x7fELF\x02\x01" or begin < 0:
        raise ValueError(f"{library.name} is not the library of ICU's data")
    segments = _segments(data)
    (end,) = (start + filed for _, _, start, _, _, filed, *_ in segments if start <= begin < start + filed)
    library.write_bytes(_rewritten(data, segments, begin, _fewer(data[begin:end])))


def _segments(data: bytes) -> list[tuple[int, ...]]:
    """What the loader reads of a library: kind, flags, place in the file, two in memory, size here and there, …"""
    count = struct.unpack_from("<H", data, 56)[0]
    return [struct.unpack_from(_SEGMENT, data, 64 + 56 * index) for index in range(count)]


def _fewer(package: bytes) -> bytes:
    """The package without the tables that go.

    Its head begins with its size; behind it are how many tables there are, where the name and the bytes of each begin,
    the names, and the tables.
    """
    head = struct.unpack_from("<H", package)[0]
    body = package[head:]
    count = struct.unpack_from("<I", body)[0]
    places = [struct.unpack_from("<II", body, 4 + 8 * index) for index in range(count)]
    ends = [start for _, start in places[1:]] + [len(body)]
    kept = []
    for (at, start), end in zip(places, ends, strict=True):
        name = body[at : body.index(b"\0", at)]
        if stays(name.decode("ascii").partition("/")[2]):
            kept.append((name + b"\0", body[start:end]))
    names_at = 4 + 8 * len(kept)
    at = names_at + sum(len(name) for name, _ in kept)
    index, names, tables = [struct.pack("<I", len(kept))], b"", b""
    start = at + -at % _ALIGNED
    for name, table in kept:
        index.append(struct.pack("<II", names_at + len(names), start + len(tables)))
        names += name
        tables += table + bytes(-len(table) % _ALIGNED)
    listed = b"".join(index) + names
    return package[:head] + listed + bytes(start - len(listed)) + tables


def _rewritten(data: bytes, segments: list[tuple[int, ...]], begin: int, package: bytes) -> bytes:
    """The library with `package` where its own began; what followed in the file moves up, and not in memory."""
    end = begin + len(package)
    (tail,) = (each[2] for each in segments if each[0] == _DYNAMIC)
    here = end + (tail - end) % _PAGE  # memory is laid out as before, so only whole pages may go
    head = bytearray(data[:begin])
    for index, (kind, flags, offset, virtual, physical, filed, memory, align) in enumerate(segments):
        if offset <= begin < offset + filed:
            filed = memory = end - offset
        elif offset >= tail:
            offset += here - tail
        struct.pack_into(_SEGMENT, head, 64 + 56 * index, kind, flags, offset, virtual, physical, filed, memory, align)
    struct.pack_into("<Q", head, _SECTIONS, 0)
    struct.pack_into("<HH", head, _SECTIONS + 20, 0, 0)  # no sections: those are for who links against it
    moved = max(start + filed for _, _, start, _, _, filed, *_ in segments)
    return bytes(head) + package + bytes(here - end) + data[tail:moved]
