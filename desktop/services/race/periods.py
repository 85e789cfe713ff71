"""Which scheme a period runs by, and what has become of the periods headquarters worked on."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput, RaceMark, RacePeriod, RaceResult
from desktop.models.sampling import SampleSheet
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.race.details import OWN_GROUP, row_of
from desktop.services.race.editions import RaceSpan, begun_span, scheme_in_force, scheme_of_version
from desktop.services.race.records import period_record, racers, results_of
from desktop.services.race.rows import Racer
from desktop.services.race.scheme import Scheme
from desktop.services.store import Store

SETTLED = (RacePeriodState.SCORED, RacePeriodState.PUBLISHED, RacePeriodState.APPEALED, RacePeriodState.FINAL)
"""The states in which a result is kept, with the edition of the scheme it was made by."""

PUBLISHED = (RacePeriodState.PUBLISHED, RacePeriodState.APPEALED, RacePeriodState.FINAL)
"""The states in which a result is public: only a correction changes it."""


def scheme_to_score_by(session: Session, span: RaceSpan) -> Scheme:
    """Return the scheme a period is scored by: the one in force on its last day, or that of its published result."""
    row = period_record(session, span.code)
    if row is not None and row.state in PUBLISHED:
        return scheme_of_version(session, row.scheme_version)
    return scheme_in_force(session, span.last)


def scheme_of(store: Store, span: RaceSpan) -> Scheme:
    """Return the scheme a period runs by: that of its kept result, else the one in force on its last day."""
    with store.reading() as session:
        row = period_record(session, span.code)
        if row is not None and row.state in SETTLED:
            return scheme_of_version(session, row.scheme_version)
        return scheme_in_force(session, span.last)


def published_results(session: Session, code: str) -> Sequence[RaceResult]:
    """Return the published results of a period by code; none before it is published."""
    row = period_record(session, code)
    if row is None or row.state not in PUBLISHED:
        return ()
    return sorted(results_of(session, code), key=lambda result: (row_of(result).code, result.branch_id))


def taking_part(session: Session, code: str) -> list[Racer]:
    """Return who takes part in a period, by code: whoever did in its published result, else who is enrolled.

    A correction moves nobody to another group and lets nobody in or out.
    """
    return [_as_published(result) for result in published_results(session, code)] or racers(session)


def periods_kept(store: Store) -> frozenset[str]:
    """Return the periods of which headquarters keeps anything: a race, figures, penalties, samples, packages."""
    package = ReceivedPackage
    with store.reading() as session:
        codes = set(session.scalars(select(package.period).where(package.accepted).distinct()))
        for model in (RacePeriod, RaceInput, RaceMark, SampleSheet):
            codes.update(session.scalars(select(model.period).distinct()))
    return frozenset(code for code in codes if code and _begun(code, store.today))


def _begun(code: str, today: date) -> bool:
    try:
        return begun_span(code, today).code == code
    except InvalidInput:
        return False  # of a package that declares what no page can show


def _as_published(result: RaceResult) -> Racer:
    row = row_of(result)
    return Racer(result.branch_id, row.code, row.name, str(result.detail.get(OWN_GROUP, result.group)))
