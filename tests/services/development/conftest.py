"""An empty branch and its admissions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.development.service import DevelopmentService
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def service(store: Store) -> DevelopmentService:
    return DevelopmentService(store)
