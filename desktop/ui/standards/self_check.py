"""自查: contradictions between the records of a year, each with the way to mend it; and its line on other pages."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.self_check import Severity
from desktop.services.self_check.service import Finding, SelfCheck, SelfCheckService
from desktop.ui.output import export_sheet, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_where, verb_at
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, Segments, box, button, col, link, row, set_text, text
from desktop.ui.widgets.progress import ProgressStrip

TONES = {Severity.WRONG: "bad", Severity.DOUBT: "part", Severity.NOTE: "wait"}
ORDER = list(Severity)
EVERY = "every"
SELF_CHECK = "self_check"
"""What a link to the inspection page says for it to list the contradictions."""
WORDS = "只看记录之间对不对得上，不改动任何记录。改哪一条由人定：双击打开那条记录。"


class SelfCheckPage(Page):
    """自查, pushed over the page that asked for it: of the year in view, or of that of a report."""

    title = "记录自查"

    def __init__(self, desk: Desk, year: int | None = None) -> None:
        super().__init__(desk)
        self._year = year
        self.service = desk.service(SelfCheckService)
        self.found: SelfCheck | None = None
        self.severity = Segments(((EVERY, "全部"), *((each.value, each.label) for each in ORDER)), name="程度")
        self.severity.changed.connect(lambda _key: self._filter())
        self.again_button = button("再查一遍", self.run, icon="refresh")
        self.export_button = desk.offered(Act.EXPORT, button("导出", self.export, icon="download"))
        self.print_button = desk.offered(Act.EXPORT, button("打印", self.print_list, icon="printer"))
        self._sum = text("", "strong")
        self.strip = ProgressStrip()
        empty = EmptyState("circle-check", "没有发现矛盾。", "表决、出席、名册、职务、党费、照片、台账互相对得上。")
        self.table: DataTable[Finding] = DataTable(self._columns(), "记录自查", empty, height=50)
        self.table.opened.connect(self.open_finding)
        self.table.view.clicked.connect(lambda index: self._clicked(index.column()))
        head = row(self._sum, text(WORDS, "sub"), ..., self.severity, gap=12)
        self.setLayout(col(head, self.strip, (self.table, 1), gap=10, pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """The list out, and once more."""
        return (self.export_button, self.print_button, self.again_button)

    def subtitle(self) -> str:
        return f"{self._year or self.desk.year} 年"

    def reload(self) -> None:
        """Look through the records of the year."""
        self.run()

    def run(self) -> None:
        """Look through them again."""
        year = self._year or self.desk.year
        self.call(
            lambda progress: self.service.run(year, progress),
            self._show,
            strip=self.strip,
            words="正在核对记录",
            buttons=(self.again_button,),
            long=True,
        )

    def open_finding(self, finding: Finding) -> None:
        """Go to the record that is to be mended."""
        if verb_at(self.desk, finding.where, finding.check.verb):
            open_where(self.desk, finding.where)
        else:
            self.desk.say("这条记录由别的同志登记，请把矛盾的地方告诉他。")

    def export(self) -> None:
        """Write the list to a workbook."""
        export_sheet(self, self.table.sheet())

    def print_list(self) -> None:
        """Write the list as a PDF to print."""
        print_sheet(self, self.table.sheet(), WORDS)

    def _columns(self) -> tuple[Column[Finding], ...]:
        return (
            Column("程度", lambda f: ORDER.index(f.severity), text=_severity, cell=_tag, width=76),
            Column("哪里对不上", lambda f: f.what, cell=lambda f: Two(f.what, f"改法：{f.check.mend}")),
            Column("查的是", lambda f: f.check.title, width=230, tone="sub", fold=860),
            Column("日期", lambda f: f.on, text=lambda v: str(v or "—"), width=106, tone="sub", fold=680),
            Column("去改", self._verb, cell=lambda f: Txt(self._verb(f), "bad"), width=84),
        )

    def _verb(self, finding: Finding) -> str:
        return verb_at(self.desk, finding.where, finding.check.verb)

    def _clicked(self, column: int) -> None:
        finding = self.table.current()
        if finding is not None and column == len(self._columns()) - 1:
            self.open_finding(finding)

    def _show(self, found: SelfCheck) -> None:
        self.found = found
        notes = found.counts[Severity.NOTE]
        set_text(self._sum, found.words + (f"，提醒 {notes} 处" if notes else ""))
        self.table.set_rows(found.findings, same=lambda finding: (finding.check.id, finding.what))

    def _filter(self) -> None:
        wanted = self.severity.current()
        self.table.model.set_filter(None if wanted == EVERY else lambda finding: finding.severity.value == wanted)


def _severity(order: int) -> str:
    return ORDER[order].label


def _tag(finding: Finding) -> Cell:
    return Tag(finding.severity.label, TONES[finding.severity])


class SelfCheckLine(QWidget):
    """One line on a page from which records leave: what the self-check says, and the way to its list."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._year, self._generation = page, 0, -1
        self._words = text("记录自查：还没有查", "sub")
        self._go = link("看自查", lambda: page.desk.push(SelfCheckPage(page.desk, self._year)))
        self.setLayout(col(box(row(self._words, self._go, ..., gap=10)), gap=0))

    def load(self, of_year: int | None = None) -> None:
        """Look through a year (the one in view), where records changed since."""
        desk = self._page.desk
        year = of_year or desk.year
        if (self._year, self._generation) == (year, desk.generation):
            return
        self._year, self._generation = year, desk.generation
        service = desk.service(SelfCheckService)
        self._page.read(lambda: service.run(year), self._show, long=True)

    def _show(self, found: SelfCheck) -> None:
        bad = found.counts[Severity.WRONG] + found.counts[Severity.DOUBT]
        set_text(self._words, f"{found.year} 年记录自查：{found.words}")
        self._go.setText("看怎样改" if bad else "看自查")
