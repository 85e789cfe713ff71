"""班子和职务 > 换届选举: the steps at the left, what is in view in the middle, the rules of the count at the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import cast

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, Post
from desktop.models.vocabulary.elections import ElectionKind
from desktop.services.branches import BranchService
from desktop.services.election.deeds import BEGIN, HAND_OVER, REFILL, REPEAT, RUNOFF, SETTLE, next_deed
from desktop.services.election.law import course
from desktop.services.election.papers import ElectionPaper, papers, set_of
from desktop.services.election.rows import ElectionRow, Mend, NextDeed, RoundRow
from desktop.services.election.service import ElectionService
from desktop.services.election.settling import Settling
from desktop.services.members import MemberService
from desktop.services.ordinals import in_words
from desktop.ui.attachments import AttachmentsPanel
from desktop.ui.election.candidates import CandidatesPanel
from desktop.ui.election.counting import CountPanel, open_checks
from desktop.ui.election.forms import (
    ELECTIONS,
    CorrectionDialog,
    ElectionDialog,
    HandOverDialog,
    PeopleDialog,
    WrittenInDialog,
)
from desktop.ui.election.menus import offer_more
from desktop.ui.election.plan import PlanPanel
from desktop.ui.election.progress import RuleList, StepList, when
from desktop.ui.output import print_document
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import (
    Chip,
    Elided,
    EmptyState,
    box,
    button,
    clear,
    col,
    fixed,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.dialogs import confirm
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import Turning, add, appear

STEPS_WIDTH, RULES_WIDTH = 268, 324
BESIDE_FROM = 1060
PLAN, CANDIDATES, COUNT, RULES, PAPERS = "日程", "候选人", "计票", "规则", "材料"


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page reads at once."""

    elections: list[ElectionRow]
    coming: tuple[int, date, str | None] | None
    starts_on: date | None
    people: list[tuple[str, str]]
    secretary: str
    usual_seats: int


class ElectionPage(Page):
    """换届选举."""

    title = "换届选举"

    def __init__(self, desk: Desk, wanted: str = "", step: str = "", begin: ElectionKind | None = None) -> None:
        super().__init__(desk)
        self.service, self.settling = desk.service(ElectionService), desk.service(Settling)
        self.election: ElectionRow | None = None
        self.coming: tuple[int, date, str | None] | None = None
        self.people: list[tuple[str, str]] = []
        self.secretary, self.superior = "", ""
        self.step = step
        self._wanted, self._begin, self._beside = wanted, begin, True
        self._usual_seats, self._got = 0, False
        self._all: list[ElectionRow] = []
        self._live: RoundRow | None = None
        self._build()

    # what the window asks

    def subtitle(self) -> str:
        """Return which committee it is about."""
        row = self.election
        return f"第{in_words(row.term_no)}届支部委员会" if row is not None and row.term_no < 100 else ""

    def tabs(self) -> Sequence[str]:
        """Return the tabs; the rules are one of their own where the window is narrow."""
        if self.election is None:
            return ()
        names = [PLAN, CANDIDATES, COUNT]
        if not self._beside:
            waiting = open_checks(self._live.count if self._live is not None else None)
            names.append(f"{RULES} {waiting}" if waiting else RULES)
        return (*names, f"{PAPERS} {len(papers())}")

    def show_tab(self, index: int) -> None:
        """Show one of the tabs."""
        names = self.tabs()
        if 0 <= index < len(names):
            self.tab = index
            self._place()
            self.head_changed.emit()

    def bar_actions(self) -> Sequence[QWidget]:
        """What concerns the election as a whole."""
        return (self.more_button, self.ballots_button, self.tally_button)

    def reload(self) -> None:
        """Read the elections, who may stand, and when the next one is due."""

        def work() -> _Read:
            posts = self.desk.service(BranchService).posts()
            members = self.desk.service(MemberService).roster()
            full = [each for each in members if each.category is MemberCategory.FULL_MEMBER]
            return _Read(
                self.service.elections(),
                self.service.coming(),
                self.service.starts_on(),
                [(each.id, each.name) for each in full],
                next((held.member for held in posts if held.post is Post.SECRETARY), ""),
                self.service.usual_seats(),
            )

        self.read(work, self._loaded)

    # actions

    def usual_seats(self, *, by: bool) -> int:
        """Return how many seats are proposed: those of a committee, one to fill a place."""
        return 1 if by else self._usual_seats

    def show_election(self, election_id: str) -> None:
        """Show one election."""
        self._wanted = election_id
        self.reload()

    def begin(self, kind: ElectionKind = ElectionKind.FULL) -> None:
        """Ask what the new election is."""
        ElectionDialog(self, None, kind).open()

    def show_step(self, step: str) -> None:
        """Show one step in the first tab."""
        self.step = step
        self.show_tab(0)
        self._show_steps()

    def ask_written_in(self) -> None:
        """Ask who else was named on ballots."""
        if self.election is not None:
            WrittenInDialog(self, self.election).open()

    def show_result(self, live: RoundRow | None) -> None:
        """Show what the numbers in view come to, and the next deed."""
        before = open_checks(self._live.count if self._live is not None else None)
        self._live = live
        checks = live.count.checks if live is not None else ()
        self.rules.show_checks(checks)
        waiting = open_checks(live.count if live is not None else None)
        self.rules_chip.show_state(f"{waiting} 条要处理" if waiting else "", "part")
        self._show_deed()
        if waiting != before and not self._beside:
            self.head_changed.emit()

    def save_numbers(self, then: Callable[[], object] | None = None) -> None:
        """Keep the numbers in view."""
        election, round_ = self.election, self.counting.round
        if election is None or round_ is None:
            return
        values, tallies = self.counting.values(), self.counting.tallies()
        drafting = self.counting.drafting
        self.act(
            lambda: self.service.save_round(election.id, round_.id, values, tallies, round_.rev),
            "" if then else "票数已保存。",
            then=(lambda _none: then()) if then else None,
            drafts=[drafting] if drafting is not None else [],
        )

    def do_next(self) -> None:
        """Do the one thing that is next; what was typed is kept first."""
        deed = self._deed()
        if deed is None or deed.why_not:
            return
        if self.counting.dirty:
            self.save_numbers(lambda: self._do(deed))
        else:
            self._do(deed)

    def print_paper(self, paper: ElectionPaper, *, small: bool = False) -> None:
        """Write one paper of the election in view as a PDF; a ballot on A5 if `small`."""
        row = self.election
        if row is not None:
            title = f"{paper.title}（A5）" if small else paper.title
            print_document(self, title, lambda documents, path: documents.election(row.id, paper.id, path, small=small))

    # inside

    def _do(self, deed: NextDeed) -> None:
        row = self.election
        if row is None:
            return
        if deed.deed == HAND_OVER:
            HandOverDialog(self, row).open()
        elif deed.deed == SETTLE:
            words = "定下以后票数和结果不能再改，只能补一条更正。"
            confirm(self, "定下这次选举的结果？", words, "定下结果", self._settle)
        elif deed.deed in (BEGIN, RUNOFF, REFILL, REPEAT):
            self.act(lambda: self.service.begin_round(row.id), "", then=self._open_round)

    def _open_round(self, round_id: str) -> None:
        self.counting.open_round(round_id)
        self.open_tab(COUNT)

    def _settle(self) -> None:
        row = self.election
        if row is not None:
            self.act(lambda: self.settling.settle(row.id), "结果已定下。")

    def _build(self) -> None:
        desk = self.desk
        self.more_button = button("更多", self._offer_more)
        self.ballots_button = desk.offered(Act.EXPORT, button("打印选票", lambda: self._print("ballot"), "", "printer"))
        self.tally_button = desk.offered(Act.EXPORT, button("打印计票单", lambda: self._print("tally"), "", "printer"))
        self.steps = StepList()
        self.steps.chosen.connect(self.show_step)
        self.ends = text("", "small", "sub")
        self.all_link = desk.offered(Act.EXPORT, link("打印换届材料", self._print_all, "printer"))
        head = row(text("进程", "h2"), ..., self.ends, pad=(12, 12, 12, 0))
        foot = row(self.all_link, ..., pad=(12, 8, 12, 10))
        self.left = fixed(box(col(head, (scroll(box(col(self.steps))), 1), rule(), foot, gap=6), "card"), STEPS_WIDTH)
        self.step_choice = Choice("步骤", [], width=0)
        self.step_choice.activated.connect(lambda _at: self.show_step(str(self.step_choice.value() or "")))
        self.counting = CountPanel(self)
        self.rules = RuleList()
        self.rules_chip = Chip("")
        self.clause = Elided("", "small", "sub")
        self.deed_button = desk.offered(ELECTIONS, button("", self.do_next, "primary"))
        self.why = link("", self._open_why)
        self.save_button = desk.offered(ELECTIONS, button("保存票数", self.save_numbers))
        rules_head = row(text("规则，随票数变", "h2"), ..., self.rules_chip, pad=(16, 12, 12, 0))
        self._foot = box(row(self.why, ..., self.save_button, self.deed_button, gap=8))
        self._rules_foot = col(self.clause, gap=6, pad=(16, 8, 16, 14))
        rules_body = box(col(self.rules, pad=(16, 0, 4, 0)))
        self.right = box(col(rules_head, (scroll(rules_body), 1), rule(), self._rules_foot, gap=6), "card")
        self.plan, self.candidates, self._papers = PlanPanel(self), CandidatesPanel(self), col(gap=4)
        self._count_foot = row(gap=8)
        count = col((self.counting, 1), rule(), box(self._count_foot), gap=6, pad=(16, 12, 12, 10))
        self.middle = Turning()
        for part in (
            self.plan,
            self.candidates,
            box(count),
            scroll(box(col(self._papers, ..., pad=(16, 12, 12, 12)))),
        ):
            self.middle.addWidget(part)
        self._below = col(pad=(16, 8, 12, 10))
        self._bar = box(col(rule(), self._below))
        self.centre = box(col((self.middle, 1), self._bar), "card")
        self._row = row(self.left, (self.centre, 1), self.right, gap=12)
        body = box(col(self.step_choice, (self._row, 1), gap=8))
        self.empty = EmptyState(
            "sitemap", "还没有换届选举。", f"届满前 {course().remind_months} 个月提醒。", "提前开始", self.begin
        )
        desk.offered(ELECTIONS, self.empty)
        self._stack = Turning()
        self._stack.addWidget(body)
        self._stack.addWidget(box(col(self.empty), "card"))
        self.setLayout(col(self._stack, pad=(24, 14, 24, 16)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BESIDE_FROM
        if beside is not self._beside:
            name = self._tab_name()
            self._beside = beside
            self.open_tab(name)

    def _tab_name(self) -> str:
        names = self.tabs()
        return names[min(self.tab, len(names) - 1)].partition(" ")[0] if names else PLAN

    def open_tab(self, name: str) -> None:
        """Show the tab of this name."""
        names = [each.partition(" ")[0] for each in self.tabs()]
        self.show_tab(names.index(name) if name in names else names.index(COUNT) if name == RULES and names else 0)

    def _place(self) -> None:
        name = self._tab_name()
        at = {PLAN: 0, CANDIDATES: 1, COUNT: 2, PAPERS: 3}.get(name, 2)
        self.middle.setCurrentIndex(at)
        rules = name == RULES or (self._beside and name == COUNT)
        self._place_foot(beside_rules=rules)
        appear(self.right, rules)
        appear(self.centre, name != RULES)
        appear(self.left, self._beside)
        appear(self.step_choice, not self._beside)
        if self._beside:
            self.right.setFixedWidth(RULES_WIDTH)
        else:
            self.right.setMinimumWidth(0)
            self.right.setMaximumWidth(16777215)
        for part in (self.ballots_button, self.tally_button, self.more_button):
            appear(part, self.election is not None)

    def _place_foot(self, *, beside_rules: bool) -> None:
        """Put the main button where it is seen: below the rules, else below what is in view."""
        direction = QBoxLayout.Direction.TopToBottom if beside_rules else QBoxLayout.Direction.LeftToRight
        cast(QBoxLayout, self._foot.layout()).setDirection(direction)
        across = QSizePolicy.Policy.Expanding if beside_rules else QSizePolicy.Policy.Preferred
        for part in (self.save_button, self.deed_button):
            part.setSizePolicy(across, part.sizePolicy().verticalPolicy())
        (self._rules_foot if beside_rules else self._below).addWidget(self._foot)
        appear(self._bar, not beside_rules)

    def _loaded(self, got: _Read) -> None:
        first = not self._got
        self._got = True
        self._all, self.coming, self.people = got.elections, got.coming, got.people
        self.secretary, self._usual_seats = got.secretary, got.usual_seats
        self.superior = next((each.superior for each in got.elections if each.superior), "")
        running = next((each for each in got.elections if each.approved_on is None), None)
        chosen = next((each for each in got.elections if each.id == self._wanted), None)
        self.election = chosen or running or next(iter(got.elections), None)
        self._stack.setCurrentIndex(0 if self.election is not None else 1)
        if self.election is None:
            self._show_empty(got)
        else:
            self._show(self.election)
            if first:
                self.open_tab(PLAN if self.step or not self.election.rounds else COUNT)
        self._place()
        self.head_changed.emit()
        if self._begin is not None:
            kind, self._begin = self._begin, None
            if running is None and self.desk.may_write(ELECTIONS):
                self.begin(kind)

    def _show_empty(self, got: _Read) -> None:
        words = "先在“班子和职务”里登记本届的选举日期和届满日期，程序算出什么时候启动。"
        verb = "提前开始"
        if got.coming is not None and got.starts_on is not None:
            no, ends, _ = got.coming
            due = got.starts_on <= self.desk.store.today
            words = f"第 {no - 1} 届 {ends} 届满，{got.starts_on} 起（届满前 {course().remind_months} 个月）准备换届。"
            verb = "开始换届" if due else "提前开始"
        self.empty.say("还没有换届选举。", words)
        if self.empty.button is not None:
            self.empty.button.setText(verb)

    def _show(self, row_: ElectionRow) -> None:
        self.all_link.setText(f"打印换届材料 {len(set_of(row_))} 份")
        self.ends.setText(f"{row_.expires_on} 届满" if row_.expires_on and row_.kind is ElectionKind.FULL else "")
        if not self.step or all(each.id != self.step for each in row_.steps):
            self.step = next((each.id for each in row_.steps if each.done_on is None), row_.steps[-1].id)
        self.clause.set_words(f"{row_.clause}；在用规则 {row_.rules_version}")
        self._show_steps()
        self.candidates.show_election(row_)
        self._show_papers(row_)
        self.counting.show_election(row_)
        self._show_foot(row_)
        self._show_deed()

    def _show_steps(self) -> None:
        row_ = self.election
        if row_ is None:
            return
        today = self.desk.store.today
        self.steps.show_steps(row_.steps, self.step, today)
        options = [
            (each.id, f"{number} {each.name}　{when(each, today)}") for number, each in enumerate(row_.steps, start=1)
        ]
        self.step_choice.set_options(options, self.step)
        self.plan.show_step(row_, self.step)

    def _show_papers(self, row_: ElectionRow) -> None:
        clear(self._papers)
        for paper in papers().values():
            print_ = self.desk.offered(Act.EXPORT, link("打印", partial(self.print_paper, paper), "printer"))
            print_.setAccessibleName(f"打印{paper.title}")
            half = [link("A5", partial(self.print_paper, paper, small=True), "printer")] if paper.is_ballot else []
            for part in half:
                self.desk.offered(Act.EXPORT, part).setAccessibleName(f"用A5打印{paper.title}")
            add(self._papers, row(text(paper.title), (Elided(paper.when, "small", "sub"), 1), *half, print_, gap=10))
        add(self._papers, rule())
        add(self._papers, text("扫描件：批复、选票样张、签到、计票单", "strong"))
        add(self._papers, AttachmentsPanel(self, ELECTIONS, row_.id, append_only=row_.settled))

    def _show_foot(self, row_: ElectionRow) -> None:
        clear(self._count_foot)
        watching = "、".join(row_.tellers) or "还没有定"
        counting = "、".join(row_.counters) or "还没有定"
        add(self._count_foot, (Elided(f"监票 {watching}，计票 {counting}", "sub"), 1))
        if row_.settled:
            part = link("更正", lambda: CorrectionDialog(self, row_).open())
        else:
            part = link("改", lambda: PeopleDialog(self, row_).open())
            part.setAccessibleName("改监票人、计票人")
        add(self._count_foot, self.desk.offered(ELECTIONS, part))

    def _deed(self) -> NextDeed | None:
        """Return the next deed by the numbers in view."""
        row_, live = self.election, self._live
        if row_ is None:
            return None
        if live is None or row_.settled:
            return row_.next
        rounds = tuple(live if each.id == live.id else each for each in row_.rounds)
        return next_deed(replace(row_, rounds=rounds), self.desk.store.today).next

    def _show_deed(self) -> None:
        deed = self._deed()
        if deed is None:
            return
        self.deed_button.setText(deed.verb)
        self.deed_button.setEnabled(not deed.why_not)
        self.deed_button.setToolTip(deed.why_not)
        self.why.setText(deed.why_not)
        appear(self.why, bool(deed.why_not))
        appear(self.save_button, self.counting.dirty and not (self.election and self.election.settled))

    def _open_why(self) -> None:
        """Go to where the reason of the disabled button is mended."""
        deed, row_ = self._deed(), self.election
        if deed is None or row_ is None:
            return
        if deed.mend is Mend.CANDIDATES:
            self.open_tab(CANDIDATES)
        elif deed.mend is Mend.PEOPLE:
            PeopleDialog(self, row_).open()
        elif deed.mend is Mend.STEP:
            self.show_step(deed.step)
        elif deed.mend is Mend.ELECTION:
            ElectionDialog(self, row_).open()

    def _offer_more(self) -> None:
        if self.election is not None:
            offer_more(self, self.election, self._live, self._all)

    def remove(self, row_: ElectionRow) -> None:
        """Take an election away; it can be restored."""
        self._wanted = ""
        self.act(
            lambda: self.service.remove(row_.id),
            f"已删除{row_.title}。",
            undo=lambda: self.act(lambda: self.service.restore(row_.id), "已恢复。"),
        )

    def _print(self, paper_id: str) -> None:
        self.print_paper(papers()[paper_id])

    def _print_all(self) -> None:
        row_ = self.election
        if row_ is not None:
            print_document(self, f"{row_.title}材料", lambda documents, path: documents.election(row_.id, "", path))
