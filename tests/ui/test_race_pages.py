"""赛马 at headquarters: the ranking explained, a period taken through its states, figures and marks typed."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary import StoreKind
from desktop.ui.imports import ImportPage
from desktop.ui.main_window import Shell
from desktop.ui.race.inputs import InputsPage, parse_figure
from desktop.ui.race.marks import MarkDialog, MarksPage
from desktop.ui.race.ranking import RankingPage
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import empty_desk, go, put, settle
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
        assert page.state.words == "已公布，5 / 5 已收"
        assert page.main_button.isHidden()


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
            if seen[-1] != "计分":
                confirmed(qtbot, shell)
            settle(qtbot, shell)
        assert seen == ["封账", "计分", "公布结果"]
        page.appeal_button.click()
        confirmed(qtbot, shell)
        assert page.state.words.startswith("申诉中")
        page.again_button.click()
        settle(qtbot, shell)
        page.main_button.click()
        confirmed(qtbot, shell)
        page.settle_button.click()
        confirmed(qtbot, shell)
        assert page.state.words.startswith("已定")
        page.write(tmp_path / "赛马.xlsx")
        settle(qtbot, shell)
        assert openpyxl.load_workbook(tmp_path / "赛马.xlsx").worksheets


@pytest.mark.parametrize(("words", "number"), [("0.93", "0.93"), ("93%", "0.93"), ("93％", "0.93"), (" 86 ", "86")])
def test_figures_are_read_as_people_write_them(words: str, number: str) -> None:
    assert str(parse_figure(words)) == number


def test_a_figure_is_typed_refused_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.part == "H4")
        fields = page.fields.fields
        put(fields["value"].control, "九成")
        page.save()
        assert fields["value"].fault() == "应为数字，如0.93或93%。"
        put(fields["value"].control, "93%")
        page.save()
        settle(qtbot, shell)
        assert fields["samples"].fault() == "这个指标要填样本数。"
        put(fields["samples"].control, "40")
        fields["ground"].control.setPlainText("四季度问卷")  # type: ignore[attr-defined]
        page.save()
        settle(qtbot, shell)
        kept = page.table.current()
        assert kept is not None
        assert (kept.value_text, kept.samples, kept.ground) == ("93%", 40, "四季度问卷")
        page.clear_figure()
        settle(qtbot, shell)
        gone = page.table.current()
        assert gone is not None
        assert gone.value is None
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        back = page.table.current()
        assert back is not None
        assert back.value_text == "93%"
        page.scope._buttons["missing"].click()
        assert all(one.value is None for one in page.table.model.rows())


def test_a_published_result_is_not_touched(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.table.select(lambda one: one.part == "H5")
        before = page.table.current()
        put(page.fields.fields["value"].control, "4")
        page.save()
        settle(qtbot, shell)
        said = [one.text() for one in cast(list[QLabel], last(shell).findChildren(QLabel))]
        assert any("受理申诉后才能修改" in words for words in said)
        last(shell).accept()
        page.reload()
        settle(qtbot, shell)
        assert page.table.current() == before


def test_excel_opens_the_import(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.import_button.click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), ImportPage)


def test_a_mark_needs_its_ground_and_can_be_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(MarksPage, go(qtbot, shell, "race", "marks"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        page.add_button.click()
        dialog = cast(MarkDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault() == "不能为空，写明文号或核查记录。"
        dialog.fields.fields["ground"].control.setPlainText("市局督办单")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1
        page.remove(page.table.model.row_at(0))
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 0
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.table.model.row_at(0).ground == "市局督办单"


def test_without_branches_the_first_step_is_an_invitation(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        for tab in ("race", "figures", "marks"):
            go(qtbot, shell, "race", tab)
            assert faults(shell) == [], tab
        page = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert page.table.empty.button is not None
