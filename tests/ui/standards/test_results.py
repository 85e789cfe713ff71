"""标准化 > 考评结果: headquarters' ratings beside the branch's own."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.standards import VerifiedRating
from desktop.ui.standards.results import ResultsPage
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
def test_headquarters_ratings_stand_beside_ones_own(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(ResultsPage, go(qtbot, shell, "standards", "results"))
        assert page._stack.currentIndex() == 0
        store = shell.desk.store
        with store.unit_of_work("核定") as session:
            session.add(
                VerifiedRating(
                    branch_id=store.branch_id,
                    year=2026,
                    item_id="D4-02",
                    criterion=0,
                    value_hundredths=300,
                    ground="会后任务要写结果",
                    rated_on=date(2026, 11, 1),
                )
            )
        shell.desk.changed()
        settle(qtbot, shell)
        assert page.criteria.model.row_at(0).ground == "会后任务要写结果"
        if size[0] == 1366:  # the line runs on beside the grade and is not squeezed into a column
            assert page._words.height() < 2 * page._words.fontMetrics().lineSpacing()
        assert faults(shell) == []
