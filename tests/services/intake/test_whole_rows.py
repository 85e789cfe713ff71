"""A refused row leaves nothing in what later rows are held against: the others are taken as if it were not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.sheets import workbook
from tests.tally import few
from tests.ui.full import full_store

FIGURES = ("H3-1", "H4", "H7", "P-02", "V-01")
VALUES = ("93%", 0.9, 93, 2, 0.5, "优", None)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["XC", "ZZ"]), st.just("2026Q3"), st.sampled_from(FIGURES), st.sampled_from(VALUES),
        st.sampled_from([None, 36]), st.sampled_from(["核查", None]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with full_store(tmp_path_factory.mktemp("whole") / "hq", StoreKind.HEADQUARTERS) as kept:
        yield kept


def tried(store: Store, folder: Path, lines: list[tuple[object, ...]]) -> ImportResult:
    head = ("支部", "评比周期", "指标", "数值", "样本数", "依据")
    return book(store, "race_inputs").import_file(workbook(folder / "race_inputs.xlsx", [head, *lines]), dry_run=True)


@few(20)
@given(lines=LINES)
def test_a_file_says_the_same_without_the_rows_that_are_refused(
    store: Store, tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    whole = tried(store, folder, lines)
    refused = {each.row for each in whole.rejected}
    good = [line for number, line in enumerate(lines, start=2) if number not in refused]
    if not good:
        return
    alone = tried(store, folder, good)
    assert alone.rejected == []
    assert (alone.accepted, alone.updated, alone.unchanged, alone.blank) == (
        whole.accepted, whole.updated, whole.unchanged, whole.blank,
    )  # fmt: skip
    assert [(each.record, each.after) for each in alone.changes] == [
        (each.record, each.after) for each in whole.changes
    ]
    assert len(whole.rejected) + len(good) == len(lines)
