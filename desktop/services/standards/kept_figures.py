"""The scores of branches at headquarters, kept when a package came in and read again as long as they hold.

They are derived, no records: without history, in no package, made anew where they are missing. What a score rests on
is seen from what came in, the ratings and findings of headquarters, the classes it published, and the editions it
keeps; any of these changed, the score is reckoned anew.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    RowMapping,
    String,
    delete,
    insert,
    select,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from desktop.models.race import RacePeriod
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services import derived
from desktop.services.errors import AppError, OnlyLooked, StorageFailure, Unreckonable
from desktop.services.race.editions import ended_last, race_span
from desktop.services.standards.facts import Facts
from desktop.services.standards.resting import Stamps
from desktop.services.standards.score import Score
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

log = logging.getLogger(__name__)
SHAPE = 5
"""Of the table below and of what a figure rests on: another number makes all anew."""
DAYS, ENDS = 8, 8
"""So many of the last days of work are kept, and so many ends of quarters, on which the race rests."""
OUT = (RacePeriodState.PUBLISHED, RacePeriodState.FINAL)
"""A race of which the kept result is shown, and nothing reckoned."""
COUNTS = ("total", "trace", "quality", "judged", "to_judge")
"""What else is kept of a score: points in hundredths, and how many criteria that people judge are judged."""
_tables = MetaData()
FIGURES = SqlTable(
    f"kept_figures_{SHAPE}",
    _tables,
    Column("branch_id", String, nullable=False),
    Column("scored_on", Date, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("rests_on", String, nullable=False),
    Column("rate", Integer),
    Column("pending", Integer, nullable=False),
    Column("rated", Boolean, nullable=False),
    Column("parts", String, nullable=False),
    *(Column(name, Integer, nullable=False) for name in COUNTS),
    Column("broken", Boolean, nullable=False),
    PrimaryKeyConstraint("branch_id", "scored_on", "verified"),
)


@dataclass(frozen=True, slots=True)
class StandardFigure:
    """A score of a branch: `rate` of judged points, points `pending`, and whether anybody rated quality.

    `parts` says the points for traces and for quality in words. In hundredths of points: `total`, of it for `trace`
    and for `quality`; `judged` of `to_judge` criteria that people judge are judged.
    """

    rate: Decimal | None
    pending: Decimal
    quality_rated: bool
    parts: str
    total: int
    trace: int
    quality: int
    judged: int
    to_judge: int


@contextmanager
def reckoning(branch_id: str) -> Iterator[None]:
    """Reckon with what one branch sent: whatever is wrong with it stays with that branch.

    Raises:
        Unreckonable: its data led to an error that is no refusal; the log has it.
    """
    try:
        yield
    except AppError:
        raise
    except Exception as error:
        log.exception("the data of branch %s cannot be reckoned with", branch_id)
        raise Unreckonable(branch_id=branch_id) from error


def standard_figure(
    store: "Store", branch_id: str, on: date, *, verified: bool = True, facts: Facts | None = None
) -> StandardFigure:
    """Reckon the verified score of a branch on `on`, or its own one; `facts` of the year, where they are read already.

    Raises:
        Unreckonable: what the branch sent leads to an error.
    """
    with reckoning(branch_id):
        return figure_of(StandardService(store).score(on, branch_id=branch_id, verified=verified, facts=facts))


def standard_figures(
    store: "Store", branch_id: str, on: date, facts: Facts | None = None
) -> dict[bool, StandardFigure]:
    """Reckon both scores of a branch on `on` at once: the verified one (True), and its own; `facts` as above.

    Raises:
        Unreckonable: what the branch sent leads to an error.
    """
    with reckoning(branch_id):
        judged = StandardService(store).judged(on, branch_id=branch_id, facts=facts)
        return {True: figure_of(judged.verified), False: figure_of(judged.own)}


def figure_of(score: Score) -> StandardFigure:
    """Return what is kept of a score."""
    judged, to_judge = score.judged
    return StandardFigure(
        rate=None if score.rate is None else Decimal(score.rate).scaleb(-2),
        pending=Decimal(score.pending).scaleb(-2),
        quality_rated=score.quality_rated,
        parts=score.parts_text,
        total=score.total,
        trace=score.trace,
        quality=score.quality,
        judged=judged,
        to_judge=to_judge,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A figure as it is kept: of which day; None where what the branch sent led to an error."""

    on: date
    figure: StandardFigure | None


class KeptFigures:
    """The scores of branches on one day: those that still hold are read at once, the others reckoned and kept.

    `keep` writes what was reckoned; a store that is only looked at keeps nothing and reckons again.
    """

    def __init__(
        self, store: "Store", on: date, only: Collection[str] | None = None, stamps: Stamps | None = None
    ) -> None:
        """Read what is kept for the day `on` of all branches, or of those whose ids are in `only`.

        `stamps`: what figures of the year of `on` rest on, where it is read already.
        """
        self._store, self.on = store, on
        self._new: dict[tuple[str, bool], Known] = {}
        self.only = only
        self._former: dict[tuple[str, bool], Known] | None = None
        with store.reading(whole=True) as session:
            self._stamps = Stamps(session, on.year, only) if stamps is None else stamps
            self._known = self._read(session, FIGURES.c.scored_on == on)

    def _read(self, session: Session, days: ColumnElement[bool]) -> dict[tuple[str, bool], Known]:
        """Read what is kept of some days and holds still, the latest of each branch."""
        if not derived.is_there(session, FIGURES):
            return {}
        query = select(FIGURES).where(days).order_by(FIGURES.c.scored_on)
        if self.only is not None:
            query = query.where(FIGURES.c.branch_id.in_(self.only))
        return {
            (row["branch_id"], row["verified"]): Known(row["scored_on"], _figure_of(row))
            for row in session.execute(query).mappings()
            if row["rests_on"] == self._stamps.of(row["branch_id"])
        }

    def knows(self, branch_id: str, *, verified: bool = True) -> bool:
        """Return whether the verified score of a branch, or its own one, need not be reckoned."""
        return (branch_id, verified) in self._known

    def figure(self, branch_id: str, *, verified: bool = True, facts: Facts | None = None) -> StandardFigure:
        """Return the verified score of a branch, or its own one; `facts` of it, where they are read already.

        Raises:
            Unreckonable: what the branch sent leads to an error.
        """
        key = branch_id, verified
        if key not in self._known:
            figure = None
            try:
                figure = standard_figure(self._store, branch_id, self.on, verified=verified, facts=facts)
            except Unreckonable:
                log.warning("no score of branch %s", branch_id)
            self._learn(key, figure)
        found = self._known[key].figure
        if found is None:
            raise Unreckonable(branch_id=branch_id)
        return found

    def both(self, branch_id: str, facts: Facts | None = None) -> tuple[StandardFigure, StandardFigure]:
        """Return the verified score of a branch and its own one; `facts` as in `figure`.

        Raises:
            Unreckonable: what the branch sent leads to an error.
        """
        if not any(self.knows(branch_id, verified=verified) for verified in (True, False)):
            figures: Mapping[bool, StandardFigure] = {}
            try:
                figures = standard_figures(self._store, branch_id, self.on, facts)
            except Unreckonable:
                log.warning("no scores of branch %s", branch_id)
            for verified in (True, False):
                self._learn((branch_id, verified), figures.get(verified))
        return self.figure(branch_id), self.figure(branch_id, verified=False)

    def _learn(self, key: tuple[str, bool], figure: StandardFigure | None) -> None:
        self._known[key] = self._new[key] = Known(self.on, figure)

    def latest(self, branch_id: str, *, verified: bool = True) -> Known | None:
        """Return the score of the day, else that of the latest day before it in the year that rests on the same data
        and ratings; None where there is none. Nothing is reckoned.
        """
        key = branch_id, verified
        if key not in self._known and self._former is None:
            before = FIGURES.c.scored_on.between(date(self.on.year, 1, 1), self.on)
            with self._store.reading(whole=True) as session:
                self._former = self._read(session, before)
        return self._known.get(key) or (self._former or {}).get(key)

    def keep(self) -> None:
        """Keep what was reckoned; where the disk refuses, it is reckoned again the next time."""
        _keep(self._store, [self])

    def taken_new(self) -> list[dict[str, object]]:
        """Return the rows of what was reckoned since the last time."""
        rows = [
            {
                "branch_id": branch_id,
                "scored_on": self.on,
                "verified": verified,
                "rests_on": self._stamps.of(branch_id),
                **_row_of(known.figure),
            }
            for (branch_id, verified), known in self._new.items()
        ]
        self._new.clear()
        return rows


def _keep(store: "Store", of_days: Sequence[KeptFigures]) -> None:
    """Keep what was reckoned of some days in one go."""
    if store.look is not None:
        return
    rows = [row for figures in of_days for row in figures.taken_new()]
    if not rows:
        return
    try:
        with store.upkeep() as session:
            derived.make(session, FIGURES)
            session.execute(insert(FIGURES).prefix_with("OR REPLACE"), rows)
            _forget_old(session)
    except (OnlyLooked, StorageFailure):
        log.warning("the scores of branches could not be kept", exc_info=True)


def _row_of(figure: StandardFigure | None) -> dict[str, object]:
    if figure is None:
        return {"rate": None, "pending": 0, "rated": False, "parts": "", "broken": True, **dict.fromkeys(COUNTS, 0)}
    return {
        "rate": None if figure.rate is None else int(figure.rate.scaleb(2)),
        "pending": int(figure.pending.scaleb(2)),
        "rated": figure.quality_rated,
        "parts": figure.parts,
        "broken": False,
        **{name: getattr(figure, name) for name in COUNTS},
    }


def _figure_of(row: RowMapping) -> StandardFigure | None:
    if row["broken"]:
        return None
    rate = None if row["rate"] is None else Decimal(row["rate"]).scaleb(-2)
    counts = {name: row[name] for name in COUNTS}
    return StandardFigure(rate, Decimal(row["pending"]).scaleb(-2), row["rated"], row["parts"], **counts)


def reckon(store: "Store", branches: Collection[str], on: date | None = None) -> None:
    """Reckon and keep the scores of the day `on` of some branches, own and verified; of today (left out) the verified
    ones too that a race asks for: overview and race read them then.
    """
    service, today = StandardService(store), store.today
    whole = today if on is None else on
    with store.reading(whole=True) as session:
        days = [whole, *(day for day in race_days(session, today) if whole == today != day)]
        stamps = {year: Stamps(session, year, branches) for year in {day.year for day in days}}
    of_days = [KeptFigures(store, day, branches, stamps[day.year]) for day in days]
    for branch_id in branches:
        known: dict[int, Facts] = {}
        for day, figures in zip(days, of_days, strict=True):
            asked = (True, False) if day == whole else (True,)
            if all(figures.knows(branch_id, verified=verified) for verified in asked):
                continue
            try:
                if day.year not in known:
                    with reckoning(branch_id):
                        known[day.year] = service.facts(day.year, branch_id, day)
                if day == whole:
                    figures.both(branch_id, known[day.year])
                else:
                    figures.figure(branch_id, facts=known[day.year])
            except AppError:
                log.warning("no score of branch %s to keep", branch_id)
    _keep(store, of_days)


def race_days(session: Session, today: date) -> list[date]:
    """Return the last days of the quarters whose result is not out: of those that began this year, and the one that
    ended last. The race of the year asks for that of its last quarter.
    """
    settled = set(session.scalars(select(RacePeriod.period).where(RacePeriod.state.in_(OUT))))
    begun = [race_span(f"{today.year}Q{number}") for number in range(1, 5)]
    spans = [race_span(ended_last(today)), *(span for span in begun if span.first <= today)]
    return sorted({span.last for span in spans if span.code not in settled})


def reckon_received(store: "Store", package_hashes: Sequence[str]) -> None:
    """Reckon and keep the scores of the branches whose packages came in; see `reckon`.

    What cannot be reckoned is left to the overview, which says so.
    """
    with store.reading() as session:
        package = ReceivedPackage
        query = select(package.sender).where(package.package_hash.in_(package_hashes)).distinct()
        branches = session.scalars(query).all()
    if branches:
        reckon(store, branches)


def _forget_old(session: Session) -> None:
    """Forget all but the last days of work and the last ends of quarters that anybody asked for."""
    days = session.scalars(select(FIGURES.c.scored_on).distinct().order_by(FIGURES.c.scored_on.desc())).all()
    ends = [day for day in days if (day + timedelta(days=1)).day == 1 and day.month % 3 == 0]
    others = [day for day in days if day not in ends]
    gone = [*others[DAYS:], *ends[ENDS:]]
    if gone:
        session.execute(delete(FIGURES).where(FIGURES.c.scored_on.in_(gone)))
