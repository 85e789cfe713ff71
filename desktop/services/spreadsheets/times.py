"""Times of day in cells."""

import re
from datetime import datetime, time, timedelta

from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.text import DASHES, plain, refuse_unreadable, shown

TIME = Input("time", "时间")
_TIME = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*(?P<h>\d{1,2})"
    r"(?::(?P<m>\d{1,2})(?::\d{1,2})?|[时点](?:(?P<m2>\d{1,2})分?|(?P<mid>半)|整)?)\s*(?P<half2>AM|PM)?$",
    re.I,
)
_AFTERNOON = frozenset({"下午", "晚上", "PM"})


def parse_time(value: object, field: Named = TIME) -> time:
    """Return the time of day a cell means: 09:00, 9：00, 下午2点半, an Excel time or fraction of a day.

    Raises:
        InvalidInput: it is no time of day, or a span.
    """
    start, end = parse_time_range(value, field)
    if end is not None:
        raise InvalidInput(field, "只要一个时间")
    return start


def parse_time_range(value: object, field: Named = TIME) -> tuple[time, time | None]:
    """Return start and end of 14:30—16:05; the end is None when only the start is written.

    Raises:
        InvalidInput: it is no time of day, or ends before it starts.
    """
    refuse_unreadable(value, field)
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0), None
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None), None
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        return time(value.seconds // 3600, value.seconds // 60 % 60), None
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 1440) % 1440
        return time(minutes // 60, minutes % 60), None
    text = plain(shown(value).translate(DASHES)).translate(DASHES)
    first, _, second = (part.strip() for part in re.sub(r"\s*[~～至到]\s*", "-", text).partition("-"))
    start = _clock(first, field)
    end = _clock(second, field) if second else None
    if end is not None and end <= start:
        raise InvalidInput(field, "结束时间不晚于开始时间")
    return start, end


def _clock(text: str, field: Named) -> time:
    matched = _TIME.match(text)
    if not matched:
        raise InvalidInput(field, "不是时间，请写成09:00这样的格式")
    hour, minute = int(matched["h"]), 30 if matched["mid"] else int(matched["m"] or matched["m2"] or 0)
    half = (matched["half"] or matched["half2"] or "").upper()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    if half in {"AM", "凌晨"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError as error:
        raise InvalidInput(field, "没有这个时间") from error
