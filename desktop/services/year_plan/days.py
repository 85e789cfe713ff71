"""Days of the plan: the branch's fixed theme day, the usual day of a kind, and on which days something may not lie."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.standards.periods import month_end
from desktop.services.workdays import WEEKDAYS, Calendars, after_workdays, is_workday
from desktop.services.year_plan.rows import Duty
from desktop.services.year_plan.templates import FIRST, templates

THEME_DAY = Input("theme_day", "固定主题党日")
ORDINALS = {1: "第一个", 2: "第二个", 3: "第三个", 4: "第四个", -1: "最后一个"}
WEEK = 7
SPARE = 2
"""Working days left between today and a day that is proposed for a period already running."""


@dataclass(frozen=True, slots=True)
class ThemeDay:
    """The fixed day of each month: a day of the month, or a weekday (0 is Monday) of its week (-1 the last)."""

    day: int = 0
    week: int = 0
    weekday: int = 0

    @classmethod
    def read(cls, words: str) -> Self | None:
        """Return what a setting says, None where nothing was set."""
        kind, *numbers = words.split(":")
        try:
            if kind == "day":
                return cls(day=int(numbers[0]))
            return cls(week=int(numbers[0]), weekday=int(numbers[1])) if kind == "week" else None
        except (ValueError, IndexError):
            return None

    def written(self) -> str:
        """Return the words of the setting.

        Raises:
            InvalidInput: there is no such day in a month.
        """
        if self.day:
            if not 1 <= self.day <= 31:
                raise InvalidInput(THEME_DAY, "应为1至31号")
            return f"day:{self.day}"
        if self.week not in ORDINALS or not 0 <= self.weekday < WEEK:
            raise InvalidInput(THEME_DAY, "没有这样的一天")
        return f"week:{self.week}:{self.weekday}"

    @property
    def words(self) -> str:
        """每月5日, 每月第一个周五."""
        if self.day:
            return f"每月{self.day}日"
        return f"每月{ORDINALS[self.week]}周{WEEKDAYS[self.weekday]}"

    def of(self, year: int, month: int) -> date:
        """Return the day in a month; the last where the month is shorter."""
        first, last = date(year, month, 1), month_end(date(year, month, 1))
        if self.day:
            return first.replace(day=min(self.day, last.day))
        if self.week < 0:
            return last - timedelta(days=(last.weekday() - self.weekday) % WEEK)
        return first + timedelta(days=(self.weekday - first.weekday()) % WEEK + WEEK * (self.week - 1))


def refusal(window: tuple[date, date] | None, day: date, today: date) -> str:
    """Return why something may not be planned on a day, "" where it may; `window`: the days it is asked for in."""
    if day < today:
        return "已经过去的日子不能再排，开过的请补录"
    if window is None or window[0] <= day <= window[1]:
        return ""
    first, last = window
    if first > last:
        return "它同时服务的几项要求没有共同的日子"
    return f"须在{_words(first)}至{_words(last, first.year)}之间"


def proposed_day(duty: Duty, theme: ThemeDay | None, today: date, calendars: Calendars) -> date | None:
    """Return the usual day of a duty as a working day of its period that is still to come; None: a person decides."""
    kind = MeetingKind(duty.kind) if duty.meets and duty.kind else None
    known = templates().kinds.get(kind) if kind is not None else None
    if kind is MeetingKind.THEME_DAY and theme is not None:
        day = theme.of(duty.last.year, duty.last.month)
    elif known is None or known.suggest is None:
        return None
    else:
        month = duty.first if known.suggest.month == FIRST else duty.last
        day = month.replace(day=min(known.suggest.day, calendar.monthrange(month.year, month.month)[1]))
    found = nearest_workday(max(day, duty.first), duty.first, duty.last, calendars)
    if found is not None and found > today:
        return found
    soon = after_workdays(today, SPARE + 1, calendars)
    return soon if duty.first <= soon <= duty.last else None


def nearest_workday(day: date, first: date, last: date, calendars: Calendars) -> date | None:
    """Return the working day next to `day` within first..last: the same, else the next, else the one before."""
    after = day
    while after <= last and not is_workday(after, calendars):
        after += timedelta(days=1)
    if first <= after <= last:
        return after
    before = min(day, last)
    while before >= first and not is_workday(before, calendars):
        before -= timedelta(days=1)
    return before if before >= first else None


def marks_of(calendars: Calendars, first: date, last: date) -> dict[date, str]:
    """Return the days off that are no weekend (休) and the weekends worked (班)."""
    found, day = {}, first
    while day <= last:
        known = calendars.get(day.year)
        if known is not None:
            works, week = known.is_workday(day), day.weekday() < 5
            if works != week:
                found[day] = "班" if works else "休"
        day += timedelta(days=1)
    return found


def _words(day: date, beside: int = 0) -> str:
    year = "" if beside in (0, day.year) else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
