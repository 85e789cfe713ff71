"""What a file of tables holds once it is read: sheets of plain cells, whatever program wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.models.vocabulary.labels import Labelled

SUFFIXES = (
    *(".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv", ".txt"),
    *(".xltx", ".xltm", ".xlt", ".ett", ".ots", ".fods", ".tsv", ".htm", ".html", ".mht", ".xml"),
)
"""How files that can be read are called, the usual ones first; what a file is, is told by what stands in it."""


class Format(Labelled):
    """What a file is, by what stands in it; its name may say otherwise."""

    XLSX = "xlsx", "Excel工作簿（.xlsx）"
    XLSM = "xlsm", "带宏的Excel工作簿（.xlsm）"
    XLSB = "xlsb", "Excel二进制工作簿（.xlsb）"
    XLS = "xls", "Excel 97-2003工作簿（.xls）"
    ET = "et", "WPS表格（.et）"
    ODS = "ods", "OpenDocument表格（.ods）"
    XML = "xml", "XML表格（Excel 2003）"
    HTML = "html", "网页表格（.xls、.htm）"
    TEXT = "text", "文本（.csv、.txt）"
    PASTED = "pasted", "粘贴的内容"
    WORD = "word", "Word文档（.docx）"


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as a single cell, by their corners from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The document whose words a sheet holds line by line."""

    path: Path
    sha256: str
    names: tuple[str, ...] = ()
    """Of the file and of the folders around it: they may say the year, or what kind of meeting it was."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A worksheet as row → column → value, both from 1, holding only cells with something in them.

    What stands in cells merged downwards stands in each of their rows.
    """

    title: str
    rows: Mapping[int, Mapping[int, object]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    """The whole sheet is hidden in its program."""
    odd: frozenset[int] = field(default=frozenset())
    """Rows that are hidden, filtered away or struck out, where the format tells."""
    origin: Origin | None = None
    """Of a document: a line of words or a row of a table in each row."""
    fault: str = ""
    """Why nothing of this part could be read."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """All worksheets of a file, the hidden ones too."""

    sheets: tuple[SheetCells, ...]
    format: Format = Format.XLSX
    encoding: str = ""
    """How the text was read: utf-8, utf-16, gb18030; empty for what is no text."""
    name: str = ""
    """Of the file, or what to call a block that was pasted."""
