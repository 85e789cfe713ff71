"""发展党员: cases, the strip, the step in view, every form with one refusal, and what who only looks is offered."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.development import HelperRole
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.access.rights import Rights
from desktop.services.access.roles import load_roles
from desktop.services.development.history import CaseHistory
from desktop.services.development.service import DevelopmentService
from desktop.services.meetings import MeetingDraft, MeetingDrafts
from desktop.services.members import MemberService
from desktop.services.store import Store
from desktop.ui import theme
from desktop.ui.development.forms import (
    ApplicantDialog,
    HelperDialog,
    InquiryDialog,
    OpinionDialog,
    PaperDialog,
    StepDialog,
)
from desktop.ui.development.page import DevelopmentPage
from desktop.ui.development.whole import AdmitDialog, CaseDialog, ProbationDialog, RulesDialog
from desktop.ui.form_dialog import FormDialog
from desktop.ui.main_window import Shell
from desktop.ui.meetings.form import MeetingForm
from tests.stores import new_store
from tests.ui.desks import TODAY, desk_on, go, put, settle
from tests.ui.lint import faults
from tests.ui.press import last, press

SIZES = [(1366, 696), (1093, 542), (911, 440)]
LISTED = {2: "2024-05-20", 3: "2025-04-15", 4: "2025-04-20", 5: "2025-04-22", 6: "2026-09-10", 7: "2026-09-17"}


def with_cases(folder: Path) -> Store:
    """Return a branch with an applicant, and somebody whose publicity was too short."""
    store = new_store(folder / "store", at=TODAY)
    service = DevelopmentService(store)
    MemberService(store).register({"name": "陶静", "admitted_on": "2010-07-01", "full_on": "2011-07-01"})
    service.begin({"name": "郭文涛", "job_title": "送货员", "applied_on": "2026-11-01"})
    case_id = service.begin(
        {"name": "田雨欣", "job_title": "客户经理", "born_on": "1996-02-01", "applied_on": "2024-05-06"}
    )
    for no, on in LISTED.items():
        service.record_step(case_id, no, {"done_on": on})
    service.record_step(
        case_id,
        8,
        {"consent_on": "2026-09-25", "from_on": "2026-09-28", "to_on": "2026-10-09", "done_on": "2026-10-09"},
    )
    return store


def page_of(qtbot: QtBot, shell: Shell) -> DevelopmentPage:
    return cast(DevelopmentPage, go(qtbot, shell, "members", "development"))


def form(shell: Shell, kind: type[FormDialog]) -> FormDialog:
    dialog = last(shell)
    assert isinstance(dialog, kind)
    return dialog


def submit(qtbot: QtBot, shell: Shell, dialog: FormDialog, **words: str) -> None:
    for name, typed in words.items():
        fields = next(part for part in dialog.field_sets if name in part.fields)
        control = fields.fields[name].control
        if hasattr(control, "setPlainText"):
            control.setPlainText(typed)
        else:
            put(control, typed)
    dialog.verb.click()
    settle(qtbot, shell)


def fault(dialog: FormDialog, name: str) -> str:
    return next(part for part in dialog.field_sets if name in part.fields).fields[name].fault()


@pytest.mark.parametrize("size", SIZES)
def test_cases_steps_and_the_step_in_view_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_on(qtbot, with_cases(tmp_path), size) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        assert (page.case.name, page.no) == ("田雨欣", 8 if size[0] > 960 else 0)  # the pane would cover the list
        assert faults(shell) == []
        page.show_step(8)
        settle(qtbot, shell)
        assert faults(shell) == []
        page.show_step(15)
        settle(qtbot, shell)
        assert faults(shell) == []
        name = QFontMetricsF(theme.font(12, bold=True)).horizontalAdvance("申请入党")  # two steps: the narrowest stage
        assert page.strip.box_of(3).left() - page.strip.box_of(1).left() > name
        assert page.strip.box_of(25).right() <= page.strip.width()


def test_the_strip_leads_to_a_step_by_mouse_and_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        at = page.strip.box_of(10).center()
        QTest.mouseClick(page.strip, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x()), int(at.y())))
        assert page.no == 10
        QTest.keyClick(page.strip, Qt.Key.Key_Right)
        assert page.no == 11
        assert page.pane.title.text() == "短期集中培训"
        page.list.chosen.emit(next(row.id for row in page._rows() if row.name == "郭文涛"))
        settle(qtbot, shell)
        assert (page.case and page.case.name, page.no) == ("郭文涛", 2)


def test_a_new_applicant_is_registered_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, new_store(tmp_path / "store", at=TODAY)) as shell:
        page = page_of(qtbot, shell)
        assert page._stack.currentIndex() == 1
        page.new()
        settle(qtbot, shell)
        dialog = form(shell, ApplicantDialog)
        submit(qtbot, shell, dialog, name="丁思琪", applied_on="2026-12-01")
        assert "在今天之后" in fault(dialog, "applied_on")
        submit(qtbot, shell, dialog, applied_on="2026-11-02")
        assert page.case is not None
        assert (page.case.name, page.no) == ("丁思琪", 2)


def test_a_new_applicant_opens_at_the_own_next_step_whatever_step_was_in_view(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        page.show_step(15)
        page.new()
        settle(qtbot, shell)
        submit(qtbot, shell, form(shell, ApplicantDialog), name="丁思琪", applied_on="2026-11-02")
        assert page.case is not None
        assert (page.case.name, page.no) == ("丁思琪", 2)


def test_a_step_is_written_down_and_an_impossible_day_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        page.record(8)
        settle(qtbot, shell)
        dialog = form(shell, StepDialog)
        submit(qtbot, shell, dialog, to_on="2026-09-01")
        assert fault(dialog, "to_on") == "早于起。"
        submit(qtbot, shell, dialog, to_on="2026-10-10", done_on="2026-10-11")
        assert page.case is not None
        assert page.case.view.step(8).breach == ""
        page.record(15)
        settle(qtbot, shell)
        form(shell, StepDialog).reject()


def test_an_opinion_stays_beside_the_breach(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        OpinionDialog(page, page.case, page.case.view.step(8)).open()
        dialog = form(shell, OpinionDialog)
        submit(qtbot, shell, dialog, opinion="机关党委：补足公示", opinion_on="2026-12-30")
        assert "在今天之后" in fault(dialog, "opinion_on")
        submit(qtbot, shell, dialog, opinion_on="2026-11-20")
        assert page.case.step(8).opinion == "机关党委：补足公示"
        assert page.case.view.step(8).breach


def test_papers_people_and_letters_are_kept_and_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        PaperDialog(page, page.case, page.case.view.step(8)).open()
        paper = form(shell, PaperDialog)
        submit(qtbot, shell, paper, name="")
        assert fault(paper, "name") == "不能为空。"
        submit(qtbot, shell, paper, name="公示情况说明")
        assert [each.name for each in page.case.papers] == ["公示情况登记表"]
        HelperDialog(page, page.case, HelperRole.CONTACT).open()
        settle(qtbot, shell)
        helper = cast(HelperDialog, form(shell, HelperDialog))
        submit(qtbot, shell, helper)
        assert fault(helper, "member_id").startswith("选一名党员")
        helper.member.setCurrentIndex(1)
        submit(qtbot, shell, helper)
        assert [each.name for each in page.case.helpers] == ["陶静"]
        InquiryDialog(page, page.case).open()
        inquiry = form(shell, InquiryDialog)
        submit(qtbot, shell, inquiry, relation="父亲", sent_on="2026-10-20", replied_on="2026-10-19")
        assert fault(inquiry, "replied_on") == "早于发函日期。"
        submit(qtbot, shell, inquiry, replied_on="2026-10-25")
        assert [each.relation for each in page.case.inquiries] == ["父亲"]


def test_state_and_edition_need_their_reason(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        RulesDialog(page, page.case, [("development_2014", "2014年细则")]).open()
        rules = form(shell, RulesDialog)
        rules.field_sets[0].fields["ruleset"].control.setCurrentIndex(1)  # type: ignore[attr-defined]
        submit(qtbot, shell, rules)
        assert fault(rules, "ruleset_reason").startswith("写明为什么")
        submit(qtbot, shell, rules, ruleset_reason="机关党委答复")
        assert page.case.ruleset == "development_2014"
        CaseDialog(page, page.case).open()
        state = form(shell, CaseDialog)
        state.field_sets[0].fields["state"].control.set_value("withdrawn")  # type: ignore[attr-defined]
        submit(qtbot, shell, state)
        assert fault(state, "state_reason") == "写明原因。"
        submit(qtbot, shell, state, state_reason="本人撤回申请")
        assert [row.name for row in page._rows()] == ["郭文涛"]
        assert page.list.others.text() == "已结束 1 人"


def test_who_was_approved_is_entered_into_the_roster_by_asking(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_cases(tmp_path)
    service = DevelopmentService(store)
    case_id = next(row.id for row in service.cases() if row.name == "田雨欣")
    service.record_step(case_id, 15, {"done_on": "2026-11-02"})
    service.record_step(case_id, 17, {"done_on": "2026-11-20"})
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        got = page._got
        assert got is not None
        page._ask(next(row for row in got.cases if row.id == case_id), got.proposals[case_id])
        settle(qtbot, shell)
        submit(qtbot, shell, form(shell, AdmitDialog))
        assert [member.name for member in MemberService(store).roster()] == ["陶静", "田雨欣"]
        page.show_case(case_id)
        settle(qtbot, shell)
        assert page.case is not None
        ProbationDialog(page, page.case).open()
        dialog = form(shell, ProbationDialog)
        submit(qtbot, shell, dialog, extended_to="2027-12-02", extended_on="2026-11-20")
        assert "6至12个月" in fault(dialog, "extended_to")


def test_a_congress_is_planned_after_asking_where_something_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        page.plan_congress()
        asked = last(shell)
        assert "第8步" in "".join(label.text() for label in cast(list[QLabel], asked.findChildren(QLabel)))
        asked.verb.click()
        settle(qtbot, shell)
        settle(qtbot, shell)
        meeting = shell.page()
        assert isinstance(meeting, MeetingForm)
        last_item = meeting.agenda.rows[-1]
        assert (last_item.title.text(), len(meeting.agenda.rows)) == ("接收田雨欣为预备党员", 5)
        assert last_item.vote is not None
        assert last_item.vote.draft("").kind == "admit_probationary"
        assert [person.name for person in meeting.draft().observers] == ["田雨欣"]
        assert meeting.attendance.voters() == (1, 1)
        assert faults(shell) == []


def test_an_unfinished_congress_is_gone_on_with_and_that_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        MeetingDrafts(shell.desk.store).save(
            MeetingDraft(MeetingKind.BRANCH_CONGRESS, shell.desk.store.today, topic="别的议题")
        )
        page = page_of(qtbot, shell)
        case = page.case
        assert case is not None
        page._plan(case)
        settle(qtbot, shell)
        settle(qtbot, shell)  # first it is looked for, then the form reads it
        meeting = shell.page()
        assert isinstance(meeting, MeetingForm)
        assert meeting.draft().topic == "别的议题"
        assert "没写完的支部党员大会" in shell.undo_bar.words()
        meeting.discard()
        settle(qtbot, shell)
        settle(qtbot, shell)
        assert meeting.draft().topic == "讨论接收田雨欣为预备党员"


def test_what_is_known_of_a_clause_unfolds_in_the_pane(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        page.show_step(8)
        settle(qtbot, shell)
        said = [label for label in cast(list[QLabel], page.pane.findChildren(QLabel)) if label.text() == "第13条"]
        assert [label.isVisible() for label in said] == [False]
        press(shell, "看条文")
        settle(qtbot, shell)
        assert [label.isVisible() for label in said] == [True]
        assert faults(shell) == []


def test_a_case_is_deleted_and_its_history_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_cases(tmp_path)
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        told = {change.sentence for change in CaseHistory(store).of(page.case.id)}
        assert {"登记入党申请人“田雨欣”", "登记“田雨欣”第8步“报上级党委同意并公示”"} <= told
        page.remove(page.case)
        settle(qtbot, shell)
        assert [row.name for row in page._rows()] == ["郭文涛"]
        assert [row.name for row in page.service.deleted()] == ["田雨欣"]


def test_who_only_looks_is_offered_nothing_to_write(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_cases(tmp_path)
    store.rights = Rights()
    with desk_on(qtbot, store) as shell:
        page = page_of(qtbot, shell)
        for part in (page.new_button, page.import_button, page.print_button, page.congress_button):
            assert part.isHidden()
        page.record(8)
        settle(qtbot, shell)
        assert last(shell).verb.text() == "关闭"


def test_who_writes_meetings_of_a_group_only_is_offered_no_congress(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_cases(tmp_path)
    store.rights = Rights.of(role.grant for role in load_roles().roles if role.id == "group_leader")
    with desk_on(qtbot, store) as shell:
        assert page_of(qtbot, shell).congress_button.isHidden()


def test_who_is_on_the_roster_already_is_linked_by_one_press(qtbot: QtBot, tmp_path: Path) -> None:
    store = with_cases(tmp_path)
    service = DevelopmentService(store)
    case_id = next(row.id for row in service.cases() if row.name == "田雨欣")
    MemberService(store).register({"name": "田雨欣", "admitted_on": "2026-11-02", "category": "预备党员"})
    service.record_step(case_id, 15, {"done_on": "2026-11-02"})
    service.record_step(case_id, 17, {"done_on": "2026-11-20"})
    with desk_on(qtbot, store) as shell:
        page_of(qtbot, shell)
        press(shell, "关联")
        settle(qtbot, shell)
        assert service.case(case_id).member_id


def test_a_step_changed_meanwhile_is_shown_and_only_what_was_typed_goes_over_it(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, with_cases(tmp_path)) as shell:
        page = page_of(qtbot, shell)
        assert page.case is not None
        case_id = page.case.id
        page.record(8)
        settle(qtbot, shell)
        dialog = form(shell, StepDialog)
        page.service.record_step(case_id, 8, {"result": "没有反映"})
        submit(qtbot, shell, dialog, handler="王秀英")
        asked = last(shell)
        assert asked is not dialog
        asked.verb.click()
        settle(qtbot, shell)
        step = page.service.case(case_id).step(8)
        assert (step.handler, step.result) == ("王秀英", "没有反映")
