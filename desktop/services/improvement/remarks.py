"""Remarks of headquarters (总部意见) at the branch: answered, made a measure, or entered in the list of problems."""

from datetime import date

from sqlalchemy import select

from desktop.models.improvement import Issue, PdcaAction, RemarkAnswer
from desktop.models.race import Remark
from desktop.models.vocabulary.race import IssueSource, IssueState
from desktop.services.errors import Input, InvalidInput
from desktop.services.improvement.measure import holders_of
from desktop.services.improvement.plan import Action
from desktop.services.improvement.records import PLAN, action_records, open_plan, remark_by_id
from desktop.services.improvement.rows import RemarkRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers import RegisterService
from desktop.services.store import Store

TEXT = Input("text", "办理情况")
DONE_ON = Input("done_on", "办结日期")
DUE_ON = Input("due_on", "整改期限")


class RemarkService:
    """What headquarters remarked to this branch, and what the branch does about it."""

    def __init__(self, store: Store) -> None:
        self._store = store

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
                    id=row.id,
                    period=row.period,
                    item_id=row.item_id,
                    text=row.text,
                    due_on=row.due_on,
                    made_on=row.made_on,
                    answer=answers[row.id].text if row.id in answers else "",
                    answered_on=answers[row.id].done_on if row.id in answers else None,
                    action_id=actions.get(row.id),
                )
                for row in rows
            ]

    def answer(self, remark_id: str, text: str, done_on: date | None = None) -> None:
        """Say what the branch did about a remark; it goes up with the next package.

        Raises:
            InvalidInput: nothing is said, or the day lies ahead.
        """
        if not text.strip():
            raise InvalidInput(TEXT, "不能为空")
        if done_on is not None and done_on > self._store.today:
            raise InvalidInput(DONE_ON, "不能晚于今天")
        with self._store.unit_of_work("答复上级意见") as session:
            remark_by_id(session, self._store.branch_id, remark_id)
            answer = session.scalar(
                select(RemarkAnswer).where(RemarkAnswer.remark_id == remark_id, RemarkAnswer.deleted_at_utc.is_(None))
            )
            if answer is None:
                answer = RemarkAnswer(branch_id=self._store.branch_id, remark_id=remark_id, text=text.strip())
                session.add(answer)
            answer.text, answer.done_on = text.strip(), done_on

    def to_action(self, remark_id: str) -> str:
        """Make a remark a measure of the open plan; return the measure's id. Twice gives the same one.

        Raises:
            InvalidInput: no plan is open, or it is being checked already.
        """
        with self._store.reading() as session:
            plan = open_plan(session, self._store.branch_id)
            remark = remark_by_id(session, self._store.branch_id, remark_id)
            if plan is None:
                raise InvalidInput(PLAN, "没有进行中的计划")
            plan_id = plan.id
            for row in action_records(session, plan_id):
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
        return ImprovementService(self._store).add_action(plan_id, action)

    def to_issue(self, remark_id: str, due_on: date | None = None) -> str:
        """Enter a remark in the list of problems to be put right (问题整改清单); return the issue's id.

        Twice gives the same one. `due_on` is needed where headquarters set no day.

        Raises:
            InvalidInput: there is no day to put it right by.
        """
        with self._store.reading() as session:
            remark = remark_by_id(session, self._store.branch_id, remark_id)
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
            raise InvalidInput(DUE_ON, "上级没有定期限，请填写")
        values = {
            "event_on": made_on,
            "title": title,
            "source": IssueSource.INSPECTION,
            "owner_id": posts.get("secretary"),
            "due_on": due,
            "state": IssueState.OPEN,
        }
        return RegisterService(self._store).save("issue", values)
