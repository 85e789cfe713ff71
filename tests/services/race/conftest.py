"""Headquarters with three enrolled branches and one invited."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.race.service import RaceService
from desktop.services.store import Store
from tests.services.race.typed import admit
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        yield store


@pytest.fixture
def race(store: Store) -> RaceService:
    return RaceService(store)
