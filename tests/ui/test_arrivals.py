"""What the desktop opens with this program reaches the page that takes it."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.opening import open_store
from desktop.ui.arrivals import BY_SENDERS, take
from desktop.ui.recovery import RestoreDialog
from desktop.ui.window import MainWindow
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store
from tests.ui.desks import TODAY, desk_on, empty_desk, keep, settle
from tests.ui.press import last

NEITHER = b"neither a package nor a key"


def given(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(NEITHER)
    return path


@pytest.mark.parametrize(
    ("kind", "name", "place"),
    [
        (StoreKind.BRANCH, "反馈.dzp", ("archive", "hand_in")),
        (StoreKind.BRANCH, "邀请.DZK", ("archive", "hand_in")),
        (StoreKind.HEADQUARTERS, "上报.dzp", ("receive", "receive")),
        (StoreKind.HEADQUARTERS, "登记.dzk", ("home", "home")),
    ],
)
def test_each_file_goes_to_its_page_which_says_what_became_of_it(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind, name: str, place: tuple[str, str]
) -> None:
    with empty_desk(qtbot, tmp_path, kind) as shell:
        take(shell, [given(tmp_path, name)])
        settle(qtbot, shell)
        assert shell.place() == place
        if place == ("receive", "receive"):
            assert "没有收 1 个" in shell.page()._summary.text()  # type: ignore[attr-defined]
        else:
            assert last(shell).isVisible()


def test_who_may_not_exchange_is_told_so(qtbot: QtBot, tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=TODAY) as store:
        UserService(store).add("查看", PASSWORD, ["branch_reader"], None, cost=CHEAP)
    with desk_on(qtbot, open_store(tmp_path / "store", PASSWORD, "查看", clock=clock_at(TODAY))) as shell:
        take(shell, [given(tmp_path, "反馈.dzp")])
        assert shell.undo_bar.isVisible()
        assert any(label.text() == BY_SENDERS for label in cast(list[QLabel], shell.findChildren(QLabel)))


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_a_locked_window_waits_with_a_package_and_restores_a_backup_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    new_store(tmp_path / "store", at=TODAY).close()
    window = MainWindow(tmp_path / "store")
    keep(qtbot, window)
    window.show()
    qtbot.waitExposed(window)
    window.called([given(tmp_path, "反馈.dzp")])
    assert window.isActiveWindow() or window.isVisible()
    assert any("登录以后打开“反馈.dzp”" in label.text() for label in cast(list[QLabel], window.findChildren(QLabel)))
    window.enter(open_store(tmp_path / "store", PASSWORD, LOGIN, clock=clock_at(TODAY)))
    qtbot.waitUntil(lambda: window.shell is not None and window.shell.place() == ("archive", "hand_in"))
    settle(qtbot, window.shell)  # type: ignore[arg-type]
    last(window.shell).accept()  # type: ignore[arg-type]
    window.lock()
    window.called([given(tmp_path, "备份.dzbak")])
    dialog = next(iter(cast(list[RestoreDialog], window.findChildren(RestoreDialog))))
    assert dialog.file == tmp_path / "备份.dzbak"
    window.close()
