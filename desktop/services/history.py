"""What happened to a record, and when: views of the one table that the unit of work writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from desktop.models.appeals import Appeal
from desktop.models.base import Base
from desktop.models.history import AuditEntry, Change
from desktop.models.lines import LinesType, read_line
from desktop.models.race import RaceAppeal, RaceInput, RaceMark, RacePeriod
from desktop.models.registers import Register, RegisterField, declared
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.standards import GateFinding, SelfRating, VerifiedRating
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.stores import TrailKind, Use
from desktop.services.clock import local, utc_text
from desktop.services.quoting import nested
from desktop.services.registers.lookup import load_names, tags_of
from desktop.services.registers.values import RowNames, show
from desktop.services.spreadsheets.identity import ID_NUMBER, masked

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST = 200
MOST_OF_TRAIL = 5000
KINDS = {
    use: kind
    for kind, uses in {
        TrailKind.ACCESS: (
            Use.LOG_IN,
            Use.ADD_USER,
            Use.REMOVE_USER,
            Use.CHANGE_ROLES,
            Use.CHANGE_PASSWORD,
            Use.RESET_PASSWORD,
            Use.RECOVER,
            Use.NEW_KEY,
            Use.FORGET_COPIES,
            Use.NEW_CODE,
            Use.ALLOW_HELP,
            Use.END_HELP,
            Use.GRANT_UNLOCK,
            Use.UNLOCK,
        ),
        TrailKind.IDENTITY: (Use.SHOW_ID,),
        TrailKind.RECORDS: (Use.ERASE,),
        TrailKind.OUTPUT: (Use.EXPORT, Use.EXTRACT, Use.PRINT, Use.ARCHIVE),
        TrailKind.BACKUP: (Use.BACKUP, Use.BACKUP_FILE, Use.RESTORE, Use.UPDATE),
        TrailKind.EXCHANGE: (
            Use.READ_BRANCH,
            Use.PACK,
            Use.RECEIVE,
            Use.TAKE_BACK,
            Use.DISCARD_FORK,
            Use.INVITE,
            Use.ENROL,
            Use.JOIN,
            Use.STOP_PARTNER,
            Use.NEW_SIGNING_KEYS,
            Use.ESCROW,
        ),
        TrailKind.MEDIA: (Use.TO_STICK, Use.FROM_STICK),
        TrailKind.STANDARDS: (Use.STANDARD, Use.WITHDRAW_STANDARD),
    }.items()
    for use in uses
}
TABLES = {
    model.__tablename__: kind
    for kind, models in {
        TrailKind.RACE: (RacePeriod, RaceAppeal, RaceInput, RaceMark),
        TrailKind.STANDARDS: (
            SelfRating,
            VerifiedRating,
            GateFinding,
            SampleSheet,
            SampledRecord,
            Appeal,
        ),
    }.items()
    for model in models
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changed, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One line of the trail (使用记录): when (local time), who, of what kind, what was done."""

    at: datetime
    actor: str
    kind: TrailKind
    sentence: str


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
        register = declared(kind)
        with self._store.reading() as session:
            names = load_names(session, register, self._store.branch_id, self._store.today) if register else RowNames()
            changes = session.scalars(
                select(Change)
                .where(Change.record_kind == kind, Change.record_id == record_id)
                .order_by(Change.id.desc())
                .limit(MOST)
            ).all()
        tell = partial(_fields, register, table=kind, labels=labels or {}, names=names, tags=tags_of(self._store, kind))
        return [
            ChangeRow(self._local(of[0].at_utc), of[0].actor, nested(of[0].sentence), tell(*_whole(of)))
            for of in (list(one) for _action, one in groupby(changes, key=lambda change: change.action_id))
        ]

    def of_whole(self, model: type[Any], record_id: str, parts: Sequence[type[Any]], pointer: str) -> list[ChangeRow]:
        """Return what happened to a record of `model` and to the rows of `parts` that belong to it, newest first.

        `pointer` is the column by which they do. Ids of other records say nothing to a reader and are left out.
        """
        with self._store.reading() as session:
            rows = [(model, record_id)] + [
                (part, row_id)
                for part in parts
                for row_id in session.scalars(select(part.id).where(getattr(part, pointer) == record_id))
            ]
        found = [change for part, row_id in rows for change in self.of(part.__tablename__, row_id, _labels(part))]
        return sorted(found, key=lambda change: change.at, reverse=True)

    def uses(self, since: date | None = None, most: int = MOST) -> list[TrailRow]:
        """Return what changed no record (log-ins, users, exports, packages, restores), newest first."""
        query = select(AuditEntry).where(AuditEntry.at_utc >= self._from(since)).order_by(AuditEntry.id.desc())
        with self._store.reading() as session:
            entries = session.scalars(query.limit(most)).all()
        rows = []
        for entry in entries:
            use = _use(entry.action)
            words = f"{entry.action if use is None else use.label} {entry.detail}".strip()
            kind = KINDS[use] if use is not None else TrailKind.RECORDS
            rows.append(TrailRow(self._local(entry.at_utc), entry.actor, kind, words))
        return rows

    def trail(self, since: date | None = None, most: int = MOST_OF_TRAIL) -> list[TrailRow]:
        """Return every act from the day `since` on by who did it, newest first: uses, and changes of records.

        A change that touches many records is one line. At most `most` lines: the newest.
        """
        query = (
            select(
                func.max(Change.id).label("last"),
                func.min(Change.record_kind).label("table"),
                Change.at_utc,
                Change.actor,
                Change.sentence,
            )
            .where(Change.at_utc >= self._from(since))
            .group_by(Change.action_id)
            .order_by(func.max(Change.id).desc())
            .limit(most)
        )
        with self._store.reading() as session:
            acts = [
                TrailRow(
                    self._local(act.at_utc), act.actor, TABLES.get(act.table, TrailKind.RECORDS), nested(act.sentence)
                )
                for act in session.execute(query)
            ]
        rows = sorted([*self.uses(since, most), *acts], key=lambda row: row.at, reverse=True)
        return rows[:most]

    def _from(self, since: date | None) -> str:
        zone = self._store.clock().tzinfo
        return "" if since is None else utc_text(datetime.combine(since, time.min, zone))

    def _local(self, at_utc: str) -> datetime:
        return local(at_utc, self._store.clock)


def _labels(model: type[Any]) -> dict[str, str]:
    return {
        column.key: column.info["label"]
        for column in model.__table__.columns
        if column.info.get("label") and not column.key.endswith("_id")
    }


def _use(action: str) -> Use | None:
    """Return the use that was written down; the first programs wrote some down by their label."""
    return next((use for use in Use if action in (use.value, use.label)), None)


def _whole(changes: Sequence[Change]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what an action did to a record, which may have been written down in several steps, the last one first."""
    before, after = dict[str, Any](), dict[str, Any]()
    for change in reversed(changes):
        for name in (*(change.before or {}), *(change.after or {})):
            before.setdefault(name, (change.before or {}).get(name))
        after |= change.after or {}
    return before, after


def _fields(
    register: Register | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    table: str,
    labels: Mapping[str, str],
    names: RowNames,
    tags: Mapping[str, str],
) -> tuple[FieldChange, ...]:
    rows = []
    for name in dict.fromkeys([*before, *after]):
        if register is not None:
            field = next((field for field in register.fields if field.name == name), None)
            if field is None:
                continue
            values = [show(field, _typed(field, side.get(name)), names, tags) for side in (before, after)]
            label = field.label
        elif name in labels:
            label, values = labels[name], [_words(_as_kept(table, name, side.get(name))) for side in (before, after)]
        else:
            continue
        if name == ID_NUMBER.name:  # masked wherever a history is shown
            values = [masked(value) for value in values]
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


def _as_kept(table: str, name: str, value: Any) -> object:
    """Return a value of the history (JSON) as its column keeps it: choices and lines by their own types."""
    column = Base.metadata.tables[table].c.get(name) if table in Base.metadata.tables else None
    if column is None or value is None:
        return value
    if isinstance(column.type, LinesType):
        lines = [read_line(column.type.item, row) for row in value]
        return [{part.name: getattr(line, part.name) for part in fields(line)} for line in lines]
    choices = getattr(column.type, "enum_class", None)
    return choices(value) if choices is not None and value in list(choices) else value


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, list):
        return "；".join(_words(item) for item in value)
    if isinstance(value, dict):
        return "，".join(_words(item) for item in value.values() if item)
    return str(value)
