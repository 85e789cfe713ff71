"""What the page shows of each step but ballots and grades: facts with what they lack, and the list behind them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.rows import CriticismRow, Line, OpinionRow, Round, Step, StepKey
from desktop.services.appraisal.steps import open_steps
from desktop.services.numbers import digits
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import Elided, EmptyState, appear, box, clear, col, row, set_text, text
from desktop.ui.widgets.layout import add

R = TypeVar("R")
GRADE_TONES = {
    AppraisalGrade.EXCELLENT: "good",
    AppraisalGrade.QUALIFIED: "none",
    AppraisalGrade.BASICALLY_QUALIFIED: "part",
    AppraisalGrade.UNQUALIFIED: "bad",
}


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _grade(grade: AppraisalGrade | None) -> Tag:
    return Tag(grade.label, GRADE_TONES[grade]) if grade is not None else Tag("")


REVIEWS: tuple[Column[Line], ...] = (
    Column("姓名", lambda line: line.name, cell=lambda line: Two(line.name, _beside(line)), width=150),
    Column("自评交来", lambda line: line.review_on, cell=lambda line: _handed(line), width=112),
    Column("自评等次", lambda line: line.self_grade, cell=lambda line: _grade(line.self_grade), width=92),
    Column(
        "互评意见", lambda line: line.peer, cell=lambda line: Txt(line.peer or "—", "" if line.peer else "sub", px=13)
    ),
)
FEEDBACK: tuple[Column[Line], ...] = (
    Column("姓名", lambda line: line.name, width=110),
    Column("等次", lambda line: line.grade, cell=lambda line: _grade(line.grade), width=92),
    Column("反馈", lambda line: line.fed_back_on, width=104, tone="sub"),
    Column("反馈人", lambda line: line.fed_back_by, width=88, tone="sub", fold=520),
    Column("本人签字", lambda line: line.signed_on, width=104, tone="sub", fold=620),
    Column("登记表", lambda line: line.registered_on, width=104, tone="sub", fold=720),
    Column("指出的问题", lambda line: line.faults, cell=lambda line: Two(line.faults or "—", ""), fold=420),
)
CRITICISMS: tuple[Column[CriticismRow], ...] = (
    Column("被批评人", lambda each: each.receiver, width=92),
    Column("批评人", lambda each: each.giver, width=86),
    Column("意见", lambda each: each.text, cell=lambda each: Two(each.text, _reply(each), _reply_tone(each))),
)
OPINIONS: tuple[Column[OpinionRow], ...] = (
    Column("对象", lambda each: each.receiver, width=92),
    Column("征求", lambda each: each.giver, width=70, tone="sub"),
    Column("意见", lambda each: each.text, cell=lambda each: Two(each.text, each.proposal)),
    Column("条数", lambda each: each.times, width=60, align="r"),
)


def _beside(line: Line) -> str:
    said = ["" if line.full else "预备党员，不评等次", f"不参评：{line.excused}" if line.excused else ""]
    return "，".join(filter(None, said))


def _handed(line: Line) -> Txt:
    if line.review_on is not None:
        return Txt(line.review_on.isoformat(), "sub", px=13)
    if line.absent:
        return Txt("有书面发言" if line.written else "缺书面发言", "good" if line.written else "part", px=13)
    return Txt("不参评" if line.excused else "没交", "sub" if line.excused else "part", px=13)


def _reply(each: CriticismRow) -> str:
    return f"表态：{each.reply}" if each.reply else "还没有记本人表态"


def _reply_tone(each: CriticismRow) -> str:
    return "sub" if each.reply else "part"


class StepView(QWidget):
    """A head with actions, facts, a list, and a line of what is lacking."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.sub = text("", "h2"), text("", "sub")
        self._actions = row(gap=10)
        self._facts = col(gap=7, pad=(0, 2, 0, 4))
        self._facts_box = box(self._facts)
        self.lacking, self.faults = Elided("", "sub"), Elided("", "sub", "part")
        self.reviews: DataTable[Line] = _table(REVIEWS, "自评互评", "users", "名册上还没有党员。")
        self.feedback: DataTable[Line] = _table(FEEDBACK, "反馈", "users", "还没有定下等次。")
        self.criticisms: DataTable[CriticismRow] = _table(
            CRITICISMS, "批评意见", "message", "还没有登记批评意见，谁对谁提的、原话、怎么表态，逐条登记。"
        )
        self.opinions: DataTable[OpinionRow] = _table(OPINIONS, "征求意见", "message", "还没有登记征求到的意见。")
        self.tables: tuple[QWidget, ...] = (self.reviews, self.feedback, self.criticisms, self.opinions)
        head = row(self.title, self.sub, ..., self._actions, gap=10)
        body = col(*((table, 1) for table in self.tables), gap=0)
        self._body = box(body)
        self._rest = box(col(...))
        self.setLayout(
            col(
                head,
                self.faults,
                self._facts_box,
                (self._body, 1),
                (self._rest, 1),
                self.lacking,
                gap=6,
                pad=(14, 10, 14, 12),
            )
        )
        for table in self.tables:  # each asks for its room only while it is shown
            appear(table, False)

    def show_step(self, found: Round, step: Step, actions: Sequence[QWidget]) -> None:
        """Show one step of a round, with what may be done in it."""
        self.title.setText(step.key.label)
        set_text(self.sub, " ".join(filter(None, (step.on, step.count))))
        clear(self._actions)
        for action in actions:
            add(self._actions, action)
        for part, words in (
            (self.faults, "；".join(step.faults)),
            (self.lacking, f"还缺：{'、'.join(step.lacking)}" if step.lacking else ""),
        ):
            part.set_words(words)
            appear(part, bool(words))
        clear(self._facts)
        facts = _FACTS[step.key](found) if step.key in _FACTS else []
        for name, words in facts:
            label = text(name, "sub")
            label.setFixedWidth(104)
            value = Elided(words or "—", "body", "" if words else "sub")
            add(self._facts, row(label, (value, 1), gap=8))
        appear(self._facts_box, bool(facts))
        shown = {
            StepKey.PREPARE: self.opinions,
            StepKey.MEETING: self.criticisms,
            StepKey.REVIEW: self.reviews,
            StepKey.FEEDBACK: self.feedback,
        }.get(step.key)
        for table in self.tables:
            appear(table, table is shown)
        appear(self._body, shown is not None)
        appear(self._rest, shown is None)
        self.opinions.set_rows(found.opinions, lambda each: each.id)
        self.criticisms.set_rows(found.criticisms, lambda each: each.id)
        self.reviews.set_rows(found.lines, lambda line: line.member_id)
        self.feedback.set_rows(found.rated if found.decided else (), lambda line: line.member_id)


def _table(columns: Sequence[Column[R]], name: str, icon: str, words: str) -> DataTable[R]:
    return DataTable(columns, name, EmptyState(icon, words), height=42, look="clear", sortable=False)


def _preparation(found: Round) -> list[tuple[str, str]]:
    facts = found.facts
    hours = f"{digits(facts.study_hours)}学时" if facts.study_hours is not None else ""
    sought = sum(each.times for each in found.opinions)
    talked = f"{found.talks}次，最近{found.talked_on}" if found.talks else ""
    return [
        ("方案", "，".join(filter(None, (_day(facts.plan_on), facts.theme)))),
        ("集中学习", "，".join(filter(None, (_day(facts.study_on), hours, facts.study_topics)))),
        ("通知", f"{_day(facts.notice_on)}" + (f"，会议定在{facts.planned_on}" if facts.planned_on else "")),
        ("谈心谈话", talked),
        ("班子对照检查", _day(facts.committee_review_on)),
        ("征求意见", "，".join(filter(None, (_day(facts.opinions_on), f"{sought}条" if sought else "")))),
    ]


def _meeting(found: Round) -> list[tuple[str, str]]:
    absent = "、".join(line.name for line in found.lines if line.absent)
    guest = found.facts.guest or ""
    came = f"到会{found.present}人" + (f"，缺席{absent}" if absent else "") if found.present else ""
    return [
        ("会议", "，".join(filter(None, (_day(found.meeting_on), came)))),
        ("上级参加人", guest),
    ]


def _publication(found: Round) -> list[tuple[str, str]]:
    facts = found.facts
    counts = "，".join(f"{grade.label}{found.count(grade)}名" for grade in AppraisalGrade) if found.decided else ""
    registered = sum(line.registered_on is not None for line in found.rated)
    return [
        ("结果", counts),
        ("公布", _day(facts.published_on)),
        ("登记表", f"{registered} / {len(found.rated)} 份已归档"),
        ("情况报告", _day(facts.reported_on)),
        ("重新议定", facts.reopened or ""),
        ("备注", facts.note or ""),
    ]


def _feedback(found: Round) -> list[tuple[str, str]]:
    low = [line for line in found.rated if found.rules.steps(line.grade)]
    return [(line.name, f"{line.grade.label}，下一步：{(open_steps(found, line) or ('各步都办了',))[0]}")
            for line in low if line.grade is not None]  # fmt: skip


_FACTS: dict[StepKey, Callable[[Round], list[tuple[str, str]]]] = {
    StepKey.PREPARE: _preparation,
    StepKey.MEETING: _meeting,
    StepKey.PUBLISH: _publication,
    StepKey.FEEDBACK: _feedback,
}
