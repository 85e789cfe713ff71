"""Text keeps its own characters; words for yes, no and nothing."""

from datetime import date, time

import pytest

from desktop.models.meetings import Meeting
from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.text import is_blank, label_for, parse_name, parse_text, parse_yes_no, shown
from tests.services.spreadsheets.cells import excel

ON_DUTY = Input("on_duty", "在岗")
TOPIC = Input("topic", "议题")
PLACE = Input("place", "地点")


def test_yes_and_no() -> None:
    assert [parse_yes_no(one, ON_DUTY) for one in ("是", "√", True, 1, "Y")] == [True] * 5
    assert [parse_yes_no(one, ON_DUTY) for one in ("否", "×", False, 0, "无")] == [False] * 5
    with pytest.raises(InvalidInput):
        parse_yes_no("也许", ON_DUTY)


def test_text_keeps_its_own_characters() -> None:
    assert parse_text("  第一行_x000D_\n第二行　\x07", TOPIC) == "第一行\n第二行"
    place = label_for(Meeting.place)
    assert place(" 三楼\n会议室 ", PLACE) == "三楼 会议室"
    with pytest.raises(InvalidInput, match="超过80字"):
        place("楼" * 81, PLACE)
    with pytest.raises(InvalidInput, match="超过3字"):
        parse_text("一二三四", TOPIC, longest=3)
    for damaged in ("一\ufffd", "一\ud800", "\udcff"):
        with pytest.raises(InvalidInput, match="乱码"):
            parse_text(damaged, TOPIC)
    assert parse_text("𠮷", TOPIC) == "𠮷"


def test_blank_words_and_shown_values() -> None:
    assert all(is_blank(one) for one in (None, "", " 　", "无", "/", "—", "N/A"))
    assert not any(is_blank(one) for one in (0, False, "0", "无锡"))
    assert [shown(one) for one in (3.0, 4150.5, None, True, excel(2026, 3, 5), time(9))] == [
        "3",
        "4150.5",
        "",
        "是",
        "2026-03-05",
        "09:00",
    ]


@pytest.mark.parametrize("cell", [date(2026, 3, 5), 1e300, 12, True, "1e300", "2026-03-05", "2026年3月5日", "１２"])
def test_a_number_or_a_date_is_no_name(cell: object) -> None:
    with pytest.raises(InvalidInput, match="不能是数字或日期"):
        parse_name(cell, Input("county", "党总支"))


@pytest.mark.parametrize("cell", ["第一党小组", "太康县局党总支", "张三", "阿卜杜拉·买买提", "ZK03"])
def test_a_name_stays_as_it_is(cell: str) -> None:
    assert parse_name(cell, Input("county", "党总支")) == cell
