"""The overview at once: scores as they are kept, each with its day, and brought up to today apart from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.branch_list import BranchList
from desktop.services.branch_sums import summed
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.reporting_due import Lateness
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
    assert (found.reported, found.missing) == (1, 1)
    assert [(mean.value, mean.branches, mean.lacking) for mean in (found.verified, found.own)] == [
        (Decimal(80), 1, 1),
        (Decimal(90), 1, 1),
    ]
    assert found.words == (
        f"2 个支部 · 1 个已报，1 个没报 · 党员 {2 * row.members} 人 · "
        "核定均分 80.00（1 个支部，1 个未核定未计入），自评均分 90.00（1 个支部，1 个未自评未计入）"
    )
    assert "未计入" not in summed([judged, judged], service.due(), TODAY).words
    assert judged.apart == Decimal("-10.00")
    assert open_.apart is None


def test_scores_classes_and_the_package_asked_for_are_of_one_year(store: Store) -> None:
    service = HeadquartersService(store)
    store.clock = clock_at("2027-01-12 09:00")
    (last,), (new,), (ahead,) = (service.overview(year) for year in (2026, 2027, 2028))
    assert service.overview() == [last], "in January people work on the year before"
    assert (last.scored_on, last.race_period[:4]) == (date(2026, 12, 31), "2026")
    assert (new.scored_on, new.race_period, new.race_class) == (date(2027, 1, 12), "", "")
    assert (ahead.scored_on, ahead.to_reckon, ahead.rate) == (None, False, None)
    dues = [service.due(year) for year in (2025, 2026, 2027)]
    assert [due.period for due in dues] == ["2025Q4", "2026Q4", "2027Q1"]
    today = store.today
    assert [due.lateness(last, today) for due in dues] == [
        Lateness.NOT_ASKED,  # it was not registered yet
        Lateness.LATE,
        Lateness.NOT_ASKED,  # the quarter has only begun
    ]


def test_a_past_year_is_reckoned_on_its_last_day_and_kept(store: Store) -> None:
    service = HeadquartersService(store)
    store.clock = clock_at("2027-01-12 09:00")
    (row,) = service.overview(2026, at_once=True)
    assert row.to_reckon
    service.reckon([row.branch_id], 2026)
    (row,) = service.overview(2026, at_once=True)
    assert (row.to_reckon, row.scored_on) == (False, date(2026, 12, 31))
    service.reckon([row.branch_id], 2028)


def test_the_list_of_branches_says_its_year(store: Store) -> None:
    book = BranchList(store)
    (row,) = book.rows()
    assert (row["year"], row["due"], row["lateness"], row["scored_on"]) == (2026, "2026年三季度", "已报", TODAY)
    (before,) = book.rows(2025)
    assert (before["year"], before["due"], before["scored_on"]) == (2025, "2025年四季度", date(2025, 12, 31))
    assert {column.name for column in book.sheet().columns} == set(row) - {"id"}
