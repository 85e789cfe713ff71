"""全年安排 in the window: every verb, by mouse and by keys, and what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState
from desktop.services.year_plan.agendas import AgendaTemplates
from desktop.services.year_plan.rows import Duty, Event, MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.registers.form import RegisterForm
from desktop.ui.widgets.fields import Memo
from desktop.ui.year_plan.agendas import AgendaDialog
from desktop.ui.year_plan.chips import carried
from desktop.ui.year_plan.dialogs import AddDialog, DayDialog, SettingsDialog
from desktop.ui.year_plan.notice import NoticeDialog
from desktop.ui.year_plan.page import LIST, QUARTER, SIDE, YearPlanPage
from tests.ui.desks import empty_desk, go, put, sample_desk, settle
from tests.ui.lint import faults

DECEMBER = date(2026, 12, 4)


@contextmanager
def page_on(qtbot: QtBot, folder: Path, size: tuple[int, int] = (1366, 696)) -> Iterator[tuple[Shell, YearPlanPage]]:
    with sample_desk(qtbot, folder, size) as shell:
        YearPlanService(shell.desk.store).plan_meeting(MeetingPlan(kind=MeetingKind.COMMITTEE_MEETING, on=DECEMBER))
        page = cast(YearPlanPage, go(qtbot, shell, "meetings", "year"))
        page.show_month(12)
        yield shell, page


def duty(page: YearPlanPage, item: str, month: int = 12) -> Duty:
    assert page.plan is not None
    return next(each for each in page.plan.duties if each.item_id == item and each.last.month == month)


def event(page: YearPlanPage, day: date = DECEMBER) -> Event:
    assert page.plan is not None
    return page.plan.on(day)[0]


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_every_view_of_the_year_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with page_on(qtbot, tmp_path, size) as (shell, page):
        for view in ("month", QUARTER, LIST):
            page.view.choose(view)
            page._show()
            settle(qtbot, shell)
            assert faults(shell) == []
        if page.part.isVisible():
            page.part.choose(SIDE)
            page._settle()
            settle(qtbot, shell)
            assert page.side.isVisible()
            assert faults(shell) == []


def test_what_is_carried_lands_on_its_day_and_goes_back(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        wanted = duty(page, "D4-05")
        for day in (date(2026, 12, 8), date(2026, 12, 9)):
            data = carried(wanted.key if day.day == 8 else event(page, date(2026, 12, 8)).id)
            where = page.grid._cell(day).center()
            buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            page.grid.dropEvent(QDropEvent(QPointF(where), Qt.DropAction.MoveAction, data, buttons, keys))
            settle(qtbot, shell)
        assert duty(page, "D4-05").planned == date(2026, 12, 9)


def test_a_refused_day_says_why_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.drop(event(page).id, date(2027, 1, 1))
        settle(qtbot, shell)
        assert event(page).on == DECEMBER


def test_the_keys_choose_move_and_open(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.grid.stand_on(event(page).id)
        page.grid.setFocus()
        QTest.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        settle(qtbot, shell)
        assert event(page, date(2026, 12, 5)).kind == "committee_meeting"
        QTest.keyClick(page.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        settle(qtbot, shell)
        assert event(page, date(2026, 12, 12)).kind == "committee_meeting"
        assert page.grid.day == date(2026, 12, 12)
        QTest.keyClick(page.grid, Qt.Key.Key_Return)
        settle(qtbot, shell)
        assert isinstance(shell.page(), MeetingForm)


def test_a_held_meeting_opens_its_record_and_a_missing_one_its_form(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        assert page.plan is not None
        held = next(each for each in page.plan.events if each.state is DutyState.HELD and each.source == "meeting")
        missing = next(
            each for each in page.plan.duties if each.state is DutyState.MISSING and each.kind == "theme_day"
        )
        page.record(missing)
        settle(qtbot, shell)
        assert isinstance(shell.page(), MeetingForm)
        shell.desk.back()
        page.open_event(held)
        settle(qtbot, shell)
        assert shell.page().title == "会议记录"
        talks = duty(page, "D4-08")
        page.record(talks)
        settle(qtbot, shell)
        assert isinstance(shell.page(), RegisterForm)


def test_enter_on_what_has_no_day_asks_for_one(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        line = next(each for each in page.side.rows if each.duty.item_id == "D4-06")
        QTest.keyClick(line, Qt.Key.Key_Return)
        dialog = page.findChild(DayDialog)
        assert dialog is not None
        put(dialog.fields.fields["held_on"].control, "2027-4-2")
        dialog.submit()
        settle(qtbot, shell)
        assert "须在" in dialog.fields.fields["held_on"].fault()
        put(dialog.fields.fields["held_on"].control, "2026-12-18")
        dialog.submit()
        settle(qtbot, shell)
        assert event(page, date(2026, 12, 18)).kind == "org_life_meeting"


def test_an_activity_of_ones_own_is_added_on_a_day(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.grid.added.emit(date(2026, 12, 16))
        dialog = page.findChild(AddDialog)
        assert dialog is not None
        dialog.kind.set_value("other")
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["topic"].fault() == "写明是什么活动。"
        put(dialog.fields.fields["topic"].control, "入户走访")
        dialog.submit()
        settle(qtbot, shell)
        added = event(page, date(2026, 12, 16))
        assert added.name == "入户走访"
        page.withdraw(added)
        settle(qtbot, shell)
        assert page.plan is not None
        assert page.plan.on(date(2026, 12, 16)) == ()


def test_the_fixed_day_and_the_reminding_are_set(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.open_settings()
        settle(qtbot, shell)
        dialog = page.findChild(SettingsDialog)
        assert dialog is not None
        fields = dialog.fields.fields
        fields["theme"].control.set_value("week")
        put(fields["remind_days"].control, "14")
        dialog.submit()
        settle(qtbot, shell)
        theme = page.plans.settings.theme_day()
        assert (theme and theme.words, page.plans.settings.remind_days()) == ("每月第一个周五", 14)


def test_the_branch_writes_the_agenda_meetings_begin_with(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.open_agendas()
        settle(qtbot, shell)
        dialog = page.findChild(AgendaDialog)
        assert dialog is not None
        typed = dialog.columns[0].fields[MeetingKind.COMMITTEE_MEETING.value].control
        cast(Memo, typed).setPlainText("第一议题学习\n党费收缴")
        dialog.submit()
        settle(qtbot, shell)
        assert AgendaTemplates(shell.desk.store).of(MeetingKind.COMMITTEE_MEETING) == ("第一议题学习", "党费收缴")


def test_a_planned_meeting_is_noted_as_notified_from_its_menu(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.notify(event(page))
        settle(qtbot, shell)
        assert event(page).state is DutyState.NOTIFIED


def test_an_empty_year_begins_with_the_standard(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(YearPlanPage, go(qtbot, shell, "meetings", "year"))
        assert page.empty.isVisible()
        assert "2026 年还没有安排" in page.empty.line.text()
        assert faults(shell) == []
        button = page.empty.button
        assert button is not None
        button.click()
        settle(qtbot, shell)
        assert page.plan is not None
        assert [each.kind for each in page.plan.events] != []
        assert page.grid.isVisible()


def test_a_notice_is_changed_copied_and_noted_as_sent(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.open_notice(event(page))
        settle(qtbot, shell)
        dialog = page.findChild(NoticeDialog)
        assert dialog is not None
        put(dialog.fields.fields["place"].control, "烟站会议室")
        dialog.copy()
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("【会议通知】\n会议名称：支部委员会会议")
        assert "地点：烟站会议室" in copied
        dialog.submit()
        settle(qtbot, shell)
        assert event(page).state is DutyState.NOTIFIED


def test_past_december_lies_the_next_year_to_be_planned(qtbot: QtBot, tmp_path: Path) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        page.turn(1)
        settle(qtbot, shell)
        assert page.plan is not None
        assert (page.plan.year, page.grid.month) == (2027, 1)
        page.fill()
        settle(qtbot, shell)
        assert page.plan.on(date(2027, 1, 27))
        page.turn(-1)
        settle(qtbot, shell)
        assert (page.plan.year, page.grid.month) == (2026, 12)
        page.go_today()
        assert page.grid.day == date(2026, 11, 23)


def test_the_plan_goes_out_and_in_as_a_workbook(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with page_on(qtbot, tmp_path) as (shell, page):
        path = tmp_path / "计划.xlsx"
        monkeypatch.setattr("desktop.ui.year_plan.page.ask_save", lambda *_about: path)
        page.export()
        settle(qtbot, shell)
        assert path.exists()
        page.open_import(path)
        settle(qtbot, shell)
        assert isinstance(shell.page(), IntakePage)
        assert faults(shell) == []


def test_something_planned_in_another_year_is_looked_at_in_its_year(qtbot: QtBot, tmp_path: Path) -> None:
    day = date(2027, 1, 5)
    with page_on(qtbot, tmp_path) as (shell, page):
        plans = YearPlanService(shell.desk.store)
        (made,) = plans.plan_activity("节前走访", day).made
        go(qtbot, shell, "meetings", "year", record=made[1])
        settle(qtbot, shell)
        assert page.plan is not None
        assert (page.plan.year, page.grid.day) == (2027, day)
        assert shell.desk.year == 2026
