"""问题清单: the problems of a round beside it, with owner, day and state; a click shows evidence and closing."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame

from desktop.services.appraisal.rows import ProblemRow, Round
from desktop.ui.appraisal.dialogs import ISSUES
from desktop.ui.page import Desk
from desktop.ui.widgets import (
    Chip,
    Elided,
    Item,
    RowButton,
    Segments,
    box,
    clear,
    col,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.layout import add

ALL, OPEN = "all", "open"


class Problems(QFrame):
    """The card at the right."""

    def __init__(
        self,
        desk: Desk,
        opened: Callable[[ProblemRow], object],
        added: Callable[[], object],
        printed: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self._desk, self._opened = desk, opened
        self.found: Round | None = None
        self.scope = Segments(((ALL, "全部"), (OPEN, "没销号")), name="哪些问题")
        self.scope.changed.connect(lambda _key: self._list())
        self.count = Chip("")
        self._body = col(gap=0, pad=(16, 0, 14, 8))
        self.add_link = desk.offered(ISSUES, link("加一条", added, "plus"))
        from desktop.models.vocabulary.access import Act

        self.print_link = desk.offered(Act.EXPORT, link("打印清单", printed, "printer"))
        self.rows: list[RowButton] = []
        head = row(text("问题清单", "h2"), self.count, ..., self.scope, gap=8, pad=(16, 12, 14, 6))
        self.plan_link = link("在全年安排里看", self._show_plan, "calendar-event")
        self.plan_link.setToolTip("没销号的问题按期限列在全年安排里，改期限、销号都在这里改一次")
        foot = row(self.add_link, ..., self.plan_link, self.print_link, pad=(14, 6, 14, 10))
        self.setLayout(col(head, (scroll(box(self._body)), 1), foot, gap=0))

    def show_round(self, found: Round) -> None:
        """Show the problems of a round."""
        self.found = found
        closed = sum(problem.closed for problem in found.problems)
        words = f"{len(found.problems)} 条，销号 {closed}" if found.problems else ""
        self.count.show_state(words, "good" if found.problems and closed == len(found.problems) else "none")
        self.add_link.setEnabled(found.begun)
        self._list()

    def _show_plan(self) -> None:
        """Open the plan of the year at the problem that is due next, or at the first where all are closed."""
        problems = self.found.problems if self.found else ()
        soonest = min(problems, key=lambda each: (each.closed, each.due_on), default=None)
        self._desk.open("meetings", "year", record=soonest.id if soonest else "")

    def _list(self) -> None:
        clear(self._body)
        self.rows = []
        found = self.found
        if found is None:
            return
        wanted = [each for each in found.problems if self.scope.current() == ALL or not each.closed]
        items: list[Item] = []
        for problem in wanted:
            state = Chip(*problem.standing(found.today))
            owner = "，".join(filter(None, (problem.concerned.label if problem.concerned else "", problem.owner)))
            below = f"{owner}，{problem.due_on} 前" if owner else f"{problem.due_on} 前"
            line = row((col(Elided(problem.title), text(below, "small"), gap=3), 1), state, gap=8, pad=(0, 8, 0, 8))
            part = RowButton(f"{problem.title}，{below}，{state.words}", line, partial(self._opened, problem))
            part.setToolTip(f"出自{problem.traced}" if problem.traced else "没有写出自哪里")
            self.rows.append(part)
            items += [part, rule()]
        if not wanted:
            words = "都销号了。" if found.problems else "会上查摆、批评和征求到的问题，逐条建账、写期限、销号。"
            items.append(text(words, "sub", wrap=True))
        for item in (*items, ...):
            add(self._body, item)
