"""考评抽查 > 考评进度: how far the assessment of each branch has come, its own number beside headquarters'."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.assessment import STEPS, AssessmentState
from desktop.services.assessment import AssessmentRow, AssessmentService, Numbers, still_to_do
from desktop.services.numbers import hundredths, signed_hundredths
from desktop.services.race.editions import period_name
from desktop.ui.output import export_button, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.race.period import PeriodChoice, PeriodInView, turn_to
from desktop.ui.table_model import BRANCH_ROOM, Cell, Column, DataTable, Tag, Txt
from desktop.ui.widgets import EmptyState, box, button, clear, col, figure, link, row, text
from desktop.ui.widgets.layout import Item, appear
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading
from desktop.ui.widgets.steps import Steps

ROOM_FOR_FIGURES = 420
FAR_BELOW = -700
"""Hundredths by which headquarters is below the branch's own rate that are shown in red."""
TONES = {
    AssessmentState.NOT_ASKED: "none",
    AssessmentState.OPEN: "none",
    AssessmentState.SELF_DONE: "wait",
    AssessmentState.SUBMITTED: "wait",
    AssessmentState.VERIFIED: "good",
    AssessmentState.PUBLISHED: "good",
    AssessmentState.APPEALED: "part",
    AssessmentState.FINAL: "good",
}


def _rate(numbers: Numbers | None) -> int | None:
    return numbers.rate if numbers is not None else None


def _words(points: int | None) -> str:
    return hundredths(points, "待评")


def _apart(line: AssessmentRow) -> Cell:
    if line.apart is None:
        return Txt("—", "sub", align="r")
    words = signed_hundredths(line.apart)
    return Txt(words, "bad" if line.apart <= FAR_BELOW else "", align="r")


def _part(name: str, line: AssessmentRow) -> int | None:
    return getattr(line.verified, name) if line.verified is not None else None


COLUMNS: tuple[Column[AssessmentRow], ...] = (
    Column("编号", lambda line: line.code, width=72, tone="sub"),
    Column("支部", lambda line: line.name, least=BRANCH_ROOM),
    Column("状态", lambda line: list(AssessmentState).index(line.state), text=lambda n: list(AssessmentState)[n].label,
           cell=lambda line: Tag("算不出" if line.broken else line.state.label,
                                 "bad" if line.broken else TONES[line.state]), width=92),
    Column("自评得分率", lambda line: _rate(line.own), text=_words, width=96, align="r", fold=760),
    Column("核定得分率", lambda line: _rate(line.verified), text=_words, width=96, align="r"),
    Column("差", lambda line: line.apart, text=_words, cell=_apart, width=72, align="r", fold=700),
    Column("痕迹", lambda line: _part("trace", line), text=_words, width=70, align="r", fold=820),
    Column("质量", lambda line: _part("quality", line), text=_words, width=70, align="r", fold=820),
    Column("待评", lambda line: line.left, text=str, width=64, align="r"),
    Column("抽查", lambda line: line.checked, text=str, width=76, align="r",
           cell=lambda line: Txt(f"{line.checked} / {line.drawn}" if line.drawn else "没抽", "sub", align="r")),
    Column("申诉", lambda line: line.appeals, text=lambda n: str(n) if n else "—", width=60, align="r", fold=640),
)  # fmt: skip


class AssessmentsPage(Page):
    """考评进度."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(AssessmentService), desk.service(PeriodInView)
        self.periods = PeriodChoice(self, self.view, 150)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.print_button = desk.offered(Act.EXPORT, button("打印", self.print_list, icon="printer"))
        self.export_button = export_button(self, lambda: self.table.model.sheet("考评进度"))
        empty = EmptyState(
            "clipboard-check", "还没有登记的支部。", "支部登记、报送以后，这里列出每个支部考评到哪一步。"
        )
        self.table: DataTable[AssessmentRow] = DataTable(COLUMNS, "考评进度", empty, height=42)
        self.pane = DetailPane("考评")
        self.split = ListWithPane(self.table, self.pane)
        self._figures, self._said = row(gap=30), text("", "h1", wrap=True)
        words = "状态由自评、报送、评定、抽查、公布和申诉推出来，不用填；两个分数各自保留。"
        self._head = box(
            row((col(self._said, text(words, "sub", wrap=True), gap=2), 1), self._figures, pad=(18, 10, 22, 10)), "card"
        )
        self.setLayout(col(self._head, (self.split, 1), gap=12, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(lambda line: self.desk.open_branch(line.branch_id))

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, paper, and Excel."""
        return (self.periods, self.print_button, self.export_button)

    def reload(self) -> None:
        """Reckon the assessments of the period in view."""
        self.periods.follow()
        period = self.view.code
        self.call(lambda progress: self.service.rows(period, progress), self._loaded, long=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        appear(self._head, self.height() >= ROOM_FOR_FIGURES)

    def print_list(self) -> None:
        """Write the list as a PDF to print."""
        print_sheet(self, self.table.model.sheet(f"{period_name(self.view.code)}考评进度"))

    def show_row(self, line: AssessmentRow) -> None:
        """Look at one branch: both numbers, trace and quality apart, and what is still to do."""
        self.pane.show_head(line.name, line.code, line.state.label, TONES[line.state])
        done, looks = f"{line.judged} / {line.to_judge}", self.desk.store.rights.looks_only
        checks = f"{line.checked} / {line.drawn}" + ("" if line.checks_done else "，没核完") if line.drawn else "没有抽"
        strip = Steps(STEPS, "考评进度")
        strip.go_to(line.state.step)
        parts: list[Item] = [
            strip,
            *_told("核定", line.verified),
            *_told("支部自评", line.own),
            *((fact("报送", line.not_asked),) if line.not_asked else ()),
            heading("还要办的"),
            fact("质量评定", done),
            fact("现场抽查", checks),
            fact("申诉", f"{line.appeals} 件待决定" if line.appeals else "没有"),
        ]
        self.pane.show_body(*parts)
        self.pane.show_foot(
            link("看评定" if looks else "去评定", lambda: self.desk.open("assess", "ratings", branch=line.branch_id)),
            link("看抽查" if looks else "去抽查", lambda: self.desk.open("assess", "sampling", branch=line.branch_id)),
            ...,
            link("看支部", lambda: self.desk.open_branch(line.branch_id)),
        )
        self.split.open_pane()

    # inside

    def _loaded(self, lines: list[AssessmentRow]) -> None:
        told = still_to_do(lines)
        name = period_name(self.view.code)
        self._said.setText(f"{name}：{'，'.join(told)}" if told else f"{name}的考评没有要办的")
        clear(self._figures)
        for state in AssessmentState:
            count = sum(line.state is state for line in lines)
            if count:
                self._figures.addLayout(figure(str(count), state.label))
        self.table.set_rows(lines, same=lambda line: line.branch_id)
        again = self.table.current()
        if again is not None and self.pane.isVisible():
            self.show_row(again)


def _quality(numbers: Numbers) -> str:
    """Say the points for quality; what registers count of it is in the total though nobody judged it yet."""
    counted = numbers.total - numbers.trace
    if numbers.quality is not None or not counted:
        return _words(numbers.quality)
    return f"{hundredths(counted)}，待评"


def _told(whose: str, numbers: Numbers | None) -> list[Item]:
    if numbers is None:
        return [heading(whose), text("报来的数据算不出结果，请支部核对后重新报送。", "sub", wrap=True)]
    return [
        heading(f"{whose}　得分率 {_words(numbers.rate)}"),
        fact("已得", hundredths(numbers.total)),
        fact("其中痕迹", hundredths(numbers.trace)),
        fact("其中质量", _quality(numbers)),
        fact("待评和未到期", hundredths(numbers.pending)),
    ]
