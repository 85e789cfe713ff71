"""核对原件: what was found is typed in a form, a false claim goes and its deduction comes, and it is taken back."""

from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.points import CheckVerdict, ClaimState
from desktop.services.access.rights import Rights
from desktop.services.access.roles import load_roles
from desktop.services.points.book import LineState, Way
from desktop.services.points.todo import COMPARE
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.points.comparing import AGAIN, CompareDialog, TakeBackDialog
from tests.services.points.conftest import Points
from tests.ui.desks import desk_on, settle
from tests.ui.lint import faults
from tests.ui.points.conftest import SIZES, form, page_of, stand_on, state, typed
from tests.ui.press import last, press


def told(page: object) -> list[str]:
    return [label.text() for label in cast(list[QLabel], page._side.findChildren(QLabel))]  # type: ignore[attr-defined]


def test_a_false_claim_goes_and_its_deduction_comes_until_it_is_taken_back(qtbot: QtBot, points: Points) -> None:
    claim = points.approved(points.committee())
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        press(shell, "去看")
        settle(qtbot, shell)
        QTest.keyClick(page.table.view, Qt.Key.Key_Space)
        settle(qtbot, shell)
        dialog = form(shell, CompareDialog)
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.field_sets[0].fields["verdict"].fault() == "请选择。"
        assert dialog.field_sets[0].fields["compared_by_id"].fault() == "请选择。"
        typed(dialog, verdict="属实", compared_by_id="赵一")
        assert not dialog.field_sets[0].fields["found"].star()
        typed(dialog, verdict="不实")
        assert dialog.field_sets[0].fields["found"].star()
        dialog.verb.click()
        settle(qtbot, shell)
        assert "写明看到什么" in dialog.field_sets[0].fields["found"].fault()
        assert faults(shell) == []
        typed(dialog, found="值班表上没有他")
        dialog.verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.REVOKED
        (check,) = points.row(claim).checks
        assert state(page, check.deduction_id or "") is LineState.SUBMITTED
        page.show_place("closed", (LineState.REVOKED,))
        settle(qtbot, shell)
        assert "值班表上没有他" in told(page)
        assert "周五，09-08，不计分" in told(page)
        assert faults(shell) == []
        press(shell, "看扣分的申报")
        settle(qtbot, shell)
        assert page.line is not None
        assert (page.line.key, page.line.source, page.line.way) == (check.deduction_id, "支部判断", Way.DECIDED)
        page.show_place("closed", (LineState.REVOKED,))
        settle(qtbot, shell)

        press(shell, "撤销核对")
        settle(qtbot, shell)
        dialog = form(shell, TakeBackDialog)
        assert any("扣分的申报一起退回" in words.text() for words in cast(list[QLabel], dialog.findChildren(QLabel)))
        typed(dialog, reason="看的是另一个月")
        dialog.verb.click()
        settle(qtbot, shell)
        assert points.row(check.deduction_id or "").state is ClaimState.REJECTED
        assert faults(shell) == []


def test_what_is_found_true_is_told_beside_the_publication(qtbot: QtBot, points: Points) -> None:
    claim = points.approved(points.committee())
    points.comparing.compare(claim, verdict=CheckVerdict.TRUE, found="看了值班表")
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        assert "抽 1 笔核对过原件，都属实：周五“防汛值守”。" in told(page)
        assert page.publish_button.isEnabled()
        assert "看了值班表" in told(page)
        press(shell, "撤销核对")
        settle(qtbot, shell)
        dialog = form(shell, TakeBackDialog)
        typed(dialog, reason="看的是另一笔")
        dialog.verb.click()
        settle(qtbot, shell)
        assert state(page, claim) is LineState.UNCOMPARED
        assert not page.publish_button.isEnabled()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_where_a_claim_was_compared(qtbot: QtBot, points: Points, size: tuple[int, int]) -> None:
    claim = points.approved(points.committee())
    points.comparing.compare(claim, verdict=CheckVerdict.ABSENT, found="原始单据在县局档案室，十二月再看")
    with desk_on(qtbot, points.store, size) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        assert faults(page) == []
        page.show_details()
        settle(qtbot, shell)
        assert faults(page) == []


def test_a_claim_that_was_posted_says_what_a_false_verdict_asks_for(qtbot: QtBot, points: Points) -> None:
    meeting = points.committee()
    claims = [points.approved(meeting, name) for name in ("钱二", "周五")]
    points.post(meeting)
    other = next(claim for claim in claims if points.row(claim).comparable)
    with desk_on(qtbot, points.store, SIZES[1]) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, other)
        press(shell, "核对原件")
        settle(qtbot, shell)
        dialog = form(shell, CompareDialog)
        assert any(words.text().endswith(AGAIN) for words in cast(list[QLabel], dialog.findChildren(QLabel)))
        typed(dialog, verdict="不实", found="有人反映，查实没有去", compared_by_id="赵一")
        dialog.verb.click()
        settle(qtbot, shell)
        assert page.book is not None
        assert [kept.outdated for kept in page.book.publications] == [True]
        check = points.row(other).checks[0]
        points.comparing.take_back(check.id, "问错了人")
        page.reload()
        settle(qtbot, shell)
        said = [label.text() for label in cast(list[QLabel], page._view_row.findChildren(QLabel))]
        assert said == ["公示里有撤销的，要重新公布。"]
        assert faults(shell) == []


def test_who_compares_is_asked_unless_it_is_who_works_here_and_the_files_are_at_hand(
    qtbot: QtBot, points: Points
) -> None:
    claim = points.approved(points.committee())
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        stand_on(qtbot, shell, page, claim)
        press(shell, "核对原件")
        settle(qtbot, shell)
        dialog = form(shell, CompareDialog)
        assert dialog.field_sets[0].fields["compared_by_id"].read() is None
        files = next(one for one in cast(list[QPushButton], dialog.findChildren(QPushButton)) if one.text() == "附件")
        files.click()
        settle(qtbot, shell)
        assert isinstance(last(shell), AttachmentsDialog)
        last(shell).reject()
        dialog.reject()
        settle(qtbot, shell)
        points.store.rights = replace(points.store.rights, own_member=points.ids["赵一"])
        press(shell, "核对原件")
        settle(qtbot, shell)
        assert form(shell, CompareDialog).field_sets[0].fields["compared_by_id"].read() == points.ids["赵一"]


def test_who_only_looks_is_not_offered_to_compare(qtbot: QtBot, points: Points) -> None:
    meeting = points.committee()
    claims = [points.approved(meeting, name) for name in ("钱二", "周五")]
    points.comparing.compare(claims[0], verdict=CheckVerdict.TRUE)
    reader = next(role for role in load_roles().roles if role.id == "branch_reader")
    points.store.rights = Rights.of([reader.grant])
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        for claim in claims:
            stand_on(qtbot, shell, page, claim)
            parts = cast(list[QPushButton], page.findChildren(QPushButton))
            assert {part.text() for part in parts if part.isVisible()}.isdisjoint({"核对原件", "撤销核对", "撤销"})


def test_the_first_page_leads_to_the_line_that_was_drawn(qtbot: QtBot, points: Points) -> None:
    meeting = points.committee()
    claims = [points.approved(meeting, name) for name in ("钱二", "孙三", "周五")]
    (drawn,) = points.publishing.standing(2026, 3).uncompared
    with desk_on(qtbot, points.store) as shell:
        page = page_of(qtbot, shell)
        page.go({"prefill": {"stand": COMPARE}})
        settle(qtbot, shell)
        assert len(page.table.model.rows()) == len(claims)
        assert page.line is not None
        assert page.line.key == drawn
