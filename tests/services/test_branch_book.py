"""The list of branches: groups and counties come in by Excel, go out again, and a whole import is taken back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.branch_book import BranchBook
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.intake.record import ImportRecord
from desktop.services.race.service import RaceService
from desktop.services.spreadsheets.text import NO_NAME
from desktop.services.store import Store
from tests.services.race.typed import admit, workbook
from tests.stores import new_store

HEAD = ("支部", "支部名称", "赛马分组", "党总支")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        yield store


def counties(store: Store) -> dict[str, str]:
    return {racer.code: racer.county for racer in RaceService(store).racers()}


def test_counties_come_in_go_out_and_are_taken_back(store: Store, tmp_path: Path) -> None:
    book = BranchBook(store)
    racers = {racer.code: racer for racer in RaceService(store).racers()}
    rows = [("xc", "", "", "项城市局党总支"), ("", racers["SQ"].name, "", "沈丘县局党总支"), ("NN", "", "", "某党总支")]
    source = workbook(tmp_path / "名单.xlsx", *rows, head=HEAD)
    tried = book.import_file(source, dry_run=True)
    assert (tried.updated, len(tried.rejected)) == (2, 1)
    assert set(counties(store).values()) == {""}
    result = book.import_file(source)
    assert {(change.field, change.before, change.after) for change in result.changes} == {
        ("党总支", "", "项城市局党总支"),
        ("党总支", "", "沈丘县局党总支"),
    }
    assert counties(store) == {"XC": "项城市局党总支", "SQ": "沈丘县局党总支", "LY": ""}
    for written in (book.export, book.template):
        written(tmp_path / "out.xlsx")
        again = book.import_file(tmp_path / "out.xlsx", dry_run=True)
        assert (again.rejected, again.changes, again.unchanged) == ([], [], len(book.rows()))
    ImportRecord(store).undo_last(book.name)
    assert set(counties(store).values()) == {""}


def test_a_group_is_named_as_the_scheme_names_it(store: Store, tmp_path: Path) -> None:
    groups = RaceService(store).scheme("2026Q3").groups
    group = next(each for each in groups if each.id != RaceService(store).racers()[0].group)
    said = group.name.partition("（")[0]
    source = workbook(tmp_path / "名单.xlsx", ("XC", "", said, ""), ("SQ", "", "没有的组", ""), head=HEAD)
    result = BranchBook(store).import_file(source)
    assert next(racer.group for racer in RaceService(store).racers() if racer.code == "XC") == group.id
    assert [refused.reason.split("：")[0] for refused in result.rejected] == ["应为以下之一"]


def test_a_branch_twice_and_a_county_too_long_are_refused(store: Store, tmp_path: Path) -> None:
    rows = [("XC", "", "", "甲党总支"), ("XC", "", "", "乙党总支"), ("SQ", "", "", "长" * 41)]
    result = BranchBook(store).import_file(workbook(tmp_path / "名单.xlsx", *rows, head=HEAD))
    assert [refused.reason for refused in result.rejected] == ["与第2行重复", "最多40字"]


def test_the_race_of_one_county_says_so_and_keeps_the_ranks_of_the_group(store: Store, tmp_path: Path) -> None:
    source = workbook(tmp_path / "名单.xlsx", ("XC", "", "", "甲党总支"), ("SQ", "", "", "乙党总支"), head=HEAD)
    BranchBook(store).import_file(source)
    service = RaceService(store)
    assert service.export("2026Q3", tmp_path / "全部.xlsx") == 3
    assert service.export("2026Q3", tmp_path / "甲.xlsx", county="甲党总支") == 1
    page = openpyxl.load_workbook(tmp_path / "甲.xlsx").worksheets[0]
    assert "（甲党总支，名次为全组名次，" in str(page["A1"].value)
    head, line = ([cell.value for cell in page[number]] for number in (2, 3))
    assert dict(zip(head, line, strict=True))["党总支"] == "甲党总支"
    assert "党总支" not in str(openpyxl.load_workbook(tmp_path / "全部.xlsx").worksheets[0]["A1"].value)


@pytest.mark.parametrize("county", [date(2026, 3, 5), 1e300, "2026年3月5日"])
def test_a_date_or_a_number_is_no_county(store: Store, tmp_path: Path, county: object) -> None:
    source = workbook(tmp_path / "名单.xlsx", ("xc", "", "", county), ("sq", "", "", "沈丘县局党总支"), head=HEAD)
    result = BranchBook(store).import_file(source)
    assert [(each.row, each.field, each.reason) for each in result.rejected] == [(2, "党总支", NO_NAME)]
    assert counties(store) == {"XC": "", "SQ": "沈丘县局党总支", "LY": ""}
    racer = RaceService(store).racers()[0]
    with pytest.raises(InvalidInput, match=NO_NAME):
        HeadquartersService(store).change_branch(racer.branch_id, racer.name, racer.group, str(county))
