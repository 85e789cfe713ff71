"""Calendar periods of a scored year: which have elapsed, which runs, which lie ahead."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from desktop.services.ordinals import in_words

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
QUARTERS = PERIOD_MONTHS["year"] // PERIOD_MONTHS["quarter"]
PERIOD_WORDS = {"month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, clamped to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 February."""
    return add_months(day, years * 12)


def last_day(first: date, years: int) -> date:
    """Return the last day of so many years that begin on `first`: the day before the same day."""
    return add_years(first, years) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period; `first` is later than the calendar's where the branch was founded inside it.

    `closes` is the day on which it counts as elapsed: its last day, or a day of the next year for kinds that
    settle the past year (所属年度).
    """

    label: str
    short: str
    first: date
    last: date
    closes: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Span:
    """The time a score looks at: `year`, from its first day (or the founding), judged on the day `on`."""

    year: int
    on: date
    founded_on: date | None = None

    @property
    def first(self) -> date:
        """The first day that is asked for: of the year, or of the founding."""
        start = date(self.year, 1, 1)
        return max(start, self.founded_on) if self.founded_on else start

    @property
    def last(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)

    @property
    def until(self) -> date:
        """The last day whose records are looked at: `on`, but not beyond the year."""
        return min(self.on, self.last)

    def covers(self, day: date | None) -> bool:
        """Return whether something dated `day` happened inside the year so far."""
        return day is not None and self.first <= day <= self.until

    def periods(self, per: str, closes: str = "") -> tuple[Period, ...]:
        """Return the year's periods in order; `closes` ("03-31") moves the closing day into the next year."""
        return _periods(self.year, self.first, per, closes)

    def elapsed(self, period: Period) -> bool:
        """Return whether `period` is over: its closing day is not after the day of judging."""
        return period.closes <= self.on

    def ahead(self, period: Period) -> bool:
        """Return whether `period` has not begun."""
        return period.first > self.on

    def full_months(self) -> list[Period]:
        """Return the months wholly inside the year so far (a month cut by the founding is not)."""
        return [p for p in self.periods("month") if p.first.day == 1 and p.last <= self.on]


@lru_cache(maxsize=256)
def _periods(year: int, start: date, per: str, closes: str) -> tuple[Period, ...]:
    """Return the periods of a year from `start` on: every item of every branch asks for the same."""
    months, found = PERIOD_MONTHS[per], []
    for number, month in enumerate(range(1, 13, months), start=1):
        first = date(year, month, 1)
        last = month_end(date(year, month + months - 1, 1))
        if last < start:
            continue
        label, short = _names(per, year, number)
        closing = date.fromisoformat(f"{year + 1}-{closes}") if closes else last
        found.append(Period(label, short, max(first, start), last, closing))
    return tuple(found)


def _names(per: str, year: int, number: int) -> tuple[str, str]:
    if per == "month":
        return f"{number}月", str(number)
    if per == "quarter":
        return f"第{quarter_name(number)}", f"{number}季"
    if per == "half_year":
        return ("上半年", "上") if number == 1 else ("下半年", "下")
    return f"{year}年", str(year)


def quarter_name(quarter: int) -> str:
    """Say a quarter as people do: 3 → 三季度."""
    return f"{in_words(quarter)}季度"
