"""Periods, marks and the branches that take part as they lie in the store; each function takes a session."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceMark, RacePeriod
from desktop.models.sync import Partner
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.errors import InvalidInput
from desktop.services.race.editions import PERIOD, RaceSpan
from desktop.services.race.rows import Racer


def refuse_if_shown(session: Session, span: RaceSpan) -> None:
    """Refuse to change what a published result rests on; an appeal opens it again.

    Raises:
        InvalidInput: the result of the period is published.
    """
    row = period_record(session, span.code)
    if row is not None and row.state in (RacePeriodState.PUBLISHED, RacePeriodState.FINAL):
        raise InvalidInput(PERIOD, f"{span.name}结果{row.state.label}，受理申诉后才能修改")


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
