"""The list of meetings: its filter, its pane, and what is taken back."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.ui.meetings.listing import MeetingsPage
from tests.ui.desks import go, sample_desk, settle


def test_escape_in_the_list_closes_the_pane_and_the_filter_has_its_key(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        page.table.step(1)
        settle(qtbot, shell)
        QTest.keyClick(page.table.view, Qt.Key.Key_Escape)
        assert page.pane.isHidden()
        page.focus_filter()
        assert page.needle.hasFocus() or not shell.isActiveWindow()


def test_a_deleted_meeting_can_be_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    from desktop.ui.meetings.detail import remove_meeting

    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        count, meeting = page.table.model.rowCount(), page.table.model.row_at(0)
        remove_meeting(page, page.service.detail(meeting.id), page.service)
        settle(qtbot, shell)
        assert page.table.model.rowCount() == count - 1
        shell.undo_bar._link.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == count
