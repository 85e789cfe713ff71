"""What else the cells of a meeting hold: who sat in, when it was planned, how it was judged, who made up for it.

Each reader understands what people write; each writer writes what its reader reads back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desktop.models.meetings import Observer
from desktop.models.vocabulary.meetings import MakeUpWay
from desktop.services.errors import InvalidInput, Named
from desktop.services.ordinals import counted
from desktop.services.quoting import clean, quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.lines import join_lines, join_parts, split_lines, split_parts
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.text import is_blank, parse_text, plain
from desktop.services.spreadsheets.times import parse_time

_SEVERAL = re.compile(r"[、，,；;\n](?![^（(]*[）)])")
_OBSERVER = re.compile(r"(?P<name>[^（(）)]+?)\s*[（(](?P<post>[^（(）)]*)[）)]")
_MARKS = str.maketrans({"（": "〔", "(": "〔", "）": "〕", ")": "〕", "；": "，", ";": "，", "\n": " "})
_NAME_MARKS = str.maketrans(dict.fromkeys("（()）、，,；;\n", " "))
_RATED = re.compile(r"(?:满意)?(\d+)人?[/／，,、](?:共|评价|参评)?(\d+)人?")
_WHEN = re.compile(r"(?P<day>.+?)[日\s]*(?P<time>\d{1,2}[:：时点]\d{0,2}.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMakeUp:
    """Who made up for a meeting, by name."""

    name: str
    on: date
    way: MakeUpWay | None = None
    content: str = ""
    by: str = ""


def read_observers(text: str) -> tuple[Observer, ...]:
    """Return who sat in: 王明（镇党委组织委员）、李四; what stands in brackets is unit and post."""
    found = []
    for part in filter(None, map(clean, _SEVERAL.split(text))):
        said = _OBSERVER.fullmatch(part)
        name = clean((said["name"] if said else part).translate(_NAME_MARKS))
        found.append(Observer(name, said["post"].strip() if said else ""))
    return tuple(each for each in found if each.name)


def write_observers(observers: Sequence[Observer]) -> str:
    """Return the text that `read_observers` reads as these people."""
    written = []
    for each in observers:
        name, post = clean(each.name.translate(_NAME_MARKS)), clean(each.post.translate(_MARKS))
        written.append(f"{name}（{post}）" if post else name)
    return "、".join(filter(None, written))


def parse_planned(value: object, field: Named) -> tuple[date, str]:
    """Return the day and, where it is written, the hour (HH:MM) a meeting was planned for.

    Raises:
        InvalidInput: it is no day, or no hour.
    """
    if isinstance(value, datetime):
        return value.date(), f"{value:%H:%M}" if (value.hour, value.minute) != (0, 0) else ""
    if isinstance(value, str) and (said := _WHEN.fullmatch(plain(value))) is not None and said["time"]:
        return parse_date(said["day"], field), f"{parse_time(said['time'], field):%H:%M}"
    return parse_date(value, field), ""


def show_planned(value: tuple[date, str]) -> str:
    """Return a planned day and hour as `parse_planned` reads it."""
    return " ".join(filter(None, (value[0].isoformat(), value[1])))


def parse_number(value: object, field: Named) -> int:
    """Return which meeting of its kind in the year it was: 第三次, 3次, 十二, 3.

    Raises:
        InvalidInput: it is no whole number.
    """
    number = counted(plain(value), "次") if isinstance(value, str) else None
    return parse_integer(value, field) if number is None else number


def parse_rated(value: object, field: Named) -> tuple[int, int]:
    """Return how many were satisfied, of how many asked: 28/30.

    Raises:
        InvalidInput: it is not that.
    """
    said = _RATED.fullmatch(plain(value).replace(" ", ""))
    if said is None or int(said[1]) > int(said[2]) or int(said[2]) == 0:
        raise InvalidInput(field, "应写成满意人数/评价人数，如28/30")
    return int(said[1]), int(said[2])


def show_rated(value: tuple[int, int]) -> str:
    """Return the two counts as `parse_rated` reads them."""
    return f"{value[0]}/{value[1]}"


def read_make_ups(text: object, field: Named) -> tuple[NamedMakeUp, ...]:
    """Read 姓名|日期|方式|内容|补课人; several by line breaks or ；.

    Raises:
        InvalidInput: no name, a day that is none, too many parts, or there is no such way.
    """
    found = []
    for number, line in enumerate(split_lines(parse_text(text, field)), start=1):
        parts = split_parts(line)
        if not 2 <= len(parts) <= 5 or not parts[0]:
            raise InvalidInput(field, f"第{number}项应为“姓名|补课日期|方式|内容|补课人”")
        name, day, way, content, by = parts + [""] * (5 - len(parts))
        found.append(NamedMakeUp(name=name, on=parse_date(day, field), way=_way(way, field), content=content, by=by))
    return tuple(found)


def write_make_ups(make_ups: Sequence[NamedMakeUp]) -> str:
    """Write who made up so that it reads back."""
    return join_lines(
        join_parts((each.name, each.on.isoformat(), each.way.label if each.way else "", each.content, each.by))
        for each in make_ups
    )


def _way(text: str, field: Named) -> MakeUpWay | None:
    if is_blank(text):
        return None
    found = [way for way in MakeUpWay if text in way.label or way.label in text]
    if len(found) != 1:
        raise InvalidInput(field, f"没有{quoted(text)}这种补课方式，可填：{'、'.join(way.label for way in MakeUpWay)}")
    return found[0]
