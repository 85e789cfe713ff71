"""The rules of a PDCA plan, without a database: what it starts with, when a stage may be left, what remains.

Source: domain.md section 5.1; stages, days and required fields come from the templates of the race scheme.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.improvement.rolling import taken_over
from desktop.services.numbers import digits
from desktop.services.quoting import quoted
from desktop.services.race.editions import period_name
from desktop.services.race.scheme import STAGES, PdcaTemplate, Scheme

STAGE_ORDER = (PdcaStage.PLANNING, PdcaStage.DOING, PdcaStage.CHECKING, PdcaStage.ADJUSTING, PdcaStage.CLOSED)
"""PLANNING … ADJUSTING are P, D, C, A; each gate leads to the next."""
PLANNABLE = (PdcaStage.PLANNING, PdcaStage.DOING)
"""While measures are added and changed: a goal is not moved once it is checked."""

_COUNT = re.compile(r"(\d+)\s*(个|次|份|项|条|名|期)")
_LAYERS = re.compile(r"(\d+)层")
_ITEM_ACTIONS = {"lagging": 10, "middle": 5, "advanced": 0}
"""How many items of the standard a plan takes up at first, most points first."""
_INDICATOR_ACTIONS = {"lagging": 99, "middle": 3, "advanced": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorGap:
    """A race indicator that is to rise, in the numbers people say (90 → 92.5 %)."""

    indicator: str
    name: str
    now: float
    goal: float
    unit: str
    points: float
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGap:
    """An item of the standard with points still to win.

    `reached` is the percentage its trace rule has reached, `goal` what it reaches once all that can still be
    mended is mended.
    """

    item: str
    title: str
    what: str
    post: str
    reached: float
    points: float
    by: date | None = None
    goal: float = 100.0
    owner_id: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One measure of a plan (措施). `id` is empty until it is stored."""

    what: str
    indicator: str | None = None
    item_id: str | None = None
    owner_id: str | None = None
    owner_post: str | None = None
    due_on: date | None = None
    unit: str = ""
    base: float | None = None
    goal: float | None = None
    actual: float | None = None
    actual_on: date | None = None
    gain: str = ""
    rolled_over_from_id: str | None = None
    id: str = ""
    counts: Counted | None = None
    """Which records tell `actual` while the plan runs; None: it is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan as the program proposes it; people change and confirm it."""

    title: str
    race_class: str
    period: str
    opened_on: date
    ends_on: date
    benchmark: str | None
    fields: Mapping[str, Mapping[str, str]]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a gate looks at."""

    stage: PdcaStage
    actions: Sequence[Action]
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    root_causes: Sequence[str] = ()
    benchmark: str | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that keeps a plan from its next stage; `action` is the id of the action concerned."""

    field: str
    reason: str
    action: str = ""


def next_stage(stage: PdcaStage) -> PdcaStage | None:
    """Return the stage after `stage`; None once the plan has ended."""
    if stage not in STAGE_ORDER[:-1]:
        return None
    return STAGE_ORDER[STAGE_ORDER.index(stage) + 1]


def stage_due(template: PdcaTemplate, days: int) -> PdcaStage:
    """Return the stage the template asks for `days` after the start: a stage is left within its days."""
    for letter, stage in zip(STAGES, STAGE_ORDER, strict=False):
        if days <= template.step(letter).within_days:
            return stage
    return PdcaStage.CLOSED


def deadline(template: PdcaTemplate, opened_on: date, stage: PdcaStage) -> date | None:
    """Return the last day for `stage` of a plan opened on `opened_on`."""
    return opened_on + timedelta(days=template.step(stage.letter).within_days) if stage.letter else None


def progress(action: Action) -> Fraction | None:
    """Return (actual − base) / (goal − base), clipped to 0..1; None without a measurable goal or an actual."""
    if action.goal is None or action.base is None or action.actual is None:
        return None
    way = Fraction(str(action.goal)) - Fraction(str(action.base))
    if not way:
        return Fraction(int(action.actual == action.goal))
    done = (Fraction(str(action.actual)) - Fraction(str(action.base))) / way
    return min(max(done, Fraction(0)), Fraction(1))


def due_actions(actions: Sequence[Action], on: date) -> list[Action]:
    """Return the actions due by `on`; one that a later plan goes on with counts there alone, once it is due there."""
    due = [action for action in actions if action.due_on is not None and action.due_on <= on]
    gone = taken_over(due, actions)
    return [action for action in due if action.id not in gone]


def target_ratio(actions: Sequence[Action], on: date) -> Fraction | None:
    """Return the mean progress of the actions due by `on` (改进目标达成率); None when none is due.

    An action whose day has passed without an actual value has got nowhere.
    """
    due = due_actions(actions, on)
    if not due:
        return None
    return sum((progress(action) or Fraction(0) for action in due), Fraction(0)) / len(due)


def leftovers(actions: Sequence[Action]) -> list[Action]:
    """Return what the next plan takes over: every action that has not reached its goal."""
    return [action for action in actions if (progress(action) or 0) < 1]


def lacks(template: PdcaTemplate, plan: PlanFacts) -> list[Lack]:
    """Return what is missing before the plan may leave its stage, in the order people fill it in."""
    letter = plan.stage.letter
    if not letter:
        return []
    found: list[Lack] = []
    step = template.step(letter)
    written = plan.fields.get(letter, {})
    for name in step.required:
        reason = _unfilled(name, written.get(name, ""), plan) if letter == "P" else ""
        if letter != "P" and not written.get(name, "").strip():
            reason = "尚未填写"
        if reason:
            found.append(Lack(name, reason))
    if letter == "P":
        if not plan.actions:
            found.append(Lack("措施", "至少要有一条措施"))
        for action in plan.actions:
            found.extend(
                Lack(name, f"{quoted(action.what)}{reason}", action.id) for name, reason in _incomplete(action)
            )
    if letter == "D":
        found.extend(
            Lack("实际值", f"{quoted(action.what)}还没有实际值", action.id)
            for action in plan.actions
            if action.actual is None
        )
    return found


def lacking_figures(base: float | None, goal: float | None) -> str:
    """Say which figures a measure has none of, "" where it has both."""
    names = [name for name, figure in (("基数", base), ("目标值", goal)) if figure is None]
    return f"没有{'和'.join(names)}" if names else ""


def _incomplete(action: Action) -> list[tuple[str, str]]:
    rows = []
    if action.owner_id is None and not action.owner_post:
        rows.append(("责任人", "没有责任人"))
    if action.due_on is None:
        rows.append(("完成时限", "没有完成时限"))
    if lacking := lacking_figures(action.base, action.goal):
        rows.append(("可量化目标", lacking))
    return rows


def _unfilled(name: str, text: str, plan: PlanFacts) -> str:
    """Say why a required field of stage P is not filled. What the actions already say needs no second typing."""
    layers = _LAYERS.search(name)
    if layers is not None:
        wanted = int(layers[1])
        given = sum(bool(cause.strip()) for cause in plan.root_causes)
        return "" if given >= wanted else f"已写{given}层，至少追问{wanted}层"
    if name in ("整改事项", "里程碑"):
        return "" if text.strip() or plan.actions else "尚未填写"
    if name in ("责任人", "完成时限", "可量化目标", "提升目标值"):
        field_of = {"提升目标值": "可量化目标"}.get(name, name)
        complete = plan.actions and not any(field_of == f for a in plan.actions for f, _ in _incomplete(a))
        return "" if text.strip() or complete else "有措施尚未填写"
    if name in ("对标支部", "帮带对象"):
        return "" if text.strip() or (plan.benchmark or "").strip() else "尚未填写"
    return "" if text.strip() else "尚未填写"


def draft_plan(
    scheme: Scheme,
    *,
    race_class: str,
    period: str,
    opened_on: date,
    indicators: Sequence[IndicatorGap] = (),
    items: Sequence[ItemGap] = (),
    benchmark: str | None = None,
    rolled_over: Sequence[Action] = (),
) -> Draft:
    """Return the plan a race class calls for, filled with what is known already.

    First what an earlier plan left open, then the widest gaps with the post that answers for them, then
    what the scheme asks of every branch of the class. Root causes, owners' names and helpers stay empty:
    people write them.
    """
    template = scheme.template(race_class)
    due = opened_on + timedelta(days=template.step("D").within_days)
    taken = {(action.item_id, action.indicator, action.what) for action in rolled_over}
    actions = [
        Action(
            what=action.what,
            indicator=action.indicator,
            item_id=action.item_id,
            owner_id=action.owner_id,
            owner_post=action.owner_post,
            due_on=due,
            unit=action.unit,
            base=action.base if action.actual is None else action.actual,
            goal=action.goal,
            rolled_over_from_id=action.id or None,
            counts=action.counts,
        )
        for action in rolled_over
    ]
    widest = sorted(items, key=lambda gap: -gap.points)[: _ITEM_ACTIONS[race_class]]
    actions += [
        Action(
            what=f"{gap.title}：{gap.what}" if gap.what else gap.title,
            indicator=_standard_indicator(scheme),
            item_id=gap.item,
            owner_id=gap.owner_id,
            owner_post=gap.post,
            due_on=min(due, gap.by) if gap.by is not None and gap.by > opened_on else due,
            unit="%",
            base=gap.reached,
            goal=gap.goal,
        )
        for gap in widest
    ]
    strongest = sorted(indicators, key=lambda gap: -gap.points)[: _INDICATOR_ACTIONS[race_class]]
    actions += [
        Action(
            what=f"{gap.name}：{gap.text}" if gap.text else gap.name,
            indicator=gap.indicator,
            owner_post="secretary",
            due_on=due,
            unit=gap.unit,
            base=gap.now,
            goal=gap.goal,
        )
        for gap in strongest
    ]
    for asked in scheme.race_class(race_class).actions:
        count = _COUNT.search(asked.text)
        actions.append(
            Action(
                what=asked.text,
                owner_post="secretary",
                due_on=due,
                unit=unit_of(asked.text, asked.counts),
                base=0.0,
                goal=float(count[1]) if count else 1.0,
                counts=asked.counts,
            )
        )
    fresh = actions[: len(rolled_over)] + [
        action
        for action in actions[len(rolled_over) :]
        if (action.item_id, action.indicator, action.what) not in taken
        and (action.item_id is None or action.item_id not in {key[0] for key in taken})
    ]
    return Draft(
        title=f"{period_name(period)}{template.name}",
        race_class=race_class,
        period=period,
        opened_on=opened_on,
        ends_on=opened_on + timedelta(days=template.duration_days),
        benchmark=benchmark,
        fields={"P": _prefilled(template, indicators, benchmark)},
        actions=tuple(fresh),
    )


def unit_of(words: str, counts: Counted | None) -> str:
    """Return what a measure of the scheme is counted in: as its words say, else as its records are, else in items."""
    count = _COUNT.search(words)
    if count is not None:
        return count[2]
    return "项" if counts is None else counts.unit


def _standard_indicator(scheme: Scheme) -> str | None:
    return next((i.id for i in scheme.indicators if i.formula == "branch_standard_total"), None)


def _prefilled(template: PdcaTemplate, gaps: Sequence[IndicatorGap], benchmark: str | None) -> dict[str, str]:
    """Fill in the required fields of stage P that follow from the race: the weak indicators, the benchmark."""
    filled: dict[str, str] = {}
    for name in template.step("P").required:
        if "指标" in name and ("分差" in name or "差距" in name) and gaps:
            widest = sorted(gaps, key=lambda gap: -gap.points)
            shown = widest[: _INDICATOR_ACTIONS[template.class_id]]
            filled[name] = "；".join(f"{gap.name}差{digits(round(gap.points, 4))}分" for gap in shown)
        elif name == "对标支部" and benchmark:
            filled[name] = benchmark
    return filled
