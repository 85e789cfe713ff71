"""PDCA plans: what a class brings, when a stage may be left, what rolls over."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from desktop.models.vocabulary.race import PdcaStage
from desktop.services.improvement.plan import (
    Action,
    IndicatorGap,
    ItemGap,
    Lack,
    PlanFacts,
    deadline,
    draft_plan,
    due_actions,
    lacks,
    leftovers,
    next_stage,
    progress,
    stage_due,
    target_ratio,
)
from desktop.services.race.editions import period_name
from desktop.services.race.scheme import default_scheme

SCHEME = default_scheme()
OPENED = date(2026, 10, 20)
WHOLE = Action(
    "意见15个工作日内答复", owner_post="secretary", due_on=date(2026, 12, 31), base=71, goal=100, id="a", unit="%"
)
GAPS = (
    IndicatorGap(
        indicator="H4", name="群众和客户满意度", now=90, goal=92.5, unit="%", points=1.2, text="由90%提高到92.5%"
    ),
    IndicatorGap(
        indicator="H1", name="标准化建设得分", now=84.2, goal=93.2, unit="分", points=5.4, text="由84.2提高到93.2"
    ),
    IndicatorGap(
        indicator="H6", name="提质升级改进", now=79, goal=94.7, unit="%", points=1.79, text="由79%提高到94.7%"
    ),
    IndicatorGap(indicator="H2", name="党员积分水平", now=88, goal=92, unit="分", points=1.14, text="由88提高到92"),
)
ITEMS = tuple(
    ItemGap(
        item=f"D4-{n:02}",
        title=f"第{n}项",
        what="补开6月支委会",
        post="org_commissioner",
        reached=40.0,
        points=n / 10,
        by=date(2026, 11, n),
    )
    for n in range(1, 13)
)


@pytest.mark.parametrize(
    ("class_id", "opened", "title", "days"),
    [
        ("lagging", OPENED, "2026年三季度整改转化计划", 90),
        ("middle", OPENED, "2026年三季度提升规划", 180),
        ("advanced", OPENED, "2026年三季度品牌示范计划", 365),
    ],
)
def test_a_class_brings_its_template(class_id: str, opened: date, title: str, days: int) -> None:
    draft = draft_plan(SCHEME, race_class=class_id, period="2026Q3", opened_on=opened)
    assert (draft.title, (draft.ends_on - draft.opened_on).days) == (title, days)
    wanted = SCHEME.race_class(class_id).actions
    assert [action.what for action in draft.actions] == [each.text for each in wanted]
    assert all(a.base == 0 and a.goal is not None and a.due_on is not None for a in draft.actions)


def test_a_middle_branch_starts_with_its_widest_gaps() -> None:
    draft = draft_plan(
        SCHEME,
        race_class="middle",
        period="2026Q3",
        opened_on=OPENED,
        indicators=GAPS,
        items=ITEMS,
        benchmark="南岭县站党支部",
    )
    items = [action for action in draft.actions if action.item_id]
    assert [action.item_id for action in items] == ["D4-12", "D4-11", "D4-10", "D4-09", "D4-08"]
    assert items[0] == Action(
        "第12项：补开6月支委会",
        indicator="H1",
        item_id="D4-12",
        owner_post="org_commissioner",
        due_on=date(2026, 11, 12),
        unit="%",
        base=40.0,
        goal=100.0,
    )
    assert [a.indicator for a in draft.actions if a.indicator and not a.item_id] == ["H1", "H6", "H4"]
    assert draft.fields["P"] == {
        "与先进线差距最大的3个指标": "标准化建设得分差5.4分；提质升级改进差1.79分；群众和客户满意度差1.2分",
        "对标支部": "南岭县站党支部",
    }
    visit = next(a for a in draft.actions if a.what == "到先进支部观摩1次")
    assert (visit.base, visit.goal, visit.unit, visit.due_on) == (0, 1, "次", date(2027, 2, 17))


def test_what_an_earlier_plan_left_comes_first_and_once() -> None:
    left = replace(WHOLE, actual=82, actual_on=date(2026, 9, 1))
    repeated = Action("到先进支部观摩1次", base=0, goal=1, id="b", owner_post="secretary")
    draft = draft_plan(SCHEME, race_class="middle", period="2026Q3", opened_on=OPENED, rolled_over=[left, repeated])
    first, second = draft.actions[:2]
    assert (first.rolled_over_from_id, first.base, first.goal, first.actual) == ("a", 82, 100, None)
    assert second.rolled_over_from_id == "b"
    assert [a.what for a in draft.actions].count("到先进支部观摩1次") == 1


@pytest.mark.parametrize(
    ("base", "goal", "actual", "share"),
    [
        (71, 100, 82, Fraction(11, 29)),
        (0, 1, 0, 0),
        (0, 1, 3, 1),
        (10, 2, 6, Fraction(1, 2)),  # fewer is better
        (5, 3, 7, 0),
        (4.2, 8, 6.5, Fraction(23, 38)),
        (3, 3, 3, 1),
        (3, 3, 2, 0),
        (0, 1, None, None),
        (None, 1, 1, None),
    ],
)
def test_progress(base: float | None, goal: float, actual: float | None, share: object) -> None:
    assert progress(replace(WHOLE, base=base, goal=goal, actual=actual)) == share


def test_the_target_ratio_looks_at_what_is_due() -> None:
    actions = [
        replace(WHOLE, due_on=date(2026, 9, 30), base=0, goal=10, actual=5),
        replace(WHOLE, due_on=date(2026, 9, 1), base=0, goal=10),
        replace(WHOLE, due_on=date(2026, 10, 1), base=0, goal=10, actual=10),
    ]
    assert target_ratio(actions, date(2026, 9, 30)) == Fraction(1, 4)
    assert target_ratio(actions, date(2026, 8, 1)) is None
    assert leftovers(actions) == actions[:2]


def test_a_measure_left_to_the_next_plan_counts_once_where_it_is_due_last() -> None:
    first = replace(WHOLE, due_on=date(2026, 3, 1), base=0, goal=10, actual=5, id="a")
    second = replace(first, due_on=date(2026, 6, 1), actual=None, id="b", rolled_over_from_id="a")
    third = replace(first, due_on=date(2026, 9, 1), actual=10, id="c", rolled_over_from_id="b")
    every = [first, second, third]
    assert [due_actions(every, date(2026, month, 1)) for month in (2, 4, 7, 10)] == [[], [first], [second], [third]]
    assert [target_ratio(every, date(2026, month, 1)) for month in (4, 7, 10)] == [Fraction(1, 2), 0, 1]


@pytest.mark.parametrize(
    ("class_id", "days", "stage"),
    [
        ("middle", 0, PdcaStage.PLANNING),
        ("middle", 20, PdcaStage.PLANNING),
        ("middle", 21, PdcaStage.DOING),
        ("middle", 120, PdcaStage.DOING),
        ("middle", 121, PdcaStage.CHECKING),
        ("middle", 151, PdcaStage.ADJUSTING),
        ("middle", 181, PdcaStage.CLOSED),
        ("lagging", 16, PdcaStage.DOING),
        ("advanced", 271, PdcaStage.CHECKING),
    ],
)
def test_the_stage_a_template_asks_for(class_id: str, days: int, stage: PdcaStage) -> None:
    assert stage_due(SCHEME.template(class_id), days) is stage


def test_deadlines_follow_the_template() -> None:
    template = SCHEME.template("middle")
    assert deadline(template, OPENED, PdcaStage.PLANNING) == date(2026, 11, 9)
    assert deadline(template, OPENED, PdcaStage.ADJUSTING) == date(2027, 4, 18)
    assert deadline(template, OPENED, PdcaStage.CLOSED) is None


def facts(stage: PdcaStage, *actions: Action, **fields: dict[str, str]) -> PlanFacts:
    return PlanFacts(stage, actions, fields)


def filled(class_id: str, letter: str) -> dict[str, str]:
    return dict.fromkeys(SCHEME.template(class_id).step(letter).required, "已写")


def test_p_wants_causes_owners_days_and_numbers() -> None:
    template = SCHEME.template("lagging")
    bare = replace(WHOLE, owner_post=None, due_on=None, goal=None)
    found = lacks(template, facts(PdcaStage.PLANNING, bare))
    assert [lack.field for lack in found] == [
        "落后指标及分差", "根因（至少追问3层）", "责任人", "完成时限", "可量化目标", "上级联系人",
        "责任人", "完成时限", "可量化目标",
    ]  # fmt: skip
    assert found[1].reason == "已写0层，至少追问3层"
    assert found[-1] == Lack("可量化目标", "“意见15个工作日内答复”没有目标值", "a")
    plan = PlanFacts(
        PdcaStage.PLANNING,
        [WHOLE],
        {"P": {"落后指标及分差": "满意度", "上级联系人": "王科长"}},
        root_causes=["答复慢", "没有专人", "责任清单未写明"],
    )
    assert lacks(template, plan) == []
    assert lacks(template, replace(plan, root_causes=["答复慢", " ", "没有专人"])) == [
        Lack("根因（至少追问3层）", "已写2层，至少追问3层")
    ]
    assert Lack("措施", "至少要有一条措施") in lacks(template, replace(plan, actions=[]))


def test_the_benchmark_is_not_typed_twice() -> None:
    template = SCHEME.template("middle")
    plan = PlanFacts(PdcaStage.PLANNING, [WHOLE], {"P": {"与先进线差距最大的3个指标": "满意度"}})
    assert lacks(template, plan) == [Lack("对标支部", "尚未填写")]
    assert lacks(template, replace(plan, benchmark="南岭县站党支部")) == []


def test_c_is_closed_until_every_action_has_its_number() -> None:
    template = SCHEME.template("middle")
    done = replace(WHOLE, id="b", actual=1)
    plan = facts(PdcaStage.DOING, WHOLE, done, D=filled("middle", "D"))
    assert lacks(template, plan) == [Lack("实际值", "“意见15个工作日内答复”还没有实际值", "a")]
    assert lacks(template, replace(plan, actions=[done])) == []
    assert [lack.field for lack in lacks(template, replace(plan, fields={}))][:3] == list(template.step("D").required)


def test_a_plan_does_not_close_without_a() -> None:
    template = SCHEME.template("advanced")
    plan = facts(PdcaStage.ADJUSTING, replace(WHOLE, actual=1))
    assert [lack.field for lack in lacks(template, plan)] == ["可复制工作法", "推广范围", "新的短板"]
    assert lacks(template, replace(plan, fields={"A": filled("advanced", "A")})) == []
    assert next_stage(PdcaStage.ADJUSTING) is PdcaStage.CLOSED
    assert next_stage(PdcaStage.CLOSED) is None
    assert next_stage(PdcaStage.ROLLED_OVER) is None


@pytest.mark.parametrize(
    ("period", "name"), [("2026Q3", "2026年三季度"), ("2026Q1", "2026年一季度"), ("2026", "2026年度")]
)
def test_periods_are_said_as_people_say_them(period: str, name: str) -> None:
    assert period_name(period) == name
