"""Open stores for the tests of the standard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "branch") as opened:
        yield opened


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "headquarters", StoreKind.HEADQUARTERS) as opened:
        yield opened
