"""Papers of an election as documents: letters, ballots, count sheets, lists, the chair's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.vocabulary.elections import BallotLayout, Seat
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
from desktop.services.archive.wording import short_day
from desktop.services.development.papers import filled
from desktop.services.election.law import course
from desktop.services.election.papers import ElectionPaper, bracketed, day, facts_of, papers, set_of
from desktop.services.election.rows import ElectionRow, RoundRow
from desktop.services.members.rows import MemberRow
from desktop.services.ordinals import in_words

BLANK_LINES = 8
MOST_IN_A_ROW, MOST_LINES = 12, 12
"""Of names on a ballot, beside and under one another: room to mark each, and all on one page."""
CENTRE = Side.CENTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a list says of somebody who stands."""

    name: str
    gender: str = ""
    born: str = ""
    native: str = ""
    ethnic: str = ""
    joined: str = ""
    education: str = ""
    job: str = ""
    unit: str = ""
    phone: str = ""


def person_of(member: MemberRow) -> Person:
    """Return what the lists say of a member; a birth by its month."""
    return Person(
        name=member.name,
        gender=member.gender_text,
        born=member.born_text[:7],
        native=member.native_place,
        ethnic=member.ethnic_text,
        joined=member.admitted_text[:7],
        education=member.education_text,
        job=member.job_title,
        unit=member.unit,
        phone=member.phone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the papers need beside the election itself."""

    branch: str
    members: int
    full: int
    people: Mapping[str, Person]
    today: date


def election_document(election: ElectionRow, paper_id: str, around: Around, *, small: bool = False) -> Document:
    """Return one paper of an election, or the whole set in the order of the file. Words of people are left blank.

    `small`: a ballot on A5; other papers stay as large as they are, and so does a ballot of many names, which is set
    with narrower margins instead, so that it stays one page.
    """
    chosen = (papers()[paper_id],) if paper_id else set_of(election)
    facts = facts_of(election, around.branch, around.members, around.full)
    facts["schedule"] = "；".join(
        f"{each.name}{f'（{short_day(each.limit)}前）' if each.limit else ''}" for each in election.steps
    )
    blocks: list[Block] = []
    for paper in chosen:
        blocks += [PageBreak()] if blocks else []
        blocks += _blocks(paper, election, around, facts)
    title = f"{election.title}{chosen[0].title if paper_id else '材料'}"
    crowded = paper_id != "" and chosen[0].kind == "ballot" and _crowded(election)
    return Document(
        title=title,
        author=around.branch,
        subject=chosen[0].title if paper_id else "换届选举材料",
        day=around.today,
        blocks=tuple(blocks),
        running_foot=around.branch if not paper_id else "",
        look=Look.BOOK if crowded else Look.OFFICIAL,
        small=small and not crowded and all(paper.is_ballot for paper in chosen),
    )


def _blocks(paper: ElectionPaper, election: ElectionRow, around: Around, facts: Mapping[str, str]) -> list[Block]:
    if paper.kind in ("letter", "script"):
        return _letter(paper, election, around, facts)
    if paper.kind == "publicity":
        return _publicity(paper, election, around, facts)
    if paper.kind == "ballot":
        return _ballot(election, around)
    if paper.kind == "ballot_secretary":
        return _ballot_secretary(election, around)
    if paper.kind == "count_report":
        return _count_report(paper, election, around)
    tables = {
        "nomination": _nomination,
        "nomination_sum": _nomination_sum,
        "candidates": _candidates,
        "tally": _tally,
        "elected": _elected,
        "members": _members,
        "handover": _handover,
    }
    blocks = tables[paper.kind](paper, election, around)
    if paper.signatures:
        blocks += [Space(6), Signatures(paper.signatures)]
    return blocks


def _letter(paper: ElectionPaper, election: ElectionRow, around: Around, facts: Mapping[str, str]) -> list[Block]:
    heading = paper.heading_by if paper.heading_by and election.kind.value == "by" else paper.heading
    blocks: list[Block] = [Title(filled(heading, facts))]
    if paper.addressee:
        blocks.append(Paragraph(filled(paper.addressee, facts), indent=False))
    lines = paper.lines(facts, election.kind)
    numbered = paper.kind == "script"
    blocks += [Paragraph(f"{number}．{line}" if numbered else line) for number, line in enumerate(lines, start=1)]
    if paper.closing:
        blocks.append(Paragraph(paper.closing))
    if paper.attachments:
        named = "；".join(f"{number}．{name}" for number, name in enumerate(paper.attachments, start=1))
        blocks.append(Paragraph(f"附件：{named}"))
    if paper.signer:
        blocks += [Space(8), Paragraph(filled(paper.signer, facts), side=Side.RIGHT, indent=False)]
        blocks.append(Paragraph(day(around.today), side=Side.RIGHT, indent=False))
    if paper.signatures:
        blocks += [Space(6), Signatures(paper.signatures)]
    return blocks


def _publicity(paper: ElectionPaper, election: ElectionRow, around: Around, facts: Mapping[str, str]) -> list[Block]:
    """Return the announcement with the list after its first sentence; of a birth the month, no number of anybody."""
    columns = (
        Column("序号", 0.8, CENTRE),
        Column("姓名", 1.8),
        Column("性别", 0.9, CENTRE),
        Column("出生年月", 1.6, CENTRE),
        Column("入党时间", 1.6, CENTRE),
        Column("学历", 1.3),
        Column("单位、职务", 3.4),
    )
    rows = []
    for number, each in enumerate(election.standing(Seat.COMMITTEE), start=1):
        who = around.people.get(each.member_id, Person(name=each.name))
        work = " ".join(filter(None, (who.unit, who.job)))
        rows.append((str(number), each.name, who.gender, who.born, who.joined, who.education, work))
    title, first, *rest = _letter(paper, election, around, facts)
    return [title, first, Table(columns, tuple(rows) or _empty(len(columns)), record="公示"), Space(4), *rest]


def _ballot(election: ElectionRow, around: Around) -> list[Block]:
    """Return the ballot of the committee: names in one row with the sign above, or one under another. No number."""
    rounds = election.rounds_of(Seat.COMMITTEE)
    last = rounds[-1] if rounds else None
    names = [each.name for each in election.standing(Seat.COMMITTEE)]
    seats = election.seats
    if last is not None:
        names = [line.name for line in last.tallies if not line.written_in] or names
        seats = last.seats
    names = names or [""] * election.least_candidates
    said = f"候选人{election.order_said_by.label}，" if election.order_said_by is not None else ""
    below = f"（{said}{len(names)} 名中选 {seats} 名）"
    title = Title(f"{around.branch}委员选票", below)
    grid = _in_rows(names, seats) if election.layout is BallotLayout.ROWS else [_in_lines(names, seats)]
    note = (
        f"说明：赞成画○，不赞成画×，弃权不画；不赞成的可以另选，写上姓名并画○。"
        f"所选等于或少于 {seats} 名的有效，多于 {seats} 名的作废。"
    )
    return [title, *grid, Note(note), Paragraph(day(election.congress_on), side=Side.RIGHT, indent=False)]


def _crowded(election: ElectionRow) -> bool:
    """Whether a ballot has so many names that it needs all the room of a page."""
    return max(len(election.standing(Seat.COMMITTEE)), election.seats) > MOST_LINES


def _in_rows(names: Sequence[str], seats: int) -> list[Block]:
    """Return the names in a row with the sign above; more than a line has room for stand in several, on one page."""
    upright = ["\n".join(name) for name in names]  # one character under another, as narrow columns ask for
    standing, others = [("候选人", name) for name in upright], [("另选人", "")] * seats
    whole = [*standing, *others]
    bands = [whole] if len(whole) <= MOST_IN_A_ROW else [*_parted(standing), *_parted(others)]
    grid: list[Block] = []
    for band in bands:
        columns = tuple(Column(head, 1.2, CENTRE) for head in ("", *(head for head, _name in band)))
        rows = (("符号", *(["\n"] * len(band))), ("姓名", *(name for _head, name in band)))
        grid += [Space(3)] if grid else []
        grid.append(Table(columns, rows, record="选票"))
    return grid


def _parted(cells: Sequence[tuple[str, str]]) -> list[Sequence[tuple[str, str]]]:
    """Return cells in as few rows as have room for them, each as long as the other."""
    count = -(-len(cells) // MOST_IN_A_ROW)
    wide = -(-len(cells) // count) if count else 1
    return [cells[at : at + wide] for at in range(0, len(cells), wide)]


def _in_lines(names: Sequence[str], seats: int) -> Table:
    """Return the names one under another; more than a page has room for stand in two columns."""
    folds = 2 if max(len(names), seats) > MOST_LINES else 1
    pair, high = (Column("候选人", 3), Column("符号", 1.4, CENTRE)), -(-max(len(names), seats) // folds)
    other = (Column("另选人", 3), Column("符号", 1.4, CENTRE))

    def cells(words: Sequence[str], at: int) -> tuple[str, ...]:
        places = [at + fold * high for fold in range(folds)]
        return tuple(cell for place in places for cell in ((words[place], "\n") if place < len(words) else ("—", "—")))

    rows = tuple((*cells(names, at), *cells([""] * seats, at)) for at in range(high))
    return Table((*(pair * folds), *(other * folds)), rows, record="选票")


def _ballot_secretary(election: ElectionRow, around: Around) -> list[Block]:
    blocks: list[Block] = []
    for seat in (Seat.SECRETARY, Seat.DEPUTY):
        standing = election.standing(seat)
        wanted = election.secretary_seats if seat is Seat.SECRETARY else election.deputy_seats
        if not wanted:
            continue
        blocks += [PageBreak()] if blocks else []
        columns = (Column("候选人", 3), Column("符号", 1.4, CENTRE), Column("另选人", 3), Column("符号", 1.4, CENTRE))
        names = [each.name for each in standing] or [""] * wanted
        rows = tuple((name, "\n", "", "\n") for name in names)
        note = "说明：赞成画○，不赞成画×，弃权不画；不赞成的可以另选其他委员，写上姓名并画○。"
        blocks += [
            Title(f"{around.branch}{seat.label}选票", f"（等额选举，应选 {wanted} 名）"),
            Table(columns, rows, record="选票"),
            Note(note),
            Paragraph(day(election.congress_on), side=Side.RIGHT, indent=False),
        ]
    return blocks or [Title("书记、副书记选票"), Note("这次选举不选书记、副书记。")]


def _count_report(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    """Return the report of every round, most votes first; without a round an empty sheet to fill in by hand."""
    blocks: list[Block] = []
    for round_ in election.rounds or (None,):
        blocks += [PageBreak()] if blocks else []
        blocks += _report_of(round_, election, around)
        blocks += [Space(6), Signatures(paper.signatures)]
    return blocks


def _report_of(round_: RoundRow | None, election: ElectionRow, around: Around) -> list[Block]:
    if round_ is None:
        what, pairs = (
            "委员",
            tuple((name, "") for name in ("应到会（有选举权）", "实到会", "发出", "收回", "有效", "无效")),
        )
        rows: list[tuple[str, ...]] = [
            (str(number), each.name, "", "", "", "")
            for number, each in enumerate(election.standing(Seat.COMMITTEE), start=1)
        ]
        others: list[tuple[str, ...]] = [("1", "", "")]
        verdict = ""
    else:
        valid = None if round_.collected is None or round_.void is None else round_.collected - round_.void
        what = f"{round_.seat.label}（第{in_words(round_.no)}次投票）"
        pairs = (
            ("应到会（有选举权）", _n(round_.due)),
            ("实到会", _n(round_.present)),
            ("发出", _n(round_.issued)),
            ("收回", _n(round_.collected)),
            ("有效", _n(valid)),
            ("无效", f"{_n(round_.void)}{f'（{round_.void_reasons}）' if round_.void_reasons else ''}"),
        )
        standings = round_.count.standings
        printed = [each.tally for each in standings if not each.tally.written_in]
        rows = [
            (str(number), each.name, _n(each.yes), _n(each.no), _n(each.abstain), _n(each.illegible))
            for number, each in enumerate(printed, start=1)
        ]
        written = [each.tally for each in standings if each.tally.written_in]
        others = [(str(number), each.name, _n(each.yes)) for number, each in enumerate(written, start=1)]
        verdict = "选举有效。" if round_.count.valid else "选举无效。" if round_.count.valid is False else ""
        if round_.count.elected:
            verdict += f"当选：{'、'.join(round_.count.elected)}。"
        verdict += "".join(f"{reason}。" for reason in round_.count.reasons)
    columns = (
        Column("序号", 0.8, CENTRE),
        Column("姓名", 2),
        Column("赞成", 1, CENTRE),
        Column("不赞成", 1, CENTRE),
        Column("弃权", 1, CENTRE),
        Column("部分无效", 1.2, CENTRE),
    )
    other_columns = (Column("序号", 0.8, CENTRE), Column("另选人", 3), Column("赞成", 1, CENTRE))
    return [
        Title(f"{around.branch}选举计票结果报告单", what),
        Fields(pairs, columns=3, record="计票结果报告单"),
        Heading("候选人得票（以赞成票多少为序）", listed=False),
        Table(columns, tuple(rows), record="计票结果报告单"),
        Heading("另选人得票", listed=False),
        Table(other_columns, tuple(others), record="计票结果报告单"),
        *([Paragraph(verdict)] if verdict else []),
    ]


def _nomination(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    columns = (
        Column("序号", 0.8, CENTRE),
        Column("初步人选", 2.4),
        Column("性别", 0.9, CENTRE),
        Column("推荐意见", 1.4, CENTRE),
        Column("另选他人姓名", 2.4),
    )
    standing = election.standing(Seat.COMMITTEE)
    names = [(each.name, around.people.get(each.member_id, Person(name=each.name)).gender) for each in standing]
    names += [("", "")] * max(0, election.least_candidates - len(names))
    rows = tuple((str(number), *each, "", "") for number, each in enumerate(names, start=1))
    return [
        Title(f"第{in_words(election.term_no)}届支部委员会委员候选人推荐票"),
        Fields((("支部", around.branch), ("填票人", "□ 正式党员　□ 预备党员")), record="推荐票"),
        Table(columns, rows, record="推荐票"),
        Note(f"说明：同意画○，不同意画×，不表态不画；推荐不多于 {election.least_candidates} 名。不记名。"),
    ]


def _nomination_sum(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    columns = (
        Column("序号", 0.8, CENTRE),
        Column("姓名", 2),
        Column("所在单位", 3),
        Column("提名党员数", 1.4, CENTRE),
        Column("提名正式党员数", 1.6, CENTRE),
    )
    ranked = sorted(election.standing(Seat.COMMITTEE), key=lambda each: -(each.nominated or 0))
    rows = tuple(
        (
            str(number),
            each.name,
            around.people.get(each.member_id, Person(name=each.name)).unit,
            _n(each.nominated),
            _n(each.nominated_full),
        )
        for number, each in enumerate(ranked, start=1)
    )
    pairs = (
        ("支部", around.branch),
        ("党员总数", f"{around.members}（正式 {around.full}）"),
        ("应参会", ""),
        ("实参会", "　　（正式　　）"),
    )
    return [
        Title("委员候选人推荐情况汇总表"),
        Fields(pairs, record="推荐汇总表"),
        Table(columns, rows or _empty(5), record="推荐汇总表"),
    ]


def _candidates(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    columns = (
        Column("序号", 0.7, CENTRE),
        Column("姓名", 1.5),
        Column("性别", 0.7, CENTRE),
        Column("出生年月", 1.3, CENTRE),
        Column("籍贯", 1.3),
        Column("民族", 0.8, CENTRE),
        Column("入党时间", 1.3, CENTRE),
        Column("学历", 1),
        Column("职务", 1.6),
        Column("现任党内职务", 1.6),
        Column("拟任", 1),
    )
    rows = []
    seats = {
        each.member_id: each.seat.label for seat in (Seat.DEPUTY, Seat.SECRETARY) for each in election.standing(seat)
    }
    for number, each in enumerate(election.standing(Seat.COMMITTEE), start=1):
        who = around.people.get(each.member_id, Person(name=each.name))
        now = each.now.removeprefix("现任") if each.now.startswith("现任") else ""
        own = (who.gender, who.born, who.native, who.ethnic, who.joined, who.education, who.job, now)
        rows.append((str(number), each.name, *own, seats.get(each.member_id, "委员")))
    return [
        Title("委员、书记、副书记候选人预备人选情况表", around.branch),
        Table(columns, tuple(rows) or _empty(11), record="候选人情况表", dense=True),
    ]


def _tally(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    """Return the sheet on which marks are made while ballots are read out (正字)."""
    columns = (
        Column("序号", 0.7, CENTRE),
        Column("候选人", 1.8),
        Column("赞成", 3.4),
        Column("不赞成", 2),
        Column("弃权", 1.6),
        Column("无法辨认", 1.4),
    )
    rounds = election.rounds
    names = [each.name for each in election.standing(Seat.COMMITTEE)]
    if rounds:
        names = [line.name for line in rounds[-1].tallies if not line.written_in] or names
    rows = [(str(number), name, "\n", "", "", "") for number, name in enumerate(names, start=1)]
    rows += [("另选", "", "\n", "", "", "")] * max(1, election.seats)
    return [
        Title(f"{around.branch}选举计票单"),
        Fields((("领回选票", ""), ("有效", ""), ("无效", "")), columns=3, record="计票单"),
        Table(columns, tuple(rows), record="计票单"),
        Note(f"选票印制：实到人数加 {course().spare_ballots} 张；不编号。"),
    ]


def _elected(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    winners = election.winners(Seat.COMMITTEE)
    lines: list[Block] = [Title(f"第{in_words(election.term_no)}届支部委员会当选名单")]
    if winners:
        lines.append(
            Paragraph(
                f"当选支部委员会委员{bracketed(election.elected_in_order)}：" + "、".join(each.name for each in winners)
            )
        )
    for seat in (Seat.SECRETARY, Seat.DEPUTY):
        chosen = election.winners(seat)
        if chosen:
            lines.append(Paragraph(f"当选{seat.label}：" + "、".join(each.name for each in chosen)))
    if len(lines) == 1:
        lines.append(Note("结果还没有定下。"))
    return [*lines, Space(8), Paragraph(day(election.congress_on), side=Side.RIGHT, indent=False)]


def _members(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    columns = (
        Column("序号", 0.8, CENTRE),
        Column("职务", 1.6),
        Column("姓名", 1.6),
        Column("分工", 1.8),
        Column("任职时间", 1.6, CENTRE),
        Column("电话", 1.8),
        Column("单位", 2.4),
    )
    leading = {each.member_id: seat.label for seat in (Seat.DEPUTY, Seat.SECRETARY) for each in election.winners(seat)}
    order = {"书记": 0, "副书记": 1}
    people = sorted(election.winners(Seat.COMMITTEE), key=lambda each: order.get(leading.get(each.member_id, ""), 2))
    rows = []
    for number, each in enumerate(people, start=1):
        who = around.people.get(each.member_id, Person(name=each.name))
        work = each.post.label if each.post else ""
        post = leading.get(each.member_id, "委员")
        rows.append((str(number), post, each.name, work, short_day(election.approved_on), who.phone, who.unit))
    title = f"第{in_words(election.term_no)}届支部委员会成员表"
    return [Title(title, around.branch), Table(columns, tuple(rows) or _empty(7), record="成员表")]


def _handover(paper: ElectionPaper, election: ElectionRow, around: Around) -> list[Block]:
    columns = (
        Column("序号", 0.7, CENTRE),
        Column("名称", 3.4),
        Column("数量", 1, CENTRE),
        Column("起止", 1.6),
        Column("完好情况", 1.4),
        Column("备注", 1.6),
    )
    rows = tuple((str(number), name, "", "", "", "") for number, name in enumerate(paper.rows, start=1))
    return [
        Title("支部工作交接清单", around.branch),
        Table(columns, rows, record="交接清单"),
        Note("一式三份，移交人、接收人、监交人各一份。"),
    ]


def _empty(columns: int) -> tuple[tuple[str, ...], ...]:
    return tuple(("",) * columns for _ in range(BLANK_LINES))


def _n(number: int | None) -> str:
    return "" if number is None else str(number)
