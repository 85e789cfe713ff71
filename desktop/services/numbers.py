"""How people write a number: every digit it has, and no more."""

from decimal import Decimal

NONE = "—"
"""What stands where there is no figure."""


def digits(value: float | Decimal) -> str:
    """Return `value` with every digit it was typed with: 10450.55, and 3 for 3.0."""
    return f"{float(value):.15g}"


def written(value: float | None) -> str:
    """Return a figure that may have been computed, to four decimals at most; a dash for none."""
    return NONE if value is None else digits(round(value, 4))
