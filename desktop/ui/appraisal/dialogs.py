"""Small forms of a round: preparation, a member's review, feedback, setting grades, publication, closing a problem."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.appraisal import FollowUp
from desktop.models.improvement import Issue
from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.keeping import LOW, of_line, of_round
from desktop.services.appraisal.rows import Line, ProblemRow, Round, StepKey, StepState
from desktop.services.appraisal.service import AppraisalService
from desktop.services.errors import Input, InvalidInput
from desktop.services.numbers import digits
from desktop.services.spreadsheets.numbers import parse_decimal
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import Item, link, row, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.pane import fact

ROUNDS, LINES, ISSUES = "appraisals", "appraisal_results", "issue"
NOTHING = ""
GRADES: list[tuple[object, str]] = [(NOTHING, "没有填"), *((grade, grade.label) for grade in AppraisalGrade)]


def _named(item: Input, control: QWidget, note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, control, note=note)


def day_field(name: str, value: date | None, note: str = "", *, line: bool = False) -> tuple[str, Field]:
    """Return a field of a day of the round, or of a member's line."""
    item = of_line(name) if line else of_round(name)
    return _named(item, DateEdit(item.label, value), note)


def count_field(name: str, value: int | None) -> tuple[str, Field]:
    """Return a field of a count of the round."""
    item = of_round(name)
    return _named(item, edit(item.label, "" if value is None else str(value)))


def _words(name: str, value: str | None, note: str = "", *, line: bool = False, lines: int = 1) -> tuple[str, Field]:
    item = of_line(name) if line else of_round(name)
    words = value or ""
    return _named(item, edit(item.label, words) if lines == 1 else memo(item.label, words, lines=lines), note)


class _RoundDialog(FormDialog):
    """A form over facts of the round."""

    def __init__(
        self, page: Page, found: Round, title: str, *body: Item, fields: list[tuple[str, Field]], draft: str,
        columns: int = 2,
    ) -> None:  # fmt: skip
        self.found = found
        self.service = page.desk.service(AppraisalService)
        self.fields = FieldSet(fields, columns=columns)
        super().__init__(
            page, title, *body, self.fields, fields=(self.fields,), verb="保存", needs=ROUNDS, draft=draft,
            about=found.id,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what was changed."""
        return {name: None if value == "" else value for name, value in self.fields.changed().items()}

    def submit(self) -> None:
        """Keep what was changed."""
        if not self.readable():
            return
        try:
            values = self.values()
        except InvalidInput as error:
            self.fields.take(error)
            return
        if self.unchanged(values):
            return
        year, rev = self.found.for_year, self.found.rev
        self.keep(lambda: self.service.change(year, values, rev), "已保存。")


class PrepareDialog(_RoundDialog):
    """会前准备."""

    def __init__(self, page: Page, found: Round) -> None:
        facts, rules = found.facts, found.rules
        hours = "" if facts.study_hours is None else digits(facts.study_hours)
        item = of_round("study_hours")
        super().__init__(
            page,
            found,
            f"登记{found.for_year}年度会前准备",
            fields=[
                day_field("plan_on", facts.plan_on),
                _words("theme", facts.theme, "按当年的通知"),
                day_field("study_on", facts.study_on),
                _named(item, edit(item.label, hours), f"不少于半天，{rules.study_hours}学时"),
                _words("study_topics", facts.study_topics),
                day_field("opinions_on", facts.opinions_on),
                day_field("notice_on", facts.notice_on, f"提前{rules.notice_days}天通知"),
                day_field("planned_on", facts.planned_on),
                day_field("committee_review_on", facts.committee_review_on),
                _words("guest", facts.guest),
                _named(
                    of_round("quota_base"),
                    Choice("优秀名额按", [(base, base.label) for base in QuotaBase], facts.quota_base),
                    "参评党员不含预备党员",
                ),
            ],
            draft="appraisal_prepare",
        )

    def values(self) -> dict[str, Any]:
        """Return what was changed, the hours as a number."""
        values = super().values()
        if values.get("study_hours") is not None:
            values["study_hours"] = float(parse_decimal(values["study_hours"], of_round("study_hours")))
        return values


class PeerDialog(_RoundDialog):
    """党员互评."""

    def __init__(self, page: Page, found: Round) -> None:
        super().__init__(
            page,
            found,
            "登记党员互评",
            fields=[day_field("peer_on", found.facts.peer_on or found.meeting_on or found.today)],
            draft="appraisal_peer",
            columns=1,
        )

    def values(self) -> dict[str, Any]:
        """Return the day, the proposed one too."""
        return {"peer_on": self.fields.values()["peer_on"]}


class PublishDialog(_RoundDialog):
    """公布."""

    def __init__(self, page: Page, found: Round) -> None:
        facts = found.facts
        super().__init__(
            page,
            found,
            "登记公布和报告",
            fields=[
                day_field(
                    "published_on",
                    facts.published_on,
                    f"优秀名单公示一般{found.rules.publish_workdays}个工作日，其他等次不公布",
                ),
                day_field("reported_on", facts.reported_on),
                _words("note", facts.note),
            ],
            draft="appraisal_publish",
            columns=1,
        )


class DecideDialog(FormDialog):
    """定下等次."""

    def __init__(self, page: Page, found: Round) -> None:
        self.found, self.service = found, page.desk.service(AppraisalService)
        counts = "，".join(f"{grade.label} {found.count(grade)} 名" for grade in AppraisalGrade)
        self.fields = FieldSet([day_field("decided_on", found.today), _words("decided_by", "支委会")])
        super().__init__(
            page,
            f"定下{found.for_year}年度民主评议等次",
            text(counts, "strong", wrap=True),
            text("定下以后票数和等次不再改，要改先写明原因重新议定。", "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="定下等次",
            needs=ROUNDS,
            draft="appraisal_decide",
            about=found.id,
        )

    def submit(self) -> None:
        """Set the grades."""
        if not self.readable(required=True):
            return
        values, year = self.fields.values(), self.found.for_year
        on = values["decided_on"]
        if on is None:
            self.fields.refuse("decided_on", "不能为空")
            return
        self.keep(lambda: self.service.decide(year, on, values["decided_by"]), "等次已定下，接着逐人反馈。")


class ReopenDialog(FormDialog):
    """重新议定."""

    def __init__(self, page: Page, found: Round) -> None:
        self.found, self.service = found, page.desk.service(AppraisalService)
        self.fields = FieldSet([_words("reopened", "", lines=2)])
        super().__init__(
            page, "重新议定等次", self.fields, fields=(self.fields,), verb="重新议定", needs=ROUNDS,
            draft="appraisal_reopen", about=found.id,
        )  # fmt: skip

    def submit(self) -> None:
        """Open the grades once more."""
        year, why = self.found.for_year, self.fields.values()["reopened"]
        self.keep(lambda: self.service.reopen(year, why), "等次可以改了，改好后再定下。")


class _LineDialog(FormDialog):
    """A form over the line of one member."""

    def __init__(
        self, page: Page, found: Round, line: Line, title: str, *body: Item, fields: list[tuple[str, Field]],
        draft: str, columns: int = 2,
    ) -> None:  # fmt: skip
        self.found, self.line = found, line
        self.service = page.desk.service(AppraisalService)
        self.fields = FieldSet(fields, columns=columns)
        super().__init__(
            page, title, *body, self.fields, fields=(self.fields,), verb="保存", needs=LINES, draft=draft,
            about=f"{found.id}.{line.member_id}", wide=True,
        )  # fmt: skip

    def values(self) -> Mapping[str, Any]:
        """Return what was changed."""
        return {name: None if value == "" else value for name, value in self.fields.changed().items()}

    def submit(self) -> None:
        """Keep what was changed."""
        if not self.readable():
            return
        values, year, line = self.values(), self.found.for_year, self.line
        if self.unchanged(values):
            return
        self.keep(lambda: self.service.note(year, line.member_id, values, line.rev), f"{line.name}已保存。")


class ReviewDialog(_LineDialog):
    """自评互评 of one member; before its step is open, only whether the member takes part."""

    def __init__(self, page: Page, found: Round, line: Line) -> None:
        why = found.why_closed(StepKey.REVIEW)
        fields = (
            []
            if why
            else [
                day_field("review_on", line.review_on, line=True),
                _named(of_line("self_grade"), Choice("自评等次", GRADES, line.self_grade or NOTHING)),
                _words("review", line.review, "印在登记表的个人小结栏", line=True, lines=4),
                _words("peer", line.peer, "同志们的意见，概括写", line=True, lines=4),
            ]
        )
        if (line.absent or line.written) and not why:
            fields += [
                _words("written", line.written, "缺席党员的书面发言，由别人宣读", line=True, lines=3),
                _words("read_by", line.read_by, line=True),
            ]
        fields.append(_words("excused", line.excused, "不参加评议的写原因，如停止党籍", line=True))
        note = [text("没有到会", "sub", "part")] if line.absent else []
        if why:
            note.append(text(f"{why}，然后登记自评和互评。", "sub", wrap=True))
        super().__init__(
            page, found, line, f"登记{line.name}的自评互评", *note, fields=fields, draft="appraisal_review"
        )


def show_review(page: Page, found: Round, line: Line) -> Dialog:
    """Show 自评互评 of one member where nothing of it is typed any more, and why not."""
    told = [
        (of_line("review_on"), line.review_on.isoformat() if line.review_on else ""),
        (of_line("self_grade"), line.self_grade.label if line.self_grade else ""),
        *((of_line(name), getattr(line, name) or "") for name in ("review", "peer", "written", "read_by", "excused")),
    ]
    facts = [fact(item.label, words) for item, words in told if words]
    why = text(f"{found.why_closed(StepKey.REVIEW)}。", "sub", wrap=True)
    dialog = Dialog(page, f"{line.name}的自评互评", *facts, why, verb="知道了", cancel="", wide=True)
    dialog.open()
    return dialog


class FeedbackDialog(_LineDialog):
    """反馈 to one member, and what follows a low grade."""

    def __init__(self, page: Page, found: Round, line: Line) -> None:
        self._steps = found.rules.steps(line.grade)
        done = {step.step: step for step in line.follow_up}
        fields = [
            day_field("fed_back_on", line.fed_back_on, line=True),
            _words("fed_back_by", line.fed_back_by, line=True),
            _words("praise", line.praise, line=True, lines=2),
            _words("faults", line.faults, line=True, lines=2),
            _words("hopes", line.hopes, line=True, lines=2),
            day_field("signed_on", line.signed_on, line=True),
        ]
        if found.step(StepKey.PUBLISH).state is not StepState.AHEAD:
            fields.append(day_field("registered_on", line.registered_on, line=True))
        for number, step in enumerate(self._steps):
            kept = done.get(step)
            fields.append((f"step{number}", Field(step, DateEdit(step, kept.done_on if kept else None))))
        label = line.grade.label if line.grade else "待定"
        body: list[Item] = [text(f"等次：{label}" + (f"，{line.reason}" if line.reason else ""), "strong", wrap=True)]
        if self._steps:
            body.append(text("处置的决定由上级作出，这里只记各步的日期；调查材料不放在这里。", "sub", wrap=True))
        super().__init__(
            page, found, line, f"登记给{line.name}的反馈", *body, fields=fields, draft="appraisal_feedback"
        )

    def values(self) -> Mapping[str, Any]:
        """Return what was changed, the steps together."""
        values = dict(super().values())
        named = {name: values.pop(name) for name in list(values) if name.startswith("step")}
        if named:
            typed = self.fields.values()
            kept = {step.step: step for step in self.line.follow_up}
            values["follow_up"] = tuple(
                FollowUp(step, typed[f"step{number}"], kept[step].by if step in kept else "")
                for number, step in enumerate(self._steps)
                if typed[f"step{number}"] is not None
            )
        return values


class GradeDialog(FormDialog):
    """The grade of one member with its reason."""

    def __init__(self, page: Page, found: Round, line: Line) -> None:
        self.found, self.line, self.service = found, line, page.desk.service(AppraisalService)
        grades: list[tuple[object, str]] = [(NOTHING, "待定"), *((grade, grade.label) for grade in AppraisalGrade)]
        low = "、".join(grade.label for grade in LOW)
        self.fields = FieldSet(
            [
                _named(of_line("grade"), Choice("等次", grades, line.grade or NOTHING)),
                _words("reason", line.reason, f"{low}的写明理由：票数和平时表现都要看", line=True, lines=3),
            ]
        )
        said = [
            ("测评", "，".join(
                f"{grade.label} {vote}" for grade, vote in zip(AppraisalGrade, line.votes, strict=True) if vote
            )),
            ("自评", line.self_grade.label if line.self_grade else ""),
            ("互评意见", line.peer or ""),
        ]  # fmt: skip
        super().__init__(
            page, f"登记{line.name}的等次", *(fact(name, words) for name, words in said), self.fields,
            fields=(self.fields,), verb="保存", needs=LINES, draft="appraisal_grade",
            about=f"{found.id}.{line.member_id}",
        )  # fmt: skip

    def submit(self) -> None:
        """Keep grade and reason."""
        if self.unchanged(self.fields.changed()):
            return
        values, year, line = self.fields.values(), self.found.for_year, self.line
        grade = values["grade"] or None
        self.keep(lambda: self.service.grade(year, line.member_id, grade, values["reason"]), f"{line.name}已保存。")


class ProblemDialog(FormDialog):
    """One problem: what it is, and taking it off the list."""

    def __init__(self, page: Page, problem: ProblemRow) -> None:
        self.problem, self.service = problem, page.desk.service(AppraisalService)
        names = {name: Input(name, str(Issue.__table__.c[name].info["label"])) for name in ("evidence", "confirmed_by")}
        self.fields = FieldSet(
            [
                ("closed_on", Field("销号日期", DateEdit("销号日期", problem.closed_on or page.desk.store.today))),
                _named(names["evidence"], memo("佐证", problem.evidence, lines=2), "凭什么销号：文件、照片、记录"),
                _named(names["confirmed_by"], edit("销号确认人", problem.confirmed_by)),
            ]
        )
        told = [
            ("对象", problem.concerned.label if problem.concerned else ""),
            ("出自", problem.traced or "没有写"),
            ("具体表现", problem.symptom),
            ("整改措施", problem.measure),
            ("完成标准", problem.goal),
            ("责任人", problem.owner),
            ("期限", problem.due_on.isoformat()),
        ]
        change = page.desk.offered(ISSUES, link("改这一条", self._change, "pencil"))
        super().__init__(
            page, problem.title, *(fact(name, words) for name, words in told if words), row(change, ...), self.fields,
            fields=(self.fields,), verb="改销号" if problem.closed else "销号", needs=ISSUES,
            draft="appraisal_problem", about=problem.id,
        )  # fmt: skip

    def submit(self) -> None:
        """Take it off the list."""
        if not self.readable(required=True):
            return
        values, problem = self.fields.values(), self.problem
        on = values["closed_on"]
        if on is None:
            self.fields.refuse("closed_on", "不能为空")
            return
        self.keep(
            lambda: self.service.close_problem(problem.id, on, values["evidence"], values["confirmed_by"], problem.rev),
            f"“{problem.title[:20]}”已销号。",
        )

    def _change(self) -> None:
        from desktop.models.registers import REGISTERS
        from desktop.ui.registers.form import RegisterForm

        self.reject()
        self.page.desk.push(RegisterForm(self.page.desk, REGISTERS[ISSUES], self.problem.id))
