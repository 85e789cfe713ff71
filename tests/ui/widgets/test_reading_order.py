"""Tab leads through a page as it is read, also through what was filled in after the page was made."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import Shell
from desktop.ui.page import Page
from desktop.ui.pages import BRANCH_PAGES
from desktop.ui.widgets import box, col, row, scroll
from desktop.ui.widgets.fields import edit
from desktop.ui.widgets.people import PeopleGrid
from desktop.ui.widgets.reading_order import mend_tab_order
from tests.ui.desks import empty_desk, go, sample_desk, settle
from tests.ui.test_every_page import places


def tabbed(shell: Shell, key: Qt.Key = Qt.Key.Key_Tab) -> QWidget:
    """Press Tab where the cursor is; return where it is then."""
    QTest.keyClick(shell.focusWidget(), key)
    QApplication.processEvents()
    return shell.focusWidget()


def test_what_is_filled_in_later_is_reached_where_it_stands(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page, later = Page(shell.desk), col()
        first, beside, last = edit("甲"), edit("乙"), edit("丁")
        whole = col(row(first, beside), box(later), last)
        page.setLayout(col(scroll(box(whole))))
        shell.desk.push(page)
        settle(qtbot, shell)
        added = edit("丙")
        later.addWidget(added)
        first.setFocus()
        assert [tabbed(shell) for _step in range(3)] == [beside, added, last]
        assert [tabbed(shell, Qt.Key.Key_Backtab) for _step in range(3)] == [added, beside, first]
        head = edit("零")
        whole.insertWidget(0, head)
        settle(qtbot, shell)
        shell.lock.setFocus()
        assert tabbed(shell) is head  # from outside too: what was filled in at the top comes first


def test_who_is_absent_is_ticked_by_keys_where_the_names_stand(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "meetings", "list", kind="branch_congress", new=True)
        form = shell.page()
        grid = cast(list[PeopleGrid], form.findChildren(PeopleGrid))[0]
        names = list(grid._buttons.values())
        parts = cast(list[QWidget], form.findChildren(QWidget))
        agenda = next(each for each in parts if each.accessibleName() == "议程")
        seen = [tabbed(shell) for _step in range(20)]
        assert [name for name in names if name in seen] == names[:1]  # the others are reached by arrows
        assert seen.index(names[0]) < seen.index(agenda)
        names[0].setFocus()
        QTest.keyClick(names[0], Qt.Key.Key_Right)
        QTest.keyClick(names[1], Qt.Key.Key_Space)
        settle(qtbot, shell)
        assert tabbed(shell).accessibleName() == f"{names[1].text()}缺席原因"
        assert tabbed(shell, Qt.Key.Key_Backtab) is names[1]


def test_mending_takes_no_time_that_is_felt_and_a_second_time_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        for area, tab in places(BRANCH_PAGES):
            page = go(qtbot, shell, area, tab)
            mend_tab_order(page)
            once = chain(page)
            mend_tab_order(page)
            assert chain(page) == once, (area, tab)


def chain(page: QWidget) -> list[QWidget]:
    """Return the parts of `page` in the order Tab leads through them."""
    found, part = [], page.nextInFocusChain()
    while part is not page:
        if page.isAncestorOf(part) and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(part)
        part = part.nextInFocusChain()
    return found
