"""Alembic's entry: migrations run on the connection they are given, never on one of their own."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

import desktop.models  # noqa: F401 - declares every table
from desktop.models.base import Base
from desktop.models.lines import LinesType


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as what the database holds, so that a migration never imports today's models."""
    if kind == "type" and isinstance(thing, LinesType):
        return "sa.JSON()"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, render_item=render
)
context.run_migrations()
