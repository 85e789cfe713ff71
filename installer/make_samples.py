"""Make the sample workbooks of the fourth and fifth branch and of headquarters (resources/samples).

Run by hand when the shapes change; the workbooks are committed. Everything is invented: names, numbers,
stations. A fixed seed makes the same cells every time. The fourth branch (淮阳区) does its work well, the
fifth (太康县) does not, so that a race over all five shows every class.
"""

import io
import random
import re
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

import desktop.models  # noqa: F401 - declares every register
from desktop.models.registers import REGISTERS

SAMPLES = Path(__file__).parents[1] / "resources" / "samples"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ROSTER_HEAD = (
    "序号", "姓名", "性别", "民族", "身份证号", "出生日期", "学历", "工作岗位", "党内职务", "入党时间", "转正时间",
    "联系电话", "所在党小组", "党费计算基数",
)  # fmt: skip
MEETING_HEAD = (
    "会议类型", "日期", "时间", "地点", "主持人", "记录人", "党小组", "应到人数", "实到人数", "缺席人员及原因", "议题",
    "发言摘要", "决议事项", "表决情况", "待办（事项|责任人|期限）", "主讲人",
)  # fmt: skip
POSTS = ("支部书记", "组织委员", "宣传委员", "纪检委员")
LEADER = "党小组长"
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
    leaders: frozenset[str] = frozenset()
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
    frozenset({"李䶮", "田兆丰"}),
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
                POSTS[index] if index < len(POSTS) else LEADER if name in station.leaders else None,
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
            f"{task}|{owner}|{day + timedelta(days=14):%Y-%m-%d}" if task else None,
            chair if kind == "党课" else None,
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
    book.properties.created = datetime(2026, 10, 1)  # noqa: DTZ001 - no clock in a sample
    made = io.BytesIO()
    book.save(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = MODIFIED.sub(rb"\g<1>2026-10-01T00:00:00Z", before.read(name))
            after.writestr(zipfile.ZipInfo(name, (2026, 10, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


# -- registers -----------------------------------------------------------------------------------------------------

Cells = dict[str, Any]
QUARTER_DAYS = (date(2026, 3, 12), date(2026, 6, 11), date(2026, 9, 10))


@dataclass(frozen=True)
class Team:
    """The people of a branch as its roster names them."""

    names: tuple[str, ...]
    posts: dict[str, str]

    @property
    def secretary(self) -> str:
        return self.posts["支部书记"]

    @property
    def committee(self) -> tuple[str, ...]:
        return tuple(self.posts[post] for post in POSTS if post in self.posts)

    @property
    def publicity(self) -> str:
        return self.posts.get("宣传委员", self.secretary)

    @property
    def organiser(self) -> str:
        return self.posts.get("组织委员", self.secretary)


def team_of(folder: Path) -> Team:
    """Read names and posts from the roster of a sample branch."""
    names: list[str] = []
    posts: dict[str, str] = {}
    page = load_workbook(folder / "roster.xlsx").worksheets[0]
    for row in page.iter_rows(min_row=3, values_only=True):
        if isinstance(row[0], int):
            name = str(row[1])
            names.append(name)
            if row[8]:
                posts.setdefault(str(row[8]), name)
    return Team(tuple(names), posts)


def event(day: date, title: str, **cells: Any) -> Cells:
    """Return one row of a record kind."""
    return {"event_on": day, "title": title, **cells}


def everything(team: Team, brand: str, customer_places: Sequence[str]) -> dict[str, list[Cells]]:
    """What a branch writes down that does all its registers ask for: January to September 2026."""
    workers = team.names

    def worker(number: int) -> str:
        return workers[number % len(workers)]

    year: dict[str, list[Cells]] = {}
    room, board, chat = "党员活动室", "党务公开栏", "支部工作群"
    year["venue"] = [
        {"title": room, "kind": "活动室", "area_m2": 62, "seats": 40, "admin_id": team.publicity, "state": "在用"},
        {"title": board, "kind": "公开栏", "admin_id": team.publicity, "state": "在用"},
        {"title": chat, "kind": "网络阵地", "admin_id": team.organiser, "state": "在用"},
    ]
    year["venue_check"] = [
        event(date(2026, 2, 26), "活动室年度检查", venue_id=room, finding="桌椅投影可用，可坐四十人。"),
        event(
            date(2026, 2, 27),
            "标识和制度上墙检查",
            venue_id=room,
            tag="signage",
            finding="党旗规范，更换旧制度牌一块。",
        ),
    ]
    year["venue_use"] = [
        event(date(2026, month, day), what, venue_id=room, purpose=what)
        for month in range(1, 10)
        for day, what in ((7, "青年党员读书"), (24, "队所晨会学习"))
    ]
    year["notice_board_update"] = [
        event(day, f"第{number}期公开栏", venue_id=board, content="党费收缴、积极分子培养、支部重点任务进度。")
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]
    year["asset_check"] = [
        event(date(2026, 6, 24), "上半年图书和设备清点", counted=186, missing=2, working="是"),
        event(date(2026, 9, 24), "下半年图书和设备清点", counted=201, missing=0, working="是"),
    ]
    year["online_venue_check"] = [
        event(date(2026, 6, 25), "工作群检查", venue_id=chat, finding="成员在册，先审后发，无涉密内容。"),
        event(date(2026, 9, 25), "工作群检查（三季度）", venue_id=chat, finding="清退离岗人员1名。"),
    ]
    duty_posts = {
        "书记": (team.secretary,), "班子成员": team.committee[1:], "党小组长": team.names[4:6], "党员": team.names[6:7],
    }  # fmt: skip
    duty_names = [(post, name) for post, names in duty_posts.items() for name in names]
    year["duty_list"] = [
        {
            "title": f"2026年{post}责任清单（{name}）", "year": 2026, "post": post,
            "level": "党小组" if post == "党小组长" else "党支部",
            "member_id": name, "signed_on": date(2026, 1, 20), "countersigned_by": "县局党总支",
            "items": "组织生活按期开展|按月排期|零缺项|2026-12-31|会议记录\n"
            "联系点走访|每季度到点|问题有回音|2026-12-31|走访记录",
            "state": "已签订", "state_on": date(2026, 1, 20),
        }
        for post, name in duty_names
    ]  # fmt: skip
    year["duty_check"] = [
        event(
            date(2026, 6, 29), f"{post}{name}上半年对账", duty_list_id=f"2026年{post}责任清单（{name}）",
            states="组织生活按期开展|已完成\n联系点走访|已完成",
        )
        for post, name in duty_names
    ]  # fmt: skip
    year["duty_report"] = [
        event(
            date(2026, 1, 22), "书记抓党建述职", member_id=team.secretary, to_whom="县局党总支", favourable=20, asked=21
        )
    ]
    year["contact_visit"] = [
        event(
            day, f"{name}到联系点", member_id=name, place=customer_places[index % len(customer_places)],
            problem="送货时间与营业高峰冲突", result="调整线路，当周落实。",
        )
        for day in QUARTER_DAYS
        for index, name in enumerate(team.committee)
    ]  # fmt: skip
    year["supervision_review"] = [
        event(day, "苗头性问题收集", signs="未发现违纪苗头，节前廉洁提醒1次。", talks_due=0, talks_done=0)
        for day in QUARTER_DAYS
    ]
    pairs = [(one, other) for i, one in enumerate(team.committee) for other in team.committee[i + 1 :]]
    others = [name for name in workers if name not in team.committee]
    talks = pairs + [(team.committee[index % len(team.committee)], name) for index, name in enumerate(others)]
    year["talk"] = [
        event(
            date(2026, 1 + index % 8, 5 + index % 20), f"{talker}与{talkee}谈心", kind="谈心谈话", talker_id=talker,
            talkee_id=talkee, place=room, points="谈思想、谈岗位、谈困难。", follow_up="岗位建议已转队所办理。",
        )
        for index, (talker, talkee) in enumerate(talks)
    ]  # fmt: skip
    year["study_plan"] = [
        event(
            date(2026, 1, 16), "2026年学习教育计划", year=2026,
            quarters="1|党的创新理论与行业纪律|完成\n2|服务营销和专卖法规|完成\n3|警示教育和质量月|完成\n4|年度回顾|",
        )
    ]  # fmt: skip
    year["training_record"] = [
        event(
            date(2026, 4, 21), "全市党员轮训班", organiser="市公司", centralised="是",
            participants="\n".join(f"{name}|16" for name in workers),
        ),
        event(
            date(2026, 5, 19), "支委履职培训班", organiser="市公司", centralised="是",
            participants="\n".join(f"{name}|24" for name in team.committee),
        ),
    ]  # fmt: skip
    year["study_application"] = [
        event(day, f"{name}：{what}", member_id=name, applied=what, effect=effect, confirmed_by=team.organiser)
        for day, what, effect in (
            (date(2026, 5, 28), "把课上的异议处理法用到走访", "投诉同比少3件"),
            (date(2026, 8, 27), "用排班表优化送货线路", "单车日均少跑9公里"),
        )
        for name in workers
    ]
    year["member_care"] = [
        event(
            date(2026, 7, 1),
            f"看望{workers[-2]}",
            member_id=workers[-2],
            occasion="家属住院",
            help="送慰问并协助请假调班。",
        )
    ]
    year["commitment"] = [
        event(
            date(2026, 1, 28), f"{name}承诺：{what}", member_id=name, due_on=date(2026, 9, 20),
            published_on=date(2026, 1, 30), result="部分兑现" if name == workers[-1] else "兑现",
        )
        for name in workers
        for what in ("每月帮一户零售户解决一个问题", "带教一名新员工")
    ]  # fmt: skip
    year["brand"] = [
        {
            "title": brand, "meaning": "把党员身份亮在终端，把服务做到柜台。", "slogan": "身份亮出来，服务靠前站",
            "targets": "挂牌终端数|12|40|38\n零售户满意度|88|95|94", "declared_on": date(2026, 1, 12),
            "state": "创建中", "state_on": date(2026, 1, 12),
        }
    ]  # fmt: skip
    year["brand_review"] = [
        event(date(2026, 6, 26), "品牌上半年评估", brand_id=brand, finding="挂牌38户，缺乡镇网点，下半年补。"),
        event(date(2026, 9, 25), "品牌三季度评估", brand_id=brand, finding="职工知晓率测评九成以上。"),
    ]
    year["party_plus_project"] = [
        {
            "title": "党建+终端服务", "track": "党建+客户", "leader_id": team.secretary,
            "started_on": date(2026, 1, 15), "targets": "问题终端整改率|60|95|92",
            "actions": "党员包片，月走访月销号。", "progress": "三季度整改率九成二。",
            "state": "实施中", "state_on": date(2026, 1, 15),
        }
    ]  # fmt: skip
    year["lean_project"] = [
        {
            "title": "缩短新办证客户首单时间", "kind": "QC", "leader_id": worker(5), "started_on": date(2026, 2, 10),
            "problem": "首单平均9天", "targets": "首单天数|9|5|4.5", "method": "PDCA", "benefit": "客户等待减半",
            "standardised_in": "新办证客户服务流程", "state": "已结题", "state_on": date(2026, 8, 20),
        }
    ]  # fmt: skip
    year["improvement_idea"] = [
        event(
            date(2026, 3 + index % 6, 6 + index % 20), f"{name}的建议", kind="合理化建议" if index % 2 else "小改小革",
            member_id=name, problem="现场不便", idea="改一处流程或工具", effect="使用者评价好" if index % 3 else "",
            state="效果已确认" if index % 3 == 1 else "已实施" if index % 3 else "已采纳",
        )
        for index, name in enumerate(workers)
    ]  # fmt: skip
    year["pioneer_unit"] = [
        event(date(2026, 1, 20), "党员示范岗：城区客服", kind="示范岗", leader_id=worker(5), members=worker(5))
    ]
    year["pioneer_review"] = [
        event(date(2026, 6, 30), "示范岗上半年考评", unit_id="党员示范岗：城区客服", result="投诉零，客户评价最高。"),
        event(date(2026, 9, 29), "示范岗三季度考评", unit_id="党员示范岗：城区客服", result="保持。"),
    ]
    year["role_model"] = [
        event(
            date(2026, 6, 30), f"岗位先锋{worker(5)}", member_id=worker(5), level="县级",
            deeds="连续三年服务评价第一。", publicity="支部大会宣讲，两个队所学习。",
        )
    ]  # fmt: skip
    year["exchange_activity"] = [
        event(day, title, kind=kind, place=room, attended=len(workers) - 2, gain="形成岗位改进点子若干。")
        for day, title, kind in (
            (date(2026, 3, 26), "党员论坛：问题终端怎么办", "党员论坛"),
            (date(2026, 5, 8), "读书日", "读书日"),
            (date(2026, 8, 13), "青年学习小组", "青年学习小组"),
        )
    ]
    year["volunteer_activity"] = [
        event(
            day, title, place="社区", beneficiary="居民和零售户", satisfied=28, asked=30,
            hours="\n".join(f"{name}|3" for name in workers),
        )
        for day, title in (
            (date(2026, 3, 5), "学雷锋日普法服务"), (date(2026, 5, 30), "社区清洁"), (date(2026, 8, 8), "烟区防汛"),
        )
    ]  # fmt: skip
    year["practical_deed"] = [
        {
            "title": title, "raised_by": "零售户座谈", "problem": problem, "plan": "支部认领，月底前办结",
            "owner_id": team.committee[index % len(team.committee)], "started_on": date(2026, 3, 2), "done_on": done,
            "satisfied": 18, "asked": 19, "state": "已回访", "state_on": done,
        }
        for index, (title, problem, done) in enumerate((
            ("送货提前预约", "到货时间不定", date(2026, 5, 15)), ("办证代办点进乡镇", "往返路远", date(2026, 7, 31)),
        ))
    ]  # fmt: skip
    year["opinion_round"] = [
        event(
            day, f"第{number}季度征求意见", asked_whom="零售户、职工",
            opinions=f"希望早送货|零售户|{team.organiser}|{day + timedelta(days=20)}|{day + timedelta(days=9)}",
        )
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]  # fmt: skip
    assigned = workers[5:13]
    year["customer_assignment"] = [
        {"title": f"{customer_places[index % len(customer_places)]}第{index + 1}商店", "member_id": name,
         "from_on": date(2026, 1, 5)}
        for index, name in enumerate(assigned)
    ]  # fmt: skip
    year["customer_visit"] = [
        event(
            day, f"{name}走访", member_id=name,
            customer=f"{customer_places[index % len(customer_places)]}第{index + 1}商店",
            problem="陈列和真伪鉴别", result="现场教会，次周回访。", satisfied="是",
        )
        for day in QUARTER_DAYS
        for index, name in enumerate(assigned)
    ]  # fmt: skip
    year["pairing"] = [
        {"title": "弦歌社区党支部", "partner_kind": "社区", "agreement_on": date(2026, 2, 18), "state": "共建中",
         "state_on": date(2026, 2, 18), "content": "普法、助老、场地共用"}
    ]  # fmt: skip
    year["pairing_activity"] = [
        event(day, title, pairing_id="弦歌社区党支部", content="联合普法和助老。", partner_view="有收获，愿继续。")
        for day, title in ((date(2026, 5, 22), "联合主题党日"), (date(2026, 8, 28), "联合助老"))
    ]
    year["mentoring_pair"] = [
        {"title": f"{mentor}带{mentee}", "kind": "一带一", "member_id": mentor, "mentee": mentee,
         "goal": "一年内独立走访", "from_on": date(2026, 1, 10)}
        for mentor, mentee in ((worker(7), "职工小田"), (worker(8), "职工小许"))
    ]  # fmt: skip
    year["mentoring_review"] = [
        event(day, f"{pair['title']}小结", pair_id=pair["title"], progress="能独立处理常见异议。")
        for day in (date(2026, 6, 26), date(2026, 9, 26))
        for pair in year["mentoring_pair"]
    ]
    year["relief_visit"] = [
        event(day, title, beneficiary=title.removeprefix("慰问"), help="米面油和代购药品", amount_fen=600)
        for day, title in ((date(2026, 2, 6), "慰问困难职工家庭"), (date(2026, 7, 28), "慰问困难零售户"))
    ]
    year["work_summary"] = [
        event(date(2026, 1, 12), "2026年支部工作计划", kind="年度计划", reported_on=date(2026, 1, 15)),
        event(date(2026, 6, 29), "2026年上半年小结", kind="半年小结", reported_on=date(2026, 7, 2)),
    ]
    year["budget_review"] = [
        event(date(2026, 6, 30), "经费半年核对", budget_fen=18000, spent_fen=8460.5, purpose="教育培训、图书、走访慰问")
    ]
    year["dues_publicity"] = [
        event(
            date(2026, 7, 3), "上半年党费收缴使用公布", period="2026年上半年", collected_fen=9862.4,
            remitted_fen=9862.4, used_fen=1200,
        )
    ]  # fmt: skip
    year["party_affairs_publicity"] = [
        event(day, f"第{number}季度党务公开", matter="发展党员、评先、经费", place=board)
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]
    year["security_check"] = [
        event(day, "数据与保密自查", ledger_agrees="是", finding="介质登记相符，无涉密文件。") for day in QUARTER_DAYS
    ]
    year["issue"] = [
        event(
            date(2026, 2, 11), title, source="组织生活会", measure=measure, owner_id=owner,
            due_on=date(2026, 6, 30), closed_on=date(2026, 6, 18), state="已销号",
        )
        for title, measure, owner in (
            ("理论学习联系岗位不紧", "每次党课点名谈岗位", team.publicity),
            ("走访问题反馈不及时", "建立五日答复台账", team.organiser),
            ("谈心谈话不够深入", "书记带头每月谈三人", team.secretary),
        )
    ]  # fmt: skip
    year["cadre_incentive"] = [
        event(date(2026, 7, 1), "优秀党务工作者", member_id=team.organiser, content="与业务先进同评同奖")
    ]
    return year


FAIR = (
    "venue", "venue_check", "notice_board_update", "asset_check", "online_venue_check", "duty_list", "duty_check",
    "duty_report", "contact_visit", "supervision_review", "talk", "study_plan", "training_record", "commitment",
    "brand", "brand_review", "party_plus_project", "exchange_activity", "volunteer_activity", "practical_deed",
    "opinion_round", "customer_assignment", "customer_visit", "work_summary", "dues_publicity",
    "party_affairs_publicity", "security_check", "issue",
)  # fmt: skip
"""What the branches in the middle keep; here and there a quarter is missing."""
LITTLE = (
    "venue", "notice_board_update", "study_plan", "training_record", "talk", "contact_visit", "supervision_review",
    "exchange_activity", "volunteer_activity", "practical_deed", "opinion_round", "customer_assignment",
    "customer_visit", "work_summary", "party_affairs_publicity", "security_check",
)  # fmt: skip
"""What a small branch without a committee keeps."""
LEAST = ("venue", "notice_board_update")


def with_gaps(year: dict[str, list[Cells]], kinds: Sequence[str], without: date | None) -> dict[str, list[Cells]]:
    """Return some kinds only, without what happened in the quarter of `without`."""

    def kept(row: Cells) -> bool:
        day = row.get("event_on")
        return without is None or day is None or (day.month - 1) // 3 != (without.month - 1) // 3

    found = {kind: [row for row in year[kind] if kept(row)] for kind in kinds}
    return {kind: rows for kind, rows in found.items() if rows}


def write_registers(folder: Path, year: dict[str, list[Cells]]) -> None:
    """Write one workbook per register, with the headings its declaration gives."""
    for kind, rows in year.items():
        register = REGISTERS[kind]
        used = [one for one in register.fields if any(row.get(one.name) not in (None, "") for row in rows)]
        cells = [
            [as_cell(value) if isinstance(value := row.get(one.name), date) else value for one in used] for row in rows
        ]
        write(folder / f"{kind}.xlsx", register.title, [one.label for one in used], cells)


# -- headquarters --------------------------------------------------------------------------------------------------

PERIOD = "2026Q3"
RACE_HEAD = ("支部", "评比周期", "指标", "数值", "样本数", "依据")
FIGURES = {
    # code: H2, H3-1, H3-2, H3-3, H4, samples, H5, H7
    "ZK01": ("86", "96.5%", "82%", "75%", "89.5%", 42, "3", "88%"),
    "ZK02": ("89", "97.5%", "88%", "80%", "91%", 38, "3.25", "90.5%"),
    "ZK03": ("88", "97.2%", "86%", "80%", "91%", 8, "3.25", "89%"),
    "ZK04": ("94", "99.1%", "97%", "95%", "94.6%", 51, "3.75", "94%"),
    "ZK05": ("71", "87.5%", "52%", "20%", "79%", 26, "1", "70%"),
}
GROUNDS = {
    "H2": "三季度积分公示表中位数", "H3-1": "营销、专卖系统9月报表", "H3-2": "党建+项目季度台账，业务科确认",
    "H3-3": "企管科精益课题评审表", "H4": "三季度问卷汇总", "H5": "党建科评审会评定", "H7": "9月下旬现场核查表",
}  # fmt: skip


RATING_HEAD = ("支部", "年度", "条目", "质量标准", "评定", "依据")
LEVELS = {
    # code: levels given in turn, share of favourable answers, every n-th criterion is not rated yet
    "ZK01": (("3", "3", "2.5", "3"), 0.84, 9),
    "ZK02": (("3.5", "3", "3", "3.5"), 0.87, 11),
    "ZK03": (("3", "2.5", "3", "3"), 0.85, 7),
    "ZK04": (("4", "3.5", "4", "3.5"), 0.93, 0),
    "ZK05": (("1", "1.5", "1", "2"), 0.65, 6),
}
RATING_GROUNDS = {
    "rating": "考评组查阅记录并询问当事人", "site": "9月下旬现场抽查", "survey": "现场发放测评表",
}  # fmt: skip


def rating_rows() -> Iterable[tuple[Any, ...]]:
    """Yield headquarters' judgement of quality: every criterion people rate, but for some not looked at yet."""
    with (SAMPLES.parent / "standards" / "branch_standard.toml").open("rb") as file:
        pack = tomllib.load(file)
    criteria = [
        (item["id"], number, criterion["how"])
        for dimension in pack["dimensions"]
        for item in dimension["items"]
        for number, criterion in enumerate(item["quality"], start=1)
        if criterion["how"] in RATING_GROUNDS
    ]
    for code, (levels, favourable, skipped) in LEVELS.items():
        for turn, (item, number, how) in enumerate(criteria, start=1):
            if skipped and turn % skipped == 0:
                continue
            asked = 18 + turn % 5
            value = f"{round(asked * favourable)}/{asked}" if how == "survey" else levels[turn % len(levels)]
            yield code, 2026, item, str(number), value, RATING_GROUNDS[how]


def race_rows() -> Iterable[tuple[Any, ...]]:
    """Yield what headquarters enters for the race: one line per branch and indicator, then penalties."""
    for code, (points, business, plus, lean, satisfied, samples, brand, site) in FIGURES.items():
        values = {
            "H2": points, "H3-1": business, "H3-2": plus, "H3-3": lean, "H4": satisfied, "H5": brand, "H7": site,
        }  # fmt: skip
        for key, value in values.items():
            yield code, PERIOD, key, value, samples if key == "H4" else None, GROUNDS[key]
    yield "ZK05", PERIOD, "P-02", "1", None, "市局督办单〔2026〕17号，责任投诉查实"


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
    places = ("柳湖街", "新站镇", "齐老乡")
    for name, brand, kinds, without in (
        ("huaiyang", "阳光终端", None, None),
        ("xiangcheng", "项城先锋柜台", FAIR, date(2026, 6, 1)),
        ("shenqiu", "沙颍护航", FAIR, date(2026, 3, 1)),
        ("luyi", "", LITTLE, date(2026, 6, 1)),
        ("taikang", "", LEAST, date(2026, 6, 1)),
    ):
        year_of = everything(team_of(SAMPLES / name), brand or "品牌", places)
        write_registers(SAMPLES / name, year_of if kinds is None else with_gaps(year_of, kinds, without))
    write(SAMPLES / "headquarters" / "ratings.xlsx", "质量评定", RATING_HEAD, rating_rows())
    write(SAMPLES / "headquarters" / "race_inputs.xlsx", "赛马数据", RACE_HEAD, race_rows())


if __name__ == "__main__":
    main()
