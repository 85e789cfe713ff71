"""打开支部: the desk of a branch at headquarters, read and left again."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.race import RemarkKind
from desktop.services.headquarters import HeadquartersService
from desktop.services.history import HistoryService
from desktop.ui.headquarters.asking import AskDialog
from desktop.ui.headquarters.overview import OverviewPage
from desktop.ui.members.roster import RosterPage
from desktop.ui.pages import BRANCH_PAGES, pages_of_branch
from desktop.ui.widgets.fields import Choice
from desktop.ui.window import MainWindow
from tests.ui.desks import keep, settle
from tests.ui.loop import loop_store
from tests.ui.press import last, press


def test_what_is_about_the_own_store_is_no_page_of_a_branch_read_elsewhere() -> None:
    kept = {(area.key, tab.key) for area in pages_of_branch() for tab in area.tabs}
    left = {(area.key, tab.key) for area in BRANCH_PAGES for tab in area.tabs} - kept
    assert {area for area, _tab in left} == {"archive", "settings"}
    assert ("archive", "archive") in kept


def test_a_branch_is_opened_from_the_overview_read_left_and_asked_to_correct(qtbot: QtBot, tmp_path: Path) -> None:
    store = loop_store(tmp_path / "store")
    window = MainWindow(store.folder)
    keep(qtbot, window)
    window.resize(1366, 696)
    window.show()
    window.enter(store)
    qtbot.waitUntil(lambda: window.shell is not None)
    shell = window.shell
    assert shell is not None
    settle(qtbot, shell)
    page = cast(OverviewPage, shell.page())
    page.table.select(lambda branch: branch.code == "ZK01")
    press(shell, "30 人")
    qtbot.waitUntil(lambda: window.branch is not None)
    read = window.branch
    assert read is not None
    settle(qtbot, read)
    labels = cast(list[QLabel], read.findChildren(QLabel))
    told = " ".join(label.text() for label in labels if label.isVisible())
    assert "ZK01 沈丘县局（营销部）第一党支部，只能查看：第 1 号报送包（2026年三季度），2026-10-12 收" in told
    roster = cast(RosterPage, read.page())
    assert len(roster.table.model.rows()) == 30
    assert HistoryService(store).uses()[0].sentence == "查看支部数据 ZK01"
    press(read, "返回总部")
    assert window.branch is None
    assert store.lent == []
    assert shell.isVisible()
    assert page.pane.isVisible()
    press(shell, "30 人")
    qtbot.waitUntil(lambda: window.branch is not None)
    read = window.branch
    assert read is not None
    settle(qtbot, read)
    roster = cast(RosterPage, read.page())
    roster.table.step(1)
    settle(qtbot, read)
    member = roster.table.current()
    assert member is not None
    press(read, "请支部更正")  # from the record itself: nobody copies a number
    settle(qtbot, shell)
    dialog = cast(AskDialog, last(shell))
    asked = dialog.fields.values()
    assert window.branch is None
    assert (asked["kind"], asked["record"]) == (RemarkKind.CORRECTION, member.id)
    shown = dialog.fields.fields["record"]
    assert (shown.label, cast(Choice, shown.control).currentText()) == ("哪条记录", f"党员{member.name}")
    dialog.fields.fields["text"].control.setPlainText("入党时间和档案不一致")
    dialog.verb.click()
    settle(qtbot, shell)
    (remark,) = (each for each in HeadquartersService(store).remarks() if each.text == "入党时间和档案不一致")
    assert (remark.about_kind, remark.about_id, remark.code) == ("members", member.id, "ZK01")
    window.close()


def test_the_work_of_a_branch_is_the_branch_s_whoever_looks_at_it_here(qtbot: QtBot, tmp_path: Path) -> None:
    store = loop_store(tmp_path / "store")
    window = MainWindow(store.folder)
    keep(qtbot, window)
    window.resize(1366, 696)
    window.show()
    window.enter(store)
    qtbot.waitUntil(lambda: window.shell is not None)
    shell = window.shell
    assert shell is not None
    settle(qtbot, shell)
    shell.open_branch("ZK01", {})
    qtbot.waitUntil(lambda: window.branch is not None)
    read = window.branch
    assert read is not None
    settle(qtbot, read)
    labels = cast(list[QLabel], read.findChildren(QLabel))
    told = [label.text() for label in labels if label.isVisible()]
    assert "由支部办" in told  # and nothing of a time when one can write: here that never comes
    assert "由支部办，您可以看条目和记录。" in told
    assert not [words for words in told if "能写以后" in words]
    press(read, "返回总部")
    window.close()
