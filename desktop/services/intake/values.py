"""Cells to values: dates whose parts stand in columns of their own, moments that are a day and a time, edits, words."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers, Keep, Word
from desktop.services.intake.columns import Column
from desktop.services.intake.rows import Row, refused
from desktop.services.intake.wording import words
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import in_beijing
from desktop.services.spreadsheets.examples import is_example
from desktop.services.spreadsheets.results import Rejected, Source
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn, remark_on
from desktop.services.spreadsheets.text import is_blank, plain, shown

_MOMENT = re.compile(
    r"(?P<day>\d{4}\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]|[-./]\d{1,2}[-./]\d{1,2}))"
    r"[\sT,(]*(?:(?:星期|周|礼拜)[一二三四五六日天])?[\s)]*(?P<clock>\D{0,3}\d{1,2}\s*[:点时].*)"
)
_ZONED = re.compile(r"(?P<moment>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{3,6})?)?)(?P<zone>Z|[+-]\d{2}:?\d{2})")
_NO_YEAR = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
Getter = Callable[[Mapping[int, object]], object]
Outcome = tuple[object, str, str]
"""What a cell means, or why it cannot be understood; and what a person should look at in how it was read."""
NOTHING = object()
"""What an empty cell means, or one that says 无."""


def day_of_moment(value: object) -> object:
    """Return the day of a cell that holds a day and a time of day; any other cell as it is."""
    value = _in_local_time(value)
    if isinstance(value, datetime):
        return value.replace(hour=0, minute=0, second=0, microsecond=0) if _is_clock(value) else value
    found = _MOMENT.fullmatch(plain(value)) if isinstance(value, str) else None
    return found["day"] if found else value


def clock_of_moment(value: object) -> object:
    """Return the time of day of a cell that holds a day too, or nothing else; None if it has none."""
    value = _in_local_time(value)
    if isinstance(value, datetime):
        return value.time() if _is_clock(value) else None
    if isinstance(value, time):
        return value
    found = _MOMENT.fullmatch(plain(value)) if isinstance(value, str) else None
    return found["clock"].strip() if found else None


def _is_clock(value: datetime) -> bool:
    """Tell whether a moment has a time that somebody wrote: seconds stem from programs that round."""
    return bool(value.hour or value.minute) and not value.second


def _in_local_time(value: object) -> object:
    """Return a moment with a zone, as web systems write it, as it was here; any other cell as it is."""
    found = _ZONED.fullmatch(plain(value)) if isinstance(value, str) else None
    if found is None:
        return value
    try:
        return in_beijing(found["moment"], found["zone"]).replace(microsecond=0)
    except (ValueError, OverflowError):  # no such day or hour: whoever reads it refuses it
        return value


def lacks_year(value: object) -> bool:
    """Tell whether a cell is a day of no year: 3月25日, 3月25日14:30."""
    return isinstance(value, str) and _NO_YEAR.match(plain(value)) is not None


def with_year(value: object, year: str) -> object:
    """Return a day of no year as one of `year`; any other cell, or without a year to give, as it is."""
    return f"{year}年{plain(value)}" if year and lacks_year(value) else value


def say_year(columns: Sequence[Column], titles: Sequence[str]) -> None:
    """Give the year that the titles say, if they say one, to the columns of days that may lack it."""
    years = {found for text in titles for found in words().year_in_title.findall(plain(text))}
    for column in columns:
        if len(years) == 1 and column.field in words().without_year:
            (column.year,) = years


def joined_date(parts: Sequence[object]) -> object:
    """Return the cells of 年, 月 and 日 as one text: as much of it as is filled in; None for nothing."""
    marks = ("年", "月", "日")
    texts = [
        plain(part).removesuffix(".0").rstrip("年月日号") + mark
        for part, mark in zip(parts, marks, strict=False)
        if not is_blank(part)
    ]
    return "".join(texts) or None


def people_lines(people: object, each: object, beside: object = None) -> object:
    """Return the people of a cell as lines with what each of them did: 张三、李四 and 2小时 are 张三|2 and 李四|2.

    `beside` is one more thing about them, behind that (证书编号).
    """
    if not isinstance(people, str) or "|" in people or is_blank(people):
        return people
    did = re.sub(r"(?:个)?(?:小时|学时|课时|时|h)$", "", plain(each)) if not is_blank(each) else ""
    names = [name.strip() for name in re.split(r"[、，,;；\s]+", people) if name.strip()]
    more = "" if is_blank(beside) else f"|{plain(beside)}"
    return "\n".join(f"{name}|{did}{more}" if did or more else name for name in names)


def gathered(
    rows: Mapping[int, Mapping[int, object]], column: Column, same: Sequence[int]
) -> dict[int, dict[int, object]]:
    """Return the rows of a list that has a line for each person, as a row for each thing they did.

    Rows that agree in all columns of `same` are of one thing; the first of them stands for all.
    """
    found: dict[tuple[str, ...], int] = {}
    joined: dict[int, dict[int, object]] = {}
    for number, cells in rows.items():
        key = tuple(plain(cells.get(spot)) for spot in same)
        lines = people_lines(cells.get(column.first), cells.get(column.each), cells.get(column.beside))
        if key in found and isinstance(lines, str):
            first = joined[found[key]]
            first[column.first] = f"{first.get(column.first) or ''}\n{lines}".strip()
        else:
            found[key] = number
            joined[number] = {**cells, column.first: lines}
    return joined


class RowReader:
    """Reads the rows of one block by the columns found."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], answers: Answers, title: str) -> None:
        self._sheet, self._answers, self._title = sheet, answers, title
        self._getters: dict[str, Getter] = {}
        self._titles = {column.name: column.label for column in sheet.columns}
        for column in columns:
            if column.field is not None and column.field not in self._getters:
                self._getters[column.field] = cell_getter(column)
                self._titles[column.field] = column.heading or self._titles[column.field]
                other = _job_getter if column.splits else _clock_getter
                self._getters |= {name: other(column) for name in column.also}
        self.given = frozenset(self._getters)
        self._split = {column.field: column.first for column in columns if column.splits}
        self._years = {column.field: column for column in columns if column.field is not None and column.year}
        self._spots = sorted({spot for column in columns for spot in column.spots})
        self._headings = _headings(columns, self._spots)
        self._cache: dict[tuple[str, type, object], Outcome] = {}
        self._edits = {place[1:]: text for place, text in answers.edits.items() if place.sheet == title}
        self._untaken = {(place.row, place.field) for place in answers.untaken if place.sheet == title}

    def read(self, number: int, cells: Mapping[int, object], context: Mapping[str, str]) -> Row | Rejected:
        """Return a row as understood, or as refused for all its faults; `context` fills what has no cell."""
        values: dict[str, Any] = {}
        given = set(self.given)
        faults, open_, texts = list[tuple[str, str]](), list[tuple[str, str]](), dict[str, str]()
        extra: list[tuple[str, object]] = []
        remarks: list[tuple[str, str]] = []
        for column in self._sheet.columns:
            name = column.name
            if (number, name) in self._untaken:
                given.discard(name)
                continue
            getter = self._getters.get(name)
            cell = getter(cells) if getter is not None else None
            if (number, name) in self._edits:
                cell = self._edits[number, name]
                given.add(name)
            elif name in context and _says_nothing(cell, column):
                cell = context[name]
                given.add(name)
                extra.append((column.label, cell))
            elif getter is None:
                if column.required:  # without it no taker can tell whose row it is, not even in a trial
                    faults.append((name, f"没有{column.label}"))
                continue
            if self._answers.words and isinstance(cell, str):
                meaning = self._answers.words.get(Word(name, plain(cell)), cell)
                if isinstance(meaning, Keep):
                    texts[name] = plain(cell)
                    continue
                cell = meaning
            value, fault, remark = self._parsed(column, cell)
            if remark:
                remarks.append((name, remark))
            whole = cells.get(self._split[name]) if name in self._split else None
            if not is_blank(whole) and (number, name) not in self._edits and not unit_and_job(whole)[1]:
                remarks.append((name, f"{quoted(shown(whole))}里没有认出职务，整格记入{column.label}，请核对"))
            if name in self._years and lacks_year(cells.get(self._years[name].first)):
                remarks.append((name, f"没有写年份，按标题里的{self._years[name].year}年读"))
            if value is NOTHING:
                if column.required:
                    faults.append((name, f"没有{column.label}"))
            elif fault:
                (faults if column.decides else open_).append((name, fault))
            else:
                values[name] = value
        titles = [*(self._headings[spot] for spot in self._spots), *(label for label, _ in extra)]
        source = Source(tuple(titles), (*(cells.get(spot) for spot in self._spots), *(value for _, value in extra)))
        row = Row(
            sheet=self._title,
            number=number,
            values=values,
            given=frozenset(given),
            titles=self._titles,
            source=source,
            open=tuple(open_),
            texts=texts,
            remarks=tuple(remarks),
        )
        return refused(row, faults) if faults else row

    def is_untaken(self, number: int) -> bool:
        """Tell whether a person left out the whole row."""
        return (number, "") in self._untaken

    def _parsed(self, column: SheetColumn, cell: object) -> Outcome:
        if cell is None:
            return NOTHING, "", ""
        key = (column.name, type(cell), cell)
        try:
            return self._cache[key]
        except TypeError:  # a cell that cannot be a key
            return _outcome(column, cell)
        except KeyError:
            found = self._cache[key] = _outcome(column, cell)
            return found


def _outcome(column: SheetColumn, cell: object) -> Outcome:
    if _says_nothing(cell, column):
        return NOTHING, "", ""
    if is_example(cell):
        return NOTHING, "", "是空表里的示例，没有读"
    try:
        return column.parse(cell, column), "", remark_on(column, cell)
    except InvalidInput as error:
        return None, error.reason, ""


def _says_nothing(cell: object, column: SheetColumn) -> bool:
    if cell is None or (not column.blanks and is_blank(cell)):
        return True
    unset = words().nothing.get(column.name)
    return unset is not None and isinstance(cell, str) and plain(cell).replace(" ", "") in unset


def cell_getter(column: Column) -> Getter:
    """Return what reads the cell of a column in a row."""
    spots = column.spots
    if len(spots) > 1:
        return lambda cells: joined_date([cells.get(spot) for spot in spots])
    spot = spots[0]
    if column.each:
        each, beside = column.each, column.beside
        return lambda cells: people_lines(cells.get(spot), cells.get(each), cells.get(beside))
    year = column.year
    if column.splits:
        return lambda cells: unit_and_job(cells.get(spot))[0]
    if column.also:
        return lambda cells: day_of_moment(with_year(cells.get(spot), year))
    if year:
        return lambda cells: with_year(cells.get(spot), year)
    return lambda cells: cells.get(spot)


def unit_and_job(value: object) -> tuple[object, str]:
    """Return the unit and the job that a cell holds in one: 专卖科科员 is 专卖科 and 科员; no job told, none."""
    found = words().jobs.fullmatch(plain(value)) if isinstance(value, str) else None
    return (found["unit"] or "", found["job"]) if found else (value, "")


def _job_getter(column: Column) -> Getter:
    spot = column.first
    return lambda cells: unit_and_job(cells.get(spot))[1]


def _clock_getter(column: Column) -> Getter:
    spot, year = column.spots[0], column.year
    return lambda cells: clock_of_moment(with_year(cells.get(spot), year))


def _headings(columns: Sequence[Column], spots: Sequence[int]) -> dict[int, str]:
    """Return what stands above each column in the file; the columns of one date each bear their part."""
    marks = ("年", "月", "日")
    found: dict[int, str] = {}
    for column in columns:
        for place, spot in enumerate(column.spots):
            part = f" › {marks[place]}" if len(column.spots) > 1 else ""
            found[spot] = column.heading + part
    return {spot: found.get(spot, "") for spot in spots}
