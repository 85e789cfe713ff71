"""What happened in the year beside who came and went: confirmations, appraisal, discipline, dues, honours, admissions.

Each figure is the list of those behind it; what is for the entitled alone is no figure for anybody else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.conduct import Honour
from desktop.models.development import CaseStep, DevelopmentCase
from desktop.models.dues import DuesAssessment, LargeDues
from desktop.models.members import Member
from desktop.models.people import Person as Outsider
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.conduct import DisciplineKind, HonourRecipient
from desktop.models.vocabulary.dues import DuesRelief
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.development.windows import ACTIVIST, APPLY, CONGRESS, LIST
from desktop.services.members.discipline import decisions
from desktop.services.members.entry import facts_of
from desktop.services.members.law import MemberLaw
from desktop.services.members.roster import Roster
from desktop.services.statistics.counts import Figure, Person

if TYPE_CHECKING:
    from desktop.services.store import Store

CONFIRMED, APPRAISED, PUNISHED, DISPOSED = "预备党员转正", "民主评议", "党纪处分", "组织处置"
PUT_OUT, DUES, HONOURED, ADMISSIONS = "出党原因", "党费", "表彰", "申请和发展"
CASES = "development_case"
STAGES = ((LIST, "发展对象"), (ACTIVIST, "入党积极分子"), (APPLY, "入党申请人"))
"""From which step on somebody is counted as what, the furthest first."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year that is counted: after `before`, until `on`."""

    roster: Roster
    law: MemberLaw
    year: int
    before: date
    on: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.before < day <= self.on

    def people(self, ids: Iterable[str | None]) -> tuple[Person, ...]:
        """Return those of the roster's people who are meant, each once, in the order of the roster."""
        wanted = set(ids)
        return tuple(Person(member.id, member.name) for member in self.roster.members.values() if member.id in wanted)


def affairs(store: "Store", session: Session, year: Year, end: Sequence[Member]) -> tuple[list[Figure], list[str]]:
    """Return the figures of a year, and what has to be said of them; `end`: who is counted on its last day."""
    figures = [*_confirmations(session, year, end), *_put_out(year)]
    appraised, notes = _appraised(session, year)
    undated = [m.name for m in end if m.extended_once and m.id not in _extended(session) and m.full_on is None]
    if undated:
        notes.append(f"{'、'.join(undated)}延长过预备期，没有登记决议日期，没有列入“延长预备期”")
    figures += [*appraised, *_dues(session, year, end), *_honours(session, year)]
    branch = sum(row.recipient is HonourRecipient.BRANCH for row in _honours_of(session, year))
    if branch:
        notes.append(f"党支部受表彰 {branch} 次")
    if store.rights.may(Act.RESTRICTED):
        figures += _decided(session, store.branch_id, year)
    return [*figures, *_admissions(session, year)], notes


def _confirmations(session: Session, year: Year, end: Sequence[Member]) -> Iterator[Figure]:
    """Give what became of probations: confirmed, with or without extension, extended, cancelled, not yet discussed."""
    extended = _extended(session)
    confirmed = list(_stepped(year, MemberStatus.PROBATIONARY, MemberStatus.FULL_MEMBER))
    late = {who for who in confirmed if who in extended or year.roster.members[who].extended_once}
    yield Figure(CONFIRMED, "按期转正", year.people(who for who in confirmed if who not in late))
    yield Figure(CONFIRMED, "延长预备期后转正", year.people(late))
    yield Figure(CONFIRMED, "延长预备期", year.people(who for who, on in extended.items() if year.holds(on)))
    cancelled = _stepped(year, MemberStatus.PROBATIONARY, MemberStatus.PROBATION_CANCELLED)
    yield Figure(CONFIRMED, "取消预备党员资格", year.people(cancelled))
    waiting = []
    for member in end:
        if year.roster.category(member, year.on) is MemberCategory.PROBATIONARY_MEMBER:
            over = facts_of(member, {}, MemberCategory.PROBATIONARY_MEMBER).probation_over(year.law)
            if over is not None and over <= year.on:
                waiting.append(member.id)
    yield Figure(CONFIRMED, "预备期满尚未讨论或审批", year.people(waiting))


def _extended(session: Session) -> Mapping[str, date]:
    rows = session.execute(
        select(DevelopmentCase.member_id, DevelopmentCase.extended_on).where(
            DevelopmentCase.deleted_at_utc.is_(None), DevelopmentCase.extended_on.is_not(None)
        )
    )
    return {who: on for who, on in rows if who is not None and on is not None}


def _stepped(year: Year, before: MemberStatus, to: MemberStatus) -> Iterator[str]:
    for member_id in year.roster.members:
        for step in year.roster.changes(member_id):
            if year.holds(step.on) and (step.from_status, step.to_status) == (before, to):
                yield member_id


def _put_out(year: Year) -> Iterator[Figure]:
    """Give who is no member any more, by the reason."""
    for status in (
        MemberStatus.EXPELLED,
        MemberStatus.REMOVED,
        MemberStatus.AUTO_QUIT_REMOVED,
        MemberStatus.QUIT_REMOVED,
        MemberStatus.PERSUADED_OUT,
    ):
        gone = [
            member_id
            for member_id in year.roster.members
            if any(year.holds(step.on) and step.to_status is status for step in year.roster.changes(member_id))
        ]
        if gone:
            yield Figure(PUT_OUT, status.label, year.people(gone))


def _appraised(session: Session, year: Year) -> tuple[list[Figure], list[str]]:
    """Return who took part in the appraisal for the year, and the grades once they are decided."""
    query = select(AppraisalResult).where(
        AppraisalResult.for_year == year.year, AppraisalResult.deleted_at_utc.is_(None)
    )
    rows = [row for row in session.scalars(query) if row.member_id in year.roster.members]
    round_ = session.scalar(
        select(Appraisal).where(Appraisal.for_year == year.year, Appraisal.deleted_at_utc.is_(None))
    )
    if not rows:
        return [], [f"还没有{year.year}年度民主评议的记录"]
    figures = [Figure(APPRAISED, "参加评议", year.people(row.member_id for row in rows if row.excused is None))]
    if round_ is not None and round_.decided_on is None:
        return figures, [f"{year.year}年度民主评议还没有定下等次"]
    for grade in AppraisalGrade:
        graded = year.people(row.member_id for row in rows if row.grade is grade)
        figures.append(Figure(APPRAISED, grade.label, graded))
    return figures, []


def _decided(session: Session, branch_id: str, year: Year) -> Iterator[Figure]:
    """Give who was punished or disposed of in the year, by the kind."""
    by_member = decisions(session, branch_id)
    for kind in DisciplineKind:
        struck = [
            who for who, rows in by_member.items() if any(r.kind is kind and year.holds(r.event_on) for r in rows)
        ]
        if struck:
            yield Figure(DISPOSED if kind.is_disposal else PUNISHED, kind.label, year.people(struck))


def _dues(session: Session, year: Year, end: Sequence[Member]) -> Iterator[Figure]:
    """Give who pays less or nothing by a decision, and who gave a large sum."""
    present = {member.id for member in end}
    query = select(DuesAssessment).where(
        DuesAssessment.year == year.year,
        DuesAssessment.deleted_at_utc.is_(None),
        DuesAssessment.from_month <= year.on.month,
    )
    last: dict[str, DuesAssessment] = {}
    for row in session.scalars(query.order_by(DuesAssessment.from_month, DuesAssessment.id)):
        last[row.member_id] = row
    for relief in DuesRelief:
        freed = [who for who, row in last.items() if row.relief is relief and who in present]
        yield Figure(DUES, f"经批准{relief.label}", year.people(freed))
    large = session.execute(select(LargeDues.member_id, LargeDues.event_on).where(LargeDues.deleted_at_utc.is_(None)))
    yield Figure(DUES, "交纳大额党费", year.people(who for who, on in large if year.holds(on)))


def _honours_of(session: Session, year: Year) -> list[Honour]:
    rows = session.scalars(select(Honour).where(Honour.deleted_at_utc.is_(None)))
    return [row for row in rows if year.holds(row.event_on)]


def _honours(session: Session, year: Year) -> Iterator[Figure]:
    rows = _honours_of(session, year)
    for recipient in (HonourRecipient.MEMBER, HonourRecipient.CADRE):
        named = year.people(row.member_id for row in rows if row.recipient is recipient)
        yield Figure(HONOURED, f"受表彰的{recipient.label}", named)


def _admissions(session: Session, year: Year) -> Iterator[Figure]:
    """Give who wants to become a member, by how far the case had come on the day."""
    names = dict(session.execute(select(Outsider.id, Outsider.name)).all())
    steps: dict[str, set[int]] = {}
    for case_id, no, done_on in session.execute(
        select(CaseStep.case_id, CaseStep.no, CaseStep.done_on).where(CaseStep.deleted_at_utc.is_(None))
    ):
        if done_on is not None and done_on <= year.on:
            steps.setdefault(case_id, set()).add(no)
    found: dict[str, list[Person]] = {label: [] for _no, label in STAGES}
    for case in session.scalars(select(DevelopmentCase).where(DevelopmentCase.deleted_at_utc.is_(None))):
        over = not case.state.active and (case.state_on is None or case.state_on <= year.on)
        done = steps.get(case.id, set())
        if over or CONGRESS in done:
            continue
        stage = next((label for no, label in STAGES if no in done), "")
        if stage:
            found[stage].append(Person(case.id, names.get(case.person_id, ""), CASES))
    for label, people in found.items():
        yield Figure(ADMISSIONS, label, tuple(people))
