"""Names with a number in them, in the order people count: 第一、第二、第三、第十, not by code points."""

import re

_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = r"[零〇一二两三四五六七八九十]+|[0-9]+|[０-９]+"
_COUNTED = re.compile(rf"(?<=第)(?:{_NUMBER})|^(?:{_NUMBER})(?=(?:党小组|小组|组|支部|届))")


def by_number(words: str) -> str:
    """Return `words` as a key for sorting: its number (第三…, 3组) as digits of one length."""
    return _COUNTED.sub(lambda number: f"{_value(number[0]):06d}", words.strip())


def counted(words: str, of: str) -> int | None:
    """Return the number in words that only count `of` (次): 第三次, 第3次, 十二次, 三; None for any other words."""
    said = re.fullmatch(rf"第?({_NUMBER})(?:{of})?", words.strip())
    return _value(said[1]) if said else None


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    high = _plain(tens) if tens else int(bool(ten))
    return 10 * high + _plain(ones)


def _plain(marks: str) -> int:
    value = 0
    for mark in marks:
        value = 10 * value + _DIGITS.get(mark, 0)
    return value


def in_words(number: int) -> str:
    """Return a number below a hundred as it is said: 2 → 二, 12 → 十二."""
    marks = "〇一二三四五六七八九"
    if number < 10:
        return marks[number]
    tens, ones = divmod(number, 10)
    return f"{marks[tens] if tens > 1 else ''}十{marks[ones] if ones else ''}"
