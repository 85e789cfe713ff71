"""Rows as packages carry them: taken out of one store, proven fit, put in place of the sender's former ones.

Which tables travel is declared on the models. Nothing of a row is believed that the models do not allow, and whose
rows they are is said by the authenticated sender, never by the file.
"""

import hashlib
import math
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Engine,
    Enum,
    Float,
    Integer,
    MetaData,
    String,
    Table,
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
from sqlalchemy.types import TypeEngine

from desktop.models import schema
from desktop.models.attachments import Attachment
from desktop.models.base import Base, Owned, Travel, plain
from desktop.models.branches import Branch
from desktop.models.database import open_engine
from desktop.models.duties import Talk
from desktop.models.race import RaceResult
from desktop.models.registers import LinesType, read_line, value_type
from desktop.models.standards import StandardPack
from desktop.models.vocabulary import TalkKind
from desktop.services.canonical import canonical
from desktop.services.errors import PackageRefused, PackInvalid
from desktop.services.standards.editions import check_standard
from desktop.services.unit_of_work import action_of

Values: TypeAlias = dict[str, Any]
Incoming: TypeAlias = tuple[int, str, Mapping[str, Any]]
"""Line number, table, column values as JSON carries them."""

_CHUNK = 500
_INTEGERS = range(-(1 << 63), 1 << 63)
_TALK_TEXTS = ("place", "points", "answer", "follow_up", "follow_up_due", "note")


@dataclass(slots=True)
class Changes:
    """What an import changed: rows per table."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)


class _Unfit(Exception):
    """A value the models do not allow; the text is a short Chinese phrase."""


@dataclass(frozen=True, slots=True)
class Travelling:
    """A table whose rows travel, with what its columns take."""

    table: Table
    takes: Mapping[str, Callable[[Any], Any]]
    owned: bool
    refers: tuple[tuple[str, str], ...]  # column, table whose id it holds


@cache
def travelling(way: Travel) -> Mapping[str, Travelling]:
    """Return the tables that travel one way, by name, referred ones first."""
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    found: dict[str, Travelling] = {}
    for table in Base.metadata.sorted_tables:
        model = models.get(table)
        if model is not None and model.__travels__ is way:
            refers = tuple(
                (column.name, key.column.table.name) for column in table.columns for key in column.foreign_keys
            )
            hints = get_type_hints(model)
            takes = {column.name: _taker(column, hints[column.key]) for column in table.columns}
            found[table.name] = Travelling(table, takes, issubclass(model, Owned), refers)
    return found


# out


def outgoing(session: Session, way: Travel, org: str) -> Iterator[tuple[str, Values]]:
    """Give the whole state of `org` as it travels one way: tables in order, rows by id, values JSON knows.

    What lies in the recycle bin stays here, and what hangs on it; so do the texts of restricted talks with all that is
    attached to them, and results not published.
    """
    sent: dict[str, set[str]] = {}
    for name, one in travelling(way).items():
        ids = sent.setdefault(name, set())
        for row in session.execute(_query(one.table, org)).mappings():
            values = {column: plain(value) for column, value in row.items()}
            if _detached(one, values, sent):
                ids.add(values["id"])
                yield name, values


def attachments_of(session: Session, org: str) -> list[tuple[str, int]]:
    """Return SHA-256 and size of every content that belongs to the rows that travel, oldest first."""
    query = _query(_table(Attachment), org).with_only_columns(Attachment.sha256, Attachment.size_bytes)
    return list(dict.fromkeys((sha256, size) for sha256, size in session.execute(query)))


def _query(table: Table, org: str) -> Any:
    query = select(table).order_by(table.c.id)
    if "branch_id" in table.c:
        query = query.where(table.c.branch_id == org)
    if "deleted_at_utc" in table.c:
        query = query.where(table.c.deleted_at_utc.is_(None))
    if "record_id" in table.c:
        query = query.where(table.c.record_id.not_in(_recycled(org)))
    if table is _table(RaceResult):
        query = query.where(RaceResult.published_on.is_not(None))
    if table is _table(Talk):
        return _without_texts(query)
    if table is _table(Attachment):
        restricted = select(Talk.id).where(Talk.kind.in_(_restricted()))
        query = query.where(Attachment.record_id.not_in(restricted))
    return query


def _recycled(org: str) -> Any:
    """Return the ids of what lies in the recycle bin; no two tables share an id."""
    bins = [
        select(one.table.c.id).where(one.table.c.branch_id == org, one.table.c.deleted_at_utc.is_not(None))
        for one in travelling(Travel.UP).values()
        if "deleted_at_utc" in one.table.c
    ]
    return union_all(*bins)


def _restricted() -> list[TalkKind]:
    return [kind for kind in TalkKind if kind.restricted]


def _without_texts(query: Any) -> Any:
    """Select talks so that the texts of restricted kinds are not even read."""
    hidden = Talk.kind.in_(_restricted())
    columns: list[ColumnElement[Any]] = []
    for column in _table(Talk).c:
        shown: ColumnElement[Any] = column
        if column.name in _TALK_TEXTS:
            shown = case((hidden, null()), else_=column)
        elif column.name == "title":
            shown = case(*((Talk.kind == kind, kind.label) for kind in _restricted()), else_=column)
        columns.append(type_coerce(shown, column.type).label(column.name))
    return query.with_only_columns(*columns)


def _detached(one: Travelling, values: Values, sent: Mapping[str, set[str]]) -> bool:
    """Take references to rows that do not travel out of `values`; False if the row cannot be without them."""
    for column, target in one.refers:
        if values[column] is not None and values[column] not in sent.get(target, ()):
            if not one.table.c[column].nullable:
                return False
            values[column] = None
    return True


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


# in


def replace_rows(session: Session, way: Travel, org: str, incoming: Iterable[Incoming]) -> Changes:
    """Put `incoming` in the place of all rows of `org` that travel one way, in the transaction of `session`.

    Raises:
        PackageRefused: E-PKG-CONTENT with line and reason; the transaction is to be rolled back.
    """
    tables = travelling(way)
    former = {name: _digests(session, one, org) for name, one in tables.items()}
    for one in reversed(list(tables.values())):
        if one.owned:
            session.execute(delete(one.table).where(one.table.c.branch_id == org))
    changes, ids = Changes(), {name: set[str]() for name in tables}
    waiting: dict[str, list[Values]] = {name: [] for name in tables}
    for line, name, row in incoming:
        values = _checked(tables, line, name, row, org, ids)
        digest = former[name].pop(values["id"], None)
        if tables[name].table is _table(StandardPack):
            _put_pack(session, values, changes, line)
            continue
        if digest is None:
            changes.added[name] = changes.added.get(name, 0) + 1
        elif digest != _digest(values):
            changes.changed[name] = changes.changed.get(name, 0) + 1
        waiting[name].append(values)
        if len(waiting[name]) >= _CHUNK:
            _insert(session, tables[name], waiting[name], line)
    for name, rows in waiting.items():
        _insert(session, tables[name], rows, 0)
    for name, gone in former.items():
        if gone and tables[name].owned:
            changes.removed[name] = len(gone)
    if way is Travel.UP and ids[Branch.__tablename__] != {org}:
        raise PackageRefused("E-PKG-CONTENT", line=0, reason="缺少支部概况")
    return changes


def _digests(session: Session, one: Travelling, org: str) -> dict[str, bytes]:
    query = select(one.table)
    if one.owned:
        query = query.where(one.table.c.branch_id == org)
    return {row["id"]: _digest(dict(row)) for row in session.execute(query).mappings()}


def _digest(row: Mapping[str, Any]) -> bytes:
    """Return a short sum of what a row says, to tell whether it changed."""
    said = {name: plain(value) for name, value in row.items()}
    return hashlib.blake2b(canonical(said), digest_size=16).digest()


def _checked(
    tables: Mapping[str, Travelling], line: int, name: str, row: Mapping[str, Any], org: str, ids: dict[str, set[str]]
) -> Values:
    """Return the values of a row as columns take them, once they are proven fit."""
    one = tables.get(name)
    if one is None:
        raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason="不认识或不该有的数据表")
    if row.keys() != one.takes.keys():
        wrong = sorted(row.keys() ^ one.takes.keys())[0]
        reason = f"缺少字段{wrong}" if wrong in one.takes else "不认识的字段"
        raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason=reason)
    values: Values = {}
    for column, take in one.takes.items():
        try:
            values[column] = take(row[column])
        except _Unfit as error:
            raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason=f"字段{column}{error}") from error
    if one.owned:
        values["branch_id"] = org
    for column, target in one.refers:
        if values[column] is not None and values[column] not in ids.get(target, ()):
            reason = f"字段{column}指向不存在的记录"
            raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason=reason)
    if values["id"] in ids[name] or not values["id"]:
        raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason="编号为空或重复")
    if name == Branch.__tablename__ and values["id"] != org:
        raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason="支部概况不是发送方的")
    ids[name].add(values["id"])
    return values


def _insert(session: Session, one: Travelling, rows: list[Values], line: int) -> None:
    if not rows:
        return
    try:
        session.execute(insert(one.table), rows)
    except IntegrityError as error:  # an id of another branch, or two rows the schema forbids to be alike
        reason = f"数据表{one.table.name}中有重复的记录"
        raise PackageRefused("E-PKG-CONTENT", line=line, table=one.table.name, reason=reason) from error
    rows.clear()


def _put_pack(session: Session, values: Values, changes: Changes, line: int) -> None:
    """Keep an edition of a standard as headquarters sent it; what the program itself brought stays beside it."""
    try:
        check_standard(values["text"], f"{values['kind']}-{values['version']}.toml")
    except PackInvalid as error:
        reason = "：".join(part for part in (error.item, error.field, error.reason) if part)
        raise PackageRefused("E-PKG-CONTENT", line=line, table=StandardPack.__tablename__, reason=reason) from error
    same = select(StandardPack).where(StandardPack.kind == values["kind"], StandardPack.version == values["version"])
    pack, name = session.scalar(same), StandardPack.__tablename__
    if pack is None:
        pack = StandardPack(kind=values["kind"], version=values["version"])
        session.add(pack)
        changes.added[name] = changes.added.get(name, 0) + 1
    elif pack.text != values["text"]:
        changes.changed[name] = changes.changed.get(name, 0) + 1
    elif pack.from_headquarters:
        return
    pack.title, pack.effective_from = values["title"], values["effective_from"]
    pack.text, pack.from_headquarters = values["text"], True
    pack.received_at_utc = action_of(session).at_utc
    session.flush()


def through_migrations(incoming: Iterable[Incoming], revision: str, way: Travel, folder: Path) -> Iterator[Incoming]:
    """Bring rows of an older program to today's models: there is one way of upgrading, that of the database.

    They are put into an empty encrypted database of `revision` in `folder`, which is upgraded, read and deleted.

    Raises:
        PackageRefused: E-PKG-CONTENT; a table or value that revision does not have.
    """
    path, engine = folder / f"{uuid.uuid4()}.db", None
    try:
        engine = open_engine(path, secrets.token_bytes(32))
        schema.upgrade(engine, revision)
        _load_as_was(engine, incoming)
        schema.upgrade(engine)
        with engine.connect() as connection:
            for name, one in travelling(way).items():
                for row in connection.execute(select(one.table).order_by(one.table.c.id)).mappings():
                    yield 0, name, {column: plain(value) for column, value in row.items()}
    finally:
        if engine is not None:
            engine.dispose()
        for rest in folder.glob(path.name + "*"):
            rest.unlink()


def _load_as_was(engine: Engine, incoming: Iterable[Incoming]) -> None:
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for line, name, row in incoming:
            table = tables.tables.get(name)
            if table is None or not row.keys() <= {column.name for column in table.columns}:
                raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason="不认识的数据表或字段")
            try:
                values = {key: _as_was(table.c[key].type, value) for key, value in row.items()}
                connection.execute(insert(table), values)
            except (_Unfit, ValueError, TypeError, DBAPIError) as error:
                raise PackageRefused("E-PKG-CONTENT", line=line, table=name, reason="字段内容不符") from error


def _as_was(kind: TypeEngine[Any], value: Any) -> Any:
    return _day(value) if isinstance(kind, Date) and value is not None else value


# what columns take


def _taker(column: Column[Any], hint: Any) -> Callable[[Any], Any]:
    """Return what turns a value of JSON into one of `column`, or says why not."""
    take = _take_kind(column, hint)
    nullable = column.nullable

    def taker(value: Any) -> Any:
        if value is None:
            if nullable:
                return None
            raise _Unfit("不能为空")
        return take(value)

    return taker


def _take_kind(column: Column[Any], hint: Any) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, LinesType):
        return lambda value: _lines(kind.item, value)
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return lambda value: _choice(kind.enum_class, value)
    if isinstance(kind, Date):
        return _day
    if isinstance(kind, Boolean):
        return lambda value: _of_type(bool, value)
    if isinstance(kind, Integer):
        return _integer
    if isinstance(kind, Float):
        return _number
    if isinstance(kind, String):
        return lambda value: _text(value, kind.length)
    if get_origin(value_type(hint)) is list:
        item = get_args(value_type(hint))[0]
        return lambda value: [_of_type(item, each) for each in _of_type(list, value)]
    return lambda value: _tree(_of_type(dict, value))


def _of_type(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise _Unfit("类型不对")
    if kind is str:
        return _text(value, None)
    return value


def _text(value: Any, length: int | None) -> str:
    if type(value) is not str:
        raise _Unfit("类型不对")
    if length is not None and len(value) > length:
        raise _Unfit(f"超过{length}字")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _Unfit("含有无效字符") from error
    return value


def _integer(value: Any) -> int:
    if type(value) is not int or value not in _INTEGERS:
        raise _Unfit("不是整数")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > 1e300:
        raise _Unfit("不是数值")
    return float(value)


def _day(value: Any) -> date:
    try:
        found = date.fromisoformat(_text(value, 10))
    except ValueError as error:
        raise _Unfit("不是日期") from error
    if found.isoformat() != value:
        raise _Unfit("不是日期")
    return found


def _choice(kind: Any, value: Any) -> Any:
    try:
        return kind(_text(value, None))
    except ValueError as error:
        raise _Unfit("不在可选范围内") from error


def _lines(item: type, value: Any) -> tuple[Any, ...]:
    """Read small rows and see that they say the same when written again."""
    rows = []
    for each in _of_type(list, value):
        try:
            row = read_line(item, _tree(_of_type(dict, each)))
            same = plain(row) == each
        except (ValueError, TypeError, KeyError) as error:
            raise _Unfit("内容不符") from error
        if not same:
            raise _Unfit("内容不符")
        rows.append(row)
    return tuple(rows)


def _tree(value: Any) -> Any:
    """Look through a free JSON value for what a database or a page cannot hold."""
    if isinstance(value, str):
        return _text(value, None)
    if isinstance(value, dict):
        for key, each in value.items():
            _text(key, None)
            _tree(each)
    elif isinstance(value, list):
        for each in value:
            _tree(each)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _Unfit("不是数值")
    return value
