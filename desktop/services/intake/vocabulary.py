"""What a heading means: known spellings, the same with other words around, and what is only similar."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from desktop.models.registers import declared
from desktop.services.intake.looks import Confidence
from desktop.services.intake.wording import headings, words
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain

LEVEL = "›"
"""Between the levels of a heading that is written in one cell, as the workbook of refused rows does."""
_MARKS = re.compile(r"[\s*:,，。.、;；!！?？/\\|｜_~\-—·“”\"'‘’＊※→]+")
_BRACKETS = re.compile(r"(\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|《[^《》]*》)")
_NUMBERING = re.compile(r"^(\(?\d{1,2}[.、)]|[①-⑳]|[一二三四五六七八九十]{1,2}、)")
_TRADITIONAL = str.maketrans("別齡黨員號電話時間聯繫機證單職務學歷", "别龄党员号电话时间联系机证单职务学历")


class Meant(NamedTuple):
    """A field a heading may mean, and its rank among the spellings of that field: the lowest is preferred."""

    field: str
    rank: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a heading was read as: fields in order of preference (those the sheet lacks too), how surely, and why."""

    meant: tuple[Meant, ...]
    confidence: Confidence
    why: str


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return a heading for comparison: no spaces, marks, numbering, or trailing brackets."""
    bare = _NUMBERING.sub("", plain(text).translate(_TRADITIONAL)).lower()
    short = bare
    while (cut := re.sub(rf"{_BRACKETS.pattern}\s*[:*]*$", "", short)) != short:
        short = cut.rstrip()
    return _MARKS.sub("", short) or _MARKS.sub("", bare)


@lru_cache(maxsize=8192)
def reduced(heading: str) -> str:
    """Return a folded heading without words that add nothing, words of one meaning as the same word."""
    text = _BRACKETS.sub("", heading)
    for first, *others in words().same:
        for other in sorted(others, key=len, reverse=True):
            if text.endswith(other) and len(text) > len(other) - (not first):
                text = text[: -len(other)] + first
                break
    for filler in words().fillers:
        shorter = text.replace(filler, "")
        if shorter:
            text = shorter
    return text


class Vocabulary:
    """The headings of one declared sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.fields = {column.name for column in sheet.columns}
        self._exact: dict[str, dict[str, int]] = {}
        self.quiet = {folded(text) for spellings in headings()["quiet"].values() for text in spellings}
        self.both: dict[str, str] = {}
        kinds = [sheet.kind, *(["register"] if declared(sheet.kind) is not None else []), "common"]
        for column in sheet.columns:
            self._learn(column.name, [column.label], 0)
        for kind in kinds:
            for name, spellings in headings().get(kind, {}).items():
                self._learn(name, spellings, 1)
        for name, spellings in headings()["both"].get(sheet.kind, {}).items():
            self._learn(name, spellings, 900)
            self.both |= {form: name for text in spellings for form in (folded(text), reduced(folded(text)))}
        self._reduced: dict[str, dict[str, int]] = {}
        for text, meant in self._exact.items():
            short = reduced(text)
            if len(short) > 1:  # a single letter says too little: 会议室 and 活动室 are 室
                for name, rank in meant.items():
                    self._reduced.setdefault(short, {}).setdefault(name, rank)
        self._seen: dict[str, Reading | None] = {}

    def _learn(self, name: str, spellings: Sequence[str], first: int) -> None:
        for rank, spelling in enumerate(spellings, start=first):
            self._exact.setdefault(folded(spelling), {}).setdefault(name, rank)

    def exact(self, heading: str) -> tuple[Meant, ...]:
        """Return what a folded heading is known to mean, fields of the sheet first."""
        return self._ordered(self._exact.get(heading, {}))

    def _ordered(self, found: Mapping[str, int]) -> tuple[Meant, ...]:
        return tuple(sorted(map(Meant._make, found.items()), key=lambda meant: meant.field not in self.fields))

    def is_quiet(self, heading: str) -> bool:
        """Tell whether a column of this heading only numbers the rows or follows from another."""
        return folded(heading) in self.quiet

    def read(self, text: str) -> Reading | None:
        """Return what a heading means, None for nothing known."""
        heading = folded(text)
        if heading not in self._seen:
            self._seen[heading] = self._read(heading)
        return self._seen[heading]

    def _read(self, heading: str) -> Reading | None:
        if not heading:
            return None
        if exact := self.exact(heading):
            return Reading(exact, Confidence.SURE, "表头的写法认识")
        if heading in self.quiet:
            return None
        short = reduced(heading)
        if near := self._ordered(self._reduced.get(short, {})):
            fields = [meant for meant in near if meant.field in self.fields]
            if len(fields) == 1 or len(near) == 1:
                return Reading(near, Confidence.LIKELY, "表头的写法相近")
        return self._similar(heading)

    def _similar(self, heading: str) -> Reading | None:
        best: tuple[float, str] = (0, "")
        letters = set(heading)
        for known in self._exact:
            if len(known) < 3 or 2 * len(letters & set(known)) < len(letters):
                continue
            matcher = SequenceMatcher(None, heading, known, autojunk=False)
            share = 100 * matcher.ratio()
            if share >= words().similar and share > best[0] and not _telling(matcher, heading, known):
                best = share, known
        if not best[1]:
            return None
        return Reading(self.exact(best[1]), Confidence.LIKELY, f"表头像{quoted(best[1])}")

    def path(self, levels: Sequence[str]) -> Reading | None:
        """Return what a heading of levels means: 党籍情况 › 入党时间 as the second says, 入党 › 时间 as both do.

        What stands below the name of another person (入党介绍人 › 电话) is never a field of the sheet.
        """
        levels = [level for level in levels if folded(level)]
        if not levels:
            return None
        *above, last = levels
        if not above:
            return self.read(last)
        joined = self.exact(folded("".join(levels[-2:]))) or self.exact(folded("".join(levels)))
        if joined:
            return Reading(joined, Confidence.SURE, "两级表头合起来的写法认识")
        if any(other in folded(level) for level in above for other in words().others):
            return Reading((), Confidence.PASSED, f"是{quoted(above[-1].strip())}下面的一列")
        if folded(last) in words().dependent:
            reading = self.read("".join(levels[-2:])) or self.read(above[-1])
            if reading is not None and reading.meant[0].field in self.fields:
                return reading
        return self.read(last)

    def known(self, levels: Sequence[str]) -> tuple[str, ...] | None:
        """Return the fields that a heading surely means, fields of the sheet first; None for an unknown one.

        Quicker than `path`, which also finds what is only similar. A column that only numbers is known by no field.
        """
        if not levels:
            return None
        last = folded(levels[-1])
        tried = [last] if len(levels) == 1 else [folded("".join(levels[-2:])), last]
        if len(levels) > 1 and last in words().year | words().month | words().day:
            tried.append(folded(levels[-2]))
        for heading in tried:
            if heading in self._exact:
                return tuple(meant.field for meant in self.exact(heading))
        if last in self.quiet:
            return ()
        near = self._reduced.get(reduced(last))
        return tuple(meant.field for meant in self._ordered(near)) if near else None

    def knows(self, text: object) -> bool:
        """Tell whether a cell is surely a heading: a field of the sheet, a known column, or one that numbers."""
        if not isinstance(text, str):
            return False
        heading = folded(text)
        return heading in self._exact or heading in self.quiet


def _telling(matcher: "SequenceMatcher[str]", heading: str, known: str) -> bool:
    """Tell whether what differs between two headings changes what they mean."""
    for how, left, right, low, high in matcher.get_opcodes():
        if how != "equal" and _holds(heading[left:right] + " " + known[low:high], words().telling):
            return True
    return False


def _holds(text: str, parts: Iterable[str]) -> bool:
    return any(part in text for part in parts)
