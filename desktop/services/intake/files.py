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


MEETINGS = "meetings"
"""The kind of workbook whose records people keep in documents too."""


def open_source(source: Path, kind: str, encoding: str = "", progress: Progress = silent) -> "Workbook":
    """Return what a file of tables holds, or for meetings a document or a whole folder of documents.

    Raises:
        InvalidInput: it cannot be read.
        Cancelled: `progress`, told documents done and all, was asked to stop.
    """
    from desktop.services.spreadsheets.reading import read_workbook

    if kind == MEETINGS:
        from desktop.services.intake.documents import read_documents, takes

        if takes(source):
            return read_documents(source, progress)
    return read_workbook(source, encoding)


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

    `progress` is told documents of a folder; else it only learns that it goes on (0, 0): how much shows at the end.

    Raises:
        InvalidInput: field 文件 (it cannot be read) or 表头 (nothing in it reads like this sheet).
        Cancelled: `progress` was asked to stop.
    """
    from desktop.services.intake.understanding import understand

    answers = answers or Answers()
    book = open_source(source, sheet.kind, answers.encoding, progress) if isinstance(source, Path) else source
    return understand(book, sheet, answers, known, progress)
