"""赛马 > 加减分: a mark needs its ground and can be taken back."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from desktop.ui.race.marks import MarkDialog, MarksPage
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Memo
from tests.ui.desks import go, settle
from tests.ui.loop import loop_desk


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


def test_a_mark_needs_its_ground_and_can_be_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(MarksPage, go(qtbot, shell, "race", "marks"))
        assert not page.add_button.isEnabled(), "the third quarter is published"
        assert page._held.text() == "2026年三季度结果已公布，申诉成立后才能修改。"
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        page.add_button.click()
        dialog = cast(MarkDialog, last(shell))
        dialog.verb.click()
        assert [dialog.fields.fields[name].fault() for name in ("branch", "rule")] == ["请选择。", "请选择。"]
        for name in ("branch", "rule"):
            control = cast(Choice, dialog.fields.fields[name].control)
            control.set_value(control.values()[1])
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault() == "不能为空，写明文号或核查记录。"
        dialog.fields.fields["ground"].control.setPlainText("市局督办单")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1
        assert page.table.model.index(0, 4).data() == "扣分", "as it is read, copied and printed"
        page.remove(page.table.model.row_at(0))
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 0
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.table.model.row_at(0).ground == "市局督办单"
        assert page.table.select(lambda mark: mark.ground == "市局督办单")
        settle(qtbot, shell)
        assert not page.pane.isHidden()
        page.periods.set_value("2026Q2")
        settle(qtbot, shell)
        assert page.pane.isHidden(), "what it shows is of another period"


def test_what_was_typed_for_one_period_is_not_offered_for_another(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(MarksPage, go(qtbot, shell, "race", "marks"))
        for period, begun in (("2026Q4", ""), ("2026", ""), ("2026Q4", "2026Q4")):
            page.periods.set_value(period)
            settle(qtbot, shell)
            page.add_button.click()
            settle(qtbot, shell)
            dialog = cast(MarkDialog, last(shell))
            ground = cast(Memo, dialog.fields.fields["ground"].control)
            assert ground.toPlainText() == begun
            ground.setPlainText(period)
            dialog.reject()
            settle(qtbot, shell)
