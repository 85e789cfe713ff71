"""下发: answers written; lost data handed back."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PackageState
from desktop.services import demo, volumes
from desktop.services.backup.restoring import MARK
from desktop.services.headquarters import HeadquartersService
from desktop.services.opening import open_store
from desktop.services.sync import usb
from desktop.services.sync.package_format import Kind
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from desktop.ui.headquarters import send
from desktop.ui.headquarters.receive import ReceivePage
from desktop.ui.headquarters.send import ROW, HandBackDialog, SendPage
from desktop.ui.main_window import Shell
from desktop.ui.sync.decisions import ForkDialog
from desktop.ui.sync.inside import InsidePage
from desktop.ui.sync.leaving import PULL
from desktop.ui.sync.stick_box import AGAIN
from tests.services.disks import fill, needs_mount, small_disk
from tests.stores import clock_at
from tests.ui.desks import go, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk, loop_store
from tests.ui.press import last, press
from tests.ui.sync.test_page import stick_at


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
        monkeypatch.setattr(send, "ask_folder", lambda *_, **__: tmp_path / "back")
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


def tick_only(page: SendPage, wanted: str) -> None:
    """Tick one branch and no other."""
    for code, part in page.boxes.items():
        part.setChecked(code == wanted)


def answered(qtbot: QtBot, shell: Shell, folder: Path) -> SendPage:
    """Return the page once everybody has had what there is."""
    page = cast(SendPage, go(qtbot, shell, "send", "packages"))
    if page.chosen():
        page.write(folder)
        settle(qtbot, shell)
    return page


def test_answers_are_written_for_the_ticked_branches(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = answered(qtbot, shell, tmp_path / "以前")
        assert page.chosen() == [], "everybody has had what there is"
        (branch,) = [partner for partner in page.active if partner.code == "ZK03"]
        before = next(row.seq for row in sent_packages(shell.desk.store) if row.partner == branch.name)
        page.send_to_folder()
        assert shell.undo_bar.words() == "请先勾选要下发的支部。"
        page.boxes["ZK03"].click()
        page.write(tmp_path)
        settle(qtbot, shell)
        assert [one.name[:7] for one in tmp_path.glob("*.dzp")] == ["ZK03_反馈"]
        assert page.table.model.row_at(0).seq == before + 1
        assert page.chosen() == []


def test_the_box_for_all_branches_ticks_every_branch_and_none(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = answered(qtbot, shell, tmp_path / "以前")
        assert page.chosen() == []
        page.all_box.click()
        assert page.chosen() == list(page.boxes)
        page.boxes["ZK03"].click()
        page.all_box.click()
        assert page.chosen() == list(page.boxes)
        page.all_box.click()
        assert page.chosen() == []


def test_a_branch_with_something_new_to_get_is_ticked_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = answered(qtbot, shell, tmp_path / "以前")
        (branch,) = [partner for partner in page.active if partner.code == "ZK02"]
        HeadquartersService(shell.desk.store).add_remark(branch.org, "补签到表")
        page.reload()
        settle(qtbot, shell)
        assert page.chosen() == ["ZK02"]
        assert faults(page) == []
        page.write(tmp_path)
        settle(qtbot, shell)
        assert shell.undo_bar.words() == "已写好 1 个反馈包，写完后又逐个读过，都在。"
        assert page.chosen() == []


def test_a_restored_headquarters_is_asked_before_it_sends_what_may_be_older(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        (shell.desk.store.folder / MARK).write_text(
            '{"made_at_utc": "2027-01-01T00:00:00Z", "restored_at_utc": "2027-01-02T00:00:00Z"}'
        )
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page.reload()
        settle(qtbot, shell)
        assert faults(page) == []
        tick_only(page, "ZK01")
        page.write(tmp_path)
        settle(qtbot, shell)
        assert list(tmp_path.glob("*.dzp")) == []
        last(shell).verb.click()
        settle(qtbot, shell)
        assert [one.name[:7] for one in tmp_path.glob("*.dzp")] == ["ZK01_反馈"]


def test_what_is_in_an_answer_is_seen_before_it_leaves_and_a_failed_writing_is_done_again_in_its_place(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        tick_only(page, "ZK03")
        page.look_link.click()
        settle(qtbot, shell)
        over = cast(InsidePage, shell.page())
        assert over.found is not None
        assert over.found.file_name.startswith("ZK03_反馈")
        assert sum(kind.count for kind in over.found.kinds) > 0
        assert over.kinds.current() is over.found.kinds[0]  # whose records stand beside
        shell.pop_page()
        settle(qtbot, shell)
        built = page.table.model.row_at(0)
        assert built.state is PackageState.PREPARED
        (tmp_path / "文件").write_bytes(b"mine")
        tick_only(page, "ZK03")
        page.write(tmp_path / "文件" / "里")
        settle(qtbot, shell)
        assert faults(shell) == []
        (tmp_path / "文件").unlink()
        press(shell, "再写一次")
        settle(qtbot, shell)
        assert "已写好 1 个反馈包" in shell.undo_bar.words()
        assert [path.name for path in (tmp_path / "文件" / "里").glob("*.dzp")] == [over.found.file_name]


def test_on_a_small_screen_the_lists_scroll_and_not_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00", size=(1093, 577)) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        assert shell._frames[page].verticalScrollBar().maximum() == 0
        assert page.table.view.viewport().height() >= page.table.view.rowHeight(0)
        assert faults(shell) == []


def test_at_125_percent_several_answers_are_in_sight_and_the_names_of_branches_stand_whole(
    qtbot: QtBot, tmp_path: Path
) -> None:
    name = "财务管理与内部审计监督（规范办）联合党支部"
    with loop_desk(qtbot, tmp_path) as shell:
        with shell.desk.store.unit_of_work("改名称") as session:
            for partner in session.query(Partner).all():
                partner.name = name
        shell.resize(1093, 542)
        page = cast(SendPage, go(qtbot, shell, "send"))
        settle(qtbot, shell)
        assert page.table.view.viewport().height() >= 2 * ROW
        (label, *_others) = (part for part in cast(list[QLabel], page.findChildren(QLabel)) if part.text() == name)
        assert label.height() >= label.heightForWidth(label.width())


def test_a_stick_is_let_go_when_all_that_goes_onto_it_is_written(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ejected: list[str] = []
    stick = stick_at(tmp_path, "支部")
    monkeypatch.setattr(volumes, "sticks", lambda: [stick])
    monkeypatch.setattr(usb, "eject", lambda volume: ejected.append(volume.label))
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page._sticks_found([stick])
        tick_only(page, "ZK03")
        page.send_button.click()
        settle(qtbot, shell)
        assert ejected == [stick.label]
        assert shell.undo_bar.words().endswith(PULL)
        assert list(stick.root.rglob("ZK03_反馈*.dzp"))
        page.hand_back("ZK03", stick.root / "移交")
        settle(qtbot, shell)
        assert ejected == [stick.label] * 2
        page.write(tmp_path / "文件夹")
        tick_only(page, "ZK03")
        page.write(tmp_path / "文件夹")
        settle(qtbot, shell)
        assert len(ejected) == 2  # a folder is no stick


def test_a_stick_that_is_pulled_or_written_by_nobody_is_told_of_and_written_again_from_there(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, good = stick_at(tmp_path, "拔了"), stick_at(tmp_path, "支部")
    closed = stick_at(tmp_path, "写保护", read_only=True)
    found = [gone]
    monkeypatch.setattr(volumes, "sticks", lambda: found)
    monkeypatch.setattr(usb, "eject", lambda _volume: None)
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        for stick, words in ((gone, "U盘已断开。"), (closed, "U盘写保护。")):
            page._sticks_found([stick])
            tick_only(page, "ZK03")
            found[:] = [] if stick is gone else [stick]
            page.send_button.click()
            settle(qtbot, shell)
            assert words in "".join(label.text() for label in cast(list[QLabel], page.findChildren(QLabel)))
            assert faults(shell) == []
        found[:] = [good]
        page._sticks_found(found)
        press(shell, "再写一次")
        settle(qtbot, shell)
        assert shell.undo_bar.words().endswith(PULL)
        assert list(good.root.rglob("ZK03_反馈*.dzp"))


def words_on(part: QWidget) -> str:
    return "".join(label.text() for label in cast(list[QLabel], part.findChildren(QLabel)))


def test_of_two_sticks_the_one_that_is_chosen_gets_the_answers_and_stays_chosen_while_it_is_in(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others, ours = stick_at(tmp_path, "党办"), stick_at(tmp_path, "支部")
    monkeypatch.setattr(volumes, "sticks", lambda: [others, ours])
    monkeypatch.setattr(usb, "eject", lambda _volume: None)
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page._sticks_found([others, ours])
        choice = page.stick.choice
        assert choice.isVisible()
        assert page.volume == others
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Down)
        assert page.volume == ours
        page._sticks_found([others, ours])
        assert page.volume == ours
        tick_only(page, "ZK03")
        assert "已选 1 个支部。" in words_on(page.stick)
        assert faults(shell) == []
        page.send_button.click()
        settle(qtbot, shell)
        assert list(ours.root.rglob("ZK03_反馈*.dzp"))
        assert not list(others.root.rglob("*.dzp"))
        page._sticks_found([others])
        assert page.volume == others
        assert not choice.isVisible()


@needs_mount
def test_a_full_stick_is_told_of_and_the_answers_are_written_from_there_once_there_is_room(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "eject", lambda _volume: None)
    with small_disk(tmp_path / "满") as disk, loop_desk(qtbot, tmp_path) as shell:
        stick = stick_at(tmp_path, "满")
        monkeypatch.setattr(volumes, "sticks", lambda: [stick])
        filler = fill(disk)
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page._sticks_found([stick])
        tick_only(page, "ZK03")
        for write in (page.send_button.click, lambda: page.hand_back("ZK03", disk / "移交")):
            write()
            settle(qtbot, shell)
            assert "空间不足" in words_on(page.stick)
            assert "请腾出空间或换一个盘再试。" in words_on(page.stick)
            assert list(disk.rglob("*.dzp*")) == []
            assert faults(shell) == []
        filler.unlink()
        press(shell, AGAIN)
        settle(qtbot, shell)
        assert list(disk.rglob("ZK03_移交*.dzp"))
        page.send_button.click()
        settle(qtbot, shell)
        assert list(disk.rglob("ZK03_反馈*.dzp"))
        assert "空间不足" not in words_on(page.stick)
        assert shell.undo_bar.words().endswith(PULL)
