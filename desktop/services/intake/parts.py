"""What an import does to rows that have no history of their own: attendance, votes, tasks, the days of states.

Without it an import could not be taken back whole, nor could be told that somebody worked on since.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from desktop.models.base import Base, plain
from desktop.models.meetings import ActionItem, Attendance, Vote
from desktop.models.registers import StateChange
from desktop.services.unit_of_work import changed_rows

_PARTS: tuple[type[Attendance | Vote | ActionItem], ...] = (Attendance, Vote, ActionItem)
_NOTED = {model.__tablename__: model for model in (*_PARTS, StateChange)}
_CHUNK = 500
Step = list[Any]
"""Table, id, values before (None: was new), values after (None: is gone)."""


class Parts:
    """Notes what happens to such rows in one session; those of a record that is new itself go with it."""

    def __init__(self, session: Session) -> None:
        self.steps: list[Step] = []
        self.owners: dict[str, None] = {}
        """Meetings whose parts the import wrote."""
        self._new: set[str] = set()
        event.listen(session, "before_flush", self._note)

    def _note(self, session: Session, _context: UOWTransaction, _instances: object) -> None:
        self._new |= {row.id for row in session.new if isinstance(row, Base) and row.__history__ and row.id}
        for row in session.new:
            if isinstance(row, Base) and row.__tablename__ in _NOTED and self._owner(row) not in self._new:
                self.steps.append([row.__tablename__, row.id, None, {}])
        for row in changed_rows(session):
            if isinstance(row, Base) and row.__tablename__ in _NOTED and (before := _before(row)):
                self._owner(row)
                self.steps.append([row.__tablename__, row.id, before, {}])
        for row in session.deleted:
            if isinstance(row, Base) and row.__tablename__ in _NOTED:
                self._owner(row)
                values = {column.key: plain(getattr(row, column.key)) for column in inspect(row).mapper.column_attrs}
                self.steps.append([row.__tablename__, row.id, values, None])

    def _owner(self, row: Base) -> str:
        meeting_id: str | None = getattr(row, "meeting_id", None)
        if meeting_id is not None:
            self.owners[meeting_id] = None
        return meeting_id or str(getattr(row, "record_id", ""))


def _before(row: Base) -> dict[str, Any]:
    found = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if history.has_changes() and history.deleted and plain(history.deleted[0]) != plain(attribute.value):
            found[attribute.key] = plain(history.deleted[0])
    return found


def digests(session: Session, meetings: Iterable[str]) -> dict[str, str]:
    """Return for each meeting what its parts amount to: another text as soon as one of them is changed."""
    found: dict[str, list[str]] = {}
    for ids in _chunks(list(meetings)):
        for model in _PARTS:
            for row in session.execute(select(model.__table__).where(model.meeting_id.in_(ids))).mappings():
                words = json.dumps([plain(value) for value in row.values()], ensure_ascii=False)
                found.setdefault(row["meeting_id"], []).append(words)
    return {
        meeting_id: hashlib.sha256("\n".join(sorted(rows)).encode("utf-8")).hexdigest()[:16]
        for meeting_id, rows in found.items()
    }


def worked_on(session: Session, kept: Mapping[str, str]) -> bool:
    """Tell whether parts of a meeting are no longer what `digests` said of them."""
    return digests(session, kept) != dict(kept)


def model_of(table: str) -> type[Base]:
    """Return the class of a table noted here."""
    return _NOTED[table]


def drop_states(session: Session, records: Sequence[str]) -> None:
    """Delete the days of states of records that go, each by the right to its record."""
    for ids in _chunks(records):
        for row in session.scalars(select(StateChange).where(StateChange.record_id.in_(ids))):
            session.delete(row)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
