"""Workbooks out of parts: a zip with something changed, and .xls and .xlsb put together record by record."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

Cell = str | int | float | bool | None
CELL_DATE = 14
"""The number format 年/月/日 that every Excel has."""


def plain_xlsx(rows: Sequence[Sequence[object]] = (("姓名",),)) -> bytes:
    """Return a sound .xlsx."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def changed(content: bytes, changes: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """Return a zip with its parts changed: name → (what, into what)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            before, after = changes.get(name, (b"", b""))
            data = source.read(name)
            assert before in data, f"{name} has no {before!r}"
            target.writestr(name, data.replace(before, after) if before else data)
    return made.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return made.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content)
    return path


# .xlsb


def record12(kind: int, data: bytes = b"") -> bytes:
    """Return a record of an .xlsb part."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, count = b"", len(data)
    while True:
        more = count >> 7
        size += bytes([count & 0x7F | (0x80 if more else 0)])
        count = more
        if not count:
            return head + size + data


def wide(text: str) -> bytes:
    """Return a text as .xlsb writes it."""
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def row12(number: int, hidden: bool = False) -> bytes:
    """Return the head of a row of an .xlsb sheet; rows count from 1."""
    return record12(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def cell12(column: int, value: Cell, style: int = 0) -> bytes:
    """Return a cell of an .xlsb sheet; columns count from 1. A text that begins with # is an error value."""
    head = struct.pack("<II", column - 1, style)
    if value is None:
        return record12(1, head)
    if isinstance(value, bool):
        return record12(4, head + bytes([value]))
    if isinstance(value, int) and abs(value) < 1 << 29:
        return record12(2, head + struct.pack("<i", value << 2 | 2))
    if isinstance(value, int | float):
        return record12(5, head + struct.pack("<d", value))
    if value == "#N/A":
        return record12(3, head + b"\x2a")
    return record12(6, head + wide(value))


def xlsb(sheets: Mapping[str, Iterable[bytes]], hidden: Sequence[str] = (), shared: Sequence[str] = ()) -> bytes:
    """Return an .xlsb of sheets given as records; style 1 is a date, style 2 struck out."""
    relations, bundle = "", b""
    parts: dict[str, str | bytes] = {}
    for number, (title, records) in enumerate(sheets.items(), 1):
        state = int(title in hidden)
        bundle += record12(0x9C, struct.pack("<II", state, number) + wide(f"rId{number}") + wide(title))
        relations += _relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.bin")
        body = record12(0x81) + record12(0x94, bytes(16)) + record12(0x91) + b"".join(records) + record12(0x92)
        parts[f"xl/worksheets/sheet{number}.bin"] = body + record12(0x82)
    relations += _relation("rIdS", "styles", "styles.bin") + _relation("rIdT", "sharedStrings", "sharedStrings.bin")
    items = b"".join(record12(0x13, b"\0" + wide(text)) for text in shared)
    count = struct.pack("<II", len(shared), len(shared))
    fonts = b"".join(record12(0x2B, struct.pack("<HH", 220, grbit) + bytes(30)) for grbit in (0, 0x08))
    formats = b"".join(
        record12(0x2F, struct.pack("<HHH", 0, number, font) + bytes(10))
        for number, font in ((0, 0), (CELL_DATE, 0), (0, 1))
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations(_relation("rId1", "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": record12(0x83) + record12(0x99, bytes(8)) + record12(0x8F) + bundle
            + record12(0x90) + record12(0x84),
            "xl/_rels/workbook.bin.rels": _relations(relations),
            "xl/styles.bin": record12(0x116) + record12(0x263, struct.pack("<I", 2)) + fonts + record12(0x264)
            + record12(0x269, struct.pack("<I", 3)) + formats + record12(0x26A) + record12(0x117),
            "xl/sharedStrings.bin": record12(0x9F, count) + items + record12(0xA0),
            **parts,
        }
    )  # fmt: skip


def merged12(top: int, left: int, bottom: int, right: int) -> bytes:
    """Return a merged range of an .xlsb sheet, which stands after its cells."""
    corners = struct.pack("<IIII", top - 1, bottom - 1, left - 1, right - 1)
    return record12(0x92) + record12(0xB1, struct.pack("<I", 1)) + record12(0xB0, corners) + record12(0xB2)


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def _relation(name: str, kind: str, target: str) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="{name}" Type="{base}/{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{inner}</Relationships>'


# .xls


def record8(kind: int, data: bytes = b"") -> bytes:
    """Return a record of an .xls stream."""
    return struct.pack("<HH", kind, len(data)) + data


def text8(row: int, column: int, text: str, style: int = 0) -> bytes:
    """Return a cell with a text of its own; rows and columns count from 1."""
    data = text.encode("utf-16-le")
    return record8(0x204, struct.pack("<HHHHB", row - 1, column - 1, style, len(data) // 2, 1) + data)


def number8(row: int, column: int, number: float, style: int = 0) -> bytes:
    """Return a cell with a number."""
    return record8(0x203, struct.pack("<HHHd", row - 1, column - 1, style, number))


def stream8(
    sheets: Mapping[str, Iterable[bytes]], before: bytes = b"", biff: int = 0x600, hidden: Sequence[str] = ()
) -> bytes:
    """Return the stream of an .xls; style 1 is a date. `before` stands among what holds for all sheets."""
    begin = record8(0x809, struct.pack("<HH", biff, 5) + bytes(12))
    formats = record8(0xE0, struct.pack("<HH", 0, 0) + bytes(16)) + record8(
        0xE0, struct.pack("<HH", 0, CELL_DATE) + bytes(16)
    )
    names = []
    for title in sheets:
        data = title.encode("utf-16-le") if biff == 0x600 else title.encode("gb18030")
        head = struct.pack("<BB", len(data) // 2, 1) if biff == 0x600 else bytes([len(data)])
        names.append(struct.pack("<BB", int(title in hidden), 0) + head + data)
    bodies = [
        record8(0x809, struct.pack("<HH", biff, 0x10) + bytes(12)) + b"".join(records) + record8(0x0A)
        for records in sheets.values()
    ]
    at = len(begin + before + formats) + sum(8 + len(name) for name in names) + 4
    bound = b""
    for name, body in zip(names, bodies, strict=True):
        bound += record8(0x85, struct.pack("<I", at) + name)
        at += len(body)
    return begin + before + formats + bound + record8(0x0A) + b"".join(bodies)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, each padded to be no small one."""
    size, end, free, table = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chains: list[int] = []
    body = b""
    directory = _entry("Root Entry", 5, end, 0, child=1)
    for number, (name, data) in enumerate(streams.items(), 1):
        data = data.ljust(4096, b"\0")
        padded = data.ljust(-(-len(data) // size) * size, b"\0")
        first, count = len(chains), len(padded) // size
        chains += [*range(first + 1, first + count), end]
        body += padded
        directory += _entry(name, 2, first, len(data), right=number + 1 if number < len(streams) else free)
    directory = directory.ljust(-(-len(directory) // size) * size, b"\0")
    directory_at, count = len(chains), len(directory) // size
    chains += [*range(directory_at + 1, directory_at + count), end]
    tables = 1
    while tables * 128 < len(chains) + tables:
        tables += 1
    at = len(chains)
    chains += [table] * tables
    fat = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * size, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, tables, directory_at, 0, 4096, end, 0, end, 0, at)
    header += struct.pack("<108I", *range(at + 1, at + tables), *[free] * (109 - tables))
    return header + body + directory + fat


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child) + bytes(36)
        + struct.pack("<III", start, size, 0)
    )  # fmt: skip
