"""A branch with the people of the meetings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.stores import new_store

AT = "2026-11-26 09:00"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at=AT) as opened:
        yield opened


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    return people(store)
