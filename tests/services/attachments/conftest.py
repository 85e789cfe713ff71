"""A store of its own for every test."""

from pathlib import Path

import pytest

from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "data")
