"""Minutes of a period that say nearly what others say, of the same branch or of another, side by side (记录雷同).

Pointed out to who assesses, never judged: that two branches studied one document is no fault.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.meetings import Meeting
from desktop.services.meetings.across import Said, nearest, said_since
from desktop.services.meetings.similarity import alike
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import begun_span
from desktop.services.race.records import racers
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

WHAT = "雷同记录"
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of minutes; `same` where the other minutes have it too, word for word or nearly so."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two minutes: whose they are, and which meeting."""

    branch_id: str
    code: str
    name: str
    meeting_id: str
    held_on: date
    title: str


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two minutes that say nearly the same; `one` is of the period asked for."""

    one: Side
    other: Side
    hundredths: int

    @property
    def across(self) -> bool:
        """Whether they are of two branches."""
        return self.one.branch_id != self.other.branch_id


class AlikeService:
    """Minutes that say nearly the same, at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def pairs(self, period: str, progress: Progress = silent) -> list[AlikePair]:
        """Return for the minutes of a period the nearest others of all branches, the most alike first.

        Raises:
            InvalidInput: not at headquarters, or the period has not begun.
        """
        headquarters_only(self._store, WHAT)
        span = begun_span(period, self._store.today)
        measure = StandardService(self._store).pack(min(span.last, self._store.today), span.first.year).similarity
        since = date(span.first.year - measure.years, span.first.month, 1)
        with self._store.reading() as session:
            names = {racer.branch_id: (racer.code, racer.name) for racer in racers(session)}
            said = said_since(session, names, since, span.last, measure)
        asked = [key for key, each in said.items() if each.held_on >= span.first]
        near = nearest({key: each.text for key, each in said.items()}, asked, measure.minutes_ratio, progress)
        found, seen = [], set()
        for key, found_near in near.items():
            both = frozenset((key, found_near.meeting_id))
            if both not in seen:
                seen.add(both)
                one, other = (_side(said[each], names) for each in (key, found_near.meeting_id))
                found.append(AlikePair(one, other, int(found_near.ratio * 100)))
        return sorted(found, key=lambda pair: (-pair.hundredths, not pair.across, pair.one.code, pair.one.held_on))

    def beside(self, pair: AlikePair) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
        """Return what both minutes say, sentence by sentence, those they share marked."""
        day = min(pair.one.held_on, self._store.today)
        least = StandardService(self._store).pack(day, day.year).similarity.minutes_ratio
        with self._store.reading() as session:
            texts = [_written(session.get(Meeting, side.meeting_id)) for side in (pair.one, pair.other)]
        return passages(texts[0], texts[1], least), passages(texts[1], texts[0], least)


def passages(text: str, other: str, least: float) -> tuple[Passage, ...]:
    """Return the sentences of a text, marked where the other text has them; short ones must be the same."""
    there = [_bare(sentence) for sentence in _SENTENCE.findall(other)]
    known = set(there)
    found = []
    for sentence in _SENTENCE.findall(text):
        bare = _bare(sentence)
        same = bool(bare) and (bare in known or any(alike(bare, each, least) for each in there))
        found.append(Passage(sentence.strip(), same))
    return tuple(found)


def _bare(sentence: str) -> str:
    return "".join(mark for mark in sentence if mark.isalnum())


def _side(said: Said, names: dict[str, tuple[str, str]]) -> Side:
    code, name = names[said.branch_id]
    return Side(
        branch_id=said.branch_id,
        code=code,
        name=name,
        meeting_id=said.meeting_id,
        held_on=said.held_on,
        title=said.title,
    )


def _written(meeting: Meeting | None) -> str:
    """Return what was discussed and decided, with its marks; what `similarity.said_in` compares."""
    if meeting is None:
        return ""
    parts = [part for item in meeting.agenda for part in (item.content, item.resolution, item.measures)]
    parts += [speech.text for speech in meeting.speeches]
    parts += [meeting.resolution, meeting.summary]
    return "\n".join(part.strip() for part in parts if part and part.strip())
