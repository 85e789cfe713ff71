"""How people write a number: points with two decimals, anything else with every digit it has, and no more."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NONE = "—"
"""What stands where there is no figure."""


CENT = Decimal("0.01")


def points(value: Decimal | Fraction | float | None, none: str = NONE) -> str:
    """Return what somebody got, or a mean of it, with two decimals, halves up; `none` where nobody got any."""
    if value is None:
        return none
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    rounded = exact.quantize(CENT, ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}".replace("-", "−")


def hundredths(value: int | None, none: str = NONE) -> str:
    """Return points that are kept in hundredths, as `points` does."""
    return none if value is None else points(Decimal(value).scaleb(-2))


def signed(value: Decimal | Fraction | float | None, none: str = NONE) -> str:
    """Return a difference of points with its sign; 0.00 has none."""
    words = points(value, none)
    return f"+{words}" if value is not None and value > 0 and words != "0.00" else words


def signed_hundredths(value: int | None, none: str = NONE) -> str:
    """Return a difference of points that is kept in hundredths, as `signed` does."""
    return none if value is None else signed(Decimal(value).scaleb(-2))


def digits(value: float | Decimal) -> str:
    """Return `value` with every digit it was typed with: 10450.55, and 3 for 3.0."""
    return f"{float(value):.15g}"


def written(value: float | None) -> str:
    """Return a figure that may have been computed, to four decimals at most; a dash for none."""
    return NONE if value is None else digits(round(value, 4))
