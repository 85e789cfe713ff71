"""Cells as text: as the user sees them, folded for comparison, and free text with its own characters."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from desktop.models.base import longest_of
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import DAMAGED, INVISIBLE, clean, is_damaged

# What people type to say "nothing here".
_NOTHING = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "空", "N/A", "n/a"})
NO_NAME = "应是名称，不能是数字或日期"
_OF_DAYS = "年月日号时点分秒"
APOSTROPHES = "'’‘`´＇"
"""What marks a number as text in Excel, typed or copied."""
DASHES = dict.fromkeys(map(ord, "－–—‐‑‒―−﹣"), "-") | {ord("。"): ".", ord("、"): ".", ord("．"): ".", ord("／"): "/"}
"""What people type for the marks between the parts of a date or number, for `str.translate`."""


class Number1904(float):
    """A bare number from a workbook that counts its days from 1904 (older Macintosh files)."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no value to read: an Excel error, or a formula whose result was never saved."""

    text: str
    reason: str

    def __str__(self) -> str:
        return self.text


def shown(value: object) -> str:
    """Return a cell as the user sees it: 3.0 as 3, dates as 2026-03-05, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def plain(value: object) -> str:
    """Return a cell as text with half-width digits and punctuation, no invisible marks, single spaces, no outer ones.

    For numbers, dates and words of a list; never for names or free text, which keep their own characters.
    """
    folded = unicodedata.normalize("NFKC", shown(value).replace("_x000D_", "\n").translate(INVISIBLE))
    return re.sub(r"\s+", " ", folded).strip()


def is_blank(value: object) -> bool:
    """Tell whether a cell says "nothing": empty, spaces, 无, a dash or a slash."""
    if not isinstance(value, str):
        return value is None
    if value[:4].isalnum() and len(value) > 3:
        return False  # no word for nothing is so long; most cells end here
    return plain(value) in _NOTHING


def parse_text(value: object, field: Named, longest: int = 30_000) -> str:
    """Return free text with its own characters: outer spaces, invisible marks and carriage returns go.

    Raises:
        InvalidInput: it is longer than `longest`, holds damaged characters, or is no value.
    """
    refuse_unreadable(value, field)
    text = clean(shown(value))
    refuse_damaged(text, field)
    if len(text) > longest:
        raise InvalidInput(field, f"超过{longest}字")
    return text


def refuse_damaged(text: str, field: Named) -> None:
    """Refuse a text with damaged characters: nobody can read them back, and no face prints them.

    Raises:
        InvalidInput: it holds halves of characters, a zero, or what stands for one that was lost.
    """
    if "\ufffd" in text or is_damaged(text):
        raise InvalidInput(field, DAMAGED)


def label_for(column: InstrumentedAttribute[Any]) -> Callable[[object, Named], str]:
    """Return the parser of a short single-line text (a place, a unit) that is kept in `column`, at its length."""
    longest = longest_of(column.property.columns[0])

    def parse(value: object, field: Named) -> str:
        text = re.sub(r"\s+", " ", parse_text(value, field))
        if len(text) > longest:
            raise InvalidInput(field, f"超过{longest}字")
        return text

    return parse


def is_name(value: object) -> bool:
    """Tell whether a cell, or what was typed, can be what somebody or something is called: no number, date or time."""
    if isinstance(value, int | float | Decimal | date | time):
        return False
    text = plain(value)
    if not any(mark.isalpha() and mark not in _OF_DAYS for mark in text):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def parse_name(value: object, field: Named) -> str:
    """Return what a cell calls somebody or something.

    Raises:
        InvalidInput: it holds a number or a date, or what `parse_text` refuses.
    """
    text = parse_text(value, field)
    if not is_name(value):
        raise InvalidInput(field, NO_NAME)
    return text


def name_for(column: InstrumentedAttribute[Any]) -> Callable[[object, Named], str]:
    """Return the parser of a name that is kept in `column`, at its length; see `parse_name`."""
    parse = label_for(column)
    return lambda value, field: parse(parse_name(value, field), field)


def refuse_unreadable(value: object, field: Named) -> None:
    """Refuse a cell that holds no value to read.

    Raises:
        InvalidInput: an Excel error, or a formula whose result was never saved.
    """
    if isinstance(value, Unreadable):
        raise InvalidInput(field, value.reason)


def parse_yes_no(value: object, field: Named) -> bool:
    """Return whether a cell says yes: 是 √ 有 Y 1 or 否 × 没有 N 0.

    Raises:
        InvalidInput: it says neither.
    """
    refuse_unreadable(value, field)
    if isinstance(value, bool):
        return value
    text = plain(value).upper()
    if text in {"是", "√", "✓", "✔", "☑", "有", "Y", "YES", "1", "TRUE", "对", "已"}:
        return True
    if text in {"否", "×", "✗", "X", "无", "没有", "N", "NO", "0", "FALSE", "不", "未", "-", "/"}:
        return False
    raise InvalidInput(field, "请填“是”或“否”")
