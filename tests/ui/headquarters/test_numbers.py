"""数字 of 统计: how the quarters are told in words, and which lines the grid has."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.services.statistics.across import BranchStatistics
from desktop.services.statistics.measures import OWN_RATE, VERIFIED_RATE, Count
from desktop.ui.headquarters.numbers import gap_words
from desktop.ui.race.trend import LINES, grid_of


def branch(branch_id: str, verified: str = "", own: str = "") -> BranchStatistics:
    """Return a branch with its two rates; "" is one nobody judged."""
    rates = ((VERIFIED_RATE, verified), (OWN_RATE, own))
    return BranchStatistics(
        branch_id=branch_id,
        code=branch_id,
        name=branch_id,
        group="mixed",
        county="",
        seq=1,
        on=date(2026, 9, 30),
        counts={measure.id: Count(Fraction(rate)) for measure, rate in rates if rate},
    )


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        ([], ""),
        ([[branch("a", own="80"), branch("b", verified="70")]], ""),
        ([[branch("a", "74.4", "86.1")]], "两样都有的 1 个支部相差 11.70 分"),
        (
            [[branch("a", "74.4", "86.1"), branch("b", "10", "99")], [], [branch("a", "81.1", "86.7")]],
            "两样都有的 1 个支部差距从 11.70 分缩到 5.60 分",
        ),
        (
            [[branch("a", "81.1", "86.7")], [branch("a", "74.4", "86.1")]],
            "两样都有的 1 个支部差距从 5.60 分扩大到 11.70 分",
        ),
        ([[branch("a", "81.1", "86.7")], [branch("b", "74.4", "86.1")]], ""),
    ],
)
def test_how_far_the_two_are_apart_is_told_of_branches_that_have_both(
    quarters: list[list[BranchStatistics]], words: str
) -> None:
    assert gap_words(quarters) == words


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ([], LINES),
        (["10", "95"], LINES),
        (["74.4", "86.7"], (70, 80, 90)),
        (["97", None], (90, 100)),
        (["1"], (0, 10)),
        (["120", "119"], LINES),
    ],
)
def test_values_that_lie_close_together_are_drawn_close_up(values: list[str | None], lines: tuple[int, ...]) -> None:
    assert grid_of([None if each is None else Decimal(each) for each in values]) == lines
