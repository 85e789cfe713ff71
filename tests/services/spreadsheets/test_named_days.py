"""Days in the names of files and folders, as telephones, programs and people write them."""

import pytest

from desktop.services.spreadsheets.named_days import days_in, days_of_moments, days_without_year, years_in
from tests.stores import clock_at

MARCH_15 = "2026-03-15"


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20260315_143000",
        "微信图片_20260315143000",
        "微信图片_20260315",
        "2026-03-15 党日",
        "2026年3月15日党员大会",
        "2026.3.15",
        "20260315",
        "Screenshot_2026-03-15-14-30-00",
        "VID20260315143000",
        "2026_03_15",
        "DJI_20260315143000_0001",
        "2026年03月15号",
    ],
)
def test_a_whole_day_is_found(name: str) -> None:
    assert [day.isoformat() for day in days_in(name)] == [MARCH_15]


@pytest.mark.parametrize(
    "name", ["IMG_0315", "12345678", "20261315", "411602198001100118", "1234202603151", "2026", "DSC20263"]
)
def test_what_only_looks_like_a_day_is_none(name: str) -> None:
    assert days_in(name) == []


def test_a_moment_of_a_telephone_is_the_day_by_the_clock_here() -> None:
    clock = clock_at("2026-11-22 09:00")
    assert [day.isoformat() for day in days_of_moments("mmexport1773531000000", clock)] == [MARCH_15]
    assert days_of_moments("订单1773531000000", clock) == []


def test_a_day_without_its_year_is_one_of_the_years_said() -> None:
    assert [day.isoformat() for day in days_without_year("3月15日党员大会", [2025, 2026])] == ["2025-03-15", MARCH_15]
    assert days_without_year("2月30日", [2026]) == days_without_year("2026年3月15日", [2026]) == []
    assert years_in("2026年三会一课") == [2026]
