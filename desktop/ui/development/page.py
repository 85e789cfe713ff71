"""党员 > 发展党员: the cases by stage, the 25 steps of one, and the step in view with its arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import GroupState
from desktop.models.vocabulary.development import CaseState, HelperRole, StepState
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.branches import BranchService
from desktop.services.development.becoming import Becoming, Proposal
from desktop.services.development.clause import ClauseFact, clause_facts
from desktop.services.development.congress import congress_plan, ready_alike
from desktop.services.development.examine import StepView
from desktop.services.development.papers import papers
from desktop.services.development.rows import CaseRow, PaperRow
from desktop.services.development.rules import DevelopmentStage
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import CONFIRM, CONGRESS, CONTACTS, INTRODUCERS
from desktop.services.meetings import MeetingDrafts, MeetingService, UnfinishedMeeting
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.development.cases import CaseList, place_of
from desktop.ui.development.fields import CASES, PAPERS
from desktop.ui.development.forms import ApplicantDialog, PaperDialog, StepDialog
from desktop.ui.development.menus import TITLE, offer_more, offer_prints
from desktop.ui.development.pane import REVIEWS, short, show_step, tone
from desktop.ui.development.parts import StageStrip
from desktop.ui.development.whole import AdmitDialog, ConfirmDialog, RulesDialog
from desktop.ui.intake.arrivals import Arrivals
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import print_document
from desktop.ui.page import Desk, Page, RowOf
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import (
    Chip,
    Elided,
    EmptyState,
    appear,
    banner,
    box,
    button,
    clear,
    col,
    link,
    offer_below,
    row,
    text,
)
from desktop.ui.widgets.buttons import passing_menu
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import Turning, add
from desktop.ui.widgets.pane import DetailPane, ListWithPane

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules

SOON = 30
ROOM_FOR_PANE = 900
BETWEEN, WHOLE = " — ", 13
"""Between two days, and so many letters of them stand in one line."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page reads at once."""

    cases: list[CaseRow]
    ended: list[CaseRow]
    stages: tuple[DevelopmentStage, ...]
    editions: dict[str, str]
    proposals: dict[str, Proposal]
    law: "PartyRules"


def _window(view: StepView, year: int) -> str:
    """Return earliest and latest; the year only where it is not this one."""
    first, last = view.earliest, view.latest
    if view.done_on and not view.problems and last is None:
        return "—"
    if first and last:
        return f"{_day(first, year)}{BETWEEN}{_day(last, year)}"
    if last:
        return f"{_day(last, year)} 前"
    return f"{_day(first, year)} 起" if first else "—"


def _day(on: date | None, year: int) -> str:
    if on is None:
        return "—"
    return f"{on:%m-%d}" if on.year == year else f"{on:%y-%m-%d}"


def _papers(view: StepView) -> Txt:
    there, needed = view.on_file
    return Txt(f"{there} / {needed}" if needed else "—", "part" if view.done_on and there < needed else "", px=13)


class DevelopmentPage(Page):
    """发展党员."""

    title = TITLE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.becoming = desk.service(DevelopmentService), desk.service(Becoming)
        self.case: CaseRow | None = None
        self.no = 0
        self._wanted, self._wanted_no, self._past = "", 0, False
        self._got: _Read | None = None
        self._build_bar()
        self.choice = Choice("发展党员", [], width=220)
        self.choice.currentIndexChanged.connect(lambda _index: self.show_case(str(self.choice.value() or "")))
        self.list = CaseList(desk.store.today)
        self.list.chosen.connect(self.show_case)
        self.list.turned.connect(self._turn)
        self._head, self._over, self.strip = row(gap=8, pad=(0, 0, 10, 0)), col(gap=0), StageStrip()
        self._rules = row(gap=8, pad=(0, 0, 10, 0))
        self.table: DataTable[StepView] = DataTable(
            self._columns(), "发展党员的步骤", height=44, look="clear", sortable=False
        )
        top = col(box(self._head), box(self._rules), gap=0)
        strip = row((self.strip, 1), pad=(0, 0, 10, 0))
        middle = box(col(top, strip, self._over, (self.table, 1), gap=8, pad=(14, 12, 4, 4)), "card")
        self.pane = DetailPane("这一步")
        self.split = ListWithPane(middle, self.pane, self.list, self.choice)
        self.empty = EmptyState(
            "user-plus",
            "还没有入党申请人。",
            "收到申请书就登记，后面每一步的期限和材料都算好；有名单的直接导入。",
            "新申请人",
            self.new,
        )
        desk.offered(CASES, self.empty)
        self._stack = Turning()
        self._stack.addWidget(self.split)
        self._stack.addWidget(box(col(self.empty), "card"))
        self.setLayout(col(self._stack, pad=(24, 14, 24, 16)))
        self.strip.chosen.connect(self.show_step)
        self.table.picked.connect(lambda view: self.show_step(view.step.no))
        self.table.opened.connect(lambda view: self.record(view.step.no))
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self._unpicked)
        Arrivals(self, self.import_button, self.open_import)

    def bar_actions(self) -> Sequence[QWidget]:
        """What concerns the case in view, and a new applicant."""
        return (self.more_button, self.import_button, self.print_button, self.new_button, self.congress_button)

    def reload(self) -> None:
        """Read the cases and the rules."""

        def work() -> _Read:
            law = self.service.law()
            cases, ended = self.service.cases(), self.service.cases(ended=True)
            found = {row.id: self.becoming.proposal(row) for row in cases}
            return _Read(
                cases,
                ended,
                law.development_stages,
                {rules.id: rules.name for rules in law.development.values()},
                {case_id: proposal for case_id, proposal in found.items() if proposal is not None},
                law,
            )

        self.read(work, self._loaded)

    def go(self, where: dict[str, Any]) -> None:
        """Show a case, a step of it, the form of a new applicant, or the import."""
        if where.get("kind") == "import":
            self.open_import()
        elif where.get("new"):
            self.new()
        self._wanted = str(where.get("record") or self._wanted)
        step = str((where.get("prefill") or {}).get("step") or "")
        self._wanted_no = int(step) if step.isdigit() else 0
        if self._got is not None:
            self._loaded(self._got)

    # actions

    def new(self) -> None:
        """Ask for a new applicant."""
        self.read(self.service.people, lambda people: ApplicantDialog(self, people).open())

    def open_import(self, source: Path | str | None = None) -> None:
        """Begin the import of a list of admissions."""
        self.desk.push(IntakePage(self.desk, "development_case", TITLE, source=source))

    def show_case(self, case_id: str) -> None:
        """Show one case, at the step that matters."""
        found = next((row for row in self._rows() if row.id == case_id), None)
        if found is None or (self.case is not None and found.id == self.case.id):
            return
        self.table.clear_selection()  # the same step of somebody else is not what was asked for
        self.case, self.no = found, 0
        self.choice.set_value(case_id)
        self._list_cases()
        self._show()

    def show_step(self, no: int) -> None:
        """Show one step in the pane."""
        if self.case is None:
            return
        self.no = no
        self.strip.stand_at(no)
        current = self.table.current()
        if current is None or current.step.no != no:
            self.table.select(lambda view: view.step.no == no)
            self.table.view.scrollTo(self.table.view.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
        show_step(self, self.case, self.case.view.step(no), self.clauses(no))
        self.split.open_pane()

    def clauses(self, no: int) -> tuple[ClauseFact, ...]:
        """Return what is known of the clause of a step of the case in view."""
        if self.case is None or self._got is None:
            return ()
        return clause_facts(self.case.view.step(no), self._got.law)

    def record(self, no: int) -> None:
        """Ask what was done in a step."""
        case = self.case
        if case is None:
            return
        view = case.view.step(no)
        if no not in (CONGRESS, CONFIRM):
            StepDialog(self, case, view, ()).open()
            return

        def meetings() -> list[tuple[str, str]]:
            year = (view.done_on or self.desk.store.today).year
            found = self.desk.service(MeetingService).meetings(year, kind=MeetingKind.BRANCH_CONGRESS)
            return [(meeting.id, f"{meeting.held_on} {meeting.topic}"[:40]) for meeting in found]

        self.read(meetings, lambda found: StepDialog(self, case, view, found).open())

    def open_paper(self, case: CaseRow, view: StepView, paper: PaperRow) -> None:
        """Offer to change a paper, or to look at its files."""
        menu = passing_menu(self)
        files = menu.addAction("附件")
        title = f"{paper.name}的附件"
        files.triggered.connect(lambda: AttachmentsDialog(self, title, PAPERS, paper.id, needs=PAPERS).open())
        if self.desk.may_write(PAPERS):
            menu.addAction("修改登记").triggered.connect(lambda: PaperDialog(self, case, view, paper).open())
        menu.popup(self.cursor().pos())

    def open_review(self, case: CaseRow) -> None:
        """Open the form of a half-yearly review of this person."""
        self.desk.open("members", "learning", kind=REVIEWS, new=True, prefill={"activist": case.person_id})

    def plan_congress(self) -> None:
        """Open a new congress about the case in view; with an open breach it asks first.

        Others who wait for the same congress can be taken along.
        """
        case, got = self.case, self._got
        if case is None or got is None:
            return
        alike = ready_alike(case, got.cases)
        if case.view.breaches:
            first = case.view.breaches[0]
            words = f"{case.name}第{first.no}步：{first.what}。先请示上级党委，还是照样安排？"
            confirm(
                self, "还有不符的地方，现在就开大会？", words, "照样安排", lambda: self._plan(case), destructive=True
            )
        elif alike:
            menu = passing_menu(self)
            menu.addAction(f"只讨论{case.name}").triggered.connect(lambda: self._plan(case))
            names = "、".join(each.name for each in alike)
            menu.addAction(f"和{names}一次大会，逐人讨论").triggered.connect(lambda: self._plan(case, alike))
            offer_below(self.congress_button, menu)
        else:
            self._plan(case)

    def print_paper(self, what: str, case: CaseRow | None = None) -> None:
        """Write one of the papers of the case in view as a PDF."""
        case = case or self.case
        if case is None:
            return
        print_document(
            self, f"{case.name}{papers()[what].title}", lambda documents, path: documents.admission(case.id, what, path)
        )

    # inside

    def _plan(self, case: CaseRow, alike: Sequence[CaseRow] = ()) -> None:
        kind, store = MeetingKind.BRANCH_CONGRESS, self.desk.store

        def show(unfinished: UnfinishedMeeting | None) -> None:
            self.desk.open("meetings", "list", kind=kind.value, new=True, prefill=congress_plan(case, alike))
            if unfinished is not None:
                self.desk.say(f"还有一份没写完的{kind.label}，先接着它；点“放弃草稿”，这次的议题和议程就带出来。")

        self.read(lambda: MeetingDrafts(store).find(kind), show)

    def _build_bar(self) -> None:
        desk = self.desk
        self.more_button = button("更多", lambda: offer_more(self))
        self.import_button = desk.offered(CASES, button("导入", lambda: self.open_import(), "", "table-import"))
        self.print_button = desk.offered(Act.EXPORT, button("打印", lambda: offer_prints(self), "", "printer"))
        self.new_button = desk.offered(CASES, button("新申请人", self.new, "", "user-plus"))
        self.congress_button = desk.offered(
            RowOf("meetings", kind=MeetingKind.BRANCH_CONGRESS.value),
            button("安排党员大会", self.plan_congress, "primary", "calendar-event"),
        )

    def remove(self, case: CaseRow) -> None:
        """Put a case into the recycle bin; it can be taken back at once."""
        self.act(
            lambda: self.service.remove(case.id),
            f"已删除{case.name}的发展党员记录。",
            undo=lambda: self.act(lambda: self.service.restore(case.id), "已恢复。"),
        )

    def _turn(self) -> None:
        self._past = not self._past
        self.case = None
        if self._got is not None:
            self._loaded(self._got)

    def _unpicked(self) -> None:
        self.table.clear_selection()
        self.no = 0
        self.strip.stand_at(0)

    def _list_cases(self) -> None:
        got = self._got
        if got is not None:
            others = len(got.cases) if self._past else len(got.ended)
            here = self.case.id if self.case else ""
            self.list.show_cases(self._rows(), got.stages, here, past=self._past, others=others)

    def _rows(self) -> list[CaseRow]:
        if self._got is None:
            return []
        return self._got.ended if self._past else self._got.cases

    def _loaded(self, got: _Read) -> None:
        self._got = got
        if self._wanted and any(row.id == self._wanted for row in got.ended):
            self._past = True
        if not got.ended:
            self._past = False
        if not got.cases and got.ended and not self._past:
            self._past = True
        rows, before = self._rows(), self.case.id if self.case else ""
        self._stack.setCurrentIndex(0 if rows else 1)
        keep = self._wanted or (self.case.id if self.case else "")
        self.case = next((row for row in rows if row.id == keep), None) or next(
            iter(sorted(rows, key=lambda row: (not row.view.breaches, row.view.due or date.max))), None
        )
        if self.case is not None and self.case.id != before:
            self.table.clear_selection()  # the same step of somebody else is not what was asked for
            self.no = 0
        if self._wanted and self.case is not None and self.case.id == self._wanted:
            self.no, self._wanted = self._wanted_no, ""
        self.choice.set_options([(row.id, f"{row.name}  {place_of(row)}") for row in rows], self.case and self.case.id)
        self._list_cases()
        for part in (self.print_button, self.congress_button):
            appear(part, bool(rows))
        self._show()

    def _show(self) -> None:
        case, got = self.case, self._got
        clear(self._head)
        clear(self._over)
        clear(self._rules)
        if case is None or got is None:
            return
        stage = next((each.short for each in got.stages if each.id == case.view.stage), "")
        age = case.age(self.desk.store.today)
        applied = case.view.case.steps.get(1)
        facts = "，".join(
            filter(
                None,
                (case.job_title or case.unit, f"{age} 岁" if age else "", f"{applied} 申请" if applied else ""),
            )
        )
        used = [case.ruleset] if case.ruleset else list(case.view.rulesets)
        names = "、".join(got.editions.get(name, name) for name in used)
        change = self.desk.offered(
            CASES, link("改", lambda: RulesDialog(self, case, list(got.editions.items())).open())
        )
        change.setAccessibleName("改适用的细则")
        add(self._head, text(case.name, "h2"))
        add(self._head, Chip(stage if case.state is CaseState.OPEN else case.state.label, "wait"))
        add(self._head, (Elided(facts, "sub"), 1))
        add(self._rules, (Elided(names, "small"), 1))
        add(self._rules, change)
        self._show_proposal(case, got)
        self.strip.show_case(case.view, got.stages)
        self.table.set_rows(case.view.steps, same=lambda view: view.step.no)
        self.strip.stand_at(self.no)
        if self.no or self.width() > ROOM_FOR_PANE or not self.pane.isHidden():
            self.show_step(self.no or self._first(case))

    def _first(self, case: CaseRow) -> int:
        """Return the step that matters: the first breach, else what comes next."""
        if case.view.breaches:
            return case.view.breaches[0].no
        return case.view.next.step.no if case.view.next else case.view.steps[-1].step.no

    def _show_proposal(self, case: CaseRow, got: _Read) -> None:
        proposal = got.proposals.get(case.id)
        if case.state is not CaseState.OPEN and case.state_reason:
            add(self._over, banner("wait", "info-circle", f"{case.state.label}：{case.state_reason}"))
        if proposal is None:
            return
        verb = {"admit": "列入名册", "link": "关联", "confirm": "转正"}[proposal.what]
        needs = CASES if proposal.what == "link" else "members"
        part = self.desk.offered(needs, button(verb, lambda: self._ask(case, proposal), "small"))
        add(self._over, banner("good", "user-plus", proposal.words, "", part))

    def _ask(self, case: CaseRow, proposal: Proposal) -> None:
        if proposal.what == "link":
            self.act(lambda: self.becoming.link(case.id, proposal.member_id), f"已关联名册上的{case.name}。")
            return
        if proposal.what == "confirm":
            ConfirmDialog(self, case, proposal).open()
            return

        def groups() -> list[tuple[str, str]]:
            found = self.desk.service(BranchService).groups()
            return [(group.id, group.name) for group in found if group.state is GroupState.ACTIVE]

        self.read(groups, lambda found: AdmitDialog(self, case, proposal, found).open())

    def _columns(self) -> tuple[Column[StepView], ...]:
        year = self.desk.store.today.year

        def done(view: StepView) -> Txt:
            return Txt(_day(view.done_on, year), px=13)

        def window(view: StepView) -> Txt | Two:
            words = _window(view, year)
            first, _, last = words.partition(BETWEEN)
            return Two(f"{first} —", last) if len(words) > WHOLE else Txt(words, px=13)

        return (
            Column("步", lambda view: view.step.no, width=36, tone="sub"),
            Column("做什么", lambda view: view.step.name, cell=self._what),
            Column("最早 — 最晚", lambda view: _window(view, year), cell=window, width=112, fold=430),
            Column("实际", lambda view: view.done_on, cell=done, width=78),
            Column("材料", lambda view: _papers(view).text, cell=_papers, width=54, fold=380),
            Column("状态", short, cell=lambda view: Tag(short(view), tone(view)), width=74),
        )

    def _what(self, view: StepView) -> Two:
        case = self.case
        if view.breach:
            return Two(view.step.name, view.breach, "bad")
        if view.warning:
            return Two(view.step.name, view.warning, "part")
        roles = {CONTACTS: HelperRole.CONTACT, INTRODUCERS: HelperRole.INTRODUCER}
        if case is not None and view.step.no in roles:
            names = "、".join(helper.name for helper in case.having(roles[view.step.no]))
            if names:
                return Two(view.step.name, names)
        if view.state is StepState.NEXT and view.latest is not None:
            days = (view.latest - self.desk.store.today).days
            return Two(
                view.step.name, f"还有 {days} 天" if days >= 0 else f"过了 {-days} 天", "sub" if days >= 0 else "bad"
            )
        return Two(view.step.name, view.step.limit)
