"""The sample workbooks: taken whole by the importers of the program, twice without a change."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from desktop.models.base import new_id
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.paths import resource
from desktop.services.race.inputs import InputService
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from desktop.services.workbooks import Book, book, books
from installer.samples.people import HUAIYANG, TAIKANG, Station, check_digit, people_of
from tests.stores import new_store

PLAN = tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))
FOLDERS = [one["folder"] for one in PLAN["branches"]]
CODES = [one["code"] for one in PLAN["branches"]]


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        with store.unit_of_work("登记支部") as session:
            for one in PLAN["branches"]:
                session.add(
                    Partner(
                        org=new_id(), code=one["code"], name=one["name"], install=new_id(), state=PartnerState.ACTIVE
                    )
                )
        yield store


def sample_of(workbook: Book, folder: str) -> Path:
    """Return where the sample of `workbook` lies, if the branch has one."""
    return resource(f"samples/{folder}") / f"{'roster' if workbook.name == 'members' else workbook.name}.xlsx"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_sample_branch_is_taken_whole_and_twice_the_same(tmp_path: Path, folder: str) -> None:
    with new_store(tmp_path / "branch", at="2026-10-12 09:00") as store:
        there = [(workbook, path) for workbook in books(store) if (path := sample_of(workbook, folder)).exists()]
        assert len(there) >= 4
        for workbook, path in there:
            result = workbook.import_file(path)
            assert (workbook.name, result.rejected) == (workbook.name, [])
            assert result.accepted == result.read > 0
        for workbook, path in there:
            again = workbook.import_file(path)
            assert (workbook.name, again.unchanged) == (workbook.name, again.read)


def test_headquarters_books_are_taken_whole(headquarters: Store) -> None:
    samples = resource("samples") / PLAN["headquarters"]["folder"]
    there = {path.stem for path in samples.glob("*.xlsx")} - {"samples", "race_inputs_corrected"}  # need what is drawn
    assert there >= {"ratings", "race_inputs", "liaison", "sharing_event", "helper_pair"}
    for kind in sorted(there):
        path = samples / f"{kind}.xlsx"
        result = book(headquarters, kind).import_file(path)
        assert (kind, result.rejected, result.accepted) == (kind, [], result.read)
        assert book(headquarters, kind).import_file(path).unchanged == result.read
    rated = RatingService(headquarters).ratings(2026, RaceService(headquarters).racers()[0].branch_id)
    assert len(rated) > 40
    typed = {cell.code for cell in InputService(headquarters).inputs(PLAN["period"]) if cell.value is not None}
    assert typed == set(CODES)


@pytest.mark.parametrize("station", [HUAIYANG, TAIKANG], ids=lambda station: station.folder)
def test_rosters_are_what_the_script_makes(station: Station) -> None:
    people = people_of(station)
    page = openpyxl.load_workbook(resource(f"samples/{station.folder}/roster.xlsx")).worksheets[0]
    rows = [row for row in page.iter_rows(min_row=3, values_only=True) if row[0]]
    assert [(row[1], row[4]) for row in rows] == [(person.name, person.id_no) for person in people]
    assert all(check_digit(person.id_no[:17]) == person.id_no[17] for person in people)
    assert all(int(person.id_no[16]) % 2 == (0 if person.female else 1) for person in people)
