"""Make the sample workbooks of the fourth and fifth branch and of headquarters (resources/samples).

Run by hand when the shapes change; the workbooks are committed. Everything is invented: names, numbers,
stations. A fixed seed makes the same cells every time. The fourth branch (淮阳区) does its work well, the
fifth (太康县) does not, so that a race over all five shows every class.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

SAMPLES = Path(__file__).parents[1] / "resources" / "samples"
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ROSTER_HEAD = (
    "序号", "姓名", "性别", "民族", "身份证号", "出生日期", "学历", "工作岗位", "党内职务", "入党时间", "转正时间",
    "联系电话", "所在党小组", "党费计算基数",
)  # fmt: skip
MEETING_HEAD = (
    "会议类型", "日期", "时间", "地点", "主持人", "记录人", "党小组", "应到人数", "实到人数", "缺席人员及原因", "议题",
    "发言摘要", "决议事项", "表决情况", "待办（事项|责任人|期限）",
)  # fmt: skip
POSTS = ("支部书记", "组织委员", "宣传委员", "纪检委员")
JOBS = ("专卖稽查员", "客户经理", "送货员", "综合管理员", "烟叶技术员")
EDUCATION = ("大学本科", "大学专科", "高中", "研究生")
BASES = (2860, 3000, 4150.5, 5000, 6320, 8800, 10450)
EXCUSED, OWN_AFFAIRS = ("公差", "值班", "病假"), ("事假",)


@dataclass
class Person:
    """One line of a roster."""

    name: str
    female: bool
    born: date
    admitted: date
    full: date | None
    group: str
    post: str | None
    id_no: str
    ethnic: str = "汉族"


@dataclass
class Station:
    """A sample branch and how faithfully it works."""

    folder: str
    title: str
    region: str
    names: Sequence[str]
    women: frozenset[str]
    groups: Sequence[str]
    seed: int
    hui: frozenset[str] = frozenset()
    admitted_late: str | None = None
    admitted_late_on: date | None = None
    people: list[Person] = field(default_factory=list)


HUAIYANG = Station(
    "huaiyang",
    "淮阳区烟草专卖局（营销部）党支部",
    "412727",
    (
        "郑守信", "蒋月华", "孟凡林", "陶静", "李䶮", "田兆丰", "崔海燕", "白云峰", "邵立群", "冯德厚", "马玉兰",
        "卢建平", "侯雅琴", "段志远", "贺春梅", "孔令辉", "石磊", "常青", "龚晓光", "尹桂芳", "邱明亮", "熊海涛",
    ),
    frozenset({"蒋月华", "陶静", "崔海燕", "马玉兰", "侯雅琴", "贺春梅", "常青", "尹桂芳"}),
    ("第一党小组", "第二党小组"),
    411603,
    frozenset({"马玉兰"}),
    "熊海涛",
    date(2026, 6, 26),
)  # fmt: skip
TAIKANG = Station(
    "taikang",
    "太康县烟草专卖局专卖管理所党支部",
    "412724",
    ("康占营", "闫红霞", "耿新民", "米兰英", "苗长河", "牛国栋", "时运来", "翟小满", "岳东升", "范秋菊", "门世杰"),
    frozenset({"闫红霞", "米兰英", "翟小满", "范秋菊"}),
    ("第一党小组", "第二党小组"),
    411627,
)


def check_digit(body: str) -> str:
    """Return the check character of the 17 digits of a resident ID number (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, CHECK_WEIGHTS, strict=True)) % 11]


def people_of(station: Station) -> list[Person]:
    """Invent the members: committee first, groups in turn."""
    draw = random.Random(station.seed)
    people = []
    for index, name in enumerate(station.names):
        born = date(draw.randint(1966, 1995), draw.randint(1, 12), draw.randint(1, 28))
        admitted = date(
            draw.randint(born.year + 21, min(born.year + 34, 2022)), draw.randint(1, 12), draw.randint(1, 28)
        )
        full: date | None = admitted.replace(year=admitted.year + 1)
        if name == station.admitted_late and station.admitted_late_on is not None:
            admitted, full = station.admitted_late_on, None
        female = name in station.women
        serial = draw.randint(10, 98) * 10 + draw.randint(0, 4) * 2 + (0 if female else 1)
        body = f"{station.region}{born:%Y%m%d}{serial:03}"
        people.append(
            Person(
                name,
                female,
                born,
                admitted,
                full,
                station.groups[index % len(station.groups)],
                POSTS[index] if index < len(POSTS) else None,
                body + check_digit(body),
                "回族" if name in station.hui else "汉族",
            )
        )
    return people


def roster_rows(station: Station, people: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    """Yield the roster as the shared samples write it: dates once as text, once as dates."""
    draw = random.Random(station.seed + 1)
    for number, person in enumerate(people, start=1):
        phone = f"1{draw.choice((33, 35, 36, 37, 38, 39))}{draw.randint(0, 99999999):08}"
        yield (
            number, person.name, "女" if person.female else "男", person.ethnic, person.id_no,
            f"{person.born:%Y.%m.%d}", draw.choice(EDUCATION),
            "站长" if number == 1 else draw.choice(JOBS), person.post,
            as_cell(person.admitted), as_cell(person.full), phone, person.group, draw.choice(BASES),
        )  # fmt: skip


def as_cell(day: date | None) -> datetime | None:
    """Return a day as Excel keeps it."""
    return datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001 - a calendar day has no zone


class Minutes:
    """Writes the meetings of one station, row by row."""

    def __init__(self, station: Station, people: Sequence[Person]) -> None:
        self.people, self.draw = people, random.Random(station.seed + 2)
        self.rows: list[tuple[date, tuple[Any, ...]]] = []
        self.secretary, self.recorder = people[0].name, people[2].name

    def expected(self, day: date, kind: str, group: str | None) -> list[str]:
        """Return who should come: the committee, a group, or every member of that day."""
        on_roster = [p for p in self.people if p.admitted <= day]
        if kind == "支委会":
            return [p.name for p in on_roster if p.post]
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
            chair = next(p.name for p in self.people if p.group == group)
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
            f"{task}|{owner}|{day + timedelta(days=14):%Y-%m-%d}" if task else None,
        )))  # fmt: skip

    def spelled(self, day: date) -> object:
        """Write the day in one of the spellings people use."""
        return self.draw.choice(
            (as_cell(day), as_cell(day), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}")
        )


def faithful(station: Station, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """The year of a branch that does everything in time: January to September 2026."""
    book = Minutes(station, people)
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


def write(path: Path, sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    """Write one workbook as an office would: perhaps a merged title line, bold heads, readable widths."""
    book = Workbook()
    page = book.active
    if page is None:
        raise RuntimeError("a new workbook has a sheet")
    page.title = sheet
    if title is not None:
        page.append([title])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
        page["A1"].font, page["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    page.append(list(head))
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for row in rows:
        page.append(list(row))
        for cell in page[page.max_row]:
            if isinstance(cell.value, datetime):
                cell.number_format = "yyyy-mm-dd"
    for column, name in enumerate(head, start=1):
        page.column_dimensions[get_column_letter(column)].width = max(10, min(28, 2 * len(name) + 4))
    book.properties.creator = "支部工作台"
    book.properties.created = book.properties.modified = datetime(2026, 10, 1)  # noqa: DTZ001 - no clock in a sample
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def main() -> None:
    """Write every sample workbook this program makes."""
    for station, year in ((HUAIYANG, faithful), (TAIKANG, slack)):
        people = people_of(station)
        folder = SAMPLES / station.folder
        write(
            folder / "roster.xlsx",
            "党员名册",
            ROSTER_HEAD,
            roster_rows(station, people),
            f"{station.title}党员名册（2026年）",
        )
        write(folder / "meetings.xlsx", "会议记录", MEETING_HEAD, year(station, people))


if __name__ == "__main__":
    main()
