"""Reads the year of a member: attendance, hours, dues, talks, pledges, tasks, and what is lacking."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.meetings import ActionItem, Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.meetings import MeetingState
from desktop.models.vocabulary.registers import PledgeResult
from desktop.services.clock import day_of
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.words import months_words, yuan
from desktop.services.errors import NotFound
from desktop.services.meetings.naming import name_of, title
from desktop.services.member_year.attendance import attendance_year
from desktop.services.member_year.rows import (
    CategoryPoints,
    Course,
    DuesStrip,
    FileLine,
    HonourLine,
    KindYear,
    Lack,
    Learning,
    Left,
    MemberYear,
    PledgeLine,
    PledgeState,
    PointsOfYear,
    PostLine,
    Presence,
    TalkLine,
    TaskLine,
    TaskState,
)
from desktop.services.members import life
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.members.rows import row_of
from desktop.services.points.ledger import PointsService
from desktop.services.points.reckoning import rounded
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.spells import came_in, first_day
from desktop.services.standards.facts import Facts
from desktop.services.standards.periods import Span
from desktop.services.standards.rules.counting import committee_on
from desktop.services.standards.rules.hours import Learned, learned, months_asked
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Where, amount

if TYPE_CHECKING:
    from desktop.services.store import Store

SAID_ONE_BY_ONE = 2
"""Absences that are each told with their month; more are told together."""
_RATED = {
    PledgeResult.KEPT: PledgeState.KEPT,
    PledgeResult.PARTLY: PledgeState.PARTLY,
    PledgeResult.BROKEN: PledgeState.BROKEN,
}


class MemberYearService:
    """The year of one member of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def year(self, member_id: str, year: int) -> MemberYear:
        """Return the year of a member as of today, or as of its end where it is over.

        Talks of restricted kinds are there for those entitled alone, and counted for them alone.

        Raises:
            NotFound: there is no such member.
        """
        on = min(self._store.today, date(year, 12, 31))
        reading = HoursOfYear(self._store, year, on)
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            if member_id not in roster.members:
                raise NotFound(what="党员")
            member = roster.members[member_id]
            kinds = attendance_year(session, roster, member_id, year, on)
            tasks = tuple(self._tasks(session, roster, member_id, year, on))
            files = self._files(session, member_id)
            posts = tuple(_posts(roster, member_id, year))
            row, left = row_of(roster, member, on), _left(roster, member, on)
            since = came_in(roster.stays(member), year)
        learning = reading.of(member_id)
        dues = self._dues(member_id, year, on)
        pledges = tuple(self._pledges(member_id, year, on))
        lacks: tuple[Lack, ...] = ()
        if left is None and date(year, 1, 1) <= on:  # of a year that has not begun nothing is lacking
            lacks = (
                *_lacking_hours(learning, member_id),
                *_lacking_attendance(kinds),
                *_lacking_dues(dues, year),
                *_lacking_pledges(pledges),
                *_late_tasks(tasks),
            )
        return MemberYear(
            member=row,
            year=year,
            on=on,
            since=since,
            left=left,
            kinds=kinds,
            learning=learning,
            dues=dues,
            talks=tuple(self._talks(member_id, year)),
            pledges=pledges,
            tasks=tasks,
            posts=posts,
            honours=tuple(self._honours(member_id, year)),
            points=self._points(member_id, year, on),
            files=files,
            lacks=lacks,
        )

    # inside

    def _rows(self, kind: str, year: int, member_id: str, *fields: str) -> list[RegisterRow]:
        rows = RegisterService(self._store).rows(kind, year)
        return [row for row in rows if member_id in [row.values.get(field) for field in fields]]

    def _talks(self, member_id: str, year: int) -> Iterator[TalkLine]:
        for row in self._rows("talk", year, member_id, "talker_id", "talkee_id"):
            led = row.values["talker_id"] == member_id
            who = f"本人找{row.texts['talkee_id']}" if led else f"{row.texts['talker_id']}找本人"
            yield TalkLine(row.id, row.on, who, row.texts["kind"], row.heading, row.restricted)

    def _pledges(self, member_id: str, year: int, on: date) -> Iterator[PledgeLine]:
        for row in self._rows("commitment", year, member_id, "member_id"):
            due_on, result = row.values["due_on"], row.values["result"]
            over = (due_on or date(year, 12, 31)) < on or on == date(year, 12, 31)
            unrated = PledgeState.UNRATED if over else PledgeState.RUNNING
            yield PledgeLine(row.id, row.heading, row.on, due_on, _RATED[result] if result else unrated)

    def _honours(self, member_id: str, year: int) -> Iterator[HonourLine]:
        yield from honours_of(self._store, member_id, year)

    def _points(self, member_id: str, year: int, on: date) -> PointsOfYear | None:
        if on < date(year, 1, 1):
            return None
        service = PointsService(self._store)
        try:
            found, scheme = service.year(year, on), service.scheme(year)
        except NotFound:  # a store without rules of points
            return None
        mine = next((member for member in found.members if member.member_id == member_id), None)
        if mine is None:
            return None
        told = {entry.rule for entry in mine.entries}
        over = on == date(year, 12, 31)
        categories = tuple(
            CategoryPoints(
                id=category.id,
                name=category.name,
                got=mine.by_category[category.id],
                cap=rounded(category.cap),
                ahead=not over and category.judged and told.isdisjoint(rule.id for rule in category.rules),
            )
            for category in scheme.categories
        )
        return PointsOfYear(mine, categories)

    def _dues(self, member_id: str, year: int, on: date) -> DuesStrip:
        ledger = LedgerService(self._store).ledger(year, on)
        return DuesStrip(ledger.begun, next((row for row in ledger.rows if row.member_id == member_id), None))

    def _tasks(
        self, session: Session, roster: Roster, member_id: str, year: int, on: date
    ) -> Iterator[TaskLine]:  # fmt: skip
        rows = session.execute(
            select(ActionItem, Meeting)
            .join(Meeting, Meeting.id == ActionItem.meeting_id)
            .where(
                ActionItem.owner_id == member_id,
                Meeting.deleted_at_utc.is_(None),
                Meeting.state != MeetingState.CANCELLED,
                Meeting.held_on <= on,
            )
            .order_by(ActionItem.due_on, Meeting.held_on, ActionItem.position)
        )
        for task, meeting in rows:
            days = (meeting.held_on, task.due_on, task.done_on)
            done = task.done_on is not None and task.done_on <= on
            if not any(day is not None and day.year == year for day in days):
                continue
            late = task.due_on is not None and task.due_on < on
            yield TaskLine(
                id=task.id,
                what=task.what,
                meeting_id=meeting.id,
                meeting=title(meeting.kind, meeting.held_on, roster.group_name(meeting.group_id)),
                due_on=task.due_on,
                done_on=task.done_on,
                state=TaskState.DONE if done else TaskState.LATE if late else TaskState.OPEN,
            )

    def _files(self, session: Session, member_id: str) -> tuple[FileLine, ...]:
        rows = session.execute(
            select(Attachment.id, Attachment.name, Attachment.created_at_utc)
            .where(
                Attachment.record_kind == Member.__tablename__,
                Attachment.record_id == member_id,
                Attachment.deleted_at_utc.is_(None),
            )
            .order_by(Attachment.id)
        )
        return tuple(FileLine(file_id, name, day_of(at, self._store.clock)) for file_id, name, at in rows)


def honours_of(store: "Store", member_id: str, year: int | None = None) -> list[HonourLine]:
    """Return the honours of a member, of a year or all, newest first."""
    found = []
    for kind in ("honour", "role_model"):
        for row in RegisterService(store).rows(kind, year):
            if row.values["member_id"] == member_id:
                given = "，".join(filter(None, (row.texts.get("issued_by"), row.texts.get("document_no"))))
                found.append(HonourLine(row.id, row.on, row.heading, row.texts["level"], kind, given))
    return sorted(found, key=lambda line: line.on or date.min, reverse=True)


class HoursOfYear:
    """The hours of all members in a year, read once: as D2-05 and D3-02 of the score count them.

    `facts`: those of that year and day, where they were read just before.
    """

    def __init__(self, store: "Store", year: int, on: date, facts: Facts | None = None) -> None:
        service = StandardService(store)
        self._law = service.law(year=year)
        self._facts: Facts = replace(service.facts(year, on=on) if facts is None else facts, law=self._law)
        self._span = Span(year, on, self._facts.founded_on)
        self._learned: Learned = learned(self._facts, self._span)
        self._asked = {who: months_asked(self._facts, who, self._span) for who in ("committee", "members")}

    def everybody(self) -> list[tuple[str, str, Learning]]:
        """Return id, name and hours of everybody who is on the roster on the day."""
        return [(member.id, member.name, self.of(member.id)) for member in self._facts.roster(self._span.on)]

    def of(self, member_id: str) -> Learning:
        """Return the hours of one member, against the target of the post held on the day."""
        rule, day = self._law.training, self._span.on
        member = self._facts.members_by_id.get(member_id)
        on_committee = member_id in committee_on(self._facts, day)
        hours = rule.committee_hours if on_committee else rule.member_hours
        asked = member is not None and (on_committee or member.at_work(day))
        months = self._asked["committee" if on_committee else "members"].get(member_id, 0)
        study = self._learned
        return Learning(
            target=hours if asked else None,
            on_committee=on_committee,
            why_none="" if asked else "离退休、流动、长期病假或不在册，不要求学时",
            so_far=Fraction(hours * months, 12) if asked else Fraction(0),
            meetings=Fraction(study.meetings.get(member_id, 0)) / 60,
            courses=Fraction(study.courses.get(member_id, 0)) / 60,
            own=Fraction(study.own.get(member_id, 0)) / 60,
            sessions=study.sessions.get(member_id, 0),
            sessions_asked=rule.committee_min_sessions if on_committee else 0,
            latest=self._latest(member_id),
        )

    def _latest(self, member_id: str) -> Course | None:
        entries = [e for e in self._facts.training if e.member_id == member_id and self._span.covers(e.on)]
        if not entries:
            return None
        last = max(entries, key=lambda entry: (entry.on, entry.id))
        return Course(last.id, last.title, last.on, Fraction(last.minutes, 60))


def _posts(roster: Roster, member_id: str, year: int) -> Iterator[PostLine]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    for held in roster.posts:
        begun = held.from_on is None or held.from_on <= last
        if held.member_id == member_id and begun and (held.to_on is None or held.to_on >= first):
            yield PostLine(held.post, held.from_on, held.to_on)


def _left(roster: Roster, member: Member, on: date) -> Left | None:
    if roster.belongs(member, on):
        return None
    steps = [step for step in roster.changes(member.id) if not step.to_status.on_roster and step.on <= on]
    start = first_day(roster.stays(member))
    if start is not None and on < start:
        return Left(None, f"{start}起列入名册", "")
    if not steps:
        return Left(member.left_on, "离开本支部", "")
    last = steps[-1]
    return Left(last.on, life.step_words(last.from_status, last.to_status), last.document_no or "")


def _lacking_hours(learning: Learning, member_id: str) -> Iterator[Lack]:
    where = Where("registers", "training_record", {"subject": member_id})
    if learning.lacking:
        yield Lack(f"学时差 {amount(learning.lacking)}", "登记学时", where)
    if learning.target is not None and learning.sessions < learning.sessions_asked:
        yield Lack("没有参加集中培训", "登记培训", where)


def _lacking_attendance(kinds: Sequence[KindYear]) -> Iterator[Lack]:
    found = [
        (f"{cell.month} 月{name_of(kind.kind)}缺席没补课", kind.kind.value, each.meeting_id)
        for kind in kinds
        for cell in kind.cells
        for each in cell.meetings
        if each.state is Presence.ABSENT
    ]
    if len(found) > SAID_ONE_BY_ONE:
        found = [(f"{len(found)} 次会缺席没补课", *found[0][1:])]
    for what, kind_id, meeting_id in found:
        yield Lack(what, "登记补课", Where("meetings", kind_id, {"id": meeting_id}))


def _lacking_dues(dues: DuesStrip, year: int) -> Iterator[Lack]:
    if dues.begun and dues.row is not None and dues.row.owed:
        months = months_words(dues.row.owed, year)
        yield Lack(f"欠交 {months}党费 {yuan(dues.row.owed_fen)} 元", "去收", Where("dues", "dues_payment"))


def _lacking_pledges(pledges: Sequence[PledgeLine]) -> Iterator[Lack]:
    unrated = [pledge for pledge in pledges if pledge.state is PledgeState.UNRATED]
    if unrated:
        yield Lack(f"{len(unrated)} 项承诺没评", "去评", Where("registers", "commitment", {"id": unrated[0].id}))


def _late_tasks(tasks: Sequence[TaskLine]) -> Iterator[Lack]:
    late = [task for task in tasks if task.state is TaskState.LATE]
    if late:
        what = f"“{late[0].what}”逾期没完成" if len(late) == 1 else f"{len(late)} 件任务逾期没完成"
        yield Lack(what, "看会议", Where("meetings", "", {"id": late[0].meeting_id}))
