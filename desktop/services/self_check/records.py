"""The records of one year as the checks see them: read once, then asked without the store."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.branches import PostAssignment
from desktop.models.dues import DuesPayment
from desktop.models.meetings import ActionItem, Attendance, Meeting, Vote
from desktop.models.registers import REGISTERS, Register
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.services.meetings.naming import title
from desktop.services.meetings.votes import VoteKinds
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Expectations, Roster
from desktop.services.spells import ONE_DAY, first_day
from desktop.services.standards.editions import law_on, pack_on
from desktop.services.standards.pack import Similarity
from desktop.services.standards.verdict import Where
from desktop.services.workdays import Calendars

if TYPE_CHECKING:
    from desktop.services.store import Store

ELSEWHERE = frozenset({"transfer", "inspection_point", "superior_task", "talent"})
"""Registers whose people need not be on the roster on the day of the row: a transfer in is dated before it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A row of a register that names members on its day."""

    register: Register
    record_id: str
    on: date
    heading: str
    member_ids: tuple[str, ...]

    @property
    def where(self) -> Where:
        """The form of the row."""
        return Where("registers", self.register.kind, {"id": self.record_id})

    @property
    def called(self) -> str:
        """What it is called."""
        return f"{self.on}{self.register.title}“{self.heading}”"


class YearRecords:
    """What the checks of one year ask for. `session` is used while the checks run."""

    def __init__(self, store: "Store", session: Session, year: int) -> None:
        self.session, self.year, self.today, self.branch_id = session, year, store.today, store.branch_id
        self.first, self.last = date(year, 1, 1), date(year, 12, 31)
        self.roster: Roster = roster_of(store, session)
        self.expectations = Expectations(self.roster)
        law = law_on(session, self.last, year)
        self.votes_by_rule: VoteKinds = law.votes
        self.calendars: Calendars = law.calendars
        self.similarity: Similarity = pack_on(session, min(self.last, self.today), year).similarity

    @cached_property
    def meetings(self) -> Sequence[Meeting]:
        """The meetings of the year that were held, in the order of their days."""
        query = select(Meeting).where(
            Meeting.branch_id == self.branch_id,
            Meeting.deleted_at_utc.is_(None),
            Meeting.held_on.between(self.first, self.last),
        )
        rows = self.session.scalars(query.order_by(Meeting.held_on, Meeting.started_at, Meeting.id))
        return [meeting for meeting in rows if meeting.state.counts]

    @cached_property
    def attendances(self) -> Mapping[str, Sequence[Attendance]]:
        """Meeting → who was expected, and where each was."""
        return self._parts(Attendance)

    @cached_property
    def votes(self) -> Mapping[str, Sequence[Vote]]:
        """Meeting → its votes."""
        return self._parts(Vote)

    @cached_property
    def actions(self) -> Mapping[str, Sequence[ActionItem]]:
        """Meeting → its tasks."""
        return self._parts(ActionItem)

    @cached_property
    def files(self) -> Sequence[Attachment]:
        """Every kept file of the branch, the oldest first: a picture of another year may be used again in this."""
        query = select(Attachment).where(Attachment.branch_id == self.branch_id, Attachment.deleted_at_utc.is_(None))
        return self.session.scalars(query.order_by(Attachment.id)).all()

    @cached_property
    def payments(self) -> Sequence[DuesPayment]:
        """The dues paid for the year."""
        query = select(DuesPayment).where(
            DuesPayment.branch_id == self.branch_id, DuesPayment.deleted_at_utc.is_(None), DuesPayment.year == self.year
        )
        return self.session.scalars(query.order_by(DuesPayment.id)).all()

    @property
    def posts(self) -> Sequence[PostAssignment]:
        """The posts that somebody held in the year."""
        return [
            held
            for held in self.roster.posts
            if (held.to_on is None or held.to_on >= self.first) and (held.from_on is None or held.from_on <= self.last)
        ]

    @cached_property
    def mentions(self) -> Sequence[Mention]:
        """The rows of registers of the year that name members, with their day."""
        return [mention for register in REGISTERS.values() for mention in self._mentions(register)]

    def present(self, meeting: Meeting) -> list[Attendance]:
        """Return who was at a meeting."""
        return [each for each in self.attendances.get(meeting.id, ()) if each.state is AttendanceState.PRESENT]

    def away(self, meeting: Meeting) -> dict[str, AttendanceState]:
        """Return who was expected at a meeting and not there, and why."""
        return {
            each.member_id: each.state
            for each in self.attendances.get(meeting.id, ())
            if each.state is not AttendanceState.PRESENT
        }

    def name(self, member_id: str | None) -> str:
        """Return the name of a member, empty for none."""
        member = self.roster.members.get(member_id or "")
        return member.name if member is not None else ""

    def title(self, meeting: Meeting) -> str:
        """Return what a meeting is called: 3月25日支部党员大会."""
        return title(meeting.kind, meeting.held_on, self.roster.group_name(meeting.group_id))

    def where(self, meeting: Meeting) -> Where:
        """Return the place of a meeting."""
        group = {"group_id": meeting.group_id} if meeting.group_id else {}
        return Where("meetings", meeting.kind, {"id": meeting.id, **group})

    def out_of_roster(self, member_id: str, on: date) -> str:
        """Return why a member was not on the roster on a day, "" where he was or nobody knows him."""
        member = self.roster.members.get(member_id)
        if member is None or self.roster.belongs(member, on):
            return ""
        times = self.roster.stays(member)
        start = first_day(times)
        if start is not None and on < start:
            return f"{start}才{'入党' if start == member.admitted_on else '列入名册'}"
        left = [stay.until + ONE_DAY for stay in times if stay.until is not None and stay.until < on]
        if left:
            return f"{left[-1]}已经离开支部"
        return f"那一天的状态是“{self.roster.status(member, on).label}”"

    def _parts(self, model: Any) -> dict[str, list[Any]]:
        query = (
            select(model)
            .join(Meeting, Meeting.id == model.meeting_id)
            .where(
                Meeting.branch_id == self.branch_id,
                Meeting.deleted_at_utc.is_(None),
                Meeting.held_on.between(self.first, self.last),
            )
        )
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.session.scalars(query.order_by(model.id)):
            found[row.meeting_id].append(row)
        return found

    def _mentions(self, register: Register) -> Iterator[Mention]:
        people = [field.name for field in register.fields if field.ref == "member"]
        inside = [(field.name, part.name) for field in register.fields for part in field.parts if part.ref == "member"]
        if register.date_field is None or register.kind in ELSEWHERE or not (people or inside):
            return
        day = getattr(register.model, register.date_field)
        query = select(register.model).where(
            register.model.branch_id == self.branch_id,
            register.model.deleted_at_utc.is_(None),
            day.between(self.first, self.last),
        )
        for row in self.session.scalars(query.order_by(day, register.model.id)):
            named = [getattr(row, name) for name in people]
            named += [getattr(line, part) for name, part in inside for line in getattr(row, name) or ()]
            ids = tuple(dict.fromkeys(filter(None, named)))
            on, heading = getattr(row, register.date_field), str(getattr(row, register.heading) or "")
            yield Mention(register, row.id, on, heading, ids)
