"""The overview at once: scores as they are kept, each with its day, and brought up to today apart from it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.headquarters import HeadquartersService
from desktop.services.store import Store
from tests.stores import clock_at
from tests.ui.full import full_store

TODAY, TOMORROW = date(2026, 10, 12), date(2026, 10, 13)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


def test_a_new_day_shows_the_scores_of_the_last_and_says_so(store: Store) -> None:
    service = HeadquartersService(store)
    (nothing,) = service.overview(at_once=True)
    assert (nothing.to_reckon, nothing.rate, nothing.scored_on) == (True, None, None)
    (first,) = service.overview()
    assert (first.to_reckon, first.scored_on) == (False, TODAY)

    store.clock = clock_at(f"{TOMORROW} 09:00")
    (row,) = service.overview(at_once=True)
    assert (row.to_reckon, row.scored_on, row.rate) == (True, TODAY, first.rate)
    service.reckon([row.branch_id])
    (now,) = service.overview(at_once=True)
    assert (now.to_reckon, now.scored_on) == (False, TOMORROW)


def test_what_cannot_be_reckoned_is_tried_once_a_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise ValueError("a row nobody thought of")

    monkeypatch.setattr("desktop.services.standards.scoring.score", damaged)
    service = HeadquartersService(store)
    (row,) = service.overview()
    assert row.broken
    before = len(caplog.records)
    (again,) = service.overview(at_once=True)
    assert (again.broken, again.to_reckon, len(caplog.records)) == (True, False, before)
