"""Which rows of headquarters a branch is sent: those in which it is named, and the branches beside it."""

from typing import Any

from sqlalchemy import ColumnElement, MetaData, Select, Table, func, or_, select

from desktop.models.base import Base
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState


def names(model: type[Base], org: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether a row of `model` names the branch `org`: in a column, or in a line of one (`__to_named__`)."""
    table = model.__table__
    assert isinstance(table, Table)
    return or_(*(_names(table, org, *path.split(".")) for path in model.__to_named__))


def others(org: ColumnElement[str], schema: str | None = None) -> Select[*tuple[Any, ...]]:
    """Select the enrolled branches beside `org`, as it is told of them (`KnownBranch`); headquarters keeps no rows of
    these, what it sends are its partners."""
    partners = Base.metadata.tables[Partner.__tablename__]
    row = partners.c if schema is None else partners.to_metadata(MetaData(), schema=schema).c
    named = select(row.org.label("id"), org.label("branch_id"), row.code, row.name)
    return named.where(row.state == PartnerState.ACTIVE, row.org != org).group_by(row.org)


def _names(table: Table, org: ColumnElement[str], column: str, part: str = "") -> ColumnElement[bool]:
    if not part:
        return table.c[column] == org
    line = func.json_each(table.c[column]).table_valued("value", name="line")
    named = select(line.c.value).where(func.json_extract(line.c.value, f"$.{part}") == org)
    return named.correlate(table).exists()
