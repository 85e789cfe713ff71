"""统计: every figure opens the branches and records behind it, and each of these the branch's own page."""

from decimal import Decimal
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.ui.headquarters.statistics import FIGURES, QUARTERS, BranchesStatisticsPage
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


def test_tables_leave_as_numbers_under_the_name_of_their_period(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        page.kind.choose(FIGURES)
        page.kind.changed.emit(FIGURES)
        sheet = page.figures.sheet(page._called(page.figures.name))
        assert sheet.title == "2026年三季度各项数字"
        rows = {row[1]: row for row in sheet.cells}
        members, attendance = rows["在册党员"], rows["组织生活参加率"]
        assert (members[3], attendance[3]) == ("人", "%")
        assert isinstance(members[2], Decimal)
        assert isinstance(attendance[2], Decimal)
        page.kind.choose(QUARTERS)
        page.kind.changed.emit(QUARTERS)
        settle(qtbot, shell)
        quarters = page.quarters.sheet(page._called(page.quarters.name))
        assert quarters.title == "2026年各季度数字"
        assert {type(row[4]) for row in quarters.cells} <= {Decimal, str}
        assert {row[4] for row in quarters.cells if isinstance(row[4], str)} <= {"—"}
