"""How people write a number."""

import pytest

from desktop.services.numbers import digits, written


@pytest.mark.parametrize(
    ("value", "written"),
    [(10450.55, "10450.55"), (3.0, "3"), (0.1 + 0.2, "0.3"), (1234567, "1234567"), (-2.5, "-2.5"), (0.0, "0")],
)
def test_a_number_keeps_the_digits_it_was_typed_with(value: float, written: str) -> None:
    assert digits(value) == written


def test_a_computed_figure_has_four_decimals_at_most() -> None:
    assert [written(value) for value in (1 / 3, 1234567.5, 90.0, None)] == ["0.3333", "1234567.5", "90", "—"]
