"""组织生活 > 民主评议: the steps, ballots, grades by keys, the third as it stands, problems, and what is refused."""

from datetime import date
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.services.access.rights import Rights
from desktop.services.appraisal.rows import StepKey
from desktop.services.appraisal.service import AppraisalService
from desktop.services.registers import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.ui.appraisal.ballots import BallotsPage
from desktop.ui.appraisal.dialogs import DecideDialog, FeedbackDialog, PrepareDialog, ProblemDialog, ReviewDialog
from desktop.ui.appraisal.page import LIST, AppraisalPage
from desktop.ui.main_window import Shell
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.places import open_where
from desktop.ui.widgets.dialogs import Dialog
from tests.services.appraisal.rounds import (
    NAMES,
    YEAR,
    E,
    Q,
    branch,
    counted,
    decided,
    graded,
    held,
    ids,
    reviewed,
    round_of,
)
from tests.sheets import content
from tests.ui.desks import desk_on, go, put, settle
from tests.ui.lint import faults

D = TypeVar("D")
SIZES = [(1366, 696), (1093, 542), (911, 440)]


def page_of(qtbot: QtBot, shell: Shell) -> AppraisalPage:
    return cast(AppraisalPage, go(qtbot, shell, "meetings", "appraisal"))


def found(page: AppraisalPage, kind: type[D]) -> D:
    dialog = page.findChild(kind)
    assert isinstance(dialog, kind)
    return dialog


def with_problem(store: Store) -> None:
    problem = {"event_on": "2027-01-08", "title": "党课联系实际不够", "source": "org_life", "due_on": "2027-01-31"}
    RegisterService(store).save("issue", {**problem, "for_year": YEAR, "concerned": "committee"})


@pytest.mark.parametrize("size", SIZES)
def test_every_step_and_the_problems_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    store = branch(tmp_path / "store")
    graded(store, 4)
    with_problem(store)
    with desk_on(qtbot, store, size) as shell:
        page = page_of(qtbot, shell)
        assert page.key is StepKey.GRADE
        for key in StepKey:
            page.show_step(key)
            settle(qtbot, shell)
            assert faults(shell) == []
        if not page.tabs_.isHidden():
            page.tabs_.choose(LIST)
            page.tabs_.changed.emit(LIST)
            settle(qtbot, shell)
            assert faults(shell) == []
        page.open_ballots()
        settle(qtbot, shell)
        assert faults(shell) == []


def test_a_year_begins_from_its_empty_page(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, branch(tmp_path / "store")) as shell:
        page = page_of(qtbot, shell)
        assert page.empty.isVisible()
        assert "2027 年 3 月 31 日前" in page.empty.step.text()
        page.begin()
        settle(qtbot, shell)
        assert page.line.isVisible()
        page.main_button.click()
        dialog = found(page, PrepareDialog)
        put(dialog.fields.fields["plan_on"].control, "2026-12-20")
        put(dialog.fields.fields["study_hours"].control, "没有")
        dialog.submit()
        assert dialog.fields.fields["study_hours"].fault()
        put(dialog.fields.fields["study_hours"].control, "4")
        put(dialog.fields.fields["planned_on"].control, "2026-10-09")
        dialog.submit()
        settle(qtbot, shell)
        assert round_of(shell.desk.store).facts.study_hours == 4
        page._open_meeting()
        settle(qtbot, shell)
        form = cast(MeetingForm, shell.page())
        assert form.basics.day.value() == date(2026, 10, 9)
        assert "个人对照检查和批评帮助" in [row.title.text() for row in form.agenda.rows]


def test_keys_set_grades_and_the_third_follows_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    graded(store, 3)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        assert page.main_button.isEnabled()
        assert page.why.isHidden()
        page.grid.stand_on(page.found.rated[-1].member_id)  # type: ignore[union-attr]
        QTest.keyClick(page.grid, Qt.Key.Key_1)
        assert page.why.text() == "优秀超 1 名"  # before the worker has written it
        assert not page.main_button.isEnabled()
        settle(qtbot, shell)
        assert round_of(store).rated[-1].grade is E
        assert [row.note for row in page.grid.rows if row.tone == "bad"] == ["超出名额"]
        assert page.grid.line() == round_of(store).rated[-1]
        page.why.click()
        assert page.grid.hasFocus() or page.grid.line() is not None
        QTest.keyClick(page.grid, Qt.Key.Key_2)
        settle(qtbot, shell)
        page.main_button.click()
        found(page, DecideDialog).submit()
        settle(qtbot, shell)
        assert round_of(store).decided
        assert page.found.at.key is StepKey.FEEDBACK  # type: ignore[union-attr]
        QTest.keyClick(page.grid, Qt.Key.Key_3)
        settle(qtbot, shell)
        assert round_of(store).rated[-1].grade is Q


def test_sums_of_ballots_are_typed_with_their_difference(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    reviewed(store)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.main_button.click()
        settle(qtbot, shell)
        typing = cast(BallotsPage, shell.page())
        for name, words in (("issued", "9"), ("collected", "10"), ("valid", "9")):
            put(typing.fields.fields[name].control, words)
        typing.submit()
        settle(qtbot, shell)
        assert "多于发出的9张" in typing.fields.fields["collected"].fault()
        put(typing.fields.fields["collected"].control, "9")
        model = typing.table.sums
        for row in range(len(NAMES)):
            for column, words in enumerate(("8", "1", "", ""), start=1):
                model.setData(model.index(row, column), words)
        assert "合计都相符" in typing.told.text()
        model.setData(model.index(0, 2), "2")
        assert "1 人合计不对" in typing.told.text()
        assert model.data(model.index(0, 5)) == "10（多 1）"
        assert not model.setData(model.index(0, 2), "好")
        model.setData(model.index(0, 2), "1")
        typing.submit()
        settle(qtbot, shell)
        assert shell.page() is page
        assert round_of(store).rated[0].votes == (8, 1, None, None)


def test_what_is_typed_of_ballots_is_kept_as_a_draft(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    reviewed(store)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.open_ballots()
        settle(qtbot, shell)
        typing = cast(BallotsPage, shell.page())
        typing.table.sums.setData(typing.table.sums.index(2, 1), "7")
        shell.desk.back()
        settle(qtbot, shell)
        page.open_ballots()
        settle(qtbot, shell)
        again = cast(BallotsPage, shell.page())
        assert again.table.sums.sums[2][0] == 7
        heard: list[str] = []
        again.table.said.connect(heard.append)
        again.table.paste(f"姓名\t合格\t优秀\n{NAMES[1]}\t2\t7\n{NAMES[0]}\t好\t9\n赵六\t1\t8")
        assert again.table.sums.sums[1][:2] == [7, 2]
        assert again.table.sums.sums[0][:2] == [9, None]
        assert heard == [f"粘贴了 3 格；没有收：名单里没有赵六；{NAMES[0]}有看不懂的数"]


def test_a_problem_goes_off_the_list_with_its_evidence(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    held(store)
    with_problem(store)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.problems.rows[0].click()
        dialog = found(page, ProblemDialog)
        put(dialog.fields.fields["confirmed_by"].control, "李建国")
        dialog.submit()
        settle(qtbot, shell)
        assert "凭什么销号" in dialog.fields.fields["evidence"].fault()
        cast(QPlainTextEdit, dialog.fields.fields["evidence"].control).setPlainText("三次党课讲稿")
        dialog.submit()
        settle(qtbot, shell)
        assert page.problems.count.words == "1 条，销号 1"


def test_the_review_of_a_member_is_typed_from_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    held(store)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.open_review(round_of(store).lines[0])
        dialog = found(page, ReviewDialog)
        before = content(store)
        dialog.submit()
        settle(qtbot, shell)
        assert page.findChild(ReviewDialog) is None
        assert content(store) == before
        assert shell.undo_bar.accessibleName() == "没有改动。"
        page.open_review(round_of(store).lines[0])
        dialog = found(page, ReviewDialog)
        put(dialog.fields.fields["review_on"].control, "2027-01-07")
        dialog.submit()
        settle(qtbot, shell)
        assert round_of(store).lines[0].review_on == date(2027, 1, 7)


def test_what_a_later_step_refuses_is_not_opened_before_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    AppraisalService(store).begin(YEAR)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        line = round_of(store).lines[0]
        page.open_review(line)
        assert list(found(page, ReviewDialog).fields.fields) == ["excused"]
        page.show_step(StepKey.GRADE)
        assert page.counted.count_link.isHidden()
        assert page.grid.settled
        for open_it in (page.open_ballots, lambda: page.open_grade(line), lambda: page.open_feedback(line)):
            open_it()
            assert shell.undo_bar.accessibleName().startswith("先补齐“会前准备”：方案、")
        assert shell.findChild(BallotsPage) is None


def test_a_review_is_only_read_once_the_grades_are_set(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    decided(store)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.open_review(round_of(store).lines[0])
        assert page.findChild(ReviewDialog) is None
        dialog = found(page, Dialog)
        said = [label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel))]
        assert any("已经定下，要改先写明原因，重新议定。" in each for each in said)


def test_feedback_asks_for_the_register_once_everybody_was_told(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    service, who = decided(store), ids(store)
    for name in NAMES[1:]:
        service.note(YEAR, who[name], {"fed_back_on": date(2027, 1, 18)})
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        page.open_feedback(round_of(store).rated[0])
        dialog = found(page, FeedbackDialog)
        assert "registered_on" not in dialog.fields.fields
        put(dialog.fields.fields["fed_back_on"].control, "2027-01-19")
        dialog.submit()
        settle(qtbot, shell)
        assert page.found.at.key is StepKey.PUBLISH  # type: ignore[union-attr]
        page.show_step(StepKey.FEEDBACK)
        page.view.feedback.select(lambda line: line.name == NAMES[0])
        assert page.picked() == round_of(store).line(who[NAMES[0]])
        page.open_feedback(round_of(store).rated[0])
        children = cast(list[QWidget], page.findChildren(QWidget))
        opened = [each for each in children if isinstance(each, FeedbackDialog)]
        assert "registered_on" in opened[-1].fields.fields


def test_the_gap_of_the_standard_opens_the_year_it_speaks_of(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    AppraisalService(store).begin(2026)
    score = StandardService(store).score(date(2027, 1, 20), 2026)
    gap = next(gap for gap in (*score.gaps, *score.upcoming) if gap.item_id == "D4-07")
    with desk_on(qtbot, store) as shell:
        open_where(shell.desk, gap.where)
        settle(qtbot, shell)
        page = cast(AppraisalPage, shell.page())
        assert page.year.value() == 2026
        assert page.found.begun  # type: ignore[union-attr]


def test_who_only_looks_sees_sums_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    store = branch(tmp_path / "store")
    counted(store)
    store.rights = Rights()
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        QTest.keyClick(page.grid, Qt.Key.Key_1)
        settle(qtbot, shell)
        assert round_of(store).rated[0].grade is None
        assert not page.main_button.isVisible()
        assert not page.counted.count_link.isVisible()
