"""Which rows of headquarters a branch is sent: those in which it is named, and the branches beside it."""

from typing import Any

from sqlalchemy import ColumnElement, MetaData, Select, Table, case, func, or_, select

from desktop.models.base import Base
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState


def names(model: type[Base], org: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether a row of `model` names the branch `org`: in a column, or in a line of one (`__to_named__`)."""
    table = model.__table__
    assert isinstance(table, Table)
    return or_(*(_names(table, org, *path.split(".")) for path in model.__to_named__))


def enrolled(schema: str | None = None) -> Select[*tuple[Any, ...]]:
    """Select id, code and name of the branches that are enrolled or were, and whether they were revoked since: those
    are still named where headquarters named them. One that came back is told as it is now."""
    partners = Base.metadata.tables[Partner.__tablename__]
    if schema is not None:
        partners = partners.to_metadata(MetaData(), schema=schema)
    row, other = partners.c, partners.alias("other")
    last = (
        select(other.c.id)
        .where(other.c.org == row.org, other.c.state.in_((PartnerState.ACTIVE, PartnerState.REVOKED)))
        .order_by(case((other.c.state == PartnerState.ACTIVE, 0), else_=1), other.c.id.desc())
        .limit(1)
    )
    revoked = (row.state == PartnerState.REVOKED).label("revoked")
    return select(row.org.label("id"), row.code, row.name, revoked).where(row.id == last.scalar_subquery())


def others(org: ColumnElement[str], schema: str | None = None) -> Select[*tuple[Any, ...]]:
    """Select the branches beside `org`, as it is told of them (`KnownBranch`); headquarters keeps no rows of these,
    what it sends are its partners."""
    known = enrolled(schema).subquery("known")
    told = select(known.c.id, org.label("branch_id"), known.c.code, known.c.name, known.c.revoked)
    return told.where(known.c.id != org)


def _names(table: Table, org: ColumnElement[str], column: str, part: str = "") -> ColumnElement[bool]:
    if not part:
        return table.c[column] == org
    line = func.json_each(table.c[column]).table_valued("value", name="line")
    named = select(line.c.value).where(func.json_extract(line.c.value, f"$.{part}") == org)
    return named.correlate(table).exists()
