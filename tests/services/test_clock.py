"""Moments are kept in UTC and read on the calendar of whoever reads them."""

from datetime import date, timedelta

import pytest

from desktop.services.clock import day_of, local, now, utc_text
from tests.stores import clock_at

EARLY = clock_at("2026-11-23 06:00")


def test_a_moment_is_kept_in_utc_to_the_second() -> None:
    assert utc_text(EARLY()) == "2026-11-22T22:00:00Z"


def test_a_kept_moment_is_read_back_in_the_zone_of_the_clock() -> None:
    assert local(utc_text(EARLY()), EARLY) == EARLY()
    assert local(utc_text(EARLY()), EARLY).utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23 00:00", date(2026, 11, 23)),
        ("2026-11-23 07:59", date(2026, 11, 23)),
        ("2026-11-23 23:59", date(2026, 11, 23)),
    ],
)
def test_the_day_of_a_moment_is_the_reader_s_not_that_of_utc(moment: str, day: date) -> None:
    clock = clock_at(moment)
    assert day_of(utc_text(clock()), clock) == day


def test_the_clock_of_the_machine_knows_its_zone() -> None:
    assert now().tzinfo is not None
