"""Meetings as lists and pages show them: counted by the database, named by the roster of their day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.meetings import ActionItem, Attendance, Correction, Meeting, Vote
from desktop.models.vocabulary.meetings import AttendanceState, MeetingState
from desktop.services.clock import day_of
from desktop.services.errors import NotFound
from desktop.services.meetings import keeping
from desktop.services.meetings.keeping import Parts, judged
from desktop.services.meetings.naming import name_of, title
from desktop.services.meetings.rows import (
    ActionRow,
    AttendanceRow,
    CorrectionRow,
    MeetingDetail,
    MeetingRow,
    VoteRow,
)
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.votes import VoteKinds, vote_kind
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.standards.lateness import days_late, recorded_since, typed_of_before

if TYPE_CHECKING:
    from desktop.services.store import Store

RECORD_KIND = "meetings"
"""Under which attachments and history of a meeting are kept (`AttachmentService.attach("meetings", id, path)`)."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """What belongs to some meetings, by their ids, counted by the database."""

    attendance: Mapping[str, Mapping[AttendanceState, int]] = field(default_factory=dict)
    votes: Mapping[str, int] = field(default_factory=dict)
    open_actions: Mapping[str, int] = field(default_factory=dict)
    attachments: Mapping[str, int] = field(default_factory=dict)


def meeting_rows(
    store: "Store", session: Session, query: Select[Meeting], owner: str, text: str = ""
) -> list[MeetingRow]:
    """Return the meetings of `query`, all of the branch `owner`, as rows in its order; only those that hold `text`."""
    counts = _counts(session, query.order_by(None).with_only_columns(Meeting.id))
    roster, rules = roster_of(store, session, owner), MeetingRules(store)
    meetings = [meeting for meeting in session.scalars(query) if not text or _contains(meeting, text)]
    since = recorded_since(session, owner)
    return [_row(store, meeting, counts, roster, rules, since) for meeting in meetings]


def held_in(year: int) -> ColumnElement[bool]:
    """Return what the list of a year asks of a meeting: that it was held within it, whatever year it counts for."""
    return Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31))


def meeting_detail(store: "Store", session: Session, meeting_id: str, owner: str) -> MeetingDetail:
    """Return one meeting of the branch `owner` with everything kept about it.

    Raises:
        NotFound: the branch has none of this id.
    """
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.branch_id != owner:
        raise NotFound(what="会议记录")
    parts = keeping.load_parts(session, [meeting.id], owner).get(meeting.id, Parts())
    roster, rules = roster_of(store, session, owner), MeetingRules(store)
    tags, kinds = rules.agenda_tags(meeting.held_on), rules.kinds(meeting.held_on)
    order = {member_id: at for at, member_id in enumerate(roster.members)}
    attendance = sorted(parts.attendance, key=lambda person: order.get(person.member_id, -1))
    voters = [person for person in attendance if person.has_vote]
    corrections = session.scalars(
        select(Correction)
        .where(Correction.meeting_id == meeting.id, Correction.deleted_at_utc.is_(None))
        .order_by(Correction.on, Correction.id)
    ).all()
    counts = _counts(session, select(Meeting.id).where(Meeting.id == meeting.id))
    draft = keeping.as_draft(meeting, Parts(attendance, parts.votes, parts.actions))
    doubts: list[tuple[str, str]] = []
    if meeting.state is MeetingState.MINUTED:
        expected = roster.expected(meeting.kind, meeting.held_on, meeting.group_id)
        doubts = keeping.doubts(draft, roster, expected, kinds)
    return MeetingDetail(
        row=_row(store, meeting, counts, roster, rules, recorded_since(session, owner)),
        draft=draft,
        attendance=tuple(_attendance_row(person, roster, meeting.held_on) for person in attendance),
        votes=tuple(_vote_row(vote, kinds) for vote in parts.votes),
        actions=tuple(_action_row(action, meeting, roster, store.today) for action in parts.actions),
        corrections=tuple(
            CorrectionRow(added.id, added.on, added.text, added.reason, added.created_by) for added in corrections
        ),
        speakers=tuple(roster.label(member_id, meeting.held_on) for member_id in meeting.speaker_ids),
        tag_names=tuple(tags.get(tag, tag) for tag in meeting.tags),
        confirmed_by=meeting.confirmed_by or "",
        cancel_reason=meeting.cancel_reason or "",
        voters_due=len(voters),
        voters_present=sum(person.state is AttendanceState.PRESENT for person in voters),
        joint_with=_joint(session, meeting, roster),
        doubts=tuple(doubt for _field, doubt in doubts),
    )


def _joint(session: Session, meeting: Meeting, roster: Roster) -> str:
    other = session.get(Meeting, meeting.joint_with_id) if meeting.joint_with_id else None
    return "" if other is None else name_of(other.kind, roster.group_name(other.group_id))


def action_rows(store: "Store", session: Session, owner: str, open_only: bool, due_by: date | None) -> list[ActionRow]:
    """Return what meetings of the branch `owner` asked of people, by due day."""
    query = (
        select(ActionItem, Meeting)
        .join(Meeting, Meeting.id == ActionItem.meeting_id)
        .where(ActionItem.branch_id == owner, Meeting.deleted_at_utc.is_(None))
    )
    if open_only:
        query = query.where(ActionItem.done_on.is_(None))
    if due_by is not None:
        query = query.where(or_(ActionItem.due_on.is_(None), ActionItem.due_on <= due_by))
    roster = roster_of(store, session, owner)
    rows = [_action_row(action, meeting, roster, store.today) for action, meeting in session.execute(query)]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.id))


def _counts(session: Session, ids: Select[str]) -> _Counts:
    attendance: dict[str, dict[AttendanceState, int]] = {}
    by_state = select(Attendance.meeting_id, Attendance.state, func.count()).where(Attendance.meeting_id.in_(ids))
    for meeting_id, state, count in session.execute(by_state.group_by(Attendance.meeting_id, Attendance.state)):
        attendance.setdefault(meeting_id, {})[state] = count
    votes = select(Vote.meeting_id, func.count()).where(Vote.meeting_id.in_(ids)).group_by(Vote.meeting_id)
    actions = select(ActionItem.meeting_id, func.count()).where(
        ActionItem.meeting_id.in_(ids), ActionItem.done_on.is_(None)
    )
    attachments = select(Attachment.record_id, func.count()).where(
        Attachment.record_kind == RECORD_KIND, Attachment.record_id.in_(ids), Attachment.deleted_at_utc.is_(None)
    )
    return _Counts(
        attendance=attendance,
        votes=_pairs(session, votes),
        open_actions=_pairs(session, actions.group_by(ActionItem.meeting_id)),
        attachments=_pairs(session, attachments.group_by(Attachment.record_id)),
    )


def _pairs(session: Session, query: Select[str, int]) -> dict[str, int]:
    return dict(session.execute(query).all())


def _row(
    store: "Store", meeting: Meeting, counts: _Counts, roster: Roster, rules: MeetingRules, since: date | None
) -> MeetingRow:
    created = day_of(meeting.created_at_utc, store.clock)
    late_days = rules.pack(meeting.held_on).scoring.late_entry_days
    states = counts.attendance.get(meeting.id, {})
    due, present = sum(states.values()), states.get(AttendanceState.PRESENT, 0)
    return MeetingRow(
        id=meeting.id,
        kind=meeting.kind,
        held_on=meeting.held_on,
        started_at=meeting.started_at or "",
        ended_at=meeting.ended_at or "",
        place=meeting.place or "",
        group_id=meeting.group_id,
        group=roster.group_name(meeting.group_id),
        topic=meeting.topic,
        chair=meeting.chair_name or roster.label(meeting.chair_id or "", meeting.held_on),
        recorder=meeting.recorder_name or roster.label(meeting.recorder_id or "", meeting.held_on),
        for_year=meeting.for_year,
        tags=tuple(meeting.tags),
        due=due,
        present=present,
        leave=states.get(AttendanceState.LEAVE, 0),
        absent=states.get(AttendanceState.ABSENT, 0),
        quorate=rules.quorate(meeting.kind, due, present, meeting.held_on),
        votes=counts.votes.get(meeting.id, 0),
        open_actions=counts.open_actions.get(meeting.id, 0),
        attachments=counts.attachments.get(meeting.id, 0),
        state=meeting.state,
        late=meeting.state.counts and days_late(meeting.held_on, created, since, late_days) > 0,
        created_on=created,
        confirmed_on=meeting.confirmed_on,
        rev=meeting.rev,
        deleted=meeting.deleted_at_utc is not None,
        before_records=meeting.state.counts and typed_of_before(meeting.held_on, created, since, late_days),
    )


def _contains(meeting: Meeting, text: str) -> bool:
    speeches = " ".join(f"{speech.name}{speech.text}" for speech in meeting.speeches)
    agenda = " ".join(f"{item.title}{item.content}{item.resolution}{item.source}" for item in meeting.agenda)
    return any(text in part for part in (meeting.topic, meeting.place or "", meeting.resolution, speeches, agenda))


def _attendance_row(person: Attendance, roster: Roster, on: date) -> AttendanceRow:
    return AttendanceRow(
        member_id=person.member_id,
        name=roster.label(person.member_id, on),
        state=person.state,
        reason=person.reason or "",
        has_vote=person.has_vote,
        make_up_on=person.make_up_on,
        make_up_way=person.make_up_way,
        make_up_content=person.make_up_content,
        make_up_by=person.make_up_by,
        double_life=person.double_life,
    )


def _vote_row(vote: Vote, kinds: VoteKinds) -> VoteRow:
    kind = vote_kind(vote.kind, kinds)
    return VoteRow(
        id=vote.id,
        kind=vote.kind,
        kind_name=kind.name,
        secret=kind.secret,
        subject=vote.subject,
        due=vote.due,
        present=vote.present,
        yes=vote.yes,
        no=vote.no,
        abstain=vote.abstain,
        declared_passed=vote.declared_passed,
        verdict=judged(vote, kinds),
        written=vote.written,
        written_yes=vote.written_yes,
    )


def _action_row(action: ActionItem, meeting: Meeting, roster: Roster, today: date) -> ActionRow:
    return ActionRow(
        id=action.id,
        meeting_id=meeting.id,
        kind=meeting.kind,
        group_id=meeting.group_id,
        meeting=title(meeting.kind, meeting.held_on),
        what=action.what,
        owner_id=action.owner_id,
        owner=action.owner_name or roster.label(action.owner_id or "", meeting.held_on),
        due_on=action.due_on,
        done_on=action.done_on,
        result=action.result,
        overdue=action.done_on is None and action.due_on is not None and action.due_on < today,
    )
