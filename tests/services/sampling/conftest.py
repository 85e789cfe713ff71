"""Headquarters and its branch with a year of records, the third quarter handed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.sampling.service import SamplingService
from desktop.services.store import Store
from tests.ui.full import full_store

PERIOD = "2026Q3"


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "branch") as store:
        yield store


@pytest.fixture
def sampling(headquarters: Store) -> SamplingService:
    return SamplingService(headquarters)
