"""组织生活: write a meeting down, see quorum and vote at once, confirm it, correct it; drafts are kept."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.errors import StorageFailure
from desktop.services.meetings import Absence, ActionDraft, MeetingDraft, MeetingDrafts, MeetingRules, MeetingService
from desktop.ui.main_window import Shell
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.meetings.listing import MeetingsPage, _state
from desktop.ui.table_model import Tag
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, show_in_view
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.lint import faults
from tests.ui.press import last, press


def new_form(qtbot: QtBot, shell: Shell, kind: MeetingKind = MeetingKind.BRANCH_CONGRESS) -> MeetingForm:
    cast(MeetingsPage, go(qtbot, shell, "meetings", "list")).open_form(kind)
    settle(qtbot, shell)
    return cast(MeetingForm, shell.page())


def fill(form: MeetingForm) -> None:
    form.basics.span.setText("14:30-16:05")
    form.basics.place.setText("党员活动室")
    form.basics.topic.setText("讨论预备党员转正")
    form.basics.chair.setCurrentText("高红卫")
    form.basics.recorder.setCurrentText("谢雪莲")


def absent(form: MeetingForm, *names: str) -> None:
    known = {name: key for key, name in form.attendance.names().items()}
    for name in names:
        form.attendance.grid.tick(known[name], True)


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)])
def test_the_list_and_the_form_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        page.table.step(1)
        settle(qtbot, shell)
        assert faults(shell) == []
        form = new_form(qtbot, shell)
        row = form.agenda.rows[0]
        row.title.setText("讨论预备党员转正")
        form.agenda.add_vote(row)
        absent(form, "王伟")
        form.extras.open(True)
        settle(qtbot, shell)
        assert faults(shell) == []


def test_what_nobody_sees_of_pasted_words_is_not_kept(qtbot: QtBot, tmp_path: Path) -> None:
    """Words from a web page or a chat bring marks along that nobody sees and no search finds."""
    unseen = "\u200b\u202e\ufeff"
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        row = form.agenda.rows[0]
        long = (row.content, form.extras.resolution, form.extras.plan, form.extras.follow_up, form.extras.summary)
        for line in (form.basics.topic, form.basics.place, row.title, row.resolution, form.extras.observers):
            line.setText(f"学{unseen}习")
        for text in (*long, form.extras.speeches):
            text.setPlainText(f"{unseen}学{unseen}习\r\n讨论{unseen}")
        form.basics.recorder.setCurrentText(f"外{unseen}人")
        form.actions_box.add(ActionDraft(""))
        form.actions_box.lines[0].what.setText(f"整{unseen}改")
        draft = form.draft()
        assert (draft.topic, draft.place, draft.recorder_name) == ("学习", "学习", "外人")
        assert draft.actions[0].what == "整改"
        assert {item.title for item in draft.agenda} == {"学习"}
        assert not any(mark in repr(draft) for mark in (*unseen, "\\u200b", "\\u202e", "\\ufeff"))


def test_a_meeting_is_recorded_with_vote_and_task(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        absent(form, "王伟", "赵佳怡")
        assert "可以开会：有表决权 27 / 29" in form.attendance.chip.words
        row = form.agenda.rows[0]
        row.title.setText("讨论预备党员李晓燕转正")
        row.resolution.setText("同意按期转为正式党员")
        form.agenda.add_vote(row)
        assert row.vote is not None
        row.vote.yes.setText("26")
        row.vote.no.setText("4")
        assert row.vote.valid.words == "数字前后矛盾：赞成、反对、弃权共30票，多于实到27人"
        row.vote.no.setText("0")
        row.vote.abstain.setText("1")
        assert (row.vote.valid.words, row.vote.passed.words) == ("有效", "通过：26 票，须 15 票")
        form.actions_box.add_link.click()
        put(form.actions_box.lines[0].what, "转正材料报市公司")
        put(form.actions_box.lines[0].due, "2026.11.30")
        form.done_button.click()
        settle(qtbot, shell)
        page = cast(MeetingsPage, shell.page())
        newest = page.table.model.row_at(0)
        detail = MeetingService(shell.desk.store).detail(newest.id)
        assert (newest.present, newest.due) == (28, 30)
        assert detail.votes[0].verdict.passed is True
        assert detail.actions[0].what == "转正材料报市公司"
        assert MeetingDrafts(shell.desk.store).all() == []


def test_opinions_handed_in_beforehand_are_asked_for_where_they_count_and_add_to_those_in_favour(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        absent(form, "王伟", "赵佳怡")
        row = form.agenda.rows[0]
        row.title.setText("审议年度计划")
        form.agenda.add_vote(row)
        assert row.vote is not None
        assert row.vote.written.isHidden() or not row.vote.written.isVisibleTo(row.vote)
        row.vote.kind.set_value("admit_probationary")
        assert row.vote.written.isVisibleTo(row.vote)
        for field, number in ((row.vote.yes, 14), (row.vote.no, 13), (row.vote.abstain, 0), (row.vote.written, 1)):
            field.setText(str(number))
        assert row.vote.valid.words == "填完票数就能判断"
        row.vote.written_yes.setText("1")
        assert (row.vote.valid.words, row.vote.passed.words) == ("有效", "通过：14 票加书面 1 份，须 15 票")


def test_votes_that_contradict_themselves_are_doubted_at_the_vote_before_they_are_kept(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        absent(form, "王伟", "赵佳怡")
        row = form.agenda.rows[0]
        row.title.setText("讨论预备党员李晓燕转正")
        form.agenda.add_vote(row)
        assert row.vote is not None
        row.vote.yes.setText("26")
        row.vote.no.setText("4")
        row.vote.abstain.setText("0")
        form.done_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert "共30票，多于实到27人。请核对" in row.vote._doubt.text()
        assert faults(shell) == []
        row.vote.no.setText("3")
        assert row.vote._doubt.text() == ""
        form.done_button.click()
        settle(qtbot, shell)
        assert "共29票，多于实到27人。请核对" in row.vote._doubt.text()
        form.done_button.click()
        settle(qtbot, shell)
        newest = cast(MeetingsPage, shell.page()).table.model.row_at(0)
        assert MeetingService(shell.desk.store).detail(newest.id).votes[0].no == 3
        assert "改正以后才能确认" in shell.undo_bar.words()


def test_the_form_offers_the_standards_words_for_leave(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        absent(form, "王伟")
        choice = cast(Choice, form.attendance._reasons.findChild(Choice))
        offered = [choice.itemText(number) for number in range(choice.count())]
        words = MeetingRules(shell.desk.store).leave_words(shell.desk.store.today)
        assert offered == ["未说明", *words, "无故缺席"]
        assert form.attendance.absences()[0].state is AttendanceState.ABSENT, "nobody is given leave unasked"
        choice.set_value("无故缺席")
        assert form.attendance.absences()[0].state is AttendanceState.ABSENT
        choice.set_value("病假")
        assert form.attendance.absences()[0].state is AttendanceState.LEAVE
        assert {"值班", "产假"} <= set(words)


def test_a_committee_meeting_without_quorum_is_shown_as_none(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        service = MeetingService(shell.desk.store)
        day = date(2026, 11, 20)
        away = [Absence(person.member_id, "事假") for person in service.expected(MeetingKind.COMMITTEE_MEETING, day)]
        service.record(MeetingDraft(MeetingKind.COMMITTEE_MEETING, day, topic="研究工作", absences=tuple(away[1:])))
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        invalid = next(row for row in page.table.model.rows() if row.topic == "研究工作")
        assert (invalid.quorate, _state(invalid)) == (False, Tag("人数不足", "bad"))


def test_times_are_written_out_when_their_field_is_left_or_refused_there(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        for words, written in (("1430-1600", "14:30 – 16:00"), ("下午2：30", "14:30"), ("", "")):
            form.basics.span.setText(words)
            form.basics.span.editingFinished.emit()
            assert (form.basics.span.text(), form.basics.fields["started_at"].fault()) == (written, "")
        form.basics.span.setText("下午")
        form.basics.span.editingFinished.emit()
        assert form.basics.fields["started_at"].fault().startswith("不是时间")


def test_the_minutes_grow_beside_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        qtbot.waitUntil(lambda: form.preview.drawn is not None)


def test_a_meeting_in_the_future_is_refused_and_stays_on_screen(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        before = len(MeetingService(shell.desk.store).meetings())
        form = new_form(qtbot, shell)
        fill(form)
        put(form.basics.day, "2026-12-24")
        form.basics.day.editingFinished.emit()
        settle(qtbot, shell)
        form.done_button.click()
        settle(qtbot, shell)
        assert shell.page() is form
        assert form.basics.fields["held_on"].fault() or shell.findChild(Dialog) is not None
        assert len(MeetingService(shell.desk.store).meetings()) == before


def test_a_draft_that_could_not_be_kept_loses_the_tick_of_the_one_before(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        form._keep()
        settle(qtbot, shell)
        assert form.saved._words.text().startswith("草稿已存 ")
        form.saved.not_kept(StorageFailure("E-DISK-FULL"))
        assert form.saved._words.text() == "草稿没有存下"
        assert form.saved._mark._name != "check"
        [dialog] = [each for each in cast(list[Dialog], shell.findChildren(Dialog)) if each.isVisible()]
        dialog.accept()


def test_what_was_typed_is_offered_again(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        shell.pop_page()
        settle(qtbot, shell)
        page = cast(MeetingsPage, shell.page())
        page.reload()
        settle(qtbot, shell)
        assert page._draft_box.isVisible()
        page.open_form(MeetingKind.BRANCH_CONGRESS)
        settle(qtbot, shell)
        again = cast(MeetingForm, shell.page())
        assert again.basics.topic.text() == "讨论预备党员转正"
        assert again.line._told.text() == "接着 11-23 09:00 的草稿"
        again.line.discard_link.click()
        settle(qtbot, shell)
        assert again.basics.topic.text() == ""
        assert again.line.isHidden()
        assert MeetingDrafts(shell.desk.store).all() == []
        press(shell, "撤销")
        settle(qtbot, shell)
        assert again.basics.topic.text() == "讨论预备党员转正"


def test_the_list_tells_of_the_draft_as_it_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    def told(shell: Shell) -> list[str]:
        labels = cast(list[QLabel], cast(MeetingsPage, shell.page())._draft_box.findChildren(QLabel))
        return [label.text() for label in labels if label.text().startswith("没写完的")]

    with sample_desk(qtbot, tmp_path) as shell:
        new_form(qtbot, shell, MeetingKind.COMMITTEE_MEETING).basics.topic.setText("研究四季度工作")
        shell.pop_page()
        settle(qtbot, shell)
        assert told(shell) == ["没写完的支部委员会会议"]
        form = new_form(qtbot, shell, MeetingKind.COMMITTEE_MEETING)
        form.basics.kind.set_value(MeetingKind.PARTY_LECTURE)
        settle(qtbot, shell)
        shell.pop_page()
        settle(qtbot, shell)
        assert told(shell) == ["没写完的党课"]


def test_what_is_typed_before_the_form_has_loaded_stays_and_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        page.open_form(MeetingKind.COMMITTEE_MEETING)
        form = cast(MeetingForm, shell.page())
        assert form._around is None  # still loading
        form.basics.place.setFocus()
        QTest.keyClicks(form.basics.place, "Room 2")
        QTest.keyClick(form.basics.place, Qt.Key.Key_Backspace)
        form.basics.topic.setFocus()
        QTest.keyClicks(form.basics.topic, "Plan")
        settle(qtbot, shell)
        assert (form.basics.place.text(), form.basics.topic.text()) == ("Room ", "Plan")
        shell.pop_page()
        settle(qtbot, shell)
        kept = MeetingDrafts(shell.desk.store).find(MeetingKind.COMMITTEE_MEETING)
        assert kept is not None
        assert kept.draft.topic == "Plan"


def test_a_time_that_cannot_be_read_is_kept_as_it_was_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        form.basics.span.setText("下午三点多")
        shell.pop_page()
        settle(qtbot, shell)
        assert new_form(qtbot, shell).basics.span.text() == "下午三点多"


def test_a_meeting_changed_meanwhile_is_not_written_over_without_asking(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell)
        fill(form)
        form.done_button.click()
        settle(qtbot, shell)
        page, service = cast(MeetingsPage, shell.page()), MeetingService(shell.desk.store)
        key = page.table.model.row_at(0).id
        page.open_form(MeetingKind.BRANCH_CONGRESS, key)
        settle(qtbot, shell)
        form = cast(MeetingForm, shell.page())
        form.basics.topic.setText("我改的议题")
        service.record(replace(service.detail(key).draft, place="三楼会议室"), key)
        form.done_button.click()
        settle(qtbot, shell)
        asked = last(shell)
        words = " ".join(label.text() for label in cast(list[QLabel], asked.findChildren(QLabel)))
        assert "地点：党员活动室 → 三楼会议室" in words
        assert service.detail(key).draft.topic == "讨论预备党员转正"
        asked.verb.click()
        settle(qtbot, shell)
        kept = service.detail(key).draft
        assert (kept.topic, kept.place) == ("我改的议题", "三楼会议室")


def test_a_form_that_refuses_shows_the_field_and_how_many_are_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path, (911, 440)) as shell:
        form = new_form(qtbot, shell, MeetingKind.GROUP_MEETING)
        form.basics.span.setText("下午")
        form.extras.open(True)
        settle(qtbot, shell)
        form.extras.resolution.setFocus()
        show_in_view(form.extras.resolution)
        form.done_button.click()
        assert form.done_button.text() == "完成记录（2 处要改）"
        assert not form.basics.fields["started_at"].visibleRegion().isEmpty()
        form.basics.span.setText("1430-1600")
        form.basics.span.editingFinished.emit()
        assert form.done_button.text() == "完成记录（1 处要改）"


def test_a_draft_follows_its_kind_and_can_be_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        form = new_form(qtbot, shell, MeetingKind.THEME_DAY)
        fill(form)
        form._keep()
        settle(qtbot, shell)
        form.basics.kind.set_value(MeetingKind.PARTY_LECTURE)
        settle(qtbot, shell)
        form._keep()
        shell.pop_page()
        settle(qtbot, shell)
        page, kept = cast(MeetingsPage, shell.page()), MeetingDrafts(shell.desk.store)
        assert [unfinished.draft.kind for unfinished in kept.all()] == [MeetingKind.PARTY_LECTURE]
        page._drop_draft(kept.all()[0])
        settle(qtbot, shell)
        assert kept.all() == []
        shell.undo_bar._link.click()
        settle(qtbot, shell)
        assert len(kept.all()) == 1


def test_a_gap_of_a_past_month_leaves_the_day_open_also_after_coming_back(qtbot: QtBot, tmp_path: Path) -> None:
    past = {"from": "2026-10-01", "to": "2026-10-31"}
    with sample_desk(qtbot, tmp_path) as shell:
        go(qtbot, shell, "meetings", "list", kind="theme_day", new=True, prefill=past)
        form = cast(MeetingForm, shell.page())
        assert shell.title.text() == "记录主题党日"
        assert (form.basics.day.text(), form.basics.day.placeholderText()) == ("", "10月1日至31日")
        assert form.attendance.expected() != ()
        assert faults(shell) == []
        form.basics.topic.setText("重温入党誓词")
        form.done_button.click()
        settle(qtbot, shell)
        assert form.basics.fields["held_on"].fault() == "请填写日期。"
        shell.desk.back()
        settle(qtbot, shell)
        again = new_form(qtbot, shell, MeetingKind.THEME_DAY)
        assert (again.basics.topic.text(), again.basics.day.text()) == ("重温入党誓词", "")
        again.basics.day.setText("2026-10-15")
        again.basics.day._settle()
        settle(qtbot, shell)
        again.done_button.click()
        settle(qtbot, shell)
        kept = [one.held_on for one in MeetingService(shell.desk.store).meetings(2026) if one.topic == "重温入党誓词"]
        assert kept == [date(2026, 10, 15)]
