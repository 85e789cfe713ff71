"""The small drawn parts of an admission."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.development.parts import apart

LEAST = 58


@given(st.floats(38, 262), st.floats(38, 262))
def test_two_days_on_a_line_are_written_beside_each_other_and_within_it(first: float, second: float) -> None:
    one, other = apart(first, second, LEAST, 300)
    assert abs(one - other) >= LEAST - 1e-9
    assert (one <= other) is (first <= second)
    for said, place in ((one, first), (other, second)):
        assert LEAST / 2 - 1e-9 <= said <= 300 - LEAST / 2 + 1e-9
        assert abs(said - place) <= LEAST


def test_days_far_from_each_other_are_written_where_they_are() -> None:
    assert apart(40, 250, LEAST, 300) == (40, 250)
