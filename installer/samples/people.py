"""The invented stations and their members (the roster)."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from installer.samples.sheets import as_cell

CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ROSTER_HEAD = (
    "序号", "姓名", "性别", "民族", "身份证号", "出生日期", "学历", "工作岗位", "党内职务", "入党时间", "转正时间",
    "联系电话", "所在党小组", "党费计算基数",
)  # fmt: skip
POSTS = ("支部书记", "组织委员", "宣传委员", "纪检委员")
LEADER = "党小组长"
JOBS = ("专卖稽查员", "客户经理", "送货员", "综合管理员", "烟叶技术员")
EDUCATION = ("大学本科", "大学专科", "高中", "研究生")
BASES = (2860, 3000, 4150.5, 5000, 6320, 8800, 10450)


@dataclass(kw_only=True)
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


@dataclass(kw_only=True)
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
    folder="huaiyang",
    title="淮阳区烟草专卖局（营销部）党支部",
    region="412727",
    names=(
        "郑守信", "蒋月华", "孟凡林", "陶静", "李䶮", "田兆丰", "崔海燕", "白云峰", "邵立群", "冯德厚", "马玉兰",
        "卢建平", "侯雅琴", "段志远", "贺春梅", "孔令辉", "石磊", "常青", "龚晓光", "尹桂芳", "邱明亮", "熊海涛",
    ),
    women=frozenset({"蒋月华", "陶静", "崔海燕", "马玉兰", "侯雅琴", "贺春梅", "常青", "尹桂芳"}),
    groups=("第一党小组", "第二党小组"),
    seed=411603,
    hui=frozenset({"马玉兰"}),
    leaders=frozenset({"李䶮", "田兆丰"}),
    admitted_late="熊海涛",
    admitted_late_on=date(2026, 6, 26),
)  # fmt: skip
TAIKANG = Station(
    folder="taikang",
    title="太康县烟草专卖局专卖管理所党支部",
    region="412724",
    names=(
        "康占营",
        "闫红霞",
        "耿新民",
        "米兰英",
        "苗长河",
        "牛国栋",
        "时运来",
        "翟小满",
        "岳东升",
        "范秋菊",
        "门世杰",
    ),
    women=frozenset({"闫红霞", "米兰英", "翟小满", "范秋菊"}),
    groups=("第一党小组", "第二党小组"),
    seed=411627,
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
                name=name,
                female=female,
                born=born,
                admitted=admitted,
                full=full,
                group=station.groups[index % len(station.groups)],
                post=POSTS[index] if index < len(POSTS) else LEADER if name in station.leaders else None,
                id_no=body + check_digit(body),
                ethnic="回族" if name in station.hui else "汉族",
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
