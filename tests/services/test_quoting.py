"""A quotation in a message is recognised, and never longer than a line."""

import ast
from pathlib import Path

import pytest

from desktop.services import quoting
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import LONGEST_QUOTE, clean, in_quotes, nested, portable, quoted, readable, shortened

SERVICES = Path(quoting.__file__).parent
OURS = ("label", "name", "title", "shape", "wanted", "number", "character")
"""Endings of what a refusal may quote whole: our own labels, names of files, titles of sheets."""


def test_a_short_text_is_quoted_as_it_is() -> None:
    assert quoted("支部党员大会") == "“支部党员大会”"
    assert shortened("甲" * LONGEST_QUOTE) == "甲" * LONGEST_QUOTE


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("采用“学“二十大”精神”", "采用“学‘二十大’精神”"),
        ("“甲“乙“丙”乙”甲”、“丁”", "“甲‘乙“丙”乙’甲”、“丁”"),
        ("“甲‘乙’”和‘丙’", "“甲‘乙’”和‘丙’"),
        ("“一半", "“一半"),
        ("O’Brien的“一半”", "O’Brien的“一半”"),
        ("没有引号", "没有引号"),
    ],
)
def test_a_quotation_within_another_has_the_other_marks(sentence: str, told: str) -> None:
    assert nested(sentence) == told
    assert nested(told) == told
    assert InvalidInput(Input("x", "标题"), sentence).reason == told


def test_what_is_quoted_may_be_a_quotation_itself() -> None:
    assert quoted("学“二十大”精神") == in_quotes("学“二十大”精神") == "“学‘二十大’精神”"


def test_a_long_text_is_cut_and_stays_on_one_line() -> None:
    assert quoted("甲\n乙" * 2000) == "“" + ("甲 乙" * 10)[: LONGEST_QUOTE - 1] + "…”"


def whole_quotations(file: Path) -> list[str]:
    """Where a refusal quotes what was typed without asking how long it is."""
    found = []
    for call in ast.walk(ast.parse(file.read_text("utf-8"), file)):
        if not isinstance(call, ast.Call) or ast.unparse(call.func).rpartition(".")[2] not in ("InvalidInput", "warn"):
            continue
        for text in (text for part in call.args for text in ast.walk(part) if isinstance(text, ast.JoinedStr)):
            for before, value in zip(text.values, text.values[1:], strict=False):
                opens = isinstance(before, ast.Constant) and str(before.value).endswith("“")
                if opens and isinstance(value, ast.FormattedValue) and not ast.unparse(value.value).endswith(OURS):
                    found.append(f"{file.name}:{call.lineno} {ast.unparse(value.value)}")
    return found


def test_no_refusal_quotes_what_was_typed_at_any_length() -> None:
    assert [each for file in sorted(SERVICES.rglob("*.py")) for each in whole_quotations(file)] == []


def test_a_name_that_is_no_text_is_quoted_readably() -> None:
    assert quoted("\udcff\udcfe包") == "“��包”"
    assert readable("包 A") == "包 A"


def test_every_end_of_a_line_stays_one_whatever_program_wrote_it() -> None:
    ends = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "_x000D_\n")
    assert {clean(f"一季度{end}二季度") for end in ends} == {"一季度\n二季度"}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2026年名册.xlsx", "2026年名册.xlsx"),
        ("../季度/表:*?<b>\u2028\u202e一.xlsx", "季度-表-b-一.xlsx"),
        ("\\\\.pdf", "文件.pdf"),
        ("党" * 400 + ".docx", "党" * 66 + ".docx"),
        ("没有扩展名", "没有扩展名"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.2026年.xlsx", "_lpt1.2026年.xlsx"),
        ("Nul .docx", "_Nul.docx"),
        ("conin$.pdf", "_conin$.pdf"),
        ("com².xlsx", "_com².xlsx"),
        ("CONTENT.pdf", "CONTENT.pdf"),
        ("报告.", "报告"),
        ("报告.pdf. .", "报告.pdf"),
        ("1." + "党" * 400, "1." + "党" * 66),
        ("...", "文件"),
    ],
)
def test_a_name_of_any_words_can_be_carried_by_every_system(words: str, name: str, tmp_path: Path) -> None:
    assert portable(words) == name
    (tmp_path / portable(words)).touch()
