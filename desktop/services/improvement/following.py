"""What headquarters did for each branch by its class, as the board of plans shows it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.following import HelperPair, Liaison, SharingEvent
from desktop.models.going_down import enrolled
from desktop.services.improvement.learned import adopted_by, reported
from desktop.services.improvement.totals import before_after, quarter_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """One help between two branches. `before` and `after` are the totals of the branch that is helped: of the last
    quarter that was over when the help began, and of the last one published of those that began before it ended."""

    other: str
    helps: bool
    what: str
    began_on: date
    until: date
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The last liaison of a branch, what it adopted, and its pairs, the newest first."""

    visited_on: date | None = None
    liaison: str = ""
    next_step: str = ""
    next_on: date | None = None
    to_visit: bool = False
    """Whether the day has come on which somebody was to be in touch again, and nobody was."""
    adopted: tuple[str, ...] = ()
    pairs: tuple[PairRow, ...] = ()


def visited(session: Session) -> dict[str, date]:
    """Return by branch the day somebody of headquarters was last in touch with it."""
    last = func.max(Liaison.visited_on)
    query = select(Liaison.subject_id, last).where(Liaison.deleted_at_utc.is_(None)).group_by(Liaison.subject_id)
    return {branch_id: day for branch_id, day in session.execute(query) if day is not None}


def to_visit(session: Session, today: date) -> dict[str, date]:
    """Return by branch the day somebody of headquarters was to be in touch again, where it has come and nobody was."""
    kept = select(Liaison.subject_id, Liaison.next_on).where(Liaison.deleted_at_utc.is_(None))
    last = dict(session.execute(kept.order_by(Liaison.visited_on, Liaison.id)).all())
    return {branch_id: day for branch_id, day in last.items() if day is not None and day <= today}


class Following:
    """Reads all of it at once, then tells it branch by branch."""

    def __init__(self, session: Session, today: date) -> None:
        self._names = {row.id: row.name for row in session.execute(enrolled())}
        self._totals, self._promised = quarter_totals(session), to_visit(session, today)
        self._visits: dict[str, Liaison] = {}
        for visit in session.scalars(
            select(Liaison).where(Liaison.deleted_at_utc.is_(None)).order_by(Liaison.visited_on, Liaison.id)
        ):
            self._visits[visit.subject_id] = visit
        self._adopted: dict[str, list[str]] = defaultdict(list)
        learned = reported(session)
        for event in session.scalars(
            select(SharingEvent)
            .where(SharingEvent.deleted_at_utc.is_(None))
            .order_by(SharingEvent.held_on.desc(), SharingEvent.id.desc())
        ):
            for branch_id, words in adopted_by(event, learned.get(event.id, ()), today).items():
                self._adopted[branch_id] += (f"{said}（{event.title}）" for said in words)
        self._pairs: dict[str, list[PairRow]] = defaultdict(list)
        for pair in session.scalars(
            select(HelperPair)
            .where(HelperPair.deleted_at_utc.is_(None))
            .order_by(HelperPair.began_on.desc(), HelperPair.id.desc())
        ):
            for branch_id, other, helps in (
                (pair.helped_id, pair.helper_id, False),
                (pair.helper_id, pair.helped_id, True),
            ):
                self._pairs[branch_id].append(self._pair(pair, other, helps))

    def of(self, branch_id: str) -> Followed:
        """Return what was done for a branch."""
        visit = self._visits.get(branch_id)
        adopted, pairs = tuple(self._adopted.get(branch_id, ())), tuple(self._pairs.get(branch_id, ()))
        if visit is None:
            return Followed(adopted=adopted, pairs=pairs)
        return Followed(
            visited_on=visit.visited_on,
            liaison=visit.liaison,
            next_step=visit.next_step or "",
            next_on=visit.next_on,
            to_visit=branch_id in self._promised,
            adopted=adopted,
            pairs=pairs,
        )

    def _pair(self, pair: HelperPair, other: str, helps: bool) -> PairRow:
        ends = pair.ended_on or pair.until
        before, after = before_after(self._totals.get(pair.helped_id, {}), pair.began_on, ends)
        return PairRow(
            other=self._names.get(other, "已不在的支部"),
            helps=helps,
            what=pair.title,
            began_on=pair.began_on,
            until=ends,
            before=before,
            after=after,
        )
