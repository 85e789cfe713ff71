"""What tells a person apart in cells: the resident identity number (GB 11643) and the telephone number."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.dates import OLDEST
from desktop.services.spreadsheets.text import APOSTROPHES, DASHES, plain, refuse_unreadable, shown

ID_NUMBER = Input("id_no", "身份证号")
PHONE = Input("phone", "联系电话")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_MARKS = "10X98765432"
# Residence permits of people from Taiwan; those from Hong Kong and Macao start like their regions (GB/T 2260).
_TAIWAN_PERMIT = "83"
_LAST_X = str.maketrans(dict.fromkeys("ХхΧχ×✕✖", "X"))

_MOBILE = re.compile(r"1[3-9]\d-?\d{4}-?\d{4}")
_LANDLINE = re.compile(
    r"(?:\(?(?P<area>0(?:10|2\d|[3-9]\d{2}))\)?-?(?P<number>\d{7,8})|(?P<local>[2-8]\d{6,7}))"
    r"(?:(?:-|转|分机|ext\.?|x|\*|#)(?P<extension>\d{1,6}))?",
    re.I,
)
_BETWEEN_PHONES = re.compile(r"[/,;，；\n]|或|\s+(?=\+?\d{7}|\d{3,4}-\d{7}|[^\d\s])")


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
    from_old: bool = False
    """Written with the fifteen digits of before 1999; century and check character are added by rule."""


def check_mark(first_seventeen: str) -> str:
    """Return the eighteenth character of a resident identity number. Source: GB 11643, check character."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_MARKS[total % 11]


def parse_id_number(value: object, field: Named = ID_NUMBER, today: date | None = None) -> IdNumber:
    """Return a resident identity number, in whatever disguise a sheet holds it; `today` refuses later births.

    County codes are never checked: those of abolished counties stay valid.

    Raises:
        InvalidInput: it is none, or has lost digits; the reason says the rule.
    """
    refuse_unreadable(value, field)
    if isinstance(value, bool | date | time | timedelta):
        raise InvalidInput(field, "不是身份证号")
    if isinstance(value, int | float):
        _refuse_number_as_id(abs(value), field)
    text = plain(value).upper().lstrip(APOSTROPHES).replace(" ", "").replace("-", "").removesuffix(".0")
    if re.fullmatch(r"\d(\.\d+)?E\+?1[4-9]", text):
        raise InvalidInput(field, "已被Excel写成科学计数法，后几位已丢失，请按证件重新录入（单元格设为文本）")
    text = text[:17] + text[17:].translate(_LAST_X)
    from_old = re.fullmatch(r"\d{15}", text) is not None
    if from_old:  # Source: GB 11643-1999, how numbers of GB 11643-1989 are lengthened.
        text = f"{text[:6]}19{text[6:]}"
        text += check_mark(text)
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
    return IdNumber(text, born_on, gender, provinces.names.get(text[:2], "台湾省"), text.endswith("000"), from_old)


def _refuse_number_as_id(value: int | float, field: Named) -> None:
    if value >= 10**15:
        raise InvalidInput(field, "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）")


def masked(id_number: str) -> str:
    """Return an identity number as screens and lists show it: 4116************1X."""
    return id_number if len(id_number) < 8 else f"{id_number[:4]}{'*' * (len(id_number) - 6)}{id_number[-2:]}"


def parse_phone(value: object, field: Named = PHONE) -> str:
    """Return a mobile or landline number as digits; a landline keeps its hyphen, an extension has another.

    Of several numbers it is the first mobile one, else the first; `remark_on_phone` tells of the others.

    Raises:
        InvalidInput: there is none.
    """
    numbers, _ = _phones(value, field)
    if not numbers:
        raise InvalidInput(field, "不是手机号（11位）或带区号的固定电话")
    return numbers[0]


def remark_on_phone(value: object) -> str:
    """Return what a person should look at in how this cell is read as a telephone number; else nothing."""
    try:
        numbers, others = _phones(value, PHONE)
    except InvalidInput:
        return ""
    if not numbers:
        return ""
    left = [*numbers[1:], *others]
    if left:
        return f"只登记了{numbers[0]}，没有登记的：{'、'.join(left)}"
    return "没有区号" if re.fullmatch(r"\d{7,8}", numbers[0]) else ""


def _phones(value: object, field: Named) -> tuple[list[str], list[str]]:
    """Return the numbers in a cell, mobile ones first, and what stands beside them."""
    refuse_unreadable(value, field)
    text = plain(shown(value).replace("、", "/").translate(DASHES)).lstrip(APOSTROPHES).removesuffix(".0")
    numbers: list[str] = []
    others: list[str] = []
    whole = _phone(text)
    for part in [text] if whole else filter(None, (one.strip() for one in _BETWEEN_PHONES.split(text))):
        number = _phone(part)
        (numbers if number else others).append(number or part)
    return sorted(numbers, key=lambda number: not _MOBILE.fullmatch(number)), others


def _phone(text: str) -> str:
    text = re.sub(r"^(?:\+|00)86-?", "", text.replace(" ", ""))
    if _MOBILE.fullmatch(text):
        return text.replace("-", "")
    landline = _LANDLINE.fullmatch(text)
    if not landline:
        return ""
    return "-".join(part for part in landline.groups() if part)
