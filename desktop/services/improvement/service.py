"""The improvement plans of a branch (提质升级): looked at, worked on, taken through their gates."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.improvement.asked import asked_of, begin_to_count
from desktop.services.improvement.board import STAGE_NAMES, facts_of, plan_row
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.measure import measure, number, race_figures
from desktop.services.improvement.plan import PLANNABLE, Action, deadline, lacks, leftovers, next_stage
from desktop.services.improvement.records import (
    PLAN,
    action_records,
    actions_of,
    changing,
    enter,
    new_record,
    open_plan,
    plan_by_id,
    settle,
)
from desktop.services.improvement.rows import PlanRow, PlanSummary
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.editions import scheme_in_force
from desktop.services.revisions import check_revision
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of

STAGE = Input("stage", "环节")
WHAT = Input("what", "措施")
GOAL = Input("goal", "目标值")
ACTUAL = Input("actual", "实际值")
COUNTS = Input("counts", "按记录计数")
ON = Input("on", "哪天的数")
_TYPED = ("what", "indicator", "item_id", "owner_id", "owner_post", "due_on", "unit", "base", "goal", "counts")


class ImprovementService:
    """The improvement plans of this branch. One is open at most; `from_race.take_result` begins them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plans(self) -> list[PlanSummary]:
        """Return every plan of the branch, newest first."""
        with self._store.reading() as session:
            scheme = scheme_in_force(session, self._store.today)
            rows = session.scalars(
                select(PdcaPlan)
                .where(PdcaPlan.branch_id == self._store.branch_id, PdcaPlan.deleted_at_utc.is_(None))
                .order_by(PdcaPlan.opened_on.desc(), PdcaPlan.id.desc())
            ).all()
            arranged, summaries = Arrangements(session), []
            for row in rows:
                actions = actions_of(session, row, self._store.today, arranged)
                template = scheme.template(row.race_class.value)
                summaries.append(
                    PlanSummary(
                        id=row.id,
                        title=row.title,
                        race_class=row.race_class,
                        source_period=row.source_period,
                        opened_on=row.opened_on,
                        ends_on=deadline(template, row.opened_on, PdcaStage.ADJUSTING) or row.opened_on,
                        stage=row.stage,
                        actions=len(actions),
                        reached=len(actions) - len(leftovers(actions)),
                    )
                )
            return summaries

    def current(self) -> PlanRow | None:
        """Return the open plan, or None."""
        with self._store.reading() as session:
            plan = open_plan(session, self._store.branch_id)
            plan_id = plan.id if plan is not None else None
        return self.plan(plan_id) if plan_id is not None else None

    def plan(self, plan_id: str) -> PlanRow:
        """Return one plan with its stages, gates, actions, and its figures before and now.

        Raises:
            NotFound: there is none of this id.
        """
        now = measure(self._store, self._store.today)
        result = BranchRace(self._store).latest()
        with self._store.reading() as session:
            plan = plan_by_id(session, self._store.branch_id, plan_id)
            scheme = scheme_in_force(session, plan.opened_on)
            return plan_row(session, plan, scheme, now, result, self._store.today)

    def edit_plan(
        self,
        plan_id: str,
        *,
        benchmark: str | None = None,
        root_causes: Sequence[str] | None = None,
        fields: Mapping[str, Mapping[str, str]] | None = None,
        rev: int | None = None,
    ) -> None:
        """Write down the benchmark, the causes found by asking why, or what a stage requires; None leaves as it is.

        Raises:
            InvalidInput: the plan has ended, or a stage is not P, D, C or A.
            Stale: the plan was changed since revision `rev` was read.
        """
        with changing(self._store, plan_id, "修改改进计划") as (_, plan):
            check_revision(plan, rev, "改进计划")
            if benchmark is not None:
                plan.benchmark = benchmark.strip() or None
            if root_causes is not None:
                plan.root_causes = [cause.strip() for cause in root_causes if cause.strip()]
            if fields is not None:
                if not set(fields) <= set(STAGE_NAMES):
                    raise InvalidInput(STAGE, "只有P、D、C、A四个环节")
                merged = {letter: dict(texts) for letter, texts in plan.fields.items()}
                for letter, texts in fields.items():
                    merged.setdefault(letter, {}).update({name: text.strip() for name, text in texts.items()})
                plan.fields = merged

    def add_action(self, plan_id: str, action: Action) -> str:
        """Add a measure while the plan is in P or D; return its id.

        Raises:
            InvalidInput: nothing is said, or the plan is being checked already.
        """
        action = _completed(action)
        with changing(self._store, plan_id, f"加措施“{action.what}”") as (session, plan):
            _check(plan, action)
            position = 1 + max((row.position for row in action_records(session, plan.id)), default=-1)
            row = new_record(plan, position, action)
            session.add(row)
            session.flush()
            return row.id

    def edit_action(self, action_id: str, action: Action) -> None:
        """Change what a measure says, who answers, by when, from which figure to which.

        Raises:
            InvalidInput: nothing is said, or the plan is being checked already: a goal is not moved afterwards.
        """
        plan_id, action = self._plan_of(action_id), _completed(action)
        with changing(self._store, plan_id, f"修改措施“{action.what}”") as (session, plan):
            _check(plan, action)
            row = session.get_one(PdcaAction, action_id)
            for name in _TYPED:
                setattr(row, name, getattr(action, name))

    def delete_action(self, action_id: str) -> None:
        """Take a measure out of the plan while it is being planned.

        Raises:
            InvalidInput: the plan is past P: what is not reached rolls over, it does not vanish.
        """
        with changing(self._store, self._plan_of(action_id), "删除措施") as (session, plan):
            if plan.stage is not PdcaStage.PLANNING:
                raise InvalidInput(WHAT, "计划环节以后不能删除措施，没做到的转入下一轮")
            session.get_one(PdcaAction, action_id).deleted_at_utc = utc_text(self._store.clock())

    def record_actual(
        self, action_id: str, actual: float | None, *, gain: str | None = None, on: date | None = None
    ) -> None:
        """Record where a measure has got to, and what came of it.

        Raises:
            InvalidInput: the plan is still being planned or has ended, the day lies ahead, or a figure is typed where
                records tell it.
        """
        with changing(self._store, self._plan_of(action_id), "填写措施进展") as (session, plan):
            if plan.stage is PdcaStage.PLANNING:
                raise InvalidInput(ACTUAL, "还在计划环节，进入执行后再填进展")
            day = on or self._store.today
            if day > self._store.today:
                raise InvalidInput(ON, "不能晚于今天")
            row = session.get_one(PdcaAction, action_id)
            if row.counts is None:
                row.actual = actual
                row.actual_on = day if actual is not None else None
            elif actual is not None:
                raise InvalidInput(ACTUAL, f"按{row.counts.label}的记录计数，不用填")
            if gain is not None:
                row.gain = gain.strip()

    def count_by_records(self, action_id: str) -> PlanRow:
        """Let a measure count by the records that the scheme in force counts for its words; return its plan.

        What was typed of it stays in its history.

        Raises:
            InvalidInput: the scheme counts nothing for these words, or the plan is being checked already.
        """
        plan_id = self._plan_of(action_id)
        with changing(self._store, plan_id, "措施改按记录计数") as (session, plan):
            row = session.get_one(PdcaAction, action_id)
            asked = asked_of(session, plan, self._store.today).of(row)
            if asked is None:
                raise InvalidInput(COUNTS, "在用的赛马方案没有按记录计这条措施")
            action_of(session).sentence = f"措施“{row.what}”改按记录计数"
            begin_to_count(row, asked)
        return self.plan(plan_id)

    def take_measured(self, plan_id: str) -> int:
        """Record for every measure on an item of the standard what the score shows today; return how many changed.

        Raises:
            InvalidInput: the plan is still being planned or has ended.
        """
        now = measure(self._store, self._store.today)
        with changing(self._store, plan_id, "按得分填写措施进展") as (session, plan):
            if plan.stage is PdcaStage.PLANNING:
                raise InvalidInput(ACTUAL, "还在计划环节，进入执行后再填进展")
            changed = 0
            for row in action_records(session, plan.id):
                reached = now.items.get(row.item_id or "")
                if reached is not None and row.unit == "%" and row.actual != reached:
                    row.actual, row.actual_on = reached, self._store.today
                    changed += 1
            return changed

    def advance(self, plan_id: str) -> PlanRow:
        """Take a plan through the gate into its next stage; out of A it is closed and its effect measured.

        Raises:
            InvalidInput: the first thing the gate asks for; `facts["lacks"]` holds all of them.
        """
        now = measure(self._store, self._store.today)
        result = BranchRace(self._store).latest()
        with changing(self._store, plan_id, "改进计划进入下一环节") as (session, plan):
            template = scheme_in_force(session, plan.opened_on).template(plan.race_class.value)
            wanting = lacks(template, facts_of(plan, actions_of(session, plan, self._store.today)))
            if wanting:
                more = f"（共{len(wanting)}处）" if len(wanting) > 1 else ""
                raise InvalidInput(Input("gate", wanting[0].field), f"{wanting[0].reason}{more}", lacks=tuple(wanting))
            stage = next_stage(plan.stage)
            if stage is None:
                raise InvalidInput(PLAN, f"{plan.stage.label}，不能再进入下一环节")
            action_of(session).sentence = f"改进计划“{plan.title}”进入{stage.label}"
            if stage is PdcaStage.CLOSED:
                settle(session, plan, self._store.today)
            enter(session, plan, stage, self._store.today)
            if stage is PdcaStage.CLOSED:
                plan.after = now.snapshot | {
                    "race_total": number(result.total) if result is not None else None,
                    "race": race_figures(result) if result is not None else {},
                }
        return self.plan(plan_id)

    def _plan_of(self, action_id: str) -> str:
        with self._store.reading() as session:
            row = session.get(PdcaAction, action_id)
            if row is None or row.deleted_at_utc is not None:
                raise NotFound(what="措施")
            return row.plan_id


def _completed(action: Action) -> Action:
    """Return a measure with what counting gives it: it begins at nothing, and records have their unit."""
    action = replace(action, what=action.what.strip())
    if action.counts is None:
        return action
    base = 0.0 if action.base is None else action.base
    return replace(action, base=base, unit=action.unit.strip() or action.counts.unit)


def _check(plan: PdcaPlan, action: Action) -> None:
    if not action.what.strip():
        raise InvalidInput(WHAT, "不能为空")
    if plan.stage not in PLANNABLE:
        raise InvalidInput(WHAT, f"已在{plan.stage.label}环节，不能再加或修改措施")
    if action.base is not None and action.goal is not None and action.base == action.goal:
        raise InvalidInput(GOAL, "不能等于基数")
    if action.counts is not None and (action.item_id or action.indicator):
        raise InvalidInput(COUNTS, "这条措施按得分计，不按记录计数")
