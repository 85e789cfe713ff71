"""One meeting in its pane: minutes, corrections once confirmed, and what is noted afterwards."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MakeUpWay, MeetingKind, MeetingState
from desktop.services.meetings import MeetingService
from desktop.services.meetings.rows import VoteRow
from desktop.services.meetings.votes import judge
from desktop.ui import output
from desktop.ui.meetings.detail import save_make_ups, save_minutes, show_history, vote_lines
from desktop.ui.meetings.dialogs import CorrectionDialog, FinishDialog, FollowUpDialog, MakeUpDialog
from desktop.ui.meetings.history import meeting_history
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.widgets import Chip
from desktop.ui.widgets.fields import Choice
from tests.ui.desks import go, put, sample_desk, settle
from tests.ui.press import save_paper


def test_a_confirmed_meeting_takes_corrections_only(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        meeting = next(one for one in page.table.model.rows() if one.state is MeetingState.MINUTED and one.chair)
        service = MeetingService(shell.desk.store)
        service.confirm(meeting.id)
        detail = service.detail(meeting.id)
        dialog = CorrectionDialog(page, detail, page.service)
        dialog.open()
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["text"].fault()
        put_memo(dialog.fields.fields["text"].control, "地点应为二楼会议室")
        put(dialog.fields.fields["reason"].control, "笔误")
        dialog.submit()
        settle(qtbot, shell)
        assert service.detail(meeting.id).corrections[0].reason == "笔误"


def put_memo(control: object, words: str) -> None:
    from PySide6.QtWidgets import QPlainTextEdit

    cast(QPlainTextEdit, control).setPlainText(words)


def test_tasks_make_up_and_follow_up_are_noted(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        service = MeetingService(shell.desk.store)
        task = service.actions()[0]
        done = FinishDialog(page, task, page.service)
        done.open()
        done.submit()
        settle(qtbot, shell)
        assert task.id not in {one.id for one in service.actions()}
        meeting = next(one for one in page.table.model.rows() if one.leave)
        detail = service.detail(meeting.id)
        away = next(one for one in detail.attendance if one.reason)
        made_up = MakeUpDialog(page, detail, [(away.member_id, away.name)], [away.member_id], page.service)
        made_up.open()
        cast(Choice, made_up.fields.fields["way"].control).set_value(MakeUpWay.HOME)
        put(made_up.fields.fields["by"].control, "高红卫")
        made_up.submit()
        settle(qtbot, shell)
        after = FollowUpDialog(page, detail, page.service)
        after.open()
        put_memo(after.fields.fields["text"].control, "问题清单已办结")
        after.submit()
        settle(qtbot, shell)
        detail = service.detail(meeting.id)
        assert detail.draft.follow_up == "问题清单已办结"
        assert next(one for one in detail.attendance if one.member_id == away.member_id).make_up_on is not None


def test_minutes_are_written_where_the_user_says(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "minutes.pdf")
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        save_minutes(page, page.service.detail(page.table.model.row_at(0).id))
        save_paper(qtbot, shell)
        assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF")
        detail = page.service.detail(page.table.model.row_at(0).id)
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "minutes.docx")
        save_minutes(page, detail, word=True)
        settle(qtbot, shell)
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "make_ups.pdf")
        save_make_ups(page, detail)
        save_paper(qtbot, shell)
        assert (tmp_path / "minutes.docx").read_bytes().startswith(b"PK")
        assert (tmp_path / "make_ups.pdf").read_bytes().startswith(b"%PDF")
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "list.pdf")
        page.print_list()
        save_paper(qtbot, shell)
        assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "book.pdf")
        page.kind.set_value(MeetingKind.PARTY_LECTURE)
        page.print_minutes()
        save_paper(qtbot, shell)
        assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")


def test_the_history_of_a_confirmed_meeting_tells_before_and_after(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
        meeting = next(one for one in page.table.model.rows() if one.state is MeetingState.MINUTED and one.chair)
        before = page.service.detail(meeting.id)
        page.service.record(replace(before.draft, place="二楼会议室", number=7), meeting.id)
        page.service.confirm(meeting.id)
        changes = meeting_history(shell.desk, meeting.id)
        told = {(field.label, field.before, field.after) for change in changes for field in change.fields}
        assert {("地点", before.draft.place, "二楼会议室"), ("次数", "", "7"), ("状态", "已记录", "已确认")} <= told
        show_history(page, page.service.detail(meeting.id))
        settle(qtbot, shell)


@pytest.mark.parametrize(("no", "chip"), [(0, "通过"), (9, "票数矛盾"), (None, "票数不全")])
def test_a_vote_is_called_contradictory_where_more_voted_than_came(qtbot: QtBot, no: int | None, chip: str) -> None:
    verdict = judge("congress_ordinary", 21, 20, 12, no, 0)
    vote = VoteRow(
        id="v",
        kind="congress_ordinary",
        kind_name="",
        secret=False,
        subject="转正",
        due=21,
        present=20,
        yes=12,
        no=no,
        abstain=0,
        declared_passed=None,
        verdict=verdict,
    )
    shown = cast(QWidget, vote_lines(vote))
    qtbot.addWidget(shown)
    assert [found.words for found in cast(list[Chip], shown.findChildren(Chip))] == [chip]
