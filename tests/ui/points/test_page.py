"""积分: a claim goes its way by the forms, a quarter is published and printed, who only looks is offered nothing."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.services.access.roles import load_roles
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.keeping import AssessmentDraft
from desktop.services.points.book import LineState
from desktop.ui.points.comparing import CompareDialog
from desktop.ui.points.dialogs import (
    AnswerDialog,
    ApproveDialog,
    ClaimDialog,
    ExcuseDialog,
    PublishDialog,
    ReasonDialog,
    VerifyDialog,
)
from desktop.ui.points.page import FOUND
from desktop.ui.widgets.fields import Choice
from tests.services.points.conftest import Points
from tests.ui.desks import desk_on, settle
from tests.ui.lint import faults
from tests.ui.points.conftest import SIZES, form, page_of, stand_on, state, typed
from tests.ui.press import press, save_paper


def test_a_claim_goes_from_the_form_to_the_wall(qtbot: QtBot, points: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    points.committee()
    target = points.store.folder.parent / "公示.pdf"
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        page.hand_in()
        settle(qtbot, shell)
        dialog = form(shell, ClaimDialog)
        assert dialog.field_sets[0].fields["outcome"].star()
        typed(dialog, member_id="周五", rule="C4-01", event_on="2026-09-08", title="防汛值守")
        dialog.verb.click()
        settle(qtbot, shell)
        assert "凭效果计分" in dialog.field_sets[0].fields["outcome"].fault()
        typed(dialog, outcome="库房没有进水")
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.book is not None
        claim = page.book.lines[0].key
        assert state(page, claim) is LineState.SUBMITTED
        assert not page.publish_button.isEnabled()
        assert page.publish_button.toolTip() == "1笔申报没有审核完"

        stand_on(qtbot, shell, page, claim)
        QTest.keyClick(page.table.view, Qt.Key.Key_Space)
        settle(qtbot, shell)
        form(shell, VerifyDialog).verb.click()
        settle(qtbot, shell)
        press(shell, "送支委会审核")
        settle(qtbot, shell)
        form(shell, ApproveDialog).verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.UNCOMPARED
        assert not page.publish_button.isEnabled()

        press(shell, "核对原件")
        settle(qtbot, shell)
        dialog = form(shell, CompareDialog)
        typed(dialog, verdict="属实", found="看了值班表", compared_by_id="赵一")
        dialog.verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.UNPUBLISHED

        press(shell, "公布三季度积分")
        settle(qtbot, shell)
        form(shell, PublishDialog).verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.POSTED
        monkeypatch.setattr("desktop.ui.output.ask_save", lambda *_: target)
        press(shell, "打印公示")
        save_paper(qtbot, shell)
        assert target.read_bytes().startswith(b"%PDF")

        press(shell, "撤销")
        settle(qtbot, shell)
        dialog = form(shell, ReasonDialog)
        typed(dialog, reason="核对是另一人")
        dialog.verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.REVOKED
        assert page.publish_button.isEnabled()  # it asks for a new sheet


def test_a_late_payment_is_answered_with_a_reason_or_handed_in_as_a_deduction(qtbot: QtBot, points: Points) -> None:
    AssessmentService(points.store).save(AssessmentDraft(member_id=points.ids["周五"], year=2026, base_fen=842_000))
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)

        def stand_on_month(month: int, where: LineState) -> None:
            page.table.select(lambda line: line.what == f"{month}月党费逾期" and line.state is where)
            settle(qtbot, shell)

        stand_on_month(2, LineState.ASKED)
        press(shell, "有正当理由")
        settle(qtbot, shell)
        dialog = form(shell, ExcuseDialog)
        typed(dialog, reason="住院")
        dialog.verb.click()
        settle(qtbot, shell)
        stand_on_month(2, LineState.EXCUSED)
        assert page.line is not None
        assert page.line.claim is not None
        assert page.line.claim.reason == "有正当理由：住院"
        press(shell, "重新判断")
        settle(qtbot, shell)
        dialog = form(shell, ReasonDialog)
        typed(dialog, reason="住院的是别人")
        dialog.verb.click()
        settle(qtbot, shell)
        stand_on_month(2, LineState.ASKED)
        stand_on_month(3, LineState.ASKED)
        press(shell, "没有，扣分")
        settle(qtbot, shell)
        assert (page.line.what, page.line.state, page.line.rule) == ("3月党费逾期", LineState.SUBMITTED, "K-02")
        assert page.table.current() == page.line
        press(shell, "核实")
        settle(qtbot, shell)
        form(shell, VerifyDialog).reject()
        assert faults(page) == []
        press(shell, "撤销")
        settle(qtbot, shell)
        assert (page.line.what, page.line.state) == ("3月党费逾期", LineState.ASKED)


def test_claims_of_the_secretary_wait_for_the_answer_from_above(qtbot: QtBot, points: Points) -> None:
    claim = points.claim("赵一")
    points.claims.verify([claim])
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        assert state(page, claim) is LineState.WAITS_ABOVE
        press(shell, "登记上级审核")
        dialog = form(shell, AnswerDialog)
        typed(dialog, approving_org="市公司机关党委")
        dialog.verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.UNCOMPARED


def test_what_waits_for_the_same_step_is_taken_there_together(qtbot: QtBot, points: Points) -> None:
    points.committee()
    found = [points.claim(name) for name in ("钱二", "周五")]
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        page.flow.choose("submitted")
        page.flow.changed.emit("submitted")
        press(shell, "全部核实 2 笔")
        settle(qtbot, shell)
        assert {state(page, claim) for claim in found} == {LineState.VERIFIED}
        page.flow.choose("verified")
        page.flow.changed.emit("verified")
        press(shell, "全部审核 2 笔")
        settle(qtbot, shell)
        form(shell, ApproveDialog).verb.click()
        settle(qtbot, shell)
        assert {state(page, claim) for claim in found} == {LineState.UNCOMPARED, LineState.UNPUBLISHED}
        told = [each.text() for each in cast(list[QLabel], shell.findChildren(QLabel))]
        told = [words for words in told if words.startswith("公布前抽")]
        assert told == ["公布前抽1笔核对原件，1笔还没有核对"]


def test_the_statement_of_a_member_is_written(
    qtbot: QtBot, points: Points, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    points.approved(points.committee())
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        assert not page.statement_button.isEnabled()
        page.go({"record": points.ids["周五"]})
        assert [line.name for line in page.table.model.rows()] == ["周五"]
        monkeypatch.setattr("desktop.ui.output.ask_save", lambda *_: tmp_path / "对账单.pdf")
        press(shell, "个人对账单")
        save_paper(qtbot, shell)
        assert (tmp_path / "对账单.pdf").read_bytes().startswith(b"%PDF")


def test_a_hit_of_a_search_leads_to_its_line_in_its_year(qtbot: QtBot, points: Points) -> None:
    claim = points.approved(points.committee())
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        page.go({"record": claim})
        assert page.line is not None
        assert page.line.key == claim
        page.go({"prefill": {"stand": "verified"}})
        assert page.flow.current() == "verified"
        shell.desk.set_year(2025)
        settle(qtbot, shell)
        page.go({"record": claim})
        settle(qtbot, shell)
        assert shell.desk.year == 2026
        assert page.line.key == claim
        page.go({"prefill": {"stand": "posted", "year": "2025"}})
        settle(qtbot, shell)
        assert page.book is not None
        assert (shell.desk.year, page.book.points.year, page.flow.current()) == (2025, 2025, "posted")


def test_who_only_looks_sees_the_ledger_and_is_offered_nothing(qtbot: QtBot, points: Points) -> None:
    claim = points.claim(event_on=date(2026, 9, 8))
    reader = next(role for role in load_roles().roles if role.id == "branch_reader")
    points.store.rights = Rights.of([reader.grant])
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        parts = cast(list[QPushButton], page.findChildren(QPushButton))
        offered = {part.text() for part in parts if part.isVisible()}
        assert offered.isdisjoint({"申报一笔", "核实", "退回", "公布三季度积分", "个人对账单", "全部核实 1 笔"})
        assert offered.isdisjoint({"导出台账", "导出申报表", "导入申报表"})


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_at_any_size(qtbot: QtBot, points: Points, size: tuple[int, int]) -> None:
    claim = points.claim()
    points.committee()
    with desk_on(qtbot, points.store, size) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        assert faults(page) == []


def test_what_is_in_the_way_of_publishing_leads_to_its_lines_and_several_are_passed_on_at_once(
    qtbot: QtBot, points: Points
) -> None:
    points.committee()
    claims = [points.claim("周五"), points.claim("吴六")]
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        press(shell, "去看")
        assert page.flow.current() == "submitted"
        assert page.line is not None
        assert page.line.key in claims
        page.table.view.selectAll()
        assert len(page.table.chosen()) == len(claims)
        QTest.keyClick(page.table.view, Qt.Key.Key_Space)
        settle(qtbot, shell)
        assert {state(page, claim) for claim in claims} == {LineState.VERIFIED}
        press(shell, "去看")
        assert page.flow.current() == "verified"
        page.table.view.selectAll()
        QTest.keyClick(page.table.view, Qt.Key.Key_Space)
        settle(qtbot, shell)
        form(shell, ApproveDialog).verb.click()
        settle(qtbot, shell)
        assert {state(page, claim) for claim in claims} == {LineState.UNCOMPARED, LineState.UNPUBLISHED}
        press(shell, "去看")
        assert page.flow.current() == "unpublished"
        assert page.line is not None
        assert page.line.state is LineState.UNCOMPARED


def test_where_the_side_is_away_the_reason_stands_over_the_ledger(qtbot: QtBot, points: Points) -> None:
    points.claim("周五")
    with desk_on(qtbot, points.store, size=(1093, 542)) as shell:
        page = page_of(qtbot, shell)
        assert page._side.isHidden()
        said = [label.text() for label in cast(list[QLabel], page._view_row.findChildren(QLabel))]
        assert said == ["1笔申报没有审核完"]
        assert faults(shell) == []


def test_where_the_side_is_away_the_line_that_was_picked_stands_in_a_tab_of_its_own(
    qtbot: QtBot, points: Points
) -> None:
    claim = points.claim("周五")
    with desk_on(qtbot, points.store, size=(1093, 542)) as shell:
        page = page_of(qtbot, shell)
        press(shell, "去看")
        press(shell, "选中这笔")
        settle(qtbot, shell)
        press(shell, "核实")
        settle(qtbot, shell)
        form(shell, VerifyDialog).verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.VERIFIED
        press(shell, "公布")
        settle(qtbot, shell)
        said = {label.text() for label in cast(list[QLabel], page._side.findChildren(QLabel)) if label.isVisible()}
        assert "三季度公布" in said
        assert "防汛值守" not in said
        assert faults(shell) == []


def test_the_publication_in_view_shows_the_points_at_the_end_of_its_quarter(qtbot: QtBot, points: Points) -> None:
    meeting = points.committee()
    points.approved(meeting)
    points.approved(meeting, title="下一季度", event_on=date(2026, 10, 8))
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        said = {label.text() for label in cast(list[QLabel], page._side.findChildren(QLabel))}
        assert any(words.startswith("截至09-30，") for words in said)
        assert page.book is not None
        posted = next(each for each in page.book.counted.members if each.member_id == points.ids["周五"])
        assert (posted.total, points.of("周五").total) == (Decimal(2), Decimal(4))


@pytest.mark.parametrize("size", SIZES[1:])
def test_where_the_side_is_away_the_line_in_view_has_its_next_step_below_the_ledger(
    qtbot: QtBot, points: Points, size: tuple[int, int]
) -> None:
    points.committee()
    claim = points.claim("周五")
    with desk_on(qtbot, points.store, size=size) as shell:
        page = page_of(qtbot, shell)
        assert page._step_row.isHidden()
        stand_on(qtbot, shell, page, claim)
        assert page._side.isHidden()
        assert faults(shell) == []
        press(shell, "核实")
        settle(qtbot, shell)
        form(shell, VerifyDialog).verb.click()
        settle(qtbot, shell)
        press(shell, "送支委会审核")
        settle(qtbot, shell)
        form(shell, ApproveDialog).verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.UNCOMPARED
        said = [label.text() for label in cast(list[QLabel], page._view_row.findChildren(QLabel))]
        assert said == ["公布前抽1笔核对原件，1笔还没有核对"]
        assert faults(shell) == []
        press(shell, "核对原件")
        settle(qtbot, shell)
        assert faults(shell) == []
        form(shell, CompareDialog).reject()
        press(shell, "看详情")
        settle(qtbot, shell)
        assert not page._side.isHidden()
        assert faults(shell) == []


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_line_that_is_judged_stays_in_view_to_be_verified_also_where_only_what_is_found_is_shown(
    qtbot: QtBot, points: Points, size: tuple[int, int]
) -> None:
    AssessmentService(points.store).save(AssessmentDraft(member_id=points.ids["周五"], year=2026, base_fen=842_000))
    with desk_on(qtbot, points.store, size=size) as shell:
        page = page_of(qtbot, shell)
        page.way.choose(FOUND)
        page.way.changed.emit(FOUND)
        page.table.select(lambda line: line.what == "3月党费逾期")
        settle(qtbot, shell)
        press(shell, "没有，扣分")
        settle(qtbot, shell)
        assert page.line is not None
        assert (page.line.what, page.line.state) == ("3月党费逾期", LineState.SUBMITTED)
        assert page.table.current() == page.line
        press(shell, "核实")
        settle(qtbot, shell)
        form(shell, VerifyDialog).reject()


def test_a_quarter_is_shown_as_its_publication_freezes_it_and_its_levels_as_what_they_are(
    qtbot: QtBot, points: Points
) -> None:
    points.approved(points.committee())
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        assert page.book is not None
        assert page.book.counted.on == date(2026, 9, 30)
        told = [label.text() for label in cast(list[QLabel], page._side.findChildren(QLabel))]
        assert "截至09-30，" in "".join(told)
        assert "年底才定档：这是 1 月 1 日起累计的分，按全年的分数线暂看。" in told


def test_what_is_published_already_says_so_where_the_button_is_off(qtbot: QtBot, points: Points) -> None:
    meeting = points.committee()
    points.approved(meeting)
    points.post(meeting)
    with desk_on(qtbot, points.store, size=SIZES[1]) as shell:
        page = page_of(qtbot, shell)
        assert not page.publish_button.isEnabled()
        said = [label.text() for label in cast(list[QLabel], page._view_row.findChildren(QLabel))]
        assert said == [page.publish_button.toolTip()]
        assert "已经公示过" in said[0]


def test_the_publication_offers_the_meetings_that_will_do_on_the_day_of_posting(qtbot: QtBot, points: Points) -> None:
    points.committee(date(2026, 9, 28))
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)

        def opened() -> PublishDialog:
            page.publish()
            settle(qtbot, shell)
            return cast(PublishDialog, form(shell, PublishDialog))

        dialog = opened()
        field = dialog.fields.fields["meeting_id"]
        assert cast(Choice, field.control).values() == ()
        assert field.note().startswith("季度结束（2026-09-30）以后还没有开过支委会")
        dialog.reject()
        points.committee(date(2026, 10, 20))
        late = points.committee(date(2026, 11, 20))
        dialog = opened()
        choice = cast(Choice, dialog.fields.fields["meeting_id"].control)
        assert (len(choice.values()), choice.value()) == (2, late)
        dialog.day.set_value(date(2026, 11, 10))
        dialog.day.date_changed.emit()
        assert late not in choice.values()
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.book is not None
        assert [each.posted_on for each in page.book.publications] == [date(2026, 11, 10)]
