"""What happened to a round and to the lines of its members, as one history."""

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.services.appraisal.rows import Round
from desktop.services.history import ChangeRow, HistoryService

if TYPE_CHECKING:
    from desktop.services.store import Store


class AppraisalHistory:
    """The history of rounds."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, found: Round) -> list[ChangeRow]:
        """Return what happened to a round, newest first; what happened to a line says whose it is."""
        history = HistoryService(self._store)
        rows = history.of_whole(Appraisal, found.id, (), "")
        for line in found.lines:
            for change in history.of_whole(AppraisalResult, line.id, (), "") if line.id else ():
                said = change.sentence
                rows.append(change if line.name in said else replace(change, sentence=f"{said}：{line.name}"))
        return sorted(rows, key=lambda change: change.at, reverse=True)
