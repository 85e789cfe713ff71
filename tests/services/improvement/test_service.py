"""Plans at the branch: worked on, kept to their gates, compared with their beginning."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.history import Change
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.plan import Action
from desktop.services.improvement.service import ImprovementService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.improvement.plans import fill, reach, receive, refused
from tests.stores import clock_at


def test_a_plan_passes_its_gates_one_by_one(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    action = service.plan(plan_id).actions[0]
    assert refused(service.record_actual, action.id, 1.0) == ("实际值", "还在计划环节，进入执行后再填进展")
    assert service.plan(plan_id).stages[0].gate == "齐了，可以进入执行"
    assert service.advance(plan_id).stage is PdcaStage.DOING
    field, reason = refused(service.advance, plan_id)
    assert field == "里程碑完成情况"
    assert reason.startswith("尚未填写（共")
    fill(service, plan_id, "D")
    gate = service.plan(plan_id).stages[1].gate
    typed = [each for each in service.plan(plan_id).actions if each.counts is None]
    assert gate == f"还有{len(typed)}条措施没有实际值"
    assert refused(service.advance, plan_id)[0] == "实际值"
    reach(store, service, plan_id)
    assert {each.lane for each in service.plan(plan_id).actions} == {"C"}
    assert service.advance(plan_id).stage is PdcaStage.CHECKING
    assert refused(service.edit_action, action.id, Action("改目标", base=0, goal=1)) == (
        "措施", "已在检查环节，不能再加或修改措施",
    )  # fmt: skip
    fill(service, plan_id, "C")
    service.record_actual(action.id, action.goal, gain="写成制度")
    assert service.plan(plan_id).actions[0].lane == "A"
    assert service.advance(plan_id).stage is PdcaStage.ADJUSTING
    assert refused(service.advance, plan_id) == ("有效做法固化", "尚未填写（共3处）")
    fill(service, plan_id, "A")
    closed = service.advance(plan_id)
    assert (closed.stage, closed.open) == (PdcaStage.CLOSED, False)
    assert service.current() is None
    assert refused(service.record_actual, action.id, 1.0)[0] == "改进计划"
    assert service.plans()[0].reached == service.plans()[0].actions


def test_a_refused_gate_changes_nothing(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    with store.reading() as session:
        before = session.scalar(select(func.count(Change.id)))
    with pytest.raises(InvalidInput) as caught:
        service.advance(plan_id)
    assert [lack.field for lack in caught.value.facts["lacks"]] == ["根因（至少追问3层）", "上级联系人"]
    with store.reading() as session:
        assert session.scalar(select(func.count(Change.id))) == before
    assert service.plan(plan_id).stage is PdcaStage.PLANNING


def test_actions_are_planned_by_people(store: Store, service: ImprovementService) -> None:
    receive(store, "advanced")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    assert refused(service.add_action, plan_id, Action("  ")) == ("措施", "不能为空")
    assert refused(service.add_action, plan_id, Action("x", base=1, goal=1)) == ("目标值", "不能等于基数")
    new = service.add_action(plan_id, Action("意见15日内答复", base=71, goal=100, unit="%", due_on=date(2026, 10, 14)))
    row = service.plan(plan_id).actions[-1]
    assert (row.id, row.overdue_days, row.progress) == (new, 6, None)
    service.edit_action(new, Action("意见10日内答复", base=71, goal=100, unit="%"))
    assert service.plan(plan_id).actions[-1].what == "意见10日内答复"
    service.delete_action(new)
    with pytest.raises(NotFound):
        service.edit_action(new, Action("x"))
    fill(service, plan_id, "P")
    service.advance(plan_id)
    first = service.plan(plan_id).actions[0]
    assert refused(service.delete_action, first.id)[0] == "措施"
    assert refused(service.record_actual, first.id, 1.0, on=date(2026, 10, 21)) == ("哪天的数", "不能晚于今天")


def test_a_late_stage_is_seen(tmp_path: Path, store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    take_result(store)
    plan = service.current()
    assert plan is not None
    assert not plan.stage_late
    store.clock = clock_at("2026-11-05 09:00")
    plan = service.current()
    assert plan is not None
    assert (plan.day, plan.stage_late) == (17, True)
    assert plan.stages[0].deadline == date(2026, 11, 4)


def test_gaps_of_the_standard_are_measured_by_the_score(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    items = [action for action in service.plan(plan_id).actions if action.item_id]
    assert 1 <= len(items) <= 10
    score = StandardService(store).score()
    for action in items:
        item = score.item(action.item_id or "")
        assert action.what.startswith(item.item.title)
        assert (action.indicator, action.unit) == ("H1", "%")
        assert action.base == round(float((item.ratio or 0) * 100), 1)
        assert action.goal is not None
        assert action.base < action.goal <= 100
        assert action.owner_id
    assert refused(service.take_measured, plan_id)[0] == "实际值"
    fill(service, plan_id, "P")
    service.edit_plan(plan_id, root_causes=["一", "二", "三"])
    service.advance(plan_id)
    assert service.take_measured(plan_id) == len(items)
    assert service.take_measured(plan_id) == 0
    assert {a.progress for a in service.plan(plan_id).actions if a.item_id} == {0.0}
