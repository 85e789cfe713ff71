"""A name of 21 characters is read whole on a screen of 1366 × 768, as departments of companies have them."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.race import RaceResult
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.records import racers
from desktop.services.store import Store
from desktop.ui.cells import Txt
from desktop.ui.table_model import DataTable
from desktop.ui.widths import EDGES
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.loop import HEADQUARTERS, loop_store

LONG = "中共周口市烟草专卖局卷烟营销中心机关党支部"


def renamed(store: Store) -> Store:
    """Call every branch by the long name, in what was published too."""
    with store.reading() as session:
        branches = racers(session)
    for branch in branches:
        HeadquartersService(store).change_branch(branch.branch_id, LONG, branch.group, branch.county)
    with store.unit_of_work("改名") as session:
        for result in session.scalars(select(RaceResult)):
            result.detail = {**result.detail, "name": LONG}
    return store


@pytest.mark.parametrize(
    ("area", "tab", "table", "column"),
    [
        ("assess", "sampling", "branches", "支部"),
        ("assess", "claims", "table", "支部、申报人"),
        ("race", "race", "table", "支部"),
        ("race", "results", "table", "支部"),
    ],
)
def test_it_stands_whole_beside_what_is_in_view(
    qtbot: QtBot, tmp_path: Path, area: str, tab: str, table: str, column: str
) -> None:
    assert len(LONG) == 21
    with desk_on(qtbot, renamed(loop_store(tmp_path / "store", HEADQUARTERS))) as shell:
        page = go(qtbot, shell, area, tab)
        shown: DataTable[object] = getattr(page, table)
        shown.step(1)
        settle(qtbot, shell)
        (at,) = (n for n, each in enumerate(shown.model.columns) if each.title == column)
        assert shown.view.columnWidth(at) >= Txt(LONG).widths()[0] + EDGES
        assert shown.view.horizontalScrollBar().maximum() == 0
        assert faults(shell) == []
