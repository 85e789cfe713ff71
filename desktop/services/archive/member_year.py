"""The year of a member on one A4 page, for the person to sign (党员年度情况)."""

from collections.abc import Sequence
from datetime import date

from desktop.services.archive.blocks import (
    Block,
    Column,
    Corner,
    Document,
    Fields,
    Heading,
    Jpeg,
    Note,
    Paragraph,
    Side,
    Space,
    Table,
    Title,
)
from desktop.services.archive.wording import day, short_day
from desktop.services.dues.reckoning import CellState
from desktop.services.dues.words import yuan
from desktop.services.member_year.rows import KindYear, MemberYear, PointsOfYear, Presence
from desktop.services.standards.verdict import amount

SIGNED = "本人：" + "　" * 8 + "支部书记：" + "　" * 8 + "日期："
"""One line to sign: all of the year stays on one page."""
LINES = 3
"""Talks, pledges and tasks that are told each; the rest is counted, so that one page is enough."""
SHOWN = 30
SIGNS = {
    Presence.PRESENT: "√",
    Presence.LEAVE: "假",
    Presence.MADE_UP: "补",
    Presence.ABSENT: "缺",
    Presence.PENDING: "待",
    Presence.NONE: "—",
    Presence.AHEAD: "",
}
DUES_SIGNS = {
    CellState.PAID: "√",
    CellState.MADE_GOOD: "补",
    CellState.OWED: "欠",
    CellState.OPEN: "待",
    CellState.EXEMPT: "免",
    CellState.NONE: "—",
    CellState.UNKNOWN: "？",
    CellState.AHEAD: "",
}
_MONTHS = (Column("", 3.4), *(Column(str(month), 1.0, Side.CENTER) for month in range(1, 13)))


def member_year_document(year: MemberYear, branch: str, portrait: Jpeg | None = None) -> Document:
    """Return the year of a member as one page, with the portrait where there is one."""
    member = year.member
    title = f"{member.name}{year.year}年度情况"
    facts = (
        ("姓名", member.name),
        ("党员类别", member.category.label),
        ("入党时间", member.admitted_text),
        ("党小组", member.group),
        ("职务", "、".join(dict.fromkeys(held.post.label for held in year.posts))),
        ("起算", year.since_words.replace(" ", "")),
        ("出勤", f"{year.came} / {year.expected}"),
        ("学时", _hours(year)),
    )
    blocks: list[Block] = [
        *([Corner(portrait)] if portrait is not None else []),
        Title(title, f"（{branch}，截至{day(year.on)}）"),
        Fields(tuple(pair for pair in facts if pair[1]), record=title),
        Heading("参加组织生活", 2, listed=False),
        Table(
            (*_MONTHS, Column("到/应到", 1.8, Side.CENTER)),
            tuple(_attended(kind) for kind in year.kinds),
            record="参加组织生活",
            dense=True,
        ),
        Note("√ 到会；假 请假；补 补课（不算到会）；缺 缺席；待 计划中；— 当月没有这个会。"),
    ]
    dues = year.dues
    if dues.begun and dues.row is not None:
        monthly = "未核定" if dues.row.monthly_fen is None else f"每月{yuan(dues.row.monthly_fen)}元"
        cells = tuple(DUES_SIGNS[cell.state] for cell in dues.row.cells)
        last = Column("已交/应交", 1.8, Side.CENTER)
        line = (monthly, *cells, f"{dues.paid}/{dues.due}")
        blocks += [Heading("党费", 2, listed=False), Table((*_MONTHS, last), (line,), record="党费", dense=True)]
    withheld = sum(talk.restricted for talk in year.talks)
    lists = (
        ("谈话", "次", [f"{_on(talk.on)}{talk.who}" for talk in year.talks if not talk.restricted]),
        ("承诺", "项", [f"{_cut(pledge.title)}（{pledge.state.label}）" for pledge in year.pledges]),
        ("任务", "件", [f"{_cut(task.what)}（{task.state.label}）" for task in year.tasks]),
        ("荣誉和典型", "项", [f"{_cut(each.title)}（{each.level}）" for each in year.honours]),
    )
    each = LINES if year.points is None else LINES - 1
    told = tuple((name, _told(lines, unit, each)) for name, unit, lines in lists if lines)
    if withheld:
        aside = f"内部掌握的{withheld}次不印"
        told = tuple((name, f"{words}；{aside}" if name == "谈话" else words) for name, words in told)
    if year.points is not None:
        told = (("积分", _points(year.points)), *told)
    if told:
        blocks += [Heading("积分、谈话、承诺、任务", 2, listed=False), Fields(told, columns=1, record=title)]
    lacking = "；".join(lack.what for lack in year.lacks[:SHOWN])
    blocks += [
        Heading("今年还差", 2, listed=False) if year.on < date(year.year, 12, 31) else Heading("还差", 2, listed=False),
        Note(lacking or (year.verdict if year.left is not None else "没有差的。")),
        Space(6),
        Paragraph(SIGNED, indent=False),
    ]
    return Document(
        title=title,
        author=branch,
        subject=f"{year.year}年度",
        day=year.on,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=branch,
    )


def _attended(kind: KindYear) -> tuple[str, ...]:
    return (kind.kind.label, *(SIGNS[cell.state] for cell in kind.cells), f"{kind.came}/{kind.expected}")


def _hours(year: MemberYear) -> str:
    learning = year.learning
    asked = f" / {learning.target}" if learning.target is not None else ""
    parts = (("会议和党课", learning.meetings), ("集中培训", learning.courses), ("自学", learning.own))
    return f"{amount(learning.hours)}{asked}（{'，'.join(f'{name}{amount(hours)}' for name, hours in parts)}）"


def _points(points: PointsOfYear) -> str:
    sums = points.sums
    more = (
        sums.level_name,
        f"奖励{sums.reward}" if sums.reward else "",
        f"扣{-sums.deduction}" if sums.deduction else "",
    )
    each = (
        f"{each.name}{each.words}" if each.ahead else f"{each.name}{each.words}/{each.cap.normalize():f}"
        for each in points.categories
    )
    return f"{sums.total}（{'，'.join(filter(None, more))}）：{'，'.join(each)}"


def _told(lines: Sequence[str], unit: str, each: int) -> str:
    rest = f"，另有{len(lines) - each}{unit}" if len(lines) > each else ""
    return f"{len(lines)}{unit}：{'；'.join(lines[:each])}{rest}"


def _on(on: date | None) -> str:
    return short_day(on) if on is not None else ""


def _cut(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
