"""Days in the names of files and folders: IMG_20260315_143000.jpg, 微信图片_20260315.jpg, 3月15日支部党员大会."""

import re
from collections.abc import Iterable
from datetime import date

from desktop.models.base import NEWEST_YEAR
from desktop.services.clock import Clock, day_of_file

OLDEST_YEAR = 1990
"""No file of ours bears an older day: what looks like one is a number."""
_WHOLE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:(?P<s>[-._/年 ])\s?(?P<m>\d{1,2})(?:(?P=s)|[-._/月 ])\s?(?P<d>\d{1,2})(?!\d)"
    r"|(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?=\D|$|(?:[01]\d|2[0-3])[0-5]\d[0-5]\d))"
)
_NO_YEAR = re.compile(r"(?<![\d年])(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s?年|$|\D)")
_MOMENT = re.compile(r"(?:mmexport|wx_camera_|microMsg\.|^)(1[4-9]\d{11})(?!\d)")
"""Programs of telephones write milliseconds since 1970."""


def days_in(text: str) -> list[date]:
    """Return the days that a name says whole, in its order; each once."""
    found = [_day(at["y"], at["m"] or at["m2"], at["d"] or at["d2"]) for at in _WHOLE.finditer(text)]
    return list(dict.fromkeys(day for day in found if day is not None))


def days_of_moments(text: str, clock: Clock) -> list[date]:
    """Return the days, by the zone of `clock`, of the moments by which telephones name what they keep."""
    return list(dict.fromkeys(day_of_file(int(at[1]) / 1000, clock) for at in _MOMENT.finditer(text)))


def days_without_year(text: str, years: Iterable[int]) -> list[date]:
    """Return the days that a name says without their year, in each of `years`."""
    found = [_day(str(year), at["m"], at["d"]) for at in _NO_YEAR.finditer(text) for year in years]
    return list(dict.fromkeys(day for day in found if day is not None))


def years_in(text: str) -> list[int]:
    """Return the years that a name says: 2026年三会一课, 2026."""
    return list(dict.fromkeys(int(year) for year in _YEAR.findall(text)))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if OLDEST_YEAR <= found.year <= NEWEST_YEAR else None
