"""What tasks from above ask to be done now: those that are open, the overdue first."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.members import Member
from desktop.models.registers import REGISTERS
from desktop.models.superior import SuperiorTask, superior_state
from desktop.models.vocabulary.superior import SuperiorState
from desktop.services.registers.keeping import values_of

if TYPE_CHECKING:
    from desktop.services.store import Store

REGISTER = REGISTERS["superior_task"]
OPEN = frozenset((SuperiorState.WAITING, SuperiorState.RUN_OUT))


@dataclass(frozen=True, slots=True)
class SuperiorWork:
    """One open task from above: who asked for what, who sees to it, by when (no day may have been named)."""

    task_id: str
    what: str
    asked_by: str
    owner: str
    by: date | None


def superior_works(store: "Store") -> list[SuperiorWork]:
    """Return the open tasks of this branch of whatever year, soonest first, those without a day last."""
    with store.reading() as session:
        query = select(SuperiorTask, Member.name).outerjoin(Member, Member.id == SuperiorTask.owner_id)
        kept = SuperiorTask.branch_id == store.branch_id, SuperiorTask.deleted_at_utc.is_(None)
        rows = session.execute(query.where(*kept, SuperiorTask.done_on.is_(None))).all()
        found = [
            SuperiorWork(task.id, task.title, task.from_org or "", owner or "", task.due_on)
            for task, owner in rows
            if superior_state(values_of(REGISTER, task), store.today) in OPEN
        ]
    return sorted(found, key=lambda work: (work.by or date.max, work.what))
