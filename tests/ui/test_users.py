"""使用人: users with their roles are seen, added and changed; what whoever works here may not do is not offered."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.interim import note_interim
from desktop.services.access.users import UserService
from desktop.services.errors import VaultError
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from desktop.services.security import vault
from desktop.ui.main_window import Shell
from desktop.ui.settings import SecurityPage
from desktop.ui.users import PasswordDialog, RolesDialog, UserDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.services.members.people import GAO
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store
from tests.ui.desks import TODAY, desk_on, empty_desk, go, put, settle
from tests.ui.lint import faults

OTHER = "shuangyu-2026"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    monkeypatch.setattr(vault, "calibrated", lambda *_: CHEAP)


def security(qtbot: QtBot, shell: Shell) -> SecurityPage:
    return cast(SecurityPage, go(qtbot, shell, "settings", "security"))


def verbs(part: QWidget) -> list[str]:
    return [each.text() for each in cast(list[QPushButton], part.findChildren(QPushButton)) if each.isVisible()]


def press(page: SecurityPage, name: str) -> None:
    """Press the button of this accessible name."""
    parts = cast(list[QPushButton], page.users.findChildren(QPushButton))
    next(part for part in parts if part.accessibleName() == name).click()


def opened(folder: Path, login: str, password: str = OTHER) -> None:
    open_store(folder / "store", password, login, clock=clock_at(TODAY)).close()


def fill(dialog: UserDialog, password: str, again: str) -> None:
    for name, words in (("login", "组织委员"), ("password", password), ("again", again)):
        put(dialog.fields.fields[name].control, words)


def test_a_user_is_added_with_roles_and_stopped(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = security(qtbot, shell)
        assert page.users.add_button is not None
        page.users.add_button.click()
        dialog = cast(UserDialog, shell.findChild(UserDialog))
        assert faults(dialog) == []
        fill(dialog, OTHER, "shuangyu-2027")
        dialog.verb.click()
        assert dialog.fields.fields["again"].fault() == "两次输入的密码不一样。"
        fill(dialog, "12345678", "12345678")
        dialog.roles.boxes.boxes["branch_reader"].setChecked(True)
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["password"].fault() == "过于常见，容易被猜中。"
        fill(dialog, OTHER, OTHER)
        dialog.verb.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已增加使用人组织委员。"
        assert "查看人" in [label.text() for label in cast(list[QLabel], page.users.findChildren(QLabel))]
        assert faults(shell) == []
        page.users.remove("组织委员")
        settle(qtbot, shell)
        cast(list[Dialog], page.findChildren(Dialog))[-1].verb.click()
        settle(qtbot, shell)
        assert list(shell.desk.store.vault.logins) == [LOGIN]


def test_a_role_by_posts_asks_for_the_member(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        member = MemberService(shell.desk.store).register(GAO)
        page = security(qtbot, shell)
        page.users.add()
        dialog = cast(UserDialog, shell.findChild(UserDialog))
        fill(dialog, OTHER, OTHER)
        assert dialog.roles.member.isHidden()
        dialog.roles.boxes.boxes["committee"].setChecked(True)
        assert not dialog.roles.member.isHidden()
        dialog.verb.click()
        settle(qtbot, shell)
        assert "请选出是哪位党员" in dialog.fields.fields["member_id"].fault()
        dialog.roles.member.control.set_value(member)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        user = page.users.service.users()[1]
        assert (user.words, user.member_id) == ("支部委员", member)
        page.users.give_roles(user)
        change = cast(RolesDialog, shell.findChild(RolesDialog))
        change.roles.boxes.boxes["committee"].setChecked(False)
        change.roles.boxes.boxes["branch_reader"].setChecked(True)
        change.verb.click()
        settle(qtbot, shell)
        assert page.users.service.users()[1].words == "查看人"


def test_the_own_password_needs_the_present_one(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = security(qtbot, shell)
        press(page, f"修改密码：{LOGIN}")
        dialog = cast(PasswordDialog, shell.findChild(PasswordDialog))
        for name, words in (("old_password", "wrong"), ("password", OTHER), ("again", OTHER)):
            put(dialog.fields.fields[name].control, words)
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["old_password"].fault() == "不正确。"
        put(dialog.fields.fields["old_password"].control, PASSWORD)
        dialog.verb.click()
        settle(qtbot, shell)
    opened(tmp_path, LOGIN)


def test_who_has_an_interim_password_is_asked_on_every_page_until_it_is_changed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        assert shell._interim.isHidden()
        note_interim(shell.desk.store, [LOGIN])
        shell.read_head()
        settle(qtbot, shell)
        assert shell._interim.isVisible()
        assert faults(shell) == []
        shell._interim.button.click()
        dialog = cast(PasswordDialog, shell.findChild(PasswordDialog))
        for name, words in (("old_password", PASSWORD), ("password", OTHER), ("again", OTHER)):
            put(dialog.fields.fields[name].control, words)
        dialog.verb.click()
        settle(qtbot, shell)
        assert shell._interim.isHidden()
    opened(tmp_path, LOGIN)


def test_whoever_manages_users_resets_a_password(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = security(qtbot, shell)
        page.users.service.add("查看", OTHER, ["branch_reader"], cost=CHEAP)
        shell.desk.changed()
        settle(qtbot, shell)
        press(page, "重设密码：查看")
        dialog = cast(PasswordDialog, shell.findChild(PasswordDialog))
        assert "old_password" not in dialog.fields.fields
        for name in ("password", "again"):
            put(dialog.fields.fields[name].control, "luoxia-guwu-99")
        dialog.verb.click()
        settle(qtbot, shell)
    opened(tmp_path, "查看", "luoxia-guwu-99")
    with pytest.raises(VaultError):
        opened(tmp_path, "查看")


@pytest.mark.parametrize(
    ("kind", "role"), [(StoreKind.BRANCH, "branch_reader"), (StoreKind.HEADQUARTERS, "headquarters_reader")]
)
def test_a_reader_is_offered_the_own_password_only(qtbot: QtBot, tmp_path: Path, kind: StoreKind, role: str) -> None:
    with new_store(tmp_path / "store", kind, TODAY) as store:
        UserService(store).add("查看", OTHER, [role], cost=CHEAP)
    store = open_store(tmp_path / "store", OTHER, "查看", clock=clock_at(TODAY))
    with desk_on(qtbot, store) as shell:
        page = security(qtbot, shell)
        assert verbs(page.users) == ["修改密码"]
        assert not hasattr(page, "code_button")
        assert not hasattr(page, "escrow_button")
