"""The meetings of this branch: recorded, confirmed, corrected, counted from the roster of their day."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.meetings import ActionItem, Attendance, Correction, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import AttendanceState, MakeUpWay, MeetingKind, MeetingState
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, Input, InvalidInput, NotFound
from desktop.services.meetings import fields, keeping, reading
from desktop.services.meetings.history import MAKE_UPS, made_ups
from desktop.services.meetings.keeping import Parts
from desktop.services.meetings.naming import title
from desktop.services.meetings.rows import ActionRow, MeetingDetail, MeetingDraft, MeetingRow, Proposed
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.votes import propose_vote_kind
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Expected
from desktop.services.quoting import quoted
from desktop.services.revisions import check_revision
from desktop.services.spreadsheets.text import refuse_damaged
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of, tell_of

if TYPE_CHECKING:
    from desktop.services.store import Store


class MeetingService:
    """The organisational life of this branch. At headquarters `branch_id` chooses the branch, for reading."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def meetings(
        self,
        year: int | None = None,
        *,
        kind: MeetingKind | None = None,
        group_id: str | None = None,
        state: MeetingState | None = None,
        since: date | None = None,
        until: date | None = None,
        text: str = "",
        branch_id: str | None = None,
        deleted: bool = False,
    ) -> list[MeetingRow]:
        """Return meetings, newest first; of one calendar year, kind, group or state; `deleted`: the recycle bin.

        `text` keeps those whose topic, place, speeches or resolution contains it.
        """
        owner = branch_id or self._store.branch_id
        query = select(Meeting).where(Meeting.branch_id == owner)
        query = query.where(Meeting.deleted_at_utc.is_not(None) if deleted else Meeting.deleted_at_utc.is_(None))
        if year is not None:
            query = query.where(reading.held_in(year))
        if kind is not None:
            query = query.where(Meeting.kind == kind)
        if group_id is not None:
            query = query.where(Meeting.group_id == group_id)
        if state is not None:
            query = query.where(Meeting.state == state)
        if since is not None:
            query = query.where(Meeting.held_on >= since)
        if until is not None:
            query = query.where(Meeting.held_on <= until)
        order = (Meeting.held_on.desc(), Meeting.started_at.desc(), Meeting.id.desc())
        with self._store.reading() as session:
            return reading.meeting_rows(self._store, session, query.order_by(*order), owner, text)

    def detail(self, meeting_id: str, branch_id: str | None = None) -> MeetingDetail:
        """Return one meeting with everything kept about it.

        Raises:
            NotFound: the branch has none of this id.
        """
        with self._store.reading() as session:
            return reading.meeting_detail(self._store, session, meeting_id, branch_id or self._store.branch_id)

    def names(self) -> dict[str, str]:
        """Return what members and groups are called, by id, of all times: for what is told of the past."""
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            people = {member.id: member.name for member in roster.members.values()}
            return people | {group.id: group.name for group in roster.groups.values()}

    def expected(self, kind: MeetingKind, on: date, group_id: str | None = None) -> list[Expected]:
        """Return who is expected, from the roster of that day (应到)."""
        with self._store.reading() as session:
            return roster_of(self._store, session).expected(kind, on, group_id)

    def proposed(self, draft: MeetingDraft) -> Proposed:
        """Return what the words of a draft speak of, and what looks odd in it, for a person to confirm."""
        rules, words = MeetingRules(self._store), _words(draft)
        pack, kinds, tags = rules.pack(draft.held_on), rules.kinds(draft.held_on), rules.agenda_tags(draft.held_on)
        year, reason = rules.for_year(draft)
        kind, why = propose_vote_kind(words, draft.kind is MeetingKind.COMMITTEE_MEETING)
        chosen = pack.proposed_tags(words)
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            expected = roster.expected(draft.kind, draft.held_on, draft.group_id)
            doubts = keeping.doubts(draft, roster, expected, kinds)
        return Proposed(
            for_year=year,
            for_year_reason=reason,
            tags=chosen,
            tag_names=tuple(tags[tag] for tag in chosen),
            vote_kind=kind,
            vote_kind_reason=why,
            warnings=tuple(doubt for _name, doubt in doubts),
        )

    def actions(
        self, *, open_only: bool = True, due_by: date | None = None, branch_id: str | None = None
    ) -> list[ActionRow]:
        """Return what meetings asked of people, by due day; open ones only unless asked otherwise. `due_by` leaves out
        what is due later, and nothing for which no day was named."""
        owner = branch_id or self._store.branch_id
        with self._store.reading() as session:
            return reading.action_rows(self._store, session, owner, open_only, due_by)

    def open_before(self, draft: MeetingDraft, meeting_id: str = "") -> list[ActionRow]:
        """Return the open tasks of earlier meetings of this kind and group, by due day: to be reported on at this."""
        same = (draft.kind, draft.group_id if draft.kind is MeetingKind.GROUP_MEETING else None)
        with self._store.reading() as session:
            rows = reading.action_rows(self._store, session, self._store.branch_id, True, None)
            earlier = set(session.scalars(select(Meeting.id).where(Meeting.held_on <= draft.held_on)))
        return [
            row
            for row in rows
            if (row.kind, row.group_id) == same and row.meeting_id in earlier and row.meeting_id != meeting_id
        ]

    # recording

    def record(self, draft: MeetingDraft, meeting_id: str | None = None, rev: int | None = None) -> str:
        """Keep the minutes of a meeting, or change them while they are not confirmed; return the id.

        The expected list is written from the roster of that day; everyone not in `absences` was there.

        Raises:
            InvalidInput: the record cannot be; its `name` is the field of the draft.
            Conflict: such a meeting is recorded already, this one is confirmed, or it was changed since `rev` was read.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        rules = MeetingRules(self._store)
        kinds = rules.kinds(draft.held_on)
        proposed = rules.pack(draft.held_on).proposed_tags(_words(draft)) if draft.tags is None else draft.tags
        verb = "修改" if meeting_id else "登记"
        with self._store.unit_of_work(f"{verb}会议记录“{title(draft.kind, draft.held_on)}”") as session:
            meeting = self._open(session, meeting_id) if meeting_id else None
            if meeting is not None:
                check_revision(meeting, rev, "会议记录")
            elif (meeting := self._planned(session, draft)) is not None:  # what was planned becomes what was held
                meeting_id, draft = meeting.id, keeping.over_plan(replace(draft, tags=proposed), meeting)
            tags, year = proposed if draft.tags is None else draft.tags, rules.for_year(draft)[0]
            roster = roster_of(self._store, session)
            expected = roster.expected(draft.kind, draft.held_on, draft.group_id)
            speeches = keeping.with_speakers(draft.speeches, roster, draft.held_on)
            known = replace(_as_planned(draft, meeting), for_year=year, tags=tags, speeches=speeches)
            whole = keeping.with_item_tags(known)
            keeping.check(whole, roster, expected, kinds, self._store.today)
            self._refuse_twin(session, whole, meeting_id)
            self._refuse_joint(session, whole, meeting_id)
            parts = Parts()
            if meeting is not None:
                parts = keeping.load_parts(session, [meeting.id], meeting.branch_id).get(meeting.id, parts)
            kept = keeping.keep(session, meeting, parts, whole, expected, self._store.branch_id)
            self._hear(session, whole)
            session.flush()
            return kept.id

    def plan(self, draft: MeetingDraft) -> str:
        """Note a meeting that is still to come (计划中); return its id. It counts nowhere until it is recorded.

        Raises:
            InvalidInput: a text holds damaged characters.
            Conflict: such a meeting is planned or recorded already.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        keeping.refuse_damaged_words(draft)
        with self._store.unit_of_work(f"计划会议“{title(draft.kind, draft.held_on)}”") as session:
            self._refuse_twin(session, draft, None)
            meeting = Meeting(
                id=new_id(),
                branch_id=self._store.branch_id,
                kind=draft.kind,
                held_on=draft.held_on,
                started_at=draft.started_at or None,
                place=draft.place or None,
                venue_id=draft.venue_id,
                group_id=draft.group_id,
                for_year=MeetingRules(self._store).for_year(draft)[0],
                topic=draft.topic,
                plan=draft.plan,
                speaker_ids=list(draft.speaker_ids),
                tags=list(draft.tags or ()),
                state=MeetingState.PLANNED,
            )
            session.add(meeting)
            session.flush()
            return meeting.id

    def cancel(self, meeting_id: str, reason: str) -> None:
        """Call off a meeting that was not held.

        Raises:
            InvalidInput: no reason, or the meeting is recorded already.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        _refuse_no_words(reason, fields.CANCEL_REASON)
        with self._store.unit_of_work(f"取消会议：{reason.strip()}") as session:
            meeting = self._open(session, meeting_id)
            if meeting.state.counts:
                raise InvalidInput(fields.MEETING, "已经记录的会议不能取消，记错的可以删除")
            meeting.state = MeetingState.CANCELLED
            meeting.cancel_reason = reason.strip()

    def confirm(self, meeting_id: str) -> None:
        """Confirm the minutes: chair and recorder have signed. From then on only corrections are appended.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: chair or recorder is missing, or what is written contradicts itself.
        """
        self._store.rights.require(Act.CONFIRM)
        with self._store.unit_of_work(f"确认会议记录“{self._title(meeting_id)}”") as session:
            meeting = self._open(session, meeting_id)
            if meeting.state is not MeetingState.MINUTED:
                raise InvalidInput(fields.MEETING, f"“{meeting.state.label}”的会议还没有记录，不能确认")
            parts = keeping.load_parts(session, [meeting.id], meeting.branch_id).get(meeting.id, Parts())
            keeping.refuse_contradictions(parts, MeetingRules(self._store).kinds(meeting.held_on))
            roster = roster_of(self._store, session)
            signed = []
            for field, member_id, name in (
                (fields.CHAIR, meeting.chair_id, meeting.chair_name),
                (fields.RECORDER, meeting.recorder_id, meeting.recorder_name),
            ):
                person = name or roster.label(member_id or "", meeting.held_on)
                if not person:
                    raise InvalidInput(field, f"没有{field.label}，不能确认")
                signed.append(person)
            meeting.state = MeetingState.CONFIRMED
            meeting.confirmed_on = self._store.today
            meeting.confirmed_by = "、".join(dict.fromkeys(signed))

    def correct(self, meeting_id: str, text: str, reason: str) -> str:
        """Append a correction (更正) to a confirmed meeting; return its id.

        Raises:
            InvalidInput: text or reason is empty, or the meeting is not confirmed and can simply be changed.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        for field, value in ((fields.CORRECTION, text), (fields.CORRECTION_REASON, reason)):
            _refuse_no_words(value, field)
        with self._store.unit_of_work(f"更正会议记录“{self._title(meeting_id)}”") as session:
            meeting = self._find(session, meeting_id)
            if not meeting.state.final:
                raise InvalidInput(fields.MEETING, "还没有确认，直接修改即可")
            correction = Correction(
                id=new_id(),
                branch_id=meeting.branch_id,
                meeting_id=meeting.id,
                on=self._store.today,
                text=text.strip(),
                reason=reason.strip(),
            )
            session.add(correction)
            return correction.id

    def remove(self, meeting_id: str) -> None:
        """Put an unconfirmed meeting into the recycle bin: it counts nowhere and does not travel."""
        self._store.rights.require_any(Meeting.__tablename__)
        with self._store.unit_of_work(f"删除会议记录“{self._title(meeting_id)}”") as session:
            self._open(session, meeting_id).deleted_at_utc = utc_text(self._store.clock())

    def restore(self, meeting_id: str) -> None:
        """Take a meeting out of the recycle bin.

        Raises:
            Conflict: the same meeting has been recorded again meanwhile.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        with self._store.unit_of_work(f"恢复会议记录“{self._title(meeting_id)}”") as session:
            meeting = self._find(session, meeting_id)
            self._refuse_twin(session, keeping.as_draft(meeting, Parts()), meeting.id)
            meeting.deleted_at_utc = None

    # what follows a meeting

    def finish_action(self, action_id: str, done_on: date | None, result: str = "") -> None:
        """Note that an action item is done (None: not done after all); allowed after confirmation too.

        Raises:
            InvalidInput: the day is before the meeting or lies ahead, or the result holds damaged characters.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        refuse_damaged(result, fields.RESULT)
        verb = "办结会后任务" if done_on else "重开会后任务"
        with self._store.unit_of_work(verb) as session:
            action = session.get(ActionItem, action_id)
            if action is None or action.branch_id != self._store.branch_id:
                raise NotFound(what="会后任务")
            owner = action.owner_name or _names(session, [action.owner_id] if action.owner_id else [])
            whose = f"，责任人{owner}" if owner else ""
            action_of(session).sentence = f"{verb}{quoted(action.what)}{whose}"
            meeting = self._find(session, action.meeting_id)
            if done_on is not None:
                refuse_outside(fields.DONE_ON, done_on, meeting.held_on, "会议那天", self._store.today)
            before = {"done_on": action.done_on, "result": action.result}
            action.done_on, action.result = done_on, result.strip()
            tell_of(session, meeting, before, {"done_on": action.done_on, "result": action.result})
            meeting.updated_at_utc = utc_text(self._store.clock())

    def made_up(
        self,
        meeting_id: str,
        member_ids: Collection[str],
        on: date | None,
        way: MakeUpWay | None = None,
        content: str = "",
        by: str = "",
    ) -> None:
        """Note when and how absent members made up for the meeting (补课); allowed after confirmation too.

        `on` None: they did not after all. `by`: who went to them or taught them.

        Raises:
            InvalidInput: nobody is named, somebody was there, the day is before the meeting or lies ahead, or a text
                holds damaged characters.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        refuse_damaged(content, fields.MADE_UP_CONTENT)
        refuse_damaged(by, fields.MADE_UP_BY)
        if not member_ids:
            raise InvalidInput(fields.ABSENTEE, "没有选人")
        with self._store.unit_of_work(f"登记“{self._title(meeting_id)}”的补课") as session:
            meeting = self._find(session, meeting_id)
            if on is not None:
                refuse_outside(fields.MADE_UP_ON, on, meeting.held_on, "会议那天", self._store.today)
            query = select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.member_id.in_(member_ids))
            away = [row for row in session.scalars(query) if row.state is not AttendanceState.PRESENT]
            if len(away) < len(set(member_ids)):
                raise InvalidInput(fields.ABSENTEE, "有党员没有缺席，不用补课")
            who = _names(session, [row.member_id for row in away])
            what = title(meeting.kind, meeting.held_on)
            action_of(session).sentence = f"{'登记' if on else '撤销'}{who}补课“{what}”"
            before = {MAKE_UPS: made_ups(away)}
            for row in away:
                row.make_up_on, row.make_up_way = on, way if on else None
                row.make_up_content, row.make_up_by = (content.strip(), by.strip()) if on else ("", "")
            tell_of(session, meeting, before, {MAKE_UPS: made_ups(away)})
            meeting.updated_at_utc = utc_text(self._store.clock())

    def note_follow_up(self, meeting_id: str, text: str) -> None:
        """Note what came of a meeting (后续成果); no part of the minutes, so allowed after confirmation too.

        Raises:
            InvalidInput: it holds damaged characters.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        refuse_damaged(text, fields.FOLLOW_UP)
        with self._store.unit_of_work(f"登记“{self._title(meeting_id)}”的后续成果") as session:
            self._find(session, meeting_id).follow_up = text.strip()

    # inside

    def _find(self, session: Session, meeting_id: str) -> Meeting:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None or meeting.branch_id != self._store.branch_id:
            raise NotFound(what="会议记录")
        return meeting

    def _open(self, session: Session, meeting_id: str) -> Meeting:
        """Return a meeting that may still be changed."""
        meeting = self._find(session, meeting_id)
        if meeting.deleted_at_utc is not None:
            raise NotFound(what="会议记录")
        if meeting.state.final:
            raise Conflict(what="会议记录", reason="会议记录已确认，不能再改；有错请用更正，原文保留")
        return meeting

    def _planned(self, session: Session, draft: MeetingDraft) -> Meeting | None:
        """Return the one meeting of that kind and group that was planned for the day; of several none is meant."""
        found = session.scalars(
            select(Meeting).where(
                Meeting.branch_id == self._store.branch_id,
                Meeting.deleted_at_utc.is_(None),
                Meeting.kind == draft.kind,
                Meeting.held_on == draft.held_on,
                func.coalesce(Meeting.group_id, "") == (draft.group_id or ""),
                Meeting.state.in_((MeetingState.PLANNED, MeetingState.NOTIFIED)),
            )
        ).all()
        return found[0] if len(found) == 1 else None

    def _title(self, meeting_id: str) -> str:
        with self._store.reading() as session:
            meeting = self._find(session, meeting_id)
            return title(meeting.kind, meeting.held_on)

    def _refuse_twin(self, session: Session, draft: MeetingDraft, meeting_id: str | None) -> None:
        twin = session.scalar(
            select(Meeting).where(
                Meeting.branch_id == self._store.branch_id,
                Meeting.deleted_at_utc.is_(None),
                Meeting.id != (meeting_id or ""),
                Meeting.kind == draft.kind,
                Meeting.held_on == draft.held_on,
                func.coalesce(Meeting.started_at, "") == draft.started_at,
                func.coalesce(Meeting.group_id, "") == (draft.group_id or ""),
                Meeting.state != MeetingState.CANCELLED,
            )
        )
        if twin is not None:
            raise Conflict(what="会议记录", reason="同一天同一时间已有一次这样的会议", id=twin.id)

    def _hear(self, session: Session, draft: MeetingDraft) -> None:
        """Keep with earlier tasks what this meeting heard of them.

        Raises:
            InvalidInput: a task is of a later meeting.
        """
        for report in draft.reports:
            if not report.done and not report.words.strip():
                continue
            action = session.get(ActionItem, report.action_id)
            if action is None or action.branch_id != self._store.branch_id:
                raise NotFound(what="会后任务")
            if self._find(session, action.meeting_id).held_on > draft.held_on:
                raise InvalidInput(fields.ACTIONS, f"{quoted(action.what)}是后来的会议定的")
            action.result = report.words.strip() or action.result
            action.done_on = draft.held_on if report.done else action.done_on

    def _refuse_joint(self, session: Session, draft: MeetingDraft, meeting_id: str | None) -> None:
        """Refuse to hold a meeting together with itself, or with one of another day: one sitting is on one day."""
        if draft.joint_with_id is None:
            return
        other = self._find(session, draft.joint_with_id)
        if other.id == meeting_id or other.held_on != draft.held_on or other.deleted_at_utc is not None:
            raise InvalidInput(fields.JOINT, "只能与同一天的另一次会议合并召开")


def _as_planned(draft: MeetingDraft, meeting: Meeting | None) -> MeetingDraft:
    """Return a draft with when it was to be, where the meeting it records was planned."""
    if meeting is None or meeting.state.counts or draft.planned_on is not None:
        return draft
    return replace(draft, planned_on=meeting.held_on, planned_at=meeting.started_at or "")


def _words(draft: MeetingDraft) -> str:
    agenda = " ".join(f"{item.title} {item.resolution}" for item in draft.agenda)
    return f"{draft.topic} {agenda} {draft.resolution}"


def _refuse_no_words(text: str, field: Input) -> None:
    if not text.strip():
        raise InvalidInput(field, "不能为空")
    refuse_damaged(text, field)


_TOLD = 5
"""So many names are told in a sentence of the trail."""


def _names(session: Session, member_ids: Sequence[str]) -> str:
    """Return what members are called, the first few of many."""
    found = dict(session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids))).all())
    names = [found[member_id] for member_id in member_ids if member_id in found]
    return "、".join(names[:_TOLD]) + (f"等{len(names)}人" if len(names) > _TOLD else "")
