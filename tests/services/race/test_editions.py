"""Periods and the scheme in force."""

from datetime import date

import pytest

from desktop.services.race.editions import quarter_in_view, race_span
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import refused


@pytest.mark.parametrize("period", ["", "2026Q", "2026Q5", "26Q3", "2026-Q3", "1999Q1", "1999", "202"])
def test_a_period_is_a_quarter_or_a_year(store: Store, race: RaceService, period: str) -> None:
    assert refused(race.race, period)[0] == "评比周期"


def test_quarters_have_their_days() -> None:
    assert (race_span("2026q4").first, race_span("2026Q4").last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert race_span("2026Q1").before == "2025Q4"
    assert race_span("2026Q3").before == "2026Q2"
    year = race_span("2026")
    assert (year.first, year.last, year.before, year.name) == (
        date(2026, 1, 1), date(2026, 12, 31), "2025", "2026年度",
    )  # fmt: skip
    assert year.quarters == ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


def test_people_speak_of_the_quarter_that_ended_last_and_of_the_last_of_a_past_year() -> None:
    assert [quarter_in_view(date(2026, 10, 12), year) for year in (2026, 2025)] == ["2026Q3", "2025Q4"]
    assert quarter_in_view(date(2026, 2, 1), 2026) == "2026Q1", "none of the year has ended"
