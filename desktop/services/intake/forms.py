"""Record forms: labels beside their values, one meeting or one person after another, as ledgers are printed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from desktop.services.intake.columns import Column
from desktop.services.intake.contents import is_clock, is_day
from desktop.services.intake.heads import Cells, Head
from desktop.services.intake.looks import Confidence, Content
from desktop.services.intake.vocabulary import Vocabulary, folded
from desktop.services.intake.wording import Wording, words
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank, plain, shown

FEWEST = 3
"""Labels with values that make a form."""
WITHIN_ROWS = 2000
LONGEST_LABEL = 24
LONGEST_UNKNOWN = 12
"""Letters of a label that nobody knows; longer words before others are no label."""
ESSAY = 100
"""Letters of a value that is no name, place or number."""
Rows = Mapping[int, Mapping[int, object]]
_INLINE = re.compile(r"\s*([^:：\n]{1,20})[:：]\s*(.*)", re.DOTALL)


@dataclass(slots=True)
class FormRecord:
    """One filled-in form."""

    row: int
    """Where it begins."""
    values: dict[str, tuple[str, object]] = field(default_factory=dict)
    """Field → its label as written, and its value."""
    others: dict[str, str] = field(default_factory=dict)
    """Labels that are kept nowhere → their value."""
    loose: list[tuple[int, str]] = field(default_factory=list)
    """Rows and texts that no label claims."""
    last: int = 0


class Pair(NamedTuple):
    """A label and what stands beside it, below it, or behind its colon; `known` if it is a label without doubt."""

    label: str
    value: object
    known: bool


Said = Mapping[str, str]
"""Label, bare → the field a person gave to it, or `NOT_TAKEN`."""


def find_forms(
    cells: Cells, vocabulary: Vocabulary, wording: Wording, sheet: Sheet, head: Head | None, said: Said
) -> list[FormRecord]:
    """Return the forms of a sheet, none if it is no such sheet: a table has its labels in one row."""
    records: list[FormRecord] = []
    early: dict[str, str] = {}
    rows = dict(islice(cells.sheet.rows.items(), WITHIN_ROWS))
    lines = _Lines(cells, rows, vocabulary, said)

    def find(label: str, value: object) -> list[str]:
        return _fields(label, value, vocabulary, wording, sheet, said)

    for number in rows:
        pairs, loose = lines.read(number)
        for label, value, known in pairs:
            bare = bare_label(label)
            if not known and not records:  # above the first label that is known: the form may begin there
                early[bare] = plain(shown(value))
                continue
            options = find(bare, value)
            begins = bool(options) and (not records or _again(bare, options, records[-1]))
            if begins or not records:
                records.append(FormRecord(number, others=early))
                early = {}
            record = records[-1]
            record.last = number
            name = next((name for name in options if name not in record.values), None)
            if name is None and options and (other := _elsewhere(record, options[0], find)):
                record.values[other], name = record.values.pop(options[0]), options[0]
            if name is None:
                if not vocabulary.is_quiet(label):
                    record.others.setdefault(bare, plain(value))
            elif not is_blank(value):
                record.values[name] = (bare, value)
        if records:
            records[-1].loose += [(number, text) for text in loose]
    return _whole(records, len(head.fields) if head is not None else 0)


def _whole(records: Sequence[FormRecord], least: int) -> list[FormRecord]:
    """Return the records that are forms; what little the others say is loose text of the one before."""
    kept: list[FormRecord] = []
    for record in records:
        if len(record.values) >= FEWEST:
            kept.append(record)
        elif kept:
            said = [*record.values.values(), *record.others.items()]
            kept[-1].loose += [(record.row, f"{label}：{plain(value)}") for label, value in said if not is_blank(value)]
            kept[-1].loose += record.loose
    return kept if max((len(record.values) for record in kept), default=0) > least else []


def _elsewhere(record: FormRecord, name: str, find: Callable[[str, object], Sequence[str]]) -> str:
    """Return a field where what stands in `name` may stand as well; empty for none: 会议内容 gives way to 会议主题."""
    return next((other for other in find(*record.values[name]) if other not in record.values), "")


def _again(label: str, options: Sequence[str], record: FormRecord) -> bool:
    """Tell whether a label begins another form: the same label stood in this one."""
    return any(folded(record.values[name][0]) == folded(label) for name in options if name in record.values)


def _fields(label: str, value: object, vocabulary: Vocabulary, wording: Wording, sheet: Sheet, said: Said) -> list[str]:
    """Return the fields a label may mean, as a person said, else by its words.

    The value says whether a day or a time of day; an essay is no short text.
    """
    if label in said:
        return [said[label]] if said[label] in vocabulary.fields else []
    names = [name for name in vocabulary.known((label,)) or () if name in vocabulary.fields]
    for feed in wording.feeds:
        if names and names[0] in (feed.day, feed.clock):
            return [feed.clock if is_clock(value) else feed.day]
    short = len(plain(value)) <= ESSAY
    return [name for name in names if short or sheet.column(name).looks == "long"]


class _Lines:
    """Reads the rows of a sheet as pairs, and what is left of each; a row that goes on a value above is part of it."""

    def __init__(self, cells: Cells, rows: Rows, vocabulary: Vocabulary, said: Said) -> None:
        self._cells, self._rows, self._vocabulary, self._said = cells, rows, vocabulary, said
        self._used: set[int] = set()

    def read(self, number: int) -> tuple[list[Pair], list[str]]:
        """Return the pairs of a row, and its texts that no label claims."""
        if number in self._used:
            return [], []
        pairs, loose = list[Pair](), list[str]()
        texts = [
            (column, value)
            for column, value in sorted(self._rows[number].items())
            if not is_blank(value) and not self._cells.is_from_above(number, column)
        ]
        if texts and not self._is_label(texts[0][1]) and _is_foot(texts[0][1]):
            return [], []
        used = -1
        for place, (_, value) in enumerate(texts):
            if place == used:
                continue
            beside = texts[place + 1] if place + 1 < len(texts) else None
            if (inline := self._inline(value)) is not None:
                pairs.append(inline)
            elif self._is_label(value):
                label = str(value).strip()
                if beside is not None and (not self._is_label(beside[1]) or self._is_same(label, beside[1])):
                    pairs.append(Pair(label, self._with_more(number, beside[0], beside[1]), known=True))
                    used = place + 1
                elif beside is None and len(texts) == 1 and (below := self._below(number)) is not None:
                    pairs.append(Pair(label, below, known=True))
            elif beside is not None and _may_be_label(value) and self._is_value(beside[1]):
                pairs.append(Pair(str(value).strip(), beside[1], known=False))
                used = place + 1
            else:
                loose.append(" ".join(shown(value).split()))
        return pairs, loose

    def _inline(self, value: object) -> Pair | None:
        found = _INLINE.fullmatch(value) if isinstance(value, str) else None
        if found is None or not found[2].strip():
            return None
        known = self._is_label(found[1])
        if not known and len(found[1].strip()) > LONGEST_UNKNOWN:
            return None
        return Pair(found[1].strip(), found[2].strip(), known)

    def _is_value(self, value: object) -> bool:
        return not self._is_label(value) and not (isinstance(value, str) and self._inline(value) is not None)

    def _is_label(self, value: object) -> bool:
        if isinstance(value, str) and bare_label(value) in self._said:
            return True
        return _is_label(value, self._vocabulary)

    def _is_same(self, label: str, value: object) -> bool:
        """Tell whether a value is another word for its label: 会议地点 | 会议室."""
        words = self._vocabulary.known((plain(value),)) or ()
        return bool(set(words) & set(self._vocabulary.known((label,)) or ()) & self._vocabulary.fields)

    def _below(self, number: int) -> object:
        """Return what stands alone below a label, row after row; None where nothing does."""
        return self._lines_from(number + 1, None)

    def _with_more(self, number: int, column: int, value: object) -> object:
        """Return a value with the rows below that have nothing but more of it, in the same column."""
        if column == min(self._rows[number]) or not isinstance(value, str):
            return value
        more = self._lines_from(number + 1, column)
        return value if more is None else f"{value.strip()}\n{shown(more).strip()}"

    def _lines_from(self, number: int, column: int | None) -> object:
        found: list[object] = []
        while (row := self._rows.get(number)) is not None:
            filled = [
                (at, value)
                for at, value in row.items()
                if not is_blank(value) and not self._cells.is_from_above(number, at)
            ]
            if len(filled) != 1 or (column is not None and filled[0][0] != column):
                break
            value = filled[0][1]
            if not self._is_value(value) or _is_foot(value):
                break
            found.append(value)
            self._used.add(number)
            number += 1
        if len(found) < 2:
            return found[0] if found else None
        return "\n".join(shown(value).strip() for value in found)


def _is_foot(value: object) -> bool:
    """Tell whether words are those of the foot of a page: 填表人：, 支部书记签字："""
    return words().foot.match(plain(shown(value)).replace(" ", "")) is not None


def bare_label(label: str) -> str:
    """Return a label without the marks and spaces around it."""
    return label.strip(" \u3000:：")


def _may_be_label(value: object) -> bool:
    """Tell whether words can be a label nobody knows."""
    return isinstance(value, str) and 1 < len(bare_label(value)) <= LONGEST_UNKNOWN and not is_day(value)


def _is_label(value: object, vocabulary: Vocabulary) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_LABEL and vocabulary.knows(value)


def form_columns(record: FormRecord, wording: Wording) -> tuple[list[Column], dict[int, object]]:
    """Return a form as the columns and cells of a row of its own."""
    columns, cells = [], dict[int, object]()
    for place, (name, (label, value)) in enumerate(record.values.items(), start=1):
        columns.append(
            Column(
                spots=(place,),
                levels=(label.strip(":： "),),
                content=Content.TEXT,
                field=name,
                also=tuple(
                    feed.clock for feed in wording.feeds if feed.day == name and feed.clock not in record.values
                ),
                confidence=Confidence.SURE,
                why="标签的写法认识",
            )
        )
        cells[place] = value
    return columns, cells
