"""The overview at once: scores as they are kept, each with its day, and brought up to today apart from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.branch_overview import summed
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
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

    monkeypatch.setattr("desktop.services.standards.scoring.scores", damaged)
    service = HeadquartersService(store)
    (row,) = service.overview()
    assert row.broken
    before = len(caplog.records)
    (again,) = service.overview(at_once=True)
    assert (again.broken, again.to_reckon, len(caplog.records)) == (True, False, before)


def test_a_branch_belongs_to_a_county_that_stays_when_it_is_invited_anew(store: Store, tmp_path: Path) -> None:
    service = HeadquartersService(store)
    (row,) = service.overview()
    assert row.county == ""
    service.change_branch(row.branch_id, row.name, row.group, " 沈丘县局党总支 ")
    service.change_branch(row.branch_id, row.name, row.group)
    enrolment = EnrolmentService(store)
    enrolment.revoke(row.branch_id)
    enrolment.invite(row.code, row.name, row.group, tmp_path)
    (row,) = service.overview()
    assert (row.county, row.state) == ("沈丘县局党总支", PartnerState.INVITED)
    with pytest.raises(InvalidInput):
        service.change_branch(row.branch_id, row.name, row.group, "长" * 41)


def test_what_branches_come_to_leaves_out_what_is_not_judged(store: Store) -> None:
    service = HeadquartersService(store)
    (row,) = service.overview()
    judged = replace(row, rate=Decimal("80.00"), own_rate=Decimal("90.00"), quality_rated=True, own_rated=True)
    open_ = replace(row, quality_rated=False, own_rated=False, periods=())
    found = summed([judged, open_], service.due(), TODAY)
    assert (found.reported, found.missing, found.verified, found.own) == (1, 1, (Decimal(80), 1), (Decimal(90), 1))
    assert found.words == (
        f"2 个支部 · 1 个已报，1 个没报 · 党员 {2 * row.members} 人 · "
        "核定均分 80.00（评全的 1 个支部），自评均分 90.00（评全的 1 个支部）"
    )
    assert "评全的" not in summed([judged, judged], service.due(), TODAY).words
    assert judged.apart == Decimal("-10.00")
    assert open_.apart is None
