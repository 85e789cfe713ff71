"""Where a branch stands with its reports: the period to hand in, its package, headquarters' answer (归档报送)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import day_of
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.rows import RemarkRow
from desktop.services.owing import Owed, Owing
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.editions import ended_last, ended_quarters, period_name, race_span, scheme_in_force
from desktop.services.race.rows import RaceRow
from desktop.services.reporting_due import Due, dues
from desktop.services.standards.service import StandardService
from desktop.services.sync.assistance import AssistanceService, HelpState
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.partners import PartnerRow
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import ReceivedRow, SentRow
from desktop.services.sync.sent import sent_packages, unanswered
from desktop.services.sync.stale import Behind, StaleLocal, behind, stale_local

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """What the hand-in page shows. `step`: 0 nothing built for the period, 1 built, 2 on a stick, 3 receipt in. What
    was built before the last day of the period is not `complete`, and once the period is over counts no more.
    `earlier`: quarters before it, of the year of the one that ended, that were not reported and can be still, the
    first first; `not_owed` says why the one that ended need not be.

    `came`: what came from headquarters, and what was not taken; `forks` of it wait for a decision. `behind`: numbers
    may lag because these data came from a backup. `scored_on`: the day of the two rates, today, or the last of the
    year of the race that stands above them. `own` is None until the branch judged quality: traces alone are no rate.
    `help`: whether headquarters may help with lost passwords.
    """

    headquarters: PartnerRow | None
    period: str
    period_name: str
    closes_on: date
    days_left: int
    step: int
    current: SentRow | None
    complete: bool
    earlier: tuple[str, ...]
    not_owed: str
    sent: tuple[SentRow, ...]
    race: RaceRow | None
    scored_on: date
    verified: int | None
    own: int | None
    remarks: tuple[RemarkRow, ...]
    stale: StaleLocal | None
    unanswered: SentRow | None
    came: tuple[ReceivedRow, ...]
    forks: tuple[ReceivedRow, ...]
    behind: Behind | None
    help: HelpState


_BACK = PackageState.REJECTED
_STEPS = {PackageState.PREPARED: 1, PackageState.COPIED: 2, PackageState.ACKED: 3}


def period_due(today: date, close_days: int) -> str:
    """Return the quarter to hand in: the one that ended, until its books are closed, then the running one."""
    asked = today - timedelta(days=close_days)
    return f"{asked.year}Q{(asked.month - 1) // 3 + 1}"


def hand_in(store: "Store") -> HandIn:
    """Read everything the hand-in page shows."""
    standards, sent = StandardService(store), tuple(sent_packages(store))
    with store.reading() as session:
        close_days = scheme_in_force(session, store.today).close_days
        owed = Owing(session, store.clock).of(store.branch_id)
    published = {row.period for row in BranchRace(store).results()}
    period, earlier = _periods(store, close_days, owed, published, sent)
    last = race_span(period).last
    closes_on = last + timedelta(days=close_days)
    current, complete = _package_of(store, period, sent)
    race = BranchRace(store).latest()
    on = store.today if race is None else min(store.today, date(race_span(race.period).last.year, 12, 31))
    score, verified = standards.score(on, verified=False), standards.verified_score(on)
    came = tuple(Receiver(store).received())
    stale = stale_local(store)
    return HandIn(
        headquarters=EnrolmentService(store).headquarters(),
        period=period,
        period_name=period_name(period),
        closes_on=closes_on,
        days_left=(closes_on - store.today).days,
        step=_STEPS[current.state] if current else 0,
        current=current,
        complete=complete,
        earlier=earlier,
        not_owed=owed.why_not(ended_last(store.today)),
        sent=sent,
        race=race,
        scored_on=on,
        verified=verified.rate if verified and verified.has_rate else None,
        own=score.rate if score.has_rate else None,
        remarks=tuple(RemarkService(store).remarks()),
        stale=stale,
        unanswered=unanswered(store),
        came=came,
        forks=tuple(row for row in came if row.forked),
        behind=next(iter(behind(store)), None) if stale is None else None,
        help=AssistanceService(store).state(),
    )


def _periods(
    store: "Store", close_days: int, owed: Owed, published: Collection[str], sent: Sequence[SentRow]
) -> tuple[str, tuple[str, ...]]:
    """Return the quarter to hand in, and those before it that can still be reported.

    A quarter that ended before the branch owed anything, or whose books are closed, is asked for no more. It may be
    reported all the same until its result is published: from its package on, to the receipt, it is the one in view. One
    that was not reported in its time is offered beside as long as it is owed, and in view until it is handed over.
    """
    ended, period = ended_last(store.today), period_due(store.today, close_days)
    if period == ended and not owed.asks(ended):
        period = race_span(ended).after
    while period in published:  # before its day, or by a clock that was ahead: nothing is handed in for it any more
        period = race_span(period).after
    earlier: list[str] = []
    for before in ended_quarters(store.today):
        if before == period or before in published or not (before == ended or owed.asks(before)):
            continue
        whole = _whole(store, before, sent)
        left = _handed_over(whole)
        made = bool(whole) and whole[0] is sent[0] and whole[0].state is not PackageState.ACKED
        if made and (before == ended or not left):
            return before, ()
        if not left:
            earlier.append(before)
    return period, tuple(earlier)


def _whole(store: "Store", period: str, sent: Sequence[SentRow]) -> list[SentRow]:
    """Return the packages that report a quarter: of it, not refused, and built when it was complete."""
    last, mine = race_span(period).last, [row for row in sent if row.period == period and row.state is not _BACK]
    return [row for row in mine if day_of(row.built_at_utc, store.clock) >= last]


def _handed_over(packages: Sequence[SentRow]) -> bool:
    """Whether one of `packages` went to headquarters, or is known to have come there."""
    return any(row.copied_at_utc or row.state is PackageState.ACKED for row in packages)


def reports_missing(store: "Store") -> tuple[Due, ...]:
    """Return the quarters of a year that are over as long as a branch owes their reports, the first first: no package
    without a quarter, of another or built in the middle of it is one, nor one that was not handed over. Published, a
    quarter is asked for no more.
    """
    if store.look is not None or EnrolmentService(store).headquarters() is None:
        return ()
    with store.reading() as session:
        owed = Owing(session, store.clock).of(store.branch_id)
    sent, published = sent_packages(store), {row.period for row in BranchRace(store).results()}
    return dues(
        store,
        [
            period
            for period in ended_quarters(store.today)
            if owed.asks(period) and period not in published and not _handed_over(_whole(store, period, sent))
        ],
    )


def _package_of(store: "Store", period: str, sent: Sequence[SentRow]) -> tuple[SentRow | None, bool]:
    """Return the last package of a quarter that counts, and whether it was built when the quarter was complete."""
    last = race_span(period).last
    package = next((row for row in sent if row.period == period and row.state in _STEPS), None)
    complete = package is not None and day_of(package.built_at_utc, store.clock) >= last
    return (None, False) if not complete and store.today > last else (package, complete)
