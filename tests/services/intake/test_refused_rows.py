"""A row that is refused leaves nothing behind, whatever kind of workbook it stands in and whichever cell is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.base import Base
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.registers import RegisterBook
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.store import Store
from desktop.services.workbooks import book, books
from tests.sheets import sheet_rows, workbook
from tests.stores import new_store
from tests.ui.full import full_store

SAMPLES = resource("samples")
FILES = {
    "members": "huaiyang/roster.xlsx", "meetings": "huaiyang/meetings.xlsx", "year_plan": "huaiyang/year_plan.xlsx",
    "development_case": "huaiyang/development_case.xlsx", "dues": "huaiyang/dues.xlsx",
    "self_ratings": "huaiyang/self_ratings.xlsx", "appraisal_round": "huaiyang/appraisal_round.xlsx",
    "appraisal": "huaiyang/appraisal.xlsx", "talk": "huaiyang/talk.xlsx",
    "customer_visit": "huaiyang/customer_visit.xlsx",
    "ratings": "headquarters/ratings.xlsx", "race_inputs": "headquarters/race_inputs.xlsx",
}  # fmt: skip
ROWS = {
    "points_claims": (
        ["姓名", "事项日期", "依据条款", "事项", "做法和效果"],
        ["白云峰", "2026-05-06", "C4-01", "防汛值守", "守住了库房"],
    ),
    "dues_assessment": (["姓名", "年度", "核定基数"], ["白云峰", "2026", "5000"]),
    "branches": (
        ["编号", "支部", "组别", "党总支"],
        ["XC", "项城县局党支部", "综合类支部（整县一个支部）", "项城市局党总支"],
    ),
}
OF_HEADQUARTERS = ("ratings", "race_inputs", "branches")
FORGIVING = ("development_case",)
"""What takes a row for what can be read of it, and refuses none for a cell."""
WRONG = ("9999-12-31", "没有这样的◇")
"""What no cell can mean: a day far ahead, and a word nobody knows."""


def first_row(name: str) -> tuple[list[object], list[object]]:
    """Return the heads of a workbook and its first line."""
    if name in ROWS:
        head, line = ROWS[name]
        return list(head), list(line)
    rows = [list(row) for row in sheet_rows(SAMPLES / FILES[name])]
    return next((head, line) for head, line in pairwise(rows) if sum(cell is not None for cell in head) > 1)


def rows_of(store: Store) -> dict[str, int]:
    """Return how many rows each table has; among them is the history, in which every change of a record stands."""
    with store.reading() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name not in ("imports", "column_mappings", "audit", "settings")
        }


def nothing_taken(result: ImportResult) -> bool:
    return bool(result.rejected) and not (result.accepted or result.updated or result.unchanged)


@contextmanager
def opened(folder: Path, kind: StoreKind) -> Iterator[Store]:
    """Open a store in which nothing is but the people: what a refused row leaves is the first of its kind."""
    if kind is StoreKind.HEADQUARTERS:
        with full_store(folder, kind) as store:
            yield store
    else:
        with new_store(folder, at="2026-10-12 09:00") as store:
            book(store, "members").import_file(SAMPLES / FILES["members"])
            yield store


@pytest.mark.parametrize("name", [*FILES, *ROWS])
def test_a_refused_row_leaves_nothing(name: str, tmp_path: Path) -> None:
    kind_of_store = StoreKind.HEADQUARTERS if name in OF_HEADQUARTERS else StoreKind.BRANCH
    with opened(tmp_path / "store", kind_of_store) as store:
        kind = book(store, name)
        head, line = first_row(name)
        refused = 0
        for place in range(len(head)):
            for wrong in WRONG:
                spoilt = [*line[:place], wrong, *line[place + 1 :]]
                path = workbook(tmp_path / f"{place}.xlsx", [head, spoilt], kind.title)
                if nothing_taken(kind.import_file(path, dry_run=True)):
                    refused += 1
                    before = rows_of(store)
                    kind.import_file(path)
                    assert rows_of(store) == before, f"{head[place]}：{wrong}"
        assert refused or name in FORGIVING


def test_every_kind_of_workbook_but_the_other_registers_is_tried(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "branch", StoreKind.BRANCH) as branch,
        opened(tmp_path / "headquarters", StoreKind.HEADQUARTERS) as headquarters,
    ):
        kinds = {
            kind.name for store in (branch, headquarters) for kind in books(store) if not isinstance(kind, RegisterBook)
        }
    assert kinds - {*FILES, *ROWS} == {"samples"}, "a spot check has tests of its own: its rows are those drawn"
