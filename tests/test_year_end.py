"""The end of a year, reckoned from the packages of six branches: 60/40, and two minutes found side by side."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest

from desktop.services.demo import LOGIN, PASSWORD, clock_on
from desktop.services.opening import open_store
from desktop.services.race.service import RaceService
from desktop.services.sampling.alike import AlikeService
from desktop.services.store import Store
from tests.many_branches import build
from tests.year_end import QUARTERS, TAKEN_IN, TWINS, YEAR, end_year, later

BRANCHES, SEED = 6, 5


@pytest.fixture(scope="module")
def headquarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("made")
    made = build(folder, BRANCHES, SEED, bare=True)
    end_year(folder, BRANCHES, SEED, bare=True)
    with open_store(made, PASSWORD, LOGIN, clock=clock_on(TAKEN_IN)) as store:
        yield store


def test_the_year_of_six_branches_is_six_tenths_of_their_quarters_and_four_of_its_end(headquarters: Store) -> None:
    race = RaceService(headquarters)
    tables = {period: race.race(period) for period in (*QUARTERS, str(YEAR))}
    totals = {period: {row.code: row.total for row in table.rows} for period, table in tables.items()}
    year = tables[str(YEAR)]
    assert year.published_on == TAKEN_IN
    assert len(year.rows) == BRANCHES
    scheme = race.scheme(str(YEAR))
    for row in year.rows:
        made, quarters = row.year, [totals[quarter][row.code] for quarter in QUARTERS]
        assert made is not None
        assert made.year_end is not None
        assert [quarter.total for quarter in made.quarters] == quarters
        mean = sum((total for total in quarters if total is not None), Decimal(0)) / len(QUARTERS)
        due = mean * scheme.quarters_share + made.year_end * scheme.year_end_share
        assert row.total == due.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert len({row.total for row in year.rows}) > 1


def test_minutes_that_two_branches_share_are_found_and_stand_side_by_side(headquarters: Store) -> None:
    service = AlikeService(headquarters)
    codes = {f"ZK{number:02d}" for number in TWINS}
    (pair,) = [
        pair
        for pair in service.pairs(QUARTERS[-1])
        if {pair.one.held_on.month, pair.other.held_on.month} == {12} and {pair.one.code, pair.other.code} == codes
        if pair.one.held_on.day > 21
    ]
    assert pair.across
    one, other = service.beside(pair)
    assert any(passage.same for passage in one)
    assert any(not passage.same for passage in one)
    assert len(one) == len(other)


@pytest.mark.parametrize(
    ("cell", "moved"),
    [
        (f"{YEAR}年9月3日", f"{YEAR}年12月3日"), (f"{YEAR}.09.03", f"{YEAR}.12.03"), (f"{YEAR}-07-30", f"{YEAR}-10-30"),
        ("挂账|郑守信|2025-09-17", "挂账|郑守信|2025-09-17"), (f"{YEAR}年6月3日", f"{YEAR}年6月3日"), (None, None),
    ],
)  # fmt: skip
def test_days_of_the_third_quarter_come_three_months_later(cell: str | None, moved: str | None) -> None:
    assert later(cell) == moved
