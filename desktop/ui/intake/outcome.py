"""The third step: what the import would do. Five numbers, each with its list; what is open is asked at the right."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.services.intake.looks import Part
from desktop.ui import theme
from desktop.ui.intake.hand import InHand, importable, left_words, own_warnings, unasked, verdict
from desktop.ui.intake.lists import ChangeTable, LeftTable, NewTable, change_lines, new_lines, plain_tables
from desktop.ui.intake.questions import AskColumn
from desktop.ui.table_model import DataTable
from desktop.ui.widgets import Glyph, RowButton, Segments, appear, box, button, clear, col, fixed, link, row, rule, text
from desktop.ui.widgets.progress import ProgressStrip

ASK_WIDTH, BESIDE_FROM, LOW = 360, 1060, 460
OPEN = "open"
HINTS = {
    "changed": "去掉勾就保留原来的；双击一行可以直接改。",
    "new": "去掉勾就不导入这一行。",
    "left": "双击，或点“改为导入”。",
    "rejected": "在右边当场改，或导出退回表，改好再导入。",
}


class OutcomeView(QWidget):
    """What was tried. The page hears by signals what the person decides."""

    ticked = Signal(object)
    edited = Signal(object, str)
    restored = Signal(object)
    answered = Signal(object, str)
    answered_all = Signal(object, str)
    answered_each = Signal(object)
    corrected = Signal(object, str)
    rejects_asked = Signal()
    export_asked = Signal(object)

    def __init__(self, unit: str, reveal: Callable[[Callable[[], object]], object] | None) -> None:
        super().__init__()
        self._unit = unit
        self._hand: InHand | None = None
        self._current, self._beside = "", True
        self.strip = ProgressStrip()
        self.ask = AskColumn(unit, reveal)
        self.changed, self.new, self.left = ChangeTable(), NewTable(), LeftTable()
        self.same, self.rejected, self.warned, self.proposed = plain_tables()
        self.tables: Mapping[str, DataTable[Any]] = {
            "changed": self.changed,
            "new": self.new,
            "same": self.same,
            "rejected": self.rejected,
            "left": self.left,
            "warned": self.warned,
            "proposed": self.proposed,
        }
        self.figures: dict[str, RowButton] = {}
        self.views: Segments | None = None
        self.export_button = button("导出这张表", self._export, "small", "download")
        self._lists = QWidget()
        self._stack = QStackedLayout(self._lists)
        for table in self.tables.values():
            self._stack.addWidget(table)
        self._ask_page = box(col(gap=0))
        self._stack.addWidget(self._ask_page)
        self._hint, self._after = text("", "small"), text("导入后可整批撤销，直到有记录用到这些数据", "small")
        self._views_slot = row(gap=0)
        head = row(self._views_slot, ..., self.export_button, gap=8, pad=(14, 0, 14, 0))
        foot = row(self._hint, ..., self._after, pad=(14, 2, 14, 0))
        lists = box(col(head, (self._lists, 1), rule(), foot, gap=8, pad=(1, 12, 1, 9)), "card")
        self._ask_box = fixed(box(col(gap=0)), ASK_WIDTH)
        self.setLayout(col(self._head(), self.strip, (row((lists, 1), self._ask_box, gap=12), 1), gap=12))
        for table in (self.changed, self.new):
            table.ticked.connect(self.ticked)
        self.changed.edited.connect(self.edited)
        self.left.restored.connect(self.restored)
        self.ask.answered.connect(self.answered)
        self.ask.answered_all.connect(self.answered_all)
        self.ask.answered_each.connect(self.answered_each)
        self.ask.corrected.connect(self.corrected)
        self.ask.rejects_asked.connect(self.rejects_asked)

    def show_result(self, hand: InHand) -> None:
        """Show what an import would do."""
        self._hand = hand
        result = hand.result
        if result is None:
            return
        fine = result.complete and bool(importable(result) or result.unchanged)
        self._mark.show_icon("circle-check" if fine else "alert-triangle", theme.GREEN if fine else theme.AMBER)
        self._verdict.setText(verdict(result, self._unit))
        blank = f"，其中 {result.blank} 行没有填，跳过" if result.blank else ""
        self._words.setText(f"“{hand.name}”共 {result.read} {self._unit}{blank}。还没有改动任何记录。")
        self._fill_figures()
        self._fill_left()
        self.changed.set_rows(change_lines(hand), same=lambda line: line.place)
        self.new.set_rows(new_lines(hand), same=lambda line: line.place)
        self.same.set_rows(result.same)
        self.rejected.set_rows(result.rejected)
        self.left.set_rows(result.left_out)
        self.warned.set_rows(own_warnings(result))
        self.proposed.set_rows(result.proposals)
        self.ask.show_open(hand.open, result.rejected, hand.choices, named=len(hand.looks) > 1)
        self._fit()
        self._build_views()

    def show_list(self, key: str) -> None:
        """Turn to a list, or to what is open."""
        self._current = key
        if self.views is not None and key in self._keys():
            self.views.choose(key)
        self._stack.setCurrentWidget(self._ask_page if key == OPEN else self.tables[key])
        self._hint.setText(HINTS.get(key, ""))
        appear(self.export_button, key != OPEN)

    def hasHeightForWidth(self) -> bool:
        """Ask the page for no more height than there must be: the lists scroll, each in itself."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room what is open is a tab of the lists, and opens first."""
        super().resizeEvent(event)
        self._fit()

    # ---- parts ----
    def _head(self) -> QWidget:
        self._mark = Glyph("circle-check", theme.GREEN, 28)
        self._verdict, self._words = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self._figures = row(gap=4)
        self._left_line = row(gap=18)
        self._left_box = box(col(rule(), self._left_line, gap=8))
        top = row(self._mark, (col(self._verdict, self._words, gap=2), 1), box(self._figures), gap=14)
        return box(col(top, self._left_box, gap=8, pad=(20, 10, 16, 10)), "card")

    def _fill_figures(self) -> None:
        hand = self._hand
        if hand is None or hand.result is None:
            return
        result = hand.result
        clear(self._figures)
        self.figures = {}
        for key, number, name, tone in (
            ("new", result.accepted, "新增", "good"),
            ("changed", result.updated, "更新", ""),
            ("same", result.unchanged, "不变", ""),
            (OPEN, result.waiting, "待确认", "part"),
            ("rejected", len(result.rejected), "退回", "bad"),
        ):
            words = col(text(str(number), "num", tone if number else ""), text(name, "sub"), gap=0, pad=(9, 2, 9, 4))
            part = RowButton(f"{name} {number}", words, partial(self._figure_pressed, key))
            self._figures.addWidget(part)
            self.figures[key] = part

    def _figure_pressed(self, key: str) -> None:
        if key == OPEN and key not in self._keys():
            self.ask.stand_on_first()
            return
        self.show_list(key)

    def _fill_left(self) -> None:
        hand = self._hand
        if hand is None or hand.result is None:
            return
        clear(self._left_line)
        parts = left_words(hand.result)
        appear(self._left_box, bool(parts))
        if not parts:
            return
        count = len(hand.result.left_out)
        self._left_line.addWidget(text(f"没有导入的 {count} 处", "strong"))
        for part, words in parts:
            self._left_line.addWidget(link(_shortened(words), partial(self._show_left, part)))
        self._left_line.addStretch(1)
        if not unasked(hand.result):
            self._left_line.addWidget(text("不用再定", "small"))

    def _show_left(self, part: Part) -> None:
        self.show_list("left")
        self.left.select(lambda line: line.kind is part)

    # ---- lists ----
    def _keys(self) -> list[str]:
        keys = [key for key, table in self.tables.items() if table.model.everything() or key in ("changed", "new")]
        return [OPEN, *keys] if self._waits() and self._ask_box.isHidden() else keys

    def _count_open(self) -> int:
        hand = self._hand
        return len(hand.open) + len(hand.result.rejected) if hand is not None and hand.result is not None else 0

    def _waits(self) -> bool:
        """Return whether anything waits for a person."""
        hand = self._hand
        return hand is not None and hand.result is not None and bool(hand.open or hand.result.rejected)

    def _build_views(self) -> None:
        keys = self._keys()
        clear(self._views_slot)
        parts = [(key, self._named(key)) for key in keys]
        self.views = Segments(parts, name="结果")
        self.views.changed.connect(self.show_list)
        self._views_slot.addWidget(self.views)
        first = next((key for key in keys if key == OPEN or self.tables[key].model.everything()), keys[0])
        self.show_list(self._current if self._current in keys else first)

    def _named(self, key: str) -> str:
        if key == OPEN:
            return f"待你定 {self._count_open()}"
        return f"{self.tables[key].name} {len(self.tables[key].model.everything())}"

    def _export(self) -> None:
        if self._current in self.tables:
            self.export_asked.emit(self.tables[self._current].sheet())

    def _fit(self) -> None:
        beside = self.width() >= BESIDE_FROM
        home = self._ask_box if beside else self._ask_page
        if self.ask.parentWidget() is not home:
            layout = home.layout()
            if layout is not None:
                layout.addWidget(self.ask)
            appear(self.ask, True)
        moved = beside is not self._beside
        self._beside = beside
        appear(self._ask_box, beside and self._waits())
        appear(self._after, beside)
        appear(self._words, self.height() >= LOW)
        if moved and self._hand is not None and self._hand.result is not None:
            self._current = "" if not beside or self._current == OPEN else self._current
            self._build_views()


def _shortened(words: str, most: int = 34) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
