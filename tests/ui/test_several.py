"""Several rows of a list selected: one line offers what may be done with one, for all at once, with the way back."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.services.registers import RegisterService
from desktop.ui.several import SeveralBar
from tests.ui.desks import sample_desk, settle
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
