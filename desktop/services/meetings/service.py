"""The meetings of this branch: recorded, confirmed, corrected, counted from the roster of their day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import new_id, plain
from desktop.models.history import Draft, SettingName
from desktop.models.meetings import ActionItem, AgendaItem, Attendance, Correction, Meeting, Speech
from desktop.models.registers import read_line
from desktop.models.vocabulary import AttendanceState, MeetingKind, MeetingState
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.meetings import fields, keeping
from desktop.services.meetings.importer import MeetingImport, meeting_cells
from desktop.services.meetings.keeping import Parts
from desktop.services.meetings.rows import (
    Absence,
    ActionDraft,
    ActionRow,
    AttendanceRow,
    CorrectionRow,
    MeetingDetail,
    MeetingDraft,
    MeetingRow,
    Proposed,
    VoteDraft,
    VoteRow,
)
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.meetings.votes import (
    VoteKind,
    VoteKinds,
    VoteVerdict,
    judge,
    propose_vote_kind,
    read_kinds,
    vote_kind,
)
from desktop.services.members.roster import Expected, Roster
from desktop.services.progress import Progress, silent
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.results import ImportResult

if TYPE_CHECKING:
    from desktop.services.standards.pack import Pack
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

    Rules = tuple[Pack, PartyRules, VoteKinds]

RECORD_KIND = "meetings"
"""Under which attachments and history of a meeting are kept (`AttachmentService.attach("meetings", id, path)`)."""


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
            query = query.where(Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31)))
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
            found = [one for one in session.scalars(query.order_by(*order)) if not text or _contains(one, text)]
            return self._rows(session, owner, found)

    def detail(self, meeting_id: str, branch_id: str | None = None) -> MeetingDetail:
        """Return one meeting with everything kept about it; NotFound if there is none."""
        owner = branch_id or self._store.branch_id
        with self._store.reading() as session:
            meeting = session.get(Meeting, meeting_id)
            if meeting is None or meeting.branch_id != owner:
                raise NotFound(what="会议记录")
            parts = keeping.load_parts(session, [meeting.id], owner).get(meeting.id, Parts())
            roster = Roster.load(session, owner)
            row = self._rows(session, owner, [meeting], {meeting.id: parts})[0]
            corrections = session.scalars(
                select(Correction)
                .where(Correction.meeting_id == meeting.id, Correction.deleted_at_utc.is_(None))
                .order_by(Correction.on, Correction.id)
            ).all()
            kinds = self._kinds(meeting.held_on)
            tags = {tag.id: tag.name for tag in self._pack(meeting.held_on).agenda_tags}
            order = {member_id: at for at, member_id in enumerate(roster.members)}
            parts.attendance.sort(key=lambda one: order.get(one.member_id, -1))
            return MeetingDetail(
                row=row,
                draft=keeping.as_draft(meeting, parts),
                attendance=tuple(_attendance_row(one, roster, meeting.held_on) for one in parts.attendance),
                votes=tuple(_vote_row(one, kinds) for one in parts.votes),
                actions=tuple(_action_row(one, meeting, roster, self._store.today) for one in parts.actions),
                corrections=tuple(
                    CorrectionRow(one.id, one.on, one.text, one.reason, one.created_by) for one in corrections
                ),
                speakers=tuple(roster.label(one, meeting.held_on) for one in meeting.speaker_ids),
                tag_names=tuple(tags.get(one, one) for one in meeting.tags),
                confirmed_by=meeting.confirmed_by or "",
                voters_due=sum(one.has_vote for one in parts.attendance),
                voters_present=sum(one.has_vote and one.state is AttendanceState.PRESENT for one in parts.attendance),
            )

    def expected(self, kind: MeetingKind, on: date, group_id: str | None = None) -> list[Expected]:
        """Return who is expected, from the roster of that day (应到)."""
        with self._store.reading() as session:
            return Roster.load(session, self._store.branch_id).expected(kind, on, group_id)

    def vote_kinds(self, on: date | None = None) -> tuple[VoteKind, ...]:
        """Return the kinds of vote of the rules in force on `on`."""
        return tuple(self._kinds(on or self._store.today).values())

    def judge(
        self,
        kind: str,
        due: int | None,
        present: int | None,
        yes: int | None,
        no: int | None = None,
        abstain: int | None = None,
        *,
        on: date | None = None,
    ) -> VoteVerdict:
        """Say whether a vote was valid and carried by the rules in force on `on`."""
        return judge(kind, due, present, yes, no, abstain, self._kinds(on or self._store.today))

    def agenda_tags(self, on: date | None = None) -> list[tuple[str, str]]:
        """Return the agenda tags of the standard: (id, 中文)."""
        return [(tag.id, tag.name) for tag in self._pack(on or self._store.today).agenda_tags]

    def proposed(self, draft: MeetingDraft) -> Proposed:
        """Return what the words of a draft speak of, and what looks odd in it, for a person to confirm."""
        pack, words = self._pack(draft.held_on), _words(draft)
        tags = {tag.id: tag.name for tag in pack.agenda_tags}
        year, reason = self._for_year(draft)
        kind, why = propose_vote_kind(words, draft.kind is MeetingKind.COMMITTEE_MEETING)
        chosen = pack.proposed_tags(words)
        with self._store.reading() as session:
            roster = Roster.load(session, self._store.branch_id)
            expected = roster.expected(draft.kind, draft.held_on, draft.group_id)
            odd = keeping.doubts(draft, roster, expected, self._kinds(draft.held_on))
        return Proposed(
            for_year=year,
            for_year_reason=reason,
            tags=chosen,
            tag_names=tuple(tags[one] for one in chosen),
            vote_kind=kind,
            vote_kind_reason=why,
            warnings=tuple(reason for _name, reason in odd),
        )

    def actions(
        self, *, open_only: bool = True, due_by: date | None = None, branch_id: str | None = None
    ) -> list[ActionRow]:
        """Return what meetings asked of people, by due day; open ones only unless asked otherwise."""
        owner = branch_id or self._store.branch_id
        query = (
            select(ActionItem, Meeting)
            .join(Meeting, Meeting.id == ActionItem.meeting_id)
            .where(ActionItem.branch_id == owner, Meeting.deleted_at_utc.is_(None))
        )
        if open_only:
            query = query.where(ActionItem.done_on.is_(None))
        if due_by is not None:
            query = query.where(ActionItem.due_on <= due_by)
        with self._store.reading() as session:
            roster = Roster.load(session, owner)
            rows = [_action_row(item, meeting, roster, self._store.today) for item, meeting in session.execute(query)]
        return sorted(rows, key=lambda row: (row.due_on or date.max, row.id))

    # recording

    def record(self, draft: MeetingDraft, meeting_id: str | None = None, rev: int | None = None) -> str:
        """Keep the minutes of a meeting, or change them while they are not confirmed; return the id.

        The expected list is written from the roster of that day; everyone not in `absences` was there.

        Raises:
            InvalidInput: the record cannot be; facts["name"] is the field.
            Conflict: such a meeting is recorded already, this one is confirmed, or it was changed since `rev` was read.
        """
        kinds = self._kinds(draft.held_on)
        year = self._for_year(draft)[0]
        tags = self._pack(draft.held_on).proposed_tags(_words(draft)) if draft.tags is None else draft.tags
        verb = "修改" if meeting_id else "登记"
        with self._store.unit_of_work(f"{verb}会议记录“{title(draft.kind, draft.held_on)}”") as session:
            meeting = self._open(session, meeting_id) if meeting_id else None
            if meeting is not None and rev is not None and meeting.rev != rev:
                raise Conflict(what="会议记录", reason="这份记录刚被改过，请重新打开再改")
            roster = Roster.load(session, self._store.branch_id)
            expected = roster.expected(draft.kind, draft.held_on, draft.group_id)
            whole = replace(
                draft, for_year=year, tags=tags, speeches=keeping.with_speakers(draft.speeches, roster, draft.held_on)
            )
            keeping.check(whole, roster, expected, kinds, self._store.today)
            self._refuse_twin(session, whole, meeting_id)
            parts = Parts()
            if meeting is not None:
                parts = keeping.load_parts(session, [meeting.id], meeting.branch_id).get(meeting.id, parts)
            kept = keeping.keep(session, meeting, parts, whole, expected, self._store.branch_id)
            session.flush()
            return kept.id

    def plan(self, draft: MeetingDraft) -> str:
        """Note a meeting that is still to come (计划中); return its id. It counts nowhere until it is recorded."""
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
                for_year=self._for_year(draft)[0],
                topic=draft.topic,
                plan=draft.plan,
                speaker_ids=list(draft.speaker_ids),
                tags=list(draft.tags or ()),
                state=MeetingState.PLANNED,
            )
            session.add(meeting)
            session.flush()
            return meeting.id

    def notified(self, meeting_id: str) -> None:
        """Note that people were told of a planned meeting."""
        with self._store.unit_of_work("通知会议") as session:
            meeting = self._open(session, meeting_id)
            if meeting.state is not MeetingState.PLANNED:
                raise InvalidInput(fields.MEETING, f"“{meeting.state.label}”的会议不用再通知")
            meeting.state = MeetingState.NOTIFIED

    def cancel(self, meeting_id: str, reason: str) -> None:
        """Call off a meeting that was not held.

        Raises:
            InvalidInput: no reason, or the meeting is recorded already.
        """
        if not reason.strip():
            raise InvalidInput(fields.CANCEL_REASON, "不能为空")
        with self._store.unit_of_work(f"取消会议：{reason.strip()}") as session:
            meeting = self._open(session, meeting_id)
            if meeting.state.counts:
                raise InvalidInput(fields.MEETING, "已经记录的会议不能取消，记错的可以删除")
            meeting.state = MeetingState.CANCELLED
            meeting.follow_up = f"取消原因：{reason.strip()}"

    def confirm(self, meeting_id: str) -> None:
        """Confirm the minutes: chair and recorder have signed. From then on only corrections are appended.

        Raises:
            InvalidInput: chair, recorder or a vote's result is missing.
        """
        with self._store.unit_of_work(f"确认会议记录“{self._title(meeting_id)}”") as session:
            meeting = self._open(session, meeting_id)
            if meeting.state is not MeetingState.MINUTED:
                raise InvalidInput(fields.MEETING, f"“{meeting.state.label}”的会议还没有记录，不能确认")
            roster = Roster.load(session, meeting.branch_id)
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
        for field, value in ((fields.CORRECTION, text), (fields.CORRECTION_REASON, reason)):
            if not value.strip():
                raise InvalidInput(field, "不能为空")
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
        with self._store.unit_of_work(f"删除会议记录“{self._title(meeting_id)}”") as session:
            self._open(session, meeting_id).deleted_at_utc = utc_text(self._store.clock())

    def restore(self, meeting_id: str) -> None:
        """Take a meeting out of the recycle bin.

        Raises:
            Conflict: the same meeting has been recorded again meanwhile.
        """
        with self._store.unit_of_work(f"恢复会议记录“{self._title(meeting_id)}”") as session:
            meeting = self._find(session, meeting_id)
            self._refuse_twin(session, keeping.as_draft(meeting, Parts()), meeting.id)
            meeting.deleted_at_utc = None

    # what follows a meeting

    def finish_action(self, action_id: str, done_on: date | None, result: str = "") -> None:
        """Note that an action item is done (None: not done after all); allowed after confirmation too.

        Raises:
            InvalidInput: the day is before the meeting or lies ahead.
        """
        with self._store.unit_of_work("办结会后任务" if done_on else "重开会后任务") as session:
            action = session.get(ActionItem, action_id)
            if action is None or action.branch_id != self._store.branch_id:
                raise NotFound(what="会后任务")
            meeting = self._find(session, action.meeting_id)
            if done_on is not None and not meeting.held_on <= done_on <= self._store.today:
                raise InvalidInput(fields.DONE_ON, "须在会议之后、今天之前")
            action.done_on, action.result = done_on, result.strip()
            meeting.updated_at_utc = utc_text(self._store.clock())

    def made_up(self, meeting_id: str, member_id: str, on: date | None) -> None:
        """Note when an absent member made up for the meeting (补课); allowed after confirmation too.

        Raises:
            InvalidInput: the person was there, or the day is before the meeting or lies ahead.
        """
        with self._store.unit_of_work("登记补课") as session:
            meeting = self._find(session, meeting_id)
            row = session.scalar(
                select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.member_id == member_id)
            )
            if row is None or row.state is AttendanceState.PRESENT:
                raise InvalidInput(fields.ABSENTEE, "这名党员没有缺席")
            if on is not None and not meeting.held_on <= on <= self._store.today:
                raise InvalidInput(fields.MADE_UP_ON, "须在会议之后、今天之前")
            row.make_up_on = on
            meeting.updated_at_utc = utc_text(self._store.clock())

    def note_follow_up(self, meeting_id: str, text: str) -> None:
        """Note what came of a meeting (后续成果); no part of the minutes, so allowed after confirmation too."""
        with self._store.unit_of_work(f"登记“{self._title(meeting_id)}”的后续成果") as session:
            self._find(session, meeting_id).follow_up = text.strip()

    # drafts

    def save_draft(self, draft: MeetingDraft, meeting_id: str | None = None) -> datetime:
        """Keep unfinished input (草稿), of a new meeting of this kind or of the meeting `meeting_id`; return when."""
        moment = self._store.clock()
        with self._store.sessions.begin() as session:
            form = _form(draft.kind, meeting_id)
            kept = session.scalar(select(Draft).where(Draft.form == form))
            if kept is None:
                kept = Draft(id=new_id(), form=form)
                session.add(kept)
            kept.saved_at_utc, kept.values = utc_text(moment), plain(draft)
        return moment

    def load_draft(self, kind: MeetingKind, meeting_id: str | None = None) -> tuple[MeetingDraft, datetime] | None:
        """Return unfinished input and when it was kept, None if there is none."""
        with self._store.reading() as session:
            kept = session.scalar(select(Draft).where(Draft.form == _form(kind, meeting_id)))
            if kept is None:
                return None
            saved = datetime.fromisoformat(kept.saved_at_utc).astimezone(self._store.clock().tzinfo)
            return _draft_of(kept.values), saved

    def drafts(self) -> list[tuple[str, MeetingDraft, datetime]]:
        """Return all unfinished meetings: (meeting id or empty, draft, when kept), newest first."""
        with self._store.reading() as session:
            kept = session.scalars(
                select(Draft).where(Draft.form.like("meeting:%")).order_by(Draft.saved_at_utc.desc())
            ).all()
            zone = self._store.clock().tzinfo
            return [
                (
                    one.form.split(":")[2] if one.form.count(":") == 2 else "",
                    _draft_of(one.values),
                    datetime.fromisoformat(one.saved_at_utc).astimezone(zone),
                )
                for one in kept
            ]

    def drop_draft(self, kind: MeetingKind, meeting_id: str | None = None) -> None:
        """Forget unfinished input."""
        with self._store.sessions.begin() as session:
            kept = session.scalar(select(Draft).where(Draft.form == _form(kind, meeting_id)))
            if kept is not None:
                session.delete(kept)

    # Excel

    def import_file(
        self,
        path: Path,
        *,
        dry_run: bool = False,
        rejects: Path | None = None,
        progress: Progress = silent,
    ) -> ImportResult:
        """Take a workbook of meetings: new ones are recorded, known ones updated where they differ.

        A meeting is known by kind, date, time and group. Good rows are kept together, refused ones reported and
        written to `rejects`. A confirmed meeting is never changed.

        Raises:
            InvalidInput: the file cannot be read as meetings.
            Cancelled: nothing is kept.
        """
        sheet_rows = tables.read(MEETINGS, path)
        result = sheet_rows.result(dry_run)
        with self._store.unit_of_work("从 Excel 导入会议记录") as session:
            work = MeetingImport(session, self._store.branch_id, self._store.today, self._rules(), result)
            with session.no_autoflush:
                for done, row in enumerate(sheet_rows.rows, start=1):
                    work.take(row)
                    progress(done, len(sheet_rows.rows))
            if dry_run:
                session.rollback()
        result.rejected.sort(key=lambda one: (one.sheet, one.row))
        if rejects is not None and result.rejected:
            tables.write_rejects(rejects, result.rejected)
        return result

    def export(self, path: Path, year: int | None = None) -> int:
        """Write meetings as a workbook that imports again unchanged; return how many."""
        with self._store.reading() as session:
            query = select(Meeting).where(Meeting.branch_id == self._store.branch_id, Meeting.deleted_at_utc.is_(None))
            if year is not None:
                query = query.where(Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31)))
            meetings = [
                one
                for one in session.scalars(query.order_by(Meeting.held_on, Meeting.started_at, Meeting.id))
                if one.state.counts
            ]
            parts = keeping.load_parts(session, None, self._store.branch_id)
            roster = Roster.load(session, self._store.branch_id)
            rows = []
            rules = self._rules()
            for one in meetings:
                draft = keeping.as_draft(one, parts.get(one.id, Parts()))
                attendance = parts.get(one.id, Parts()).attendance
                pack, _law, kinds = rules(one.held_on)
                tags = {tag.id: tag.name for tag in pack.agenda_tags}
                cells = meeting_cells(draft, roster, kinds, tags)
                cells["due"] = len(attendance)
                cells["present"] = sum(row.state is AttendanceState.PRESENT for row in attendance)
                rows.append(cells)
        title_text = f"{self._store.setting(SettingName.NAME)}会议记录" + (f"（{year}年）" if year else "")
        return tables.write(path, MEETINGS, rows, title=title_text, on=self._store.today)

    def template(self, path: Path) -> None:
        """Write the empty sheet of meetings to fill in."""
        tables.template(path, MEETINGS)

    # inside

    def _pack(self, on: date) -> "Pack":
        return self._rules_of(on)[0]

    def _kinds(self, on: date) -> VoteKinds:
        return self._rules_of(on)[2]

    def _rules_of(self, on: date) -> "Rules":
        """Return the standard, the law and the kinds of vote of the year of `on`."""
        return self._rules()(on)

    def _rules(self) -> "Callable[[date], Rules]":
        """Return `_rules_of` for one piece of work with many days: each year's edition is looked up once."""
        from desktop.services.standards.service import StandardService

        standards = StandardService(self._store)
        known: dict[int, Rules] = {}

        def of(on: date) -> "Rules":
            if on.year not in known:
                law = standards.law(year=on.year)
                known[on.year] = (standards.pack(year=on.year), law, read_kinds(law.raw["votes"]))
            return known[on.year]

        return of

    def _for_year(self, draft: MeetingDraft) -> tuple[int, str]:
        if draft.for_year is not None:
            return draft.for_year, ""
        closes = self._rules_of(draft.held_on)[1].closes(draft.kind.value)
        return keeping.year_it_counts_for(draft.kind, draft.held_on, closes)

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

    def _rows(
        self, session: Session, owner: str, meetings: Sequence[Meeting], parts: Mapping[str, Parts] | None = None
    ) -> list[MeetingRow]:
        ids = [one.id for one in meetings]
        every = parts if parts is not None else keeping.load_parts(session, ids if len(ids) < 200 else None, owner)
        counts = session.execute(
            select(Attachment.record_id, func.count())
            .where(
                Attachment.branch_id == owner,
                Attachment.record_kind == RECORD_KIND,
                Attachment.deleted_at_utc.is_(None),
            )
            .group_by(Attachment.record_id)
        )
        attached: dict[str, int] = dict(counts.all())
        roster = Roster.load(session, owner)
        zone = self._store.clock().tzinfo
        rows = []
        rules = self._rules()
        for one in meetings:
            own = every.get(one.id, Parts())
            states = [row.state for row in own.attendance]
            created = datetime.fromisoformat(one.created_at_utc).astimezone(zone).date()
            late_days = rules(one.held_on)[0].scoring.late_entry_days
            rows.append(
                MeetingRow(
                    id=one.id,
                    kind=one.kind,
                    held_on=one.held_on,
                    started_at=one.started_at or "",
                    ended_at=one.ended_at or "",
                    place=one.place or "",
                    group_id=one.group_id,
                    group=roster.group_name(one.group_id),
                    topic=one.topic,
                    chair=one.chair_name or roster.label(one.chair_id or "", one.held_on),
                    recorder=one.recorder_name or roster.label(one.recorder_id or "", one.held_on),
                    for_year=one.for_year,
                    tags=tuple(one.tags),
                    due=len(states),
                    present=states.count(AttendanceState.PRESENT),
                    leave=states.count(AttendanceState.LEAVE),
                    absent=states.count(AttendanceState.ABSENT),
                    votes=len(own.votes),
                    open_actions=sum(item.done_on is None for item in own.actions),
                    attachments=attached.get(one.id, 0),
                    state=one.state,
                    late=one.state.counts and created - one.held_on > timedelta(days=late_days),
                    created_on=created,
                    confirmed_on=one.confirmed_on,
                    rev=one.rev,
                    deleted=one.deleted_at_utc is not None,
                )
            )
        return rows


def title(kind: MeetingKind, held_on: date) -> str:
    """Return what a meeting is called in lists and history: 3月25日支部党员大会."""
    return f"{held_on.month}月{held_on.day}日{kind.label}"


def _words(draft: MeetingDraft) -> str:
    agenda = " ".join(f"{one.title} {one.resolution}" for one in draft.agenda)
    return f"{draft.topic} {agenda} {draft.resolution}"


def _contains(meeting: Meeting, text: str) -> bool:
    speeches = " ".join(f"{one.name}{one.text}" for one in meeting.speeches)
    agenda = " ".join(f"{one.title}{one.content}{one.resolution}" for one in meeting.agenda)
    return any(text in part for part in (meeting.topic, meeting.place or "", meeting.resolution, speeches, agenda))


def _form(kind: MeetingKind, meeting_id: str | None) -> str:
    return f"meeting:{kind.value}:{meeting_id}" if meeting_id else f"meeting:{kind.value}"


def _draft_of(values: Mapping[str, Any]) -> MeetingDraft:
    lines = {"agenda": AgendaItem, "speeches": Speech, "absences": Absence, "votes": VoteDraft, "actions": ActionDraft}
    known = {field.name for field in fields_of(MeetingDraft)}
    taken: dict[str, Any] = {name: value for name, value in values.items() if name in known}
    for name, item in lines.items():
        taken[name] = tuple(read_line(item, line) for line in taken.get(name) or ())
    taken["kind"] = MeetingKind(taken["kind"])
    taken["held_on"] = date.fromisoformat(taken["held_on"])
    taken["speaker_ids"] = tuple(taken.get("speaker_ids") or ())
    taken["tags"] = None if taken.get("tags") is None else tuple(taken["tags"])
    return MeetingDraft(**taken)


def _attendance_row(one: Attendance, roster: Roster, on: date) -> AttendanceRow:
    name = roster.label(one.member_id, on)
    return AttendanceRow(one.member_id, name, one.state, one.reason or "", one.has_vote, one.make_up_on)


def _vote_row(one: Any, kinds: VoteKinds) -> VoteRow:
    kind = vote_kind(one.kind, kinds)
    verdict = judge(one.kind, one.due, one.present, one.yes, one.no, one.abstain, kinds)
    return VoteRow(
        one.id,
        one.kind,
        kind.name,
        kind.secret,
        one.subject,
        one.due,
        one.present,
        one.yes,
        one.no,
        one.abstain,
        one.declared_passed,
        verdict,
    )


def _action_row(one: ActionItem, meeting: Meeting, roster: Roster, today: date) -> ActionRow:
    owner = one.owner_name or roster.label(one.owner_id or "", meeting.held_on)
    overdue = one.done_on is None and one.due_on is not None and one.due_on < today
    return ActionRow(
        one.id,
        meeting.id,
        title(meeting.kind, meeting.held_on),
        one.what,
        one.owner_id,
        owner,
        one.due_on,
        one.done_on,
        one.result,
        overdue,
    )
