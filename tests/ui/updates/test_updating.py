"""The window tells of a new version on a stick, begins the update, and says afterwards what came of it."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop import __version__
from desktop.services.updates import offers
from desktop.services.updates.manifest import Form
from desktop.services.updates.offers import Offer, Standing, spotted
from desktop.services.updates.program import NAME, Program
from desktop.services.updates.starting import outcome, tidied
from desktop.services.updates.state import Phase, State, place_of, read_state, write_state
from desktop.services.volumes import measured
from desktop.ui.login import LoginPage
from desktop.ui.sync.page import HandInPage
from desktop.ui.updates.page import UpdatePage
from desktop.ui.window import MainWindow
from tests.services.updates.programs import NEW, OLD, TRUSTED, make_release
from tests.stores import PASSWORD, used_today
from tests.ui.desks import go, keep, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk
from tests.ui.press import last, press


def words_of(root: QWidget) -> str:
    """All that is to be read in a part of the window."""
    return "\n".join(label.text() for label in cast(list[QLabel], root.findChildren(QLabel)) if label.isVisibleTo(root))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "新").mkdir()
    (tmp_path / "新" / NAME).write_text("", "utf-8")
    make_release(tmp_path / "盘", tmp_path / "新", "9.0.0")
    return tmp_path / "盘"


def found(stick: Path, program: Program | None = None) -> Offer:
    """What lies on the stick, for who trusts the key of the test."""
    offer = spotted(stick, program, keys=TRUSTED)
    assert offer is not None
    return offer


def test_a_new_version_on_the_stick_is_told_over_the_packages_and_looked_at(
    qtbot: QtBot, tmp_path: Path, stick: Path
) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        page = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        assert not page.update_line.isVisibleTo(page)
        page.update_line.show_offer(found(stick))
        assert "9.0.0" in words_of(page.update_line)
        assert faults(shell) == []
        press(shell, "看一看")
        settle(qtbot, shell)
        over = cast(UpdatePage, shell.page())
        assert "新版本的一件事。" in words_of(over)
        assert "核对无误" in words_of(over)
        assert faults(shell) == []
        over.update_button.click()
        settle(qtbot, shell)
        assert "源码" in words_of(last(shell)), "from a clone it is refused, and nothing was begun"


def test_what_does_not_hold_is_told_as_such_and_what_is_no_newer_not_at_all(
    qtbot: QtBot, tmp_path: Path, stick: Path
) -> None:
    with loop_desk(qtbot, tmp_path, "ZK01") as shell:
        page = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        volume = measured(stick, "", "vfat", False)
        assert volume is not None
        page.update_line.look_at([volume])  # signed by a key that does not ship
        settle(qtbot, shell)
        assert "没有通过核对" in words_of(page.update_line)
        page.update_line.look_at([])
        settle(qtbot, shell)
        assert not page.update_line.isVisibleTo(page)
        other = found(stick, Program(tmp_path, Form.SETUP, OLD))
        assert other.standing is Standing.OTHER
        page.update_line.show_offer(other)
        assert "没有这台电脑能用的" in words_of(page.update_line)
        assert offers.found_on([], None) is None


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process take itself for a packed program in a folder; return where its update is made ready."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "家"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "家"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "程序" / NAME))
    place = place_of((tmp_path / "程序").resolve())
    place.mkdir(parents=True)
    return place


def update(store: Path, phase: Phase, *, new: str = NEW, why: str = "", command: str = "") -> State:
    """An update that came to `phase`."""
    return State(
        phase=phase,
        old=__version__,
        new=new,
        program=str(store.parent / "程序"),
        form=Form.FOLDER.value,
        payload="",
        former=str(store.parent / "程序.former"),
        store=str(store),
        backup="",
        why=why,
        command=command,
    )


def entered(qtbot: QtBot, store: Path) -> MainWindow:
    """Open the window on a store, and log in."""
    window = MainWindow(store)
    keep(qtbot, window)
    window.show()
    page = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: page.login_name() is not None)
    qtbot.waitUntil(window.tasks.idle)
    return window


def log_in(qtbot: QtBot, window: MainWindow) -> None:
    page = cast(LoginPage, window._stack.currentWidget())
    page.password.setText(PASSWORD)
    page.submit()
    qtbot.waitUntil(lambda: window.shell is not None)


def test_the_first_log_in_of_a_new_program_settles_it(qtbot: QtBot, tmp_path: Path, packed: Path) -> None:
    used_today(tmp_path / "数据").close()
    write_state(packed, update(tmp_path / "数据", Phase.TRYING, new=__version__))
    window = entered(qtbot, tmp_path / "数据")
    state = read_state(packed)
    assert state is not None
    assert state.phase is Phase.TRYING, "a window that shows the log-in has opened nothing"
    log_in(qtbot, window)
    assert window.shell is not None
    assert window.shell.undo_bar.words() == f"已更新到 {__version__}。"
    state = read_state(packed)
    assert state is not None
    assert state.phase is Phase.OPENED


def test_an_update_that_was_taken_back_is_told_once(qtbot: QtBot, tmp_path: Path, packed: Path) -> None:
    used_today(tmp_path / "数据").close()
    write_state(packed, update(tmp_path / "数据", Phase.FALLEN, why="新版本打不开数据"))
    window = entered(qtbot, tmp_path / "数据")
    qtbot.waitUntil(lambda: f"新版本 {NEW} 没有用上" in words_of(window))
    assert "新版本打不开数据" in words_of(window)
    assert faults(window) == []
    log_in(qtbot, window)
    assert read_state(packed) is None


def test_what_an_administrator_may_still_install_is_told_until_it_is(
    qtbot: QtBot, tmp_path: Path, packed: Path
) -> None:
    used_today(tmp_path / "数据").close()
    write_state(
        packed, update(tmp_path / "数据", Phase.REFUSED, why="安装要由电脑的管理员同意", command="sudo dpkg -i 包")
    )
    window = entered(qtbot, tmp_path / "数据")
    qtbot.waitUntil(lambda: "sudo dpkg -i 包" in words_of(window))
    assert faults(window) == []
    log_in(qtbot, window)
    assert read_state(packed) is not None


def test_who_may_install_nothing_is_told_of_the_form_that_is_only_unpacked(
    qtbot: QtBot, tmp_path: Path, packed: Path
) -> None:
    used_today(tmp_path / "数据").close()
    refused = update(tmp_path / "数据", Phase.REFUSED, why="安装要由电脑的管理员同意", command="sudo dpkg -i 包")
    write_state(packed, replace(refused, portable="branch-desk-9.tar.xz"))
    window = entered(qtbot, tmp_path / "数据")
    qtbot.waitUntil(lambda: "branch-desk-9.tar.xz：解压到自己的文件夹" in words_of(window))
    assert faults(window) == []


def test_who_works_in_the_copy_of_the_old_program_is_told_why_each_time(
    qtbot: QtBot, tmp_path: Path, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_today(tmp_path / "数据").close()
    former = packed / "former"
    fallen = update(tmp_path / "数据", Phase.FALLEN, why="新版本打不开数据")
    write_state(packed, replace(fallen, form=Form.DEB.value, former=str(former.resolve())))
    monkeypatch.setattr(sys, "executable", str(former / NAME))
    window = entered(qtbot, tmp_path / "数据")
    qtbot.waitUntil(lambda: f"新版本 {NEW} 没有用上" in words_of(window))
    log_in(qtbot, window)
    assert read_state(packed) is not None, "what is installed still does not work"
    assert outcome() is not None


def test_an_update_that_came_to_nothing_is_past_once_another_version_was_installed(
    tmp_path: Path, packed: Path
) -> None:
    for phase in (Phase.FALLEN, Phase.REFUSED):
        state = replace(update(tmp_path / "数据", phase, new="0.0.2"), old="0.0.1", form=Form.DEB.value)
        packed.mkdir(exist_ok=True)
        write_state(packed, state)
        assert outcome() is None
        tidied()
        assert read_state(packed) is None
