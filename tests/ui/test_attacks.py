"""Keys, pasting, dropping, double clicks and menus do nothing for whom the buttons are withheld, on any page."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from desktop.models.attachments import Attachment
from desktop.models.history import AuditEntry, Change, Draft
from desktop.models.imports import ImportRun
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from tests.stores import CHEAP, clock_at
from tests.ui.desks import SAMPLE, desk_on, go, settle
from tests.ui.full import AT, full_store

OTHER = "春风-细雨-77"
BLOCK = "姓名\t性别\t入党时间\n张三\t男\t2020-01-01\n李四\t女\t2020-01-02"
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
KEYS = [
    *((Qt.Key(ord(letter)), CTRL) for letter in "NSVXZYDEPOIA"),
    *((key, NONE) for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Insert, Qt.Key.Key_Space)),
    *((key, NONE) for key in (Qt.Key.Key_F2, Qt.Key.Key_F5)),
]
KEPT = (Change, AuditEntry, Draft, Attachment, ImportRun)


def kept(store: Store) -> dict[str, int]:
    """Count what any act leaves behind."""
    with store.reading(whole=True) as session:
        return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in KEPT}


def drop(part: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(part, QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, left, none))
    QApplication.sendEvent(part, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, left, none))


def told() -> str:
    """Return what the dialog in view says, and close it."""
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        return ""
    words = " ".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
    dialog.close()
    return words


def attack(qtbot: QtBot, shell: Shell, files: list[Path]) -> list[str]:
    """Try everything on the page in view that needs no button; return what was refused only when it was tried."""
    met, page, here = [], shell.page(), shell.place()
    tables = [view for view in cast(list[QTableView], page.findChildren(QTableView)) if view.isVisible()]
    for view in tables:
        if view.model().rowCount():
            view.selectRow(0)
    settle(qtbot, shell)
    for part in (page, *tables):
        part.setFocus()
        for key, modifier in KEYS:
            QTest.keyClick(part, key, modifier)
        for path in files:
            drop(page, path)
        QApplication.sendEvent(part, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), QPoint(9, 9)))
        menu = QApplication.activePopupWidget()
        if menu is not None:
            met.append(f"a menu at {here}: {[action.text() for action in menu.actions()]}")
            menu.close()
        settle(qtbot, shell)
        words = told()
        if "不能" in words:
            met.append(f"{here}: {words}")
        while shell._pushed:
            pushed = shell._pushed[-1]
            if isinstance(pushed, IntakePage):
                met.append(f"an import began at {here}")
            shell._back.click()
            settle(qtbot, shell)
            told()
    return met


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (StoreKind.BRANCH, "branch_reader"),
        (StoreKind.BRANCH, "group_leader"),
        (StoreKind.HEADQUARTERS, "headquarters_reader"),
    ],
)
def test_no_key_no_drop_and_no_menu_does_what_the_buttons_do_not(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind, role: str
) -> None:
    with full_store(tmp_path / "store", kind) as store:
        leaders = [held.member_id for held in BranchService(store).posts() if held.post is Post.GROUP_LEADER]
        UserService(store).add("别人", OTHER, [role], leaders[0] if role == "group_leader" else None, cost=CHEAP)
    store = open_store(tmp_path / "store", OTHER, "别人", clock=clock_at(AT))
    sheet = resource(f"samples/{SAMPLE}/roster.xlsx")
    QGuiApplication.clipboard().setText(BLOCK)
    with desk_on(qtbot, store) as shell:
        before, met = kept(store), []
        for area in shell._areas:
            for tab in area.tabs:
                if (
                    role == "group_leader"
                    and store.rights.may_write("meetings")
                    and area.key in ("meetings", "service")
                ):
                    continue  # where there are registers and meetings to write, and an import to begin
                go(qtbot, shell, area.key, tab.key)
                met += attack(qtbot, shell, [sheet, tmp_path])
        assert met == []
        assert kept(store) == before
