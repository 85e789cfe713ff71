"""The workbooks of a store: which there are, and that every one that leaves it is noted."""

from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.history import HistoryService
from desktop.services.spreadsheets.reading import read_workbook
from desktop.services.workbooks import book, books
from tests.stores import new_store


def test_a_branch_has_its_roster_its_meetings_and_every_register(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        names = [workbook.name for workbook in books(store)]
    assert names[:4] == ["members", "meetings", "year_plan", "development_case"]
    last = 4 + len(REGISTERS)
    assert set(names[4:last]) == set(REGISTERS)
    assert names[last:][:3] == ["dues_assessment", "dues", "self_ratings"]


def test_a_register_comes_after_those_it_points_to(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        names = [workbook.name for workbook in books(store)]
    for kind, register in REGISTERS.items():
        targets = {field.ref for field in register.fields} & set(REGISTERS)
        assert all(names.index(target) < names.index(kind) for target in targets if target is not None)


@pytest.mark.parametrize("kind", StoreKind)
def test_every_export_is_noted_among_the_uses_of_the_store(tmp_path: Path, kind: StoreKind) -> None:
    with new_store(tmp_path / "store", kind) as store:
        for workbook in books(store):
            before = len(HistoryService(store).uses())
            if workbook.name in REGISTERS and REGISTERS[workbook.name].stays:
                with pytest.raises(InvalidInput, match="只留在本机"):
                    workbook.export(tmp_path / f"{workbook.name}.xlsx")
                assert len(HistoryService(store).uses()) == before
                continue
            count = workbook.export(tmp_path / f"{workbook.name}.xlsx")
            uses = HistoryService(store).uses()
            assert len(uses) == before + 1
            assert uses[0].sentence == f"{Use.EXPORT.label} {workbook.title}，{count}行"


def test_a_workbook_of_the_other_kind_of_store_is_not_found(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store, pytest.raises(NotFound):
        book(store, "ratings")


@pytest.mark.parametrize("kind", StoreKind)
def test_a_workbook_in_hand_is_read_as_its_file_is(tmp_path: Path, kind: StoreKind) -> None:
    with new_store(tmp_path / "store", kind) as store:
        for workbook in books(store):
            path = tmp_path / f"{workbook.name}.xlsx"
            workbook.template(path)
            labels = [column.label for column in workbook.sheet().columns]
            assert labels
            from_file = workbook.import_file(path, dry_run=True)
            assert workbook.import_file(read_workbook(path), dry_run=True) == from_file
