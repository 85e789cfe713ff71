"""What is printed of a meeting: all of it, names instead of ids.

Many kept meetings are loaded with few queries; a draft that is still being typed becomes the same paper.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desktop.models.base import Base
from desktop.models.branches import PartyGroup
from desktop.models.meetings import ActionItem, AgendaItem, Attendance, Correction, Meeting, Observer, Vote
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind, MeetingState
from desktop.services.clock import Clock, day_of
from desktop.services.meetings.keeping import judged
from desktop.services.meetings.naming import minutes_title, name_of
from desktop.services.meetings.numbering import number_of, numbers_of
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft, VoteDraft
from desktop.services.meetings.votes import VoteKinds, VoteVerdict, vote_kind
from desktop.services.members import Expected

R = TypeVar("R", bound=Base)
P = TypeVar("P", Attendance, Vote, ActionItem, Correction)

_ASKED_AT_ONCE = 400  # ids in one question to the database
_GONE = "（已删除）"


@dataclass(frozen=True, slots=True)
class Person:
    """One expected person at a meeting."""

    name: str
    state: AttendanceState
    reason: str
    has_vote: bool
    make_up_on: date | None
    _: KW_ONLY
    probationary: bool = False
    double_life: bool = False
    make_up_way: MakeUpWay | None = None
    make_up_content: str = ""
    make_up_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VotePaper:
    """One vote: its numbers and what they mean. `ballot` is 无记名 where the rule asks for it."""

    kind: str
    subject: str
    due: int | None
    present: int | None
    yes: int | None
    no: int | None
    abstain: int | None
    declared_passed: bool | None
    secret: bool
    verdict: VoteVerdict
    written: int | None = None
    written_yes: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something the meeting asked of someone."""

    what: str
    owner: str
    due_on: date | None
    done_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class CorrectionPaper:
    """What was added to a confirmed meeting."""

    on: date
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPaper:
    """One meeting as it is printed."""

    id: str
    kind: MeetingKind
    held_on: date
    started_at: str
    ended_at: str
    place: str
    group: str
    for_year: int
    topic: str
    chair: str
    recorder: str
    speakers: tuple[str, ...]
    agenda: tuple[AgendaItem, ...]
    speeches: tuple[tuple[str, str], ...]
    resolution: str
    plan: str
    follow_up: str
    people: tuple[Person, ...]
    votes: tuple[VotePaper, ...]
    tasks: tuple[Task, ...]
    corrections: tuple[CorrectionPaper, ...]
    state: MeetingState
    confirmed_on: date | None
    confirmed_by: str
    entered_on: date
    number: int | None = None
    """Which meeting of its kind in its year it is."""
    planned_on: date | None = None
    planned_at: str = ""
    observers: tuple[Observer, ...] = ()
    leave_by: str = ""
    summary: str = ""
    satisfied: int | None = None
    asked: int | None = None
    joint_with: str = ""
    """The meeting it was held together with, in one sitting."""

    @property
    def length(self) -> int | None:
        """Return how many minutes it took, None where that is not known."""
        try:
            (from_h, from_m), (to_h, to_m) = (map(int, at.split(":")) for at in (self.started_at, self.ended_at))
        except ValueError:
            return None
        minutes = (to_h - from_h) * 60 + to_m - from_m
        return minutes if minutes > 0 else None

    @property
    def name(self) -> str:
        """Return the kind of meeting, of a party group with its name."""
        return name_of(self.kind, self.group)

    @property
    def title(self) -> str:
        """Return what the minutes are called in lists: kind, group and topic."""
        return minutes_title(self.kind, self.group, self.topic)

    def names(self, state: AttendanceState) -> list[Person]:
        """Return those who were `state`."""
        return [person for person in self.people if person.state is state]


@dataclass(frozen=True, slots=True)
class Names:
    """What members and party groups of a branch are called on paper, by id."""

    members: Mapping[str, str]
    groups: Mapping[str, str]
    full_on: Mapping[str, date | None] = field(default_factory=dict)
    """Since when each member is a full one (转正)."""

    def member(self, member_id: str | None, else_name: str | None = "") -> str:
        """Return the name of a member, or `else_name` where the person is none."""
        return self.members.get(member_id or "", else_name or "")


def load_names(session: Session, branch_id: str) -> Names:
    """Return the names of a branch; two members of one name carry the last digits of their ID number."""
    query = select(Member.id, Member.name, Member.id_no, Member.full_on).where(Member.branch_id == branch_id)
    people = session.execute(query.order_by(Member.id)).all()
    total = Counter(name for _, name, _, _ in people)
    members = {
        member_id: f"{name}（{(number or member_id)[-4:]}）" if total[name] > 1 else name
        for member_id, name, number, _ in people
    }
    groups = session.execute(select(PartyGroup.id, PartyGroup.name).where(PartyGroup.branch_id == branch_id))
    return Names(members, dict(groups.all()), {member_id: full_on for member_id, _, _, full_on in people})


def load_meetings(
    session: Session, branch_id: str, ids: Sequence[str], clock: Clock, kinds: VoteKinds
) -> list[MeetingPaper]:
    """Return the meetings with `ids`, in order of date; votes are judged by `kinds`, the rules of their year.

    The zone of `clock` says on which day a meeting was entered.
    """
    names = load_names(session, branch_id)
    meetings = list(_rows(session, Meeting, Meeting.id, ids))
    numbers = numbers_of(session, branch_id, {meeting.for_year for meeting in meetings})
    joint = _joint(session, names, {meeting.joint_with_id for meeting in meetings if meeting.joint_with_id})
    people = _by_meeting(session, Attendance, ids, key=lambda row: row.member_id)  # the order of the roster
    votes = _by_meeting(session, Vote, ids, key=lambda row: row.position)
    tasks = _by_meeting(session, ActionItem, ids, key=lambda row: row.position)
    corrections = _by_meeting(session, Correction, ids, key=lambda row: (row.on, row.id))
    papers = [
        _paper(
            meeting,
            names,
            kinds,
            people=tuple(_person(row, names, row.has_vote, meeting.held_on) for row in people[meeting.id]),
            votes=votes[meeting.id],
            tasks=tasks[meeting.id],
            rest=_Rest(
                id=meeting.id,
                for_year=meeting.for_year,
                corrections=_kept(corrections[meeting.id]),
                state=meeting.state,
                confirmed_on=meeting.confirmed_on,
                confirmed_by=meeting.confirmed_by or "",
                entered_on=day_of(meeting.created_at_utc, clock) if meeting.created_at_utc else meeting.held_on,
                number=numbers.get(meeting.id, meeting.number),
                joint_with=joint.get(meeting.joint_with_id or "", ""),
            ),
        )
        for meeting in meetings
    ]
    return sorted(papers, key=lambda paper: (paper.held_on, paper.started_at, paper.id))


def of_draft(
    session: Session, draft: MeetingDraft, expected: Iterable[Expected], names: Names, kinds: VoteKinds, owner: str = ""
) -> MeetingPaper:
    """Return a meeting that is still being typed as it will be printed: everyone `expected` came but the absent.

    `owner` is the branch whose meetings number it.
    """
    absences = {absence.member_id: absence for absence in draft.absences}
    people = tuple(
        _person(
            absences.get(person.member_id)
            or _Present(person.member_id, double_life=person.member_id in draft.double_life),
            names,
            person.has_vote,
            draft.held_on,
        )
        for person in expected
    )
    rest = _Rest(
        id="",
        for_year=draft.for_year or draft.held_on.year,
        entered_on=draft.held_on,
        number=number_of(session, owner, draft),
        joint_with=_joint(session, names, {draft.joint_with_id} - {None}).get(draft.joint_with_id or "", ""),
    )
    votes = [vote for vote in draft.votes if vote.kind in kinds]
    return _paper(draft, names, kinds, people=people, votes=votes, tasks=draft.actions, rest=rest)


def meetings_of_year(session: Session, branch_id: str, year: int, until: date) -> list[str]:
    """Return the ids of the meetings that are minuted and count for `year`, held by `until`."""
    query = (
        select(Meeting.id, Meeting.state)
        .where(
            Meeting.branch_id == branch_id,
            Meeting.for_year == year,
            Meeting.held_on <= until,
            Meeting.deleted_at_utc.is_(None),
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [meeting_id for meeting_id, state in session.execute(query) if state.counts]


# rows of the database


def _rows(session: Session, model: type[R], column: InstrumentedAttribute[str], ids: Sequence[str]) -> Iterator[R]:
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        yield from session.scalars(select(model).where(column.in_(ids[start : start + _ASKED_AT_ONCE])))


def _by_meeting(
    session: Session, model: type[P], ids: Sequence[str], key: Callable[[P], Any]
) -> defaultdict[str, list[P]]:
    """Return the rows that belong to each meeting, in the order of `key`."""
    parts: defaultdict[str, list[P]] = defaultdict(list)
    for row in _rows(session, model, model.meeting_id, ids):
        parts[row.meeting_id].append(row)
    for rows in parts.values():
        rows.sort(key=key)
    return parts


def _kept(corrections: Iterable[Correction]) -> tuple[CorrectionPaper, ...]:
    """Return corrections as they are printed, those in the recycle bin left out."""
    return tuple(CorrectionPaper(row.on, row.text, row.reason) for row in corrections if row.deleted_at_utc is None)


# the paper, of rows and of drafts alike


@dataclass(frozen=True, slots=True)
class _Present:
    """Someone expected who came."""

    member_id: str
    state: AttendanceState = AttendanceState.PRESENT
    reason: str = ""
    make_up_on: date | None = None
    _: KW_ONLY
    double_life: bool = False
    make_up_way: MakeUpWay | None = None
    make_up_content: str = ""
    make_up_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What only a kept meeting has; what a draft would have."""

    id: str
    for_year: int
    entered_on: date
    corrections: tuple[CorrectionPaper, ...] = ()
    state: MeetingState = MeetingState.MINUTED
    confirmed_on: date | None = None
    confirmed_by: str = ""
    number: int | None = None
    joint_with: str = ""


def _paper(
    meeting: Meeting | MeetingDraft,
    names: Names,
    kinds: VoteKinds,
    *,
    people: tuple[Person, ...],
    votes: Iterable[Vote | VoteDraft],
    tasks: Iterable[ActionItem | ActionDraft],
    rest: _Rest,
) -> MeetingPaper:
    return MeetingPaper(
        id=rest.id,
        kind=meeting.kind,
        held_on=meeting.held_on,
        started_at=meeting.started_at or "",
        ended_at=meeting.ended_at or "",
        place=meeting.place or "",
        group=names.groups.get(meeting.group_id or "", ""),
        for_year=rest.for_year,
        topic=meeting.topic,
        chair=names.member(meeting.chair_id, meeting.chair_name),
        recorder=names.member(meeting.recorder_id, meeting.recorder_name),
        speakers=tuple(names.member(member_id, _GONE) for member_id in meeting.speaker_ids),
        agenda=tuple(meeting.agenda),
        speeches=tuple((names.member(speech.member_id, speech.name), speech.text) for speech in meeting.speeches),
        resolution=meeting.resolution,
        plan=meeting.plan,
        follow_up=meeting.follow_up,
        people=people,
        votes=tuple(_vote_paper(vote, kinds) for vote in votes),
        tasks=tuple(_task(task, names) for task in tasks),
        corrections=rest.corrections,
        state=rest.state,
        confirmed_on=rest.confirmed_on,
        confirmed_by=rest.confirmed_by,
        entered_on=rest.entered_on,
        number=rest.number,
        planned_on=meeting.planned_on,
        planned_at=meeting.planned_at or "",
        observers=tuple(meeting.observers),
        leave_by=meeting.leave_by or "",
        summary=meeting.summary,
        satisfied=meeting.satisfied,
        asked=meeting.asked,
        joint_with=rest.joint_with,
    )


def _person(person: Attendance | Absence | _Present, names: Names, has_vote: bool, on: date) -> Person:
    name = names.member(person.member_id, _GONE)
    full_on = names.full_on.get(person.member_id)
    return Person(
        name,
        person.state,
        person.reason or "",
        has_vote,
        person.make_up_on,
        probationary=full_on is None or full_on > on,
        double_life=not isinstance(person, Absence) and person.double_life,
        make_up_way=person.make_up_way,
        make_up_content=person.make_up_content,
        make_up_by=person.make_up_by,
    )


def _joint(session: Session, names: Names, ids: Iterable[str | None]) -> dict[str, str]:
    """Return what the meetings are called with which others were held together."""
    found = _rows(session, Meeting, Meeting.id, [meeting_id for meeting_id in ids if meeting_id])
    return {meeting.id: name_of(meeting.kind, names.groups.get(meeting.group_id or "", "")) for meeting in found}


def _task(task: ActionItem | ActionDraft, names: Names) -> Task:
    return Task(task.what, names.member(task.owner_id, task.owner_name), task.due_on, task.done_on, task.result)


def _vote_paper(vote: Vote | VoteDraft, kinds: VoteKinds) -> VotePaper:
    kind = vote_kind(vote.kind, kinds)
    return VotePaper(
        kind=kind.name,
        subject=vote.subject,
        due=vote.due,
        present=vote.present,
        yes=vote.yes,
        no=vote.no,
        abstain=vote.abstain,
        declared_passed=vote.declared_passed,
        secret=kind.secret,
        verdict=judged(vote, kinds),
        written=vote.written,
        written_yes=vote.written_yes,
    )
