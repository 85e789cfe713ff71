"""Plans, measures and remarks as they lie in the store, for the services of this area: each takes a session."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaAction, PdcaPlan, PdcaStep
from desktop.models.race import Remark
from desktop.models.vocabulary.race import PdcaStage
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.plan import Action
from desktop.services.quoting import quoted
from desktop.services.race.editions import scheme_in_force
from desktop.services.store import Store

PLAN = Input("plan", "改进计划")


def open_plan(session: Session, branch_id: str) -> PdcaPlan | None:
    """Return the plan of the branch that has not ended, or None."""
    return session.scalar(
        select(PdcaPlan)
        .where(
            PdcaPlan.branch_id == branch_id,
            PdcaPlan.stage.notin_((PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)),
            PdcaPlan.deleted_at_utc.is_(None),
        )
        .order_by(PdcaPlan.id.desc())
    )


def due_in(session: Session, plan: PdcaPlan, today: date) -> date:
    """Return by when a measure is done that is added to a plan: the last day of its stage D, as of those it began with;
    where that is over the last day of the plan, and never a day before today.
    """
    template = scheme_in_force(session, plan.opened_on).template(plan.race_class.value)
    days = (plan.opened_on + timedelta(days=n) for n in (template.step("D").within_days, template.duration_days))
    return next((day for day in days if day >= today), today)


def plan_by_id(session: Session, branch_id: str, plan_id: str) -> PdcaPlan:
    """Return a plan of the branch.

    Raises:
        NotFound: there is none of this id.
    """
    plan = session.get(PdcaPlan, plan_id)
    if plan is None or plan.branch_id != branch_id or plan.deleted_at_utc is not None:
        raise NotFound(what="改进计划")
    return plan


def remark_by_id(session: Session, branch_id: str, remark_id: str) -> Remark:
    """Return a remark of headquarters to the branch.

    Raises:
        NotFound: there is none of this id.
    """
    remark = session.get(Remark, remark_id)
    if remark is None or remark.branch_id != branch_id or remark.deleted_at_utc is not None:
        raise NotFound(what="上级意见")
    return remark


def action_records(session: Session, plan_id: str) -> Sequence[PdcaAction]:
    """Return the stored measures of a plan in their order."""
    return session.scalars(
        select(PdcaAction)
        .where(PdcaAction.plan_id == plan_id, PdcaAction.deleted_at_utc.is_(None))
        .order_by(PdcaAction.position, PdcaAction.id)
    ).all()


def actions_of(session: Session, plan: PdcaPlan, today: date, arranged: Arrangements | None = None) -> list[Action]:
    """Return the measures of a plan as its rules see them on `today`; `arranged` where it is read already."""
    arranged = Arrangements(session) if arranged is None else arranged
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
            actual=arranged.actual(plan, row, today),
            actual_on=row.actual_on,
            gain=row.gain,
            rolled_over_from_id=row.rolled_over_from_id,
            id=row.id,
            counts=row.counts,
        )
        for row in action_records(session, plan.id)
    ]


def settle(session: Session, plan: PdcaPlan, today: date) -> None:
    """Write down what the records say of a plan that is about to end: it stays so, whatever becomes of them."""
    arranged = Arrangements(session)
    for row in action_records(session, plan.id):
        if row.counts is not None:
            row.actual, row.actual_on = arranged.actual(plan, row, today), today


def new_record(plan: PdcaPlan, position: int, action: Action) -> PdcaAction:
    """Return a measure to be stored at `position` of `plan`."""
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
        counts=action.counts,
    )


def enter(session: Session, plan: PdcaPlan, stage: PdcaStage, on: date) -> None:
    """Let `plan` enter `stage` on the day `on`."""
    plan.stage = stage
    session.add(PdcaStep(branch_id=plan.branch_id, plan_id=plan.id, stage=stage, on=on))


@contextmanager
def changing(store: Store, plan_id: str, sentence: str) -> Iterator[tuple[Session, PdcaPlan]]:
    """Yield a unit of work on a plan that has not ended, with the plan.

    Raises:
        NotAllowed: who works here may write no plan.
        NotFound: there is none of this id. InvalidInput: it has ended.
    """
    store.rights.require_any(PdcaPlan.__tablename__, PdcaAction.__tablename__)
    with store.unit_of_work(sentence) as session:
        plan = plan_by_id(session, store.branch_id, plan_id)
        if not plan.stage.letter:
            raise InvalidInput(PLAN, f"{quoted(plan.title)}{plan.stage.label}，不能修改")
        yield session, plan
