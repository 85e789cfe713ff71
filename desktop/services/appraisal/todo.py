"""What a round asks to be done now: grades to feed back, problems whose day comes or is past."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.appraisal.loading import load_round, year_in_work

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalTask:
    """One thing to do, by when, by whom, and in the round of which year; `problem_id` where it is one of its list."""

    what: str
    by: date
    who: str
    verb: str
    for_year: int
    problem_id: str = ""


def appraisal_tasks(store: "Store") -> list[AppraisalTask]:
    """Return what is to be done in the year that is settled and in the one before, soonest first."""
    found: list[AppraisalTask] = []
    with store.reading() as session:
        in_work = year_in_work(store, session)
        rounds = [load_round(store, session, year) for year in (in_work, in_work - 1)]
    for each in rounds:
        waiting = [line.name for line in each.rated if line.fed_back_on is None] if each.decided else []
        if waiting:
            found.append(
                AppraisalTask(
                    what=f"{each.for_year}年度民主评议的结果还有{len(waiting)}人没有反馈",
                    by=each.closes,
                    who="",
                    verb="登记反馈",
                    for_year=each.for_year,
                )
            )
        found += [
            AppraisalTask(
                what=f"整改“{problem.title}”",
                by=problem.due_on,
                who=problem.owner,
                verb="销号",
                for_year=each.for_year,
                problem_id=problem.id,
            )
            for problem in each.problems
            if not problem.closed
        ]
    return sorted(found, key=lambda task: (task.by, task.what))
