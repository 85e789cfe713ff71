"""The organisational life meeting and appraisal of a sample branch for 2025, held in February 2026, whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from installer.samples.registers import Cells, Team, event
from installer.samples.sheets import as_cell

YEAR = 2025
MEETING, VOTED, DECIDED = date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 13)
ABSENT = 9
"""Column of the minutes that says who was not there."""
TOLD, POSTED = date(2026, 2, 25), date(2026, 2, 26)
ROUND_HEAD = (
    "年度", "主题", "方案日期", "集中学习日期", "学时", "学习篇目", "会议通知日期", "会议日期", "征求意见日期",
    "班子对照检查材料通过日期", "上级参加人", "互评日期", "测评日期", "发出", "收回", "有效票", "支部工作好",
    "支部工作较好", "支部工作一般", "支部工作差", "由谁定", "公布日期", "情况报告日期",
)  # fmt: skip
RESULT_HEAD = (
    "序号", "年度", "姓名", "党籍状态", "自评日期", "自评等次", "书面发言", "宣读人", "优秀", "合格", "基本合格",
    "不合格", "评定等次", "评定日期", "反馈日期", "谈话人", "存在问题", "签字日期", "归档日期",
)  # fmt: skip
FAULTS = ("走访记录写得简单", "理论学习联系岗位不紧", "谈心不够主动", "带动群众办法不多", "发言泛泛，少摆问题")
CRITICISMS = (
    (0, 1, "谈心谈话集中在年底，平时谈得少", "接受，改为每月谈三人"),
    (1, 2, "组织关系台账更新慢，两次催了才补", "接受，当月事当月清"),
    (2, 3, "党课讲理论多，联系营销、专卖岗位少", "接受，每次党课点名谈岗位"),
    (3, 4, "走访客户的问题记了不反馈，客户问过两次", "接受，建立五日答复台账"),
    (4, 5, "志愿服务只到场，没有固定帮扶对象", "接受，结对两户"),
    (5, 0, "支委会研究业务多，研究党员思想少", "接受，每季度专题研究一次"),
)
"""Who is told by whom what, and the answer: places in the team."""
OPINIONS = (
    ("党课联系岗位不够", "班子", "党员", 6, "列入整改清单"),
    ("客户反映的问题答复慢", "班子", "客户", 4, "建立五日答复台账"),
    ("支委多到一线队所听意见", "班子", "职工", 3, "支委每季度到联系点"),
)
TRACES = (
    ("班子", "批评", "党课讲理论多，联系营销、专卖岗位少", "党课签到表、发言记录"),
    ("班子", "征求意见", "客户反映的问题答复慢", "五日答复台账"),
    ("个人", "批评", "谈心谈话集中在年底，平时谈得少", "谈话记录"),
)
"""Of the problems, in their order: whose, how found, from what, and on what they were closed."""


@dataclass(frozen=True, slots=True)
class Present:
    """A member on the day of the appraisal."""

    name: str
    full: bool
    absent: bool


def who_takes_part(folder: Path) -> list[Present]:
    """Read the roster of a sample branch as of the appraisal, and from the minutes who missed the meeting before it."""
    minutes = load_workbook(folder / "meetings.xlsx").worksheets[0]
    said = " ".join(
        str(row[ABSENT])
        for row in minutes.iter_rows(values_only=True)
        if row[0] == "组织生活会" and str(MEETING.year) in str(row[1])
    )
    found = []
    for row in load_workbook(folder / "roster.xlsx").worksheets[0].iter_rows(min_row=3, values_only=True):
        admitted, full = _day(row[9]), _day(row[10])
        if isinstance(row[0], int) and admitted is not None and admitted <= MEETING:
            name = str(row[1])
            found.append(Present(name, full is not None and full <= MEETING, name in said))
    return found


def _day(cell: object) -> date | None:
    return cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None


def round_rows(people: Sequence[Present]) -> Iterable[tuple[Any, ...]]:
    """Yield the line of the year: preparation, ballots, publication."""
    count = len(people)
    yield (
        YEAR, "按上级通知的年度主题", as_cell(date(2026, 1, 15)), as_cell(date(2026, 1, 22)), 4, "党章、支部工作条例",
        as_cell(date(2026, 1, 28)), as_cell(MEETING), as_cell(date(2026, 1, 26)), as_cell(date(2026, 2, 6)),
        "市公司党建科派人参加", as_cell(MEETING), as_cell(VOTED), count, count, count, count - 2, 2, 0, 0, "支委会",
        as_cell(POSTED), as_cell(date(2026, 2, 27)),
    )  # fmt: skip


def result_rows(people: Sequence[Present]) -> Iterable[tuple[Any, ...]]:
    """Yield a line a member: sums of ballots, the grade, the feedback; a third at most is excellent."""
    count, most = len(people), len(people) // 3
    secretary = people[0].name
    rated = [each for each in people if each.full]
    for number, each in enumerate(people, start=1):
        written = "请假没有到会，书面作自我批评：走访记录写得简单，今后逐户写清。" if each.absent else None
        head = (number, YEAR, each.name, "正式党员" if each.full else "预备党员", as_cell(date(2026, 2, 9)))
        own = ("合格", written, secretary if written else None)
        if not each.full:
            yield (*head, *own, None, None, None, None, "不评定", None, None, None, None, None, None)
            continue
        place = rated.index(each)
        good = max(1, count - 2 - place)
        votes = (good, count - good, 0, 0) if place + 1 < len(rated) else (1, count - 4, 3, 0)
        grade = "优秀" if 0 < place <= most - 1 else "合格"
        yield (
            *head, *own, *votes, grade, as_cell(DECIDED), as_cell(TOLD), secretary if place else people[1].name,
            FAULTS[place % len(FAULTS)], as_cell(TOLD), as_cell(date(2026, 2, 27)),
        )  # fmt: skip


def criticisms(team: Team) -> list[Cells]:
    """Return who told whom what at the meeting."""
    names = team.names
    return [
        event(
            MEETING, words, for_year=YEAR, concerned="个人", receiver_id=names[told], giver_id=names[giver],
            reply=reply, category="履职尽责",
        )
        for told, giver, words, reply in CRITICISMS
    ]  # fmt: skip


def opinions() -> list[Cells]:
    """Return what was said when opinions were sought."""
    return [
        event(
            date(2026, 1, 26), words, for_year=YEAR, concerned=about, giver=giver, times=times, proposal=proposal,
            category="组织建设",
        )
        for words, about, giver, times, proposal in OPINIONS
    ]  # fmt: skip


def traced(issues: Sequence[Cells]) -> list[Cells]:
    """Return the problems with what those of this meeting go back to, and on what they were closed."""
    found, waiting = [], list(TRACES)
    for row in issues:
        if row.get("event_on") == MEETING and waiting:
            about, how, origin, evidence = waiting.pop(0)
            target = "criticism_id" if how == "批评" else "sought_opinion_id"
            more = {"for_year": YEAR, "concerned": about, "found_by": how, target: origin, "evidence": evidence}
            found.append({**row, **more, "goal": "办法落实、有记录", "confirmed_by": "纪检委员"})
        else:
            found.append(row)
    return found
