"""Days in cells, how exactly they are known, and what is worth telling about how one was read."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR
from desktop.services.clock import local
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
    r"(?P<y>\d{4}|\d{2}(?=[-./年]))(?:(?P<s>[-./])(?P<m>\d{1,2})(?:(?P=s)(?P<d>\d{1,2}))?"
    r"|年(?:(?P<m2>\d{1,2})月(?:份|(?P<d2>\d{1,2})[日号]?)?)?)?[.,;]?$"
)
_DAY_FIRST = re.compile(r"(?P<a>\d{1,2})(?P<s>[-./])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})$")
_MONTHS = {name: at for at, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_ENGLISH = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?:(?P<d>\d{1,2})[- ](?P<m>[A-Za-z]{3,9})[-, ]+(?P<y>\d{2,4})"
    r"|(?P<m2>[A-Za-z]{3,9}) (?P<d2>\d{1,2}),? (?P<y2>\d{4}))(?P<rest> .*)?$"
)
_MOMENT = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)
_OF_ENGLISH = re.compile(r" (?P<clock>\d{2}:\d{2}:\d{2})(?: (?:GMT|UTC)?(?P<zone>[+-]\d{4})?.*)?$")
_CLOCK = (
    r"(?:凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*\d{1,2}"
    r"(?::\d{1,2}(?::\d{1,2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?)\s*(?:AM|PM)?Z?"
)
_AFTER_DATE = re.compile(
    rf"(?<=[\d日号])(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?(?:(?:T|(?<=[日号)])|\s)\s*{_CLOCK})?$", re.I
)
_CHINESE_DIGITS = {mark: str(place) for place, mark in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_LAST_OF_2000 = 30
"""Two digits up to this are a year of this century, others one of the last: nothing of ours lies further ahead."""
_BEIJING = timezone(timedelta(hours=8))
_ALMOST_MIDNIGHT = time(23, 54)
"""Programs that count from the mean time of Shanghai, 5 min 43 s after Beijing's, write a day so much too early."""
_AN_HOUR_SHORT = time(23)
_MIDNIGHT_IN_UTC, _MIDNIGHT_OF_SUMMER = time(16), time(15)
"""What midnight in China is called in universal time: a day with it may be the day before."""
_SUMMER_TIMES = (
    ("1940-06-01", "1940-10-12"), ("1941-03-15", "1941-11-01"), ("1942-01-31", "1945-09-01"),
    ("1946-05-15", "1946-09-30"), ("1947-04-15", "1947-10-31"), ("1948-05-01", "1948-09-30"),
    ("1949-05-01", "1949-09-30"), ("1986-05-04", "1986-09-14"), ("1987-04-12", "1987-09-13"),
    ("1988-04-10", "1988-09-11"), ("1989-04-16", "1989-09-17"), ("1990-04-15", "1990-09-16"),
    ("1991-04-14", "1991-09-15"),
)  # fmt: skip
"""When clocks in China stood an hour ahead. Source: IANA time zone database, rules Shang and PRC."""


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


@dataclass(frozen=True, slots=True)
class _Read:
    """A date as read, and what to tell about it if it is read otherwise than it is written."""

    date: PartialDate
    remark: str = ""


def parse_date(value: object, field: Named = DAY, latest: date | None = None) -> date:
    """Return the day a cell means; `latest` refuses what lies after it (a future birth, a future admission).

    Raises:
        InvalidInput: not a date, only a month or a year, or two readings are possible (日/月 order).
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
    found = _read_date(value, field).date
    if found.on < OLDEST or found.on.year > NEWEST_YEAR:
        raise InvalidInput(field, f"日期须在{OLDEST.year}年至{NEWEST_YEAR}年之间")
    if latest is not None and found.on > latest:
        raise InvalidInput(field, "日期在今天之后")
    return found


def remark_on_date(value: object) -> str:
    """Return what a person should look at in how this cell is read as a day: a century, a day lifted; else nothing."""
    try:
        refuse_unreadable(value, DAY)
        return _read_date(value, DAY).remark
    except InvalidInput:
        return ""


def _read_date(value: object, field: Named) -> _Read:
    if isinstance(value, datetime):
        return _from_moment(value)
    if isinstance(value, date):
        return _Read(PartialDate(value, Precision.DAY))
    if isinstance(value, bool | time | timedelta):
        raise InvalidInput(field, "不是日期")
    if isinstance(value, int | float):
        return _from_number(value, field)
    text = plain(shown(value).translate(DASHES)).lstrip(APOSTROPHES).translate(DASHES)
    return _from_long_text(text, field) or _from_text(text, field)


def _from_moment(moment: datetime, why: str = "") -> _Read:
    """Return the day of a moment, lifted to the next where programs are known to have written it too early."""
    if moment.date() == date.max:  # no day follows it
        return _Read(PartialDate(moment.date(), Precision.DAY), why)
    clock, next_day = moment.time(), moment.date() + timedelta(days=1)
    if clock >= _ALMOST_MIDNIGHT:
        why = "导出的程序少算了几十秒到几分钟"
    elif clock == _AN_HOUR_SHORT and _in_summer_time(next_day):
        why = "那几年有夏令时，导出的程序少算了一小时"
    elif not why and clock == (_MIDNIGHT_OF_SUMMER if _in_summer_time(next_day) else _MIDNIGHT_IN_UTC):
        why = f"带着时间{clock:%H:%M}，若是网页系统导出的，可能是第二天，请核对"
        return _Read(PartialDate(moment.date(), Precision.DAY), why)
    else:
        return _Read(PartialDate(moment.date(), Precision.DAY), why)
    return _Read(PartialDate(next_day, Precision.DAY), f"写的是{moment:%Y-%m-%d %H:%M:%S}，按{next_day}读：{why}")


def _in_summer_time(day: date) -> bool:
    return any(begin <= day.isoformat() <= end for begin, end in _SUMMER_TIMES)


def _from_long_text(text: str, field: Named) -> _Read | None:
    """Return the day of a moment written out by a program, of whatever zone, and of dates with English months."""
    found = _MOMENT.match(text)
    if found:
        return _of_parts(int(found["y"]), int(found["m"]), int(found["d"]), found["clock"], found["zone"], field)
    english = _ENGLISH.match(text)
    if not english:
        return None
    month = _MONTHS.get((english["m"] or english["m2"])[:3].lower())
    if month is None:
        return None
    digits = english["y"] or english["y2"]
    year = int(digits) if len(digits) == 4 else _with_century(int(digits))
    rest = _OF_ENGLISH.match(english["rest"] or "")
    clock, zone = (rest["clock"], rest["zone"]) if rest else ("0:00", None)
    read = _of_parts(year, month, int(english["d"] or english["d2"]), clock, zone, field)
    return read if len(digits) == 4 else _Read(read.date, f"两位年份，按{year}年读")


def _of_parts(year: int, month: int, day: int, clock: str, zone: str | None, field: Named) -> _Read:
    on = _partial(year, month, day, field).on
    hour, minute, *second = map(int, clock.split(":"))
    if hour > 23 or minute > 59 or (second and second[0] > 59):
        raise InvalidInput(field, "没有这个时间")
    text = f"{on}T{hour:02}:{minute:02}:{second[0] if second else 0:02}"
    if zone is None:
        return _from_moment(datetime.fromisoformat(text))
    moment = in_beijing(text, zone)
    late = f"写的是{on} {clock}（世界时），按北京时间{moment.date()}读" if moment.date() != on else ""
    return _from_moment(moment, late)


def in_beijing(text: str, zone: str) -> datetime:
    """Return what a clock in Beijing showed at a moment of `zone` (Z, +0000, +08:00)."""
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"
    return local(text + offset, _beijing).replace(tzinfo=None)


def _beijing() -> datetime:
    return datetime.combine(OLDEST, time(), _BEIJING)


def _from_text(text: str, field: Named) -> _Read:
    text = re.sub(r"\s*([-./年月日号])\s*", r"\1", text.replace("元月", "1月"))
    text = re.sub(r"^(\d{4})[ ,](\d{1,2})[ ,](\d{1,2})$", r"\1-\2-\3", text)
    text = _AFTER_DATE.sub("", _chinese_numerals(text))
    if re.fullmatch(r"\d+(\.0+)?", text) and len(text.partition(".")[0]) in (5, 6, 8):
        digits = text.partition(".")[0]
        if len(digits) > 5:
            return _from_digits(digits, field)
        if int(digits) in _SERIALS:
            read = _from_serial(int(digits), field)
            return _Read(read.date, f"{digits}是Excel日期序号，按{read.date.on}读")
    matched = _YMD.match(text)
    if matched:
        month, day = matched["m"] or matched["m2"], matched["d"] or matched["d2"]
        short = len(matched["y"]) == 2
        year = _with_century(int(matched["y"])) if short else int(matched["y"])
        found = _partial(year, int(month) if month else None, int(day) if day else None, field)
        return _Read(found, f"两位年份，按{year}年读" if short else "")
    turned = _DAY_FIRST.match(text)
    if turned and int(turned["a"]) > 12 >= int(turned["b"]):
        found = _partial(int(turned["y"]), int(turned["b"]), int(turned["a"]), field)
        return _Read(found, f"日在前、年在后，按{found.on}读")
    raise InvalidInput(field, _why_no_date(text))


def _with_century(year: int) -> int:
    return year + (2000 if year <= _LAST_OF_2000 else 1900)


def _why_no_date(text: str) -> str:
    if re.match(r"\d{1,2}([-./])\d{1,2}\1\d{4}$", text):
        return "日、月顺序不确定，请写成年-月-日"
    if re.match(r"\d{1,2}[月./-]\d{1,2}日?$", text):
        return "没有年份"
    if re.search(r"农历|阴历", text):
        return "是农历，请换算成公历"
    if len(re.findall(r"\d{4}", text)) > 1:
        return "写了不止一个日期"
    return "不是日期"


def _from_number(value: int | float, field: Named) -> _Read:
    if isinstance(value, float) and not value.is_integer():
        if int(value) in _SERIALS:
            return _from_serial(value, field)
        year, _, month = repr(float(value)).partition(".")
        if len(year) == 4 and len(month) <= 2:
            if month == "1":
                raise InvalidInput(field, "无法确定是1月还是10月，请写成年月日")
            return _Read(_partial(int(year), int(month), None, field))
        raise InvalidInput(field, "不是日期")
    digits = str(int(value))
    if len(digits) in (6, 8):
        return _from_digits(digits, field)
    if int(value) in _SERIALS:
        return _from_serial(value, field)
    if len(digits) == 4:
        return _Read(_partial(int(digits), None, None, field))
    raise InvalidInput(field, "不是日期")


def _from_serial(value: int | float, field: Named) -> _Read:
    days = int(value) + (_SERIAL_1904_DAYS if isinstance(value, Number1904) else 0)
    on = _SERIAL_ZERO + timedelta(days=days)
    digits = str(int(value))
    if OLDEST.year <= int(digits[:4]) <= NEWEST_YEAR and digits[4] != "0" and float(value).is_integer():
        raise InvalidInput(field, f"可能是{digits[:4]}年{digits[4]}月，也可能是Excel日期序号（{on}），请写成年-月-日")
    return _from_moment(datetime.combine(on, time()) + timedelta(seconds=round(float(value) % 1 * 86_400)))


def _from_digits(digits: str, field: Named) -> _Read:
    if len(digits) == 8:
        return _Read(_partial(int(digits[:4]), int(digits[4:6]), int(digits[6:]), field))
    month, day = int(digits[2:4]), int(digits[4:])
    of_two_digits = 1 <= month <= 12 and 1 <= day <= monthrange(2000, month)[1]
    if not of_two_digits:
        return _Read(_partial(int(digits[:4]), int(digits[4:]), None, field))
    if OLDEST.year <= int(digits[:4]) <= NEWEST_YEAR:
        raise InvalidInput(field, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日")
    year = _with_century(int(digits[:2]))
    return _Read(_partial(year, month, day, field), f"两位年份，按{year}年读")


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
