"""What the number in a cell of Excel shows, by its number format: a day, a time, a span, or the number itself."""

import re
from datetime import date, datetime, time, timedelta
from enum import Enum

from desktop.services.spreadsheets.text import Number1904

_ZERO_1900 = date(1899, 12, 30)
_ZERO_1904 = date(1904, 1, 1)
_FIRST_OF_MARCH_1900 = 60  # days before it are counted without the 29 February that Excel imagines
_DAYS = 2_958_466  # up to the end of the year 9999
_PAST_1904 = 1462
_BUILTIN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
"""Of number formats that have no text in the file; 27 to 36 and 50 to 58 are those of Chinese Excel."""
_BUILTIN_SPAN = 46
_UNSEEN = re.compile(r"\"[^\"]*\"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]?", re.I)
_SPAN = re.compile(r"\[(?:h+|m+|s+)\]", re.I)


class Look(Enum):
    """What a number format makes of a number."""

    NUMBER = 0
    DATE = 1
    SPAN = 2


def look_of(number: int, code: str | None) -> Look:
    """Return what a number format makes of numbers: by its text, else by its number."""
    if code is None:
        return Look.SPAN if number == _BUILTIN_SPAN else Look.DATE if number in _BUILTIN_DATES else Look.NUMBER
    seen = _UNSEEN.sub("", code.partition(";")[0])
    if _SPAN.search(seen):
        return Look.SPAN
    if "general" in seen.lower() or re.search(r"[#0?]", re.sub(r"s\.0+", "s", seen, flags=re.I)):
        return Look.NUMBER
    return Look.DATE if re.search(r"[ymdhse年月日]|aaa", seen, re.I) else Look.NUMBER


def cell_value(number: float, look: Look, from_1904: bool) -> object:
    """Return what a cell with this number means: a whole number as an int, days and times as such."""
    if look is Look.SPAN and abs(number) < _DAYS:
        return timedelta(milliseconds=round(number * 86_400_000))
    if look is Look.DATE and 0 <= number < _DAYS - (_PAST_1904 if from_1904 else 0):
        return _moment(number, from_1904)
    if from_1904 and look is not Look.DATE:
        return Number1904(number)
    return int(number) if abs(number) < 1e15 and number == int(number) else number


def _moment(number: float, from_1904: bool) -> object:
    days, rest = divmod(number, 1)
    span = timedelta(milliseconds=round(rest * 86_400_000))
    if not days and not from_1904:
        return (datetime.combine(_ZERO_1900, time()) + span).time() if span < timedelta(days=1) else time()
    if not from_1904 and days < _FIRST_OF_MARCH_1900:
        days += 1
    return datetime.combine(_ZERO_1904 if from_1904 else _ZERO_1900, time()) + timedelta(days=days) + span


def parse_number(text: str) -> float | None:
    """Return the number a file writes as text, None for what is none or beyond all bounds."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None
