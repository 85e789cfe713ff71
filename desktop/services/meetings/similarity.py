"""Minutes that say nearly the same as others (记录雷同): pointed out to who writes them, never judged.

Two texts are as alike as their longest common subsequence is long: 2 × common / both. Python's whole numbers hold a row
of the comparison, a bit for each character, so that thousands of characters are compared in a millisecond; texts whose
characters alone rule it out are not compared at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PartyGroup
from desktop.models.meetings import Meeting
from desktop.services.meetings.naming import title
from desktop.services.meetings.rows import MeetingDraft

if TYPE_CHECKING:
    from desktop.services.standards.pack import Similarity
    from desktop.services.store import Store

MOST_CHARACTERS = 20_000
"""Of a text that is compared: longer minutes are alike by their beginning."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Other minutes that say nearly the same."""

    meeting_id: str
    meeting: str
    ratio: float

    def words(self) -> str:
        """Return it as people read it: 与3月25日支部党员大会的记录有92%相同."""
        return f"与{self.meeting}的记录有{self.ratio:.0%}相同"


def said_in(meeting: Meeting | MeetingDraft) -> str:
    """Return what was discussed and decided, without spaces and marks: names of items and people do not count."""
    parts = [part for item in meeting.agenda for part in (item.content, item.resolution, item.measures)]
    parts += [speech.text for speech in meeting.speeches]
    parts += [meeting.resolution, meeting.summary]
    return "".join(mark for mark in "".join(parts) if mark.isalnum())[:MOST_CHARACTERS]


def alike(one: str, other: str, least: float) -> float:
    """Return how alike two texts are (0..1), 0 where it is certainly less than `least`."""
    both = len(one) + len(other)
    if not both:
        return 0.0
    if 2 * min(len(one), len(other)) < least * both:
        return 0.0
    if 2 * (Counter(one) & Counter(other)).total() < least * both:
        return 0.0
    ratio = 2 * _common(one, other) / both
    return ratio if ratio >= least else 0.0


def _common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence (Hyyrö's bit-parallel recurrence)."""
    places: dict[str, int] = defaultdict(int)
    for at, mark in enumerate(one):
        places[mark] |= 1 << at
    whole = (1 << len(one)) - 1
    row = whole
    for mark in other:
        here = row & places.get(mark, 0)
        row = ((row + here) | (row - here)) & whole
    return len(one) - row.bit_count()


def similar_to(store: "Store", draft: MeetingDraft, meeting_id: str = "") -> tuple[Alike, ...]:
    """Return the minutes of this branch nearest to a draft, of the years and by the measure of the standard."""
    from desktop.services.standards.service import StandardService  # a form asks for it, not the listing

    measure = StandardService(store).pack(year=draft.held_on.year).similarity
    text = said_in(draft)
    if len(text) < measure.least_characters:
        return ()
    with store.reading() as session:
        return tuple(_nearest(text, _others(session, store.branch_id, draft.held_on, measure, meeting_id), measure))


def _nearest(text: str, others: Iterable[tuple[str, str, str]], measure: "Similarity") -> Sequence[Alike]:
    found = [
        Alike(meeting_id=meeting_id, meeting=name, ratio=ratio)
        for meeting_id, name, said in others
        if len(said) >= measure.least_characters and (ratio := alike(text, said, measure.minutes_ratio))
    ]
    return sorted(found, key=lambda each: -each.ratio)[:MOST_NAMED]


def _others(
    session: Session, branch_id: str, on: date, measure: "Similarity", meeting_id: str
) -> Iterable[tuple[str, str, str]]:
    groups = dict(
        session.execute(select(PartyGroup.id, PartyGroup.name).where(PartyGroup.branch_id == branch_id)).all()
    )
    since = date(on.year - measure.years, on.month, min(on.day, 28))
    query = select(Meeting).where(
        Meeting.branch_id == branch_id,
        Meeting.held_on >= since,
        Meeting.deleted_at_utc.is_(None),
        Meeting.id != meeting_id,
    )
    for meeting in session.scalars(query):
        if meeting.state.counts:
            name = title(meeting.kind, meeting.held_on, groups.get(meeting.group_id or "", ""))
            year = "" if meeting.held_on.year == on.year else f"{meeting.held_on.year}年"
            yield meeting.id, f"{year}{name}", said_in(meeting)
