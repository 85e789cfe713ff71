"""The ground every table stands on: ids, naming, and what each record says of itself."""

import os
import re
import time
from collections.abc import Collection
from datetime import date
from enum import Enum, StrEnum
from enum import Enum as PyEnum
from threading import Lock
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Column, Index, MetaData, PrimaryKeyConstraint, String, Table, UniqueConstraint
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID_LENGTH = 36
"""Only ids, and what points to one, are texts of this length."""
TICKS = 4096
"""Parts of a millisecond that an id tells apart: the twelve bits of a UUIDv7 beside its version."""


MOST = 1_000_000
"""A whole number is at most this, unless its field says otherwise."""
OLDEST_YEAR, NEWEST_YEAR = 1900, 2099
"""What a year may be."""


class Travel(StrEnum):
    """Which way the rows of a table travel in packages (sync_package)."""

    UP = "up"  # the branch owns them; headquarters reads
    DOWN = "down"  # headquarters owns them; the branch reads
    NEVER = "never"  # stays in this store: log-ins, drafts, settings, history


class Holds(Enum):
    """What a column holds where its type leaves more open than anybody means; what comes from outside is held to it."""

    YEAR = "year"
    TIME = "time"  # local time HH:MM
    PERIOD = "period"  # 2026Q3, 2026
    MONEY = "money"  # fen (分)
    SIGNED = "signed"  # may be below zero
    SIZE = "size"  # bytes of a file
    SHA256 = "sha256"  # hex
    FILE_NAME = "file_name"
    DOCUMENT = "document"  # a whole file as text


LONGEST_NAMES = 60
"""Characters of a field that says who did something: one name, a few, or a meeting."""
LONGEST_TEXT = 200_000
"""Characters of a text that nothing else limits: minutes with every speech in full stay far below."""
LONGEST_DOCUMENT = 2_000_000


def longest_of(column: Column[Any]) -> int:
    """Return how many characters a column of text takes, typed, imported or sent."""
    length = column.type.length if isinstance(column.type, String) else None
    return length or (LONGEST_DOCUMENT if column.info.get("holds") is Holds.DOCUMENT else LONGEST_TEXT)


def called(label: str, holds: Holds | None = None) -> dict[str, Any]:
    """Return the `info` of a column that is no register's: its 中文 label and what it holds."""
    return {"label": label, "holds": holds}


class Ticks:
    """Moments as whole numbers, each later than the one before, whatever the clock says; for all threads."""

    def __init__(self) -> None:
        self._last, self._lock = 0, Lock()

    def after(self, clock_ns: int) -> int:
        """Return the tick of the clock, or the one after the last if that is later: 4096 to the millisecond."""
        with self._lock:
            self._last = max(clock_ns * TICKS // 1_000_000, self._last + 1)
            return self._last


_ticks = Ticks()


def new_id() -> str:
    """Return a UUIDv7 as text: unique on every machine, and in the order in which this process drew them.

    What sorts by id last has one order then, also for rows made at once. The other 62 bits are random.
    """
    milliseconds, part = divmod(_ticks.after(time.time_ns()), TICKS)
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | part << 64 | 0x2 << 62 | chance))


def enum_of(members: type[PyEnum], length: int) -> EnumType:
    """Return the column type that stores the value of one of `members`, of at most `length` characters."""
    return EnumType(
        members,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda enum: [member.value for member in enum],
    )


class Base(DeclarativeBase):
    """Every table. Enums are stored as their value; names of constraints are stable for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        PyEnum: enum_of(PyEnum, 40),
        list[str]: JSON,
        dict[str, Any]: JSON,
    }

    __travels__: ClassVar[Travel] = Travel.NEVER
    __to_all__: ClassVar[str] = ""
    """Of rows of headquarters that go down to every branch alike: the column that says since when; empty: it waits."""
    __to_named__: ClassVar[tuple[str, ...]] = ()
    """Of rows of headquarters that go down to some branches: the columns that hold the ids of those they go to, or
    the parts of lines ("attending.branch_id")."""
    __label__: ClassVar[str] = ""
    """What people call a row of the table, where it is no register (党员, 会议记录 …)."""
    __history__: ClassVar[bool] = False
    __untold__: ClassVar[Collection[str]] = ()
    """Columns that never go into the history: what is to be gone once nobody needs it."""
    __restricted__: ClassVar[tuple[str, tuple[str, ...]] | None] = None
    """A column and its values that mark rows only those may see who are entitled (内部掌握)."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)

    def __init_subclass__(cls, **arguments: object) -> None:
        super().__init_subclass__(**arguments)
        table = cls.__dict__.get("__table__")
        if isinstance(table, Table):
            index_foreign_keys(table)


def leading_columns(table: Table) -> set[str]:
    """Return the columns by which rows of `table` are found without reading all of it."""
    keys = (key for key in table.constraints if isinstance(key, UniqueConstraint | PrimaryKeyConstraint))
    return {next(iter(found.columns)).name for found in (*table.indexes, *keys)}


def index_foreign_keys(table: Table) -> None:
    """Give every foreign key an index that it leads: without one each deleted row makes SQLite read the whole table."""
    for column in table.columns:
        if column.foreign_keys and column.name not in leading_columns(table):
            Index(None, column)


class Owned:
    """A row that belongs to one branch (党支部). Headquarters keeps the rows of many."""

    branch_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)


class Record(Owned):
    """What every record of daily work carries besides its own fields (domain: common fields).

    `created_at_utc` is when it was typed in; when it happened is the record's own date. A row with
    `deleted_at_utc` lies in the recycle bin: it counts nowhere and does not travel.
    """

    __history__: ClassVar[bool] = True

    rev: Mapped[int] = mapped_column(default=1)
    created_at_utc: Mapped[str] = mapped_column(String(20), default="")
    created_by: Mapped[str] = mapped_column(String(60), default="")
    updated_at_utc: Mapped[str] = mapped_column(String(20), default="")
    updated_by: Mapped[str] = mapped_column(String(60), default="")
    deleted_at_utc: Mapped[str | None] = mapped_column(String(20))


def kind_of(model: type) -> str:
    """Return the record kind a class stands for: VolunteerActivity -> volunteer_activity."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def plain(value: Any) -> Any:
    """Return `value` of a column as JSON can carry it (dates as ISO text, enums as their value, lines as dicts)."""
    if isinstance(value, PyEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
