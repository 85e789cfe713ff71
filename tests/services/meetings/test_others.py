"""Cells of who sat in, when a meeting was planned, how it was judged and who made up: read, written, read the same."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.models.meetings import Observer
from desktop.models.vocabulary.meetings import MakeUpWay
from desktop.services.errors import InvalidInput
from desktop.services.meetings import sheet
from desktop.services.meetings.others import (
    NamedMakeUp,
    parse_number,
    parse_planned,
    parse_rated,
    read_make_ups,
    read_observers,
    show_planned,
    show_rated,
    write_make_ups,
    write_observers,
)
from tests.services.meetings.texts import TEXTS


@example([Observer("王明", "镇党委（组织）委员；主任"), Observer("李四")])
@given(st.lists(st.builds(Observer, TEXTS, TEXTS)))
def test_observers_read_back(observers: list[Observer]) -> None:
    again = read_observers(write_observers(observers))
    assert read_observers(write_observers(again)) == again


def test_observers_are_read_as_people_write_them() -> None:
    assert read_observers("王明（镇党委委员、主任）、李四；赵一 (县局)") == (
        Observer("王明", "镇党委委员、主任"),
        Observer("李四"),
        Observer("赵一", "县局"),
    )
    assert read_observers("") == ()


@pytest.mark.parametrize(("cell", "number"), [("第三次", 3), ("第12次", 12), ("十二次", 12), ("3", 3), (3.0, 3)])
def test_which_meeting_of_the_year_it_was_is_read_as_people_count(cell: object, number: int) -> None:
    assert parse_number(cell, sheet.NUMBER) == number


def test_what_counts_no_meetings_is_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_number("第三季度", sheet.NUMBER)


def test_a_planned_time_is_a_day_with_or_without_an_hour() -> None:
    day = date(2026, 3, 24)
    assert parse_planned("2026-03-24 14:30", sheet.PLANNED) == (day, "14:30")
    assert parse_planned("2026年3月24日 9点", sheet.PLANNED) == (day, "09:00")
    assert parse_planned("2026.3.24", sheet.PLANNED) == (day, "")
    midnight, afternoon = (datetime(2026, 3, 24, hour, tzinfo=UTC) for hour in (0, 15))
    assert parse_planned(midnight, sheet.PLANNED) == (day, "")
    assert parse_planned(afternoon, sheet.PLANNED) == (day, "15:00")
    assert parse_planned(show_planned((day, "14:30")), sheet.PLANNED) == (day, "14:30")


def test_a_judgement_is_two_counts_of_which_the_first_is_not_the_greater() -> None:
    assert parse_rated("28/30", sheet.RATED) == (28, 30)
    assert parse_rated("满意28人／共30人", sheet.RATED) == (28, 30)
    assert parse_rated(show_rated((0, 3)), sheet.RATED) == (0, 3)
    for bad in ("31/30", "0/0", "很好", "28"):
        with pytest.raises(InvalidInput):
            parse_rated(bad, sheet.RATED)


def test_who_made_up_is_named_with_day_way_content_and_helper() -> None:
    (found,) = read_make_ups("张三|2026-03-20|上门|传达精神|李四", sheet.MAKE_UPS)
    assert found == NamedMakeUp(name="张三", on=date(2026, 3, 20), way=MakeUpWay.HOME, content="传达精神", by="李四")
    assert read_make_ups(write_make_ups([found]), sheet.MAKE_UPS) == (found,)
    for bad in ("张三", "张三|2026-03-20|飞鸽传书", "|2026-03-20"):
        with pytest.raises(InvalidInput):
            read_make_ups(bad, sheet.MAKE_UPS)
