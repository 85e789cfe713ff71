"""From the first start to the open store: assistant, log-in, lock, recovery, on a real store."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.models import wiping
from desktop.models.history import SettingName
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import default_store, sample_folder
from desktop.services import trial
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService
from desktop.services.clock import now
from desktop.services.opening import open_store
from desktop.services.security import vault
from desktop.ui.login import LoginPage
from desktop.ui.main_window import Shell
from desktop.ui.recovery import RecoveryDialog, RestoreDialog
from desktop.ui.setup import HEADQUARTERS, SetupPage
from desktop.ui.widgets.dialogs import inform
from desktop.ui.widgets.fields import Choice
from desktop.ui.window import MainWindow
from tests.stores import CHEAP, LOGIN, PASSWORD, recovery_code, used_today
from tests.ui.desks import keep
from tests.ui.lint import faults


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def open_window(qtbot: QtBot, folder: Path) -> MainWindow:
    window = MainWindow(folder)
    keep(qtbot, window)
    window.resize(1093, 542)
    window.show()
    qtbot.waitExposed(window)
    return window


def page(window: MainWindow) -> object:
    return cast(object, window._stack.currentWidget())


def put(field: object, words: str) -> None:
    cast(QLineEdit, field).setText(words)


def fill_setup(window: MainWindow, kind: str = "branch") -> SetupPage:
    assistant = cast(SetupPage, page(window))
    assert faults(window) == []
    assert window.focusWidget() is assistant.branch_button, "the first card shows where Enter goes"
    card = assistant.headquarters_button if kind == HEADQUARTERS else assistant.branch_button
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert window.focusWidget() is assistant.fields.fields["name"].control
    put(assistant.fields.fields["name"].control, "云河县站党支部")
    put(assistant.fields.fields["password"].control, PASSWORD)
    put(assistant.fields.fields["again"].control, PASSWORD)
    return assistant


def finish_setup(qtbot: QtBot, window: MainWindow, kind: str = "branch") -> SetupPage:
    assistant = fill_setup(window, kind)
    assert faults(window) == []
    assistant.create_button.click()
    qtbot.waitUntil(lambda: assistant._created is not None and hasattr(assistant, "sheet"))
    assert faults(window) == []
    return assistant


def retype(assistant: SetupPage) -> None:
    for number in assistant.sheet.asked:
        put(assistant.sheet.fields.fields[str(number)].control, assistant.sheet.groups[number])
    QTest.keyClick(assistant.sheet.fields.fields[str(number)].control, Qt.Key.Key_Return)


@pytest.mark.parametrize("kind", ["branch", "headquarters"])
def test_the_assistant_ends_in_an_open_store(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = finish_setup(qtbot, window, kind)
    retype(assistant)
    qtbot.waitUntil(assistant.begin_button.hasFocus)
    QTest.keyClick(assistant.begin_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.kind is StoreKind(kind)
    stands = window.focusWidget()
    assert stands is not None, "who came by keys alone goes on by keys"
    assert stands.isVisible()
    assert kind == HEADQUARTERS or cast(QPushButton, stands).text() == "选择文件"
    assert window.close()


def test_the_cursor_stands_somewhere_after_the_log_in(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    stands = window.focusWidget()
    assert stands is not None
    assert stands.isVisible()
    assert window.close()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the user's own data, and the sample data beside them, lie below `tmp_path`."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    return default_store()


def lay_out_sample() -> Path:
    """Put two stores where the sample data would be, as if they were built already; return the branch's."""
    branch = sample_folder() / "数据" / trial.SHOWN[StoreKind.BRANCH]
    branch.parent.mkdir(parents=True)
    used_today(branch).close()
    used_today(sample_folder() / "数据" / trial.SHOWN[StoreKind.HEADQUARTERS], StoreKind.HEADQUARTERS).close()
    return branch


def test_sample_data_open_beside_the_own_ones_and_say_so(qtbot: QtBot, home: Path) -> None:
    branch = lay_out_sample()
    window = open_window(qtbot, home)
    assistant = cast(SetupPage, page(window))
    assistant.sample_button.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.folder == branch
    assert window.store.today.isoformat() == "2026-10-12"
    assert "样例" in window.windowTitle()
    assert "样例" in cast(Shell, page(window)).branch_name.text()
    assert not home.exists()
    window.lock()
    login = cast(LoginPage, page(window))
    qtbot.waitUntil(lambda: login.password.text() == trial.PASSWORD)
    assert faults(window) == []
    login.submit()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    window.lock()
    cast(LoginPage, page(window)).trial_over.emit()
    assert isinstance(page(window), SetupPage)
    assert window.close()


@pytest.mark.parametrize("kind", ["branch", "headquarters"])
def test_the_end_of_the_assistant_offers_the_sample_data_too(qtbot: QtBot, home: Path, kind: str) -> None:
    lay_out_sample()
    window = open_window(qtbot, home)
    assistant = finish_setup(qtbot, window, kind)
    retype(assistant)
    assert faults(window) == []
    assistant.sample_button.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.kind is StoreKind(kind)
    assert window.store.folder.parent.parent == sample_folder()
    with open_store(home, PASSWORD) as own:
        assert not own.was_unclean
    assert window.close()


def test_sample_data_that_are_cancelled_leave_nothing(qtbot: QtBot, home: Path) -> None:
    window = open_window(qtbot, home)
    assistant = cast(SetupPage, page(window))
    assistant.sample_button.click()
    assert not assistant.branch_button.isEnabled()
    assistant.strip.cancel_button.click()
    qtbot.waitUntil(assistant.branch_button.isEnabled)
    assert isinstance(page(window), SetupPage)
    assert list(home.parent.iterdir()) == []
    assert window.close()


def test_a_window_closed_while_the_data_are_being_made_leaves_a_closed_store(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    fill_setup(window).create_button.click()
    assert window.close()
    with open_store(tmp_path / "store", PASSWORD) as store:
        assert not store.was_unclean


def test_a_window_closed_in_the_middle_leaves_a_closed_store(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    finish_setup(qtbot, window)
    assert window.close()
    with open_store(tmp_path / "store", PASSWORD) as store:
        assert not store.was_unclean


def test_a_step_back_keeps_what_was_typed_but_the_password(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = cast(SetupPage, page(window))
    assistant.branch_button.click()
    for name, words in (("name", "云河县站党支部"), ("login", "刘书记"), ("password", "yunhe-zhan-2026")):
        put(assistant.fields.fields[name].control, words)
    assistant.back()
    assistant.branch_button.click()
    assert [assistant.fields.values()[name] for name in ("name", "login", "password")] == [
        "云河县站党支部",
        "刘书记",
        "",
    ]


def test_a_store_is_made_once_however_often_enter_is_pressed_and_the_page_stays(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = fill_setup(window)
    for _press in range(2):
        QTest.keyClick(assistant.fields.fields["again"].control, Qt.Key.Key_Return)
    assert not assistant.back_button.isEnabled(), "there it could be turned to headquarters"
    qtbot.waitUntil(lambda: hasattr(assistant, "sheet") and window.tasks.idle())
    QApplication.processEvents()
    assert assistant._step == 2
    assert QApplication.activeModalWidget() is None
    assert window.close()


def test_a_weak_password_is_refused_and_nothing_is_made(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = cast(SetupPage, page(window))
    assistant.branch_button.click()
    put(assistant.fields.fields["name"].control, "云河县站党支部")
    password = assistant.fields.fields["password"]
    put(password.control, "yunhe-zhan-2026")
    assert password.note().startswith("强")
    put(password.control, "12345678")
    assert password.note() == "不能用：过于常见，容易被猜中。"
    put(assistant.fields.fields["again"].control, "12345678")
    assistant.create_button.click()
    qtbot.waitUntil(lambda: bool(assistant.fields.fields["password"].fault()))
    assert "容易被猜中" in assistant.fields.fields["password"].fault()
    assert not (tmp_path / "store").exists()


def test_a_wrong_group_of_the_recovery_code_keeps_the_step(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "store")
    assistant = finish_setup(qtbot, window)
    put(assistant.sheet.fields.fields[str(assistant.sheet.asked[0])].control, "000001")
    assistant.kept_button.click()
    assert "数字有误" in assistant.sheet.fields.fields[str(assistant.sheet.asked[0])].fault()
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
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    cast(Shell, page(window)).lock.click()
    assert isinstance(page(window), LoginPage)
    assert window.store is None
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.close()
    used_today(tmp_path / "other").close()


def test_a_locked_window_forgets_in_steps_and_stops_when_somebody_comes_in(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.window.FORGET_MS", 1)
    monkeypatch.setattr(wiping, "_MOST_BYTES", 2 << 20)
    monkeypatch.setattr(wiping, "_REST_BYTES", 2 << 20)
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    for _ in range(2):
        log_in(qtbot, window, PASSWORD)
        qtbot.waitUntil(lambda: isinstance(page(window), Shell))
        qtbot.waitUntil(lambda: not window.forgetting)
        assert window.store is not None
        window.lock()
        assert window.forgetting
    qtbot.waitUntil(lambda: not window.forgetting)
    assert window.close()


def test_a_wrong_password_says_so_and_opens_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = log_in(qtbot, window, "falsch-2026")
    qtbot.waitUntil(lambda: bool(login.password_field.fault()))
    assert login.password_field.fault() == "密码不正确，请检查大小写和输入法。"
    assert window.store is None
    assert faults(window) == []


def test_the_recovery_code_sets_a_new_password(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = cast(LoginPage, page(window))
    qtbot.waitUntil(lambda: login.login_name() == LOGIN)
    login.open_recovery()
    dialog = cast(RecoveryDialog, window.findChild(RecoveryDialog))
    put(dialog.fields.fields["code"].control, "000000-" + recovery_code().partition("-")[2])
    put(dialog.fields.fields["password"].control, "xinmima-2026")
    put(dialog.fields.fields["again"].control, "xinmima-2026")
    if not recovery_code().startswith("000000"):
        dialog.verb.click()
        qtbot.waitUntil(lambda: bool(dialog.fields.fields["code"].fault()) or dialog.verb.isEnabled())
    put(dialog.fields.fields["code"].control, recovery_code())
    qtbot.waitUntil(dialog.verb.isEnabled)
    dialog.verb.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert cast(Shell, page(window)).undo_bar.words() == f"已为“{LOGIN}”设新密码。"
    assert window.close()


def test_the_recovery_code_asks_whose_password_it_is_to_set_where_several_log_in(qtbot: QtBot, tmp_path: Path) -> None:
    with used_today(tmp_path / "store") as store:
        UserService(store).add("孙三", "春风-细雨-77", ["secretary"], cost=CHEAP)
    window = open_window(qtbot, tmp_path / "store")
    login = cast(LoginPage, page(window))
    login.open_recovery()
    qtbot.waitUntil(lambda: window.findChild(RecoveryDialog) is not None)
    dialog = cast(RecoveryDialog, window.findChild(RecoveryDialog))
    assert faults(dialog) == []
    who = cast(Choice, dialog.fields.fields["login"].control)
    assert (who.value(), who.values()) == (None, (None, LOGIN, "孙三"))
    put(dialog.fields.fields["code"].control, recovery_code())
    put(dialog.fields.fields["password"].control, "秋水-长天-88")
    put(dialog.fields.fields["again"].control, "秋水-长天-88")
    dialog.verb.click()
    assert dialog.fields.fields["login"].fault()
    assert dialog.verb.isEnabled()
    who.set_value("孙三")
    dialog.verb.click()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert cast(Shell, page(window)).undo_bar.words() == "已为“孙三”设新密码。"
    assert window.close()
    open_store(tmp_path / "store", PASSWORD, LOGIN).close()
    open_store(tmp_path / "store", "秋水-长天-88", "孙三").close()


def back_up(folder: Path) -> Path:
    """Return a backup file of the store in `folder`, whose branch then gets another name."""
    with open_store(folder, PASSWORD) as store:  # by the machine's clock, which the window goes by too
        file = BackupService(store).to_file(folder.parent)
        store.set_setting(SettingName.IDLE_MINUTES, "30")
    return file


def open_restore(window: MainWindow, file: Path, **words: str) -> RestoreDialog:
    cast(LoginPage, page(window)).open_restore()
    dialog = cast(RestoreDialog, window.findChild(RestoreDialog))
    dialog.take(file)
    for name, typed in words.items():
        put(dialog.fields.fields[name].control, typed)
    dialog.verb.click()
    return dialog


@pytest.mark.parametrize("way", ["password", "code"])
def test_a_backup_takes_the_place_of_the_data_and_the_old_ones_stay(qtbot: QtBot, tmp_path: Path, way: str) -> None:
    used_today(tmp_path / "store").close()
    file = back_up(tmp_path / "store")
    window = open_window(qtbot, tmp_path / "store")
    open_restore(window, file, **{way: PASSWORD if way == "password" else recovery_code()})
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("store.old-*"))))
    former = next(iter(tmp_path.glob("store.old-*")))
    qtbot.waitUntil(lambda: any(former.name in one.text() for one in cast(list[QLabel], window.findChildren(QLabel))))
    said = [label.text() for label in cast(list[QLabel], cast(LoginPage, page(window)).findChildren(QLabel))]
    assert any("忘记密码" in words for words in said), "who restored by the code has no password to open them with"
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.setting(SettingName.IDLE_MINUTES, "10") == "10"
    assert window.close()


def test_a_wrong_password_of_a_backup_stays_at_its_field_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    file = back_up(tmp_path / "store")
    window = open_window(qtbot, tmp_path / "store")
    dialog = open_restore(window, file, password="jiu-de-mima-2025")
    qtbot.waitUntil(lambda: bool(dialog.fields.fields["password"].fault()))
    assert "备份那时" in dialog.fields.fields["password"].fault()
    assert dialog.isVisible()
    assert faults(dialog) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([file.name, "store"])
    dialog.reject()
    with open_store(tmp_path / "store", PASSWORD) as store:
        assert store.setting(SettingName.IDLE_MINUTES, "10") == "30"


def test_an_idle_window_locks_itself(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    window.presence.last_sign -= 11 * 60
    window._lock_if_idle()
    assert isinstance(page(window), LoginPage)


def test_a_window_locks_itself_after_the_computer_slept_even_under_a_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    window._lock_if_idle()
    assert isinstance(page(window), Shell)
    inform(window, "忘了关的对话框")
    window._last_tick -= 3600
    window._lock_if_idle()
    assert isinstance(page(window), LoginPage)


def test_the_first_log_in_of_a_day_backs_up_behind_the_pages(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    login = cast(LoginPage, page(window))
    put(login.password, PASSWORD)
    login.submit()
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    shell = cast(Shell, page(window))
    qtbot.waitUntil(lambda: shell.navigation.backup.text().startswith("上次备份："))
    assert len(list((tmp_path / "store" / "backup").glob("*.db"))) == 1
    home = shell.page()
    qtbot.waitUntil(
        lambda: any("备份，已验证" in label.text() for label in cast(list[QLabel], home.findChildren(QLabel)))
    )
    assert window.close()


def test_the_copies_in_the_folder_of_the_data_are_offered_and_restored(qtbot: QtBot, tmp_path: Path) -> None:
    used_today(tmp_path / "store").close()
    back_up(tmp_path / "store")
    window = open_window(qtbot, tmp_path / "store")
    cast(LoginPage, page(window)).open_restore()
    dialog = cast(RestoreDialog, window.findChild(RestoreDialog))
    qtbot.waitUntil(dialog.copies_field.isVisible)
    assert dialog.copies.currentText().startswith(now().date().isoformat())
    assert faults(dialog) == []
    put(dialog.fields.fields["password"].control, PASSWORD)
    dialog.verb.click()
    qtbot.waitUntil(lambda: not isValid(dialog) and bool(list(tmp_path.glob("store.old-*"))))
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Shell))
    assert window.store is not None
    assert window.store.setting(SettingName.IDLE_MINUTES, "10") == "10"
    assert window.close()


def test_the_first_start_of_headquarters_speaks_of_its_own_work(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, tmp_path / "data" / "store")
    assistant = cast(SetupPage, page(window))
    assert assistant._steps()[-1] == ("开始", "导入名册或登记支部"), "nothing was chosen yet"
    said = ""
    assistant._chosen(HEADQUARTERS)
    for step in (1, 2, 3):
        if step != 2:  # the recovery code needs a store
            assistant._to(step)
            parts = cast(list[QLabel], assistant._stack.currentWidget().findChildren(QLabel))
            said += "".join(label.text() for label in parts) + "".join(map(str, assistant._steps()))
    assert not [words for words in ("名册", "总部的邀请文件", "请市公司协助") if words in said]
    assert window.close()


def test_a_window_closed_while_its_pages_are_built_closes_the_store_and_shows_none(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_today(tmp_path / "store").close()
    window = open_window(qtbot, tmp_path / "store")
    begin, seen = Shell.begin, list[object]()

    def begin_and_close(shell: Shell, *at: str, **where: str) -> None:
        begin(shell, *at, **where)
        seen.append(window.shell)
        QTimer.singleShot(0, window, window.close)

    monkeypatch.setattr(Shell, "begin", begin_and_close)
    log_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: bool(seen) and window.store is None)
    QApplication.processEvents()
    assert seen == [None], "the pages are built in one turn and shown in another"
    assert window.shell is None
    used_today(tmp_path / "other").close()
