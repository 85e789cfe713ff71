"""The year plan of a branch: read, generated, moved, notified. What is planned is a meeting or a planned activity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desktop.models.activities import PlannedActivity
from desktop.models.base import new_id
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, Input, InvalidInput, NotFound
from desktop.services.improvement.ahead import arranged_on
from desktop.services.meetings.fields import GROUP, HELD_ON, TOPIC
from desktop.services.meetings.keeping import year_it_counts_for
from desktop.services.meetings.naming import title
from desktop.services.revisions import check_revision
from desktop.services.standards.facts import Facts
from desktop.services.standards.periods import add_years
from desktop.services.standards.service import StandardService
from desktop.services.workdays import Calendars
from desktop.services.year_plan.days import marks_of, nearest_workday, proposed_day, refusal
from desktop.services.year_plan.duties import duties
from desktop.services.year_plan.reading import Kept, events, kept_days, kept_issues, kept_meetings, planned
from desktop.services.year_plan.rows import ACTIVITY, MEETING, Duty, Event, MeetingPlan, PlannedDay, YearPlan
from desktop.services.year_plan.settings import PlanSettings
from desktop.services.year_plan.templates import templates

if TYPE_CHECKING:
    from desktop.services.store import Store

OPEN_STATES = (MeetingState.PLANNED, MeetingState.NOTIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How a planned meeting or activity stood before it was changed."""

    id: str
    source: str
    on: date
    state: MeetingState | None = None
    for_year: int | None = None
    tags: tuple[str, ...] = ()
    speaker_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb of the plan did, in words, and what is needed to take it back."""

    words: str
    made: tuple[tuple[str, str], ...] = ()
    """(source, id) of what is new."""
    before: tuple[Before, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many days were planned or changed."""
        return len(self.made) + len(self.before)


class YearPlanService:
    """The year plan of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store, self.settings = store, PlanSettings(store)
        self._standards = StandardService(store)

    # reading

    def year(self, year: int) -> YearPlan:
        """Return a year with everything the standard asks for and everything that is planned or was held."""
        law, facts = self._standards.law(year=year), self._standards.facts(year)
        first, last = date(year - 1, 12, 20), date(year + 1, 4, 7)
        with self._store.reading() as session:
            meetings = kept_meetings(session, self._store.branch_id, year, first, last)
            days = kept_days(session, self._store.branch_id, first, last)
            issues = kept_issues(session, self._store.branch_id, first, last)
            arranged = arranged_on(session, self._store, first, last)
        found = self._duties(year, facts, meetings, days)
        return YearPlan(
            year=year,
            today=self._store.today,
            duties=found,
            events=events(found, meetings, days, issues, arranged, facts, self._store.today),
            marks=marks_of(law.calendars, first, last),
            calendar_known=year in law.calendars,
            remind_days=self.settings.remind_days(),
        )

    def year_of(self, event_id: str) -> int | None:
        """Return the year in which something planned stands; None where there is no such thing."""
        with self._store.reading() as session:
            meeting, activity = session.get(Meeting, event_id), session.get(PlannedActivity, event_id)
            day = meeting.held_on if meeting is not None else activity.planned_on if activity is not None else None
            return day.year if day is not None else None

    def _duties(
        self, year: int, facts: Facts, meetings: Sequence[Kept], days: Sequence[PlannedActivity]
    ) -> tuple[Duty, ...]:
        return duties(
            self._standards.pack(year=year),
            self._standards.law(year=year),
            facts,
            year,
            self._store.today,
            planned(meetings),
            [PlannedDay(day.id, day.item, day.planned_on) for day in days if day.item],
        )

    # planning

    def plan_meeting(self, plan: MeetingPlan) -> Done:
        """Plan a meeting of the branch's own choice.

        Raises:
            InvalidInput: the day is past, or a meeting of a group names none.
            Conflict: such a meeting is planned or recorded on that day already.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        self._refuse(None, plan.on)
        of_group = plan.kind is MeetingKind.GROUP_MEETING
        if of_group and not plan.group_id:
            raise InvalidInput(GROUP, "选哪个党小组")
        plan = plan if of_group else replace(plan, group_id=None)
        with self._store.unit_of_work(f"安排会议“{title(plan.kind, plan.on)}”") as session:
            meeting = self.add(session, plan)
        return Done(f"已安排{title(plan.kind, plan.on)}。", ((MEETING, meeting.id),))

    def put(self, duty: Duty, day: date, kind: MeetingKind | None = None) -> Done:
        """Give a duty without a date its day: a planned meeting, or one that is planned already joins it.

        `kind`: what kind of meeting, where the duty asks for any.

        Raises:
            InvalidInput: the day is past or outside the period; the reason is in words.
            Conflict: a meeting of that kind stands on that day already.
        """
        self._store.rights.require_any((Meeting if duty.meets else PlannedActivity).__tablename__)
        self._refuse((duty.first, duty.last), day)
        if not duty.meets:
            with self._store.unit_of_work(f"安排“{duty.title}”") as session:
                activity = self.add_activity(session, duty.title, day, duty.item_id, duty.who_id)
            return Done(f"“{duty.title}”排在{day.month}月{day.day}日。", ((ACTIVITY, activity.id),))
        of_kind = MeetingKind(duty.kind) if duty.kind else kind or templates().any_kind
        with self._store.unit_of_work(f"安排“{duty.title}”") as session:
            twin = self._planned_on(session, of_kind, day, duty.group_id)
            if twin is not None and (duty.tag or duty.post):
                before = _before(twin)
                self._serve(session, twin, duty)
                return Done(f"{title(of_kind, day)}兼作“{duty.title}”。", (), (before,))
            meeting = self.add(session, self._as_plan(duty, of_kind, day))
        return Done(f"“{duty.title}”排在{day.month}月{day.day}日。", ((MEETING, meeting.id),))

    def plan_activity(self, words: str, day: date) -> Done:
        """Plan something that is no meeting.

        Raises:
            InvalidInput: the day is past, or there are no words.
        """
        self._store.rights.require_any(PlannedActivity.__tablename__)
        self._refuse(None, day)
        if not words.strip():
            raise InvalidInput(TOPIC, "写明是什么活动")
        with self._store.unit_of_work(f"安排“{words.strip()}”") as session:
            activity = self.add_activity(session, words.strip(), day, None, "")
        return Done(f"“{words.strip()}”排在{day.month}月{day.day}日。", ((ACTIVITY, activity.id),))

    def move(self, event: Event, day: date) -> Done:
        """Put what is planned on another day; a meeting already notified has to be notified again.

        Raises:
            InvalidInput: the day is past or outside the period it serves.
            Conflict: changed meanwhile, or the day has such a meeting.
        """
        self._store.rights.require_any((PlannedActivity if event.source == ACTIVITY else Meeting).__tablename__)
        if day == event.on:
            return Done("")
        self._refuse(event.window, day)
        words = f"{event.name}从{event.on.month}月{event.on.day}日改到{day.month}月{day.day}日"
        with self._store.unit_of_work(words) as session:
            if event.source == ACTIVITY:
                activity = self._activity_of(session, event.id)
                check_revision(activity, event.rev, "其他安排")
                before = Before(id=activity.id, source=ACTIVITY, on=activity.planned_on)
                activity.planned_on = day
                return Done(f"{words}。", (), (before,))
            meeting = self._open(session, event.id)
            check_revision(meeting, event.rev, "会议记录")
            self._refuse_twin(session, meeting.kind, day, meeting.group_id, meeting.id)
            before = _before(meeting)
            by_date = not self._standards.law(year=day.year).closes(meeting.kind.value)
            meeting.held_on = day
            meeting.for_year = day.year if by_date else meeting.for_year
            again = meeting.state is MeetingState.NOTIFIED
            meeting.state = MeetingState.PLANNED
        return Done(f"{words}。" + ("日子变了，请重新通知。" if again else ""), (), (before,))

    def notify(self, meeting_id: str) -> Done:
        """Note that those expected were told of a planned meeting (已通知).

        Raises:
            InvalidInput: it is recorded or called off already.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        with self._store.unit_of_work("会议已通知") as session:
            meeting = self._open(session, meeting_id)
            before = _before(meeting)
            meeting.state = MeetingState.NOTIFIED
            words = f"{title(meeting.kind, meeting.held_on)}已通知。"
        return Done(words, (), (before,))

    def withdraw(self, event: Event) -> Done:
        """Take a planned day out of the plan; it lies in the recycle bin."""
        self._store.rights.require_any((PlannedActivity if event.source == ACTIVITY else Meeting).__tablename__)
        with self._store.unit_of_work(f"撤掉安排“{event.name}”") as session:
            row = self._activity_of(session, event.id) if event.source == ACTIVITY else self._open(session, event.id)
            before = (
                Before(id=row.id, source=ACTIVITY, on=event.on) if isinstance(row, PlannedActivity) else _before(row)
            )
            row.deleted_at_utc = utc_text(self._store.clock())
        return Done(f"已撤掉{event.on.month}月{event.on.day}日{event.name}。", (), (before,))

    def done_on(self, activity_id: str, day: date | None) -> Done:
        """Note on which day a planned activity was done.

        Raises:
            InvalidInput: the day lies ahead.
        """
        self._store.rights.require_any(PlannedActivity.__tablename__)
        if day is not None and day > self._store.today:
            raise InvalidInput(Input("done_on", "完成日期"), "不能晚于今天")
        with self._store.unit_of_work("办结其他安排" if day else "重开其他安排") as session:
            activity = self._activity_of(session, activity_id)
            activity.done_on = day
            words = f"“{activity.title}”已办结。" if day else f"“{activity.title}”又列为待办。"
        return Done(words)

    def fillable(self, year: int) -> tuple[Duty, ...]:
        """Return what `fill` has a day for, nothing planned yet."""
        plan, theme, calendars = self.year(year), self.settings.theme_day(), self._calendars(year)
        with self._store.reading() as session:
            return tuple(
                duty
                for duty in plan.undated
                if duty.meets and duty.kind and not duty.tag and not duty.post
                and self._free(session, duty, proposed_day(duty, theme, plan.today, calendars), calendars)
            )  # fmt: skip

    def fill(self, year: int) -> Done:
        """Plan every meeting the standard still asks for in `year` on its usual working day (按标准生成).

        What has no usual day, what is no meeting, and what is planned or held stays as it is.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        plan = self.year(year)
        theme, calendars = self.settings.theme_day(), self._calendars(year)
        open_duties = [duty for duty in plan.undated if duty.meets and duty.kind]
        with self._store.unit_of_work(f"按标准生成{year}年会议安排") as session:
            made = [
                self.add(session, self._as_plan(duty, MeetingKind(duty.kind), day))
                for duty in open_duties
                if not duty.tag and not duty.post
                and (day := self._free(session, duty, proposed_day(duty, theme, plan.today, calendars), calendars))
            ]  # fmt: skip
            session.flush()
            joined = list(self._join(session, [duty for duty in open_duties if duty.tag or duty.post], made))
        left = len(plan.undated) - len(made) - len(joined)
        words = f"按标准排了 {len(made)} 次会议" + (f"，其中 {len(joined)} 次兼作专题" if joined else "")
        told = f"{words}；还有 {left} 件要自己定日子。" if left else f"{words}。"
        new = {meeting.id for meeting in made}
        return Done(told, tuple((MEETING, each.id) for each in made), tuple(old for old in joined if old.id not in new))

    def copy_last_year(self, year: int) -> Done:
        """Plan what is undated in `year` on the days of the year before: same place and hour, no topic.

        What the branch planned of its own beside meetings comes along.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        plan, before, calendars = self.year(year), self.year(year - 1), self._calendars(year)
        made: list[tuple[str, str]] = []
        with self._store.unit_of_work(f"照{year - 1}年安排{year}年") as session:
            for duty in plan.undated:
                old = next((one for one in before.events if _same(one, duty, year)), None)
                if old is None or not duty.meets:
                    continue
                day = self._free(session, duty, add_years(old.on, 1), calendars)
                if day is not None:
                    copied = self._as_plan(duty, MeetingKind(old.kind), day, old.started_at, old.place)
                    made.append((MEETING, self.add(session, copied).id))
            there = {event.name for event in plan.events if event.source == ACTIVITY}
            for old in before.events:
                day = add_years(old.on, 1)
                if old.source == ACTIVITY and not old.duties and old.name not in there and day >= plan.today:
                    made.append((ACTIVITY, self.add_activity(session, old.name, day, None, "").id))
        return Done(f"照去年排了 {len(made)} 件。" if made else "去年没有可照的安排。", tuple(made))

    def take_back(self, done: Done) -> None:
        """Take back what a verb did: what it made goes, what it changed is as before."""
        self._store.rights.require_any(Meeting.__tablename__, PlannedActivity.__tablename__)
        with self._store.unit_of_work("撤销安排") as session:
            at = utc_text(self._store.clock())
            for source, row_id in done.made:
                if source == ACTIVITY:
                    self._activity_of(session, row_id, gone=True).deleted_at_utc = at
                else:
                    self._open(session, row_id, gone=True).deleted_at_utc = at
            for before in reversed(done.before):  # what changed twice is at the end as it was first
                if before.source == ACTIVITY:
                    activity = self._activity_of(session, before.id, gone=True)
                    activity.planned_on, activity.deleted_at_utc = before.on, None
                    continue
                meeting = self._open(session, before.id, gone=True)
                meeting.held_on, meeting.deleted_at_utc = before.on, None
                meeting.state = before.state or meeting.state
                meeting.for_year = before.for_year or meeting.for_year
                meeting.tags, meeting.speaker_ids = list(before.tags), list(before.speaker_ids)

    # inside

    def _calendars(self, year: int) -> Calendars:
        return self._standards.law(year=year).calendars

    def _refuse(self, window: tuple[date, date] | None, day: date) -> None:
        if why := refusal(window, day, self._store.today):
            raise InvalidInput(HELD_ON, why)

    def _as_plan(self, duty: Duty, kind: MeetingKind, day: date, started_at: str = "", place: str = "") -> MeetingPlan:
        speakers = self._standards.facts(day.year).holders(duty.post, day) if duty.post else ()
        return MeetingPlan(
            kind=kind,
            on=day,
            group_id=duty.group_id,
            started_at=started_at,
            place=place,
            tags=(duty.tag,) if duty.tag else (),
            speaker_ids=tuple(speakers[:1]),
            for_year=duty.for_year,
        )

    def add(self, session: Session, plan: MeetingPlan) -> Meeting:
        """Plan a meeting in the action of somebody else.

        Raises:
            Conflict: such a meeting stands on that day already.
        """
        self._refuse_twin(session, plan.kind, plan.on, plan.group_id)
        law = self._standards.law(year=plan.on.year)
        year = plan.for_year
        if year is None:
            year = year_it_counts_for(plan.kind, plan.on, law.closes(plan.kind.value))[0]
        meeting = Meeting(
            id=new_id(),
            branch_id=self._store.branch_id,
            kind=plan.kind,
            held_on=plan.on,
            started_at=plan.started_at or None,
            place=plan.place or None,
            group_id=plan.group_id,
            for_year=year,
            topic=plan.topic,
            tags=list(plan.tags),
            speaker_ids=list(plan.speaker_ids),
            state=MeetingState.PLANNED,
        )
        session.add(meeting)
        session.flush()
        return meeting

    def add_activity(
        self, session: Session, words: str, day: date, item: str | None = None, lead: str = ""
    ) -> PlannedActivity:
        """Plan something that is no meeting in the action of somebody else."""
        activity = PlannedActivity(
            id=new_id(),
            branch_id=self._store.branch_id,
            planned_on=day,
            title=words,
            item=item,
            lead_id=lead or None,
        )
        session.add(activity)
        session.flush()
        return activity

    def _serve(self, session: Session, meeting: Meeting, duty: Duty) -> None:
        """Let a planned meeting stand for a duty too: its topic, or who gives the lecture."""
        if duty.tag and duty.tag not in meeting.tags:
            meeting.tags = [*meeting.tags, duty.tag]
        if duty.post:
            speakers = self._standards.facts(meeting.held_on.year).holders(duty.post, meeting.held_on)
            if speakers and not set(speakers) & set(meeting.speaker_ids):
                meeting.speaker_ids = [speakers[0], *meeting.speaker_ids]

    def _join(self, session: Session, special: Iterable[Duty], made: Sequence[Meeting]) -> Iterable[Before]:
        """Let planned meetings stand for what asks for one with a topic or a speaker; yield how they were before."""
        query = select(Meeting).where(
            Meeting.branch_id == self._store.branch_id,
            Meeting.deleted_at_utc.is_(None),
            Meeting.state.in_(OPEN_STATES),
        )
        every = sorted(session.scalars(query), key=lambda one: one.held_on)
        for duty in special:
            fitting = [
                one
                for one in every
                if one.kind.value == duty.kind
                and duty.first <= one.held_on <= duty.last
                and one.held_on >= self._store.today
            ]
            if fitting:
                meeting = fitting[0] if duty.post else fitting[-1]
                yield _before(meeting)
                self._serve(session, meeting, duty)

    def _free(self, session: Session, duty: Duty, day: date | None, calendars: Calendars) -> date | None:
        """Return the day, or the nearest one with no such meeting; None where the period has none."""
        if day is None:
            return None
        found = nearest_workday(max(day, duty.first), duty.first, duty.last, calendars)
        kind = MeetingKind(duty.kind) if duty.kind else templates().any_kind
        while found is not None and found <= duty.last:
            if found > self._store.today and self.standing(session, kind, found, duty.group_id) is None:
                return found
            following = date.fromordinal(found.toordinal() + 1)
            found = nearest_workday(following, following, duty.last, calendars) if following <= duty.last else None
        return None

    def standing(self, session: Session, kind: MeetingKind, day: date, group_id: str | None) -> Meeting | None:
        """Return the meeting of a kind and group that stands on a day, planned or held."""
        return session.scalar(
            select(Meeting).where(
                Meeting.branch_id == self._store.branch_id,
                Meeting.deleted_at_utc.is_(None),
                Meeting.kind == kind,
                Meeting.held_on == day,
                Meeting.group_id == group_id if group_id else or_(Meeting.group_id.is_(None), Meeting.group_id == ""),
                Meeting.state != MeetingState.CANCELLED,
            )
        )

    def _planned_on(self, session: Session, kind: MeetingKind, day: date, group_id: str | None) -> Meeting | None:
        found = self.standing(session, kind, day, group_id)
        return found if found is not None and found.state in OPEN_STATES else None

    def _refuse_twin(self, session: Session, kind: MeetingKind, day: date, group_id: str | None, but: str = "") -> None:
        twin = self.standing(session, kind, day, group_id)
        if twin is not None and twin.id != but:
            raise Conflict(what="会议安排", reason=f"{title(kind, day)}已经有一次", id=twin.id)

    def _open(self, session: Session, meeting_id: str, gone: bool = False) -> Meeting:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None or meeting.branch_id != self._store.branch_id:
            raise NotFound(what="会议安排")
        if meeting.deleted_at_utc is not None and not gone:
            raise NotFound(what="会议安排")
        if meeting.state not in OPEN_STATES:
            raise Conflict(what="会议安排", reason=f"这次会议{meeting.state.label}，不再是安排")
        return meeting

    def _activity_of(self, session: Session, activity_id: str, gone: bool = False) -> PlannedActivity:
        activity = session.get(PlannedActivity, activity_id)
        if activity is None or activity.branch_id != self._store.branch_id:
            raise NotFound(what="其他安排")
        if activity.deleted_at_utc is not None and not gone:
            raise NotFound(what="其他安排")
        return activity


def _before(meeting: Meeting) -> Before:
    return Before(
        id=meeting.id,
        source=MEETING,
        on=meeting.held_on,
        state=meeting.state,
        for_year=meeting.for_year,
        tags=tuple(meeting.tags),
        speaker_ids=tuple(meeting.speaker_ids),
    )


def _same(event: Event, duty: Duty, year: int) -> bool:
    """Whether an event of the year before stood for what a duty asks for now."""
    if event.source != MEETING or event.kind != duty.kind or (event.group_id or None) != duty.group_id:
        return False
    return event.on.year == year - 1 and duty.first <= add_years(event.on, 1) <= duty.last and not duty.tag
