"""Calls off the GUI thread: their outcomes come back in order, and to nobody once all was stopped."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.services.errors import NotFound
from desktop.ui.tasks import TaskRunner


def test_outcomes_come_back_in_order(qtbot: QtBot) -> None:
    runner, seen = TaskRunner(), list[int]()
    owner = QWidget()
    qtbot.addWidget(owner)
    for number in range(5):
        runner.run(owner, lambda _progress, number=number: number, seen.append)  # type: ignore[misc]
    qtbot.waitUntil(runner.idle)
    assert seen == [0, 1, 2, 3, 4]


def test_what_ends_when_all_is_stopped_reaches_nobody(qtbot: QtBot) -> None:
    runner, seen, busy = TaskRunner(), list[object](), list[bool]()
    owner = QWidget()
    qtbot.addWidget(owner)

    def fail(_progress: object) -> None:
        raise NotFound(what="数据文件夹")

    runner.busy_changed.connect(busy.append)
    runner.run(owner, lambda _progress: 1, seen.append)
    runner.run(owner, fail, seen.append, seen.append)
    runner.stop_all()
    assert runner.idle()
    qtbot.wait(50)
    assert seen == []
    assert busy[-1] is False


def test_what_was_opened_for_somebody_who_left_is_closed_again(qtbot: QtBot) -> None:
    runner, taken, given_up = TaskRunner(), list[str](), list[str]()
    gone, there = QWidget(), QWidget()
    qtbot.addWidget(there)
    runner.run(gone, lambda _progress: "of a page that is gone", taken.append, unclaimed=given_up.append)
    delete(gone)
    qtbot.waitUntil(runner.idle)
    runner.run(there, lambda _progress: "taken", taken.append, unclaimed=given_up.append)
    qtbot.waitUntil(runner.idle)
    runner.run(there, lambda _progress: "stopped", taken.append, unclaimed=given_up.append)
    runner.stop_all()
    assert taken == ["taken"]
    assert given_up == ["of a page that is gone", "stopped"]
