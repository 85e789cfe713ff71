"""The example of a sheet to fill in: how its row is made, and how it is known again and never taken for data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from desktop.paths import resource
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import plain

MARK = "示例："
"""Before every cell of an example: one that is left over in a row is no value either."""

_MARK = plain(MARK)


def is_example(cell: object) -> bool:
    """Tell whether a cell was written as an example."""
    return isinstance(cell, str) and plain(cell[:40]).startswith(_MARK)


def example_of(kind: str, name: str) -> str:
    """Return what examples.toml says of a field of a sheet, else of a field of that name in any; empty for nothing."""
    tables = _examples()
    return str(tables.get(kind, {}).get(name, tables["any"].get(name, "")))


def example_row(sheet: Sheet) -> dict[str, str]:
    """Return the example by field: what examples.toml says, what a column declares, the first of its choices.

    A column that must be filled in has one in any case.
    """
    said = _examples().get(sheet.kind, {})
    found = {}
    for column in sheet.columns:
        text = said.get(column.name, column.example or next(iter(column.choices), ""))
        if not text and column.required:
            text = _examples()["looks"][column.looks]
        if text:
            found[column.name] = str(text)
    return found


@cache
def _examples() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resource("workbooks/examples.toml").read_text(encoding="utf-8"))
