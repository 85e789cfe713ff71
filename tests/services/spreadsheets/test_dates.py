"""Days: every spelling that is certain, and each refusal by its rule."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.dates import PartialDate, Precision, parse_date, parse_partial_date
from desktop.services.spreadsheets.text import Number1904, Unreadable
from tests.services.spreadsheets.cells import excel

ADMITTED_ON = Input("admitted_on", "入党时间")


FIFTH_OF_MARCH = date(2026, 3, 5)
DATES = st.dates(date(1950, 1, 1), date(2099, 12, 31))
WIDE = str.maketrans("0123456789-./X", "０１２３４５６７８９－．／Ｘ")


@pytest.mark.parametrize(
    "cell",
    [
        excel(2026, 3, 5),
        excel(2026, 3, 5, 15, 0),
        FIFTH_OF_MARCH,
        46086,
        46086.625,
        Number1904(46086 - 1462),
        "2026-3-5",
        "2026-03-05",
        "2026.3.5",
        "2026.03.05",
        "2026/3/5",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        "2026年03月05号",
        20260305,
        20260305.0,
        "20260305",
        "20260305.0",
        "２０２６年３月５日",
        "２０２６－０３－０５",
        "2026—3—5",
        "  2026-03-05\u3000",
        "\u200b2026-03-05\xa0",
        "2026-03-05 09:00:00",
        "2026-03-05T09:00",
        "20260305 9:00",
        "2026年3月5日（星期四）下午3点",
        "2026年3月5日9时30分",
        "二〇二六年三月五日",
        "'2026-03-05",
    ],
)
def test_every_spelling_of_a_day(cell: object) -> None:
    assert parse_date(cell) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("26-3-5", "年份须写四位数字"),
        ("98.07.01", "年份须写四位数字"),
        ("3/5/2026", "日、月顺序不确定，请写成年-月-日"),
        ("13/5/2026", "日、月顺序不确定，请写成年-月-日"),
        ("3月5日", "没有年份"),
        ("2026-2-30", "没有这一天"),
        ("2026-13-1", "没有这一天"),
        (20260230, "没有这一天"),
        ("1998.07", "只有年月，缺日"),
        ("2026年", "只有年份，缺月和日"),
        (1998.1, "无法确定是1月还是10月，请写成年月日"),
        (200106, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日"),
        (19876, "可能是1987年6月，也可能是Excel日期序号（1954-06-01），请写成年-月-日"),
        ("46086", "像是Excel日期序号，请把单元格改为日期格式"),
        ("2026-3-5至2026-3-7", "写了不止一个日期"),
        ("2026.3-5", "不是日期"),
        ("待定", "不是日期"),
        (-5, "不是日期"),
        (True, "不是日期"),
        (time(9), "不是日期"),
        ("1899-12-31", "日期须在1900年至2099年之间"),
        (excel(1899, 12, 30), "日期须在1900年至2099年之间"),
        (Unreadable("#N/A", "单元格是Excel错误值#N/A"), "单元格是Excel错误值#N/A"),
    ],
)
def test_what_is_not_certainly_a_day_is_refused(cell: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_date(cell, ADMITTED_ON)
    assert (refused.value.label, refused.value.reason) == ("入党时间", reason)


def test_a_future_day_is_refused_where_it_cannot_be() -> None:
    assert parse_date("2026-11-22", latest=date(2026, 11, 22)) == date(2026, 11, 22)
    with pytest.raises(InvalidInput, match="日期在今天之后"):
        parse_date("2026-11-23", latest=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("cell", "on", "precision"),
    [
        ("1998.07", date(1998, 7, 1), Precision.MONTH),
        (1998.07, date(1998, 7, 1), Precision.MONTH),
        (1998.11, date(1998, 11, 1), Precision.MONTH),
        ("1998年7月", date(1998, 7, 1), Precision.MONTH),
        ("1998年7月份", date(1998, 7, 1), Precision.MONTH),
        ("199807", date(1998, 7, 1), Precision.MONTH),
        (199807, date(1998, 7, 1), Precision.MONTH),
        ("一九九八年七月", date(1998, 7, 1), Precision.MONTH),
        ("1998年", date(1998, 1, 1), Precision.YEAR),
        (1998, date(1998, 1, 1), Precision.YEAR),
        ("1998-7-1", date(1998, 7, 1), Precision.DAY),
    ],
)
def test_old_files_know_only_the_month_or_the_year(cell: object, on: date, precision: Precision) -> None:
    assert parse_partial_date(cell) == PartialDate(on, precision)


@given(DATES)
def test_dates_survive_every_spelling(day: date) -> None:
    year, month, dom = day.year, day.month, day.day
    spellings = [
        day.isoformat(),
        f"{year}-{month}-{dom}",
        f"{year}.{month}.{dom}",
        f"{year}/{month:02}/{dom:02}",
        f"{year}年{month}月{dom}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
        day.isoformat().translate(WIDE),
        f"\u3000{day.isoformat()} 08:30 ",
        datetime.combine(day, time(8, 30)),
    ]
    assert {parse_date(one) for one in spellings} == {day}


@given(st.integers(10_000, 73_050))
def test_a_serial_number_is_its_day_or_refused_as_ambiguous(serial: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=serial)
    if 1900 <= int(str(serial)[:4]) <= 2099 and serial % 10:
        with pytest.raises(InvalidInput, match="也可能是Excel日期序号"):
            parse_date(serial)
    else:
        assert parse_date(serial) == day
