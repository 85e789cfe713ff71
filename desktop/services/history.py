"""What happened to a record, and when: views of the one table that the unit of work writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desktop.models.history import AuditEntry, Change
from desktop.models.registers import REGISTERS, Register, RegisterField, read_line
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.stores import Use
from desktop.services.clock import local
from desktop.services.registers.lookup import load_names, tags_of
from desktop.services.registers.values import RowNames, show

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST = 200


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changed, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One action on a record: when (local time), who, in what words, and which fields."""

    at: datetime
    actor: str
    sentence: str
    fields: tuple[FieldChange, ...]


class HistoryService:
    """The history of records, and the uses of the store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, kind: str, record_id: str, labels: Mapping[str, str] | None = None) -> list[ChangeRow]:
        """Return what happened to a record, newest first.

        Args:
            kind: its table (for a register its kind).
            labels: field name -> 中文 label, for records that are no register; fields without one are left out.
        """
        register = REGISTERS.get(kind)
        with self._store.reading() as session:
            names = load_names(session, register, self._store.branch_id) if register else RowNames()
            changes = session.scalars(
                select(Change)
                .where(Change.record_kind == kind, Change.record_id == record_id)
                .order_by(Change.id.desc())
                .limit(MOST)
            ).all()
        tell = partial(_fields, register, labels=labels or {}, names=names, tags=tags_of(self._store, kind))
        return [
            ChangeRow(self._local(change.at_utc), change.actor, change.sentence, tell(change)) for change in changes
        ]

    def uses(self) -> list[ChangeRow]:
        """Return log-ins, exports, packages and restores, newest first."""
        with self._store.reading() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(MOST)).all()
        return [
            ChangeRow(self._local(entry.at_utc), entry.actor, f"{_use(entry.action)} {entry.detail}".strip(), ())
            for entry in entries
        ]

    def _local(self, at_utc: str) -> datetime:
        return local(at_utc, self._store.clock)


def _use(action: str) -> str:
    """Return what a use is called; the first programs wrote some uses down by their label."""
    return Use(action).label if action in set(Use) else action


def _fields(
    register: Register | None, change: Change, labels: Mapping[str, str], names: RowNames, tags: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    before, after = change.before or {}, change.after or {}
    rows = []
    for name in dict.fromkeys([*before, *after]):
        if register is not None:
            field = next((field for field in register.fields if field.name == name), None)
            if field is None:
                continue
            values = [show(field, _typed(field, side.get(name)), names, tags) for side in (before, after)]
            label = field.label
        elif name in labels:
            label, values = labels[name], [_words(side.get(name)) for side in (before, after)]
        else:
            continue
        rows.append(FieldChange(label, values[0], values[1]))
    return tuple(rows)


def _typed(field: RegisterField, value: Any) -> object:
    """Return a value of the history (JSON) as its field's type, as far as showing it needs."""
    if value is None:
        return None
    if field.choices is not None:
        return field.choices(value)
    if field.item is not None:
        return tuple(read_line(field.item, row) for row in value)
    return value


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, list):
        return "；".join(_words(item) for item in value)
    if isinstance(value, dict):
        return "，".join(_words(item) for item in value.values() if item)
    return str(value)
