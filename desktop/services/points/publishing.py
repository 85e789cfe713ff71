"""Publication of a quarter's points (积分公示): what stands in its way, frozen sums, whether a new one is due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from math import ceil
from statistics import median as middle
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desktop.models.points import PointsClaim, PointsPublication, PublishedLine
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import Input, InvalidInput
from desktop.services.points.checks import settled_claims
from desktop.services.points.claim_rules import MEETING, Approvers, approvers, approving, gives
from desktop.services.points.ledger import QUARTER, PointsService, quarter_end
from desktop.services.points.reckoning import PointsYear
from desktop.services.points.standing import STANDING
from desktop.services.standards.editions import law_on, points_on
from desktop.services.workdays import after_workdays, calendar_known

if TYPE_CHECKING:
    from desktop.services.store import Store

POSTED_ON = Input("posted_on", "张贴日期")
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A publication as it was posted. `outdated`: a claim it counts was revoked since, a new one is due."""

    id: str
    year: int
    quarter: int
    posted_on: date
    ends_on: date
    meeting_id: str | None
    place: str
    contact: str
    phone: str
    lines: tuple[PublishedLine, ...]
    claim_ids: tuple[str, ...]
    outdated: bool
    median: Decimal | None

    def confirmed(self, on: date) -> bool:
        """Return whether its days are over on the day `on` and nothing asks for another one."""
        return on > self.ends_on and not self.outdated


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the publication of a quarter stands: what hinders it, and the days it would be posted from today.

    `spot_checks`: the approved claims, not yet posted, that are drawn to be held against their originals first (抽查);
    they are drawn once the quarter is over and no claim of it waits. `uncompared`: those of which nothing is found yet.
    """

    year: int
    quarter: int
    obstacles: tuple["Obstacle", ...]
    last: Publication | None
    posted_on: date
    ends_on: date
    spot_checks: tuple[str, ...]
    uncompared: tuple[str, ...]
    provisional: bool
    """The calendar of holidays of these days is not known: only weekends were left out (暂算)."""

    @property
    def hindrances(self) -> tuple[str, ...]:
        """What stands in the way, in words."""
        return tuple(each.words for each in self.obstacles)


class Lines(Enum):
    """Of which lines of the ledger an obstacle speaks."""

    UNVERIFIED = "unverified"
    UNAPPROVED = "unapproved"
    ASKED = "asked"
    UNCOMPARED = "uncompared"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in the way of a publication, and the lines it speaks of, None where it is no line."""

    words: str
    lines: Lines | None = None


class PublishingService:
    """The publications of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def publications(self, year: int) -> list[Publication]:
        """Return the publications of a year, in the order they were posted."""
        with self._store.reading() as session:
            return _kept(session, self._store.branch_id, year)

    def standing(self, year: int, quarter: int, points: PointsYear | None = None) -> Standing:
        """Return what stands in the way of publishing a quarter today; `points` are those of today where they are read.

        Raises:
            InvalidInput: there is no such quarter.
        """
        asked = (points or PointsService(self._store).year(year)).asked(_end(year, quarter))
        with self._store.reading() as session:
            return self._standing(session, year, quarter, self._store.today, len(asked))

    def meetings(self, year: int, quarter: int) -> Approvers:
        """Return the meetings that may approve the publication of a quarter: those after it.

        Raises:
            InvalidInput: there is no such quarter.
        """
        end = _end(year, quarter)
        with self._store.reading() as session:
            return approvers(self._store, session, end + timedelta(days=1), f"季度结束（{end.isoformat()}）以后")

    def publish(
        self,
        year: int,
        quarter: int,
        *,
        meeting_id: str,
        posted_on: date | None = None,
        place: str = "",
        contact: str = "",
        phone: str = "",
    ) -> str:
        """Freeze the sums up to the end of a quarter, as a meeting after it approved them; return the id.

        Raises:
            InvalidInput: something stands in the way, the meeting is none of the committee after the quarter, or the
                day is before it or after today.
        """
        self._store.rights.require_table(PointsPublication.__tablename__)
        day, end = posted_on or self._store.today, _end(year, quarter)
        if day > self._store.today:
            raise InvalidInput(POSTED_ON, "在今天之后")
        points = PointsService(self._store).year(year, end)
        asked = len(PointsService(self._store).year(year).asked(end))
        with self._store.unit_of_work(f"公示{year}年第{quarter}季度积分") as session:
            standing = self._standing(session, year, quarter, day, asked)
            if standing.hindrances:
                raise InvalidInput(QUARTER, "；".join(standing.hindrances))
            meeting = next((each for each, _ in approving(self._store, session) if each.id == meeting_id), None)
            if meeting is None or not end < meeting.held_on <= day:
                raise InvalidInput(MEETING, "应是季度结束以后开的支委会，最晚是张贴那天；没有支委会的支部是党员大会")
            claims = session.scalars(_claims(self._store.branch_id, year, end, ClaimState.APPROVED)).all()
            row = PointsPublication(
                branch_id=self._store.branch_id,
                year=year,
                quarter=quarter,
                posted_on=day,
                ends_on=standing.ends_on,
                meeting_id=meeting_id,
                edition=points_on(session, end, year).version,
                place=place.strip(),
                contact=contact.strip(),
                phone=phone.strip(),
                claim_ids=[claim.id for claim in claims],
                lines=lines_of(points),
            )
            session.add(row)
            session.flush()
            return row.id

    def _standing(self, session: Session, year: int, quarter: int, day: date, asked: int) -> Standing:
        end = _end(year, quarter)
        kept_in_year = _kept(session, self._store.branch_id, year)
        kept = [each for each in kept_in_year if each.quarter == quarter]
        last = kept[-1] if kept else None
        waiting = session.scalars(
            _claims(self._store.branch_id, year, end, ClaimState.SUBMITTED, ClaimState.VERIFIED)
        ).all()
        found: list[Obstacle] = []
        if day <= end:
            found.append(Obstacle(f"第{quarter}季度到{end.isoformat()}才结束"))
        if waiting:
            unverified = any(claim.state is ClaimState.SUBMITTED for claim in waiting)
            lines = Lines.UNVERIFIED if unverified else Lines.UNAPPROVED
            found.append(Obstacle(f"{len(waiting)}笔申报没有审核完", lines))
        if asked:
            found.append(Obstacle(f"{asked}笔没有判断有没有正当理由", Lines.ASKED))
        if last is not None and not last.outdated:
            found.append(Obstacle(f"{last.posted_on.isoformat()}已经公示过，没有撤销的就不用再公示"))
        calendars = law_on(session, day, day.year).calendars
        scheme = points_on(session, min(end, day), year)
        days = scheme.publish_workdays
        drawn: tuple[str, ...] = ()
        if day > end and not waiting and (last is None or last.outdated):
            posted = frozenset(claim_id for each in kept_in_year for claim_id in each.claim_ids)
            approved = session.scalars(_claims(self._store.branch_id, year, end, ClaimState.APPROVED)).all()
            fresh = [each.id for each in approved if each.id not in posted and gives(scheme.rule(each.rule))]
            drawn = spot_checks(f"{year}Q{quarter}", fresh, scheme.sample_ratio)
        settled = settled_claims(session, self._store.branch_id) if drawn else frozenset()
        uncompared = tuple(each for each in drawn if each not in settled)
        if uncompared:
            words = f"公布前抽{len(drawn)}笔核对原件，{len(uncompared)}笔还没有核对"
            found.append(Obstacle(words, Lines.UNCOMPARED))
        ends = after_workdays(day - timedelta(days=1), days, calendars)
        return Standing(
            year=year,
            quarter=quarter,
            obstacles=tuple(found),
            last=last,
            posted_on=day,
            ends_on=ends,
            spot_checks=drawn,
            uncompared=uncompared,
            provisional=not calendar_known(day, ends, calendars),
        )


def spot_checks(period: str, claim_ids: Sequence[str], ratio: Fraction) -> tuple[str, ...]:
    """Return the share of claims that is looked at more closely, rounded up: anybody draws the same ones again."""
    chance = {each: sha256(f"{period}/{each}".encode()).hexdigest() for each in claim_ids}
    return tuple(sorted(claim_ids, key=lambda each: (chance[each], each))[: ceil(len(claim_ids) * ratio)])


def lines_of(points: PointsYear) -> tuple[PublishedLine, ...]:
    """Return the sums as they are posted: the highest first, of equals in the order of the roster."""

    def tenths(value: Decimal) -> int:
        return int(value * TENTHS)

    ordered = sorted(points.members, key=lambda member: (bool(member.exempt), -member.total))
    return tuple(
        PublishedLine(
            member_id=member.member_id,
            name=member.name,
            base=tenths(member.base),
            contribution=tenths(member.contribution),
            reward=tenths(member.reward),
            deduction=-tenths(member.deduction),
            total=tenths(member.total),
            level=member.level,
        )
        for member in ordered
    )


def published_median(lines: Sequence[PublishedLine]) -> Decimal | None:
    """Return the median of those who are ranked; None where nobody is."""
    totals = [line.total for line in lines if line.level]
    return Decimal(middle(totals)) / TENTHS if totals else None


def last_publications(
    session: Session, branch_ids: Collection[str], year: int, quarter: int
) -> dict[str, PointsPublication]:
    """Return by branch the last publication of a quarter."""
    kept = PointsPublication
    query = (
        select(kept)
        .where(
            kept.branch_id.in_(branch_ids), kept.year == year, kept.quarter == quarter, kept.deleted_at_utc.is_(None)
        )
        .order_by(kept.posted_on, kept.id)
    )
    return {row.branch_id: row for row in session.scalars(query)}


def _end(year: int, quarter: int) -> date:
    if quarter not in range(1, 5):
        raise InvalidInput(QUARTER, "应是1到4")
    return quarter_end(year, quarter)


def _claims(branch_id: str, year: int, end: date, *states: ClaimState) -> Select[PointsClaim]:
    return select(PointsClaim).where(
        PointsClaim.branch_id == branch_id,
        PointsClaim.deleted_at_utc.is_(None),
        PointsClaim.event_on.between(date(year, 1, 1), end),
        STANDING.in_(states),
    )


def _kept(session: Session, branch_id: str, year: int) -> list[Publication]:
    rows = session.scalars(
        select(PointsPublication)
        .where(
            PointsPublication.branch_id == branch_id,
            PointsPublication.year == year,
            PointsPublication.deleted_at_utc.is_(None),
        )
        .order_by(PointsPublication.posted_on, PointsPublication.id)
    ).all()
    gone = frozenset(
        session.scalars(
            select(PointsClaim.id).where(PointsClaim.branch_id == branch_id, STANDING != ClaimState.APPROVED)
        )
    )
    return [
        Publication(
            id=row.id,
            year=row.year,
            quarter=row.quarter,
            posted_on=row.posted_on,
            ends_on=row.ends_on,
            meeting_id=row.meeting_id,
            place=row.place,
            contact=row.contact,
            phone=row.phone,
            lines=row.lines,
            claim_ids=tuple(row.claim_ids),
            outdated=not gone.isdisjoint(row.claim_ids),
            median=published_median(row.lines),
        )
        for row in rows
    ]
