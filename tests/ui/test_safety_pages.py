"""归档报送 > 档案、备份, and 设置: what each verb does to a real store, and one refusal each."""

import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.history import SettingName
from desktop.models.vocabulary import StoreKind
from desktop.services.errors import VaultError
from desktop.services.opening import open_store
from desktop.services.security import vault
from desktop.services.standards.editions import HANDED_OUT
from desktop.services.sync.installation import ESCROW, own_keys
from desktop.ui import archive, backups, settings, theme
from desktop.ui.archive import ArchivePage
from desktop.ui.backups import BackupsPage, TryRestoreDialog
from desktop.ui.main_window import Shell
from desktop.ui.manual import ManualPage
from desktop.ui.settings import (
    AppearancePage,
    PasswordDialog,
    ProfilePage,
    SecurityPage,
    StandardsInForcePage,
)
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import CHEAP, LOGIN, PASSWORD, recovery_code
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


# settings


def test_the_profile_is_changed_and_an_empty_name_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(ProfilePage, go(qtbot, shell, "settings", "profile"))
        put(page.fields.fields["short_name"].control, "云河支部")
        put(page.fields.fields["founded_on"].control, "2001.7.1")
        page.save_button.click()
        settle(qtbot, shell)
        profile = page.branches.profile()
        assert (profile.short_name, str(profile.founded_on)) == ("云河支部", "2001-07-01")
        put(page.fields.fields["name"].control, "")
        page.save_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["name"].fault()
        assert page.branches.profile().name == profile.name


def test_a_second_user_is_added_and_removed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        page.add_button.click()
        dialog = cast(PasswordDialog, shell.findChild(PasswordDialog))
        for name, words in (("login", "组织委员"), ("password", "shuangyu-2026"), ("again", "shuangyu-2027")):
            put(dialog.fields.fields[name].control, words)
        dialog.verb.click()
        assert dialog.fields.fields["again"].fault() == "两次输入不一致。"
        put(dialog.fields.fields["again"].control, "shuangyu-2026")
        dialog.verb.click()
        settle(qtbot, shell)
        store = shell.desk.store
        assert list(store.vault.logins) == [LOGIN, "组织委员"]
        assert faults(shell) == []
        page._removing("组织委员")()
        settle(qtbot, shell)
        assert list(store.vault.logins) == [LOGIN]


def test_a_new_recovery_code_makes_the_old_one_void(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        page.code_button.click()
        settle(qtbot, shell)
        assert "只显示这一次" in said(shell)
    with pytest.raises(VaultError):
        open_store(tmp_path / "store", recovery_code=recovery_code())


def test_headquarters_saves_its_second_key_apart(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "备用解密密钥.txt"
    monkeypatch.setattr(settings, "ask_save", lambda *_: target)
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        assert faults(shell) == []
        page.escrow_button.click()
        settle(qtbot, shell)
        assert "AGE-SECRET-KEY-" in target.read_text("utf-8")
        with shell.desk.store.reading() as session:
            assert len(own_keys(session, ESCROW)) == 1


def test_the_idle_time_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        page.idle.set_value(20)
        page.idle.activated.emit(page.idle.currentIndex())
        settle(qtbot, shell)
        assert shell.desk.store.setting(SettingName.IDLE_MINUTES) == "20"


def test_the_editions_in_force_are_listed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(StandardsInForcePage, go(qtbot, shell, "settings", "standards"))
        assert {edition.kind for edition in page.table.model.rows()} == set(HANDED_OUT)


def test_the_size_of_the_text_is_kept_for_the_next_start(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(theme, "save_text_scale", kept.append)
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(AppearancePage, go(qtbot, shell, "settings", "appearance"))
        page.scale.set_value("大")
        page.scale.activated.emit(page.scale.currentIndex())
        assert kept == ["大"]


def test_the_manual_opens_inside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(AppearancePage, go(qtbot, shell, "settings", "appearance"))
        page.manual_button.click()
        settle(qtbot, shell)
        manual = cast(ManualPage, shell.page())
        assert "第一天" in manual.view.toPlainText()
        assert faults(shell) == []
        manual.contents.setCurrentIndex(2)
        shell.pop_page()
        assert shell.page() is page
