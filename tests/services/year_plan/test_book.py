"""The plan of a year in and out of a workbook."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.store import Store
from desktop.services.year_plan.book import PlanBook
from desktop.services.year_plan.rows import MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from tests.services.meetings.people import people
from tests.sheets import workbook
from tests.stores import new_store

HEAD = ["日期", "类型", "党小组", "主题/议题", "地点/形式", "主持/主讲", "参加范围"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as opened:
        people(opened)
        yield opened


def test_a_plan_goes_in_by_day_and_kind_and_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    rows = [
        ["2026-12-04", "支委会", "", "研究年度总结", "活动室", "赵一", "支委"],
        ["2026-12-10", "党小组会", "第一党小组", "谈心", "烟站", "", ""],
        ["2026-12-11", "走访慰问", "", "慰问老党员", "入户", "", "支委"],
        ["2026-12-12", "党小组会", "", "没有写小组", "", "", ""],
        ["2026-10-12", "党课", "", "已经过去", "", "", ""],
    ]
    path = workbook(tmp_path / "计划.xlsx", [HEAD, *rows], "三会一课计划")
    result = PlanBook(store).import_file(path)
    assert result.accepted == 3
    assert [(one.row, one.reason) for one in result.rejected] == [
        (5, "党小组会要写明是哪个小组"),
        (6, "已经过去的日子不能再排，开过的请补录"),
    ]
    plan = YearPlanService(store).year(2026)
    (committee,) = plan.on(date(2026, 12, 4))
    assert (committee.topic, committee.place, committee.chair, committee.serves) == (
        "研究年度总结", "活动室", "赵一", "D4-02 支部委员会会议"
    )  # fmt: skip
    assert plan.on(date(2026, 12, 11))[0].name == "慰问老党员"
    again = PlanBook(store).import_file(path)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 3)
    rows[0][3] = "研究换届"
    changed = PlanBook(store).import_file(workbook(tmp_path / "改.xlsx", [HEAD, rows[0]], "计划"))
    assert [(one.field, one.before, one.after) for one in changed.changes] == [
        ("主题或议题", "研究年度总结", "研究换届")
    ]


def test_what_goes_out_comes_in_unchanged_and_minutes_are_never_touched(store: Store, tmp_path: Path) -> None:
    meetings, plans = MeetingService(store), YearPlanService(store)
    held = meetings.record(MeetingDraft(MeetingKind.PARTY_LECTURE, date(2026, 3, 5), "15:00", topic="学习", place="甲"))
    plans.plan_meeting(MeetingPlan(kind=MeetingKind.THEME_DAY, on=date(2026, 12, 4), started_at="09:30", topic="走访"))
    plans.plan_activity("慰问", date(2026, 12, 8))
    path = tmp_path / "出.xlsx"
    assert PlanBook(store).export(path) == 3
    result = PlanBook(store).import_file(path)
    assert (result.accepted, result.updated, result.unchanged, result.rejected) == (0, 0, 3, [])
    other = workbook(tmp_path / "改.xlsx", [HEAD, ["2026-03-05", "党课", "", "别的", "乙", "", ""]], "计划")
    PlanBook(store).import_file(other)
    assert meetings.detail(held).draft.topic == "学习"
