"""Days: every spelling that is certain, and each refusal by its rule."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.dates import PartialDate, Precision, parse_date, parse_partial_date, remark_on_date
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
        "2026 3 5",
        "2026,3,5",
        "2026、3、5",
        "2026.3.5.",
        "2026年3月5",
        "2026-03-05T00:00:00+08:00",
        "Thu Mar 05 2026 00:00:00 GMT+0800 (中国标准时间)",
        "Mar 5, 2026",
        "5-Mar-2026",
    ],
)
def test_every_spelling_of_a_day(cell: object) -> None:
    assert parse_date(cell) == FIFTH_OF_MARCH
    assert remark_on_date(cell) == ""


@pytest.mark.parametrize(
    ("cell", "on", "remark"),
    [
        ("98.07.01", "1998-07-01", "两位年份，按1998年读"),
        ("26-3-5", "2026-03-05", "两位年份，按2026年读"),
        ("05年7月1日", "2005-07-01", "两位年份，按2005年读"),
        ("5-Mar-98", "1998-03-05", "两位年份，按1998年读"),
        ("980701", "1998-07-01", "两位年份，按1998年读"),
        ("13/5/2026", "2026-05-13", "日在前、年在后，按2026-05-13读"),
        ("46086", "2026-03-05", "46086是Excel日期序号，按2026-03-05读"),
        (
            datetime.fromisoformat("1980-01-09T23:59:17"),
            "1980-01-10",
            "写的是1980-01-09 23:59:17，按1980-01-10读：导出的程序少算了几十秒到几分钟",
        ),
        (
            "2005-06-30 23:59:17",
            "2005-07-01",
            "写的是2005-06-30 23:59:17，按2005-07-01读：导出的程序少算了几十秒到几分钟",
        ),
        (
            29229 + 86357 / 86400,
            "1980-01-10",
            "写的是1980-01-09 23:59:17，按1980-01-10读：导出的程序少算了几十秒到几分钟",
        ),
        (
            excel(1988, 6, 30, 23),
            "1988-07-01",
            "写的是1988-06-30 23:00:00，按1988-07-01读：那几年有夏令时，导出的程序少算了一小时",
        ),
        (
            "1980-01-09T16:00:00.000Z",
            "1980-01-10",
            "写的是1980-01-09 16:00:00（世界时），按北京时间1980-01-10读",
        ),
        (
            "1988-06-30T15:00:00.000Z",
            "1988-07-01",
            "写的是1988-06-30 23:00:00，按1988-07-01读：那几年有夏令时，导出的程序少算了一小时",
        ),
        (
            "2005-06-30 16:00:00",
            "2005-06-30",
            "带着时间16:00，若是网页系统导出的，可能是第二天，请核对",
        ),
        (
            excel(1988, 6, 30, 15),
            "1988-06-30",
            "带着时间15:00，若是网页系统导出的，可能是第二天，请核对",
        ),
        (
            "Wed Jan 09 1980 16:00:00 GMT+0000",
            "1980-01-10",
            "写的是1980-01-09 16:00:00（世界时），按北京时间1980-01-10读",
        ),
    ],
)
def test_a_day_read_otherwise_than_written_says_so(cell: object, on: str, remark: str) -> None:
    assert parse_date(cell) == date.fromisoformat(on)
    assert remark_on_date(cell) == remark


def test_late_hours_of_other_years_stay_on_their_day() -> None:
    assert parse_date(excel(2005, 6, 30, 23)) == date(2005, 6, 30)
    assert parse_date(excel(1988, 1, 30, 23)) == date(1988, 1, 30)
    assert parse_date(excel(2026, 3, 5, 23, 30)) == FIFTH_OF_MARCH


@given(DATES, st.sampled_from([43, 343, 1]))
def test_midnight_that_lost_seconds_is_always_lifted(day: date, seconds: int) -> None:
    assert parse_date(datetime.combine(day, time()) - timedelta(seconds=seconds)) == day


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("3/5/2026", "日、月顺序不确定，请写成年-月-日"),
        ("3月5日", "没有年份"),
        ("2026-2-30", "没有这一天"),
        ("2026-13-1", "没有这一天"),
        (20260230, "没有这一天"),
        ("1998.07", "只有年月，缺日"),
        ("2026年", "只有年份，缺月和日"),
        (1998.1, "无法确定是1月还是10月，请写成年月日"),
        (200106, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日"),
        (19876, "可能是1987年6月，也可能是Excel日期序号（1954-06-01），请写成年-月-日"),
        ("19876", "可能是1987年6月，也可能是Excel日期序号（1954-06-01），请写成年-月-日"),
        ("1980年三月初五（农历）", "是农历，请换算成公历"),
        ("1980-01-09T26:00:00Z", "没有这个时间"),
        ("2026-3-5至2026-3-7", "写了不止一个日期"),
        ("2026.3-5", "不是日期"),
        ("待定", "不是日期"),
        (-5, "不是日期"),
        (True, "不是日期"),
        (time(9), "不是日期"),
        ("1899-12-31", "日期须在1900年至2099年之间"),
        (excel(9999, 12, 31), "日期须在1900年至2099年之间"),
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
        ("1998年元月", date(1998, 1, 1), Precision.MONTH),
        ("98年7月", date(1998, 7, 1), Precision.MONTH),
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
