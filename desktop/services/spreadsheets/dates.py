"""Days in cells, and how exactly they are known."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.text import APOSTROPHES, DASHES, Number1904, plain, refuse_unreadable, shown

DAY = Input("on", "日期")
OLDEST = date(OLDEST_YEAR, 1, 1)
# Excel counts days from here (the imagined 29 February 1900 included); the older Macintosh system starts later.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_1904_DAYS = 1462
# Serial numbers of five digits: 1927-05-18 to 2099-12-31. Anything shorter could be a year.
_SERIALS = range(10_000, 73_051)
_YMD = re.compile(
    r"(?P<y>\d{4})(?:(?P<s>[-./])(?P<m>\d{1,2})(?:(?P=s)(?P<d>\d{1,2}))?"
    r"|年(?:(?P<m2>\d{1,2})月(?:份|(?P<d2>\d{1,2})[日号])?)?)?$"
)
_CLOCK = (
    r"(?:凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*\d{1,2}"
    r"(?::\d{1,2}(?::\d{1,2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?)\s*(?:AM|PM)?Z?"
)
_AFTER_DATE = re.compile(
    rf"(?<=[\d日号])(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?(?:(?:T|(?<=[日号)])|\s)\s*{_CLOCK})?$", re.I
)
_CHINESE_DIGITS = {mark: str(place) for place, mark in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


class Precision(StrEnum):
    """How exactly a date is known; old party files often keep only the month (1998.07)."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date and how exactly it is known; `on` is its first possible day."""

    on: date
    precision: Precision


def parse_date(value: object, field: Named = DAY, latest: date | None = None) -> date:
    """Return the day a cell means; `latest` refuses what lies after it (a future birth, a future admission).

    Raises:
        InvalidInput: not a date, only a month or a year, or two readings are possible (two-digit years, 日/月 order).
    """
    found = parse_partial_date(value, field, latest)
    if found.precision is Precision.YEAR:
        raise InvalidInput(field, "只有年份，缺月和日")
    if found.precision is Precision.MONTH:
        raise InvalidInput(field, "只有年月，缺日")
    return found.on


def parse_partial_date(value: object, field: Named = DAY, latest: date | None = None) -> PartialDate:
    """Return the date a cell means and how exactly: 1998.07 is a month, 1998年 a year.

    Raises:
        InvalidInput: it is no date, two readings are possible, or it lies after `latest`.
    """
    refuse_unreadable(value, field)
    found = _read_date(value, field)
    if found.on < OLDEST or found.on.year > NEWEST_YEAR:
        raise InvalidInput(field, f"日期须在{OLDEST.year}年至{NEWEST_YEAR}年之间")
    if latest is not None and found.on > latest:
        raise InvalidInput(field, "日期在今天之后")
    return found


def _read_date(value: object, field: Named) -> PartialDate:
    if isinstance(value, datetime):
        return PartialDate(value.date(), Precision.DAY)
    if isinstance(value, date):
        return PartialDate(value, Precision.DAY)
    if isinstance(value, bool | time | timedelta):
        raise InvalidInput(field, "不是日期")
    if isinstance(value, int | float):
        return _from_number(value, field)
    text = plain(shown(value).translate(DASHES)).lstrip(APOSTROPHES).translate(DASHES)
    text = _AFTER_DATE.sub("", _chinese_numerals(re.sub(r"\s*([-./年月日号])\s*", r"\1", text)))
    if re.fullmatch(r"\d+(\.0+)?", text) and len(text.partition(".")[0]) in (6, 8):
        return _from_digits(text.partition(".")[0], field)
    matched = _YMD.match(text)
    if matched:
        month, day = matched["m"] or matched["m2"], matched["d"] or matched["d2"]
        return _partial(int(matched["y"]), int(month) if month else None, int(day) if day else None, field)
    raise InvalidInput(field, _why_no_date(text))


def _why_no_date(text: str) -> str:
    if re.match(r"\d{1,2}([-./])\d{1,2}\1\d{4}$", text):
        return "日、月顺序不确定，请写成年-月-日"
    if re.match(r"\d{1,2}([-./年])\d{1,2}[-./月]\d{1,2}", text):
        return "年份须写四位数字"
    if re.match(r"\d{5}$", text):
        return "像是Excel日期序号，请把单元格改为日期格式"
    if re.match(r"\d{1,2}[月./-]\d{1,2}日?$", text):
        return "没有年份"
    if len(re.findall(r"\d{4}", text)) > 1:
        return "写了不止一个日期"
    return "不是日期"


def _from_number(value: int | float, field: Named) -> PartialDate:
    if isinstance(value, float) and not value.is_integer():
        if int(value) in _SERIALS:
            return _from_serial(value, field)
        year, _, month = repr(float(value)).partition(".")
        if len(year) == 4 and len(month) <= 2:
            if month == "1":
                raise InvalidInput(field, "无法确定是1月还是10月，请写成年月日")
            return _partial(int(year), int(month), None, field)
        raise InvalidInput(field, "不是日期")
    digits = str(int(value))
    if len(digits) in (6, 8):
        return _from_digits(digits, field)
    if int(value) in _SERIALS:
        return _from_serial(value, field)
    if len(digits) == 4:
        return _partial(int(digits), None, None, field)
    raise InvalidInput(field, "不是日期")


def _from_serial(value: int | float, field: Named) -> PartialDate:
    days = int(value) + (_SERIAL_1904_DAYS if isinstance(value, Number1904) else 0)
    on = _SERIAL_ZERO + timedelta(days=days)
    digits = str(int(value))
    if OLDEST.year <= int(digits[:4]) <= NEWEST_YEAR and digits[4] != "0" and float(value).is_integer():
        raise InvalidInput(field, f"可能是{digits[:4]}年{digits[4]}月，也可能是Excel日期序号（{on}），请写成年-月-日")
    return PartialDate(on, Precision.DAY)


def _from_digits(digits: str, field: Named) -> PartialDate:
    if len(digits) == 8:
        return _partial(int(digits[:4]), int(digits[4:6]), int(digits[6:]), field)
    month, day = int(digits[2:4]), int(digits[4:])
    if 1 <= month <= 12 and 1 <= day <= monthrange(2000, month)[1]:
        raise InvalidInput(field, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日")
    return _partial(int(digits[:4]), int(digits[4:]), None, field)


def _partial(year: int, month: int | None, day: int | None, field: Named) -> PartialDate:
    if not OLDEST.year <= year <= NEWEST_YEAR:
        raise InvalidInput(field, f"日期须在{OLDEST.year}年至{NEWEST_YEAR}年之间")
    try:
        on = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise InvalidInput(field, "没有这一天") from error
    return PartialDate(on, Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY)


def _chinese_numerals(text: str) -> str:
    """Turn 二〇二六年三月十五日 into 2026年3月15日; any other text stays."""
    digits = "[一二三四五六七八九十]{1,3}"
    matched = re.fullmatch(rf"([〇零○一二三四五六七八九]{{4}})年(?:({digits})月(?:({digits})[日号])?)?", text)
    if not matched:
        return text
    year = "".join(_CHINESE_DIGITS[mark] for mark in matched[1])
    month = f"{_below_hundred(matched[2])}月" if matched[2] else ""
    day = f"{_below_hundred(matched[3])}日" if matched[3] else ""
    return f"{year}年{month}{day}"


def _below_hundred(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    return (int(_CHINESE_DIGITS[tens]) * 10 if tens else 10 if ten else 0) + (int(_CHINESE_DIGITS[ones]) if ones else 0)
