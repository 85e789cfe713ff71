"""设置 > 使用记录: who did what when, to be filtered, searched, exported and printed."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import TrailKind
from desktop.services.history import MOST_OF_TRAIL, HistoryService, TrailRow
from desktop.ui.output import export_sheet, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import EmptyState, button, col, row, set_text, text
from desktop.ui.widgets.fields import Choice, edit

ALL = ""
PROGRAM = "程序"
WEEK, MONTH, YEAR = "week", "month", "year"
PERIODS = ((WEEK, "最近7天"), (MONTH, "最近31天"), (YEAR, "最近一年"), (ALL, "全部时间"))
DAYS = {WEEK: 6, MONTH: 30, YEAR: 365}
COLUMNS: tuple[Column[TrailRow], ...] = (
    Column("时间", lambda line: line.at, text=lambda at: f"{at:%Y-%m-%d %H:%M}", width=150),
    Column("使用人", lambda line: line.actor or PROGRAM, width=120, tone="sub"),
    Column("类别", lambda line: line.kind.label, width=160, tone="sub", fold=560),
    Column("做了什么", lambda line: line.sentence),
)


class TrailPage(Page):
    """使用记录."""

    own_period = True

    title = "使用记录"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(HistoryService)
        self.period = Choice("时间段", PERIODS, MONTH, width=120)
        self.person = Choice("使用人", [(ALL, "全部使用人")], width=150)
        self.kind = Choice("类别", [(ALL, "全部类别"), *((kind, kind.label) for kind in TrailKind)], width=180)
        self.needle = edit("查找使用记录", hint="查找", width=150)
        self.needle.setClearButtonEnabled(True)
        self.export_button = button("导出", lambda: export_sheet(self, self.table.sheet()), "", "download")
        self.print_button = button("打印", lambda: print_sheet(self, self.table.sheet()), "", "printer")
        for part in (self.export_button, self.print_button):
            desk.offered(Act.EXPORT, part)
        empty = EmptyState("history", "这里没有使用记录。", "换一个时间段或类别看看。")
        self.table: DataTable[TrailRow] = DataTable(COLUMNS, "使用记录", empty, height=36)
        self.count = text("", "sub")
        self.setLayout(
            col(
                row(self.period, self.person, self.kind, self.needle, ..., self.count),
                (self.table, 1),
                gap=10,
                pad=(24, 14, 24, 16),
            )
        )
        self.period.currentIndexChanged.connect(lambda _index: self.reload())
        self.person.currentIndexChanged.connect(lambda _index: self._filter())
        self.kind.currentIndexChanged.connect(lambda _index: self._filter())
        self.needle.textChanged.connect(self.table.model.set_needle)
        self.table.model.modelReset.connect(self._tell_count)

    def bar_actions(self) -> Sequence[QWidget]:
        """What is in view, to Excel and to paper."""
        return (self.export_button, self.print_button)

    def focus_filter(self) -> None:
        """Put the cursor into the words to look for."""
        self.needle.setFocus()
        self.needle.selectAll()

    def reload(self) -> None:
        """Read the lines of the period in view."""
        since = self._since()
        self.read(lambda: self.service.trail(since), self._show)

    def _since(self) -> date | None:
        days = DAYS.get(str(self.period.value()))
        return None if days is None else self.desk.store.today - timedelta(days=days)

    def _show(self, lines: list[TrailRow]) -> None:
        people = sorted({line.actor or PROGRAM for line in lines})
        chosen = self.person.value()
        self.person.blockSignals(True)
        self.person.set_options([(ALL, "全部使用人"), *((name, name) for name in people)], chosen)
        self.person.blockSignals(False)
        self.table.set_rows(lines)
        self._filter()

    def _filter(self) -> None:
        person, kind = self.person.value(), self.kind.value()
        self.table.model.set_filter(
            lambda line: person in (ALL, line.actor or PROGRAM) and (not kind or line.kind is kind)
        )

    def _tell_count(self) -> None:
        model = self.table.model
        most = f"，只列最近 {MOST_OF_TRAIL} 条" if len(model.everything()) >= MOST_OF_TRAIL else ""
        set_text(self.count, f"共 {len(model.rows())} 条{most}")
