"""Which column holds which field: by what a person said, by its heading, by its cells, by what is left over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import NOT_TAKEN, Answers, Spot
from desktop.services.intake.contents import content_of, is_clock, is_day
from desktop.services.intake.heads import Levels
from desktop.services.intake.known import Known
from desktop.services.intake.looks import Confidence, Content
from desktop.services.intake.vocabulary import LEVEL, Reading, Vocabulary, folded, reduced
from desktop.services.intake.wording import Wording, words
from desktop.services.spreadsheets.results import REJECT_TITLES
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank, plain
from desktop.services.spreadsheets.words import folded as spelled

TOLD_BY_WORDS = 0.9
"""Share of the different words of a column that a field must know to be told by them."""
JOB = "job_title"
"""What a column of units and jobs gives beside the unit."""
TELLING = frozenset({Content.ID_NUMBER, Content.DATE, Content.NAME})
"""Content that is never passed over in silence."""

Lines = Sequence[Mapping[int, object]]


@dataclass(slots=True, kw_only=True)
class Column:
    """A column on its way to a field."""

    spots: tuple[int, ...]
    levels: Levels
    content: Content
    field: str | None = None
    confidence: Confidence = Confidence.OPEN
    why: str = ""
    held: bool = False
    quiet: bool = False
    """Nothing is lost with it."""
    asked: bool = False
    """A person said what it is."""
    also: tuple[str, ...] = ()
    """Other fields fed by the same cells."""
    splits: bool = False
    """Its cells hold a unit and a job: both are read, as far as they can be told apart."""
    year: str = ""
    """The year of its days that say none, by the title; empty where they say their own."""
    person: str = ""
    """Whose attendance its cells mark; empty for any other column."""
    each: int = 0
    """The column that says what each of the people here did; 0 for none."""
    beside: int = 0
    """One more column about each of them; 0 for none."""
    reading: Reading | None = dataclass_field(default=None, repr=False)

    @property
    def heading(self) -> str:
        """What stands above it, its levels with › between."""
        return f" {LEVEL} ".join(self.levels)

    @property
    def first(self) -> int:
        """The leftmost of its columns."""
        return self.spots[0]

    @property
    def letter(self) -> str:
        """Its first column as Excel names it."""
        return letter(self.first)


def letter(column: int) -> str:
    """Return a column number as Excel names it: 2 is B, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


class Assignment:
    """Gives the columns of one block to the fields of a sheet."""

    def __init__(
        self, sheet: Sheet, vocabulary: Vocabulary, wording: Wording, answers: Answers, known: Known, title: str
    ) -> None:
        self._sheet, self._vocabulary, self._wording = sheet, vocabulary, wording
        self._answers, self._known, self._title = answers, known, title
        self.labels = {column.name: column.label for column in sheet.columns}

    def assign(self, columns: Mapping[int, Levels], lines: Lines) -> list[Column]:
        """Return the columns with their fields; `lines` are the rows that hold records."""
        found = [self._column(spot, levels, lines) for spot, levels in columns.items()]
        found = self._dates_in_parts(found, lines)
        self._said(found)
        self._by_heading(found, lines)
        self._lists(found)
        self._by_content(found, lines)
        self._pass_over(found, lines)
        return found

    def _column(self, spot: int, levels: Levels, lines: Lines) -> Column:
        content = content_of((row.get(spot) for row in lines), self._known)
        return Column(spots=(spot,), levels=levels, content=content, reading=self._vocabulary.path(levels))

    # 年 | 月 | 日

    def _dates_in_parts(self, columns: list[Column], lines: Lines) -> list[Column]:
        joined: list[Column] = []
        for column in columns:
            stem, part = _part(column.levels)
            before = joined[-1] if joined else None
            if before is not None and part and self._continues(before, stem, part, lines, column):
                alone = len(before.spots) == 1 and before.levels != column.levels
                first = _stem(before.levels) if alone else before.levels
                joined[-1] = replace(
                    before,
                    spots=(*before.spots, *column.spots),
                    levels=first,
                    content=Content.DATE,
                    reading=self._vocabulary.path(first),
                )
            else:
                joined.append(column)
        return joined

    def _continues(self, before: Column, stem: str, part: int, lines: Lines, column: Column) -> bool:
        if before.spots[-1] + 1 != column.first or len(before.spots) != part - 1:
            return False
        start, first = _part(before.levels)
        if len(before.spots) > 1:  # 年 and 月 are joined already: their levels are those of the whole
            return folded("".join(before.levels)) == stem
        if part == 2 and first == 1:
            return start == stem
        same = before.levels == column.levels and bool(column.levels)
        return same and _numbers(lines, before.first, 1900, 2100) and _numbers(lines, column.first, 1, 12)

    # what a person said

    def _said(self, columns: list[Column]) -> None:
        for column in columns:
            for spot in column.spots:
                said = self._answers.columns.get(Spot(self._title, spot))
                if said is None:
                    said = self._answers.headings.get(column.heading)
                if said is None:
                    continue
                column.asked = True
                if said == NOT_TAKEN or said not in self.labels:
                    column.confidence, column.why = Confidence.PASSED, "你选了不导入"
                else:
                    column.field, column.confidence, column.why = said, Confidence.SURE, "你选的"
                    self._feed(column)
                break

    # by heading

    def _by_heading(self, columns: list[Column], lines: Lines) -> None:
        taken = {column.field for column in columns if column.field} | {
            other for column in columns for other in column.also
        }
        offers = []
        for column in columns:
            if column.asked or column.reading is None:
                continue
            own = [meant for meant in column.reading.meant if meant.field in self.labels]
            if column.reading.meant and not own:
                continue
            own = [meant for meant in own if not self._is_coded(column, meant.field, lines)]
            for place, meant in enumerate(self._in_order(column, own, lines)):
                sure = column.reading.confidence is not Confidence.SURE
                empty = column.content is Content.EMPTY
                offers.append((sure, place, empty, meant[1], column.first, column, meant[0]))
        for *_, column, name in sorted(offers, key=lambda offer: offer[:5]):
            if column.field is not None or name in taken or column.reading is None:
                continue
            column.field, column.confidence, column.why = name, column.reading.confidence, column.reading.why
            both = bool({folded(column.heading), reduced(column.heading)} & self._vocabulary.both.keys())
            if both:
                column.confidence, column.why = Confidence.LIKELY, f"两项写在一格，整格记入{self.labels[name]}"
            if len(column.spots) > 1:
                column.why += "，年月日分在几列"
            taken.add(name)
            if both and JOB in self.labels and JOB not in taken:
                column.splits, column.also = True, (JOB,)
                column.why = f"两项写在一格，按职务分成{self.labels[name]}和{self.labels[JOB]}"
                taken.add(JOB)
            elif not (set(self._feeds(column, lines)) & taken):
                column.also = self._feeds(column, lines)
                taken.update(column.also)

    def _in_order(self, column: Column, own: Sequence[tuple[str, int]], lines: Lines) -> list[tuple[str, int]]:
        """Return the fields a heading may mean, those first that its cells speak for."""
        if len(own) < 2:
            return list(own)
        cells = [row[column.first] for row in lines if not is_blank(row.get(column.first))]
        for feed in self._wording.feeds:
            if {feed.day, feed.clock} <= {name for name, _ in own} and cells:
                clocks = sum(is_clock(cell) for cell in cells)
                first = feed.clock if 2 * clocks > len(cells) else feed.day
                return sorted(own, key=lambda meant: meant[0] != first)
        told = [meant for meant in own if meant[0] in self._wording.told_by_words]
        known = self._known_words(told[0][0], cells) if told and cells else 1.0
        if known >= 0.5:
            return list(own)
        others = [meant for meant in own if meant not in told and self._known_words(meant[0], cells)]
        if others or known:
            return others + told
        column.confidence, column.why = Confidence.PASSED, f"内容不是{self.labels[own[0][0]]}的写法"
        return []

    def _is_coded(self, column: Column, name: str, lines: Lines) -> bool:
        """Tell whether all cells are words of a table that is not what the field holds; the column says so."""
        coded = next((coded for coded in self._wording.coded if coded.field == name), None)
        if coded is None:
            return False
        cells = [row[column.first] for row in lines if not is_blank(row.get(column.first))]
        if not cells or any(spelled(cell) not in coded.spellings for cell in cells):
            return False
        column.confidence, column.why = Confidence.PASSED, f"内容是{coded.what}，不是{self.labels[name]}"
        return True

    def _feeds(self, column: Column, lines: Lines) -> tuple[str, ...]:
        """Return the field that the times of day in a column of days are for."""
        for feed in self._wording.feeds:
            fits = column.field == feed.day and feed.clock in self.labels and len(column.spots) == 1
            if fits and any(has_clock(row.get(column.first)) for row in lines):
                return (feed.clock,)
        return ()

    def _feed(self, column: Column) -> None:
        column.also = tuple(feed.clock for feed in self._wording.feeds if feed.day == column.field)

    def _lists(self, columns: list[Column]) -> None:
        """Join people with the column that says what each of them did."""
        for listed in self._wording.lists:
            people = next((column for column in columns if column.field == listed.field), None)
            each = next((column for column in columns if column.field is None and _means(column, listed.each)), None)
            if people is not None and each is not None and not each.asked:
                people.each, each.quiet, each.confidence = each.first, True, Confidence.SURE
                each.why = f"并入{self.labels[listed.field]}"
                for more in columns:
                    if listed.beside and more.field is None and not more.asked and _means(more, listed.beside):
                        people.beside, more.quiet, more.confidence = more.first, True, Confidence.SURE
                        more.why = each.why
                        break

    # by content

    def _by_content(self, columns: list[Column], lines: Lines) -> None:
        taken = {column.field for column in columns if column.field}
        open_ = [column for column in columns if self._is_free(column)]
        for content, name in self._wording.single.items():
            alike = [column for column in open_ if column.content.value == content and column.field is None]
            if name in self.labels and name not in taken and len(alike) == 1:
                alike[0].field, alike[0].confidence = name, Confidence.LIKELY
                alike[0].why = f"内容都是{alike[0].content.label}"
                taken.add(name)
        for name in self._wording.told_by_words:
            if name in taken or name not in self.labels:
                continue
            for column in open_:
                if column.field is None and column.content in (Content.CHOICE, Content.TEXT):
                    cells = [row[column.first] for row in lines if not is_blank(row.get(column.first))]
                    if self._known_words(name, cells) >= TOLD_BY_WORDS:
                        column.field, column.confidence = name, Confidence.LIKELY
                        column.why = f"内容是{self.labels[name]}的写法"
                        taken.add(name)
                        break

    def _is_free(self, column: Column) -> bool:
        """Tell whether nobody knows what a column is by its heading."""
        if column.field or column.asked or self._vocabulary.is_quiet(_last(column)):
            return False
        return column.reading is None

    def _known_words(self, name: str, cells: Sequence[object]) -> float:
        """Return the share of the different words that the field reads."""
        spec = self._sheet.column(name)
        distinct = {plain(cell): cell for cell in cells[:400]}
        if not distinct or len(distinct) > 60:
            return 0
        good = 0
        for cell in distinct.values():
            try:
                good += bool(spec.parse(cell, spec))
            except InvalidInput:
                continue
        return good / len(distinct)

    # what is left over

    def _pass_over(self, columns: list[Column], lines: Lines) -> None:
        holders = {column.field: column for column in columns if column.field}
        for column in columns:
            if column.field is not None or column.asked or column.why:
                continue
            column.confidence = Confidence.PASSED
            if column.content is Content.EMPTY:
                column.quiet, column.why = True, "空列"
                continue
            if self._vocabulary.is_quiet(_last(column)) or column.heading in REJECT_TITLES:
                column.quiet, column.why = True, "只是序号一类，不用导入"
                continue
            if column.reading is not None:
                lost = [meant.field for meant in column.reading.meant if meant.field in holders]
                if lost:
                    self._lost(column, holders[lost[0]], self.labels[lost[0]], lines)
                    continue
                column.why = f"认识，但{self._sheet.title}里没有这一项" if column.reading.meant else column.reading.why
                continue
            if not column.levels and column.content is Content.SERIAL:
                column.quiet, column.why = True, "只是序号"
            elif column.content in TELLING:
                column.confidence, column.held = Confidence.OPEN, True
                column.why = f"内容是{column.content.label}，要你说它是哪一项"
            else:
                column.why = "不认识的列" if column.levels else "没有表头的列"

    def _lost(self, column: Column, holder: Column, label: str, lines: Lines) -> None:
        """Say why a column is not taken whose field another one has; one that says something else is held."""
        column.why = f"{holder.letter}列已是{label}"
        differs = any(
            not is_blank(row.get(column.first)) and plain(row[column.first]) != plain(row.get(holder.first))
            for row in lines
        )
        column.quiet = not differs
        same = folded(column.heading) == folded(holder.heading) or self._sheet.column(holder.field or "").required
        if differs and (same or column.content in TELLING):
            column.confidence, column.held = Confidence.OPEN, True
            column.why += "，这一列写得不一样，要你说取哪一列"


def has_clock(value: object) -> bool:
    """Tell whether a cell holds a day and a time of day."""
    if isinstance(value, datetime):
        return bool(value.hour or value.minute)
    return isinstance(value, str) and is_day(value) and any(mark in plain(value) for mark in (":", "点", "时"))


def _means(column: Column, name: str) -> bool:
    return column.reading is not None and any(meant.field == name for meant in column.reading.meant)


def _last(column: Column) -> str:
    return column.levels[-1] if column.levels else ""


def _part(levels: Levels) -> tuple[str, int]:
    """Return what a heading of 年, 月 or 日 belongs to, and which of them it is from 1; 0 for none."""
    if not levels:
        return "", 0
    last = folded(levels[-1])
    for place, names in enumerate((words().year, words().month, words().day), start=1):
        if len(levels) > 1 and last in names:
            return folded("".join(levels[:-1])), place
        for name in sorted(names, key=len, reverse=True):
            if len(levels) == 1 and last.endswith(name) and len(last) > len(name) + 1:
                return last.removesuffix(name), place
    return "", 0


def _stem(levels: Levels) -> Levels:
    """Return the levels of a date without its 年."""
    if len(levels) > 1:
        return levels[:-1]
    return (_part(levels)[0],)


def _numbers(lines: Lines, column: int, least: int, most: int) -> bool:
    """Tell whether the cells of a column are whole numbers within bounds."""
    found = [plain(row[column]).removesuffix(".0") for row in lines if not is_blank(row.get(column))]
    return bool(found) and all(text.isdigit() and least <= int(text) <= most for text in found)
