"""What the numbers of a round of ballots say: valid or not, who is elected, who stands again, what is left to do.

Integers only; every number of a rule comes from the kind of vote in party_rules.toml (`votes`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from desktop.models.vocabulary.elections import Fared, Finding, PollKind
from desktop.services.standards.party_rules import VoteRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The marks somebody got; None: not written down. `written_in`: no candidate, but named on ballots (另选人)."""

    name: str
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    illegible: int | None = None
    written_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A round of ballots in numbers; None: not written down. `again`: among those who tied, whoever is left over."""

    kind: PollKind
    due: int | None
    present: int | None
    seats: int
    issued: int | None
    collected: int | None
    void: int | None
    tallies: tuple[Tally, ...]
    tellers: tuple[str, ...] = ()
    again: bool = False

    @property
    def candidates(self) -> tuple[Tally, ...]:
        """Those whose names are printed on the ballot."""
        return tuple(tally for tally in self.tallies if not tally.written_in)

    @property
    def valid_ballots(self) -> int | None:
        """Ballots collected that are not void."""
        return None if self.collected is None or self.void is None else self.collected - self.void


@dataclass(frozen=True, slots=True)
class Check:
    """One rule held against the numbers: its name, its arithmetic in words, what it says."""

    title: str
    words: str
    finding: Finding
    slip: bool = False
    """Numbers that cannot all be true: counted or typed wrong, so nothing follows for the election."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One name with its place by votes and how it fared."""

    place: int
    tally: Tally
    fared: Fared


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a round came to. `valid` None: numbers are missing yet. `least`: the votes that elect."""

    valid: bool | None
    standings: tuple[Standing, ...]
    seats_left: int
    least: int | None
    checks: tuple[Check, ...]

    @property
    def elected(self) -> tuple[str, ...]:
        """Who is elected, most votes first."""
        return self._having(Fared.ELECTED)

    @property
    def runoff(self) -> tuple[str, ...]:
        """Who tied for the last seats and stands again."""
        return self._having(Fared.TIED)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the round is not valid, or what it leaves to do; nothing where it settles everything."""
        return tuple(f"{check.title}：{check.words}" for check in self.checks if check.finding is not Finding.KEPT)

    def _having(self, fared: Fared) -> tuple[str, ...]:
        return tuple(standing.tally.name for standing in self.standings if standing.fared is fared)


def least_candidates(seats: int, rule: VoteRule) -> int:
    """Return how many candidates `seats` ask for: as many, or more by the surplus (差额), rounded up."""
    return seats if rule.equal_number else ceil(seats * (1 + rule.surplus))


def count(poll: Poll, rule: VoteRule) -> Count:
    """Return what a round of ballots came to by `rule`; the checks come worst first.

    Source: 中国共产党基层组织选举工作条例.
    """
    checks = [check for part in (_hall, _slate, _ballots, _marks, _tellers) for check in part(poll, rule)]
    broken = any(check.finding is Finding.BREACH for check in checks)
    told = all(check.finding is not Finding.OPEN for check in checks)
    valid = False if broken else True if told else None
    least = None if poll.due is None or poll.present is None else rule.passing.least(poll.due, poll.present)
    ranked = sorted(poll.tallies, key=lambda tally: -(tally.yes or 0))
    seats = max(poll.seats, 0)
    standings = _standings(ranked, least if valid else None, seats)
    left = seats - sum(standing.fared is Fared.ELECTED for standing in standings)
    if valid:
        checks += _outcome(poll, rule, standings, left)
    worst = list(Finding)
    return Count(
        valid=valid,
        standings=standings,
        seats_left=left,
        least=least,
        checks=tuple(sorted(checks, key=lambda check: worst.index(check.finding))),
    )


def _standings(ranked: list[Tally], least: int | None, seats: int) -> tuple[Standing, ...]:
    """Return who is elected: those with `least` votes, the most first; a tie at the cut elects none of the tied."""
    able = [tally.yes or 0 for tally in ranked if least is not None and (tally.yes or 0) >= least]
    cut = able[seats] if len(able) > seats else None  # the most votes of those for whom no seat is left
    found = []
    for tally in ranked:
        yes = tally.yes or 0
        place = 1 + sum((other.yes or 0) > yes for other in ranked)
        if least is None:
            fared = Fared.OPEN
        elif yes < least:
            fared = Fared.SHORT
        elif cut is None or yes > cut:
            fared = Fared.ELECTED
        else:
            fared = Fared.TIED if yes == cut and seats and able[seats - 1] == cut else Fared.BEATEN
        found.append(Standing(place, tally, fared))
    return tuple(found)


def _hall(poll: Poll, rule: VoteRule) -> Iterator[Check]:
    """Numbers that cannot be, and the quorum."""
    numbers = {
        "应到会": poll.due,
        "实到会": poll.present,
        "发出": poll.issued,
        "收回": poll.collected,
        "无效": poll.void,
    }
    wrong = [name for name, number in numbers.items() if number is not None and number < 0]
    if wrong:
        yield Check("数字", f"{'、'.join(wrong)}不能小于0", Finding.BREACH)
    title = f"到会够{rule.quorum.words().partition('的')[2].replace('（不少于）', '') or '法定人数'}"
    due, present = poll.due, poll.present
    if due is None or present is None:
        yield Check(title, "应到会、实到会人数没有填全", Finding.OPEN)
    elif due < 1:
        yield Check(title, "应到会人数为零", Finding.BREACH)
    elif present > due:
        yield Check(title, f"实到{present}人多于应到{due}人", Finding.BREACH)
    else:
        reached = rule.quorum.holds(present, due, present)
        sums = f"{present} {'≥' if reached else '<'} {due} × {rule.quorum.num}/{rule.quorum.den}"
        least = rule.quorum.least(due, present)
        words = sums if reached else f"{sums}，至少到{least}人，不能选举"
        yield Check(title, words, Finding.KEPT if reached else Finding.BREACH)


def _slate(poll: Poll, rule: VoteRule) -> Iterator[Check]:
    """As many candidates as the rule asks for."""
    names, seats = len(poll.candidates), poll.seats
    if seats < 1:
        yield Check("应选名额", "应选名额至少1名", Finding.BREACH)
        return
    twice = sorted({t.name for t in poll.tallies if sum(o.name == t.name for o in poll.tallies) > 1})
    if twice:
        yield Check("候选人", f"{'、'.join(twice)}写了两次", Finding.BREACH)
    if rule.equal_number:
        finding = Finding.KEPT if names == seats else Finding.BREACH
        yield Check("候选人与应选相等", f"候选人{names}名，应选{seats}名", finding)
        return
    percents = f"{float(rule.surplus):.0%}"
    if poll.again:
        finding = Finding.KEPT if names > seats else Finding.BREACH
        yield Check("候选人多于应选", f"只对同票的{names}人再投，应选{seats}名", finding)
        return
    least = least_candidates(seats, rule)
    kept = names >= least
    words = f"{names} {'≥' if kept else '<'} {seats} + {percents}，要{least}名"
    yield Check("候选人多于应选两成" if percents == "20%" else "差额", words, Finding.KEPT if kept else Finding.BREACH)


def _ballots(poll: Poll, rule: VoteRule) -> Iterator[Check]:
    """Collected ≤ issued ≤ present; valid and void make what was collected."""
    present, issued, collected, void = poll.present, poll.issued, poll.collected, poll.void
    title = "发出不多于实到"
    if issued is None or present is None:
        yield Check(title, "发出选票数没有填", Finding.OPEN)
    elif issued > present:
        yield Check(title, f"{issued} > {present}，到会一人一票，缺席的不能委托投票", Finding.BREACH)
    else:
        yield Check(title, f"{issued} ≤ {present}，没有代投", Finding.KEPT)
    title = "收回不多于发出"
    if issued is None or collected is None:
        yield Check(title, "收回选票数没有填", Finding.OPEN)
    elif collected > issued:
        yield Check(title, f"{collected} > {issued}，选举无效，要重新选举", Finding.BREACH)
    else:
        yield Check(title, f"{collected} ≤ {issued}，选举有效", Finding.KEPT)
    title = "多划的票作废"
    if collected is None or void is None:
        yield Check(title, "无效票数没有填", Finding.OPEN)
    elif void > collected:
        yield Check(title, f"无效{void}张多于收回{collected}张", Finding.BREACH, slip=True)
    else:
        yield Check(title, f"有效 {collected - void} + 无效 {void} = 收回 {collected}", Finding.KEPT)


def _marks(poll: Poll, rule: VoteRule) -> Iterator[Check]:
    """No more marks than ballots: for each name, and over all names."""
    valid = poll.valid_ballots
    title = "票面合计不超"
    open_ = [tally.name for tally in poll.tallies if tally.yes is None]
    if valid is None or open_ or not poll.tallies:
        yield Check(title, f"{'、'.join(open_) or '候选人'}的票数没有填", Finding.OPEN)
        return
    for tally in poll.tallies:
        fault = _fault(tally, valid)
        if fault:
            yield Check(title, fault, Finding.BREACH, slip=True)
    if poll.seats < 1:  # said of the seats already: no sum can be held against them
        return
    total, most = sum(tally.yes or 0 for tally in poll.tallies), valid * poll.seats
    kept = total <= most
    words = f"{total} {'≤' if kept else '>'} {valid} × {poll.seats} = {most}"
    if not kept:
        words += "，每张有效票最多选应选名额"
    yield Check(title, words, Finding.KEPT if kept else Finding.BREACH, slip=not kept)


def _fault(tally: Tally, valid: int) -> str:
    """Return what is wrong with the marks of a name, "" for nothing."""
    marks = {"赞成": tally.yes, "不赞成": tally.no, "弃权": tally.abstain, "无法辨认": tally.illegible}
    if any(number is not None and number < 0 for number in marks.values()):
        return f"{tally.name}的票数不能小于0"
    total = sum(number or 0 for number in marks.values())
    whole = not tally.written_in and tally.no is not None and tally.abstain is not None
    if total > valid or (whole and total != valid):
        sums = " + ".join(f"{name} {number}" for name, number in marks.items() if number is not None)
        apart = f"多{total - valid}" if total > valid else f"少{valid - total}"
        return f"{tally.name} {sums} = {total}，比有效票{valid}{apart}"
    return ""


def _tellers(poll: Poll, rule: VoteRule) -> Iterator[Check]:
    """Nobody who stands counts; not known where nobody is named."""
    if not poll.tellers:
        return
    standing = {tally.name for tally in poll.candidates}
    both = [name for name in poll.tellers if name in standing]
    if both:
        yield Check("监票计票不是候选人", f"{'、'.join(both)}是候选人", Finding.BREACH)
    else:
        yield Check("监票计票不是候选人", f"{len(poll.tellers)}人都不是", Finding.KEPT)


def _outcome(poll: Poll, rule: VoteRule, standings: tuple[Standing, ...], left: int) -> Iterator[Check]:
    """The majority, and what is left to do: a tie at the cut, seats that nobody won."""
    due, present = poll.due or 0, poll.present or 0
    least = rule.passing.least(due, present)
    able = sum(standing.fared not in (Fared.SHORT, Fared.OPEN) for standing in standings)
    taken = f"，取前{poll.seats}" if able > poll.seats else ""
    base = "应到会" if rule.passing.of == "due" else "实到会"
    yield Check(f"赞成过{base}半数", f"要{least}票；{able}人过半{taken}", Finding.KEPT)
    tied = [standing for standing in standings if standing.fared is Fared.TIED]
    if tied:
        names, votes = "、".join(standing.tally.name for standing in tied), tied[0].tally.yes
        first = poll.seats - left + 1
        seat = f"第{first}席" if left == 1 else f"第{first}至{poll.seats}席"
        yield Check(f"{seat}同票，再投一次", f"{names}各{votes}票，只对这{len(tied)}人投", Finding.DECIDE)
    elif left:
        words = f"当选{poll.seats - left}名，应选{poll.seats}名，还差{left}名，对差额另行选举"
        if rule.unfilled is not None:
            words += f"；{rule.unfilled.words()}同意的，也可以不再选"
        yield Check("当选人数不足", words, Finding.DECIDE)
