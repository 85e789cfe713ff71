"""归档报送 > 档案: an archive is built, opened and checked."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.security import vault
from desktop.ui import archive, archive_place
from desktop.ui.archive import ArchivePage
from desktop.ui.main_window import Shell
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import CHEAP
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def said(shell: Shell) -> str:
    """Return what dialogs, banners and the bar at the bottom say."""
    return "\n".join(one.text() for one in cast(list[QLabel], shell.findChildren(QLabel)))


def close_dialogs(shell: Shell) -> None:
    for dialog in cast(list[Dialog], shell.findChildren(Dialog)):
        dialog.reject()


def test_an_archive_is_built_opened_and_checked(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(archive_place, "ask_folder", lambda *_, **__: tmp_path / "out")
    monkeypatch.setattr(archive, "open_file", opened.append)
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(ArchivePage, go(qtbot, shell, "archive", "archive"))
        page.place.choose()
        page.make_button.click()
        qtbot.waitUntil(page.make_button.isEnabled)
        settle(qtbot, shell)
        assert page.table.model.rowCount() > 1
        assert faults(shell) == []
        volumes, page._made = page.table.model.rowCount(), None
        page.reload()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == volumes, "what lies there already is shown too"
        assert "以前生成的" in page._summary.text()
        page.table.opened.emit(page.table.model.row_at(0))
        assert opened[0].is_file()
        made = opened[0].parent
        monkeypatch.setattr(archive, "ask_folder", lambda *_, **__: made)
        page.check_button.click()
        settle(qtbot, shell)
        assert "核对无误" in said(shell)
        assert "是本机的钥匙" in said(shell)
        assert faults(shell) == []
        close_dialogs(shell)
        with opened[0].open("ab") as file:
            file.write(b"\n")
        page.check_button.click()
        settle(qtbot, shell)
        assert "这份档案有 1 处问题" in said(shell)
        assert opened[0].name in said(shell)
