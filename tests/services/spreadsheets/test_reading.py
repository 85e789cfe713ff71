"""Files are what stands in them, whatever they are called; each that cannot be read has its own sentence."""

import io
import os
import sys
import zipfile
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.reading import read_block, read_workbook
from desktop.services.spreadsheets.text import Unreadable
from desktop.services.spreadsheets.workbook import Format
from tests.workbooks.parts import (
    CELL_DATE,
    cell12,
    changed,
    compound,
    number8,
    plain_xlsx,
    record8,
    row12,
    stream8,
    text8,
    write,
    xlsb,
    zipped,
)

PASSWORD = "工作簿设了打开密码，请在Excel或WPS中取消密码后另存"
DAMAGED = "工作簿已损坏或没有复制完整"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS = (("姓名", "年龄"), ("张三", 30))
OLD = stream8({"x": [text8(1, 1, "姓名"), text8(1, 2, "年龄"), text8(2, 1, "张三"), number8(2, 2, 30)]})
BINARY = (row12(1), cell12(1, "姓名"), cell12(2, "年龄"), row12(2), cell12(1, "张三"), cell12(2, 30))


def refusal(path: Path) -> tuple[str, str]:
    """Return field and reason with which the file is refused."""
    with pytest.raises(InvalidInput) as refused:
        read_workbook(path)
    return refused.value.label, refused.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04" + b"x" * 100, DAMAGED),
        (OLE + bytes(600), DAMAGED),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (
            compound({"Workbook": stream8({"名单": []}, before=record8(0x2F, b"\1\0" + bytes(52)))}),
            PASSWORD,
        ),
        (compound({"WordDocument": b"x"}), "这是Word文档，不是表格，请把其中的表格复制到Excel或WPS表格里，或直接粘贴"),
        (
            zipped({"word/document.xml": "x"}),
            "这是Word文档，不是表格，请把其中的表格复制到Excel或WPS表格里，或直接粘贴",
        ),
        (zipped({"a.txt": "x"}), "不是表格，是别的压缩文件，请先解压"),
        (zipped({"xl/workbook.xml": "<workbook"}), DAMAGED),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
            "这是OpenDocument文档，不是表格",
        ),
        (
            zipped(
                {
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": "x",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                }
            ),
            PASSWORD,
        ),
        (b"%PDF-1.7\n", "这是PDF，不是表格，请找到原来的表格，或在WPS中转为.xlsx"),
        (b"\x89PNG\r\n", "这是图片，不是表格"),
        (b"Rar!\x1a\x07", "这是压缩包，请先解压"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", "这是Excel 4.0以前的格式，请在Excel或WPS中另存为.xlsx"),
        (bytes(range(256)) * 20, "不是表格，也不是看得懂的文本（UTF-8、GB18030、UTF-16）"),
        (b"<?xml version='1.0'?><a/>", "这是XML文件，不是表格，请在Excel或WPS中打开后另存为.xlsx"),
        (b"<html><body>x</body></html>", "网页里没有表格"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_by_its_own_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(write(tmp_path / "a.xlsx", content)) == ("文件", reason)


def test_damaged_cut_and_misplaced_files(tmp_path: Path) -> None:
    whole = plain_xlsx(ROWS)
    path = write(tmp_path / "a.xlsx", whole[: len(whole) // 2])
    assert refusal(path) == ("文件", DAMAGED)
    spoilt = changed(whole, {"xl/worksheets/sheet1.xml": (b"<sheetData>", b"<sheetData><")})
    assert refusal(write(path, spoilt)) == ("文件", DAMAGED)
    assert refusal(tmp_path / "none.xlsx") == ("文件", "找不到“none.xlsx”")
    assert refusal(tmp_path) == ("文件", f"选的是文件夹“{tmp_path.name}”，要选文件")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.xlsx")
        assert refusal(tmp_path / "pipe.xlsx") == ("文件", "“pipe.xlsx”不是普通文件")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_packed_as_no_workbook_is_are_damage_whatever_unpacking_would_raise(tmp_path: Path, how: int) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 100)
    content = path.read_bytes()
    middle = content.index(b"xl/workbook.xml") + 40
    write(path, content[:middle] + bytes(20) + content[middle + 20 :])
    assert refusal(path) == ("文件", DAMAGED)


def test_a_file_beyond_a_bound_is_refused_with_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.xlsx", plain_xlsx([["姓名", "年龄"]] + [["张三", 30]] * 20))
    monkeypatch.setattr(budget, "MAX_ROWS", 10)
    assert refusal(path) == ("文件", "工作表“Sheet”超过10行")
    monkeypatch.setattr(budget, "MAX_COLUMNS", 1)
    assert refusal(path) == ("文件", "工作表“Sheet”超过1列")
    monkeypatch.setattr(budget, "MAX_UNPACKED_BYTES", 10)
    assert refusal(path) == ("文件", "工作簿展开后过大")
    monkeypatch.setattr(budget, "MAX_BYTES", 10)
    assert refusal(path) == ("文件", "文件超过0MB")


def test_reading_that_takes_too_long_is_given_up_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", -1.0)
    path = write(tmp_path / "a.csv", b"a,b\n" * 5000)
    assert refusal(path)[1].startswith("读了-1秒还没有读完")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.xlsx", plain_xlsx(ROWS), Format.XLSX),
        ("改了名.xls", plain_xlsx(ROWS), Format.XLSX),
        ("a.et", plain_xlsx(ROWS), Format.ET),
        ("a.xls", compound({"Workbook": OLD}), Format.XLS),
        ("a.et", compound({"Workbook": OLD}), Format.ET),
        ("裸流.xls", OLD, Format.XLS),
        ("a.xlsb", xlsb({"x": BINARY}), Format.XLSB),
    ],
)  # fmt: skip
def test_a_file_is_what_stands_in_it(tmp_path: Path, name: str, content: bytes, kind: Format) -> None:
    book = read_workbook(write(tmp_path / name, content))
    assert (book.format, book.name, book.encoding) == (kind, name, "")
    assert book.sheets[0].rows == {1: {1: "姓名", 2: "年龄"}, 2: {1: "张三", 2: 30}}


def test_hidden_sheets_come_too_and_say_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    for title, state in (("藏", "hidden"), ("深藏", "veryHidden"), ("空", "visible")):
        book.create_sheet(title).sheet_state = state
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx")
    assert [(one.title, one.hidden) for one in found.sheets] == [
        ("Sheet", False), ("藏", True), ("深藏", True), ("空", False),
    ]  # fmt: skip
    old = compound({"Workbook": stream8({"甲": [text8(1, 1, "x")], "乙": []}, hidden=["乙"])})
    assert [one.hidden for one in read_workbook(write(tmp_path / "a.xls", old)).sheets] == [False, True]


def test_the_strict_kind_of_office_open_xml_is_read(tmp_path: Path) -> None:
    transitional, strict = b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain_xlsx(ROWS))) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/"):
                data = data.replace(transitional + b"/spreadsheetml/2006", strict + b"/spreadsheetml")
                data = data.replace(transitional + b"/officeDocument/2006", strict + b"/officeDocument")
            if name.endswith("sheet1.xml"):
                data = data.replace(
                    b"</row></sheetData>", b'<c r="C2" t="d"><v>2026-03-05T00:00:00</v></c></row></sheetData>'
                )
            target.writestr(name, data)
    found = read_workbook(write(tmp_path / "a.xlsx", made.getvalue())).sheets[0].rows
    assert found[2] == {1: "张三", 2: 30, 3: datetime.fromisoformat("2026-03-05")}


@pytest.mark.parametrize(
    ("part", "what", "into"),
    [
        ("xl/styles.xml", b"<fill><patternFill/></fill>", b"<fill/>"),
        ("xl/styles.xml", b'<family val="2"/>', b'<family val="34"/>'),
        (
            "docProps/core.xml",
            b"<dcterms:created",
            b"<dcterms:created x='1'>24-13-99</dcterms:created><dcterms:created",
        ),
    ],
)
def test_odd_looks_and_properties_are_no_damage(tmp_path: Path, part: str, what: bytes, into: bytes) -> None:
    path = write(tmp_path / "a.xlsx", changed(plain_xlsx(ROWS), {part: (what, into)}))
    assert read_workbook(path).sheets[0].rows[2] == {1: "张三", 2: 30}


def test_rows_hidden_filtered_or_struck_out_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for number in range(1, 6):
        page.append([f"第{number}行", "x"])
    page.row_dimensions[2].hidden = True
    for cell in page[4]:
        cell.font = openpyxl.styles.Font(strike=True)
    page["A5"].font = openpyxl.styles.Font(strike=True)  # half of a row is no row
    book.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx").sheets[0].odd == {2, 4}
    records = [row12(1, hidden=True), cell12(1, "x"), row12(2), cell12(1, "y", style=2), row12(3), cell12(1, "z")]
    assert read_workbook(write(tmp_path / "a.xlsb", xlsb({"x": records}))).sheets[0].odd == {1, 2}
    hidden = record8(0x208, bytes(12) + b"\x20\0\0\0")
    old = compound({"Workbook": stream8({"x": [hidden, text8(1, 1, "x"), text8(2, 1, "y")]})})
    assert read_workbook(write(tmp_path / "a.xls", old)).sheets[0].odd == {1}


def test_errors_and_formulas_without_result_are_told_in_every_format(tmp_path: Path) -> None:
    rows = [row12(1), cell12(1, "#N/A")]
    assert str(read_workbook(write(tmp_path / "a.xlsb", xlsb({"x": rows}))).sheets[0].rows[1][1]) == "#N/A"
    never = record8(0x06, bytes(6) + bytes(8) + b"\3\0" + bytes(6))
    error = record8(0x205, b"\1\0\0\0\0\0\x2a\1")
    cells = (
        read_workbook(write(tmp_path / "a.xls", compound({"Workbook": stream8({"x": [never, error]})}))).sheets[0].rows
    )
    assert [type(cells[row][1]) for row in (1, 2)] == [Unreadable, Unreadable]
    assert [str(cells[row][1]) for row in (1, 2)] == ["公式", "#N/A"]


def test_days_and_times_of_excel(tmp_path: Path) -> None:
    cells = [row12(1), *(cell12(column, value, 1) for column, value in enumerate([46086, 46086.625, 0.375, 1, -1], 1))]
    found = read_workbook(write(tmp_path / "a.xlsb", xlsb({"x": cells}))).sheets[0].rows[1]
    assert list(found.values()) == [
        datetime.fromisoformat("2026-03-05"),
        datetime.fromisoformat("2026-03-05T15:00"),
        time(9),
        datetime.fromisoformat("1900-01-01"),
        -1,
    ]
    assert CELL_DATE == 14


def test_a_block_copied_from_a_sheet(tmp_path: Path) -> None:
    book = read_block('姓名\t备注\r\n张三\t"第一行\n第二行 ""引"" "\r\n李四\t\r\n')
    assert (book.format, book.name, book.sheets[0].title) == (Format.PASTED, "粘贴的内容", "粘贴的内容")
    assert book.sheets[0].rows == {
        1: {1: "姓名", 2: "备注"},
        2: {1: "张三", 2: '第一行\n第二行 "引" '},
        3: {1: "李四"},
    }
    with pytest.raises(InvalidInput, match="剪贴板里没有表格"):
        read_block(" \n")
