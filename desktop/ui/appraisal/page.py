"""组织生活 > 民主评议: the round of a year step by step, ballots and grades, and the problems to put right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AppraisalGrade, MeetingKind
from desktop.services.appraisal.papers import Paper
from desktop.services.appraisal.rows import Line, ProblemRow, Round, Step, StepKey, StepState
from desktop.services.appraisal.service import AppraisalService
from desktop.services.appraisal.sheet import RESULTS
from desktop.services.appraisal.sheet import ROUNDS as PREPARATION
from desktop.ui.appraisal.ballots import BallotsPage
from desktop.ui.appraisal.counted import Counted
from desktop.ui.appraisal.dialogs import (
    LINES,
    ROUNDS,
    DecideDialog,
    FeedbackDialog,
    GradeDialog,
    PeerDialog,
    PrepareDialog,
    ProblemDialog,
    PublishDialog,
    ReopenDialog,
    ReviewDialog,
    show_review,
)
from desktop.ui.appraisal.grid import OPEN
from desktop.ui.appraisal.lines import LinesPage
from desktop.ui.appraisal.menus import offer_more, offer_prints, print_paper
from desktop.ui.appraisal.problems import Problems
from desktop.ui.appraisal.strip import StepLine
from desktop.ui.appraisal.views import StepView
from desktop.ui.intake.page import IntakePage
from desktop.ui.page import Desk, Page, RowOf
from desktop.ui.registers.form import RegisterForm
from desktop.ui.widgets import (
    EmptyState,
    Segments,
    appear,
    box,
    button,
    col,
    fixed,
    link,
    row,
)
from desktop.ui.widgets.buttons import passing_menu
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import UNBOUND, Turning

TITLE = "民主评议"
SIDE, TAB_BELOW = 360, 1080
ROUND, LIST = "round", "list"
COUNTED = (StepKey.BALLOT, StepKey.GRADE)
CONGRESS_KINDS = {"org_life_meeting": StepKey.MEETING, "democratic_appraisal": StepKey.GRADE}


class AppraisalPage(Page):
    """民主评议."""

    title = TITLE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(AppraisalService)
        self.found: Round | None = None
        self.key: StepKey | None = None
        self._year = 0
        self._wanted: StepKey | None = None
        self._problem = ""
        self.year = Choice("年度", [], width=116)
        self.year.currentIndexChanged.connect(lambda _at: self._turn_year())
        self.more_button = button("更多", lambda: offer_more(self, self.more_button))
        self.print_button = desk.offered(
            Act.EXPORT, button("打印", lambda: offer_prints(self, self.print_button), "", "printer")
        )
        self.why = link("", self._show_why)
        self.main_button = desk.offered(ROUNDS, button("开始准备", self._do_next, "primary", "check"))
        self.line = StepLine()
        self.line.chosen.connect(self.show_step)
        self.view = StepView()
        self.view.reviews.opened.connect(self.open_review)
        self.view.feedback.opened.connect(self.open_feedback)
        self.view.criticisms.opened.connect(lambda each: self._register("criticism", each.id))
        self.view.opinions.opened.connect(lambda each: self._register("sought_opinion", each.id))
        self.counted = Counted(desk, self.open_ballots, self._reopen)
        self.grid = self.counted.grid
        self.grid.chosen.connect(self.grade)
        self.grid.offered.connect(self._offer_grades)
        self.grid.opened.connect(self.open_grade)
        self._stack = Turning()
        parts: tuple[QWidget, ...] = (self.view, self.counted)
        for part in parts:
            self._stack.addWidget(part)
        self._card = box(col(self._stack), "card")
        self.problems = Problems(
            desk, self.open_problem, self.add_problem, lambda: print_paper(self, self._year, Paper.PROBLEMS)
        )
        self.tabs_ = Segments(((ROUND, TITLE), (LIST, "问题清单")), name="评议或问题清单")
        self.tabs_.changed.connect(lambda _key: self._arrange())
        self._tab_row = box(row(self.tabs_, ...))
        self.empty = EmptyState("clipboard-check", "", "", "开始准备", self.begin)
        desk.offered(ROUNDS, self.empty)
        body = box(
            col(
                box(col(self.line), "card"),
                self._tab_row,
                (row((self._card, 1), self.problems, gap=12), 1),
                gap=12,
            )
        )
        self._whole = Turning()
        for part in (body, box(col(self.empty), "card")):
            self._whole.addWidget(part)
        self.setLayout(col(self._whole, pad=(24, 14, 24, 16)))
        self.setFocusProxy(self.grid)
        self._arrange()

    def bar_actions(self) -> Sequence[QWidget]:
        """Year, papers, why the main button waits, and the one step that is next."""
        return (self.year, self.more_button, self.print_button, self.why, self.main_button)

    # reading

    def reload(self) -> None:
        """Read the round of the year in view."""
        year = self._year

        def work() -> tuple[int, list[int], Round]:
            in_work = self.service.year_in_work()
            shown = year or in_work
            kept = {*self.service.years(), in_work, in_work - 1, self.desk.store.today.year, shown}
            return shown, sorted(kept, reverse=True), self.service.round(shown)

        self.read(work, lambda got: self._loaded(*got))

    def go(self, where: dict[str, Any]) -> None:
        """Show the round of a year, or the step a gap speaks of."""
        prefill = dict(where.get("prefill") or {})
        said = str(prefill.get("for_year") or "")
        record = str(where.get("record") or "")
        if not said and record.startswith("appraisal-"):
            said = record.removeprefix("appraisal-")
        if said.isdigit():
            self._year = int(said)
        kind = str(where.get("kind") or "")
        self._wanted, self._problem = CONGRESS_KINDS.get(kind), record if kind == "issue" else ""
        if record and not said and not self._problem:
            self.read(lambda: self._year_of(record), self._turn_to)
        else:
            self.reload()

    def _year_of(self, round_id: str) -> int:
        return next((year for year in self.service.years() if self.service.round(year).id == round_id), 0)

    def _turn_to(self, year: int) -> None:
        self._year = year or self._year
        self.reload()

    def _turn_year(self) -> None:
        chosen = self.year.value()
        if chosen is not None and chosen != self._year:
            self._year, self.key = chosen, None
            self.reload()

    def _loaded(self, year: int, years: list[int], found: Round) -> None:
        anew = self.found is None or self.found.id != found.id
        self.found, self._year = found, year
        self.year.blockSignals(True)
        self.year.set_options([(each, f"{each} 年度") for each in years], year)
        self.year.blockSignals(False)
        self._whole.setCurrentIndex(0 if found.begun else 1)
        self.empty.say(
            f"{year} 年度还没有开始。",
            f"组织生活会和民主评议一起办：准备、开会、自评互评、测评、定等次、反馈。{_closing(found)}",
        )
        if anew:
            self.key = None
            self.counted.forget()
        wanted, self._wanted = self._wanted, None
        if wanted is not None or self.key is None:
            self.key = (
                wanted if wanted is not None and found.step(wanted).state is not StepState.AHEAD else found.at.key
            )
        self.problems.show_round(found)
        self.tabs_.name(LIST, f"问题清单 {sum(not each.closed for each in found.problems)}")
        self._show()
        asked, self._problem = self._problem, ""
        problem = next((each for each in found.problems if each.id == asked), None)
        if problem is not None:
            self.open_problem(problem)

    # showing

    def show_step(self, key: StepKey) -> None:
        """Show one step."""
        self.key = key
        self.tabs_.choose(ROUND)
        self._arrange()
        self._show()

    def _show(self) -> None:
        found, key = self.found, self.key
        if found is None or key is None:
            return
        self.line.show_steps(found.steps, key)
        self._tell_next(found)
        if key in COUNTED:
            self._stack.setCurrentIndex(1)
            self.counted.show_round(found)
        else:
            self._stack.setCurrentIndex(0)
            self.view.show_step(found, found.step(key), self._actions(found, found.step(key)))

    def _actions(self, found: Round, step: Step) -> list[QWidget]:
        """Return what may be done in a step, in the head of its card."""
        desk, made = self.desk, list[tuple[str, str | RowOf, Callable[[], object]]]()
        ahead = step.state is StepState.AHEAD
        if step.key is StepKey.PREPARE:
            made = [
                ("登记意见", "sought_opinion", lambda: self._register("sought_opinion")),
                ("登记谈话", "talk", lambda: desk.open("team", "duties", kind="talk", new=True)),
                ("改准备情况", ROUNDS, self._prepare),
            ]
        elif step.key is StepKey.MEETING:
            made = [("加一条批评意见", "criticism", lambda: self._register("criticism"))]
            if found.meeting_id:
                made.append(("看会议", ROUNDS, self._open_meeting))
            else:
                made.append(("登记会议", _meetings(), self._open_meeting))
        elif step.key is StepKey.REVIEW and not ahead:
            made = [("登记互评", ROUNDS, self._peer)]
            if not found.decided:
                made.append(("登记全体的", LINES, lambda: self.open_lines(step.key)))
        elif step.key is StepKey.FEEDBACK and not ahead:
            made = [("登记全体的", LINES, lambda: self.open_lines(step.key))]
        elif step.key is StepKey.PUBLISH and not ahead:
            made = [("登记公布和报告", ROUNDS, self._publish)]
        parts: list[QWidget] = []
        for words, needs, action in made:
            parts.append(desk.offered(needs, link(words, action)))
        return parts

    def _tell_next(self, found: Round) -> None:
        """Let the main button be the next step, off with the reason where it cannot be done yet."""
        step = found.at
        words = {
            StepKey.PREPARE: "登记准备情况",
            StepKey.MEETING: "登记会议" if not found.meeting_id else "登记表态",
            StepKey.REVIEW: "登记自评互评",
            StepKey.BALLOT: "登记票数",
            StepKey.GRADE: "定下等次",
            StepKey.FEEDBACK: "登记反馈",
            StepKey.PUBLISH: "登记公布",
        }[step.key]
        whole = all(each.state is StepState.DONE for each in found.steps)
        self.main_button.setText(words if found.begun else "开始准备")
        why = found.why_not_decided if found.begun and step.key is StepKey.GRADE else ""
        self.main_button.setEnabled(not why)
        appear(self.main_button, found.begun and not whole)
        appear(self.print_button, found.begun)
        self.why.setText(why)
        appear(self.why, bool(why) and self.desk.may_write(ROUNDS))

    def _show_why(self) -> None:
        """Go to where the main button's reason lies."""
        found = self.found
        if found is None:
            return
        self.show_step(StepKey.GRADE)
        self.counted.stand_on_trouble()

    def picked(self) -> Line | None:
        """Return the member the cursor is at in the list in view."""
        if self.key in COUNTED:
            return self.grid.line()
        table = {StepKey.REVIEW: self.view.reviews, StepKey.FEEDBACK: self.view.feedback}.get(
            self.key or StepKey.PREPARE
        )
        return table.current() if table is not None else None

    # acting

    def begin(self) -> None:
        """Begin the round of the year in view."""
        year = self._year
        self.act(lambda: self.service.begin(year), f"{year}年度已开始，先登记准备情况。")

    def grade(self, line: Line, grade: AppraisalGrade | None) -> None:
        """Set the grade people chose for a member; the bar follows at once."""
        found = self.found
        if found is None or line.grade is grade or not self.desk.may_write(LINES):
            return
        if self._closed(StepKey.GRADE):
            return
        self.counted.chose(line)
        lines = tuple(replace(each, grade=grade) if each.member_id == line.member_id else each for each in found.lines)
        self.found = replace(found, lines=lines)
        self._tell_next(self.found)
        self.counted.show_round(self.found)
        year = found.for_year
        self.act(lambda: self.service.grade(year, line.member_id, grade), failed=self._not_graded)

    def _closed(self, key: StepKey) -> bool:
        """Return whether nothing is typed in a step, and say why."""
        why = self.found.why_closed(key) if self.found is not None else ""
        if why:
            self.desk.say(f"{why}。")
        return bool(why)

    def _not_graded(self, error: Exception) -> None:
        from desktop.ui.dialogs import show_error

        show_error(self, error)
        self.reload()

    def _offer_grades(self, line: Line, at: QPointF) -> None:
        if not self.desk.may_write(LINES):
            return
        menu = passing_menu(self)
        for number, grade in enumerate(AppraisalGrade, start=1):
            action = menu.addAction(f"{number}  {grade.label}")
            action.triggered.connect(lambda _checked=False, grade=grade: self.grade(line, grade))
        menu.addAction(f"0  {OPEN}").triggered.connect(lambda: self.grade(line, None))
        menu.addSeparator()
        menu.addAction("写理由").triggered.connect(lambda: self.open_grade(line))
        menu.popup(self.grid.viewport().mapToGlobal(at.toPoint()))

    def open_grade(self, line: Line) -> None:
        """Open the grade of a member with its reason; once set, the feedback."""
        if self.found is None:
            return
        if self.found.decided:
            self.open_feedback(line)
        elif not self._closed(StepKey.GRADE):
            GradeDialog(self, self.found, line).open()

    def open_review(self, line: Line) -> None:
        """Open the self-review of a member; once the grades are set, to read it."""
        if self.found is None:
            return
        if self.found.decided:
            show_review(self, self.found, line)
        else:
            ReviewDialog(self, self.found, line).open()

    def open_feedback(self, line: Line) -> None:
        """Open the feedback to a member."""
        if self.found is not None and not self._closed(StepKey.FEEDBACK):
            FeedbackDialog(self, self.found, line).open()

    def open_lines(self, key: StepKey) -> None:
        """Turn to typing the self-reviews, or the feedback, of everybody."""
        if self.found is not None and not self._closed(key):
            self.desk.push(LinesPage(self.desk, self.found, key))

    def open_ballots(self) -> None:
        """Turn to typing the sums."""
        if self.found is not None and not self._closed(StepKey.BALLOT):
            self.desk.push(BallotsPage(self.desk, self.found))

    def open_problem(self, problem: ProblemRow) -> None:
        """Open a problem, to look at it and to take it off the list."""
        ProblemDialog(self, problem).open()

    def add_problem(self) -> None:
        """Register a problem of this round."""
        found = self.found
        if found is not None:
            self._register("issue", None, source="org_life", event_on=found.meeting_on or found.today)

    def open_import(self, kind: str = RESULTS.kind, source: Path | str | None = None) -> None:
        """Take results, or the preparation of years, from Excel."""
        sheet = RESULTS if kind == RESULTS.kind else PREPARATION
        self.desk.push(IntakePage(self.desk, sheet.kind, sheet.title, source=source))

    def _do_next(self) -> None:
        found = self.found
        if found is None:
            return
        if not found.begun:
            self.begin()
            return
        step = found.at
        self.show_step(step.key)
        deeds: dict[StepKey, Callable[[], object]] = {
            StepKey.PREPARE: self._prepare,
            StepKey.MEETING: self._open_meeting if not found.meeting_id else self._silent,
            StepKey.REVIEW: lambda: self.open_lines(StepKey.REVIEW),
            StepKey.BALLOT: self.open_ballots,
            StepKey.GRADE: lambda: DecideDialog(self, found).open(),
            StepKey.FEEDBACK: lambda: self.open_lines(StepKey.FEEDBACK),
            StepKey.PUBLISH: self._next_publication,
        }
        deeds[step.key]()

    def _prepare(self) -> None:
        if self.found is not None:
            PrepareDialog(self, self.found).open()

    def _peer(self) -> None:
        if self.found is not None:
            PeerDialog(self, self.found).open()

    def _publish(self) -> None:
        if self.found is not None:
            PublishDialog(self, self.found).open()

    def _reopen(self) -> None:
        if self.found is not None:
            ReopenDialog(self, self.found).open()

    def _silent(self) -> None:
        """Open the first criticism that nobody answered."""
        found = self.found
        first = next((each for each in found.criticisms if not each.reply), None) if found else None
        if first is not None:
            self._register("criticism", first.id)

    def _next_publication(self) -> None:
        found = self.found
        if found is not None and found.facts.published_on is None:
            self._publish()
        else:
            self.open_lines(StepKey.FEEDBACK)

    def _open_meeting(self) -> None:
        found = self.found
        if found is None:
            return
        kind = MeetingKind.ORG_LIFE_MEETING.value
        if found.meeting_id:
            self.desk.open("meetings", "list", kind=kind, record=found.meeting_id)
        else:
            prefill = {"for_year": str(found.for_year), "topic": found.facts.theme or "", "start": "1"}
            if found.facts.planned_on is not None:
                prefill["held_on"] = found.facts.planned_on.isoformat()
            self.desk.open("meetings", "list", kind=kind, new=True, prefill=prefill)

    def _register(self, kind: str, record_id: str | None = None, **prefill: object) -> None:
        found = self.found
        if found is None:
            return
        known: dict[str, object] = {} if record_id else {"for_year": found.for_year, **prefill}
        if not record_id and "event_on" not in known and found.meeting_on is not None and kind == "criticism":
            known["event_on"] = found.meeting_on
        self.desk.push(RegisterForm(self.desk, REGISTERS[kind], record_id, known))

    # width

    def _narrow(self) -> bool:
        return self.width() < TAB_BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow, listed = self._narrow(), self.tabs_.current() == LIST
        appear(self._tab_row, narrow)
        appear(self.problems, listed if narrow else True)
        appear(self._card, not listed if narrow else True)
        if narrow:
            self.problems.setMinimumWidth(0)
            self.problems.setMaximumWidth(UNBOUND)
        else:
            fixed(self.problems, SIDE)


def _meetings() -> RowOf:
    return RowOf("meetings", kind=MeetingKind.ORG_LIFE_MEETING.value)


def _closing(found: Round) -> str:
    day: date = found.closes
    late = "已经过了" if found.today > day else ""
    return f"应在 {day.year} 年 {day.month} 月 {day.day} 日前办完{'，' + late if late else ''}。"
