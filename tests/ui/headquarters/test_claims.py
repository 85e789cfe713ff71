"""积分核定: what a secretary claims is decided on a ground, and taken back for a reason."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.ui.headquarters.claims import ClaimsPage, DecideDialog, TakeBackDialog
from tests.ui.desks import go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk
from tests.ui.press import last, press


def test_a_claim_is_decided_on_a_ground_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(ClaimsPage, go(qtbot, shell, "assess", "claims"))
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.chip.words == "待核定"
        press(shell, "核定")
        dialog = cast(DecideDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault() == "不能为空。"
        dialog.fields.fields["granted"].control.set_value("yes")  # type: ignore[attr-defined]
        dialog.fields.fields["ground"].control.setPlainText("看过值班记录")  # type: ignore[attr-defined]
        dialog.fields.fields["decided_by"].control.setText("党建科会议")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.pane.chip.words == "已同意"
        assert faults(shell) == []
        press(shell, "撤销核定")
        back = cast(TakeBackDialog, last(shell))
        back.fields.fields["reason"].control.setPlainText("核对的是另一次")  # type: ignore[attr-defined]
        back.fields.fields["decided_by"].control.setText("党建科会议")  # type: ignore[attr-defined]
        back.verb.click()
        settle(qtbot, shell)
        assert page.pane.chip.words == "待核定"
