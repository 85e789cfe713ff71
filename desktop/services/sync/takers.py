"""What a column takes of a value that came as JSON: exactly what the models allow, nothing bent into shape.

Type, length and range are those of the declaration: of the column, of what it is said to hold, of a register's field.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum as PyEnum
from typing import Any, TypeAlias, TypeVar, get_args, get_origin
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, String
from sqlalchemy.types import TypeEngine

from desktop.models.base import ID_LENGTH, LONGEST_TEXT, MOST, NEWEST_YEAR, OLDEST_YEAR, Holds, longest_of, plain
from desktop.models.file_names import plain_name
from desktop.models.lines import LinesType, later_parts, read_line, value_type
from desktop.services.attachments.contents import MAX_BYTES
from desktop.services.sync.protocol import PERIOD

T = TypeVar("T")
Taker: TypeAlias = Callable[[object], object]
"""Turns a value of JSON into one of a column, or raises `Unfit`."""

MOST_LINES = 5_000
"""Small rows in one value."""
LARGEST_NUMBER = 1e15
_MOST_FEN = 1_000_000_000
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Unfit(Exception):
    """A value the models do not allow; the text is a short Chinese phrase."""


def taker_of(column: Column[object], hint: object) -> Taker:
    """Return what turns a value of JSON into one of `column`; `hint` is the type its model gives it."""
    take = _take_kind(column, hint)
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
        Unfit: it is none, spelled in another way, or beyond what anybody means.
    """
    try:
        day = date.fromisoformat(_text(value, 10))
    except ValueError as error:
        raise Unfit("不是日期") from error
    if day.isoformat() != value:
        raise Unfit("不是日期")
    return _within(day)


def take_as_was(kind: TypeEngine[Any], value: object) -> object:
    """Return a value as a column of a former revision takes it; the database checks the rest."""
    return take_day(value) if isinstance(kind, Date) and value is not None else value


def _take_kind(column: Column[object], hint: object) -> Taker:
    kind: TypeEngine[Any] = column.type
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
        lowest, highest = _bounds(column)
        return lambda value: _integer(value, lowest, highest)
    if isinstance(kind, Float):
        return _number
    if isinstance(kind, String):
        return _take_text(column, kind.length, column.info.get("holds"))
    if get_origin(value_type(hint)) is list:
        item: type[object] = get_args(value_type(hint))[0]
        return lambda value: [_of_type(item, part) for part in _few(_of_type(list, value))]
    return lambda value: _tree(_of_type(dict, value))


def _bounds(column: Column[object]) -> tuple[int, int]:
    """Return the least and the greatest whole number a column may hold."""
    holds = column.info.get("holds")
    if holds is Holds.YEAR:
        return OLDEST_YEAR, NEWEST_YEAR
    if holds is Holds.SIZE:
        return 1, MAX_BYTES
    if holds is Holds.SIGNED:
        return -MOST, MOST
    if holds is Holds.MONEY or column.info.get("money"):
        return 0, _MOST_FEN
    return column.info.get("lowest", 0), column.info.get("highest", MOST)


def _take_text(column: Column[object], length: int | None, holds: Holds | None) -> Taker:
    if length == ID_LENGTH:
        return _id
    if column.name.endswith("_utc"):
        return _moment
    if holds is Holds.TIME:
        return lambda value: _spelled(value, _TIME, "不是时间")
    if holds is Holds.PERIOD:
        return lambda value: _spelled(value, PERIOD, "不是赛期")
    if holds is Holds.SHA256:
        return lambda value: _spelled(value, _SHA256, "不是校验值")
    if holds is Holds.FILE_NAME:
        return _file_name
    longest = longest_of(column)
    return lambda value: _text(value, longest)


def _of_type(kind: type[T], value: object) -> T:
    if type(value) is not kind or not isinstance(value, kind):
        raise Unfit("类型不对")
    if kind is str:
        _text(value, LONGEST_TEXT)
    return value


def _text(value: object, length: int) -> str:
    if type(value) is not str:
        raise Unfit("类型不对")
    if len(value) > length:
        raise Unfit(f"超过{length}字")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unfit("含有无效字符") from error
    if "\0" in value:
        raise Unfit("含有无效字符")
    return value


def _spelled(value: object, pattern: re.Pattern[str], reason: str) -> str:
    text = _text(value, LONGEST_TEXT)
    if not pattern.fullmatch(text):
        raise Unfit(reason)
    return text


def _id(value: object) -> str:
    text = _text(value, ID_LENGTH)
    try:
        same = str(UUID(text)) == text
    except ValueError:
        same = False
    if not same:
        raise Unfit("不是编号")
    return text


def _moment(value: object) -> str:
    text = _spelled(value, _MOMENT, "不是时间")
    try:
        _within(datetime.fromisoformat(text).date())
    except ValueError as error:
        raise Unfit("不是时间") from error
    return text


def _file_name(value: object) -> str:
    text = _text(value, LONGEST_TEXT)
    if plain_name(text) != text:
        raise Unfit("不能作文件名")
    return text


def _within(day: date) -> date:
    if not OLDEST_YEAR <= day.year <= NEWEST_YEAR:
        raise Unfit(f"须在{OLDEST_YEAR}年至{NEWEST_YEAR}年之间")
    return day


def _integer(value: object, lowest: int, highest: int) -> int:
    if type(value) is not int:
        raise Unfit("不是整数")
    if not lowest <= value <= highest:
        raise Unfit(f"须在{lowest}至{highest}之间")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unfit("不是数值")
    if not abs(value) < LARGEST_NUMBER:  # nor what is no number, nor an integer beyond all floats
        raise Unfit("不是数值，或过大")
    return float(value)


def _choice(members: type[PyEnum], value: object) -> PyEnum:
    try:
        return members(_text(value, LONGEST_TEXT))
    except ValueError as error:
        raise Unfit("不在可选范围内") from error


def _few(values: list[object]) -> list[object]:
    if len(values) > MOST_LINES:
        raise Unfit(f"超过{MOST_LINES}项")
    return values


def _lines(item: type, value: object) -> tuple[object, ...]:
    """Read small rows and see that they say the same when written again."""
    rows = []
    for line in _few(_of_type(list, value)):
        try:
            fields = _of_type(dict, line)
            _tree(fields)
            row = read_line(item, fields)
            said = plain(row)
            unsaid = (said.keys() - fields.keys()) & later_parts(item)  # by a program that does not know them yet
            same = said == {**fields, **{part: said[part] for part in unsaid}}
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise Unfit("内容不符") from error
        if not same:
            raise Unfit("内容不符")
        for part in fields:
            if isinstance(day := getattr(row, part), date):
                _within(day)
        rows.append(row)
    return tuple(rows)


def _tree(value: object) -> object:
    """Look through a free JSON value for what a database or a page cannot hold."""
    if isinstance(value, str):
        return _text(value, LONGEST_TEXT)
    if isinstance(value, dict):
        for key, part in value.items():
            _text(key, LONGEST_TEXT)
            _tree(part)
    elif isinstance(value, list):
        for part in _few(value):
            _tree(part)
    elif isinstance(value, int | float) and not abs(value) < LARGEST_NUMBER:
        raise Unfit("不是数值，或过大")
    return value
