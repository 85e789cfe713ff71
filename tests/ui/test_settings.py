"""设置: what each verb does to a real store; what is refused stays at its field, what is kept is told."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import licences
from desktop.services.errors import VaultError
from desktop.services.opening import open_store
from desktop.services.security import vault
from desktop.services.standards.editions import HANDED_OUT
from desktop.services.sync.installation import ESCROW, own_keys
from desktop.ui import about, settings, theme
from desktop.ui.colours import Look
from desktop.ui.main_window import Shell
from desktop.ui.manual import ManualPage
from desktop.ui.settings import (
    AppearancePage,
    NewCodeDialog,
    ProfilePage,
    SecurityPage,
    StandardsInForcePage,
    size_words,
)
from tests.stores import CHEAP, recovery_code
from tests.ui.desks import empty_desk, go, put, settle
from tests.ui.lint import faults


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def said(shell: Shell) -> str:
    """Return what dialogs, banners and the bar at the bottom say."""
    return "\n".join(label.text() for label in cast(list[QLabel], shell.findChildren(QLabel)))


def test_the_profile_is_changed_and_an_empty_name_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(ProfilePage, go(qtbot, shell, "settings", "profile"))
        put(page.fields.fields["short_name"].control, "云河支部")
        put(page.fields.fields["founded_on"].control, "2001.7.1")
        page.save_button.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已保存。"
        profile = page.branches.profile()
        assert (profile.short_name, str(profile.founded_on)) == ("云河支部", "2001-07-01")
        put(page.fields.fields["name"].control, "")
        page.save_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["name"].fault() == "不能为空。"
        assert page.branches.profile().name == profile.name


def new_code(qtbot: QtBot, shell: Shell) -> NewCodeDialog:
    page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
    page.code_button.click()
    settle(qtbot, shell)
    return cast(NewCodeDialog, shell.findChild(NewCodeDialog))


def test_a_new_recovery_code_is_seen_whole(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = new_code(qtbot, shell)
        assert len(dialog.sheet.groups) == 8
        shown = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert set(dialog.sheet.groups) <= set(shown)
        assert faults(dialog) == []


def test_the_old_recovery_code_holds_until_the_new_one_is_written_down(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = new_code(qtbot, shell)
        put(dialog.sheet.fields.fields[str(dialog.sheet.asked[0])].control, "000001")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.isVisible()
        dialog.reject()
    open_store(tmp_path / "store", recovery_code=recovery_code()).close()


def test_a_new_recovery_code_makes_the_old_one_void(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = new_code(qtbot, shell)
        code = "-".join(dialog.sheet.groups)
        for number in dialog.sheet.asked:
            put(dialog.sheet.fields.fields[str(number)].control, dialog.sheet.groups[number])
        dialog.verb.click()
        settle(qtbot, shell)
    with pytest.raises(VaultError):
        open_store(tmp_path / "store", recovery_code=recovery_code())
    open_store(tmp_path / "store", recovery_code=code).close()


def test_headquarters_saves_its_second_key_apart(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "备用解密钥匙.txt"
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


def test_the_size_of_the_text_is_kept_for_the_next_start_and_the_look_worn_at_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(theme, "save_text_scale", kept.append)
    monkeypatch.setattr(theme, "fitting_scales", lambda _room: list(theme.SCALES))
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(AppearancePage, go(qtbot, shell, "settings", "appearance"))
        page.scale.set_value("大")
        page.scale.activated.emit(page.scale.currentIndex())
        assert kept == ["大"]
        assert page.look.value() is Look.SYSTEM
        page.look.set_value(Look.DARK)
        page.look.activated.emit(page.look.currentIndex())
        assert theme.chosen_look() is theme.worn() is Look.DARK
        assert faults(shell) == []
        page.look.set_value(Look.LIGHT)
        page.look.activated.emit(page.look.currentIndex())
        assert theme.worn() is Look.LIGHT


def test_the_manual_opens_inside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(AppearancePage, go(qtbot, shell, "settings", "appearance"))
        page.manual_button.click()
        settle(qtbot, shell)
        manual = cast(ManualPage, shell.page())
        assert "第一天" in manual.view.toPlainText()
        assert faults(shell) == []
        shell.pop_page()
        assert shell.page() is page


def test_the_text_for_whoever_helps_is_written_where_asked(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "ask_save", lambda *_asked: tmp_path / "诊断.txt")
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(AppearancePage, go(qtbot, shell, "settings", "appearance"))
        application = cast(QApplication, QApplication.instance())
        theme.change(application, Look.DARK)
        page.about.diagnosis_button.click()
        theme.change(application, Look.LIGHT)  # as a desktop that turns while it is written
        settle(qtbot, shell)
        told = (tmp_path / "诊断.txt").read_text("utf-8")
        words = ("Qt ", "屏幕 ", "接入方式", "颜色 跟随系统，现在 深色", "文字大小 标准，现在 标准")
        assert [word for word in words if word not in told] == []
        assert faults(shell) == []
    assert licences().is_file()


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_only_headquarters_has_a_second_key(qtbot: QtBot, tmp_path: Path, kind: StoreKind) -> None:
    with empty_desk(qtbot, tmp_path, kind) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        assert hasattr(page, "escrow_button") == (kind is StoreKind.HEADQUARTERS)


def test_where_the_text_size_is_chosen_one_reads_what_is_shown_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "text_scale_name", lambda: "特大")
    small, large = QSize(911, 485), QSize(1920, 1040)
    assert size_words(small) == "这块屏幕放不下“特大”，现在按“标准”显示；换到放得下的屏幕，还是“特大”。"
    assert size_words(large) == ""
    monkeypatch.setattr(theme, "shown_scale_name", lambda: "特大")
    assert "下次打开程序时按“标准”显示" in size_words(small)
    monkeypatch.setattr(theme, "text_scale_name", lambda: "标准")
    assert size_words(small) == "这块屏幕放不下更大的文字。"
