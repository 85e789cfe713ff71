"""What a file of tables holds, as plain cells."""

import io
import zipfile
from pathlib import Path

from desktop.services.errors import InvalidInput
from desktop.services.files import NotOrdinary, open_ordinary
from desktop.services.quoting import readable
from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import DAMAGED, FILE, Budget, refuse
from desktop.services.spreadsheets.formats.biff8 import PASSWORD, read_biff8
from desktop.services.spreadsheets.formats.biff12 import read_biff12
from desktop.services.spreadsheets.formats.delimited import decoded, read_delimited
from desktop.services.spreadsheets.formats.ole import MAGIC, CompoundFile
from desktop.services.spreadsheets.formats.ooxml import read_ooxml, workbook_part
from desktop.services.spreadsheets.formats.opendocument import read_flat, read_opendocument
from desktop.services.spreadsheets.formats.package import UNREADABLE, Package
from desktop.services.spreadsheets.formats.webpage import looks_like_web, read_webpage
from desktop.services.spreadsheets.formats.xml2003 import SIGN, read_xml2003
from desktop.services.spreadsheets.workbook import Format, SheetCells, Workbook

INSTRUCTIONS = "填写说明"
"""The sheet of a template that explains the others."""
PASTED = "粘贴的内容"
_BEGIN = 4096
_BIFF = (b"\x09\x08", b"\x09\x04\x06", b"\x09\x02\x06", b"\x09\x00\x04")
_OTHERS = {
    b"%PDF": "这是PDF，不是表格，请找到原来的表格，或在WPS中转为.xlsx",
    b"\x89PNG": "这是图片，不是表格",
    b"\xff\xd8\xff": "这是图片，不是表格",
    b"Rar!": "这是压缩包，请先解压",
    b"7z\xbc\xaf": "这是压缩包，请先解压",
}
_WORD = "这是Word文档，不是表格，请把其中的表格复制到Excel或WPS表格里，或直接粘贴"


def read_workbook(path: Path, encoding: str = "") -> Workbook:
    """Return what a file of tables shows: saved results of formulas, merged cells spread down, hidden sheets and rows.

    What the file is, is told by what stands in it, not by its name. `encoding` is how to read text instead of the
    encoding found.

    Raises:
        InvalidInput: field 文件: not there, damaged, protected by a password, beyond all bounds, or no tables;
            field 文字编码: the text is not in `encoding`.
    """
    try:
        with open_ordinary(path) as file:
            data = file.read(budget.MAX_BYTES + 1)
        if len(data) > budget.MAX_BYTES:
            refuse(f"文件超过{budget.MAX_BYTES // 1024 // 1024}MB")
    except FileNotFoundError as error:
        raise InvalidInput(FILE, f"找不到“{path.name}”") from error
    except OSError as error:
        if path.is_dir():
            raise InvalidInput(FILE, f"选的是文件夹“{path.name}”，要选文件") from error
        if isinstance(error, NotOrdinary):
            refuse(f"“{path.name}”不是普通文件")
        raise InvalidInput(FILE, "文件读不出来，可能正被其他程序占用，或所在的盘已拔出") from error
    if not data:
        refuse("文件是空的")
    sheets, kind, encoding = _read(data, path, encoding, Budget())
    if not sheets:
        refuse("工作簿里没有可读的工作表")
    return Workbook(sheets, kind, encoding, readable(path.name))


def read_block(text: str) -> Workbook:
    """Return a block copied from Excel or WPS as a workbook of one sheet: tabs between columns, quoted line breaks.

    Raises:
        InvalidInput: field 文件: nothing in it, or it is beyond all bounds.
    """
    if not text.strip():
        refuse("剪贴板里没有表格，请在Excel或WPS中选中单元格后复制")
    if len(text) > budget.MAX_BYTES:
        refuse("粘贴的内容过大，请存成文件再导入")
    mark = "\t" if "\t" in text else ""
    return Workbook((read_delimited(text, PASTED, Budget(), mark),), Format.PASTED, name=PASTED)


def _read(data: bytes, path: Path, encoding: str, spent: Budget) -> tuple[tuple[SheetCells, ...], Format, str]:
    begin = data[:_BEGIN]
    of_wps = path.suffix.lower() in (".et", ".ett")
    if begin.startswith(MAGIC):
        return _compound(data, spent), Format.ET if of_wps else Format.XLS, ""
    if begin.startswith(b"PK"):
        sheets, kind = _package(data, spent)
        return sheets, Format.ET if of_wps and kind is Format.XLSX else kind, ""
    if begin.startswith(_BIFF):
        if begin[1] != 8:
            refuse("这是Excel 4.0以前的格式，请在Excel或WPS中另存为.xlsx")
        return read_biff8(data, spent), Format.XLS, ""
    for sign, reason in _OTHERS.items():
        if begin.startswith(sign):
            refuse(reason)
    if SIGN in begin or SIGN.decode().encode("utf-16-le") in begin:
        return read_xml2003(data, spent), Format.XML, ""
    if b"opendocument.spreadsheet" in begin and b"<office:document" in begin:
        return read_flat(data, spent), Format.ODS, ""
    if looks_like_web(begin):
        tables, found = read_webpage(data, encoding, spent)
        return tables, Format.HTML, found
    if begin.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        refuse("这是XML文件，不是表格，请在Excel或WPS中打开后另存为.xlsx")
    text, found = decoded(data, encoding)
    return (read_delimited(text, readable(path.stem), spent),), Format.TEXT, found


def _compound(data: bytes, spent: Budget) -> tuple[SheetCells, ...]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse(PASSWORD)
    file = CompoundFile(data)
    if "WordDocument" in file:
        refuse(_WORD)
    for name in ("Workbook", "Book"):
        if name in file:
            return read_biff8(file.read(name), spent)
    return refuse(DAMAGED)


def _package(data: bytes, spent: Budget) -> tuple[tuple[SheetCells, ...], Format]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except UNREADABLE:
        refuse(DAMAGED)
    with archive:
        package = Package(archive, spent)
        if "mimetype" in package and "content.xml" in package:
            if b"spreadsheet" not in package.read("mimetype"):
                refuse("这是OpenDocument文档，不是表格")
            return read_opendocument(package, spent), Format.ODS
        part = workbook_part(package)
        if part is None:
            refuse(_WORD if "word/document.xml" in package else "不是表格，是别的压缩文件，请先解压")
        if part.endswith(".bin"):
            return read_biff12(package, part, spent), Format.XLSB
        kind = Format.XLSM if "xl/vbaProject.bin" in package else Format.XLSX
        return read_ooxml(package, part, spent), kind
