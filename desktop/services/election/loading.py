"""An election read from the store: its rows beside what the rules, the roster and the count say of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.elections import (
    Election,
    ElectionCandidate,
    ElectionCorrection,
    ElectionRound,
    ElectionStep,
    TallyLine,
)
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.elections import Seat
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.clock import local
from desktop.services.election.count import Count, Poll, Tally, count, least_candidates
from desktop.services.election.deeds import next_deed
from desktop.services.election.rows import CandidateRow, CorrectionRow, ElectionRow, NextDeed, RoundRow
from desktop.services.election.steps import Frame, step_views
from desktop.services.members.roster import Roster
from desktop.services.standards.editions import law_on
from desktop.services.standards.periods import add_years

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules, VoteRule
    from desktop.services.store import Store

_Of = TypeVar("_Of", ElectionStep, ElectionCandidate, ElectionRound, ElectionCorrection)
_SEATS = list(Seat)


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one election."""

    election: Election
    steps: dict[str, ElectionStep]
    candidates: list[ElectionCandidate]
    rounds: list[ElectionRound]
    corrections: list[ElectionCorrection]


def load_elections(session: Session, branch_id: str, election_id: str = "", *, deleted: bool = False) -> list[Kept]:
    """Return the elections of a branch with their rows, newest first; with an id that one alone."""
    query = select(Election).where(Election.branch_id == branch_id)
    if election_id:
        query = query.where(Election.id == election_id)
    bin_ = Election.deleted_at_utc.is_not(None) if deleted else Election.deleted_at_utc.is_(None)
    elections = session.scalars(query.where(bin_).order_by(Election.id.desc())).all()
    ids = [election.id for election in elections]
    steps = _of(session, ElectionStep, ids, deleted)
    candidates = _of(session, ElectionCandidate, ids, deleted)
    rounds = _of(session, ElectionRound, ids, deleted)
    corrections = _of(session, ElectionCorrection, ids, deleted)
    return [
        Kept(
            election,
            {step.step: step for step in steps[election.id]},
            sorted(candidates[election.id], key=lambda row: (_SEATS.index(row.seat), row.position, row.id)),
            sorted(rounds[election.id], key=lambda row: (_SEATS.index(row.seat), row.no)),
            corrections[election.id],
        )
        for election in elections
    ]


def _of(session: Session, model: type[_Of], ids: Sequence[str], deleted: bool) -> dict[str, list[_Of]]:
    found: dict[str, list[_Of]] = defaultdict(list)
    query = select(model).where(model.election_id.in_(ids)).order_by(model.id)
    for row in session.scalars(query if deleted else query.where(model.deleted_at_utc.is_(None))):
        found[row.election_id].append(row)
    return found


def election_law(session: Session, election: Election, today: date) -> "PartyRules":
    """Return the rules an election goes by: those in force on the day of its congress, or today before it."""
    day = min(election.congress_on or today, today)
    return law_on(session, day, day.year)


def poll_of(round_: ElectionRound | RoundRow, tellers: Sequence[str], tallies: Sequence[TallyLine]) -> Poll:
    """Return a round as the rules count it."""
    return Poll(
        kind=round_.seat.poll,
        due=round_.due,
        present=round_.present,
        seats=round_.seats,
        issued=round_.issued,
        collected=round_.collected,
        void=round_.void,
        tallies=tuple(tally_of(line) for line in tallies),
        tellers=tuple(tellers),
        again=round_.again,
    )


def tally_of(line: TallyLine) -> Tally:
    """Return the marks of a name as the rules count them."""
    return Tally(
        name=line.name,
        yes=line.yes,
        no=line.no,
        abstain=line.abstain,
        illegible=line.illegible,
        written_in=line.written_in,
    )


def counted(round_: ElectionRound, election: Election, rule: "VoteRule") -> Count:
    """Return what a kept round came to."""
    return count(poll_of(round_, (*election.tellers, *election.counters), round_.tallies), rule)


def election_row(session: Session, store: "Store", kept: Kept, roster: Roster | None = None) -> ElectionRow:
    """Return an election as pages hold it."""
    election = kept.election
    law = election_law(session, election, store.today)
    rule = law.votes["election"]
    roster = roster or Roster.load(session, election.branch_id)
    day = election.congress_on or store.today
    frame = Frame(election, kept.steps, store.today, law.branch.term_shift_max_years)
    rounds = tuple(_round(row, election, law) for row in kept.rounds)
    candidates = tuple(_candidate(row, election, roster, day, law) for row in kept.candidates)
    expected = roster.expected(MeetingKind.BRANCH_CONGRESS, day)
    row = ElectionRow(
        id=election.id,
        rev=election.rev,
        kind=election.kind,
        term_no=election.term_no,
        term_id=election.term_id,
        expires_on=election.expires_on,
        seats=election.seats,
        secretary_seats=election.secretary_seats,
        deputy_seats=election.deputy_seats,
        congress_on=election.congress_on,
        congress_place=election.congress_place or "",
        reason=election.reason or "",
        excluded=election.excluded or "",
        superior=election.superior or "",
        chair=election.chair or "",
        tellers=tuple(election.tellers),
        counters=tuple(election.counters),
        layout=election.layout,
        order_said_by=election.order_said_by,
        shifted_to=election.shifted_to,
        shift_reason=election.shift_reason or "",
        shift_approved_on=election.shift_approved_on,
        shift_approval_no=election.shift_approval_no or "",
        left_unfilled=election.left_unfilled,
        left_agreed=election.left_agreed,
        settled_on=election.settled_on,
        settled_by=election.settled_by or "",
        approved_on=election.approved_on,
        approval_no=election.approval_no or "",
        handed_over_on=election.handed_over_on,
        new_term_id=election.new_term_id,
        note=election.note or "",
        steps=step_views(frame),
        candidates=candidates,
        rounds=rounds,
        corrections=tuple(
            CorrectionRow(
                on=each.on,
                text=each.text,
                reason=each.reason,
                by=each.created_by,
                at=local(each.created_at_utc, store.clock),
            )
            for each in kept.corrections
        ),
        due_now=sum(person.has_vote for person in expected),
        least_candidates=least_candidates(election.seats, rule),
        shift_years=law.branch.term_shift_max_years,
        term_years=law.branch.term_years,
        rules=law.votes,
        rules_version=law.version,
        clause=law.regulation(rule.basis.partition("-")[0]),
        next=NextDeed("", ""),
    )
    return next_deed(row, store.today)


def _round(row: ElectionRound, election: Election, law: "PartyRules") -> RoundRow:
    return RoundRow(
        id=row.id,
        seat=row.seat,
        no=row.no,
        held_on=row.held_on,
        seats=row.seats,
        due=row.due,
        present=row.present,
        issued=row.issued,
        collected=row.collected,
        void=row.void,
        void_reasons=row.void_reasons or "",
        again=row.again,
        tallies=tuple(row.tallies),
        count=counted(row, election, law.votes[row.seat.poll.rule]),
        rev=row.rev,
    )


def _candidate(
    row: ElectionCandidate, election: Election, roster: Roster, day: date, law: "PartyRules"
) -> CandidateRow:
    member = roster.members.get(row.member_id)
    posts = roster.posts_of(row.member_id, day if election.settled_on is None else election.settled_on)
    held = next((post for post in posts if post.on_committee), None)
    return CandidateRow(
        id=row.id,
        seat=row.seat,
        member_id=row.member_id,
        name=member.name if member is not None else "",
        now=f"现任{held.label}" if held is not None else "新提名",
        position=row.position,
        nominated=row.nominated,
        nominated_full=row.nominated_full,
        elected=row.elected,
        post=row.post,
        note=row.note or "",
        fault=fault_of(member, row.seat, roster, day, law) if election.settled_on is None else "",
        rev=row.rev,
    )


def fault_of(member: Member | None, seat: Seat, roster: Roster, day: date, law: "PartyRules") -> str:
    """Return why somebody may not stand for a seat on a day, "" for nothing."""
    if member is None or not roster.belongs(member, day):
        return "不在名册上"
    if roster.category(member, day) is MemberCategory.PROBATIONARY_MEMBER:
        return "预备党员没有被选举权"
    if not roster.has_vote(member, day):
        return "没有选举权、被选举权"
    years = law.branch.secretary_min_party_years
    since = member.full_on or member.admitted_on
    if seat is Seat.SECRETARY and years and since is not None and add_years(since, years) > day:
        return f"书记须有{years}年以上党龄"
    return ""


ROWS_OF: tuple[type[Any], ...] = (ElectionStep, ElectionCandidate, ElectionRound, ElectionCorrection)
"""What belongs to an election."""
