"""Who was absent and why, in one cell: 张三（病假）；李四（公差，2026-03-20补课）；王五."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.services.errors import InvalidInput, Named
from desktop.services.meetings.fields import ABSENCES
from desktop.services.quoting import clean, quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.text import is_blank, parse_text

IsMember = Callable[[str, str], bool]
"""Tells whether a member of that day has this name and these last digits of the identity number."""

_OPEN, _CLOSE = "（(【[", "）)】]"
_NOBODY = ("全勤", "全部到会", "无缺席")
_SEVERAL = ("均", "都", "皆")
"""Words that speak of several people."""
_NAME = r"(?P<name>[^（(【\[）)】\]:：]+)"
_TAIL = r"(?P<tail>[（(](?P<digits>[0-9A-Za-z]{4})[）)])"
_WITH_TAIL = re.compile(rf"{_NAME}{_TAIL}\s*(?:[（(【\[](?P<reason>.*)[）)】\]])?", re.S)
_WITH_REASON = re.compile(rf"{_NAME}[（(【\[](?P<reason>.*)[）)】\]]", re.S)
_AFTER_COLON = re.compile(r"(?P<name>[^:：]+)[:：](?P<reason>.*)", re.S)
_DIGITS = re.compile(r"\d{3}[\dXx]")
_DAY = r"(?P<on>[\d年月日./\-]+)(?:已)?(?:补课|补学)"
_MAKE_UP = re.compile(rf"(?P<reason>.*?)[，,、]?\s*{_DAY}", re.S)
# A reason that would be understood as something else is written after these words, and ends before the last comma
# that a day of making up follows, or else before a full stop.
_STATED = re.compile(r"事由[：:](?P<words>.*)", re.S)
_STATED_MAKE_UP = re.compile(rf"(?P<reason>.*)[，,]{_DAY}", re.S)


@dataclass(frozen=True, slots=True)
class NamedAbsence:
    """An absent person by name, before the roster says who it is."""

    name: str
    reason: str = ""
    make_up_on: date | None = None


def read_absences(value: object, field: Named, is_member: IsMember) -> tuple[NamedAbsence, ...]:
    """Return the absent: with a reason it is leave, without one absence.

    Four digits in brackets are the end of an identity number only where such a member exists.

    Raises:
        InvalidInput: whom a word speaks of, what digits mean or which day is meant is not certain.
    """
    absences: list[NamedAbsence] = []
    for part in _outside_brackets(parse_text(value, field), "；;，,、\n"):
        if is_blank(part) or part in _NOBODY:
            continue
        name, words = _name_and_words(part, field, is_member)
        if words.startswith(_SEVERAL) and absences and not absences[-1].reason:
            raise InvalidInput(field, f"{quoted(part)}中{quoted(words[0])}指哪几人不清楚，请逐人注明原因")
        reason, make_up_on = _reason_and_day(words, field)
        absences.append(NamedAbsence(name, reason, make_up_on))
    return tuple(absences)


def write_absences(absences: Sequence[NamedAbsence]) -> str:
    """Return the cell that `read_absences` reads as `absences`."""
    return "；".join(map(_written, absences))


def clean_reason(reason: str) -> str:
    """Return a reason as a cell can hold it: on one line, its brackets in pairs (else without them)."""
    line = re.sub(r"\s+", " ", clean(reason))
    depth = 0
    for mark in line:
        depth += (mark in _OPEN) - (mark in _CLOSE)
        if depth < 0:
            break
    return line if depth == 0 else " ".join(line.translate({ord(mark): None for mark in _OPEN + _CLOSE}).split())


def _outside_brackets(text: str, marks: str) -> list[str]:
    """Return the parts of `text` between `marks` that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for at, mark in enumerate(text):
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and mark in marks:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name_and_words(part: str, field: Named, is_member: IsMember) -> tuple[str, str]:
    """Return the name (with the last digits of the number where it has them) and what is said of the absence."""
    tailed = _WITH_TAIL.fullmatch(part)
    if tailed is not None:
        name, digits, words = tailed["name"].strip(), tailed["digits"], (tailed["reason"] or "").strip()
        if is_member(name, digits):
            return f"{name}{tailed['tail']}", words
        if words or _DIGITS.fullmatch(digits):
            hint = "" if words else f"；如果是缺席原因，请写成“事由：{digits}”"
            raise InvalidInput(field, f"名册上没有身份证后四位是{quoted(digits)}的{quoted(name)}{hint}")
    said = _WITH_REASON.fullmatch(part) or _AFTER_COLON.fullmatch(part)
    return (said["name"].strip(), said["reason"].strip()) if said is not None else (part, "")


def _reason_and_day(words: str, field: Named) -> tuple[str, date | None]:
    """Return the reason and the day of making up that stand in brackets after a name."""
    stated = _STATED.fullmatch(words)
    if stated is not None:
        made_up = _STATED_MAKE_UP.fullmatch(stated["words"])
        if made_up is not None:
            return made_up["reason"].strip(), parse_date(made_up["on"], field)
        return stated["words"].removesuffix("。").strip(), None
    made_up = _MAKE_UP.fullmatch(words)
    if made_up is None:
        return words, None
    return made_up["reason"].strip("，,、 "), parse_date(made_up["on"], field)


def _written(absence: NamedAbsence) -> str:
    reason, day = clean_reason(absence.reason), f"{absence.make_up_on}补课" if absence.make_up_on else ""
    words = "，".join(filter(None, (reason, day)))
    if not words:
        return absence.name
    plainly = not words.startswith(_SEVERAL) and re.fullmatch("[0-9A-Za-z]{4}", words) is None
    if not plainly or not _reads_as(words, reason, absence.make_up_on):
        words = f"事由：{reason}，{day}" if day else f"事由：{reason}"
        if not _reads_as(words, reason, absence.make_up_on):
            words += "。"
    return f"{absence.name}（{words}）"


def _reads_as(words: str, reason: str, make_up_on: date | None) -> bool:
    try:
        return _reason_and_day(words, ABSENCES) == (reason, make_up_on)
    except InvalidInput:
        return False
