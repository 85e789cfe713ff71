"""What goes into the archive of a year: which records, under which numbers, with which files. No PDF here."""

import contextlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.meetings import Vote
from desktop.models.registers import Register
from desktop.models.vocabulary import MeetingKind
from desktop.services.archive.papers import MeetingPaper, load_meetings, meetings_of_year
from desktop.services.archive.registers import printable
from desktop.services.archive.rows import ArchiveGap
from desktop.services.branches import BranchProfile, BranchService
from desktop.services.clock import day_of
from desktop.services.errors import Input, InvalidInput, NotFound, StorageFailure
from desktop.services.improvement.rows import PlanRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.meetings.votes import read_kinds
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.standards.clauses import clauses
from desktop.services.standards.evidence import MEETING, PLAN, Numbered, Numbers, home_of_kind, number_evidence
from desktop.services.standards.pack import Pack
from desktop.services.standards.score import DimensionScore, Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

BRANCH = Input("branch_id", "支部")

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What may not stand in the name of a file on every system."""

_NO_ITEM = "00"
_BEGINS, _ENDS = ("from_on", "started_on", "declared_on", "agreement_on", "signed_on"), ("to_on", "done_on")
_AUTHOR = 8  # characters of a name that a column of the indexes holds on one line


def without_item(dimension_id: str) -> str:
    """Return the number, like an item's, under which records of a dimension stand that no item counts: D3-00."""
    return f"{dimension_id}-{_NO_ITEM}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundFile:
    """A file attached to a record. `file_id` is None where its content is not here or is damaged."""

    name: str  # in the volume, where no two names are the same
    own_name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_on: date | None
    file_id: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A record that is bound into the archive, with what is attached to it."""

    numbered: Numbered
    title: str
    files: tuple[BoundFile, ...] = ()

    @property
    def number(self) -> str:
        """Return the number it has everywhere: 2026-D4-01-003."""
        return self.numbered.number

    @property
    def used(self) -> Used:
        """Return the record behind it."""
        return self.numbered.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One archive before it is written: the score it follows, and every piece in it."""

    year: int
    on: date
    branch: BranchProfile
    score: Score
    pack: Pack
    numbers: Numbers
    pieces: Mapping[str, Piece]  # by number
    papers: Mapping[str, MeetingPaper]
    plans: Mapping[str, PlanRow]
    rows: Mapping[str, Mapping[str, RegisterRow]]  # by register and id
    registers: Mapping[str, Register]
    meeting_of_vote: Mapping[str, str]
    problems: tuple[ArchiveGap, ...] = field(default=())

    @property
    def author(self) -> str:
        """Return who answers for the papers, short enough for a column (责任者)."""
        name = self.branch.name
        return self.branch.short_name or (name if len(name) <= _AUTHOR else "本支部")

    def of_item(self, item_id: str) -> list[Piece]:
        """Return the pieces bound at an item, in the order of their numbers."""
        numbered = self.numbers.of_item.get(item_id, ())
        return [self.pieces[each.number] for each in numbered if each.number in self.pieces]

    def of_dimension(self, dimension: DimensionScore) -> list[Piece]:
        """Return the pieces of a volume, in the order of its items; those of no item last."""
        items = [*(item.id for item in dimension.items), without_item(dimension.id)]
        return [piece for item_id in items for piece in self.of_item(item_id)]

    def problems_of(self, dimension_id: str) -> list[ArchiveGap]:
        """Return what could not be bound as it should in the volume of a dimension."""
        return [gap for gap in self.problems if gap.item_id.split("-")[0] == dimension_id]

    def is_late(self, piece: Piece) -> bool:
        """Return whether a record was typed so late that the standard calls it 补录."""
        used = piece.used
        if used.kind == MEETING:
            paper = self.papers[used.id]
            return (paper.entered_on - paper.held_on).days > self.pack.scoring.late_entry_days
        return used.kind != PLAN and self.rows[used.kind][used.id].late

    def clauses(self, basis: str) -> str:
        """Return the regulation and article that a basis such as ZBTL-11 names."""
        return "、".join(clause.text for clause in clauses(basis, self.pack))


def bind(store: "Store", year: int, on: date, branch_id: str | None = None) -> Binding:
    """Return what goes into the archive of `year` as known on the day `on`.

    Raises:
        InvalidInput: at headquarters, no branch was named.
    """
    if branch_id is None and store.is_headquarters:
        raise InvalidInput(BRANCH, "请指明是哪个支部")
    return _Binder(store, year, on, branch_id or store.branch_id).bind()


class _Binder:
    """Gathers one archive."""

    def __init__(self, store: "Store", year: int, on: date, owner: str) -> None:
        self._store, self._year, self._on, self._owner = store, year, on, owner
        standards = StandardService(store)
        self._score = standards.score(on, year, owner, verified=False)
        self._pack = standards.pack(on, year)
        self._vote_kinds = read_kinds(standards.law(on, year).raw["votes"])
        self._registers = RegisterService(store)
        self._rows: dict[str, dict[str, RegisterRow]] = {}
        self._plans: dict[str, PlanRow] = {}
        self._papers: dict[str, MeetingPaper] = {}
        self._problems: list[ArchiveGap] = []

    def bind(self) -> Binding:
        """Find the records to bind, where they belong and what is attached to them."""
        numbers = number_evidence(self._score)
        with self._store.reading() as session:
            meetings = [each.used.id for each in numbers.of_record.values() if each.used.kind == MEETING]
            of_year = meetings_of_year(session, self._owner, self._year, self._on)
            ids = sorted({*meetings, *of_year})
            papers = load_meetings(session, self._owner, ids, self._store.clock, self._vote_kinds)
            self._papers = {paper.id: paper for paper in papers}
            votes = session.execute(select(Vote.id, Vote.meeting_id).where(Vote.branch_id == self._owner))
            meeting_of_vote = dict(votes.all())
            numbers = self._with_others(numbers)
            pieces = self._pieces(numbers)
            self._problems += _uncounted(pieces, self._registers)
            bound = self._with_files(session, pieces)
        return Binding(
            year=self._year,
            on=self._on,
            branch=BranchService(self._store).profile(self._owner),
            score=self._score,
            pack=self._pack,
            numbers=numbers,
            pieces=bound,
            papers=self._papers,
            plans=self._plans,
            rows=self._rows,
            registers={register.kind: register for register in self._registers.registers()},
            meeting_of_vote=meeting_of_vote,
            problems=tuple(self._problems),
        )

    # records

    def _with_others(self, numbers: Numbers) -> Numbers:
        """Add the meetings and records of the year that no rule counted: a later date, a period long met, no item."""
        others: defaultdict[str, list[Used]] = defaultdict(list)
        for home, used in (*self._other_meetings(), *self._other_records()):
            if (used.kind, used.id) not in numbers.of_record:
                others[home].append(used)
        of_item = dict(numbers.of_item)
        for item_id, records in others.items():
            have = of_item.get(item_id, ())
            ordered = sorted(records, key=lambda used: (used.on or date.min, used.id))
            of_item[item_id] = have + tuple(
                Numbered(f"{self._year}-{item_id}-{position:03d}", item_id, used)
                for position, used in enumerate(ordered, start=len(have) + 1)
            )
        return Numbers({(n.used.kind, n.used.id): n for each in of_item.values() for n in each}, of_item)

    def _other_meetings(self) -> Iterator[tuple[str, Used]]:
        homes = (home_of_kind(self._score, MEETING, kind.value) for kind in MeetingKind)
        life = next((home.split("-")[0] for home in homes if home), "")  # the dimension of meetings
        for paper in self._papers.values():
            home = home_of_kind(self._score, MEETING, paper.kind.value) or self._without_item(life)
            yield home, Used(MEETING, paper.id, paper.held_on, paper.topic or paper.kind.label)

    def _other_records(self) -> Iterator[tuple[str, Used]]:
        for register in self._registers.registers():
            home = home_of_kind(self._score, register.kind) or self._without_item(register.dimension)
            for row in self._registers.rows(register.kind, self._year, branch_id=self._owner):
                if row.on <= self._on if row.on is not None else _stood(register, row, self._year, self._on):
                    yield home, Used(row.kind, row.id, row.on, row.heading)

    def _without_item(self, dimension_id: str) -> str:
        """Return where records of no item stand: in the volume of their dimension, else in the last one."""
        dimensions = [dimension.id for dimension in self._score.dimensions]
        return without_item(dimension_id if dimension_id in dimensions else dimensions[-1])

    def _pieces(self, numbers: Numbers) -> list[Piece]:
        """Return the pieces to bind; rows that may not be printed are not among them."""
        pieces = []
        for numbered in (each for bound in numbers.of_item.values() for each in bound):
            title = self._title(numbered.used)
            if title is not None:
                pieces.append(Piece(numbered, title))
        return pieces

    def _title(self, used: Used) -> str | None:
        if used.kind == MEETING:
            paper = self._papers.get(used.id)
            return paper.title if paper else None
        if used.kind == PLAN:
            with contextlib.suppress(NotFound):  # headquarters reads plans in its own way
                self._plans[used.id] = ImprovementService(self._store).plan(used.id)
            return self._plans[used.id].title if used.id in self._plans else None
        row = self._printable(used.kind).get(used.id)
        register = self._registers.register(used.kind)
        return f"{register.title}：{row.heading}" if row else None

    def _printable(self, kind: str) -> dict[str, RegisterRow]:
        if kind not in self._rows:
            rows = self._registers.rows(kind, branch_id=self._owner)
            self._rows[kind] = {row.id: row for row in printable(rows)}
        return self._rows[kind]

    # attachments

    def _with_files(self, session: "Session", pieces: Sequence[Piece]) -> dict[str, Piece]:
        """Return the pieces by number, with their files; a content that is missing or damaged is noted as a gap."""
        by_record = {piece.used.id: piece for piece in pieces}
        stored = dict(session.execute(select(StoredFile.sha256, StoredFile.id)).all())
        files: defaultdict[str, list[BoundFile]] = defaultdict(list)
        taken: set[str] = set()
        for row in self._attached(session):
            piece = by_record.get(row.record_id)
            if piece is None:
                continue
            name = _free_name(f"{piece.number} {UNSAFE.sub('_', row.name)}", taken)
            files[piece.number].append(self._file(row, name, stored.get(row.sha256), piece))
        return {piece.number: Piece(piece.numbered, piece.title, tuple(files[piece.number])) for piece in pieces}

    def _attached(self, session: "Session") -> Iterable[Attachment]:
        query = select(Attachment).where(Attachment.branch_id == self._owner, Attachment.deleted_at_utc.is_(None))
        return session.scalars(query.order_by(Attachment.id))

    def _file(self, row: Attachment, name: str, file_id: str | None, piece: Piece) -> BoundFile:
        if file_id is not None and not self._is_sound(file_id, row.sha256):
            file_id = None
        if file_id is None:
            what = f"附件“{row.name}”的内容不在本机或已损坏"
            self._problems.append(ArchiveGap(piece.numbered.item_id, what, "", None, True))
        return BoundFile(
            name=name,
            own_name=row.name,
            media_type=row.media_type or "application/octet-stream",
            size_bytes=row.size_bytes,
            sha256=row.sha256,
            added_on=day_of(row.created_at_utc, self._store.clock) if row.created_at_utc else None,
            file_id=file_id,
        )

    def _is_sound(self, file_id: str, sha256: str) -> bool:
        try:
            self._store.att.verify(file_id, sha256)
        except StorageFailure:
            return False
        return True


def _stood(register: Register, row: RegisterRow, year: int, on: date) -> bool:
    """Tell whether a line of a standing list (责任清单, 阵地, 品牌, 结对) holds in a year, as far as its dates say."""
    values, states = row.values, register.states
    if isinstance(values.get("year"), int):
        return bool(values["year"] == year)
    begun = [values[name] for name in _BEGINS if values.get(name)]
    ended = [values[name] for name in _ENDS if values.get(name)]
    if states is not None and values.get("state") in states.ends and values.get("state_on"):
        ended.append(values["state_on"])
    return all(day <= min(on, date(year, 12, 31)) for day in begun) and all(day.year >= year for day in ended)


def _uncounted(pieces: Iterable[Piece], registers: RegisterService) -> list[ArchiveGap]:
    """Return, for each kind of dated record that is bound without an item, that no item counts it."""
    counts: Counter[tuple[str, str]] = Counter()
    for piece in pieces:
        if piece.numbered.item_id.endswith(f"-{_NO_ITEM}") and piece.used.on is not None:
            kind = piece.used.kind
            name = "会议记录" if kind == MEETING else registers.register(kind).title
            counts[piece.numbered.item_id, name] += 1
    return [
        ArchiveGap(item_id, f"“{name}”{count}件没有计入标准的任何条目，附在本卷末尾", "", None, False)
        for (item_id, name), count in sorted(counts.items())
    ]


def _free_name(name: str, taken: set[str]) -> str:
    """Return `name`, or the same with a number where it is taken already."""
    stem, ending = os.path.splitext(name)
    free, count = name, 2
    while free in taken:
        free, count = f"{stem}（{count}）{ending}", count + 1
    taken.add(free)
    return free
