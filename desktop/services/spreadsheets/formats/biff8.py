"""Workbooks of Excel 5 to 2003 (.xls) and of WPS (.et), which are of one kind. Source: [MS-XLS]."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse
from desktop.services.spreadsheets.formats.biff12 import ERRORS, rk_number
from desktop.services.spreadsheets.formats.gathering import NO_RESULT, Gathering, error_value
from desktop.services.spreadsheets.formats.numbers import Look, cell_value, look_of
from desktop.services.spreadsheets.workbook import SheetCells

_FORMULA, _EOF, _DATE_1904, _FILE_PASS, _FONT, _CONTINUE, _CODE_PAGE = 0x06, 0x0A, 0x22, 0x2F, 0x31, 0x3C, 0x42
_BOUND_SHEET, _MUL_RK, _RICH_TEXT, _XF, _MERGES, _SST, _SHARED = 0x85, 0xBD, 0xD6, 0xE0, 0xE5, 0xFC, 0xFD
_NUMBER, _TEXT, _BOOL_OR_ERROR, _FORMULA_TEXT, _ROW, _RK, _FORMAT, _BOF = (
    0x203, 0x204, 0x205, 0x207, 0x208, 0x27E, 0x41E, 0x809,
)  # fmt: skip
_CELLS = frozenset({_FORMULA, _NUMBER, _TEXT, _RICH_TEXT, _BOOL_OR_ERROR, _RK, _SHARED})
_BIFF8 = 0x600
_HIDDEN_ROW, _STRIKEOUT, _NEVER_CALCULATED = 0x20, 0x08, 0x03
_CODE_PAGES = {936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949", 1200: "utf-16-le", 65001: "utf-8"}
PASSWORD = "工作簿设了打开密码，请在Excel或WPS中取消密码后另存"


@dataclass(slots=True)
class _Globals:
    """What holds for all sheets."""

    wide: bool = True
    code_page: str = "gb18030"
    from_1904: bool = False
    strings: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    fonts: list[bool] = field(default_factory=list)
    formats: list[tuple[int, int]] = field(default_factory=list)
    sheets: list[tuple[str, int, bool]] = field(default_factory=list)
    styles: list[tuple[Look, bool]] = field(default_factory=list)


def read_biff8(data: bytes, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all worksheets in the stream of a workbook.

    Raises:
        InvalidInput: it has a password, is damaged or beyond all bounds.
    """
    try:
        book = _globals(data, spent)
        sheets = []
        for title, at, hidden in book.sheets:
            gathering = Gathering(title, spent, hidden)
            _sheet(data, at, book, gathering, spent)
            sheets.append(gathering.done())
    except (struct.error, IndexError):
        refuse(DAMAGED)
    return tuple(sheets)


def _records(data: bytes, at: int, spent: Budget) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        spent.step()
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def _globals(data: bytes, spent: Budget) -> _Globals:
    book = _Globals()
    shared: list[bytes] = []
    last = 0
    for kind, record in _records(data, 0, spent):
        if kind == _CONTINUE and last == _SST:
            shared.append(record)
            continue
        last = kind
        if kind == _EOF:
            break
        if kind == _BOF:
            book.wide = struct.unpack_from("<H", record)[0] == _BIFF8
        elif kind == _FILE_PASS:
            refuse(PASSWORD)
        elif kind == _CODE_PAGE:
            (page,) = struct.unpack_from("<H", record)
            book.code_page = _CODE_PAGES.get(page, f"cp{page}" if 1250 <= page <= 1258 else "gb18030")
        elif kind == _DATE_1904:
            book.from_1904 = record[:2] == b"\1\0"
        elif kind == _SST:
            shared = [record]
        elif kind == _FONT:
            book.fonts.append(bool(record[2] & _STRIKEOUT))
        elif kind == _FORMAT:
            book.codes[struct.unpack_from("<H", record)[0]] = _text(record, 2, 2 if book.wide else 1, book)
        elif kind == _XF:
            font, number = struct.unpack_from("<HH", record)
            book.formats.append((number, font))
        elif kind == _BOUND_SHEET and record[5] == 0:  # a worksheet, no chart or macro
            (at,) = struct.unpack_from("<I", record)
            book.sheets.append((_text(record, 6, 1, book), at, bool(record[4] & 3)))
    else:
        refuse(DAMAGED)  # no end: cut off
    book.strings = _Strings(shared).all() if shared else []
    for number, font in book.formats:
        at = font - (font > 4)  # there is no font 4
        book.styles.append((look_of(number, book.codes.get(number)), at < len(book.fonts) and book.fonts[at]))
    return book


def _text(record: bytes, at: int, size: int, book: _Globals) -> str:
    """Return a text whose length stands before it in one or two bytes."""
    length = int.from_bytes(record[at : at + size], "little")
    at += size
    if not book.wide:
        return record[at : at + length].decode(book.code_page, "replace")
    flags = record[at] if length else 0
    at += 1
    if flags & 8:
        at += 2
    if flags & 4:
        at += 4
    if flags & 1:
        return record[at : at + 2 * length].decode("utf-16-le", "replace")
    return record[at : at + length].decode("latin-1")


class _Strings:
    """The table of texts, which goes on in further records wherever the one before is full, also within a text."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = records
        self._number = 0
        self._at = 8
        self._data = records[0]

    def all(self) -> list[str]:
        """Return the texts in order, up to the end of the records, whatever number stands before them."""
        (count,) = struct.unpack_from("<I", self._data, 4)
        strings: list[str] = []
        while len(strings) < count and (self._at < len(self._data) or self._number + 1 < len(self._records)):
            strings.append(self._string())
        return strings

    def _next(self) -> None:
        self._number += 1
        self._data = self._records[self._number]
        self._at = 0

    def _string(self) -> str:
        if self._at >= len(self._data):
            self._next()
        length, flags = struct.unpack_from("<HB", self._data, self._at)
        self._at += 3
        after = 0
        if flags & 8:
            after += 4 * struct.unpack_from("<H", self._data, self._at)[0]
            self._at += 2
        if flags & 4:
            after += struct.unpack_from("<I", self._data, self._at)[0]
            self._at += 4
        pieces = []
        while length:
            if self._at >= len(self._data):
                self._next()
                flags = self._data[0]
                self._at = 1
            width = 1 + (flags & 1)
            taken = min(length, (len(self._data) - self._at) // width)
            if not taken:
                refuse(DAMAGED)
            piece = self._data[self._at : self._at + taken * width]
            pieces.append(piece.decode("utf-16-le", "replace") if width == 2 else piece.decode("latin-1"))
            self._at += taken * width
            length -= taken
        while after:
            taken = min(after, len(self._data) - self._at)
            self._at += taken
            after -= taken
            if after:
                self._next()
        return "".join(pieces)


def _sheet(data: bytes, at: int, book: _Globals, gathering: Gathering, spent: Budget) -> None:
    depth = 0  # charts lie within a sheet, each with a beginning and an end of its own
    waiting: tuple[int, int, bool] | None = None
    for kind, record in _records(data, at, spent):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth != 1:
            continue
        elif kind == _ROW:
            if record[12] & _HIDDEN_ROW:
                gathering.odd(struct.unpack_from("<H", record)[0] + 1)
        elif kind == _MERGES:
            (count,) = struct.unpack_from("<H", record)
            for number in range(count):
                top, bottom, left, right = struct.unpack_from("<HHHH", record, 2 + 8 * number)
                gathering.merge(top + 1, left + 1, bottom + 1, right + 1)
        elif kind == _MUL_RK:
            row, column = struct.unpack_from("<HH", record)
            for place in range(4, len(record) - 7, 6):
                spent.cell()
                style, rk = struct.unpack_from("<Hi", record, place)
                look, struck = _style(book, style)
                gathering.put(row + 1, column + 1, cell_value(rk_number(rk), look, book.from_1904), struck)
                column += 1
        elif kind in _CELLS:
            spent.cell()
            row, column, style = struct.unpack_from("<HHH", record)
            look, struck = _style(book, style)
            if kind == _FORMULA and record[6] == 0 and record[12:14] == b"\xff\xff":
                waiting = row + 1, column + 1, struck  # its text comes in a record of its own
            else:
                gathering.put(row + 1, column + 1, _value(kind, record, look, book), struck)
        elif kind == _FORMULA_TEXT and waiting:
            row, column, struck = waiting
            gathering.put(row, column, _text(record, 0, 2, book), struck)
            waiting = None
    refuse(DAMAGED)  # no end: cut off


def _style(book: _Globals, number: int) -> tuple[Look, bool]:
    return book.styles[number] if number < len(book.styles) else (Look.NUMBER, False)


def _value(kind: int, record: bytes, look: Look, book: _Globals) -> object:
    if kind == _SHARED:
        (number,) = struct.unpack_from("<I", record, 6)
        return book.strings[number]
    if kind == _RK:
        return cell_value(rk_number(struct.unpack_from("<i", record, 6)[0]), look, book.from_1904)
    if kind in (_TEXT, _RICH_TEXT):
        return _text(record, 6, 2, book)
    if kind == _BOOL_OR_ERROR:
        return error_value(ERRORS.get(record[6], "#N/A")) if record[7] else bool(record[6])
    if kind == _FORMULA and record[12:14] == b"\xff\xff":
        return {1: bool(record[8]), 2: error_value(ERRORS.get(record[8], "#N/A"))}.get(record[6])
    (number,) = struct.unpack_from("<d", record, 6)
    if kind == _FORMULA and not number and record[14] & _NEVER_CALCULATED == _NEVER_CALCULATED:
        return NO_RESULT
    return cell_value(number, look, book.from_1904) if abs(number) < 1e300 else str(number)
