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


def _refuse_number_as_id(value: int | float, field: Named) -> None:
    if value >= 10**15:
        raise InvalidInput(field, "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）")


def masked(id_number: str) -> str:
    """Return an identity number as screens and lists show it: 4116************1X."""
    return id_number if len(id_number) < 8 else f"{id_number[:4]}{'*' * (len(id_number) - 6)}{id_number[-2:]}"


def parse_phone(value: object, field: Named = PHONE) -> str:
    """Return a mobile or landline number as digits (a landline keeps its hyphen).

    Raises:
        InvalidInput: it is none, or more than one.
    """
    refuse_unreadable(value, field)
    text = plain(shown(value).translate(DASHES)).lstrip(APOSTROPHES).removesuffix(".0").replace(" ", "")
    text = re.sub(r"^(?:\+|00)86-?", "", text)
    if re.fullmatch(r"1[3-9]\d-?\d{4}-?\d{4}", text):
        return text.replace("-", "")
    landline = re.fullmatch(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?(\d{7,8})", text)
    if landline:
        return f"{landline[1]}-{landline[2]}"
    if re.search(r"[/,;、]", text):
        raise InvalidInput(field, "只填一个号码")
    raise InvalidInput(field, "不是手机号（11位）或带区号的固定电话")
