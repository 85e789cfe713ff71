"""Numbers and amounts in cells: exact, never through binary fractions."""

import re
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.spreadsheets.text import APOSTROPHES, plain, refuse_unreadable

NUMBER = Input("number", "数值")
COUNT = Input("count", "数量")
AMOUNT = Input("amount", "金额")


_BEFORE = re.compile(r"^(?:人民币|RMB|CNY|[¥￥约共计:])+", re.I)
_UNIT = re.compile(
    r"(?P<ten_thousand>万)?(?:元整?|人次?|名|分钟?|次|个|票|[小课学]?时|h|天|日|条|件|份|户|场|期|项|㎡|m2|平方米|平米|%|岁|周岁|年|个?月)?$",
    re.I,
)


def parse_decimal(value: object, field: Named = NUMBER, places: int = 2, units: str = "") -> Decimal:
    """Return an exact number with at most `places` decimals; a float counts as Excel shows it, to 15 digits.

    A unit after it is passed over, 万 multiplies; `units` are further marks of one character.

    Raises:
        InvalidInput: it is no number, too large, or finer than `places`.
    """
    refuse_unreadable(value, field)
    if isinstance(value, bool | date | time | timedelta):
        raise InvalidInput(field, "不是数字")
    times_ten_thousand = False
    if isinstance(value, float):
        text = f"{value:.15g}"
    else:
        text = _BEFORE.sub("", plain(value).lstrip(APOSTROPHES).replace(" ", "")).rstrip(units)
        unit = _UNIT.search(text)
        times_ten_thousand = unit is not None and unit["ten_thousand"] is not None
        text = text[: unit.start()] if unit else text
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text):
            text = text.replace(",", "")
    try:
        number = Decimal(text) * (10_000 if times_ten_thousand else 1)
    except InvalidOperation as error:
        raise InvalidInput(field, "不是数字") from error
    if not number.is_finite():
        raise InvalidInput(field, "不是数字")
    if abs(number) >= 10**15:
        raise InvalidInput(field, "数字过大")
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise InvalidInput(field, f"最多{places}位小数" if places else "须为整数")
    return number


def parse_integer(value: object, field: Named = COUNT, lowest: int = 0, highest: int = 1_000_000) -> int:
    """Return a whole number within [lowest, highest]; 5.0, ５ and 5人 are five.

    Raises:
        InvalidInput: it is not whole, or lies outside.
    """
    number = int(parse_decimal(value, field, places=0))
    if not lowest <= number <= highest:
        raise InvalidInput(field, f"须在{lowest}至{highest}之间")
    return number


def parse_money(value: object, field: Named = AMOUNT) -> int:
    """Return an amount in fen, from 4150.5, ￥4,150.50 or 4150.5元; never negative.

    Raises:
        InvalidInput: it is no amount, negative or too large.
    """
    amount = parse_decimal(value, field)
    if amount < 0:
        raise InvalidInput(field, "金额不能为负数")
    if amount >= 10_000_000:
        raise InvalidInput(field, "金额过大，请核对单位是否为元")
    return int(amount * 100)
