"""What the plan asks to be done soon, that no gap of the score says already."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from desktop.models.activities import PlannedActivity
from desktop.models.meetings import Meeting
from desktop.services.year_plan.rows import ACTIVITY, ISSUE, NOTIFY, Reminder
from desktop.services.year_plan.service import OPEN_STATES, YearPlanService

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWork:
    """One thing: to tell those expected, or to see to what the branch planned of its own."""

    event_id: str
    what: str
    who: str
    by: date


def plan_works(store: "Store") -> list[PlanWork]:
    """Return what of the plan is near or past its day.

    What the standard asks for stands among the gaps: of it only the notice is told here, which no gap asks for.
    Problems to be put right and what headquarters arranged are told by their own lists. What was planned last year
    and not done is asked on.
    """
    service, year = YearPlanService(store), store.today.year
    near = store.today + timedelta(days=service.settings.remind_days())
    spans = {year - 1: (date(year - 1, 1, 1), date(year - 1, 12, 31)), year: (date(year, 1, 1), near)}
    found: dict[str, PlanWork] = {}
    for of_year, (first, last) in spans.items():
        for reminder in service.year(of_year).reminders if _anything_planned(store, first, last) else ():
            event = reminder.event
            if event is None or event.above or event.source == ISSUE:
                continue
            if reminder.verb == NOTIFY or not event.duties:
                work = PlanWork(event_id=event.id, what=_words(reminder), who=reminder.who, by=event.on)
                found.setdefault(event.id, work)
    return list(found.values())


def _words(reminder: Reminder) -> str:
    event = reminder.event
    if event is None or event.source == ACTIVITY:
        return reminder.what
    return f"{reminder.what}：{'通知参会的人' if reminder.verb == NOTIFY else '开了就记会议，没开就改日子'}"


def _anything_planned(store: "Store", first: date, last: date) -> bool:
    """Tell whether anything is planned at all for some days: the plan of a year takes long to read."""
    own = store.branch_id
    meetings = select(Meeting.id).where(
        Meeting.branch_id == own,
        Meeting.deleted_at_utc.is_(None),
        Meeting.state.in_(OPEN_STATES),
        Meeting.held_on.between(first, last),
    )
    days = select(PlannedActivity.id).where(
        PlannedActivity.branch_id == own,
        PlannedActivity.deleted_at_utc.is_(None),
        PlannedActivity.done_on.is_(None),
        PlannedActivity.planned_on.between(first, last),
    )
    with store.reading() as session:
        return bool(session.scalar(select(or_(exists(meetings), exists(days)))))
