"""Workbooks of OpenDocument (.ods), whose equal cells and rows are written once with how often they come."""

import re
from datetime import datetime, time, timedelta

from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse
from desktop.services.spreadsheets.formats.biff8 import PASSWORD
from desktop.services.spreadsheets.formats.gathering import NO_RESULT, Gathering, error_value
from desktop.services.spreadsheets.formats.numbers import parse_number
from desktop.services.spreadsheets.formats.package import Package, parse_xml, pieces
from desktop.services.spreadsheets.text import Number1904
from desktop.services.spreadsheets.workbook import SheetCells

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_ASIDE = frozenset({"annotation", "frame", "custom-shape", "rect", "line", "ellipse", "control"})
"""What lies over a cell and is no part of its text."""
_NUMBERS = frozenset({"float", "percentage", "currency"})
_TIME = re.compile(r"(-?)P(?:(\d{1,6})D)?T(?:(\d{1,8})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,](\d{1,9}))?S)?")
_ERROR = re.compile(r"#[A-Z/0-9]+[!?]?|Err:\d+|#.{1,12}!")


def read_opendocument(package: Package, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all sheets of a workbook.

    Raises:
        InvalidInput: it has a password, is damaged or beyond all bounds.
    """
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        refuse(PASSWORD)
    content = _Content(spent)
    package.parse(_CONTENT, content.start, content.end, content.text)
    return tuple(content.sheets)


def read_flat(data: bytes, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all sheets of a workbook that is a single file of XML (.fods).

    Raises:
        InvalidInput: it is damaged or beyond all bounds.
    """
    content = _Content(spent)
    parse_xml(pieces(data), spent, content.start, content.end, content.text)
    return tuple(content.sheets)


class _Content:
    """Handlers for the part that holds all sheets."""

    def __init__(self, spent: Budget) -> None:
        self.sheets: list[SheetCells] = []
        self._spent = spent
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._struck_styles: set[str] = set()
        self._from_1904 = False
        self._sheet: Gathering | None = None
        self._row = self._rows = self._column = 0
        self._cells: list[tuple[int, int, object, bool]] = []
        self._cell: dict[str, str] = {}
        self._covered = False
        self._text: list[str] = []
        self._wanted = 0
        self._aside = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in ("table-cell", "covered-table-cell"):
            self._cell, self._covered, self._text = attributes, element[0] == "c", []
        elif element == "p":
            if not self._aside and not self._wanted and self._text:
                self._text.append("\n")
            self._wanted += 1
        elif element in _ASIDE:
            self._aside += 1
        elif element in ("s", "tab", "line-break"):
            count = min(_times(attributes.get("text:c")), 100)
            self.text(" " * count if element == "s" else "\t" if element == "tab" else "\n")
        elif element == "table-row":
            self._column, self._cells = 0, []
            self._rows = _times(attributes.get("table:number-rows-repeated"))
            if self._sheet and attributes.get("table:visibility", "visible") != "visible":
                self._sheet.odd(self._row + 1, self._row + self._rows)
        elif element == "table":
            hidden = attributes.get("table:style-name", "") in self._hidden_styles
            self._sheet = Gathering(attributes.get("table:name", ""), self._spent, hidden)
            self._row = 0
        else:
            self._about(element, attributes)

    def _about(self, element: str, attributes: dict[str, str]) -> None:
        if element == "style":
            self._style = attributes.get("style:name", "")
        elif element == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif element == "text-properties" and attributes.get("style:text-line-through-style", "none") != "none":
            self._struck_styles.add(self._style)
        elif element == "null-date":
            self._from_1904 = attributes.get("table:date-value", "").startswith("1904")

    def text(self, text: str) -> None:
        if self._wanted and not self._aside:
            self._text.append(text)

    def end(self, element: str) -> None:
        if element in ("table-cell", "covered-table-cell"):
            self._cell_done()
        elif element == "p":
            self._wanted = max(0, self._wanted - 1)
        elif element in _ASIDE:
            self._aside = max(0, self._aside - 1)
        elif element == "table-row":
            self._row_done()
        elif element == "table" and self._sheet:
            self.sheets.append(self._sheet.done())
            self._sheet = None

    def _cell_done(self) -> None:
        times = _times(self._cell.get("table:number-columns-repeated"))
        down, right = (_times(self._cell.get(f"table:number-{what}-spanned")) for what in ("rows", "columns"))
        first = self._column + 1
        self._column += times
        self._spent.cell()
        value = None if self._covered else self._value()
        if self._sheet and (down > 1 or right > 1):
            self._sheet.merge(self._row + 1, first, self._row + down, first + right - 1)
        if value is not None:
            struck = self._cell.get("table:style-name", "") in self._struck_styles
            self._cells.append((first, min(times, budget.MAX_COLUMNS + 1), value, struck))

    def _value(self) -> object:
        kind, text = self._cell.get("office:value-type"), "".join(self._text)
        if self._cell.get("calcext:value-type") == "error" or (
            "table:formula" in self._cell and kind == "string" and _ERROR.fullmatch(text)
        ):
            return error_value(text or "#N/A")
        if kind in _NUMBERS:
            number = parse_number(self._cell.get("office:value", ""))
            if number is None:
                return text
            if self._from_1904:
                return Number1904(number)
            return int(number) if abs(number) < 1e15 and number == int(number) else number
        if kind == "date":
            return _moment(self._cell.get("office:date-value", ""), text)
        if kind == "time":
            return _span(self._cell.get("office:time-value", ""), text)
        if kind == "boolean":
            return self._cell.get("office:boolean-value") == "true"
        if "table:formula" in self._cell and kind is None and not text:
            return NO_RESULT
        return self._cell.get("office:string-value", text) or text or None

    def _row_done(self) -> None:
        if self._sheet and self._cells:
            each = sum(times for _, times, _, _ in self._cells)
            self._spent.cell(each * self._rows)
            for row in range(self._row + 1, self._row + self._rows + 1):
                for first, times, value, struck in self._cells:
                    for column in range(first, first + times):
                        self._sheet.put(row, column, value, struck)
        self._row += self._rows


def _times(text: str | None) -> int:
    if text is None:
        return 1
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else refuse(DAMAGED)


def _moment(value: str, text: str) -> object:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return text or value
    return moment.replace(tzinfo=None)


def _span(value: str, text: str) -> object:
    found = _TIME.fullmatch(value)
    if found is None:
        return text or value
    days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found[1] or span >= timedelta(days=1):
        return -span if found[1] else span
    return time(span.seconds // 3600, span.seconds // 60 % 60, span.seconds % 60)
