"""Minutes that say nearly the same, among many: of all branches, and of the years the standard compares.

Comparing all with all would take hours at headquarters. Each text is known by the smallest fingerprints of its runs of
characters; only the few that share most of them are compared by their longest common subsequence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import select

from desktop.models.branches import PartyGroup
from desktop.models.meetings import Meeting
from desktop.services.meetings.naming import title
from desktop.services.meetings.similarity import alike, said_in
from desktop.services.progress import Progress, silent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.standards.pack import Similarity

RUN = 4
"""Characters of a run: edits of single words leave most runs of a text as they were."""
MOST_RUNS = 32
"""Fingerprints a text is known by."""
MOST_TRIED = 6
"""Texts that are compared with one, those first that share most of its fingerprints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the minutes of a meeting say, and whose they are."""

    meeting_id: str
    branch_id: str
    held_on: date
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """The minutes nearest to others, and how alike they are (0..1)."""

    meeting_id: str
    ratio: float


def said_since(
    session: "Session", branches: Iterable[str], since: date, until: date, measure: "Similarity"
) -> dict[str, Said]:
    """Return by id what the minutes of `branches` say that were held between two days; short ones are left out."""
    owners = list(branches)
    groups = dict(session.execute(select(PartyGroup.id, PartyGroup.name).where(PartyGroup.branch_id.in_(owners))).all())
    query = (
        select(Meeting)
        .where(Meeting.branch_id.in_(owners), Meeting.held_on.between(since, until), Meeting.deleted_at_utc.is_(None))
        .order_by(Meeting.id)
    )
    found: dict[str, Said] = {}
    for meeting in session.scalars(query):
        text = said_in(meeting) if meeting.state.counts else ""
        if len(text) >= measure.least_characters:
            found[meeting.id] = Said(
                meeting_id=meeting.id,
                branch_id=meeting.branch_id,
                held_on=meeting.held_on,
                title=title(meeting.kind, meeting.held_on, groups.get(meeting.group_id or "", "")),
                text=text,
            )
    return found


def nearest(
    texts: Mapping[str, str], asked: Iterable[str], least: float, progress: Progress = silent
) -> dict[str, Near]:
    """Return of each of `asked` the nearest other one of `texts`, as far as they are alike by `least` at least.

    The same texts give the same answer, whatever order they come in.
    """
    known = {key: _fingerprints(texts[key]) for key in sorted(texts)}
    sharing: defaultdict[int, list[str]] = defaultdict(list)
    for key, prints in known.items():
        for each in prints:
            sharing[each].append(key)
    found: dict[str, Near] = {}
    wanted = sorted(key for key in asked if key in known)
    for done, key in enumerate(wanted, start=1):
        shared = Counter(other for each in known[key] for other in sharing[each] if other != key)
        ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))
        for other, _count in islice(ranked, MOST_TRIED):
            ratio = alike(texts[key], texts[other], least)
            if ratio and (key not in found or ratio > found[key].ratio):
                found[key] = Near(other, ratio)
        progress(done, len(wanted))
    return found


def _fingerprints(text: str) -> list[int]:
    runs = {crc32(text[at : at + RUN].encode("utf-8", "surrogatepass")) for at in range(max(1, len(text) - RUN + 1))}
    return sorted(runs)[:MOST_RUNS]
