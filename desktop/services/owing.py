"""Which periods a branch owes a report of: the one rule that 总览, race, statistics, assessment and the branch ask.

A period that ended before a branch was enrolled at its headquarters, or before it was founded, is not owed. What comes
in of such a period all the same is taken and counted as any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.sync import Invitation, Partner
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.clock import Clock, day_of
from desktop.services.race.editions import period_name, quarter_of, race_span

INVITED = "已邀请，没有登记"


@dataclass(frozen=True, slots=True)
class Owed:
    """From which day on a branch owes reports: that of its first registration, or of its founding where that is later
    (`founded`). None: nobody knows, so that it owes every period; `date.max`: it never registered.
    """

    since: date | None = None
    founded: bool = False

    def asks(self, period: str) -> bool:
        """Whether a period, a quarter or a year, is owed once it is over."""
        return self.since is None or race_span(period).last >= self.since

    @property
    def words(self) -> str:
        """Say from when on it is asked: 登记以后第一个应报的是2026年四季度; "" where nothing is known."""
        if self.since is None:
            return ""
        if self.since == date.max:
            return INVITED
        return f"{'成立' if self.founded else '登记'}以后第一个应报的是{period_name(quarter_of(self.since))}"

    def why_not(self, period: str) -> str:
        """Say why a period is not owed; "" where it is."""
        return "" if self.asks(period) else self.words


def told_together(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return names with their reason, those of one reason together: 第一党支部、第二党支部（还没报送过）."""
    by_reason: dict[str, list[str]] = {}
    for name, why in pairs:
        by_reason.setdefault(why, []).append(name)
    return tuple(f"{'、'.join(names)}（{why}）" for why, names in by_reason.items())


class Owing:
    """What every branch owes that a store knows of: at headquarters all, at a branch itself."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Read it. A branch whose keys were renewed or revoked since owes from its first registration on."""
        first = _registered(session)
        self._known: dict[str, Owed] = {}
        today = clock().date()
        founded = dict(session.execute(select(Branch.id, Branch.founded_on)).all())
        for branch_id in {**first, **founded}:
            at_utc, day = first.get(branch_id), founded.get(branch_id)
            since = date.max if at_utc == "" else day_of(at_utc, clock) if at_utc is not None else None
            later = day is not None and day <= today and (since is None or day > since)
            self._known[branch_id] = Owed(day, founded=True) if later else Owed(since)

    def of(self, branch_id: str) -> Owed:
        """Return what one branch owes."""
        return self._known.get(branch_id, Owed())


def _registered(session: Session) -> Mapping[str, str]:
    """Return by branch the moment (`*_utc`) of its first registration, "" for one that was only invited.

    The moment a registration is made anew on the same PC takes the place of the one before; the invitation that was
    used then still tells it. A branch notes its own when it takes the invitation.
    """
    partners = select(Partner.org, func.min(Partner.enrolled_at_utc), func.max(Partner.state != PartnerState.INVITED))
    found: dict[str, str] = {}
    for org, at_utc, registered in session.execute(partners.group_by(Partner.org)):
        if at_utc is not None or not registered:
            found[org] = at_utc or ""
    used = select(Invitation.org, func.min(Invitation.used_at_utc)).where(Invitation.used_at_utc.is_not(None))
    for org, at_utc in session.execute(used.group_by(Invitation.org)):
        found[org] = min(filter(None, (found.get(org), at_utc)))
    return found
