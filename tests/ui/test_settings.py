"""Settings: what is refused stays at its field, what is kept is told."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary import StoreKind
from desktop.ui.settings import PasswordDialog, ProfilePage, SecurityPage
from tests.stores import LOGIN
from tests.ui.desks import empty_desk, go, put, settle


def test_a_branch_without_a_name_is_refused_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(ProfilePage, go(qtbot, shell, "settings", "profile"))
        put(page.fields.fields["name"].control, "")
        page.save_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["name"].fault() == "不能为空。"
        put(page.fields.fields["name"].control, "云河县站第一党支部")
        page.save_button.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已保存。"
        assert page.branches.profile().name == "云河县站第一党支部"


def test_a_weak_password_is_refused_at_its_field_and_a_good_one_adds_a_user(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        page.add_button.click()
        dialog = cast(PasswordDialog, shell.findChild(PasswordDialog))
        put(dialog.fields.fields["login"].control, "组织委员")
        for password, fault in (("12345678", "过于常见，容易被猜中。"), ("zuzhi-weiyuan-2026", "")):
            put(dialog.fields.fields["password"].control, password)
            put(dialog.fields.fields["again"].control, password)
            dialog.verb.click()
            settle(qtbot, shell)
            assert fault == "" or dialog.fields.fields["password"].fault() == fault
        assert shell.desk.store.vault.logins == (LOGIN, "组织委员")
        assert shell.undo_bar.words() == "密码已保存，下次打开时生效。"


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_only_headquarters_has_a_second_key(qtbot: QtBot, tmp_path: Path, kind: StoreKind) -> None:
    with empty_desk(qtbot, tmp_path, kind) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        assert hasattr(page, "escrow_button") == (kind is StoreKind.HEADQUARTERS)
