"""Plans that began before the scheme counted their measures by records: what begins to count by itself, what at a
press, and what somebody said stays."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from desktop.models.following import Attending
from desktop.models.history import Change
from desktop.models.improvement import PdcaAction
from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage
from desktop.paths import resource
from desktop.services.access.rights import Rights
from desktop.services.improvement.asked import count_as_asked
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.improvement.plan import Action
from desktop.services.improvement.rows import ActionRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.improvement.plans import SCHEME, arrange, fill, receive, refused, scheme_of_before, work_by
from tests.services.transferring.company import company_in
from tests.stores import clock_at, copied

ASKED = "到先进支部观摩1次"
TODAY = date(2026, 11, 20)
NOW = resource("standards/horse_race.toml").read_text("utf-8")


def began_before(store: Store, class_id: str = "middle") -> str:
    """Open a plan on 20 October by a scheme that counts nothing; return its id, a month later."""
    work_by(store, scheme_of_before())
    receive(store, class_id)
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    store.clock = clock_at("2026-11-20 09:00")
    assert count_as_asked(store) == (), "no scheme asks for it"
    return plan_id


def measure(store: Store, words: str = ASKED) -> ActionRow:
    plan = ImprovementService(store).current()
    assert plan is not None
    return next(action for action in plan.actions if action.what == words)


def doing(store: Store, service: ImprovementService) -> str:
    plan_id = began_before(store)
    fill(service, plan_id, "P")
    assert service.advance(plan_id).stage is PdcaStage.DOING
    return plan_id


@pytest.mark.parametrize("class_id", ["lagging", "middle", "advanced"])
def test_a_measure_nobody_touched_counts_once_the_scheme_does(store: Store, class_id: str) -> None:
    plan_id = began_before(store, class_id)
    asked = {each.text: each.counts for each in SCHEME.race_class(class_id).actions if each.counts is not None}
    assert {measure(store, words).counts for words in asked} == {None}
    work_by(store, NOW)
    taken = take_result(store)
    assert (taken.how, set(taken.counted)) == ("known", set(asked))
    told = "、".join(f"“{words}”" for words in taken.counted)
    assert taken.news(new=False) == f"措施{told}按赛马方案改为按记录计数，不用再填进展。"
    plan = ImprovementService(store).plan(plan_id)
    drafted = {row.what: (row.counts, row.base, row.actual, row.goal, row.unit) for row in plan.actions}
    for words, counts in asked.items():
        unit = "个" if counts is Counted.HELPING else "次"
        assert drafted[words] == (counts, 0.0, 0.0, 1.0, unit)
    with store.reading() as session:
        said = {change.sentence for change in session.scalars(select(Change)) if "counts" in (change.after or {})}
    assert said == {f"赛马方案“{SCHEME.version}”改按记录计数的措施"}
    assert take_result(store).counted == (), "nothing is said of it again"


def test_one_that_was_taken_over_counts_too(store: Store) -> None:
    began_before(store)
    receive(store, "lagging", "2026Q4")
    work_by(store, NOW)
    taken = take_result(store)
    assert (taken.how, taken.counted) == ("replaced", (ASKED,))
    assert measure(store).counts is Counted.DEMONSTRATION_ATTENDED


def test_what_somebody_said_of_a_measure_stays(store: Store, service: ImprovementService) -> None:
    plan_id = doing(store, service)
    service.record_actual(measure(store).id, 1.0, on=date(2026, 11, 3))
    service.add_action(plan_id, Action("观摩2次", base=0, goal=2, unit="次"))
    work_by(store, NOW)
    assert take_result(store).counted == ()
    typed = measure(store)
    assert (typed.counts, typed.actual, typed.countable) == (None, 1.0, Counted.DEMONSTRATION_ATTENDED)
    assert measure(store, "观摩2次").countable is None, "the scheme asks for other words"
    arrange(store, Counted.DEMONSTRATION_ATTENDED, TODAY)
    service.count_by_records(typed.id)
    counted = measure(store)
    assert (counted.counts, counted.actual, counted.countable) == (Counted.DEMONSTRATION_ATTENDED, 1.0, None)
    assert refused(service.count_by_records, typed.id)[0] == "按记录计数"
    with store.reading() as session:
        said = session.scalars(select(Change).where(Change.record_id == typed.id).order_by(Change.at_utc)).all()
    assert (said[-1].sentence, said[-1].after) == (f"措施“{ASKED}”改按记录计数", {"counts": "demonstration_attended"})
    assert any((change.after or {}).get("actual") == 1.0 for change in said), "what was typed stays in the history"


@pytest.mark.parametrize("change", [{"what": "到南岭观摩1次"}, {"base": 1.0, "goal": 2.0}])
def test_one_that_was_changed_does_not_count_by_itself(
    store: Store, service: ImprovementService, change: dict[str, object]
) -> None:
    began_before(store)
    given = {"base": 0.0, "goal": 1.0, "unit": "次", "due_on": date(2026, 12, 1), "what": ASKED} | change
    service.edit_action(measure(store).id, Action(**given))  # type: ignore[arg-type]
    work_by(store, NOW)
    assert take_result(store).counted == ()


def test_who_chose_to_type_goes_on_typing_in_the_next_plan_too(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    service.edit_action(measure(store).id, Action(ASKED, base=0, goal=1, unit="次"))
    assert take_result(store).counted == ()
    assert measure(store).countable is Counted.DEMONSTRATION_ATTENDED
    receive(store, "lagging", "2026Q4")
    assert take_result(store).how == "replaced"
    receive(store, "middle", "2026")
    assert take_result(store).how == "replaced"
    assert take_result(store).counted == ()
    assert (measure(store).counts, measure(store).rolled_over) == (None, True)


def test_without_its_history_nothing_counts_by_itself(store: Store) -> None:
    began_before(store)
    work_by(store, NOW)
    with store.unit_of_work("取回总部数据") as session:
        session.execute(delete(Change))
    assert take_result(store).counted == ()
    assert measure(store).countable is Counted.DEMONSTRATION_ATTENDED


def test_one_that_was_typed_by_hand_in_the_same_words_waits_for_a_press(
    store: Store, service: ImprovementService
) -> None:
    plan_id = began_before(store)
    words = next(each.text for each in SCHEME.race_class("middle").actions if each.text == ASKED)
    service.delete_action(measure(store).id)
    service.add_action(plan_id, Action(words, goal=1))
    work_by(store, NOW)
    assert take_result(store).counted == ()
    service.count_by_records(measure(store).id)
    assert (measure(store).base, measure(store).unit) == (0.0, "次")


def test_nobody_changes_a_measure_who_may_not_or_once_it_is_checked(store: Store, service: ImprovementService) -> None:
    plan_id = doing(store, service)
    work_by(store, NOW)
    rights, store.rights = store.rights, Rights()
    assert count_as_asked(store) == ()
    store.rights = rights
    for action in service.plan(plan_id).actions:
        service.record_actual(action.id, action.goal)
    fill(service, plan_id, "D")
    assert service.advance(plan_id).stage is PdcaStage.CHECKING
    assert count_as_asked(store) == ()
    assert measure(store).countable is None
    assert refused(service.count_by_records, measure(store).id)[0] == "按记录计数"


def test_a_scheme_that_a_newer_program_brings_counts_at_once(tmp_path: Path, store: Store) -> None:
    began_before(store)
    store.close()
    with copied(store.folder, tmp_path / "again", "2026-11-20 09:30") as again:
        assert measure(again).counts is Counted.DEMONSTRATION_ATTENDED


def test_the_board_of_headquarters_agrees_after_the_next_package(tmp_path: Path) -> None:
    with company_in(tmp_path) as company:
        company.up()
        headquarters, first = company.headquarters, company.branches["ZK01"]
        for store in (headquarters, first):
            work_by(store, scheme_of_before())
        receive(first, "middle")
        take_result(first)
        company.up("ZK01")

        def board() -> list[str]:
            row = next(row for row in AllPlans(headquarters).board() if row.branch_id == first.branch_id)
            return [each.counted for each in row.measures if each.what == ASKED]

        assert board() == [""]
        work_by(headquarters, NOW)
        RegisterService(headquarters).save(
            "sharing_event",
            {
                "held_on": headquarters.today,
                "title": "柜台观摩",
                "host_id": company.branches["ZK02"].branch_id,
                "attending": (Attending(first.branch_id),),
            },
        )
        company.down()
        assert take_result(first).counted == (ASKED,)
        with first.reading() as session:
            assert session.scalars(select(PdcaAction.counts).where(PdcaAction.what == ASKED)).all() == [
                Counted.DEMONSTRATION_ATTENDED
            ]
        company.up("ZK01")
        assert board() == ["按参加现场观摩的记录 1 次"]
