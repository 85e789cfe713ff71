"""The form of a register: a row by typing, refusals at their field, lines, every digit, the history."""

from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.ui.registers.controls import LinesEdit
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import RegistersPage
from desktop.ui.registers.several import SeveralDialog
from desktop.ui.registers.transfer import TransferForm
from desktop.ui.widgets.fields import Choice, FieldSet
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import last, press
from tests.ui.registers.forms import fill, keep_venue, open_form, open_kept, open_register

HINT_EDGES = 2 * 12  # border, padding and the margin of its line


def test_a_row_is_entered_by_typing_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = keep_venue(qtbot, shell)
        assert shell.page() is page
        row = page.registers.rows("venue", 2026)[0]
        assert (row.values["title"], row.values["area_m2"]) == ("党员活动室", 42.5)
        assert row.values["checked_on"] == date(2026, 3, 8)
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.title.text() == "党员活动室"
        assert faults(shell) == []


def test_a_refusal_stays_at_its_field_and_stores_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell)
        form = open_form(qtbot, shell, page)
        fill(form, title="党员活动室", seats="很多")
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert form.fields is not None
        assert form.fields.fields["seats"].fault()
        assert page.registers.rows("venue", 2026) == []
        fill(form, title="", seats="")
        form.save_button.click()
        settle(qtbot, shell)
        assert form.fields.fields["title"].fault()
        assert faults(shell) == []


def test_lines_of_a_row_are_added_refused_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell, "volunteer_activity", "carriers")
        form = open_form(qtbot, shell, page)
        assert form.fields is not None
        fill(form, title="清扫街道")
        lines = cast(LinesEdit, form.fields.fields["hours"].control)
        for _line in range(3):
            lines.add_link.click()
        for number, hours in ((0, "两小时"), (1, "1.5")):
            controls = list(lines._rows[number].values())
            cast(Choice, controls[0]).setCurrentIndex(number + 1)
            put(controls[1], hours)
        form.save_button.click()
        settle(qtbot, shell)
        assert form.fields.fields["hours"].fault().startswith("第1行")
        put(list(lines._rows[0].values())[1], "2")
        lines._remove(2)
        assert faults(shell) == []
        form.save_button.click()
        settle(qtbot, shell)
        row = page.registers.rows("volunteer_activity", 2026)[0]
        assert [row.hours for row in row.values["hours"]] == [2, 1.5]


def test_a_number_is_shown_with_every_digit(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        registers = shell.desk.service(RegisterService)
        record_id = registers.save("venue", {"title": "党员活动室", "kind": "活动室", "area_m2": 1234567.25})
        go(qtbot, shell, "service", "support", kind="venue", record=record_id)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        assert form.fields.values()["area_m2"] == "1234567.25"


def test_the_history_tells_who_did_what(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(2)
        settle(qtbot, shell)
        assert form.history.isVisible()
        assert faults(shell) == []
        entries = [change.sentence for change in form._read_history()]
        assert len(entries) == 1
        assert "党员活动室" in entries[0]


PAST = {"from": "2026-10-01", "to": "2026-10-31"}


def test_a_gap_of_a_past_month_names_the_month_and_leaves_the_day_open(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "service", "carriers", kind="volunteer_activity", new=True, prefill=PAST)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        held = form.fields.fields["event_on"]
        assert held.read() is None
        assert held._note.text() == "补的是10月1日至31日的，请填实际日期。"
        form.save_button.click()
        settle(qtbot, shell)
        assert held.fault()
        assert faults(shell) == []


def test_a_gap_of_the_running_month_keeps_today(qtbot: QtBot, tmp_path: Path) -> None:
    running = {"from": "2026-11-01", "to": "2026-11-30"}
    with sample_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "service", "carriers", kind="volunteer_activity", new=True, prefill=running)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        assert form.fields.fields["event_on"].read() == shell.desk.store.today


def test_where_nothing_can_be_chosen_the_form_leads_to_what_comes_first_and_back(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "service", "support", kind="venue_use", new=True, prefill=PAST)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        assert [field.label for field in form._lacking] == ["阵地"]
        assert faults(shell) == []
        put(form.fields.fields["event_on"].control, "2026-10-9")
        press(shell, f"登记{REGISTERS['venue'].title}")
        settle(qtbot, shell)
        venue = cast(RegisterForm, shell.page())
        assert venue is not form
        fill(venue, title="党员活动室")
        cast(Choice, cast(FieldSet, venue.fields).fields["kind"].control).setCurrentIndex(1)
        venue.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert form._lacking == ()
        choice = cast(Choice, form.fields.fields["venue_id"].control)
        assert choice.itemText(1).startswith("党员活动室")
        assert form.fields.values()["event_on"] == date(2026, 10, 9)


def test_people_are_found_by_name_and_by_initials_and_ticked_by_enter(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell, "volunteer_activity", "carriers")
        form = open_form(qtbot, shell, page)
        lines = cast(LinesEdit, cast(FieldSet, form.fields).fields["hours"].control)
        lines.add_line()
        press(shell, "几个人一起加")
        settle(qtbot, shell)
        dialog = cast(SeveralDialog, last(shell))
        hint = dialog.needle.fontMetrics().horizontalAdvance(dialog.needle.placeholderText())
        assert hint <= dialog.needle.width() - HINT_EDGES
        names = {key: part.text() for key, part in dialog.grid._buttons.items()}
        for typed in ("ghw", "高红"):
            put(dialog.needle, typed)
            assert [part.text() for part in dialog.grid._buttons.values() if not part.isHidden()] == ["高红卫"]
            assert faults(shell) == []
        QTest.keyClick(dialog.needle, Qt.Key.Key_Return)
        assert (dialog.isVisible(), dialog.needle.text()) == (True, "")
        assert [names[key] for key in dialog.grid.ticked()] == ["高红卫"]
        assert not any(part.isHidden() for part in dialog.grid._buttons.values())
        put(dialog.needle, "查无此人")
        QTest.keyClick(dialog.needle, Qt.Key.Key_Return)
        assert dialog.isVisible()
        assert len(dialog.grid.ticked()) == 1


def test_people_with_the_same_hours_are_entered_in_one_action(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell, "volunteer_activity", "carriers")
        form = open_form(qtbot, shell, page)
        fill(form, title="清扫街道")
        lines = cast(LinesEdit, cast(FieldSet, form.fields).fields["hours"].control)
        lines.add_line()
        press(shell, "几个人一起加")
        settle(qtbot, shell)
        dialog = cast(SeveralDialog, last(shell))
        names = [part.text() for part in dialog.grid._buttons.values()]
        for key in list(dialog.grid._buttons)[:3]:
            dialog.grid.tick(key, True)
        put(dialog.fields.fields["hours"].control, "许多")
        dialog.verb.click()
        assert dialog.fields.fields["hours"].fault()
        put(dialog.fields.fields["hours"].control, "3")
        assert (dialog.verb.text(), faults(shell)) == ("加入 3 人", [])
        dialog.verb.click()
        settle(qtbot, shell)
        press(shell, "几个人一起加")
        settle(qtbot, shell)
        again = cast(SeveralDialog, last(shell))
        assert [part.text() for part in again.grid._buttons.values()] == names[3:], "who is there is not offered again"
        again.reject()
        form.save_button.click()
        settle(qtbot, shell)
        row = page.registers.rows("volunteer_activity", 2026)[0]
        assert [line.hours for line in row.values["hours"]] == [3, 3, 3]


def test_the_roster_follows_a_transfer_only_when_it_is_ticked(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RegistersPage, go(qtbot, shell, "members", "learning", kind="transfer"))
        who = page.desk.service(MemberService).roster()[0]
        form = cast(TransferForm, open_form(qtbot, shell, page))
        assert form.fields is not None
        assert form.fields.fields["valid_days"].read() == "30"
        assert not form.on_roster.isChecked()
        fill(form, issued_on="2026.3.8", paid_until="2026年3月")
        other = page.desk.service(MemberService).roster()[1]
        for name, value in (("direction", "out"), ("member_id", other.id), ("member_id", who.id)):
            cast(Choice, form.fields.fields[name].control).set_value(value)
            settle(qtbot, shell)
        assert form.fields.fields["name"].read() == who.name
        assert form.fields.fields["from_org"].read()
        form.on_roster.setChecked(True)
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is page
        assert page.registers.rows("transfer", 2026)[0].texts["paid_until"] == "2026年3月"
        assert page.desk.service(MemberService).member(who.id).status is MemberStatus.TRANSFER_PENDING
        assert faults(shell) == []


def test_a_row_that_is_added_comes_into_view_with_the_cursor_in_it(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path, (1093, 542)) as shell:
        page = open_register(qtbot, shell, "volunteer_activity", "carriers")
        form = open_form(qtbot, shell, page)
        lines = cast(LinesEdit, cast(FieldSet, form.fields).fields["hours"].control)
        for number in range(6):
            lines.add_line()
            first = next(iter(lines._rows[number].values()))
            assert first.visibleRegion().boundingRect() == first.rect()
            settle(qtbot, shell)
            assert first.visibleRegion().boundingRect() == first.rect()
            assert shell.focusWidget() is first
