"""A store with the people of the meeting tests, and the service on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.meetings import MeetingService
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    return people(store)


@pytest.fixture
def meetings(store: Store, ids: dict[str, str]) -> MeetingService:
    return MeetingService(store)
