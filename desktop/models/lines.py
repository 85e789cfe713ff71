"""Small rows kept in one column (责任事项, 服务时长 …): a JSON list, read as a tuple of frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import Enum as PyEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import JSON, TypeDecorator
from sqlalchemy.orm import Mapped

from desktop.models.base import plain


class LinesType(TypeDecorator[tuple[Any, ...]]):
    """A JSON list of small rows, read as a tuple of frozen dataclasses (dates as `date`)."""

    impl = JSON
    cache_ok = True

    def __init__(self, item: type) -> None:
        super().__init__()
        self.item = item

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Store the rows as JSON objects."""
        return [plain(row) for row in value or ()]

    def process_result_value(self, value: Any, dialect: Any) -> tuple[Any, ...]:
        """Read the rows back as their dataclass."""
        return tuple(read_line(self.item, row) for row in value or ())


def read_line(item: type, row: Mapping[str, Any]) -> Any:
    """Return `row`, as JSON carries it, as an instance of `item`."""
    values: dict[str, Any] = {}
    for name, kind in _line_types(item):
        if name not in row and name in later_parts(item):
            continue  # written by a program that did not know it yet
        value = row.get(name)
        if isinstance(value, str) and kind is date:
            value = date.fromisoformat(value) if value else None
        elif value is not None and isinstance(kind, type) and issubclass(kind, PyEnum):
            value = kind(value)
        values[name] = value
    return item(**values)


@cache
def later_parts(item: type) -> frozenset[str]:
    """Return the parts a line got after it was first kept: those by keyword only, with a default."""
    return frozenset(each.name for each in fields(item) if each.kw_only and each.default is not MISSING)


@cache
def _line_types(item: type) -> tuple[tuple[str, Any], ...]:
    """Return (name, type) of each part of a line: worked out once, lines are read by the ten thousand."""
    hints = get_type_hints(item)
    return tuple((part.name, value_type(hints[part.name])) for part in fields(item))


def value_type(hint: Any) -> Any:
    """Return the type of a hint without Mapped[...] and None: Mapped[date | None] -> date."""
    if get_origin(hint) is Mapped:
        hint = get_args(hint)[0]
    if get_origin(hint) in (UnionType, Union):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    return hint
