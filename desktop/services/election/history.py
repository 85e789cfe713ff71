"""What happened to an election and to everything that belongs to it, as one history."""

from typing import TYPE_CHECKING

from desktop.models.elections import Election
from desktop.services.election.loading import ROWS_OF
from desktop.services.history import ChangeRow, HistoryService

if TYPE_CHECKING:
    from desktop.services.store import Store


class ElectionHistory:
    """The history of elections."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, election_id: str) -> list[ChangeRow]:
        """Return what happened to an election, newest first."""
        return HistoryService(self._store).of_whole(Election, election_id, ROWS_OF, "election_id")
