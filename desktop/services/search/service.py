"""Asking the index: what the words mean, what is found, how much of each kind, the newest first."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.search import HitKind
from desktop.services.errors import InvalidInput
from desktop.services.progress import Progress, silent
from desktop.services.search import index
from desktop.services.search.index import ENTRIES, FIND, HIDDEN, after_last, first_number
from desktop.services.search.sources import BRANCH, Names, sources
from desktop.services.search.words import folded, letters, phrase, typed_sounds
from desktop.services.spreadsheets.dates import parse_date, remark_on_date
from desktop.services.store import Store

BESIDE = 14
"""Characters of a record shown on both sides of what was found in it."""
MOST_EXCERPTS = 60
LONGEST = 100
"""Characters that are looked for: a search is words, not a text."""
OF_EACH = 3
"""Hits of a kind that are shown as long as no kind is chosen."""
MOST_NAMES = 200
"""People whose names Latin letters may mean; who types one letter means nobody in particular."""
INITIALS, DAY = "拼音", "日期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record that was found; `target` is the record to open: its kind and id."""

    kind: HitKind
    record_kind: str
    id: str
    title: str
    detail: str
    branch: str
    branch_id: str
    excerpt: str
    """Where the words stand in the record, if neither title nor detail holds them."""
    target: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a search: how the words were understood, how many hits of each kind, and those to show."""

    words: str
    understood: str = ""
    counts: dict[HitKind, int] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    near: tuple[str, ...] = ()
    """Names that sound like what was typed, where nothing was found."""

    @property
    def total(self) -> int:
        """How many hits there are of all kinds."""
        return sum(self.counts.values())

    def of(self, kind: HitKind) -> tuple[Hit, ...]:
        """Return the hits to show of one kind."""
        return tuple(hit for hit in self.hits if hit.kind is kind)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the index: an expression for words, or a day."""

    expression: str = ""
    understood: str = ""
    day: date | None = None


class SearchService:
    """Finds people, meetings, registers, tasks and attachments; restricted ones only for those entitled."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refresh(self, progress: Progress = silent, tables: frozenset[str] | None = None) -> None:
        """Bring the index up to date; with `tables`, with what changed in these alone.

        Raises:
            Cancelled: `progress` said so; what was done stays.
            StorageFailure: the disk refuses.
        """
        index.refresh(self._store, progress, tables)

    def find(self, words: str, kind: HitKind | None = None, most: int | None = OF_EACH) -> Found:
        """Return what holds all of `words`, the newest first; of each kind, or of `kind` alone, at most `most`.

        Any part of a word is enough, from one letter or character on. Latin letters are pinyin of names too
        (wxy, wangxiuying), a day is what happened on it. Of more than anybody types the beginning is looked for, and
        `understood` says so.
        """
        words, cut = _asked_words(words), len(words) > LONGEST
        with self._store.reading() as session:
            if not index.is_there(session):
                return Found(words=words)
            asked = self._asked(session, words)
            found = self._holding(session, asked.expression) if asked.expression else []
            if asked.day is not None:
                found = sorted({*found, *self._on_day(session, asked.day)})
            counts, shown = {}, list[int]()
            for each in HitKind:
                numbers = self._of_kind(found, each)
                if numbers:
                    counts[each] = len(numbers)
                if kind in (None, each):
                    shown += self._first(session, each, words, numbers, most)
            hits = self._hits(session, shown, words.split())
            near = () if found else self._near(session, words)
        understood = "，".join(filter(None, (asked.understood, f"只找前{LONGEST}字" if cut else "")))
        return Found(words=words, understood=understood, counts=counts, hits=hits, near=near)

    def _holding(self, session: Session, expression: str) -> list[int]:
        """Return the numbers of what holds the words, going up."""
        found = list(session.scalars(FIND, {"words": expression, "below": self._below}))
        if not self._store.of_many:
            return found
        here = set(session.scalars(select(ENTRIES.c.number).where(ENTRIES.c.number < self._below)))
        return [number for number in found if number in here]

    @property
    def _below(self) -> int:
        return HIDDEN << 1 if self._store.rights.may(Act.RESTRICTED) else HIDDEN

    def _asked(self, session: Session, words: str) -> _Asked:
        terms, understood = [], ""
        for word in words.split():
            ways = [phrase(word)]
            names = self._named(session, typed_sounds(word))
            if names:
                understood = f"{INITIALS} {folded(word)}"
                ways += [phrase(name) for name in names]
            ways = [way for way in ways if way]
            if ways:
                terms.append(f"({' OR '.join(ways)})")
        day = _day(words)
        if day is not None:
            understood = f"{DAY} {day.isoformat()}"
        return _Asked(" AND ".join(terms), understood, day)

    def _named(self, session: Session, sounds: str) -> Sequence[str]:
        """Return the names of people that `sounds` are letters of."""
        if not sounds:
            return ()
        query = (
            select(ENTRIES.c.title)
            .distinct()
            .where(
                ENTRIES.c.number >= first_number(HitKind.PERSON),
                ENTRIES.c.number < after_last(HitKind.PERSON),
                ENTRIES.c.sounds.contains(f" {sounds}", autoescape=True),
            )
            .limit(MOST_NAMES)
        )
        return session.scalars(query).all()

    def _on_day(self, session: Session, day: date) -> list[int]:
        found = list[int]()
        for kind in HitKind:
            for hidden in (False, True):
                first = first_number(kind, day, hidden=hidden)
                beyond = first + (1 << index.SERIAL_BITS)
                if first < self._below:
                    query = select(ENTRIES.c.number).where(ENTRIES.c.number >= first, ENTRIES.c.number < beyond)
                    found += session.scalars(query)
        return found

    def _of_kind(self, found: list[int], kind: HitKind) -> list[int]:
        """Return what was found of `kind`, the newest first; `found` goes up."""
        numbers = list[int]()
        for hidden in (False, True):
            first = bisect_left(found, first_number(kind, hidden=hidden))
            numbers += found[first : bisect_left(found, after_last(kind, hidden=hidden))]
        return numbers[::-1] if numbers and numbers[-1] < HIDDEN else sorted(numbers, key=_newest_first)

    def _first(self, session: Session, kind: HitKind, words: str, numbers: list[int], most: int | None) -> list[int]:
        """Return those of `numbers` that are shown: of people first those who are called so."""
        if kind is HitKind.PERSON:
            numbers = _people_first(session, numbers, words)
        return numbers if most is None else numbers[:most]

    def _hits(self, session: Session, numbers: list[int], words: Sequence[str]) -> tuple[Hit, ...]:
        rows = {}
        for first in range(0, len(numbers), index.CHUNK):
            wanted = numbers[first : first + index.CHUNK]
            for row in session.execute(select(ENTRIES).where(ENTRIES.c.number.in_(wanted))):
                rows[row.number] = row
        branches: dict[str, str] = {}
        if self._store.is_headquarters:
            branches = dict(session.execute(select(Branch.id, Branch.name)).all())
        unseen = [row for row in rows.values() if not any(letters(word) in letters(row.title) for word in words)]
        excerpts = _excerpts(session, unseen[:MOST_EXCERPTS], words)
        return tuple(
            Hit(
                kind=_kind_of(number),
                record_kind=rows[number].kind,
                id=rows[number].record_id,
                title=rows[number].title,
                detail=rows[number].detail,
                branch="" if rows[number].kind == BRANCH else branches.get(rows[number].branch_id, ""),
                branch_id=rows[number].branch_id,
                excerpt=excerpts.get(number, ""),
                target=(rows[number].target_kind, rows[number].target_id),
            )
            for number in numbers
            if number in rows
        )

    def _near(self, session: Session, words: str) -> tuple[str, ...]:
        """Return names that begin as `words` do, as far as any does: for who mistyped."""
        wanted = folded(words.strip())
        sounding = typed_sounds(wanted)
        for length in range(len(wanted), len(wanted) // 2, -1):
            start = wanted[:length]
            alike = ENTRIES.c.sounds.contains(f" {start}", autoescape=True)
            called = alike if sounding else ENTRIES.c.title.startswith(start, autoescape=True)
            query = select(ENTRIES.c.title).distinct().where(ENTRIES.c.sounds != "", called).limit(OF_EACH)
            found = tuple(session.scalars(query))
            if found:
                return found
        return ()


def _asked_words(words: str) -> str:
    """Return what is asked for without what no text holds, and no longer than anybody types."""
    return words[:LONGEST].encode("utf-8", "ignore").decode("utf-8").replace("\0", "")


def _excerpts(session: Session, rows: Sequence[Any], words: Sequence[str]) -> dict[int, str]:
    """Return for entries whose title says nothing of `words` the place in the record where they stand."""
    names, by_kind = Names(), {source.kind: source for source in sources()}
    names.read_by(session)
    found = {}
    for row in rows:
        record = session.get(by_kind[row.kind].model, row.record_id)
        entry = by_kind[row.kind].entry(record, names) if record is not None else None
        place = next(filter(None, (_place(said, words) for said in entry.texts)), "") if entry is not None else ""
        if place and place not in row.detail:
            found[row.number] = place
    return found


def _place(said: str, words: Sequence[str]) -> str:
    """Return the part of `said` around the first of `words` that stands in it."""
    for word in words:
        at = said.casefold().find(word.casefold())
        if at >= 0:
            first, last = max(0, at - BESIDE), at + len(word) + BESIDE
            part = " ".join(said[first:last].split())
            return f"{'…' if first else ''}{part}{'…' if last < len(said) else ''}"
    return ""


def _newest_first(number: int) -> int:
    return -(number % HIDDEN)


def _kind_of(number: int) -> HitKind:
    return list(HitKind)[number % HIDDEN >> (index.SERIAL_BITS + index.DAY_BITS)]


def _people_first(session: Session, numbers: list[int], words: str) -> list[int]:
    """Return `numbers` of people, first those whose name holds what was typed, on the roster before those who left."""
    if not numbers:
        return numbers
    typed = folded(words.strip())
    query = select(ENTRIES.c.number, ENTRIES.c.title, ENTRIES.c.sounds).where(
        ENTRIES.c.number >= first_number(HitKind.PERSON), ENTRIES.c.number < after_last(HitKind.PERSON)
    )
    named = {number for number, title, sounds in session.execute(query) if typed in title or f" {typed}" in sounds}
    return sorted(numbers, key=lambda number: (number not in named, number))


def _day(words: str) -> date | None:
    """Return the day that `words` mean for certain."""
    try:
        day = parse_date(words.strip())
    except InvalidInput:
        return None
    return None if remark_on_date(words.strip()) else day
