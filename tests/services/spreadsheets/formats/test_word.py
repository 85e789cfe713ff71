"""Word documents that mean harm, are damaged, or are no .docx: refused in words, within bounds."""

import contextlib
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.budget import Budget
from desktop.services.spreadsheets.formats import word
from desktop.services.spreadsheets.formats.ole import MAGIC
from desktop.services.spreadsheets.formats.word import is_word, read_word
from tests.documents import W, document, package, raw
from tests.tally import few

LINE = "<w:p><w:r><w:t>时间：2026年3月15日</w:t></w:r></w:p>"


def lines(path: Path) -> list[dict[int, object]]:
    return list(read_word(path, Budget()).rows.values())


def reason(path: Path) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_word(path, Budget())
    return refused.value.reason


def test_lines_and_tables_come_in_the_order_of_reading(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", "标题", [["时间", "3月1日"], ["内容", "一\n二"]], "末行")
    assert lines(path) == [{1: "标题"}, {1: "时间", 2: "3月1日"}, {1: "内容", 2: "一\n二"}, {1: "末行"}]


def test_cells_merged_down_stand_in_each_row_and_those_merged_across_once(tmp_path: Path) -> None:
    def cell(words: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

    rows = (
        cell("组", '<w:vMerge w:val="restart"/>') + cell("甲") + cell("乙"),
        cell("", "<w:vMerge/>") + cell("丙", '<w:gridSpan w:val="2"/>'),
    )
    page = read_word(
        package(tmp_path / "a.docx", f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"), Budget()
    )
    assert list(page.rows.values()) == [{1: "组", 2: "甲", 3: "乙"}, {1: "组", 2: "丙"}]
    assert {(merge.top, merge.left, merge.bottom, merge.right) for merge in page.merges} == {(1, 1, 2, 1), (2, 2, 2, 3)}


def test_a_table_that_only_frames_another_is_not_there(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{LINE}</w:tc><w:tc>{LINE}</w:tc></w:tr></w:tbl>"
    path = package(tmp_path / "a.docx", f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>")
    assert lines(path) == [{1: "时间：2026年3月15日", 2: "时间：2026年3月15日"}]


def test_strict_documents_are_read_as_all_others(tmp_path: Path) -> None:
    xml = f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{LINE}</w:body></w:document>'
    assert len(lines(raw(tmp_path / "a.docx", {"word/document.xml": xml}))) == 1


def test_what_lies_beside_the_words_is_never_opened(tmp_path: Path) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://x/attachedTemplate" Target="file:///etc/passwd" TargetMode="External"/><Relationship Id="r2" '
        'Type="http://x/image" Target="media/../../../secret"/></Relationships>'
    )
    path = package(
        tmp_path / "a.docx",
        LINE + '<w:altChunk xmlns:r="x" r:id="r1"/>',
        **{"word/_rels/document.xml.rels": rels, "word/media/bomb.png": "0" * 20_000_000, "word/styles.xml": "<"},
    )
    spent = Budget()
    assert (len(read_word(path, spent).rows), spent.unpacked < 10_000) == (1, True)


def _whole(body: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def _entities(depth: int) -> str:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(depth))
    return f"<!DOCTYPE d [{declared}]>{_whole(f'&e{depth - 1};')}"


WIDE = '<w:gridSpan w:val="60000"/>'
HOSTILE: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a bomb of entities": ({"word/document.xml": _entities(9)}, word.DAMAGED),
    "an external entity": (
        {"word/document.xml": f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{W}"/>'},
        word.DAMAGED,
    ),
    "a bomb of spaces": ({"word/document.xml": b" " * 30_000_000}, "Word文档展开后过大"),
    "a million elements": (
        {"word/document.xml": _whole("<w:p/>" * 400_000)},
        "Word文档里的内容过多",
    ),
    "tables within tables": (
        {"word/document.xml": f'<w:document xmlns:w="{W}">{"<w:tbl>" * 5000}{"</w:tbl>" * 5000}</w:document>'},
        "Word文档里的表格套得过深",
    ),
    "a cell over all columns": (
        {"word/document.xml": _whole(f"<w:tbl><w:tr><w:tc><w:tcPr>{WIDE}</w:tcPr></w:tc></w:tr></w:tbl>")},
        "Word文档里的表格超过200列",
    ),
    "too many lines": (
        {"word/document.xml": _whole("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 21_000)},
        "Word文档超过20000行",
    ),
    "many parts": ({f"x/{n}": b"" for n in range(11_000)} | {"word/document.xml": "<a/>"}, "Word文档里的部件过多"),
    "no document": ({"word/document.xml": "<a/>"}, word.DAMAGED),
    "no xml": ({"word/document.xml": "<w:p"}, word.DAMAGED),
    "an open document": ({"content.xml": "<a/>", "word/x": ""}, "这是OpenDocument文档"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_document_beyond_all_bounds_is_refused(tmp_path: Path, kind: str) -> None:
    parts, why = HOSTILE[kind]
    path = raw(tmp_path / "a.docx", parts)
    if kind == "an open document":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", "<a/>")
    assert reason(path).startswith(why)


FILES = {
    "旧.doc": (MAGIC + "WordDocument".encode("utf-16-le"), word.OLD),
    "密码.docx": (MAGIC + "EncryptedPackage".encode("utf-16-le"), word.PASSWORD),
    "a.rtf": (b"{\\rtf1}", "这是RTF文档"),
    "b.docx": (b"%PDF-1.7", "这是PDF"),
    "c.docx": (b"", "文件是空的"),
    "d.docx": (b"PK\x03\x04" + bytes(60), word.DAMAGED),
    "e.wps": (b"some words", word.OLD),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_docx_is_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    content, why = FILES[name]
    (tmp_path / name).write_bytes(content)
    assert is_word(tmp_path / name)
    assert reason(tmp_path / name).startswith(why)


def test_a_part_that_says_it_is_small_and_is_not_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", LINE)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 5)
    path.write_bytes(content)
    assert reason(path) == word.DAMAGED


def test_a_document_is_told_by_what_stands_in_it_too(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", "一行").rename(tmp_path / "记录")
    assert is_word(path)
    assert not is_word(tmp_path / "没有")


@few(40)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    length=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_a_document_with_changed_bytes_is_read_or_refused_in_words(
    changes: list[tuple[float, int]], length: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = package(Path(folder) / "a.docx", LINE * 3)
        content = bytearray(path.read_bytes())
        for at, value in changes:
            content[int(at * len(content))] = value
        path.write_bytes(content[: round(length * len(content))])
        with contextlib.suppress(InvalidInput):
            read_word(path, Budget())
