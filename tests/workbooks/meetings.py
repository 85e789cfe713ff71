"""Ledgers of meetings and activities."""

from datetime import time

from tests.workbooks.cases import (
    CHU,
    MEETING_HEADS,
    OFFICE,
    PEOPLE,
    Case,
    Page,
    day,
)

MEETINGS: dict[str, Case] = {
    "meeting_moments": Case(
        about="会议时间一列里有日期和时间",
        kind="meetings",
        pages=(
            Page(
                title="会议记录",
                rows=(
                    (
                        "会议类型",
                        "会议时间",
                        "会议地点",
                        "主持人",
                        "记录人",
                        "应到人数",
                        "实到人数",
                        "缺席人员",
                        "会议内容",
                    ),
                    ("支部党员大会", "2026年3月25日14:30", "活动室", "冯晓岚", "陈建舟", 6, 6, "无", "学习"),
                    ("支委会", "2026-03-26", "活动室", "冯晓岚", "陈建舟", 2, 2, "无", "研究"),
                ),
            ),
        ),
        formats=("xlsx", "xls", "csv"),
    ),
    "meeting_absences": Case(
        about="缺席写成一串姓名、带病假、带人数、带横线",
        kind="meetings",
        pages=(
            Page(
                title="会议记录",
                rows=(
                    ("会议类型", "日期", "应到", "实到", "缺席", "主题"),
                    ("支部党员大会", "2026-01-05", 6, 4, "褚文海 卫雪芹", "学习"),
                    ("支部党员大会", "2026-01-06", 6, 5, "褚文海同志请病假", "学习"),
                    ("支部党员大会", "2026-01-07", 6, 5, "1人：褚文海(事假)", "学习"),
                    ("支部党员大会", "2026-01-08", 6, 5, "褚文海-出差", "学习"),
                ),
            ),
        ),
    ),
    "meeting_ledger": Case(
        about="三会一课台账，时间是Excel的时间",
        kind="meetings",
        pages=(
            Page(
                title="三会一课",
                rows=(
                    ("2026年三会一课台账", *(None,) * 9),
                    MEETING_HEADS,
                    ("支委会", day("2026-03-05"), time(9), "会议室", "冯晓岚", "陈建舟", 3, 3, None, "研究发展党员"),
                    (
                        "党课",
                        day("2026-03-12"),
                        time(15, 30),
                        "会议室",
                        "冯晓岚",
                        "陈建舟",
                        6,
                        5,
                        "褚文海（病假）",
                        "党章",
                    ),
                ),
                merges=("A1:J1",),
            ),
        ),
        formats=(*OFFICE, "xlsb"),
    ),
    "meeting_record_form": Case(
        about="一张表一次会，标签在左，内容在右",
        kind="meetings",
        pages=(
            Page(
                title="3月支委会",
                rows=(
                    ("支委会会议记录", None, None, None),
                    ("会议类型", "支委会", "会议日期", "2026-03-05"),
                    ("会议地点", "会议室", "主持人", "冯晓岚"),
                    ("应到人数", 3, "实到人数", 3),
                    ("议题", "研究发展党员", None, None),
                ),
                merges=("A1:D1", "B5:D5"),
            ),
        ),
        formats=OFFICE,
    ),
    "attendance_matrix": Case(
        about="签到表：人名在左，会议在上",
        kind="meetings",
        pages=(
            Page(
                title="签到",
                rows=(
                    ("姓名", "2026-01-08", "2026-02-10", "2026-03-05"),
                    (None, "支部党员大会", "支部党员大会", "支部党员大会"),
                    *((p.name, "√", "√", "请假" if p is CHU else "√") for p in PEOPLE),
                ),
            ),
        ),
    ),
    "volunteering": Case(
        about="志愿服务的通常叫法：活动时间、活动名称、参加人员、服务时长",
        kind="volunteer_activity",
        pages=(
            Page(
                title="志愿服务",
                rows=(
                    ("活动时间", "活动名称", "活动地点", "参加人员", "服务时长", "活动内容"),
                    ("2026-03-05", "学雷锋", "社区", "冯晓岚、陈建舟", "2小时", "清扫"),
                ),
            ),
        ),
        formats=("xlsx", "csv"),
    ),
}
