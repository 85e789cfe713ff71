"""What happened to a case and to everything that belongs to it, as one history."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desktop.models.development import CaseHelper, CaseInquiry, CasePaper, CaseStep, DevelopmentCase
from desktop.services.history import ChangeRow, HistoryService

if TYPE_CHECKING:
    from desktop.services.store import Store

_PARTS: tuple[type[Any], ...] = (CaseStep, CasePaper, CaseHelper, CaseInquiry)
_POINTERS = ("person_id", "member_id", "meeting_id", "case_id")
"""Ids say nothing to a reader."""


def _labels(model: type[Any]) -> dict[str, str]:
    columns = model.__table__.columns
    return {
        column.key: column.info["label"]
        for column in columns
        if column.info.get("label") and column.key not in _POINTERS
    }


class CaseHistory:
    """The history of cases."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, case_id: str) -> list[ChangeRow]:
        """Return what happened to a case, newest first."""
        history = HistoryService(self._store)
        found = history.of(DevelopmentCase.__tablename__, case_id, _labels(DevelopmentCase))
        with self._store.reading() as session:
            parts = [
                (model, row_id)
                for model in _PARTS
                for row_id in session.scalars(select(model.id).where(model.case_id == case_id))
            ]
        for model, row_id in parts:
            found += history.of(model.__tablename__, row_id, _labels(model))
        return sorted(found, key=lambda change: change.at, reverse=True)
