"""The points of one branch, whoever else races."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from desktop.services.race.scoring import Entry, Reading, Status, round_half_up, score, year_total
from desktop.services.race.standings import standings
from tests.services.race.entries import PARTS, SCHEME, at_share, flat, some_readings, without


@pytest.mark.parametrize(
    ("part", "value", "points"),
    [
        ("H1", "100", "30"),
        ("H1", "120", "30"),
        ("H1", "50", "0"),
        ("H1", "12", "0"),
        ("H1", "84.2", "20.52"),
        ("H2", "83", "6.57"),
        ("H3-1", "0.93", "7.80"),
        ("H3-2", "0.4", "0"),
        ("H4", "0.7", "0"),
        ("H4", "0.825", "6"),
        ("H5", "3.25", "6.5"),
        ("H6", "0.65", "4"),
        ("H7", "0.613", "0.26"),
    ],
)
def test_points_are_linear_clipped_and_rounded_half_up(part: str, value: str, points: str) -> None:
    scored = score(SCHEME, Entry(branch="a", name="a", readings={part: Reading(Decimal(value), 10)}))
    (result,) = (p for i in scored.indicators for p in i.parts if p.id == part)
    assert result.points == Decimal(points)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("-1.004", "-1"), ("7", "7")],
)
def test_half_goes_away_from_zero(number: str, rounded: str) -> None:
    assert round_half_up(Decimal(number)) == Decimal(rounded)


def test_missing_values_are_left_out_and_the_rest_rescaled() -> None:
    base = flat("a", "0.9")
    row = standings(SCHEME, [without(base, "H2")])[0]
    assert row.total == Decimal("90.00")
    assert row.missing_weight == 10
    assert row.class_id == "advanced"
    assert "数据不全：党员积分水平没有数据，不按0分计，其余指标折算。" in row.reasons


def test_h6_before_the_first_plan_is_not_missing() -> None:
    row = standings(SCHEME, [replace(without(flat("a", "0.8"), "H6"), not_applicable=frozenset({"H6"}))])[0]
    assert row.missing_weight == 0
    assert row.total == Decimal("80.00")
    assert [i.status for i in row.indicators if i.id == "H6"] == [Status.NOT_APPLICABLE]
    other = standings(SCHEME, [replace(without(flat("a", "0.8"), "H7"), not_applicable=frozenset({"H7"}))])[0]
    assert other.missing_weight == 7, "only what the scheme lists may be not applicable"


@pytest.mark.parametrize(("samples", "status"), [(9, Status.TOO_FEW), (10, Status.SCORED), (None, Status.TOO_FEW)])
def test_satisfaction_needs_ten_answers(samples: int | None, status: Status) -> None:
    base = flat("a", "0.8")
    row = standings(SCHEME, [replace(base, readings={**base.readings, "H4": Reading(Decimal("0.95"), samples)})])[0]
    assert [i.status for i in row.indicators if i.id == "H4"] == [status]
    assert row.missing_weight == (0 if status is Status.SCORED else 12)


def test_a_missing_part_leaves_the_rest_of_its_indicator() -> None:
    row = standings(SCHEME, [without(flat("a", "1"), "H3-2")])[0]
    h3 = next(i for i in row.indicators if i.id == "H3")
    assert (h3.status, row.missing_weight) == (Status.PARTLY, Decimal(8))
    assert (h3.points, h3.present) == (Decimal(17), Decimal(17))


def test_penalties_come_off_the_rescaled_total() -> None:
    row = standings(SCHEME, [without(flat("a", "0.9", penalties={"P-01": 2, "P-04": 1}), "H2")])[0]
    assert (row.base, row.total) == (Decimal("90.00"), Decimal("81.00"))
    assert "扣分：党员受警告处分2人扣4分、抽查发现记录失真1处扣5分。" in row.reasons


def test_the_year_is_six_tenths_quarters_and_four_tenths_year_end() -> None:
    quarters = [Decimal(q) for q in ("80", "84.25", "90", "88.5")]
    assert year_total(SCHEME, quarters, Decimal("91.33")) == Decimal("87.94")


# -- properties ------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(some_readings)
def test_a_total_is_the_weighted_mean_of_what_is_present(values: dict[str, Decimal]) -> None:
    scored = score(
        SCHEME, Entry(branch="a", name="a", readings={k: Reading(at_share(k, s), 30) for k, s in values.items()})
    )
    if not values:
        assert scored.total is None
        return
    assert scored.total is not None
    weights = sum(PARTS[key].weight for key in values)
    exact = sum(Fraction(s) * Fraction(PARTS[k].weight) for k, s in values.items()) * 100 / Fraction(weights)
    assert abs(Fraction(scored.total) - exact) <= Fraction(len(values)) * Fraction(1, 200) * 100 / Fraction(weights) + 1
    assert 0 <= scored.total <= 100


# -- the file ----------------------------------------------------------------------------------
