"""Tables of web pages (.htm, and what web systems call .xls), also as a single file with its pictures (.mht)."""

import email
import email.policy
import re
from html.parser import HTMLParser

from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import Budget, refuse
from desktop.services.spreadsheets.formats.delimited import decoded
from desktop.services.spreadsheets.formats.gathering import Gathering
from desktop.services.spreadsheets.workbook import SheetCells

MAX_CHARACTERS = 12_000_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_CELL = re.compile(r"<t[dh]\b", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-ignore\s*:\s*display", re.I)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_COUNTED = re.compile(r"(?:工作表|sheet)\s*\d+\s*[:：]\s*", re.I)
_LONGEST_TITLE = 31
_NO_TEXT = frozenset({"script", "style", "head", "noscript", "template"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_MOST_SPANNED = 2000


def looks_like_web(begin: bytes) -> bool:
    """Tell whether a file begins like a web page with tables."""
    low = begin.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return low.startswith(
        (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<body", b"<div")
    ) or (
        low.startswith((b"mime-version:", b"<?xml", b"<!--"))
        and (b"<html" in low or b"<table" in low or b"text/html" in low)
    )


def read_webpage(data: bytes, encoding: str, spent: Budget) -> tuple[tuple[SheetCells, ...], str]:
    """Return the tables of a page as sheets, and how the text was read.

    Raises:
        InvalidInput: there is no table in it, its text cannot be read, or it is beyond all bounds.
    """
    if data[:4096].lstrip().lower().startswith(b"mime-version:"):
        data = _page_of(data)
    said = _CHARSET.search(data[:4096].replace(b"\0", b""))
    text, encoding = decoded(data, encoding, said[1].decode("ascii").lower() if said else "")
    if len(text) > MAX_CHARACTERS:
        refuse(f"网页表格超过{MAX_CHARACTERS // 10_000}万字，请另存为.xlsx")
    if sum(1 for _ in _CELL.finditer(text)) > budget.MAX_CELLS:
        refuse(f"单元格超过{budget.MAX_CELLS // 10_000}万个")
    page = _Page(spent)
    page.feed(text)
    page.close()
    page.finish()
    if not page.sheets:
        where = "，表格在旁边同名的文件夹里，请在Excel或WPS中打开后另存为.xlsx" if "<frame" in text.lower() else ""
        refuse(f"网页里没有表格{where}")
    return tuple(page.sheets), encoding


def _page_of(data: bytes) -> bytes:
    """Return the part of a saved page that holds its tables."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"]
    found = [page for page in pages if isinstance(page, bytes)]
    return max(found, key=lambda page: page.lower().count(b"<td"), default=b"")


class _Table:
    """A table while its rows come."""

    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering
        self.row = 0
        self.column = 0
        self.taken: dict[int, int] = {}
        """Column → last row that a cell from above reaches down to."""
        self.text: list[str] | None = None
        self.hidden = False
        self.cell: tuple[int, int, int, int] = (0, 0, 0, 0)
        self.cells = 0


class _Page(HTMLParser):
    """The tables of a page; one within a cell of another is a table of its own."""

    def __init__(self, spent: Budget) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[SheetCells] = []
        self._spent = spent
        self._open: list[_Table] = []
        self._silent = 0
        self._names = 0
        self._heading: list[str] | None = None
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._spent.step()
        if tag in _NO_TEXT:
            self._silent += 1
        elif tag == "table":
            self._names += 1
            self._open.append(_Table(Gathering(self._title or f"表格{self._names}", self._spent)))
            self._title = ""
        elif tag in _HEADINGS:
            self._heading = []
        elif self._open:
            self._within(self._open[-1], tag, {name: value or "" for name, value in attrs})

    def _within(self, table: _Table, tag: str, given: dict[str, str]) -> None:
        if tag == "tr":
            self._end_cell(table)
            table.row += 1
            table.column = 0
            if "hidden" in given or _HIDDEN.search(given.get("style", "")):
                table.gathering.odd(table.row)
        elif tag in ("td", "th"):
            self._end_cell(table)
            self._spent.cell()
            table.row = max(table.row, 1)
            column = table.column + 1
            while table.taken.get(column, 0) >= table.row:
                column += 1
            right = column + _spanned(given.get("colspan")) - 1
            bottom = table.row + _spanned(given.get("rowspan")) - 1
            if right > budget.MAX_WRITTEN_COLUMNS:
                refuse(f"工作表“{table.gathering.title}”超过{budget.MAX_COLUMNS}列")
            for each in range(column, right + 1):
                table.taken[each] = bottom
            table.column = right
            table.cell = (table.row, column, bottom, right)
            table.text = []
        elif tag in _BREAKS and table.text:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NO_TEXT:
            self._silent = max(0, self._silent - 1)
        elif tag in _HEADINGS and self._heading is not None:
            title = _COUNTED.sub("", " ".join("".join(self._heading).split()))[:_LONGEST_TITLE]
            self._heading = None
            if tag == "caption" and self._open and title:
                self._open[-1].gathering.title = title
            else:
                self._title = title
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell(self._open[-1])
        elif self._open and tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)
        elif self._open and not self._silent and (text := self._open[-1].text) is not None:
            text.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _end_cell(self, table: _Table) -> None:
        if table.text is None:
            return
        value = re.sub(r" ?\n ?", "\n", "".join(table.text).replace("\xa0", " ")).strip()
        top, left, bottom, right = table.cell
        if value:
            table.cells += 1
            table.gathering.put(top, left, value)
        if bottom > top or right > left:
            table.gathering.merge(top, left, bottom, right)
        table.text = None

    def _end_table(self) -> None:
        table = self._open.pop()
        self._end_cell(table)
        if table.cells:
            self.sheets.append(table.gathering.done())

    def finish(self) -> None:
        """Close what the page left open."""
        while self._open:
            self._end_table()


def _spanned(text: str | None) -> int:
    digits = re.match(r"\s*(\d{1,5})", text or "")
    return min(max(int(digits[1]), 1), _MOST_SPANNED) if digits else 1
