"""归档报送 > 报送, between two real stores: join, pack, write to a folder, take the answer in; what is refused."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import PackageState, StoreKind
from desktop.services import volumes
from desktop.services.backup.restoring import MARK
from desktop.services.opening import open_store
from desktop.services.race.editions import ended_last, period_name
from desktop.services.race.service import RaceService
from desktop.services.reminders import reminders
from desktop.services.store import Store
from desktop.services.sync import usb
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import TakeBack
from desktop.services.sync.rows import Changes
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import stale_local
from desktop.ui.main_window import Shell
from desktop.ui.sync import decisions
from desktop.ui.sync import page as hand_in
from desktop.ui.sync.decisions import FingerprintDialog, ForkDialog, take_back_words
from desktop.ui.sync.inside import InsidePage
from desktop.ui.sync.page import HandInPage
from desktop.ui.sync.stick_box import AGAIN
from desktop.ui.widgets import Chip
from desktop.ui.widgets.dialogs import Dialog
from tests.services.disks import fill, needs_mount, small_disk
from tests.services.sync.parties import dump
from tests.services.sync.parties import enrol as join
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.ui import full
from tests.ui.desks import desk_on, go, settle
from tests.ui.lint import faults
from tests.ui.press import last, press


@pytest.fixture(autouse=True)
def no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no stick of this machine take part."""
    monkeypatch.setattr(volumes, "sticks", list)


@contextmanager
def parties(qtbot: QtBot, folder: Path, *, known: bool = True) -> Iterator[tuple[Shell, HandInPage, Store]]:
    """Show the hand-in page of a branch beside its headquarters."""
    branch = full.make(folder / "branch", StoreKind.BRANCH)
    with full.make(folder / "hq", StoreKind.HEADQUARTERS) as headquarters:
        if known:
            full.enrol(headquarters, branch, folder / "files")
        with desk_on(qtbot, branch) as shell:
            yield shell, cast(HandInPage, go(qtbot, shell, "archive", "hand_in")), headquarters


@contextmanager
def desk_of_copy(store: Store, folder: Path) -> Iterator[Store]:
    """Open a raw copy of a store, as on another PC."""
    shutil.copytree(store.folder, folder, ignore=shutil.ignore_patterns("app.lock*", "*-shm"))
    with open_store(folder, PASSWORD, LOGIN, clock=store.clock) as copy:
        yield copy


def words_of(shell: Shell) -> str:
    return "\n".join(one.text() for one in cast(list[QLabel], shell.findChildren(QLabel)))


def test_a_branch_joins_after_its_fingerprint_was_compared(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parties(qtbot, tmp_path, known=False) as (shell, page, headquarters):
        assert "还没有与总部建立联系" in words_of(shell)
        assert not page.stepper.isVisible()
        assert faults(shell) == []
        invitation = EnrolmentService(headquarters).invite("ZK04", "淮阳党支部", "mixed", tmp_path)
        monkeypatch.setattr(hand_in, "ask_open", lambda *_: invitation.path)
        monkeypatch.setattr(decisions, "ask_folder", lambda *_, **__: tmp_path)
        page.accept_invitation()
        settle(qtbot, shell)
        dialog = cast(FingerprintDialog, shell.findChild(FingerprintDialog))
        assert EnrolmentService(shell.desk.store).headquarters() is None
        assert faults(dialog) == []
        dialog.verb.click()
        settle(qtbot, shell)
        assert EnrolmentService(shell.desk.store).headquarters() is not None
        assert page.stepper.isVisible()
        told = words_of(shell)  # of what headquarters asks on the telephone, days later
        assert "指纹" in told
        assert "“设置 > 使用人与安全”的“签名钥匙”" in told


def test_keys_stand_at_the_button_of_the_next_step_when_one_is_done(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_in, "ask_folder", lambda *_, **__: tmp_path)
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        stood = []
        for pressed in (page.pack_button, page.copy_button):
            pressed.setFocus()
            pressed.click()
            settle(qtbot, shell)
            qtbot.waitUntil(lambda: shell.focusWidget() is not page and shell.focusWidget() is not None)
            stood.append(shell.focusWidget())
        assert stood[0] is page.copy_button
        assert cast(QPushButton, stood[1]).text() == "这个包里有什么"


def test_a_package_is_built_written_and_answered(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(hand_in, "ask_folder", lambda *_, **__: stick)
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        page.pack_button.click()
        settle(qtbot, shell)
        assert [one.state for one in page.table.model.rows()] == [PackageState.PREPARED]
        assert faults(shell) == []
        page.copy_button.click()
        settle(qtbot, shell)
        assert [one.state for one in page.table.model.rows()] == [PackageState.COPIED]
        package = next(stick.glob("*.dzp"))
        assert {one.code for one in Receiver(headquarters).receive([package])} == {"OK"}
        answer = Sender(headquarters).answer(None, tmp_path / "back")[0]
        page.receive([answer.file])
        settle(qtbot, shell)
        assert [one.state for one in page.table.model.rows()] == [PackageState.ACKED]
        assert page.view is not None
        assert page.view.step == 3
        assert last(shell).windowTitle() == "反馈已导入"
        last(shell).accept()
        assert faults(shell) == []
        assert page.table.model.index(0, 0).data().startswith("2026年")
        page.receive([answer.file])
        settle(qtbot, shell)
        assert last(shell).windowTitle() == "没有新内容"


def test_what_a_result_without_a_class_asks_for_is_told_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_in, "ask_folder", lambda *_, **__: tmp_path)
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        page.pack_button.click()
        settle(qtbot, shell)
        page.copy_button.click()
        settle(qtbot, shell)
        Receiver(headquarters).receive([next(tmp_path.glob("*.dzp"))])
        race, period = RaceService(headquarters), ended_last(headquarters.today)
        race.score(period)
        race.publish(period)
        words = f"{period_name(period)}暂不定类，不需要新的计划。"
        page.receive([Sender(headquarters).answer(None, tmp_path / "first")[0].file])
        settle(qtbot, shell)
        assert words in words_of(shell)
        last(shell).accept()
        again = Sender(headquarters).answer(None, tmp_path / "second")[0].file
        page.receive([again])
        settle(qtbot, shell)
        assert last(shell).windowTitle() == "反馈已导入"
        said = [one.text() for one in cast(list[QLabel], last(shell).findChildren(QLabel))]
        assert not any(words in one for one in said)


@pytest.mark.parametrize("wrong", ["no package", "its own package"])
def test_a_wrong_file_is_refused_and_changes_nothing(qtbot: QtBot, tmp_path: Path, wrong: str) -> None:
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        if wrong == "no package":
            file = tmp_path / "照片.dzp"
            file.write_bytes(b"not a package")
        else:
            file = Sender(shell.desk.store).pack(tmp_path).file
        before = dump(shell.desk.store)
        page.receive([file])
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        assert "没有导入" in words_of(shell) or "拒" in words_of(shell)
        settle(qtbot, shell)
        assert {name: rows for name, rows in dump(shell.desk.store).items() if name != "sync_log"} == {
            name: rows for name, rows in before.items() if name != "sync_log"
        }


def test_an_answer_from_an_older_copy_of_headquarters_is_asked_about(qtbot: QtBot, tmp_path: Path) -> None:
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        older = tmp_path / "older"
        shutil.copytree(headquarters.folder, older, ignore=shutil.ignore_patterns("app.lock"))
        page.receive([Sender(headquarters).answer(None, tmp_path / "first")[0].file])
        settle(qtbot, shell)
        cast(Dialog, shell.findChild(Dialog)).accept()
        with open_store(older, PASSWORD, LOGIN, clock=headquarters.clock) as restored:
            other = Sender(restored).answer(None, tmp_path / "other")[0].file
        page.receive([other])
        settle(qtbot, shell)
        ask = next(one for one in cast(list[Dialog], shell.findChildren(Dialog)) if one.isVisible())
        assert ask.verb.text() == "以这个包为准"
        assert faults(ask) == []
        ask.reject()
        page.reload()
        settle(qtbot, shell)
        assert "等待决定" in words_of(shell), "it waits until somebody decides"
        assert faults(shell) == []
        press(shell, "看一看再定")
        settle(qtbot, shell)
        last(shell).verb.click()
        settle(qtbot, shell)
        accepted = [row.accepted for row in Receiver(shell.desk.store).received()]
        assert accepted[0]


def test_an_answer_of_another_line_is_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        older = tmp_path / "older"
        shutil.copytree(headquarters.folder, older, ignore=shutil.ignore_patterns("app.lock"))
        page.receive([Sender(headquarters).answer(None, tmp_path / "first")[0].file])
        settle(qtbot, shell)
        last(shell).accept()
        with open_store(older, PASSWORD, LOGIN, clock=headquarters.clock) as restored:
            other = Sender(restored).answer(None, tmp_path / "other")[0].file
        page.receive([other])
        settle(qtbot, shell)
        cast(ForkDialog, last(shell)).discard_button.click()
        settle(qtbot, shell)
        assert not any(row.held for row in Receiver(shell.desk.store).received())
        assert "等待决定" not in words_of(shell)


def test_a_branch_whose_data_are_older_takes_them_back_from_headquarters(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        store = shell.desk.store
        with desk_of_copy(store, tmp_path / "newer") as newer:
            Receiver(headquarters).receive([Sender(newer).pack(tmp_path / "up").file])
        page.receive([Sender(headquarters).answer(None, tmp_path / "down")[0].file])
        settle(qtbot, shell)
        last(shell).accept()
        assert "本机数据比总部旧" in words_of(shell)
        assert faults(shell) == []
        back = Sender(headquarters).hand_back(full.CODE, tmp_path / "back").file
        monkeypatch.setattr(decisions, "ask_open_many", lambda *_: [back])
        press(shell, "取回总部数据")
        settle(qtbot, shell)
        ask = last(shell)
        assert faults(ask) == []
        assert f"第1号包（{store.today}收）" in words_of(shell)
        assert "没有要替换的" in words_of(shell)
        assert ask.focusWidget() is ask.cancel
        ask.verb.click()
        settle(qtbot, shell)
        assert last(shell).windowTitle() == "数据已取回"
        last(shell).accept()
        settle(qtbot, shell)
        assert stale_local(store) is None
        assert page.pack_button.isVisible()


def test_the_question_before_taking_back_says_what_becomes_of_each_kind_of_record() -> None:
    changes = Changes(added={"members": 2}, changed={"meetings": 1}, removed={"venue": 3})
    words = take_back_words(TakeBack(seq=7, taken_on=date(2026, 10, 12), made_on=date(2026, 10, 20), changes=changes))
    assert words.splitlines()[:5] == [
        "总部最后收下的是本支部第7号包（2026-10-12收），移交包在2026-10-20写出。",
        "与它比较，本机记录将替换1条、删除3条（那以后新登记的），找回2条：",
        "会议：替换1条",
        "党员：找回2条",
        "活动阵地：删除3条",
    ]


def test_quarters_not_reported_in_time_are_offered_and_one_that_still_runs_is_said_to(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        assert page.view is not None
        assert f"{page.view.period_name}还没有过完，过完以后再报一次。" in words_of(shell)
        year = shell.desk.store.today.year + 1
        monkeypatch.setattr(shell.desk.store, "clock", clock_at(f"{year}-07-05 09:00"))
        page.reload()
        settle(qtbot, shell)
        assert (page.view.period, page.view.earlier) == (f"{year}Q2", (f"{year}Q1",))
        assert "还没有过完" not in words_of(shell)
        (go_on,) = (
            one
            for one in cast(list[QPushButton], page.findChildren(QPushButton))
            if one.text() == f"补报{year}年一季度"
        )
        go_on.click()
        settle(qtbot, shell)
        assert (page.view.period, page.view.step) == (f"{year}Q1", 1)
        assert faults(shell) == []


def test_a_package_long_without_receipt_is_brought_to_mind(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        store = shell.desk.store
        sent_at = store.clock()
        Sender(store).pack(tmp_path)
        page.reload()
        settle(qtbot, shell)
        assert "至今没有回执" not in words_of(shell)
        monkeypatch.setattr(store, "clock", lambda: sent_at + timedelta(days=reminders().receipt_days))
        page.reload()
        settle(qtbot, shell)
        assert "至今没有回执" in words_of(shell)
        assert faults(shell) == []


def test_what_came_from_headquarters_and_what_was_not_taken_is_listed(qtbot: QtBot, tmp_path: Path) -> None:
    rubbish = tmp_path / "反馈.dzp"
    rubbish.write_bytes(b"x" * 5000)
    with parties(qtbot, tmp_path) as (shell, page, headquarters):
        answer = Sender(headquarters).answer(None, tmp_path)[0].file
        page.receive([rubbish, answer])
        settle(qtbot, shell)
        last(shell).verb.click()
        page.lists.choose("came")
        page.lists.changed.emit("came")
        assert page._stack.currentWidget() is page.came
        heads = [column.title for column in page.came.model.columns]
        assert heads == ["收到", "来自", "包号", "记录", "结果"]  # what headquarters sends declares no period
        assert {page.came.model.row_at(at).code for at in range(2)} == {"OK", "E-PKG-FORMAT"}
        assert faults(shell) == []
        page.show_came(next(row for row in page.came.model.rows() if not row.accepted))
        assert "不是有效的数据包" in words_of(shell)


def test_a_restored_branch_is_told_that_its_numbers_may_lag(qtbot: QtBot, tmp_path: Path) -> None:
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        mark = '{"made_at_utc": "2099-01-01T00:00:00Z", "restored_at_utc": "2099-01-02T00:00:00Z"}'
        (shell.desk.store.folder / MARK).write_text(mark)
        page.reload()
        settle(qtbot, shell)
        assert "数据从备份恢复过，包号可能落后" in words_of(shell)
        assert faults(shell) == []


def stick_at(folder: Path, name: str, *, read_only: bool = False) -> volumes.Volume:
    """Return a folder as the system tells of a stick."""
    (folder / name).mkdir(exist_ok=True)
    found = volumes.measured(folder / name, f"/dev/{name}", "vfat", read_only, name)
    assert found is not None
    return found


def test_of_two_sticks_one_is_chosen_a_failed_copy_is_told_and_written_again_from_there(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, open_ = stick_at(tmp_path, "党办", read_only=True), stick_at(tmp_path, "支部")
    monkeypatch.setattr(volumes, "sticks", lambda: [closed, open_])
    monkeypatch.setattr(usb, "eject", lambda _volume: None)
    with parties(qtbot, tmp_path) as (shell, page, _headquarters):
        page.pack_button.click()
        settle(qtbot, shell)
        page.stick.show_sticks(volumes.sticks())
        assert page.stick.choice.isVisible()
        assert list(page.stick.choice.values()) == [closed.root, open_.root]
        page.copy_button.click()
        settle(qtbot, shell)
        assert page.copy_button.text() == AGAIN
        assert any(
            "只能读" in label.text() or "写保护" in label.text()
            for label in cast(list[QLabel], page.stick.findChildren(QLabel))
        )
        page.stick.choice.setCurrentIndex(1)
        page.stick.choice.activated.emit(1)
        page.copy_button.click()
        settle(qtbot, shell)
        assert list((tmp_path / "支部").rglob("*.dzp"))
        assert [one.state for one in page.table.model.rows()] == [PackageState.COPIED]
        page.show_inside()
        settle(qtbot, shell)
        inside = cast(InsidePage, shell.page())
        assert {kind.title for kind in inside.kinds.model.rows()} == {"党支部基本情况"}
        assert faults(shell) == []
        found = inside.found
        assert found is not None
        for changed in (2, 0):
            inside._show(replace(found, changed=changed))
            settle(qtbot, shell)
            labels = cast(list[QLabel], inside.findChildren(QLabel))
            told = any("又改过" in label.text() for label in labels if label.isVisible())
            assert told == bool(changed), "what was taken back is told of no more"


@needs_mount
def test_a_full_stick_is_told_of_and_the_report_is_written_from_there_once_there_is_room(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "eject", lambda _volume: None)
    with small_disk(tmp_path / "满") as disk, parties(qtbot, tmp_path) as (shell, page, _headquarters):
        stick = stick_at(tmp_path, "满")
        monkeypatch.setattr(volumes, "sticks", lambda: [stick])
        filler = fill(disk)
        page.pack_button.click()
        settle(qtbot, shell)
        page.stick.show_sticks([stick])
        page.copy_button.click()
        settle(qtbot, shell)
        assert "空间不足" in words_of(shell)
        assert page.copy_button.text() == AGAIN
        assert list(disk.rglob("*.dzp*")) == []
        assert faults(shell) == []
        filler.unlink()
        page.copy_button.click()
        settle(qtbot, shell)
        assert list(disk.rglob("*.dzp"))
        assert [one.state for one in page.table.model.rows()] == [PackageState.COPIED]


def test_a_branch_enrolled_after_the_quarter_is_told_so_and_may_report_it_all_the_same(
    qtbot: QtBot, tmp_path: Path
) -> None:
    branch = full.make(tmp_path / "branch", StoreKind.BRANCH)
    with full.make(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters:
        join(headquarters, branch, "ZK04", "淮阳党支部", tmp_path / "files")
        with desk_on(qtbot, branch) as shell:
            page = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
            assert page.view is not None
            assert page.view.period == "2026Q4"
            told = "登记以后第一个应报的是2026年四季度；2026年三季度不用报，有记录的也可以报。"
            assert told in words_of(shell)
            assert faults(shell) == []
            press(shell, "报2026年三季度")
            settle(qtbot, shell)
            assert (page.view.period, page.view.step) == ("2026Q3", 1)
            assert told not in words_of(shell)
            assert "2026年三季度不用报，报了一样计入" in [
                chip.words for chip in cast(list[Chip], page.findChildren(Chip))
            ]
