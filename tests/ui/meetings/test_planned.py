"""A planned meeting is written down with what the form proposed: what is shown is what is kept."""

from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.access.users import UserService
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.opening import open_store
from desktop.services.year_plan.rows import MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from desktop.ui.meetings.form import MeetingForm
from desktop.ui.meetings.listing import MeetingsPage
from tests.stores import CHEAP, clock_at
from tests.ui.desks import TODAY, desk_on, go, sample_desk, sample_store, settle


def test_what_the_form_of_a_planned_meeting_proposes_is_kept_with_it_also_out_of_a_draft(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        store, today = shell.desk.store, shell.desk.store.today
        service = MeetingService(store)
        who = next(iter(service.expected(MeetingKind.COMMITTEE_MEETING, today))).member_id
        said = MeetingDraft(
            MeetingKind.COMMITTEE_MEETING,
            date(2026, 11, 1),
            "16:30",
            place="小会议室",
            chair_id=who,
            recorder_id=who,
            topic="研究换届",
        )
        service.record(said)
        plan = MeetingPlan(kind=MeetingKind.COMMITTEE_MEETING, on=today)
        planned = YearPlanService(store).plan_meeting(plan).made[0][1]
        for topic in ("研究", "研究安排"):  # the second time out of the draft
            cast(MeetingsPage, go(qtbot, shell, "meetings", "list")).open_form(said.kind, planned)
            settle(qtbot, shell)
            form = cast(MeetingForm, shell.page())
            assert form.basics.place.text() == "小会议室"
            form.basics.topic.setText(topic)
            form.may_leave()
            settle(qtbot, shell)
        form.done_button.click()
        settle(qtbot, shell)
        kept = service.detail(planned).draft
        assert (kept.topic, kept.started_at, kept.place) == ("研究安排", "16:30", "小会议室")
        assert (kept.chair_id, kept.recorder_id) == (who, who)
        assert [item.tag for item in kept.agenda][:2] == ["first_topic", ""]


def test_nobody_came_yet_to_a_meeting_that_is_only_looked_at_and_still_to_be_held(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_store(tmp_path / "store") as store:
        plan = MeetingPlan(kind=MeetingKind.BRANCH_CONGRESS, on=date(2026, 12, 22))
        planned = YearPlanService(store).plan_meeting(plan).made[0][1]
        UserService(store).add("查看", "只看不写的密码7", ["branch_reader"], cost=CHEAP)
    opened = open_store(tmp_path / "store", "只看不写的密码7", "查看", clock=clock_at(TODAY))
    with desk_on(qtbot, opened) as shell:
        cast(MeetingsPage, go(qtbot, shell, "meetings", "list")).open_form(MeetingKind.BRANCH_CONGRESS, planned)
        settle(qtbot, shell)
        form = cast(MeetingForm, shell.page())
        labels = cast(list[QLabel], form.attendance.findChildren(QLabel))
        told = [label.text() for label in labels if label.isVisible()]
        assert told == ["到会", "会还没有开，没有到会情况。"]
