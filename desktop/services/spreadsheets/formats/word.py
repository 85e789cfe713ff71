"""Word documents (.docx): their lines and the rows of their tables, in the order in which people read them.

python-docx opens them, but only what is wanted and was measured: the one part with the words, alone in a package.
Pictures, macros and links to elsewhere never leave the file.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import FILE, Budget, refuse
from desktop.services.spreadsheets.formats.ole import MAGIC
from desktop.services.spreadsheets.formats.package import UNREADABLE, Package, parse_xml, pieces
from desktop.services.spreadsheets.workbook import Merge

SUFFIXES = (".docx", ".docm", ".dotx")
"""How documents that can be read are called."""
OTHERS = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt")
"""How documents are called that another program has to save anew first."""
MAX_BYTES = 100 << 20
"""Of a file; what of it is pictures is never unpacked."""
MAX_WORDS = 16 << 20
"""Of the part that holds the words, unpacked: a hundred times a long year's minutes."""
MAX_ELEMENTS = 300_000
MAX_PARTS = 10_000
DEEPEST = 120
"""Elements within elements: tables within tables of what people write go to forty."""
DAMAGED = "Word文档已损坏或没有复制完整，请在Word或WPS中打开，另存为.docx再导入"
PASSWORD = "Word文档设了打开密码，请在Word或WPS中取消密码后另存"
OLD = "这是旧的Word格式（.doc），请在Word或WPS中打开，另存为.docx再导入"
_NOT_WORD = {
    b"%PDF": "这是PDF，请找到原来的Word文档，或在WPS中转为.docx",
    b"{\\rtf": "这是RTF文档，请在Word或WPS中打开，另存为.docx再导入",
}
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_AROUND = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"})
"""What stands around paragraphs and tables and is none."""
_UNSEEN = frozenset({"del", "moveFrom", "delText", "instrText", "Fallback", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr"})
"""What nobody reads: taken out by who corrected it, said twice, or about how it looks."""
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Element(Protocol):
    """What is used of the elements that python-docx hands out: lxml, beneath it, says nothing of its types."""

    tag: Any
    text: str | None
    attrib: Mapping[str, str]

    def __iter__(self) -> Iterator["Element"]:
        """Give the elements within."""


def is_word(path: Path) -> bool:
    """Tell whether a file is a document: by its name, or a package that holds one under another name."""
    if path.suffix.lower() in (*SUFFIXES, *OTHERS):
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, *UNREADABLE):
        return False


@dataclass(slots=True)
class Page:
    """The lines and rows found so far."""

    rows: dict[int, dict[int, object]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def line(self, text: str) -> None:
        """Add the lines of a paragraph; an empty one is nothing."""
        for part in text.split("\n"):
            if part.strip():
                self.row({1: part.strip()})

    def row(self, cells: dict[int, object]) -> int:
        """Add a row, and return its number.

        Raises:
            InvalidInput: there are too many.
        """
        if len(self.rows) >= budget.MAX_ROWS:
            refuse(f"Word文档超过{budget.MAX_ROWS}行，请分成几个文件再导入")
        number = len(self.rows) + 1
        self.rows[number] = cells
        return number


def read_word(path: Path, spent: Budget) -> Page:
    """Return what a document says, line by line.

    Raises:
        InvalidInput: field 文件: not there, no .docx, damaged, protected by a password, or beyond all bounds.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            refuse(f"文件超过{MAX_BYTES >> 20}MB")
        with path.open("rb") as file:
            _refuse_others(path, file.read(4096), file.read(budget.MAX_BYTES))
    except FileNotFoundError as error:
        raise InvalidInput(FILE, f"找不到“{path.name}”") from error
    except OSError as error:
        raise InvalidInput(FILE, "文件读不出来，可能正被其他程序占用，或所在的盘已拔出") from error
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *UNREADABLE):
        refuse(DAMAGED)
    try:
        with archive:
            words = _words(archive, spent)
    except InvalidInput as error:
        if error.reason == budget.DAMAGED:  # as the reader of packages says it
            refuse(DAMAGED)
        raise
    page = Page()
    _Walk(page, spent).blocks(_body(words))
    return page


def _refuse_others(path: Path, begin: bytes, rest: bytes) -> None:
    if not begin:
        refuse("文件是空的")
    if begin.startswith(MAGIC):
        refuse(PASSWORD if "EncryptedPackage".encode("utf-16-le") in begin + rest else OLD)
    for sign, reason in _NOT_WORD.items():
        if begin.startswith(sign):
            refuse(reason)
    if not begin.startswith(b"PK"):
        refuse(OLD if path.suffix.lower() in OTHERS else DAMAGED)


def _words(archive: zipfile.ZipFile, spent: Budget) -> bytes:
    """Return the part with the words, once it is known to be no more than a document."""
    if len(archive.infolist()) > MAX_PARTS:
        refuse("Word文档里的部件过多")
    package = Package(archive, spent)
    part = next((part for kind, part in package.related("").values() if kind == "officeDocument"), "word/document.xml")
    if part not in package:
        refuse("这是OpenDocument文档，请另存为.docx再导入" if "content.xml" in package else DAMAGED)
    whole = bytearray()
    with contextlib.closing(package.chunks(part)) as chunks:
        for chunk in chunks:
            whole += chunk
            if len(whole) > MAX_WORDS:
                refuse("Word文档展开后过大")
    words = bytes(whole)
    depth = elements = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if elements > MAX_ELEMENTS:
            refuse("Word文档里的内容过多，请分成几个文件再导入")
        if depth > DEEPEST:
            refuse("Word文档里的表格套得过深，请在Word或WPS中整理后再导入")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parse_xml(pieces(words), spent, start, end)
    return words.replace(_STRICT, _USUAL)


def _body(words: bytes) -> Element:
    from docx import Document  # with lxml it takes a quarter of a second: only whoever brings a document waits
    from docx.exceptions import PythonDocxError

    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr("word/document.xml", words)
    whole.seek(0)
    try:
        body: Any = Document(whole).element.body
    except (PythonDocxError, SyntaxError, AttributeError, *UNREADABLE):
        body = None
    if body is None:
        refuse(DAMAGED)
    found: Element = body
    return found


class _Walk:
    """Goes through the elements of a document."""

    def __init__(self, page: Page, spent: Budget) -> None:
        self._page, self._spent = page, spent

    def blocks(self, parent: Element) -> None:
        """Add the paragraphs and tables within an element."""
        for child in parent:
            name = _name(child)
            if name == "p":
                boxes: list[Element] = []
                self._page.line(_text(child, boxes))
                for box in boxes:
                    self.blocks(box)
            elif name == "tbl":
                self._table(child)
            elif name in _AROUND:
                self.blocks(child)

    def _table(self, table: Element) -> None:
        open_: dict[int, tuple[int, int, object]] = {}  # first column → first row, last column, what stands there
        for line in _within(table, "tr"):
            cells, merged, across, nested = dict[int, object](), dict[int, int](), list[tuple[int, int]](), 0
            column = 1 + _number(line, "trPr", "gridBefore", 0)
            for cell in _within(line, "tc"):
                span = _number(cell, "tcPr", "gridSpan", 1)
                self._spent.cover(1, span)
                if column + span > budget.MAX_COLUMNS:
                    refuse(f"Word文档里的表格超过{budget.MAX_COLUMNS}列")
                merge = _child(_child(cell, "tcPr"), "vMerge")
                goes_on = merge is not None and _value(merge) != "restart"
                if goes_on and column in open_:
                    merged[column] = open_[column][0]
                    cells[column] = open_[column][2]
                else:
                    words = "\n".join(_lines(cell))
                    nested += _child(cell, "tbl") is not None
                    if words:
                        cells[column] = words
                if span > 1:
                    across.append((column, column + span - 1))
                if merge is not None and not goes_on:
                    merged[column] = 0
                column += span
            open_ = self._add_row(line, cells, merged, across, open_, nested=bool(nested))

    def _add_row(
        self,
        line: Element,
        cells: dict[int, object],
        merged: dict[int, int],
        across: list[tuple[int, int]],
        open_: dict[int, tuple[int, int, object]],
        *,
        nested: bool,
    ) -> dict[int, tuple[int, int, object]]:
        """Add a row of a table, and return the cells that may go on below it."""
        if nested and len(cells) == 1:  # a table that only frames another: its rows are read as they are
            for cell in _within(line, "tc"):
                self.blocks(cell)
            return {}
        filled = {column: value for column, value in cells.items() if value is not None}
        if not filled:
            return open_
        number = self._page.row(filled)
        last = dict(across)
        going: dict[int, tuple[int, int, object]] = {}
        for column, first in merged.items():
            begun = first or number
            going[column] = (begun, last.get(column, column), cells.get(column))
            if first:
                self._page.merges = [at for at in self._page.merges if (at.top, at.left) != (first, column)]
                self._page.merges.append(Merge(first, column, number, last.get(column, column)))
        for left, right in across:
            if left not in merged:
                self._page.merges.append(Merge(number, left, number, right))
        return going


def _lines(parent: Element) -> Iterator[str]:
    """Give the lines of a cell; a table within it a line for each of its rows."""
    for child in parent:
        name = _name(child)
        if name == "p":
            boxes: list[Element] = []
            text = _text(child, boxes)
            yield from filter(None, (line.strip() for line in text.split("\n")))
            for box in boxes:
                yield from _lines(box)
        elif name == "tr":
            cells = ["".join(_lines(cell)) for cell in _within(child, "tc")]
            yield from filter(None, ["　".join(filter(None, cells))])
        elif name == "tbl" or name in _AROUND:
            yield from _lines(child)


def _text(parent: Element, boxes: list[Element]) -> str:
    """Return the words of a paragraph as they are read; boxes that float over it are put into `boxes`."""
    found: list[str] = []
    for child in parent:
        name = _name(child)
        if name == "t":
            found.append(child.text or "")
        elif name in _SIGNS:
            found.append(_SIGNS[name])
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _UNSEEN:
            found.append(_text(child, boxes))
    return "".join(found)


def _within(parent: Element, name: str) -> Iterator[Element]:
    """Give the rows of a table or the cells of a row, whatever frames them."""
    for child in parent:
        if _name(child) == name:
            yield child
        elif _name(child) in _AROUND:
            yield from _within(child, name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(parent: Element | None, name: str) -> Element | None:
    return next((child for child in parent if _name(child) == name), None) if parent is not None else None


def _value(element: Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == "val"), "")


def _number(parent: Element, properties: str, name: str, default: int) -> int:
    found = _child(_child(parent, properties), name)
    text = _value(found) if found is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default
