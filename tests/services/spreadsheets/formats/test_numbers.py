"""What a number format makes of a number."""

from datetime import datetime, time, timedelta

import pytest

from desktop.services.spreadsheets.formats.numbers import Look, cell_value, look_of
from desktop.services.spreadsheets.text import Number1904


@pytest.mark.parametrize(
    ("number", "code", "look"),
    [
        (0, None, Look.NUMBER),
        (14, None, Look.DATE),
        (31, None, Look.DATE),
        (57, None, Look.DATE),
        (46, None, Look.SPAN),
        (49, None, Look.NUMBER),
        (164, "yyyy/m/d;@", Look.DATE),
        (164, 'yyyy"年"m"月"', Look.DATE),
        (164, '[DBNum1][$-804]yyyy"年"m"月"d"日"', Look.DATE),
        (164, "[$-804]aaaa", Look.DATE),
        (164, '上午/下午h"时"mm"分"', Look.DATE),
        (164, "h:mm:ss.000", Look.DATE),
        (164, "[h]:mm", Look.SPAN),
        (164, "General", Look.NUMBER),
        (164, '0.00"元"', Look.NUMBER),
        (164, '#,##0.00_);[Red]("d"#,##0)', Look.NUMBER),
        (164, "0.00E+00", Look.NUMBER),
        (164, "@", Look.NUMBER),
    ],
)
def test_days_are_told_from_numbers(number: int, code: str | None, look: Look) -> None:
    assert look_of(number, code) is look


def test_numbers_become_what_is_shown() -> None:
    assert cell_value(46086, Look.DATE, False) == datetime.fromisoformat("2026-03-05")
    assert cell_value(46086 - 1462, Look.DATE, True) == datetime.fromisoformat("2026-03-05")
    assert cell_value(59, Look.DATE, False) == datetime.fromisoformat("1900-02-28")
    assert cell_value(61, Look.DATE, False) == datetime.fromisoformat("1900-03-01")
    assert cell_value(0.5, Look.DATE, False) == time(12)
    assert cell_value(1.25, Look.SPAN, False) == timedelta(hours=30)
    assert cell_value(3_000_000, Look.DATE, False) == 3_000_000
    assert (cell_value(3.0, Look.NUMBER, False), type(cell_value(3.0, Look.NUMBER, False))) == (3, int)
    assert isinstance(cell_value(46086, Look.NUMBER, True), Number1904)
