"""The rest of the year as a branch has planned it (三会一课计划表): on the day of the demonstration it lies ahead."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from installer.samples.people import LEADER, Person, Station
from installer.samples.sheets import as_cell

PLAN_HEAD = (
    "计划日期", "类型", "党小组", "主题或议题", "开始时间", "地点或形式", "主持或主讲", "参加范围",
)  # fmt: skip
ROOM = "党员活动室"
AHEAD = (
    (date(2026, 10, 15), "主题党日", "重阳敬老，看望离退休老党员", "15:00", "社区养老服务站"),
    (date(2026, 10, 20), "支委会", "三季度工作和封账情况", "09:00", "三楼会议室"),
    (date(2026, 11, 4), "支委会", "发展党员和党费收缴情况", "09:00", "三楼会议室"),
    (date(2026, 11, 12), "党课", "讲身边人的故事", "15:30", ROOM),
    (date(2026, 11, 16), "主题党日", "诚信经营进商户", "09:00", "柳湖街零售终端"),
    (date(2026, 12, 3), "支委会", "研究年度总结和组织生活会准备", "09:00", "三楼会议室"),
    (date(2026, 12, 15), "主题党日", "学习党章，重温入党誓词", "15:00", ROOM),
    (date(2026, 12, 22), "支部党员大会", "年度工作总结，评议支部工作", "15:00", ROOM),
)  # fmt: skip
IN_GROUPS = (date(2026, 10, 22), "围绕四季度任务谈打算", "16:00")
OTHERS = (
    (date(2026, 11, 25), "走访慰问困难党员", "上门", "支委"),
    (date(2026, 12, 10), "年度民主评议会前谈心谈话", ROOM, "支委和党员"),
)  # fmt: skip


def plan_rows(station: Station, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """Return what the branch has planned, day by day: meetings, one of each group, and what is no meeting."""
    secretary = people[0].name
    rows: list[tuple[Any, ...]] = [
        (as_cell(day), kind, None, topic, clock, place, secretary, "全体党员" if kind != "支委会" else "支委")
        for day, kind, topic, clock, place in AHEAD
    ]
    day, topic, clock = IN_GROUPS
    for group in station.groups:
        leader = next((one.name for one in people if one.group == group and one.post == LEADER), None)
        rows.append((as_cell(day), "党小组会", group, topic, clock, ROOM, leader, group))
    rows += [(as_cell(day), "其他活动", None, topic, None, place, None, scope) for day, topic, place, scope in OTHERS]
    return sorted(rows, key=lambda row: (row[0], str(row[2] or "")))
