"""Where the score of a branch stands, period by period (各期进度): its own number, headquarters', and its result."""

from desktop.models.vocabulary.assessment import AssessmentState
from desktop.services.assessment import AssessmentService, Numbers, OwnAssessment
from desktop.services.numbers import hundredths, points
from desktop.services.race.editions import period_name
from desktop.ui.page import Page
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, text
from desktop.ui.widgets.dialogs import Dialog

WIDTH, HEIGHT = 820, 300
TONES = {
    AssessmentState.NOT_ASKED: "none",
    AssessmentState.OPEN: "none",
    AssessmentState.SELF_DONE: "wait",
    AssessmentState.SUBMITTED: "wait",
    AssessmentState.VERIFIED: "part",
    AssessmentState.PUBLISHED: "part",
    AssessmentState.APPEALED: "wait",
    AssessmentState.FINAL: "good",
}


def _rate(numbers: Numbers | None) -> str:
    return hundredths(None if numbers is None else numbers.rate, "待评")


def _days(line: OwnAssessment) -> str:
    told = [line.not_asked, f"{line.published_on:%Y-%m-%d} 公布" if line.published_on else ""]
    told.append(f"{line.settled_on:%Y-%m-%d} 定案" if line.settled_on else "")
    told.append(f"{line.appeals} 件申诉待决定" if line.appeals else "")
    return "，".join(filter(None, told))


def _result(line: OwnAssessment) -> Two:
    found = line.result
    if found is None:
        return Two("—", "")
    place = f"第 {found.rank} 名 / {found.group_size}" if found.rank is not None else "未排名"
    return Two(f"{points(found.total)}　{found.class_name}", place)


COLUMNS: tuple[Column[OwnAssessment], ...] = (
    Column("周期", lambda line: period_name(line.period), width=126),
    Column("状态", lambda line: line.state.label, cell=lambda line: Tag(line.state.label, TONES[line.state]), width=92),
    Column("自评得分率", lambda line: _rate(line.own), width=96, align="r"),
    Column("核定得分率", lambda line: _rate(line.verified), width=96, align="r"),
    Column("赛马总分、类别", lambda line: _result(line).text, cell=_result, width=150),
    Column("说明", _days, cell=lambda line: Txt(_days(line), "sub")),
)


class PeriodsDialog(Dialog):
    """The assessments of a year: every quarter that has begun, and the year."""

    def __init__(self, page: Page, year: int) -> None:
        service = page.desk.service(AssessmentService)
        empty = EmptyState("clipboard-check", "这一年还没有开始的周期。")
        self.table: DataTable[OwnAssessment] = DataTable(COLUMNS, "各期进度", empty, height=46)
        self.table.setMinimumSize(WIDTH, HEIGHT)
        self.table.opened.connect(self._opened)
        words = (
            "状态由自评、报送、总部反馈推出来，不用填；自评、核定两个数各自保留。双击已公布的一期，看赛马结果和理由。"
        )
        super().__init__(
            page, f"{year}年各期进度", text(words, "sub", wrap=True), self.table, verb="关闭", cancel="", wide=True
        )
        self.page = page
        page.call(lambda progress: service.own_year(year, progress), self._loaded, long=True)

    def _loaded(self, lines: list[OwnAssessment]) -> None:
        self.table.set_rows(lines, same=lambda line: line.period)

    def _opened(self, line: OwnAssessment) -> None:
        if line.result is not None and self.page.desk.has("improve", "race"):
            self.accept()
            self.page.desk.open("improve", "race", period=line.period)
