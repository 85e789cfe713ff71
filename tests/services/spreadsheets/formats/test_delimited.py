"""Text files: their encoding is found, or asked for; columns divide at the mark that the lines agree on."""

from pathlib import Path

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.intake import files
from desktop.services.intake.answers import Answers
from desktop.services.members.sheet import roster_sheet
from desktop.services.spreadsheets.reading import read_workbook
from tests.workbooks.parts import write

TEXT = "姓名{0}性别\r\n张三{0}男\r\n李四{0}女\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.format(",").encode(), "utf-8"),
        (TEXT.format(",").encode("utf-8-sig"), "utf-8"),
        (TEXT.format(",").encode("gb18030"), "gb18030"),
        (TEXT.format("\t").encode("utf-16"), "utf-16"),
        (TEXT.format("\t").encode("utf-16-le"), "utf-16"),
        (TEXT.format("\t").encode("utf-16-be"), "utf-16"),
        (TEXT.format(";").encode(), "utf-8"),
        (TEXT.format("，").encode("gb18030"), "gb18030"),
        (TEXT.format("|").encode(), "utf-8"),
    ],
)
def test_the_encoding_and_the_mark_are_found(tmp_path: Path, content: bytes, encoding: str) -> None:
    book = read_workbook(write(tmp_path / "a.csv", content))
    assert book.encoding == encoding
    assert book.sheets[0].rows == {1: {1: "姓名", 2: "性别"}, 2: {1: "张三", 2: "男"}, 3: {1: "李四", 2: "女"}}


def test_a_person_may_choose_another_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", TEXT.format(",").encode("gb18030"))
    with pytest.raises(InvalidInput, match="按utf-8读不出来，请换一种") as refused:
        read_workbook(path, "utf-8")
    assert refused.value.label == "文字编码"
    with pytest.raises(InvalidInput, match="可选utf-8、gb18030、utf-16"):
        read_workbook(path, "latin-1")
    with pytest.raises(InvalidInput, match="读不出来"):
        files.read(path, roster_sheet(), Answers(encoding="utf-8"))
    assert len(files.read(path, roster_sheet(), Answers(encoding="gb18030")).rows) == 2


@pytest.mark.parametrize("first", ["gb18030", "utf-8"])
def test_lines_in_two_encodings_are_refused_not_guessed(tmp_path: Path, first: str) -> None:
    second = "utf-8" if first == "gb18030" else "gb18030"
    path = write(tmp_path / "a.csv", "姓名,入党时间\n".encode(first) + b"\n" + "李四,2020-01-01\n".encode(second))
    utf8, other = (3, 1) if first == "gb18030" else (1, 3)
    with pytest.raises(InvalidInput, match=f"第{utf8}行是UTF-8，第{other}行不是"):
        read_workbook(path)


def test_short_chinese_that_happens_to_be_utf8_is_still_gb18030(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "姓名,单位\n张三,\n李四,联通\n联通,\n".encode("gb18030"))
    book = read_workbook(path)
    assert (book.encoding, book.sheets[0].rows[4]) == ("gb18030", {1: "联通"})


def test_numbers_kept_as_text_by_a_formula_lose_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", '姓名,证号\n张三,="0123"\n'.encode())
    assert read_workbook(path).sheets[0].rows[2] == {1: "张三", 2: "0123"}
