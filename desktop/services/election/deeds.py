"""What is to be done next about the count of an election: one deed, or the reason why it cannot be done yet."""

from dataclasses import replace
from datetime import date

from desktop.models.vocabulary.elections import Seat
from desktop.services.election.count import least_candidates
from desktop.services.election.fields import COUNTERS, TELLERS
from desktop.services.election.rows import CandidateRow, ElectionRow, Mend, NextDeed, RoundRow
from desktop.services.ordinals import in_words

BEGIN, RUNOFF, REFILL, REPEAT, SETTLE, HAND_OVER, DONE = (
    "begin",
    "runoff",
    "refill",
    "repeat",
    "settle",
    "hand_over",
    "done",
)
SHOWN_BY = ("approval", "candidates")
"""The steps without which no result is settled."""


def seats_left(election: ElectionRow, seat: Seat) -> int:
    """Return how many seats nobody holds yet, by the rounds so far."""
    wanted = {
        Seat.COMMITTEE: election.seats,
        Seat.SECRETARY: election.secretary_seats,
        Seat.DEPUTY: election.deputy_seats,
    }[seat]
    return wanted - sum(len(each.count.elected) for each in election.rounds_of(seat))


def chosen(election: ElectionRow, seat: Seat) -> tuple[str, ...]:
    """Return who is elected to a seat by the rounds so far, in their order."""
    return tuple(name for each in election.rounds_of(seat) for name in each.count.elected)


def next_deed(election: ElectionRow, today: date) -> ElectionRow:
    """Return the election with the one thing to do next."""
    return replace(election, next=_next(election, today))


def _next(election: ElectionRow, today: date) -> NextDeed:
    if election.settled:
        if election.approved_on is None:
            return NextDeed(HAND_OVER, "登记批复，交接")
        return NextDeed(DONE, "已交接", f"{election.approved_on}批复，任职从这一天起")
    for seat in Seat:
        if seats_left(election, seat) - (election.left_unfilled if seat is Seat.COMMITTEE else 0) > 0:
            return _of_seat(election, seat, today)
    if not election.rounds:
        return NextDeed(BEGIN, "开始投票", "先填应选名额", mend=Mend.ELECTION)
    settle = NextDeed(SETTLE, "定下结果")
    open_step = next((each for each in election.steps if each.id in SHOWN_BY and each.done_on is None), None)
    if open_step is not None:
        why = f"还没有登记“{open_step.name}”"
        return replace(settle, why_not=why, mend=Mend.STEP, step=open_step.id)
    people = {TELLERS: election.tellers, COUNTERS: election.counters}
    missing = [field.label for field, names in people.items() if not names]
    return replace(settle, why_not=f"还没有定{'、'.join(missing)}", mend=Mend.PEOPLE) if missing else settle


def _of_seat(election: ElectionRow, seat: Seat, today: date) -> NextDeed:
    rounds = election.rounds_of(seat)
    what = "" if seat is Seat.COMMITTEE else seat.label
    if not rounds:
        begin = NextDeed(BEGIN, f"开始{'选' + what if what else '投票'}", seat=seat)
        if election.congress_on is None:
            return replace(begin, why_not="先定选举大会日期", mend=Mend.ELECTION)
        if election.congress_on > today:
            return replace(begin, why_not=f"大会定在{election.congress_on}，那天再开始", mend=Mend.ELECTION)
        return _with_slate(begin, _slate_fault(election, seat, seats_left(election, seat)))
    last = rounds[-1]
    if last.count.valid is None:
        return NextDeed(BEGIN, "票数没有填全", "填全这一次的票数", seat)
    ordinal = f"第{in_words(last.no + 1)}次投票"
    slip = next((check.words for check in last.count.checks if check.slip), "")
    if slip:
        return NextDeed(BEGIN, "票数对不上", f"核对票数：{slip}", seat)
    if last.count.valid is False:
        return NextDeed(REPEAT, f"选举无效，{ordinal}", _held_today(last), seat)
    if last.count.runoff:
        return NextDeed(RUNOFF, f"开始{ordinal}", "", seat)
    verb = "补选差额" if seat is Seat.COMMITTEE else f"另选{what}"
    return _with_slate(NextDeed(REFILL, verb, seat=seat), _short(election, seat, last))


def _with_slate(deed: NextDeed, fault: str) -> NextDeed:
    return replace(deed, why_not=fault, mend=Mend.CANDIDATES if fault else None)


def _held_today(last: RoundRow) -> str:
    return "" if last.held_on is not None else "先写投票日期"


def _slate_fault(election: ElectionRow, seat: Seat, seats: int) -> str:
    standing = candidates_left(election, seat)
    faults = [f"{each.name}{each.fault}" for each in standing if each.fault]
    if faults:
        return "，".join(faults)
    least = least_candidates(seats, election.rule(seat))
    if seat is Seat.COMMITTEE and len(standing) < least:
        return f"候选人{len(standing)}名，应选{seats}名，至少要{least}名"
    if seat is not Seat.COMMITTEE and len(standing) != seats:
        return f"{seat.label}候选人{len(standing)}名，等额选举要{seats}名"
    if seat is not Seat.COMMITTEE and election.seats:
        outside = [each.name for each in standing if each.name not in chosen(election, Seat.COMMITTEE)]
        if outside and not _sits(election, seat):
            return f"{'、'.join(outside)}没有当选委员"
    return ""


def _sits(election: ElectionRow, seat: Seat) -> bool:
    """Whether all who stand for a seat sit on the committee already (补选)."""
    return all(each.now != "新提名" for each in election.standing(seat))


def candidates_left(election: ElectionRow, seat: Seat) -> tuple[CandidateRow, ...]:
    """Return who stands and is not elected yet."""
    done = chosen(election, seat)
    return tuple(each for each in election.standing(seat) if each.name not in done)


def _short(election: ElectionRow, seat: Seat, last: RoundRow) -> str:
    return _slate_fault(election, seat, seats_left(election, seat)) if last.count.valid else ""
