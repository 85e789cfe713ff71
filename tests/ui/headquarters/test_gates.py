"""What headquarters finds about a branch caps its grade until it is taken back."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.services.standards.gates import GateService
from desktop.ui.headquarters.gates import GatesDialog
from desktop.ui.headquarters.judging import JudgingPage
from desktop.ui.headquarters.ratings import RatingsPage
from desktop.ui.main_window import Shell
from desktop.ui.widgets.fields import Choice, Memo
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk, loop_store


def opened(qtbot: QtBot, shell: Shell, page: RatingsPage) -> GatesDialog:
    """Press 限定条件 and return the dialog."""
    page.gates_button.click()
    settle(qtbot, shell)
    return cast(list[GatesDialog], shell.findChildren(GatesDialog))[-1]


def test_a_finding_is_made_with_its_ground_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        branch, year, service = page.branches.value(), shell.desk.year, GateService(shell.desk.store)
        dialog = opened(qtbot, shell, page)
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["gate_id"].fault() == "请选择。"
        gate = next(gate for gate in service.gates(year) if gate.id == "fabrication")
        gates = cast(Choice, dialog.fields.fields["gate_id"].control)
        gates.set_value(gate.id)
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault()
        cast(Memo, dialog.fields.fields["ground"].control).setPlainText("抽查发现会议记录是补造的")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["heard"].fault().startswith("认定以前要听支部说明")
        cast(Memo, dialog.fields.fields["heard"].control).setPlainText("没有说明")
        dialog.verb.click()
        settle(qtbot, shell)
        (finding,) = service.findings(branch, year)
        assert finding.gate == gate.name
        assert page.score is not None
        assert [fallen.id for fallen in page.score.gates] == [gate.id]
        assert faults(shell) == []
        dialog = opened(qtbot, shell, page)
        buttons = cast(list[QPushButton], dialog.findChildren(QPushButton))
        next(button for button in buttons if button.text() == "撤回").click()
        settle(qtbot, shell)
        assert not service.findings(branch, year)
        assert not page.score.gates


def test_an_item_whose_record_was_made_up_says_so_where_it_is_judged_and_the_finding_has_the_whole_width(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        branch, year, service = page.branches.value(), shell.desk.year, GateService(shell.desk.store)
        assert page.score is not None
        item = next(each for each in page.score.items if each.item.quality and each.trace_max)
        ground = "核对原件时没有这次活动，三名参加人都说没有参加过，签到表的字迹出自一人"
        service.find(branch, "fabrication", ground, "没有说明", item_id=item.id, year=year)
        page.reload()
        settle(qtbot, shell)
        page.table.select(lambda each: each.id == item.id)
        settle(qtbot, shell)
        told = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert any(words.startswith("按弄虚作假处理：") and ground in words for words in told), told
        labels = cast(list[QLabel], page.findChildren(QLabel))
        card = next(label for label in labels if label.text().startswith("限定条件："))
        assert card.width() > page.width() * 0.8
        assert faults(shell) == []


def test_who_may_only_look_is_told_that_nothing_is_recorded_and_asked_for_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_store(tmp_path / "hq") as store:
        store.rights = Rights()
        with desk_on(qtbot, store) as shell:
            page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
            dialog = opened(qtbot, shell, page)
            assert not any(field.isVisible() for field in dialog.fields.fields.values())
            assert "还没有登记。" in [
                label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)) if label.isVisible()
            ]
            dialog.reject()
            assert page.judge_button.text() == "逐条看"
            page.judge_button.click()
            settle(qtbot, shell)
            judging = cast(JudgingPage, shell.page())
            QTest.keyClick(judging.items.view, Qt.Key.Key_3)
            assert not any(field.isVisible() for field in judging.fields.fields.values())
            assert faults(shell) == []
