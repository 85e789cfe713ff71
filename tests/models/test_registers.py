"""What a declaration says of a register: its fields, their kinds and defaults, and the lines one of them holds."""

import itertools
from datetime import date

import pytest

from desktop.models.checks import at_most, not_before
from desktop.models.duties import DutyItem
from desktop.models.inspections import InspectionPoint
from desktop.models.lines import read_line
from desktop.models.registers import REGISTERS, every_register
from desktop.models.vocabulary.registers import DutyListState


def test_fields_come_in_the_order_people_fill_them_in() -> None:
    names = [field.name for field in REGISTERS["volunteer_activity"].fields]
    assert names[:2] == ["event_on", "title"]
    assert names[-1] == "note"


@pytest.mark.parametrize(
    ("kind", "name", "of_kind", "default"),
    [
        ("duty_list", "state", "choice", DutyListState.DRAFT),
        ("duty_list", "member_id", "ref", None),
        ("duty_list", "items", "lines", ()),
        ("venue", "seats", "integer", None),
        ("venue_check", "tag", "tag", None),
    ],
)
def test_a_field_knows_its_kind_and_default(kind: str, name: str, of_kind: str, default: object) -> None:
    field = REGISTERS[kind].field(name)
    assert (field.kind, field.default) == (of_kind, default)


def test_a_line_is_read_back_as_its_dataclass() -> None:
    line = read_line(DutyItem, {"what": "讲党课", "how": "", "degree": "", "due_on": "2026-12-01", "evidence": ""})
    assert line == DutyItem(what="讲党课", how="", degree="", due_on=date(2026, 12, 1), evidence="")


def test_checks_say_which_field_breaks_them() -> None:
    day = not_before("done_on", "started_on", "早于开始日期")
    assert day({"done_on": date(2026, 1, 1), "started_on": date(2026, 2, 1)}) == ("done_on", "早于开始日期")
    assert day({"done_on": date(2026, 2, 1)}) is None
    number = at_most("missing", "counted", "缺少多于清点")
    assert number({"missing": 9, "counted": 5}) == ("missing", "缺少多于清点")
    assert number({"missing": 5, "counted": 5}) is None


def test_a_day_before_another_names_that_field_as_the_form_does() -> None:
    early, late, found = date(2026, 1, 1), date(2026, 2, 1), 0
    for register in every_register():
        days = [field for field in register.fields if field.kind == "date"]
        for end, start in itertools.permutations(days, 2):
            for check in register.checks:
                name, reason = check({end.name: early, start.name: late}) or ("", "")
                if name == end.name and reason.startswith("早于"):
                    assert start.label in reason, f"{register.title} {end.label}：{reason}"
                    found += 1
    assert found > 20


def test_a_column_that_is_only_called_something_is_no_field() -> None:
    links = InspectionPoint.__table__.c.links
    assert links.info["label"] == "佐证记录"
    assert "links" not in {field.name for field in REGISTERS["inspection_point"].fields}
