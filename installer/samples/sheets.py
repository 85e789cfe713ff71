"""How the sample workbooks are written: as an office would, and every time the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def as_cell(day: date | None) -> datetime | None:
    """Return a day as Excel keeps it."""
    return datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001 - a calendar day has no zone


def write(path: Path, sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    """Write one workbook as an office would: perhaps a merged title line, bold heads, readable widths."""
    book = Workbook()
    page = book.active
    if page is None:
        raise RuntimeError("a new workbook has a sheet")
    page.title = sheet
    if title is not None:
        page.append([title])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
        page["A1"].font, page["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    page.append(list(head))
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for row in rows:
        page.append(list(row))
        for cell in page[page.max_row]:
            if isinstance(cell.value, datetime):
                cell.number_format = "yyyy-mm-dd"
    for column, name in enumerate(head, start=1):
        page.column_dimensions[get_column_letter(column)].width = max(10, min(28, 2 * len(name) + 4))
    book.properties.creator = "支部工作台"
    book.properties.created = datetime(2026, 10, 1)  # noqa: DTZ001 - no clock in a sample
    made = io.BytesIO()
    book.save(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = MODIFIED.sub(rb"\g<1>2026-10-01T00:00:00Z", before.read(name))
            after.writestr(zipfile.ZipInfo(name, (2026, 10, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
