"""Several rows of a list selected: one line offers what may be done with one, for all at once, with the way back."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingState
from desktop.services.meetings import MeetingService
from desktop.services.registers import RegisterService
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.several import SeveralBar
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import go, sample_desk, settle
from tests.ui.registers.forms import open_register


def test_selected_rows_are_deleted_together_and_come_back_by_one_undo(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        registers = RegisterService(shell.desk.store)
        for name in ("宣传栏", "活动室", "阅览角"):
            registers.save("venue", {"title": name, "state": "in_use"})
        page = open_register(qtbot, shell)
        bar = page.table.findChild(SeveralBar)
        assert isinstance(bar, SeveralBar)
        page.table.view.selectRow(0)
        assert bar.isHidden()
        page.table.view.selectAll()
        assert not bar.isHidden()
        [(_verb, button)] = bar.buttons
        assert button.text() == "删除 3 条"
        button.click()
        settle(qtbot, shell)
        assert registers.rows("venue", 2026) == []
        assert bar.isHidden()
        assert page.pane.isHidden()
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert len(registers.rows("venue", 2026)) == 3


def test_what_is_doubtful_of_any_of_the_minutes_is_said_before_several_are_confirmed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        service = MeetingService(shell.desk.store)
        odd, *_rest = [each for each in service.meetings(state=MeetingState.MINUTED) if each.chair and each.due > 5]
        draft = service.detail(odd.id).draft
        service.record(replace(draft, recorder_id=draft.absences[0].member_id, recorder_name=""), odd.id)
        [doubt] = service.detail(odd.id).doubts
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        page.table.view.selectAll()
        bar = page.table.findChild(SeveralBar)
        assert isinstance(bar, SeveralBar)
        bar.buttons[0][1].click()
        settle(qtbot, shell)
        [dialog] = cast(list[Dialog], shell.findChildren(Dialog))
        said = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert any(f"{odd.held_on} {odd.topic}：{doubt}。" in each and "确认以后" in each for each in said)
