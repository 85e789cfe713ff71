"""The form of a member: registered, changed, refused at the field."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services.errors import Input, InvalidInput
from desktop.services.history import HistoryService
from desktop.services.members import MemberService
from desktop.ui.members.form import MemberForm
from desktop.ui.members.roster import RosterPage
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.hidden import HiddenNumber
from tests.ui.desks import empty_desk, go, put, sample_desk, settle
from tests.ui.lint import faults


def test_a_member_is_registered(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.add_button.click()
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        assert faults(shell) == []
        put(form.fields.fields["name"].control, "张文博")
        put(form.fields.fields["admitted_on"].control, "2016.7.1")
        put(form.fields.fields["full_on"].control, "2017年7月1日")
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is page
        assert [row.name for row in page.table.model.rows()] == ["张文博"]


def test_a_wrong_id_number_stays_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        cast(RosterPage, go(qtbot, shell, "members", "roster")).open_form()
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        put(form.fields.fields["name"].control, "张文博")
        put(form.fields.fields["id_no"].control, "412723199302271627")
        form.save_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert form.fields.fields["id_no"].fault()
        assert MemberService(shell.desk.store).roster() == []


def test_what_is_seldom_needed_is_folded_until_it_is_filled_in_or_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.open_form()
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        assert form.more.folded
        put(form.fields.fields["name"].control, "张文博")
        put(form.fields.fields["admitted_on"].control, "2016.7.1")
        form.fields.take(InvalidInput(Input("retires_on", "预计退休日期"), "看不懂"))
        assert not form.more.folded
        put(form.fields.fields["retires_on"].control, "2030-01-01")
        form.save_button.click()
        settle(qtbot, shell)
        page.open_form(MemberService(shell.desk.store).roster()[0].id)
        settle(qtbot, shell)
        assert not cast(MemberForm, shell.page()).more.folded


def test_a_member_is_changed_and_the_change_is_in_the_history(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = page.table.model.row_at(2)
        page.open_form(member.id)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        put(form.fields.fields["job_title"].control, "烟叶站长")
        form.save_button.click()
        settle(qtbot, shell)
        assert MemberService(shell.desk.store).member(member.id).job_title == "烟叶站长"
        page.open_form(member.id)
        settle(qtbot, shell)
        shell.tab_bar.setCurrentIndex(2)
        settle(qtbot, shell)
        assert faults(shell) == []
        told = [label.text() for label in cast(list[QLabel], shell.page().findChildren(QLabel))]
        assert any(row.startswith("工作岗位：") and row.endswith("→ 烟叶站长") for row in told)
        assert not any("full_member" in row for row in told)


def test_an_amount_is_shown_with_every_digit(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        members = MemberService(shell.desk.store)
        member_id = members.register({"name": "张文博", "admitted_on": "2016.7.1", "dues_base_fen": "10450.55"})
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.open_form(member_id)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        assert form.fields.values()["dues_base_fen"] == "10450.55"


def test_a_degree_that_the_list_does_not_offer_is_shown_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        members = MemberService(shell.desk.store)
        member_id = members.register({"name": "张文博", "admitted_on": "2016.7.1", "education": "研究生教育"})
        kept = members.member(member_id).education
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.open_form(member_id)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        assert cast(Choice, form.fields.fields["education"].control).currentText() == "研究生教育"
        put(form.fields.fields["job_title"].control, "烟叶站长")
        form.save_button.click()
        settle(qtbot, shell)
        assert members.member(member_id).education == kept


def test_the_id_number_stays_masked_until_asked_for_and_is_kept_untouched(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = page.table.model.row_at(2)
        service, looked = MemberService(shell.desk.store), HistoryService(shell.desk.store)
        uses = len(looked.uses())
        page.open_form(member.id)
        settle(qtbot, shell)
        form = cast(MemberForm, shell.page())
        assert form.fields is not None
        number = cast(HiddenNumber, form.fields.fields["id_no"].control)
        assert (number.text(), number.placeholderText()) == ("", member.id_no_masked)
        put(form.fields.fields["job_title"].control, "烟叶站长")
        assert set(form.fields.changed()) == {"job_title"}
        assert len(looked.uses()) == uses, "nobody has looked at the number"
        number.eye.trigger()
        settle(qtbot, shell)
        assert number.text() == service.id_number(member.id)
        assert len(looked.uses()) > uses
        put(number, "")
        form.save_button.click()
        settle(qtbot, shell)
        changed = service.member(member.id)
        assert (changed.job_title, changed.id_no_masked) == ("烟叶站长", "")
