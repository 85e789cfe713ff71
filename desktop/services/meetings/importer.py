"""Meetings from Excel: which meeting each row is, who was absent, what differs, and why a row is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.services.errors import InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.meetings import cells, keeping, sheet
from desktop.services.meetings.absences import NamedAbsence
from desktop.services.meetings.as_cells import GUEST, meeting_cells
from desktop.services.meetings.keeping import Parts
from desktop.services.meetings.ledger import absences_in
from desktop.services.meetings.made_up import as_made_up, with_counts, with_make_ups
from desktop.services.meetings.minutes import Left, MinutesTaking, Waits, is_quoted
from desktop.services.meetings.others import read_make_ups
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.meetings.speeches import read_speeches
from desktop.services.meetings.vote_rows import votes_in
from desktop.services.meetings.votes import VoteKinds
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Expectations, Expected, ends_with
from desktop.services.quoting import clean, quoted
from desktop.services.spreadsheets.results import Changed, ImportResult, Proposal
from desktop.services.spreadsheets.text import plain, shown

if TYPE_CHECKING:
    from desktop.services.standards.pack import Pack
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

_COMPARED = tuple(
    column.name for column in MEETINGS.columns if column.name not in ("kind", "held_on", "group", "due", "present")
)


class MeetingImport(MinutesTaking):
    """One import: rosters, meetings and their parts are loaded once; what is new is added to the session."""

    def __init__(
        self,
        session: Session,
        store: "Store",
        result: ImportResult,
        answers: Answers,
    ) -> None:
        super().__init__(session, result, answers)
        branch_id = store.branch_id
        self._branch_id, self._today = branch_id, store.today
        self._rules = MeetingRules(store)
        self._roster = roster_of(store, session)
        self._meetings: dict[tuple[MeetingKind, date, str | None], list[Meeting]] = {}
        query = select(Meeting).where(Meeting.branch_id == branch_id, Meeting.deleted_at_utc.is_(None))
        for meeting in session.scalars(query.where(Meeting.state != MeetingState.CANCELLED)):
            self._meetings.setdefault((meeting.kind, meeting.held_on, meeting.group_id), []).append(meeting)
        self._expectations = Expectations(self._roster)
        self._parts = keeping.load_parts(session, None, branch_id)
        self._seen: dict[str, int] = {}
        self._names = frozenset(member.name for member in self._roster.members.values())

    def take(self, row: Row) -> None:
        """Take one row, or refuse it."""
        try:
            self._take(row)
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))
        except Waits:
            self.wait()
        except Left:
            return

    def _take(self, row: Row) -> None:
        self._ask_words(row)
        if sheet.KIND.name not in row.values:
            self.wait()
            return
        kind, on = row.values["kind"], row.values["held_on"]
        if on > self._today:
            raise InvalidInput(sheet.HELD_ON, "日期在今天之后，开过再记录")
        group_id = self._group(row, kind)
        if (kept := self._taken_before(row, kind, on, group_id)) is not None:
            self.result.unchanged += 1
            self._seen[kept.id] = row.number
            self.kept(row, f"{on.isoformat()} {kind.label}")
            return
        meeting = self._which(row, kind, on, group_id)
        if meeting is not None and meeting.id in self._seen:
            if row.minutes is None or not self.recorded_twice(row, meeting):
                raise InvalidInput(sheet.HELD_ON, f"与第{self._seen[meeting.id]}行是同一次会议")
            meeting = None
        elif meeting is not None and row.minutes is not None and not self.on_file(row, meeting):
            meeting = None
        stored = None
        if meeting is not None:
            stored = keeping.as_draft(meeting, self._parts.get(meeting.id, Parts()))
        pack, law, kinds = self._rules.pack(on), self._rules.law(on), self._rules.kinds(on)
        expected = self._expected(row, meeting, kind, on, group_id)
        proposals: list[Proposal] = []
        draft = self._draft(row, stored, group_id, expected, pack, law, kinds, proposals)
        keeping.check(draft, self._roster, expected, kinds, self._today)
        tags = self._rules.agenda_tags(on)
        changes = self._changes(row, stored, draft, kinds, tags)
        changes += self._differing_state(row, meeting, expected)
        if meeting is not None and not changes and row.minutes is None:
            self.result.unchanged += 1
            self._seen[meeting.id] = row.number
            self.kept(row, _record(draft))
            return
        if meeting is not None and meeting.state.final:
            what = "、".join(dict.fromkeys(change.field for change in changes))
            raise InvalidInput(sheet.HELD_ON, f"会议记录已确认，不能改{what}；有错请在会议页面更正")
        for name, reason in keeping.doubts(draft, self._roster, expected, kinds):
            self.result.warnings.append(row.warn(name, reason))
        self.result.changes.extend(changes)
        self.result.proposals.extend(proposals)
        is_new = meeting is None
        parts = Parts() if meeting is None else self._parts.setdefault(meeting.id, Parts())
        if meeting is None and self.result.dry_run:  # of a trial nothing stays: the thousands of its parts are not made
            meeting = Meeting(id=new_id(), branch_id=self._branch_id)
            keeping.describe(meeting, draft)
        else:
            meeting = keeping.keep(self._session, meeting, parts, draft, expected, self._branch_id)
        self._seen[meeting.id] = row.number
        self.enclose(row, meeting.id)
        if is_new:
            self._parts[meeting.id] = parts
            self._meetings.setdefault((kind, on, meeting.group_id), []).append(meeting)
            self.result.accepted += 1
            known = {column.label: row.shown(column.name) for column in MEETINGS.columns}
            self.added(row, _record(draft), known | self.enclosed_file(row))
        else:
            self.result.updated += 1
            self.tell_file(row, _record(draft))

    def _ask_words(self, row: Row) -> None:
        """Ask what cells mean that nobody understood; a meeting waits for its kind, and goes in without the rest."""
        for name, reason in row.open:
            self.ask_word(row, MEETINGS.column(name), plain(row.shown(name)))
            if name != sheet.KIND.name:
                self.result.warnings.append(row.warn(name, f"{reason}，这一格没有登记"))

    def _expected(
        self, row: Row, meeting: Meeting | None, kind: MeetingKind, on: date, group_id: str | None
    ) -> list[Expected]:
        """Return who was expected: as kept with the meeting, or by the roster where that now agrees with the file."""
        by_roster = self._expectations.at(kind, on, group_id)
        kept = self._parts[meeting.id].attendance if meeting is not None and meeting.id in self._parts else []
        if not kept or {person.member_id for person in kept} == {person.member_id for person in by_roster}:
            return by_roster
        if row.get("due") == len(by_roster) != len(kept):
            return by_roster
        return [
            Expected(person.member_id, self._roster.label(person.member_id, on), person.has_vote) for person in kept
        ]

    def _differing_state(self, row: Row, meeting: Meeting | None, expected: Sequence[Expected]) -> list[Changed]:
        if meeting is None:
            return []
        record = f"{meeting.held_on.isoformat()} {meeting.kind.label}"
        if not meeting.state.counts:
            return [row.change(record, "状态", meeting.state.label, MeetingState.MINUTED.label)]
        kept = self._parts.get(meeting.id, Parts()).attendance
        if {person.member_id for person in kept} == {person.member_id for person in expected}:
            return []
        return [row.change(record, sheet.DUE.label, str(len(kept)), str(len(expected)), name=sheet.DUE.name)]

    def _group(self, row: Row, kind: MeetingKind) -> str | None:
        text = row.get("group")
        if kind is not MeetingKind.GROUP_MEETING:
            return None
        if not text:
            raise InvalidInput(sheet.GROUP, "党小组会没有写党小组")
        group = self._roster.group_called(text)
        if group is None:
            raise InvalidInput(sheet.GROUP, f"没有{quoted(text)}，请先导入名册或设立党小组")
        return group.id

    def _taken_before(self, row: Row, kind: MeetingKind, on: date, group_id: str | None) -> Meeting | None:
        """Return the meeting that this very document was imported as: what was done to it since stays."""
        there = self._meetings.get((kind, on, group_id), [])
        return next((meeting for meeting in there if self.is_enclosed(row, meeting)), None)

    def _which(self, row: Row, kind: MeetingKind, on: date, group_id: str | None) -> Meeting | None:
        """Return the meeting this row records, None for a new one; a row without a time means the only one."""
        found = self._meetings.get((kind, on, group_id), [])
        span = row.get("span")
        if span is None:
            if len(found) > 1:
                raise InvalidInput(sheet.SPAN, f"当天有{len(found)}次这样的会议，请写时间")
            return found[0] if found else None
        exact = [meeting for meeting in found if (meeting.started_at or "") == span[0]]
        timeless = [meeting for meeting in found if not meeting.started_at and meeting.id not in self._seen]
        return next(iter(exact or timeless), None)

    # the row as a draft

    def _draft(
        self,
        row: Row,
        stored: MeetingDraft | None,
        group_id: str | None,
        expected: Sequence[Expected],
        pack: "Pack",
        law: "PartyRules",
        kinds: VoteKinds,
        proposals: list[Proposal],
    ) -> MeetingDraft:
        kind, on = row.values["kind"], row.values["held_on"]
        base = stored or MeetingDraft(kind, on, group_id=group_id)
        start, end = row.get("span") or (base.started_at, base.ended_at)
        draft = replace(
            base,
            started_at=start,
            ended_at=row.get("ended_at") or end or base.ended_at,
            absences=self._absences(row, stored, expected, on, law),
        )
        texts: dict[str, Any] = {
            name: row.get(name)
            for name in ("place", "topic", "resolution", "plan", "follow_up", "leave_by", "summary", "number")
            if row.get(name) is not None
        }
        draft = replace(draft, **texts)
        for column in (sheet.CHAIR, sheet.RECORDER):
            if row.get(column.name) is not None:
                member_id, guest = self._person(row.get(column.name), on, column)
                who: dict[str, Any] = {f"{column.name}_id": member_id, f"{column.name}_name": guest}
                draft = replace(draft, **who)
        if row.get("speakers") is not None:
            draft = replace(draft, speaker_ids=self._speakers(row, on))
        if row.get("speeches") is not None:
            ids = self._expectations.named(on)
            speeches = read_speeches(row.get("speeches"), lambda name: ids.get(name.replace(" ", "")))
            draft = replace(draft, speeches=speeches)
        if row.get("agenda") is not None:
            tags = {tag.id: tag.name for tag in pack.agenda_tags}
            draft = replace(draft, agenda=cells.read_agenda(row.get("agenda"), sheet.AGENDA, tags))
        if row.get("actions") is not None:
            draft = replace(draft, actions=self._actions(row, stored, on))
        draft = self._with_others(row, draft, on)
        draft = self.with_words(row, draft, self._expectations.named(on).get)
        if is_quoted(row.minutes):
            proposals.append(self._proposal(row, draft, "议题", draft.topic, "没有写议题，取内容的第一句"))
        draft = self._with_year(row, stored, draft, law, proposals)
        draft = keeping.with_item_tags(self._with_tags(row, stored, draft, pack, proposals))
        return self._with_votes(row, stored, draft, kinds, expected, proposals)

    def _absences(
        self, row: Row, stored: MeetingDraft | None, expected: Sequence[Expected], on: date, law: "PartyRules"
    ) -> tuple[Absence, ...]:
        due, present = row.get("due"), row.get("present")
        named: tuple[NamedAbsence, ...] = ()
        said = "absences" in row.given  # of minutes it may say that nobody was absent
        if not said and (missing := self.absent_by_names(row, expected)) is not None:
            return tuple(Absence(person.member_id) for person in missing)
        if row.get("absences") is not None:
            named = absences_in(row.get("absences"), sheet.ABSENCES, partial(self._has_digits, on), self._names)
        elif due is None and present is None:
            if stored is not None:
                return stored.absences
            if "absences" not in row.given:
                raise InvalidInput(sheet.PRESENT, "没有出席情况：应到、实到和缺席人员都没有")
        if present is not None:
            whole = len(expected) if due is None else due
            if present > whole:
                raise InvalidInput(sheet.PRESENT, f"实到{present}人多于应到{whole}人")
            if whole - present != len(named):
                raise InvalidInput(
                    sheet.ABSENCES, f"应到{whole}减实到{present}为{whole - present}人，缺席名单写了{len(named)}人"
                )
        if due is not None and due != len(expected):
            self.result.warnings.append(row.warn("due", f"应到{due}人，按{on}的名册应到{len(expected)}人，按名册登记"))
        self.tell_contradiction(row, [absence.name for absence in named])
        before = {absence.member_id: absence for absence in (stored.absences if stored is not None else ())}
        return tuple(as_made_up(self._absence(absence, on, law), before) for absence in named)

    def _has_digits(self, on: date, name: str, digits: str) -> bool:
        """Tell whether `digits` end the number of a member called `name` on the roster of `on`."""
        try:
            member = self._roster.find(f"{name}（{digits}）", on)
        except InvalidInput:
            return False
        return ends_with(member, digits)

    def _absence(self, absence: NamedAbsence, on: date, law: "PartyRules") -> Absence:
        member = self._roster.find(absence.name, on, sheet.ABSENCES)
        return Absence(member.id, absence.reason, absence.make_up_on, law.excuses(absence.reason))

    def _person(self, text: str, on: date, field: Named) -> tuple[str | None, str]:
        """Return the member called `text`, or the name of a guest marked as such: 王明（上级党委）."""
        guest = GUEST.match(text)
        if guest:
            return None, text
        return self._roster.find(text, on, field).id, ""

    def _with_others(self, row: Row, draft: MeetingDraft, on: date) -> MeetingDraft:
        draft = with_counts(row, draft)
        if row.get("double_life") is not None:
            names = row.get("double_life")
            who = tuple(self._roster.find(name, on, sheet.DOUBLE_LIFE).id for name in names)
            draft = replace(draft, double_life=who)
        if row.get("make_ups") is not None:
            made_up = {
                self._roster.find(each.name, on, sheet.MAKE_UPS).id: each
                for each in read_make_ups(row.get("make_ups"), sheet.MAKE_UPS)
            }
            draft = replace(draft, absences=with_make_ups(draft.absences, made_up))
        if row.get("joint") is not None:
            with_which = [m for m in self._meetings.get((row.get("joint"), on, None), []) if m.state.counts]
            if len(with_which) == 1:
                return replace(draft, joint_with_id=with_which[0].id)
            kind = sheet.show_kind(row.get("joint"))
            self.result.warnings.append(row.warn("joint", f"{on}的{kind}还没有记录，没有登记合并召开"))
        return draft

    def _speakers(self, row: Row, on: date) -> tuple[str, ...]:
        found = []
        for name in row.get("speakers"):
            member_id, guest = self._person(name, on, sheet.SPEAKERS)
            if member_id is not None:
                found.append(member_id)
            else:
                self.result.warnings.append(row.warn("speakers", f"主讲人{quoted(guest)}不是本支部党员，只记在议题中"))
        return tuple(found)

    def _actions(self, row: Row, stored: MeetingDraft | None, on: date) -> tuple[ActionDraft, ...]:
        found = []
        for action in cells.read_actions(row.get("actions"), sheet.ACTIONS):
            people = [self._person(name, on, sheet.ACTIONS) for name in action.owners]
            owner_id = people[0][0] if len(people) == 1 else next((member for member, _ in people if member), None)
            owner_name = "" if len(people) == 1 and owner_id else "、".join(action.owners)
            before = next((old for old in (stored.actions if stored else ()) if old.what == action.what), None)
            found.append(
                ActionDraft(
                    what=action.what,
                    owner_id=owner_id,
                    owner_name=owner_name,
                    due_on=action.due_on,
                    done_on=action.done_on or (before.done_on if before else None),
                    result=action.result or (before.result if before else ""),
                    id=before.id if before else None,
                )
            )
        return tuple(found)

    def _with_year(
        self,
        row: Row,
        stored: MeetingDraft | None,
        draft: MeetingDraft,
        law: "PartyRules",
        proposals: list[Proposal],
    ) -> MeetingDraft:
        if row.get("for_year") is not None:
            year = row.get("for_year")
            if not draft.held_on.year - 1 <= year <= draft.held_on.year + 1:
                raise InvalidInput(sheet.FOR_YEAR, f"{draft.held_on.year}年召开的会议不能算{year}年度")
            return replace(draft, for_year=year)
        if stored is not None:
            return draft
        year, reason = keeping.year_it_counts_for(draft.kind, draft.held_on, law.closes(draft.kind.value))
        if reason:
            proposals.append(self._proposal(row, draft, "所属年度", f"{year}年", reason))
        return replace(draft, for_year=year)

    def _with_tags(
        self, row: Row, stored: MeetingDraft | None, draft: MeetingDraft, pack: "Pack", proposals: list[Proposal]
    ) -> MeetingDraft:
        names = {tag.name: tag.id for tag in pack.agenda_tags}
        if row.get("tags") is not None:
            unknown = [tag for tag in row.get("tags") if tag not in names and tag not in names.values()]
            if unknown:
                raise InvalidInput(sheet.TAGS, f"没有{quoted(unknown[0])}这个标签，可填：" + "、".join(names))
            return replace(draft, tags=tuple(names.get(tag, tag) for tag in row.get("tags")))
        if stored is not None:
            return draft
        chosen = pack.proposed_tags(f"{draft.topic} {draft.resolution}")
        for tag in pack.agenda_tags:
            if tag.id in chosen:
                word = next(word for word in tag.words if word in f"{draft.topic} {draft.resolution}")
                proposals.append(self._proposal(row, draft, "议题标签", tag.name, f"议题中有{quoted(word)}"))
        return replace(draft, tags=chosen)

    def _with_votes(
        self,
        row: Row,
        stored: MeetingDraft | None,
        draft: MeetingDraft,
        kinds: VoteKinds,
        expected: Sequence[Expected],
        proposals: list[Proposal],
    ) -> MeetingDraft:
        if row.get("votes") is None:
            return draft
        votes = self.votes_of(row)
        if votes is None:
            return draft

        def propose(field: str, value: str, reason: str) -> None:
            proposals.append(self._proposal(row, draft, field, value, reason))

        before = stored.votes if stored is not None else ()
        return replace(draft, votes=votes_in(row, votes, before, draft, kinds, expected, propose))

    # what differs

    def _changes(
        self,
        row: Row,
        stored: MeetingDraft | None,
        draft: MeetingDraft,
        kinds: VoteKinds,
        tags: Mapping[str, str],
    ) -> list[Changed]:
        if stored is None:
            return []
        old, new = (
            meeting_cells(each, self._roster, kinds, tags, self._kind_of(each.joint_with_id))
            for each in (stored, draft)
        )
        return [
            row.change(_record(draft), MEETINGS.column(name).label, _text(name, old), _text(name, new), name=name)
            for name in _COMPARED
            if _text(name, old) != _text(name, new)
        ]

    def _kind_of(self, meeting_id: str | None) -> MeetingKind | None:
        meeting = self._session.get(Meeting, meeting_id) if meeting_id else None
        return meeting.kind if meeting is not None else None

    def _proposal(self, row: Row, draft: MeetingDraft, field: str, value: str, reason: str) -> Proposal:
        return Proposal(row.sheet, row.number, _record(draft), field, value, reason)


def _record(draft: MeetingDraft) -> str:
    return f"{draft.held_on.isoformat()} {draft.kind.label}"


def _text(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    return "" if value is None else clean(shown(MEETINGS.column(name).format(value)))
