"""标准化 > 考评结果: the branch's own score beside headquarters', and every rating they differ on."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.assessment import STEPS, AssessmentState
from desktop.services.assessment import AssessmentService, OwnAssessment
from desktop.services.numbers import hundredths, signed_hundredths
from desktop.services.race.editions import period_name, quarter_in_view
from desktop.services.standards.comparing import Compared, compare
from desktop.services.standards.score import CriterionScore, Score
from desktop.services.standards.service import StandardService
from desktop.ui import theme
from desktop.ui.appeals import APPEALS
from desktop.ui.intake.page import IntakePage
from desktop.ui.output import export_button, print_document
from desktop.ui.page import Desk, Page
from desktop.ui.race.appealing import open_appeal
from desktop.ui.standards.common import full, score_day
from desktop.ui.standards.periods import PeriodsDialog
from desktop.ui.table_model import Cell, Column, DataTable, Txt
from desktop.ui.widgets import Chip, EmptyState, appear, box, button, card, col, figure, link, row, text
from desktop.ui.widgets.charts import Radar
from desktop.ui.widgets.layout import Turning
from desktop.ui.widgets.steps import Steps


@dataclass(frozen=True, slots=True)
class Differing:
    """One criterion that headquarters judged otherwise, or that waits for either side."""

    item_id: str
    title: str
    criterion: str
    own: str
    verified: str
    ground: str


def _apart_words(whole: Compared) -> str:
    """Return how the two sides differ over what both judged; what only one judged is not compared."""
    if whole.apart is None:
        return "没有两边都评了的质量标准，两个分数不作比较。"
    verified, own = hundredths(whole.verified_both), hundredths(whole.own_both)
    head = f"两边都评了的 {whole.both} 条质量标准，核定 {verified} 分，自评 {own} 分，"
    if not whole.apart:
        return f"{head}一样。"
    return f"{head}核定{'高' if whole.apart > 0 else '低'} {hundredths(abs(whole.apart))} 分。"


def _gap_cell(line: Compared) -> Cell:
    tone = "" if not line.apart else "good" if line.apart > 0 else "bad"
    return Txt(signed_hundredths(line.apart), tone or "sub", align="r")


DIMENSIONS: tuple[Column[Compared], ...] = (
    Column("维度", lambda r: r.name),
    Column("自评已得", lambda r: r.own, text=hundredths, width=88, align="r"),
    Column("核定已得", lambda r: r.verified, text=hundredths, width=88, align="r"),
    Column("都评了的相差", lambda r: r.apart, text=signed_hundredths, cell=_gap_cell, width=112, align="r", fold=380),
    Column("满分", lambda r: r.max, text=full, width=70, tone="sub", align="r", fold=460),
)
CRITERIA: tuple[Column[Differing], ...] = (
    Column("编号", lambda r: r.item_id, width=74, tone="sub"),
    Column("质量标准", lambda r: r.criterion),
    Column("自评", lambda r: r.own, width=84, tone="sub"),
    Column("总部", lambda r: r.verified, width=84),
    Column("总部依据", lambda r: r.ground, width=190, tone="sub", fold=700),
)


class ResultsPage(Page):
    """考评结果."""

    title = "考评结果"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(StandardService)
        self.import_button = self.desk.offered("self_ratings", button("导入自评", self.open_import, "", "upload"))
        self.print_button = self.desk.offered(Act.EXPORT, button("打印得分报告", self.print_report, "", "printer"))
        self.appeal_button = self.desk.offered(APPEALS, button("申诉", self.open_appeal, "", "gavel"))
        self.export_button = export_button(self, lambda: self.criteria.sheet())
        self._figures = box(row(gap=28))
        self._grade = Chip("")
        self._verdict, self._words = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self._apart = text("", "small", wrap=True)
        self.radar = Radar("自评和总部核定")
        self.dimensions: DataTable[Compared] = DataTable(DIMENSIONS, "各维度对照", height=38, look="bare")
        same = EmptyState("circle-check", "总部的评定和自评一致。")
        self.criteria: DataTable[Differing] = DataTable(CRITERIA, "评定对照", same, height=40, look="bare")
        self.dimensions.opened.connect(lambda line: desk.open("standards", "checklist", dimension=line.id))
        self.criteria.opened.connect(lambda line: desk.open("standards", "checklist", item=line.item_id))
        nothing = EmptyState(
            "report",
            "总部还没有反馈考评结果。",
            "报送以后，把总部的反馈包导入，这里会把核定和自评对照起来。",
            "去报送" if desk.has("archive", "hand_in") else "",
            lambda: desk.open("archive", "hand_in"),
        )
        desk.offered(Act.EXCHANGE, nothing)
        self.strip, self._way = Steps(STEPS, "考评进度"), text("", "sub", wrap=True)
        whole = link("各期进度", self.open_periods)
        self._strip = box(col(row((self.strip, 1)), row((self._way, 1), whole), gap=2, pad=(20, 10, 20, 10)), "card")
        self.period = ""
        self._fitted: tuple[int, ...] = ()
        self._stack = Turning()
        self._stack.addWidget(box(col(box(col(nothing), "card"), pad=(24, 14, 24, 16))))
        self._stack.addWidget(self._result())
        self.setLayout(col(box(col(self._strip, pad=(24, 14, 24, 0))), (self._stack, 1), gap=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the page scroll as a whole where it has to, and its lists only where it need not: one bar, never two."""
        room, lists = self.parentWidget().height(), (self.dimensions, self.criteria)
        fitted = (self.width(), room, *(each.model.rowCount() for each in lists))
        if fitted == self._fitted:
            return
        self._fitted = fitted
        for each in lists:
            each.setMinimumHeight(0)
        if self.layout().totalMinimumHeightForWidth(self.width()) > room:
            for each in lists:
                each.setMinimumHeight(each.whole_height())

    def bar_actions(self) -> Sequence[QWidget]:
        return (self.import_button, self.export_button, self.print_button, self.appeal_button)

    def reload(self) -> None:
        on, year = score_day(self.desk), self.desk.year

        self.period = period = quarter_in_view(self.desk.store.today, year)

        def work() -> tuple[Score, Score | None, OwnAssessment | None]:
            own = None if self.desk.store.of_many else self.desk.service(AssessmentService).own(period)
            return self.service.score(on, year, verified=False), self.service.verified_score(on, year), own

        self.read(work, lambda found: self._show(*found))

    def open_appeal(self) -> None:
        """Write an appeal against the score of the quarter in view, about the item that is selected below."""
        differing = self.criteria.current()
        open_appeal(self, self.period, differing.item_id if differing is not None else "")

    def open_periods(self) -> None:
        """Show where the score of every period of the year stands."""
        PeriodsDialog(self, self.desk.year).open()

    def open_import(self) -> None:
        """Take the branch's own ratings from Excel; the sheet to fill in has a line per criterion."""
        self.desk.push(IntakePage(self.desk, "self_ratings", "质量自评"))

    def print_report(self) -> None:
        """Write the score report as a PDF to print."""
        on, year = score_day(self.desk), self.desk.year
        print_document(self, f"{year}年标准化得分报告", lambda documents, path: documents.score_report(path, on, year))

    def _result(self) -> QWidget:
        words = col(self._verdict, row((self._words, 1), self._grade, gap=10), self._apart, gap=4)
        head = box(row((words, 1), self._figures, gap=16, pad=(20, 13, 28, 13)), "card")
        left = card("各维度对照", (self.dimensions, 1), pad=(16, 14, 16, 8), gap=4)
        radar = card("", (self.radar, 1), pad=(16, 6, 16, 6))
        differing = card("评得不一样的", (self.criteria, 1), pad=(16, 14, 16, 8), gap=4)
        body = row((left, 45), (col((radar, 1), (differing, 1), gap=12), 55), gap=12)
        return box(col(head, (body, 1), gap=12, pad=(24, 14, 24, 16)))

    def _show(self, own: Score, verified: Score | None, way: OwnAssessment | None) -> None:
        appear(self._strip, way is not None)
        appear(self.appeal_button, way is not None and way.published_on is not None and way.settled_on is None)
        if way is not None:
            self.strip.go_to(way.state.step)
            self._way.setText(_way_words(way))
        self._stack.setCurrentIndex(0 if verified is None else 1)
        if verified is None:
            return
        from desktop.ui.home import judged_share
        from desktop.ui.standards.common import short_name
        from desktop.ui.widgets import clear

        layout = self._figures.layout()
        if layout is not None:
            clear(layout)
            for value, caption in (
                (verified.rate_text, "核定得分率"),
                (own.rate_text, "自评得分率"),
            ):
                layout.addWidget(box(figure(value, caption)))
        whole, parts = compare(own, verified)
        self._verdict.setText(
            f"核定已得 {hundredths(verified.total)} 分（{verified.parts_text}），"
            f"还有 {hundredths(verified.pending)} 分待评或未到期"
        )
        capped = "".join(f"限定条件：{gate.name}（{gate.ground}），{gate.effect}。" for gate in verified.gates)
        told = f"自评已得 {hundredths(own.total)} 分（{own.parts_text}），还有 {hundredths(own.pending)} 分待评或未到期"
        self._words.setText(f"{told}；按 {own.on.isoformat()} 的记录计。")
        self._apart.setText(f"{_apart_words(whole)}{capped}")
        self._grade.show_state(f"总部核定：{verified.grade_text}", "wait")
        self.dimensions.set_rows(parts)
        labels = [short_name(part.dimension.name) for part in own.dimensions]
        lines = [(theme.FAINT, "自评", own), (theme.RED, "总部核定", verified)]
        self.radar.show_series(
            labels, [(color, name, [judged_share(part) for part in score.dimensions]) for color, name, score in lines]
        )
        self.criteria.set_rows(_differing(own, verified))
        self._fit()


def _way_words(way: OwnAssessment) -> str:
    """Say of which quarter the strip speaks, and what the branch does now."""
    said = {
        AssessmentState.NOT_ASKED: f"不用报，{way.not_asked}",
        AssessmentState.OPEN: "还没有自评：到检查清单逐条登记，或者导入自评",
        AssessmentState.SELF_DONE: "报送包已经生成，还没有收到总部的回执" if way.waiting else "自评了，还没有报送",
        AssessmentState.SUBMITTED: "已经报送，等总部核定",
        AssessmentState.VERIFIED: "总部核定完了，等赛马公示",
        AssessmentState.APPEALED: "申诉等总部决定",
    }
    published = f"{way.published_on:%Y-%m-%d} 公示，有异议的在申诉期里提" if way.published_on is not None else ""
    if way.settled_on is not None:
        published = f"{way.settled_on:%Y-%m-%d} 定案，是最终结果"
    return f"{period_name(way.period)}：{said.get(way.state) or published}。"


def _differing(own: Score, verified: Score) -> list[Differing]:
    out = []
    theirs = {item.id: item for item in verified.items}
    for item in own.items:
        other = theirs.get(item.id)
        if other is None:
            continue
        for mine, judged in zip(item.criteria, other.criteria, strict=False):
            if judged.rated is None or mine.share == judged.share:
                continue
            out.append(
                Differing(
                    item.id, item.item.title, mine.criterion.text, _judged(mine), _judged(judged), judged.rated.ground
                )
            )
    return out


def _judged(part: CriterionScore) -> str:
    return part.text if part.share is not None else "待评"
