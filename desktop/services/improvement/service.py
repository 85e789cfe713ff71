"""Improvement at the branch (提质升级): the plan a race class calls for, its actions, its gates, its effect."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import Issue, PdcaAction, PdcaPlan, PdcaStep, RemarkAnswer
from desktop.models.members import Member
from desktop.models.race import Remark
from desktop.models.vocabulary import IssueSource, IssueState, PdcaStage, RaceClass
from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.improvement.measure import Measure, holders_of, measure, post_name
from desktop.services.improvement.plan import (
    STAGE_ORDER,
    Action,
    Draft,
    IndicatorGap,
    Lack,
    PlanFacts,
    deadline,
    draft_plan,
    lacks,
    leftovers,
    next_stage,
    progress,
    stage_due,
    target_ratio,
)
from desktop.services.improvement.view import (
    ActionRow,
    Comparison,
    PlanRow,
    PlanSummary,
    RemarkRow,
    StageRow,
)
from desktop.services.race.editions import scheme_in_force
from desktop.services.race.results import BranchRace
from desktop.services.race.scheme import PdcaTemplate, Scheme
from desktop.services.race.view import RaceRow
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of

_STAGE_NAMES = {"P": "计划", "D": "执行", "C": "检查", "A": "处理"}
_PLANNABLE = (PdcaStage.PLANNING, PdcaStage.DOING)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a race result did at the branch. `how`: opened, continued, replaced, known, none (not classed)."""

    how: str
    plan_id: str | None
    words: str


class ImprovementService:
    """The improvement plans of this branch. One is open at most."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- from the race to a plan -----------------------------------------------------------

    def take_result(self) -> Taken:
        """Let the latest published race result open, continue or replace the plan. Repeating it changes nothing.

        A result of the same class continues the open plan and is noted in it; another class takes the open plan
        to its last stage, and what it has not reached becomes actions of the new one.
        """
        result = BranchRace(self._store).latest()
        if result is None:
            return Taken("none", None, "还没有收到赛马结果")
        if result.class_id not in {one.value for one in RaceClass}:
            return Taken("none", None, f"{result.period_name}{result.class_name}，不需要新的计划")
        race_class = RaceClass(result.class_id)
        with self._store.reading() as session:
            if self._knows(session, result.period, race_class):
                current = _open_plan(session, self._store.branch_id)
                return Taken("known", current.id if current else None, f"{result.period_name}结果已有计划")
            scheme = scheme_in_force(session, self._store.today)
        measured = measure(self._store, self._store.today)
        with self._store.unit_of_work(f"{result.period_name}赛马结果：{race_class.label}") as session:
            current = _open_plan(session, self._store.branch_id)
            if current is not None and current.race_class is race_class:
                current.noted_periods = [*current.noted_periods, result.period]
                return Taken("continued", current.id, f"类别仍为{race_class.label}，继续执行“{current.title}”")
            left, origin = self._leave(session, current)
            draft = draft_plan(
                scheme,
                race_class=race_class.value,
                period=result.period,
                opened_on=self._store.today,
                indicators=indicator_gaps_of(result),
                items=measured.gaps,
                benchmark=result.benchmark,
                rolled_over=left,
            )
            plan = self._keep(session, draft, origin, measured, result)
            words = f"按{race_class.label}类别新建“{plan.title}”，预填措施{len(draft.actions)}条"
            return Taken("replaced" if current is not None else "opened", plan.id, words)

    def _knows(self, session: Session, period: str, race_class: RaceClass) -> bool:
        """Whether a plan exists for this result; a class changed on appeal makes it another result."""
        plans = session.scalars(
            select(PdcaPlan).where(
                PdcaPlan.branch_id == self._store.branch_id,
                PdcaPlan.race_class == race_class,
                PdcaPlan.deleted_at_utc.is_(None),
            )
        )
        return any(period == plan.source_period or period in plan.noted_periods for plan in plans)

    def _leave(self, session: Session, current: PdcaPlan | None) -> tuple[list[Action], str | None]:
        """End the open plan, if any, and return what it (or the last one ended) leaves to the next."""
        if current is not None:
            if current.stage is not PdcaStage.ADJUSTING:
                self._step(session, current, PdcaStage.ADJUSTING)
            self._step(session, current, PdcaStage.ROLLED_OVER)
            return leftovers(_actions(session, current.id)), current.id
        last = session.scalar(
            select(PdcaPlan)
            .where(
                PdcaPlan.branch_id == self._store.branch_id,
                PdcaPlan.stage == PdcaStage.CLOSED,
                PdcaPlan.deleted_at_utc.is_(None),
            )
            .order_by(PdcaPlan.opened_on.desc(), PdcaPlan.id.desc())
        )
        if last is None:
            return [], None
        return leftovers(_actions(session, last.id)), last.id

    def _keep(self, session: Session, draft: Draft, origin: str | None, measured: Measure, result: RaceRow) -> PdcaPlan:
        plan = PdcaPlan(
            branch_id=self._store.branch_id,
            title=draft.title,
            race_class=RaceClass(draft.race_class),
            source_period=draft.period,
            noted_periods=[],
            opened_on=draft.opened_on,
            stage=PdcaStage.PLANNING,
            benchmark=draft.benchmark,
            root_causes=[],
            fields={letter: dict(texts) for letter, texts in draft.fields.items()},
            before=measured.snapshot
            | {"race_total": _number(result.total), "race_goal": _race_goal(result), "race": _raws(result)},
            after={},
            rolled_over_from_id=origin,
        )
        session.add(plan)
        session.flush()
        session.add(PdcaStep(branch_id=plan.branch_id, plan_id=plan.id, stage=PdcaStage.PLANNING, on=draft.opened_on))
        posts = holders_of(session, self._store.branch_id, draft.opened_on)
        for position, action in enumerate(draft.actions):
            owner = action.owner_id or posts.get(action.owner_post or "") or posts.get("secretary")
            session.add(_row(plan, position, replace(action, owner_id=owner)))
        return plan

    def _step(self, session: Session, plan: PdcaPlan, stage: PdcaStage) -> None:
        plan.stage = stage
        session.add(PdcaStep(branch_id=plan.branch_id, plan_id=plan.id, stage=stage, on=self._store.today))

    # -- looking ------------------------------------------------------------------------------

    def plans(self) -> list[PlanSummary]:
        """Return every plan of the branch, newest first."""
        with self._store.reading() as session:
            scheme = scheme_in_force(session, self._store.today)
            rows = session.scalars(
                select(PdcaPlan)
                .where(PdcaPlan.branch_id == self._store.branch_id, PdcaPlan.deleted_at_utc.is_(None))
                .order_by(PdcaPlan.opened_on.desc(), PdcaPlan.id.desc())
            ).all()
            summaries = []
            for row in rows:
                actions = _actions(session, row.id)
                template = scheme.template(row.race_class.value)
                summaries.append(
                    PlanSummary(
                        row.id,
                        row.title,
                        row.race_class,
                        row.source_period,
                        row.opened_on,
                        deadline(template, row.opened_on, PdcaStage.ADJUSTING) or row.opened_on,
                        row.stage,
                        len(actions),
                        len(actions) - len(leftovers(actions)),
                    )
                )
            return summaries

    def current(self) -> PlanRow | None:
        """Return the open plan, or None."""
        with self._store.reading() as session:
            plan = _open_plan(session, self._store.branch_id)
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
            plan = _plan(session, self._store.branch_id, plan_id)
            scheme = scheme_in_force(session, plan.opened_on)
            return self._view(session, plan, scheme, now, result)

    def _view(self, session: Session, plan: PdcaPlan, scheme: Scheme, now: Measure, result: RaceRow | None) -> PlanRow:
        today = self._store.today
        template = scheme.template(plan.race_class.value)
        actions = _actions(session, plan.id)
        names = {
            member.id: member.name
            for member in session.scalars(select(Member).where(Member.branch_id == plan.branch_id))
        }
        indicators = {indicator.id: indicator.name for indicator in scheme.indicators}
        indicators |= {part.id: part.name for indicator in scheme.indicators for part in indicator.parts}
        remarks = set(session.scalars(select(Remark.id).where(Remark.branch_id == plan.branch_id)))
        rows = tuple(
            replace(row, rolled_over=row.rolled_over and action.rolled_over_from_id not in remarks)
            for action in actions
            for row in (_action_row(plan, action, names, indicators, today),)
        )
        entered = {
            step.stage: step.on
            for step in session.scalars(
                select(PdcaStep).where(PdcaStep.plan_id == plan.id, PdcaStep.deleted_at_utc.is_(None))
            )
        }
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
        )

    # -- working on it --------------------------------------------------------------------------

    def edit_plan(
        self,
        plan_id: str,
        *,
        benchmark: str | None = None,
        root_causes: Sequence[str] | None = None,
        fields: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Write down the benchmark, the causes found by asking why, or what a stage requires; None leaves as it is.

        Raises:
            InvalidInput: the plan has ended, or a stage is not P, D, C or A.
        """
        with self._change(plan_id, "修改改进计划") as (_, plan):
            if benchmark is not None:
                plan.benchmark = benchmark.strip() or None
            if root_causes is not None:
                plan.root_causes = [cause.strip() for cause in root_causes if cause.strip()]
            if fields is not None:
                if not set(fields) <= set(_STAGE_NAMES):
                    raise InvalidInput("环节", "只有P、D、C、A四个环节")
                merged = {letter: dict(texts) for letter, texts in plan.fields.items()}
                for letter, texts in fields.items():
                    merged.setdefault(letter, {}).update({name: text.strip() for name, text in texts.items()})
                plan.fields = merged

    def add_action(self, plan_id: str, action: Action) -> str:
        """Add a measure while the plan is in P or D; return its id.

        Raises:
            InvalidInput: nothing is said, or the plan is being checked already.
        """
        with self._change(plan_id, f"加措施“{action.what}”") as (session, plan):
            self._check_action(plan, action)
            position = 1 + max((row.position for row in _rows(session, plan.id)), default=-1)
            row = _row(plan, position, action)
            session.add(row)
            session.flush()
            return row.id

    def edit_action(self, action_id: str, action: Action) -> None:
        """Change what a measure says, who answers, by when, from which figure to which.

        Raises:
            InvalidInput: nothing is said, or the plan is being checked already: a goal is not moved afterwards.
        """
        plan_id = self._plan_of(action_id)
        with self._change(plan_id, f"修改措施“{action.what}”") as (session, plan):
            self._check_action(plan, action)
            row = session.get_one(PdcaAction, action_id)
            for name in ("what", "indicator", "item_id", "owner_id", "owner_post", "due_on", "unit", "base", "goal"):
                setattr(row, name, getattr(action, name))
            row.what = action.what.strip()

    def delete_action(self, action_id: str) -> None:
        """Take a measure out of the plan while it is being planned.

        Raises:
            InvalidInput: the plan is past P: what is not reached rolls over, it does not vanish.
        """
        with self._change(self._plan_of(action_id), "删除措施") as (session, plan):
            if plan.stage is not PdcaStage.PLANNING:
                raise InvalidInput("措施", "计划环节以后不能删除措施，没做到的转入下一轮")
            session.get_one(PdcaAction, action_id).deleted_at_utc = utc_text(self._store.clock())

    def record_actual(
        self, action_id: str, actual: float | None, *, gain: str | None = None, on: date | None = None
    ) -> None:
        """Record where a measure has got to, and what came of it.

        Raises:
            InvalidInput: the plan is still being planned or has ended, or the day lies ahead.
        """
        with self._change(self._plan_of(action_id), "填写措施进展") as (session, plan):
            if plan.stage is PdcaStage.PLANNING:
                raise InvalidInput("实际值", "还在计划环节，进入执行后再填进展")
            day = on or self._store.today
            if day > self._store.today:
                raise InvalidInput("日期", "不能晚于今天")
            row = session.get_one(PdcaAction, action_id)
            row.actual = actual
            row.actual_on = day if actual is not None else None
            if gain is not None:
                row.gain = gain.strip()

    def take_measured(self, plan_id: str) -> int:
        """Record for every measure on an item of the standard what the score shows today; return how many changed."""
        now = measure(self._store, self._store.today)
        with self._change(plan_id, "按得分填写措施进展") as (session, plan):
            if plan.stage is PdcaStage.PLANNING:
                raise InvalidInput("实际值", "还在计划环节，进入执行后再填进展")
            changed = 0
            for row in _rows(session, plan.id):
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
        with self._change(plan_id, "改进计划进入下一环节") as (session, plan):
            template = scheme_in_force(session, plan.opened_on).template(plan.race_class.value)
            wanting = lacks(template, _facts(plan, _actions(session, plan.id)))
            if wanting:
                more = f"（共{len(wanting)}处）" if len(wanting) > 1 else ""
                raise InvalidInput(wanting[0].field, f"{wanting[0].reason}{more}", lacks=tuple(wanting))
            stage = next_stage(plan.stage)
            if stage is None:
                raise InvalidInput("改进计划", f"{plan.stage.label}，不能再进入下一环节")
            action_of(session).sentence = f"改进计划“{plan.title}”进入{stage.label}"
            self._step(session, plan, stage)
            if stage is PdcaStage.CLOSED:
                plan.after = now.snapshot | {
                    "race_total": _number(result.total) if result is not None else None,
                    "race": _raws(result) if result is not None else {},
                }
        return self.plan(plan_id)

    # -- remarks of headquarters ------------------------------------------------------------------

    def remarks(self) -> list[RemarkRow]:
        """Return the remarks headquarters sent, newest first, with the branch's answers."""
        with self._store.reading() as session:
            answers = {
                answer.remark_id: answer
                for answer in session.scalars(select(RemarkAnswer).where(RemarkAnswer.deleted_at_utc.is_(None)))
            }
            actions = {
                row.rolled_over_from_id: row.id
                for row in session.scalars(select(PdcaAction).where(PdcaAction.deleted_at_utc.is_(None)))
                if row.rolled_over_from_id
            }
            rows = session.scalars(
                select(Remark)
                .where(Remark.branch_id == self._store.branch_id, Remark.deleted_at_utc.is_(None))
                .order_by(Remark.made_on.desc(), Remark.id.desc())
            ).all()
            return [
                RemarkRow(
                    row.id,
                    row.period,
                    row.item_id,
                    row.text,
                    row.due_on,
                    row.made_on,
                    answers[row.id].text if row.id in answers else "",
                    answers[row.id].done_on if row.id in answers else None,
                    actions.get(row.id),
                )
                for row in rows
            ]

    def answer_remark(self, remark_id: str, text: str, done_on: date | None = None) -> None:
        """Say what the branch did about a remark; it goes up with the next package.

        Raises:
            InvalidInput: nothing is said, or the day lies ahead.
        """
        if not text.strip():
            raise InvalidInput("办理情况", "不能为空")
        if done_on is not None and done_on > self._store.today:
            raise InvalidInput("办结日期", "不能晚于今天")
        with self._store.unit_of_work("答复上级意见") as session:
            _remark(session, self._store.branch_id, remark_id)
            answer = session.scalar(
                select(RemarkAnswer).where(RemarkAnswer.remark_id == remark_id, RemarkAnswer.deleted_at_utc.is_(None))
            )
            if answer is None:
                answer = RemarkAnswer(branch_id=self._store.branch_id, remark_id=remark_id, text=text.strip())
                session.add(answer)
            answer.text, answer.done_on = text.strip(), done_on

    def remark_to_action(self, remark_id: str) -> str:
        """Make a remark a measure of the open plan; return the measure's id. Twice gives the same one.

        Raises:
            InvalidInput: no plan is open, or it is being checked already.
        """
        with self._store.reading() as session:
            plan = _open_plan(session, self._store.branch_id)
            remark = _remark(session, self._store.branch_id, remark_id)
            if plan is None:
                raise InvalidInput("改进计划", "没有进行中的计划")
            plan_id = plan.id
            for row in _rows(session, plan_id):
                if row.rolled_over_from_id == remark_id:
                    return row.id
            posts = holders_of(session, self._store.branch_id, self._store.today)
            action = Action(
                what=f"上级意见：{remark.text}",
                item_id=remark.item_id,
                owner_id=posts.get("secretary"),
                owner_post="secretary",
                due_on=remark.due_on,
                unit="项",
                base=0.0,
                goal=1.0,
                rolled_over_from_id=remark_id,
            )
        return self.add_action(plan_id, action)

    def remark_to_issue(self, remark_id: str, due_on: date | None = None) -> str:
        """Enter a remark in the list of problems to be put right (问题整改清单); return the issue's id.

        Twice gives the same one. `due_on` is needed where headquarters set no day.

        Raises:
            InvalidInput: there is no day to put it right by.
        """
        from desktop.services.registers import RegisterService

        with self._store.reading() as session:
            remark = _remark(session, self._store.branch_id, remark_id)
            title, made_on, due = remark.text[:200], remark.made_on, due_on or remark.due_on
            known = session.scalar(
                select(Issue.id).where(
                    Issue.branch_id == self._store.branch_id,
                    Issue.title == title,
                    Issue.event_on == made_on,
                    Issue.deleted_at_utc.is_(None),
                )
            )
            posts = holders_of(session, self._store.branch_id, self._store.today)
        if known is not None:
            return known
        if due is None:
            raise InvalidInput("整改期限", "上级没有定期限，请填写")
        values = {
            "event_on": made_on,
            "title": title,
            "source": IssueSource.INSPECTION,
            "owner_id": posts.get("secretary"),
            "due_on": due,
            "state": IssueState.OPEN,
        }
        return RegisterService(self._store).save("issue", values)

    # -- helpers ---------------------------------------------------------------------------------

    def _plan_of(self, action_id: str) -> str:
        with self._store.reading() as session:
            row = session.get(PdcaAction, action_id)
            if row is None or row.deleted_at_utc is not None:
                raise NotFound(what="措施")
            return row.plan_id

    def _change(self, plan_id: str, sentence: str) -> "_OpenPlan":
        return _OpenPlan(self._store, plan_id, sentence)

    def _check_action(self, plan: PdcaPlan, action: Action) -> None:
        if not action.what.strip():
            raise InvalidInput("措施", "不能为空")
        if plan.stage not in _PLANNABLE:
            raise InvalidInput("措施", f"已在{plan.stage.label}环节，不能再加或修改措施")
        if action.base is not None and action.goal is not None and action.base == action.goal:
            raise InvalidInput("目标值", "不能等于基数")


class _OpenPlan:
    """A unit of work on a plan that has not ended."""

    def __init__(self, store: Store, plan_id: str, sentence: str) -> None:
        self._store, self._plan_id = store, plan_id
        self._work = store.unit_of_work(sentence)

    def __enter__(self) -> tuple[Session, PdcaPlan]:
        session = self._work.__enter__()
        try:
            plan = _plan(session, self._store.branch_id, self._plan_id)
            if not plan.stage.letter:
                raise InvalidInput("改进计划", f"“{plan.title}”{plan.stage.label}，不能修改")
        except BaseException as error:
            self._work.__exit__(type(error), error, error.__traceback__)
            raise
        return session, plan

    def __exit__(self, *error: Any) -> bool | None:
        return self._work.__exit__(*error)


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


def _open_plan(session: Session, branch_id: str) -> PdcaPlan | None:
    return session.scalar(
        select(PdcaPlan)
        .where(
            PdcaPlan.branch_id == branch_id,
            PdcaPlan.stage.notin_((PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)),
            PdcaPlan.deleted_at_utc.is_(None),
        )
        .order_by(PdcaPlan.id.desc())
    )


def _plan(session: Session, branch_id: str, plan_id: str) -> PdcaPlan:
    plan = session.get(PdcaPlan, plan_id)
    if plan is None or plan.branch_id != branch_id or plan.deleted_at_utc is not None:
        raise NotFound(what="改进计划")
    return plan


def _remark(session: Session, branch_id: str, remark_id: str) -> Remark:
    remark = session.get(Remark, remark_id)
    if remark is None or remark.branch_id != branch_id or remark.deleted_at_utc is not None:
        raise NotFound(what="上级意见")
    return remark


def _rows(session: Session, plan_id: str) -> Sequence[PdcaAction]:
    return session.scalars(
        select(PdcaAction)
        .where(PdcaAction.plan_id == plan_id, PdcaAction.deleted_at_utc.is_(None))
        .order_by(PdcaAction.position, PdcaAction.id)
    ).all()


def _actions(session: Session, plan_id: str) -> list[Action]:
    return [
        Action(
            what=row.what,
            indicator=row.indicator,
            item_id=row.item_id,
            owner_id=row.owner_id,
            owner_post=row.owner_post,
            due_on=row.due_on,
            unit=row.unit,
            base=row.base,
            goal=row.goal,
            actual=row.actual,
            actual_on=row.actual_on,
            gain=row.gain,
            rolled_over_from_id=row.rolled_over_from_id,
            id=row.id,
        )
        for row in _rows(session, plan_id)
    ]


def _row(plan: PdcaPlan, position: int, action: Action) -> PdcaAction:
    return PdcaAction(
        branch_id=plan.branch_id,
        plan_id=plan.id,
        position=position,
        what=action.what.strip(),
        indicator=action.indicator,
        item_id=action.item_id,
        owner_id=action.owner_id,
        owner_post=action.owner_post,
        due_on=action.due_on,
        unit=action.unit,
        base=action.base,
        goal=action.goal,
        actual=action.actual,
        actual_on=action.actual_on,
        gain=action.gain,
        rolled_over_from_id=action.rolled_over_from_id,
    )


def _facts(plan: PdcaPlan, actions: Sequence[Action]) -> PlanFacts:
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
        wanting = lacks(template, replace(_facts(plan, actions), stage=stage)) if current else []
        written = plan.fields.get(stage.letter, {})
        rows.append(
            StageRow(
                stage=stage,
                letter=stage.letter,
                name=_STAGE_NAMES[stage.letter],
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
    after: Mapping[str, Any] = plan.after if ended else now.snapshot
    before: Mapping[str, Any] = plan.before
    raws: Mapping[str, Any] = after.get("race", {}) if ended else (_raws(result) if result is not None else {})
    total = after.get("race_total") if ended else (_number(result.total) if result is not None else None)
    goals = {action.indicator: action.goal for action in actions if action.indicator and action.item_id is None}
    rows = [
        Comparison("race_total", "赛马总分", before.get("race_total"), total, before.get("race_goal"), "分"),
        Comparison("rate", "标准化得分率（自评）", before.get("rate"), after.get("rate"), None, "分"),
    ]
    first: Mapping[str, Any] = before.get("race", {})
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


def _scaled(value: float | None, percent: bool) -> float | None:
    if value is None:
        return None
    return round(value * 100, 4) if percent else value


def _race_goal(result: RaceRow) -> float | None:
    if result.total is None or result.to_next_line is None:
        return None
    return float(result.total + result.to_next_line)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _raws(result: RaceRow) -> dict[str, float]:
    return {
        part.id: float(part.value)
        for indicator in result.indicators
        for part in indicator.parts
        if part.value is not None
    }
