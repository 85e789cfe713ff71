"""With what the verbs of the year plan are tried."""

import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState
from desktop.services.year_plan.notice import Notice
from desktop.services.year_plan.rows import Duty, Event, MeetingPlan
from desktop.services.year_plan.service import Before, Done
from tests.sheets import workbook

DAY = date(2026, 10, 9)
SPARE_PLAN = MeetingPlan(kind=MeetingKind.THEME_DAY, on=date(2026, 12, 8))
DUTY = Duty(
    key="D4-01", item_id="D4-01", item="支部党员大会", what="支部党员大会", period="第四季度", first=date(2026, 10, 1),
    last=date(2026, 12, 31), kind="branch_congress", meets=True, group_id=None, tag="", post="", for_year=None,
    lacking="", who="", who_id="", planned=None, held=None, state=DutyState.UNDATED,
)  # fmt: skip
NOTICE = Notice(
    meeting_id="", name="党课", when="", place="", attendees="", observers="", agenda="", materials="", leave="",
    publisher="", day=DAY, told_by=DAY,
)  # fmt: skip
PLANNED = Event(id="", source="meeting", on=date(2026, 12, 9), name="党课", state=DutyState.PLANNED)
DONE = Done("", (), (Before(id="", source="meeting", on=date(2026, 12, 10)),))


@cache
def plan_book() -> Path:
    """Return a workbook with a meeting of the committee that is still to come."""
    path = Path(tempfile.mkdtemp(prefix="branch-desk-plan-")) / "计划.xlsx"
    return workbook(path, [["日期", "类型", "主题"], ["2026-12-18", "支委会", "研究年度总结"]], "三会一课计划表")


def claims_book() -> Path:
    """Return a workbook with a claim of points of somebody nobody knows: the row is refused, the road is not."""
    path = Path(tempfile.mkdtemp(prefix="branch-desk-claims-")) / "申报.xlsx"
    head = ["姓名", "事项日期", "依据条款", "事项", "做法和效果"]
    return workbook(path, [head, ["某人", "2026-05-06", "C4-01", "防汛值守", "守住了库房"]], "积分申报表")


def branches_book() -> Path:
    """Return a list of branches with one that nobody knows: the row is refused, the road is not."""
    path = Path(tempfile.mkdtemp(prefix="branch-desk-branches-")) / "支部名单.xlsx"
    return workbook(path, [["支部", "党总支"], ["NN", "某党总支"]], "支部名单")


def samples_book() -> Path:
    """Return a sheet of a spot check of a branch nobody knows: the row is refused, the road is not."""
    path = Path(tempfile.mkdtemp(prefix="branch-desk-samples-")) / "核查表.xlsx"
    return workbook(
        path, [["支部", "周期", "序号", "抽中的记录", "认定"], ["无", "2026Q3", "1", "支委会", "属实"]], "现场核查表"
    )
