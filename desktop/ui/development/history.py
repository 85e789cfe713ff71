"""修改记录 of an admission: what happened to the case, its steps, papers, people and letters, in one list."""

from desktop.services.development.history import CaseHistory
from desktop.services.development.rows import CaseRow
from desktop.ui.history import HistoryPanel
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import col


class CaseHistoryPage(Page):
    """The history of one case."""

    looks = True

    def __init__(self, desk: Desk, case: CaseRow) -> None:
        super().__init__(desk)
        self.title = f"{case.name}的修改记录"
        history = desk.service(CaseHistory)
        self.panel = HistoryPanel(self, lambda: history.of(case.id))
        self.setLayout(col(self.panel, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read the history again."""
        self.panel.load()
