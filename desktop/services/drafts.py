"""Unfinished input of any form (草稿): kept within seconds, offered back, dropped when it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from desktop.models.base import ID_LENGTH, new_id, plain
from desktop.models.history import Draft
from desktop.services.clock import local, utc_text

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What was typed into `form` for the record `record_id` (empty: for a new one), as JSON carries it."""

    form: str
    record_id: str
    values: Mapping[str, Any]
    saved_at: datetime


class DraftService:
    """The unfinished input of who works in this store: a draft of each form for each record, and for a new one."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def save(self, form: str, record_id: str, values: Mapping[str, object]) -> datetime:
        """Keep `values` (days, enums and lines are taken too) in place of what was kept before; return when.

        Raises:
            StorageFailure: the disk or database refuses.
        """
        moment = self._store.clock()
        key = _key(form, record_id)
        with self._store.unit_of_work("保存草稿") as session:
            draft = session.scalar(self._of(key))
            if draft is None:
                draft = Draft(id=new_id(), form=key)
                draft.actor = self._store.actor
                session.add(draft)
            draft.saved_at_utc = utc_text(moment)
            draft.values = {name: plain(value) for name, value in values.items()}
        return moment

    def find(self, form: str, record_id: str = "") -> DraftRow | None:
        """Return what is kept of `form` for the record, None if nothing is."""
        with self._store.reading() as session:
            draft = session.scalar(self._of(_key(form, record_id)))
            return None if draft is None else self._row(draft)

    def drop(self, form: str, record_id: str = "") -> None:
        """Forget what is kept of `form` for the record.

        Raises:
            StorageFailure: the disk or database refuses.
        """
        with self._store.unit_of_work("丢掉草稿") as session:
            draft = session.scalar(self._of(_key(form, record_id)))
            if draft is not None:
                session.delete(draft)

    def all(self, form: str = "") -> list[DraftRow]:
        """Return everything kept, newest first; of `form` and the forms named below it (meeting: meeting:theme_day)."""
        with self._store.reading() as session:
            drafts = session.scalars(self._own().order_by(Draft.saved_at_utc.desc(), Draft.id.desc())).all()
            rows = [self._row(draft) for draft in drafts]
        return [row for row in rows if not form or row.form == form or row.form.startswith(f"{form}:")]

    def _own(self) -> Select[Draft]:
        """Select what this user typed, and what was kept before drafts had an owner."""
        return select(Draft).where(Draft.actor.in_((self._store.actor, "")))

    def _of(self, key: str) -> Select[Draft]:
        return self._own().where(Draft.form == key).order_by(Draft.actor.desc())

    def _row(self, draft: Draft) -> DraftRow:
        form, mark, record_id = draft.form.rpartition(":")
        if not mark or len(record_id) != ID_LENGTH:
            form, record_id = draft.form, ""
        return DraftRow(form, record_id, draft.values, local(draft.saved_at_utc, self._store.clock))


def _key(form: str, record_id: str) -> str:
    return f"{form}:{record_id}" if record_id else form
