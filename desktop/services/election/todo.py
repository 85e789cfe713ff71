"""What elections ask to be done: the next one begun in time, steps that are late or near."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.vocabulary.elections import StepState
from desktop.services.branches import BranchService
from desktop.services.election.rows import ElectionRow
from desktop.services.election.service import ElectionService

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionTask:
    """One thing to do, by when; `step` of which election, or no election begun yet."""

    what: str
    by: date
    verb: str
    election_id: str = ""
    step: str = ""


def election_tasks(store: "Store") -> list[ElectionTask]:
    """Return what is to be done about elections, soonest first."""
    return sorted(_tasks(store), key=lambda task: (task.by, task.what))


def _tasks(store: "Store") -> Iterator[ElectionTask]:
    service = ElectionService(store)
    running = [row for row in service.elections() if row.approved_on is None]
    for row in running:
        yield from _steps(row)
    starts, coming = service.starts_on(), service.coming()
    if running or starts is None or coming is None or starts > store.today or not BranchService(store).posts():
        return
    no, ends, _ = coming
    late = "已届满，还没有开始换届" if ends < store.today else f"{ends}届满，开始换届"
    yield ElectionTask(what=f"第{no - 1}届支委会{late}", by=min(ends, max(starts, store.today)), verb="开始换届")


def _steps(row: ElectionRow) -> Iterator[ElectionTask]:
    for step in row.steps:
        if step.state in (StepState.LATE, StepState.NEXT) and step.limit is not None:
            what = f"{row.title}：{step.name}"
            yield ElectionTask(what=what, by=step.limit, verb="看换届", election_id=row.id, step=step.id)
