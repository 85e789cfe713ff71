"""What happened to an election and to everything that belongs to it, as one history."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desktop.models.elections import Election
from desktop.services.election.loading import ROWS_OF
from desktop.services.history import ChangeRow, HistoryService

if TYPE_CHECKING:
    from desktop.services.store import Store

_POINTERS = ("member_id", "term_id", "new_term_id", "election_id")
"""Ids say nothing to a reader."""


def _labels(model: type[Any]) -> dict[str, str]:
    columns = model.__table__.columns
    return {
        column.key: column.info["label"]
        for column in columns
        if column.info.get("label") and column.key not in _POINTERS
    }


class ElectionHistory:
    """The history of elections."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, election_id: str) -> list[ChangeRow]:
        """Return what happened to an election, newest first."""
        history = HistoryService(self._store)
        found = history.of(Election.__tablename__, election_id, _labels(Election))
        with self._store.reading() as session:
            parts: list[tuple[type[Any], str]] = [
                (model, row_id)
                for model in ROWS_OF
                for row_id in session.scalars(select(model.id).where(model.election_id == election_id))
            ]
        for model, row_id in parts:
            found += history.of(model.__tablename__, row_id, _labels(model))
        return sorted(found, key=lambda change: change.at, reverse=True)
