"""Things to do put off until a day (暂缓): by whom, why and until when stays, and is shown to everybody."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.snoozes import Snooze
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.standards.verdict import Where

if TYPE_CHECKING:
    from desktop.services.store import Store

REASON, UNTIL = Input("reason", "原因"), Input("until", "到哪天")
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeRow:
    """One thing put off: until when, why, and who said so."""

    id: str
    work: str
    reason: str
    until: date
    by: str


def key_of(what: str, source: str, where: Where | None) -> str:
    """Return what stands for a thing to do: where it comes from, what it asks, and where it is done."""
    place = "" if where is None else f"{where.page}|{where.kind}|{sorted(where.prefill.items())}"
    return hashlib.sha256(f"{source}|{what}|{place}".encode()).hexdigest()


class SnoozeService:
    """What was put off in this store. Nothing is late the less for it: the day of the thing itself stays."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def put_off(self, work: str, what: str, until: date | None, reason: str) -> str:
        """Put the thing `work` off until a day; return the id of the note.

        Raises:
            NotAllowed: who works here may only look.
            InvalidInput: no reason, or the day does not lie ahead.
        """
        self._store.rights.require_any(Snooze.__tablename__)
        if not reason.strip():
            raise InvalidInput(REASON, "写明为什么暂缓")
        today = self._store.today
        if until is None or not today < until <= today + timedelta(days=LONGEST_DAYS):
            raise InvalidInput(UNTIL, "须在今天之后、一年以内")
        with self._store.unit_of_work(f"暂缓“{what}”到{until}：{reason.strip()}") as session:
            for before in session.scalars(select(Snooze).where(Snooze.work == work, Snooze.ended_at_utc.is_(None))):
                before.ended_at_utc = utc_text(self._store.clock())
            note = Snooze(
                id=new_id(),
                work=work,
                what=what,
                reason=reason.strip(),
                until=until,
                at_utc=utc_text(self._store.clock()),
                by=self._store.actor,
            )
            session.add(note)
            return note.id

    def take_up(self, snooze_id: str) -> None:
        """Show a thing again before its day.

        Raises:
            NotAllowed: who works here may only look.
            NotFound: nothing of this id was put off.
        """
        self._store.rights.require_any(Snooze.__tablename__)
        with self._store.unit_of_work("不再暂缓") as session:
            note = session.get(Snooze, snooze_id)
            if note is None:
                raise NotFound(what="暂缓")
            note.ended_at_utc = utc_text(self._store.clock())

    def standing(self) -> dict[str, SnoozeRow]:
        """Return what is put off today, by the thing it is about; what that is says only the list of who may see it."""
        query = select(Snooze).where(Snooze.until > self._store.today, Snooze.ended_at_utc.is_(None))
        with self._store.reading() as session:
            return {note.work: _row(note) for note in session.scalars(query.order_by(Snooze.at_utc))}


def _row(note: Snooze) -> SnoozeRow:
    return SnoozeRow(id=note.id, work=note.work, reason=note.reason, until=note.until, by=note.by)
