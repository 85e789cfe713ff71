"""The inspection archive (检查档案) of a year: volumes by dimension, report, roster, catalogue and manifest.

Order: cover and list of volumes; a volume per dimension with its own index, item sheets, evidence in order of date, the
explanation of what is missing and the back sheet; score report; roster; catalogue. All of it opens on any PC.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sqlalchemy import select

from desktop.models.attachments import Attachment as AttachmentRecord
from desktop.models.attachments import StoredFile
from desktop.models.meetings import Vote
from desktop.models.registers import REGISTERS
from desktop.paths import resource
from desktop.services.archive.blocks import (
    TURN,
    Attachment,
    Block,
    Cell,
    Column,
    Cover,
    Document,
    Fields,
    Heading,
    Keep,
    Note,
    PageBreak,
    PageOf,
    Paragraph,
    Picture,
    Side,
    Signatures,
    Table,
    Title,
    Written,
)
from desktop.services.archive.minutes import evidence_blocks
from desktop.services.archive.papers import MeetingPaper, load_meetings, meetings_of_year
from desktop.services.archive.pdf import write_pdf
from desktop.services.archive.plans import plan_blocks
from desktop.services.archive.registers import printable, register_card
from desktop.services.archive.roster import roster_document
from desktop.services.archive.score_report import gap_table, score_report
from desktop.services.archive.wording import day, eight_digits, points, short_day, size
from desktop.services.branches import BranchProfile, BranchService
from desktop.services.errors import Conflict, InvalidInput, NotFound, StorageFailure
from desktop.services.files import FilePort, storage_faults, write_atomically
from desktop.services.improvement.service import ImprovementService
from desktop.services.improvement.view import PlanRow
from desktop.services.meetings.votes import VoteKinds, read_kinds
from desktop.services.members import MemberService
from desktop.services.progress import Progress, silent
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.standards.evidence import MEETING, PLAN, Numbered, Numbers, home_of_kind, number_evidence
from desktop.services.standards.pack import Pack
from desktop.services.standards.scoring import DimensionScore, ItemScore, Score, clauses
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desktop.services.store import Store

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SCHEMA = "branch-desk-archive/1"
NAMESPACE = "branch-desk-archive"

_AUTHOR = 8  # characters of a name that a column of the indexes holds on one line
_IMAGES = ("image/jpeg", "image/png", "image/bmp", "image/gif", "image/tiff", "image/webp")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Volume:
    """One file of the archive."""

    file: str
    title: str
    pages: int
    sha256: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchiveGap:
    """What the archive of this day lacks: a gap of the standard, or an attachment whose content is not here."""

    item_id: str
    what: str
    who: str
    by: date | None
    mendable: bool


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive just built."""

    dir: Path
    volumes: tuple[Volume, ...]
    gaps: tuple[ArchiveGap, ...]

    @property
    def pages(self) -> int:
        """Return the pages of all volumes."""
        return sum(volume.pages for volume in self.volumes)

    def as_json(self) -> dict[str, Any]:
        """Return the object `archive --json` prints."""
        return {
            "dir": str(self.dir),
            "volumes": [{"file": v.file, "pages": v.pages, "sha256": v.sha256} for v in self.volumes],
            "gaps": [
                {
                    "item": gap.item_id,
                    "what": gap.what,
                    "who": gap.who,
                    "by": gap.by.isoformat() if gap.by else None,
                    "mendable": gap.mendable,
                }
                for gap in self.gaps
            ],
        }


class ArchiveService:
    """Builds archives from the records of a store. `branch_id` chooses the branch at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def build(
        self,
        year: int,
        to: Path,
        on: date | None = None,
        progress: Progress = silent,
        *,
        branch_id: str | None = None,
        substitute: bool = False,
    ) -> Archive:
        """Build the archive of `year` as known on the day `on` (today) in the folder `to`; tells volumes done and all.

        The folder appears whole or not at all; an archive of ours already there is replaced. The same records give
        the same bytes. With `substitute`, a character that is in no face is printed as 〓 and listed among the gaps.

        Raises:
            Conflict: something that is no archive of ours lies in `to`.
            InvalidInput: a character of the records is in none of the faces (record and field are named).
            StorageFailure: the disk refuses.
            Cancelled: `progress` asked to stop; nothing is left.
        """
        port = FilePort()
        if to.exists() and (not to.is_dir() or any(to.iterdir())) and not _is_archive(to):
            raise Conflict(what="归档目录", file=str(to), reason="文件夹里有其他内容，请换一个空文件夹")
        building, old = to.with_name(f".{to.name}.part"), to.with_name(f".{to.name}.old")
        with storage_faults(to, port):
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
        try:
            maker = _Maker(self._store, year, on or self._store.today, branch_id, building, progress, substitute)
            volumes, gaps = maker.make()
            with storage_faults(to, port):
                shutil.rmtree(old, ignore_errors=True)
                if to.exists():
                    os.replace(to, old)
                os.replace(building, to)
                shutil.rmtree(old, ignore_errors=True)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        return Archive(to, volumes, gaps)


def _is_archive(folder: Path) -> bool:
    try:
        schema = json.loads((folder / MANIFEST).read_text("utf-8")).get("schema")
    except (OSError, ValueError, AttributeError):
        return False
    return bool(schema == SCHEMA)


@cache
def _archive_rules() -> dict[str, Any]:
    return tomllib.loads(resource("standards/archive.toml").read_text("utf-8"))


def retention(kind: str) -> str:
    """Return how long papers of a kind are kept: Y, D30 or D10."""
    periods = _archive_rules()["retention"]
    return str(periods.get(kind, periods["default"]))


@dataclass(frozen=True, slots=True)
class _File:
    """A file attached to a record: bound in if its content is here and undamaged."""

    row: Any
    name: str
    file_id: str | None


@dataclass(slots=True)
class _Bound:
    """A piece of evidence where it came to stand."""

    numbered: Numbered
    title: str
    volume: str = ""
    page: int = 0
    pages: int = 0
    files: list[_File] = field(default_factory=list)


class _Maker:
    """One building of one archive."""

    def __init__(
        self,
        store: "Store",
        year: int,
        on: date,
        branch_id: str | None,
        folder: Path,
        progress: Progress,
        substitute: bool,
    ) -> None:
        self._substitute = substitute
        self._store, self._year, self._on, self._folder, self._progress = store, year, on, folder, progress
        if branch_id is None and store.is_headquarters:
            raise InvalidInput("支部", "请指明是哪个支部")
        self._owner = branch_id or store.branch_id
        standards = StandardService(store)
        self._score: Score = standards.score(on, year, self._owner, verified=False)
        self._pack: Pack = standards.pack(on, year)
        self._vote_kinds: VoteKinds = read_kinds(standards.law(on, year).raw["votes"])
        self._branch: BranchProfile = BranchService(store).profile(self._owner)
        self._registers = RegisterService(store)
        self._rows: dict[str, dict[str, RegisterRow]] = {}
        self._plans: dict[str, PlanRow] = {}
        self._done = 0
        self._total = len(self._score.dimensions) + 4
        self._problems: list[ArchiveGap] = []

    def make(self) -> tuple[tuple[Volume, ...], tuple[ArchiveGap, ...]]:
        """Write every volume and the manifest; return the volumes in order and what is missing."""
        self._load()
        volumes = [self._dimension_volume(n, each) for n, each in enumerate(self._score.dimensions, start=1)]
        following = len(volumes) + 1
        volumes.append(
            self._volume(
                f"{following:02d}-自评得分报告", score_report(self._score, self._branch.name, self._pack.title)
            )
        )
        roster = MemberService(self._store).roster(min(self._on, date(self._year, 12, 31)), branch_id=self._owner)
        document = roster_document(roster, self._branch.name, min(self._on, date(self._year, 12, 31)))
        records = tuple(row.id for row in roster)
        volumes.append(self._volume(f"{following + 1:02d}-党员名册", document, records=records))
        volumes.append(self._volume(f"{following + 2:02d}-归档文件目录", self._catalogue(volumes)))
        volumes.insert(0, self._volume("00-封面和案卷目录", self._front(volumes)))
        gaps = tuple(
            ArchiveGap(gap.item_id, gap.what, gap.who.text, gap.by, gap.mendable) for gap in self._score.gaps
        ) + tuple(self._problems)
        self._write_manifest(volumes, gaps)
        return tuple(volumes), gaps

    # what there is

    def _load(self) -> None:
        """Find the records to bind, where they belong and what is attached to them."""
        with self._store.reading() as session:
            numbers = number_evidence(self._score)
            meetings = [one.used.id for one in numbers.of_record.values() if one.used.kind == MEETING]
            every = meetings_of_year(session, self._owner, self._year, self._on)
            papers = load_meetings(session, self._owner, sorted({*meetings, *every}), self._vote_kinds)
            self._papers: dict[str, MeetingPaper] = {paper.id: paper for paper in papers}
            votes = session.execute(select(Vote.id, Vote.meeting_id).where(Vote.branch_id == self._owner))
            self._meeting_of_vote = dict(votes.all())
            self._numbers = self._with_others(numbers)
            self._bound = self._pieces()
            self._attach(session)

    def _with_others(self, numbers: Numbers) -> Numbers:
        """Add the meetings and dated records of the year that no rule counted: a later date, a period long met."""
        others: defaultdict[str, list[Used]] = defaultdict(list)
        for paper in self._papers.values():
            if (MEETING, paper.id) not in numbers.of_record:
                home = home_of_kind(self._score, MEETING, paper.kind.value)
                if home:
                    others[home].append(Used(MEETING, paper.id, paper.held_on, paper.topic or paper.kind.label))
        for register in self._registers.registers():
            home = home_of_kind(self._score, register.kind)
            if home is None or register.date_field is None:
                continue
            for row in self._registers.rows(register.kind, self._year, branch_id=self._owner):
                if (row.kind, row.id) not in numbers.of_record and row.on is not None and row.on <= self._on:
                    others[home].append(Used(row.kind, row.id, row.on, row.heading))
        of_item = dict(numbers.of_item)
        for item_id, used in others.items():
            have = of_item.get(item_id, ())
            ordered = sorted(used, key=lambda one: (one.on or date.min, one.id))
            more = tuple(
                Numbered(f"{self._year}-{item_id}-{n:03d}", item_id, one)
                for n, one in enumerate(ordered, start=len(have) + 1)
            )
            of_item[item_id] = have + more
        return Numbers({(n.used.kind, n.used.id): n for each in of_item.values() for n in each}, of_item)

    def _pieces(self) -> dict[str, _Bound]:
        """Return the pieces to bind by number; rows that may not be printed are not among them."""
        bound: dict[str, _Bound] = {}
        for pieces in self._numbers.of_item.values():
            for one in pieces:
                title = self._title(one.used)
                if title is not None:
                    bound[one.number] = _Bound(one, title)
        return bound

    def _title(self, used: Used) -> str | None:
        if used.kind == MEETING:
            paper = self._papers.get(used.id)
            return paper.title if paper else None
        if used.kind == PLAN:
            with contextlib.suppress(NotFound):  # headquarters reads plans in its own way
                self._plans[used.id] = ImprovementService(self._store).plan(used.id)
            return self._plans[used.id].title if used.id in self._plans else None
        row = self._register_rows(used.kind).get(used.id)
        register = self._registers.register(used.kind)
        return f"{register.title}：{row.heading}" if row else None

    def _register_rows(self, kind: str) -> dict[str, RegisterRow]:
        if kind not in self._rows:
            rows = self._registers.rows(kind, branch_id=self._owner)
            self._rows[kind] = {row.id: row for row in printable(rows)}
        return self._rows[kind]

    def _attach(self, session: "Session") -> None:
        """Find the attachments of the pieces; one whose content is missing or damaged is noted as a gap."""
        by_record = {one.numbered.used.id: one for one in self._bound.values()}
        contents = session.execute(select(StoredFile.sha256, StoredFile.id))
        stored = dict(contents.all())
        rows = session.scalars(
            select(AttachmentRecord)
            .where(AttachmentRecord.branch_id == self._owner, AttachmentRecord.deleted_at_utc.is_(None))
            .order_by(AttachmentRecord.id)
        )
        taken: set[str] = set()
        for row in rows:
            piece = by_record.get(row.record_id)
            if piece is None:
                continue
            name = _free_name(f"{piece.numbered.number} {_UNSAFE.sub('_', row.name)}", taken)
            file_id = stored.get(row.sha256)
            if file_id is not None and not self._sound(file_id, row.sha256):
                file_id = None
            if file_id is None:
                what = f"附件“{row.name}”的内容不在本机或已损坏"
                self._problems.append(ArchiveGap(piece.numbered.item_id, what, "", None, True))
            piece.files.append(_File(row, name, file_id))

    def _sound(self, file_id: str, sha256: str) -> bool:
        try:
            self._store.att.verify(file_id, sha256)
        except StorageFailure:
            return False
        return True

    # volumes

    def _volume(
        self,
        name: str,
        document: Document,
        attachments: Sequence[Attachment] = (),
        records: tuple[str, ...] = (),
        placed: Sequence[_Bound] = (),
    ) -> Volume:
        """Write one volume; note where the pieces bound in it came to stand."""
        file = f"{name}.pdf"

        def pages(_done: int, _all: int) -> None:
            self._progress(self._done, self._total)

        written: Written = write_pdf(
            document, self._folder / file, attachments, substitute=self._substitute, progress=pages
        )
        self._problems += [
            ArchiveGap("", f"{one.record}的“{one.field}”中“{one.character}”字库里没有，以〓代替", "", None, True)
            for one in written.substituted
        ]
        for piece in placed:
            number = piece.numbered.number
            piece.volume, piece.page, piece.pages = file, written.anchors[number], written.spans[number]
        self._done += 1
        self._progress(self._done, self._total)
        return Volume(file, document.title, written.pages, written.sha256, records)

    def _dimension_volume(self, number: int, dimension: DimensionScore) -> Volume:
        name = f"{dimension.id} {dimension.dimension.name}"
        pieces = [
            self._bound[one.number]
            for item in dimension.items
            for one in self._numbers.of_item.get(item.id, ())
            if one.number in self._bound
        ]
        head = f"党支部标准化建设检查档案　{name}"
        blocks: list[Block] = [
            self._cover("党支部标准化建设检查档案", name, (("维度", name),)),
            Heading("卷内目录"),
            self._index(pieces),
            *((Note(f"责任者“{self._author}”指{self._branch.name}。"),) if self._author != self._branch.name else ()),
        ]
        before = True  # whether the item before has evidence: sheets of items without share a page
        for item in dimension.items:
            own = [piece for piece in pieces if piece.numbered.item_id == item.id]
            if own or before:
                blocks.append(PageBreak())
            blocks += self._item_sheet(item)
            for piece in own:
                blocks += self._piece(piece)
            before = bool(own)
        blocks += [PageBreak(), Heading("缺项说明"), *self._gap_section(dimension)]
        blocks += [PageBreak(), *self._back_sheet(pieces)]
        attachments = [
            self._attachment(file, file.file_id) for piece in pieces for file in piece.files if file.file_id is not None
        ]
        document = Document(
            title=f"{self._branch.name}{self._year}年度检查档案　{name}",
            author=self._branch.name,
            subject=f"{self._year}年度　{name}",
            day=self._on,
            blocks=tuple(blocks),
            running_head=head,
            running_foot=f"{self._branch.name}　{self._year}年度",
        )
        records = tuple(piece.numbered.used.id for piece in pieces)
        return self._volume(
            f"{number:02d}-{dimension.id}-{_UNSAFE.sub('_', dimension.dimension.name)}",
            document,
            attachments,
            records,
            pieces,
        )

    def _cover(self, title: str, below: str, pairs: tuple[tuple[str, str], ...]) -> Cover:
        branch = self._branch
        return Cover(
            "中国共产党" + branch.name.removeprefix("中国共产党").removeprefix("中共"),
            title,
            f"（{self._year}年度）" if not below else f"{self._year}年度　{below}",
            (
                ("单位", branch.name),
                ("年度", str(self._year)),
                *pairs,
                ("全宗号", branch.fonds_no or "　"),
                ("编制日期", day(self._on)),
            ),
        )

    def _index(self, pieces: Sequence[_Bound]) -> Table:
        """Return the index of a volume in the older layout: 顺序号, 文号, 责任者, 题名, 日期, 页号, 备注."""
        rows: list[tuple[Cell, ...]] = [
            (
                str(number),
                piece.numbered.number,
                self._author,
                piece.title,
                eight_digits(piece.numbered.used.on),
                PageOf(piece.numbered.number),
                f"附件{len(piece.files)}件" if piece.files else "",
            )
            for number, piece in enumerate(pieces, start=1)
        ]
        columns = (
            Column("顺序号", 1.1, Side.CENTER),
            Column("文号", 2.5, Side.CENTER),
            Column("责任者", 1.8),
            Column("题名", 5.0),
            Column("日期", 1.6, Side.CENTER),
            Column("页号", 0.9, Side.CENTER),
            Column("备注", 1.4, Side.CENTER),
        )
        return Table(columns, tuple(rows), record="卷内目录", empty="（本卷没有材料，见卷末缺项说明）", dense=True)

    def _item_sheet(self, item: ItemScore) -> list[Block]:
        """Return the first page of an item: title, target, self score, evidence index."""
        pack = self._pack
        kinds = {kind.id: kind.name for kind in pack.evidence_kinds}
        periods = {period.id: period.name for period in pack.periods}
        pairs = (
            ("周期", periods.get(item.item.period, item.item.period)),
            ("责任人", item.who.text),
            ("干到什么程度", item.item.target),
            ("佐证材料", "、".join(kinds.get(each, each) for each in item.item.evidence)),
            ("依据", "、".join(clause.text for clause in item.clauses)),
            ("自评状态", item.status_word),
            ("自评得分", f"痕迹{points(item.trace_points)}／{points(item.trace_max)}　"
                     f"质量{points(item.quality_points)}／{points(item.quality_max)}"),
        )  # fmt: skip
        blocks: list[Block] = [
            Heading(f"{item.id} {item.item.title}", 1, item.id),
            Fields(tuple(pair for pair in pairs if pair[1]), record=f"{item.id} {item.item.title}"),
        ]
        if item.criteria:
            rows = tuple(
                (criterion.criterion.text, criterion.text or ("待评" if criterion.share is None else ""))
                for criterion in item.criteria
            )
            blocks.append(Table((Column("质量标准", 5), Column("评定", 3)), rows, record=f"{item.id}质量标准"))
        blocks += [Note(note) for note in item.verdict.notes]
        blocks += [Heading("佐证目录", 2, listed=False), self._evidence_index(item)]
        if item.gaps:
            blocks.append(Note(f"本条缺{len(item.gaps)}项，见卷末缺项说明。"))
        return [Keep(tuple(blocks))]

    def _evidence_index(self, item: ItemScore) -> Table:
        """Return what an item rests on: bound here, bound at another item, or a line of a list."""
        lines: list[tuple[date, str, tuple[Cell, ...]]] = []
        for one in self._numbers.of_item.get(item.id, ()):
            if one.number in self._bound:
                piece = self._bound[one.number]
                cells: tuple[Cell, ...] = (one.number, piece.title, short_day(one.used.on), PageOf(one.number))
                lines.append((one.used.on or date.min, one.number, cells))
        seen = {number for _, number, _ in lines}
        for used in item.used:
            other = self._numbers.find(self._as_meeting(used))
            if other is not None and (other.number in seen or other.number not in self._bound):
                continue
            if other is not None:
                seen.add(other.number)
                where = f"见{other.item_id.split('-')[0]}卷" if not self._same_volume(item.id, other) else ""
                page: Cell = where or PageOf(other.number)
                title = self._bound[other.number].title
                lines.append((used.on or date.min, other.number, (other.number, title, short_day(used.on), page)))
            elif used.kind not in REGISTERS and used.kind != PLAN:
                lines.append((used.on or date.min, used.id, ("—", used.title, short_day(used.on), "台账")))
        columns = (
            Column("编号", 2.4, Side.CENTER),
            Column("题名", 6),
            Column("日期", 1.8, Side.CENTER),
            Column("页号", 1.3, Side.CENTER),
        )
        rows = tuple(cells for _, _, cells in sorted(lines, key=lambda line: (line[0], line[1])))
        return Table(columns, rows, record=f"{item.id}佐证目录", empty="（尚无记录）")

    def _as_meeting(self, used: Used) -> Used:
        """Return a vote as the meeting it was taken in."""
        if used.kind == "vote" and used.id in self._meeting_of_vote:
            return replace(used, kind=MEETING, id=self._meeting_of_vote[used.id])
        return used

    def _same_volume(self, item_id: str, other: Numbered) -> bool:
        return item_id.split("-")[0] == other.item_id.split("-")[0]

    def _piece(self, piece: _Bound) -> list[Block]:
        """Return one piece of evidence: its number and title, the record, its attachments."""
        used, number = piece.numbered.used, piece.numbered.number
        blocks: list[Block] = []
        heading = Heading(f"{number}　{piece.title}", 2, number)
        if used.kind == MEETING:
            paper = self._papers[used.id]
            blocks += [PageBreak(), heading]
            late_days = self._pack.scoring.late_entry_days
            blocks += evidence_blocks(paper, self._clauses, late_days, self._branch.recorded_since)
        elif used.kind == PLAN:
            blocks += [PageBreak(), heading, *plan_blocks(self._plans[used.id], level=3)]
        else:
            register = self._registers.register(used.kind)
            blocks.append(Keep((heading, *register_card(register, self._register_rows(used.kind)[used.id]))))
        return blocks + self._files(piece)

    def _files(self, piece: _Bound) -> list[Block]:
        if not piece.files:
            return []
        rows = tuple(
            (
                str(number),
                file.name if file.file_id else f"{file.row.name}（内容不在本机）",
                size(file.row.size_bytes),
                file.row.sha256[:16],
            )
            for number, file in enumerate(piece.files, start=1)
        )
        columns = (
            Column("序号", 0.8, Side.CENTER),
            Column("随卷附件", 6),
            Column("大小", 1.4, Side.RIGHT),
            Column("SHA-256 前16位", 2.4, Side.CENTER),
        )
        blocks: list[Block] = [Table(columns, rows, record=f"{piece.title}附件")]
        for file in piece.files:
            if file.file_id is not None and file.row.media_type in _IMAGES:
                opened = cast("Any", partial(self._open, file.file_id))
                blocks.append(Picture(opened, file.row.name, record=piece.title))
        return blocks

    @contextlib.contextmanager
    def _open(self, file_id: str) -> Iterator[BinaryIO]:
        with self._store.att.open(file_id) as stream:
            yield cast("BinaryIO", stream)

    def _attachment(self, file: _File, file_id: str) -> Attachment:
        opened = cast("Any", partial(self._open, file_id))
        added = file.row.created_at_utc[:10]
        return Attachment(
            name=file.name,
            mime=file.row.media_type or "application/octet-stream",
            description=file.row.name,
            day=date.fromisoformat(added) if added else self._on,
            open=opened,
        )

    def _gap_section(self, dimension: DimensionScore) -> list[Block]:
        gaps = tuple(gap for item in dimension.items for gap in item.gaps)
        own = [gap for gap in self._problems if gap.item_id.split("-")[0] == dimension.id]
        if not gaps and not own:
            return [Paragraph("本维度没有缺项。")]
        blocks: list[Block] = []
        if gaps:
            blocks.append(Paragraph(f"截至{day(self._on)}，本维度有{len(gaps)}处与标准的差距，如实列明如下。"))
            mendable = tuple(gap for gap in gaps if gap.mendable)
            settled = tuple(gap for gap in gaps if not gap.mendable)
            if mendable:
                blocks += [Heading("可以补齐的", 2, listed=False), gap_table(mendable)]
            if settled:
                blocks += [Heading("已成事实、无法补办的", 2, listed=False), gap_table(settled)]
        blocks += [Paragraph(f"{gap.item_id}：{gap.what}。") for gap in own]
        return blocks

    def _back_sheet(self, pieces: Sequence[_Bound]) -> list[Block]:
        """Return the back sheet (备考表): what is in the volume, who compiled and who checked it."""
        files = sum(len(piece.files) for piece in pieces)
        late = sum(1 for piece in pieces if self._is_late(piece))
        row: tuple[Cell, ...] = (
            f"{len(pieces)}件",
            PageOf("back-sheet"),
            f"{files}件",
            f"{late}件",
            day(self._on),
        )
        columns = (
            Column("材料", 1, Side.CENTER),
            Column("总页数", 1, Side.CENTER),
            Column("随卷附件", 1, Side.CENTER),
            Column("其中补录", 1, Side.CENTER),
            Column("立卷日期", 1.6, Side.CENTER),
        )
        return [
            Heading("备考表", 1, "back-sheet"),
            Table(columns, (row,), record="备考表"),
            Paragraph("本卷由支部工作台根据日常记录汇编，记录内容由支部负责。卷内缺项、补录和更正均已如实注明。"),
            Signatures(("立卷人", "检查人", "立卷时间", "检查时间")),
        ]

    @property
    def _author(self) -> str:
        """Return who answers for the papers, short enough for a column (责任者)."""
        short = self._branch.short_name
        return short or (self._branch.name if len(self._branch.name) <= _AUTHOR else "本支部")

    def _is_late(self, piece: _Bound) -> bool:
        used = piece.numbered.used
        if used.kind == MEETING:
            paper = self._papers[used.id]
            return (paper.entered_on - paper.held_on).days > self._pack.scoring.late_entry_days
        return used.kind != PLAN and self._register_rows(used.kind)[used.id].late

    def _clauses(self, basis: str) -> str:
        return "、".join(clause.text for clause in clauses(basis, self._pack))

    # front, catalogue, manifest

    def _front(self, volumes: Sequence[Volume]) -> Document:
        """Return the first volume: cover, list of volumes, what the archive lacks."""
        title = f"{self._branch.name}{self._year}年度检查档案"
        columns = (
            Column("卷号", 0.9, Side.CENTER),
            Column("卷名", 4.4),
            Column("文件", 4),
            Column("页数", 0.9, Side.CENTER),
            Column("SHA-256 前16位", 2.6, Side.CENTER),
        )
        rows = tuple(
            (str(number), _volume_name(volume), volume.file, str(volume.pages), volume.sha256[:16])
            for number, volume in enumerate(volumes, start=1)
        )
        score = self._score
        blocks: tuple[Block, ...] = (
            self._cover("党支部标准化建设检查档案", "", ()),
            Title("案卷目录"),
            Table(columns, rows, record="案卷目录"),
            Note(f"共{len(volumes)}卷{sum(v.pages for v in volumes)}页；各卷完整校验值见 {MANIFEST}。"),
            Heading("编制说明"),
            Paragraph(
                f"本档案反映{self._branch.name}{self._year}年度截至{day(self._on)}的工作情况，"
                f"按《{self._pack.title}》{self._pack.version}版的{len(score.dimensions)}个维度分卷。"
                f"自评总得分{points(score.total)}分（满分{points(score.max)}分），待评{points(score.pending)}分，"
                f"等次{score.grade_text}。"
            ),
            Paragraph("每件材料有唯一编号“年度—维度—条目—序号”，在卷内目录、佐证目录和归档文件目录中一致。"),
            Keep((Heading("得分与缺项概览"), self._overview())),
            Note("逐条缺项、责任人和期限见各卷卷末的缺项说明和自评得分报告。"),
        )
        foot = f"{self._branch.name}　{self._year}年度"
        return Document(title, self._branch.name, "封面和案卷目录", self._on, blocks, title, foot)

    def _overview(self) -> Table:
        """Return score and number of gaps by dimension."""
        rows: list[tuple[str, ...]] = []
        for each in self._score.dimensions:
            gaps = [gap for item in each.items for gap in item.gaps]
            mendable = sum(gap.mendable for gap in gaps)
            rows.append(
                (
                    f"{each.id} {each.dimension.name}",
                    points(each.max),
                    points(each.score),
                    points(each.pending),
                    str(mendable),
                    str(len(gaps) - mendable),
                )
            )
        columns = (
            Column("维度", 4),
            *(Column(name, 1.3, Side.RIGHT) for name in ("满分", "已得", "待评")),
            Column("可补缺项", 1.3, Side.CENTER),
            Column("已成事实", 1.3, Side.CENTER),
        )
        return Table(columns, tuple(rows), record="得分与缺项概览")

    def _catalogue(self, volumes: Sequence[Volume]) -> Document:
        """Return the catalogue of filed papers.

        Source: DA/T 22-2015, 归档文件目录 (columns) and 档号 (structure).
        """
        rows: list[tuple[str, ...]] = []
        counters: defaultdict[str, int] = defaultdict(int)
        for _, piece in sorted(self._bound.items()):
            period = retention(piece.numbered.used.kind)
            counters[period] += 1
            rows.append(
                self._line(len(rows) + 1, period, counters[period], piece.numbered.item_id.split("-")[0],
                           piece.numbered.number, piece.title, piece.numbered.used.on, piece.pages,
                           f"{piece.volume.split('-')[0]}卷第{piece.page}页")
            )  # fmt: skip
        for volume in volumes[len(self._score.dimensions) :]:
            period = retention("roster" if "名册" in volume.file else "score_report")
            counters[period] += 1
            number = f"{self._year}-{volume.file.split('-')[0]}"
            rows.append(
                self._line(len(rows) + 1, period, counters[period], "ZH", number, volume.title, self._on,
                           volume.pages, f"{volume.file.split('-')[0]}卷")
            )  # fmt: skip
        columns = (
            Column("序号", 1.0, Side.CENTER),
            Column("档号", 4.4, Side.CENTER),
            Column("文号", 2.7, Side.CENTER),
            Column("责任者", 2.0),
            Column("题名", 8.0),
            Column("日期", 1.8, Side.CENTER),
            Column("密级", 1.0, Side.CENTER),
            Column("页数", 1.0, Side.CENTER),
            Column("备注", 2.4, Side.CENTER),
        )
        title = f"{self._branch.name}{self._year}年度归档文件目录"
        shown = f"{self._branch.name}{TURN}{self._year}年度归档文件目录"
        blocks: list[Block] = [Title(shown), Table(columns, tuple(rows), record="归档文件目录", dense=True)]
        if not self._branch.fonds_no:
            blocks.append(Note("全宗号未填写，档号中以□代替；请在“设置—支部”中补填后重新生成。"))
        if self._author != self._branch.name:
            blocks.append(Note(f"责任者“{self._author}”指{self._branch.name}。"))
        blocks.append(Note("保管期限为默认值，以上级档案管理规定为准。本系统不存储涉密材料，密级栏一律空白。"))
        foot = f"{self._branch.name}　{self._year}年度"
        return Document(title, self._branch.name, "归档文件目录", self._on, tuple(blocks), title, foot, landscape=True)

    def _line(
        self,
        position: int,
        period: str,
        count: int,
        question: str,
        number: str,
        title: str,
        on: date | None,
        pages: int,
        note: str,
    ) -> tuple[str, ...]:
        fonds = self._branch.fonds_no or "□"
        code = f"{fonds}-{_archive_rules()['category']}·{self._year}-{period}-{question}-{count:04d}"
        return (str(position), code, number, self._author, title, eight_digits(on), "", str(pages), note)

    def _write_manifest(self, volumes: Sequence[Volume], gaps: Sequence[ArchiveGap]) -> None:
        """Write what is in the archive, with the SHA-256 of every file; signed where the store has keys."""
        content = {
            "schema": SCHEMA,
            "branch": {"id": self._branch.id, "code": self._branch.code, "name": self._branch.name},
            "year": self._year,
            "on": self._on.isoformat(),
            "standard": {"pack": self._score.pack_id, "version": self._score.version},
            "volumes": [
                {"file": v.file, "title": v.title, "pages": v.pages, "sha256": v.sha256, "records": list(v.records)}
                for v in volumes
            ],
            "evidence": [
                {
                    "number": number,
                    "kind": piece.numbered.used.kind,
                    "id": piece.numbered.used.id,
                    "on": piece.numbered.used.on.isoformat() if piece.numbered.used.on else None,
                    "title": piece.title,
                    "volume": piece.volume,
                    "page": piece.page,
                    "pages": piece.pages,
                    "attachments": [
                        {"name": file.name, "sha256": file.row.sha256, "bound": file.file_id is not None}
                        for file in piece.files
                    ],
                }
                for number, piece in sorted(self._bound.items())
            ],
            "gaps": [{"item": gap.item_id, "what": gap.what, "mendable": gap.mendable} for gap in gaps],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
        port = FilePort()
        write_atomically(self._folder / MANIFEST, text, port)
        signature = _signature(self._store, text)
        if signature is not None:
            write_atomically(self._folder / SIGNATURE, signature, port)


def _signature(store: "Store", text: bytes) -> bytes | None:
    """Return the branch's signature over the manifest, None before the installation has keys."""
    from desktop.services.security.sshsig import sign
    from desktop.services.sync.enrolment import own_identities

    with store.reading() as session:
        identities = own_identities(session)
    return sign(identities[0].signing_key, text, NAMESPACE) if identities else None


def _volume_name(volume: Volume) -> str:
    return volume.file.removesuffix(".pdf").partition("-")[2].replace("-", " ")


def _free_name(name: str, taken: set[str]) -> str:
    """Return `name`, or the same with a number where it is taken already."""
    stem, ending = os.path.splitext(name)
    free, count = name, 2
    while free in taken:
        free, count = f"{stem}（{count}）{ending}", count + 1
    taken.add(free)
    return free


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> list[str]:
    """Return the files of an archive that are missing or are not what its manifest says."""
    content = json.loads((folder / MANIFEST).read_text("utf-8"))
    wrong = []
    for volume in content["volumes"]:
        path = folder / volume["file"]
        if not path.is_file() or sha256_of_file(path) != volume["sha256"]:
            wrong.append(volume["file"])
    return wrong
