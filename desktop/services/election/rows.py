"""Elections as pages hold them: what is kept, beside what the rules say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from desktop.models.elections import TallyLine
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import BallotLayout, CandidateOrder, ElectionKind, Seat, StepState
from desktop.services.election.count import Count
from desktop.services.standards.party_rules import VoteRule


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step: its limit, what was done, what is wrong with it."""

    id: str
    name: str
    limit: date | None
    done_on: date | None
    document_no: str
    note: str
    number: bool
    papers: tuple[str, ...]
    state: StepState
    breach: str
    rev: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """Somebody who stands. `now`: the post held today; `fault`: why the person may not stand, "" for nothing."""

    id: str
    seat: Seat
    member_id: str
    name: str
    now: str
    position: int
    nominated: int | None
    nominated_full: int | None
    elected: bool | None
    post: Post | None
    note: str
    fault: str
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """One round of ballots in numbers, with what they come to."""

    id: str
    seat: Seat
    no: int
    held_on: date | None
    seats: int
    due: int | None
    present: int | None
    issued: int | None
    collected: int | None
    void: int | None
    void_reasons: str
    again: bool
    tallies: tuple[TallyLine, ...]
    count: Count
    rev: int


class Mend(Enum):
    """Where the reason why something cannot be done yet is mended."""

    CANDIDATES = "candidates"
    PEOPLE = "people"
    STEP = "step"
    ELECTION = "election"


@dataclass(frozen=True, slots=True)
class NextDeed:
    """The one thing to do next about the count: what the main button says, or why it says nothing."""

    deed: str
    verb: str
    why_not: str = ""
    seat: Seat | None = None
    mend: Mend | None = None
    """Where the reason is mended; None where it is the count in view, or only a day that is to come."""
    step: str = ""
    """Of a step that is not registered yet its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """What was added to a settled election."""

    on: date
    text: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionRow:
    """One election with everything that belongs to it."""

    id: str
    rev: int
    kind: ElectionKind
    term_no: int
    term_id: str | None
    expires_on: date | None
    seats: int
    secretary_seats: int
    deputy_seats: int
    congress_on: date | None
    congress_place: str
    reason: str
    excluded: str
    superior: str
    chair: str
    tellers: tuple[str, ...]
    counters: tuple[str, ...]
    layout: BallotLayout
    order_said_by: CandidateOrder | None
    """By what the candidates for the committee are in order, chosen by who put them so."""
    shifted_to: date | None
    shift_reason: str
    shift_approved_on: date | None
    shift_approval_no: str
    left_unfilled: int
    left_agreed: int | None
    settled_on: date | None
    settled_by: str
    approved_on: date | None
    approval_no: str
    handed_over_on: date | None
    new_term_id: str | None
    note: str
    steps: tuple[StepView, ...]
    candidates: tuple[CandidateRow, ...]
    rounds: tuple[RoundRow, ...]
    corrections: tuple[CorrectionRow, ...]
    due_now: int
    """Who has the right to vote on the day of the congress, by the roster."""
    least_candidates: int
    shift_years: int
    """By how many years an election may be put off or brought forward, by the rules in force."""
    term_years: int
    """How long the new term lasts, by the rules in force."""
    rules: Mapping[str, VoteRule]
    """The kinds of vote in force."""
    rules_version: str
    clause: str
    next: NextDeed

    @property
    def title(self) -> str:
        """What it is called: 第四届支部委员会换届选举."""
        body = "支部委员会" if self.seats or self.kind is ElectionKind.BY else "支部书记"
        return f"第{self.term_no}届{body}{self.kind.label}"

    @property
    def settled(self) -> bool:
        """Whether the result stands: nothing of it changes any more."""
        return self.settled_on is not None

    @property
    def elected_in_order(self) -> CandidateOrder | None:
        """By what the elected are in order: as the candidates, unless somebody who was none won too (另选)."""
        written_in = {line.member_id for each in self.rounds for line in each.tallies if line.written_in}
        others = any(each.member_id in written_in for each in self.winners(Seat.COMMITTEE))
        return None if others else self.order_said_by

    def rule(self, seat: Seat) -> VoteRule:
        """Return the rule that a round for a seat goes by."""
        return self.rules[seat.poll.rule]

    def standing(self, seat: Seat) -> tuple[CandidateRow, ...]:
        """Return who stands for a seat, in the order of the ballot."""
        return tuple(candidate for candidate in self.candidates if candidate.seat is seat)

    def rounds_of(self, seat: Seat) -> tuple[RoundRow, ...]:
        """Return the rounds for a seat, in order."""
        return tuple(round_ for round_ in self.rounds if round_.seat is seat)

    def winners(self, seat: Seat) -> tuple[CandidateRow, ...]:
        """Return who is elected to a seat, in the order of the ballot."""
        return tuple(candidate for candidate in self.standing(seat) if candidate.elected)
