"""Text with a mark between its columns (.csv, .txt, a block copied from Excel), and how text is encoded."""

import codecs
import csv
import re
from collections.abc import Iterator

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import Budget, refuse
from desktop.services.spreadsheets.formats.gathering import Gathering
from desktop.services.spreadsheets.workbook import SheetCells

ENCODING = Input("encoding", "文字编码")
ENCODINGS = ("utf-8", "gb18030", "utf-16")
"""What a person may choose from."""
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"})
_MARKS = "\t,;|，；"
_LONGEST_FIELD = 1 << 20
_BARE_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
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
        if name == "gb18030":
            _refuse_mixed(data)
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


def _refuse_mixed(data: bytes) -> None:
    """Refuse a text whose lines were written in two ways: read as GB18030, its UTF-8 lines become other names.

    Raises:
        InvalidInput: a line is UTF-8 and no usual Chinese otherwise, and another is no UTF-8.
    """
    utf8 = other = 0
    for number, found in enumerate(_BARE_LINE.finditer(data), 1):
        line = found[0]
        if line.isascii():
            continue
        if not _is(line, "utf-8"):
            other = other or number
        elif not _is(line, "gb2312"):
            utf8 = utf8 or number
        if utf8 and other:
            refuse(f"文字编码前后不一致：第{utf8}行是UTF-8，第{other}行不是，请在Excel或WPS中打开核对后另存为.xlsx")


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeError:
        return False
    return True


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
    mark = mark or _mark_of(text)
    rows = csv.reader(_lines(text, mark, title), delimiter=mark)
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


def _lines(text: str, mark: str, title: str) -> Iterator[str]:
    """Give the lines of a text with their ends, each looked at before it is copied or divided.

    Raises:
        InvalidInput: a line has more columns than any program writes.
    """
    for found in _LINE.finditer(text):
        if text.count(mark, found.start(), found.end()) > budget.MAX_WRITTEN_COLUMNS:
            refuse(f"工作表“{title}”超过{budget.MAX_COLUMNS}列")
        yield found[0]


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
