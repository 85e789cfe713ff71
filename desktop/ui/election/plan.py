"""The step in view with its limit, papers and what is wrong with it; below, what the election is."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.election.papers import ElectionPaper, papers
from desktop.services.election.rows import ElectionRow, StepView
from desktop.ui.election.forms import ELECTIONS, ElectionDialog, ShiftDialog, StepDialog
from desktop.ui.widgets import Chip, banner, box, button, clear, col, link, row, rule, scroll, text
from desktop.ui.widgets.layout import add
from desktop.ui.widgets.pane import fact

if TYPE_CHECKING:
    from desktop.ui.election.page import ElectionPage

STATE_TONES = {"done": "good", "late": "bad", "next": "part"}


class PlanPanel(QWidget):
    """日程."""

    def __init__(self, page: "ElectionPage") -> None:
        super().__init__()
        self._page = page
        self._plan = col(gap=8)
        self.setLayout(col(scroll(box(col(self._plan, ..., pad=(16, 12, 12, 12))))))

    def show_step(self, row_: ElectionRow, step_id: str) -> None:
        """Show a step of an election, and the election."""
        page = self._page
        clear(self._plan)
        step = next(each for each in row_.steps if each.id == step_id)
        self._show_step(row_, step)
        add(self._plan, rule())
        changes = [] if row_.settled else [link("改", lambda: ElectionDialog(page, row_).open())]
        shifts = [] if row_.settled else [link("延期或提前", lambda: ShiftDialog(page, row_).open())]
        for part in (*changes, *shifts):
            page.desk.offered(ELECTIONS, part)
        add(self._plan, row(text(row_.title, "h2"), ..., *shifts, *changes, gap=12))
        seats = f"委员 {row_.seats} 名" if row_.seats else "不设支委会"
        extra = [f"书记 {row_.secretary_seats} 名"] if row_.secretary_seats else []
        extra += [f"副书记 {row_.deputy_seats} 名"] if row_.deputy_seats else []
        shifted = f"改到 {row_.shifted_to}，{row_.shift_reason}，" if row_.shifted_to else ""
        approved = " ".join(filter(None, (str(row_.shift_approved_on or ""), row_.shift_approval_no)))
        facts = (
            ("选举大会", " ".join(filter(None, (str(row_.congress_on or "还没有定"), row_.congress_place)))),
            ("名额", "，".join((seats, *extra))),
            ("应到会", f"{row_.due_now} 人有选举权（按名册）"),
            ("补选原因", row_.reason),
            ("不计入", row_.excluded),
            ("上级", row_.superior),
            ("主持人", row_.chair),
            ("延期提前", f"{shifted}{approved or '没有批准，不算数'}" if shifted else ""),
            ("结果批复", " ".join(filter(None, (str(row_.approved_on or ""), row_.approval_no)))),
        )
        for name, value in facts:
            if value:
                add(self._plan, fact(name, value))
        for each in row_.corrections:
            add(
                self._plan, banner("wait", "info-circle", f"{each.on} 更正：{each.text}", f"{each.reason}（{each.by}）")
            )

    def _show_step(self, row_: ElectionRow, step: StepView) -> None:
        page = self._page
        number = next(at for at, each in enumerate(row_.steps, start=1) if each.id == step.id)
        chip = Chip(step.state.label, {"done": "good", "late": "bad", "next": "part"}.get(step.state.value, "none"))
        record = page.desk.offered(
            ELECTIONS, button("登记", lambda: StepDialog(page, row_, step).open(), "small", "pencil")
        )
        add(self._plan, row(text(f"{number} {step.name}", "h2"), chip, ..., record, gap=8))
        for name, value in (
            ("期限", str(step.limit or "大会日期定了再算")),
            ("办理", str(step.done_on or "")),
            ("文号", step.document_no),
            ("情况", step.note),
        ):
            if value:
                add(self._plan, fact(name, value))
        if step.breach:
            add(self._plan, banner("bad", "alert-circle", step.breach))
        if step.id == "first_meeting" or step.id == "congress":
            add(self._plan, row(link("到计票", lambda: page.open_tab("计票")), ...))
        if step.id in ("nominate", "inspect", "candidates"):
            add(self._plan, row(link("到候选人", lambda: page.open_tab("候选人")), ...))
        if step.papers:
            links = [self._paper_link(papers()[each]) for each in step.papers if each in papers()]
            add(self._plan, row(text("材料", "sub"), *links, ..., gap=12))

    def _paper_link(self, paper: ElectionPaper) -> QPushButton:
        page = self._page
        return page.desk.offered(Act.EXPORT, link(paper.short, lambda: page.print_paper(paper), "printer"))
