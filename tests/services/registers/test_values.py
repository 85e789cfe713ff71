"""Values of declared fields: as people type them and as they read them."""

from datetime import date

import pytest

from desktop.models.duties import DutyItem
from desktop.models.registers import REGISTERS
from desktop.services.errors import InvalidInput
from desktop.services.registers.values import Names, show, understand


def test_two_members_of_one_name_are_told_apart_by_their_last_digits() -> None:
    names = Names({"member": {"a": "张伟（1234）", "b": "张伟（567X）"}})
    field = REGISTERS["commitment"].field("member_id")
    assert understand(field, "张伟(567X)", names) == "b"
    with pytest.raises(InvalidInput):
        understand(field, "张伟", names)


def test_lines_are_written_and_read_with_bars_between_their_parts() -> None:
    field = REGISTERS["duty_list"].field("items")
    lines = understand(field, "讲党课|每年一次|有提纲|2026-12-01；走访\n谈心|每季", Names())
    assert lines[0] == DutyItem("讲党课", "每年一次", "有提纲", date(2026, 12, 1))
    assert show(field, lines, Names()) == "讲党课|每年一次|有提纲|2026-12-01；走访；谈心|每季"
    with pytest.raises(InvalidInput):
        understand(field, "a|b|c|2026-01-01|e|f", Names())
