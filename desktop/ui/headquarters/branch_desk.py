"""A branch read at headquarters (打开支部): its own desk over what it sent, with whose it is above every page."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.ui.main_window import Shell
from desktop.ui.pages import pages_of_branch
from desktop.ui.widgets import banner, box, button, col

if TYPE_CHECKING:
    from desktop.services.sync.branch_store import BranchStore

NOT_SENT = "这个包以后的事这里还没有。修改记录、回收站和内部掌握的内容不随包上报，身份证号遮住。"


class BranchShell(Shell):
    """The pages of one branch, to read; `left` when whoever reads wants back, `correction_asked` to ask the branch to
    correct a record: whose, which, and what it is called."""

    left = Signal()
    correction_asked = Signal(dict)

    def __init__(self, store: "BranchStore", year: int) -> None:
        self._shown, self._asks = store.shown, store.headquarters.rights.may_write("remarks")
        super().__init__(store, store.shown.name, pages_of_branch(), year)
        self.navigation.backup_button.hide()
        self.read_head()

    def _over_pages(self) -> QWidget:
        """Say whose records these are, and which package brought them."""
        from desktop.services.race.editions import period_name  # SQLAlchemy: not before the first window

        shown = self._shown
        back = button("返回总部", self.left.emit, icon="chevron-left")
        back.setShortcut(QKeySequence("Ctrl+B"))
        back.setToolTip("返回总部（Ctrl+B）")
        period = f"（{period_name(shown.period)}）" if shown.period else ""
        title = f"{shown.code} {shown.name}，只能查看：第 {shown.seq} 号报送包{period}，{shown.received_on} 收"
        return box(col(banner("wait", "eye", title, NOT_SENT, back), pad=(24, 8, 24, 0)))

    @property
    def may_ask(self) -> bool:
        """Whether who reads may ask the branch to correct a record."""
        return self._asks

    def ask_to_correct(self, record: str, name: str) -> None:
        """Go back to headquarters, with the form that asks for it."""
        self.correction_asked.emit({"branch": self._shown.branch_id, "record": record, "name": name})

    def read_head(self) -> None:
        """Show of which years there are records."""
        store = self.desk.store

        def work(_progress: object) -> list[int]:
            from desktop.services.years import years_on_record

            return years_on_record(store)

        self.desk.jobs.run(self, work, self.years.offer)

    def show_place(self, place: dict[str, Any]) -> None:
        """Go to the page that `place` names."""
        if place and self.desk.has(place["area"], place["tab"]):
            self.desk.open(place["area"], place["tab"], **place["where"])
            self._origin = None  # nobody has seen the first page: 返回总部 leads back
            self._head()

    def close_desk(self) -> None:
        """Stop reading; headquarters stays open."""
        super().close_desk()
        self.desk.store.close()
