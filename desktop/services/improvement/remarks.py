"""Remarks of headquarters (总部意见) at the branch: answered, made a measure, or entered in the list of problems."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import Issue, PdcaAction, RemarkAnswer
from desktop.models.race import Remark
from desktop.models.superior import SuperiorTask
from desktop.models.sync import Partner
from desktop.models.vocabulary.race import IssueSource, IssueState, RemarkKind
from desktop.models.vocabulary.stores import PartnerState
from desktop.models.vocabulary.superior import SuperiorKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.improvement.measure import holders_of
from desktop.services.improvement.plan import Action
from desktop.services.improvement.records import PLAN, action_records, due_in, open_plan, remark_by_id
from desktop.services.improvement.rows import RemarkRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers import RegisterService
from desktop.services.registers.values import LONGEST_LINE, LONGEST_WORDS
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of

TEXT = Input("text", "办理情况")
DONE_ON = Input("done_on", "办结日期")
DUE_ON = Input("due_on", "整改期限")
KIND = Input("kind", "类别")
DECLINED = Input("declined", "不更正")
_AS_TASKS = {RemarkKind.TASK: SuperiorKind.TASK, RemarkKind.NOTICE: SuperiorKind.PAPER}
_HEADING = 60


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
                    kind=row.kind,
                    about_kind=row.about_kind or "",
                    about_id=row.about_id or "",
                    about_name=row.about_name,
                    declined=row.id in answers and answers[row.id].declined,
                )
                for row in rows
            ]

    def waiting(self) -> list[RemarkRow]:
        """Return what waits for an answer, the soonest due first: no notices, which are only read, and nothing that
        was made a measure of the plan or a task of the register, where it is told."""
        open_ones = [row for row in self.remarks() if row.waits and row.action_id is None]
        with self._store.reading() as session:
            tasks = set(session.scalars(select(SuperiorTask.note).where(SuperiorTask.deleted_at_utc.is_(None))))
        left = [row for row in open_ones if _marked(row.made_on, row.id) not in tasks]
        return sorted(left, key=lambda row: (row.due_on or date.max, row.made_on))

    def answer(self, remark_id: str, text: str, done_on: date | None = None, *, declined: bool = False) -> None:
        """Say what the branch did about a remark; it goes up with the next package.

        `declined`: the record that was to be corrected stays as it is, and `text` says why. A task that was entered in
        the register of tasks from above is closed there with the same words.

        Raises:
            InvalidInput: nothing is said, the day lies ahead, or what is declined is no request to correct a record.
        """
        self._store.rights.require_any(RemarkAnswer.__tablename__)
        if not text.strip():
            raise InvalidInput(TEXT, "不能为空")
        if done_on is not None and done_on > self._store.today:
            raise InvalidInput(DONE_ON, "不能晚于今天")
        with self._store.unit_of_work("答复上级意见") as session:
            remark = remark_by_id(session, self._store.branch_id, remark_id)
            if declined and remark.kind is not RemarkKind.CORRECTION:
                raise InvalidInput(DECLINED, "只有请求更正的才能答复不更正")
            action_of(session).sentence = f"答复上级{remark.kind.label}"
            answer = session.scalar(
                select(RemarkAnswer).where(RemarkAnswer.remark_id == remark_id, RemarkAnswer.deleted_at_utc.is_(None))
            )
            if answer is None:
                answer = RemarkAnswer(branch_id=self._store.branch_id, remark_id=remark_id, text=text.strip())
                session.add(answer)
            answer.text, answer.done_on, answer.declined = text.strip(), done_on, declined
            task = _task_of(session, remark)
            if task is not None and done_on is not None and task.done_on is None:
                task.answer, task.done_on = answer.text, done_on

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
                due_on=remark.due_on or due_in(session, plan, self._store.today),
                unit="项",
                base=0.0,
                goal=1.0,
                rolled_over_from_id=remark_id,
            )
        return ImprovementService(self._store).add_action(plan_id, action)

    def to_task(self, remark_id: str) -> str:
        """Enter a task or notice in the register of tasks from above (上级来文、任务); return the id of its row.

        Twice gives the same one.

        Raises:
            InvalidInput: it is a remark, or a request to correct a record.
        """
        with self._store.reading() as session:
            remark = remark_by_id(session, self._store.branch_id, remark_id)
            if remark.kind not in _AS_TASKS:
                raise InvalidInput(KIND, "只有任务和通知列入上级来文、任务")
            known = _task_of(session, remark)
            if known is not None:
                return known.id
            values = {
                "title": _heading(remark.text),
                "kind": _AS_TASKS[remark.kind],
                "received_on": remark.made_on
                if remark.due_on and remark.due_on < self._store.today
                else self._store.today,
                "from_org": _headquarters(session) or "上级党组织",
                "what": _fitting(remark.text),
                "due_on": remark.due_on,
                "note": _mark(remark),
            }
        return RegisterService(self._store).save("superior_task", values)

    def to_issue(self, remark_id: str, due_on: date | None = None) -> str:
        """Enter a remark in the list of problems to be put right (问题整改清单); return the issue's id.

        Twice gives the same one. `due_on` is needed where headquarters set no day.

        Raises:
            InvalidInput: there is no day to put it right by.
        """
        self._store.rights.require_any(Issue.__tablename__)
        with self._store.reading() as session:
            remark = remark_by_id(session, self._store.branch_id, remark_id)
            title = remark.text if _is_line(remark.text) else _heading(remark.text)
            known = session.scalar(
                select(Issue.id).where(
                    Issue.branch_id == self._store.branch_id,
                    Issue.note == _mark(remark),
                    Issue.deleted_at_utc.is_(None),
                )
            )
            if known is not None:
                return known
            due = due_on or remark.due_on
            if due is None:
                raise InvalidInput(DUE_ON, "上级没有定期限，请填写")
            values = {
                "event_on": remark.made_on,
                "title": title,
                "symptom": _fitting(remark.text) if title != remark.text else None,
                "source": IssueSource.INSPECTION,
                "owner_id": holders_of(session, self._store.branch_id, self._store.today).get("secretary"),
                "due_on": due,
                "state": IssueState.OPEN,
                "note": _mark(remark),
            }
        return RegisterService(self._store).save("issue", values)


def _is_line(text: str) -> bool:
    """Whether what was asked is short enough for a title as it is."""
    return len(text) <= LONGEST_LINE and len(text.splitlines()) == 1


def _fitting(text: str) -> str:
    """Return what was asked as a field of a register takes it; what is longer ends with where the rest is read."""
    rest = f"……（共{len(text)}字，全文见“上级意见”）"
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - len(rest)].rstrip()}{rest}"


def _heading(text: str) -> str:
    """Return the first sentence of what was asked, for a title."""
    first = text.strip().splitlines()[0]
    return first if len(first) <= _HEADING else f"{first[:_HEADING]}…"


def _mark(remark: Remark) -> str:
    """Return what a row of the register says of where it came from; by it the row is found again."""
    return _marked(remark.made_on, remark.id)


def _marked(made_on: date, remark_id: str) -> str:
    return f"{made_on:%Y-%m-%d}随反馈包下发（{remark_id}）"


def _headquarters(session: Session) -> str:
    """Return the name of the headquarters of this branch; "" before it joined one."""
    query = select(Partner.name).where(Partner.state != PartnerState.REVOKED).order_by(Partner.id.desc())
    return session.scalar(query) or ""


def _task_of(session: Session, remark: Remark) -> SuperiorTask | None:
    """Return the row of the register of tasks from above that stands for a remark, if it was entered there."""
    query = select(SuperiorTask).where(
        SuperiorTask.branch_id == remark.branch_id,
        SuperiorTask.note == _mark(remark),
        SuperiorTask.deleted_at_utc.is_(None),
    )
    return session.scalar(query)
