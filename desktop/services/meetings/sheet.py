"""Meetings as an Excel sheet: one row per meeting."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Any

from desktop.models.branches import PartyGroup
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput, Named
from desktop.services.meetings.others import parse_number, parse_planned, parse_rated, show_planned, show_rated
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.spreadsheets.text import label_for, name_for, parse_name, parse_text, plain
from desktop.services.spreadsheets.times import parse_time, parse_time_range
from desktop.services.spreadsheets.words import words

SHORT_LABELS: Mapping[MeetingKind, str] = {MeetingKind.COMMITTEE_MEETING: "支委会"}
"""What tables call a kind, where they do not write it in full."""


def parse_kind(value: object, field: Named) -> MeetingKind:
    """Return the kind of meeting a cell names: 支委会, 3月份支部党员大会, 固定主题党日活动.

    Raises:
        InvalidInput: there is no such kind, or it names more than one.
    """
    text = re.sub(r"\(.*\)$", "", plain(value).replace(" ", ""))
    kinds = _kinds()
    if text in kinds:
        return kinds[text]
    short = text.removesuffix("记录").removesuffix("活动").removesuffix("会议")
    said = [spelling for spelling in kinds if len(spelling) > 1 and (spelling in short or spelling in text)]
    longest = [spelling for spelling in said if not any(spelling != other and spelling in other for other in said)]
    found = {kinds[spelling] for spelling in longest if short.startswith(spelling) or short.endswith(spelling)}
    if len(found) == 1 and {kinds[spelling] for spelling in longest} == found:
        return found.pop()
    known = "、".join(SHORT_LABELS.get(kind, kind.label) for kind in MeetingKind)
    raise InvalidInput(field, f"没有{quoted(text)}这种会议，可填：{known}")


@cache
def _kinds() -> Mapping[str, MeetingKind]:
    said = {spelling: MeetingKind(kind) for spelling, kind in words("meeting_kinds").items()}
    return {**said, **{kind.label: kind for kind in MeetingKind}, **{kind.value: kind for kind in MeetingKind}}


def show_kind(value: Any) -> str:
    """Return the kind as tables call it."""
    return SHORT_LABELS.get(value, value.label)


def parse_span(value: object, field: Named) -> tuple[str, str]:
    """Return start and end (may be empty) as HH:MM."""
    start, end = parse_time_range(value, field)
    return f"{start:%H:%M}", f"{end:%H:%M}" if end else ""


def parse_clock(value: object, field: Named) -> str:
    """Return a time as HH:MM."""
    found: time = parse_time(value, field)
    return f"{found:%H:%M}"


def parse_names(value: object, field: Named) -> tuple[str, ...]:
    """Return names separated by 、，；or line breaks."""
    return tuple(filter(None, (part.strip() for part in re.split(r"[、，,；;\n]", parse_name(value, field)))))


KIND = SheetColumn(
    "kind",
    "会议类型",
    parse_kind,
    show_kind,
    required=True,
    choices=tuple(SHORT_LABELS.get(kind, kind.label) for kind in MeetingKind),
    width=14,
    decides=False,
)
HELD_ON = SheetColumn(
    "held_on",
    "日期",
    parse_date,
    looks="date",
    required=True,
    example="2026-03-25",
    width=13,
)
SPAN = SheetColumn(
    "span",
    "时间",
    parse_span,
    example="14:30—16:00",
    width=14,
    decides=False,
)
ENDED_AT = SheetColumn("ended_at", "结束时间", parse_clock, if_used=True, width=10, decides=False)
PLACE = SheetColumn("place", "地点", label_for(Meeting.place), width=16)
CHAIR = SheetColumn("chair", "主持人", name_for(Meeting.chair_name), width=10)
RECORDER = SheetColumn("recorder", "记录人", name_for(Meeting.recorder_name), width=10)
SPEAKERS = SheetColumn(
    "speakers",
    "主讲人",
    parse_names,
    "、".join,
    help="党课的主讲人",
    if_used=True,
    width=12,
)
GROUP = SheetColumn("group", "党小组", label_for(PartyGroup.name), help="党小组会必填", width=12)
DUE = SheetColumn(
    "due",
    "应到人数",
    parse_integer,
    looks="integer",
    help="须等于当日名册上的应到人数；减去实到等于缺席人数",
    width=10,
)
PRESENT = SheetColumn(
    "present",
    "实到人数",
    parse_integer,
    looks="integer",
    width=10,
)
ABSENCES = SheetColumn(
    "absences",
    "缺席人员及原因",
    parse_text,
    looks="long",
    example="张三（病假）；李四（公差）",
    help="写了原因的是请假，没写的是缺席；补课写成“张三（病假，2026-03-20补课）”",
    width=26,
)
TOPIC = SheetColumn("topic", "议题", parse_text, looks="long", width=32)
AGENDA = SheetColumn(
    "agenda",
    "议程",
    parse_text,
    looks="long",
    help="有多项议程时每行一项：议题|讨论情况|决议；第一议题写成“【第一议题】主题|研讨情况|决定|篇目|领学人|形式|措施”",
    if_used=True,
    width=32,
)
SPEECHES = SheetColumn(
    "speeches",
    "发言摘要",
    parse_text,
    looks="long",
    example="张三：汇报走访情况；李四：提出三点建议",
    width=40,
)
RESOLUTION = SheetColumn("resolution", "决议事项", parse_text, looks="long", width=30)
VOTES = SheetColumn(
    "votes",
    "表决情况",
    parse_text,
    looks="long",
    example="应到29，实到27，赞成26，反对0，弃权1",
    help="人数只计有表决权的；多次表决分行写，可在前面写明事项和冒号；会前交的书面意见另写“书面意见2，书面赞成2”",
    width=34,
)
VOTE_KINDS = SheetColumn(
    "vote_kinds",
    "表决类型",
    parse_names,
    "、".join,
    help="不填时按议题提出，如接收预备党员；多次表决用顿号隔开",
    if_used=True,
    width=18,
)
ACTIONS = SheetColumn(
    "actions",
    "待办（事项|责任人|期限）",
    parse_text,
    looks="long",
    example="整理走访问题清单|张三|2026-04-04",
    help="多项用分号或换行隔开；办完的接着写|完成日期|结果",
    width=34,
)
FOR_YEAR = SheetColumn(
    "for_year",
    "所属年度",
    lambda value, field: parse_integer(plain(value).rstrip("年"), field, 2000, 2099),
    looks="integer",
    help="组织生活会、民主评议党员所属的年度，不填按日期判断",
    width=10,
    decides=False,
)
TAGS = SheetColumn(
    "tags",
    "议题标签",
    parse_names,
    "、".join,
    help="不填时按议题提出",
    if_used=True,
    width=16,
)
PLAN = SheetColumn("plan", "方案", parse_text, looks="long", if_used=True, width=24)
FOLLOW_UP = SheetColumn(
    "follow_up",
    "后续成果",
    parse_text,
    looks="long",
    if_used=True,
    width=24,
)
NUMBER = SheetColumn("number", "次数", parse_number, looks="integer", if_used=True, width=8, decides=False)
PLANNED = SheetColumn(
    "planned",
    "计划时间",
    parse_planned,
    show_planned,
    example="2026-03-24 14:30",
    if_used=True,
    width=16,
    decides=False,
)
OBSERVERS = SheetColumn(
    "observers",
    "列席人员",
    parse_text,
    looks="long",
    example="王明（镇党委组织委员）",
    help="多人用顿号隔开，括号里写单位、职务",
    if_used=True,
    width=22,
)
LEAVE_BY = SheetColumn("leave_by", "准假人", name_for(Meeting.leave_by), if_used=True, width=10)
DOUBLE_LIFE = SheetColumn(
    "double_life",
    "双重组织生活",
    parse_names,
    "、".join,
    help="以普通党员身份参加的党员领导干部",
    if_used=True,
    width=14,
)
MAKE_UPS = SheetColumn(
    "make_ups",
    "补课记录",
    parse_text,
    looks="long",
    example="张三|2026-03-20|上门送学|传达会议精神|李四",
    help="姓名|补课日期|方式|内容|补课人；多人分行",
    if_used=True,
    width=32,
)
SUMMARY = SheetColumn("summary", "主持人总结", parse_text, looks="long", if_used=True, width=24)
RATED = SheetColumn(
    "rated",
    "现场评价",
    parse_rated,
    show_rated,
    example="28/30",
    help="满意人数/评价人数，计入党课等质量评价",
    if_used=True,
    width=10,
    decides=False,
)
JOINT = SheetColumn(
    "joint",
    "合并召开",
    parse_kind,
    show_kind,
    help="与当天哪一种会议一次召开，两次都要分别记录",
    if_used=True,
    width=14,
    decides=False,
)
MEETINGS = Sheet(
    kind="meetings",
    title="会议记录",
    keys=("kind", "held_on"),
    note="一次会议一行；类型、日期、时间、党小组都相同的是同一次会议，再次导入时更新。空着的格不改原有内容。",
    columns=(
        KIND,
        HELD_ON,
        SPAN,
        ENDED_AT,
        PLACE,
        CHAIR,
        RECORDER,
        SPEAKERS,
        GROUP,
        DUE,
        PRESENT,
        ABSENCES,
        TOPIC,
        AGENDA,
        SPEECHES,
        RESOLUTION,
        VOTES,
        VOTE_KINDS,
        ACTIONS,
        FOR_YEAR,
        TAGS,
        PLAN,
        FOLLOW_UP,
        NUMBER,
        PLANNED,
        OBSERVERS,
        LEAVE_BY,
        DOUBLE_LIFE,
        MAKE_UPS,
        SUMMARY,
        RATED,
        JOINT,
    ),
)
