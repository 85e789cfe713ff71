"""Rows as packages carry them: taken out of one store, proven fit, put in place of the sender's former ones.

Which tables travel is declared on the models. Nothing of a row is believed that the models do not allow, and whose
rows they are is said by the authenticated sender, never by the file.
"""

import contextlib
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Engine,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    insert,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from desktop.models import schema
from desktop.models.attachments import PORTRAIT, Attachment
from desktop.models.base import Base, Travel, plain
from desktop.models.branches import Branch
from desktop.models.database import open_engine
from desktop.models.duties import Talk
from desktop.models.going_down import names, others
from desktop.models.history import Change
from desktop.models.race import RaceResult
from desktop.models.standards import StandardPack
from desktop.models.transfers import KnownBranch
from desktop.models.vocabulary.meetings import TalkKind
from desktop.services.canonical import canonical
from desktop.services.errors import InvalidInput, PackageRefused, PackInvalid
from desktop.services.files import PARTIAL, FilePort
from desktop.services.privacy import load_privacy
from desktop.services.standards.editions import as_written, check_standard
from desktop.services.sync.sense import Pointers, Travelling, Values, called, judged, refusal, travelling
from desktop.services.sync.takers import Unfit, take_as_was
from desktop.services.unit_of_work import action_of

Incoming: TypeAlias = tuple[int, str, Mapping[str, object]]
"""Line number, table, column values as JSON carries them."""

Query: TypeAlias = Select[*tuple[Any, ...]]

_ORG = bindparam("org", type_=String)
"""Whose rows a query reads."""
_CHUNK = 500
_HELD = 5_000
"""So many rows wait in memory until it is known which of the former ones go."""
_TALK_FACTS = ("kind", "event_on", "title", "talker_id", "talkee_id")
"""What of a restricted talk travels; every other field that people fill in stays."""


@dataclass(slots=True)
class Changes:
    """What an import changed: rows per table."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)


# out


def outgoing(session: Session, way: Travel, org: str) -> Iterator[tuple[str, Values]]:
    """Give the whole state of `org` as it travels one way: tables in order, rows by id, values JSON knows.

    What lies in the recycle bin stays here, and what hangs on it; so do the texts of restricted talks, all that is
    attached to what is restricted, portraits where privacy.toml says so, and results not published.
    """
    sent: dict[str, set[str]] = {}
    for name, carried in travelling(way).items():
        ids = sent.setdefault(name, set())
        for row in session.execute(_query(carried.table), {_ORG.key: org}).mappings():
            values = {column: plain(value) for column, value in row.items()}
            if carried.owned:
                values["branch_id"] = org  # of what goes to all, headquarters keeps one row for everybody
            if _detached(carried, values, sent):
                ids.add(values["id"])
                yield name, values


def attachments_of(session: Session, org: str) -> list[tuple[str, int]]:
    """Return SHA-256 and size of every content that belongs to the rows that travel, oldest first."""
    query = _query(_table(Attachment)).with_only_columns(Attachment.sha256, Attachment.size_bytes)
    return list(dict.fromkeys((sha256, size) for sha256, size in session.execute(query, {_ORG.key: org})))


def changed_since(session: Session, way: Travel, org: str, at_utc: str) -> int:
    """Return how often what travels one way of `org` was changed since a moment: taken out, or brought to name it no
    more, too.
    """
    tables = travelling(way)
    query = select(Change.record_kind, Change.record_id, Change.before).where(Change.at_utc > at_utc)
    changes = session.execute(query.where(Change.record_kind.in_(tables))).all()
    kept: dict[str, set[str]] = {}
    for kind in {change.record_kind for change in changes}:
        table = tables[kind].table
        ids = session.execute(_owned(table).with_only_columns(table.c.id), {_ORG.key: org})
        kept[kind] = set(ids.scalars())
    return sum(id_ in kept[kind] or org in str(before or "") for kind, id_, before in changes)


@cache
def _query(table: Table) -> Query:
    """Select the rows of one table that are of `_ORG`; built once for all branches, for building it takes longer than
    reading a small table by it.
    """
    if table is _table(KnownBranch):
        return others(_ORG).order_by("id")
    query = _owned(table)
    if "deleted_at_utc" in table.c:
        query = query.where(table.c.deleted_at_utc.is_(None))
    if "record_id" in table.c:
        query = query.where(table.c.record_id.not_in(_recycled()))
    if table is _table(Talk):
        return _without_texts(query)
    if table is _table(Attachment):
        query = query.where(Attachment.record_id.not_in(_restricted_ids()))
        if not load_privacy().portraits_travel:
            query = query.where(Attachment.evidence_kind.is_distinct_from(PORTRAIT))
    return query


def _owned(table: Table) -> Query:
    """Select the rows of one table that are of `_ORG`, in the recycle bin too."""
    query = select(table).order_by(table.c.id)
    model = next((each.class_ for each in Base.registry.mappers if each.local_table is table), Base)
    if model.__to_all__:
        query = query.where(table.c[model.__to_all__].is_not(None))
    elif model.__to_named__:
        query = query.where(names(model, _ORG))
    elif "branch_id" in table.c:
        query = query.where(table.c.branch_id == _ORG)
    return query.where(RaceResult.published_on.is_not(None)) if table is _table(RaceResult) else query


def _restricted_ids() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the ids of whatever only those see who are entitled: none of their files travels."""
    found = []
    for mapper in Base.registry.mappers:
        model: type[Base] = mapper.class_
        if model.__restricted__ is not None:
            column, values = model.__restricted__
            found.append(select(model.__table__.c.id).where(model.__table__.c[column].in_(values)))
    return union_all(*found)


def _recycled() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the ids of what lies in the recycle bin; no two tables share an id."""
    bins = [
        select(carried.table.c.id).where(carried.table.c.branch_id == _ORG, carried.table.c.deleted_at_utc.is_not(None))
        for carried in travelling(Travel.UP).values()
        if "deleted_at_utc" in carried.table.c
    ]
    return union_all(*bins)


def _restricted() -> list[TalkKind]:
    return [kind for kind in TalkKind if kind.restricted]


def _without_texts(query: Query) -> Query:
    """Select talks so that the texts of restricted kinds are not even read."""
    hidden = Talk.kind.in_(_restricted())
    columns: list[ColumnElement[object]] = []
    for column in _table(Talk).c:
        shown: ColumnElement[object] = column
        if "label" in column.info and column.name not in _TALK_FACTS:
            shown = case((hidden, null()), else_=column)
        elif column.name == "title":
            shown = case(*((Talk.kind == kind, kind.label) for kind in _restricted()), else_=column)
        columns.append(type_coerce(shown, column.type).label(column.name))
    return query.with_only_columns(*columns)


def _detached(carried: Travelling, values: Values, sent: Mapping[str, set[str]]) -> bool:
    """Take references to rows that do not travel out of `values`; False if the row cannot be without them."""
    for column, target in carried.refers:
        if values[column] is not None and values[column] not in sent.get(target, ()):
            if not carried.table.c[column].nullable:
                return False
            values[column] = None
    return True


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


# in


def replace_rows(session: Session, way: Travel, org: str, incoming: Iterable[Incoming], today: date) -> Changes:
    """Put `incoming` in the place of all rows of `org` that travel one way, in the transaction of `session`.

    `today` is the day up to which things can have happened.

    Raises:
        PackageRefused: E-PKG-CONTENT with line, table, row, field and reason; the transaction is to be rolled back.
    """
    tables = travelling(way)
    former = {name: _digests(session, carried, org) for name, carried in tables.items()}
    changes, ids = Changes(), {name: set[str]() for name in tables}
    writing = _Writing(session, tables, former)
    pointers = Pointers(tables, ids)
    editions: set[tuple[str, str]] = set()
    for line, name, row in incoming:
        row_id, values = _checked(tables, line, name, row, org, ids, today)
        pointers.look(line, name, values)
        digest = former[name].pop(row_id, None)
        if tables[name].table is _table(StandardPack):
            _put_pack(session, tables[name], values, changes, line)
            editions.add((str(values["kind"]), str(values["version"])))
            continue
        same = digest is not None and digest == _digest(values)
        if digest is None:
            changes.added[name] = changes.added.get(name, 0) + 1
        elif not same:
            changes.changed[name] = changes.changed.get(name, 0) + 1
        writing.take(name, row_id, values, line, known=digest is not None, same=same)
    pointers.settle()
    if way is Travel.DOWN:
        _drop_withdrawn(session, editions, changes, today)
    writing.finish()
    for name, gone in former.items():
        if gone and tables[name].owned:
            changes.removed[name] = len(gone)
    if way is Travel.UP and ids[Branch.__tablename__] != {org}:
        raise PackageRefused("E-PKG-CONTENT", line=0, reason="缺少支部概况")
    return changes


class _Writing:
    """Writes what differs from the rows that are there: to a store of many branches each row written costs pages of
    its own, and most of what comes in is there already.

    Rows that go or change are taken out before others come in, for a new row may take the number of one that goes.
    Until all are known the new ones wait here; beyond `_HELD` all former rows go at once, and the rest is written as
    it comes.
    """

    def __init__(
        self, session: Session, tables: Mapping[str, Travelling], former: Mapping[str, Mapping[str, bytes]]
    ) -> None:
        self._session, self._tables, self._former = session, tables, former
        self._waiting: dict[str, list[Values]] = {name: [] for name in tables}
        self._anew: dict[str, set[str]] = {name: set() for name in tables}
        """Ids of the rows there that are taken out and written again."""
        self._held, self._cleared = 0, not any(former.values())

    def take(self, name: str, row_id: str, values: Values, line: int, *, known: bool, same: bool) -> None:
        """Take one row that came in; `known`: one of its id is there, `same`: it says the same."""
        if known and not self._cleared:
            if same and not any(values[column] in self._anew[target] for column, target in self._tables[name].hangs):
                return
            self._anew[name].add(row_id)
        self._waiting[name].append(values)
        self._held += 1
        if not self._cleared and self._held > _HELD:
            self._clear()
        if self._cleared and len(self._waiting[name]) >= _CHUNK:
            _insert(self._session, self._tables[name], self._waiting[name], line)

    def finish(self) -> None:
        """Write what still waits."""
        if not self._cleared:
            self._clear()
        for name, rows in self._waiting.items():
            _insert(self._session, self._tables[name], rows, 0)

    def _clear(self) -> None:
        """Take out the rows that no row that came in has left in place."""
        for name, carried in reversed(list(self._tables.items())):
            if carried.owned:
                gone = [*self._former[name], *self._anew[name]]
                for start in range(0, len(gone), _CHUNK):
                    some = gone[start : start + _CHUNK]
                    self._session.execute(delete(carried.table).where(carried.table.c.id.in_(some)))
        self._cleared = True


def _digests(session: Session, carried: Travelling, org: str) -> dict[str, bytes]:
    query = select(carried.table)
    if carried.owned:
        query = query.where(carried.table.c.branch_id == org)
    return {row["id"]: _digest(dict(row)) for row in session.execute(query).mappings()}


def _digest(row: Mapping[str, object]) -> bytes:
    """Return a short sum of what a row says, to tell whether it changed."""
    plainly = {name: plain(value) for name, value in row.items()}
    return hashlib.blake2b(canonical(plainly), digest_size=16).digest()


def _checked(
    tables: Mapping[str, Travelling],
    line: int,
    name: str,
    row: Mapping[str, object],
    org: str,
    ids: dict[str, set[str]],
    today: date,
) -> tuple[str, Values]:
    """Return the id and the values of a row as columns take them, once they are proven fit."""
    carried = tables.get(name)
    if carried is None:
        raise PackageRefused("E-PKG-CONTENT", line=line, table=called(name), reason=_unknown(name))
    if row.keys() != carried.takes.keys():
        wrong = sorted(row.keys() ^ carried.takes.keys())[0]
        reason = f"缺少“{carried.named(wrong).label}”" if wrong in carried.takes else "有不认识的字段"
        raise PackageRefused("E-PKG-CONTENT", line=line, table=carried.label, reason=reason)
    try:
        values = judged(carried, row, today)
        if carried.owned:
            values["branch_id"] = org
        for column, target in carried.refers:
            if values[column] is not None and values[column] not in ids.get(target, ()):
                raise InvalidInput(carried.named(column), "指向不存在的记录")
        row_id = str(values["id"])
        if row_id in ids[name]:
            raise InvalidInput(carried.named("id"), "重复")
        if name == Branch.__tablename__ and row_id != org:
            raise InvalidInput(carried.named("id"), "不是发送方的支部概况")
    except InvalidInput as error:
        raise refusal("E-PKG-CONTENT", carried, row, error, line) from error
    ids[name].add(row_id)
    return row_id, values


def _unknown(table: str) -> str:
    return "不该在这个方向上来" if called(table) else f"数据表“{table[:40]}”不认识"


def _insert(session: Session, carried: Travelling, rows: list[Values], line: int) -> None:
    if not rows:
        return
    try:
        session.execute(insert(carried.table), rows)
    except IntegrityError as error:  # an id of another branch, or two rows the schema forbids to be alike
        reason = "有重复的记录"
        raise PackageRefused("E-PKG-CONTENT", line=line, table=carried.label, reason=reason) from error
    rows.clear()


def _put_pack(session: Session, carried: Travelling, values: Values, changes: Changes, line: int) -> None:
    """Keep an edition of a standard as headquarters sent it; what the program itself brought stays beside it."""
    sent, name = StandardPack(**values), StandardPack.__tablename__
    try:
        kind = check_standard(sent.text, f"{sent.kind}-{sent.version}.toml", strict=False)
        if kind.value != sent.kind:  # it would be kept, and read, as what it is not
            raise InvalidInput(carried.named("kind"), "与文件内容不符")
    except PackInvalid as error:
        reason = "：".join(part for part in (error.item, error.field, error.reason) if part)
        raise PackageRefused("E-PKG-CONTENT", line=line, table=carried.label, row=sent.title, reason=reason) from error
    except InvalidInput as error:
        raise refusal("E-PKG-CONTENT", carried, values, error, line) from error
    same = select(StandardPack).where(StandardPack.kind == sent.kind, StandardPack.version == sent.version)
    pack = session.scalar(same)
    if pack is None:
        pack = StandardPack(kind=sent.kind, version=sent.version)
        session.add(pack)
        changes.added[name] = changes.added.get(name, 0) + 1
    elif as_written(pack.text) != as_written(sent.text):
        changes.changed[name] = changes.changed.get(name, 0) + 1
    elif pack.from_headquarters:
        return
    pack.title, pack.effective_from = sent.title, sent.effective_from
    pack.text, pack.from_headquarters = sent.text, True
    pack.received_at_utc = action_of(session).at_utc
    session.flush()


def _drop_withdrawn(session: Session, sent: set[tuple[str, str]], changes: Changes, today: date) -> None:
    """Forget the editions that headquarters took back before they held: they are in its packages no more."""
    name = StandardPack.__tablename__
    ahead = select(StandardPack).where(StandardPack.from_headquarters, StandardPack.effective_from > today)
    for pack in session.scalars(ahead):
        if (pack.kind, pack.version) not in sent:
            session.delete(pack)
            changes.removed[name] = changes.removed.get(name, 0) + 1
    session.flush()


def through_migrations(incoming: Iterable[Incoming], revision: str, way: Travel, folder: Path) -> Iterator[Incoming]:
    """Bring rows of an older program to today's models: there is one way of upgrading, that of the database.

    They are put into an empty encrypted database of `revision` in `folder`, which is upgraded, read and deleted.

    Raises:
        PackageRefused: E-PKG-CONTENT; a table or value that revision does not have.
    """
    path, engine = folder / f"{uuid.uuid4()}{PARTIAL}", None
    try:
        FilePort().make_own(path)
        engine = open_engine(path, secrets.token_bytes(32))
        schema.upgrade(engine, revision)
        _load_as_was(engine, incoming)
        schema.upgrade(engine)
        with engine.connect() as connection:
            for name, carried in travelling(way).items():
                for row in connection.execute(select(carried.table).order_by(carried.table.c.id)).mappings():
                    yield 0, name, {column: plain(value) for column, value in row.items()}
    finally:
        if engine is not None:
            engine.dispose()
        for rest in folder.glob(path.name + "*"):
            with contextlib.suppress(OSError):  # nobody has its key any more, and the inbox is cleared
                rest.unlink()


def _load_as_was(engine: Engine, incoming: Iterable[Incoming]) -> None:
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for line, name, row in incoming:
            table = tables.tables.get(name)
            if table is None:
                raise PackageRefused("E-PKG-CONTENT", line=line, reason=_unknown(name))
            if not row.keys() <= {column.name for column in table.columns}:
                raise PackageRefused("E-PKG-CONTENT", line=line, table=called(name), reason="有不认识的字段")
            try:
                values = {key: take_as_was(table.c[key].type, value) for key, value in row.items()}
                connection.execute(insert(table), values)
            except (Unfit, ValueError, TypeError, DBAPIError) as error:
                raise PackageRefused("E-PKG-CONTENT", line=line, table=called(name), reason="字段内容不符") from error
