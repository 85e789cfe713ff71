"""The invented meetings of a branch that works faithfully and of one that does not."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from installer.samples.good_year import BEFORE, open_day
from installer.samples.people import LEADER, POSTS, Person, Station
from installer.samples.sheets import as_cell

MEETING_HEAD = (
    "会议类型", "日期", "时间", "地点", "主持人", "记录人", "党小组", "应到人数", "实到人数", "缺席人员及原因", "议题",
    "发言摘要", "决议事项", "表决情况", "待办（事项|责任人|期限）", "主讲人",
)  # fmt: skip
DONE_UNTIL = date(2026, 9, 10)
"""What is due later is still open on the day of the demonstration."""
EXCUSED, OWN_AFFAIRS = ("公差", "值班", "病假"), ("事假",)


class Minutes:
    """Writes the meetings of one station, row by row."""

    def __init__(self, station: Station, people: Sequence[Person], turn: int = 2) -> None:
        self.people, self.draw = people, random.Random(station.seed + turn)
        self.rows: list[tuple[date, tuple[Any, ...]]] = []
        self.keeps_at_it = False
        self.secretary, self.recorder = people[0].name, people[2].name

    def expected(self, day: date, kind: str, group: str | None) -> list[str]:
        """Return who should come: the committee, a group, or every member of that day."""
        on_roster = [p for p in self.people if p.admitted <= day]
        if kind == "支委会":
            return [p.name for p in on_roster if p.post in POSTS]
        return [p.name for p in on_roster if group is None or p.group == group]

    def held(
        self,
        kind: str,
        day: date,
        topic: str,
        *,
        group: str | None = None,
        absent: int = 0,
        reasons: Sequence[str] = EXCUSED,
        task: str | None = None,
        resolved: str | None = None,
        vote: str | None = None,
        speech: str | None = None,
    ) -> None:
        """Add one meeting; absentees are drawn, never the chair or the recorder."""
        chair = self.secretary
        if group is not None:
            own = [p for p in self.people if p.group == group]
            chair = next((p.name for p in own if p.post == LEADER), own[0].name)
        due = self.expected(day, kind, group)
        voters = {p.name for p in self.people if p.full is not None}
        candidates = [name for name in due if name not in (chair, self.recorder) and (not vote or name in voters)]
        away = self.draw.sample(candidates, min(absent, len(candidates)))
        speaker = next((n for n in due if n not in (chair, *away)), chair)
        owner = speaker if task and task.startswith("请") else chair
        self.rows.append((day, (
            kind, self.spelled(day), self.draw.choice(("09:00", "15:00", "16:30")),
            self.draw.choice(("党员活动室", "三楼会议室")), chair, self.recorder, group, len(due), len(due) - len(away),
            "；".join(f"{name}（{self.draw.choice(reasons)}）" for name in away) or None, topic,
            speech or f"{speaker}：结合岗位谈了打算；{chair}：对下一步工作提出要求。", resolved, vote,
            self._task(task, owner, day) if task else None,
            chair if kind == "党课" else None,
        )))  # fmt: skip

    def _task(self, task: str, owner: str, day: date) -> str:
        """Write what is to be done, and, where the branch keeps at it, when it was."""
        due = day + timedelta(days=14)
        done = f"|{day + timedelta(days=9):%Y-%m-%d}|已落实" if self.keeps_at_it and due <= DONE_UNTIL else ""
        return f"{task}|{owner}|{due:%Y-%m-%d}{done}"

    def spelled(self, day: date) -> object:
        """Write the day in one of the spellings people use."""
        return self.draw.choice(
            (as_cell(day), as_cell(day), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}")
        )


def faithful(station: Station, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """The year of a branch that does everything in time: January to September 2026."""
    book = Minutes(station, people)
    book.keeps_at_it = True
    themes = (
        "新春走访零售户，送政策上门", "重温入党誓词，过政治生日", "消费者权益日普法宣传进集市",
        "清明祭扫英烈，红色家书共读", "党员志愿服务进社区", "亮身份、比服务，终端陈列帮扶",
        "七一主题党日，表彰先锋岗", "暑期烟区防汛志愿行动",
        "质量月卷烟鉴别宣传",
    )  # fmt: skip
    groups = ("交流本月岗位改进事项", "围绕走访中发现的三个问题谈思想谈办法", "学用结合讨论：从一个投诉说起")
    for month in range(1, 10):
        analysis = month in (2, 5, 8)
        topic = (
            "专题研判党员思想状况，分析研究党建与业务融合中的突出问题"
            if analysis
            else f"研究{month}月重点工作和主题党日方案"
        )
        book.held(
            "支委会", date(2026, month, 3), topic, resolved="逐项明确责任人和完成时限。", task="梳理融合问题清单并挂账"
        )
        for number, group in enumerate(station.groups):
            book.held(
                "党小组会", date(2026, month, 8 + number), groups[(month + number) % 3], group=group,
                absent=1 if (month + number) % 4 == 0 else 0, task="汇总改进事项" if month % 2 else None,
            )  # fmt: skip
        book.held(
            "主题党日", date(2026, month, 15), themes[month - 1], absent=month % 3,
            task="跟踪活动中收集的意见" if month not in (4, 7) else None,
        )  # fmt: skip
    secretary = people[0].name
    for day, topic in (
        (date(2026, 3, 18), "纪律教育：从行业案例看岗位廉洁风险"),
        (date(2026, 6, 17), "把党员先锋岗建在服务一线"),
        (date(2026, 8, 19), "警示教育：身边事教育身边人"),
        (date(2026, 9, 17), "从一本台账看作风"),
    ):
        book.held(
            "党课", day, topic, absent=1, speech=f"{secretary}：主讲，结合本支部三个实例；{people[5].name}：谈体会。"
        )
    for day, topic in (
        (date(2026, 3, 23), "报告一季度工作，审议年度服务零售户专项计划"),
        (date(2026, 6, 23), "通报上半年党费收缴和赛马情况，讨论二季度重点任务"),
        (date(2026, 9, 22), "审议三季度工作，讨论品牌“阳光终端”推进办法"),
    ):
        book.held("支部党员大会", day, topic, absent=1, resolved="同意报告，按分工落实。", task="向党员反馈落实情况")
    book.held("组织生活会", date(2026, 2, 11), "查摆问题，开展批评和自我批评", absent=1, task="整改清单逐条销号")
    book.held("民主评议党员", date(2026, 2, 12), "党员自评、互评和测评", absent=0)
    if station.admitted_late is not None and station.admitted_late_on is not None:
        voters = len([p for p in people if p.full is not None])
        book.held(
            "支部党员大会", station.admitted_late_on, f"讨论接收{station.admitted_late}同志为预备党员", absent=1,
            reasons=("公差",), resolved=f"同意接收{station.admitted_late}同志为中共预备党员，报上级党组织审批。",
            vote=f"应到{voters}，实到{voters - 1}，赞成{voters - 1}，反对0，弃权0",
            speech="到会有表决权党员逐一发表意见。",
        )  # fmt: skip
    return [row for _, row in sorted(book.rows, key=lambda pair: pair[0])]


def whole(station: Station, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """The year before of the same branch, from January to December 2025."""
    book = Minutes(station, people, turn=5)
    book.keeps_at_it = True
    themes = (
        "入户问年货供应，送放心烟标识", "读《党章》谈岗位，集体过政治生日", "三一五普法摆摊，教认真假烟",
        "祭扫烈士陵园，讲一个身边故事", "帮乡镇商户理陈列", "走进烟叶合作社听意见", "七一重温誓词，评先锋岗",
        "防汛值守，帮低洼商户转移库存", "开学季劝阻向未成年人售烟", "国庆后看望老党员，送学上门",
        "安全用火用电进商户", "宪法日普法，晒一年承诺清单",
    )  # fmt: skip
    groups = ("说一件本月最难办的事", "带着客户意见找办法", "读一段原文，对照一个岗位习惯", "互查台账，当面提一条")
    for month in range(1, 13):
        analysis = month in (2, 5, 8, 11)
        topic = (
            f"专题研判党员思想状况，分析研究{month}月党建与业务融合中的突出问题"
            if analysis
            else f"研究{month}月重点工作，听取各组上月落实情况"
        )
        book.held(
            "支委会", open_day(date(BEFORE, month, 6)), topic, resolved=f"定下{month}月三件事，逐项到人。",
            task=f"{month}月三件事挂账销号",
        )  # fmt: skip
        for number, group in enumerate(station.groups):
            book.held(
                "党小组会", open_day(date(BEFORE, month, 9 + number)), f"{month}月：{groups[(month + number) % 4]}",
                group=group, absent=1 if (month + number) % 5 == 0 else 0,
                task="办结一件并在下次会上说" if month % 2 else None,
            )  # fmt: skip
        book.held(
            "主题党日",
            open_day(date(BEFORE, month, 15)),
            themes[month - 1],
            absent=month % 2,
            task="收集的意见逐条回音",
        )
    secretary = people[0].name
    for day, topic in (
        (date(BEFORE, 3, 19), "纪律教育：收一条烟的代价"),
        (date(BEFORE, 6, 18), "从一张订单看为谁服务"),
        (date(BEFORE, 8, 20), "警示教育：同行的教训就在身边"),
        (date(BEFORE, 9, 18), "把学的用在柜台上"),
        (date(BEFORE, 11, 19), "支部怎么当好服务的主心骨"),
    ):
        book.held(
            "党课", day, topic, absent=1, speech=f"{secretary}：用三个真事讲道理；{people[5].name}：结合走访谈体会。"
        )
    for day, topic in (
        (date(BEFORE, 3, 24), "报告一季度工作，审议全年服务计划"),
        (date(BEFORE, 6, 24), "通报上半年党费和承诺兑现情况，讨论下半年重点"),
        (date(BEFORE, 9, 23), "审议三季度工作，讨论品牌“阳光终端”怎么做实"),
        (date(BEFORE, 12, 23), "书记报告全年工作，党员评议，讨论明年一件实事"),
    ):
        book.held(
            "支部党员大会",
            day,
            topic,
            absent=1,
            resolved="同意报告，按讨论的意见补充后落实。",
            task="把意见办结情况告诉党员",
        )
    book.held(
        "组织生活会", date(BEFORE, 2, 12), "对照去年查摆问题，开展批评和自我批评", absent=0, task="整改清单逐条销号"
    )
    book.held("民主评议党员", date(BEFORE, 2, 13), "党员自评、互评和测评", absent=0)
    return [row for _, row in sorted(book.rows, key=lambda pair: pair[0])]


def slack(station: Station, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """The year of a branch that lets things slide: months without meetings, many absent for their own affairs."""
    book = Minutes(station, people)
    for month, topic in ((1, "传达上级文件"), (2, "传达上级会议精神"), (5, "传达上级文件"), (8, "研究迎检材料")):
        book.held("支委会", date(2026, month, 6), topic, absent=1 if month > 2 else 0, reasons=OWN_AFFAIRS)
    for month, absent in ((1, 3), (3, 4), (5, 5), (8, 4)):
        book.held("主题党日", date(2026, month, 20), "集中观看专题片", absent=absent, reasons=OWN_AFFAIRS)
    for month in (1, 4, 6):
        for group in station.groups:
            book.held("党小组会", date(2026, month, 12), "学习文件", group=group, absent=2, reasons=OWN_AFFAIRS)
    book.held("党课", date(2026, 3, 25), "传达上级党课提纲", absent=4, reasons=OWN_AFFAIRS)
    book.held("支部党员大会", date(2026, 3, 27), "传达年度工作要点", absent=4, reasons=OWN_AFFAIRS, resolved="同意。")
    book.held("组织生活会", date(2026, 3, 5), "开展批评和自我批评", absent=3, reasons=OWN_AFFAIRS)
    return [row for _, row in sorted(book.rows, key=lambda pair: pair[0])]
