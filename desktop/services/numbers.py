"""How people write a number: points with two decimals, anything else with every digit it has, and no more."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NONE = "—"
"""What stands where there is no figure."""


PLACES = 2
"""So many decimals have points."""


def points(value: Decimal | Fraction | float | None, none: str = NONE) -> str:
    """Return what somebody got, or a mean of it, with two decimals, halves up; `none` where nobody got any."""
    return none if value is None else fixed(value, PLACES)


def fixed(value: Decimal | Fraction | float, places: int) -> str:
    """Return a figure with just so many decimals, halves up."""
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}".replace("-", "−")


def percent(part: float | Decimal, whole: float | Decimal = 1, places: int = 1, none: str = NONE) -> str:
    """Return a share as people read it, halves up: 94.5%; `none` of nothing."""
    if not whole:
        return none
    return f"{fixed(Fraction(str(part)) / Fraction(str(whole)) * 100, places)}%"


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
