"""统计: every figure opens the branches and records behind it, and each of these the branch's own page."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.headquarters.statistics import BranchesStatisticsPage
from desktop.ui.widgets import RowButton
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.lint import faults


def test_a_cell_and_a_figure_open_what_is_behind_them(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        assert page.found is not None
        page.heat.chosen.emit("mixed", 3)
        assert page.pane.title.text().startswith("党的组织生活")
        page.show_total(next(each for each in page.found.totals if each.measure.id == "attendance"))
        settle(qtbot, shell)
        assert faults(shell) == []
        rows = cast(list[RowButton], page.pane.findChildren(RowButton))
        lines = [each for each in rows if "支部党员大会" in each.accessibleName()]
        with qtbot.waitSignal(shell.branch_requested) as asked:
            lines[0].click()
        assert asked.args[1]["area"] == "meetings"
