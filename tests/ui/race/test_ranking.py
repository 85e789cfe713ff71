"""赛马 > 排名: the ranking explained, and a period taken through its states."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.assessment import AssessmentService, missed_words
from desktop.ui.main_window import Shell
from desktop.ui.race import ranking
from desktop.ui.race.inputs import InputsPage
from desktop.ui.race.ranking import RankingPage
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import clock_at
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


def confirmed(qtbot: QtBot, shell: Shell) -> None:
    """Say yes to the question asked."""
    last(shell).verb.click()
    settle(qtbot, shell)


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_race_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        for _row in range(page.table.model.rowCount()):
            assert faults(shell) == []
            page.table.step(1)
        page.open_trend()
        settle(qtbot, shell)
        assert faults(shell) == []
        shell.pop_page()
        for tab in ("figures", "marks"):
            other = cast(InputsPage, go(qtbot, shell, "race", tab))
            other.table.step(1)
            settle(qtbot, shell)
            assert faults(shell) == [], tab


def test_a_branch_is_explained_and_links_lead_to_it(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        middle = page.table.model.row_at(1)
        shell.desk.open("race", "race", branch=middle.branch_id)
        settle(qtbot, shell)
        current = page.table.current()
        assert current is not None
        assert current.branch_id == middle.branch_id
        said = [one.text() for one in cast(list[QLabel], page._side_card.findChildren(QLabel))]
        assert "为什么是中间" in said
        assert middle.reasons[0] in said
        assert page.state.words == "申诉中，5 / 5 已收"
        assert page.main_button.text() == "办理申诉", "what waits is what the button does"


@pytest.mark.parametrize("size", [(1366, 696), (880, 420)])
def test_one_county_is_shown_with_the_ranks_of_the_whole_group(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert page.county.isHidden(), "no county is noted"
        first, second, third = page.table.model.rows()[:3]
        with shell.desk.store.unit_of_work("党总支") as session:
            for partner in session.scalars(select(Partner)):
                partner.county = (
                    "沈丘县局党总支" if partner.org in (first.branch_id, third.branch_id) else "项城市局党总支"
                )
        page.reload()
        settle(qtbot, shell)
        assert not page.county.isHidden()
        page.county.set_value("沈丘县局党总支")
        assert page.table.model.rows() == (first, third)
        assert faults(shell) == []
        shell.desk.open("race", "race", branch=second.branch_id)
        settle(qtbot, shell)
        assert (page.county.value(), page.table.current()) == ("", second)


def test_how_many_reported_is_told_under_the_pointer_where_there_is_no_room(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        whole = page.state.words
        assert whole.endswith("已收")
        monkeypatch.setattr(ranking, "COUNT_FROM", page.width() + 1)
        page.reload()
        settle(qtbot, shell)
        assert page.state.words == whole.rpartition("，")[0]
        assert page.state.toolTip() == whole


def test_a_period_goes_from_open_to_final(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert (page.state.words, page.main_button.isHidden()) == ("进行中，试算，0 / 5 已收", True)
        page.periods.set_value("2026Q2")
        settle(qtbot, shell)
        seen = []
        for _step in range(3):
            seen.append(page.main_button.text())
            page.main_button.click()
            settle(qtbot, shell)
            if seen[-1] == "公布结果":
                told = missed_words(AssessmentService(shell.desk.store).rows("2026Q2"))
                assert told.startswith("还有")
                asked = [one.text() for one in cast(list[QLabel], last(shell).findChildren(QLabel))]
                assert any(words.startswith(told) for words in asked)
            if seen[-1] != "计分":
                confirmed(qtbot, shell)
            settle(qtbot, shell)
        assert seen == ["封账", "计分", "公布结果"]
        assert not page.settle_button.isVisible(), "the time to appeal is not over"
        shell.desk.store.clock = clock_at("2026-10-20 09:00")
        page.reload()
        settle(qtbot, shell)
        page.settle_button.click()
        confirmed(qtbot, shell)
        assert page.state.words.startswith("已定")
        page._history_link.click()
        settle(qtbot, shell)
        said = [one.text() for one in cast(list[QLabel], last(shell).findChildren(QLabel))]
        assert [words for words in said if words.endswith("2026年二季度赛马")] == [
            "定案：2026年二季度赛马", "公布：2026年二季度赛马", "计分：2026年二季度赛马", "封账：2026年二季度赛马",
        ]  # fmt: skip
        last(shell).accept()
        page.write(tmp_path / "赛马.xlsx")
        settle(qtbot, shell)
        assert openpyxl.load_workbook(tmp_path / "赛马.xlsx").worksheets


def test_without_branches_the_first_step_is_an_invitation(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        for tab in ("race", "figures", "marks", "appeals"):
            go(qtbot, shell, "race", tab)
            assert faults(shell) == [], tab
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert page.table.empty.button is not None
