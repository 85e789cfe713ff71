"""How people write a number."""

import ast
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path

import pytest

import desktop
from desktop.services.numbers import digits, fixed, hundredths, percent, points, signed, signed_hundredths, written


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


def test_a_share_is_rounded_halves_up_and_is_none_of_nothing() -> None:
    assert percent(1, 16) == "6.3%"  # 6.25: a float would say 6.2
    assert (percent(1, 1), percent(1, 3, places=0), percent(0, 0), percent(0, 0, none="")) == ("100.0%", "33%", "—", "")
    assert (fixed(12.25, 1), fixed(-0.04, 1), fixed(2.675, 2)) == ("12.3", "0.0", "2.68")


OTHERS = ("numbers.py", "dues/words.py", "statistics/measures.py", "archive/pen.py", "migrations/")
"""Where a figure is written with decimals of its own: here, and money, and places on a page."""


def test_points_and_shares_are_written_here_and_nowhere_else() -> None:
    found = []
    for path in Path(desktop.__file__).parent.rglob("*.py"):
        if any(part in path.as_posix() for part in OTHERS):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for part, after in zip_longest(node.values, node.values[1:]):
                    if isinstance(part, ast.FormattedValue) and part.format_spec is not None:
                        spec = ast.unparse(part.format_spec)
                        share = isinstance(after, ast.Constant) and str(after.value).startswith("%")
                        if ".2f" in spec or (share and ".1f" in spec):
                            found.append(f"{path.name}:{node.lineno}")
    assert found == []
