"""From the race to a plan: the latest result opens, continues or replaces the plan of this branch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaPlan, PdcaStep
from desktop.models.vocabulary.race import PdcaStage, RaceClass
from desktop.services.improvement.asked import count_as_asked
from desktop.services.improvement.measure import Measure, holders_of, measure, number, race_figures, race_goal
from desktop.services.improvement.plan import Action, Draft, IndicatorGap, draft_plan, leftovers
from desktop.services.improvement.records import actions_of, enter, new_record, open_plan, settle
from desktop.services.quoting import quoted
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.editions import race_span, scheme_in_force
from desktop.services.race.rows import RaceRow
from desktop.services.store import Store


class Outcome(StrEnum):
    """What became of a race result."""

    OPENED = "opened"
    CONTINUED = "continued"  # the open plan is of the same class
    REPLACED = "replaced"  # the open plan was of another class
    KNOWN = "known"  # it was taken before
    NONE = "none"  # there is no result, or it has no class


@dataclass(frozen=True, slots=True)
class Taken:
    """What a race result did at the branch, in which plan, and in words for the user."""

    how: Outcome
    plan_id: str | None
    words: str
    counted: tuple[str, ...] = ()
    """Measures of the plan before it that began to count by records, since the scheme in force counts them."""

    def news(self, new: bool) -> str:
        """Say what is to be told after feedback, `new` if it brought a result: one without a class is told once."""
        known = self.how is Outcome.KNOWN or (self.how is Outcome.NONE and not new)
        news = [] if known else [self.words]
        if self.counted:
            news.append(f"措施{'、'.join(map(quoted, self.counted))}按赛马方案改为按记录计数，不用再填进展")
        return "".join(f"{words}。" for words in news)


def take_result(store: Store) -> Taken:
    """Let the latest published race result with a class open, continue or replace the plan. Repeating it changes
    nothing but what was published anew since.

    A result of the same class continues the open plan and is noted in it; another class takes the open plan
    to its last stage, and what it has not reached becomes actions of the new one. First the open plan counts what the
    scheme in force counts.
    """
    counted = count_as_asked(store)
    return replace(_take(store), counted=counted)


def _take(store: Store) -> Taken:
    race = BranchRace(store)
    result = race.classed()
    if result is None:
        latest = race.latest()
        words = f"{latest.period_name}{latest.class_name}，不需要新的计划" if latest else "还没有收到赛马结果"
        return Taken(Outcome.NONE, None, words)
    race_class = RaceClass(result.class_id)
    _correct(store, race.results())
    with store.reading() as session:
        if _knows(store, session, result.period, race_class):
            current = open_plan(session, store.branch_id)
            return Taken(Outcome.KNOWN, current.id if current else None, f"{result.period_name}结果已有计划")
        scheme, current = scheme_in_force(session, store.today), open_plan(session, store.branch_id)
        goes_on = current is not None and current.race_class is race_class
    measured, then = (Measure(), {}) if goes_on else _measured(store, result.period)
    with store.unit_of_work(f"{result.period_name}赛马结果：{race_class.label}") as session:
        current = open_plan(session, store.branch_id)
        if current is not None and current.race_class is race_class:
            current.noted_periods = [*current.noted_periods, result.period]
            return Taken(Outcome.CONTINUED, current.id, f"类别仍为{race_class.label}，继续执行“{current.title}”")
        left, origin = _leave(store, session, current)
        draft = draft_plan(
            scheme,
            race_class=race_class.value,
            period=result.period,
            opened_on=store.today,
            indicators=indicator_gaps_of(result),
            items=measured.gaps,
            benchmark=result.benchmark,
            rolled_over=left,
        )
        plan = _keep(store, session, draft, origin, then, result)
        words = f"按{race_class.label}类别新建“{plan.title}”，预填措施{len(draft.actions)}条"
        return Taken(Outcome.REPLACED if current is not None else Outcome.OPENED, plan.id, words)


def _measured(store: Store, period: str) -> tuple[Measure, dict[str, Any]]:
    """Return the score of today, and its snapshot of the last day of the period that a plan begins at."""
    now, last = measure(store, store.today), race_span(period).last
    return now, now.snapshot if last >= store.today else measure(store, last).snapshot


def waiting_result(store: Store) -> RaceRow | None:
    """Return the latest published result with a class while no plan knows of it yet."""
    result = BranchRace(store).classed()
    if result is None:
        return None
    with store.reading() as session:
        return None if _knows(store, session, result.period, RaceClass(result.class_id)) else result


def _knows(store: Store, session: Session, period: str, race_class: RaceClass) -> bool:
    """Whether a plan exists for this result; a class changed on appeal makes it another result."""
    plans = session.scalars(
        select(PdcaPlan).where(
            PdcaPlan.branch_id == store.branch_id,
            PdcaPlan.race_class == race_class,
            PdcaPlan.deleted_at_utc.is_(None),
        )
    )
    return any(period == plan.source_period or period in plan.noted_periods for plan in plans)


def _correct(store: Store, results: Sequence[RaceRow]) -> None:
    """Let the open plan begin at the figures of its result as it was published last, after an appeal."""
    with store.reading() as session:
        plan = open_plan(session, store.branch_id)
        source = next((row for row in results if plan is not None and row.period == plan.source_period), None)
        if plan is None or source is None or source.class_id != plan.race_class:
            return
        figures, plan_id = _figures(source), plan.id
        if all(plan.before.get(name) == value for name, value in figures.items()):
            return
    with store.unit_of_work(f"{source.period_name}赛马结果更正，计划的起点跟着更正") as session:
        plan = session.get_one(PdcaPlan, plan_id)
        plan.before = {**plan.before, **figures}


def _figures(result: RaceRow) -> dict[str, Any]:
    return {"race_total": number(result.total), "race_goal": race_goal(result), "race": race_figures(result)}


def _leave(store: Store, session: Session, current: PdcaPlan | None) -> tuple[list[Action], str | None]:
    """End the open plan, if any, and return what it (or the last one ended) leaves to the next."""
    if current is not None:
        left = leftovers(actions_of(session, current, store.today))
        settle(session, current, store.today)
        if current.stage is not PdcaStage.ADJUSTING:
            enter(session, current, PdcaStage.ADJUSTING, store.today)
        enter(session, current, PdcaStage.ROLLED_OVER, store.today)
        return left, current.id
    last = session.scalar(
        select(PdcaPlan)
        .where(
            PdcaPlan.branch_id == store.branch_id,
            PdcaPlan.stage == PdcaStage.CLOSED,
            PdcaPlan.deleted_at_utc.is_(None),
        )
        .order_by(PdcaPlan.opened_on.desc(), PdcaPlan.id.desc())
    )
    if last is None:
        return [], None
    return leftovers(actions_of(session, last, store.today)), last.id


def _keep(
    store: Store, session: Session, draft: Draft, origin: str | None, then: Mapping[str, Any], result: RaceRow
) -> PdcaPlan:
    plan = PdcaPlan(
        branch_id=store.branch_id,
        title=draft.title,
        race_class=RaceClass(draft.race_class),
        source_period=draft.period,
        noted_periods=[],
        opened_on=draft.opened_on,
        stage=PdcaStage.PLANNING,
        benchmark=draft.benchmark,
        root_causes=[],
        fields={letter: dict(texts) for letter, texts in draft.fields.items()},
        before={**then, **_figures(result)},
        after={},
        rolled_over_from_id=origin,
    )
    session.add(plan)
    session.flush()
    session.add(PdcaStep(branch_id=plan.branch_id, plan_id=plan.id, stage=PdcaStage.PLANNING, on=draft.opened_on))
    posts = holders_of(session, store.branch_id, draft.opened_on)
    for position, action in enumerate(draft.actions):
        owner = action.owner_id or posts.get(action.owner_post or "") or posts.get("secretary")
        session.add(new_record(plan, position, replace(action, owner_id=owner)))
    return plan


def indicator_gaps_of(result: RaceRow) -> list[IndicatorGap]:
    """Return what the race says should rise: the moves that reach the next class, else those that bring most."""
    moves = result.chosen_moves or result.moves
    gaps = []
    for move in moves:
        percent = move.now_text.endswith("%") or move.target_text.endswith("%")
        scale = 100 if percent else 1
        gaps.append(
            IndicatorGap(
                indicator=move.part,
                name=move.name,
                now=float(move.now * scale),
                goal=float(move.target * scale),
                unit="%" if percent else "分",
                points=float(move.gain),
                text=f"由{move.now_text}提高到{move.target_text}",
            )
        )
    return gaps
