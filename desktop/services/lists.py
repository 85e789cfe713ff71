"""What a list of the window shows, as a workbook."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import Use
from desktop.services.leaving import leaving
from desktop.services.spreadsheets import sheets, tables

if TYPE_CHECKING:
    from desktop.services.store import Store


def export_list(store: "Store", title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> int:
    """Write a list as it is shown, its columns by their heads; return how many rows.

    Raises:
        NotAllowed: the roles of who works here do not reach so far.
        StorageFailure: the disk is full or refuses; no half file is left.
    """
    columns = tuple(sheets.SheetColumn(str(number), head) for number, head in enumerate(heads))
    lines = [{str(number): value for number, value in enumerate(row)} for row in rows]
    with leaving(store, path):
        count = tables.write(path, sheets.Sheet("list", title, columns), lines, on=store.today)
    store.audit(Use.EXPORT, f"{title}，{count}行")
    return count
