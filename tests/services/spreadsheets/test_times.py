"""Times of day as people write them."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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
        ("9：00 至 10：30", time(9), time(10, 30)),
        ("14：30－16：00", time(14, 30), time(16)),
        ("1430-1600", time(14, 30), time(16)),
        ("930", time(9, 30), None),
        (1430, time(14, 30), None),
        ("14.30至16时", time(14, 30), time(16)),
        ("14时30分", time(14, 30), None),
        ("下午2:30", time(14, 30), None),
        ("下午2：30-4：00", time(14, 30), time(16)),
        ("上午11点到下午1点半", time(11), time(13, 30)),
        ("下午两点半", time(14, 30), None),
        ("晚上十一点", time(23), None),
        ("上午十点整 ~ 十二点", time(10), time(12)),
        (time(9, 0, 30), time(9), None),
        (0.375, time(9), None),
        (excel(1900, 1, 1, 16, 30), time(16, 30), None),
        (timedelta(hours=9), time(9), None),
    ],
)
def test_times(cell: object, start: time, end: time | None) -> None:
    assert parse_time_range(cell) == (start, end)


MARKS = st.sampled_from(["-", "－", "—", "——", "~", "～", "至", "到", " – "])
SPELLINGS: tuple[Callable[[time], str], ...] = (
    lambda at: f"{at:%H:%M}",
    lambda at: f"{at.hour}：{at:%M}",
    lambda at: f"{at:%H.%M}",
    lambda at: f"{at:%H%M}",
    lambda at: f"{at.hour}时{at.minute}分",
    lambda at: f"{at.hour}点{at:%M}",
    lambda at: f"{'下午' if at.hour >= 12 else '上午'}{(at.hour - 1) % 12 + 1 if at.hour >= 12 else at.hour}:{at:%M}",
)


@given(st.times(), st.times(), MARKS, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_every_spelling_of_a_span_means_the_span(
    one: time, other: time, mark: str, first: Callable[[time], str], second: Callable[[time], str]
) -> None:
    start, end = sorted(at.replace(second=0, microsecond=0) for at in (one, other))
    assume(start < end)
    assert parse_time_range(f"{first(start)}{mark}{second(end)}") == (start, end)
    assert parse_time_range(first(start)) == (start, None)


def test_refused_times() -> None:
    for cell in ("25:00", "九", "9", "下午", "16:00-15:00", "1475", "上午9:00-8:00", "14-16", "20260301"):
        with pytest.raises(InvalidInput):
            parse_time_range(cell)
    with pytest.raises(InvalidInput, match="只要一个时间"):
        parse_time("9:00-10:00")
