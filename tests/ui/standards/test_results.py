"""标准化 > 考评结果: headquarters' ratings beside the branch's own."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.standards import VerifiedRating
from desktop.models.vocabulary.assessment import AssessmentState
from desktop.services.appeals import Raised
from desktop.services.race.raising import RaisingService
from desktop.ui.appeals import RaiseDialog
from desktop.ui.standards.periods import PeriodsDialog
from desktop.ui.standards.results import ResultsPage
from tests.ui.desks import desk_on, go, sample_desk, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.loop import loop_desk

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
        said = {label.text() for label in cast(list[QLabel], page._figures.findChildren(QLabel))}
        assert "待评" in said, (
            "the branch judged no quality itself: by traces alone there is no rate, here as elsewhere"
        )
        assert faults(shell) == []


@pytest.mark.parametrize("size", SIZES)
def test_where_every_period_stands_is_a_click_away_and_a_rating_is_appealed(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01", size) as shell:
        RaisingService(shell.desk.store).raise_appeal("2026Q3", Raised(raised_by="高红卫", ground="分数有误"))
        page = cast(ResultsPage, go(qtbot, shell, "standards", "results"))
        page.open_periods()
        settle(qtbot, shell)
        dialog = cast(list[PeriodsDialog], shell.findChildren(PeriodsDialog))[-1]
        lines = [dialog.table.model.row_at(row) for row in range(dialog.table.model.rowCount())]
        assert [line.period for line in lines] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026"]
        third = lines[2]
        assert (third.state, third.appeals) == (AssessmentState.APPEALED, 1)
        assert third.result is not None
        assert None not in (third.own, third.verified, third.published_on)
        assert faults(shell) == []
        dialog.table.opened.emit(third)
        settle(qtbot, shell)
        assert shell.place() == ("improve", "race")
        page = cast(ResultsPage, go(qtbot, shell, "standards", "results"))
        page.criteria.select(lambda line: True)
        differing = page.criteria.current()
        page.appeal_button.click()
        settle(qtbot, shell)
        form = cast(list[RaiseDialog], shell.findChildren(RaiseDialog))[-1]
        assert form.fields.values()["item"] == (differing.item_id if differing is not None else "")
        assert faults(shell) == []


@pytest.mark.parametrize("size", [*SIZES, (1366, 900)])
def test_the_page_scrolls_or_its_lists_and_never_both(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store"), size) as shell:
        page = cast(ResultsPage, go(qtbot, shell, "standards", "results"))
        assert page.criteria.model.rowCount() > 5
        whole = shell._frames[page].verticalScrollBar().maximum()
        lists = [each.view.verticalScrollBar().maximum() for each in (page.dimensions, page.criteria)]
        assert (whole > 0) + any(lists) == 1, (whole, lists)
