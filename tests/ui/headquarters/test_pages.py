"""The pages of headquarters: all fit, and say what to do first."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.headquarters.overview import OverviewPage
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk

SIZES = [(1366, 696), (1093, 542), (911, 440)]


PLACES = [
    ("home", "home"),
    ("receive", "receive"),
    ("race", "results"),
    ("improve", "plans"),
    ("send", "packages"),
    ("send", "remarks"),
    ("standards", "editions"),
    ("assess", "ratings"),
    ("assess", "sampling"),
    ("assess", "assessments"),
    ("assess", "alike"),
]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_with_its_first_row_open(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        for area, tab in PLACES:
            page = go(qtbot, shell, area, tab)
            table = getattr(page, "history", None) or getattr(page, "table", None)
            if table is not None and hasattr(page, "pane"):
                table.step(1)
                settle(qtbot, shell)
            assert faults(shell) == [], (area, tab)


def test_every_page_says_what_to_do_first(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        for area, tab in PLACES:
            go(qtbot, shell, area, tab)
            assert faults(shell) == [], (area, tab)
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        assert page.table.empty.button is not None
        assert page.table.empty.button.text() == "邀请支部"
