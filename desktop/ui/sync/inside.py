"""这个包里有什么: the kinds of records in a package by area, and of each what they are called."""

from desktop.services.sync.inside import Inside, Item, KindInside, inside
from desktop.ui.page import Desk, Page
from desktop.ui.sync.common import size_of
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import EmptyState, banner, card, clear, col, row
from desktop.ui.widgets.layout import add

KINDS: tuple[Column[KindInside], ...] = (
    Column("部分", lambda kind: kind.area, width=120, tone="sub"),
    Column("内容", lambda kind: kind.title),
    Column("条数", lambda kind: kind.count, width=80, align="r"),
)
ITEMS: tuple[Column[Item], ...] = (
    Column("日期", lambda item: item.day or "—", width=112, tone="sub"),
    Column("名称", lambda item: item.name),
)
CHANGED = "生成以后又改过 {count} 处，包里是改以前的；要带上，请重新生成。右边的名称按现在的记录列出。"


class InsidePage(Page):
    """Over the page of packages: what one of them holds."""

    title = "这个包里有什么"

    def __init__(self, desk: Desk, package_hash: str) -> None:
        super().__init__(desk)
        self._hash = package_hash
        self.found: Inside | None = None
        self.kinds: DataTable[KindInside] = DataTable(KINDS, "包里的内容", height=36, look="bare")
        none = EmptyState("file-text", "这些记录没有自己的名称，跟着别的记录走。")
        self.items: DataTable[Item] = DataTable(ITEMS, "这一类的记录", none, height=34, look="bare")
        self.kinds.picked.connect(lambda kind: self.items.set_rows(kind.items))
        self._changed = col(gap=0)
        lists = row((card("", (self.kinds, 1)), 1), (card("", (self.items, 1)), 1), gap=12)
        self.setLayout(col(self._changed, (lists, 1), gap=12, pad=(24, 14, 24, 16)))

    def subtitle(self) -> str:
        """Which package."""
        found = self.found
        return "" if found is None else f"第 {found.seq} 号，{size_of(found.size_bytes)}，{found.file_name}"

    def reload(self) -> None:
        """Read what is in it."""
        store, package = self.desk.store, self._hash
        self.read(lambda: inside(store, package), self._show)

    def _show(self, found: Inside) -> None:
        self.found = found
        self.kinds.set_rows(found.kinds, same=lambda kind: (kind.area, kind.title))
        if self.kinds.current() is None:
            self.kinds.step(1)
        clear(self._changed)
        if found.changed:
            words = CHANGED.format(count=found.changed)
            add(self._changed, banner("part", "alert-triangle", "生成以后又改过", words))
        self.head_changed.emit()
