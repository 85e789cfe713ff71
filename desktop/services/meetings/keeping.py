"""How a meeting is checked and written: one place for the form and for Excel. Helpers take the caller's session."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NoReturn, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desktop.models.base import new_id, plain
from desktop.models.meetings import ActionItem, Attendance, Meeting, Speech, Vote
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState
from desktop.services.errors import Input, InvalidInput
from desktop.services.meetings import fields
from desktop.services.meetings.history import difference, told
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft, VoteDraft
from desktop.services.meetings.votes import VoteKinds, VoteVerdict, judge, vote_kind
from desktop.services.members.roster import Expected, Roster
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.text import refuse_damaged
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import tell_of

_MOST_MEETINGS, _A_YEAR = 999, 366
_Part = TypeVar("_Part", Attendance, Vote, ActionItem)


@dataclass(slots=True)
class Parts:
    """What belongs to one meeting, in order."""

    attendance: list[Attendance] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    actions: list[ActionItem] = field(default_factory=list)


def load_parts(session: Session, meeting_ids: Sequence[str] | None, branch_id: str) -> dict[str, Parts]:
    """Return the parts of some meetings of a branch, or of all of them, by the id of their meeting."""
    every: dict[str, Parts] = defaultdict(Parts)

    def rows(model: type[_Part], order: InstrumentedAttribute[str] | InstrumentedAttribute[int]) -> Iterable[_Part]:
        # The ids alone: with the branch beside them SQLite would read all of the branch by its index.
        few = model.branch_id == branch_id if meeting_ids is None else model.meeting_id.in_(meeting_ids)
        return session.scalars(select(model).where(few).order_by(order))

    for person in rows(Attendance, Attendance.id):
        every[person.meeting_id].attendance.append(person)
    for vote in rows(Vote, Vote.position):
        every[vote.meeting_id].votes.append(vote)
    for action in rows(ActionItem, ActionItem.position):
        every[action.meeting_id].actions.append(action)
    return dict(every)


def over_plan(draft: MeetingDraft, planned: Meeting) -> MeetingDraft:
    """Return what was typed of a meeting with what was planned where nothing was typed: nothing planned is lost."""
    return replace(
        draft,
        started_at=draft.started_at or planned.started_at or "",
        place=draft.place or planned.place or "",
        venue_id=draft.venue_id or planned.venue_id,
        for_year=planned.for_year if draft.for_year is None else draft.for_year,
        topic=draft.topic or planned.topic,
        plan=draft.plan or planned.plan,
        speaker_ids=draft.speaker_ids or tuple(planned.speaker_ids),
        tags=None if draft.tags is None else tuple(dict.fromkeys((*draft.tags, *planned.tags))),
    )


def as_draft(meeting: Meeting, parts: Parts) -> MeetingDraft:
    """Return a kept meeting as a form would give it back."""
    return MeetingDraft(
        kind=meeting.kind,
        held_on=meeting.held_on,
        started_at=meeting.started_at or "",
        ended_at=meeting.ended_at or "",
        place=meeting.place or "",
        venue_id=meeting.venue_id,
        group_id=meeting.group_id,
        for_year=meeting.for_year,
        chair_id=meeting.chair_id,
        chair_name=meeting.chair_name or "",
        recorder_id=meeting.recorder_id,
        recorder_name=meeting.recorder_name or "",
        speaker_ids=tuple(meeting.speaker_ids),
        topic=meeting.topic,
        agenda=tuple(meeting.agenda),
        speeches=tuple(meeting.speeches),
        resolution=meeting.resolution,
        plan=meeting.plan,
        follow_up=meeting.follow_up,
        tags=tuple(meeting.tags),
        absences=tuple(
            Absence(
                person.member_id,
                person.reason or "",
                person.make_up_on,
                person.state is AttendanceState.LEAVE,
                make_up_way=person.make_up_way,
                make_up_content=person.make_up_content,
                make_up_by=person.make_up_by,
            )
            for person in parts.attendance
            if person.state is not AttendanceState.PRESENT
        ),
        votes=tuple(
            VoteDraft(
                kind=vote.kind,
                subject=vote.subject,
                due=vote.due,
                present=vote.present,
                yes=vote.yes,
                no=vote.no,
                abstain=vote.abstain,
                written=vote.written,
                written_yes=vote.written_yes,
                declared_passed=vote.declared_passed,
                id=vote.id,
            )
            for vote in parts.votes
        ),
        actions=tuple(
            ActionDraft(
                what=action.what,
                owner_id=action.owner_id,
                owner_name=action.owner_name,
                due_on=action.due_on,
                done_on=action.done_on,
                result=action.result,
                id=action.id,
            )
            for action in parts.actions
        ),
        joint_with_id=meeting.joint_with_id,
        number=meeting.number,
        planned_on=meeting.planned_on,
        planned_at=meeting.planned_at or "",
        observers=tuple(meeting.observers),
        leave_by=meeting.leave_by or "",
        summary=meeting.summary,
        satisfied=meeting.satisfied,
        asked=meeting.asked,
        double_life=tuple(person.member_id for person in parts.attendance if person.double_life),
    )


def year_it_counts_for(kind: MeetingKind, held_on: date, closes: str) -> tuple[int, str]:
    """Return the year a meeting counts for and, where that is a proposal, why.

    `closes` is the day (MM-DD) of the next year up to which the kind may settle the year before; empty for kinds
    counted by their date.
    """
    if not closes:
        return held_on.year, ""
    if f"{held_on:%m-%d}" <= closes:
        return held_on.year - 1, f"{held_on.month}月召开，{closes}以前的算上一年度"
    return held_on.year, f"{closes}以后召开，算当年"


def refuse_span(held_on: date, started_at: str | None, ended_at: str | None, today: date) -> None:
    """Refuse the day and hours of a meeting that was held.

    Raises:
        InvalidInput: it lies ahead, or ends before it begins.
    """
    if held_on > today:
        raise InvalidInput(fields.HELD_ON, "还没有到这一天，开过再记录")
    if ended_at and started_at and ended_at <= started_at:
        raise InvalidInput(fields.SPAN, "结束时间不晚于开始时间")


_ASKED = {
    **{
        name: Input(name, column.info["label"])
        for name, column in Meeting.__table__.c.items()
        if "label" in column.info
    },
    **{field.name: field for field in (fields.ABSENCES, fields.VOTES, fields.ACTIONS)},
    "chair_name": fields.CHAIR,
    "recorder_name": fields.RECORDER,
    "reports": fields.ACTIONS,
}


def refuse_damaged_words(draft: MeetingDraft) -> None:
    """Refuse a draft one of whose texts, however deep in its lines, could be neither kept nor printed.

    Raises:
        InvalidInput: it names the field.
    """
    for name, asked in _ASKED.items():
        for text in _texts(plain(getattr(draft, name, None))):
            refuse_damaged(text, asked)


def _texts(value: object) -> Iterable[str]:
    """Give the texts in what `plain` returns."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def check(draft: MeetingDraft, roster: Roster, expected: Sequence[Expected], kinds: VoteKinds, today: date) -> None:
    """Refuse a record that cannot be: the error names the field of the draft.

    Raises:
        InvalidInput: no date yet, no group, no topic, absent people who were not expected, unknown kinds of vote,
            damaged characters.
    """
    refuse_damaged_words(draft)
    refuse_span(draft.held_on, draft.started_at, draft.ended_at, today)
    if draft.kind is MeetingKind.GROUP_MEETING and roster.groups.get(draft.group_id or "") is None:
        raise InvalidInput(fields.GROUP, "党小组会要写明是哪个小组")
    if not draft.topic.strip() and not any(item.title.strip() for item in draft.agenda):
        raise InvalidInput(fields.TOPIC, "没有议题")
    if not expected:
        _refuse_nobody(draft, roster)
    known = {person.member_id: person.name for person in expected}
    seen: set[str] = set()
    for absence in draft.absences:
        if absence.member_id not in known:
            name = roster.label(absence.member_id, draft.held_on)
            raise InvalidInput(fields.ABSENCES, f"{quoted(name)}当日不在应到名单中")
        if absence.member_id in seen:
            raise InvalidInput(fields.ABSENCES, f"{quoted(known[absence.member_id])}写了两次")
        seen.add(absence.member_id)
        if absence.make_up_on is not None:
            refuse_outside(fields.MAKE_UP_ON, absence.make_up_on, draft.held_on, "会议那天", today)
    _check_rest(draft)
    for vote in draft.votes:
        vote_kind(vote.kind, kinds)
    for action in draft.actions:
        if not action.what.strip():
            raise InvalidInput(fields.ACTIONS, "没有写事项")
        if action.done_on is not None:
            of = f"{quoted(action.what)}的完成日期"
            refuse_outside(fields.ACTIONS, action.done_on, draft.held_on, "会议那天", today, of=of)


def _check_rest(draft: MeetingDraft) -> None:
    if draft.number is not None and not 0 < draft.number <= _MOST_MEETINGS:
        raise InvalidInput(fields.NUMBER, f"应为1到{_MOST_MEETINGS}")
    if draft.planned_on is not None and abs((draft.planned_on - draft.held_on).days) > _A_YEAR:
        raise InvalidInput(fields.PLANNED, "与召开日期相差超过一年")
    if any(not observer.name.strip() for observer in draft.observers):
        raise InvalidInput(fields.OBSERVERS, "列席人员没有写姓名")
    if draft.asked is None and draft.satisfied is None:
        return
    if not draft.asked or draft.satisfied is None or not 0 <= draft.satisfied <= draft.asked:
        raise InvalidInput(fields.RATED, "满意人数和评价人数要一起填，满意的不多于评价的")


def _refuse_nobody(draft: MeetingDraft, roster: Roster) -> NoReturn:
    """Say why nobody was expected at a meeting, and where that is put right.

    Raises:
        InvalidInput: always.
    """
    day = draft.held_on
    if roster.on(day) and draft.kind is MeetingKind.COMMITTEE_MEETING:
        raise InvalidInput(fields.KIND, f"{day}还没有登记支委：先在“队伍 > 班子和职务”登记任职和起始日期")
    if roster.on(day) and draft.kind is MeetingKind.GROUP_MEETING:
        name = roster.groups[draft.group_id or ""].name
        raise InvalidInput(fields.GROUP, f"{day}{quoted(name)}里没有在册在岗的党员：先在“党员 > 名册”把党员编进小组")
    raise InvalidInput(fields.HELD_ON, f"{day}的名册上没有应到会的人")


def refuse_contradictions(parts: Parts, kinds: VoteKinds) -> None:
    """Refuse what cannot have been, before minutes become final: a draft may still hold it, to be put right.

    Raises:
        InvalidInput: the numbers of a vote contradict each other, or the list of who came.
    """
    came = sum(person.state is AttendanceState.PRESENT for person in parts.attendance) if parts.attendance else None
    for vote in parts.votes:
        fault = contradiction(vote, came, kinds)
        if fault:
            name = vote.subject or vote_kind(vote.kind, kinds).name
            raise InvalidInput(fields.VOTES, f"中“{name}”{fault}，改正以后再确认")


def judged(vote: Vote | VoteDraft, kinds: VoteKinds | None = None) -> VoteVerdict:
    """Say whether a vote on file or as typed was valid and carried, by the rules `kinds`: see `judge`."""
    return judge(
        vote.kind,
        vote.due,
        vote.present,
        vote.yes,
        vote.no,
        vote.abstain,
        kinds,
        written=vote.written,
        written_yes=vote.written_yes,
    )


def contradiction(vote: Vote | VoteDraft, came: int | None, kinds: VoteKinds) -> str:
    """Return why a vote cannot have been as it is written, "" where it can: minutes with it are not confirmed.

    `came`: how many came by the list of who did; None where there is none.
    """
    verdict = judged(vote, kinds)
    if not verdict.consistent:
        return verdict.explanation.rstrip("。")
    if vote.present is not None and came is not None and vote.present > came:
        return f"写的实到{vote.present}人，出席名单只有{came}人到会"
    return ""


def doubts(
    draft: MeetingDraft, roster: Roster, expected: Sequence[Expected], kinds: VoteKinds
) -> list[tuple[str, str]]:
    """Return what is allowed but worth a look: (field, reason)."""
    found: list[tuple[str, str]] = []
    away = {absence.member_id for absence in draft.absences}
    voters = [person for person in expected if person.has_vote]
    present = [voter for voter in voters if voter.member_id not in away]
    for vote in draft.votes:
        if vote.due is not None and vote.due != len(voters):
            found.append(("votes", f"表决应到{vote.due}人，按当日名册有表决权的是{len(voters)}人"))
        if vote.present is not None and vote.present != len(present):
            found.append(("votes", f"表决实到{vote.present}人，按缺席名单有表决权的实到{len(present)}人"))
        verdict = judged(vote, kinds)
        if not verdict.complete or not verdict.consistent or verdict.quorate is False:
            found.append(("votes", verdict.explanation.rstrip("。")))
        elif vote.declared_passed is not None and vote.declared_passed != verdict.passed:
            outcome = "通过" if vote.declared_passed else "未通过"
            found.append(("votes", f"记录为{outcome}，但{verdict.explanation.rstrip('。')}"))
    for name, member_id in (("chair", draft.chair_id), ("recorder", draft.recorder_id)):
        person = roster.members.get(member_id or "")
        if person is not None and person.id in away:
            found.append((name, f"{quoted(person.name)}既是{'主持人' if name == 'chair' else '记录人'}又在缺席名单中"))
        elif person is not None and not roster.belongs(person, draft.held_on):
            found.append((name, f"{quoted(person.name)}当日不在名册上"))
    if draft.kind is MeetingKind.PARTY_LECTURE and not draft.speaker_ids:
        found.append(("speakers", "没有主讲人，统计谁讲过党课时不计"))
    if draft.kind is MeetingKind.COMMITTEE_MEETING:
        quorum = kinds["committee_decision"].quorum
        came = len(expected) - len(away)
        if not quorum.holds(came, len(expected), came):
            found.append(("absences", f"到会不足，须{quorum.words()}"))
    return found


def keep(
    session: Session,
    meeting: Meeting | None,
    parts: Parts,
    draft: MeetingDraft,
    expected: Sequence[Expected],
    branch_id: str,
) -> Meeting:
    """Write a checked draft (its `for_year`, `tags` decided) with its attendance, votes and action items."""
    before = told(parts) if meeting is not None else None
    if meeting is None:
        meeting = Meeting(id=new_id(), branch_id=branch_id)
        session.add(meeting)
    describe(meeting, draft)
    _keep_attendance(session, meeting, parts, draft, expected)
    _keep_votes(session, meeting, parts, draft)
    _keep_actions(session, meeting, parts, draft)
    if before is not None:
        tell_of(session, meeting, *difference(before, told(parts)))
    return meeting


def describe(meeting: Meeting, draft: MeetingDraft) -> None:
    """Write what a draft says of the meeting itself."""
    meeting.kind, meeting.held_on = draft.kind, draft.held_on
    meeting.started_at, meeting.ended_at = draft.started_at or None, draft.ended_at or None
    meeting.place, meeting.venue_id = draft.place.strip() or None, draft.venue_id
    meeting.group_id = draft.group_id if draft.kind is MeetingKind.GROUP_MEETING else None
    meeting.for_year = draft.for_year if draft.for_year is not None else draft.held_on.year
    meeting.chair_id, meeting.chair_name = draft.chair_id, draft.chair_name.strip() or None
    meeting.recorder_id, meeting.recorder_name = draft.recorder_id, draft.recorder_name.strip() or None
    meeting.speaker_ids = list(draft.speaker_ids)
    meeting.topic = draft.topic.strip() or "；".join(item.title for item in draft.agenda if item.title)
    meeting.agenda, meeting.speeches = tuple(draft.agenda), tuple(draft.speeches)
    meeting.resolution, meeting.plan = draft.resolution.strip(), draft.plan.strip()
    meeting.follow_up = draft.follow_up.strip()
    meeting.tags = list(draft.tags or ())
    meeting.joint_with_id = draft.joint_with_id
    meeting.number, meeting.leave_by = draft.number, draft.leave_by.strip() or None
    meeting.planned_on, meeting.planned_at = draft.planned_on, draft.planned_at or None
    meeting.observers, meeting.summary = tuple(draft.observers), draft.summary.strip()
    meeting.satisfied, meeting.asked = draft.satisfied, draft.asked
    if meeting.state is None or not meeting.state.counts:
        meeting.state = MeetingState.MINUTED


def _keep_attendance(
    session: Session, meeting: Meeting, parts: Parts, draft: MeetingDraft, expected: Sequence[Expected]
) -> None:
    kept = {row.member_id: row for row in parts.attendance}
    away = {absence.member_id: absence for absence in draft.absences}
    rows: list[Attendance] = []
    for person in expected:
        row = kept.pop(person.member_id, None)
        if row is None:
            row = Attendance(
                id=new_id(), branch_id=meeting.branch_id, meeting_id=meeting.id, member_id=person.member_id
            )
            session.add(row)
        absence = away.get(person.member_id)
        row.state = absence.state if absence is not None else AttendanceState.PRESENT
        row.reason = (absence.reason or None) if absence is not None else None
        row.make_up_on = absence.make_up_on if absence is not None else None
        row.make_up_way = absence.make_up_way if absence is not None else None
        row.make_up_content = absence.make_up_content.strip() if absence is not None else ""
        row.make_up_by = absence.make_up_by.strip() if absence is not None else ""
        row.has_vote = person.has_vote
        row.double_life = absence is None and person.member_id in draft.double_life
        rows.append(row)
    for row in kept.values():
        session.delete(row)
    parts.attendance = rows


def _keep_votes(session: Session, meeting: Meeting, parts: Parts, draft: MeetingDraft) -> None:
    rows: list[Vote] = []
    left = list(parts.votes)
    for position, vote in enumerate(draft.votes):
        row = next((row for row in left if row.id == vote.id), left[0] if left and vote.id is None else None)
        if row is None:
            row = Vote(id=new_id(), branch_id=meeting.branch_id, meeting_id=meeting.id)
            session.add(row)
        else:
            left.remove(row)
        row.position, row.kind, row.subject = position, vote.kind, vote.subject.strip()
        row.due, row.present = vote.due, vote.present
        row.yes, row.no, row.abstain = vote.yes, vote.no, vote.abstain
        row.written, row.written_yes = vote.written, vote.written_yes
        row.declared_passed = vote.declared_passed
        rows.append(row)
    for row in left:
        session.delete(row)
    parts.votes = rows


def _keep_actions(session: Session, meeting: Meeting, parts: Parts, draft: MeetingDraft) -> None:
    rows: list[ActionItem] = []
    left = list(parts.actions)
    for position, action in enumerate(draft.actions):
        row = next((row for row in left if row.id == action.id), None)
        if row is None and action.id is None:
            row = next((row for row in left if row.what == action.what), None)
        if row is None:
            row = ActionItem(id=new_id(), branch_id=meeting.branch_id, meeting_id=meeting.id)
            session.add(row)
        else:
            left.remove(row)
        row.position, row.what = position, action.what.strip()
        row.owner_id, row.owner_name = action.owner_id, action.owner_name.strip()
        row.due_on, row.done_on, row.result = action.due_on, action.done_on, action.result.strip()
        rows.append(row)
    for row in left:
        session.delete(row)
    parts.actions = rows


def with_item_tags(draft: MeetingDraft) -> MeetingDraft:
    """Return a draft whose tags, where they are decided, hold the kinds of its items too."""
    if draft.tags is None:
        return draft
    return replace(draft, tags=tuple(dict.fromkeys((*draft.tags, *(item.tag for item in draft.agenda if item.tag)))))


def with_speakers(speeches: Iterable[Speech], roster: Roster, on: date) -> tuple[Speech, ...]:
    """Return speeches with the member behind each name, where the roster of that day has one."""
    known = roster.named(on)
    return tuple(
        replace(speech, member_id=speech.member_id or known.get(speech.name.replace(" ", "")))
        if speech.name
        else speech
        for speech in speeches
    )
