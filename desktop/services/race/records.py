"""Periods, marks and the branches that take part as they lie in the store; each function takes a session."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceMark, RacePeriod, RaceResult
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.race.rows import Racer


def racers(session: Session) -> list[Racer]:
    """Return the enrolled branches by code; a branch whose keys were renewed takes part once."""
    rows = session.scalars(select(Partner).where(Partner.state == PartnerState.ACTIVE).order_by(Partner.code)).all()
    found: dict[str, Racer] = {}
    for row in rows:
        found[row.org] = Racer(row.org, row.code, row.name, row.group_kind)
    return list(found.values())


def period_record(session: Session, code: str) -> RacePeriod | None:
    """Return what is kept of a period, or None before anybody worked on it."""
    return session.scalar(select(RacePeriod).where(RacePeriod.period == code))


def marks_of(session: Session, code: str) -> Sequence[RaceMark]:
    """Return the penalties and vetoes typed for a period."""
    return session.scalars(
        select(RaceMark).where(RaceMark.period == code, RaceMark.deleted_at_utc.is_(None)).order_by(RaceMark.id)
    ).all()


def results_of(session: Session, code: str) -> Sequence[RaceResult]:
    """Return the kept results of a period."""
    return session.scalars(select(RaceResult).where(RaceResult.period == code)).all()
