"""Plans at the branch: born from a result, kept to their gates, rolled over, compared with their beginning."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.models.branches import PostAssignment
from desktop.models.history import Change
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.members import Member
from desktop.models.race import RaceResult, Remark
from desktop.models.vocabulary import MemberCategory, MemberStatus, PdcaStage, Post, RaceClass
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.improvement.plan import Action
from desktop.services.improvement.service import ImprovementService
from desktop.services.race.results import BranchRace
from desktop.services.race.scheme import default_scheme
from desktop.services.race.standings import Entry, Reading, standings
from desktop.services.race.view import detail_of
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.stores import clock_at, new_store

SCHEME = default_scheme()
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}
SHARES = {"middle": "0.75", "lagging": "0.5", "advanced": "0.96"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "branch", at="2026-10-20 09:00") as store:
        with store.unit_of_work("登记党员") as session:
            for name, post in (("赵书记", Post.SECRETARY), ("钱委员", Post.ORG_COMMISSIONER)):
                member = Member(
                    branch_id=store.branch_id,
                    name=name,
                    category=MemberCategory.FULL_MEMBER,
                    status=MemberStatus.FULL_MEMBER,
                )
                session.add(member)
                session.flush()
                session.add(PostAssignment(branch_id=store.branch_id, member_id=member.id, post=post))
        yield store


@pytest.fixture
def service(store: Store) -> ImprovementService:
    return ImprovementService(store)


def receive(store: Store, class_id: str, period: str = "2026Q3", published: bool = True) -> None:
    """Put a result into the branch as feedback does: ours among two strong ones."""
    entries = [
        Entry(name, name, "mixed", {k: Reading(p.zero + (p.full - p.zero) * Decimal(s), 30) for k, p in PARTS.items()})
        for name, s in ((store.branch_id, SHARES[class_id]), ("南岭县站党支部", "0.97"), ("石桥县站党支部", "0.3"))
    ]
    rows = standings(SCHEME, entries)
    row = next(row for row in rows if row.branch == store.branch_id)
    assert row.class_id == class_id
    with store.unit_of_work("收反馈") as session:
        session.add(
            RaceResult(
                branch_id=store.branch_id,
                period=period,
                scheme_version="2026.1",
                group="mixed",
                group_size=3,
                total_hundredths=int((row.total or 0) * 100),
                rank=row.rank,
                race_class=RaceClass(class_id),
                published_on=date(2026, 10, 18) if published else None,
                detail=detail_of(SCHEME, row, rows, code="XC", previous_rank=None, handed_in=True, grounds={}),
            )
        )


def fill(service: ImprovementService, plan_id: str, letter: str) -> None:
    plan = service.plan(plan_id)
    stage = next(stage for stage in plan.stages if stage.letter == letter)
    service.edit_plan(plan_id, fields={letter: {name: "已写明" for name, _ in stage.required}})


def refused(call: object, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.field, caught.value.reason


def test_without_a_result_there_is_no_plan(service: ImprovementService) -> None:
    assert (service.take_result().how, service.current(), service.plans()) == ("none", None, [])


def test_an_unpublished_result_opens_nothing(store: Store, service: ImprovementService) -> None:
    receive(store, "middle", published=False)
    assert BranchRace(store).latest() is None
    assert service.take_result().how == "none"


def test_a_result_opens_the_plan_of_its_class(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    taken = service.take_result()
    assert taken.how == "opened"
    assert taken.words.startswith("按中间类别新建“2026年三季度提升规划”，预填措施")
    plan = service.current()
    assert plan is not None
    assert (plan.id, plan.stage, plan.days, plan.day) == (taken.plan_id, PdcaStage.PLANNING, 180, 1)
    assert (plan.opened_on, plan.ends_on) == (date(2026, 10, 20), date(2027, 4, 18))
    assert plan.benchmark == "南岭县站党支部"
    assert plan.fields["P"]["对标支部"] == "南岭县站党支部"
    assert "到先进支部观摩1次" in [action.what for action in plan.actions]
    weak = next(action for action in plan.actions if action.indicator == "H1" and action.item_id is None)
    assert (weak.what, weak.unit, weak.base) == ("标准化建设得分：由87.5提高到98.5", "分", 87.5)
    assert {action.owner_name for action in plan.actions} == {"赵书记"}
    assert all(action.lane == "P" for action in plan.actions)
    total, satisfied = plan.comparisons[0], next(c for c in plan.comparisons if c.key == "H4")
    assert (total.key, total.before, total.now, total.goal) == ("race_total", 75.0, 75.0, 85.0)
    assert (satisfied.before, satisfied.unit, satisfied.name) == (88.75, "%", "群众和客户满意度")
    standard = next(c for c in plan.comparisons if c.key == "H1")
    assert (standard.before, standard.goal, standard.unit) == (87.5, 98.5, "分")


def test_the_same_result_is_taken_once(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    first = service.take_result()
    again = service.take_result()
    assert (again.how, again.plan_id) == ("known", first.plan_id)
    assert len(service.plans()) == 1


def test_the_same_class_again_continues_the_plan(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    first = service.take_result()
    receive(store, "middle", "2026Q4")
    again = service.take_result()
    assert (again.how, again.plan_id) == ("continued", first.plan_id)
    plan = service.current()
    assert plan is not None
    assert (plan.source_period, plan.noted_periods) == ("2026Q3", ("2026Q4",))
    assert service.take_result().how == "known"


def test_another_class_ends_the_plan_and_takes_over_what_is_left(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    first = service.take_result().plan_id
    assert first is not None
    fill(service, first, "P")
    service.edit_plan(first, root_causes=["没人管", "没有分工", "责任清单没写"])
    service.advance(first)
    done, left = service.plan(first).actions[:2]
    service.record_actual(done.id, done.goal, gain="已固化")
    service.record_actual(left.id, left.base)
    receive(store, "middle", "2026Q4")
    taken = service.take_result()
    assert taken.how == "replaced"
    old, new = service.plan(first), service.current()
    assert new is not None
    assert old.stage is PdcaStage.ROLLED_OVER
    assert [stage.entered_on for stage in old.stages] == [
        date(2026, 10, 20),
        date(2026, 10, 20),
        None,
        date(2026, 10, 20),
    ]
    assert new.rolled_over_from == old.title
    taken_over = [action for action in new.actions if action.rolled_over]
    assert left.what in [action.what for action in taken_over]
    assert done.what not in [action.what for action in taken_over]
    assert refused(service.edit_plan, first, benchmark="x") == (
        "改进计划",
        "“2026年三季度整改转化计划”转入下一轮，不能修改",
    )


def test_a_class_changed_on_appeal_changes_the_plan(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    service.take_result()
    with store.unit_of_work("收反馈") as session:
        session.delete(session.scalars(select(RaceResult)).one())
    receive(store, "middle")
    assert service.take_result().how == "replaced"
    plan = service.current()
    assert plan is not None
    assert plan.race_class is RaceClass.MIDDLE
    assert service.take_result().how == "known"


def test_a_plan_passes_its_gates_one_by_one(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    plan_id = service.take_result().plan_id
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
    assert gate == f"还有{len(service.plan(plan_id).actions)}条措施没有实际值"
    assert refused(service.advance, plan_id)[0] == "实际值"
    for each in service.plan(plan_id).actions:
        service.record_actual(each.id, each.goal)
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
    plan_id = service.take_result().plan_id
    assert plan_id is not None
    with store.reading() as session:
        before = session.scalar(select(func.count(Change.id)))
    with pytest.raises(InvalidInput) as caught:
        service.advance(plan_id)
    assert [lack.field for lack in caught.value.facts["lacks"]] == ["根因（至少追问3层）", "上级联系人"]
    with store.reading() as session:
        assert session.scalar(select(func.count(Change.id))) == before
    assert service.plan(plan_id).stage is PdcaStage.PLANNING


def test_what_a_closed_plan_left_begins_the_next(store: Store, service: ImprovementService) -> None:
    receive(store, "advanced")
    plan_id = service.take_result().plan_id
    assert plan_id is not None
    for letter in "PDCA":
        fill(service, plan_id, letter)
    service.advance(plan_id)
    actions = service.plan(plan_id).actions
    for each in actions:
        service.record_actual(each.id, 0.0 if each is actions[0] else each.goal)
    for _ in range(3):
        service.advance(plan_id)
    receive(store, "middle", "2026Q4")
    assert service.take_result().how == "opened"
    plan = service.current()
    assert plan is not None
    assert [action.what for action in plan.actions if action.rolled_over] == [actions[0].what]


def test_actions_are_planned_by_people(store: Store, service: ImprovementService) -> None:
    receive(store, "advanced")
    plan_id = service.take_result().plan_id
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
    assert refused(service.record_actual, first.id, 1.0, on=date(2026, 10, 21)) == ("日期", "不能晚于今天")


def test_a_late_stage_is_seen(tmp_path: Path, store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    service.take_result()
    plan = service.current()
    assert plan is not None
    assert not plan.stage_late
    store.clock = clock_at("2026-11-05 09:00")
    plan = service.current()
    assert plan is not None
    assert (plan.day, plan.stage_late) == (17, True)
    assert plan.stages[0].deadline == date(2026, 11, 4)


def test_a_remark_is_answered_or_made_an_action(store: Store, service: ImprovementService) -> None:
    with store.unit_of_work("收反馈") as session:
        remark = Remark(
            branch_id=store.branch_id, text="支委会决定没有跟踪结果", item_id="D4-02", made_on=date(2026, 10, 18),
            due_on=date(2026, 11, 30),
        )  # fmt: skip
        session.add(remark)
        session.flush()
        remark_id = remark.id
    assert refused(service.remark_to_action, remark_id) == ("改进计划", "没有进行中的计划")
    receive(store, "middle")
    service.take_result()
    action = service.remark_to_action(remark_id)
    assert service.remark_to_action(remark_id) == action
    assert service.remarks()[0].action_id == action
    plan = service.current()
    assert plan is not None
    assert (plan.actions[-1].what, plan.actions[-1].rolled_over) == ("上级意见：支委会决定没有跟踪结果", False)
    assert refused(service.answer_remark, remark_id, " ") == ("办理情况", "不能为空")
    service.answer_remark(remark_id, "已逐项跟踪", date(2026, 10, 19))
    service.answer_remark(remark_id, "已逐项跟踪并公开", date(2026, 10, 20))
    assert [(r.answer, r.answered_on) for r in service.remarks()] == [("已逐项跟踪并公开", date(2026, 10, 20))]
    with pytest.raises(NotFound):
        service.answer_remark("nothing", "x")


def test_only_one_plan_is_ever_open(store: Store, service: ImprovementService) -> None:
    for period, class_id in (("2026Q1", "middle"), ("2026Q2", "advanced"), ("2026Q3", "middle"), ("2026Q4", "lagging")):
        receive(store, class_id, period)
        service.take_result()
        with store.reading() as session:
            stages = session.scalars(select(PdcaPlan.stage)).all()
            assert sum(bool(stage.letter) for stage in stages) == 1
            assert session.scalar(select(func.count(PdcaAction.id)))


def test_gaps_of_the_standard_are_measured_by_the_score(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    plan_id = service.take_result().plan_id
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
