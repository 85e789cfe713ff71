"""Fields that hold codes of a list of the standard: named by the edition in force, kept where it knows them no more."""

from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.services.errors import InvalidInput, PackInvalid
from desktop.services.history import HistoryService
from desktop.services.registers import RegisterBook, RegisterService
from desktop.services.standards.editions import brought_codes
from desktop.services.standards.pack import Pack
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.standard import TEXT

KIND = "duty_list"
GROUP = '[[duty_levels]]\nid = "group"\nname = "党小组"\n'
TEAM = '[[duty_levels]]\nid = "team"\nname = "班组"\n'


def edition(text: str, version: str) -> str:
    """Return the standard as another edition."""
    ours = next(line for line in TEXT.splitlines() if line.startswith("version = "))
    return text.replace(ours, f'version = "{version}"', 1)


def kept(registers: RegisterService, **values: object) -> str:
    return registers.save(KIND, {"title": "组长清单", "year": 2026, "level": "党小组", "post": "党小组长", **values})


def test_every_list_that_a_field_asks_for_is_in_the_standard_that_comes_with_the_program() -> None:
    for register in REGISTERS.values():
        for field in register.fields:
            if field.codes:
                assert brought_codes(field.codes), (register.kind, field.name)
                assert field.default in (None, *brought_codes(field.codes))


def test_another_edition_names_and_adds_levels_and_posts(store: Store, registers: RegisterService) -> None:
    made = kept(registers)
    text = TEXT.replace(GROUP, GROUP.replace("党小组", "党小组（班组）") + TEAM)
    StandardService(store).add_edition(edition(text, "2099.1"), "新标准.toml")
    assert registers.row(KIND, made).texts["level"] == "党小组（班组）"
    assert ("team", "班组") in registers.choices(KIND, "level")
    assert registers.row(KIND, kept(registers, level="班组")).values["level"] == "team"


def test_a_code_the_edition_in_force_does_not_know_stays_and_goes_to_excel_and_back(
    store: Store, registers: RegisterService, tmp_path: Path
) -> None:
    standards = StandardService(store)
    standards.add_edition(edition(TEXT.replace(GROUP, GROUP + TEAM), "2099.1"), "新标准.toml")
    old, new = kept(registers), kept(registers, title="班组清单", level="班组")
    standards.add_edition(edition(TEXT.replace(GROUP, ""), "2099.2"), "再新.toml")
    assert [registers.row(KIND, row).texts["level"] for row in (old, new)] == ["党小组", "team"]
    registers.save(KIND, {"note": "改了一处"}, new)
    assert registers.row(KIND, new).values["level"] == "team"
    assert "team" in {field.after for change in HistoryService(store).of(KIND, new) for field in change.fields}
    book = RegisterBook(store, REGISTERS[KIND])
    book.export(tmp_path / "清单.xlsx")
    result = book.import_file(tmp_path / "清单.xlsx")
    assert (result.rejected, result.accepted, result.updated) == ([], 0, 0)
    with pytest.raises(InvalidInput, match="不在可选项中"):
        kept(registers, level="科室")


def test_an_edition_that_lists_none_has_those_of_the_program(store: Store, registers: RegisterService) -> None:
    before = registers.choices(KIND, "post")
    start, end = TEXT.index("[[duty_levels]]"), TEXT.index("[[metrics]]")
    StandardService(store).add_edition(edition(TEXT[:start] + TEXT[end:], "2099.1"), "老写法.toml")
    assert registers.choices(KIND, "post") == before
    assert dict(before)["committee_member"] == "班子成员"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT.replace(GROUP, GROUP + GROUP), "group"),
        (TEXT.replace(GROUP, GROUP.replace('"group"', f'"{"g" * 41}"')), "超过40字"),
        (TEXT.replace('[[duty_levels]]\nid = "branch"', '[[duty_levels]]\nid = "unit"'), "缺 branch"),
        (TEXT.replace(GROUP, GROUP.replace('name = "党小组"', 'name = ""')), "name"),
    ],
)
def test_a_list_without_sense_is_refused_when_it_is_read(text: str, reason: str) -> None:
    with pytest.raises(PackInvalid, match=reason):
        parse_pack(text, "标准.toml")


def test_a_standard_says_its_lists_by_name() -> None:
    pack: Pack = parse_pack(TEXT, "标准.toml")
    assert list(pack.codes("duty_levels")) == ["city_committee", "county_org", "branch", "group"]
    assert len(pack.codes("duty_posts")) == 5
