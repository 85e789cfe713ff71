"""How dates, numbers and points are written on paper."""

from datetime import date

from desktop.services.archive.blocks import JOINER

NUMERALS = "一二三四五六七八九十"


def day(value: date | None) -> str:
    """Return 2026年3月5日, or nothing."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def short_day(value: date | None) -> str:
    """Return 2026-03-05, or nothing: for columns of dates."""
    return value.isoformat() if value else ""


def eight_digits(value: date | None) -> str:
    """Return 20260305, the date of an archive catalogue (DA/T 22-2015)."""
    return value.strftime("%Y%m%d") if value else ""


def numeral(number: int) -> str:
    """Return 一, 二 … 十一 … for the number of a heading, below one hundred."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def whole(name: str) -> str:
    """Return a name that is not divided between two lines."""
    return JOINER.join(name)


def size(size_bytes: int) -> str:
    """Return a file size in words: 12 KB, 3.4 MB."""
    if size_bytes < 1 << 20:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / (1 << 20):.1f} MB"
