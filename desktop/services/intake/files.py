"""The way from a file to its rows. Cheap to import: what reads workbooks is loaded with the first file."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.intake import known as knowledge
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.rows import Understood
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets.sheets import Sheet

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook


def name_of(source: "Path | Workbook") -> str:
    """Return what people call the file."""
    return source.name


def read(
    source: "Path | Workbook",
    sheet: Sheet,
    answers: Answers | None = None,
    known: Known = knowledge.NOTHING,
    progress: Progress = silent,
) -> Understood:
    """Return what the file, or the workbook read from it, says as rows of `sheet`.

    `progress` only learns that it goes on (0, 0): how much there is shows at the end.

    Raises:
        InvalidInput: field 文件 (it cannot be read) or 表头 (nothing in it reads like this sheet).
        Cancelled: `progress` was asked to stop.
    """
    from desktop.services.intake.understanding import understand
    from desktop.services.spreadsheets.reading import read_workbook

    answers = answers or Answers()
    book = read_workbook(source, answers.encoding) if isinstance(source, Path) else source
    return understand(book, sheet, answers, known, progress)
