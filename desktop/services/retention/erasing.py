"""Clearing for good: a record goes with its parts, history, drafts and attachments; of a member single fields go.

The statements go past the history on purpose: it would keep what is to be gone. SQLite writes zeros over what is freed
(secure_delete). Copies of the database keep it until they are thinned out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.orm import Session

from desktop.models.attachments import PORTRAIT, Attachment, StoredFile
from desktop.models.base import Base
from desktop.models.development import DevelopmentCase
from desktop.models.elections import Election
from desktop.models.history import Change, Draft
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.registers import StateChange

PARENTS = frozenset(model.__tablename__ for model in (Meeting, PdcaPlan, Person, DevelopmentCase, Election))
"""Records whose rows in other tables are parts of them."""
_MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def parts_of(table: Table) -> list[Table]:
    """Return the tables whose rows belong to a row of `table` by a foreign key."""
    return [
        other
        for other in Base.metadata.tables.values()
        if any(key.column.table is table for column in other.columns for key in column.foreign_keys)
    ]


def erase(session: Session, table: str, ids: Sequence[str]) -> list[str]:
    """Delete rows with all that is kept of them; return the ids of the contents nobody names any more."""
    gone = {table: list(ids)}
    waiting = [(table, list(ids))]
    while waiting:  # a person with the admission, an admission with its steps
        name, owners = waiting.pop()
        if name not in PARENTS:
            continue
        for part in parts_of(_MODELS[name].__table__):
            found = _parts(session, part, _MODELS[name].__table__, owners)
            gone.setdefault(part.name, []).extend(found)
            waiting.append((part.name, found))
    every = [record_id for found in gone.values() for record_id in found]
    files = session.execute(select(Attachment.id, Attachment.sha256).where(_within(Attachment.record_id, every)))
    attached = {row.id: row.sha256 for row in files}
    if table == Attachment.__tablename__:
        own = session.execute(select(Attachment.id, Attachment.sha256).where(_within(Attachment.id, ids)))
        attached |= {row.id: row.sha256 for row in own}
    gone.setdefault(Attachment.__tablename__, []).extend(attached)
    every = [*every, *attached]
    session.execute(delete(Change).where(_within(Change.record_id, every)))
    session.execute(delete(StateChange).where(_within(StateChange.record_id, every)))
    _forget_drafts(session, every)
    for name in reversed(list(gone)):  # parts before what they belong to
        if gone[name]:
            session.execute(delete(_MODELS[name]).where(_within(_MODELS[name].id, gone[name])))
    return _unnamed(session, set(attached.values()))


def clear_fields(session: Session, ids: Sequence[str], fields: Sequence[str]) -> None:
    """Empty fields of members, in their history and drafts too."""
    values: dict[str, Any] = dict.fromkeys(fields)
    session.execute(update(Member).where(_within(Member.id, ids)).values(**values, rev=Member.rev + 1))
    for change in session.scalars(select(Change).where(_within(Change.record_id, ids))):
        change.before, change.after = (_without(side, fields) for side in (change.before, change.after))
    _forget_drafts(session, ids)


def portrait_ids(session: Session, member_ids: Sequence[str]) -> list[str]:
    """Return the portraits of members, those in the recycle bin too."""
    of_members = Attachment.record_kind == Member.__tablename__, _within(Attachment.record_id, member_ids)
    return list(session.scalars(select(Attachment.id).where(*of_members, Attachment.evidence_kind == PORTRAIT)))


def _parts(session: Session, part: Table, whole: Table, ids: Sequence[str]) -> list[str]:
    keys = [column for column in part.columns for key in column.foreign_keys if key.column.table is whole]
    return list(session.scalars(select(part.c.id).where(or_(*(_within(key, ids) for key in keys)))))


def _within(column: Any, ids: Iterable[str]) -> Any:
    return column.in_(list(ids))


def _without(side: dict[str, Any] | None, fields: Iterable[str]) -> dict[str, Any] | None:
    return None if side is None else {name: value for name, value in side.items() if name not in fields}


def _forget_drafts(session: Session, ids: Iterable[str]) -> None:
    """Forget what was typed into forms of these records: their keys end with the id."""
    wanted = set(ids)
    found = [draft for draft in session.scalars(select(Draft)) if draft.form.rpartition(":")[2] in wanted]
    for draft in found:
        session.delete(draft)


def _unnamed(session: Session, sums: set[str]) -> list[str]:
    """Forget the contents that no attachment names any more; return the ids of their files."""
    if not sums:
        return []
    named = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(sums))))
    lost = session.scalars(select(StoredFile).where(StoredFile.sha256.in_(sums - named))).all()
    ids = [row.id for row in lost]
    for row in lost:
        session.delete(row)
    return ids
