"""The fields that the forms of an admission are made of."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from desktop.services.errors import Input
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, edit, memo

CASES, STEPS, PAPERS = "development_cases", "development_steps", "development_papers"
HELPERS, INQUIRIES = "development_helpers", "development_inquiries"
Pair = tuple[str, Field]


def line(item: Input, words: object = "", hint: str = "", *, required: bool = False) -> Pair:
    """Return a one-line field."""
    shown = "" if words is None else str(words)
    return item.name, Field(item.label, edit(item.label, shown, hint), required=required)


def day(item: Input, value: date | None, *, required: bool = False, note: str = "") -> Pair:
    """Return a field of a day."""
    return item.name, Field(item.label, DateEdit(item.label, value, required=required), required=required, note=note)


def words(item: Input, value: str, hint: str = "") -> Pair:
    """Return a field of several lines."""
    return item.name, Field(item.label, memo(item.label, value, hint, 2))


def pick(item: Input, options: Sequence[tuple[Any, str]], current: Any = None, note: str = "") -> Pair:
    """Return a drop-down."""
    return item.name, Field(item.label, Choice(item.label, options, current), note=note)
