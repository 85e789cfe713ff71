"""The one place where the program asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns an aware datetime in local time; rules take dates from their caller, never from here."""


def now() -> datetime:
    """Return the machine's time with its local zone."""
    return datetime.now().astimezone()


def utc_text(moment: datetime) -> str:
    """Return `moment` as stored in `*_utc` columns: 2026-03-01T08:00:00Z, seconds only."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
