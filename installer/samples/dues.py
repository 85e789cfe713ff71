"""The ledger of dues of a sample branch, as an office keeps it: a month a column, to the middle of October 2026."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from desktop.models.vocabulary.dues import DuesClass
from desktop.paths import resource
from desktop.services.standards.party_rules import parse_party_rules

YEAR, RUNNING = 2026, 10
"""The year, and the month in which it is written."""
LEDGER_HEAD = (
    "序号", "姓名", "月工资收入", "执行标准", "月应缴党费",
    *(f"{month}月" for month in range(1, 13)), "全年应缴党费", "全年实缴党费", "备注",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payer:
    """A line of the roster: name, base, and the first month due."""

    name: str
    base: Decimal
    first: int


def payers_of(folder: Path, year: int = YEAR) -> list[Payer]:
    """Read who pays in a year from the roster of a sample branch."""
    found = []
    page = load_workbook(folder / "roster.xlsx").worksheets[0]
    for row in page.iter_rows(min_row=3, values_only=True):
        if isinstance(row[0], int) and isinstance(row[13], int | float):
            admitted = row[9] if isinstance(row[9], datetime) else None
            if admitted is not None and admitted.year > year:
                continue
            first = admitted.month if admitted is not None and admitted.year == year else 1
            found.append(Payer(str(row[1]), Decimal(str(row[13])), first))
    return found


def ledger_rows(
    payers: Sequence[Payer], owing: Sequence[int], waiting: int, running: int = RUNNING
) -> Iterator[list[Any]]:
    """Give the lines of the ledger.

    Args:
        owing: of the second, third … member, since how many months nothing came.
        waiting: how many of the last have not paid the month that runs.
        running: the month in which it is written.
    """
    law = parse_party_rules(resource("standards/party_rules.toml").read_bytes()).dues
    for place, payer in enumerate(payers):
        monthly = law.monthly(DuesClass.WORKING, payer.base) or Decimal(0)
        rate = law.rate(DuesClass.WORKING, payer.base) or Decimal(0)
        owed = owing[place - 1] if 0 < place <= len(owing) else 0
        last = running - 1 - owed if owed else running - (place >= len(payers) - waiting)
        cells = [
            None if month > running else "—" if month < payer.first else float(monthly) if month <= last else "△"
            for month in range(1, 13)
        ]
        cells = [None if cell == "△" and month == running else cell for month, cell in enumerate(cells, start=1)]
        months, paid = 13 - payer.first, sum(isinstance(cell, float) for cell in cells)
        yield [
            place + 1, payer.name, float(payer.base), f"{rate * 100:f}".rstrip("0").rstrip(".") + "%", float(monthly),
            *cells, float(monthly * months), float(monthly * paid), None,
        ]  # fmt: skip
