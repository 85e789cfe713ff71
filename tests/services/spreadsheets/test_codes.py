"""Code tables and how people write their entries."""

import pytest

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.codes import code_name, codes

GRADE = Input("grade", "等次")


@pytest.mark.parametrize(
    ("table", "cell", "code"),
    [
        ("ethnic", "汉", "01"),
        ("ethnic", "汉族", "01"),
        ("ethnic", 1, "01"),
        ("ethnic", "01", "01"),
        ("ethnic", "毛难族", "36"),
        ("gender", "男", "1"),
        ("gender", "女性", "2"),
        ("education", "本科", "21"),
        ("education", "大学本科", "21"),
        ("education", "大专", "31"),
        ("education", "大学专科", "31"),
        ("education", "研究生", "10"),
        ("education", "硕士研究生毕业", "14"),
        ("education", "高中", "61"),
        ("political", "预备党员", "02"),
    ],
)
def test_codes_and_their_sayings(table: str, cell: object, code: str) -> None:
    assert codes(table).parse(cell) == code


def test_every_entry_of_a_table_reads_back() -> None:
    for table in ("ethnic", "gender", "education", "political", "education_ui"):
        name = code_name(table)
        for code in codes(table).names:
            assert codes("education" if table == "education_ui" else table).parse(str(name(code))) in (code, "21", "31")


def test_a_word_outside_its_table_is_refused() -> None:
    with pytest.raises(InvalidInput, match="“火星族”不在民族代码表中"):
        codes("ethnic").parse("火星族")
