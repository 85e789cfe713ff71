"""Open tasks of the last meeting are reported on at the next, and minutes that copy others are pointed out."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import ActionDraft, AgendaItem, MeetingDraft, MeetingService
from desktop.ui.meetings.earlier import ITEM
from desktop.ui.meetings.listing import MeetingsPage
from tests.services.meetings.test_similarity import SAID
from tests.ui.desks import sample_desk, settle
from tests.ui.meetings.test_form import fill, new_form


def test_a_task_of_the_last_meeting_is_closed_with_the_minutes_of_the_next(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        service = MeetingService(shell.desk.store)
        draft = MeetingDraft(MeetingKind.THEME_DAY, date(2026, 11, 3), topic="走访", agenda=(AgendaItem("走访", SAID),))
        before = service.record(replace(draft, actions=(ActionDraft("整理问题清单", None, "综合办"),)))
        form = new_form(qtbot, shell, MeetingKind.THEME_DAY)
        fill(form)
        line = next(each for each in form.earlier.lines if each.task.what == "整理问题清单")
        line.words.setText("清单已上墙")
        line.done.setChecked(True)
        form.earlier.write_link.click()
        item = next(row.item() for row in form.agenda.rows if row.item().title == ITEM)
        assert "整理问题清单：已办结，清单已上墙。" in item.content
        form.agenda.add(AgendaItem("走访", SAID))
        form.agenda._remove(next(row for row in form.agenda.rows if row.item().title == ITEM))
        form.done_button.click()
        settle(qtbot, shell)
        assert not form.alike.isHidden()
        assert service.detail(before).actions[0].done_on is None
        form.done_button.click()
        settle(qtbot, shell)
        assert isinstance(shell.page(), MeetingsPage)
        (task,) = service.detail(before).actions
        assert (task.done_on, task.result) == (shell.desk.store.today, "清单已上墙")
        page = cast(MeetingsPage, shell.page())
        page.table.step(1)
        settle(qtbot, shell)
