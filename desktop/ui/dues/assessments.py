"""党费核定: a year's bases, member by member, with the table of rates."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.dues import DuesClass, DuesRounding
from desktop.services.dues.assessing import AssessmentRow, AssessmentService
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.words import grouped, percent, yuan
from desktop.services.standards.dues_rules import DuesRules
from desktop.ui.dues.dialogs import ASSESSMENTS, AssessmentDialog
from desktop.ui.intake.page import IntakePage
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, box, button, col, row, set_text, text
from desktop.ui.widgets.fields import Choice

COLUMNS: tuple[Column[AssessmentRow], ...] = (
    Column("姓名", lambda r: r.name, width=110),
    Column("类别", lambda r: r.dues_class, width=96, tone="sub", fold=660),
    Column("从几月起", lambda r: r.from_month, text=lambda v: f"{v}月", width=84, tone="sub", fold=860),
    Column("基数", lambda r: r.base_fen, text=lambda v: grouped(v) or "—", width=110, align="r"),
    Column("比例", lambda r: r.rate_ppm, text=lambda v: percent(v) or "—", width=70, align="r", tone="sub", fold=480),
    Column(
        "月交",
        lambda r: r.monthly_fen,
        cell=lambda r: Txt("—" if r.monthly_fen is None else yuan(r.monthly_fen), bold=True, align="r"),
        width=90,
        align="r",
    ),
    Column("核定日期", lambda r: r.assessed_on, width=110, tone="sub", fold=900),
    Column("说明", lambda r: r.note, cell=lambda r: Two(_state(r), r.reason or r.note)),
    Column(
        "状态",
        lambda r: bool(r.id),
        cell=lambda r: (
            Tag(r.relief.label, "wait") if r.relief else Tag("已核定", "good") if r.id else Tag("未核定", "part")
        ),
        width=84,
    ),
)


def _state(source: AssessmentRow) -> str:
    if source.id:
        return f"批复{source.document_no}" if source.document_no else source.approved_by or "—"
    return f"暂按{source.source}" if source.source else "没有基数，请填"


class AssessmentPage(Page):
    """党费核定, pushed from the ledger."""

    title = "党费核定"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.assessments, self.ledgers = desk.service(AssessmentService), desk.service(LedgerService)
        self.looks = not desk.may_write(ASSESSMENTS)
        self.carry_button = desk.offered(ASSESSMENTS, button("其余从名册带过来", self.carry_over, "primary", "check"))
        self.import_button = desk.offered(ASSESSMENTS, button("导入核定表", self.open_import, "", "table-import"))
        self.later_button = desk.offered(ASSESSMENTS, button("年内变化", self.change, "", "plus"))
        roundings = [(each, f"四舍五入{each.label}") for each in DuesRounding]
        self.rounding = Choice("取整", roundings, width=150)
        self.rounding.setEnabled(not self.looks)
        self.rates, self.count = text("", "small", wrap=True), text("", "sub")
        empty = EmptyState("users", "名册上还没有交党费的党员。", "先登记或导入党员名册。")
        self.table: DataTable[AssessmentRow] = DataTable(COLUMNS, "党费核定", empty, height=46)
        self.table.opened.connect(self.open_row)
        self.rounding.currentIndexChanged.connect(lambda _at: self._round())
        head = row(self.count, ..., self.rounding)
        self.setLayout(col(head, box(col(self.rates), "clear"), (self.table, 1), gap=8, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """Excel, a change within the year, and the one primary action."""
        return (self.import_button, self.later_button, self.carry_button)

    def reload(self) -> None:
        """Read the assessments of the year, and the table of rates."""
        year = self.desk.year

        def work() -> tuple[list[AssessmentRow], DuesRules, DuesRounding]:
            return self.assessments.rows(year), self.ledgers.rules(year), self.ledgers.rounding()

        self.read(work, lambda got: self._show(*got))

    def _show(self, rows: list[AssessmentRow], rules: DuesRules, rounding: DuesRounding) -> None:
        self.table.set_rows(rows)
        waiting = sum(not each.id for each in rows)
        set_text(
            self.count, f"{self.desk.year}年：已核定 {len({r.member_id for r in rows if r.id})} 人，未核定 {waiting} 人"
        )
        self.carry_button.setEnabled(any(not each.id and each.monthly_fen is not None for each in rows))
        self.rounding.blockSignals(True)
        self.rounding.set_value(rounding)
        self.rounding.blockSignals(False)
        set_text(self.rates, f"基数：{rules.base}。{'；'.join(rate_words(rules))}。")

    def open_row(self, source: AssessmentRow) -> None:
        """Open one assessment, or assess who is not yet."""
        AssessmentDialog(self, source).open()

    def change(self) -> None:
        """Assess the chosen member anew from a month of the year on."""
        source = self.table.current()
        if source is None or not source.id:
            self.desk.say("先选一名已经核定的党员：退休、少交、免交从哪个月起，另核一条。")
            return
        AssessmentDialog(self, source, later=True).open()

    def carry_over(self) -> None:
        """Assess everybody else by what the roster or last year says."""
        year = self.desk.year
        self.act(
            lambda: self.assessments.carry_over(year),
            lambda count: f"已核定 {count} 人，逐个核对后请本人确认。",
            buttons=(self.carry_button,),
        )

    def open_import(self) -> None:
        """Take assessments from Excel."""
        self.desk.push(IntakePage(self.desk, "dues_assessment", "党费核定表"))

    def _round(self) -> None:
        chosen = self.rounding.value()
        if chosen is not None:
            self.act(lambda: self.ledgers.set_rounding(chosen), f"以后核定的月交{chosen.label}。")


def rate_words(rules: DuesRules) -> list[str]:
    """Return the table of rates in words, a class a line."""
    found = []
    for dues_class in (DuesClass.WORKING, DuesClass.RETIRED):
        parts = [
            f"{bracket.up_to}元以下{bracket.rate * 100:f}".rstrip("0").rstrip(".") + "%"
            if bracket.up_to is not None
            else f"以上{bracket.rate * 100:f}".rstrip("0").rstrip(".") + "%"
            for bracket in rules.brackets.get(dues_class, ())
        ]
        found.append(f"{dues_class.label}（全额）：{'，'.join(parts)}")
    least, most = rules.farmer
    found.append(f"农民每月{least}至{most}元，学生和无固定收入{rules.student}元")
    return found
