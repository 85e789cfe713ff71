"""Small files that would unfold into gigabytes are refused before anything unfolds them."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, change: dict[str, tuple[bytes, bytes]]) -> Path:
    """Write a sound workbook whose parts are changed: name → (what, into what)."""
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    sound = io.BytesIO()
    book.save(sound)
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            before, after = change.get(name, (b"", b""))
            target.writestr(name, source.read(name).replace(before, after) if before else source.read(name))
    return path


def merges(*refs: str) -> dict[str, tuple[bytes, bytes]]:
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return {SHEET: (b"</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>".encode())}


LINK = b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
BOMBS = {
    "one merged range over all": (merges("A1:XFD1048576"), "铺得过大"),
    "one column merged": (merges("A2:A1048576"), "铺得过大"),
    "merged over each other": (merges(*(f"A{row}:A{row + 20_000}" for row in range(1, 900))), "铺得过大"),
    "one link over all": ({SHEET: (b"</sheetData>", LINK)}, "铺得过大"),
    "range written in references": (merges("A1&#58;XFD1048576"), "已损坏"),
    "equal cells": ({SHEET: (b"</row>", b"<c><v>1</v></c>" * 1_000_001 + b"</row>")}, "单元格超过100万个"),
    "entities": ({SHEET: (b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")}, "已损坏"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unfolds_beyond_all_bounds_is_refused_in_words(tmp_path: Path, name: str) -> None:
    change, words = BOMBS[name]
    with pytest.raises(InvalidInput, match=words):
        read_workbook(workbook(tmp_path / "x.xlsx", change))


def test_what_people_merge_and_link_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", merges("A1:XFD1", "A2:A3000", "$B$2:$C$2", "D5"))
    assert read_workbook(path).sheets[0].rows[1][1] == "姓名"
