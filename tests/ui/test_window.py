"""From the first start to the open store: assistant, log-in, lock, recovery, on a real store."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary import StoreKind
from desktop.services.members import MemberService
from desktop.services.security import vault
from desktop.services.store import Store
from desktop.ui.login import LoginPage
from desktop.ui.main_window import Shell
from desktop.ui.recovery import RecoveryDialog
from desktop.ui.setup import HEADQUARTERS, SetupPage
from desktop.ui.window import MainWindow
from tests.stores import CHEAP, LOGIN, PASSWORD, new_store, recovery_code
from tests.ui.lint import faults


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def open_window(qtbot: QtBot, folder: Path) -> MainWindow:
    window = MainWindow(folder)
    qtbot.addWidget(window)
    window.resize(1093, 542)
    window.show()
    qtbot.waitExposed(window)
    return window


def page(window: MainWindow) -> object:
    return cast(object, window._stack.currentWidget())


def put(field: object, words: str) -> None:
    cast(QLineEdit, field).setText(words)


def finish_setup(qtbot: QtBot, window: MainWindow, kind: str = "branch") -> SetupPage:
    assistant = cast(SetupPage, page(window))
    assert faults(window) == []
    (assistant.headquarters_button if kind == HEADQUARTERS else assistant.branch_button).click()
    put(assistant.fields.fields["名称"].control, "云河县站党支部")
    put(assistant.fields.fields["密码"].control, PASSWORD)
    put(assistant.fields.fields["again"].control, PASSWORD)
    assert faults(window) == []
    assistant.create_button.click()
    qtbot.waitUntil(lambda: assistant._created is not None and hasattr(assistant, "check"))
    assert faults(window) == []
    return assistant


def retype(assistant: SetupPage) -> None:
    for number in assistant._asked:
        put(assistant.check.fields[str(number)].control, assistant._groups()[number])
    assistant.kept_button.click()


@pytest.mark.parametrize("kind", ["branch", "headquarters"])
def test_the_assistant_ends_in_an_open_store(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = finish_setup(qtbot, window, kind)
    retype(assistant)
    assistant.begin_button.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.kind is StoreKind(kind)
    assert window.close()


def test_sample_data_fill_the_first_page(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = finish_setup(qtbot, window)
    retype(assistant)
    assert faults(window) == []
    assert assistant.sample_button is not None
    assistant.sample_button.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell), timeout=20_000)
    assert window.store is not None
    assert len(MemberService(window.store).roster()) == 30
    assert window.close()


def test_a_window_closed_in_the_middle_leaves_a_closed_store(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    finish_setup(qtbot, window)
    assert window.close()
    with Store.open(tmp_path / "store", PASSWORD) as store:
        assert not store.was_unclean


def test_a_weak_password_is_refused_and_nothing_is_made(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = cast(SetupPage, page(window))
    assistant.branch_button.click()
    put(assistant.fields.fields["名称"].control, "云河县站党支部")
    put(assistant.fields.fields["密码"].control, "12345678")
    put(assistant.fields.fields["again"].control, "12345678")
    assistant.create_button.click()
    qtbot.waitUntil(lambda: bool(assistant.fields.fields["密码"].fault()))
    assert "容易被猜中" in assistant.fields.fields["密码"].fault()
    assert not (tmp_path / "store").exists()


def test_a_wrong_group_of_the_recovery_code_keeps_the_step(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = finish_setup(qtbot, window)
    put(assistant.check.fields[str(assistant._asked[0])].control, "000001")
    assistant.kept_button.click()
    assert "数字有误" in assistant.check.fields[str(assistant._asked[0])].fault()
    retype(assistant)
    assert assistant.begin_button is not None
    assert assistant._created is not None
    assistant._created.store.close()


def log_in(qtbot: QtBot, window: MainWindow, password: str) -> LoginPage:
    login = cast(LoginPage, page(window))
    qtbot.waitUntil(lambda: login.login_name() == LOGIN)
    put(login.password, password)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    return login


def test_a_password_opens_the_store_and_the_lock_closes_it(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    cast(Shell, page(window)).lock.click()
    assert isinstance(page(window), LoginPage)
    assert window.store is None
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.close()
    new_store(tmp_path / "other").close()


def test_a_wrong_password_says_so_and_opens_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = log_in(qtbot, window, "falsch-2026")
    qtbot.waitUntil(lambda: bool(login.password_field.fault()))
    assert login.password_field.fault() == "密码不正确，请检查大小写和输入法。"
    assert window.store is None
    assert faults(window) == []


def test_the_recovery_code_sets_a_new_password(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = cast(LoginPage, page(window))
    qtbot.waitUntil(lambda: login.login_name() == LOGIN)
    login.open_recovery()
    dialog = cast(RecoveryDialog, window.findChild(RecoveryDialog))
    put(dialog.fields.fields["code"].control, "000000-" + recovery_code().partition("-")[2])
    put(dialog.fields.fields["new"].control, "xinmima-2026")
    put(dialog.fields.fields["again"].control, "xinmima-2026")
    if not recovery_code().startswith("000000"):
        dialog.verb.click()
        qtbot.waitUntil(lambda: bool(dialog.fields.fields["code"].fault()) or dialog.verb.isEnabled())
    put(dialog.fields.fields["code"].control, recovery_code())
    qtbot.waitUntil(dialog.verb.isEnabled)
    dialog.verb.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.close()


def test_an_idle_window_locks_itself(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    window._last_sign -= 11 * 60
    window._lock_if_idle()
    assert isinstance(page(window), LoginPage)


def test_the_first_log_in_of_a_day_backs_up_behind_the_pages(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = cast(LoginPage, page(window))
    put(login.password, PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    shell = cast(Shell, page(window))
    qtbot.waitUntil(lambda: shell.navigation.backup.text().startswith("上次备份："))
    assert len(list((tmp_path / "store" / "backup").glob("*.db"))) == 1
    assert window.close()
