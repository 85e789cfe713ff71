"""Measures that count by what headquarters arranged: from the day of the plan, up to today, and nobody types."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.models.following import Attending, HelperPair, Liaison, SharingEvent
from desktop.models.improvement import PdcaPlan
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage, RaceClass
from desktop.services.clock import utc_text
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.improvement.plan import Action
from desktop.services.improvement.rows import ActionRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from tests.services.improvement.plans import SCHEME, arrange, fill, receive, refused
from tests.services.transferring.company import company_in
from tests.stores import clock_at

OPENED, TODAY, AHEAD = date(2026, 10, 20), date(2026, 11, 20), date(2026, 11, 21)
BEFORE = date(2026, 10, 19)


def opened(store: Store, class_id: str) -> str:
    """Open the plan of a class on 20 October; return its id, a month later."""
    receive(store, class_id)
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    store.clock = clock_at("2026-11-20 09:00")
    return plan_id


def measure(service: ImprovementService, counts: Counted) -> ActionRow:
    plan = service.current()
    assert plan is not None
    return next(action for action in plan.actions if action.counts is counts)


@pytest.mark.parametrize("race_class", RaceClass)
def test_a_drafted_plan_counts_what_the_scheme_says(
    store: Store, service: ImprovementService, race_class: RaceClass
) -> None:
    opened(store, race_class.value)
    plan = service.current()
    assert plan is not None
    asked = {each.text: each.counts for each in SCHEME.race_class(race_class.value).actions}
    assert any(asked.values()), "each class of the scheme counts something"
    assert {action.what: action.counts for action in plan.actions if action.what in asked} == asked
    counted = [action for action in plan.actions if action.counts is not None]
    assert [(action.base, action.actual, action.goal) for action in counted] == [(0.0, 0.0, 1.0)] * len(counted)
    assert all(action.unit == action.counts.unit for action in counted if action.counts is not None)


@pytest.mark.parametrize("counts", Counted)
def test_what_lies_between_the_opening_and_today_counts(
    store: Store, service: ImprovementService, counts: Counted
) -> None:
    plan_id = opened(store, "lagging")
    service.add_action(plan_id, Action("照总部安排办", goal=3, counts=counts))
    for on in (BEFORE, AHEAD):
        arrange(store, counts, on, helped_id="xc") if counts is Counted.HELPING else arrange(store, counts, on)
    arrange(store, counts, TODAY, branch="another")
    added = service.plan(plan_id).actions[-1]
    assert (added.base, added.actual, added.unit, added.records) == (0.0, 0.0, counts.unit, ())
    gone = arrange(store, counts, OPENED)
    kept = arrange(store, counts, TODAY, "看现场")
    expected = 1.0 if counts is Counted.HELPING else 2.0  # the same branch helped twice is one branch
    assert service.plan(plan_id).actions[-1].actual == expected
    withdraw(store, counts, gone)
    found = service.plan(plan_id).actions[-1]
    assert [(each.id, each.on, each.title) for each in found.records] == [(kept, TODAY, "看现场")]
    assert (found.actual, found.reached) == (1.0, False)
    assert found.progress == pytest.approx(1 / 3)


def withdraw(store: Store, counts: Counted, record: str) -> None:
    """Let a record be gone as headquarters deletes it."""
    with store.unit_of_work("市公司删了", Act.EXCHANGE) as session:
        if counts is Counted.VISITED:
            session.get_one(Liaison, record).deleted_at_utc = utc_text(store.clock())
        elif counts is Counted.HELPING:
            session.get_one(HelperPair, record).deleted_at_utc = utc_text(store.clock())
        else:
            session.get_one(SharingEvent, record).deleted_at_utc = utc_text(store.clock())


def test_who_hosts_a_demonstration_does_not_attend_it(store: Store, service: ImprovementService) -> None:
    opened(store, "middle")
    own = (Attending(store.branch_id), Attending("xc"))
    arrange(store, Counted.DEMONSTRATION_HOSTED, TODAY, attending=own)
    assert measure(service, Counted.DEMONSTRATION_ATTENDED).actual == 0
    twice = (Attending(store.branch_id), Attending(store.branch_id, "晨会清单"))
    arrange(store, Counted.DEMONSTRATION_ATTENDED, TODAY, attending=twice)
    assert measure(service, Counted.DEMONSTRATION_ATTENDED).actual == 1


def test_a_counted_figure_is_not_typed_and_keeps_no_gate_shut(store: Store, service: ImprovementService) -> None:
    plan_id = opened(store, "middle")
    fill(service, plan_id, "P")
    service.advance(plan_id)
    counted = measure(service, Counted.DEMONSTRATION_ATTENDED)
    assert refused(service.record_actual, counted.id, 1.0) == ("实际值", "按参加现场观摩的记录计数，不用填")
    service.record_actual(counted.id, None, gain="学了晨会清单")
    assert measure(service, Counted.DEMONSTRATION_ATTENDED).gain == "学了晨会清单"
    for action in service.plan(plan_id).actions:
        if action.counts is None:
            service.record_actual(action.id, action.goal)
    fill(service, plan_id, "D")
    assert service.advance(plan_id).stage is PdcaStage.CHECKING


def test_a_measure_begins_and_ends_to_count_by_its_form(store: Store, service: ImprovementService) -> None:
    plan_id = opened(store, "middle")
    arrange(store, Counted.DEMONSTRATION_ATTENDED, TODAY)
    typed = service.add_action(plan_id, Action("到南岭学一次", goal=1, base=0, unit="次"))
    service.edit_action(typed, Action("到南岭学一次", goal=1, counts=Counted.DEMONSTRATION_ATTENDED))
    row = service.plan(plan_id).actions[-1]
    assert (row.base, row.actual, row.unit, row.reached) == (0.0, 1.0, "次", True)
    service.edit_action(typed, Action("到南岭学一次", goal=1, base=0, unit="次"))
    assert service.plan(plan_id).actions[-1].actual is None
    by_score = next(action for action in service.plan(plan_id).actions if action.item_id)
    again = Action(by_score.what, item_id=by_score.item_id, base=1, goal=2, counts=Counted.VISITED)
    assert refused(service.edit_action, by_score.id, again) == ("按记录计数", "这条措施按得分计，不按记录计数")


def test_what_is_left_goes_on_counting_and_what_ended_stays_as_it_was(
    store: Store, service: ImprovementService
) -> None:
    plan_id = opened(store, "middle")
    twice = service.add_action(plan_id, Action("观摩2次", goal=2, counts=Counted.DEMONSTRATION_ATTENDED))
    event = arrange(store, Counted.DEMONSTRATION_ATTENDED, TODAY)
    receive(store, "lagging", "2026Q4")
    store.clock = clock_at("2026-12-20 09:00")
    assert take_result(store).how == "replaced"
    new = service.current()
    assert new is not None
    rolled = next(action for action in new.actions if action.what == "观摩2次")
    assert (rolled.counts, rolled.base, rolled.actual) == (Counted.DEMONSTRATION_ATTENDED, 1.0, 1.0)
    assert "到先进支部观摩1次" not in [action.what for action in new.actions], "it was reached"
    withdraw(store, Counted.DEMONSTRATION_ATTENDED, event)
    assert next(action for action in service.plan(plan_id).actions if action.id == twice).actual == 1.0
    arrange(store, Counted.DEMONSTRATION_ATTENDED, date(2026, 12, 20))
    assert next(action for action in service.plan(new.id).actions if action.what == "观摩2次").reached


def test_a_plan_that_is_closed_keeps_what_was_counted(store: Store, service: ImprovementService) -> None:
    plan_id = opened(store, "middle")
    event = arrange(store, Counted.DEMONSTRATION_ATTENDED, TODAY)
    with store.unit_of_work("到了处理环节") as session:
        session.get_one(PdcaPlan, plan_id).stage = PdcaStage.ADJUSTING
    fill(service, plan_id, "A")
    service.advance(plan_id)
    withdraw(store, Counted.DEMONSTRATION_ATTENDED, event)
    closed = next(a for a in service.plan(plan_id).actions if a.counts is Counted.DEMONSTRATION_ATTENDED)
    assert (closed.actual, closed.actual_on, closed.reached) == (1.0, TODAY, True)


def test_what_comes_with_feedback_counts_at_the_branch_and_on_the_board_alike(tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        company.up()
        headquarters, first = company.headquarters, company.branches["ZK01"]
        receive(first, "middle")
        plan_id = take_result(first).plan_id
        assert plan_id is not None
        company.up("ZK01")
        registers, service = RegisterService(headquarters), ImprovementService(first)

        def told() -> tuple[float | None, float | None]:
            board = next(row for row in AllPlans(headquarters).board() if row.branch_id == first.branch_id)
            shared = next(each.progress for each in board.measures if each.counted)
            return measure(service, Counted.DEMONSTRATION_ATTENDED).progress, shared

        assert told() == (0.0, 0.0)
        kept = [
            registers.save(
                "sharing_event",
                {
                    "held_on": headquarters.today + timedelta(days=days),
                    "title": "柜台观摩",
                    "host_id": company.branches["ZK02"].branch_id,
                    "attending": (Attending(first.branch_id),),
                },
            )
            for days in (0, 5)
        ]
        company.down()
        (counted,) = measure(service, Counted.DEMONSTRATION_ATTENDED).records
        assert (counted.id, counted.title) == (kept[0], "柜台观摩")
        assert told() == (1.0, 1.0)
        looked = ImprovementService(branch_store(headquarters, "ZK01")).plan(plan_id)
        assert [action.actual for action in looked.actions if action.counts is not None] == [1.0]
        registers.remove("sharing_event", kept[0])
        assert told() == (1.0, 0.0), "the branch learns of it with the next feedback"
        company.down()
        assert told() == (0.0, 0.0)
