"""Which scheme a period runs by, and what has become of the periods headquarters worked on."""

from sqlalchemy.orm import Session

from desktop.models.vocabulary.race import RacePeriodState
from desktop.services.race.editions import RaceSpan, scheme_in_force, scheme_of_version
from desktop.services.race.records import period_record
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
