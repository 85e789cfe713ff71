"""Single papers of a branch as PDF or Word: one meeting, a sign-in table, the roster, a register, any list."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.meetings import AttendanceState
from desktop.models.vocabulary.stores import Use
from desktop.services.appraisal.keeping import GRADE
from desktop.services.appraisal.papers import Paper
from desktop.services.appraisal.service import AppraisalService
from desktop.services.archive import dossiers, elections, questionnaires, talks
from desktop.services.archive.admissions import admission_document
from desktop.services.archive.appraisal import appraisal_document
from desktop.services.archive.ballots import ballot_document
from desktop.services.archive.blocks import Block, Column, Document, Note, Table, Title, Written
from desktop.services.archive.duty_figures import duty_figures_document
from desktop.services.archive.extract import extract_document
from desktop.services.archive.inspections import inspection_document
from desktop.services.archive.make_ups import MakeUpLine, make_up_document
from desktop.services.archive.member_year import member_year_document
from desktop.services.archive.minutes import minutes_document, sign_in_document
from desktop.services.archive.papers import MeetingPaper, Person, load_meetings, load_names, of_draft
from desktop.services.archive.pdf import render
from desktop.services.archive.plans import plan_document
from desktop.services.archive.profile import profile_document, profile_facts
from desktop.services.archive.registers import record_document, register_document
from desktop.services.archive.roster import roster_document
from desktop.services.archive.score_report import score_report
from desktop.services.archive.transfers import transfer_request
from desktop.services.archive.week import week_document
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_document, write_paper
from desktop.services.archive.year_plan import lines_of_year, notice_document
from desktop.services.archive.year_plan import plan_document as year_plan_document
from desktop.services.branches import BranchService
from desktop.services.development.papers import facts_of, papers
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import CONFIRM, CONGRESS
from desktop.services.election.papers import papers as election_papers
from desktop.services.election.service import ElectionService
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.home import PutOff
from desktop.services.improvement.learned import LearnedService
from desktop.services.improvement.service import ImprovementService
from desktop.services.inspections.service import InspectionService
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.votes import VoteKinds
from desktop.services.member_year.service import MemberYearService
from desktop.services.members import MemberService
from desktop.services.members.moving import moving_member
from desktop.services.members.portraits import PortraitService
from desktop.services.registers.lookup import require_seen
from desktop.services.registers.service import RegisterService
from desktop.services.standards.clauses import clauses
from desktop.services.standards.service import StandardService
from desktop.services.statistics.duty_figures import duty_figures
from desktop.services.works import Work
from desktop.services.year_plan.notice import Notice

if TYPE_CHECKING:
    from desktop.services.store import Store

VOTES = Input("votes", "表决")
_WIDE = 7  # columns from which a list lies on its side


class DocumentService:
    """Writes single papers: as Word where the path ends in .docx, else as PDF. `branch_id`: at headquarters, whose.

    With `substitute`, a character that is in no face is printed as 〓 and reported in `Written.substituted`; without,
    it is refused with record and field (InvalidInput). All may raise StorageFailure.
    """

    def __init__(self, store: "Store", branch_id: str | None = None, *, substitute: bool = False) -> None:
        self._store, self._branch_id, self._substitute = store, branch_id, substitute

    def minutes(self, meeting_id: str, path: Sink) -> Written:
        """Write the minutes of one meeting; NotFound if there is none."""
        return self._write(self.minutes_of(meeting_id), path)

    def minutes_of(self, meeting_id: str) -> Document:
        """Return the minutes of one meeting as they are printed; NotFound if there is none."""
        return self._minutes(*self._paper(meeting_id))

    def preview(self, draft: MeetingDraft) -> bytes:
        """Return the minutes that a draft will become, made in memory: what is only looked at stays off the disk."""
        out = io.BytesIO()
        render(self._minutes(self._draft_paper(draft), self._owner()), out, substitute=True)
        return out.getvalue()

    def sign_in(self, meeting: str | MeetingDraft, path: Sink) -> Written:
        """Write the table to be signed in the room, for a meeting that is kept (its id) or still being typed.

        NotFound if there is none.
        """
        if isinstance(meeting, MeetingDraft):
            paper, owner = self._draft_paper(meeting), self._owner()
        else:
            paper, owner = self._paper(meeting)
            if not paper.people:
                paper = replace(paper, people=self._expected(meeting, owner))
        return self._write(sign_in_document(paper, self._name(owner)), path)

    def make_ups(self, meeting_id: str, path: Sink) -> Written:
        """Write who made up for one meeting and how, to be signed; NotFound if there is none."""
        paper, owner = self._paper(meeting_id)
        called = f"{paper.held_on.isoformat()} {paper.name}"
        lines = [
            MakeUpLine(
                name=person.name,
                meeting=called,
                reason=person.reason,
                on=person.make_up_on,
                way=person.make_up_way.label if person.make_up_way else "",
                content=person.make_up_content,
                by=person.make_up_by,
            )
            for person in paper.people
            if person.make_up_on is not None
        ]
        return self._write(make_up_document(lines, self._name(owner), called, self._store.today), path)

    def week(self, works: Sequence[Work], put_off: Sequence[PutOff], path: Sink) -> Written:
        """Write what is late and what is due within seven days, for the wall."""
        return self._write(week_document(works, put_off, self._name(self._owner()), self._store.today), path)

    def roster(self, path: Sink, on: date | None = None) -> Written:
        """Write the roster as of a day."""
        owner, today = self._owner(), on or self._store.today
        rows = MemberService(self._store).roster(today, branch_id=owner)
        return self._write(roster_document(rows, self._name(owner), today), path)

    def extract(self, member_id: str, path: Sink) -> Written:
        """Write everything kept about one member; that it was written is remembered. NotFound if there is none.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        document = extract_document(self._store, member_id)
        written = write_document(self._store, document, path, substitute=self._substitute)
        with self._store.reading() as session:
            name = session.get_one(Member, member_id).name
        self._store.audit(Use.EXTRACT, name)
        return written

    def member_year(self, member_id: str, year: int, path: Sink) -> Written:
        """Write the year of a member as one page to sign; NotFound if there is none."""
        self._store.rights.require(Act.EXPORT)
        found = MemberYearService(self._store).year(member_id, year)
        portrait = PortraitService(self._store).picture(member_id)
        return self._write(member_year_document(found, self._name(self._owner()), portrait), path)

    def register(self, kind: str, path: Sink, year: int | None = None) -> Written:
        """Write one register, of a year or whole; restricted rows stay out.

        Raises:
            NotAllowed: who works here does not export, or does not see this register.
        """
        self._store.rights.require(Act.EXPORT)
        owner, service = self._owner(), RegisterService(self._store)
        require_seen(self._store, kind)
        rows = LearnedService(self._store).told(service.rows(kind, year, branch_id=owner))
        period = f"{year}年度" if year else f"截至{day(self._store.today)}"
        document = register_document(service.register(kind), rows, self._name(owner), self._store.today, period)
        return self._write(document, path)

    def record(self, kind: str, record_id: str, path: Sink) -> Written:
        """Write one row of a register, with room to sign where the register names who; a restricted one for who may
        see it.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: there is no such row.
            InvalidInput: rows of this register leave the store in no way.
        """
        self._store.rights.require(Act.EXPORT)
        service = RegisterService(self._store)
        register = service.register(kind)
        if register.stays:
            raise InvalidInput(register.field(register.heading), f"{register.title}只留在本机，不打印")
        (row,) = LearnedService(self._store).told([service.row(kind, record_id)])
        return self._write(record_document(register, row, self._name(self._owner()), self._store.today), path)

    def dossier(self, kind: str, record_id: str, path: Sink) -> Written:
        """Write a row of a register with all that points to it (品牌档案、阵地台账 …); NotFound if there is none."""
        self._store.rights.require(Act.EXPORT)
        return self._write(dossiers.dossier_document(self._store, kind, record_id, self._name(self._owner())), path)

    def warning(self, record_id: str, path: Sink) -> Written:
        """Write the paper of a talk that warns (提醒谈话单), for who may see it; NotFound if it is none.

        Raises:
            NotAllowed: who works here does not see it, or does not export.
        """
        self._store.rights.require(Act.RESTRICTED)
        return self._write(talks.warning_document(self._store, record_id, self._name(self._owner())), path)

    def cadre(self, member_id: str, path: Sink) -> Written:
        """Write all of one cadre (干部档案), for who may see what is thought of people; NotFound if there is none.

        Raises:
            NotAllowed: who works here does not see it, or does not export.
        """
        self._store.rights.require(Act.RESTRICTED)
        return self._write(dossiers.cadre_document(self._store, member_id, self._name(self._owner())), path)

    def pledges(self, member_id: str, year: int, path: Sink) -> Written:
        """Write the pledges of a member in a year as one card to sign; NotFound if there is no such member."""
        self._store.rights.require(Act.EXPORT)
        document = dossiers.pledge_document(self._store, member_id, year, self._name(self._owner()))
        return self._write(document, path)

    def transfer_request(self, record_id: str, path: Sink) -> Written:
        """Write the request for the letter of a transfer, with what the letter says to copy from.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: there is no such transfer.
        """
        self._store.rights.require(Act.EXPORT)
        moving = moving_member(self._store, record_id)
        return self._write(transfer_request(moving, self._name(self._owner()), self._store.today), path)

    def score_report(self, path: Sink, on: date | None = None, year: int | None = None) -> Written:
        """Write the score of a year as known on a day, with radar and gaps."""
        owner, service = self._owner(), StandardService(self._store)
        score = service.score(on, year, owner, verified=False)
        return self._write(score_report(score, self._name(owner), service.pack(on, year).title), path)

    def appraisal(self, for_year: int, paper: Paper, path: Sink, member_id: str = "") -> Written:
        """Write one paper of the yearly organisational life meeting and appraisal, for all or for one member.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: the round of the year is not begun, or no such member gets a grade.
            InvalidInput: it says grades, and they are not set yet.
        """
        self._store.rights.require(Act.EXPORT)
        found = AppraisalService(self._store).round(for_year, self._branch_id)
        if not found.begun:
            raise NotFound(what=f"{for_year}年度民主评议")
        if paper.needs_grades and not found.decided:
            raise InvalidInput(GRADE, f"等次还没有定下，定下以后再打印{paper.label}")
        if member_id and member_id not in {line.member_id for line in found.rated}:
            raise NotFound(what="评定等次的党员")
        rows = MemberService(self._store).roster(found.day, branch_id=self._branch_id)
        people = {row.id: row for row in rows}
        return self._write(appraisal_document(found, paper, self._name(self._owner()), people, member_id), path)

    def notice(self, notice: Notice, path: Sink) -> Written:
        """Write the notice of a meeting, with the list of who received it.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(notice_document(notice, self._name(self._owner())), path)

    def year_plan(self, year: int, path: Sink) -> Written:
        """Write the plan of a year (三会一课计划表).

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        lines = lines_of_year(self._store, year)
        return self._write(year_plan_document(lines, self._name(self._owner()), year, self._store.today), path)

    def plan(self, plan_id: str, path: Sink) -> Written:
        """Write one improvement plan of this branch; NotFound if there is none."""
        plan = ImprovementService(self._store).plan(plan_id)
        return self._write(plan_document(plan, self._name(self._owner())), path)

    def ballots(self, kind: str, record_id: str, path: Sink) -> Written:
        """Write the short forms by which people judge a record; NotFound if there is none, or nobody is asked of it.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        service = RegisterService(self._store)
        register = service.register(kind)
        if register.survey is None:
            raise NotFound(what="测评票", name=register.title)
        row = service.row(kind, record_id)
        return self._write(ballot_document(register, row, self._name(self._owner()), self._store.today), path)

    def questionnaire(self, record_id: str, path: Sink, *, results: bool = False) -> Written:
        """Write a questionnaire to hand out, or what came of it; NotFound if there is none.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: it has no questions yet.
        """
        self._store.rights.require(Act.EXPORT)
        row = RegisterService(self._store).row(questionnaires.KIND, record_id)
        branch = self._name(self._owner())
        return self._write(questionnaires.questionnaire_document(row, branch, results=results), path)

    def duty_figures(self, year: int, path: Sink) -> Written:
        """Write the figures of a year for the secretary's duty report.

        Raises:
            NotAllowed: who works here does not export.
        """
        self._store.rights.require(Act.EXPORT)
        figures = duty_figures(self._store, year)
        return self._write(duty_figures_document(figures, self._name(self._owner())), path)

    def inspection(self, inspection_id: str, path: Sink) -> Written:
        """Write the self-check of a checklist that was brought; NotFound if there is none."""
        self._store.rights.require(Act.EXPORT)
        service = InspectionService(self._store)
        found, points = service.inspection(inspection_id), service.points(inspection_id)
        return self._write(inspection_document(found, points, self._name(self._owner()), self._store.today), path)

    def admission(self, case_id: str, paper_id: str, path: Sink) -> Written:
        """Write one paper of an admission (`admissions.toml` has which); NotFound if there is no such case or paper.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the vote it is to report did not carry.
        """
        self._store.rights.require(Act.EXPORT)
        service = DevelopmentService(self._store)
        case, law = service.case(case_id), service.law()
        paper = papers().get(paper_id)
        if paper is None:
            raise NotFound(what="材料", name=paper_id)
        voted = {"admit_request": CONGRESS, "confirm_request": CONFIRM}.get(paper_id, 0)
        held = case.view.case.congresses.get(voted)
        if held is not None and held.carried is False:
            raise InvalidInput(VOTES, "会议记录里的票数没有通过，不能请示审批")
        branch = self._name(self._owner())
        facts = facts_of(self._store, case, law, branch)
        document = admission_document(paper, case, facts, law.development_stages, branch, self._store.today)
        return self._write(document, path)

    def election(self, election_id: str, paper_id: str, path: Sink, *, small: bool = False) -> Written:
        """Write a paper of an election (a ballot on A5 if `small`), or with "" the set; NotFound if there is none.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        if paper_id and paper_id not in election_papers():
            raise NotFound(what="材料", name=paper_id)
        row = ElectionService(self._store).election(election_id)
        members = MemberService(self._store).roster(row.congress_on or self._store.today)
        around = elections.Around(
            branch=self._name(self._owner()),
            members=len(members),
            full=sum(each.category is MemberCategory.FULL_MEMBER for each in members),
            people={each.id: elections.person_of(each) for each in members},
            today=self._store.today,
        )
        return self._write(elections.election_document(row, paper_id, around, small=small), path)

    def profile(self, path: Sink) -> Written:
        """Write the profile of this branch on one page: facts, chart, division of work."""
        return self._write(profile_document(profile_facts(self._store, self._store.today)), path)

    def table(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], path: Sink, note: str = ""
    ) -> Written:
        """Write any list as it is shown: its title, the titles of its columns, its rows as text."""
        shares = [max(2.0, min(12.0, max((len(row[index]) for row in rows), default=2))) for index in range(len(heads))]
        columns = tuple(Column(head, share) for head, share in zip(heads, shares, strict=True))
        lines = tuple(tuple(row) for row in rows)
        wide = len(heads) > _WIDE
        blocks: tuple[Block, ...] = (
            Title(title, f"（{day(self._store.today)}，共{len(rows)}条）"),
            Table(columns, lines, record=title, dense=wide),
        )
        if note:
            blocks = (*blocks, Note(note))
        author = self._store.setting(SettingName.NAME) or title
        return self._write(
            Document(
                title=title,
                author=author,
                subject=title,
                day=self._store.today,
                blocks=blocks,
                running_head=title,
                running_foot=author,
                landscape=wide,
            ),
            path,
        )

    # inside

    def _write(self, document: Document, path: Sink) -> Written:
        return write_paper(self._store, document, path, substitute=self._substitute)

    def _owner(self) -> str:
        return self._branch_id or self._store.branch_id

    def _name(self, owner: str) -> str:
        if self._store.is_headquarters and owner == self._store.org:
            return self._store.setting(SettingName.NAME)
        return BranchService(self._store).profile(owner).name

    def _minutes(self, paper: MeetingPaper, owner: str) -> Document:
        pack = StandardService(self._store).pack(year=paper.for_year)

        def named(basis: str) -> str:
            return "、".join(clause.text for clause in clauses(basis, pack))

        return minutes_document(paper, self._name(owner), named, {tag.id: tag.name for tag in pack.agenda_tags})

    def _kinds(self, held_on: date) -> VoteKinds:
        """Return the rules of votes of a day's year."""
        return StandardService(self._store).law(year=held_on.year).votes

    def _paper(self, meeting_id: str) -> tuple[MeetingPaper, str]:
        with self._store.reading() as session:
            meeting = session.get(Meeting, meeting_id)
            if meeting is None:
                raise NotFound(what="会议")
            owner = meeting.branch_id
            kinds = self._kinds(meeting.held_on)
            (paper,) = load_meetings(session, owner, [meeting_id], self._store.clock, kinds)
        return paper, owner

    def _draft_paper(self, draft: MeetingDraft) -> MeetingPaper:
        owner, kinds = self._owner(), self._kinds(draft.held_on)
        expected = MemberService(self._store).expected(draft.kind, draft.held_on, draft.group_id, owner)
        with self._store.reading() as session:
            return of_draft(session, draft, expected, load_names(session, owner), kinds, owner)

    def _expected(self, meeting_id: str, owner: str) -> tuple[Person, ...]:
        with self._store.reading() as session:
            meeting = session.get_one(Meeting, meeting_id)
            kind, held_on, group_id = meeting.kind, meeting.held_on, meeting.group_id
            names = load_names(session, owner)
        expected = MemberService(self._store).expected(kind, held_on, group_id, owner)
        return tuple(
            Person(names.member(person.member_id, person.name), AttendanceState.PRESENT, "", person.has_vote, None)
            for person in expected
        )
