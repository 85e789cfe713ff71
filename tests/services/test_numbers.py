"""How people write a number."""

from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.services.numbers import digits, hundredths, points, signed, signed_hundredths, written


@pytest.mark.parametrize(
    ("value", "written"),
    [(10450.55, "10450.55"), (3.0, "3"), (0.1 + 0.2, "0.3"), (1234567, "1234567"), (-2.5, "-2.5"), (0.0, "0")],
)
def test_a_number_keeps_the_digits_it_was_typed_with(value: float, written: str) -> None:
    assert digits(value) == written


def test_a_computed_figure_has_four_decimals_at_most() -> None:
    assert [written(value) for value in (1 / 3, 1234567.5, 90.0, None)] == ["0.3333", "1234567.5", "90", "—"]


@pytest.mark.parametrize(
    ("value", "said", "with_sign"),
    [
        (Decimal("13.5"), "13.50", "+13.50"),
        (Decimal("-5.1"), "−5.10", "−5.10"),
        (Fraction(1, 3), "0.33", "+0.33"),
        (0.005, "0.01", "+0.01"),
        (Decimal("-0.001"), "0.00", "0.00"),
        (0, "0.00", "0.00"),
        (None, "—", "—"),
    ],
)
def test_points_have_two_decimals_everywhere(
    value: Decimal | Fraction | float | None, said: str, with_sign: str
) -> None:
    assert (points(value), signed(value)) == (said, with_sign)


def test_points_kept_in_hundredths_are_said_the_same_way() -> None:
    assert (hundredths(1350), hundredths(None, "待评"), signed_hundredths(-510)) == ("13.50", "待评", "−5.10")
