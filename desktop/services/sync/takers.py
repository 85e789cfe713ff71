"""What a column takes of a value that came as JSON: exactly what the models allow, nothing bent into shape."""

import math
from collections.abc import Callable
from datetime import date
from enum import Enum as PyEnum
from typing import Any, TypeAlias, TypeVar, get_args, get_origin

from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, String
from sqlalchemy.types import TypeEngine

from desktop.models.base import plain
from desktop.models.registers import LinesType, read_line, value_type

T = TypeVar("T")
Taker: TypeAlias = Callable[[object], object]
"""Turns a value of JSON into one of a column, or raises `Unfit`."""

_INTEGERS = range(-(1 << 63), 1 << 63)


class Unfit(Exception):
    """A value the models do not allow; the text is a short Chinese phrase."""


def taker_of(column: Column[object], hint: object) -> Taker:
    """Return what turns a value of JSON into one of `column`; `hint` is the type its model gives it."""
    take = _take_kind(column.type, hint)
    nullable = column.nullable

    def taker(value: object) -> object:
        if value is None:
            if nullable:
                return None
            raise Unfit("不能为空")
        return take(value)

    return taker


def take_day(value: object) -> date:
    """Return the day an ISO date names.

    Raises:
        Unfit: it is none, or spelled in another way.
    """
    try:
        day = date.fromisoformat(_text(value, 10))
    except ValueError as error:
        raise Unfit("不是日期") from error
    if day.isoformat() != value:
        raise Unfit("不是日期")
    return day


def take_as_was(kind: TypeEngine[Any], value: object) -> object:
    """Return a value as a column of a former revision takes it; the database checks the rest."""
    return take_day(value) if isinstance(kind, Date) and value is not None else value


def _take_kind(kind: TypeEngine[Any], hint: object) -> Taker:
    if isinstance(kind, LinesType):
        return lambda value: _lines(kind.item, value)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        members = kind.enum_class
        return lambda value: _choice(members, value)
    if isinstance(kind, Date):
        return take_day
    if isinstance(kind, Boolean):
        return lambda value: _of_type(bool, value)
    if isinstance(kind, Integer):
        return _integer
    if isinstance(kind, Float):
        return _number
    if isinstance(kind, String):
        return lambda value: _text(value, kind.length)
    if get_origin(value_type(hint)) is list:
        item: type[object] = get_args(value_type(hint))[0]
        return lambda value: [_of_type(item, part) for part in _of_type(list, value)]
    return lambda value: _tree(_of_type(dict, value))


def _of_type(kind: type[T], value: object) -> T:
    if type(value) is not kind or not isinstance(value, kind):
        raise Unfit("类型不对")
    if kind is str:
        _text(value, None)
    return value


def _text(value: object, length: int | None) -> str:
    if type(value) is not str:
        raise Unfit("类型不对")
    if length is not None and len(value) > length:
        raise Unfit(f"超过{length}字")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unfit("含有无效字符") from error
    return value


def _integer(value: object) -> int:
    if type(value) is not int or value not in _INTEGERS:
        raise Unfit("不是整数")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unfit("不是数值")
    if not abs(value) <= 1e300:  # nor what is no number, nor an integer beyond all floats
        raise Unfit("不是数值")
    return float(value)


def _choice(members: type[PyEnum], value: object) -> PyEnum:
    try:
        return members(_text(value, None))
    except ValueError as error:
        raise Unfit("不在可选范围内") from error


def _lines(item: type, value: object) -> tuple[object, ...]:
    """Read small rows and see that they say the same when written again."""
    rows = []
    for line in _of_type(list, value):
        try:
            fields = _of_type(dict, line)
            _tree(fields)
            row = read_line(item, fields)
            same = plain(row) == line
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise Unfit("内容不符") from error
        if not same:
            raise Unfit("内容不符")
        rows.append(row)
    return tuple(rows)


def _tree(value: object) -> object:
    """Look through a free JSON value for what a database or a page cannot hold."""
    if isinstance(value, str):
        return _text(value, None)
    if isinstance(value, dict):
        for key, part in value.items():
            _text(key, None)
            _tree(part)
    elif isinstance(value, list):
        for part in value:
            _tree(part)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unfit("不是数值")
    return value
