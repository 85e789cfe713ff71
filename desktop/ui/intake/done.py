"""The last step: what was imported, what of it is still open, and the way back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from desktop.services.spreadsheets.results import ImportResult
from desktop.ui import theme
from desktop.ui.intake.hand import InHand
from desktop.ui.intake.lists import warned_table
from desktop.ui.widgets import (
    Glyph,
    appear,
    box,
    button,
    card,
    clear,
    col,
    figure,
    fixed,
    link,
    row,
    rule,
    set_text,
    text,
)


class DoneView(QFrame):
    """What an import did. The page does what its verbs ask."""

    undo_asked = Signal()
    record_asked = Signal()
    again_asked = Signal()
    rejects_asked = Signal()
    look_asked = Signal()
    next_asked = Signal()

    def __init__(self, name: str, unit: str) -> None:
        super().__init__()
        self.setObjectName("clear")
        self._name, self._unit = name, unit
        self._mark = Glyph("circle-check", theme.GREEN, 32)
        self._verdict, self._words = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self._open = text("", "body", wrap=True)
        self._figures = row(gap=26)
        self.look_button = button(f"看{name}", self.look_asked.emit, "primary")
        self.undo_button = button("撤销这次导入", self.undo_asked.emit)
        self.again_button = button("再导入一个文件", self.again_asked.emit)
        self.rejects_link = link("导出退回表", self.rejects_asked.emit, "download")
        self.record_link = link("导入记录", self.record_asked.emit, "history")
        self.next_link = link("接着导入会议记录", self.next_asked.emit, "calendar-event")
        verbs = row(self.look_button, self.again_button, self.undo_button, ..., gap=10)
        links = row(self.next_link, self.rejects_link, self.record_link, ..., gap=24)
        top = row(self._mark, (col(self._verdict, self._words, gap=3), 1), box(self._figures), gap=16)
        sheet = box(col(top, rule(), self._open, verbs, links, ..., gap=14, pad=(24, 20, 24, 20)), "card")
        self.warned = warned_table()
        self._warnings = card("提醒", (self.warned, 1))
        appear(self._warnings, False)
        self.setLayout(col(fixed(sheet, height=270), (self._warnings, 1), ..., gap=12))

    def show_result(self, hand: InHand, result: ImportResult) -> None:
        """Say what was imported."""
        unit = self._unit
        whole = result.complete
        self._mark.show_icon("circle-check" if whole else "alert-triangle", theme.GREEN if whole else theme.AMBER)
        self._verdict.setText(f"已导入：新增 {result.accepted} {unit}，更新 {result.updated} {unit}")
        self._words.setText(f"“{hand.name}”共 {result.read} {unit}，{result.unchanged} {unit}不变。")
        clear(self._figures)
        for number, name, tone in (
            (result.accepted, "新增", "good"),
            (result.updated, "更新", ""),
            (result.unchanged, "不变", ""),
            (result.waiting, "待确认", "part"),
            (len(result.rejected), "退回", "bad"),
            (len(result.warnings), "提醒", "part"),
        ):
            self._figures.addLayout(figure(str(number), name, tone if number else ""))
        left = []
        if result.waiting:
            left.append(f"{result.waiting} {unit}还没有定，留在导入记录里")
        if result.rejected:
            left.append(f"{len(result.rejected)} 行退回，导出改好再导入")
        if result.left_out:
            left.append(f"{len(result.left_out)} 处没有导入，导入记录里写着原因")
        if result.warnings:
            left.append(f"{len(result.warnings)} 条提醒，在下面，请看一眼")
        self.warned.set_rows(result.warnings)
        appear(self._warnings, bool(result.warnings))
        set_text(self._open, "；".join(left) + "。" if left else "没有退回的，也没有待定的。")
        appear(self.rejects_link, bool(result.rejected))
        appear(self.undo_button, bool(result.run))
        self.look_button.setFocus()

    def show_undone(self, count: int) -> None:
        """Say that the import was taken back."""
        self._mark.show_icon("refresh", theme.SLATE)
        self._verdict.setText("已撤销这次导入")
        self._words.setText(f"{count} 处恢复成导入前的样子。文件没有动，可以改好再导入。")
        set_text(self._open, "")
        appear(self._warnings, False)
        appear(self.undo_button, False)
