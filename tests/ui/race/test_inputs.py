"""赛马 > 评比数据: figures typed as people write them."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.race import AppealState
from desktop.services.errors import InvalidInput
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from desktop.ui.intake.page import IntakePage
from desktop.ui.race.appeals import AppealsPage
from desktop.ui.race.inputs import InputsPage, parse_figure
from desktop.ui.race.ranking import RankingPage
from tests.ui.desks import go, put, settle
from tests.ui.loop import loop_desk


@pytest.mark.parametrize(
    ("words", "number"), [("0.93", "0.93"), ("93%", "0.93"), ("９３．５％", "0.935"), (" 86 ", "86")]
)
def test_figures_are_read_as_people_write_them(words: str, number: str) -> None:
    assert str(parse_figure(words)) == number


@pytest.mark.parametrize("words", ["", "很多", "nan", "-Infinity", "%"])
def test_what_is_no_number_is_refused_as_a_figure(words: str) -> None:
    with pytest.raises(InvalidInput, match="应为数字"):
        parse_figure(words)


def test_a_figure_is_typed_refused_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.part == "H4")
        assert page.form is not None
        fields = page.form.fields.fields
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


def test_what_is_saved_while_another_period_is_read_is_of_the_one_in_sight(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.part == "H2")
        assert page.form is not None
        fields = page.form.fields.fields
        put(fields["value"].control, "77")
        fields["ground"].control.setPlainText("四季度报表")  # type: ignore[attr-defined]
        branch = page.table.model.row_at(page.table.view.currentIndex().row()).branch_id
        page.periods.set_value("2026Q2")
        page.save()
        settle(qtbot, shell)
        said = {
            period: one.value_text
            for period in ("2026Q2", "2026Q4")
            for one in InputService(shell.desk.store).inputs(period)
            if (one.branch_id, one.part) == (branch, "H2")
        }
        assert said == {"2026Q2": "", "2026Q4": "77"}


def test_the_figure_in_the_pane_is_saved_though_a_filter_took_it_out_of_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.part == "H4")
        cell = page.cell
        assert cell is not None
        assert page.form is not None
        put(page.form.fields.fields["value"].control, "93%")
        put(page.form.fields.fields["samples"].control, "40")
        page.form.fields.fields["ground"].control.setPlainText("四季度问卷")  # type: ignore[attr-defined]
        page.branches.set_value(
            next(one.branch_id for one in page.table.model.rows() if one.branch_id != cell.branch_id)
        )
        assert page.table.current() is None
        page.save()
        settle(qtbot, shell)
        kept = next(
            one
            for one in InputService(shell.desk.store).inputs("2026Q4")
            if (one.branch_id, one.part) == (cell.branch_id, cell.part)
        )
        assert (kept.value_text, kept.ground) == ("93%", "四季度问卷")
        assert page.cell == kept
        page.periods.set_value("2026Q3")
        settle(qtbot, shell)
        assert page.cell is not None
        assert (page.cell.branch_id, page.cell.part) == (cell.branch_id, cell.part)
        assert page.cell.value_text != "93%", "the form is of the period in sight"


def test_a_published_figure_is_shown_and_not_offered_for_typing(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        reason = "2026年三季度结果已公布，申诉成立后才能修改。"
        assert page._held.text() == reason
        page.table.select(lambda one: one.part == "H5")
        assert page.form is None
        said = [one.text() for one in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert reason in said
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        page.table.select(lambda one: one.part == "H5")
        assert page.form is not None
        assert not page._held.isVisible()


def test_figures_follow_the_period_that_was_chosen_on_another_page(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        ranking.periods.set_value("2026Q4")
        settle(qtbot, shell)
        assert go(qtbot, shell, "race", "figures") is page
        assert page.periods.value() == "2026Q4"
        assert page.table.select(lambda one: one.part == "H5")
        assert page.form is not None  # the quarter before is published, and nothing is typed there
        appeals = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        assert (appeals.periods.value(), appeals.table.model.rowCount()) == ("2026Q4", 0)


def test_the_branch_asked_for_is_shown_alone_though_the_page_was_never_open(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        branch = RaceService(shell.desk.store).racers()[-1].branch_id
        shell.desk.open("race", "figures", branch=branch)
        settle(qtbot, shell)
        page = cast(InputsPage, shell.page())
        assert page.branches.value() == branch
        assert {one.branch_id for one in page.table.model.rows()} == {branch}


def test_of_several_upheld_appeals_the_form_asks_which(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        service, store = AppealService(shell.desk.store), shell.desk.store
        racers = RaceService(store).racers()
        cases = []
        for racer in racers[:2]:
            case = service.take_up(
                "2026Q3",
                NewAppeal(branch_id=racer.branch_id, raised_by="李某", received_on=store.today, ground="少算"),
            )
            cases.append(case)
            service.decide(case, AppealState.UPHELD, decided_by="党建科", decision="核实")
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        assert page._held.text().startswith("申诉成立，正在更正：")
        page.table.select(lambda one: one.part == "H5" and one.branch_id == racers[1].branch_id)
        assert page.form is not None
        assert page.form.fields.values()["appeal"] == cases[1]
        put(page.form.fields.fields["value"].control, "1.5")
        page.save()
        settle(qtbot, shell)
        kept = page.table.current()
        assert kept is not None
        assert kept.corrected.startswith("按2026-10-12收到的申诉更正，原为")


def test_excel_opens_the_import(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        page.import_button.click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), IntakePage)
