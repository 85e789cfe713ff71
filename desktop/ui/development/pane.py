"""The step in view: the rule, the arithmetic drawn, what is wrong, papers, people, the clause."""

from functools import partial
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.development import HelperRole, StepState
from desktop.services.development.clause import ClauseFact
from desktop.services.development.examine import NeededPaper, StepView
from desktop.services.development.rows import CaseRow, HelperRow, InquiryRow, PaperRow
from desktop.services.development.windows import CONTACTS, CULTIVATE, INTRODUCERS, PROBATION, REVIEW
from desktop.ui.development.fields import HELPERS, INQUIRIES, PAPERS, STEPS
from desktop.ui.development.forms import HelperDialog, InquiryDialog, OpinionDialog, PaperDialog
from desktop.ui.development.parts import DayStrip, SpanBar
from desktop.ui.widgets import Chip, Glyph, Item, RowButton, appear, banner, box, button, col, link, row, text
from desktop.ui.widgets.pane import fact, heading

if TYPE_CHECKING:
    from desktop.ui.development.page import DevelopmentPage

STATE_TONES = {
    StepState.DONE: "good",
    StepState.WARNED: "part",
    StepState.BREACH: "bad",
    StepState.MISSING: "bad",
    StepState.SKIPPED: "part",
    StepState.NEXT: "run",
    StepState.AHEAD: "none",
}
REVIEWS = "activist_review"


def short(view: StepView) -> str:
    """Return the state of a step in a few letters, for a chip."""
    there, needed = view.on_file
    if view.state is StepState.BREACH:
        return "不符"
    if view.state is StepState.NEXT and view.breach:
        return "超期"
    if view.state is StepState.DONE and there < needed:
        return f"缺 {needed - there} 份"
    return view.state.label


def tone(view: StepView) -> str:
    """Return the tone of that chip."""
    there, needed = view.on_file
    if view.state is StepState.NEXT and view.breach:
        return "bad"
    return "part" if view.state is StepState.DONE and there < needed else STATE_TONES[view.state]


def show_step(page: "DevelopmentPage", case: CaseRow, view: StepView, clauses: tuple[ClauseFact, ...] = ()) -> None:
    """Show a step of a case in the pane; what is known of its clause is unfolded by 看条文."""
    pane, typed = page.pane, case.step(view.step.no)
    pane.show_head(view.step.name, f"第 {view.step.no} 步", short(view), tone(view))
    body: list[Item] = [heading("怎么算"), text(_rule(view), wrap=True)]
    for made in view.sums:
        body.append(text(made.words + ("（暂算，没有当年的放假安排）" if made.provisional else ""), "sub", wrap=True))
        body.append(DayStrip(made) if made.days else SpanBar(made, page.desk.store.today))
    for problem in view.problems:
        kind, icon = ("bad", "alert-circle") if problem.breach else ("part", "alert-triangle")
        body.append(banner(kind, icon, problem.what, problem.advice))
    if typed.opinion:
        body += [heading("处理意见"), text(f"{typed.opinion_on or ''} {typed.opinion}".strip(), wrap=True)]
    body += _typed(case, view)
    body += _people(page, case, view)
    body += _papers(page, case, view)
    body += _clause(view, clauses)
    pane.show_body(*body)
    pane.show_foot(*_foot(page, case, view), ..., text(f"经办 {typed.handler}" if typed.handler else "", "sub"))


def _clause(view: StepView, clauses: tuple[ClauseFact, ...]) -> list[Item]:
    """Return the clause, and folded below it all that the rules data know of it."""
    note = text("条文全文不在程序里，以正式印发的文本为准。", "small", wrap=True)
    known = box(col(*(fact(each.name, each.value, 44) for each in clauses), note, gap=4))
    appear(known, False)
    show = link("看条文", None)

    def turn() -> None:
        shown = known.isHidden()
        appear(known, shown)
        show.setText("收起" if shown else "看条文")

    show.clicked.connect(lambda _checked=False: turn())
    show.setAccessibleName("看条文")
    return [heading("依据", show), text(view.clause, "sub", wrap=True), known]


def _rule(view: StepView) -> str:
    limit = view.step.limit or "没有期限"
    return f"{limit}。{view.step.decides}。" if view.step.decides else f"{limit}。"


def _typed(case: CaseRow, view: StepView) -> list[Item]:
    typed = case.step(view.step.no)
    told = [
        ("办理日期", str(typed.done_on or "")),
        ("上级同意", str(typed.consent_on or "")),
        ("起止", f"{typed.from_on or '—'} 至 {typed.to_on or '—'}" if typed.from_on or typed.to_on else ""),
        ("天数学时", "，".join(f"{n} {u}" for n, u in ((typed.days, "天"), (typed.hours, "学时")) if n is not None)),
        ("决定机关", typed.decided_by),
        ("文号", typed.document_no),
        ("结果", typed.result),
    ]
    lines: list[Item] = [fact(name, value) for name, value in told if value]
    return [heading("登记的内容"), *lines] if lines else []


def _people(page: "DevelopmentPage", case: CaseRow, view: StepView) -> list[Item]:
    no = view.step.no
    roles = {CONTACTS: HelperRole.CONTACT, INTRODUCERS: HelperRole.INTRODUCER}
    if no in roles:
        role = roles[no]
        add = page.desk.offered(HELPERS, link("登记", lambda: HelperDialog(page, case, role).open(), "plus"))
        add.setAccessibleName(f"登记{role.label}")
        lines: list[Item] = [heading(role.label, add)]
        for helper in (each for each in case.helpers if each.role is role):
            until = f"，到 {helper.to_on}" if helper.to_on else ""
            words = f"{helper.from_on or '没写哪天'} 起{until}"
            opened = partial(_open_helper, page, case, role, helper)
            lines.append(RowButton(helper.name, row(text(helper.name), ..., text(words, "sub")), opened))
        return lines
    if no == REVIEW:
        add = page.desk.offered(INQUIRIES, link("加一件", lambda: InquiryDialog(page, case).open(), "plus"))
        lines = [heading("函调", add)]
        for inquiry in case.inquiries:
            state = "不必函调" if inquiry.waived else f"{inquiry.replied_on} 回函" if inquiry.replied_on else "没有回函"
            name = f"{inquiry.relation} {inquiry.name}".strip()
            kind = "sub" if inquiry.waived or inquiry.replied_on else "part"
            opened = partial(_open_inquiry, page, case, inquiry)
            lines.append(RowButton(name, row(text(name), ..., text(state, kind)), opened))
        letter = link("打印政审函", lambda: page.print_paper("letter", case), "printer")
        return [*lines, row(page.desk.offered(Act.EXPORT, letter), ...)]
    if no in (CULTIVATE, PROBATION):
        add = page.desk.offered(REVIEWS, link("记一次考察", lambda: page.open_review(case), "plus"))
        lines = [heading(f"考察 {len(case.reviews)} 次", add)]
        for review in case.reviews[-6:]:
            lines.append(fact(review.on.isoformat(), review.finding, 84))
        return lines
    return []


def _open_helper(page: "DevelopmentPage", case: CaseRow, role: HelperRole, helper: HelperRow) -> None:
    HelperDialog(page, case, role, helper).open()


def _open_inquiry(page: "DevelopmentPage", case: CaseRow, inquiry: InquiryRow) -> None:
    InquiryDialog(page, case, inquiry).open()


def _papers(page: "DevelopmentPage", case: CaseRow, view: StepView) -> list[Item]:
    there, needed = view.on_file
    add = page.desk.offered(PAPERS, link("加一份", lambda: PaperDialog(page, case, view).open(), "plus"))
    lines: list[Item] = [heading(f"材料 {there} / {needed}", add)]
    rows = [paper for paper in case.papers if paper.step_no == view.step.no]
    for wanted in view.papers:
        own = [paper for paper in rows if wanted.name == paper.name or _means(view, wanted, paper)]
        lines += [_paper(page, case, view, paper, official=wanted.official) for paper in own]
        if not own and (wanted.needed or wanted.official):
            lines.append(_lacking(page, case, view, wanted))
    return lines


def _means(view: StepView, wanted: NeededPaper, paper: PaperRow) -> bool:
    known = view.step.paper(paper.name)
    return known is not None and known.name == wanted.name


def _paper(page: "DevelopmentPage", case: CaseRow, view: StepView, paper: PaperRow, *, official: bool) -> Item:
    words = f"{paper.dated_on:%m-%d}" if paper.dated_on else ""
    count = Chip(f"附件 {paper.attachments}", "none") if paper.attachments else None
    return RowButton(
        paper.name,
        row(
            Glyph("paperclip", size=16),
            (text(paper.name + ("（中组部制发）" if official else "")), 1),
            count,
            text(words, "sub"),
            gap=6,
        ),
        lambda: page.open_paper(case, view, paper),
    )


def _lacking(page: "DevelopmentPage", case: CaseRow, view: StepView, wanted: NeededPaper) -> Item:
    add = page.desk.offered(PAPERS, link("登记", lambda: PaperDialog(page, case, view, None, wanted.name).open()))
    add.setAccessibleName(f"登记{wanted.name}")
    late = "part" if view.done_on else "sub"
    official = "（中组部制发）" if wanted.official else ""
    return row(Glyph("file-text", size=16), (text(f"还没有{wanted.name}{official}", late), 1), add, gap=6)


def _foot(page: "DevelopmentPage", case: CaseRow, view: StepView) -> list[Item]:
    record = page.desk.offered(
        STEPS,
        button("登记办理" if view.done_on is None else "修改", lambda: page.record(view.step.no), "", "pencil"),
    )
    if view.breach and view.state in (StepState.BREACH, StepState.MISSING) and view.done_on:
        opinion = button("登记处理意见", lambda: OpinionDialog(page, case, view).open(), "primary", "pencil")
        return [page.desk.offered(STEPS, opinion), record]
    return [record]
