"""Forms of an admission: a new applicant, what was done in a step, papers, people, letters."""

from collections.abc import Sequence

from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.development import Gender, HelperRole, PaperForm
from desktop.services.development import fields as asked
from desktop.services.development.examine import StepView
from desktop.services.development.rows import CaseRow, HelperRow, InquiryRow, PaperRow
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import CONFIRM, CONGRESS, LIST, TRAINING
from desktop.services.errors import Input
from desktop.services.members import MemberRow, MemberService
from desktop.services.privacy import load_privacy
from desktop.ui.development.fields import CASES, HELPERS, INQUIRIES, PAPERS, STEPS, Pair, day, line, pick, words
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import link, row, text
from desktop.ui.widgets.fields import Choice, Field, FieldSet


class ApplicantDialog(FormDialog):
    """新申请人: somebody on file, or a new person, and the day of the application."""

    def __init__(self, page: Page, people: Sequence[tuple[str, str]]) -> None:
        self._service = page.desk.service(DevelopmentService)
        options: list[tuple[str, str]] = [("", "新登记一个人"), *people]
        who = pick(asked.PERSON, options, "", "登记过的人直接选，下面的姓名等不用再填。")
        gender = Choice("性别", [("", "没填"), *((each.value, each.label) for each in Gender)])
        self.fields = FieldSet(
            (
                *([who] if people else []),
                line(asked.NAME),
                day(asked.APPLIED_ON, page.desk.store.today, required=True, note="第一次递交申请书的日期。"),
                ("gender", Field("性别", gender)),
                day(Input("born_on", "出生日期"), None),
                line(asked.ID_NO),
                line(Input("unit", "所在部门")),
                line(Input("job_title", "工作岗位")),
                line(Input("education", "学历")),
                line(Input("phone", "联系电话")),
            ),
            columns=2,
        )
        super().__init__(
            page,
            "登记入党申请人",
            text(load_privacy().purpose, "small", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="登记",
            needs=CASES,
            draft="applicant",
            wide=True,
        )

    def submit(self) -> None:
        """Begin the case."""
        if not self.readable():
            return
        values = {name: value for name, value in self.fields.values().items() if value not in (None, "")}
        if values.get("person_id"):
            values = {name: values[name] for name in ("person_id", "applied_on", "id_no") if name in values}
        self.keep(lambda: self._service.begin(values), "已登记。", then=self._opened)

    def _opened(self, case_id: str) -> None:
        self.page.desk.open("members", "development", record=case_id)


class StepDialog(FormDialog):
    """登记一步: the day, who decided, what came of it, and what belongs to this step alone."""

    def __init__(self, page: Page, case: CaseRow, view: StepView, meetings: Sequence[tuple[str, str]]) -> None:
        self._service, self._case, self._no = page.desk.service(DevelopmentService), case, view.step.no
        typed = case.step(view.step.no)
        own: list[Pair] = []
        if self._no == LIST:
            own = [
                day(asked.CONSENT_ON, typed.consent_on, note="上级同意拟列名单的日期，同意以后才公示。"),
                day(Input("from_on", "公示起（张贴）"), typed.from_on),
                day(Input("to_on", "公示止"), typed.to_on),
            ]
        elif self._no == TRAINING:
            own = [
                day(Input("from_on", "培训起"), typed.from_on),
                day(Input("to_on", "培训止"), typed.to_on),
                line(asked.DAYS, typed.days),
                line(asked.HOURS, typed.hours),
            ]
        elif self._no in (CONGRESS, CONFIRM):
            options: list[tuple[str, str]] = [("", "没有关联"), *meetings]
            own = [pick(asked.MEETING, options, typed.meeting_id or "", "关联会议记录，日期和票数就能核对。")]
        done = {LIST: "列为发展对象的日期，不早于公示结束。"}.get(self._no, "")
        self.fields = FieldSet(
            (
                *own[:3],
                day(asked.DONE_ON, typed.done_on, note=done),
                *own[3:],
                line(asked.DECIDED_BY, typed.decided_by, view.step.decides),
                line(asked.DOCUMENT_NO, typed.document_no),
                line(asked.HANDLER, typed.handler),
                words(asked.RESULT, typed.result),
            ),
            columns=2,
        )
        hint = text(f"{view.step.limit}；{view.step.decides}", "sub", wrap=True)
        super().__init__(
            page,
            f"登记第 {self._no} 步：{view.step.name}",
            hint,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=STEPS,
            draft=f"development_step_{self._no}",
            about=case.id,
            rev=typed.rev,
            wide=True,
        )

    def submit(self) -> None:
        """Write it down."""
        if not self.readable():
            return
        case_id, rev = self._case.id, self.rev
        values = self.fields.values() if rev is None else self.fields.changed()
        self.keep(lambda: self._service.record_step(case_id, self._no, values, rev), "已保存。")


class OpinionDialog(FormDialog):
    """登记处理意见: what the superior said about a breach; the breach stays visible."""

    def __init__(self, page: Page, case: CaseRow, view: StepView) -> None:
        self._service, self._case, self._no = page.desk.service(DevelopmentService), case, view.step.no
        typed = case.step(self._no)
        self.fields = FieldSet(
            (
                words(asked.OPINION, typed.opinion, "上级党委怎么答复，照办到哪一步"),
                day(asked.OPINION_ON, typed.opinion_on or page.desk.store.today),
            )
        )
        super().__init__(
            page,
            f"{case.name}第 {self._no} 步的处理意见",
            text(view.breach or view.warning, "strong", "bad", wrap=True),
            text("登记以后，不符的地方仍然看得到。", "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="登记处理意见",
            needs=STEPS,
            draft=f"development_opinion_{self._no}",
            about=case.id,
        )

    def submit(self) -> None:
        """Write it down."""
        if self.readable():
            values, case_id = self.fields.values(), self._case.id
            self.keep(lambda: self._service.record_step(case_id, self._no, values), "已登记处理意见。")


class PaperDialog(FormDialog):
    """一份材料: what, by whom, of what day, original or copy, where it lies."""

    def __init__(
        self, page: Page, case: CaseRow, view: StepView, paper: PaperRow | None = None, name: str = ""
    ) -> None:
        self._service, self._case, self._no = page.desk.service(DevelopmentService), case, view.step.no
        self._paper = paper
        known = view.step.paper(name)
        forms = [(form.value, form.label) for form in PaperForm]
        self.fields = FieldSet(
            (
                line(asked.PAPER_NAME, paper.name if paper else name, required=True),
                line(asked.AUTHOR, paper.author if paper else known.author if known else ""),
                day(asked.DATED_ON, paper.dated_on if paper else view.done_on),
                pick(asked.FORM, forms, paper.form.value if paper else None),
                line(asked.PAGES, paper.pages if paper else ""),
                line(asked.PLACE, paper.place if paper else "", "如：党员档案、支部档案盒"),
                words(asked.NOTE, paper.note if paper else ""),
            )
        )
        remove = [row(link("删除这份材料", self._remove, "trash"), ...)] if paper else []
        super().__init__(
            page,
            f"第 {self._no} 步的材料",
            *remove,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=PAPERS,
            draft="development_paper" if paper else f"development_paper_new_{self._no}",
            about=paper.id if paper else case.id,
            rev=paper.rev if paper else None,
        )

    def submit(self) -> None:
        """Keep the paper."""
        if not self.readable():
            return
        case_id, paper_id, rev = self._case.id, self._paper.id if self._paper else "", self.rev
        values = self.fields.changed() if paper_id else self.fields.values()
        self.keep(lambda: self._service.save_paper(case_id, self._no, values, paper_id, rev), "已登记材料。")

    def _remove(self) -> None:
        if self._paper is not None:
            case_id, paper_id = self._case.id, self._paper.id
            self.keep(lambda: self._service.remove_part(case_id, paper_id), "已删除 1 份材料的登记。")


class HelperDialog(FormDialog):
    """培养联系人 or 入党介绍人: a full member, from a day on."""

    def __init__(self, page: Page, case: CaseRow, role: HelperRole, helper: HelperRow | None = None) -> None:
        self._service, self._case, self._role, self._helper = page.desk.service(DevelopmentService), case, role, helper
        self.member = Choice(asked.MEMBER.label)
        step = 5 if role is HelperRole.CONTACT else 9
        since = helper.from_on if helper else case.step(step).done_on
        self.fields = FieldSet(
            (
                (asked.MEMBER.name, Field(asked.MEMBER.label, self.member)),
                day(asked.FROM_ON, since),
                day(asked.TO_ON, helper.to_on if helper else None, note="换人时填；在任的空着。"),
            )
        )
        remove = [row(link("删除这条登记", self._remove, "trash"), ...)] if helper else []
        super().__init__(
            page,
            f"{case.name}的{role.label}",
            *remove,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=HELPERS,
            draft=f"development_{role.value}",
            about=helper.id if helper else case.id,
            rev=helper.rev if helper else None,
        )
        page.read(page.desk.service(MemberService).roster, self._offer)

    def _offer(self, members: list[MemberRow]) -> None:
        full = [(each.id, each.name) for each in members if each.category is MemberCategory.FULL_MEMBER]
        now = self._helper.member_id if self._helper else None
        options: list[tuple[str, str]] = [("", "选一名正式党员"), *full]
        if now and now not in dict(full):
            options.append((now, self._helper.name if self._helper else ""))
        self.drafting.refresh(lambda: self.member.set_options(options, now))

    def submit(self) -> None:
        """Keep it."""
        if not self.readable():
            return
        case_id, helper_id, rev = self._case.id, self._helper.id if self._helper else "", self.rev
        values = self.fields.changed() if helper_id else {**self.fields.values(), "role": self._role.value}
        if helper_id and not values.get("member_id"):
            values.pop("member_id", None)
        self.keep(lambda: self._service.save_helper(case_id, values, helper_id, rev), "已保存。")

    def _remove(self) -> None:
        if self._helper is not None:
            case_id, helper_id = self._case.id, self._helper.id
            self.keep(lambda: self._service.remove_part(case_id, helper_id), "已删除。")


class InquiryDialog(FormDialog):
    """政审函调: about whom, where it went, when the reply came."""

    def __init__(self, page: Page, case: CaseRow, inquiry: InquiryRow | None = None) -> None:
        self._service, self._case, self._inquiry = page.desk.service(DevelopmentService), case, inquiry
        waived = Choice(asked.WAIVED.label, [(False, "要函调"), (True, "情况清楚，不必函调")])
        waived.set_value(bool(inquiry and inquiry.waived))
        self.fields = FieldSet(
            (
                line(asked.RELATION, inquiry.relation if inquiry else "", "父亲、母亲、配偶、原单位", required=True),
                line(asked.INQUIRED, inquiry.name if inquiry else ""),
                (asked.WAIVED.name, Field(asked.WAIVED.label, waived)),
                line(asked.ADDRESSED_TO, inquiry.addressed_to if inquiry else ""),
                line(asked.LETTER_NO, inquiry.letter_no if inquiry else ""),
                day(asked.SENT_ON, inquiry.sent_on if inquiry else None),
                day(asked.REPLIED_ON, inquiry.replied_on if inquiry else None),
                words(asked.FINDING, inquiry.finding if inquiry else ""),
            )
        )
        remove = [row(link("删除这条登记", self._remove, "trash"), ...)] if inquiry else []
        super().__init__(
            page,
            f"{case.name}的政审函调",
            *remove,
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=INQUIRIES,
            draft="development_inquiry",
            about=inquiry.id if inquiry else case.id,
            rev=inquiry.rev if inquiry else None,
        )

    def submit(self) -> None:
        """Keep it."""
        if not self.readable():
            return
        case_id, inquiry_id, rev = self._case.id, self._inquiry.id if self._inquiry else "", self.rev
        values = self.fields.changed() if inquiry_id else self.fields.values()
        self.keep(lambda: self._service.save_inquiry(case_id, values, inquiry_id, rev), "已保存。")

    def _remove(self) -> None:
        if self._inquiry is not None:
            case_id, inquiry_id = self._case.id, self._inquiry.id
            self.keep(lambda: self._service.remove_part(case_id, inquiry_id), "已删除。")
