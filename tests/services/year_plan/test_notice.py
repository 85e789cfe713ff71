"""The notice of a planned meeting: what it says of itself, and as text for a message group."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import NotFound
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.store import Store
from desktop.services.year_plan.notice import notice_of
from desktop.services.year_plan.rows import MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from tests.services.archive.checker import pages_of
from tests.services.meetings.people import people
from tests.stores import new_store


def test_a_notice_says_what_is_planned_and_the_rest_by_kind(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as store:
        meeting_id = _planned(store, topic="研究换届")
        notice = notice_of(store, meeting_id)
        assert (notice.name, notice.when, notice.place) == (
            "支部委员会会议",
            "2026年11月27日（周五）15:00",
            "支部活动室",
        )
        assert (notice.attendees, notice.people, notice.told_by) == (
            "支部委员会全体委员",
            ("赵一", "钱二", "孙三"),
            date(2026, 11, 25),
        )
        assert notice.agenda.splitlines()[0] == "1. 研究换届"
        lines = notice.text.splitlines()
        assert lines[:4] == [
            "【会议通知】",
            "会议名称：支部委员会会议",
            "时间：2026年11月27日（周五）15:00",
            "地点：支部活动室",
        ]
        assert not any(line.startswith("列席") for line in lines)
        assert lines[-1] == "云河县站党支部　2026年11月22日"
        path = tmp_path / "通知.pdf"
        DocumentService(store).notice(notice, path)
        words = "".join(pages_of(path))
        assert "请假办法" in words
        assert words.count("收到时间") == 3
        with pytest.raises(NotFound):
            notice_of(store, "没有")


def test_what_the_plan_does_not_say_is_proposed_as_last_time(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as store:
        people(store)
        lecture = MeetingKind.PARTY_LECTURE
        MeetingService(store).record(
            MeetingDraft(lecture, date(2026, 9, 9), "09:30", place="三楼会议室", topic="学党章")
        )
        planned = YearPlanService(store).plan_meeting(MeetingPlan(kind=lecture, on=date(2026, 11, 27)))
        notice = notice_of(store, planned.made[0][1])
        assert (notice.when, notice.place) == ("2026年11月27日（周五）09:30", "三楼会议室")


def test_a_group_is_told_as_a_group(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as store:
        ids = people(store)
        plan = MeetingPlan(kind=MeetingKind.GROUP_MEETING, on=date(2026, 11, 25), group_id=ids["第二党小组"])
        meeting_id = YearPlanService(store).plan_meeting(plan).made[0][1]
        notice = notice_of(store, meeting_id)
        assert (notice.name, notice.attendees, notice.people) == (
            "第二党小组会",
            "第二党小组全体党员",
            ("李四", "周五", "吴六"),
        )


def test_the_plan_of_a_year_prints_by_month_with_what_has_no_day(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as store:
        _planned(store, topic="研究换届")
        YearPlanService(store).plan_activity("入户走访", date(2026, 12, 2))
        path = tmp_path / "计划.pdf"
        DocumentService(store).year_plan(2026, path)
        words = "".join(pages_of(path))
        for each in ("三会一课计划表", "研究换届", "11月27日 15:00", "入户走访", "日期待定", "支部委员会全体委员"):
            assert each in words
        assert "：：" not in words


def _planned(store: Store, topic: str) -> str:
    people(store)
    plan = MeetingPlan(
        kind=MeetingKind.COMMITTEE_MEETING, on=date(2026, 11, 27), started_at="15:00", place="支部活动室", topic=topic
    )
    return YearPlanService(store).plan_meeting(plan).made[0][1]
