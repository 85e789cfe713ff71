"""What one cell means. Each parser understands every spelling whose meaning is certain and refuses the rest by rule."""

import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from desktop.paths import resource
from desktop.services.errors import InvalidInput

OLDEST = date(1900, 1, 1)
NEWEST_YEAR = 2099
# Excel counts days from here (the imagined 29 February 1900 included); the older Macintosh system starts later.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_1904_DAYS = 1462
# Serial numbers of five digits: 1927-05-18 to 2099-12-31. Anything shorter could be a year.
_SERIALS = range(10_000, 73_051)
# What people type to say "nothing here".
_NOTHING = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "空", "N/A", "n/a"})
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x00AD, 0x180E]
)
_APOSTROPHES = "'’‘`´＇"


class Number1904(float):
    """A bare number from a workbook that counts its days from 1904 (older Macintosh files)."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no value to read: an Excel error, or a formula whose result was never saved."""

    text: str
    reason: str

    def __str__(self) -> str:
        return self.text


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
class IdNumber:
    """A resident identity number that obeys GB 11643, and what it says about the person."""

    number: str
    born_on: date
    gender: str
    """Code of GB/T 2261.1: 1 male, 2 female."""
    province: str
    doubtful: bool = False
    """The last digits are zeros, as Excel leaves them when it rounds: worth a second look."""


# ---- text -----------------------------------------------------------------------------------------------------------


def shown(value: object) -> str:
    """Return a cell as the user sees it: 3.0 as 3, dates as 2026-03-05, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def plain(value: object) -> str:
    """Return a cell as text with half-width digits and punctuation, no invisible marks, single spaces, no outer ones.

    For numbers, dates and words of a list; never for names or free text, which keep their own characters.
    """
    folded = unicodedata.normalize("NFKC", shown(value).replace("_x000D_", "\n").translate(_INVISIBLE))
    return re.sub(r"\s+", " ", folded).strip()


def is_blank(value: object) -> bool:
    """Tell whether a cell says "nothing": empty, spaces, 无, a dash or a slash."""
    return value is None or (isinstance(value, str) and plain(value) in _NOTHING)


def parse_text(value: object, field: str, longest: int = 30_000) -> str:
    """Return free text with its own characters: outer spaces, invisible marks and carriage returns go."""
    _refuse_unreadable(value, field)
    text = shown(value).replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE)
    text = "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) != "Cc").strip()
    if "\ufffd" in text:
        raise InvalidInput(field, "含有无法识别的乱码字符（�）")
    if len(text) > longest:
        raise InvalidInput(field, f"超过{longest}个字")
    return text


def parse_label(value: object, field: str) -> str:
    """Return a short single-line text (a place, a unit, the name of a group) without inner line breaks."""
    return re.sub(r"\s+", " ", parse_text(value, field, longest=100))


def _refuse_unreadable(value: object, field: str) -> None:
    if isinstance(value, Unreadable):
        raise InvalidInput(field, value.reason)


# ---- names ----------------------------------------------------------------------------------------------------------

_DOTS = dict.fromkeys(map(ord, "•・‧．.･∙⋅"), "·")
_IDEOGRAPHS = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5F),
    (0x2F800, 0x2FA1F),
    (0x30000, 0x323AF),
)
_COMPOUND_SURNAMES = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文"
    "司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘"
    "左丘东门西门第五"
)


def clean_name(value: object, field: str = "姓名") -> str:
    """Return a person's name: spaces set for alignment go, separator dots become U+00B7, each character stays itself.

    Code points are kept as typed (no normalization form, which would replace rare and compatibility characters).
    """
    _refuse_unreadable(value, field)
    if isinstance(value, int | float | date | time):
        raise InvalidInput(field, "姓名不能是数字或日期")
    text = shown(value).translate(_INVISIBLE).lstrip(_APOSTROPHES).strip()
    text = re.sub(r"\s*([·•・‧．.･∙⋅])\s*", r"\1", text).translate(_DOTS)
    parts = text.split()
    if len(parts) > 1:
        text = _joined(parts, field)
    if not text:
        raise InvalidInput(field, "没有姓名")
    for mark in text:
        _check_name_mark(mark, field)
    if text.startswith("·") or text.endswith("·") or "··" in text:
        raise InvalidInput(field, "间隔号“·”只能在两个字之间")
    length = sum(not _is_selector(mark) for mark in text)
    if not 2 <= length <= 30:
        raise InvalidInput(field, "姓名须为2至30个字")
    return text


def _joined(parts: list[str], field: str) -> str:
    """Join what spaces divide when they can only be alignment: 张　三, 张 建国, 欧阳 娜娜; not 阿卜杜拉 买买提."""
    aligned = all(len(part) == 1 for part in parts)
    surname = len(parts) == 2 and (len(parts[0]) == 1 or _is_compound_surname(parts[0])) and len(parts[1]) <= 2
    if aligned or surname:
        return "".join(parts)
    raise InvalidInput(field, "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写")


def _is_compound_surname(text: str) -> bool:
    return len(text) == 2 and any(
        text == _COMPOUND_SURNAMES[at : at + 2] for at in range(0, len(_COMPOUND_SURNAMES), 2)
    )


def _is_selector(mark: str) -> bool:
    """Tell whether `mark` chooses the form of the ideograph before it (ideographic variation sequence)."""
    return 0xE0100 <= ord(mark) <= 0xE01EF


def _check_name_mark(mark: str, field: str) -> None:
    code = ord(mark)
    if mark == "·" or _is_selector(mark) or any(low <= code <= high for low, high in _IDEOGRAPHS):
        return
    if mark == "\ufffd":
        raise InvalidInput(field, "含有乱码字符（�），请重新录入原字")
    if unicodedata.category(mark) == "Co":
        raise InvalidInput(field, f"含有自造字（U+{code:04X}），换一台电脑就无法显示，请改用标准字库中的字")
    if unicodedata.category(mark).startswith("N"):
        raise InvalidInput(field, f"姓名中有数字“{mark}”")
    raise InvalidInput(field, f"含有不能用于姓名的字符“{mark}”")


# ---- dates ----------------------------------------------------------------------------------------------------------

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
_DASHES = dict.fromkeys(map(ord, "－–—‐‑‒―−﹣"), "-") | {ord("。"): ".", ord("、"): ".", ord("．"): ".", ord("／"): "/"}
_CHINESE_DIGITS = {mark: str(place) for place, mark in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def parse_date(value: object, field: str = "日期", latest: date | None = None) -> date:
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


def parse_partial_date(value: object, field: str = "日期", latest: date | None = None) -> PartialDate:
    """Return the date a cell means and how exactly: 1998.07 is a month, 1998年 a year."""
    _refuse_unreadable(value, field)
    found = _read_date(value, field)
    if found.on < OLDEST or found.on.year > NEWEST_YEAR:
        raise InvalidInput(field, f"日期须在{OLDEST.year}年至{NEWEST_YEAR}年之间")
    if latest is not None and found.on > latest:
        raise InvalidInput(field, "日期在今天之后")
    return found


def _read_date(value: object, field: str) -> PartialDate:
    if isinstance(value, datetime):
        return PartialDate(value.date(), Precision.DAY)
    if isinstance(value, date):
        return PartialDate(value, Precision.DAY)
    if isinstance(value, bool | time | timedelta):
        raise InvalidInput(field, "不是日期")
    if isinstance(value, int | float):
        return _from_number(value, field)
    text = plain(shown(value).translate(_DASHES)).lstrip(_APOSTROPHES).translate(_DASHES)
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


def _from_number(value: int | float, field: str) -> PartialDate:
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


def _from_serial(value: int | float, field: str) -> PartialDate:
    days = int(value) + (_SERIAL_1904_DAYS if isinstance(value, Number1904) else 0)
    on = _SERIAL_ZERO + timedelta(days=days)
    digits = str(int(value))
    if OLDEST.year <= int(digits[:4]) <= NEWEST_YEAR and digits[4] != "0" and float(value).is_integer():
        raise InvalidInput(field, f"可能是{digits[:4]}年{digits[4]}月，也可能是Excel日期序号（{on}），请写成年-月-日")
    return PartialDate(on, Precision.DAY)


def _from_digits(digits: str, field: str) -> PartialDate:
    if len(digits) == 8:
        return _partial(int(digits[:4]), int(digits[4:6]), int(digits[6:]), field)
    month, day = int(digits[2:4]), int(digits[4:])
    if 1 <= month <= 12 and 1 <= day <= monthrange(2000, month)[1]:
        raise InvalidInput(field, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日")
    return _partial(int(digits[:4]), int(digits[4:]), None, field)


def _partial(year: int, month: int | None, day: int | None, field: str) -> PartialDate:
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


# ---- times ----------------------------------------------------------------------------------------------------------

_TIME = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*(?P<h>\d{1,2})"
    r"(?::(?P<m>\d{1,2})(?::\d{1,2})?|[时点](?:(?P<m2>\d{1,2})分?|(?P<mid>半)|整)?)\s*(?P<half2>AM|PM)?$",
    re.I,
)
_AFTERNOON = frozenset({"下午", "晚上", "PM"})


def parse_time(value: object, field: str = "时间") -> time:
    """Return the time of day a cell means: 09:00, 9：00, 下午2点半, an Excel time or fraction of a day."""
    start, end = parse_time_range(value, field)
    if end is not None:
        raise InvalidInput(field, "只要一个时间")
    return start


def parse_time_range(value: object, field: str = "时间") -> tuple[time, time | None]:
    """Return start and end of 14:30—16:05; the end is None when only the start is written."""
    _refuse_unreadable(value, field)
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0), None
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None), None
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        return time(value.seconds // 3600, value.seconds // 60 % 60), None
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 1440) % 1440
        return time(minutes // 60, minutes % 60), None
    text = plain(shown(value).translate(_DASHES)).translate(_DASHES)
    first, _, second = (part.strip() for part in re.sub(r"\s*[~～至到]\s*", "-", text).partition("-"))
    start = _clock(first, field)
    end = _clock(second, field) if second else None
    if end is not None and end <= start:
        raise InvalidInput(field, "结束时间不晚于开始时间")
    return start, end


def _clock(text: str, field: str) -> time:
    matched = _TIME.match(text)
    if not matched:
        raise InvalidInput(field, "不是时间，请写成09:00这样的格式")
    hour, minute = int(matched["h"]), 30 if matched["mid"] else int(matched["m"] or matched["m2"] or 0)
    half = (matched["half"] or matched["half2"] or "").upper()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    if half in {"AM", "凌晨"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError as error:
        raise InvalidInput(field, "没有这个时间") from error


# ---- numbers --------------------------------------------------------------------------------------------------------


def parse_decimal(value: object, field: str = "数值", places: int = 2, units: str = "元人名分次个票") -> Decimal:
    """Return an exact number with at most `places` decimals; a float counts as Excel shows it, to 15 digits."""
    _refuse_unreadable(value, field)
    if isinstance(value, bool | date | time | timedelta):
        raise InvalidInput(field, "不是数字")
    if isinstance(value, float):
        text = f"{value:.15g}"
    else:
        text = plain(value).lstrip(_APOSTROPHES).lstrip("¥￥").replace(" ", "").rstrip(units)
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text):
            text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(field, "不是数字") from error
    if not number.is_finite():
        raise InvalidInput(field, "不是数字")
    if abs(number) >= 10**15:
        raise InvalidInput(field, "数字过大")
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise InvalidInput(field, f"最多{places}位小数" if places else "须为整数")
    return number


def parse_integer(value: object, field: str = "数量", lowest: int = 0, highest: int = 1_000_000) -> int:
    """Return a whole number within [lowest, highest]; 5.0, ５ and 5人 are five."""
    number = int(parse_decimal(value, field, places=0))
    if not lowest <= number <= highest:
        raise InvalidInput(field, f"须在{lowest}至{highest}之间")
    return number


def parse_money(value: object, field: str = "金额") -> int:
    """Return an amount in fen, from 4150.5, ￥4,150.50 or 4150.5元; never negative."""
    amount = parse_decimal(value, field)
    if amount < 0:
        raise InvalidInput(field, "金额不能为负数")
    if amount >= 10_000_000:
        raise InvalidInput(field, "金额过大，请核对单位是否为元")
    return int(amount * 100)


def parse_ratio(value: object, field: str = "比例") -> Decimal:
    """Return a share between 0 and 1, from 0.85, 85% or 17/20."""
    _refuse_unreadable(value, field)
    text = plain(value) if isinstance(value, str) else ""
    if text.endswith("%"):
        ratio = parse_decimal(text[:-1], field, places=4) / 100
    elif re.fullmatch(r"\d+ ?/ ?[1-9]\d*", text):
        part, whole = text.split("/")
        ratio = Decimal(part) / Decimal(whole)
    else:
        ratio = parse_decimal(value, field, places=6)
    if not 0 <= ratio <= 1:
        raise InvalidInput(field, "比例须在0至1之间，或写成百分数")
    return ratio


def parse_yes_no(value: object, field: str) -> bool:
    """Return whether a cell says yes: 是 √ 有 Y 1 or 否 × 没有 N 0."""
    _refuse_unreadable(value, field)
    if isinstance(value, bool):
        return value
    text = plain(value).upper()
    if text in {"是", "√", "✓", "✔", "☑", "有", "Y", "YES", "1", "TRUE", "对", "已"}:
        return True
    if text in {"否", "×", "✗", "X", "无", "没有", "N", "NO", "0", "FALSE", "不", "未", "-", "/"}:
        return False
    raise InvalidInput(field, "请填“是”或“否”")


def parse_phone(value: object, field: str = "联系电话") -> str:
    """Return a mobile or landline number as digits (a landline keeps its hyphen)."""
    _refuse_unreadable(value, field)
    text = plain(shown(value).translate(_DASHES)).lstrip(_APOSTROPHES).removesuffix(".0").replace(" ", "")
    text = re.sub(r"^(?:\+|00)86-?", "", text)
    if re.fullmatch(r"1[3-9]\d-?\d{4}-?\d{4}", text):
        return text.replace("-", "")
    landline = re.fullmatch(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?(\d{7,8})", text)
    if landline:
        return f"{landline[1]}-{landline[2]}"
    if re.search(r"[/,;、]", text):
        raise InvalidInput(field, "只填一个号码")
    raise InvalidInput(field, "不是手机号（11位）或带区号的固定电话")


# ---- identity numbers -----------------------------------------------------------------------------------------------

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_MARKS = "10X98765432"
# Residence permits of people from Taiwan; those from Hong Kong and Macao start like their regions (GB/T 2260).
_TAIWAN_PERMIT = "83"
_LAST_X = str.maketrans(dict.fromkeys("ХхΧχ×✕✖", "X"))


def check_mark(first_seventeen: str) -> str:
    """Return the eighteenth character of a resident identity number. Source: GB 11643, check character."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_MARKS[total % 11]


def parse_id_number(value: object, field: str = "身份证号", today: date | None = None) -> IdNumber:
    """Return a resident identity number, in whatever disguise a sheet holds it; `today` refuses later births.

    County codes are never checked: those of abolished counties stay valid.
    """
    _refuse_unreadable(value, field)
    if isinstance(value, bool | date | time | timedelta):
        raise InvalidInput(field, "不是身份证号")
    if isinstance(value, int | float):
        _refuse_number_as_id(abs(value), field)
    text = plain(value).upper().lstrip(_APOSTROPHES).replace(" ", "").replace("-", "").removesuffix(".0")
    if re.fullmatch(r"\d(\.\d+)?E\+?1[4-9]", text):
        raise InvalidInput(field, "已被Excel写成科学计数法，后几位已丢失，请按证件重新录入（单元格设为文本）")
    text = text[:17] + text[17:].translate(_LAST_X)
    if re.fullmatch(r"\d{15}", text):
        raise InvalidInput(field, "是15位旧号码，已停用，请按现行证件填写18位号码")
    if len(text) != 18:
        raise InvalidInput(field, f"身份证号应为18位，现为{len(text)}位")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise InvalidInput(field, "身份证号只能是17位数字加1位数字或X")
    provinces = codes("province")
    if text[:2] not in provinces.names and text[:2] != _TAIWAN_PERMIT:
        raise InvalidInput(field, f"前两位{text[:2]}不是省级行政区划代码")
    try:
        born_on = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise InvalidInput(field, "第7至14位不是真实的出生日期") from error
    if born_on < OLDEST or (today is not None and born_on > today):
        raise InvalidInput(field, f"第7至14位的出生日期须在{OLDEST.year}年之后、今天之前")
    if check_mark(text[:17]) != text[17]:
        raise InvalidInput(field, "校验码不符（GB 11643），请按证件核对")
    gender = "1" if int(text[16]) % 2 else "2"
    return IdNumber(text, born_on, gender, provinces.names.get(text[:2], "台湾省"), doubtful=text.endswith("000"))


def _refuse_number_as_id(value: int | float, field: str) -> None:
    if value >= 10**15:
        raise InvalidInput(field, "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）")


def masked(id_number: str) -> str:
    """Return an identity number as screens and lists show it: 4116************1X."""
    return id_number if len(id_number) < 8 else f"{id_number[:4]}{'*' * (len(id_number) - 6)}{id_number[-2:]}"


# ---- code tables ----------------------------------------------------------------------------------------------------

# How people write the entries of the code tables. 本科 is 21, 大专 31, 研究生 10: never guessed finer.
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "gender": {"男": "1", "女": "2", "未知": "0", "未说明": "9", "M": "1", "F": "2"},
    "ethnic": {"崩龙": "46", "崩龙族": "46", "毛难": "36", "毛难族": "36", "其他": "97", "外国血统": "98"},
    "education": {
        "研究生": "10", "博士": "11", "博士研究生": "11", "硕士": "14", "硕士研究生": "14", "研究生班": "17",
        "本科": "21", "大学": "21", "大学本科": "21", "本科毕业": "21", "全日制本科": "21", "在职本科": "21",
        "大专": "31", "专科": "31", "大学专科": "31", "大专毕业": "31", "全日制大专": "31", "在职大专": "31",
        "中专": "41", "中等专科": "41", "职高": "44", "职业高中": "44", "技校": "47", "技工学校": "47",
        "高中": "61", "普通高中": "61", "高中毕业": "61", "初中": "71", "小学": "81",
    },
    "political": {
        "党员": "01", "正式党员": "01", "中共正式党员": "01", "中国共产党党员": "01",
        "预备党员": "02", "团员": "03",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table of codes.toml: code → name, and every spelling → code."""

    id: str
    title: str
    names: Mapping[str, str]
    spellings: Mapping[str, str]

    def parse(self, value: object, field: str = "") -> str:
        """Return the code a cell means: the code itself, the name, the name without 族/性, or a common saying."""
        _refuse_unreadable(value, field or self.title)
        text = plain(value).replace(" ", "").upper()
        if text.isdigit():
            text = text.zfill(max(map(len, self.names)))
        if text not in self.spellings:
            raise InvalidInput(field or self.title, f"“{shown(value).strip()}”不在{self.title}代码表中")
        return self.spellings[text]

    def name(self, code: str | None) -> str:
        """Return the name of `code`, an empty text for none."""
        return self.names.get(code or "", "")


@cache
def _code_tables() -> Mapping[str, CodeTable]:
    content = tomllib.loads(resource("standards/codes.toml").read_text(encoding="utf-8"))
    tables: dict[str, CodeTable] = {}
    for table in content["tables"]:
        names = {str(code): str(name) for code, name in table["entries"]}
        spellings = {code: code for code in names} | {name: code for code, name in names.items()}
        if table["id"] in ("ethnic", "gender"):
            spellings |= {name[:-1]: code for code, name in names.items() if name[-1] in "族性" and len(name) > 1}
        spellings |= _SAYINGS.get(table["id"], {})
        tables[table["id"]] = CodeTable(
            table["id"], table["name"], MappingProxyType(names), MappingProxyType(spellings)
        )
    return MappingProxyType(tables)


def codes(table: str) -> CodeTable:
    """Return a code table by its id in codes.toml: ethnic, gender, education, education_ui, political, province …"""
    return _code_tables()[table]


def code_parser(table: str) -> Callable[[object, str], str]:
    """Return a column parser for a code table, for declarations."""
    return lambda value, field: codes(table).parse(value, field)


def code_name(table: str) -> Callable[[object], str]:
    """Return a column formatter for a code table, for declarations: the short name of the screen where there is one."""

    def name(code: object) -> str:
        if table == "education" and str(code) in codes("education_ui").names:
            return codes("education_ui").name(str(code))
        text = codes(table).name(None if code is None else str(code))
        return text.removesuffix("性") if table == "gender" and len(text) == 2 else text

    return name


def one_of(choices: Mapping[str, str]) -> Callable[[object, str], str]:
    """Return a column parser for a closed list, given as spelling → value."""

    def parse(value: object, field: str) -> str:
        _refuse_unreadable(value, field)
        text = plain(value).replace(" ", "")
        if text in choices:
            return choices[text]
        raise InvalidInput(field, f"“{shown(value).strip()}”不在可选项中：" + "、".join(dict.fromkeys(choices)))

    return parse
