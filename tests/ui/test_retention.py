"""保存期限: nothing is ticked at first, and what is ticked goes only with a reason."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.retention import RetentionService
from desktop.ui.retention import ClearDialog, RetentionPage
from tests.stores import LOGIN, PASSWORD, clock_at, new_store
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults


def test_what_is_ticked_goes_with_a_reason_and_the_rest_stays(qtbot: QtBot, tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        registers = RegisterService(store)
        for title in ("第一件", "第二件"):
            registers.remove("practical_deed", registers.save("practical_deed", {"title": title}))
    store = open_store(tmp_path / "data", PASSWORD, LOGIN, clock=clock_at("2027-12-01 09:00"))
    with desk_on(qtbot, store) as shell:
        page = cast(RetentionPage, go(qtbot, shell, "settings", "retention"))
        assert faults(shell) == []
        assert not page.clear_button.isEnabled()
        first = next(tick for tick in page.ticks.values() if "第一件" in tick.text())
        first.setChecked(True)
        page.clear_button.click()
        dialog = page.findChild(ClearDialog)
        assert dialog is not None
        dialog.verb.click()
        assert len(RetentionService(store).proposals()) == 2
        cast(QPlainTextEdit, dialog.fields.fields["reason"].control).setPlainText("年度清理")
        dialog.verb.click()
        qtbot.waitUntil(lambda: len(page.ticks) == 1)
        settle(qtbot, shell)
        (left,) = page.ticks.values()
        assert "第二件" in left.text()
