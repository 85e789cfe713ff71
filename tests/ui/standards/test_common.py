"""The tones of scores: green for what was done, none of it for what hardly was."""

from fractions import Fraction

import pytest

from desktop.ui.standards.common import quality_tone


@pytest.mark.parametrize(
    ("share", "tone"),
    [(None, "wait"), (Fraction(0), "bad"), (Fraction(1, 4), "bad"), (Fraction(1, 2), "good"), (Fraction(1), "good")],
)
def test_what_is_hardly_done_is_not_green(share: Fraction | None, tone: str) -> None:
    assert quality_tone(share) == tone


def test_what_waits_to_be_judged_makes_the_rest_no_worse() -> None:
    assert quality_tone(75, 75) == "good"  # of 150, whose other half nobody judged yet
    assert quality_tone(0, 0) == "wait"
