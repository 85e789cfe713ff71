"""The index of all words: derived from the records, kept beside them in the encrypted database.

It is no record: it has no history, travels in no package, and is made anew where it is missing or of another shape.
What
changed since it was last brought up to date is seen from the records themselves (their revision), whatever road the
change came by: typed, imported, received, restored, taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, UniqueConstraint, delete, or_, select, text, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import kind_of
from desktop.models.vocabulary.search import HitKind
from desktop.services.progress import Progress, silent
from desktop.services.search.sources import BRANCH, Entry, Names, Source, sources
from desktop.services.search.words import indexed, phrase, sounds
from desktop.services.store import Store

SHAPE = 3
"""Of the two tables below and of what stands in them: another number makes the index anew."""
CHUNK = 200
"""Records that are written at once: others who write wait no longer than for these."""
SERIAL_BITS, DAY_BITS, KIND_BITS = 36, 22, 3
HIDDEN = 1 << (SERIAL_BITS + DAY_BITS + KIND_BITS)
"""From here on stand the numbers of what only those find who are entitled."""

_tables = MetaData()
ENTRIES = SqlTable(
    f"search_entries_{SHAPE}",
    _tables,
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("branch_id", String, nullable=False),
    Column("stamp", String, nullable=False),
    Column("title", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("target_kind", String, nullable=False),
    Column("target_id", String, nullable=False, index=True),
    Column("sounds", String, nullable=False),
    UniqueConstraint("kind", "record_id"),
)
INDEX = f"search_index_{SHAPE}"
MAKE_INDEX = text(f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='', contentless_delete=1, tokenize='ascii')")
FIND = text(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH :words AND rowid < :below ORDER BY rowid")
ADD = text(f"INSERT INTO {INDEX}(rowid, words) VALUES (:number, :words)")
DROP = text(f"DELETE FROM {INDEX} WHERE rowid = :number")
MERGE = text(f"INSERT INTO {INDEX}({INDEX}) VALUES ('optimize')")
"""Until then the words of what was taken out stay in the pages of the index."""
NO_STAMP = ""
"""An entry that is to be made anew."""


def first_number(kind: HitKind, day: date | None = None, *, hidden: bool = False) -> int:
    """Return the least number of what is found as `kind`, from `day` on: numbers go by kind, then by day."""
    place = list(HitKind).index(kind) << DAY_BITS | (day.toordinal() if day else 0)
    return (HIDDEN if hidden else 0) | place << SERIAL_BITS


def after_last(kind: HitKind, *, hidden: bool = False) -> int:
    """Return the number that follows the last of `kind`."""
    return first_number(kind, hidden=hidden) + (1 << (SERIAL_BITS + DAY_BITS))


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done about one kind of record: entries to make anew, and entries of what is there no more."""

    source: Source
    stale: Sequence[str]
    gone: Sequence[int]


def is_there(session: Session) -> bool:
    """Return whether the store has an index of the present shape."""
    query = text("SELECT name FROM sqlite_master WHERE name IN (:entries, :words)")
    return len(session.scalars(query, {"entries": ENTRIES.name, "words": INDEX}).all()) == 2


def refresh(store: Store, progress: Progress = silent, tables: Iterable[str] | None = None) -> None:
    """Bring the index up to date with the records, a few at a time; with `tables`, only with what these hold.

    What is written stays, also when `progress` ends it early. A store that is only looked at keeps what it has.

    Raises:
        StorageFailure: the disk refuses.
    """
    store = store.lender  # the words of a branch read at headquarters stand in the index of headquarters
    if store.look is not None:
        return
    _make(store)
    told = None if tables is None else frozenset(tables)
    names, done = Names(), 0
    *others, files = [source for source in sources() if store.is_headquarters or source.kind != BRANCH]
    for source in others:
        if told is None or source.tables & told:
            done = _bring_up(store, _work(store, source), names, progress, done)
    if told is None or done or files.tables & told:
        _bring_up(store, _work(store, files), names, progress, done)


def forget(store: Store) -> None:
    """Take what is there no more out of the index, and its words out of the database too; a store without one has none.

    Raises:
        StorageFailure: the disk refuses.
    """
    with store.reading(whole=True) as session:
        if not is_there(session):
            return
    refresh(store)
    with store.upkeep() as session:
        session.execute(MERGE)


def _make(store: Store) -> None:
    with store.reading(whole=True) as session:
        if is_there(session):
            return
    with store.upkeep() as session:
        found = text("SELECT name, type FROM sqlite_master WHERE name LIKE 'search\\_%' ESCAPE '\\' AND type = 'table'")
        names = [name for name, _type in session.execute(found)]
        for name in sorted(names, key=len):  # the virtual table takes its own tables with it
            session.execute(text(f"DROP TABLE IF EXISTS {name}"))
        _tables.create_all(session.connection())
        session.execute(MAKE_INDEX)


def _work(store: Store, source: Source) -> _Work:
    entry = (ENTRIES.c.kind == source.kind) & (ENTRIES.c.record_id == source.model.id)
    stale = (
        select(source.model.id)
        .outerjoin(ENTRIES, entry)
        .where(source.alive, or_(ENTRIES.c.stamp.is_(None), ENTRIES.c.stamp != source.stamp))
    )
    there = select(source.model.id).where(source.model.id == ENTRIES.c.record_id, source.alive)
    gone = select(ENTRIES.c.number).where(ENTRIES.c.kind == source.kind, ~there.exists())
    with store.reading(whole=True) as session:
        return _Work(source, session.scalars(stale).all(), session.scalars(gone).all())


def _bring_up(store: Store, work: _Work, names: Names, progress: Progress, done: int) -> int:
    total = done + len(work.stale) + len(work.gone)
    stale, gone = iter(work.stale), iter(work.gone)
    while left := list(islice(gone, CHUNK)):
        progress(done, total)
        with store.upkeep() as session:
            _take_out(session, left)
        done += len(left)
    while wanted := list(islice(stale, CHUNK)):
        progress(done, total)
        with store.upkeep() as session:
            names.read_by(session)
            _put_in(session, work.source, wanted, names)
        done += len(wanted)
    return done


def _take_out(session: Session, numbers: Sequence[int]) -> None:
    """Forget the entries of `numbers`, and look anew at the files that hung on their records."""
    ids = session.scalars(select(ENTRIES.c.record_id).where(ENTRIES.c.number.in_(numbers))).all()
    session.execute(update(ENTRIES).where(ENTRIES.c.target_id.in_(ids)).values(stamp=NO_STAMP))
    session.execute(delete(ENTRIES).where(ENTRIES.c.number.in_(numbers)))
    session.execute(DROP, [{"number": number} for number in numbers])


def _put_in(session: Session, source: Source, wanted: list[str], names: Names) -> None:
    """Make the entries of the records called `wanted` anew."""
    query = select(ENTRIES.c.number, ENTRIES.c.record_id, ENTRIES.c.title).where(
        ENTRIES.c.kind == source.kind, ENTRIES.c.record_id.in_(wanted)
    )
    before = {record_id: (number, title) for number, record_id, title in session.execute(query)}
    if before:
        _take_out(session, [number for number, _title in before.values()])
    made: list[tuple[int, Any, str, Entry]] = []
    for row, stamp, hidden in session.execute(source.rows(wanted)).all():
        entry = source.entry(row, names)
        if entry is not None:
            made.append((first_number(source.hit, entry.day, hidden=bool(hidden)) | _serial(row.id), row, stamp, entry))
    if not made:
        return
    free = _free(session, [number for number, *_rest in made])
    rows = [
        _row(source, number, row, stamp, entry) for number, (_wish, row, stamp, entry) in zip(free, made, strict=True)
    ]
    session.execute(ENTRIES.insert(), rows)
    words = [
        {"number": number, "words": indexed((*entry.texts, *_spelled(entry.day)))}
        for number, (*_, entry) in zip(free, made, strict=True)
    ]
    session.execute(ADD, words)
    for _number, row, _stamp, entry in made:
        was = before.get(row.id, (0, entry.title))[1]
        if source.hit is HitKind.PERSON and was != entry.title:
            _name_changed(session, was)


def _serial(record_id: str) -> int:
    """Return the place of a record among those of its kind and day."""
    return int.from_bytes(blake2b(record_id.encode(), digest_size=8).digest()) >> (64 - SERIAL_BITS)


def _spelled(day: date | None) -> tuple[str, ...]:
    """Return a day as people write it, so that a month or a year finds it too."""
    return () if day is None else (f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def _free(session: Session, wishes: Sequence[int]) -> list[int]:
    """Return for each wished number that one, or one nobody has beside it."""
    taken = set(session.scalars(select(ENTRIES.c.number).where(ENTRIES.c.number.in_(wishes))))
    free = []
    for wish in wishes:
        number, bit = wish, 0
        while number in taken:
            number, bit = wish ^ 1 << bit, bit + 1
            if session.scalar(select(ENTRIES.c.number).where(ENTRIES.c.number == number)) is not None:
                taken.add(number)
        taken.add(number)
        free.append(number)
    return free


def _row(source: Source, number: int, row: Any, stamp: str, entry: Entry) -> dict[str, object]:
    kind, target = entry.target or (source.kind, row.id)
    return {
        "number": number,
        "kind": source.kind,
        "record_id": row.id,
        "branch_id": row.branch_id,
        "stamp": stamp,
        "title": entry.title,
        "detail": entry.detail,
        "target_kind": kind,
        "target_id": target,
        "sounds": sounds(entry.title) if source.hit is HitKind.PERSON else "",
    }


def _name_changed(session: Session, name: str) -> None:
    """Look anew at every entry that says the former name of a person."""
    words = phrase(name)
    if not words:
        return
    beside = ENTRIES.c.detail.contains(name, autoescape=True)  # a file is not found by what it hangs on, but says it
    files = ENTRIES.c.kind == kind_of(Attachment)
    session.execute(update(ENTRIES).where(files, beside).values(stamp=NO_STAMP))
    found = session.scalars(FIND, {"words": words, "below": HIDDEN << 1}).all()
    for first in range(0, len(found), CHUNK):
        numbers = found[first : first + CHUNK]
        session.execute(update(ENTRIES).where(ENTRIES.c.number.in_(numbers)).values(stamp=NO_STAMP))
