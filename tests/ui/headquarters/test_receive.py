"""收包: packages taken, each for itself; forks decided."""

import shutil
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.kinds import by_kind
from desktop.services.sync.sending import Sender
from desktop.ui.headquarters.receive import ReceivePage
from tests.services.sync.parties import make
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults
from tests.ui.loop import built, loop_desk, loop_store
from tests.ui.press import last, press


def spoken(part: QWidget) -> str:
    """What a part of the page says."""
    return "\n".join(label.text() for label in cast(list[QLabel], part.findChildren(QLabel)))


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
        assert [row[1] for row in page.now.model.sheet("本次结果").words] == [
            "—", "项城市局（营销部）党支部", "沈丘县局（营销部）第一党支部",
        ]  # fmt: skip
        page.show_result(page.results[2])
        said = spoken(page.pane)
        assert "沈丘县局（营销部）第一党支部" in said
        assert all(kind.title in said for kind in by_kind(page.results[2].changes))
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


def test_while_packages_come_in_the_list_does_not_say_that_there_are_none(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        assert page.history.empty.isVisible()
        page.strip.begin("正在收 2 个包")
        assert not page.history.empty.isVisible()
        page.strip.end()
        assert page.history.empty.isVisible()


def test_what_was_not_taken_stays_in_the_record_with_its_reason(qtbot: QtBot, tmp_path: Path) -> None:
    rubbish = tmp_path / "名单.dzp"
    rubbish.write_text("不是包")
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00") as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        settle(qtbot, shell)
        assert page.views.folded() is not page.views._buttons["history"].isVisible(), "a count took no name away"
        page.receive([rubbish])
        settle(qtbot, shell)
        page._choose("history")
        row = page.history.model.row_at(0)
        assert (row.file_name, row.code) == ("名单.dzp", "E-PKG-FORMAT")
        page.history.step(1)
        assert "不是有效的数据包" in spoken(page.pane)
        assert faults(shell) == []


def test_a_registration_beside_the_packages_is_said_and_taken_in_from_here(qtbot: QtBot, tmp_path: Path) -> None:
    files = tmp_path / "U盘"
    files.mkdir()
    with loop_desk(qtbot, tmp_path, at="2026-10-12 11:00") as shell, make(tmp_path / "new") as branch:
        headquarters = shell.desk.store
        invitation = EnrolmentService(headquarters).invite("ZK11", "新建党支部", "leaf", tmp_path / "i.dzk")
        EnrolmentService(branch).accept_invitation(invitation.path).confirm(files / "登记.dzk")
        Sender(branch).pack(files)
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        page.look_through(files)
        settle(qtbot, shell)
        assert [result.code for result in page.results] == ["E-PKG-SENDER"]
        assert "ZK11　新建党支部的登记文件在这里，还没有导入" in spoken(page)
        assert faults(shell) == []
        press(shell, "导入登记文件")
        dialog = last(shell)
        assert faults(dialog) == []
        dialog.verb.click()
        settle(qtbot, shell)
        assert "还没有导入" not in spoken(page)
        page.look_through(files)
        settle(qtbot, shell)
        assert [result.code for result in page.results] == ["OK"]


def test_the_switch_of_the_lists_is_seen_in_a_window_of_any_width(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(ReceivePage, go(qtbot, shell, "receive"))
        for width in (1366, 911, 1366):
            shell.resize(width, 500)
            settle(qtbot, shell)
            buttons = cast(list[QPushButton], page.views.findChildren(QPushButton))
            assert all(part.isVisible() is not page.views.folded() for part in buttons)
            assert page.views.drop_down.isVisible() is page.views.folded()
