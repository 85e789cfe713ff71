"""标准化 > 检查清单: the dimensions, the items of one, and one item opened."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import hundredths
from desktop.services.standards.score import DimensionScore, ItemScore, Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import RUNNING
from desktop.ui.output import export_button, print_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.sheets import Sheet
from desktop.ui.standards.common import (
    STATUS_TONES,
    full,
    gain_words,
    quality_cell,
    score_day,
    trace_cell,
)
from desktop.ui.standards.detail import show_item
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Meter,
    RowButton,
    Segments,
    box,
    button,
    clear,
    col,
    fixed,
    row,
    rule,
    scroll,
    set_tone,
    text,
)
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.pane import DetailPane, ListWithPane

NUMERALS = "一二三四五六七八九十"
EVERYBODY = ""


def reason(item: ItemScore) -> str:
    """Return the small line under an item's name: what is missing, else what is asked."""
    lacking = item.gaps or (item.upcoming if item.status == RUNNING else ())
    if lacking:
        words = lacking[0].what
        return words if len(lacking) == 1 else f"{words}等 {len(lacking)} 处"
    if item.verdict.notes:
        return item.verdict.notes[0]
    return item.item.target


COLUMNS: tuple[Column[ItemScore], ...] = (
    Column("编号", lambda r: r.id, width=74, tone="sub"),
    Column("做什么", lambda r: r.item.title, cell=lambda r: Two(r.item.title, reason(r)), least=130),
    Column("痕迹", lambda r: r.trace_points, text=hundredths, cell=trace_cell, width=100, fold=340),
    Column("质量", lambda r: r.quality_points, text=hundredths, cell=quality_cell, width=100, fold=320),
    Column("状态", lambda r: r.status_word, cell=lambda r: Tag(r.status_word, STATUS_TONES[r.status]), width=84),
)


class DimensionRow(RowButton):
    """One dimension: name, points got of the full mark, and its bar."""

    def __init__(self, part: DimensionScore) -> None:
        self._name = text(part.dimension.name)
        meter = Meter(part.max or 1, (part.score, "good"), (part.pending, "wait"))
        head = row(self._name, ..., text(hundredths(part.score), "strong"), text(f"/ {full(part.max)}", "small"), gap=4)
        spoken = f"{part.dimension.name}，已得 {hundredths(part.score)}，满分 {full(part.max)}"
        super().__init__(spoken, col(head, meter, gap=6, pad=(12, 8, 12, 9)))
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.toggled.connect(self._mark)

    def _mark(self, on: bool) -> None:
        set_tone(self._name, "bad" if on else "")


class ChecklistPage(Page):
    """检查清单."""

    title = "检查清单"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(StandardService)
        self.score: Score | None = None
        self._at, self._wanted = 0, ""
        self.filter = Segments((("all", "全部条目"), ("gaps", "只看缺的")), name="筛选条目")
        self.person = Choice("责任人", [(EVERYBODY, "全部责任人")], width=150)
        self.export_button = export_button(self, lambda: self.table.sheet())
        self.print_button = self.desk.offered(Act.EXPORT, button("打印缺项单", self.print_gaps, "", "printer"))
        empty = EmptyState("clipboard-check", "这一维度没有条目。")
        self.table: DataTable[ItemScore] = DataTable(COLUMNS, "检查清单", empty, height=51)
        self.pane = DetailPane("条目详情")
        self._total, self._reach = text("", "num"), Chip("")
        self._parts = text("", "small", wrap=True)
        self._meter = Meter(1, height=8)
        self._names = col(gap=2)
        self._rows: list[DimensionRow] = []
        self.pick = Choice("维度", width=300)
        self._count = text("", "sub")
        self.split = ListWithPane(self.table, self.pane, self._dimensions(), box(row(self.pick, ..., self._count)))
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.filter.changed.connect(lambda _key: self._show_items())
        self.person.currentIndexChanged.connect(lambda _index: self._show_items())
        self.pick.currentIndexChanged.connect(self._picked)
        self.table.picked.connect(self._open_item)

    def bar_actions(self) -> Sequence[QWidget]:
        return (self.filter, self.person, self.export_button, self.print_button)

    def reload(self) -> None:
        on, year = score_day(self.desk), self.desk.year
        self.read(lambda: self.service.score(on, year), self._show)

    def go(self, where: dict[str, Any]) -> None:
        self._wanted = where.get("item", "")
        if where.get("filter"):
            self.filter.choose(where["filter"])
        if where.get("dimension"):
            self._go_dimension(where["dimension"])
        self._jump()

    def print_gaps(self) -> None:
        """Write what is missing, with who mends it and by when, as a PDF to print."""
        if self.score is None:
            return
        heads = ("条目", "缺什么", "责任人", "最迟", "补上加分")
        rows = tuple(
            (
                f"{job.item_id} {job.title}",
                job.what,
                job.who.text,
                job.first.by.isoformat() if job.first.by else "",
                gain_words(job),
            )
            for job in self.score.jobs
        )
        print_sheet(self, Sheet(f"{self.score.year}年标准化缺项单", heads, rows, rows))

    def _go_dimension(self, wanted: str) -> None:
        for number, part in enumerate(self.score.dimensions if self.score else ()):
            if part.id == wanted:
                self._choose(number)

    def _dimensions(self) -> QWidget:
        head = col(
            row(self._total, text("自评已得", "sub"), ..., self._reach, gap=6),
            self._meter,
            self._parts,
            text("灰蓝色：未到期或待评，不算丢分", "small", wrap=True),
            gap=6,
            pad=(12, 4, 12, 8),
        )
        rows = scroll(col(self._names, ..., gap=0))
        return fixed(box(col(head, rule(), (rows, 1), gap=6, pad=(6, 10, 6, 6)), "card"), width=276)

    def _show(self, score: Score) -> None:
        self.score = score
        self._total.setText(hundredths(score.total))
        self._parts.setText(f"其中{score.parts_text}")
        self._reach.show_state(f"最高 {hundredths(score.reachable)}", "none")
        self._meter.show_parts(score.max or 1, (score.total, "good"), (score.pending, "wait"))
        clear(self._names)
        self._rows = []
        options = []
        for number, part in enumerate(score.dimensions):
            line = DimensionRow(part)
            line.clicked.connect(lambda _checked=False, number=number: self._choose(number))
            self._names.addWidget(line)
            self._rows.append(line)
            options.append(
                (
                    number,
                    f"{NUMERALS[number]}  {part.dimension.name}　已得 {hundredths(part.score)} / {full(part.max)}",
                )
            )
        self.pick.set_options(options, self._at)
        people = sorted({item.who.text for item in score.items if item.who.text})
        chosen = self.person.value()
        self.person.blockSignals(True)
        self.person.set_options([(EVERYBODY, "全部责任人"), *((name, name) for name in people)], chosen)
        self.person.blockSignals(False)
        self._choose(min(self._at, len(score.dimensions) - 1))
        self._jump()

    def _jump(self) -> None:
        if self._wanted and self.score is not None:
            for number, part in enumerate(self.score.dimensions):
                if any(item.id == self._wanted for item in part.items):
                    self.filter.choose("all")
                    self.person.set_value(EVERYBODY)
                    self._choose(number)
                    self.table.select(lambda item: item.id == self._wanted)
            self._wanted = ""

    def _picked(self, number: int) -> None:
        if self.score is not None and number >= 0 and number != self._at:
            self._choose(number)

    def _choose(self, number: int) -> None:
        self._at = max(number, 0)
        if self._rows:
            self._rows[self._at].setChecked(True)
        self.pick.blockSignals(True)
        self.pick.set_value(self._at)
        self.pick.blockSignals(False)
        self._show_items()

    def _show_items(self) -> None:
        if self.score is None or not self.score.dimensions:
            return
        items = self.score.dimensions[self._at].items
        gaps_only, person = self.filter.current() == "gaps", self.person.value()
        self.table.model.set_filter(
            (lambda item: (not gaps_only or bool(item.gaps)) and person in (EVERYBODY, item.who.text))
            if gaps_only or person
            else None
        )
        self.table.set_rows(items, same=lambda item: item.id)
        short = sum(1 for item in items if item.gaps)
        self._count.setText(f"共 {len(items)} 条，缺 {short} 条")
        current = self.table.current()
        if current is None:
            self.pane.hide()

    def _open_item(self, item: ItemScore) -> None:
        show_item(self, self.pane, item, self.service)
        self.split.open_pane()
