"""更换数据钥匙 in the window: who stays, the code that is written down, the copies of the old key."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.backup import copies_in
from desktop.services.data_key import AFTER, OWN_PASSWORD
from desktop.services.errors import VaultError
from desktop.services.opening import open_store
from desktop.services.security import vault
from desktop.ui.data_key import DataKeyDialog, NewKeyDialog
from desktop.ui.main_window import Shell
from desktop.ui.page import Page
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import CHEAP, LOGIN, PASSWORD, recovery_code
from tests.ui.desks import desk_on, empty_desk, go, put, settle
from tests.ui.lint import faults

OTHER = "春风-细雨-77"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def asked(shell: Shell, title: str) -> Dialog:
    return next(part for part in cast(list[Dialog], shell.findChildren(Dialog)) if part.windowTitle() == title)


def buttons(page: Page) -> list[QPushButton]:
    return cast(list[QPushButton], page.findChildren(QPushButton))


def begun(qtbot: QtBot, shell: Shell) -> DataKeyDialog:
    page = cast(Page, go(qtbot, shell, "settings", "security"))
    next(button for button in buttons(page) if button.text() == "更换数据钥匙").click()
    return cast(DataKeyDialog, shell.findChild(DataKeyDialog))


def test_who_is_given_no_password_is_out_and_the_code_is_written_down(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        users = UserService(shell.desk.store)
        for login in ("旧人", "组织委员"):
            users.add(login, OTHER, ["secretary"], cost=CHEAP)
        dialog = begun(qtbot, shell)
        assert faults(dialog) == []
        put(dialog.fields.fields[OWN_PASSWORD.name].control, "别的密码-2026")
        put(dialog.fields.fields["组织委员"].control, "12345678")
        dialog.verb.click()
        assert dialog.fields.fields["组织委员"].fault()
        put(dialog.fields.fields["组织委员"].control, "zuzhi-weiyuan-2026")
        dialog.verb.click()
        asked(shell, "不再让其进入？").verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields[OWN_PASSWORD.name].fault() == "不正确。"
        assert len(users.users()) == 3
        put(dialog.fields.fields[OWN_PASSWORD.name].control, PASSWORD)
        dialog.begin()
        settle(qtbot, shell)
        told = cast(NewKeyDialog, shell.findChild(NewKeyDialog))
        assert faults(told) == []
        told.reject()
        told.verb.click()
        assert told.isVisible()
        for number in told.sheet.asked:
            put(told.sheet.fields.fields[str(number)].control, told.sheet.groups[number])
        code = "-".join(told.sheet.groups)
        assert users.code_due
        told.verb.click()
        settle(qtbot, shell)
        assert not users.code_due
        asked(shell, "删除旧钥匙的备份吗？").verb.click()
        settle(qtbot, shell)
        assert [copy.reason for copy in copies_in(tmp_path / "store")] == [AFTER]
        assert [user.login for user in users.users()] == [LOGIN, "组织委员"]
    with pytest.raises(VaultError):
        open_store(tmp_path / "store", OTHER)
    with pytest.raises(VaultError):
        open_store(tmp_path / "store", recovery_code=recovery_code())
    open_store(tmp_path / "store", recovery_code=code).close()


def test_while_a_long_job_reads_the_key_is_not_changed_and_the_window_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        dialog = begun(qtbot, shell)
        put(dialog.fields.fields[OWN_PASSWORD.name].control, PASSWORD)
        with shell.desk.store.reading() as session:
            session.connection()
            dialog.verb.click()
            settle(qtbot, shell)
        assert dialog.isVisible()
        assert asked(shell, "数据正由别的操作占用。").isVisible()


def test_after_a_user_is_let_out_the_change_is_offered_only_to_who_manages_users(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        UserService(shell.desk.store).add("查看", OTHER, ["branch_reader"], cost=CHEAP)
    store = open_store(tmp_path / "store", OTHER, "查看")
    with desk_on(qtbot, store) as shell:
        page = cast(Page, go(qtbot, shell, "settings", "security"))
        assert "更换数据钥匙" not in [button.text() for button in buttons(page)]
