"""What the cells of a column plainly are, whatever stands above them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import pairwise

from desktop.services.intake.known import Known
from desktop.services.intake.looks import Content
from desktop.services.intake.wording import words
from desktop.services.spreadsheets.text import Unreadable, is_blank, plain

SAMPLE = 200
"""So many cells tell what a column holds."""
MOSTLY = 0.8
"""Share of the cells that must be of one kind."""
SOME = 3
"""So many names make a column of names; fewer could be anything."""
CHOICES = 12
_ID = re.compile(
    r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]|\d{6}\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}"
)
_DAY = re.compile(
    r"(?:18|19|20)\d{2}\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}\s*[日号]?|\s*月(?:份)?)?(?:[T\s(].*|\s*\d{1,2}[:点时].*)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?|[〇零○一二三四五六七八九]{4}年.*|\d{1,2}月\d{1,2}[日号](?:.*\d{1,2}\s*[:点时].*)?"
    r"|(?:18|19|20)\d{2}年(?:\d{1,2}月)?(?:[上下中]午.*)?"
)
_CLOCK = re.compile(r"(?:[上下中]午|晚上|早上)?\s*\d{1,2}\s*[:点时]\s*(?:\d{1,2}分?|半|整)?(?:\s*[-~至到].*)?")
_PHONE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:转\d+)?|[2-9]\d{6,7}")
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{2,12}·[\u3400-\u9fff]{2,12}")
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?%?")


def is_id_number(text: str) -> bool:
    """Tell whether a plain text has the shape of an identity number."""
    return _ID.fullmatch(text.replace(" ", "").lstrip("'")) is not None


def is_day(value: object) -> bool:
    """Tell whether a cell is a day, as exactly as it may be known."""
    if isinstance(value, date):
        return True
    return isinstance(value, str) and _DAY.fullmatch(plain(value)) is not None


def is_clock(value: object) -> bool:
    """Tell whether a cell is a time of day alone."""
    if isinstance(value, time | timedelta):
        return True
    if isinstance(value, float):
        return 0 < value < 1
    return isinstance(value, str) and _CLOCK.fullmatch(plain(value)) is not None


def is_name(text: str, known: Known) -> bool:
    """Tell whether a plain text can be a person's name: on the roster, or a surname and one to three more letters."""
    bare = text.replace(" ", "")
    return bare in known.names or (_NAME.fullmatch(bare) is not None and ("·" in bare or bare[0] in words().surnames))


def content_of(cells: Iterable[object], known: Known) -> Content:
    """Return what the cells are; a few strange ones among many do not hide it."""
    sample = [cell for cell, _ in zip((cell for cell in cells if not is_blank(cell)), range(SAMPLE), strict=False)]
    if not sample:
        return Content.EMPTY
    texts = [plain(cell) for cell in sample]
    least = MOSTLY * len(sample)
    if _how_many(is_id_number(text) for text in texts) >= least:
        return Content.ID_NUMBER
    if _how_many(is_day(cell) for cell in sample) >= least:
        return Content.DATE
    if _how_many(_PHONE.fullmatch(text.replace(" ", "")) is not None for text in texts) >= least:
        return Content.PHONE
    if _serial(texts):
        return Content.SERIAL
    if (
        _how_many(isinstance(cell, int | float) or _NUMBER.fullmatch(plain(cell)) is not None for cell in sample)
        >= least
    ):
        return Content.NUMBER
    if _how_many(isinstance(cell, Unreadable) for cell in sample) >= least:
        return Content.TEXT
    distinct = set(texts)
    named = _how_many(is_name(text, known) for text in texts)
    on_roster = _how_many(text.replace(" ", "") in known.names for text in texts)
    if on_roster >= least or (named >= least and len(sample) >= SOME and len(distinct) >= MOSTLY * len(sample)):
        return Content.NAME
    if len(distinct) <= min(CHOICES, max(2, len(sample) // 2)) and max(map(len, distinct)) <= CHOICES:
        return Content.CHOICE
    return Content.TEXT


def _how_many(marks: Iterable[bool]) -> int:
    return sum(marks)


def _serial(texts: Sequence[str]) -> bool:
    """Tell whether cells count up by one, as they do also below a separating row."""
    digits = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 5]
    if len(digits) < max(1, MOSTLY * len(texts)):
        return False
    steps = sum(later - earlier == 1 or later == 1 for earlier, later in pairwise(digits))
    return digits[0] <= 1 and steps >= MOSTLY * (len(digits) - 1)
