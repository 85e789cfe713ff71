"""Times of day in cells."""

import re
from datetime import datetime, time, timedelta

from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.text import DASHES, plain, refuse_unreadable, shown

TIME = Input("time", "时间")
_TIME = re.compile(
    r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|AM|PM)?\s*"
    r"(?:(?P<solid>\d{3,4})"
    r"|(?P<h>\d{1,2})\s*(?:[:.]\s*(?P<m>\d{2})(?::\d{2})?|[时点]\s*(?:(?P<m2>\d{1,2})\s*分?|(?P<mid>半)|整|钟)?))"
    r"\s*(?P<half2>AM|PM)?$",
    re.I,
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "PM"})
_FROM_MIDNIGHT = frozenset({"AM", "凌晨"})
_TO = re.compile(r"\s*(?:-+|~+|至|到)\s*")
_DIGITS = {"两": 2, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HOUR = re.compile(r"(十?[一二两三四五六七八九]|十)(?=[点时])")
NOT_READ = "不是时间，请写成14:30或14:30-16:00这样的格式"


def parse_time(value: object, field: Named = TIME) -> time:
    """Return the time of day a cell means: 09:00, 9：00, 930, 下午2点半, an Excel time or fraction of a day.

    Raises:
        InvalidInput: it is no time of day, or a span.
    """
    start, end = parse_time_range(value, field)
    if end is not None:
        raise InvalidInput(field, "只要一个时间")
    return start


def parse_time_range(value: object, field: Named = TIME) -> tuple[time, time | None]:
    """Return start and end of 14:30—16:05, 1430-1605 or 下午2:30至4点; the end is None when only the start is written.

    Half a day said of the start holds for the end too where that makes the span whole: 下午2:30-4:00.

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
    first, *rest = _TO.split(_HOUR.sub(_number, text), maxsplit=1)
    start, half = _clock(first.strip(), field)
    if not rest or not rest[0].strip():
        return start, None
    end, own_half = _clock(rest[0].strip(), field)
    if end <= start and not own_half and half in _AFTERNOON and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    if end <= start:
        raise InvalidInput(field, "结束时间不晚于开始时间")
    return start, end


def _number(hour: re.Match[str]) -> str:
    """Return an hour written in 中文 as digits: 两, 十, 十一."""
    words = hour[0]
    return str(10 * words.startswith("十") + _DIGITS.get(words[-1], 0))


def _clock(text: str, field: Named) -> tuple[time, str]:
    """Return a time of day and the half of the day that was said with it, if any."""
    matched = _TIME.match(text)
    if not matched:
        raise InvalidInput(field, NOT_READ)
    if matched["solid"]:
        hour, minute = divmod(int(matched["solid"]), 100)
    else:
        hour, minute = int(matched["h"]), 30 if matched["mid"] else int(matched["m"] or matched["m2"] or 0)
    half = (matched["half"] or matched["half2"] or "").upper()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    if half in _FROM_MIDNIGHT and hour == 12:
        hour = 0
    try:
        return time(hour, minute), half
    except ValueError as error:
        raise InvalidInput(field, "没有这个时间") from error
