"""The score of the standard in the race, taken apart down to the records of the branch."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.race.ranking import RankingPage
from desktop.ui.race.standard_points import StandardPointsPage, lost
from desktop.ui.widgets import RowButton
from tests.ui.desks import go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk


def test_the_rate_of_a_result_goes_down_to_items_and_the_records_behind_them(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        ranking = cast(RankingPage, go(qtbot, shell, "race"))
        assert ranking.race is not None
        result = next(row for row in ranking.race.rows if row.name.startswith("沈丘"))
        (part,) = next(each for each in result.indicators if each.id == "H1").parts
        ranking.take_apart(result)
        settle(qtbot, shell)
        page = cast(StandardPointsPage, shell.page())
        items = page.table.model.rows()
        won = sum((item.trace_points or 0) + (item.quality_points or 0) for item in items)
        missed = sum(lost(item) for item in items)
        assert f"得分率 {part.value:.2f}" in page.words.text()
        assert part.value is not None
        assert abs(100 * won / (won + missed) - float(part.value)) < 0.05  # full marks are rounded item by item
        assert "计分时" not in page.words.text()
        page.table.select(lambda item: bool(item.used) and item.used[0].kind == "meeting")
        records = [each for each in cast(list[RowButton], page.pane.findChildren(RowButton)) if each.isVisible()]
        with qtbot.waitSignal(shell.branch_requested) as asked:
            records[0].click()
        assert asked.args is not None
        assert asked.args[0] == result.branch_id
        assert asked.args[1]["area"] == "meetings"
        assert faults(shell) == []
