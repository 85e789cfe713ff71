"""Record forms: labels beside their values, one meeting or one person after another, as ledgers are printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from desktop.services.intake.columns import Column
from desktop.services.intake.contents import is_clock
from desktop.services.intake.heads import Cells, Head
from desktop.services.intake.looks import Confidence, Content
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import Wording
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import is_blank, plain

FEWEST = 3
"""Labels with values that make a form."""
WITHIN_ROWS = 2000
LONGEST_LABEL = 24
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
    """Labels that are known and kept nowhere → their value."""
    last: int = 0


def find_forms(
    cells: Cells, vocabulary: Vocabulary, wording: Wording, sheet: Sheet, head: Head | None
) -> list[FormRecord]:
    """Return the forms of a sheet, none if it is no such sheet: a table has its labels in one row."""
    records: list[FormRecord] = []
    rows = dict(islice(cells.sheet.rows.items(), WITHIN_ROWS))
    for number in rows:
        for label, value in _pairs(number, rows, cells, vocabulary):
            name = _field(label, value, vocabulary, wording, sheet)
            if not records or (name is not None and name in records[-1].values):
                records.append(FormRecord(number))
            record = records[-1]
            record.last = number
            if name is None:
                if not vocabulary.is_quiet(label):
                    record.others.setdefault(label, plain(value))
            elif not is_blank(value):
                record.values[name] = (label, value)
    kept = [record for record in records if len(record.values) >= FEWEST]
    most = max((len(record.values) for record in kept), default=0)
    return kept if most > (len(head.fields) if head is not None else 0) else []


def _field(label: str, value: object, vocabulary: Vocabulary, wording: Wording, sheet: Sheet) -> str | None:
    """Return the field a label means: the value says whether a day or a time of day; an essay is no short text."""
    name = next((name for name in vocabulary.known((label,)) or () if name in vocabulary.fields), None)
    for feed in wording.feeds:
        if name in (feed.day, feed.clock):
            return feed.clock if is_clock(value) else feed.day
    if name is not None and sheet.column(name).looks != "long" and len(plain(value)) > ESSAY:
        return None
    return name


def _pairs(number: int, rows: Rows, cells: Cells, vocabulary: Vocabulary) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    texts = sorted(rows[number].items())
    used = -1
    for place, (column, value) in enumerate(texts):
        if place == used or not isinstance(value, str) or cells.is_from_above(number, column):
            continue
        inline = _INLINE.fullmatch(value)
        if inline and inline[2].strip() and _is_label(inline[1], vocabulary):
            found.append((inline[1].strip(), inline[2].strip()))
            continue
        if not _is_label(value, vocabulary):
            continue
        beside = texts[place + 1] if place + 1 < len(texts) else None
        if beside is not None and (not _is_label(beside[1], vocabulary) or _is_same(value, beside[1], vocabulary)):
            found.append((value.strip(), beside[1]))
            used = place + 1
        elif beside is None and len(texts) == 1:
            below = rows.get(number + 1, {})
            alone = next(iter(below.values())) if len(below) == 1 else None
            if alone is not None and not _is_label(alone, vocabulary) and not _INLINE.fullmatch(plain(alone)):
                found.append((value.strip(), alone))
    return found


def _is_label(value: object, vocabulary: Vocabulary) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_LABEL and vocabulary.knows(value)


def _is_same(label: str, value: object, vocabulary: Vocabulary) -> bool:
    """Tell whether a value is another word for its label: 会议地点 | 会议室."""
    words = vocabulary.known((plain(value),)) or ()
    return bool(set(words) & set(vocabulary.known((label,)) or ()) & vocabulary.fields)


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
