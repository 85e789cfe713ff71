"""What a race result does at the branch: it opens, continues or replaces the plan."""

from datetime import date

from sqlalchemy import delete, func, select

from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.race import RaceResult
from desktop.models.vocabulary.race import PdcaStage, RaceClass
from desktop.services.improvement.from_race import take_result, waiting_result
from desktop.services.improvement.rows import RATE, PlanRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.race.branch_race import BranchRace
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.improvement.plans import fill, reach, receive, refused
from tests.stores import clock_at


def test_without_a_result_there_is_no_plan(store: Store, service: ImprovementService) -> None:
    assert (take_result(store).how, service.current(), service.plans()) == ("none", None, [])


def test_an_unpublished_result_opens_nothing(store: Store, service: ImprovementService) -> None:
    receive(store, "middle", published=False)
    assert BranchRace(store).latest() is None
    assert take_result(store).how == "none"


def test_a_result_opens_the_plan_of_its_class(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    taken = take_result(store)
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
    owners = {action.item_id: action.owner_name for action in plan.actions}
    assert owners.pop("D3-08") == "钱委员"  # whose post the item names
    assert set(owners.values()) == {"赵书记"}
    assert all(action.lane == "P" for action in plan.actions)
    total, satisfied = plan.comparisons[0], next(c for c in plan.comparisons if c.key == "H4")
    assert (total.key, total.before, total.now, total.goal) == ("race_total", 75.0, 75.0, 85.0)
    assert (satisfied.before, satisfied.unit, satisfied.name) == (88.75, "%", "群众和客户满意度")
    standard = next(c for c in plan.comparisons if c.key == "H1")
    assert (standard.before, standard.goal, standard.unit) == (87.5, 98.5, "分")


def rates(service: ImprovementService) -> tuple[str, str]:
    plan = service.current()
    assert plan is not None
    rate = next(figure for figure in plan.comparisons if figure.key == RATE)
    return rate.before_words, rate.now_words


def of_before(store: Store, plan_id: str | None, **more: bool) -> None:
    """Let the plan be one that a former program opened: it kept a rate, and not whether anybody judged."""
    with store.unit_of_work("以前的程序立的计划") as session:
        plan = session.get_one(PdcaPlan, plan_id)
        kept = {name: value for name, value in plan.before.items() if name != "quality_rated"}
        plan.before = {**kept, "rate": 88.0, **more}


def test_no_rate_by_traces_alone_is_compared(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    plan_id = take_result(store).plan_id
    assert rates(service) == ("待评", "待评")
    of_before(store, plan_id)
    assert rates(service) == ("—", "待评")
    of_before(store, plan_id, quality_rated=False)
    RatingService(store).rate("D3-08", 0, level=4, ground="看了记录")
    before, now = rates(service)
    assert (before, now[-3]) == ("待评", ".")
    of_before(store, plan_id)
    assert rates(service) == ("—", now)


def unclassed(store: Store, period: str) -> None:
    """Put a result of too little to tell a class into the branch, as feedback does."""
    with store.unit_of_work("收反馈") as session:
        kept = session.scalars(select(RaceResult)).first()
        assert kept is not None
        columns = [column.key for column in RaceResult.__table__.columns if column.key != "id"]
        values = {name: getattr(kept, name) for name in columns}
        session.add(RaceResult(**values | {"period": period, "race_class": None, "rank": None}))


def test_a_quarter_without_a_class_leaves_the_one_before_in_force(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    unclassed(store, "2026Q4")
    waiting, latest = waiting_result(store), BranchRace(store).latest()
    assert latest is not None
    assert (latest.period, latest.class_id) == ("2026Q4", "unclassed")
    assert waiting is not None
    assert waiting.period == "2026Q3"
    taken = take_result(store)
    assert (taken.how, taken.words.startswith("按落后类别新建“2026年三季度")) == ("opened", True)
    assert (take_result(store).how, waiting_result(store)) == ("known", None), "nothing is said of it again"


def test_a_result_without_a_class_is_told_when_it_comes_and_not_with_every_feedback_after(store: Store) -> None:
    assert take_result(store).news(new=False) == "", "no result is no news"
    receive(store, "lagging")
    unclassed(store, "2026Q4")
    with store.unit_of_work("收反馈") as session:
        session.execute(delete(RaceResult).where(RaceResult.period == "2026Q3"))
    taken = take_result(store)
    assert taken.how == "none"
    assert taken.news(new=True) == f"{taken.words}。"
    assert taken.news(new=False) == ""


def test_a_plan_begins_at_its_result_as_it_was_corrected(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    take_result(store)
    with store.unit_of_work("收反馈") as session:
        for result in session.scalars(select(RaceResult)):
            result.total_hundredths = 7612
    assert take_result(store).how == "known"
    plan = service.current()
    assert plan is not None
    total = plan.comparisons[0]
    assert (total.before, total.now) == (76.12, 76.12)


def test_a_plan_begins_at_the_score_of_the_period_it_comes_from(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    taken = take_result(store)
    with store.reading() as session:
        plan = session.get_one(PdcaPlan, taken.plan_id)
        assert (plan.opened_on, plan.before["on"]) == (date(2026, 10, 20), "2026-09-30")
    names = [figure.name for figure in current(service).comparisons if figure.key == RATE]
    assert names == ["标准化自评得分率"]
    store.clock = clock_at("2027-02-01 09:00")
    names = [figure.name for figure in current(service).comparisons if figure.key == RATE]
    assert names == ["标准化自评得分率（2026年、2027年，不比）"], "each year begins at nothing"


def current(service: ImprovementService) -> PlanRow:
    plan = service.current()
    assert plan is not None
    return plan


def test_the_same_result_is_taken_once(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    first = take_result(store)
    again = take_result(store)
    assert (again.how, again.plan_id) == ("known", first.plan_id)
    assert len(service.plans()) == 1


def test_the_same_class_again_continues_the_plan(store: Store, service: ImprovementService) -> None:
    receive(store, "middle")
    first = take_result(store)
    receive(store, "middle", "2026Q4")
    again = take_result(store)
    assert (again.how, again.plan_id) == ("continued", first.plan_id)
    plan = service.current()
    assert plan is not None
    assert (plan.source_period, plan.noted_periods) == ("2026Q3", ("2026Q4",))
    assert take_result(store).how == "known"


def test_another_class_ends_the_plan_and_takes_over_what_is_left(store: Store, service: ImprovementService) -> None:
    receive(store, "lagging")
    first = take_result(store).plan_id
    assert first is not None
    fill(service, first, "P")
    service.edit_plan(first, root_causes=["没人管", "没有分工", "责任清单没写"])
    service.advance(first)
    done, left = service.plan(first).actions[:2]
    service.record_actual(done.id, done.goal, gain="已固化")
    service.record_actual(left.id, left.base)
    receive(store, "middle", "2026Q4")
    taken = take_result(store)
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
    take_result(store)
    with store.unit_of_work("收反馈") as session:
        session.delete(session.scalars(select(RaceResult)).one())
    receive(store, "middle")
    assert take_result(store).how == "replaced"
    plan = service.current()
    assert plan is not None
    assert plan.race_class is RaceClass.MIDDLE
    assert take_result(store).how == "known"


def test_what_a_closed_plan_left_begins_the_next(store: Store, service: ImprovementService) -> None:
    receive(store, "advanced")
    plan_id = take_result(store).plan_id
    assert plan_id is not None
    for letter in "PDCA":
        fill(service, plan_id, letter)
    service.advance(plan_id)
    actions = service.plan(plan_id).actions
    reach(store, service, plan_id, but=actions[0].id)
    for _ in range(3):
        service.advance(plan_id)
    receive(store, "middle", "2026Q4")
    assert take_result(store).how == "opened"
    plan = service.current()
    assert plan is not None
    assert [action.what for action in plan.actions if action.rolled_over] == [actions[0].what]


def test_only_one_plan_is_ever_open(store: Store, service: ImprovementService) -> None:
    for period, class_id in (("2026Q1", "middle"), ("2026Q2", "advanced"), ("2026Q3", "middle"), ("2026Q4", "lagging")):
        receive(store, class_id, period)
        take_result(store)
        with store.reading() as session:
            stages = session.scalars(select(PdcaPlan.stage)).all()
            assert sum(bool(stage.letter) for stage in stages) == 1
            assert session.scalar(select(func.count(PdcaAction.id)))
