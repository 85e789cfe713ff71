"""Every page of the window with a full year in it: nothing clipped, nothing outside, a name on all that Tab reaches."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.headquarters.parts import CountyChoice
from desktop.ui.pages import BRANCH_PAGES, HEADQUARTERS_PAGES, Area
from tests.stores import new_store
from tests.ui.desks import TODAY, desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.loop import loop_desk

SIZES = ((1366, 696), (1093, 542), (911, 440))


def places(areas: tuple[Area, ...]) -> list[tuple[str, str]]:
    return [(area.key, tab.key) for area in areas for tab in area.tabs]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_every_page_fits_with_a_full_year(qtbot: QtBot, tmp_path: Path, kind: StoreKind, size: tuple[int, int]) -> None:
    areas = HEADQUARTERS_PAGES if kind is StoreKind.HEADQUARTERS else BRANCH_PAGES
    found = {}
    with desk_on(qtbot, full_store(tmp_path / "store", kind), size) as shell:
        for area, tab in places(areas):
            go(qtbot, shell, area, tab)
            if wrong := faults(shell):
                found[f"{area}/{tab}"] = wrong
    assert found == {}


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_every_page_of_an_empty_store_fits_and_says_what_comes_first(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind
) -> None:
    areas = HEADQUARTERS_PAGES if kind is StoreKind.HEADQUARTERS else BRANCH_PAGES
    found = {}
    with desk_on(qtbot, new_store(tmp_path / "store", kind, TODAY), SIZES[1]) as shell:
        for area, tab in places(areas):
            go(qtbot, shell, area, tab)
            if wrong := faults(shell):
                found[f"{area}/{tab}"] = wrong
    assert found == {}


def test_no_page_of_headquarters_makes_the_window_wider_than_a_small_screen(qtbot: QtBot, tmp_path: Path) -> None:
    found, small = {}, SIZES[-1]
    with loop_desk(qtbot, tmp_path, size=small) as shell:
        with shell.desk.store.unit_of_work("党总支") as session:
            for number, partner in enumerate(session.scalars(select(Partner))):
                partner.county = ("沈丘县局党总支", "项城市局党总支")[number % 2]
        for area, tab in places(HEADQUARTERS_PAGES):
            go(qtbot, shell, area, tab)
            counties = cast(list[CountyChoice], shell.page().findChildren(CountyChoice))
            seen = [part for part in counties if part.isVisible()]
            cut = [part.words_drawn() for part in seen if part.words_drawn() != part.currentText()]
            for part in seen:
                part.setCurrentIndex(1)
                settle(qtbot, shell)
                cut += [part.words_drawn()] if part.words_drawn() != part.currentText() else []
            if (wrong := faults(shell) + cut) or shell.width() != small[0]:
                found[f"{area}/{tab}"] = (shell.width(), wrong)
    assert found == {}
