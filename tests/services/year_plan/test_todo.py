"""What the plan asks on the first page: notices and the branch's own plans, never what a gap says already."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.home import read_home
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.year_plan.rows import MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_plan.todo import plan_works
from tests.services.meetings.people import people
from tests.stores import LOGIN, PASSWORD, clock_at, new_store

NEAR, FAR = date(2026, 11, 25), date(2026, 12, 18)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-22 09:00") as opened:
        people(opened)
        yield opened


def asked(store: Store) -> list[tuple[str, date]]:
    return [(work.what, work.by) for work in plan_works(store)]


def test_nothing_planned_asks_nothing(store: Store) -> None:
    assert plan_works(store) == []


def test_a_near_meeting_is_to_be_told_once_and_then_stands_with_its_gap_alone(store: Store) -> None:
    plans = YearPlanService(store)
    plans.plan_meeting(MeetingPlan(kind=MeetingKind.COMMITTEE_MEETING, on=NEAR))
    plans.plan_meeting(MeetingPlan(kind=MeetingKind.BRANCH_CONGRESS, on=FAR))
    ((what, by),) = asked(store)
    assert (what.endswith("：通知参会的人"), by) == (True, NEAR)
    (work,) = [work for work in read_home(store, 2026, store.today).works if work.source == "全年安排"]
    assert work.where is not None
    assert work.where.prefill["id"] == plan_works(store)[0].event_id
    plans.notify(plan_works(store)[0].event_id)
    assert asked(store) == []  # 11月支部委员会会议 is a gap of the standard


def test_what_the_branch_planned_of_its_own_is_asked_for_until_it_is_done(store: Store) -> None:
    plans = YearPlanService(store)
    done = plans.plan_activity("参观烈士陵园", NEAR)
    assert asked(store) == [("参观烈士陵园", NEAR)]
    plans.done_on(done.made[0][1], store.today)
    assert asked(store) == []


def test_what_was_planned_last_year_and_not_done_is_asked_on(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with new_store(folder, at="2026-11-22 09:00") as store:
        people(store)
        early = YearPlanService(store).plan_activity("慰问困难党员", NEAR)
        YearPlanService(store).plan_activity("重温入党誓词", date(2026, 12, 24))
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at("2027-01-12 09:00")) as store:
        plans = YearPlanService(store)
        assert asked(store) == [("慰问困难党员", NEAR), ("重温入党誓词", date(2026, 12, 24))]
        assert plans.year_of(plan_works(store)[0].event_id) == 2026
        plans.done_on(early.made[0][1], store.today)
        assert asked(store) == [("重温入党誓词", date(2026, 12, 24))]
