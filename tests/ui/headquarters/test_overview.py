"""总览: branches invited, registered, looked at."""

from pathlib import Path
from typing import cast

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import PartnerState
from desktop.services.sync.enrolment import EnrolmentService
from desktop.ui.headquarters.overview import InvitedDialog, InviteDialog, OverviewPage, RegistrationDialog
from tests.stores import new_store
from tests.ui.desks import go, put, settle
from tests.ui.loop import built, loop_desk
from tests.ui.press import last, press


def test_a_branch_is_invited_and_its_registration_compared(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.invite_button.click()
        dialog = cast(InviteDialog, last(shell))
        dialog.verb.click()
        assert dialog.fields.fields["code"].fault() == "不能为空。"
        put(dialog.fields.fields["code"].control, "ZK-6")
        put(dialog.fields.fields["name"].control, "郸城县局党支部")
        dialog.write(tmp_path)
        settle(qtbot, shell)
        assert dialog.fields.fields["code"].fault() == "只能用字母和数字，最多20位。"
        put(dialog.fields.fields["code"].control, "ZK06")
        dialog.write(tmp_path)
        settle(qtbot, shell)
        assert isinstance(last(shell), InvitedDialog)
        assert page.table.select(lambda one: one.code == "ZK06")
        assert page.pane.chip.words == "已邀请"

        invitation = next(tmp_path.glob("ZK06_邀请_*.dzk"))
        with new_store(tmp_path / "branch", at="2026-10-12 10:00") as branch:
            written = EnrolmentService(branch).accept_invitation(invitation).confirm(tmp_path)
        page.register(written.path)
        settle(qtbot, shell)
        compare = cast(RegistrationDialog, last(shell))
        assert compare._registration.fingerprint == written.fingerprint
        compare.verb.click()
        settle(qtbot, shell)
        assert next(one for one in page.table.model.rows() if one.code == "ZK06").state is PartnerState.ACTIVE


def test_the_key_of_a_branch_is_copied_for_standard_tools(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.table.select(lambda branch: branch.code == "ZK01")
        press(shell, "复制公钥")
        settle(qtbot, shell)
        assert QGuiApplication.clipboard().text().startswith('ZK01 namespaces="dzb-sync-v1" ssh-ed25519 AAAA')


def test_an_invitation_is_no_registration(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.register(next((built() / "U盘").glob("ZK01_邀请_*.dzk")))
        settle(qtbot, shell)
        assert not isinstance(last(shell), RegistrationDialog)
