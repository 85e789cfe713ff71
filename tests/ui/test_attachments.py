"""Files of a record: attached, saved, removed, asked about where they bear a secrecy mark."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.services.registers import RegisterService
from desktop.ui import attachments as attachments_module
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import sample_desk, settle
from tests.ui.lint import faults
from tests.ui.registers.forms import open_kept


def test_files_are_attached_saved_and_removed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, copy = tmp_path / "平面图.txt", tmp_path / "副本.txt"
    paper.write_text("活动室平面图", "utf-8")
    monkeypatch.setattr(attachments_module, "ask_open", lambda *_: paper)
    monkeypatch.setattr(attachments_module, "ask_save", lambda *_: copy)
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(1)
        settle(qtbot, shell)
        panel = form.attachments
        panel.add_button.click()
        settle(qtbot, shell)
        assert [row.name for row in panel.table.model.rows()] == ["平面图.txt"]
        assert faults(shell) == []
        panel.table.step(1)
        panel.save_button.click()
        settle(qtbot, shell)
        assert copy.read_text("utf-8") == "活动室平面图"
        panel.remove_button.click()
        settle(qtbot, shell)
        assert panel.table.model.rowCount() == 0


def test_a_file_with_a_secrecy_mark_is_asked_about_before_it_is_taken(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "机密★10年.txt"
    paper.write_text("机密★10年", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        form.attachments.attach(paper)
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        dialog = cast(Dialog, shell.findChild(Dialog))
        dialog.reject()
        settle(qtbot, shell)
        row = shell.desk.service(RegisterService).rows("venue", 2026)[0]
        assert row.attachments == 0
