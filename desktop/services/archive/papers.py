"""What is printed of a meeting: all of it, names instead of ids, loaded for many meetings with few queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PartyGroup
from desktop.models.meetings import ActionItem, AgendaItem, Attendance, Correction, Meeting, Vote
from desktop.models.members import Member
from desktop.models.vocabulary import AttendanceState, MeetingKind, MeetingState
from desktop.services.clock import Clock, day_of
from desktop.services.meetings.votes import VoteKinds, VoteVerdict, judge, vote_kind

_ASKED_AT_ONCE = 400  # ids in one question to the database


@dataclass(frozen=True, slots=True)
class Person:
    """One expected person at a meeting."""

    name: str
    state: AttendanceState
    reason: str
    has_vote: bool
    make_up_on: date | None


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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

    @property
    def title(self) -> str:
        """Return what the meeting is called in lists: its group, kind and topic."""
        head = f"{self.group}党小组会" if self.kind is MeetingKind.GROUP_MEETING and self.group else self.kind.label
        if self.group and self.group.endswith("党小组") and self.kind is MeetingKind.GROUP_MEETING:
            head = f"{self.group}会"
        return f"{head}记录：{self.topic}" if self.topic else f"{head}记录"

    def names(self, state: AttendanceState) -> list[Person]:
        """Return those who were `state`."""
        return [person for person in self.people if person.state is state]


def member_names(session: Session, branch_id: str) -> dict[str, str]:
    """Return the name of every member of a branch; two of one name carry the last digits of their ID number."""
    people = session.execute(
        select(Member.id, Member.name, Member.id_no).where(Member.branch_id == branch_id).order_by(Member.id)
    ).all()
    total: dict[str, int] = defaultdict(int)
    for _, name, _ in people:
        total[name] += 1
    return {one: f"{name}（{(number or one)[-4:]}）" if total[name] > 1 else name for one, name, number in people}


def load_meetings(
    session: Session, branch_id: str, ids: Sequence[str], clock: Clock, kinds: VoteKinds | None = None
) -> list[MeetingPaper]:
    """Return the meetings with `ids`, in order of date; votes are judged by `kinds`, the rules of their year.

    The zone of `clock` says on which day a meeting was entered.
    """
    names = member_names(session, branch_id)
    named = session.execute(select(PartyGroup.id, PartyGroup.name).where(PartyGroup.branch_id == branch_id))
    groups = dict(named.all())
    meetings = _rows(session, Meeting, Meeting.id, ids)
    people = _by_meeting(session, Attendance, ids, key=lambda row: row.member_id)  # the order of the roster
    votes = _by_meeting(session, Vote, ids, key=lambda row: row.position)
    tasks = _by_meeting(session, ActionItem, ids, key=lambda row: row.position)
    corrections = _by_meeting(session, Correction, ids, key=lambda row: (row.on, row.id))
    papers = [
        _paper(
            each,
            names,
            groups,
            people[each.id],
            [_vote(vote, kinds) for vote in votes[each.id]],
            tasks[each.id],
            corrections[each.id],
            clock,
        )
        for each in meetings
    ]
    return sorted(papers, key=lambda paper: (paper.held_on, paper.started_at, paper.id))


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
    return [one for one, state in session.execute(query) if state.counts]


def _rows(session: Session, model: Any, column: Any, ids: Sequence[str]) -> Iterable[Any]:
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        yield from session.scalars(select(model).where(column.in_(ids[start : start + _ASKED_AT_ONCE])))


def _by_meeting(
    session: Session, model: Any, ids: Sequence[str], key: Callable[[Any], Any]
) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in _rows(session, model, model.meeting_id, ids):
        if getattr(row, "deleted_at_utc", None) is None:
            found[row.meeting_id].append(row)
    for rows in found.values():
        rows.sort(key=key)
    return found


def _paper(
    meeting: Any,
    names: Mapping[str, str],
    groups: Mapping[str, str],
    people: list[Any],
    votes: list[VotePaper],
    tasks: list[Any],
    corrections: list[Any],
    clock: Clock,
) -> MeetingPaper:
    return MeetingPaper(
        id=meeting.id,
        kind=meeting.kind,
        held_on=meeting.held_on,
        started_at=meeting.started_at or "",
        ended_at=meeting.ended_at or "",
        place=meeting.place or "",
        group=groups.get(meeting.group_id or "", ""),
        for_year=meeting.for_year,
        topic=meeting.topic,
        chair=names.get(meeting.chair_id or "", meeting.chair_name or ""),
        recorder=names.get(meeting.recorder_id or "", meeting.recorder_name or ""),
        speakers=tuple(names.get(each, "（已删除）") for each in meeting.speaker_ids),
        agenda=tuple(meeting.agenda),
        speeches=tuple((names.get(each.member_id or "", each.name), each.text) for each in meeting.speeches),
        resolution=meeting.resolution,
        plan=meeting.plan,
        follow_up=meeting.follow_up,
        people=tuple(
            Person(
                names.get(each.member_id, "（已删除）"), each.state, each.reason or "", each.has_vote, each.make_up_on
            )
            for each in people
        ),
        votes=tuple(votes),
        tasks=tuple(
            Task(each.what, names.get(each.owner_id or "", each.owner_name), each.due_on, each.done_on, each.result)
            for each in tasks
        ),
        corrections=tuple(CorrectionPaper(each.on, each.text, each.reason) for each in corrections),
        state=meeting.state,
        confirmed_on=meeting.confirmed_on,
        confirmed_by=meeting.confirmed_by or "",
        entered_on=day_of(meeting.created_at_utc, clock) if meeting.created_at_utc else meeting.held_on,
    )


def _vote(vote: Any, kinds: VoteKinds | None) -> VotePaper:
    kind = vote_kind(vote.kind, kinds)
    return VotePaper(
        kind.name,
        vote.subject,
        vote.due,
        vote.present,
        vote.yes,
        vote.no,
        vote.abstain,
        vote.declared_passed,
        kind.secret,
        judge(vote.kind, vote.due, vote.present, vote.yes, vote.no, vote.abstain, kinds),
    )
