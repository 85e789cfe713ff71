"""A plan as the board shows it: its stages with their gates, its measures, its figures before and now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaPlan, PdcaStep
from desktop.models.members import Member
from desktop.models.race import Remark
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.improvement.asked import asked_of
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.measure import Measure, number, post_name, race_figures
from desktop.services.improvement.plan import (
    STAGE_ORDER,
    Action,
    Lack,
    PlanFacts,
    deadline,
    lacks,
    next_stage,
    progress,
    stage_due,
    target_ratio,
)
from desktop.services.improvement.records import actions_of
from desktop.services.improvement.rows import RATE, TOTAL, ActionRow, Comparison, PlanRow, StageRow
from desktop.services.numbers import NONE
from desktop.services.race.rows import RaceRow
from desktop.services.race.scheme import PdcaTemplate, Scheme
from desktop.services.standards.score import UNRATED

Snapshot: TypeAlias = Mapping[str, Any]
"""Figures of a day as a plan keeps them: JSON, since each edition of the scheme has its own."""
STAGE_NAMES = {"P": "计划", "D": "执行", "C": "检查", "A": "处理"}


def plan_row(
    session: Session, plan: PdcaPlan, scheme: Scheme, now: Measure, result: RaceRow | None, today: date
) -> PlanRow:
    """Return `plan` as the board shows it on `today`; `now` and `result` are today's score and latest race result."""
    template = scheme.template(plan.race_class.value)
    arranged = Arrangements(session)
    actions = actions_of(session, plan, today, arranged)
    names = {
        member.id: member.name for member in session.scalars(select(Member).where(Member.branch_id == plan.branch_id))
    }
    indicators = {indicator.id: indicator.name for indicator in scheme.indicators}
    indicators |= {part.id: part.name for indicator in scheme.indicators for part in indicator.parts}
    remarks = set(session.scalars(select(Remark.id).where(Remark.branch_id == plan.branch_id)))
    entered = {
        step.stage: step.on
        for step in session.scalars(
            select(PdcaStep).where(PdcaStep.plan_id == plan.id, PdcaStep.deleted_at_utc.is_(None))
        )
    }
    asked = asked_of(session, plan, today)
    until = today if plan.stage.letter else entered.get(plan.stage, today)
    rows = tuple(
        replace(
            row,
            rolled_over=row.rolled_over and action.rolled_over_from_id not in remarks,
            records=arranged.of(plan.branch_id, action.counts, plan.opened_on, until) if action.counts else (),
            countable=asked.counts(action),
        )
        for action in actions
        for row in (_action_row(plan, action, names, indicators, today),)
    )
    day = (today - plan.opened_on).days
    due = stage_due(template, day)
    lanes = Counter(row.lane for row in rows)
    origin = session.get(PdcaPlan, plan.rolled_over_from_id) if plan.rolled_over_from_id else None
    ratio = target_ratio(actions, today)
    return PlanRow(
        id=plan.id,
        title=plan.title,
        race_class=plan.race_class,
        source_period=plan.source_period,
        noted_periods=tuple(plan.noted_periods),
        opened_on=plan.opened_on,
        ends_on=deadline(template, plan.opened_on, PdcaStage.ADJUSTING) or plan.opened_on,
        day=day + 1,
        days=template.duration_days,
        stage=plan.stage,
        stage_late=plan.stage in STAGE_ORDER and STAGE_ORDER.index(due) > STAGE_ORDER.index(plan.stage),
        benchmark=plan.benchmark,
        root_causes=tuple(plan.root_causes),
        fields=plan.fields,
        goal=scheme.race_class(plan.race_class.value).goal,
        stages=tuple(_stage_rows(template, plan, actions, entered, lanes)),
        actions=rows,
        comparisons=tuple(_comparisons(plan, now, result, scheme, actions)),
        target_ratio=float(ratio) if ratio is not None else None,
        rolled_over_from=origin.title if origin is not None else "",
        rev=plan.rev,
    )


def facts_of(plan: PdcaPlan, actions: Sequence[Action]) -> PlanFacts:
    """Return what the rules of a gate look at."""
    return PlanFacts(plan.stage, actions, plan.fields, plan.root_causes, plan.benchmark)


def _lane(plan: PdcaPlan, action: Action) -> str:
    planned = action.due_on is not None and action.base is not None and action.goal is not None
    if plan.stage is PdcaStage.PLANNING or not planned:
        return "P"
    if (progress(action) or 0) < 1:
        return "D"
    return "A" if action.gain.strip() else "C"


def _action_row(
    plan: PdcaPlan, action: Action, names: Mapping[str, str], indicators: Mapping[str, str], today: date
) -> ActionRow:
    share = progress(action)
    reached = share is not None and share >= 1
    late = 0
    if not reached and action.due_on is not None and plan.stage.letter:
        late = max(0, (today - action.due_on).days)
    return ActionRow(
        id=action.id,
        plan_id=plan.id,
        what=action.what,
        indicator=action.indicator,
        indicator_name=indicators.get(action.indicator or "", ""),
        item_id=action.item_id,
        owner_id=action.owner_id,
        owner_name=names.get(action.owner_id or "", ""),
        owner_post=action.owner_post,
        owner_post_name=post_name(action.owner_post),
        due_on=action.due_on,
        unit=action.unit,
        base=action.base,
        goal=action.goal,
        actual=action.actual,
        actual_on=action.actual_on,
        gain=action.gain,
        lane=_lane(plan, action),
        progress=float(share) if share is not None else None,
        reached=reached,
        overdue_days=late,
        rolled_over=action.rolled_over_from_id is not None,
        counts=action.counts,
    )


def _stage_rows(
    template: PdcaTemplate,
    plan: PdcaPlan,
    actions: Sequence[Action],
    entered: Mapping[PdcaStage, date],
    lanes: Mapping[str, int],
) -> list[StageRow]:
    rows = []
    for stage in STAGE_ORDER[:-1]:
        step = template.step(stage.letter)
        current = stage is plan.stage
        wanting = lacks(template, replace(facts_of(plan, actions), stage=stage)) if current else []
        written = plan.fields.get(stage.letter, {})
        rows.append(
            StageRow(
                stage=stage,
                letter=stage.letter,
                name=STAGE_NAMES[stage.letter],
                title=step.name,
                deadline=deadline(template, plan.opened_on, stage) or plan.opened_on,
                within_days=step.within_days,
                entered_on=entered.get(stage),
                current=current,
                required=tuple((name, written.get(name, "")) for name in step.required),
                lacks=tuple(wanting),
                gate=_gate_words(plan, stage, wanting),
                actions=lanes.get(stage.letter, 0),
            )
        )
    return rows


def _gate_words(plan: PdcaPlan, stage: PdcaStage, wanting: Sequence[Lack]) -> str:
    if stage is not plan.stage:
        passed = not plan.stage.letter or STAGE_ORDER.index(stage) < STAGE_ORDER.index(plan.stage)
        return "已完成" if passed else "未开始"
    if not wanting:
        following = next_stage(stage) or PdcaStage.CLOSED
        return "齐了，可以结束本轮" if following is PdcaStage.CLOSED else f"齐了，可以进入{following.label}"
    undone = sum(lack.field == "实际值" for lack in wanting)
    others = len(wanting) - undone
    words = []
    if undone:
        words.append(f"还有{undone}条措施没有实际值")
    if others:
        first = next(lack.field for lack in wanting if lack.field != "实际值")
        words.append(f"还缺{first}{f'等{others}处' if others > 1 else ''}")
    return "，".join(words)


def _comparisons(
    plan: PdcaPlan, now: Measure, result: RaceRow | None, scheme: Scheme, actions: Sequence[Action]
) -> list[Comparison]:
    """Return total, standard score and race figures before and now; closed plans keep what was measured then."""
    ended = not plan.stage.letter and bool(plan.after)
    after: Snapshot = plan.after if ended else now.snapshot
    before: Snapshot = plan.before
    raws: Snapshot = after.get("race", {}) if ended else (race_figures(result) if result is not None else {})
    total = after.get("race_total") if ended else (number(result.total) if result is not None else None)
    goals = {action.indicator: action.goal for action in actions if action.indicator and action.item_id is None}
    rows = [
        Comparison(TOTAL, "赛马总分", before.get("race_total"), total, before.get("race_goal"), "分"),
        _rate(before, after),
    ]
    first: Snapshot = before.get("race", {})
    for key in dict.fromkeys([*first, *raws]):
        try:
            _, part = scheme.part(key)
        except KeyError:
            continue  # an indicator of an older edition of the scheme
        percent = max(abs(part.full), abs(part.zero)) <= 1
        rows.append(
            Comparison(
                key,
                part.name,
                _scaled(first.get(key), percent),
                _scaled(raws.get(key), percent),
                goals.get(key),
                "%" if percent else "分",
            )
        )
    return rows


def _rate(before: Snapshot, after: Snapshot) -> Comparison:
    """Return the rates of the standard where somebody had judged quality; a former program kept one by traces alone
    too, and did not say of which it was: such a one is not told. Each year begins anew: rates of two say so.
    """
    was, now = (snapshot.get("rate") if snapshot.get("quality_rated") else None for snapshot in (before, after))
    before_said, now_said = (UNRATED if "quality_rated" in snapshot else NONE for snapshot in (before, after))
    years = {str(snapshot["on"])[:4] for snapshot in (before, after) if snapshot.get("on")}
    name = "标准化自评得分率" + (f"（{'年、'.join(sorted(years))}年，不比）" if len(years) > 1 else "")
    return Comparison(RATE, name, was, now, None, "分", lacking=(before_said, now_said))


def _scaled(value: float | None, percent: bool) -> float | None:
    if value is None:
        return None
    return round(value * 100, 4) if percent else value
