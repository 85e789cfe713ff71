"""Every place the window is sent to exists, and a gap without a page says so."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.registers import every_register
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.registers import RegisterArea
from desktop.services.access.rights import Rights
from desktop.services.access.roles import load_roles
from desktop.services.standards.rules import counting
from desktop.services.standards.verdict import Used, Where
from desktop.ui.pages import BRANCH_PAGES, HEADQUARTERS_PAGES, Area
from desktop.ui.places import (
    LOOK,
    NO_PAGE,
    PLACES,
    RECORD_PAGES,
    REGISTER_PLACES,
    can_open_record,
    place_of,
    verb_at,
    way_words,
)
from tests.ui.desks import empty_desk

DESKTOP = Path(__file__).parents[2] / "desktop"
REGISTERS_PAGE = "registers"


def tabs_of(areas: tuple[Area, ...]) -> set[tuple[str, str]]:
    return {(area.key, tab.key) for area in areas for tab in area.tabs}


def calls(folder: Path, *names: str) -> Iterator[tuple[str, list[str]]]:
    """Yield place and leading literal words of every call of `names` below `folder`."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if called in names and len(words) == len(node.args) and words:
                yield f"{path.name}:{node.lineno}", words


@pytest.mark.parametrize("place", sorted({*PLACES.values(), *REGISTER_PLACES.values()}))
def test_a_place_that_can_be_linked_to_exists(place: tuple[str, str]) -> None:
    assert place in tabs_of(BRANCH_PAGES) | tabs_of(HEADQUARTERS_PAGES)


def test_every_register_and_every_record_has_its_place() -> None:
    assert set(REGISTER_PLACES) == {*RegisterArea, *(register.area for register in every_register())}
    assert set(RECORD_PAGES.values()) <= set(PLACES)


def test_every_page_a_rule_names_is_one_of_the_window() -> None:
    named = {words[0] for _place, words in calls(DESKTOP / "services", "Where")}
    named |= {page for page, _kind, _what in counting.LISTS.values()}
    assert named <= {REGISTERS_PAGE, *PLACES}


def test_every_place_that_is_written_in_a_page_exists() -> None:
    known = tabs_of(BRANCH_PAGES) | tabs_of(HEADQUARTERS_PAGES)
    known |= {(area, "") for area, _tab in known}
    wrong = []
    for place, words in calls(DESKTOP / "ui", "open", "has"):
        if 1 <= len(words) <= 2 and (*words, "")[:2] not in known:
            wrong.append((place, words))
    assert wrong == []


def test_a_gap_without_a_page_says_so_and_offers_no_way(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        assert place_of(Where("nowhere", "")) == ("", "")
        assert way_words(shell.desk, Where("nowhere", "")) == NO_PAGE
        assert way_words(shell.desk, Where("meetings", "party_lecture")) == ""


OFFERED = (
    ("branch_reader", Where("meetings", "party_lecture"), "补录", ""),
    ("branch_reader", Where("meetings", "party_lecture", {"id": "m"}), "补全", LOOK),
    ("branch_reader", Where("meetings", "party_lecture", {"id": "m"}), "查看", "查看"),
    ("branch_reader", Where("registers", "issue", {"id": "i"}), "销号", LOOK),
    ("branch_reader", Where("posts", "term", {"id": "t"}), "登记", ""),
    ("group_leader", Where("meetings", "group_meeting"), "补录", "补录"),
    ("group_leader", Where("meetings", "group_meeting", {"group_id": "another"}), "补录", ""),
    ("group_leader", Where("meetings", "party_lecture"), "补录", ""),
    ("group_leader", Where("registers", "volunteer_activity"), "补录", "补录"),
    ("committee", Where("meetings", "party_lecture", {"id": "m"}), "补全", "补全"),
    ("committee", Where("meetings", "party_lecture", {"id": "m"}, Act.CONFIRM), "确认", LOOK),
    ("secretary", Where("meetings", "party_lecture", {"id": "m"}, Act.CONFIRM), "确认", "确认"),
    ("secretary", Where("nowhere", ""), "补录", ""),
    ("secretary", Where("transfers", "transfer_order", {"id": "o"}), "接收", "接收"),
    ("branch_reader", Where("transfers", "transfer_order", {"id": "o"}), "接收", ""),
    ("secretary", Where("dues", "dues_payment"), "收缴", "收缴"),
    ("branch_reader", Where("dues", "dues_payment"), "收缴", ""),
)


def test_a_gap_offers_what_a_role_may_do_and_to_others_to_look_where_there_is_something(
    qtbot: QtBot, tmp_path: Path
) -> None:
    grants = {role.id: role.grant for role in load_roles().roles}
    with empty_desk(qtbot, tmp_path) as shell:
        store = shell.desk.store
        for role, where, verb, offered in OFFERED:
            store.rights = Rights.of([grants[role]], ["own"])
            assert (role, where, verb_at(shell.desk, where, verb)) == (role, where, offered)


def test_a_record_that_is_withheld_is_no_way_to_it(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        assert can_open_record(shell.desk, Used("talk", "t"))
        assert not can_open_record(shell.desk, Used("talk", "t", withheld=True))
