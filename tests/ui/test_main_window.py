"""The frame around the pages: which years can be looked at, and what a double click does where pages change."""

import gc
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast
from weakref import ref

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.backup import BackupService
from desktop.services.store import Store
from desktop.ui.home import HomePage
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.members.form import MemberForm
from desktop.ui.members.roster import RosterPage
from desktop.ui.navigation import LEAST_ROW, ROW
from desktop.ui.pages import BRANCH_PAGES, HEADQUARTERS_PAGES, pages_for
from desktop.ui.table_view import RowsView
from tests.services.test_years import keep_meeting
from tests.stores import new_store
from tests.ui.desks import TODAY, desk_on, empty_desk, go, put, sample_desk, settle


def offered(shell: Shell) -> list[str]:
    return [shell.years.itemText(number) for number in range(shell.years.count())]


def test_a_store_of_ten_years_reaches_each_of_them(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at=TODAY)
    for year in range(2017, 2027):
        keep_meeting(store, date(year, 3, 1))
    with desk_on(qtbot, store) as shell:
        shell.read_head()
        settle(qtbot, shell)
        assert offered(shell) == [f"{year} 年" for year in range(2026, 2016, -1)]
        shell.years.setCurrentIndex(9)
        assert shell.desk.year == 2017


def test_older_records_that_come_later_can_be_reached_and_the_year_in_view_stays(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at=TODAY)
    with desk_on(qtbot, store) as shell:
        shell.years.setCurrentIndex(1)
        keep_meeting(store, date(2013, 3, 1))
        shell.desk.changed()
        settle(qtbot, shell)
        assert offered(shell) == ["2026 年", "2025 年", "2024 年", "2023 年", "2013 年"]
        assert (shell.desk.year, shell.years.value()) == (2025, 2025)


def test_the_backup_of_the_day_waits_for_what_the_first_page_reads(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        go_on, desk = threading.Event(), shell.desk
        desk.tasks.run(shell, lambda _progress: go_on.wait(60), lambda _read: None)
        shell.begin_day()
        QApplication.processEvents()
        assert desk.jobs.idle(), "both would work against what a user waits for"
        assert BackupService(desk.store).last_verified() is None
        go_on.set()
        qtbot.waitUntil(lambda: BackupService(desk.store).last_verified() is not None)
        settle(qtbot, shell)


def test_a_tab_that_no_area_has_is_a_defect_and_not_the_first_tab(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, new_store(tmp_path / "store", at=TODAY)) as shell:
        with pytest.raises(LookupError, match="meetings has no tab calendar"):
            shell.desk.open("meetings", "calendar")
        assert shell.place() == ("home", "home")


@pytest.fixture
def slow_hand() -> Iterator[None]:
    """Let a double click last so long that no machine is too slow for its second press."""
    before = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(3000)
    yield
    QApplication.setDoubleClickInterval(before)


def click_at(shell: Shell, part: QPushButton) -> None:
    """Click where `part` stands, whatever takes the click there."""
    at = part.mapTo(shell, part.rect().center())
    QTest.mouseClick(shell.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


@pytest.mark.usefixtures("slow_hand")
def test_the_second_press_of_a_double_click_on_save_opens_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.open_form()
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        put(form.fields.fields["name"].control, "张文博")
        put(form.fields.fields["admitted_on"].control, "2016.7.1")
        put(form.fields.fields["full_on"].control, "2017年7月1日")
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is page
        click_at(shell, page.add_button)
        settle(qtbot, shell)
        assert shell.page() is page
        bar = page.add_button.parentWidget()
        qtbot.waitUntil(lambda: not bar.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents))
        click_at(shell, page.add_button)
        settle(qtbot, shell)
        assert isinstance(shell.page(), MemberForm), "a press of its own counts again"


@pytest.mark.usefixtures("slow_hand")
def test_the_second_press_of_a_double_click_on_a_button_that_opens_a_form_does_not_submit_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        click_at(shell, page.add_button)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        click_at(shell, form.save_button)
        settle(qtbot, shell)
        assert [field.fault() for field in form.fields.fields.values() if field.fault()] == []


def test_what_a_form_offered_is_out_of_reach_as_soon_as_the_form_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        form = MemberForm(shell.desk)
        shell.desk.push(form)
        settle(qtbot, shell)
        assert (form.save_button.isVisible(), roster.add_button.isVisible()) == (True, False)
        shell.desk.back()
        seen = form.save_button.isVisible(), roster.add_button.isVisible()
        assert seen == (False, True), "a click that waits comes before what is deleted later is gone"


def test_back_from_a_form_that_a_gap_opened_leads_to_the_page_that_sent_there(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        checklist = go(qtbot, shell, "standards", "checklist")
        form = go(qtbot, shell, "service", "support", kind="venue", new=True)
        assert form is not checklist
        shell.desk.back()
        settle(qtbot, shell)
        assert shell.page() is checklist
        assert shell.place() == ("standards", "checklist")
        assert shell.navigation.list.currentItem().text() == "标准化"


def test_back_from_a_form_that_a_card_opened_leads_to_the_card(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        card = MemberForm(shell.desk)
        shell.desk.push(card)
        go(qtbot, shell, "members", "learning", kind="training_record", new=True)
        shell.desk.back()
        settle(qtbot, shell)
        assert shell.page() is card
        assert shell.place() == ("members", "roster")
        shell.desk.back()
        settle(qtbot, shell)
        assert shell.page() is roster


def test_a_form_opened_in_its_own_list_leads_back_to_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "standards", "checklist")
        go(qtbot, shell, "service", "support", kind="venue", new=True)
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        roster.open_form()
        shell.desk.back()
        assert shell.page() is roster


def test_back_from_the_form_the_window_opened_with_leads_to_its_list(qtbot: QtBot, tmp_path: Path) -> None:
    first = {"area": "members", "tab": "roster", "kind": "import"}  # as the assistant ends: 工作台 is not built yet
    with desk_on(qtbot, new_store(tmp_path / "store", at=TODAY), first=first) as shell:
        assert isinstance(shell.page(), IntakePage)
        shell.desk.back()
        settle(qtbot, shell)
        assert isinstance(shell.page(), RosterPage)
        assert shell.title.text() == "党员"
        assert go(qtbot, shell, "home").isVisible()


def test_the_roster_that_was_imported_is_looked_at_from_wherever_the_import_began(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        shell.desk.push(IntakePage(shell.desk, "members", "党员名册"))  # as 工作台 and the comparison do
        settle(qtbot, shell)
        cast(IntakePage, shell.page()).done.look_button.click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), RosterPage)


def test_the_cursor_comes_back_to_where_it_stood_and_never_into_the_year_box(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.add_button.setFocus()
        page.open_form()
        settle(qtbot, shell)
        shell.desk.back()
        assert shell.focusWidget() is page.add_button
        page.add_button.setEnabled(False)
        page.open_form()
        settle(qtbot, shell)
        shell.desk.back()
        assert page.isAncestorOf(shell.focusWidget())


def test_the_cursor_stands_in_a_form_that_opens_and_in_the_page_that_a_key_turned_to(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.add_button.setFocus()
        form = IntakePage(shell.desk, "members", "党员名册")
        shell.desk.push(form)
        assert form.isAncestorOf(shell.focusWidget())
        listed = go(qtbot, shell, "meetings", "list")
        assert listed.isAncestorOf(shell.focusWidget())


def test_the_cursor_stays_in_the_navigation_while_it_walks_there(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        shell.navigation.list.setFocus()
        shell.navigation.list.setCurrentRow(2)
        settle(qtbot, shell)
        assert shell.place() == ("meetings", "list")
        assert shell.focusWidget() is shell.navigation.list


def test_keys_go_to_the_page_that_is_opened_where_they_went_nowhere_before(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        at = shell.focusWidget()
        if at is not None:
            at.clearFocus()
        page = go(qtbot, shell, "members", "roster")
        assert page.isAncestorOf(shell.focusWidget())


def test_keys_alone_keep_a_member_and_leave_a_form_with_what_was_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        shell.save_form()  # a list has nothing to save, and nothing new is begun
        assert shell.page() is roster
        shell.desk.push(MemberForm(shell.desk))
        settle(qtbot, shell)
        form = shell.page()
        for words in ("张三", "", "2016-7-1", "2017-7-1"):
            at = shell.focusWidget()
            assert form.isAncestorOf(at)
            if words:
                put(at, words)
            QTest.keyClick(at, Qt.Key.Key_Tab)
        QTest.keyClick(shell.focusWidget(), Qt.Key.Key_Escape)
        assert shell.page() is roster
        settle(qtbot, shell)
        shell.desk.push(MemberForm(shell.desk))
        settle(qtbot, shell)
        shell.save_form()
        settle(qtbot, shell)
        assert shell.page() is roster
        assert [row.name for row in roster.table.model.rows()] == ["张三"]


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (StoreKind.BRANCH, ("archive", "hand_in")),
        (StoreKind.HEADQUARTERS, ("home", "home")),
        (StoreKind.HEADQUARTERS, ("receive", "receive")),
        (StoreKind.HEADQUARTERS, ("assess", "sampling")),
    ],
)
def test_a_page_is_gone_once_its_window_is_taken_down(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind, place: tuple[str, str]
) -> None:
    def shown(store: Store) -> list[ref[QWidget]]:
        shell = Shell(store, "", pages_for(kind.value), 2026)
        shell.show()
        gone: list[ref[QWidget]] = [ref(go(qtbot, shell, *place)), ref(shell)]
        shell.close_desk()
        shell.deleteLater()
        return gone

    before = len(QApplication.allWidgets())
    with new_store(tmp_path / "store", kind, TODAY) as store:
        gone = shown(store)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert [each() for each in gone] == [None, None]
    assert len(QApplication.allWidgets()) <= before


def test_keys_stand_in_the_list_of_a_page_that_is_opened_and_at_its_filter_where_there_are_no_rows(
    qtbot: QtBot, tmp_path: Path
) -> None:
    for made, place in ((sample_desk, ("meetings", "list")), (empty_desk, ("meetings", "list"))):
        with made(qtbot, tmp_path / made.__name__) as shell:
            at = shell.focusWidget()
            if at is not None:
                at.clearFocus()
            page = go(qtbot, shell, *place)
            at = shell.focusWidget()
            assert page.isAncestorOf(at)
            assert isinstance(at, RowsView) is (made is sample_desk)
            assert at.focusPolicy() & Qt.FocusPolicy.TabFocus
            if isinstance(at, RowsView):
                assert at.currentIndex().row() == 0


def test_the_year_is_not_offered_where_a_page_chooses_its_own_period(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", StoreKind.HEADQUARTERS, at=TODAY)
    with desk_on(qtbot, store) as shell:
        offered = {}
        for area, tab in (("home", "home"), ("statistics", "figures"), ("race", "race"), ("assess", "ratings")):
            go(qtbot, shell, area, tab)
            offered[area] = shell.years.isVisible()
        assert offered == {"home": True, "statistics": False, "race": False, "assess": True}


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_the_year_is_not_offered_where_nothing_is_of_a_year(qtbot: QtBot, tmp_path: Path, kind: StoreKind) -> None:
    above = kind is StoreKind.HEADQUARTERS
    areas = HEADQUARTERS_PAGES if above else BRANCH_PAGES
    without = {"settings", "send", "standards", "receive"} if above else {"settings"}
    with desk_on(qtbot, new_store(tmp_path / "store", kind, at=TODAY)) as shell:
        offered = set()
        for area in areas:
            for tab in area.tabs:
                go(qtbot, shell, area.key, tab.key)
                if shell.years.isVisible():
                    offered.add(area.key)
        assert not offered & without
        assert "home" in offered


def test_keys_that_turn_from_a_page_stand_in_the_list_of_the_next_and_where_they_stood_when_they_come_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        home = cast(HomePage, go(qtbot, shell, "home"))
        home.view.setFocus()
        inner = shell.focusWidget()
        assert home.isAncestorOf(inner)
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        assert shell.focusWidget() is page.table.view
        page.needle.setFocus()
        go(qtbot, shell, "home")
        assert shell.focusWidget() is inner
        go(qtbot, shell, "meetings", "list")
        assert shell.focusWidget() is page.needle


@pytest.mark.parametrize("size", [(1366, 696), (880, 420)])
def test_all_areas_are_in_sight_in_the_lowest_window(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        shell.resize(*size)
        areas = shell.navigation.list
        qtbot.waitUntil(lambda: areas.verticalScrollBar().maximum() == 0)
        last = areas.visualItemRect(areas.item(areas.count() - 1))
        assert areas.viewport().rect().contains(last)
        assert last.height() == (ROW if size[1] > 500 else last.height()) >= LEAST_ROW


@pytest.mark.parametrize("back", [False, True])
def test_keys_never_go_to_what_is_not_in_sight(qtbot: QtBot, tmp_path: Path, back: bool) -> None:
    """A page leads to its grid, which is hidden while the page is empty: one Tab went nowhere."""
    with empty_desk(qtbot, tmp_path) as shell:
        page = go(qtbot, shell, "meetings", "appraisal")
        proxy = page.focusProxy()
        assert not proxy.isVisible()
        met = set()
        for _press in range(20):
            shell.focusNextPrevChild(not back)
            at = shell.focusWidget()
            met.add(at)
            assert at.isVisible(), at
        assert any(page.isAncestorOf(at) for at in met)
        assert page.focusProxy() is proxy


def test_a_record_shown_from_another_page_leads_back_to_it_and_its_forms_to_itself(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        meetings = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        meetings.needle.setFocus()
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        assert not shell._back.isVisible(), "whoever turns the pages by himself needs no way back"
        member = roster.table.model.rows()[0].id
        go(qtbot, shell, "meetings", "list")
        go(qtbot, shell, "members", "roster", record=member)
        assert shell._back.isVisible()
        roster.open_form()
        assert isinstance(shell.page(), MemberForm)
        shell._back.click()
        assert shell.page() is roster
        QTest.keyClick(roster, Qt.Key.Key_Escape)
        assert shell.page() is roster, "Esc leaves forms only"
        shell._back.click()
        settle(qtbot, shell)
        assert shell.page() is meetings
        assert shell.focusWidget() is meetings.needle
        assert not shell._back.isVisible()
        shell.desk.back()
        shell.go_back()
        assert shell.page() is meetings


def test_turning_to_another_page_by_oneself_forgets_what_sent_here(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = roster.table.model.rows()[0].id
        go(qtbot, shell, "meetings", "list")
        go(qtbot, shell, "members", "roster", record=member)
        shell.navigation.list.setCurrentRow(0)
        settle(qtbot, shell)
        assert not shell._back.isVisible()
