"""The log-in page: what it says of a bad end, once."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QScrollBar
from pytestqt.qtbot import QtBot

from desktop.crashes import LOGS, RAW
from desktop.paths import DATABASE
from desktop.services.access.users import UserService
from desktop.services.opening import open_store
from desktop.ui import theme
from desktop.ui.login import CRASHED, LoginPage
from desktop.ui.main_window import Shell
from desktop.ui.setup import SetupPage
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.window import MainWindow
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, used_today
from tests.ui.desks import keep
from tests.ui.lint import faults

OTHER = "春风-细雨-77"


def open_login(qtbot: QtBot, folder: Path) -> tuple[MainWindow, LoginPage]:
    window = MainWindow(folder)
    keep(qtbot, window)
    window.resize(1093, 542)
    window.show()
    qtbot.waitExposed(window)
    login = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: login.login_name() is not None)
    return window, login


def told(login: LoginPage) -> bool:
    return any(label.text() == CRASHED for label in cast(list[QLabel], login.findChildren(QLabel)))


def test_a_bad_end_is_told_once_and_its_file_can_be_saved(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_today(tmp_path / "store").close()
    (tmp_path / "store" / LOGS / RAW).write_text('Fatal Python error: Aborted\n  File "/mnt/a/b.py", line 7 in c\n')
    window, login = open_login(qtbot, tmp_path / "store")
    assert told(login)
    assert faults(window) == []
    monkeypatch.setattr("desktop.ui.dialogs.ask_save", lambda *_question: tmp_path / "诊断.txt")
    login.crash_link.click()
    qtbot.waitUntil(lambda: login.crash_link.text() == "已另存")
    assert 'File "b.py", line 7 in c' in (tmp_path / "诊断.txt").read_text("utf-8")
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    window.lock()
    login = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: login.login_name() is not None)
    assert not told(login)
    assert window.close()


def test_who_locked_is_chosen_at_the_log_in_and_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    with used_today(tmp_path / "store") as store:
        UserService(store).add("孙三", OTHER, ["branch_reader"], cost=CHEAP)
    window, login = open_login(qtbot, tmp_path / "store")
    assert login.login_name() == LOGIN
    assert login._chosen is not None
    login._chosen.set_value("孙三")
    login.password.setText(OTHER)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    shell = cast(Shell, window._stack.currentWidget())
    assert "使用人 孙三" in shell.lock.toolTip()
    assert shell.navigation.who.text() == "使用人 孙三"
    assert faults(window) == []
    window.lock()
    login = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: login.login_name() is not None)
    assert login.login_name() == "孙三"
    assert window.focusWidget() is login.password
    assert window.close()
    window, login = open_login(qtbot, tmp_path / "store")
    assert login.login_name() == "孙三"
    assert "孙三" not in Path(theme.settings().fileName()).read_text("utf-8")
    assert window.close()


def test_after_a_good_end_nothing_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window, login = open_login(qtbot, tmp_path / "store")
    assert not told(login)
    assert window.close()


def test_an_error_of_the_open_store_is_logged_beside_it(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window, login = open_login(qtbot, tmp_path / "store")
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    from desktop.ui.dialogs import show_error

    dialog = show_error(window, ValueError("张三"))
    assert dialog is not None
    dialog.close()
    words = (tmp_path / "store" / LOGS / "branch-desk.log").read_text("utf-8")
    assert "ValueError" in words
    assert "张三" not in words
    assert window.close()


def test_a_clock_that_is_wrong_is_asked_about_before_the_data_open(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    used_today(folder).close()
    open_store(folder, PASSWORD, LOGIN, clock=clock_at("2199-12-31 09:00")).close()
    window, login = open_login(qtbot, folder)
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: login.clock_dialog is not None)
    assert isinstance(window._stack.currentWidget(), LoginPage)
    assert faults(window) == []
    assert login.clock_dialog is not None
    cancel = cast(Dialog, login.clock_dialog).cancel
    assert cancel is not None
    assert cancel.isDefault(), "Enter without a look trusts no clock"
    login.clock_dialog.accept()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    assert window.close()


def test_data_that_another_program_has_open_are_named_before_the_password_is_asked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with used_today(tmp_path / "store"):
        window, login = open_login(qtbot, tmp_path / "store")
        words = [label.text() for label in cast(list[QLabel], login.findChildren(QLabel))]
        assert any(line.startswith("这份数据正被另一个程序打开") for line in words)
        assert faults(window) == []
        assert window.close()


def test_data_of_a_newer_program_are_not_opened_and_the_way_on_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with used_today(tmp_path / "store") as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "store" / DATABASE).read_bytes()
    window, login = open_login(qtbot, tmp_path / "store")
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: bool(window.findChildren(QDialog)))
    (dialog,) = cast(list[QDialog], window.findChildren(QDialog))
    words = "".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
    assert "数据由更新版本的程序创建" in words
    assert "请先升级程序" in words
    dialog.close()
    assert window.shell is None
    assert window._stack.currentWidget() is login
    assert (tmp_path / "store" / DATABASE).read_bytes() == before


def test_the_assistant_scrolls_nothing_where_its_page_has_room(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(tmp_path / "store")
    keep(qtbot, window)
    window.resize(1093, 542)
    window.show()
    qtbot.waitExposed(window)
    page = cast(SetupPage, window._stack.currentWidget())
    for kind in ("", "branch"):
        if kind:
            page.branch_button.click()
        assert faults(window) == []
        assert page._card.height() <= 542
        assert not [bar for bar in cast(list[QScrollBar], page.findChildren(QScrollBar)) if bar.isVisible()]


def test_a_window_closed_at_once_after_the_log_in_leaves_a_closed_store(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window, login = open_login(qtbot, tmp_path / "store")
    login.password.setText(PASSWORD)
    login.submit()
    assert window.close()
    with open_store(tmp_path / "store", PASSWORD, LOGIN) as store:
        assert not store.was_unclean


def test_data_that_fail_when_they_are_read_first_are_left_and_the_log_in_stands_open(
    qtbot: QtBot, tmp_path: Path
) -> None:
    used_today(tmp_path / "store").close()
    window, _login = open_login(qtbot, tmp_path / "store")
    store = open_store(tmp_path / "store", PASSWORD, LOGIN)
    store.close()  # as where the disk went away in this moment
    window.enter(store)
    qtbot.waitUntil(lambda: bool(window.findChildren(Dialog)))
    cast(list[Dialog], window.findChildren(Dialog))[-1].reject()
    login = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: login.login_name() is not None)
    assert (window.store, login.open_button.isEnabled()) == (None, True)
    login.password.setText(PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    assert window.close()


def test_who_is_fast_with_the_password_opens_the_data_once(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = MainWindow(tmp_path / "store")
    keep(qtbot, window)
    window.show()
    login = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: login._begun)
    login.password.setText(PASSWORD)
    login.submit()
    login._begin()  # what is read of the store comes after the password
    qtbot.waitUntil(lambda: login.login_name() is not None)
    assert not login.open_button.isEnabled()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    assert window.close()
