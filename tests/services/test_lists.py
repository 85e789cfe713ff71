"""A list of the window as a workbook: as it is shown, noted, and only by whoever may let it out."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from desktop.models.vocabulary.access import Act
from desktop.services.access.rights import Rights
from desktop.services.errors import NotAllowed
from desktop.services.history import HistoryService
from desktop.services.leaving import leaving
from desktop.services.lists import export_list
from tests.stores import new_store

HEADS, ROWS = ("支部", "得分"), (("云河", "=1+1"), ("沙河", "72"))


def test_it_holds_what_the_list_shows_and_is_noted(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        assert export_list(store, "支部总览", HEADS, ROWS, tmp_path / "总览.xlsx") == 2
        assert HistoryService(store).trail()[0].sentence == "导出表格 支部总览，2行"
    sheet = openpyxl.load_workbook(tmp_path / "总览.xlsx").active
    assert sheet is not None
    lines = [[str(cell.value) for cell in line] for line in sheet.iter_rows()]
    assert [list(row) for row in ROWS] == lines[-2:]
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)


def test_who_is_left_out_stands_below_and_is_no_row(tmp_path: Path) -> None:
    note = "1 个没有计入：沙河（没报这一期）"
    with new_store(tmp_path / "data") as store:
        assert export_list(store, "支部", HEADS, ROWS, tmp_path / "支部.xlsx", note) == 2
    sheet = openpyxl.load_workbook(tmp_path / "支部.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in list(sheet.iter_rows())[-1]] == [note, None]


def test_nothing_leaves_by_any_road_for_whom_no_road_is_open(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        store.rights = Rights(frozenset((Act.BACKUP,)))
        with pytest.raises(NotAllowed):
            export_list(store, "支部总览", HEADS, ROWS, tmp_path / "总览.xlsx")
        with pytest.raises(NotAllowed), leaving(store, tmp_path / "别的.xlsx"):
            raise AssertionError("past the door")
        with leaving(store, tmp_path / "备份.dzbak", Act.BACKUP):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_numbers_are_numbers_and_what_is_missing_among_them_is_empty(tmp_path: Path) -> None:
    rows = (("云河", Decimal(88), Decimal("94.6")), ("沙河", "—", "—"))
    with new_store(tmp_path / "data") as store:
        export_list(store, "支部", ("支部", "在册党员（人）", "参加率（%）"), rows, tmp_path / "支部.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "支部.xlsx").active
    assert sheet is not None
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[-3:] == [["支部", "在册党员（人）", "参加率（%）"], ["云河", 88, 94.6], ["沙河", None, None]]
