"""One branch with work behind it for all tests of this folder; those that change it make their own."""

from collections.abc import Iterator
from datetime import date

import pytest

from desktop.services.archive.rows import Archive
from desktop.services.archive.service import ArchiveService
from desktop.services.store import Store
from tests.services.archive.branch import branch_at_work

ON = date(2026, 4, 2)


@pytest.fixture(scope="package")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = branch_at_work(tmp_path_factory.mktemp("branch"))
    yield store
    store.close()


@pytest.fixture(scope="package")
def archive(branch: Store, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return ArchiveService(branch).build(2026, tmp_path_factory.mktemp("archive") / "档案", ON)
