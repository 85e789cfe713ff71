"""党员: look at one, register, change, move through life, import; refusals stay where they belong."""

from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary import ConditionKind, MemberStatus
from desktop.paths import resource
from desktop.services.branches import BranchService
from desktop.services.members import ConditionService, MemberService
from desktop.ui.imports import ImportPage
from desktop.ui.members.form import MemberForm
from desktop.ui.members.roster import RosterPage
from desktop.ui.members.steps import ConditionDialog, ExtensionDialog, GroupDialog, TransitionDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import empty_desk, go, put, sample_desk, settle
from tests.ui.lint import faults


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_roster_and_one_member_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.table.step(1)
        settle(qtbot, shell)
        assert page.pane.title.text() == page.table.model.row_at(0).name
        assert faults(shell) == []


def test_the_list_filters_by_words_and_group(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        everyone = page.table.model.rowCount()
        page.needle.setText("站长")
        assert 0 < page.table.model.rowCount() < everyone
        page.needle.clear()
        page.group.setCurrentIndex(1)
        assert {one.group_id for one in page.table.model.rows()} == {page.group.value()}


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
        assert [one.name for one in page.table.model.rows()] == ["张文博"]


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
        told = [one.text() for one in cast(list[QLabel], shell.page().findChildren(QLabel))]
        assert any(one.startswith("工作岗位：") and one.endswith("→ 烟叶站长") for one in told)
        assert not any("full_member" in one for one in told)


def test_a_step_of_life_is_taken_and_an_impossible_one_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = page.table.model.row_at(5)
        dialog = TransitionDialog(page, member)
        dialog.open()
        settle(qtbot, shell)
        dialog.to.set_value(MemberStatus.SUSPENDED)
        dialog.submit()
        settle(qtbot, shell)
        assert "文号" in dialog.fields.fields["document_no"].fault()
        assert dialog.isVisible()
        dialog.to.set_value(MemberStatus.TRANSFER_PENDING)
        dialog.submit()
        settle(qtbot, shell)
        assert MemberService(shell.desk.store).member(member.id).status is MemberStatus.TRANSFER_PENDING


def test_probation_is_extended_once(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        members = MemberService(shell.desk.store)
        member_id = members.register({"name": "李晓燕", "admitted_on": "2025-12-01"})
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.table.step(1)
        settle(qtbot, shell)
        assert faults(shell) == []
        extend = next(
            part
            for part in cast(list[QPushButton], page.pane.findChildren(QPushButton))
            if part.accessibleName() == "延长预备期"
        )
        extend.click()
        settle(qtbot, shell)
        dialog = cast(ExtensionDialog, shell.findChild(ExtensionDialog))
        assert dialog.fields.values()["until"] == date(2027, 6, 1)
        assert faults(dialog) == []
        put(dialog.fields.fields["until"].control, "2028.1.1")
        dialog.verb.click()
        settle(qtbot, shell)
        assert "6至12个月" in dialog.fields.fields["until"].fault()
        assert members.member(member_id).probation_ends_on == date(2026, 12, 1)
        put(dialog.fields.fields["until"].control, "2027.12.1")
        dialog.verb.click()
        settle(qtbot, shell)
        member = members.member(member_id)
        assert (member.probation_ends_on, member.extended_once) == (date(2027, 12, 1), True)
        again = ExtensionDialog(page, member)
        again.open()
        settle(qtbot, shell)
        assert not again.verb.isEnabled()


def test_a_dissolved_group_is_not_offered(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        branches = BranchService(shell.desk.store)
        branches.dissolve_group(branches.save_group("第一党小组"), shell.desk.store.today)
        branches.save_group("第二党小组")
        MemberService(shell.desk.store).register({"name": "张文博", "admitted_on": "2016.7.1"})
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        dialog = GroupDialog(page, page.table.model.row_at(0))
        dialog.open()
        settle(qtbot, shell)
        assert [dialog.group.itemText(place) for place in range(dialog.group.count())] == ["不编组", "第二党小组"]


def test_a_circumstance_and_a_group_are_noted(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = page.table.model.row_at(4)
        noted = ConditionDialog(page, member)
        noted.open()
        cast(Dialog, noted).submit()
        settle(qtbot, shell)
        assert ConditionService(shell.desk.store).conditions(member.id)[0].kind in ConditionKind
        grouped = GroupDialog(page, member)
        grouped.open()
        settle(qtbot, shell)
        grouped.group.setCurrentIndex(0)
        grouped.submit()
        settle(qtbot, shell)
        assert MemberService(shell.desk.store).member(member.id).group_id is None


def test_a_roster_is_read_first_and_imported_then(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        page.import_button.click()
        importing = cast(ImportPage, shell.page())
        assert faults(shell) == []
        importing.read_file(resource("samples/shenqiu/roster.xlsx"))
        settle(qtbot, shell)
        assert importing.take_button.text() == "导入 30 条"
        assert MemberService(shell.desk.store).roster() == []
        assert faults(shell) == []
        importing.take_button.click()
        settle(qtbot, shell)
        assert len(MemberService(shell.desk.store).roster()) == 30
        assert shell.page() is page


def test_refused_rows_are_shown_with_their_reason(qtbot: QtBot, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "入党时间"])
    book.active.append(["张三", "412723199302271627", "2016-07-01"])
    book.save(tmp_path / "bad.xlsx")
    with empty_desk(qtbot, tmp_path) as shell:
        page = ImportPage(shell.desk, "members", "党员名册")
        shell.desk.push(page)
        page.read_file(tmp_path / "bad.xlsx")
        settle(qtbot, shell)
        assert page.rejected.model.rowCount() == 1
        assert not page.take_button.isEnabled()
        assert page.rejects_button.isVisible()


def test_a_file_that_is_no_roster_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"not a workbook")
    with empty_desk(qtbot, tmp_path) as shell:
        page = ImportPage(shell.desk, "members", "党员名册")
        shell.desk.push(page)
        page.read_file(tmp_path / "no.xlsx")
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        cast(Dialog, shell.findChild(Dialog)).accept()
