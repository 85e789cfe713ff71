"""Meetings as they cross layers: what a form or a file brings, what a list and a page show."""

from dataclasses import KW_ONLY, dataclass, field
from datetime import date

from desktop.models.meetings import AgendaItem, Observer, Speech
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind, MeetingState
from desktop.services.meetings.votes import VoteVerdict

NO_REASON, UNEXCUSED = "未说明", "无故缺席"
"""What an absence without leave is called: nobody wrote why, or it is known that there was no reason."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Someone expected who was not there: with a reason 请假, without one 缺席.

    `excused` says so where the words of the reason do not: 无故缺席 is a reason nobody gave leave for.
    """

    member_id: str
    reason: str = ""
    make_up_on: date | None = None
    excused: bool | None = None
    _: KW_ONLY
    make_up_way: MakeUpWay | None = None
    make_up_content: str = ""
    make_up_by: str = ""

    @property
    def state(self) -> AttendanceState:
        """Whether the absence counts as approved leave."""
        excused = bool(self.reason) if self.excused is None else self.excused
        return AttendanceState.LEAVE if excused else AttendanceState.ABSENT


@dataclass(frozen=True, slots=True)
class VoteDraft:
    """A vote as typed. Counts are of persons with the vote; `declared_passed` is what the minutes say came out.

    `written`: opinions of absent voters handed in before the meeting, `written_yes` of them in favour; neither is in
    `present`, `yes`, `no` or `abstain`.
    """

    kind: str
    subject: str = ""
    due: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    written: int | None = None
    written_yes: int | None = None
    declared_passed: bool | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """Something the meeting asked of someone (会后任务)."""

    what: str
    owner_id: str | None = None
    owner_name: str = ""
    due_on: date | None = None
    done_on: date | None = None
    result: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class TaskReport:
    """What this meeting heard about a task of an earlier one: whether it is done, and how far it is."""

    action_id: str
    done: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """A meeting as typed: everyone expected was there but those in `absences`.

    `for_year` and `tags` None: by the rules in force (the year, the tags whose words the topic holds).
    `chair_name`, `recorder_name`: only where the person is no member of this branch. `number`: which meeting of its
    kind in the year it is, None: as the records have it. `double_life`: leaders who took part as ordinary members.
    `satisfied` of `asked` judged it well (None: nobody asked). `reports`: what was heard of tasks of earlier meetings;
    it is kept with them.
    """

    kind: MeetingKind
    held_on: date
    started_at: str = ""
    ended_at: str = ""
    place: str = ""
    venue_id: str | None = None
    group_id: str | None = None
    for_year: int | None = None
    chair_id: str | None = None
    chair_name: str = ""
    recorder_id: str | None = None
    recorder_name: str = ""
    speaker_ids: tuple[str, ...] = ()
    topic: str = ""
    agenda: tuple[AgendaItem, ...] = ()
    speeches: tuple[Speech, ...] = ()
    resolution: str = ""
    plan: str = ""
    follow_up: str = ""
    tags: tuple[str, ...] | None = None
    absences: tuple[Absence, ...] = ()
    votes: tuple[VoteDraft, ...] = ()
    actions: tuple[ActionDraft, ...] = ()
    joint_with_id: str | None = None
    _: KW_ONLY
    number: int | None = None
    planned_on: date | None = None
    planned_at: str = ""
    observers: tuple[Observer, ...] = ()
    leave_by: str = ""
    summary: str = ""
    satisfied: int | None = None
    asked: int | None = None
    double_life: tuple[str, ...] = ()
    reports: tuple[TaskReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """One line of the list of meetings. Counts: 应到, 实到, 请假, 缺席."""

    id: str
    kind: MeetingKind
    held_on: date
    started_at: str
    ended_at: str
    place: str
    group_id: str | None
    group: str
    topic: str
    chair: str
    recorder: str
    for_year: int
    tags: tuple[str, ...]
    due: int
    present: int
    leave: int
    absent: int
    quorate: bool
    """Enough of those expected came for the meeting to be one (支委会须半数以上到会)."""
    votes: int
    open_actions: int
    attachments: int
    state: MeetingState
    late: bool
    """Typed in more days after the event than the standard allows (补录), of a day on which it could have been."""
    created_on: date
    confirmed_on: date | None
    rev: int
    deleted: bool = False
    before_records: bool = False
    """Typed in so late, but of a day before the branch began to record here: not 补录, and told as what it is."""


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One expected person at a meeting, as the roster of that day had it."""

    member_id: str
    name: str
    state: AttendanceState
    reason: str
    has_vote: bool
    make_up_on: date | None
    _: KW_ONLY
    make_up_way: MakeUpWay | None = None
    make_up_content: str = ""
    make_up_by: str = ""
    double_life: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRow:
    """A vote with its verdict. `matches`: whether the declared result is what the numbers say."""

    id: str
    kind: str
    kind_name: str
    secret: bool
    subject: str
    due: int | None
    present: int | None
    yes: int | None
    no: int | None
    abstain: int | None
    declared_passed: bool | None
    verdict: VoteVerdict
    written: int | None = None
    written_yes: int | None = None

    @property
    def matches(self) -> bool | None:
        """None while either is unknown."""
        if self.declared_passed is None or self.verdict.passed is None:
            return None
        return self.declared_passed == self.verdict.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action item with where it came from."""

    id: str
    meeting_id: str
    kind: MeetingKind
    group_id: str | None
    meeting: str
    what: str
    owner_id: str | None
    owner: str
    due_on: date | None
    done_on: date | None
    result: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """An addition to a confirmed meeting (更正)."""

    id: str
    on: date
    text: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDetail:
    """One meeting with everything kept about it."""

    row: MeetingRow
    draft: MeetingDraft
    attendance: tuple[AttendanceRow, ...]
    votes: tuple[VoteRow, ...]
    actions: tuple[ActionRow, ...]
    corrections: tuple[CorrectionRow, ...]
    speakers: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    confirmed_by: str = ""
    cancel_reason: str = ""
    voters_due: int = 0
    voters_present: int = 0
    joint_with: str = ""
    """What the meeting is called that was held in the same sitting."""
    doubts: tuple[str, ...] = ()
    """What is allowed but worth a look before minutes are confirmed; nothing once they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the program reads out of a draft's words, for a person to confirm or change."""

    for_year: int
    for_year_reason: str
    tags: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    vote_kind: str = ""
    vote_kind_reason: str = ""
    warnings: tuple[str, ...] = field(default=())
