"""What is stored: tables, enums and declared registers, one module per area. Imports no Qt.

Importing this package declares every table and register, in the order the pages show them.
"""

from desktop.models import (
    attachments,
    base,
    branches,
    brands,
    duties,
    history,
    imports,
    improvement,
    initiatives,
    learning,
    meetings,
    members,
    race,
    registers,
    standards,
    support,
    sync,
    users,
    venues,
    vocabulary,
    volunteering,
)

__all__ = [
    "attachments",
    "base",
    "branches",
    "brands",
    "duties",
    "history",
    "imports",
    "improvement",
    "initiatives",
    "learning",
    "meetings",
    "members",
    "race",
    "registers",
    "standards",
    "support",
    "sync",
    "users",
    "venues",
    "vocabulary",
    "volunteering",
]
