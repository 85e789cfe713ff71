"""备份: what each verb does to a real store, and one refusal each."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.security import vault
from desktop.services.sync.moving import Move, Place
from desktop.ui import backups
from desktop.ui.backups import BackupsPage, TryRestoreDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import CHEAP, PASSWORD
from tests.ui.desks import empty_desk, go, put, settle
from tests.ui.lint import faults


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def said(shell: QWidget) -> str:
    """Return what dialogs, banners and the bar at the bottom say."""
    return "\n".join(one.text() for one in cast(list[QLabel], shell.findChildren(QLabel)))


def test_a_backup_is_made_here_listed_and_told_of_in_the_whole_window(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        page.now_button.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1
        assert "已验证可恢复" in said(shell)
        assert shell.navigation.backup.text().startswith("上次备份：")
        home = go(qtbot, shell, "home")
        assert "备份，已验证可恢复" in said(home)
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        page.check_button.click()
        settle(qtbot, shell)
        assert "没有发现问题" in said(shell)
        assert faults(shell) == []


def test_a_backup_from_after_today_is_not_counted_in_days(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(BackupsPage, go(qtbot, shell, "archive", "backups"))
        page.now_button.click()
        settle(qtbot, shell)
        row, move = page.table.model.row_at(0), Move(Place.AT_HOME)
        later = replace(row, made_on=row.made_on + timedelta(days=14))
        page._show([later], move)
        assert "备份日期晚于今天，电脑时间可能不对，已验证可恢复" in said(page)
        page._show([later, row], move)
        assert "今天已备份，已验证可恢复" in said(page)


def test_a_backup_file_is_written_and_tried(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(backups, "ask_folder", lambda *_, **__: stick)
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


@pytest.mark.parametrize("kind", StoreKind)
def test_the_last_backup_leads_to_the_page_of_backups_in_every_window(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "ask_folder", lambda *_, **__: tmp_path)
    with empty_desk(qtbot, tmp_path, kind) as shell:
        shell.set_backup_words("上次备份：2026-11-22")
        shell.navigation.backup_button.click()
        settle(qtbot, shell)
        page = cast(BackupsPage, shell.page())
        page.file_button.click()
        settle(qtbot, shell)
        assert len(list(tmp_path.glob("*.dzbak"))) == 1
        assert faults(shell) == []
