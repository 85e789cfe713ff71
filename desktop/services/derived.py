"""Tables of what is derived from records (the scores of branches): kept beside them in the database.

They are no records: without history, in no package, and made anew where they are missing or of another shape, which
the number at the end of their name tells.
"""

from sqlalchemy import Table, text
from sqlalchemy.orm import Session


def is_there(session: Session, table: Table) -> bool:
    """Return whether the store has a table of the present shape."""
    query = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name")
    return session.execute(query, {"name": table.name}).first() is not None


def make(session: Session, table: Table) -> None:
    """Make the table where it is missing, and drop those of former shapes."""
    if is_there(session, table):
        return
    stem = table.name.rpartition("_")[0]
    old = text("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB :like")
    for name in session.scalars(old, {"like": f"{stem}_[0-9]*"}).all():
        session.execute(text(f"DROP TABLE {name}"))
    table.create(session.connection())
