"""意见: said and taken back."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.headquarters.remarks import RemarkDialog, SentRemarksPage
from tests.ui.desks import go, put, settle
from tests.ui.loop import loop_desk
from tests.ui.press import last, press


def test_a_remark_goes_out_and_is_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SentRemarksPage, go(qtbot, shell, "send", "remarks"))
        page.add_button.click()
        dialog = cast(RemarkDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["text"].fault() == "不能为空。"
        dialog.fields.fields["text"].control.setPlainText("会后任务要写结果")  # type: ignore[attr-defined]
        put(dialog.fields.fields["due_on"].control, "2026-10-01")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["due_on"].fault() == "不能早于今天。"
        put(dialog.fields.fields["due_on"].control, "2026-11-01")
        dialog.verb.click()
        settle(qtbot, shell)
        page.table.step(1)
        assert page.pane.chip.words == "未答复"
        press(shell, "撤回这条意见")
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 0
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1
