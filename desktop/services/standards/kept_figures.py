"""The scores of branches at headquarters, kept when a package came in and read again as long as they hold.

They are derived, no records: without history, in no package, made anew where they are missing. What a score rests on
is seen from what came in, the ratings and findings of headquarters, the classes it published, and the editions it
keeps; any of these changed, the score is reckoned anew.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Executable,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    cast,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models.base import Base, Travel
from desktop.models.history import AuditEntry, Change
from desktop.models.race import RaceResult
from desktop.models.standards import GateFinding, StandardPack, VerifiedRating
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import AppError, OnlyLooked, StorageFailure, Unreckonable
from desktop.services.standards.ratings import kept_ratings, period_on
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

log = logging.getLogger(__name__)
SHAPE = 1
"""Of the table below and of what a figure rests on: another number makes all anew."""
DAYS = 16
"""So many of the latest days are kept: ends of quarters, and the last days of work."""
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
    PrimaryKeyConstraint("branch_id", "scored_on", "verified"),
)


@dataclass(frozen=True, slots=True)
class StandardFigure:
    """A score of a branch: `rate` of judged points, points `pending`, and whether anybody rated quality."""

    rate: Decimal | None
    pending: Decimal
    quality_rated: bool
    parts: str
    """The points for traces and for quality in words."""


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


def standard_figure(store: "Store", branch_id: str, on: date, *, verified: bool = True) -> StandardFigure:
    """Reckon the verified score of a branch on `on`, or its own one.

    Raises:
        Unreckonable: what the branch sent leads to an error.
    """
    with store.reading() as session:
        rated = bool(kept_ratings(session, on.year, branch_id, verified, period_on(on, on.year)))
    with reckoning(branch_id):
        score = StandardService(store).score(on, branch_id=branch_id, verified=verified)
        rate = None if score.rate is None else Decimal(score.rate).scaleb(-2)
        return StandardFigure(rate, Decimal(score.pending).scaleb(-2), rated, score.parts_text)


class KeptFigures:
    """The scores of all branches on one day: those that still hold are read at once, the others reckoned and kept.

    `keep` writes what was reckoned; a store that is only looked at keeps nothing and reckons again.
    """

    def __init__(self, store: "Store", on: date) -> None:
        self._store, self._on = store, on
        self._found: dict[tuple[str, bool], StandardFigure] = {}
        self._new: dict[tuple[str, bool], StandardFigure] = {}
        with store.reading(whole=True) as session:
            self._stamps = _Stamps(session, on)
            if not _is_there(session):
                return
            kept = session.execute(select(FIGURES).where(FIGURES.c.scored_on == on))
            for row in kept.mappings():
                if row["rests_on"] == self._stamps.of(row["branch_id"]):
                    rate = None if row["rate"] is None else Decimal(row["rate"]).scaleb(-2)
                    pending = Decimal(row["pending"]).scaleb(-2)
                    self._found[row["branch_id"], row["verified"]] = StandardFigure(
                        rate, pending, row["rated"], row["parts"]
                    )

    def figure(self, branch_id: str, *, verified: bool = True) -> StandardFigure:
        """Return the verified score of a branch, or its own one.

        Raises:
            Unreckonable: what the branch sent leads to an error.
        """
        key = branch_id, verified
        if key not in self._found:
            self._found[key] = self._new[key] = standard_figure(self._store, branch_id, self._on, verified=verified)
        return self._found[key]

    def keep(self) -> None:
        """Keep what was reckoned; where the disk refuses, it is reckoned again the next time."""
        if not self._new or self._store.look is not None:
            return
        rows = [
            {
                "branch_id": branch_id,
                "scored_on": self._on,
                "verified": verified,
                "rests_on": self._stamps.of(branch_id),
                "rate": None if figure.rate is None else int(figure.rate.scaleb(2)),
                "pending": int(figure.pending.scaleb(2)),
                "rated": figure.quality_rated,
                "parts": figure.parts,
            }
            for (branch_id, verified), figure in self._new.items()
        ]
        try:
            with self._store.upkeep() as session:
                _make(session)
                session.execute(insert(FIGURES).prefix_with("OR REPLACE"), rows)
                _forget_old(session)
        except (OnlyLooked, StorageFailure):
            log.warning("the scores of branches could not be kept", exc_info=True)
        self._new.clear()


def reckon_received(store: "Store", package_hashes: Sequence[str]) -> None:
    """Reckon and keep the scores of today of the branches whose packages came in: the overview reads them then.

    What cannot be reckoned is left to the overview, which says so.
    """
    with store.reading() as session:
        package = ReceivedPackage
        query = select(package.sender).where(package.package_hash.in_(package_hashes)).distinct()
        branches = session.scalars(query).all()
    if not branches:
        return
    figures = KeptFigures(store, store.today)
    for branch_id in branches:
        for verified in (True, False):
            try:
                figures.figure(branch_id, verified=verified)
            except AppError:
                log.warning("no score of branch %s to keep", branch_id)
    figures.keep()


class _Stamps:
    """What the scores of each branch rest on, as short sums that change with it."""

    def __init__(self, session: Session, on: date) -> None:
        self._all = _of_all(session)
        self._by_branch: dict[str, list[object]] = {}
        package, result = ReceivedPackage, RaceResult
        parts: list[Executable] = [
            select(package.sender, func.count(), func.max(package.received_at_utc), func.max(package.seq))
            .where(package.accepted)
            .group_by(package.sender),
        ]
        for model in (VerifiedRating, GateFinding):
            parts.append(
                select(
                    model.branch_id,
                    func.count(),
                    func.count(model.deleted_at_utc),
                    func.sum(model.rev),
                    func.max(model.updated_at_utc),
                )
                .where(model.year == on.year)
                .group_by(model.branch_id)
            )
        said = [cast(column, String) for column in (result.period, result.race_class, result.published_on)]
        classes = said[0] + said[1] + func.coalesce(said[2], "")
        parts.append(
            select(result.branch_id, func.group_concat(classes))
            .where(result.race_class.is_not(None))
            .group_by(result.branch_id)
        )
        for number, part in enumerate(parts):
            for branch_id, *found in session.execute(part):
                self._by_branch.setdefault(branch_id, []).append((number, *found))

    def of(self, branch_id: str) -> str:
        """Return the sum for one branch."""
        said = repr((self._all, self._by_branch.get(branch_id)))
        return blake2b(said.encode(), digest_size=16).hexdigest()


def _of_all(session: Session) -> object:
    """Return what every score rests on: the program, the editions, and records of branches that were changed here."""
    pack = StandardPack
    editions = session.execute(
        select(pack.kind, pack.version, pack.effective_from, func.length(pack.text)).order_by(pack.kind, pack.version)
    ).all()
    owned = [
        str(mapper.class_.__tablename__)
        for mapper in Base.registry.mappers
        if getattr(mapper.class_, "__travels__", None) is Travel.UP
    ]
    changes = session.execute(select(func.count(), func.max(Change.at_utc)).where(Change.record_kind.in_(owned))).one()
    cleared = session.execute(
        select(func.count()).where(AuditEntry.action.in_((Use.ERASE.value, Use.RESTORE.value)))
    ).scalar_one()
    return __version__, [tuple(edition) for edition in editions], tuple(changes), cleared


def _is_there(session: Session) -> bool:
    query = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name")
    return session.execute(query, {"name": FIGURES.name}).first() is not None


def _make(session: Session) -> None:
    if _is_there(session):
        return
    old = text("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'kept\\_figures\\_%' ESCAPE '\\'")
    for name in session.scalars(old).all():
        session.execute(text(f"DROP TABLE {name}"))
    _tables.create_all(session.connection())


def _forget_old(session: Session) -> None:
    """Forget all but the last days that anybody asked for."""
    days = session.scalars(
        select(FIGURES.c.scored_on).distinct().order_by(FIGURES.c.scored_on.desc()).offset(DAYS)
    ).all()
    if days:
        session.execute(delete(FIGURES).where(FIGURES.c.scored_on.in_(days)))
