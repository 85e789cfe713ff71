"""From Excel: choose a file, read it without changing anything, see what would happen, then take it or leave it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.services.privacy import load_privacy
from desktop.services.progress import Progress
from desktop.services.spreadsheets.workbook import SUFFIXES
from desktop.ui import theme
from desktop.ui.dialogs import ask_open, ask_save
from desktop.ui.output import EXCEL, save_template, told
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Two
from desktop.ui.widgets import (
    EmptyState,
    Glyph,
    Segments,
    appear,
    box,
    button,
    card,
    col,
    figure,
    fixed,
    link,
    row,
    set_text,
    text,
)
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.spreadsheets.results import Changed, ImportResult, Proposal, Rejected, Warned

REJECTED: tuple[Column["Rejected"], ...] = (
    Column("行", lambda r: r.row, width=56, tone="sub"),
    Column("列", lambda r: r.field, width=120),
    Column("原值", lambda r: r.value, width=180, tone="sub"),
    Column("为什么没收", lambda r: r.reason, cell=lambda r: Two(r.reason, "")),
    Column("工作表", lambda r: r.sheet, width=110, tone="sub", fold=860),
)
CHANGED: tuple[Column["Changed"], ...] = (
    Column("记录", lambda r: r.record),
    Column("字段", lambda r: r.field, width=110),
    Column("现在", lambda r: r.before, width=190, tone="sub"),
    Column("导入后", lambda r: r.after),
)
PROPOSED: tuple[Column["Proposal"], ...] = (
    Column("行", lambda r: r.row, width=56, tone="sub"),
    Column("记录", lambda r: r.record, width=220),
    Column("字段", lambda r: r.field, width=110),
    Column("读成", lambda r: r.value, width=160),
    Column("依据", lambda r: r.reason, tone="sub"),
)
WARNED: tuple[Column["Warned"], ...] = (
    Column("行", lambda r: r.row or "", text=lambda v: str(v or "整表"), width=64, tone="sub"),
    Column("列", lambda r: r.field, width=160),
    Column("提醒", lambda r: r.reason),
)

SHEETS = "表格 (" + " ".join(f"*{suffix}" for suffix in SUFFIXES) + ")"
"""What people keep a roster in. What cannot be read is shown too: chosen, it says why and what to do."""

ROSTER = "members"
"""The kind of workbook that holds personal data: what they are for is said beside it."""


class ImportPage(Page):
    """One workbook of one kind."""

    def __init__(self, desk: Desk, kind: str, title: str, template: str = "没有表？保存一份空表") -> None:
        super().__init__(desk)
        self.title = f"导入{title}"
        self._kind, self._name, self._template = kind, title, template
        self._path: Path | None = None
        self._result: ImportResult | None = None
        self.strip = ProgressStrip()
        self.choose_button = button("选择 Excel 文件", self.choose, "primary", "file-spreadsheet")
        self.again_button = button("换一个文件", self.choose)
        self.take_button = button("导入", self.take, "primary", "check")
        self.rejects_button = button("导出退回的行", self.save_rejects, "", "download")
        self._verdict, self._words = text("", "h1", wrap=True), text("", "sub", wrap=True)
        self._figures = box(row(gap=28))
        self._mark = Glyph("circle-check", theme.GREEN, 30)
        self.rejected = DataTable(REJECTED, "退回的行", EmptyState("circle-check", "没有退回的行。"))
        self.changed = DataTable(CHANGED, "会改动的地方", EmptyState("circle-check", "没有要改动的记录。"))
        self.proposed = DataTable(PROPOSED, "程序的判断", EmptyState("circle-check", "没有需要你核对的判断。"))
        self.warned = DataTable(WARNED, "提醒", EmptyState("circle-check", "没有提醒。"))
        self._tables: dict[str, DataTable[Any]] = {
            "rejected": self.rejected,
            "changed": self.changed,
            "proposed": self.proposed,
            "warned": self.warned,
        }
        self._views = Segments([(key, table.name) for key, table in self._tables.items()], name="导入结果")
        self._views.changed.connect(self._show_table)
        self._lists = QWidget()
        self._list_stack = QStackedLayout(self._lists)
        for table in self._tables.values():
            self._list_stack.addWidget(table)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._first())
        self._stack.addWidget(self._second())
        self.setLayout(self._stack)

    def choose(self) -> None:
        """Ask for the file and read it."""
        path = ask_open(self, self.title, SHEETS)
        if path is not None:
            self.read_file(path)

    def read_file(self, path: Path) -> None:
        """Read `path` without changing anything."""
        self._path = path
        desk, kind = self.desk, self._kind

        def work(progress: Progress) -> "ImportResult":
            from desktop.services.workbooks import book

            return book(desk.store, kind).import_file(path, dry_run=True, progress=progress)

        buttons = (self.choose_button, self.again_button, self.take_button)
        self.call(work, self._show, strip=self.strip, words=f"正在读“{path.name}”", buttons=buttons)

    def take(self) -> None:
        """Import what can be imported."""
        path, desk, kind = self._path, self.desk, self._kind
        if path is None:
            return

        def work(progress: Progress) -> "ImportResult":
            from desktop.services.workbooks import book

            return book(desk.store, kind).import_file(path, progress=progress)

        buttons = (self.again_button, self.take_button)
        self.call(work, self._taken, strip=self.strip, words="正在导入", each=1, buttons=buttons)

    def save_rejects(self) -> None:
        """Write the refused rows to a workbook that can be corrected and imported again."""
        result = self._result
        path = ask_save(self, "导出退回的行", f"{self._name}退回的行.xlsx", EXCEL)
        if path is None or result is None:
            return

        def work() -> int:
            from desktop.services.spreadsheets.tables import write_rejects

            return write_rejects(path, result.rejected)

        self.read(work, lambda _count: told(self, path))

    def _first(self) -> QWidget:
        empty = EmptyState(
            "file-spreadsheet",
            f"从 Excel 导入{self._name}",
            "表头叫法、日期写法不限。先读给你看，不改动任何记录；看不准的行会退回并说明原因。",
        )
        steps = row(..., self.choose_button, ...)
        more = row(..., link(self._template, lambda: save_template(self, self._kind, self._name), "download"), ...)
        purpose = row(..., text(load_privacy().purpose, "small"), ...) if self._kind == ROSTER else None
        parts = (fixed(empty, height=150), steps, more, purpose, 8, self.strip_slot())
        sheet = box(col(..., *parts, ..., gap=10, pad=24), "card")
        return box(col(sheet, pad=(24, 14, 24, 16)))

    def strip_slot(self) -> QWidget:
        """Return the place of the progress strip."""
        self._slot = box(row(..., fixed(self.strip, 420), ...))
        return self._slot

    def _second(self) -> QWidget:
        figures = row(
            self._mark, (col(self._verdict, self._words, gap=3), 1), self._figures, gap=16, pad=(20, 13, 28, 13)
        )
        head = box(figures, "card")
        foot = row(self._views, ..., self.rejects_button)
        self._second_slot = row()
        lists = card("", foot, (self._lists, 1))
        self.look_button = button(f"看{self._name}", self.desk.back, "primary")
        appear(self.look_button, False)
        actions = row(self.again_button, (box(self._second_slot), 1), self.look_button, self.take_button, gap=12)
        return box(col(head, (lists, 1), actions, gap=12, pad=(24, 14, 24, 16)))

    def _show(self, result: "ImportResult") -> None:
        self._result = result
        count = result.accepted + result.updated
        name = self._path.name if self._path else ""
        fine = not result.rejected
        self._mark.show_icon("circle-check" if fine else "alert-triangle", theme.GREEN if fine else theme.AMBER)
        self._verdict.setText(verdict(result))
        blank = f"，其中 {result.blank} 行没有填，跳过" if result.blank else ""
        told = "还没有改动任何记录。" if count or not fine else "没有要改动的。"
        self._words.setText(f"“{name}”共 {result.read} 行{blank}；{told}")
        self._fill_figures(result)
        self.rejected.set_rows(result.rejected)
        self.changed.set_rows(result.changes)
        self.proposed.set_rows(result.proposals)
        self.warned.set_rows(result.warnings)
        for key, table in self._tables.items():
            self._views.name(key, f"{table.name} {len(table.model.everything())}")
        first = next((key for key, table in self._tables.items() if table.model.everything()), "rejected")
        self._views.choose(first)
        self._show_table(first)
        appear(self.rejects_button, bool(result.rejected))
        appear(self.take_button, True)
        appear(self.look_button, False)
        self.take_button.setText(f"导入 {count} 条")
        self.take_button.setEnabled(bool(count))
        self._second_slot.addWidget(self.strip)
        self._stack.setCurrentIndex(1)
        (self.take_button if count else self.again_button).setFocus()

    def _taken(self, result: "ImportResult") -> None:
        self._result = result
        self._mark.show_icon("circle-check", theme.GREEN)
        self._verdict.setText(f"已导入：新增 {result.accepted} 条，修改 {result.updated} 条")
        rejected = len(result.rejected)
        set_text(self._words, f"{rejected} 条退回，导出后改好再导入即可。" if rejected else "全部导入，没有退回。")
        appear(self.take_button, False)
        appear(self.look_button, bool(rejected))
        if not rejected:
            self.desk.back()
            self.desk.say(f"已导入{self._name}：新增 {result.accepted} 条，修改 {result.updated} 条。")

    def _fill_figures(self, result: "ImportResult") -> None:
        layout = self._figures.layout()
        if layout is None:
            return
        from desktop.ui.widgets import clear
        from desktop.ui.widgets.layout import row as line

        clear(layout)
        parts = (
            (result.accepted, "新增", "good" if result.accepted else ""),
            (result.updated, "修改", ""),
            (result.unchanged, "不变", ""),
            (len(result.rejected), "退回", "part" if result.rejected else ""),
        )
        for number, name, tone in parts:
            layout.addWidget(box(line(figure(str(number), name, tone))))

    def _show_table(self, key: str) -> None:
        self._list_stack.setCurrentWidget(self._tables[key])


def verdict(result: "ImportResult") -> str:
    """Say in one line what an import would do, each kind of row with its true count."""
    new, changed, same, refused = result.accepted, result.updated, result.unchanged, len(result.rejected)
    if not new and not changed and not same:
        return f"{refused} 条都退回了" if refused else "没有要导入的"
    counts = (
        (new, f"新增 {new} 条"),
        (changed, f"修改 {changed} 条"),
        (same, f"{same} 条不变"),
        (refused, f"退回 {refused} 条"),
    )
    return "，".join(words for count, words in counts if count)
