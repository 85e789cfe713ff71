"""Workbooks of Office Open XML (.xlsx, .xlsm, the .et of newer WPS), also the strict kind (ISO/IEC 29500)."""

import re
from datetime import datetime, time

from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse
from desktop.services.spreadsheets.formats.gathering import NO_RESULT, Gathering, error_value
from desktop.services.spreadsheets.formats.numbers import Look, cell_value, look_of, parse_number
from desktop.services.spreadsheets.formats.package import Package
from desktop.services.spreadsheets.workbook import SheetCells

_CELL_MARKS = (b"<c ", b"<c>", b"<c/", b":c r=")
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_CORNERS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.I)
_TRUE = frozenset({"1", "true", "on"})
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def workbook_part(package: Package) -> str | None:
    """Return the name of the part that lists the sheets, None if the package is no workbook."""
    for kind, part in package.related("").values():
        if kind == "officeDocument" and part in package and part.startswith("xl/"):
            return part
    return next((name for name in ("xl/workbook.xml", "xl/workbook.bin") if name in package), None)


def read_ooxml(package: Package, part: str, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all worksheets of a workbook whose sheets are listed in `part`.

    Raises:
        InvalidInput: it is damaged or beyond all bounds.
    """
    listed: list[tuple[str, str, bool]] = []
    from_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if element == "sheet":
            relation = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            listed.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif element == "workbookPr":
            from_1904 = attributes.get("date1904", "") in _TRUE

    package.parse(part, start)
    related = package.related(part)
    strings = next((_strings(package, name) for kind, name in related.values() if kind == "sharedStrings"), [])
    styles = next((_Styles(package, name) for kind, name in related.values() if kind == "styles"), None)
    sheets = []
    for title, relation, hidden in listed:
        kind, name = related.get(relation, ("", ""))
        if kind == "worksheet":
            if package.count(name, _CELL_MARKS) > budget.MAX_CELLS:  # sooner than one by one
                spent.cell(budget.MAX_CELLS + 1)
            sheet = _Sheet(Gathering(title, spent, hidden), spent, strings, styles, from_1904)
            package.parse(name, sheet.start, sheet.end, sheet.text)
            sheets.append(sheet.gathering.done())
        elif not kind:
            refuse(DAMAGED)
    return tuple(sheets)


def _strings(package: Package, name: str) -> list[str]:
    """Return the texts that cells refer to by number; what tells how to say them is left out."""
    strings: list[str] = []
    parts: list[str] = []
    wanted = spoken = False
    if name not in package:
        return strings

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal wanted, spoken
        if element == "si":
            parts.clear()
        elif element == "rPh":
            spoken = True
        wanted = element == "t" and not spoken

    def end(element: str) -> None:
        nonlocal wanted, spoken
        wanted = False
        if element == "rPh":
            spoken = False
        elif element == "si":
            strings.append("".join(parts))
            if len(strings) > budget.MAX_CELLS:
                refuse(f"文字超过{budget.MAX_CELLS // 10_000}万条")

    package.parse(name, start, end, lambda text: parts.append(text) if wanted else None)
    return strings


class _Styles:
    """What the formats of cells make of their numbers, and which strike them out."""

    def __init__(self, package: Package, name: str) -> None:
        self.looks: list[Look] = []
        self.struck: list[bool] = []
        self._codes: dict[int, str] = {}
        self._fonts: list[bool] = []
        self._within = ""
        if name in package:
            package.parse(name, self._start, self._end)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "numFmts"):
            self._within = element
        elif element == "font" and self._within == "fonts":
            self._fonts.append(False)
        elif element == "strike" and self._within == "fonts" and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") in _TRUE
        elif element == "numFmt" and self._within == "numFmts":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif element == "xf" and self._within == "cellXfs":
            number, font = _whole(attributes.get("numFmtId")), _whole(attributes.get("fontId"))
            self.looks.append(look_of(number, self._codes.get(number)))
            self.struck.append(font < len(self._fonts) and self._fonts[font])

    def _end(self, element: str) -> None:
        if element == self._within:
            self._within = ""


class _Sheet:
    """Handlers for one sheet."""

    def __init__(
        self, gathering: Gathering, spent: Budget, strings: list[str], styles: _Styles | None, from_1904: bool
    ) -> None:
        self.gathering = gathering
        self._spent = spent
        self._strings = strings
        self._looks = styles.looks if styles else []
        self._struck = styles.struck if styles else []
        self._from_1904 = from_1904
        self._row = self._column = 0
        self._type = self._style = ""
        self._formula = self._wanted = self._spoken = False
        self._parts: list[str] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._spent.cell()
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._row, self._column = _place(reference)
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula = False
            self._parts.clear()
        elif element == "v":
            self._wanted = self._type != "inlineStr"
        elif element == "t":
            self._wanted = not self._spoken
        elif element == "f":
            self._formula = True
        elif element == "row":
            number = attributes.get("r")
            self._row = self._row + 1 if number is None else _whole(number, _LAST_ROW)
            self._column = 0
            if attributes.get("hidden", "") in _TRUE:
                self.gathering.odd(self._row)
        elif element == "rPh":
            self._spoken = True
        elif element == "mergeCell":
            self.gathering.merge(*_corners(attributes.get("ref", "")))

    def text(self, text: str) -> None:
        if self._wanted:
            self._parts.append(text)

    def end(self, element: str) -> None:
        if element == "c":
            value = self._value("".join(self._parts))
            if value is not None:
                struck = self._style.isdigit() and (at := int(self._style)) < len(self._struck) and self._struck[at]
                self.gathering.put(self._row, self._column, value, struck)
        elif element in ("v", "t"):
            self._wanted = False
        elif element == "rPh":
            self._spoken = False

    def _value(self, text: str) -> object:
        kind = self._type
        if not text.strip():
            return NO_RESULT if self._formula and kind != "str" else None
        if kind == "s":
            at = int(text) if text.isascii() and text.isdigit() else -1
            if not 0 <= at < len(self._strings):
                refuse(DAMAGED)
            return self._strings[at]
        if kind == "e":
            return error_value(text)
        if kind == "b":
            return text.strip() in _TRUE
        if kind == "d":
            return _iso(text)
        if kind == "n":
            number = parse_number(text)
            if number is None:
                return text
            style = self._style
            look = self._looks[at] if style.isdigit() and (at := int(style)) < len(self._looks) else Look.NUMBER
            return cell_value(number, look, self._from_1904)
        return text


def _iso(text: str) -> object:
    for read in (datetime.fromisoformat, time.fromisoformat):
        try:
            value = read(text.strip())
        except ValueError:
            continue
        if isinstance(value, datetime) and value.tzinfo is not None:
            return text  # said of another place: for whoever knows the zone
        return value
    return text


def _whole(text: str | None, most: int = 1 << 31) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 10:
        return refuse(DAMAGED) if text else 0
    number = int(text)
    return number if number <= most else refuse(DAMAGED)


def _place(reference: str) -> tuple[int, int]:
    found = _CELL.fullmatch(reference)
    if found is None:
        refuse(DAMAGED)
    row, column = int(found[2]), _column(found[1])
    if not 1 <= row <= _LAST_ROW or column > _LAST_COLUMN:
        refuse(DAMAGED)
    return row, column


def _corners(reference: str) -> tuple[int, int, int, int]:
    found = _CORNERS.fullmatch(reference)
    if found is None:
        refuse(DAMAGED)
    top, left = int(found[2]), _column(found[1])
    bottom, right = (int(found[4]), _column(found[3])) if found[3] else (top, left)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
