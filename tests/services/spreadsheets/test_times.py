"""Times of day as people write them."""

from datetime import time, timedelta

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.times import parse_time, parse_time_range
from tests.services.spreadsheets.cells import excel


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("09:00", time(9), None),
        ("9：00", time(9), None),
        ("下午2点半", time(14, 30), None),
        ("3:05 PM", time(15, 5), None),
        ("14:30—16:05", time(14, 30), time(16, 5)),
        ("上午9:00至11:00", time(9), time(11)),
        (time(9, 0, 30), time(9), None),
        (0.375, time(9), None),
        (excel(1900, 1, 1, 16, 30), time(16, 30), None),
        (timedelta(hours=9), time(9), None),
    ],
)
def test_times(cell: object, start: time, end: time | None) -> None:
    assert parse_time_range(cell) == (start, end)


def test_refused_times() -> None:
    for cell in ("25:00", "九点", "9", "16:00-15:00"):
        with pytest.raises(InvalidInput):
            parse_time_range(cell)
    with pytest.raises(InvalidInput, match="只要一个时间"):
        parse_time("9:00-10:00")
