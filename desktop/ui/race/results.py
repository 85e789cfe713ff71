"""赛马 > 结果名单: class and grounds of every branch for committees, and the notice of results."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.numbers import points
from desktop.services.race.papers import words
from desktop.services.race.results import ResultLine, ResultList, ResultListService
from desktop.ui.dialogs import ask_save
from desktop.ui.output import EXCEL, print_paper, told
from desktop.ui.page import Desk, Page
from desktop.ui.race.explain import TONES
from desktop.ui.race.period import PERIOD_WIDTH, PeriodChoice, PeriodInView, turn_to
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import Chip, EmptyState, button, col, link, row, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.layout import appear
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

if TYPE_CHECKING:
    from desktop.services.archive.race import RacePapers
    from desktop.services.archive.writing import Sink

COLUMNS: tuple[Column[ResultLine], ...] = (
    Column(
        "类别", lambda line: line.class_name, cell=lambda line: Tag(line.class_name, TONES[line.class_id]), width=96
    ),
    Column("支部", lambda line: line.name, cell=lambda line: Two(line.name, line.group_name), width=230),
    Column("名次", lambda line: line.place, width=104, tone="sub"),
    Column(
        "总分",
        lambda line: line.total or -1,
        cell=lambda line: Txt(points(line.total), bold=True),
        width=84,
    ),
    Column("依据", lambda line: "".join(line.grounds), tone="sub", fold=620),
    Column("备注", lambda line: line.held, cell=lambda line: Txt(line.held, "wait", px=13), width=150, fold=860),
)


class ResultsPage(Page):
    """结果名单."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.view = desk.service(ResultListService), desk.service(PeriodInView)
        self.found: ResultList | None = None
        self.periods = PeriodChoice(self, self.view, PERIOD_WIDTH)
        self.periods.currentIndexChanged.connect(lambda _index: turn_to(self, self.periods.value()))
        self.uses = Choice("用于", [("", "不写用途")], width=170)
        self.export_button = self.desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.notice_button = self.desk.offered(Act.EXPORT, button("打印通报", self.print_notice, icon="printer"))
        self.print_button = self.desk.offered(Act.EXPORT, button("打印名单", self.print_list, "primary", "printer"))
        self.state = Chip("")
        self._words = text("", "sub", wrap=True)
        empty = EmptyState("trophy", "这一期的结果还没有公布。", "公布以后，这里是给考核、评先、用人的委员会看的名单。")
        self.table: DataTable[ResultLine] = DataTable(COLUMNS, "结果名单", empty, height=46)
        self.pane = DetailPane("结果")
        self.split = ListWithPane(self.table, self.pane)
        head = row(self.state, (self._words, 1), self.uses, self.export_button, gap=10)
        self.setLayout(col(head, (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> Sequence[QWidget]:
        """Which period, and the papers."""
        return (self.periods, self.notice_button, self.print_button)

    def reload(self) -> None:
        """Read the list of the period in view; one that is not published has none."""
        self.periods.follow()
        period = self.view.code

        def work() -> ResultList | None:
            try:
                return self.service.results(period)
            except InvalidInput:
                return None

        self.read(work, self._loaded)

    def show_row(self, line: ResultLine) -> None:
        """Say why one branch is in its class."""
        self.pane.show_head(line.name, line.code, line.class_name, TONES[line.class_id])
        total = points(line.total, "未计总分")
        facts = [("名次", line.place), ("总分", total), ("备注", line.held)]
        grounds = [text(ground, "sub", wrap=True) for ground in line.grounds]
        self.pane.show_body(*(fact(name, value) for name, value in facts if value), text("依据", "h2"), *grounds)
        branch = line.branch_id
        self.pane.show_foot(link("看得分明细", lambda: self.desk.open("race", "race", branch=branch)), ...)
        self.split.open_pane()

    def export(self) -> None:
        """Write the list to a workbook."""
        found, use = self.found, str(self.uses.value() or "")
        if found is None:
            return
        path = ask_save(self, "导出结果名单", f"{found.title}.xlsx", EXCEL)
        if path is not None:
            self.call(lambda _progress: self.service.export(found.period, path, use), lambda _count: told(self, path))

    def print_list(self) -> None:
        """Write the list as a paper."""
        use = str(self.uses.value() or "")
        self._paper("结果名单", lambda papers, period, path: papers.result_list(period, path, use))

    def print_notice(self) -> None:
        """Write the notice of results."""
        self._paper("评比结果通报", lambda papers, period, path: papers.notice(period, path))

    def _paper(self, name: str, write: "Callable[[RacePapers, str, Sink], object]") -> None:
        found = self.found
        if found is None:
            return

        def work(to: "Sink") -> object:
            from desktop.services.archive.race import RacePapers

            return write(RacePapers(self.desk.store), found.period, to)

        print_paper(self, f"{found.period_name}党支部赛马{name}", work)

    def _loaded(self, found: ResultList | None) -> None:
        self.found = found
        for part in (self.uses, self.export_button, self.notice_button, self.print_button, self.state):
            appear(part, found is not None)
        if found is None:
            self._words.setText("")
            self.table.set_rows([])
            return
        self.uses.set_options([("", "不写用途"), *((use, f"用于{use}") for use in found.uses)], self.uses.value() or "")
        self.state.show_state("正式名单" if found.final else words().draft_word, "good" if found.final else "wait")
        said = words().list_note
        if found.undecided:
            said = f"还有 {found.undecided} 件申诉没有决定，现在打印的带“{words().draft_word}”字样。{said}"
        elif found.state is RacePeriodState.PUBLISHED:
            said = f"定案以前打印的带“{words().draft_word}”字样。{said}"
        self._words.setText(said)
        self.table.set_rows(found.lines, same=lambda line: line.branch_id)
