"""What the branch was told to study (必学内容), and when it did, as its minutes have it.

Nobody ticks a topic off: it was studied at the meetings whose items or texts name it. What was studied elsewhere is
said in the register.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PartyGroup
from desktop.models.learning import RequiredStudy
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingKind, StudyState
from desktop.services.meetings.naming import name_of
from desktop.services.standards.verdict import Where
from desktop.services.year_plan.templates import templates

if TYPE_CHECKING:
    from desktop.services.store import Store

_PARTED = re.compile(r"[、；;，,\n]")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting at which a topic was studied."""

    meeting_id: str
    on: date
    meeting: str
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """One topic of a year: who asked for it, by when, and where it was studied."""

    id: str
    title: str
    from_org: str
    due_on: date
    kind: MeetingKind | None
    seen: tuple[Seen, ...]
    done_on: date | None
    done_how: str
    state: StudyState

    @property
    def first_on(self) -> date | None:
        """Return the day on which it was first studied."""
        days = [*(each.on for each in self.seen), *([self.done_on] if self.done_on else [])]
        return min(days, default=None)

    @property
    def where_studied(self) -> str:
        """Return at which meetings, or how else, in words."""
        held = [f"{each.on.isoformat()} {each.meeting}" for each in self.seen]
        return "；".join([*held, *([f"{self.done_on.isoformat()} {self.done_how}"] if self.done_on else [])])

    @property
    def form(self) -> Where:
        """Return the form that closes the gap: minutes of a meeting with the topic among its items."""
        return Where("meetings", self.kind or templates().any_kind, {"study": self.title})


def required_of(store: "Store", year: int) -> list[Required]:
    """Return what this branch had to study in a year, what is still open first, then by day."""
    with store.reading() as session:
        return required_in(session, store.branch_id, year, store.today)


def required_in(session: Session, branch_id: str, year: int, today: date) -> list[Required]:
    """Return the topics of a year of a branch, as known on the day `today`."""
    rows = session.scalars(
        select(RequiredStudy).where(RequiredStudy.branch_id == branch_id, RequiredStudy.deleted_at_utc.is_(None))
    )
    wanted = [(row, row.due_on or date(row.asked_on.year, 12, 31)) for row in rows]
    wanted = [(row, due) for row, due in wanted if due.year == year]
    if not wanted:
        return []
    held = _held(session, branch_id, min(row.asked_on for row, _due in wanted), today)
    found = []
    for row, due in wanted:
        needles = needles_of(row.title, row.words or "")
        seen = tuple(
            each
            for kind, each, said in held
            if each.on >= date(row.asked_on.year, 1, 1)
            and row.meeting in (None, kind)
            and any(needle in said for needle in needles)
        )
        seen = tuple(each for each in seen if each.on.year <= year) or seen[:1]  # else late, in a year that followed
        studied = min((*(each.on for each in seen), *([row.done_on] if row.done_on else [])), default=None)
        found.append(
            Required(
                id=row.id,
                title=row.title,
                from_org=row.from_org or "",
                due_on=due,
                kind=row.meeting,
                seen=_meetings(seen),
                done_on=row.done_on,
                done_how=row.done_how or "",
                state=_state(studied, due, today),
            )
        )
    return sorted(found, key=lambda each: (not each.state.open, each.due_on, each.title))


def needles_of(title: str, words: str) -> list[str]:
    """Return what an item has to hold to be about a topic: one of its words, or its title."""
    parts = [folded(part) for part in _PARTED.split(words)]
    return [part for part in parts if part] or [folded(title)]


def folded(text: str) -> str:
    """Return a text without blanks and marks: people write 《…》 or not."""
    return _NO_WORD.sub("", text).casefold()


def _state(studied: date | None, due: date, today: date) -> StudyState:
    if studied is None:
        return StudyState.MISSING if due < today else StudyState.WAITING
    return StudyState.STUDIED if studied <= due else StudyState.LATE


def _held(session: Session, branch_id: str, since: date, until: date) -> list[tuple[MeetingKind, Seen, str]]:
    """Return every item of the meetings from the year of a day on: kind of meeting, where, what it is about."""
    groups = dict(
        session.execute(select(PartyGroup.id, PartyGroup.name).where(PartyGroup.branch_id == branch_id)).all()
    )
    query = select(Meeting).where(
        Meeting.branch_id == branch_id,
        Meeting.deleted_at_utc.is_(None),
        Meeting.held_on.between(date(since.year, 1, 1), until),
    )
    return [
        (meeting.kind, Seen(meeting.id, meeting.held_on, name, theme), folded(said))
        for meeting in session.scalars(query.order_by(Meeting.held_on, Meeting.id))
        if meeting.state.counts
        for name in (name_of(meeting.kind, groups.get(meeting.group_id or "", "")),)
        for theme, said in _themes(meeting)
    ]


def _themes(meeting: Meeting) -> Iterator[tuple[str, str]]:
    yield meeting.topic or "", meeting.topic or ""
    for item in meeting.agenda:
        yield item.title, f"{item.title}|{item.source}"


def _meetings(seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return each meeting once, however many of its items are about the topic."""
    return tuple({each.meeting_id: each for each in reversed(seen)}.values())[::-1]
