"""Text with a mark between its columns (.csv, .txt, a block copied from Excel), and how text is encoded."""

import codecs
import csv
import io
import re

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.budget import Budget, refuse
from desktop.services.spreadsheets.formats.gathering import Gathering
from desktop.services.spreadsheets.workbook import SheetCells

ENCODING = Input("encoding", "文字编码")
ENCODINGS = ("utf-8", "gb18030", "utf-16")
"""What a person may choose from."""
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"})
_MARKS = "\t,;|，；"
_LONGEST_FIELD = 1 << 20
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
"""What no text has: with many of them it is something else that happens to decode."""
_AS_TEXT = re.compile(r'="([^"]*)"')


def decoded(data: bytes, encoding: str = "", said: str = "") -> tuple[str, str]:
    """Return text and its encoding: the one asked for, the one its first bytes tell, the one `said` in it, or found.

    Raises:
        InvalidInput: it is in none of them, or not in the one asked for.
    """
    if encoding:
        if encoding not in ENCODINGS:
            raise InvalidInput(ENCODING, "可选" + "、".join(ENCODINGS))
        text = _decode(data, encoding)
        if text is None:
            raise InvalidInput(ENCODING, f"按{encoding}读不出来，请换一种")
        return text, encoding
    for name in _likely(data, said):
        text = _decode(data, name)
        if text is not None:
            return text, name
    return refuse("不是表格，也不是看得懂的文本（UTF-8、GB18030、UTF-16）")


def _likely(data: bytes, said: str) -> list[str]:
    begin = data[:4096]
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if begin.startswith(codecs.BOM_UTF8):
        return ["utf-8"]
    if b"\0" in begin:  # Latin letters, digits, commas and line ends in UTF-16 have one each
        return ["utf-16"] if not begin.startswith(b"\0\0") and begin.count(b"\0") * 8 > len(begin) else []
    return ["gb18030", "utf-8"] if said in _CHINESE else ["utf-8", "gb18030"]


def _decode(data: bytes, encoding: str) -> str | None:
    if encoding == "utf-16":
        data = data[: len(data) // 2 * 2]
        if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
            encoding = "utf-16-be" if even > odd else "utf-16-le"
    elif encoding == "utf-8":
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    return None if "\0" in text or len(_CONTROLS.findall(text[:20_000])) * 50 > len(text[:20_000]) else text


def read_delimited(text: str, title: str, spent: Budget, mark: str = "") -> SheetCells:
    """Return a text as one sheet; `mark` divides its columns, else the one that its lines agree on.

    Raises:
        InvalidInput: it is beyond all bounds.
    """
    gathering = Gathering(title, spent)
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark or _mark_of(text))
    try:
        for number, row in enumerate(rows, 1):
            spent.step()
            spent.cell(len(row))
            for column, value in enumerate(row, 1):
                kept = _AS_TEXT.fullmatch(value)
                gathering.put(number, column, kept[1] if kept else value.replace("\r\n", "\n"))
    except csv.Error:
        refuse("有一格超过一百万字，可能是引号没有成对，请检查")
    return gathering.done()


def _mark_of(text: str) -> str:
    """Return the mark that divides most of the first lines, the same number of times in as many as possible."""
    lines = [line for line in text[:20_000].splitlines()[:40] if line.strip()]
    best, most = ",", (0, 0)
    for mark in _MARKS:
        counts = [line.count(mark) for line in lines]
        common = max((count for count in counts if count), key=counts.count, default=0)
        score = (counts.count(common) if common else 0, common)
        if score > most:
            best, most = mark, score
    return best
