"""The rows of one branch, out of a database that holds those of many: tables as its own store would have them.

Temporary views of a connection stand before the tables of the same name, so that whatever is asked of it, by whatever
query, is answered from the rows of that branch alone. They are no tables: nothing can be written through them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ClauseElement, Table, literal
from sqlalchemy.dialects import sqlite

from desktop.models.attachments import StoredFile
from desktop.models.base import Base, Travel, new_id
from desktop.models.going_down import names, others
from desktop.models.history import Setting
from desktop.models.race import RaceResult
from desktop.models.sync import SentContent
from desktop.models.transfers import KnownBranch

_ONLY = {RaceResult.__tablename__: "published_on IS NOT NULL"}
"""What more is asked of rows that travel only by and by."""


def views_of(branch_id: str, settings: Mapping[str, str], searched: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements that show a connection the rows of one branch only.

    What travels, either way, is there as far as it is the branch's; the contents it sent itself; in the place of the
    settings of this store `settings`. All else that is kept here is about headquarters and its work, and is not there.
    `searched` are further tables with the column `branch_id`.
    """
    org = _quoted(branch_id)
    statements = [_view(name, f"branch_id = {org}") for name in searched]
    for mapper in Base.registry.mappers:
        model: type[Base] = mapper.class_
        table = model.__table__
        if not isinstance(table, Table) or model is Setting:
            continue
        if model is KnownBranch:
            statements.append(f"CREATE TEMP VIEW {table.name} AS {_written(others(literal(branch_id), 'main'))}")
        elif model is StoredFile:
            sent = f"SELECT sha256 FROM main.{SentContent.__tablename__} WHERE org = {org}"
            statements.append(_view(table.name, f"sha256 IN ({sent})"))
        elif model.__travels__ is Travel.NEVER:
            statements.append(_view(table.name, "0"))
        elif model.__to_all__ or model.__to_named__:
            columns = ", ".join(f"{org} AS branch_id" if each.name == "branch_id" else each.name for each in table.c)
            sent = f"{model.__to_all__} IS NOT NULL" if model.__to_all__ else _written(names(model, literal(branch_id)))
            statements.append(_view(table.name, f"({sent}) AND deleted_at_utc IS NULL", columns))
        elif "branch_id" in table.c:
            more = _ONLY.get(table.name)
            statements.append(_view(table.name, f"branch_id = {org}" + (f" AND {more}" if more else "")))
    name = Setting.__tablename__
    statements.append(f"CREATE TEMP TABLE {name} (id TEXT PRIMARY KEY, name TEXT UNIQUE, value TEXT)")
    rows = ", ".join(f"({_quoted(new_id())}, {_quoted(key)}, {_quoted(value)})" for key, value in settings.items())
    if rows:
        statements.append(f"INSERT INTO temp.{name} (id, name, value) VALUES {rows}")
    return tuple(statements)


def _view(table: str, which: str, columns: str = "*") -> str:
    return f"CREATE TEMP VIEW {table} AS SELECT rowid AS rowid, {columns} FROM main.{table} WHERE {which}"


def _written(clause: ClauseElement) -> str:
    """Return a clause as a view has it, with its values."""
    return str(clause.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
