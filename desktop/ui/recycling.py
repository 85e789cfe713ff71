"""设置 > 回收站: what was deleted, when, by whom and why, and the way back."""

from typing import Any

from PySide6.QtCore import QModelIndex

from desktop.services.recycling import RecycleBin, Recycled
from desktop.ui.page import Desk, Page
from desktop.ui.several import RowVerb, SeveralBar
from desktop.ui.table_model import Cell, Column, DataTable, Two, Txt
from desktop.ui.widgets import EmptyState, col, row, text
from desktop.ui.widgets.fields import Choice, edit, sentence

BACK = "恢复"
EVERY = ""
WORDS = "删掉的党员、会议记录、登记簿记录都在这里，不算分，不进档案，不报送。满了保存期限，由人在“保存期限”里清除。"


class RecyclePage(Page):
    """回收站."""

    own_period = True

    title = "回收站"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.bin = desk.service(RecycleBin)
        self.kind = Choice("种类", [(EVERY, "全部种类")], width=170)
        self.needle = edit("筛选回收站", hint="名称、原因、谁", width=170)
        self.needle.setClearButtonEnabled(True)
        self.count = text("", "sub")
        empty = EmptyState("trash", "回收站是空的。", "删掉的记录先放在这里，点“恢复”就回到原处。")
        self.table: DataTable[Recycled] = DataTable(self._columns(), "回收站", empty, height=46)
        back: RowVerb[Recycled] = RowVerb(
            words=BACK,
            counted="条",
            kind="回收站里的记录",
            needs=lambda record: record.table,
            work=self.bin.take_out,
            fits=lambda record: not record.why_not,
        )
        SeveralBar(self, self.table, lambda record: (record.id, record.what), (back,))
        self._wanted = EVERY
        filters = row(self.kind, self.needle, ..., self.count, gap=8)
        self.setLayout(col(text(WORDS, "sub", wrap=True), filters, (self.table, 1), gap=10, pad=(24, 14, 24, 16)))
        self.kind.currentIndexChanged.connect(lambda _index: self._filter())
        self.needle.textChanged.connect(self.table.model.set_needle)
        self.table.model.modelReset.connect(lambda: self.count.setText(f"{self.table.model.rowCount()} 条"))
        self.table.opened.connect(self.restore)
        self.table.view.clicked.connect(self._clicked)

    def reload(self) -> None:
        """Read what lies in the bin."""
        self.read(self.bin.rows, self._show)

    def go(self, where: dict[str, Any]) -> None:
        """Show only one kind: `kind` is its table."""
        self._wanted = str(where.get("kind") or EVERY)
        self.kind.set_value(self._wanted)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()
        self.needle.selectAll()

    def restore(self, record: Recycled) -> None:
        """Take a record out of the bin."""
        if record.why_not:
            self.desk.say(sentence(record.why_not))
        elif self.desk.may_write(record.table):
            self.act(lambda: self.bin.restore(record.table, record.id), f"已恢复{record.what}。")

    def _columns(self) -> tuple[Column[Recycled], ...]:
        def verb(record: Recycled) -> str:
            return BACK if self.desk.may_write(record.table) and not record.why_not else ""

        def why(record: Recycled) -> Cell:
            return Two(record.reason or "—", record.why_not) if record.why_not else Txt(record.reason or "—", "sub")

        return (
            Column("什么", lambda record: record.what, cell=lambda record: Txt(record.what)),
            Column("原因", lambda record: record.reason, cell=why),
            Column("谁删的", lambda record: record.by, width=110, tone="sub", fold=640),
            Column("何时", lambda record: record.at, text=lambda at: f"{at:%Y-%m-%d %H:%M}", width=140, tone="sub"),
            Column("", verb, text=str, cell=lambda record: Txt(verb(record), "bad"), width=64),
        )

    def _show(self, rows: list[Recycled]) -> None:
        kinds = {record.table: record.kind for record in rows}
        if self._wanted and self._wanted not in kinds:
            self._wanted = EVERY
        self.kind.blockSignals(True)
        self.kind.set_options([(EVERY, "全部种类"), *kinds.items()], self._wanted or self.kind.value() or EVERY)
        self.kind.blockSignals(False)
        self._wanted = EVERY
        self.table.set_rows(rows, same=lambda record: record.id)
        self._filter()

    def _filter(self) -> None:
        kind = self.kind.value()
        self.table.model.set_filter((lambda record: record.table == kind) if kind else None)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == self.table.model.columnCount() - 1:
            self.restore(self.table.model.row_at(index.row()))
