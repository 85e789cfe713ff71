"""导入记录: which file brought what, what is still open, and taking an import back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.ui.intake.hand import UNITS
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Cell, Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Item, button, col, text
from desktop.ui.widgets.fields import sentence
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

if TYPE_CHECKING:
    from desktop.services.intake.record import RunRow

MOST_OPEN = 60


def _state(run: "RunRow") -> Tag:
    if run.undone_at is not None:
        return Tag("已撤销", "none")
    if run.open:
        return Tag("还有没导入的", "part")
    return Tag("全部导入", "good")


def _file(run: "RunRow") -> Cell:
    return Two(run.file or "粘贴的内容", run.title)


COLUMNS: "tuple[Column[RunRow], ...]" = (
    Column("时间", lambda run: run.at, text=lambda at: f"{at:%Y-%m-%d %H:%M}", width=138, tone="sub"),
    Column("文件", lambda run: run.file, cell=_file),
    Column("新增", lambda run: run.new, width=58, align="r"),
    Column("更新", lambda run: run.updated, width=58, align="r"),
    Column("不变", lambda run: run.unchanged, width=58, align="r", tone="sub", fold=700),
    Column("待定", lambda run: run.waiting, width=58, align="r", fold=620),
    Column("退回", lambda run: run.rejected, width=58, align="r", fold=620),
    Column("谁", lambda run: run.by, width=92, tone="sub", fold=760),
    Column("状态", lambda run: _state(run).text, cell=_state, width=112),
)


class RecordPage(Page):
    """The record of imports."""

    title = "导入记录"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        empty = EmptyState(
            "history", "还没有导入过。", "导入以后，这里记着文件、时间、谁导的、导了多少，可以整批撤销。"
        )
        self.table: DataTable[RunRow] = DataTable(COLUMNS, "导入记录", empty, height=48)
        self.pane = DetailPane("这次导入")
        self.undo_button: QPushButton | None = None
        split = ListWithPane(self.table, self.pane)
        self._split = split
        self.setLayout(col(split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_run)

    def reload(self) -> None:
        """Read every import, newest first."""
        store = self.desk.store

        def work() -> "list[RunRow]":
            from desktop.services.intake.record import ImportRecord

            return ImportRecord(store).runs()

        self.table.wait()
        self.read(work, self._show)

    def show_run(self, run: "RunRow") -> None:
        """Show one import: where from, what became of its rows, what is open, and whether it can be taken back."""
        unit = UNITS.get(run.kind, "条")
        state = _state(run)
        self.pane.show_head(
            run.file or "粘贴的内容", code=f"{run.at:%Y-%m-%d %H:%M}", state=state.text, tone=state.tone
        )
        body: list[Item] = [
            fact("导到", run.title),
            fact("工作表", "、".join(run.sheets)),
            fact("谁", run.by),
            fact("读到", f"{run.read} {unit}"),
            fact("新增", f"{run.new} {unit}"),
            fact("更新", f"{run.updated} {unit}"),
            fact("不变", f"{run.unchanged} {unit}"),
        ]
        if run.undone_at is not None:
            body.append(fact("撤销于", f"{run.undone_at:%Y-%m-%d %H:%M}"))
        if run.open:
            body.append(heading(f"没有导入的 {len(run.open)} 处"))
            body += [text(words, "small", wrap=True) for words in run.open[:MOST_OPEN]]
            if len(run.open) > MOST_OPEN:
                body.append(text(f"还有 {len(run.open) - MOST_OPEN} 处。", "small"))
        if run.why_not and run.undone_at is None:
            body += [heading("不能整批撤销"), text(sentence(run.why_not), "small", wrap=True)]
        self.pane.show_body(*body)
        self.undo_button = button("撤销这次导入", lambda: self.undo(run)) if run.undoable else None
        self.pane.show_foot(*([self.undo_button] if self.undo_button is not None else []))
        self._split.open_pane()

    def undo(self, run: "RunRow") -> None:
        """Take an import back whole."""
        store = self.desk.store

        def work() -> int:
            from desktop.services.intake.record import ImportRecord

            return ImportRecord(store).undo(run.id)

        buttons = (self.undo_button,) if self.undo_button is not None else ()
        self.act(work, lambda count: f"已撤销，{count} 条记录恢复成导入前的样子。", buttons=buttons)

    def _show(self, runs: "list[RunRow]") -> None:
        self.table.wait(False)
        self.table.set_rows(runs, same=lambda run: run.id)
        current = self.table.current()
        if current is not None:
            self.show_run(current)
