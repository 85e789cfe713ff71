"""Declared sheets out to Excel: lists that import again, templates to fill in, and the rows that were refused.

Importing this module is cheap; the Excel library is loaded when a file is written.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from desktop.services.spreadsheets.results import Rejected
from desktop.services.spreadsheets.sheets import Sheet


def write(path: Path, sheet: Sheet, rows: Iterable[Any], title: str = "", on: date | None = None) -> int:
    """Write `rows` (mappings or objects by field) as a workbook that prints well and imports again; return how many.

    Raises:
        StorageFailure: the file cannot be written; an older one of that name stays whole.
    """
    from desktop.services.spreadsheets import writing

    return writing.write(path, sheet, rows, title or sheet.title, on)


def template(path: Path, sheet: Sheet, rows: Iterable[Any] = ()) -> None:
    """Write the sheet to fill in: headings with their hints as comments, lists to choose from, instructions.

    `rows` (mappings or objects by field) stand in it already, to be filled in further.
    """
    from desktop.services.spreadsheets import writing

    writing.template(path, sheet, rows)


def write_rejects(path: Path, rejected: Sequence[Rejected]) -> int:
    """Write refused rows as they were, the cell at fault marked, with where and why; return how many.

    The workbook can be corrected and imported as it is: its additional columns are passed over.
    """
    from desktop.services.spreadsheets import writing

    return writing.write_rejects(path, rejected)
