"""What the trial of workbooks begins from: an empty and a full one of every kind that may leave the store."""

from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.workbooks import books
from installer.fuzz.workbooks import written
from tests.stores import new_store


@pytest.mark.parametrize("kind", StoreKind)
def test_every_kind_of_workbook_is_tried_one_whose_rows_never_leave_by_its_template(
    tmp_path: Path, kind: StoreKind
) -> None:
    with new_store(tmp_path / "store", kind) as store:
        found = {book.name: len(written(book, tmp_path / "made.xlsx")) for book in books(store)}
    stay = {name for name in found if name in REGISTERS and REGISTERS[name].stays}
    assert {name for name, count in found.items() if count == 1} == stay
    assert set(found.values()) <= {1, 2}
