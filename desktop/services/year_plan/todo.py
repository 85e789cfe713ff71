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
    Problems to be put right are told by their own list.
    """
    service = YearPlanService(store)
    if not _anything_near(store, store.today + timedelta(days=service.settings.remind_days())):
        return []
    found = []
    for reminder in service.year(store.today.year).reminders:
        event = reminder.event
        if event is not None and event.source != ISSUE and (reminder.verb == NOTIFY or not event.duties):
            found.append(PlanWork(event_id=event.id, what=_words(reminder), who=reminder.who, by=event.on))
    return found


def _words(reminder: Reminder) -> str:
    event = reminder.event
    if event is None or event.source == ACTIVITY:
        return reminder.what
    return f"{reminder.what}：{'通知参会的人' if reminder.verb == NOTIFY else '开了就记会议，没开就改日子'}"


def _anything_near(store: "Store", until: date) -> bool:
    """Tell whether anything is planned at all by a day: the plan of a year takes long to read."""
    own = store.branch_id
    meetings = select(Meeting.id).where(
        Meeting.branch_id == own,
        Meeting.deleted_at_utc.is_(None),
        Meeting.state.in_(OPEN_STATES),
        Meeting.held_on <= until,
    )
    days = select(PlannedActivity.id).where(
        PlannedActivity.branch_id == own,
        PlannedActivity.deleted_at_utc.is_(None),
        PlannedActivity.done_on.is_(None),
        PlannedActivity.planned_on <= until,
    )
    with store.reading() as session:
        return bool(session.scalar(select(or_(exists(meetings), exists(days)))))
