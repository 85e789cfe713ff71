"""What the pages of the import ask of the services, on the worker: read, try, take. Nothing here knows a widget."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.intake.answers import Answers, Place
from desktop.services.progress import Progress
from desktop.services.spreadsheets.results import Changed, ImportResult, New
from desktop.ui.intake.chooser import FieldOption, field_options
from desktop.ui.intake.lists import place_of

if TYPE_CHECKING:
    from desktop.services.spreadsheets.workbook import Workbook
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Trial:
    """A file read and tried: its cells, what a column of it may be, what an import would do, what was taken out."""

    book: "Workbook"
    options: tuple[FieldOption, ...]
    result: ImportResult
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left: dict[Place, Changed | New] = field(default_factory=dict)


def read(store: "Store", kind: str, source: Path | str, answers: Answers, progress: Progress) -> Trial:
    """Read a file, a folder of documents, or a block that was pasted, and try it.

    Raises:
        InvalidInput: it cannot be read.
        Cancelled: `progress` was asked to stop.
    """
    from desktop.services.intake.taking import open_for
    from desktop.services.spreadsheets.reading import read_block
    from desktop.services.workbooks import book as book_of

    book = open_for(store, source, kind, answers.encoding, progress) if isinstance(source, Path) else read_block(source)
    sheet = book_of(store, kind).sheet()
    left: dict[Place, Changed | New] = {}
    if answers.untaken:
        left = _taken_out(try_out(store, kind, book, replace(answers, untaken=frozenset()), progress), answers)
    choices = {column.name: column.choices for column in sheet.columns if column.choices}
    return Trial(book, field_options(sheet), try_out(store, kind, book, answers, progress), choices, left)


def try_out(store: "Store", kind: str, book: "Workbook", answers: Answers, progress: Progress) -> ImportResult:
    """Return what an import would do, without doing it."""
    from desktop.services.workbooks import book as book_of

    return book_of(store, kind).import_file(book, answers=answers, dry_run=True, progress=progress)


def take(
    store: "Store", kind: str, book: "Workbook", answers: Answers, *, remember: bool, progress: Progress
) -> ImportResult:
    """Import what can be imported."""
    from desktop.services.workbooks import book as book_of

    return book_of(store, kind).import_file(book, answers=answers, remember=remember, progress=progress)


def _taken_out(result: ImportResult, answers: Answers) -> dict[Place, Changed | New]:
    """Return the lines that were taken out when this file was in hand before, so that they can be taken after all."""
    lines: dict[Place, Changed | New] = {place_of(changed): changed for changed in result.changes}
    lines |= {Place(new.sheet, new.row): new for new in result.new}
    return {place: lines[place] for place in answers.untaken if place in lines}
