"""Papers of an admission as documents: what is on file, the course, notices, letters, requests, sheets to copy from."""

from collections.abc import Mapping
from datetime import date

from desktop.services.archive.blocks import (
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Side,
    Signatures,
    Space,
    Table,
    Title,
)
from desktop.services.archive.wording import day, short_day
from desktop.services.development.papers import AdmissionPaper, filled, inquiry_facts
from desktop.services.development.rows import CaseRow
from desktop.services.development.rules import DevelopmentStage

WRITTEN_BY_HAND = "\n" * 4


def admission_document(
    paper: AdmissionPaper,
    case: CaseRow,
    facts: Mapping[str, str],
    stages: tuple[DevelopmentStage, ...],
    branch: str,
    today: date,
) -> Document:
    """Return one paper of a case. Opinions, findings and signatures are left to people."""
    if paper.kind == "list":
        blocks = _papers(case) if paper.id == "list" else _course(case, stages)
    elif paper.kind == "form":
        blocks = _form(paper, case, facts)
    elif paper.each_inquiry and case.inquiries:
        blocks = []
        for inquiry in (each for each in case.inquiries if not each.waived):
            blocks += [PageBreak()] if blocks else []
            blocks += _letter(paper, case, {**facts, **inquiry_facts(inquiry)}, today, inquiry.letter_no)
        blocks = blocks or _letter(paper, case, facts, today)
    else:
        blocks = _letter(paper, case, facts, today)
    title = f"{case.name}{paper.title}"
    return Document(
        title=title,
        author=branch,
        subject=paper.title,
        day=today,
        blocks=tuple(blocks),
        running_head=title if paper.kind == "list" else "",
        running_foot=branch,
        look=Look.BOOK if paper.kind == "list" else Look.OFFICIAL,
        landscape=paper.kind == "list",
    )


def _letter(
    paper: AdmissionPaper, case: CaseRow, facts: Mapping[str, str], today: date, number: str = ""
) -> list[Block]:
    blocks: list[Block] = [Title(filled(paper.heading or paper.title, facts), number)]
    if paper.addressee:
        blocks.append(Paragraph(filled(paper.addressee, facts), indent=False))
    blocks += [Paragraph(line) for line in paper.lines(facts)]
    if paper.closing:
        blocks.append(Paragraph(paper.closing))
    if paper.attachments:
        there = [each.name for each in case.papers]
        named = "；".join(f"{number}. {name}" for number, name in enumerate(dict.fromkeys(there), start=1))
        blocks.append(Paragraph(f"附件：{named or '见材料清单'}"))
    if paper.signer:
        blocks += [
            Space(8),
            Paragraph(filled(paper.signer, facts), side=Side.RIGHT, indent=False),
            Paragraph(day(today), side=Side.RIGHT, indent=False),
        ]
    if paper.reply:
        blocks += [PageBreak(), Title(paper.reply), *_blanks(paper), Signatures(("填写人", "党组织（盖章）", "日期"))]
    return blocks


def _form(paper: AdmissionPaper, case: CaseRow, facts: Mapping[str, str]) -> list[Block]:
    pairs = []
    for line in paper.fields:
        label, _, words = line.partition("：")
        value = filled(words, facts) if words else ""
        pairs.append((label, value.replace("＿", "").strip("至") if words else ""))
    blocks: list[Block] = [Title(paper.title)]
    if paper.note:
        blocks.append(Note(paper.note))
    blocks.append(Fields(tuple(pairs), record=paper.title))
    if paper.reviews:
        rows = tuple(
            (
                short_day(review.from_on),
                short_day(review.to_on),
                review.finding,
                review.branch_opinion,
                short_day(review.on),
            )
            for review in case.reviews
        )
        columns = (
            Column("起", 1.4),
            Column("止", 1.4),
            Column("考察意见", 4),
            Column("支部意见", 3),
            Column("日期", 1.4),
        )
        blocks += [Heading("每半年考察", listed=False), Table(columns, rows, record=paper.title)]
    blocks += _blanks(paper)
    if paper.signatures:
        blocks += [Space(6), Signatures(paper.signatures)]
    return blocks


def _blanks(paper: AdmissionPaper) -> list[Block]:
    if not paper.blanks:
        return []
    return [Fields(tuple((label, WRITTEN_BY_HAND) for label in paper.blanks), columns=1, record=paper.title)]


def _papers(case: CaseRow) -> list[Block]:
    rows = []
    for view in case.view.steps:
        own = [paper for paper in case.papers if paper.step_no == view.step.no]
        for wanted in view.papers:
            there = [paper for paper in own if paper.name == wanted.name or _same(view, paper.name, wanted.name)]
            for paper in there:
                rows.append(
                    (
                        str(view.step.no),
                        view.step.name,
                        paper.name,
                        paper.author or wanted.author,
                        short_day(paper.dated_on),
                        paper.form.label,
                        str(paper.pages or ""),
                        paper.place,
                        "有" + ("，进党员档案" if wanted.filed else ""),
                    )
                )
            if not there and wanted.needed and (view.done_on is not None or view.breach):
                rows.append((str(view.step.no), view.step.name, wanted.name, wanted.author, "", "", "", "", "缺"))
    lacking = sum(line[-1] == "缺" for line in rows)
    columns = (
        Column("步", 0.6, Side.CENTER),
        Column("程序", 2.6),
        Column("材料", 3),
        Column("出具人", 1.8),
        Column("形成日期", 1.5, Side.CENTER),
        Column("原件", 1.1, Side.CENTER),
        Column("页数", 0.8, Side.CENTER),
        Column("存放处", 1.8),
        Column("情况", 1.8),
    )
    return [
        Title(f"{case.name}发展党员材料清单", f"（登记{len(case.papers)}份，缺{lacking}份）"),
        Table(columns, tuple(rows), record="材料清单", dense=True),
        Signatures(("清点人", "支部书记", "日期")),
    ]


def _same(view: object, own: str, wanted: str) -> bool:
    step = getattr(view, "step", None)
    known = step.paper(own) if step is not None else None
    return known is not None and known.name == wanted


def course_table(case: CaseRow, stages: tuple[DevelopmentStage, ...], record: str) -> Table:
    """Return the course of a case: each step, what limits it, when it was done, with what result."""
    names = {stage.id: stage.short for stage in stages}
    rows = []
    for view in case.view.steps:
        typed = case.step(view.step.no)
        broken = f"不符：{view.breach}" if view.breach else ""
        rows.append(
            (
                names.get(view.step.stage, ""),
                str(view.step.no),
                view.step.name,
                view.step.limit,
                short_day(view.done_on),
                "；".join(filter(None, (typed.result, typed.decided_by, typed.document_no, broken))),
                typed.handler,
            )
        )
    columns = (
        Column("阶段", 1.6),
        Column("序号", 0.7, Side.CENTER),
        Column("程序", 2.8),
        Column("时间要求", 2.8),
        Column("办理时间", 1.5, Side.CENTER),
        Column("主要内容和结果", 4),
        Column("经办人", 1.2),
    )
    return Table(columns, tuple(rows), record=record, dense=True)


def _course(case: CaseRow, stages: tuple[DevelopmentStage, ...]) -> list[Block]:
    facts = (
        ("姓名", case.name),
        ("性别", case.gender),
        ("民族", case.ethnic),
        ("出生年月", short_day(case.born_on)[:7]),
        ("学历", case.education),
        ("籍贯", case.native_place),
        ("单位职务", "".join(filter(None, (case.unit, case.job_title)))),
        ("状态", case.state.label),
    )
    return [
        Title("发展党员全程纪实表"),
        Fields(facts, record="全程纪实表"),
        course_table(case, stages, "全程纪实表"),
        Signatures(("经办人", "支部书记")),
    ]
