"""What the figures of branches at headquarters rest on, as short sums: where one changed, its figures are made anew."""

from collections.abc import Collection
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, String, cast, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from desktop import __version__
from desktop.models.base import Base, Travel
from desktop.models.following import HelperPair, Liaison, SharingEvent
from desktop.models.history import AuditEntry, Change
from desktop.models.points import PointsDecision
from desktop.models.race import RaceResult
from desktop.models.registers import Kept
from desktop.models.standards import GateFinding, StandardPack, VerifiedRating
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.stores import Use


class Stamps:
    """What came in from each branch, the ratings and findings of headquarters about a year, its decisions of claims,
    the classes it published, what it arranged, and the editions it keeps, as one short sum for each branch.
    """

    def __init__(self, session: Session, year: int, only: Collection[str] | None = None) -> None:
        """Read what the figures of a year rest on, of all branches or of those whose ids are in `only`."""
        self._all = _of_all(session)
        self._by_branch: dict[str, list[object]] = {}
        self._sums: dict[str, str] = {}
        for number, part in enumerate(_parts(year, only)):
            for branch_id, *found in session.execute(part):
                self._by_branch.setdefault(branch_id, []).append((number, *found))

    def of(self, branch_id: str) -> str:
        """Return the sum for one branch."""
        if branch_id not in self._sums:
            said = repr((self._all, self._by_branch.get(branch_id)))
            self._sums[branch_id] = blake2b(said.encode(), digest_size=16).hexdigest()
        return self._sums[branch_id]


def _parts(year: int, only: Collection[str] | None) -> list[Executable]:
    def among(
        column: ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ) -> ColumnElement[bool]:
        return true() if only is None else column.in_(only)

    package, result = ReceivedPackage, RaceResult
    parts: list[Executable] = [
        select(package.sender, func.count(), func.max(package.received_at_utc), func.max(package.seq))
        .where(package.accepted, among(package.sender))
        .group_by(package.sender),
    ]
    for model, of_year in (
        (VerifiedRating, VerifiedRating.year == year),
        (GateFinding, GateFinding.year == year),
        (PointsDecision, true()),
    ):
        parts.append(
            select(
                model.branch_id,
                func.count(),
                func.count(model.deleted_at_utc),
                func.sum(model.rev),
                func.max(model.updated_at_utc),
            )
            .where(of_year, among(model.branch_id))
            .group_by(model.branch_id)
        )
    said = [cast(column, String) for column in (result.period, result.race_class, result.published_on)]
    classes = said[0] + said[1] + said[2]
    parts.append(
        select(result.branch_id, func.group_concat(classes))
        .where(result.race_class.is_not(None), result.published_on.is_not(None), among(result.branch_id))
        .group_by(result.branch_id)
    )
    line = func.json_each(SharingEvent.attending).table_valued("value").alias("line")
    came = func.json_extract(line.c.value, "$.branch_id", type_=String)
    parts += [
        _arranged(SharingEvent, select(SharingEvent.host_id), among(SharingEvent.host_id)),
        _arranged(SharingEvent, select(came).select_from(SharingEvent).join(line, true()), among(came)),
        _arranged(HelperPair, select(HelperPair.helper_id), among(HelperPair.helper_id)),
        _arranged(Liaison, select(Liaison.subject_id), among(Liaison.subject_id)),
    ]
    return parts


def _arranged(kept: type[Kept], branches: Select[Any], among: ColumnElement[bool]) -> Executable:
    """Return the query of what headquarters arranged, summed up for each of the branches that are concerned."""
    branch = branches.selected_columns[0]
    sums = func.count(), func.count(kept.deleted_at_utc), func.sum(kept.rev), func.max(kept.updated_at_utc)
    return branches.add_columns(*sums).where(branch.is_not(None), among).group_by(branch)


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
