"""Records are drawn by a number: late ones first, the same number the same records, more records the same order."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.vocabulary.sampling import SampleReason
from desktop.services.errors import InvalidInput
from desktop.services.sampling.drawing import Candidate, checked_seed, draw, new_seed, next_one, ordered, quota


def candidate(number: int, late: int = 0, alike: int = 0) -> Candidate:
    return Candidate(
        kind="meeting", id=f"record-{number}", on=date(2026, 8, 1), title="支委会", item_id="D4-02",
        number=f"2026-D4-02-{number:03d}", late=late, alike=alike,
    )  # fmt: skip


CANDIDATES = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from((0, 0, 17)), st.sampled_from((0, 0, 91))),
    max_size=60,
    unique_by=lambda parts: parts[0],
).map(lambda rows: [candidate(*row) for row in rows])
SEEDS = st.integers(0, 10**17).map(str)
SHARES = st.fractions(Fraction(1, 50), 1)


@given(CANDIDATES, SEEDS, SHARES, st.integers(1, 8), st.integers())
def test_the_same_number_draws_the_same_records_however_they_lie(
    rows: Sequence[Candidate], seed: str, share: Fraction, least: int, shuffle: int
) -> None:
    drawn = draw(seed, "2026Q3", rows, share, least)
    other = list(rows)
    Random(shuffle).shuffle(other)
    assert draw(seed, "2026Q3", other, share, least) == drawn
    assert len(drawn) == quota(len(rows), share, least) == len({each.id for each in drawn})
    order = tuple(SampleReason)
    worst = max((order.index(each.reason) for each in drawn), default=-1)
    left = [each for each in rows if each not in drawn]
    assert all(order.index(each.reason) >= worst for each in left)


@given(CANDIDATES, SEEDS, st.integers(501, 600))
def test_a_record_that_comes_in_later_leaves_the_order_of_the_others(
    rows: list[Candidate], seed: str, number: int
) -> None:
    before = [each.id for each in ordered(seed, "2026Q3", rows)]
    after = [each.id for each in ordered(seed, "2026Q3", [*rows, candidate(number)])]
    after.remove(f"record-{number}")
    assert after == before


@pytest.mark.parametrize(("population", "drawn"), [(0, 0), (3, 3), (5, 5), (40, 5), (50, 5), (51, 6), (138, 14)])
def test_a_tenth_is_drawn_and_five_at_least(population: int, drawn: int) -> None:
    assert quota(population, Fraction(1, 10), 5) == drawn


def test_another_number_or_period_draws_by_another_chance() -> None:
    rows = [candidate(number) for number in range(40)]
    draws = {
        tuple(each.id for each in draw(seed, period, rows, Fraction(1, 10), 5))
        for seed, period in (("1", "2026Q3"), ("2", "2026Q3"), ("1", "2026Q2"))
    }
    assert len(draws) == 3


def test_the_next_of_the_order_takes_the_place_of_a_missing_original() -> None:
    rows = [candidate(number) for number in range(6)]
    first, second, *rest = ordered("7", "2026Q3", rows)
    assert next_one("7", "2026Q3", rows, {first.id, second.id}) == rest[0]
    assert next_one("7", "2026Q3", rows, {each.id for each in rows}) is None


def test_a_seed_is_a_whole_number_of_few_digits() -> None:
    assert (checked_seed(" 0042 "), checked_seed("００４２"), checked_seed(7)) == ("42", "42", "7")
    assert checked_seed(new_seed()).isdigit()
    for wrong in ("", "-1", "1.5", "七", "1" * 19):
        with pytest.raises(InvalidInput):
            checked_seed(wrong)
