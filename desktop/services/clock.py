"""The one place where the program asks what time it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns an aware datetime in local time; rules take dates from their caller, never from here."""


FAR_AHEAD = timedelta(days=180)
"""After so long without being used, a date is more likely wrong than right: it is asked about."""


def doubtful(today: date, last: date) -> bool:
    """Return whether `today` can hardly be right for data last used on the day `last`: before it, or far after."""
    return today < last or today - last > FAR_AHEAD


def now() -> datetime:
    """Return the machine's time with its local zone."""
    return datetime.now().astimezone()


def utc_text(moment: datetime) -> str:
    """Return `moment` as stored in `*_utc` columns: 2026-03-01T08:00:00Z, seconds only."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(text: str, clock: Clock) -> datetime:
    """Return the moment of a `*_utc` text in the zone of `clock`; the only way from such a text to what people read."""
    return datetime.fromisoformat(text).astimezone(clock().tzinfo)


def day_of(text: str, clock: Clock) -> date:
    """Return the local calendar day of a `*_utc` text: in China, before 08:00, one later than the text says."""
    return local(text, clock).date()


def spoken(day: date) -> str:
    """Return 3 月 5 日. Formats cannot: Windows knows neither `%-m` nor, in most of its locales, a letter like 月."""
    return f"{day.month} 月 {day.day} 日"


def day_of_file(changed_s: float, clock: Clock) -> date:
    """Return the day, by the zone of `clock`, on which a file was last written (`st_mtime`)."""
    return datetime.fromtimestamp(changed_s, clock().tzinfo).date()
