"""Workbooks as a single file of XML (SpreadsheetML of Excel 2003), which web systems give the name .xls."""

from datetime import datetime

from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import DAMAGED, Budget, refuse
from desktop.services.spreadsheets.formats.gathering import NO_RESULT, Gathering, error_value
from desktop.services.spreadsheets.formats.numbers import Look, cell_value, parse_number
from desktop.services.spreadsheets.formats.package import parse_xml, pieces
from desktop.services.spreadsheets.workbook import SheetCells

SIGN = b"urn:schemas-microsoft-com:office:spreadsheet"


def read_xml2003(data: bytes, spent: Budget) -> tuple[SheetCells, ...]:
    """Return all worksheets of a workbook.

    Raises:
        InvalidInput: it is damaged or beyond all bounds.
    """
    reading = _Reading(spent)
    parse_xml(pieces(data), spent, reading.start, reading.end, reading.text)
    return tuple(reading.sheets)


class _Reading:
    """Handlers for the whole file."""

    def __init__(self, spent: Budget) -> None:
        self.sheets: list[SheetCells] = []
        self._spent = spent
        self._sheet: Gathering | None = None
        self._row = self._column = self._next = 0
        self._type = ""
        self._formula = self._wanted = self._filled = False
        self._text: list[str] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if element == "Data":
            self._type, self._text, self._wanted = given.get("Type", "String"), [], True
        elif element == "Cell" and self._sheet:
            self._spent.cell()
            self._column = _number(given.get("Index"), self._next + 1)
            across, down = _number(given.get("MergeAcross"), 0), _number(given.get("MergeDown"), 0)
            if across or down:
                self._sheet.merge(self._row, self._column, self._row + down, self._column + across)
            self._next = self._column + across
            self._formula, self._filled = "Formula" in given, False
        elif element == "Row" and self._sheet:
            self._row = _number(given.get("Index"), self._row + 1)
            self._next = 0
            if given.get("Hidden") == "1":
                self._sheet.odd(self._row)
        elif element == "Worksheet":
            self._sheet = Gathering(given.get("Name", ""), self._spent)
            self._row = 0
        elif element == "Visible":
            self._type, self._text, self._wanted = element, [], True

    def text(self, text: str) -> None:
        if self._wanted:
            self._text.append(text)

    def end(self, element: str) -> None:
        if element == "Data" and self._sheet:
            self._wanted, self._filled = False, True
            value = self._value("".join(self._text))
            self._sheet.put(self._row, self._column, value)
        elif element == "Cell" and self._sheet:
            if self._formula and not self._filled:
                self._sheet.put(self._row, self._column, NO_RESULT)
        elif element == "Visible":
            self._wanted = False
            if self._sheet and "".join(self._text).strip() in ("SheetHidden", "SheetVeryHidden"):
                self._sheet.hidden = True
        elif element == "Worksheet" and self._sheet:
            self.sheets.append(self._sheet.done())
            self._sheet = None

    def _value(self, text: str) -> object:
        if self._type == "Number":
            number = parse_number(text)
            return text if number is None else cell_value(number, Look.NUMBER, False)
        if self._type == "DateTime":
            try:
                moment = datetime.fromisoformat(text.strip())
            except ValueError:
                return text
            return text if moment.tzinfo else moment
        if self._type == "Boolean":
            return text.strip() == "1"
        if self._type == "Error":
            return error_value(text)
        return text


def _number(text: str | None, without: int) -> int:
    if text is None:
        return without
    if not text.isascii() or not text.isdigit() or int(text[:9]) > 2 * budget.MAX_CELLS:
        refuse(DAMAGED)
    return int(text[:9])
