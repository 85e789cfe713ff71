"""The improvement plans of all branches on one board, at headquarters: where each stands, what is late, what moved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.race import RaceResult, RaceVersion
from desktop.models.vocabulary.race import PdcaStage, RaceClass
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.following import Followed, Following, to_visit, visited
from desktop.services.improvement.measure import number
from desktop.services.improvement.plan import (
    STAGE_ORDER,
    Action,
    deadline,
    lacking_figures,
    leftovers,
    progress,
    stage_due,
    target_ratio,
)
from desktop.services.numbers import written
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_order, scheme_in_force
from desktop.services.race.records import racers
from desktop.services.race.rows import Racer, RaceRow
from desktop.services.race.scheme import PdcaTemplate, Scheme
from desktop.services.store import Store

ENDED = (PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMeasure:
    """One measure of a plan as it came in. `late_days` since its day passed without its goal; 0 where it has not.

    `counted` says what the records of headquarters tell of it; "" where the branch types its figure. `lacking` says
    which figures it has none of, so that there is no progress to tell.
    """

    what: str
    due_on: date | None
    progress: float | None
    late_days: int
    counted: str = ""
    lacking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPlan:
    """One branch on the board. Without a plan `plan_id` is empty, and `due_on` is the day one should have come by.

    `late_days`: how many days the plan is behind the stage its template asks for; of a branch that owes a plan, since
    the day it was due. `before` and `now` are the totals of the race when the plan was opened and as last published; of
    a plan no later period was published for, there is no `now`: a correction of its own period is nothing it moved.
    """

    branch_id: str
    code: str
    name: str
    result: RaceRow | None
    plan_id: str
    title: str
    race_class: RaceClass | None
    opened_on: date | None
    ends_on: date | None
    due_on: date | None
    stage: PdcaStage | None
    stage_name: str
    late_days: int
    measures: tuple[BoardMeasure, ...]
    reached: int
    ratio: float | None
    before: float | None
    now: float | None
    benchmark: str
    ended: int
    """How many plans of the branch have ended."""
    followed: Followed
    asking: RaceRow | None
    """The latest result that gives a class: one of too little to tell (暂不定类) asks for nothing and ends nothing."""
    lagging_since: date | None
    """The day that result was published first, where its class is 落后."""

    @property
    def unattended(self) -> bool:
        """Whether the branch lags by its last class and nobody has been in touch with it since that was published."""
        visit = self.followed.visited_on
        if self.asking is None or self.asking.class_id != RaceClass.LAGGING:
            return False
        return visit is None or (self.lagging_since is not None and visit < self.lagging_since)

    @property
    def owed(self) -> bool:
        """Whether the latest class asks for a plan and none came in."""
        return not self.plan_id and self.asking is not None

    @property
    def late_measures(self) -> int:
        """How many measures are past their day."""
        return sum(measure.late_days > 0 for measure in self.measures)

    @property
    def late(self) -> bool:
        """Whether something of the plan, or the plan itself, is behind its day."""
        return self.late_days > 0 or self.late_measures > 0

    @property
    def change(self) -> float | None:
        """Return how the total of the race moved since the plan was opened; None where one of both is missing."""
        return None if self.before is None or self.now is None else round(self.now - self.before, 2)


class AllPlans:
    """Reads the plans the branches handed in, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def board(self) -> list[BranchPlan]:
        """Return every enrolled branch with its open plan: the latest first, then by code."""
        today = self._store.today
        with self._store.reading() as session:
            scheme = scheme_in_force(session, today)
            results, first = _latest(session), _first_published(session)
            asking = _latest(session, classed=True)
            plans: dict[str, list[PdcaPlan]] = defaultdict(list)
            for kept in session.scalars(
                select(PdcaPlan).where(PdcaPlan.deleted_at_utc.is_(None)).order_by(PdcaPlan.opened_on, PdcaPlan.id)
            ):
                plans[kept.branch_id].append(kept)
            running = {branch: found for branch, of in plans.items() if (found := _running(of)) is not None}
            actions = _actions(session, list(running.values()), today)
            rows, follow = [], Following(session, today)
            for racer in racers(session):
                plan = running.get(racer.branch_id)
                ended = sum(each.stage in ENDED for each in plans[racer.branch_id])
                result, asks = results.get(racer.branch_id), asking.get(racer.branch_id)
                told = (follow.of(racer.branch_id), asks, _lagging_since(asks, first))
                if plan is None:
                    rows.append(_without(racer, result, first, scheme, today, ended, *told))
                else:
                    rows.append(_with(racer, result, plan, actions[plan.id], scheme, today, ended, *told))
        return sorted(rows, key=lambda row: (not row.late, -row.late_days, -row.late_measures, row.code))

    def unattended(self) -> list[str]:
        """Return the ids of the branches that lag by their last result and nobody has been in touch with since.

        As the board tells it, read without the plans.
        """
        results = select(RaceResult.branch_id, RaceResult.period, RaceResult.race_class, RaceResult.published_on)
        with self._store.reading() as session:
            latest: dict[str, tuple[str, RaceClass | None, date]] = {}
            for branch_id, period, race_class, published_on in session.execute(results):
                kept = latest.get(branch_id)
                newer = kept is None or period_order(kept[0]) < period_order(period)
                if published_on is not None and race_class is not None and newer:
                    latest[branch_id] = period, race_class, published_on
            first, visits = _first_published(session), visited(session)
            return [
                racer.branch_id
                for racer in racers(session)
                if (found := latest.get(racer.branch_id)) is not None
                and found[1] is RaceClass.LAGGING
                and visits.get(racer.branch_id, date.min) < first.get((racer.branch_id, found[0]), found[2])
            ]

    def to_visit(self) -> dict[str, date]:
        """Return by branch the day somebody was to be in touch again, where it has come and nobody was."""
        with self._store.reading() as session:
            enrolled = {racer.branch_id for racer in racers(session)}
            found = to_visit(session, self._store.today)
        return {branch_id: day for branch_id, day in found.items() if branch_id in enrolled}


def _running(plans: Sequence[PdcaPlan]) -> PdcaPlan | None:
    return next((plan for plan in reversed(plans) if plan.stage not in ENDED), None)


def _latest(session: Session, *, classed: bool = False) -> Mapping[str, RaceRow]:
    """Return by branch its latest published result, or (`classed`) the latest that gives a class."""
    query = select(RaceResult).where(RaceResult.published_on.is_not(None))
    found: dict[str, RaceResult] = {}
    for result in session.scalars(query.where(RaceResult.race_class.is_not(None)) if classed else query):
        kept = found.get(result.branch_id)
        if kept is None or period_order(kept.period) < period_order(result.period):
            found[result.branch_id] = result
    return {branch_id: row_of(result) for branch_id, result in found.items()}


def _first_published(session: Session) -> Mapping[tuple[str, str], date]:
    """Return by branch and period the day a result was published first, of those that were published anew since."""
    query = select(RaceVersion.branch_id, RaceVersion.period, RaceVersion.published_on).where(RaceVersion.number == 1)
    return {(branch_id, period): published_on for branch_id, period, published_on in session.execute(query)}


def _lagging_since(result: RaceRow | None, first: Mapping[tuple[str, str], date]) -> date | None:
    if result is None or result.class_id != RaceClass.LAGGING:
        return None
    return first.get((result.branch_id, result.period), result.published_on)


def _actions(session: Session, plans: Sequence[PdcaPlan], today: date) -> Mapping[str, list[Action]]:
    known, arranged = {plan.id: plan for plan in plans}, Arrangements(session)
    found: dict[str, list[Action]] = defaultdict(list)
    for row in session.scalars(
        select(PdcaAction)
        .where(PdcaAction.plan_id.in_(known), PdcaAction.deleted_at_utc.is_(None))
        .order_by(PdcaAction.position, PdcaAction.id)
    ):
        actual = arranged.actual(known[row.plan_id], row, today)
        found[row.plan_id].append(
            Action(
                row.what,
                due_on=row.due_on,
                unit=row.unit,
                base=row.base,
                goal=row.goal,
                actual=actual,
                id=row.id,
                counts=row.counts,
            )
        )
    return found


def _without(
    racer: Racer,
    result: RaceRow | None,
    first: Mapping[tuple[str, str], date],
    scheme: Scheme,
    today: date,
    ended: int,
    followed: Followed,
    asking: RaceRow | None,
    lagging_since: date | None,
) -> BranchPlan:
    due_on = None
    if asking is not None and asking.published_on is not None:
        published_on = first.get((asking.branch_id, asking.period), asking.published_on)
        due_on = published_on + timedelta(days=scheme.template(asking.class_id).step("P").within_days)
    return BranchPlan(
        branch_id=racer.branch_id,
        code=racer.code,
        name=racer.name,
        result=result,
        plan_id="",
        title="",
        race_class=None,
        opened_on=None,
        ends_on=None,
        due_on=due_on,
        stage=None,
        stage_name="",
        late_days=max(0, (today - due_on).days) if due_on is not None else 0,
        measures=(),
        reached=0,
        ratio=None,
        before=None,
        now=number(result.total) if result is not None else None,
        benchmark="",
        ended=ended,
        followed=followed,
        asking=asking,
        lagging_since=lagging_since,
    )


def _with(
    racer: Racer,
    result: RaceRow | None,
    plan: PdcaPlan,
    actions: Sequence[Action],
    scheme: Scheme,
    today: date,
    ended: int,
    followed: Followed,
    asking: RaceRow | None,
    lagging_since: date | None,
) -> BranchPlan:
    template = scheme.template(plan.race_class.value)
    ratio = target_ratio(actions, today)
    due_on = deadline(template, plan.opened_on, plan.stage)
    return BranchPlan(
        branch_id=racer.branch_id,
        code=racer.code,
        name=racer.name,
        result=result,
        plan_id=plan.id,
        title=plan.title,
        race_class=plan.race_class,
        opened_on=plan.opened_on,
        ends_on=deadline(template, plan.opened_on, PdcaStage.ADJUSTING),
        due_on=due_on,
        stage=plan.stage,
        stage_name=template.step(plan.stage.letter).name,
        late_days=_late_days(template, plan, today, due_on),
        measures=tuple(_measure(action, today) for action in actions),
        reached=len(actions) - len(leftovers(actions)),
        ratio=float(ratio) if ratio is not None else None,
        before=plan.before.get("race_total"),
        now=number(result.total) if result is not None and result.period != plan.source_period else None,
        benchmark=plan.benchmark or "",
        ended=ended,
        followed=followed,
        asking=asking,
        lagging_since=lagging_since,
    )


def _late_days(template: PdcaTemplate, plan: PdcaPlan, today: date, due_on: date | None) -> int:
    asked = stage_due(template, (today - plan.opened_on).days)
    behind = STAGE_ORDER.index(asked) > STAGE_ORDER.index(plan.stage)
    return (today - due_on).days if behind and due_on is not None else 0


def _measure(action: Action, today: date) -> BoardMeasure:
    share = progress(action)
    reached = share is not None and share >= 1
    late = 0 if reached or action.due_on is None else max(0, (today - action.due_on).days)
    counted = ""
    if action.counts is not None:
        counted = f"按{action.counts.label}的记录 {written(action.actual)} {action.unit}"
    return BoardMeasure(
        what=action.what,
        due_on=action.due_on,
        progress=float(share) if share is not None else None,
        late_days=late,
        counted=counted,
        lacking=lacking_figures(action.base, action.goal),
    )
