"""What goes into the archive of a year: which records, under which numbers, with which files. No PDF here."""

import contextlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.attachments import PORTRAIT, Attachment, StoredFile
from desktop.models.development import CasePaper
from desktop.models.file_names import plain_name
from desktop.models.meetings import Meeting, Vote
from desktop.models.registers import REGISTERS, Register
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.case_files import CaseFile, labels_of, load_case_files
from desktop.services.archive.completeness import many_photos, missing_kinds
from desktop.services.archive.organisation import Sheet, load_sheets
from desktop.services.archive.papers import MeetingPaper, load_meetings, meetings_of_year
from desktop.services.archive.publicity import publicity_sheets
from desktop.services.archive.published import evidence_of, publication_sheets
from desktop.services.archive.registers import printable
from desktop.services.archive.rows import ArchiveGap, LeftOut, Unbound
from desktop.services.archive.year_plan import lines_of_year, plan_sheet
from desktop.services.branches import BranchProfile, BranchService
from desktop.services.clock import day_of
from desktop.services.errors import Input, InvalidInput, NotFound, StorageFailure
from desktop.services.improvement.rows import PlanRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.meetings.required import required_in
from desktop.services.privacy import load_privacy
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.standards.clauses import clauses
from desktop.services.standards.evidence import (
    ADMISSION,
    BRANCH,
    MEETING,
    MEMBER,
    ORGANISATION,
    PLAN,
    YEAR_PLAN,
    Numbered,
    Numbers,
    home_of_kind,
    home_of_rule,
    number_evidence,
)
from desktop.services.standards.kinds import PUBLICATION
from desktop.services.standards.lateness import days_late
from desktop.services.standards.pack import Pack
from desktop.services.standards.score import DimensionScore, Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

BRANCH_ID = Input("branch_id", "支部")

_NO_ITEM = "00"
_BEGINS, _ENDS = ("from_on", "started_on", "declared_on", "agreement_on", "signed_on"), ("to_on", "done_on")


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
    evidence_kind: str | None = None


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
    sheets: Mapping[str, Sheet]  # records of the body, by id
    admissions: Mapping[str, CaseFile]  # by case
    meeting_of_vote: Mapping[str, str]
    left_out: tuple[LeftOut, ...]
    problems: tuple[ArchiveGap, ...] = field(default=())

    @property
    def author(self) -> str:
        """Return who answers for the papers (责任者): a short name others know too, or the whole one; never 本支部.

        Source: DA/T 22-2015.
        """
        return self.branch.short_name or self.branch.name

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
            most = self.pack.scoring.late_entry_days
            return days_late(paper.held_on, paper.entered_on, self.branch.recorded_since, most) > 0
        return used.kind in self.rows and self.rows[used.kind][used.id].late

    def clauses(self, basis: str) -> str:
        """Return the regulation and article that a basis such as ZBTL-11 names."""
        return "、".join(clause.text for clause in clauses(basis, self.pack))


def bind(store: "Store", year: int, on: date, branch_id: str | None = None) -> Binding:
    """Return what goes into the archive of `year` as known on the day `on`.

    Raises:
        InvalidInput: at headquarters, no branch was named.
    """
    if branch_id is None and store.is_headquarters:
        raise InvalidInput(BRANCH_ID, "请指明是哪个支部")
    return _Binder(store, year, on, branch_id or store.branch_id).bind()


class _Binder:
    """Gathers one archive."""

    def __init__(self, store: "Store", year: int, on: date, owner: str) -> None:
        self._store, self._year, self._on, self._owner = store, year, on, owner
        standards = StandardService(store)
        self._score = standards.score(on, year, owner, verified=False)
        self._pack = standards.pack(on, year)
        self._vote_kinds = standards.law(on, year).votes
        self._registers = RegisterService(store)
        self._rows: dict[str, dict[str, RegisterRow]] = {}
        self._plans: dict[str, PlanRow] = {}
        self._papers: dict[str, MeetingPaper] = {}
        self._sheets: dict[str, Sheet] = {}
        self._admissions = load_case_files(store, owner, year, on)
        self._left_out: list[LeftOut] = []
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
            attached = list(self._attached(session))
            with_files = {row.record_id for row in attached}
            self._sheets = load_sheets(session, self._owner, self._year, self._on, with_files)
            self._sheets |= self._plan_of_year()
            self._sheets |= publication_sheets(session, self._owner, self._year, self._on)
            self._sheets |= publicity_sheets(self._store, self._owner, self._year, self._on)
            self._left_out += self._unheld_meetings(session)
            numbers = self._with_others(numbers)
            pieces = self._pieces(numbers)
            bound_ids = {piece.used.id for piece in pieces}
            self._left_out = [left for left in self._left_out if left.id not in bound_ids]
            self._problems += [*_uncounted(pieces, self._registers), *_not_bound(self._left_out, self._registers)]
            bound = self._with_files(session, attached, pieces)
            self._problems += missing_kinds(self._score, self._pack, numbers, bound)
            self._problems += many_photos(self._pack, bound.values())
            self._problems += self._not_studied(session)
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
            sheets=self._sheets,
            admissions=self._admissions,
            meeting_of_vote=meeting_of_vote,
            left_out=tuple(sorted(self._left_out, key=lambda left: (left.kind, left.id))),
            problems=tuple(self._problems),
        )

    # records

    def _with_others(self, numbers: Numbers) -> Numbers:
        """Add the meetings and records of the year that no rule counted: a later date, a period long met, no item."""
        others: defaultdict[str, list[Used]] = defaultdict(list)
        sheets = partial(self._other_sheets, numbers)
        others_of = (self._other_meetings, self._other_records, self._other_plans, self._other_admissions, sheets)
        for home, used in (each for find in others_of for each in find()):
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
        for paper in self._papers.values():
            home = home_of_kind(self._score, MEETING, paper.kind.value) or self._meetings_without_item()
            yield home, Used(MEETING, paper.id, paper.held_on, paper.topic or paper.kind.label)

    def _meetings_without_item(self) -> str:
        """Return where meetings stand that no item asks for: in the volume of the meetings that are asked for."""
        homes = (home_of_kind(self._score, MEETING, kind.value) for kind in MeetingKind)
        return self._without_item(next((home.split("-")[0] for home in homes if home), ""))

    def _not_studied(self, session: "Session") -> Iterator[ArchiveGap]:
        """Give what the branch was told to study in the year and no minutes speak of."""
        for topic in required_in(session, self._owner, self._year, self._on):
            if topic.state.open:
                what = f"必学内容“{topic.title}”没有学习记录"
                yield ArchiveGap(self._meetings_without_item(), what, "", topic.due_on, True)

    def _unheld_meetings(self, session: "Session") -> Iterator[LeftOut]:
        """Give the meetings of the year that have no minutes to bind: still to be held, called off, after the day."""
        query = select(Meeting.id, Meeting.state, Meeting.held_on).where(
            Meeting.branch_id == self._owner, Meeting.for_year == self._year, Meeting.deleted_at_utc.is_(None)
        )
        for meeting_id, state, held_on in session.execute(query):
            if meeting_id not in self._papers:
                why = Unbound.LATER if state.counts and held_on > self._on else Unbound.NOT_HELD
                yield LeftOut(MEETING, meeting_id, self._meetings_without_item(), why)

    def _other_records(self) -> Iterator[tuple[str, Used]]:
        for register in self._registers.registers():
            if register.stays:  # what leaves does not even tell how many there are
                continue
            home = home_of_kind(self._score, register.kind) or self._without_item(register.dimension)
            for row in self._registers.rows(register.kind, self._year, branch_id=self._owner):
                why = why_not(register, row, self._year, self._on)
                if why is None:
                    yield home, Used(row.kind, row.id, row.on, row.heading)
                else:
                    self._left_out.append(LeftOut(row.kind, row.id, home, why))

    def _other_plans(self) -> Iterator[tuple[str, Used]]:
        home = home_of_kind(self._score, PLAN) or home_of_rule(self._score, "pdca_stage") or self._without_item("")
        own = self._owner == self._store.branch_id  # headquarters reads plans in its own way
        for plan in ImprovementService(self._store).plans() if own else ():
            if plan.opened_on <= min(self._on, date(self._year, 12, 31)) and plan.ends_on >= date(self._year, 1, 1):
                yield home, Used(PLAN, plan.id, plan.opened_on, plan.title)

    def _other_admissions(self) -> Iterator[tuple[str, Used]]:
        """Give the admissions of the year; what goes into the personal file is told apart."""
        home = home_of_rule(self._score, "development_valid") or self._without_item("")
        for file in self._admissions.values():
            yield home, file.used
            why = Unbound.PERSONAL_FILE
            self._left_out += [LeftOut(CasePaper.__tablename__, paper.id, home, why) for paper in file.filed]

    def _other_sheets(self, numbers: Numbers) -> Iterator[tuple[str, Used]]:
        """Give the profile, groups, terms and posts of the year, and the members with files."""
        first = self._without_item(self._score.dimensions[0].id)
        homes = {each.used.kind: item for item, bound in reversed(list(numbers.of_item.items())) for each in bound}
        homes[BRANCH] = home_of_rule(self._score, "member_limits") or first
        homes[MEMBER] = home_of_rule(self._score, "roster_complete") or first
        homes[YEAR_PLAN] = self._meetings_without_item()
        homes[PUBLICATION] = home_of_rule(self._score, "points_published") or first
        for sheet in self._sheets.values():
            if sheet.stands:
                yield homes.get(sheet.used.kind, first), sheet.used

    def _plan_of_year(self) -> dict[str, Sheet]:
        """Return the plan of the year (三会一课计划表); headquarters has that of no branch."""
        if self._owner != self._store.branch_id:
            return {}
        sheet = plan_sheet(lines_of_year(self._store, self._year), self._year)
        return {sheet.used.id: sheet}

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
            elif numbered.used.kind == ADMISSION:
                self._left_out.append(LeftOut(ADMISSION, numbered.used.id, numbered.item_id, Unbound.LATER))
            elif numbered.used.kind == PLAN:
                self._left_out.append(LeftOut(PLAN, numbered.used.id, numbered.item_id, Unbound.NOT_HERE))
        return pieces

    def _title(self, used: Used) -> str | None:
        if used.kind == MEETING:
            paper = self._papers.get(used.id)
            return paper.title if paper else None
        if used.kind in (*ORGANISATION, MEMBER, YEAR_PLAN, PUBLICATION):
            return self._sheets[used.id].title if used.id in self._sheets else None
        if used.kind == ADMISSION:
            return self._admissions[used.id].title if used.id in self._admissions else None
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

    def _with_files(
        self, session: "Session", attached: Iterable[Attachment], pieces: Sequence[Piece]
    ) -> dict[str, Piece]:
        """Return the pieces by number, with their files; a content that is missing or damaged is noted as a gap."""
        by_record = {piece.used.id: piece for piece in pieces}
        labels: dict[str, str] = {}
        for file in self._admissions.values():
            if file.case.id in by_record:
                own = labels_of(file)
                labels |= own
                by_record |= dict.fromkeys(own, by_record[file.case.id])
        for claim_id, (publication, title) in evidence_of(session, self._sheets).items():
            if publication in by_record:
                labels[claim_id], by_record[claim_id] = title, by_record[publication]
        order = {record_id: place for place, record_id in enumerate(labels, start=1)}
        stored = dict(session.execute(select(StoredFile.sha256, StoredFile.id)).all())
        files: defaultdict[str, list[BoundFile]] = defaultdict(list)
        taken: set[str] = set()
        for row in sorted(attached, key=lambda row: order.get(row.record_id, 0)):
            piece = by_record.get(row.record_id)
            if piece is None:
                continue
            name = _free_name(plain_name(f"{piece.number} {row.name}"), taken)
            bound = self._file(row, name, stored.get(row.sha256), piece)
            label = labels.get(row.record_id)
            files[piece.number].append(replace(bound, own_name=f"{label}：{row.name}") if label else bound)
        return {piece.number: Piece(piece.numbered, piece.title, tuple(files[piece.number])) for piece in pieces}

    def _attached(self, session: "Session") -> Iterable[Attachment]:
        query = select(Attachment).where(Attachment.branch_id == self._owner, Attachment.deleted_at_utc.is_(None))
        if not load_privacy().portraits_travel:
            query = query.where(Attachment.evidence_kind.is_distinct_from(PORTRAIT))
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
            evidence_kind=row.evidence_kind,
        )

    def _is_sound(self, file_id: str, sha256: str) -> bool:
        try:
            self._store.att.verify(file_id, sha256)
        except StorageFailure:
            return False
        return True


def why_not(register: Register, row: RegisterRow, year: int, on: date) -> Unbound | None:
    """Return why a row of a year, or an undated one, is not bound; None if it is."""
    if row.restricted or register.apart:
        return Unbound.RESTRICTED
    if row.on is not None:
        return None if row.on <= on else Unbound.LATER
    return None if _stood(register, row, year, on) else Unbound.NOT_STANDING


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
        kind = piece.used.kind
        if piece.numbered.item_id.endswith(f"-{_NO_ITEM}") and piece.used.on and kind in (MEETING, *REGISTERS):
            counts[piece.numbered.item_id, _register_name(kind, registers)] += 1
    return [
        ArchiveGap(item_id, f"“{name}”{count}件没有计入标准的任何条目，附在本卷末尾", "", None, False)
        for (item_id, name), count in sorted(counts.items())
    ]


_OWN_NAMES = {MEETING: "会议记录", ADMISSION: "发展党员"}
_SAID_ON_PAPER = (Unbound.RESTRICTED, Unbound.LATER)


def _not_bound(left_out: Iterable[LeftOut], registers: RegisterService) -> list[ArchiveGap]:
    """Return what a volume says of the dated records that are not bound in it: how many of which register, and why."""
    counts = Counter((left.item_id, left.kind, left.why) for left in left_out if left.why in _SAID_ON_PAPER)
    return [
        ArchiveGap(item_id, f"“{_register_name(kind, registers)}”{count}件{why.label}", "", None, False)
        for (item_id, kind, why), count in sorted(counts.items())
    ]


def _register_name(kind: str, registers: RegisterService) -> str:
    return _OWN_NAMES.get(kind) or registers.register(kind).title


def _free_name(name: str, taken: set[str]) -> str:
    """Return `name`, or the same with a number where it is taken already."""
    stem, ending = os.path.splitext(name)
    free, count = name, 2
    while free in taken:
        free, count = f"{stem}（{count}）{ending}", count + 1
    taken.add(free)
    return free
