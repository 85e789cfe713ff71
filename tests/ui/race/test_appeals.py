"""赛马 > 申诉: an appeal is taken up, decided, corrected and published anew, and stays in view."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.race import RaceAppeal, RaceResult
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.access.rights import Rights
from desktop.services.appeals import Raised
from desktop.services.attachments import AttachmentService
from desktop.services.race.appeals import AppealService
from desktop.services.race.inputs import InputService
from desktop.services.race.raising import RaisingService
from desktop.services.race.rows import AppealRow, TypedFigure
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.ui.appeals import GROUPS_STAND
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.headquarters.overview import OverviewPage
from desktop.ui.main_window import Shell
from desktop.ui.race.appeals import AppealDialog, AppealsPage
from desktop.ui.race.deciding import CHOICES, DecisionPart
from desktop.ui.race.inputs import InputsPage
from desktop.ui.race.ranking import RankingPage
from desktop.ui.race.result import RaceResultPage
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk, loop_store


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


def newest(page: AppealsPage) -> AppealRow:
    """Return the appeal that came last; the demonstration has some that are decided."""
    return page.table.model.row_at(page.table.model.rowCount() - 1)


def decided(store: Store) -> None:
    """Decide what waits in the demonstration, so that a test sees its own appeals wait."""
    service = AppealService(store)
    for appeal in service.appeals("2026Q3"):
        if appeal.state is AppealState.PENDING:
            service.decide(appeal.id, AppealState.REJECTED, decided_by="党建科科务会", decision="回执在封账以后才收到")


def take_up(qtbot: QtBot, shell: Shell, page: AppealsPage, branch: str = "") -> None:
    """Take up an appeal of a branch, the first where none is named."""
    page.add_button.click()
    dialog = cast(AppealDialog, last(shell))
    assert page.race is not None
    dialog.fields.fields["branch"].control.set_value(branch or page.race.rows[0].branch_id)  # type: ignore[attr-defined]
    put(dialog.fields.fields["raised_by"].control, "书记 李某")
    dialog.fields.fields["ground"].control.setPlainText("满意度样本算少了")  # type: ignore[attr-defined]
    dialog.verb.click()
    settle(qtbot, shell)


def decide(qtbot: QtBot, shell: Shell, page: AppealsPage, state: AppealState) -> None:
    """Decide the newest appeal where it is read."""
    form = chosen(qtbot, shell, page)
    form.choice.press(CHOICES.index(state) + 1)
    put(form.fields.fields["decided_by"].control, "党建科会议")
    form.fields.fields["decision"].control.setPlainText("复核了原始问卷")  # type: ignore[attr-defined]
    page.decide()
    settle(qtbot, shell)


def chosen(qtbot: QtBot, shell: Shell, page: AppealsPage) -> DecisionPart:
    """Look at the newest appeal, which waits; return the form beside it."""
    page.table.select(lambda row: row.id == newest(page).id)
    settle(qtbot, shell)
    assert page.form is not None
    return page.form


def test_a_period_that_takes_no_appeal_asks_for_none(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        assert page.race is not None
        page._loaded(replace(page.race, state=RacePeriodState.FINAL, appeals=()))
        assert page.add_button.isHidden()
        assert page.table.empty.line.text() == "这一期没有申诉。"
        assert "受理申诉" not in page.table.empty.step.text()


def test_an_appeal_goes_from_its_letter_to_the_new_result(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        assert page._window.text() == "2026-10-12 公布，申诉期到 2026-10-19；逾期的写明理由才受理。"
        assert page.table.empty.line.text() == "现在没有申诉，收到 2026-10-19 为止。"
        page.add_button.click()
        dialog = cast(AppealDialog, last(shell))
        dialog.verb.click()
        assert {name for name, field in dialog.fields.fields.items() if field.fault()} == {
            "branch",
            "raised_by",
            "ground",
        }
        dialog.reject()
        take_up(qtbot, shell, page)
        assert newest(page).state is AppealState.PENDING
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert (ranking.main_button.text(), ranking.state.words[:3]) == ("办理申诉", "申诉中")
        ranking.main_button.click()
        settle(qtbot, shell)
        assert shell.place() == ("race", "appeals")
        decide(qtbot, shell, page, AppealState.UPHELD)
        branch = newest(page).branch_id
        figures = cast(InputsPage, go(qtbot, shell, "race", "figures"))
        figures.table.select(lambda cell: cell.branch_id == branch and cell.part == "H7")
        assert figures.form is not None
        put(figures.form.fields.fields["value"].control, "61%")
        figures.save()
        settle(qtbot, shell)
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert (ranking.main_button.text(), ranking.again_button.isHidden()) == ("重新计分", True)
        ranking.main_button.click()
        settle(qtbot, shell)
        assert ranking.race is not None
        assert ranking.race.revised
        assert (ranking.main_button.text(), ranking.again_button.isHidden()) == ("公布结果", False)
        InputService(shell.desk.store).set_inputs(
            "2026Q3", [TypedFigure(branch, "H7", Decimal("0.62"), None, "更正单")]
        )
        settle(qtbot, shell)
        ranking.main_button.click()
        settle(qtbot, shell)
        assert last(shell).verb.text() == "重新计分", "what was overtaken since is scored anew first"
        last(shell).verb.click()
        settle(qtbot, shell)
        ranking.main_button.click()
        settle(qtbot, shell)
        last(shell).verb.click()
        settle(qtbot, shell)
        assert ranking.state.words.startswith("已公布")
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        kept = newest(page)
        assert kept.outcome.startswith("总分 ")
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        said = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert "公布的 → 更正后" in said
        page.open_versions()
        settle(qtbot, shell)
        told = [label.text() for label in cast(list[QLabel], last(shell).findChildren(QLabel))]
        times = [words[:5].rstrip() for words in told if words.startswith("第 ")]
        assert times[-2:] == ["第 2 次", "第 1 次"]
        assert len(times) == kept.replaced_version + 1 if kept.replaced_version is not None else False


def test_an_appeal_just_taken_up_is_in_view_and_takes_the_scan_of_its_letter(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = tmp_path / "申诉书.txt"
    letter.write_text("对满意度的样本有异议", encoding="utf-8")
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        take_up(qtbot, shell, page)
        current = page.table.current()
        assert current is not None
        assert (current.raised_by, current.ground) == ("书记 李某", "满意度样本算少了")
        assert page.form is not None
        assert page.form.appeal.id == current.id
        assert faults(shell) == []
        opener = next(
            part
            for part in cast(list[QPushButton], page.pane.findChildren(QPushButton))
            if part.accessibleName() == "申诉书和佐证的扫描件"
        )
        opener.click()
        settle(qtbot, shell)
        monkeypatch.setattr("desktop.ui.attachments.ask_open_many", lambda *_args: [letter])
        cast(AttachmentsDialog, last(shell)).panel.choose()
        settle(qtbot, shell)
        kept = AttachmentService(shell.desk.store).list("race_appeals", current.id)
        assert [file.name for file in kept] == ["申诉书.txt"]


def test_an_appeal_taken_up_over_the_ranking_is_opened_where_it_takes_the_scan_of_its_letter(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert ranking.race is not None
        whose = ranking.race.rows[-1].branch_id
        ranking.appeal_button.click()
        dialog = cast(AppealDialog, last(shell))
        notes = [field.note() for field in dialog.fields.fields.values()]
        assert any(GROUPS_STAND in note and "改名称" in note for note in notes), (
            "an appeal moves nobody to another group"
        )
        assert faults(shell) == []
        dialog.fields.fields["branch"].control.set_value(whose)  # type: ignore[attr-defined]
        put(dialog.fields.fields["raised_by"].control, "书记 李某")
        dialog.fields.fields["ground"].control.setPlainText("满意度样本算少了")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        page = cast(AppealsPage, shell.page())
        assert shell.place() == ("race", "appeals")
        current = page.table.current()
        assert current is not None
        assert (current.branch_id, current.ground) == (whose, "满意度样本算少了")


def test_the_way_on_leads_to_the_branch_whose_appeal_was_upheld(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        ranking = cast(RankingPage, go(qtbot, shell, "race", "race"))
        assert ranking.race is not None
        first, *_, whose = (each.branch_id for each in ranking.race.rows)
        assert ranking.table.current() is not None
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        take_up(qtbot, shell, page, whose)
        form = chosen(qtbot, shell, page)
        form.choice.press(CHOICES.index(AppealState.UPHELD) + 1)
        assert GROUPS_STAND in form._told.text(), "an appeal moves nobody to another group"
        decide(qtbot, shell, page, AppealState.UPHELD)
        page.next_button.click()
        settle(qtbot, shell)
        current = ranking.table.current()
        assert (shell.place(), current.branch_id if current else first) == (("race", "race"), whose)
        ranking.main_button.click()
        settle(qtbot, shell)
        current = ranking.table.current()
        assert current is not None
        assert current.branch_id == whose, "scored anew, it is still the one in view"


def test_the_overview_leads_to_the_appeal_that_waits_in_the_period_it_is_of(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        take_up(qtbot, shell, page)
        page.table.view.selectRow(0)
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        overview = cast(OverviewPage, go(qtbot, shell, "home"))
        (deed,) = (each for each in overview._waiting if each.tab == "appeals")
        overview._do(deed)
        settle(qtbot, shell)
        assert shell.page() is page
        assert page.periods.value() == "2026Q3"
        chosen = page.table.current()
        assert chosen is not None
        assert (chosen.id, chosen.state) == (newest(page).id, AppealState.PENDING)


def test_a_case_that_is_asked_for_is_shown_in_the_period_it_is_of(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        take_up(qtbot, shell, page)
        case = newest(page).id
        page.pane.close_pane()
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        go(qtbot, shell, "race", "appeals", record=case)
        current = page.table.current()
        assert page.periods.value() == "2026Q3"
        assert current is not None
        assert current.id == case


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_an_appeal_fits_in_every_state(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        assert faults(shell) == []
        take_up(qtbot, shell, page)
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        assert faults(shell) == []
        page.pane.close_pane()
        decide(qtbot, shell, page, AppealState.REJECTED)
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        assert faults(shell) == []


def test_the_branch_reads_the_decision_beside_its_result(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        with shell.desk.store.unit_of_work("导入反馈") as session:
            for result in session.query(RaceResult):
                told = dict.fromkeys(("received_on", "raised_by", "ground", "state", "decided_on"), "2026-10-14")
                result.detail = {**result.detail, "appeals": [{**told, "decision": "复核了原始问卷"}]}
        page = cast(RaceResultPage, go(qtbot, shell, "improve", "race"))
        said = [label.text() for label in cast(list[QLabel], page._side_card.findChildren(QLabel))]
        assert any(words.endswith("：复核了原始问卷") for words in said)
        assert faults(shell) == []


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_what_came_up_in_a_package_is_decided_where_papers_are(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with loop_store(tmp_path / "branch", "ZK01") as branch:
        said = Raised(raised_by="书记 高红卫", ground="少算了六份问卷", wished="改为 0.92", item="H2")
        RaisingService(branch).raise_appeal("2026Q3", said)
        package = Sender(branch).pack(tmp_path / "up", None).file
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        decided(shell.desk.store)
        Receiver(shell.desk.store).receive([package])
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        case = newest(page)
        assert (case.code, case.state, case.recorded_by) == ("ZK01", AppealState.PENDING, "")
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        shown = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert {"支部提出", "要求改为", "改为 0.92", "佐证"} <= set(shown)
        assert faults(shell) == []
        chosen(qtbot, shell, page).choice.press(CHOICES.index(AppealState.UPHELD) + 1)
        settle(qtbot, shell)
        assert faults(shell) == []
        decide(qtbot, shell, page, AppealState.REJECTED)
        kept = newest(page)
        assert (kept.raised_id, kept.state) == (case.id, AppealState.REJECTED)
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        assert faults(shell) == []


def test_an_appeal_its_branch_took_back_is_seen_so_and_asks_for_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_store(tmp_path / "branch", "ZK01") as branch:
        raising, sender = RaisingService(branch), Sender(branch)
        raised = raising.raise_appeal("2026Q3", Raised(raised_by="书记 高红卫", ground="少算了六份问卷", item="H2"))
        first = sender.pack(tmp_path / "up", None).file
        raising.withdraw(raised)
        second = sender.pack(tmp_path / "up", None).file
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        Receiver(shell.desk.store).receive([first])
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        page.table.select(lambda row: row.id == newest(page).id)
        settle(qtbot, shell)
        assert page.form is not None
        Receiver(shell.desk.store).receive([second])
        page.reload()
        settle(qtbot, shell)
        assert page.form is None
        (kept,) = (row for row in page.table.model.rows() if row.raised_id == raised)
        assert kept.state is AppealState.WITHDRAWN
        page.table.select(lambda row: row.raised_id == raised)
        settle(qtbot, shell)
        shown = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert "支部撤回" in shown
        assert page.decide_button is None
        assert not [one for one in cast(list[QPushButton], page.pane.findChildren(QPushButton)) if "决定" in one.text()]
        assert faults(shell) == []


@pytest.mark.parametrize("width", [1366, 911])
def test_the_window_keeps_its_width_from_tab_to_tab(qtbot: QtBot, tmp_path: Path, width: int) -> None:
    with loop_desk(qtbot, tmp_path, size=(width, 440)) as shell:
        for tab in ("figures", "appeals", "race", "figures", "marks", "figures", "race"):
            go(qtbot, shell, "race", tab)
            assert shell.width() == width, tab


def test_an_appeal_is_decided_by_keys_beside_what_it_changes(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        take_up(qtbot, shell, page)
        assert page.race is not None
        indicator = next(each.id for each in page.race.rows[0].indicators if each.id == "H3")
        with shell.desk.store.unit_of_work("写明对哪一项") as session:
            session.query(RaceAppeal).filter(RaceAppeal.state == AppealState.PENDING).one().indicator = indicator
        settle(qtbot, shell)
        form = chosen(qtbot, shell, page)
        assert form.decided is None, "nothing is chosen for whoever decides"
        page.decide()
        assert {name for part in form.sets for name, field in part.fields.items() if field.fault()} == {
            "state",
            "decision",
            "decided_by",
        }
        QTest.keyClick(page.table.view, Qt.Key.Key_2)
        assert form.decided is AppealState.UPHELD
        part = next(iter(form.corrections.fields))
        put(form.corrections.fields[part].control, "1%")
        form.try_out()
        settle(qtbot, shell)
        said = [label.text() for label in cast(list[QLabel], form.findChildren(QLabel))]
        assert {"公布的", "更正后", "总分", "1%"} <= set(said)
        put(form.corrections.fields[part].control, "很多")
        assert form._figures() is None
        put(form.corrections.fields[part].control, "1%")
        put(form.fields.fields["decided_by"].control, "党建科会议")
        form.fields.fields["decision"].control.setPlainText("复核了原始问卷")
        page.decide()
        settle(qtbot, shell)
        kept = newest(page)
        assert (kept.state, kept.awaits_correction) == (AppealState.UPHELD, True)
        assert page.form is None
        assert (page.next_button.isHidden(), page.next_button.text()) == (False, "去重新计分")
        assert page.pane.chip.words == "成立，待再公布"
        told = {label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))}
        assert {"公布的", "更正后", "总分", "1%"} <= told, "what it will change stays in view"
        cells = InputService(shell.desk.store).inputs("2026Q3")
        own = {each.part: each.value_text for each in cells if each.branch_id == kept.branch_id}
        assert own[part.removeprefix("value.")] == "1%"


def test_what_is_tried_out_is_shown_beside_the_figures_and_the_choice_it_is_of(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        form = chosen(qtbot, shell, page)

        def shown() -> list[str]:
            return [label.text() for label in cast(list[QLabel], form.findChildren(QLabel))]

        form.choice.press(2)
        control = form.corrections.fields[next(iter(form.corrections.fields))].control
        put(control, "1%")
        form.try_out()
        settle(qtbot, shell)
        assert "更正后" in shown()
        for refused in ("很多", "-5%"):
            put(control, refused)
            form.try_out()
            settle(qtbot, shell)
            assert "更正后" not in shown(), "what was shown is the result of other figures"
            put(control, "1%")
            form.try_out()
            settle(qtbot, shell)
        form.try_out()
        form.choice.press(1)
        settle(qtbot, shell)
        assert "更正后" not in shown(), "the result does not change where nothing is upheld"


def test_a_figure_left_unreadable_does_not_keep_an_appeal_from_being_turned_down(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        form = chosen(qtbot, shell, page)
        form.choice.press(2)
        put(form.corrections.fields[next(iter(form.corrections.fields))].control, "很多")
        decide(qtbot, shell, page, AppealState.REJECTED)
        assert newest(page).state is AppealState.REJECTED


def test_a_case_goes_with_its_period_and_what_was_typed_into_it_comes_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        form = chosen(qtbot, shell, page)
        form.choice.press(1)
        form.fields.fields["decision"].control.setPlainText("核对了回")  # type: ignore[attr-defined]
        page.periods.set_value("2026Q2")
        settle(qtbot, shell)
        assert (page.pane.isHidden(), page.form, page.decide_button) == (True, None, None)
        page.periods.set_value("2026Q3")
        settle(qtbot, shell)
        again = chosen(qtbot, shell, page)
        assert (again.decided, again.fields.values()["decision"]) == (AppealState.REJECTED, "核对了回")


def test_who_may_not_decide_reads_the_appeal_without_a_form(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        store = shell.desk.store
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        store.rights = Rights()
        page.pane.close_pane()
        page.table.select(lambda row: row.state is AppealState.PENDING)
        settle(qtbot, shell)
        assert page.pane.isVisible()
        assert page.form is None
