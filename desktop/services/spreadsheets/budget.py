"""What a workbook may cost: its parts are looked through as bytes before anything unfolds them into cells.

A file of a kilobyte can name a merged range of the whole sheet, or hold a hundred megabytes of equal cells. Sheets may
lie under any name, so every part that begins like XML is looked at.
"""

import re
import zipfile
from dataclasses import dataclass
from typing import IO

from desktop.services.errors import Input, InvalidInput

FILE = Input("file", "文件")
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_CELLS = 1_000_000
"""Named in the file, empty ones included."""
MAX_SPREAD = 500_000
"""Cells that merged ranges and links cover together."""
_CHUNK = 1 << 20
_DAMAGED = "工作簿已损坏或没有复制完整"
_CELL = re.compile(rb"<(?:\w+:)?c[ />\t\r\n]")
_RANGE = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^<>]*")
_REF = re.compile(rb"""\sref\s*=\s*["']([^"']*)["']""")
_CORNERS = re.compile(rb"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(slots=True)
class _Spent:
    """What has been counted so far."""

    cells: int = 0
    spread: int = 0

    def look(self, tags: bytes) -> None:
        """Count what stands in whole tags.

        Raises:
            InvalidInput: more than a workbook of ours can hold.
        """
        if b"<!DOCTYPE" in tags or b"<!ENTITY" in tags:
            raise InvalidInput(FILE, _DAMAGED)
        self.cells += len(_CELL.findall(tags))
        if self.cells > MAX_CELLS:
            raise InvalidInput(FILE, f"单元格超过{MAX_CELLS // 10_000}万个")
        for found in _RANGE.finditer(tags):
            ref = _REF.search(found[0])
            self.spread += 0 if ref is None else _area(ref[1])
            if self.spread > MAX_SPREAD:
                raise InvalidInput(FILE, "合并单元格或超链接铺得过大，请取消后再导入")


def refuse_monstrous(package: zipfile.ZipFile) -> None:
    """Refuse a workbook that would unfold beyond all bounds.

    Raises:
        InvalidInput: too large unpacked, too many cells, or ranges that cover too many.
    """
    if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED_BYTES:
        raise InvalidInput(FILE, "工作簿展开后过大")
    spent = _Spent()
    for entry in package.infolist():
        with package.open(entry) as part:
            _look_through(part, spent)


def _look_through(part: IO[bytes], spent: _Spent) -> None:
    data = part.read(_CHUNK)
    if not data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return  # a picture, say: nothing that unfolds
    rest = b""
    while data:
        if b"\0" in data:  # another encoding than every program writes
            raise InvalidInput(FILE, _DAMAGED)
        whole, bracket, begun = (rest + data).rpartition(b"<")
        spent.look(whole)
        rest = bracket + begun
        if len(rest) > _CHUNK:
            raise InvalidInput(FILE, _DAMAGED)
        data = part.read(_CHUNK)
    spent.look(rest)


def _area(ref: bytes) -> int:
    """Return how many cells a range covers.

    Raises:
        InvalidInput: it is none.
    """
    corners = _CORNERS.fullmatch(ref)
    if corners is None:
        raise InvalidInput(FILE, _DAMAGED)
    if corners[3] is None:
        return 1
    width = abs(_column(corners[3]) - _column(corners[1])) + 1
    return width * (abs(int(corners[4]) - int(corners[2])) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
