"""A table of TOML hands out checked values; one fault has one wording, whatever file it stands in."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.services.errors import PackInvalid
from desktop.services.toml_tables import Table, read_toml

TEXT = """
name = "甲"
blank = " "
count = 3
share = 0.85
fine = 1.005
huge = 1e400000000
late_days = 99999999999999999999
quit_months = 1201
term_years = 101
below = -1
yes = true
on = 2026-01-01
words = ["一", "二"]
twice = ["一", "一"]
pair = [1, 3]
inner = { a = 1 }
rows = [{ id = "x", n = 1 }, { id = "y", n = 2 }]
same = [{ id = "x" }, { id = "x" }]
"""


@pytest.fixture
def table() -> Table:
    return read_toml(TEXT, "试.toml", "试")


def test_values_come_out_by_name_and_type(table: Table) -> None:
    assert table.text("name") == "甲"
    assert table.text("missing", "") == ""
    assert table.integer("count") == 3
    assert table.integer("missing", default=7) == 7
    assert (table.decimal("share"), table.share("share")) == (Decimal("0.85"), Fraction(17, 20))
    assert table.hundredths("share") == 85
    assert table.yes_no("yes")
    assert table.day("on") == date(2026, 1, 1)
    assert table.choices("words", ("一", "二", "三"), "数") == ("一", "二")
    assert table.pair("pair") == (1, 3)
    assert table.table("inner").integer("a") == 1
    assert table.rows("rows", lambda row: (row.text("id"), row.integer("n"))) == (("x", 1), ("y", 2))


@pytest.mark.parametrize(
    ("read", "item", "field", "reason"),
    [
        (lambda t: t.text("missing"), "试", "missing", "缺少这个字段"),
        (lambda t: t.text("count"), "试", "count", "应为文字"),
        (lambda t: t.text("blank"), "试", "blank", "不能为空"),
        (lambda t: t.choice("name", ("乙", "丙"), "名称"), "试", "name", "名称“甲”不存在，可填：乙、丙"),
        (lambda t: t.choice("name", "一二三四五六七", "名称"), "试", "name", "名称“甲”不存在"),
        (lambda t: t.integer("share"), "试", "share", "应为整数"),
        (lambda t: t.integer("yes"), "试", "yes", "应为整数"),
        (lambda t: t.integer("count", least=4), "试", "count", "不能小于4"),
        (lambda t: t.integer("late_days"), "试", "late_days", "不能大于100000"),
        (lambda t: t.integer("quit_months"), "试", "quit_months", "不能大于1200"),
        (lambda t: t.integer("term_years"), "试", "term_years", "不能大于100"),
        (lambda t: t.number("below"), "试", "below", "不能小于0"),
        (lambda t: t.decimal("name"), "试", "name", "应为数字"),
        (lambda t: t.decimal("huge"), "试", "huge", "数字超出范围"),
        (lambda t: t.number("huge"), "试", "huge", "数字超出范围"),
        (lambda t: t.share("count"), "试", "count", "应在0和1之间"),
        (lambda t: t.decimal_share("below"), "试", "below", "应在0和1之间"),
        (lambda t: t.hundredths("fine"), "试", "fine", "最多两位小数"),
        (lambda t: t.yes_no("count"), "试", "count", "应为 true 或 false"),
        (lambda t: t.day("name"), "试", "name", "应为日期"),
        (lambda t: t.texts("pair"), "试", "pair", "应为一列文字"),
        (lambda t: t.choices("twice", ("一",), "数"), "试", "twice", "有重复"),
        (lambda t: t.pair("words"), "试", "words", "应为两个整数"),
        (lambda t: t.table("name"), "name", "", "应为一组字段"),
        (lambda t: t.tables("name"), "试", "name", "应为一列表格"),
        (lambda t: t.rows("same", lambda row: row.text("id")), "x", "id", "编号“x”重复"),
        (lambda t: t.rows("rows", lambda row: row.text("id")), "x", "n", "不认识这个字段"),
    ],
)
def test_a_fault_is_named_by_item_and_field(
    table: Table, read: Callable[[Table], object], item: str, field: str, reason: str
) -> None:
    with pytest.raises(PackInvalid) as caught:
        read(table)
    error = caught.value
    assert (error.file, error.item, error.field, error.reason) == ("试.toml", item, field, reason)


def test_a_field_nobody_asked_for_is_refused_at_the_end() -> None:
    table = read_toml('name = "甲"\nnmae = "乙"', "试.toml")
    table.text("name")
    with pytest.raises(PackInvalid, match="不认识这个字段"):
        table.done()


def test_what_is_no_toml_is_refused_in_chinese_with_its_place() -> None:
    with pytest.raises(PackInvalid, match="不是有效的 TOML，第2行第3列写法有误"):
        read_toml("a = 1\nb 2", "试.toml")
    with pytest.raises(PackInvalid, match="不是有效的 TOML，文件末尾写法有误"):
        read_toml("a = ", "试.toml")
    with pytest.raises(PackInvalid, match="不是 UTF-8 文字"):
        read_toml("标准".encode("gb18030"), "试.toml")


def test_a_mark_before_the_text_that_editors_on_windows_write_does_not_matter() -> None:
    assert read_toml('name = "甲"'.encode("utf-8-sig"), "试.toml").text("name") == "甲"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("n = " + "9" * 6000, "数字超过"),
        ("n = " + "[" * 5000 + "]" * 5000, "括号超过"),
        ("n = " + "{a=" * 3000 + "1" + "}" * 3000, "括号超过"),
        ("\n" + ".".join("a" * 20_000) + " = 1", "第2行的键超过"),
        ("[" + " . ".join(["'a'"] * 2000) + "]", "键超过"),
        ("n = 1\n" * 200_000, "超过1 MiB"),
        ('n = "' + "长" * (1 << 20) + '"', "超过1 MiB"),
        ("n = [1, 2", "写法有误"),
        ("on = 2026-02-30", "写法有误"),
    ],
)
def test_a_monstrous_text_is_refused_in_words_and_at_once(text: str, words: str) -> None:
    with pytest.raises(PackInvalid, match=words):
        read_toml(text, "试.toml")


def test_brackets_and_points_in_texts_and_remarks_are_no_structure() -> None:
    deep = "[" * 50 + "a.b." * 50
    text = f'a = \'\'\'{deep}\'\'\'\nb = """{deep}\\"""" # {deep}\nc = "{deep}\\"["\n'
    assert read_toml(text, "试.toml").text("a") == deep
