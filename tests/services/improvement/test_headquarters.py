"""The plans of all branches at headquarters: what is late first, what is owed by name, what moved by the race."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.improvement import PdcaPlan
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import PdcaStage
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.improvement.headquarters import AllPlans, BranchPlan
from desktop.services.race.inputs import InputService
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.race.typed import admit, figures, ids, plan
from tests.stores import clock_at, new_store

TEMPLATE = default_scheme().template("middle")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Headquarters on 12 October 2026 with a published quarter; two branches handed in plans."""
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        race = RaceService(store)
        for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.5")):
            branch = ids(race)[code]
            InputService(store).set_inputs("2026Q3", figures(branch, share))
            RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
        race.score("2026Q3")
        race.publish("2026Q3")
        branches = ids(race)
        plan(store, branches["XC"], date(2026, 10, 1), (date(2026, 12, 1), 10, 5))
        plan(store, branches["SQ"], date(2026, 9, 1), (date(2026, 10, 2), 10, 5), (date(2026, 10, 3), 4, 4))
        with store.unit_of_work("立项时得分", Act.EXCHANGE) as session:
            for row in session.query(PdcaPlan):
                row.before = {"race_total": 60.0}
        yield store


def board(store: Store) -> dict[str, BranchPlan]:
    return {row.code: row for row in AllPlans(store).board()}


def test_a_plan_behind_its_stage_is_late_by_the_days_of_its_template(store: Store) -> None:
    found = board(store)
    late = found["SQ"]
    days = (store.today - date(2026, 9, 1)).days - TEMPLATE.step("P").within_days
    assert (late.late_days, late.late_measures, late.reached, late.ratio) == (days, 1, 1, 0.75)
    assert (found["XC"].late, found["XC"].stage, found["XC"].stage_name) == (
        False, PdcaStage.PLANNING, TEMPLATE.step("P").name,
    )  # fmt: skip
    assert next(iter(found)) == "SQ", "what is late comes first"


def test_a_branch_that_owes_a_plan_is_named_and_late_once_planning_should_have_come(store: Store) -> None:
    owed = board(store)["LY"]
    assert owed.result is not None
    within = default_scheme().template(owed.result.class_id).step("P").within_days
    assert (owed.owed, owed.late, owed.plan_id) == (True, False, "")
    assert owed.due_on is not None
    assert (owed.due_on - date(2026, 10, 12)).days == within
    store.clock = clock_at("2026-12-31 09:00")
    assert board(store)["LY"].late_days == (date(2026, 12, 31) - owed.due_on).days


def test_what_a_plan_moved_is_measured_by_the_race(store: Store) -> None:
    row = board(store)["XC"]
    assert row.now is not None
    assert (row.before, row.change) == (60.0, round(row.now - 60, 2))


def test_the_period_a_plan_came_from_moves_nothing_however_it_is_corrected(store: Store) -> None:
    with store.unit_of_work("立项依据", Act.EXCHANGE) as session:
        for row in session.query(PdcaPlan):
            row.source_period = "2026Q3"
    found = board(store)["XC"]
    assert (found.before, found.now, found.change) == (60.0, None, None)


def test_an_ended_plan_is_counted_and_stands_for_no_running_one(store: Store) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        for row in session.query(PdcaPlan):
            row.stage = PdcaStage.CLOSED
    found = board(store)
    assert (found["SQ"].ended, found["SQ"].plan_id, found["SQ"].owed) == (1, "", True)
