"""A member opened: the year on one page, from the list and from member to member, printed, and what is on file."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.access.rights import Rights
from desktop.ui import output
from desktop.ui.main_window import Shell
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.members.card import CAREER, FACTS, MemberCard
from desktop.ui.members.roster import RosterPage
from desktop.ui.registers.form import RegisterForm
from tests.ui.desks import go, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper


def opened(qtbot: QtBot, shell: Shell, number: int = 0) -> MemberCard:
    roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
    roster.table.opened.emit(roster.table.model.row_at(number))
    settle(qtbot, shell)
    return cast(MemberCard, shell.page())


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542)])
def test_the_year_is_opened_from_the_list_and_leads_to_its_meetings(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        card = opened(qtbot, shell)
        assert faults(shell) == []
        year = card.found
        assert year is not None
        assert card.title == year.member.name
        assert card.panel.attendance.rows()[0].sum == f"{year.kinds[0].came} / {year.kinds[0].expected}"
        verbs = {each.accessibleName() for each in cast(list[QPushButton], card.panel.findChildren(QPushButton))}
        assert {f"登记学时：{lack.what}" for lack in year.lacks if "学时" in lack.what} <= verbs
        held = next(mark for row in card.panel.attendance.rows() for mark in row.marks if mark.record)
        card.panel.attendance.picked.emit(held.record)
        settle(qtbot, shell)
        assert shell.place() == ("meetings", "list")


def test_the_meetings_of_a_member_are_listed_alone_until_all_are_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        assert card.found is not None
        ids = {each.meeting_id for kind in card.found.kinds for cell in kind.cells for each in cell.meetings}
        buttons = cast(list[QPushButton], card.panel.findChildren(QPushButton))
        go_there = next(each for each in buttons if "次会议" in each.text())
        assert go_there.text() == f"看 {len(ids)} 次会议"
        go_there.click()
        settle(qtbot, shell)
        listing = cast(MeetingsPage, shell.page())
        assert {meeting.id for meeting in listing.table.model.rows()} == ids
        listing._clear_filters()
        assert {meeting.id for meeting in listing.table.model.rows()} > ids


def test_page_keys_go_through_the_list_and_stop_at_its_ends(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        roster = [member.id for member in cast(RosterPage, shell._pages["members", "roster"]).table.model.rows()]
        assert not card.before.isEnabled()
        card.page_keys[1].activated.emit()
        settle(qtbot, shell)
        second = cast(MemberCard, shell.page())
        assert second.found is not None
        assert second.found.member.id == roster[1]
        assert second.count.text() == f"2 / {len(roster)}"
        second.before.click()
        settle(qtbot, shell)
        first = cast(MemberCard, shell.page())
        assert first.found is not None
        assert first.found.member.id == roster[0]
        first.turn(-1)
        assert shell.page() is first
        shell.desk.back()
        settle(qtbot, shell)
        assert isinstance(shell.page(), RosterPage)


def test_tabs_show_what_is_on_file_and_what_happened(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        assert card.fields is None
        for tab in range(1, len(card.tabs())):
            shell.tab_bar.setCurrentIndex(tab)
            settle(qtbot, shell)
            assert faults(shell) == []
            assert card.save_button.isVisible() is (tab == FACTS)
            assert not card.print_button.isVisible()
        assert card.fields is not None
        shell.tab_bar.setCurrentIndex(CAREER)
        assert not card.before.isVisible()


def test_the_page_is_printed_by_who_may_print(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = tmp_path / "一页.pdf"
    monkeypatch.setattr(output, "ask_save", lambda *_: paper)
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        card.print_button.click()
        save_paper(qtbot, shell)
        assert paper.read_bytes().startswith(b"%PDF-")
        shell.desk.back()
        shell.desk.store.rights = Rights()
        looker = opened(qtbot, shell)
        assert not looker.print_button.isVisible()
        assert not looker.talk_button.isVisible()


def test_a_talk_is_begun_with_the_member(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        assert card.found is not None
        card.talk_button.click()
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        assert form.fields.values()["talkee_id"] == card.found.member.id


def test_cells_are_walked_by_keys_and_told_in_words(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        card = opened(qtbot, shell)
        grid, picked = card.panel.attendance, list[str]()
        grid.picked.disconnect()
        grid.picked.connect(picked.append)
        month = next(number for number, mark in enumerate(grid.rows()[0].marks) if mark.record)
        for _step in range(month):
            QTest.keyClick(grid, Qt.Key.Key_Right)
        QTest.keyClick(grid, Qt.Key.Key_Return)
        assert picked == [grid.rows()[0].marks[month].record]
        assert f"{MeetingKind.BRANCH_CONGRESS.label} " in grid.accessibleName()
