"""Steps of a member: a change of state, a longer probation, a circumstance, the party group."""

from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.branches import ConditionKind, MemberCategory, MemberStatus
from desktop.services.branches import BranchService
from desktop.services.members import ConditionService, MemberService
from desktop.ui.members.correcting import CorrectionDialog
from desktop.ui.members.roster import RosterPage
from desktop.ui.members.steps import ConditionDialog, ExtensionDialog, GroupDialog, TransitionDialog
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import empty_desk, go, put, sample_desk, settle
from tests.ui.lint import faults


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


def test_who_is_on_probation_is_offered_the_end_of_it_first_in_the_word_people_use(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        member = next(row for row in page.table.model.rows() if row.category is MemberCategory.PROBATIONARY_MEMBER)
        dialog = TransitionDialog(page, member)
        dialog.open()
        settle(qtbot, shell)
        assert dialog.to.currentText() == "转正"
        assert "在册" not in [dialog.to.itemText(at) for at in range(dialog.to.count())]


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
        until = again.fields.fields["until"]
        assert (until.fault(), until.control.isEnabled()) == ("不在预备期，或已经延长过。", False)


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


def test_a_record_entered_wrong_is_removed_with_its_reason_and_that_can_be_undone(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        members = MemberService(shell.desk.store)
        members.register({"name": "赵一鸣", "full_on": "2006-07-01"})
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        dialog = CorrectionDialog(page, page.table.model.row_at(0))
        dialog.open()
        settle(qtbot, shell)
        stars = {}
        for way in ("merge", "remove"):
            dialog.how.set_options([("merge", "合并"), ("remove", "删除")], way)
            dialog.how.currentIndexChanged.emit(0)
            stars[way] = [name for name, field in dialog.fields.fields.items() if field.star()]
        assert stars == {"merge": ["how", "other_id"], "remove": ["how", "reason"]}
        dialog.submit()
        settle(qtbot, shell)
        assert "不能为空" in dialog.fields.fields["reason"].fault()
        put(dialog.fields.fields["reason"].control, "录入了两遍")
        dialog.submit()
        settle(qtbot, shell)
        assert members.roster() == []


def test_a_category_entered_wrong_is_put_right(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        members = MemberService(shell.desk.store)
        members.register({"name": "钱二宁", "category": "正式党员", "admitted_on": "2026-03-27"})
        page = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        dialog = CorrectionDialog(page, page.table.model.row_at(0))
        dialog.open()
        settle(qtbot, shell)
        dialog.how.set_value(MemberCategory.PROBATIONARY_MEMBER.value)
        put(dialog.fields.fields["reason"].control, "登记错了")
        dialog.submit()
        settle(qtbot, shell)
        assert members.roster()[0].category is MemberCategory.PROBATIONARY_MEMBER
