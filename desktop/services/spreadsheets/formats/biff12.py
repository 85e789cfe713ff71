"""Binary workbooks of Excel (.xlsb). Source: [MS-XLSB]."""

import struct
from collections.abc import Iterator

from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse
from desktop.services.spreadsheets.formats.gathering import Gathering, error_value
from desktop.services.spreadsheets.formats.numbers import Look, cell_value, look_of
from desktop.services.spreadsheets.formats.package import Package
from desktop.services.spreadsheets.workbook import SheetCells

_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_SST_ITEM, _FONT, _FORMAT, _XF = 0x13, 0x2B, 0x2C, 0x2F
_WORKBOOK_PROPERTIES, _SHEET, _MERGE = 0x99, 0x9C, 0xB0
_BEGIN_CELL_XFS, _END_CELL_XFS = 0x269, 0x26A
_HIDDEN_ROW, _STRIKEOUT = 0x10, 0x08
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""Source: [MS-XLS] 2.5.10 BErr."""


def read_biff12(package: Package, part: str, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all worksheets of a workbook whose sheets are listed in `part`.

    Raises:
        InvalidInput: it is damaged or beyond all bounds.
    """
    try:
        return _read(package, part, spent)
    except (struct.error, IndexError):
        refuse(DAMAGED)


def rk_number(rk: int) -> float:
    """Return the number in its short form: 30 bits of a whole number or of a fraction, perhaps of hundredths."""
    if rk & 2:
        number = float(rk >> 2)
    else:
        (number,) = struct.unpack("<d", bytes(4) + struct.pack("<i", rk & ~3))
    return number / 100 if rk & 1 else number


def _read(package: Package, part: str, spent: Budget) -> tuple[SheetCells, ...]:
    related = package.related(part)
    from_1904 = False
    listed: list[tuple[str, str, bool]] = []
    for kind, data in _records(package.read(part), spent):
        if kind == _WORKBOOK_PROPERTIES:
            from_1904 = bool(data[0] & 1)
        elif kind == _SHEET:
            relation, at = _wide(data, 8)
            listed.append((_wide(data, at)[0], relation, data[:4] != bytes(4)))
    strings: list[str] = []
    styles: list[tuple[Look, bool]] = []
    for kind_of_part, name in related.values():
        if kind_of_part == "sharedStrings" and name in package:
            strings = [_wide(data, 1)[0] for kind, data in _records(package.read(name), spent) if kind == _SST_ITEM]
        elif kind_of_part == "styles" and name in package:
            styles = _styles(package.read(name), spent)
    sheets = []
    for title, relation, hidden in listed:
        kind_of_part, name = related.get(relation, ("", ""))
        if kind_of_part == "worksheet":
            gathering = Gathering(title, spent, hidden)
            _sheet(package.read(name), gathering, spent, strings, styles, from_1904)
            sheets.append(gathering.done())
    return tuple(sheets)


def _records(data: bytes, spent: Budget) -> Iterator[tuple[int, bytes]]:
    """Give the records of a part: number and content. Both numbers before it are written in groups of seven bits."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        if at + size > end:
            refuse(DAMAGED)
        spent.step()
        yield kind, data[at : at + size]
        at += size


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """Return a text and where it ends; one that is not there has the greatest length."""
    (length,) = struct.unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(data):
        refuse(DAMAGED)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _styles(data: bytes, spent: Budget) -> list[tuple[Look, bool]]:
    codes: dict[int, str] = {}
    fonts: list[bool] = []
    styles: list[tuple[Look, bool]] = []
    cells = False
    for kind, record in _records(data, spent):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _wide(record, 2)[0]
        elif kind == _FONT:
            fonts.append(bool(record[2] & _STRIKEOUT))
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            cells = kind == _BEGIN_CELL_XFS
        elif kind == _XF and cells:
            number, font = struct.unpack_from("<HH", record, 2)
            styles.append((look_of(number, codes.get(number)), font < len(fonts) and fonts[font]))
    return styles


def _sheet(
    data: bytes,
    gathering: Gathering,
    spent: Budget,
    strings: list[str],
    styles: list[tuple[Look, bool]],
    from_1904: bool,
) -> None:
    row = 0
    for kind, record in _records(data, spent):
        if kind == _ROW:
            row = struct.unpack_from("<I", record)[0] + 1
            if record[11] & _HIDDEN_ROW:
                gathering.odd(row)
        elif kind <= _FORMULA_ERROR:
            spent.cell()
            if kind == _BLANK:
                continue
            column, style = struct.unpack_from("<II", record)
            style &= 0xFFFFFF
            look, struck = styles[style] if style < len(styles) else (Look.NUMBER, False)
            value: object
            if kind in (_REAL, _FORMULA_REAL):
                value = cell_value(struct.unpack_from("<d", record, 8)[0], look, from_1904)
            elif kind == _RK:
                value = cell_value(rk_number(struct.unpack_from("<i", record, 8)[0]), look, from_1904)
            elif kind == _SHARED:
                value = strings[struct.unpack_from("<I", record, 8)[0]]
            elif kind in (_TEXT, _FORMULA_TEXT):
                value = _wide(record, 8)[0]
            elif kind in (_BOOL, _FORMULA_BOOL):
                value = bool(record[8])
            else:
                value = error_value(ERRORS.get(record[8], "#N/A"))
            gathering.put(row, column + 1, value, struck)
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            gathering.merge(top + 1, left + 1, bottom + 1, right + 1)
