"""Workbooks as they are after reading, written down as rows of cells."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from desktop.services.intake import files
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.looks import ColumnLook
from desktop.services.intake.rows import Understood
from desktop.services.members.sheet import roster_sheet
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.spreadsheets.workbook import Merge, SheetCells, Workbook

Rows = Sequence[Sequence[Any]]
ROSTER = roster_sheet(date(2026, 11, 26))
IDS = ("411602198001100118", "411602198102110139", "41160219820312015X", "411602198304130170")
NAMES = ("赵一鸣", "钱二宁", "孙三秋", "李四维")


def sheet(title: str, rows: Rows, *merges: str, hidden: bool = False, odd: Sequence[int] = ()) -> SheetCells:
    """Return a sheet of these rows; `merges` are ranges such as A1:C1, what is merged downwards stands in each row."""
    spans = [_range(text) for text in merges]
    cells = {
        number: {column: value for column, value in enumerate(row, start=1) if value is not None}
        for number, row in enumerate(rows, start=1)
    }
    for span in spans:
        value = cells.get(span.top, {}).get(span.left)
        if value is not None and span.left == span.right:
            for number in range(span.top, span.bottom + 1):
                cells.setdefault(number, {})[span.left] = value
    filled = {number: dict(sorted(row.items())) for number, row in sorted(cells.items()) if row}
    return SheetCells(title, filled, tuple(spans), hidden, frozenset(odd))


def _range(text: str) -> Merge:
    corners = [(int(part[1:]), ord(part[0]) - ord("A") + 1) for part in text.split(":")]
    (top, left), (bottom, right) = corners
    return Merge(top, left, bottom, right)


def understood(
    *sheets: SheetCells, of: Sheet = ROSTER, answers: Answers | None = None, known: Known | None = None
) -> Understood:
    """Return what a workbook of these sheets says."""
    return files.read(Workbook(tuple(sheets)), of, answers, known or Known())


def values(found: Understood) -> list[dict[str, object]]:
    """Return the rows as plain values: dates as far as they are known, ID numbers as text."""
    return [{name: _simple(value) for name, value in row.values.items()} for row in found.rows]


def _simple(value: object) -> object:
    if isinstance(value, IdNumber):
        return value.number
    if isinstance(value, PartialDate):
        lengths = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
        return value.on.isoformat()[: lengths[value.precision]]
    return value


VOLUNTEERS = Sheet(
    kind="volunteer_activity",
    title="志愿服务活动",
    columns=(
        SheetColumn("event_on", "日期", required=True),
        SheetColumn("title", "标题", required=True),
        SheetColumn("place", "地点"),
        SheetColumn("hours", "参加党员时长", required=True),
    ),
    keys=("title",),
)


def column(found: Understood, heading: str) -> ColumnLook:
    """Return the column of this heading in the first sheet that has it."""
    return next(look for one in found.sheets for look in one.columns if look.heading == heading)
