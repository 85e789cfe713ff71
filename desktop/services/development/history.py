"""What happened to a case and to everything that belongs to it, as one history."""

from typing import TYPE_CHECKING

from desktop.models.development import CaseHelper, CaseInquiry, CasePaper, CaseStep, DevelopmentCase
from desktop.services.history import ChangeRow, HistoryService

if TYPE_CHECKING:
    from desktop.services.store import Store


class CaseHistory:
    """The history of cases."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, case_id: str) -> list[ChangeRow]:
        """Return what happened to a case, newest first."""
        parts = (CaseStep, CasePaper, CaseHelper, CaseInquiry)
        return HistoryService(self._store).of_whole(DevelopmentCase, case_id, parts, "case_id")
