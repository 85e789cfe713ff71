"""Cells as the Excel library gives them."""

from datetime import date, datetime, time


def excel(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a date cell as the Excel library gives it: without a zone."""
    return datetime.combine(date(year, month, day), time(hour, minute))
