"""Books of a year, one file each to print: the handbook of this branch (党支部工作手册), the minutes (会议记录簿)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.attachments import PORTRAIT, Attachment
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.binding import why_not
from desktop.services.archive.blocks import Block, Heading, Note, Paragraph, Written
from desktop.services.archive.chapters import Chapter, Part, chapters
from desktop.services.archive.duty_figures import figures_table
from desktop.services.archive.handbook import (
    HANDBOOK,
    MINUTES_BOOK,
    Front,
    MinutesRules,
    Section,
    attendance_table,
    book_document,
    development_table,
    dues_blocks,
    in_order,
    inspection_blocks,
    minutes_section,
    register_blocks,
    study_blocks,
)
from desktop.services.archive.papers import MeetingPaper, load_meetings, meetings_of_year
from desktop.services.archive.profile import ProfileFacts, profile_blocks, profile_facts
from desktop.services.archive.registers import printable
from desktop.services.archive.roster import upright_roster
from desktop.services.archive.rows import Unbound
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.archive.year_plan import lines_of_year, plan_sheet
from desktop.services.development.service import DevelopmentService
from desktop.services.dues.ledger import LedgerService
from desktop.services.meetings.required import required_of
from desktop.services.meetings.studied import year_lists
from desktop.services.registers.service import RegisterService
from desktop.services.standards.clauses import clauses
from desktop.services.standards.service import StandardService
from desktop.services.statistics.duty_figures import duty_figures

if TYPE_CHECKING:
    from desktop.services.store import Store

_WRITTEN = (
    "本簿由支部工作台根据日常记录编成，记录的内容由支部负责。没有记录的如实注明，不补写。",
    "主持人、记录人和参会人员在签字处亲笔签名；补录、更正、未确认都已注明。另有纸页的，附在当次记录之后。",
)


class BookService:
    """Writes the books of this branch as PDF. With `substitute`, a character in no face is printed as 〓."""

    def __init__(self, store: "Store", *, substitute: bool = False) -> None:
        self._store, self._substitute = store, substitute

    def handbook(self, year: int, path: Sink) -> Written:
        """Write the handbook of a year: profile, roster, plan, minutes by kind, dues, activities, summary.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        year_ = _Year(self._store, year)
        sections = [year_.section(chapter) for chapter in chapters()]
        words = (*_WRITTEN, f"本手册收入会议记录{len(year_.papers)}次，截至{day(year_.on)}。内部掌握的记录不收。")
        return self._write(year_, HANDBOOK, sections, words, path)

    def minutes(self, year: int, path: Sink, kind: MeetingKind | None = None) -> Written:
        """Write the minutes of a year, of one kind or all, each from a page of its own.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        year_ = _Year(self._store, year)
        kinds = [kind] if kind else [each for each in MeetingKind if in_order(year_.papers, [each])]
        sections = [year_.minutes(f"{each.label}记录", [each]) for each in kinds]
        count = sum(section.records for section in sections)
        words = (*_WRITTEN, f"本簿收入会议记录{count}次，截至{day(year_.on)}。")
        return self._write(year_, MINUTES_BOOK, sections, words, path, kind.label if kind else "")

    def _write(
        self, year: "_Year", title: str, sections: Sequence[Section], words: Sequence[str], path: Sink, below: str = ""
    ) -> Written:
        secretary = next((held.member for held in year.profile.posts if held.post is Post.SECRETARY), "")
        front = Front(
            title=title,
            branch=year.profile.profile.name,
            year=year.year,
            on=year.on,
            secretary=secretary,
            below=below,
        )
        return write_paper(self._store, book_document(front, sections, words), path, substitute=self._substitute)


class _Year:
    """What the chapters of a year are made of, as known on its last day or today."""

    def __init__(self, store: "Store", year: int) -> None:
        self._store, self.year = store, year
        self.until = store.today
        """Meetings that count for the year may be held after its end."""
        self.on = min(store.today, date(year, 12, 31))

    @cached_property
    def profile(self) -> ProfileFacts:
        """Return the branch as it is on the day."""
        return profile_facts(self._store, self.on)

    @cached_property
    def papers(self) -> list[MeetingPaper]:
        """Return the minutes that count for the year."""
        votes = StandardService(self._store).law(year=self.year).votes
        with self._store.reading() as session:
            ids = meetings_of_year(session, self._store.branch_id, self.year, self.until)
            return load_meetings(session, self._store.branch_id, ids, self._store.clock, votes)

    @cached_property
    def rules(self) -> MinutesRules:
        """Return what the minutes are read by."""
        pack = StandardService(self._store).pack(year=self.year)
        return MinutesRules(
            clauses=lambda basis: "、".join(clause.text for clause in clauses(basis, pack)),
            late_days=pack.scoring.late_entry_days,
            recorded_since=self.profile.profile.recorded_since,
            tags={tag.id: tag.name for tag in pack.agenda_tags},
            files=self._files(),
        )

    def section(self, chapter: Chapter) -> Section:
        """Return one chapter."""
        blocks: list[Block] = []
        for part in chapter.parts:
            blocks += self._part(part)
        records = 0
        if chapter.meetings:
            minutes = self.minutes(chapter.title, chapter.meetings)
            blocks += minutes.blocks
            records = minutes.records
        told, empty = [*self._registers(chapter.cards, whole=True)], []
        told += [*self._registers(chapter.registers, whole=False)]
        for title, own in told:
            blocks += own
            empty += [] if own else [title]
        if empty:
            blocks.append(Note(f"本年度没有登记：{'、'.join(empty)}。"))
        return Section(chapter.title, tuple(blocks), records)

    def minutes(self, title: str, kinds: Sequence[MeetingKind]) -> Section:
        """Return the minutes of some kinds as a chapter."""
        return minutes_section(title, in_order(self.papers, kinds), self.rules)

    def _files(self) -> dict[str, list[str]]:
        files: defaultdict[str, list[str]] = defaultdict(list)
        with self._store.reading() as session:
            query = select(Attachment.record_id, Attachment.name).where(
                Attachment.branch_id == self._store.branch_id,
                Attachment.deleted_at_utc.is_(None),
                Attachment.record_kind == "meeting",
                Attachment.evidence_kind.is_distinct_from(PORTRAIT),
            )
            for record_id, name in session.execute(query.order_by(Attachment.id)):
                files[record_id].append(name)
        return files

    def _registers(self, kinds: Sequence[str], *, whole: bool) -> Iterator[tuple[str, list[Block]]]:
        """Give the title of each register and its blocks, none where nothing is kept in the year."""
        service = RegisterService(self._store)
        for kind in kinds:
            register = service.register(kind)
            rows = service.rows(kind, self.year)
            stand = [row for row in rows if why_not(register, row, self.year, self.on) in (None, Unbound.RESTRICTED)]
            shown = printable(stand)
            withheld = len(stand) - len(shown)  # of what who prints it sees; nobody else is told how many there are
            blocks = register_blocks(register, shown, withheld, whole=whole) if shown or withheld else []
            yield register.title, blocks

    def _part(self, part: Part) -> list[Block]:
        match part:
            case Part.PROFILE:
                return [*profile_blocks(self.profile)]
            case Part.ROSTER:
                return [*upright_roster(self.profile.members, self.on)]
            case Part.PLAN:
                sheet = plan_sheet(lines_of_year(self._store, self.year), self.year)
                return [Heading(part.label, 2), *sheet.blocks]
            case Part.STUDY:
                studied = sorted(year_lists(self._store, self.year).studied, key=lambda each: each.on)
                return study_blocks(required_of(self._store, self.year), studied)
            case Part.DEVELOPMENT:
                return [development_table(DevelopmentService(self._store).cases(self.on))]
            case Part.DUES:
                ledger = LedgerService(self._store).ledger(self.year, self.on)
                return dues_blocks(ledger) if ledger.begun else [Paragraph("本年度没有党费记录。")]
            case Part.ATTENDANCE:
                return [attendance_table(self.papers), Note("按收入本手册的会议统计。")]
            case Part.FIGURES:
                return [Heading(part.label, 2), figures_table(duty_figures(self._store, self.year))]
            case Part.INSPECTION:
                return inspection_blocks()
