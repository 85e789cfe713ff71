"""Workbooks as users' programs write them, and the whole content of a store as one value, for tests of imports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import Row, Table, select

from desktop.models.base import Base
from desktop.models.history import Setting, SettingName
from desktop.services.store import Store


def workbook(path: Path, rows: Sequence[Sequence[Any]], title: str = "表") -> Path:
    """Write `rows` as the only sheet of a workbook; return its path."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def sheet_rows(path: Path) -> list[tuple[Any, ...]]:
    """Return the first sheet of a workbook, row by row."""
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def _is_work(table: Table, row: Row[Any]) -> bool:
    """Tell whether a row is kept for good: which file is just being written is not."""
    return table is not Setting.__table__ or row.name != SettingName.LEAVING


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the logs of uses and imports: equal before and after what changes nothing."""
    with store.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table)) if _is_work(table, row)), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit", "imports")
        }
