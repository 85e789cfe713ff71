"""An empty branch and its services for members."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.store import Store
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def members(store: Store) -> MemberService:
    return MemberService(store)


@pytest.fixture
def life(store: Store) -> LifeService:
    return LifeService(store)


@pytest.fixture
def conditions(store: Store) -> ConditionService:
    return ConditionService(store)
