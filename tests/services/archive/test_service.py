"""Archives as window and command line ask for them: both are noted among the uses of the store."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import Use
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import Cancelled
from desktop.services.history import HistoryService
from desktop.services.store import Store
from tests.services.archive.conftest import ON
from tests.services.meetings.people import people
from tests.stores import new_store


def archives_noted(store: Store) -> int:
    return sum(use.sentence == f"{Use.ARCHIVE.label} 2026" for use in HistoryService(store).uses())


def test_an_archive_is_noted_however_it_was_made(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        here = ArchiveService(store).build(2026, tmp_path / "here", ON)
        apart = ArchiveService(store).build_apart(2026, tmp_path / "apart", ON)
        assert here.volumes == apart.volumes
        assert archives_noted(store) == 2


def test_an_archive_that_was_not_made_is_not_noted(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with new_store(tmp_path / "store") as store:
        for build in (ArchiveService(store).build, ArchiveService(store).build_apart):
            with pytest.raises(Cancelled):
                build(2026, tmp_path / "档案", ON, stop)
        assert archives_noted(store) == 0


def test_only_the_writing_of_a_file_brings_the_libraries_for_pdf() -> None:
    rooms = ("service", "rows", "binding", "sheets", "catalogue", "manifest", "minutes", "papers")
    program = f"""
import sys
for room in {rooms}:
    __import__("desktop.services.archive." + room)
print(sorted({{"reportlab", "pikepdf", "pypdfium2", "PIL"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
