"""归档报送 > 档案、备份: what each verb does to a real store, and one refusal each."""

import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.security import vault
from desktop.ui import archive, backups
from desktop.ui.archive import ArchivePage
from desktop.ui.backups import BackupsPage, TryRestoreDialog
from desktop.ui.main_window import Shell
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import CHEAP, PASSWORD
from tests.ui.desks import empty_desk, go, put, settle
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


# archive


def test_an_archive_is_built_opened_and_checked(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(archive, "ask_folder", lambda *_: tmp_path / "out")
    monkeypatch.setattr(archive, "open_file", opened.append)
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(ArchivePage, go(qtbot, shell, "archive", "archive"))
        page.choose_folder()
        page.make_button.click()
        qtbot.waitUntil(page.make_button.isEnabled, timeout=60_000)
        settle(qtbot, shell)
        assert page.table.model.rowCount() > 1
        assert faults(shell) == []
        page.table.opened.emit(page.table.model.row_at(0))
        assert opened[0].is_file()
        made = opened[0].parent
        monkeypatch.setattr(archive, "ask_folder", lambda *_: made)
        page.check_button.click()
        settle(qtbot, shell)
        assert "核对无误" in said(shell)
        close_dialogs(shell)
        with opened[0].open("ab") as file:
            file.write(b"\n")
        page.check_button.click()
        settle(qtbot, shell)
        assert "档案与校验清单不一致" in said(shell)


# backups


def test_a_backup_is_made_here_and_listed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        page.now_button.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1
        assert "已验证可恢复" in said(shell)
        page.check_button.click()
        settle(qtbot, shell)
        assert "没有发现问题" in said(shell)
        assert faults(shell) == []


def test_a_backup_file_is_written_and_tried(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(backups, "ask_folder", lambda *_: stick)
    monkeypatch.setattr(backups, "ask_open", lambda *_: next(stick.glob("*.dzbak")))
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        page.file_button.click()
        settle(qtbot, shell)
        assert len(list(stick.glob("*.dzbak"))) == 1
        page.try_button.click()
        dialog = cast(TryRestoreDialog, shell.findChild(TryRestoreDialog))
        put(dialog.fields.fields["password"].control, PASSWORD)
        dialog.verb.click()
        settle(qtbot, shell)
        assert "这份备份完好" in said(shell)


def test_a_cut_backup_file_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        whole = page.backups.to_file(tmp_path)
        cut = tmp_path / "cut.dzbak"
        shutil.copyfile(whole, cut)
        with cut.open("r+b") as file:
            file.truncate(whole.stat().st_size // 2)
        page.try_file(cut, PASSWORD)
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        assert "这份备份完好" not in said(shell)
        assert page.try_button.isEnabled()
