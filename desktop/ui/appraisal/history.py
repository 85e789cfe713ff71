"""修改记录 of a round: what happened to it and to the lines of its members, in one list."""

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.services.appraisal.rows import Round
from desktop.services.history import ChangeRow, HistoryService
from desktop.ui.history import HistoryPanel
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import col

_ROUND = {column.name: column.info["label"] for column in Appraisal.__table__.c if "label" in column.info}
_LINE = {column.name: column.info["label"] for column in AppraisalResult.__table__.c if "label" in column.info}


class RoundHistoryPage(Page):
    """The history of one round."""

    looks = True

    def __init__(self, desk: Desk, found: Round, history: HistoryService) -> None:
        super().__init__(desk)
        self.title = f"{found.for_year}年度民主评议的修改记录"

        def read() -> list[ChangeRow]:
            rows = history.of(Appraisal.__tablename__, found.id, _ROUND)
            for line in found.lines:
                if line.id:
                    rows += history.of(AppraisalResult.__tablename__, line.id, _LINE)
            return sorted(rows, key=lambda row: row.at, reverse=True)

        self.panel = HistoryPanel(self, read)
        self.setLayout(col(self.panel, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read the history again."""
        self.panel.load()
