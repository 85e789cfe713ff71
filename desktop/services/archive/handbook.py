"""A year of a branch as one printed book (党支部工作手册), or its minutes alone (会议记录簿): blocks, no PDF.

Each record of a meeting begins a page, so that a page can be taken out and put back. Nothing is signed by the program,
and what was not recorded is said, not filled in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.registers import Register
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.archive.blocks import (
    Block,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Side,
    Signatures,
    Table,
)
from desktop.services.archive.minutes import Clauses, record_blocks
from desktop.services.archive.papers import MeetingPaper, Person
from desktop.services.archive.registers import register_card, register_table
from desktop.services.archive.wording import day
from desktop.services.development.rows import CaseRow
from desktop.services.dues.ledger import Ledger
from desktop.services.dues.words import yuan
from desktop.services.meetings.required import Required
from desktop.services.meetings.studied import Studied
from desktop.services.numbers import percent
from desktop.services.registers.service import RegisterRow

HANDBOOK, MINUTES_BOOK = "党支部工作手册", "会议记录簿"
_REMARKS = 6  # lines for inspectors on the last page
_ROOM = "\n".join("　" * 4)  # the height of such a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the first pages of a book say."""

    title: str
    branch: str
    year: int
    on: date
    secretary: str
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesRules:
    """What minutes are read by: clauses of rules, names of items, when they were late, what is attached to them."""

    clauses: Clauses
    late_days: int
    recorded_since: date | None
    tags: Mapping[str, str]
    files: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter as it is set: its title, what it holds, how many records."""

    title: str
    blocks: tuple[Block, ...]
    records: int = 0


def book_document(front: Front, sections: Sequence[Section], words: Sequence[str]) -> Document:
    """Return the book: cover, contents, what it is (`words`), then every chapter from a page of its own."""
    year = f"{front.year}年度"
    blocks: list[Block] = [
        Cover(
            f"中国共产党{front.branch.removeprefix('中国共产党').removeprefix('中共')}",
            front.title,
            f"（{year}）" if not front.below else f"{year}　{front.below}",
            (
                ("支部", front.branch),
                ("年度", str(front.year)),
                ("支部书记", front.secretary or "　"),
                ("编制日期", day(front.on)),
            ),
        ),
        Contents(),
        Heading("使用说明", listed=False),
        *(Paragraph(text) for text in words),
    ]
    for section in sections:
        blocks += [PageBreak(), Heading(section.title), *section.blocks]
    return Document(
        title=f"{front.branch}{year}{front.title}",
        author=front.branch,
        subject=year,
        day=front.on,
        blocks=tuple(blocks),
        running_head=f"{front.title}　{year}",
        running_foot=front.branch,
        bound=True,
    )


def minutes_section(title: str, papers: Sequence[MeetingPaper], rules: MinutesRules) -> Section:
    """Return meetings of a chapter, each from a page of its own."""
    if not papers:
        return Section(title, (Paragraph("本年度没有会议记录。"),))
    several = len({paper.kind for paper in papers}) > 1
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += _minutes(paper, rules, kind=several)
    return Section(title, tuple(blocks), len(papers))


def _minutes(paper: MeetingPaper, rules: MinutesRules, *, kind: bool) -> list[Block]:
    """Return one meeting; its kind is named where the chapter has several."""
    which = f"第{paper.number}次" if paper.number else ""
    what = (paper.name if kind or not paper.topic else paper.group, paper.topic)
    called = "　".join(filter(None, (day(paper.held_on), which, *what)))
    names = rules.files.get(paper.id, ())
    attached = f"附件{len(names)}件：{'、'.join(names)}。原件随检查档案保存。"
    return [
        Heading(called, 2),
        *record_blocks(paper, rules.clauses, rules.late_days, rules.recorded_since, rules.tags),
        *([Note(attached)] if names else []),
    ]


def in_order(papers: Iterable[MeetingPaper], kinds: Sequence[MeetingKind]) -> list[MeetingPaper]:
    """Return the meetings of some kinds: kind by kind, of party groups group by group, then by day."""
    wanted = [paper for paper in papers if paper.kind in kinds]
    return sorted(wanted, key=lambda each: (kinds.index(each.kind), each.group, each.held_on, each.started_at, each.id))


def register_blocks(register: Register, rows: Sequence[RegisterRow], withheld: int, *, whole: bool) -> list[Block]:
    """Return the rows of a register under its name, told whole or listed; how many stay out is said."""
    shown = sorted(rows, key=lambda row: (row.on or date.min, row.id))
    blocks: list[Block] = [Heading(register.title, 2)]
    if whole:
        for row in shown:
            blocks += [Heading(row.heading, 3, listed=False), *register_card(register, row)]
    elif shown:
        table = register_table(register, shown)
        blocks.append(Table(table.columns, table.rows, record=register.title, dense=True))
    if withheld:
        blocks.append(Note(f"另有{withheld}条属内部掌握的记录，不在此打印。"))
    return blocks


def study_blocks(required: Sequence[Required], studied: Sequence[Studied]) -> list[Block]:
    """Return what had to be studied and when it was, and what was studied as the first item of meetings."""
    asked = (
        Column("序号", 0.8, Side.CENTER),
        Column("必学内容", 4),
        Column("提出单位", 2),
        Column("时限", 1.8, Side.CENTER),
        Column("学习情况", 3.6),
        Column("结果", 1.6, Side.CENTER),
    )
    rows = tuple(
        (str(number), each.title, each.from_org, each.due_on.isoformat(), each.where_studied, each.state.label)
        for number, each in enumerate(required, start=1)
    )
    first = (
        Column("日期", 1.8, Side.CENTER),
        Column("会议", 2),
        Column("学习主题", 3.4),
        Column("篇目", 3),
        Column("领学人", 1.4),
    )
    lines = tuple((each.on.isoformat(), each.meeting, each.theme, each.source, each.leader) for each in studied)
    return [
        Heading("必学内容", 2),
        Table(asked, rows, record="必学内容", empty="（没有登记上级要求学的内容）", dense=True),
        Heading("第一议题", 2),
        Table(first, lines, record="第一议题", empty="（会议记录里没有第一议题）", dense=True),
    ]


def development_table(cases: Sequence[CaseRow]) -> Table:
    """Return who is on the way into the party, and how far."""
    rows = tuple(
        (
            str(number),
            case.name,
            case.unit,
            case.state.label,
            f"第{case.view.next.step.no}步：{case.view.next.step.name}" if case.view.next else "",
        )
        for number, case in enumerate(cases, start=1)
    )
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 1.6),
        Column("单位", 3.2),
        Column("情况", 1.8, Side.CENTER),
        Column("下一步", 4),
    )
    return Table(columns, rows, record="发展党员", empty="（没有在办的发展党员）")


def dues_blocks(ledger: Ledger) -> list[Block]:
    """Return what each member had to pay and paid, and what was handed up for each quarter; nobody's income."""
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 2),
        *(Column(name, 1.6, Side.RIGHT) for name in ("月应交", "全年应交", "已交", "欠交")),
    )
    rows = [
        (
            str(number),
            row.name,
            "" if row.monthly_fen is None else yuan(row.monthly_fen),
            yuan(row.due_fen),
            yuan(row.paid_fen),
            yuan(row.owed_fen) if row.owed_fen else "",
        )
        for number, row in enumerate(ledger.rows, start=1)
    ]
    rows.append(("", "合计", "", yuan(ledger.due_fen), yuan(ledger.paid_fen), ""))
    quarters = tuple(
        (
            f"第{quarter.quarter}季度",
            yuan(quarter.paid_fen),
            yuan(quarter.remitted_fen),
            "；".join(f"{on.isoformat()} {receipt}".strip() for on, receipt in quarter.remitted),
        )
        for quarter in ledger.quarters
    )
    handed = (
        Column("季度", 1.4, Side.CENTER),
        Column("收缴", 1.6, Side.RIGHT),
        Column("上缴", 1.6, Side.RIGHT),
        Column("上缴日期和收据号", 4),
    )
    return [
        Heading("党费收缴", 2),
        Table(columns, tuple(rows), record="党费收缴", dense=True),
        Note(f"截至{day(ledger.on)}，单位：元。逐月交纳和本人签字见党费收缴登记表。"),
        Heading("党费上缴汇总", 2),
        Table(handed, quarters, record="党费上缴汇总"),
    ]


def attendance_table(papers: Sequence[MeetingPaper]) -> Table:
    """Return how often each was expected and came in the meetings of the book, in the order of the fullest list."""
    met: dict[str, list[Person]] = defaultdict(list)
    for paper in sorted(papers, key=lambda paper: -len(paper.people)):
        for person in paper.people:
            met[person.name].append(person)
    rows = []
    for number, (name, seen) in enumerate(met.items(), start=1):
        counts = {state: sum(person.state is state for person in seen) for state in AttendanceState}
        made_up = sum(person.make_up_on is not None for person in seen)
        rate = percent(counts[AttendanceState.PRESENT], len(seen))
        rows.append((str(number), name, str(len(seen)), *map(str, counts.values()), str(made_up), rate))
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 2),
        *(
            Column(name, 1.3, Side.RIGHT)
            for name in ("应到", *(state.label for state in AttendanceState), "已补课", "到会率")
        ),
    )
    return Table(columns, tuple(rows), record="出勤汇总", empty="（没有出席名单）", dense=True)


def inspection_blocks() -> list[Block]:
    """Return the last page, which inspectors write on."""
    columns = (
        Column("检查时间", 1.4, Side.CENTER),
        Column("检查人", 1.4, Side.CENTER),
        Column("发现问题", 3),
        Column("整改要求", 2.4),
        Column("整改情况", 2.4),
        Column("签名", 1.4, Side.CENTER),
    )
    empty = ((_ROOM, *[""] * (len(columns) - 1)),) * _REMARKS
    return [Table(columns, empty, record="检查意见"), Signatures(("支部书记", "日期"))]
