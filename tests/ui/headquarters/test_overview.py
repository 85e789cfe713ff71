"""总览: branches invited, registered, looked at."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.race import RaceResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.sync.enrolment import EnrolmentService
from desktop.ui.headquarters.branch_filter import INVITED, LATE
from desktop.ui.headquarters.enrolling import BranchDialog, InvitedDialog, InviteDialog, RegistrationDialog
from desktop.ui.headquarters.overview import OverviewPage
from desktop.ui.headquarters.transferring import TransfersPage
from desktop.ui.printing.preview import PreviewDialog
from desktop.ui.widgets.fields import Choice
from tests.stores import new_store
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import built, loop_desk
from tests.ui.press import last, press


def test_a_branch_is_invited_and_its_registration_compared(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.invite_button.click()
        dialog = cast(InviteDialog, last(shell))
        dialog.verb.click()
        assert dialog.fields.fields["code"].fault() == "不能为空。"
        put(dialog.fields.fields["code"].control, "ZK-6")
        put(dialog.fields.fields["name"].control, "郸城县局党支部")
        dialog.write(tmp_path)
        settle(qtbot, shell)
        assert dialog.fields.fields["code"].fault() == "只能用字母和数字，最多20位。"
        put(dialog.fields.fields["code"].control, "ZK06")
        dialog.write(tmp_path)
        settle(qtbot, shell)
        invited = cast(InvitedDialog, last(shell))
        invited.print_link.click()
        settle(qtbot, shell)
        (preview,) = cast(list[PreviewDialog], page.findChildren(PreviewDialog))
        preview.reject()
        settle(qtbot, shell)
        assert page.table.select(lambda one: one.code == "ZK06")
        assert page.pane.chip.words == "已邀请"

        invitation = next(tmp_path.glob("ZK06_邀请_*.dzk"))
        with new_store(tmp_path / "branch", at="2026-10-12 10:00") as branch:
            written = EnrolmentService(branch).accept_invitation(invitation).confirm(tmp_path)
        page.register(written.path)
        settle(qtbot, shell)
        compare = cast(RegistrationDialog, last(shell))
        assert compare._registration.fingerprint == written.fingerprint
        compare.verb.click()
        settle(qtbot, shell)
        assert next(one for one in page.table.model.rows() if one.code == "ZK06").state is PartnerState.ACTIVE


def test_the_key_of_a_branch_is_copied_for_standard_tools(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.table.select(lambda branch: branch.code == "ZK01")
        press(shell, "复制公开钥匙")
        settle(qtbot, shell)
        assert QGuiApplication.clipboard().text().startswith('ZK01 namespaces="dzb-sync-v1" ssh-ed25519 AAAA')


def test_an_invitation_is_no_registration(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.register(next((built() / "U盘").glob("ZK01_邀请_*.dzk")))
        settle(qtbot, shell)
        assert not isinstance(last(shell), RegistrationDialog)


def test_name_and_group_of_a_branch_are_corrected(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.table.select(lambda branch: branch.code == "ZK01")
        press(shell, "改名称")
        dialog = cast(BranchDialog, last(shell))
        put(dialog.fields.fields["name"].control, "沈丘县局党支部")
        cast(Choice, dialog.fields.fields["group"].control).set_value("office")
        dialog.verb.click()
        settle(qtbot, shell)
        branch = page.table.current()
        assert branch is not None
        assert (branch.name, branch.group) == ("沈丘县局党支部", "office")
        assert page.pane.title.text() == "沈丘县局党支部"
        page.filter.group.choose("office")
        page.filter.group.changed.emit("office")
        assert [row.code for row in page.table.model.rows()] == ["ZK01"]
        assert faults(shell) == []


def test_the_overview_says_what_is_late_and_leads_to_the_branches_that_have_not_reported(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with loop_desk(qtbot, tmp_path, at="2027-01-12 09:00") as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        assert page.todo.words.text() == "1 件申诉待决定（2026年三季度）"
        assert page.todo.dates.text().startswith("另有 8 件要办，其中 3 件逾期。")
        page.todo.open_all()
        buttons = cast(list[QPushButton], page.todo.findChildren(QPushButton))
        ways = {each.accessibleName(): each for each in buttons}
        ways["看是哪些：5 个支部还没报2026年四季度（1 月 10 日已截止）"].click()
        settle(qtbot, shell)
        assert page.filter.state.value() == LATE
        assert len(page.table.model.rows()) == 5
        rows = page.table.model.rows()
        assert {page.lag(row).tone for row in rows} == {"bad"}
        told = [page.lag(replace(rows[0], lag_days=days)).text for days in (-31, 0, 2)]
        assert told == ["晚于今天", "今天", "2 天前"], "the clock may have been set back"
        page.filter.state.set_value(INVITED)
        assert list(page.table.model.rows()) == []


def test_the_overview_says_what_waits_and_each_score_its_day(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        assert page.todo.words.text() == "1 件申诉待决定（2026年三季度）"
        assert page.todo.dates.text().startswith("另有 3 件要办。2026年三季度")
        page.todo.open_all()
        buttons = cast(list[QPushButton], page.todo.findChildren(QPushButton))
        ways = [each.accessibleName() for each in buttons]
        assert "去核定：1 笔书记的积分申报待核定" in ways
        columns = {column.title: column for column in page.table.model.columns}
        for row in page.table.model.rows():
            assert "按 10-12 计" in columns["核定得分率"].draw_by(row).words()
            assert columns["自评得分率"].draw_by(row).words() != "—"


def test_what_is_not_known_is_exported_as_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.enrolment.invite("ZK06", "郸城县局党支部", "mixed", tmp_path)
        shell.desk.changed()
        settle(qtbot, shell)
        sheet = page.table.model.sheet("支部总览")
        row = dict(zip(sheet.heads, next(row for row in sheet.rows if row[0] == "ZK06"), strict=True))
        assert [row[head] for head in ("最后一包", "距今", "自评得分率", "核定得分率", "核定待评")] == [None] * 5


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542)])
def test_a_branch_looked_at_scrolls_in_its_pane_and_says_which_data_were_reckoned_for_which_day(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    with loop_desk(qtbot, tmp_path, at="2026-11-26 09:00", size=size) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        assert page.table.select(lambda branch: branch.code == "ZK04")
        settle(qtbot, shell)
        row = page.table.current()
        assert row is not None
        columns = {column.title: column for column in page.table.model.columns}
        assert columns["最后一包"].draw_by(row).words().endswith("2026-10-12 收")
        assert "按 11-26 计" in columns["核定得分率"].draw_by(row).words()
        told = [label.text() for label in cast(list[QLabel], page.pane.findChildren(QLabel))]
        assert "第 1 号包，2026-10-12 收" in told
        assert "2026-11-26，包以后的事没有算进去" in told
        frame = page.parentWidget().parentWidget()
        assert isinstance(frame, QScrollArea)
        assert not frame.verticalScrollBar().isVisible(), "the list stays where it is"
        assert faults(shell) == []


def test_who_stands_on_two_rosters_is_named_with_the_way_to_both(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        store, page = shell.desk.store, cast(OverviewPage, go(qtbot, shell, "home"))
        with store.unit_of_work("收包", Act.EXCHANGE) as session:
            listed = select(Member).where(Member.status == MemberStatus.FULL_MEMBER)
            first = session.scalars(listed.where(Member.id_no != "")).first()
            assert first is not None
            other = session.scalars(listed.where(Member.branch_id != first.branch_id)).first()
            assert other is not None
            other.id_no = first.id_no
        qtbot.waitUntil(lambda: "1 人同时在两个支部的名册上" in [deed.words for deed in page._waiting])
        settle(qtbot, shell)
        page.todo.open_all()
        settle(qtbot, shell)
        press(shell, "看是谁")
        settle(qtbot, shell)
        people = cast(TransfersPage, shell.page())
        (person,) = people.table.model.rows()
        assert {place.member_id for place in person.places} == {first.id, other.id}
        people.table.select(lambda _person: True)
        with qtbot.waitSignal(shell.branch_requested) as asked:
            press(shell, "看名册")
        place = person.places[0]
        where = {"area": "members", "tab": "roster", "where": {"record": place.member_id}}
        assert asked.args == [place.branch_id, where]
        assert faults(shell) == []


def test_the_overview_is_of_the_year_of_the_box_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path, at="2027-01-12 09:00") as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        columns = {column.title: column for column in page.table.model.columns}
        assert page.subtitle() == shell.subtitle.text() == "2026 年，得分算到 12-31，名次和类别是2026年三季度的"
        assert page._called() == "2026年支部总览"
        assert {columns["类别"].words(row) for row in page.table.model.rows()} >= {"先进", "落后"}
        with shell.desk.store.unit_of_work("撤回公布") as session:
            for result in session.scalars(select(RaceResult)):
                result.published_on = None
        page.reload()
        settle(qtbot, shell)
        assert page.subtitle().endswith("，名次和类别是2026年三季度的，已计分、没有公布")
        shell.desk.set_year(2027)
        settle(qtbot, shell)
        assert shell.years.value() == 2027
        assert page.subtitle() == "2027 年，得分算到 01-12，还没有名次和类别"
        assert {columns["类别"].words(row) for row in page.table.model.rows()} == {"—"}
        assert {columns["已报"].words(row) for row in page.table.model.rows()} == {"0 期"}
        page.todo.open_all()
        ways = {each.accessibleName(): each for each in cast(list[QPushButton], page.todo.findChildren(QPushButton))}
        next(way for words, way in ways.items() if words.startswith("看2026年：2026年还有 ")).click()
        settle(qtbot, shell)
        assert (shell.desk.year, shell.years.value()) == (2026, 2026)
        assert faults(shell) == []


def test_the_cursor_begins_at_the_button_of_the_first_task(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        page.list_link.setFocus()  # where the log-in puts it while nothing is read yet
        page._fresh = True
        shell.desk.changed()
        settle(qtbot, shell)
        assert page.todo.first_way is not None
        assert shell.focusWidget() is page.todo.first_way
        page.list_link.setFocus()
        shell.desk.changed()
        settle(qtbot, shell)
        assert shell.focusWidget() is page.list_link, "what is read again takes the cursor nowhere"
        first = page.todo.first_way
        assert first is not None
        page.list_link.clearFocus()
        shell.stand()
        assert shell.focusWidget() is first


def test_a_long_sum_never_makes_the_page_wider_than_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(OverviewPage, go(qtbot, shell, "home"))
        before = page.minimumSizeHint().width()
        page._summed.setText("30 个支部 · 0 个已报，30 个没报 · 年底党员 489 人 · 核定均分 56.97，自评均分 88.65" * 3)
        qtbot.wait(1)
        assert page.minimumSizeHint().width() == before
        page._summed.explain("往年的")
        assert page._summed.toolTip() == f"{page._summed.words()}\n往年的"
