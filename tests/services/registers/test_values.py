"""Values of declared fields: as people type them and as they read them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.duties import DutyItem
from desktop.models.registers import REGISTERS
from desktop.services.errors import InvalidInput
from desktop.services.registers.values import RowNames, show, understand


def test_two_members_of_one_name_are_told_apart_by_their_last_digits() -> None:
    names = RowNames({"member": {"a": "张伟（1234）", "b": "张伟（567X）"}})
    field = REGISTERS["commitment"].field("member_id")
    assert understand(field, "张伟(567X)", names) == "b"
    with pytest.raises(InvalidInput):
        understand(field, "张伟", names)


def test_lines_are_written_and_read_with_bars_between_their_parts() -> None:
    field = REGISTERS["duty_list"].field("items")
    lines = understand(field, "讲党课|每年一次|有提纲|2026-12-01；走访\n谈心|每季", RowNames())
    assert lines[0] == DutyItem("讲党课", "每年一次", "有提纲", date(2026, 12, 1))
    assert show(field, lines, RowNames()) == "讲党课|每年一次|有提纲|2026-12-01；走访；谈心|每季"
    with pytest.raises(InvalidInput):
        understand(field, "a|b|c|2026-01-01|e|f", RowNames())


WORDS = st.text(st.sampled_from("甲乙|｜；;、，\n\t "), max_size=8)


@given(
    st.lists(
        st.builds(
            DutyItem,
            WORDS.map(lambda words: f"讲{words}课"),
            WORDS,
            WORDS,
            st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        ),
        min_size=1,
    )
)
def test_a_written_line_reads_back_whatever_marks_it_holds(items: list[DutyItem]) -> None:
    field = REGISTERS["duty_list"].field("items")
    cell = show(field, tuple(items), RowNames())
    again = understand(field, cell, RowNames())
    assert len(again) == len(items)
    assert show(field, again, RowNames()) == cell


def test_a_number_in_a_line_keeps_every_digit() -> None:
    field = REGISTERS["volunteer_activity"].field("hours")
    lines = understand(field, "张三|1234567.25", RowNames({"member": {"1": "张三"}}))
    assert show(field, lines, RowNames({"member": {"1": "张三"}})) == "张三|1234567.25"


def test_what_a_line_points_to_is_found_by_its_name_with_a_dividing_mark() -> None:
    field = REGISTERS["volunteer_activity"].field("hours")
    names = RowNames({"member": {"1": "张三；一组"}})
    lines = understand(field, show(field, understand(field, "1|2", names), names), names)
    assert [line.member_id for line in lines] == ["1"]
