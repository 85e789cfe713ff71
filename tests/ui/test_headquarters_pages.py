"""The pages of headquarters: branches invited and registered, packages taken, answers and standards sent out."""

import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary import PartnerState, StoreKind
from desktop.paths import resource
from desktop.services import demo
from desktop.services.opening import open_store
from desktop.services.standards.ratings import RatingService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.package_format import Kind
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.ui.headquarters import send
from desktop.ui.headquarters.editions import EditionDialog, EditionsPage
from desktop.ui.headquarters.overview import InvitedDialog, InviteDialog, OverviewPage, RegistrationDialog
from desktop.ui.headquarters.ratings import RatingsPage, waits
from desktop.ui.headquarters.receive import ReceivePage
from desktop.ui.headquarters.remarks import RemarkDialog, SentRemarksPage
from desktop.ui.headquarters.send import HandBackDialog, SendPage
from desktop.ui.main_window import Shell
from desktop.ui.standards.rating import RatingDialog
from desktop.ui.sync.decisions import ForkDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.stores import clock_at, new_store
from tests.ui.desks import empty_desk, go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import built, loop_desk, loop_store

SIZES = [(1366, 696), (1093, 542), (911, 440)]
PLACES = [
    ("home", "home"),
    ("receive", "receive"),
    ("send", "packages"),
    ("send", "remarks"),
    ("standards", "editions"),
    ("standards", "ratings"),
]


def press(shell: Shell, words: str) -> None:
    """Press the button in view that says `words`."""
    parts = cast(list[QPushButton], shell.findChildren(QPushButton))
    next(one for one in parts if one.text() == words and one.isVisible()).click()


def last(shell: Shell) -> Dialog:
    """Return the dialog that was opened last."""
    return cast(list[Dialog], shell.findChildren(Dialog))[-1]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_with_its_first_row_open(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with loop_desk(qtbot, tmp_path, size=size) as shell:
        for area, tab in PLACES:
            page = go(qtbot, shell, area, tab)
            table = getattr(page, "history", None) or getattr(page, "table", None)
            if table is not None and hasattr(page, "pane"):
                table.step(1)
                settle(qtbot, shell)
            assert faults(shell) == [], (area, tab)


def test_every_page_says_what_to_do_first(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        for area, tab in PLACES:
            go(qtbot, shell, area, tab)
            assert faults(shell) == [], (area, tab)
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        assert page.table.empty.button is not None
        assert page.table.empty.button.text() == "邀请支部"


def test_a_branch_is_invited_and_its_registration_compared(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.invite_button.click()
        dialog = cast(InviteDialog, last(shell))
        dialog.verb.click()
        assert dialog.fields.fields["code"].fault() == "支部代码不能为空。"
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


def test_a_bad_package_stops_no_other(qtbot: QtBot, tmp_path: Path) -> None:
    packages = tmp_path / "包"
    packages.mkdir()
    with loop_store(tmp_path / "branch", "ZK01", "2026-10-12 10:00") as branch:
        Sender(branch).pack(packages, "2026Q3")
    good = next(packages.glob("*.dzp"))
    known = Path(shutil.copy(next((built() / "U盘").glob("ZK02_上报_*.dzp")), packages))
    (packages / "ZK09_坏.dzp").write_bytes(good.read_bytes()[:5000])
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00") as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        page.receive([packages / "ZK09_坏.dzp", known, good])
        settle(qtbot, shell)
        assert [one.code for one in page.results] == ["E-PKG-TRUNC", "I-DUP", "OK"]
        assert page._summary.text() == "收下 1 个，无需再收 1 个，没有收 1 个。"
        assert page._stack.currentWidget() is page.now
        page.now.step(1)
        assert "不完整" in page.results[0].message
        assert faults(shell) == []


def test_a_fork_waits_for_a_word(qtbot: QtBot, tmp_path: Path) -> None:
    files = []
    for name, at in (("one", "2026-10-12 10:00"), ("two", "2026-10-12 10:30")):
        with loop_store(tmp_path / name, "ZK01", at) as branch:
            files.append(Sender(branch).pack(tmp_path / name, "2026Q3").file)
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00") as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        page.receive(files)
        settle(qtbot, shell)
        assert [one.code for one in page.results] == ["OK", "E-FORK"]
        page._choose("held")
        page.held.step(1)
        press(shell, "看一看再定")
        settle(qtbot, shell)
        assert faults(last(shell)) == []
        last(shell).reject()
        assert page.held.model.rowCount() == 1, "it waits until somebody decides"
        press(shell, "看一看再定")
        settle(qtbot, shell)
        last(shell).verb.click()
        settle(qtbot, shell)
        assert [one.code for one in page.results] == ["OK"]
        assert page.held.model.rowCount() == 0


def test_a_fork_is_dropped_and_the_branch_gets_its_data_back(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for name, at in (("one", "2026-10-12 10:00"), ("two", "2026-10-12 10:30")):
        with loop_store(tmp_path / name, "ZK01", at) as branch:
            files.append(Sender(branch).pack(tmp_path / name, "2026Q3").file)
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00") as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        page.receive(files)
        settle(qtbot, shell)
        page._choose("held")
        page.held.step(1)
        press(shell, "看一看再定")
        settle(qtbot, shell)
        cast(ForkDialog, last(shell)).discard_button.click()
        settle(qtbot, shell)
        assert page.held.model.rowCount() == 0
        sending = cast(SendPage, go(qtbot, shell, "send", "packages"))
        monkeypatch.setattr(send, "ask_folder", lambda *_: tmp_path / "back")
        press(shell, "支部的数据丢了？把数据交还支部")
        dialog = cast(HandBackDialog, last(shell))
        assert faults(dialog) == []
        dialog.fields.fields["code"].control.set_value("ZK01")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert "移交包已写好" in shell.undo_bar.words()
        (written,) = (tmp_path / "back").glob("ZK01_移交_*.dzp")
        assert Kind(sending.table.model.row_at(0).kind) is Kind.HANDOVER
    with open_store(tmp_path / "two", demo.PASSWORD, demo.LOGIN, clock=clock_at("2026-10-13 09:00")) as lost:
        (result,) = Receiver(lost).take_back([written])
        assert result.code == "OK"


def test_answers_are_written_for_the_ticked_branches(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page.all_box.click()
        page.send_to_folder()
        assert shell.undo_bar.words() == "请先勾选要下发的支部。"
        page.boxes["ZK03"].setChecked(True)
        page.write(tmp_path)
        settle(qtbot, shell)
        assert [one.name[:7] for one in tmp_path.glob("*.dzp")] == ["ZK03_反馈"]
        assert page.table.model.row_at(0).seq == 2
        assert page.chosen() == ["ZK03"]


def test_a_remark_goes_out_and_is_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SentRemarksPage, go(qtbot, shell, "send", "remarks"))
        page.add_button.click()
        dialog = cast(RemarkDialog, last(shell))
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["text"].fault() == "不能为空。"
        dialog.fields.fields["text"].control.setPlainText("会后任务要写结果")  # type: ignore[attr-defined]
        put(dialog.fields.fields["due_on"].control, "2026-10-01")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["due_on"].fault() == "不能早于今天。"
        put(dialog.fields.fields["due_on"].control, "2026-11-01")
        dialog.verb.click()
        settle(qtbot, shell)
        page.table.step(1)
        assert page.pane.chip.words == "未答复"
        press(shell, "撤回这条意见")
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 0
        shell.undo_bar._take_back()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == 1


def test_an_edition_is_checked_before_it_counts(qtbot: QtBot, tmp_path: Path) -> None:
    words = resource("standards/horse_race.toml").read_text("utf-8")
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(EditionsPage, go(qtbot, shell, "standards", "editions"))
        before = page.table.model.rowCount()
        for name, text in (("别的.toml", "a = 1"), ("坏.toml", words.replace("weight = 30", "weight = 31", 1))):
            (tmp_path / name).write_text(text, "utf-8")
            page.read_file(tmp_path / name)
            settle(qtbot, shell)
            assert not isinstance(last(shell), EditionDialog)
            last(shell).accept()
        (tmp_path / "赛马2.toml").write_text(words.replace('version = "2026.1"', 'version = "2026.9"'), "utf-8")
        page.read_file(tmp_path / "赛马2.toml")
        settle(qtbot, shell)
        cast(EditionDialog, last(shell)).verb.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == before + 1
        page.table.select(lambda one: one.version == "2026.9")
        page.write(next(one for one in page.table.model.rows() if one.version == "2026.9"), tmp_path / "出.toml")
        settle(qtbot, shell)
        assert (tmp_path / "出.toml").read_bytes() == (tmp_path / "赛马2.toml").read_bytes()


def test_a_branch_is_judged_and_the_judgement_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "standards", "ratings"))
        branch = page.branches.value()
        item = next(one for one in page.table.model.rows() if waits(one) and one.criteria[0].criterion.how == "rating")
        page.table.select(lambda one: one.id == item.id)
        page.rate(item, 0)
        dialog = cast(RatingDialog, last(shell))
        dialog.fields.fields["ground"].control.setPlainText("查阅台账")  # type: ignore[attr-defined]
        level = dialog.fields.fields["level"]
        level.control.setCurrentIndex(0)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert level.fault()
        level.control.setCurrentIndex(4)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        service = RatingService(shell.desk.store)
        assert service.ratings(2026, branch)[item.id, 0].ground == "查阅台账"
        press(shell, "撤回")
        settle(qtbot, shell)
        assert (item.id, 0) not in service.ratings(2026, branch)
        page.scope._buttons["waiting"].click()
        assert all(waits(one) for one in page.table.model.rows())
