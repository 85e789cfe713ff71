"""A meeting on paper: its minutes (会议记录), the list of who came (出席名单), the table to be signed (签到表)."""

from collections.abc import Callable, Mapping
from datetime import date

from desktop.models.meetings import AgendaItem
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind
from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Keep,
    Look,
    Note,
    Paragraph,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.papers import MeetingPaper, Person, VotePaper
from desktop.services.archive.wording import day, numeral, short_day, whole
from desktop.services.meetings.rows import NO_REASON
from desktop.services.standards.lateness import days_late, typed_of_before

Clauses = Callable[[str], str]
"""Turns a basis such as ZBTL-11 into the name of the regulation and its article."""

ATTENDED = "出席名单"
"""The list the program makes of who came. Only what people signed is a 签到表."""

UNCONFIRMED = "未确认"
NO_TAGS: Mapping[str, str] = {}
"""What the kinds of items are called where the standard in force has none."""

_MANY = 12  # people from which a sign-in table stands in two columns


def minutes_document(paper: MeetingPaper, branch: str, clauses: Clauses, tags: Mapping[str, str] = NO_TAGS) -> Document:
    """Return one meeting as minutes of their own, laid out as an official paper; `tags` are the kinds of its items."""
    title = f"{_of(branch, paper)}记录"
    shown = title.replace(branch, branch + TURN, 1)
    *body, last = minutes_blocks(paper, clauses, 1, tags)
    return Document(
        title=title,
        author=branch,
        subject=f"{short_day(paper.held_on)} {paper.topic}".strip(),
        day=paper.confirmed_on or paper.held_on,
        blocks=(
            Title(shown, "" if paper.confirmed_on else f"（{UNCONFIRMED}）"),
            *body,
            Keep((last, *_signatures(paper))),
        ),
        look=Look.OFFICIAL,
    )


def sign_in_document(paper: MeetingPaper, branch: str) -> Document:
    """Return the table of a meeting that is signed in the room."""
    title = f"{_of(branch, paper)}签到表"
    pairs = [("时间", _when(paper)), ("地点", paper.place), ("议题", paper.topic)]
    return Document(
        title=title,
        author=branch,
        subject=f"{short_day(paper.held_on)} {paper.topic}".strip(),
        day=paper.held_on,
        blocks=(
            Title(title.replace(branch, branch + TURN, 1)),
            Fields(tuple(pair for pair in pairs if pair[1])),
            _people_table(paper, signed_by_hand=True),
        ),
        running_foot=branch,
    )


def minutes_blocks(
    paper: MeetingPaper, clauses: Clauses, level: int, tags: Mapping[str, str] = NO_TAGS
) -> tuple[Block, ...]:
    """Return the minutes without title and signatures; the headings of their parts are of `level`."""
    parts: list[tuple[str, list[Block]]] = [("出席情况", _attendance(paper))]
    if paper.plan:
        parts.append(("会前准备", [_text(paper, "会前准备", paper.plan)]))
    if paper.agenda:
        parts.append(("议题与讨论", _agenda(paper, tags)))
    if paper.speeches:
        speeches = [
            Paragraph(text, lead=f"{name}：" if name else "", record=paper.title, field="发言")
            for name, text in paper.speeches
        ]
        parts.append(("发言摘要", list(speeches)))
    if paper.resolution:
        parts.append(("会议决议", [_text(paper, "会议决议", paper.resolution)]))
    if paper.votes:
        parts.append(("表决情况", [block for vote in paper.votes for block in _vote(paper, vote, clauses)]))
    if paper.tasks:
        parts.append(("会后任务", [_tasks(paper)]))
    if paper.summary:
        parts.append(("主持人总结", [_text(paper, "主持人总结", paper.summary)]))
    if paper.asked:
        words = f"参加评价{paper.asked}人，满意{paper.satisfied}人。"
        parts.append(("现场评价", [_text(paper, "现场评价", words)]))
    if paper.follow_up:
        parts.append(("后续成果", [_text(paper, "后续成果", paper.follow_up)]))
    if paper.corrections:
        parts.append(("更正", _corrections(paper)))
    blocks: list[Block] = [_head(paper)]
    for number, (heading, body) in enumerate(parts, start=1):
        blocks += [Heading(f"{numeral(number)}、{heading}", level, listed=False), *body]
    return tuple(blocks)


def _people_table(paper: MeetingPaper, *, signed_by_hand: bool) -> Table:
    """Return everyone expected: with room to sign (签到表), or with who came as the minutes have it (出席名单)."""
    columns: tuple[Column, ...] = (
        Column("序号", 1, Side.CENTER),
        Column("姓名", 2),
        Column("签名", 2) if signed_by_hand else Column("出席情况", 2, Side.CENTER),
        Column("备注", 2.4),
    )
    lines: list[tuple[str, ...]] = [
        (str(number), person.name, *(("", "") if signed_by_hand else (person.state.label, _reason(person))))
        for number, person in enumerate(paper.people, start=1)
    ]
    if len(lines) > _MANY:
        half = -(-len(lines) // 2)
        lines += [("", "", "", "")] * (2 * half - len(lines))
        columns = (*columns, *columns)
        lines = [(*lines[index], *lines[index + half]) for index in range(half)]
    name = "签到表" if signed_by_hand else ATTENDED
    return Table(columns, tuple(lines), record=paper.title + name, empty="（名单未记录）", dense=not signed_by_hand)


def _reason(person: Person) -> str:
    way = person.make_up_way.label if person.make_up_way else "补课"
    by = f"（{person.make_up_by}）" if person.make_up_by else ""
    made_up = f"已于{day(person.make_up_on)}{way}{by}" if person.make_up_on else ""
    reason = person.reason or (NO_REASON if person.state is AttendanceState.ABSENT else "")
    return "，".join(filter(None, (reason, made_up)))


def _of(branch: str, paper: MeetingPaper) -> str:
    """Return the meeting with its branch, 支部 said once: 云河县站党支部党员大会."""
    name = paper.name
    return branch + (name.removeprefix("支部") if branch.endswith("支部") else name)


def _when(paper: MeetingPaper) -> str:
    hours = "—".join(filter(None, (paper.started_at, paper.ended_at)))
    took = f"（{paper.length}分钟）" if paper.length else ""
    return f"{day(paper.held_on)} {hours}{took}".strip()


def _head(paper: MeetingPaper) -> Fields:
    which = f"{paper.for_year}年第{paper.number}次" if paper.number else ""
    pairs = [("时间", _when(paper)), ("会议类型", paper.name), ("地点", paper.place), ("次数", which)]
    if paper.planned_on and (paper.planned_on, paper.planned_at) != (paper.held_on, paper.started_at):
        pairs.append(("计划时间", f"{day(paper.planned_on)} {paper.planned_at}".strip()))
    pairs += [("主持人", paper.chair), ("记录人", paper.recorder), ("主讲人", "、".join(paper.speakers))]
    if paper.joint_with:
        pairs.append(("合并召开", f"与{paper.joint_with}一次召开，分别记录"))
    if paper.for_year != paper.held_on.year:
        pairs.append(("所属年度", f"{paper.for_year}年度"))
    pairs.append(("议题", paper.topic))
    return Fields(tuple(pair for pair in pairs if pair[1]), record=paper.title)


def _attendance(paper: MeetingPaper) -> list[Block]:
    counts = {state: paper.names(state) for state in AttendanceState}
    words = [f"应到{len(paper.people)}人"] + [f"{state.label}{len(people)}人" for state, people in counts.items()]
    voters = [person for person in paper.people if person.has_vote]
    blocks: list[Block] = []
    if not paper.people:
        return [Paragraph("出席名单未记录。")]
    text = "，".join(words) + "。"
    if 0 < len(voters) < len(paper.people):
        present = sum(person.state is AttendanceState.PRESENT for person in voters)
        text += f"其中有表决权的应到{len(voters)}人，实到{present}人。"
    blocks.append(Paragraph(text + _standing(paper)))
    for state, people in counts.items():
        if people:
            names = "、".join(whole(p.name) + (f"（{reason}）" if (reason := _reason(p)) else "") for p in people)
            blocks.append(Paragraph(f"{names}。", lead=f"{state.label}：", record=paper.title, field="出席名单"))
            if state is AttendanceState.LEAVE and paper.leave_by:
                blocks.append(Paragraph(f"{paper.leave_by}。", lead="准假：", record=paper.title, field="准假人"))
    if paper.observers:
        seen = (whole(each.name) + (f"（{each.post}）" if each.post else "") for each in paper.observers)
        blocks.append(Paragraph(f"{'、'.join(seen)}。", lead="列席：", record=paper.title, field="列席人员"))
    if leaders := [whole(person.name) for person in paper.people if person.double_life]:
        sentence = f"{'、'.join(leaders)}以普通党员身份参加。"
        blocks.append(Paragraph(sentence, lead="双重组织生活：", record=paper.title, field="出席名单"))
    return blocks


def _standing(paper: MeetingPaper) -> str:
    """Return how many of those who came were full members and how many on probation, where there were both."""
    came = paper.names(AttendanceState.PRESENT)
    new = sum(person.probationary for person in came)
    return f"实到中正式党员{len(came) - new}人，预备党员{new}人。" if 0 < new < len(came) else ""


def _agenda(paper: MeetingPaper, tags: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for number, item in enumerate(paper.agenda, start=1):
        kind = f"{tags.get(item.tag, item.tag)}：" if item.tag else ""
        studied = _studied(item)
        said = "" if studied else item.content
        lead = f"（{numeral(number)}）{kind}{item.title}　"
        blocks.append(Paragraph(said, lead=lead, record=paper.title, field="议题"))
        blocks += [Paragraph(text, lead=f"{name}：", record=paper.title, field=name) for name, text in studied]
        if item.resolution:
            blocks.append(Paragraph(item.resolution, lead="决定：", record=paper.title, field="决议"))
    return blocks


def _studied(item: AgendaItem) -> list[tuple[str, str]]:
    """Return what an item of study says, part by part; nothing of ordinary business."""
    said = (("学习篇目", item.source), ("领学人", item.leader), ("学习形式", item.form), ("贯彻措施", item.measures))
    told = [(name, text) for name, text in said if text]
    if told and item.content:
        told.insert(len(told) - bool(item.measures), ("研讨情况", item.content))
    return told


def _text(paper: MeetingPaper, name: str, text: str) -> Paragraph:
    return Paragraph(text, record=paper.title, field=name)


def _vote(paper: MeetingPaper, vote: VotePaper, clauses: Clauses) -> list[Block]:
    def count(value: int | None) -> str:
        return "未记录" if value is None else f"{value}"

    declared = {True: "通过", False: "未通过", None: "未记录"}[vote.declared_passed]
    numbers = {
        "应到": vote.due,
        "实到": vote.present,
        "赞成": vote.yes,
        "反对": vote.no,
        "弃权": vote.abstain,
    }
    if vote.written is not None or vote.written_yes is not None:
        numbers |= {"书面意见": vote.written, "书面赞成": vote.written_yes}
    table = Table(
        (
            *(Column(name, 1 if len(name) == 2 else 1.4, Side.CENTER) for name in numbers),
            Column("记录的结果", 1.6, Side.CENTER),
        ),
        ((*(count(number) for number in numbers.values()), declared),),
        record=paper.title,
    )
    how = "无记名投票" if vote.secret else ""
    about = "，".join(filter(None, (vote.kind, how)))
    basis = clauses(vote.verdict.basis)
    lead = Paragraph(f"（{about}）", lead=vote.subject or vote.kind, record=paper.title, field="表决")
    sentence = Paragraph(f"{vote.verdict.explanation}{f'依据{basis}。' if basis else ''}")
    disagrees = vote.verdict.passed is not None and vote.declared_passed is not None
    blocks: list[Block] = [Keep((lead, table, sentence))]
    if disagrees and vote.verdict.passed != vote.declared_passed:
        blocks.append(Note("注：记录的结果与票数推算的结果不一致，请核对。"))
    return blocks


def _tasks(paper: MeetingPaper) -> Table:
    rows = tuple(
        (
            str(number),
            task.what,
            task.owner,
            short_day(task.due_on),
            "；".join(filter(None, (f"{short_day(task.done_on)}完成" if task.done_on else "", task.result))),
        )
        for number, task in enumerate(paper.tasks, start=1)
    )
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("任务", 5),
        Column("责任人", 1.6),
        Column("完成时限", 1.8, Side.CENTER),
        Column("完成情况", 3),
    )
    return Table(columns, rows, record=f"{paper.title}会后任务")


def _corrections(paper: MeetingPaper) -> list[Block]:
    return [
        Paragraph(
            f"{each.text}（更正原因：{each.reason}）", lead=f"{day(each.on)}更正：", record=paper.title, field="更正"
        )
        for each in paper.corrections
    ]


def _signatures(paper: MeetingPaper) -> tuple[Block, ...]:
    words = f"{UNCONFIRMED}：本记录尚未由主持人、记录人确认。"
    if paper.confirmed_on:
        by = paper.confirmed_by or "主持人、记录人"
        words = f"本记录已于{day(paper.confirmed_on)}由{by}确认。"
    everybody = (Signatures(("参会委员签字",)),) if paper.kind is MeetingKind.COMMITTEE_MEETING else ()
    return (Note(words), Signatures(("主持人签字", "记录人签字")), *everybody)


def evidence_blocks(
    paper: MeetingPaper,
    clauses: Clauses,
    late_days: int,
    recorded_since: date | None,
    tags: Mapping[str, str] = NO_TAGS,
) -> tuple[Block, ...]:
    """Return a meeting as a piece of an archive: see `record_blocks`, and the list of who came."""
    came = Keep((Heading(ATTENDED, 3, listed=False), _people_table(paper, signed_by_hand=False)))
    return (*record_blocks(paper, clauses, late_days, recorded_since, tags), came)


def record_blocks(
    paper: MeetingPaper,
    clauses: Clauses,
    late_days: int,
    recorded_since: date | None,
    tags: Mapping[str, str] = NO_TAGS,
) -> tuple[Block, ...]:
    """Return a meeting as it is bound: minutes, signatures, whether it came late or is unconfirmed.

    Meetings before `recorded_since`, the day the branch began to use the program, could not be typed in time.
    """
    on, typed_on = paper.held_on, paper.entered_on
    late, notes = days_late(on, typed_on, recorded_since, late_days), list[Note]()
    if late:
        notes.append(Note(f"补录：会后{late}天录入（{day(typed_on)}）。"))
    elif typed_of_before(on, typed_on, recorded_since, late_days):
        notes.append(Note(f"启用本系统前的会议，{day(typed_on)}录入。"))
    if not paper.confirmed_on:
        notes.insert(0, Note(f"{UNCONFIRMED}：本记录尚未由主持人、记录人确认。"))
    *body, last = minutes_blocks(paper, clauses, 3, tags)
    return (*notes, *body, Keep((last, *_signatures(paper))))
