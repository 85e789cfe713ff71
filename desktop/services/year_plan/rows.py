"""The year plan as values: duties of periods, what stands on days, and the year as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.plans import DutyState

ACTIVITY = "planned_activity"
"""What a planned day that is no meeting is kept as."""
MEETING = "meeting"
ISSUE = "issue"
"""A problem to be put right: it stands on its day in the plan and is changed in its own list alone."""
NOTIFY = "发通知"
"""What a reminder asks for while those expected were not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeeting:
    """A meeting that is still to be held, as the rules see it."""

    id: str
    kind: str
    on: date
    group_id: str | None = None
    tags: frozenset[str] = frozenset()
    speaker_ids: frozenset[str] = frozenset()
    for_year: int | None = None
    notified: bool = False


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day planned for the records an item asks for."""

    id: str
    item_id: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing an item of the standard asks for in one period.

    `first` to `last` are the days on which it may be done. `kind` is a kind of meeting, of record, or "" for any
    meeting. `event_ids` are the planned meetings or days that stand for it, `record_ids` what fulfilled it.
    """

    key: str
    item_id: str
    item: str
    what: str
    period: str
    first: date
    last: date
    kind: str
    meets: bool
    group_id: str | None
    tag: str
    post: str
    for_year: int | None
    lacking: str
    who: str
    who_id: str
    planned: date | None
    held: date | None
    state: DutyState
    event_ids: tuple[str, ...] = ()
    record_ids: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state is not DutyState.HELD

    @property
    def state_words(self) -> str:
        """The state in words; what is no meeting is done, not held."""
        return "已办" if self.state is DutyState.HELD and not self.meets else self.state.label

    @property
    def title(self) -> str:
        """What is asked for, with its period: 11月支部委员会会议."""
        return f"{self.period}{self.what}"

    @property
    def month(self) -> int:
        """The month of the year it is shown in: of its day, else the last of its period."""
        day = self.held or self.planned or self.last
        year = self.for_year or self.last.year
        if day.year != year:
            return 12 if day.year > year else 1
        return day.month


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What stands on a day of the year: a meeting held or planned, a planned activity, a record that was asked for."""

    id: str
    source: str
    """`MEETING`, `ACTIVITY`, or the kind of a record."""
    on: date
    name: str
    state: DutyState
    kind: str = ""
    group_id: str | None = None
    topic: str = ""
    place: str = ""
    started_at: str = ""
    who: str = ""
    chair: str = ""
    rev: int | None = None
    duties: tuple[Duty, ...] = ()
    """What of the standard it serves; none: the branch's own, or what headquarters arranged."""
    above: bool = False
    """Whether headquarters arranged it: it stands on its day, and is changed there alone."""

    @property
    def movable(self) -> bool:
        """Whether it may be put on another day."""
        return not self.fixed

    @property
    def fixed(self) -> str:
        """Why it stays on its day; "" where it may be put on another."""
        if self.above:
            return "总部安排的，日子由总部改"
        if self.source == ISSUE:
            return "整改的期限在问题整改清单里改"
        held = self.state is DutyState.HELD or self.source not in (MEETING, ACTIVITY)
        return "已经开过、办过的，日期在记录里改" if held else ""

    @property
    def window(self) -> tuple[date, date] | None:
        """The days on which it serves all it stands for; None where nothing of the standard binds it."""
        if not self.duties:
            return None
        return max(duty.first for duty in self.duties), min(duty.last for duty in self.duties)

    @property
    def serves(self) -> str:
        """The items it serves in words: D4-02 支部委员会会议."""
        items = dict.fromkeys(f"{duty.item_id} {duty.item}" for duty in self.duties)
        return "、".join(items)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the strip: how many of its duties are done, to come, lacking."""

    number: int
    held: int = 0
    open: int = 0
    late: int = 0

    @property
    def words(self) -> str:
        """开齐, 待开 n, 缺 n."""
        if self.late:
            return f"缺 {self.late}"
        if self.open:
            return f"待开 {self.open}"
        return "开齐" if self.held else "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something of the plan that wants doing: what, who, by when (late below zero days), and with what verb."""

    what: str
    who: str
    on: date
    days: int
    verb: str
    why: str = ""
    event: Event | None = None
    duty: Duty | None = None

    @property
    def due(self) -> str:
        """How far it is, in words."""
        if self.days < 0:
            return f"逾期 {-self.days} 天"
        return {0: "今天", 1: "明天"}.get(self.days, f"还有 {self.days} 天")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """A year as its page shows it."""

    year: int
    today: date
    duties: tuple[Duty, ...]
    events: tuple[Event, ...]
    marks: Mapping[date, str] = field(default_factory=dict)
    """Days off and weekends worked, by a word (休, 班)."""
    calendar_known: bool = True
    remind_days: int = 7

    def on(self, day: date) -> tuple[Event, ...]:
        """Return what stands on a day."""
        return tuple(event for event in self.events if event.on == day)

    def month(self, number: int) -> Month:
        """Return how a month stands."""
        own = [duty for duty in self.duties if duty.month == number]
        late = sum(duty.state.late for duty in own)
        held = sum(not duty.open for duty in own)
        return Month(number, held, len(own) - held - late, late)

    @property
    def undated(self) -> tuple[Duty, ...]:
        """What has no day yet, soonest limit first."""
        found = (duty for duty in self.duties if duty.state is DutyState.UNDATED)
        return tuple(sorted(found, key=lambda duty: (duty.last, duty.first, duty.item_id, duty.what)))

    @property
    def empty(self) -> bool:
        """Whether nothing of the year is planned or held yet."""
        return all(event.source == ISSUE or event.above for event in self.events)

    def event(self, event_id: str) -> Event | None:
        """Return what stands on some day by its id."""
        return next((event for event in self.events if event.id == event_id), None)

    def duty(self, key: str) -> Duty | None:
        """Return a duty by its key."""
        return next((duty for duty in self.duties if duty.key == key), None)

    @property
    def reminders(self) -> tuple[Reminder, ...]:
        """What wants doing now, the latest first: what is missing, what was planned and has no record, what is near."""
        found: list[Reminder] = []
        told: set[str] = set()
        for event in self.events:
            days = (event.on - self.today).days
            if event.state is DutyState.HELD or days > self.remind_days:
                continue
            told.update(duty.key for duty in event.duties)
            verb = "看安排" if event.above else {ACTIVITY: "登记", ISSUE: "看整改"}.get(event.source, "记会议")
            if event.source == MEETING and days > 0 and event.state is DutyState.PLANNED:
                verb = NOTIFY
            named = f"{event.name}：{event.topic}" if event.topic and event.topic != event.name else event.name
            found.append(Reminder(what=named, who=event.who, on=event.on, days=days, verb=verb, event=event))
        for duty in self.duties:
            days = (duty.last - self.today).days
            missing = duty.state is DutyState.MISSING
            near = duty.state is DutyState.UNDATED and duty.first <= self.today and days <= self.remind_days
            if duty.key in told or not (missing or near):
                continue
            verb, why = ("补录", "没有记录") if missing else ("排日子", "还没排")
            found.append(
                Reminder(what=duty.title, who=duty.who, on=duty.last, days=days, verb=verb, why=why, duty=duty)
            )
        return tuple(sorted(found, key=lambda one: (one.days, one.what)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlan:
    """A meeting to be planned: what a form, a file or a proposal brings."""

    kind: MeetingKind
    on: date
    group_id: str | None = None
    started_at: str = ""
    place: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    speaker_ids: tuple[str, ...] = ()
    for_year: int | None = None
