"""提升 > 计划: the plans of all branches on one board."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.headquarters.plans import PlansPage
from tests.ui.desks import go
from tests.ui.loop import loop_desk


def test_the_branch_a_plan_measures_itself_by_is_told_as_such(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(PlansPage, go(qtbot, shell, "improve", "plans"))
        named = next(column for column in page.table.model.columns if column.title == "支部")
        told = {plan.benchmark: named.draw_by(plan).words() for plan in page.table.model.rows() if plan.benchmark}
        assert told
        assert all(words.endswith(f"，对标{benchmark}") for benchmark, words in told.items())
