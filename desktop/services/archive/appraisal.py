"""Papers of the yearly organisational life meeting and appraisal (组织生活会、民主评议)."""

from collections.abc import Mapping, Sequence

from desktop.models.vocabulary.appraisal import Concerned
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.papers import Letter, Paper, facts_of, last_day, words
from desktop.services.appraisal.rows import Line, ProblemRow, Round
from desktop.services.archive.blocks import (
    TURN,
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
from desktop.services.development.papers import filled
from desktop.services.members.rows import MemberRow

BOX = "□"
WRITTEN = "\n" * 5
PAGE_OF_WORDS = "\n" * 27
"""Room for what is written by hand: a few lines, and most of a page."""
_NUMBER = Column("序号", 0.9, Side.CENTER)
_NAME = Column("姓名", 2.0)
GRADES = tuple(AppraisalGrade)
_WIDE = (Paper.SET, Paper.OPINIONS, Paper.CRITICISMS, Paper.ASPECTS, Paper.TALLY, Paper.PROBLEMS)
_LETTERS = (Paper.PLAN, Paper.REPORT, Paper.PUBLICITY)
_OF_SET = (Paper.BALLOT, Paper.BRANCH_BALLOT, Paper.TALLY, Paper.CRITICISMS, Paper.OPINIONS, Paper.PROBLEMS)


def appraisal_document(
    found: Round, paper: Paper, branch: str, people: Mapping[str, MemberRow], member_id: str = ""
) -> Document:
    """Return one paper of a round; of those written for each member only that of `member_id`, where it is given."""
    lines = [line for line in found.rated if not member_id or line.member_id == member_id]
    blocks: list[Block] = []
    for part in _OF_SET if paper is Paper.SET else (paper,):
        blocks += [PageBreak()] if blocks else []
        blocks += _blocks(found, part, branch, people, lines)
    title = f"{found.for_year}年度{'组织生活会和民主评议材料' if paper is Paper.SET else paper.label}"
    if member_id and lines:
        title = f"{lines[0].name}{title}"
    letter = paper in _LETTERS
    return Document(
        title=title,
        author=branch,
        subject=f"{found.for_year}年度",
        day=last_day(found),
        blocks=tuple(blocks),
        running_head="" if letter or paper in _WIDE else title,
        running_foot=branch,
        look=Look.OFFICIAL if letter else Look.BOOK,
        landscape=paper in _WIDE,
    )


def round_document(found: Round, branch: str) -> Document:
    """Return what the archive of a year binds of its round: results, criticisms, opinions and problems."""
    blocks: list[Block] = []
    for part in (Paper.TALLY, Paper.CRITICISMS, Paper.OPINIONS, Paper.PROBLEMS):
        blocks += [PageBreak()] if blocks else []
        blocks += _blocks(found, part, branch, {}, ())
    title = f"{found.for_year}年度组织生活会和民主评议"
    return Document(
        title=title,
        author=branch,
        subject=f"{found.for_year}年度",
        day=last_day(found),
        blocks=tuple(blocks),
        running_foot=branch,
        landscape=True,
    )


def _blocks(
    found: Round, paper: Paper, branch: str, people: Mapping[str, MemberRow], lines: Sequence[Line]
) -> list[Block]:
    if paper in _LETTERS:
        return _letter(words().letters[paper.value], facts_of(found, branch), found)
    if paper is Paper.FEEDBACK:
        return [block for line in lines for block in (*_feedback(found, line, branch), PageBreak())][:-1]
    if paper is Paper.REGISTRATION:
        made = (_registration(found, line, branch, people.get(line.member_id)) for line in lines)
        return [block for each in made for block in (*each, PageBreak())][:-1]
    return {
        Paper.BALLOT: _ballot,
        Paper.ASPECTS: _aspects,
        Paper.BRANCH_BALLOT: _branch_ballot,
        Paper.TALLY: _tally,
        Paper.CRITICISMS: _criticisms,
        Paper.OPINION_FORM: _opinion_form,
        Paper.OPINIONS: _opinions,
        Paper.PROBLEMS: _problems,
    }[paper](found, branch)


def _letter(letter: Letter, facts: Mapping[str, str], found: Round) -> list[Block]:
    blocks: list[Block] = [Title(filled(letter.heading, facts))]
    if letter.addressee:
        blocks.append(Paragraph(filled(letter.addressee, facts), indent=False))
    blocks += [Paragraph(line) for line in letter.lines(facts)]
    blocks += [
        Space(8),
        Paragraph(filled(letter.signer, facts), side=Side.RIGHT, indent=False),
        Paragraph(day(found.today), side=Side.RIGHT, indent=False),
    ]
    return blocks


def _ballot(found: Round, branch: str) -> list[Block]:
    columns = (_NUMBER, _NAME, *(Column(grade.label, 1.6, Side.CENTER) for grade in GRADES))
    rows = tuple((str(number), line.name, "", "", "", "") for number, line in enumerate(found.rated, start=1))
    return [
        Title(f"{branch}{TURN}民主评议党员测评票", f"（{found.for_year}年度）"),
        Table(columns, rows, record="测评票"),
        Note("每名党员在四个等次里只画一个“○”，不签名。预备党员参加测评，不列入被测评的名单。票上没有编号。"),
    ]


def _aspects(found: Round, branch: str) -> list[Block]:
    known = words()
    marks = "".join(f"{BOX}{mark}" for mark in known.aspect_marks)
    grades = "".join(f"{BOX}{grade.label}" for grade in GRADES)
    columns = (
        _NUMBER,
        _NAME,
        *(Column(aspect, 2.6, Side.CENTER) for aspect in known.aspects),
        Column("综合评定", 5.4, Side.CENTER),
        Column("存在问题", 1.8),
    )
    rows = tuple(
        (str(number), line.name, *(marks for _aspect in known.aspects), grades, "")
        for number, line in enumerate(found.rated, start=1)
    )
    return [
        Title(f"{branch}{TURN}民主评议党员测评票", f"（{found.for_year}年度，分项）"),
        Table(columns, rows, record="测评票", dense=True),
        Note("在方框里画“√”，每栏只画一个，不签名。"),
    ]


def _branch_ballot(found: Round, branch: str) -> list[Block]:
    marks = words().branch_marks
    columns = (Column("测评内容", 3.0), *(Column(mark, 1.4, Side.CENTER) for mark in marks), Column("意见和建议", 4.0))
    return [
        Title(f"{branch}{TURN}党支部工作测评票", f"（{found.for_year}年度）"),
        Table(columns, (("党支部工作", *("" for _mark in marks), WRITTEN),), record="党支部测评票"),
        Note("只画一个“○”，不签名。"),
    ]


def _tally(found: Round, branch: str) -> list[Block]:
    facts, quota = found.facts, found.quota
    columns = (
        _NUMBER,
        _NAME,
        Column("身份", 1.6, Side.CENTER),
        Column("自评", 1.6, Side.CENTER),
        *(Column(f"{grade.label}票", 1.5, Side.CENTER) for grade in GRADES),
        Column("有效票", 1.4, Side.CENTER),
        Column("评定等次", 1.8, Side.CENTER),
        Column("备注", 3.4),
    )
    rows = tuple(
        (
            str(number),
            line.name,
            "正式" if line.full else "预备",
            line.self_grade.label if line.self_grade else "",
            *("" if vote is None else str(vote) for vote in line.votes),
            str(facts.valid) if line.counted and facts.valid is not None else "",
            line.grade.label if line.grade and found.decided else "",
            line.excused or line.reason or ("参加评议，不评等次" if not line.full else ""),
        )
        for number, line in enumerate(found.lines, start=1)
    )
    counts = "，".join(f"{grade.label}{found.count(grade)}名" for grade in GRADES) if found.decided else "还没有定下"
    excellent = found.count(AppraisalGrade.EXCELLENT)
    head = (
        ("应参评", f"{len(found.taking_part)}人"),
        ("到会", f"{found.present}人" if found.present else ""),
        ("发出", _sheets(facts.issued)),
        ("收回", _sheets(facts.collected)),
        ("有效", _sheets(facts.valid)),
        ("评定日期", day(facts.decided_on)),
    )
    return [
        Title(f"{branch}{TURN}民主评议党员汇总表", f"（{found.for_year}年度）"),
        Fields(head, columns=3, record="汇总表"),
        Table(columns, rows, record="汇总表", dense=True),
        Note(f"结果：{counts}。优秀最多{quota.most}名（{quota.words(excellent)}）。"),
        Signatures(("计票人", "支部书记（盖章）", "日期")),
    ]


def _sheets(count: int | None) -> str:
    return "" if count is None else f"{count}张"


def _criticisms(found: Round, branch: str) -> list[Block]:
    columns = (
        _NUMBER,
        Column("被批评人", 1.8),
        Column("批评人", 1.8),
        Column("批评意见", 7.0),
        Column("本人表态", 4.5),
        Column("归类", 1.8),
    )
    rows = tuple(
        (str(number), each.receiver, each.giver, each.text, each.reply, each.category)
        for number, each in enumerate(found.criticisms, start=1)
    )
    return [
        Title(f"{branch}{TURN}批评意见汇总表", f"（{found.for_year}年度组织生活会，{day(found.meeting_on)}）"),
        Table(columns, rows, record="批评意见汇总表", dense=True),
        Signatures(("记录人", "支部书记", "日期")),
    ]


def _opinion_form(found: Round, branch: str) -> list[Block]:
    return [
        Title(f"{branch}{TURN}征求意见表", f"（{found.for_year}年度组织生活会）"),
        Fields((("您是", f"{BOX}党员　{BOX}职工　{BOX}客户"), ("日期", "")), record="征求意见表"),
        Fields(
            (
                ("对支部班子的意见和建议", WRITTEN + WRITTEN),
                ("对支部委员、党员个人的意见和建议（写明姓名）", WRITTEN + WRITTEN),
            ),
            columns=1,
            record="征求意见表",
        ),
        Note("不用署名。意见归纳汇总以后使用，不写是谁提的。"),
    ]


def _opinions(found: Round, branch: str) -> list[Block]:
    columns = (
        _NUMBER,
        Column("意见内容", 7.0),
        Column("针对对象", 1.8),
        Column("来源", 1.4, Side.CENTER),
        Column("条数", 1.0, Side.CENTER),
        Column("类别", 1.8),
        Column("拟办", 4.0),
    )
    rows = tuple(
        (str(number), each.text, each.receiver, each.giver.label, str(each.times), each.category, each.proposal)
        for number, each in enumerate(found.opinions, start=1)
    )
    total = sum(each.times for each in found.opinions)
    return [
        Title(f"{branch}{TURN}征求意见汇总表", f"（{found.for_year}年度组织生活会，共{total}条）"),
        Table(columns, rows, record="征求意见汇总表", dense=True),
        Signatures(("汇总人", "支部书记", "日期")),
    ]


def _problems(found: Round, branch: str) -> list[Block]:
    blocks: list[Block] = [Title(f"{branch}{TURN}整改清单", f"（{found.for_year}年度组织生活会、民主评议）")]
    of_both = [
        (concerned.label, [each for each in found.problems if each.concerned is concerned]) for concerned in Concerned
    ]
    others = [each for each in found.problems if each.concerned is None]
    for label, problems in [*of_both, *([("没有分班子、个人", others)] if others else [])]:
        blocks += [
            Heading(f"{label}（{len(problems)}条）", 2, listed=False),
            Table(_PROBLEM, tuple(_problem(found, number, each) for number, each in enumerate(problems, start=1)),
                  record="整改清单", dense=True),
        ]  # fmt: skip
    blocks.append(Signatures(("责任人", "支部书记", "日期")))
    return blocks


_PROBLEM = (
    Column("序号", 0.8, Side.CENTER),
    Column("问题", 3.6),
    Column("来源", 2.2),
    Column("具体表现", 2.6),
    Column("整改措施", 3.0),
    Column("责任人", 1.5),
    Column("时限", 1.9, Side.CENTER),
    Column("完成标准", 2.2),
    Column("进展", 1.6, Side.CENTER),
    Column("佐证", 2.2),
    Column("销号", 1.9, Side.CENTER),
    Column("确认人", 1.5),
)


def _problem(found: Round, number: int, each: ProblemRow) -> tuple[str, ...]:
    return (
        str(number),
        each.title,
        each.traced,
        each.symptom,
        each.measure,
        each.owner,
        short_day(each.due_on),
        each.goal,
        each.standing(found.today)[0] if each.closed or each.due_on < found.today else each.state.label,
        each.evidence,
        short_day(each.closed_on),
        each.confirmed_by,
    )


def _feedback(found: Round, line: Line, branch: str) -> list[Block]:
    pairs = (
        ("姓名", line.name),
        ("评定等次", line.grade.label if line.grade else ""),
        ("肯定", line.praise or WRITTEN),
        ("指出的问题", line.faults or WRITTEN),
        ("希望", line.hopes or WRITTEN),
        ("谈话人", line.fed_back_by or ""),
        ("谈话日期", day(line.fed_back_on)),
        ("本人意见", WRITTEN),
    )
    return [
        Title(f"{branch}{TURN}民主评议结果反馈单", f"（{found.for_year}年度）"),
        Fields(pairs, record=f"{line.name}反馈单"),
        Signatures(("谈话人", "本人", "日期")),
    ]


def _registration(found: Round, line: Line, branch: str, person: MemberRow | None) -> list[Block]:
    """Return the two pages that go into the personal file; what the branch does not keep is left to be written."""
    facts = found.facts
    told = (
        ("姓名", line.name),
        ("曾用名", ""),
        ("性别", person.gender_text if person else ""),
        ("民族", person.ethnic_text if person else ""),
        ("出生年月", person.born_text if person else ""),
        ("籍贯", person.native_place if person else ""),
        ("入党时间", person.admitted_text if person else ""),
        ("转正时间", person.full_text if person else ""),
        ("参加工作时间", ""),
        ("学历", person.education_text if person else ""),
        ("现任职务", "，".join(filter(None, (person.job_title, person.posts_text))) if person else ""),
        ("所在支部", branch),
    )
    votes = "，".join(
        f"{grade.label}{vote}票" for grade, vote in zip(GRADES, line.votes, strict=True) if vote is not None
    )
    appraised = "；".join(
        filter(
            None,
            (
                f"自评{line.self_grade.label}" if line.self_grade else "",
                f"互评：{line.peer}" if line.peer else "",
                f"发出测评票{facts.issued}张，收回{facts.collected}张，有效{facts.valid}张；{votes}" if votes else "",
            ),
        )
    )
    decided = (
        f"经支委会评定，{found.for_year}年度民主评议为{line.grade.label}等次。" if line.grade and found.decided else ""
    )
    signed = "\n\n书记（签章）：　　　　　　　　年　　月　　日"
    return [
        Title(f"民主评议党员登记表{TURN}", f"（{found.for_year}年度）"),
        Fields(told, record=f"{line.name}登记表"),
        Fields((("个人小结", line.review or PAGE_OF_WORDS),), columns=1, record=f"{line.name}登记表"),
        PageBreak(),
        Fields(
            (
                ("民主评议情况", appraised or WRITTEN),
                ("支部意见", (decided or WRITTEN) + signed),
                ("本人意见", f"{WRITTEN}签名：　　　　　　　　年　　月　　日"),
                ("上级党组织意见", f"{WRITTEN}（盖章）　　　　　　年　　月　　日"),
                ("备注", line.reason or ""),
            ),
            columns=1,
            record=f"{line.name}登记表",
        ),
    ]
