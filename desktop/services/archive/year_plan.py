"""Papers of the year plan: the notice of a meeting with who received it, and the plan of the year (三会一课计划表)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Look,
    Note,
    Paragraph,
    Row,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.organisation import Sheet
from desktop.services.archive.wording import day
from desktop.services.branches import BranchService
from desktop.services.standards.evidence import YEAR_PLAN
from desktop.services.standards.verdict import Used
from desktop.services.year_plan.notice import Notice
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_plan.sheet import PlanLine, by_month, plan_lines

if TYPE_CHECKING:
    from desktop.services.store import Store

RECEIVED = 3
"""People in a line of the list of who received a notice."""


def notice_document(notice: Notice, branch: str) -> Document:
    """Return the notice of a meeting, with a list to note who received it and when."""
    title = f"{notice.name}通知"
    pairs = tuple((label, words.strip()) for label, words in notice.parts)
    blocks: list[Block] = [
        Title(f"{branch}{TURN}会议通知"),
        Fields(pairs, columns=1, record=title),
        Paragraph(f"{notice.publisher}　　{day(notice.day)}", indent=False),
    ]
    if notice.people:
        columns = (Column("姓名", 2), Column("收到时间", 2.6)) * RECEIVED
        names = list(notice.people)
        rows = []
        for at in range(0, len(names), RECEIVED):
            few = names[at : at + RECEIVED]
            rows.append(tuple(cell for name in (*few, *[""] * (RECEIVED - len(few))) for cell in (name, "")))
        blocks += [Heading("通知签收", 1, listed=False), Table(columns, tuple(rows), record=f"{title}签收")]
    return Document(
        title=title,
        author=branch,
        subject=title,
        day=notice.day,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=branch,
        look=Look.BOOK,
    )


COLUMNS = (
    Column("类型", 2.2),
    Column("主题或议题", 4.0),
    Column("时间", 2.3, Side.CENTER),
    Column("地点或形式", 2.2),
    Column("主持或主讲", 1.7, Side.CENTER),
    Column("参加范围", 2.4),
    Column("责任人", 1.7, Side.CENTER),
    Column("完成情况", 2.2, Side.CENTER),
)

UPRIGHT = (*COLUMNS[:2], Column("时间、地点", 3.0), *COLUMNS[4:])
"""The same for an upright page of the archive: when and where in one column."""


def plan_document(lines: Sequence[PlanLine], branch: str, year: int, on: date) -> Document:
    """Return the plan of a year: what, when, where, who chairs, who takes part, who answers, what came of it."""
    title = f"{year}年度三会一课计划表"
    rows: list[Row] = []
    for month, own in by_month(lines).items():
        rows.append(Band(f"{month}月"))
        rows += [_line(line) for line in own]
    waiting = sum(line.on is None for line in lines)
    note = f"共{len(lines)}项" + (f"，其中{waiting}项日期待定" if waiting else "")
    blocks: list[Block] = [
        Title(f"{branch}{TURN}三会一课计划表", f"（{year}年度）"),
        Table(COLUMNS, tuple(rows), record="三会一课计划表", dense=True),
        Note(f"{note}。组织生活会、民主评议党员计入{year}年度，可在次年规定期限内召开；以上级通知为准。"),
        Signatures(("支部书记签字", "日期")),
    ]
    return Document(
        title=title,
        author=branch,
        subject=f"{year}年度",
        day=on,
        blocks=tuple(blocks),
        running_foot=branch,
        look=Look.BOOK,
        landscape=True,
    )


def lines_of_year(store: "Store", year: int) -> tuple[PlanLine, ...]:
    """Return what is planned and was held in a year, with the names of the groups."""
    groups = {group.id: group.name for group in BranchService(store).groups()}
    return plan_lines(YearPlanService(store).year(year), groups)


def plan_sheet(lines: Sequence[PlanLine], year: int) -> Sheet:
    """Return the plan of a year as a piece of the archive: the same lines, on an upright page."""
    rows: list[Row] = []
    for month, own in by_month(lines).items():
        rows.append(Band(f"{month}月"))
        for kind, topic, when, place, *rest in map(_line, own):
            rows.append((kind, topic, "，".join(filter(None, (when, place))), *rest))
    title = f"{year}年度三会一课计划表"
    table = Table(UPRIGHT, tuple(rows), record=title, dense=True)
    stands = any(line.on is not None for line in lines)
    pairs = (("年度", f"{year}年"), ("安排", f"{len(lines)}项"))
    return Sheet(Used(YEAR_PLAN, f"{YEAR_PLAN}-{year}", date(year, 1, 1), title), title, pairs, stands, (table,))


def _line(line: PlanLine) -> tuple[str, ...]:
    kind = f"{line.kind}（{line.group}）" if line.group else line.kind
    return (kind, line.topic, line.when, line.place, line.chair, line.scope, line.who, line.result)
