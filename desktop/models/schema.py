"""The version of the database and the way from one to the next (Alembic, from the first revision)."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from desktop.models.database import Bare

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
"""The newest revision, by the names of the scripts (`NNNN_words.py`): opening a store need not import Alembic."""


def revision_of(connection: Connection | Bare) -> str | None:
    """Return the revision of the database behind a DB-API or SQLAlchemy connection; None if it is empty."""
    run = connection.exec_driver_sql if isinstance(connection, Connection) else connection.execute
    found = run("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'").fetchone()
    if found is None:
        return None
    row = run("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def known(revision: str) -> bool:
    """Whether this program can read a database or package of `revision`."""
    return any(path.name.startswith(f"{revision}_") for path in (MIGRATIONS / "versions").glob("*.py"))


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database of `engine` to revision `to`, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
