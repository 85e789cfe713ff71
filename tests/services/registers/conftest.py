"""The sample branch with its roster and all its registers: filled once, a copy for each test that changes it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.paths import resource
from desktop.services.members import RosterBook
from desktop.services.opening import open_store
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import books
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

SAMPLE = "samples/huaiyang"
POINTED_TO = {"development_case"}
"""No registers, but registers point to the people they bring."""
AT = "2026-10-12 09:00"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the sample branch's roster and all its registers."""
    folder = tmp_path_factory.mktemp("registers") / "data"
    with new_store(folder, at=AT) as store:
        RosterBook(store).import_file(resource(f"{SAMPLE}/roster.xlsx"))
        for workbook in books(store):
            path = resource(f"{SAMPLE}/{workbook.name}.xlsx")
            if workbook.name in {*REGISTERS, *POINTED_TO} and path.exists():
                result = workbook.import_file(path)
                assert not result.rejected, (workbook.name, result.rejected)
    return folder


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    """The sample branch, to be changed."""
    shutil.copytree(filled, tmp_path / "data")
    with open_store(tmp_path / "data", PASSWORD, LOGIN, clock=clock_at(AT)) as opened:
        yield opened


@pytest.fixture(scope="session")
def unchanged(filled: Path) -> Iterator[Store]:
    """The sample branch for tests that change nothing."""
    folder = filled.with_name("unchanged")
    shutil.copytree(filled, folder)
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at(AT)) as opened:
        yield opened


@pytest.fixture
def registers(store: Store) -> RegisterService:
    """The registers of a branch that may be changed."""
    return RegisterService(store)
