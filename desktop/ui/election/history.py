"""修改记录 of an election: what happened to it, its steps, candidates and rounds, in one list."""

from desktop.services.election.history import ElectionHistory
from desktop.services.election.rows import ElectionRow
from desktop.ui.history import HistoryPanel
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import col


class ElectionHistoryPage(Page):
    """The history of one election."""

    looks = True

    def __init__(self, desk: Desk, election: ElectionRow) -> None:
        super().__init__(desk)
        self.title = f"{election.title}的修改记录"
        history = desk.service(ElectionHistory)
        self.panel = HistoryPanel(self, lambda: history.of(election.id))
        self.setLayout(col(self.panel, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read the history again."""
        self.panel.load()
