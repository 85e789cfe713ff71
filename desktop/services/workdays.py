"""Working days (工作日): weekends, days off and weekends worked, of the years whose calendar is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"
"""The days of a week as people name them after 星期 or 周, Monday first."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off beside weekends, and weekends worked, of one year."""

    year: int
    holidays: frozenset[str]
    extra_workdays: frozenset[str]

    def is_workday(self, day: date) -> bool:
        """Return whether offices work on a day of this year."""
        key = day.strftime("%m-%d")
        return key in self.extra_workdays or (day.weekday() < 5 and key not in self.holidays)


Calendars = Mapping[int, WorkCalendar]
"""Calendars by year; a year without one has its weekdays alone (暂算)."""


def is_workday(day: date, calendars: Calendars) -> bool:
    """Return whether offices work on `day`; by its weekday alone where its year has no calendar (暂算)."""
    calendar = calendars.get(day.year)
    return calendar.is_workday(day) if calendar else day.weekday() < 5


def workdays(first: date, last: date, calendars: Calendars) -> int:
    """Count working days in first..last, both included; weekdays alone where a year has no calendar (暂算)."""
    days, day = 0, first
    while day <= last:
        days += is_workday(day, calendars)
        day += timedelta(days=1)
    return days


def after_workdays(day: date, count: int, calendars: Calendars) -> date:
    """Return the last of `count` working days that follow `day`, which is not counted itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day, calendars)
    return day


def calendar_known(first: date, last: date, calendars: Calendars) -> bool:
    """Return whether every year of first..last has a calendar; else what is counted is provisional (暂算)."""
    return all(year in calendars for year in range(first.year, last.year + 1))
