"""Where a branch stands with its reports: the period to hand in, its package, headquarters' answer (归档报送)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import PackageState
from desktop.services.clock import day_of
from desktop.services.improvement.remarks import RemarkService
from desktop.services.improvement.rows import RemarkRow
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.editions import period_name, race_span, scheme_in_force
from desktop.services.race.rows import RaceRow
from desktop.services.standards.ratings import kept_ratings, period_on
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
    period, published = period_due(store.today, close_days), {row.period for row in BranchRace(store).results()}
    while period in published:  # before its day, or by a clock that was ahead: nothing is handed in for it any more
        period = race_span(period).after
    last = race_span(period).last
    closes_on = last + timedelta(days=close_days)
    current = next((row for row in sent if row.period == period and row.state in _STEPS), None)
    complete = current is not None and day_of(current.built_at_utc, store.clock) >= last
    if not complete and store.today > last:
        current = None
    race = BranchRace(store).latest()
    on = store.today if race is None else min(store.today, date(race_span(race.period).last.year, 12, 31))
    score, verified = standards.score(on, verified=False), standards.verified_score(on)
    with store.reading() as session:
        rated = kept_ratings(session, on.year, store.branch_id, False, period_on(on, on.year))
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
        sent=sent,
        race=race,
        scored_on=on,
        verified=verified.rate if verified else None,
        own=score.rate if rated else None,
        remarks=tuple(RemarkService(store).remarks()),
        stale=stale,
        unanswered=unanswered(store),
        came=came,
        forks=tuple(row for row in came if row.forked),
        behind=next(iter(behind(store)), None) if stale is None else None,
        help=AssistanceService(store).state(),
    )
