"""Lines: where they break and how they fill the measure."""

import random

import pytest

from desktop.services.archive.fonts import FANG, HEI, SONG, MissingCharacter
from desktop.services.archive.typesetting import NOT_AT_END, NOT_AT_START, Align, Face, set_lines, width_of
from desktop.services.archive.wording import whole

BODY = Face(SONG, 12, 20, Align.JUSTIFY, 24)
MARKS = (
    "，",
    "。",
    "；",
    "：",
    "！",
    "？",
    "、",
    "“三会”",
    "《条例》",
    "（试行）",
    "”",
    "……",
    "2026年",
    "PDCA",
    "98.5%",
)


def sentence(chance: random.Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += "".join(chance.choice("党支部会议学习落实整改提高") for _ in range(chance.randint(3, 9)))
        text += chance.choice(MARKS)
    return text


@pytest.mark.parametrize("width", [440.0, 283.0, 120.0])
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: float) -> None:
    chance = random.Random(5)
    for _ in range(300):
        text = sentence(chance, 300)
        lines = [line.text for line in set_lines(text, BODY, width)]
        assert "".join(lines) == text
        assert not [line for line in lines[1:] if line[0] in NOT_AT_START]
        assert not [line for line in lines if line[-1] in NOT_AT_END]


def test_words_and_numbers_are_not_cut() -> None:
    text = "支部标准化得分98.50分（2026-03-05复核）按PDCA循环管理编号2026-D4-01-003归档" * 20
    joined = "\n".join(line.text for line in set_lines(text, BODY, 200.0))
    for word in ("98.50", "2026-03-05", "PDCA", "2026-D4-01-003"):
        assert joined.count(word) == 20


@pytest.mark.parametrize("width", range(120, 240, 8))
def test_an_amount_is_not_cut_at_its_commas(width: int) -> None:
    lines = [
        line.text
        for line in set_lines("到期应交16,532.70元，实交14,667.40元，已上缴1,234,567.00元。", BODY, float(width))
    ]
    for amount in ("16,532.70", "14,667.40", "1,234,567.00"):
        assert any(amount in line for line in lines)


def test_a_name_stays_on_one_line() -> None:
    names = ["张三", "欧阳文", "阿卜杜拉·买买提", "李𡋾"] * 12
    text = "、".join(map(whole, names)) + "。"
    for width in (130.0, 171.0, 230.0):
        lines = [line.text for line in set_lines(text, BODY, width)]
        assert "".join(lines) == "、".join(names) + "。"
        assert sum(line.count(name) for line in lines for name in set(names)) == len(names)


def test_a_word_longer_than_the_line_is_cut_behind_a_joint() -> None:
    lines = [line.text for line in set_lines("2026-D4-01-003", Face(SONG, 10, 14, Align.LEFT), 50.0)]
    assert lines == ["2026-D4-", "01-003"]


def test_all_lines_but_the_last_fill_the_measure() -> None:
    lines = set_lines(sentence(random.Random(1), 400), BODY, 440.0)
    for line in lines[:-1]:
        natural = width_of(line.text, BODY)
        assert line.x + natural + line.spacing * (len(line.text) - 1) == pytest.approx(440.0, abs=0.1)
    assert lines[-1].spacing <= 0


def test_the_first_line_is_indented_and_the_lead_words_stay_marked() -> None:
    lines = set_lines("会议强调要落实整改" * 9, BODY, 240.0, "张三：", Face(HEI, 12, 20))
    assert lines[0].x == 24
    assert (lines[0].lead, lines[1].lead) == (3, 0)
    assert lines[0].text.startswith("张三：")


def test_a_line_break_in_the_text_starts_a_line() -> None:
    assert [line.text for line in set_lines("甲\n\n乙", Face(SONG, 12, 20, Align.LEFT), 200.0)] == ["甲", "", "乙"]


def test_an_official_line_holds_twenty_eight_characters() -> None:
    pitch = 156 / 25.4 * 72 / 28
    face = Face(FANG, 16, 28.99, Align.JUSTIFY, 0.0, pitch - 16)
    assert [len(line.text) for line in set_lines("国" * 84, face, 28 * pitch)] == [28, 28, 28]


@pytest.mark.parametrize(
    ("align", "x"), [(Align.LEFT, 0.0), (Align.CENTER, 88.0), (Align.RIGHT, 176.0), (Align.JUSTIFY, 0.0)]
)
def test_a_short_line_stands_where_it_should(align: Align, x: float) -> None:
    assert set_lines("党课", Face(SONG, 12, 20, align), 200.0)[0].x == pytest.approx(x)


def test_a_character_of_no_face_is_not_passed_over() -> None:
    with pytest.raises(MissingCharacter):
        set_lines("合影😀", BODY, 200.0)
