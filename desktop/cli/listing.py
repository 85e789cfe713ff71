"""The verb `list`: the lines of one kind, by the columns of its workbook; at headquarters those of a branch too."""

import argparse
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import OPTION, open_branch
from desktop.cli.outcome import Outcome
from desktop.services.errors import PackageRefused
from desktop.services.numbers import NONE

if TYPE_CHECKING:
    from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn


def listing(options: argparse.Namespace) -> Outcome:
    """Say the lines of one kind, of a year or all of them."""
    from desktop.services.workbooks import lines, listed, lists

    with open_branch(options, own=None) as store:
        if store.is_headquarters and options.kind not in {each.name for each in lists(store)}:
            raise PackageRefused("E-WRONG-KIND", option=OPTION)
        found = listed(store, options.kind)
        sheet, rows = lines(store, options.kind, options.year)
        shown = _shown(sheet, rows)
    data = {
        "kind": found.name,
        "title": found.title,
        "branch": options.branch,
        "year": options.year,
        "columns": [{"name": column.name, "label": column.label} for column in sheet.columns],
        "rows": shown,
    }
    return Outcome(data, _lines(found.title, sheet, shown))


def _shown(sheet: "Sheet", rows: "Rows") -> list[dict[str, Any]]:
    """Return the lines as their cells are written; money in yuan, a day as ISO text."""
    return [
        {"id": row.get("id")} | {column.name: _plain(column, row.get(column.name)) for column in sheet.columns}
        for row in rows
    ]


def _plain(column: "SheetColumn", value: object) -> object:
    cell = None if value is None else column.format(value)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    return cell if cell is None or isinstance(cell, int | float) else str(cell)


def _lines(title: str, sheet: "Sheet", rows: list[dict[str, Any]]) -> str:
    out = [f"{title}：{len(rows)}行"]
    names = [column.name for column in sheet.columns]
    for row in rows:
        cells = (NONE if row[name] in (None, "") else str(row[name]).replace("\n", "；") for name in names)
        out.append("  " + "　".join(cells))
    return "\n".join(out)
