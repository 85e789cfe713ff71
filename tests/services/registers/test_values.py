"""Values of declared fields: as people type them and as they read them."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.duties import DutyItem
from desktop.models.registers import ABOVE, REGISTERS, RegisterField
from desktop.services.errors import InvalidInput
from desktop.services.registers.values import RowNames, cell_line, show, understand


def cell(field: RegisterField, lines: Iterable[object], names: RowNames) -> str:
    """Return what Excel gets of a field with several lines."""
    return "\n".join(cell_line(field, line, names) for line in lines)


def test_two_members_of_one_name_are_told_apart_by_their_last_digits() -> None:
    names = RowNames({"member": {"a": "张伟（1234）", "b": "张伟（567X）"}})
    field = REGISTERS["commitment"].field("member_id")
    assert understand(field, "张伟(567X)", names) == "b"
    with pytest.raises(InvalidInput):
        understand(field, "张伟", names)


def test_a_branch_answers_to_its_code_too_as_in_every_sheet_of_headquarters() -> None:
    names = RowNames({"branch": {"a": "沈丘县局党支部", "b": "ZK01"}}, {}, {"branch": {"a": "ZK01", "b": "ZK02"}})
    field = ABOVE["liaison"].field("subject_id")
    assert understand(field, "沈丘县局党支部", names) == "a"
    assert understand(field, "zk02", names) == "b"
    assert understand(field, "ZK01", names) == "b", "what something is called goes before its code"
    with pytest.raises(InvalidInput):
        understand(field, "ZK03", names)


def test_lines_are_written_and_read_with_bars_between_their_parts() -> None:
    field = REGISTERS["duty_list"].field("items")
    lines = understand(field, "讲党课|每年一次|有提纲|2026-12-01；走访\n谈心|每季", RowNames())
    assert lines[0] == DutyItem("讲党课", "每年一次", "有提纲", date(2026, 12, 1))
    assert cell(field, lines, RowNames()) == "讲党课|每年一次|有提纲|2026-12-01\n走访\n谈心|每季"
    with pytest.raises(InvalidInput):
        understand(field, "a|b|c|2026-01-01|e|f", RowNames())


def test_people_read_each_part_of_a_line_after_its_label() -> None:
    targets = REGISTERS["brand"].field("targets")
    lines = understand(targets, "挂牌终端数|12|40|38\n投诉数||3", RowNames())
    assert show(targets, lines, RowNames()) == "挂牌终端数，基数 12，目标 40，实际 38；投诉数，目标 3"
    hours = REGISTERS["volunteer_activity"].field("hours")
    names = RowNames({"member": {"1": "李𫖯"}})
    assert show(hours, understand(hours, "李𫖯|3", names), names) == "李𫖯，小时 3"


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
    written = cell(field, items, RowNames())
    again = understand(field, written, RowNames())
    assert len(again) == len(items)
    assert cell(field, again, RowNames()) == written
    read = show(field, tuple(items), RowNames())
    assert "|" not in read
    assert len(read.split("；")) == len(items)


def test_a_number_in_a_line_keeps_every_digit() -> None:
    field = REGISTERS["volunteer_activity"].field("hours")
    lines = understand(field, "张三|1234567.25", RowNames({"member": {"1": "张三"}}))
    assert cell(field, lines, RowNames({"member": {"1": "张三"}})) == "张三|1234567.25"


def test_what_a_line_points_to_is_found_by_its_name_with_a_dividing_mark() -> None:
    field = REGISTERS["volunteer_activity"].field("hours")
    names = RowNames({"member": {"1": "张三；一组"}})
    lines = understand(field, cell(field, understand(field, "1|2", names), names), names)
    assert [line.member_id for line in lines] == ["1"]
