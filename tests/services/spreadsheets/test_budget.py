"""Small files that would unfold into gigabytes are refused before anything unfolds them, in every format."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.reading import read_workbook
from tests.workbooks.parts import (
    cell12,
    changed,
    compound,
    merged12,
    number8,
    plain_xlsx,
    record8,
    record12,
    row12,
    stream8,
    write,
    xlsb,
    zipped,
)

SHEET = "xl/worksheets/sheet1.xml"
DAMAGED = "已损坏"


def sheet_with(before: bytes, after: bytes) -> bytes:
    return changed(plain_xlsx(), {SHEET: (before, after)})


def merges(*refs: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return sheet_with(b"</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>".encode())


def ods(body: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "table", "text"))
    content = (
        f'<office:document-content {spaces}><table:table table:name="x">{body}</table:table></office:document-content>'
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def loop() -> bytes:
    """Return a compound file whose stream leads back to its own beginning."""
    content = bytearray(compound({"Workbook": bytes(5000)}))
    fat = struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, 512 + fat * 512 + 4, 0)
    return bytes(content)


VALUE = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
ROW = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
ROW_OF_ONE = b"<row><c><v>1</v></c></row>"
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "one merged range over all": (lambda: merges("A1:XFD1048576"), "铺得过大"),
    "one column merged": (lambda: merges("A2:A1048576"), "铺得过大"),
    "merged over each other": (lambda: merges(*(f"A{row}:A{row + 20_000}" for row in range(1, 900))), "铺得过大"),
    "range written in references": (lambda: merges("A1&#58;XFD1048576"), "铺得过大"),
    "range that is none": (lambda: merges("A1:"), DAMAGED),
    "equal cells": (lambda: sheet_with(b"</row>", b"<c/>" * 1_000_001 + b"</row>"), "单元格超过100万个"),
    "entities": (lambda: sheet_with(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), DAMAGED),
    "a tag without end": (lambda: sheet_with(b"<sheetData>", b"<sheetData a='" + b"x" * 9_000_000), DAMAGED),
    "elements of no meaning": (lambda: sheet_with(b"<sheetData>", b"<x/>" * 210_000 + b"<sheetData>"), "记录过多"),
    "rows within rows": (lambda: sheet_with(b"<sheetData>", b"<sheetData>" + b"<row>" * 200_000), DAMAGED),
    "a cell beyond the last": (lambda: sheet_with(b'r="A1"', b'r="XFE1"'), DAMAGED),
    "a row beyond the last": (lambda: sheet_with(b'<row r="1"', b'<row r="99999999999"'), DAMAGED),
    "many rows": (lambda: sheet_with(b"</sheetData>", ROW_OF_ONE * 21_000 + b"</sheetData>"), "超过20000行"),
    "xlsb: merged over all": (
        lambda: xlsb({"x": [row12(1), cell12(1, "a"), merged12(1, 1, 1 << 20, 1 << 14)]}),
        "铺得过大",
    ),
    "xlsb: a far row and column": (
        lambda: xlsb({"x": [row12(1), cell12(1, "a"), row12(1 << 20), cell12(1 << 14, 1)]}),
        "超过200列",
    ),
    "xlsb: dimension of all": (
        lambda: xlsb({"x": [record12(0x94, b"\xff" * 16), row12(1), cell12(1 << 20, 1)]}),
        "超过200列",
    ),
    "xlsb: a record longer than its part": (lambda: xlsb({"x": [b"\x07\xff\xff\xff\x7f"]}), DAMAGED),
    "xlsb: records of no meaning": (lambda: xlsb({"x": [record12(0x20) * 210_000]}), "记录过多"),
    "xlsb: text that is not there": (lambda: xlsb({"x": [row12(1), record12(7, bytes(8) + b"\xff" * 4)]}), DAMAGED),
    "xls: chain in a circle": (loop, DAMAGED),
    "xls: records of no meaning": (lambda: stream8({"x": [record8(0x99) * 210_000]}), "记录过多"),
    "xls: dimension of all": (
        lambda: compound({"Workbook": stream8({"x": [record8(0x200, bytes(4) + b"\xff" * 10), number8(1, 256, 1)]})}),
        "超过200列",
    ),
    "xls: many sheets": (lambda: compound({"Workbook": stream8({str(n): [] for n in range(600)})}), "超过500张"),
    "ods: rows repeated": (lambda: ods(ROW.format(1_000_000, VALUE.format(2))), "单元格超过100万个"),
    "ods: columns repeated": (lambda: ods(ROW.format(1, VALUE.format(16_384))), "超过200列"),
    "ods: both": (lambda: ods(ROW.format(99_999_999, VALUE.format(99_999_999))), "单元格超过100万个"),
    "ods: a number longer than any": (lambda: ods(ROW.format("9" * 5000, VALUE.format(1))), DAMAGED),
    "csv: one field": (lambda: b'"' + b"x" * 2_000_000, "超过一百万字"),
    "csv: a row without end": (lambda: "姓名,性别\n".encode() + b"," * 40_000, "超过200列"),
    "csv: a row of empty quotes": (lambda: "姓名,性别\n".encode("gb18030") + b'"",' * 40_000, "超过200列"),
    "txt: a row of tabs": (lambda: "姓名\t性别\n".encode() + b"\t" * 40_000, "超过200列"),
    "html: a row without end": (lambda: b"<table><tr>" + b"<td>" * 40_000, "超过200列"),
    "html: more cells than may be": (lambda: b"<table>" + b"<tr><td>" * 1_000_001, "单元格超过100万个"),
    "html: spans": (lambda: b"<table>" + b"<tr><td rowspan=9999 colspan=9999>x" * 50, "铺得过大"),
    "html: tables in tables": (lambda: b"<table><tr><td>" * 2000, "超过500张"),
    "xml: a far cell": (
        lambda: (
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Row><Cell Index="999999">'
            b'<Data Type="Number">1</Data></Cell></Row></Worksheet></Workbook>'
        ),
        "超过200列",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unfolds_beyond_all_bounds_is_refused_in_words(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, words = BOMBS[name]
    if words == "记录过多":
        monkeypatch.setattr(budget, "MAX_STEPS", 200_000)
    path = write(tmp_path / "x.xlsx", content())
    with pytest.raises(InvalidInput, match=words):
        read_workbook(path)


def test_a_table_of_texts_that_says_to_be_endless_takes_nothing(tmp_path: Path) -> None:
    endless = record8(0xFC, b"\xff" * 4 + b"\xff\xff\xff\x7f")
    path = write(tmp_path / "x.xls", compound({"Workbook": stream8({"x": [number8(1, 1, 5)]}, before=endless)}))
    assert read_workbook(path).sheets[0].rows == {1: {1: 5}}


def test_what_people_merge_link_and_repeat_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.xlsx", merges("A1:XFD1", "A2:A3000", "$B$2:$C$2", "D5"))
    assert read_workbook(path).sheets[0].rows[1][1] == "姓名"
    link = b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
    assert read_workbook(write(path, sheet_with(b"</sheetData>", link))).sheets[0].rows[1][1] == "姓名"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    path = write(path, ods(ROW.format(3, VALUE.format(2)) + ROW.format(1_048_000, empty)))
    assert read_workbook(path).sheets[0].rows == {row: {1: 1, 2: 1} for row in (1, 2, 3)}
