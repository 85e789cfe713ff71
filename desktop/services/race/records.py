"""Periods, marks and the branches that take part as they lie in the store; each function takes a session."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.going_down import enrolled
from desktop.models.race import RaceMark, RacePeriod, RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.errors import InvalidInput
from desktop.services.race.editions import PERIOD, RaceSpan, race_span, scheme_in_force
from desktop.services.race.rows import Racer


def counties(session: Session) -> Mapping[str, str]:
    """Return the county (党总支) of every branch of which one is noted, enrolled or not."""
    return dict(session.execute(select(Partner.org, Partner.county).where(Partner.county != "")).all())


def racers(session: Session) -> list[Racer]:
    """Return the enrolled branches by code; a branch whose keys were renewed takes part once."""
    rows = session.scalars(select(Partner).where(Partner.state == PartnerState.ACTIVE).order_by(Partner.code)).all()
    found: dict[str, Racer] = {}
    for row in rows:
        found[row.org] = _racer(row)
    return list(found.values())


def ever_enrolled(session: Session) -> list[Racer]:
    """Return the branches that are enrolled or were, by code: what is kept of one that was revoked has its name."""
    rows = session.scalars(enrolled().with_only_columns(Partner).order_by(Partner.code))
    return [_racer(row) for row in rows]


def _racer(row: Partner) -> Racer:
    return Racer(row.org, row.code, row.name, row.group_kind, row.county)


def invited(session: Session) -> dict[str, str]:
    """Return the branches that were invited and are not registered, by code: uid and name."""
    rows = session.scalars(select(Partner).order_by(Partner.code)).all()
    active = {row.org for row in rows if row.state is PartnerState.ACTIVE}
    return {row.org: row.name for row in rows if row.state is PartnerState.INVITED and row.org not in active}


def declared_by(code: str) -> tuple[str, ...]:
    """Return the periods a package may declare to report a period: branches declare quarters, so that what reports a
    year is the report of its last quarter.
    """
    return (code, *race_span(code).quarters[-1:])


def reports_of(session: Session, code: str) -> dict[str, str]:
    """Return by branch the moment (`*_utc`) at which its first report of a period was taken in: what came before the
    last day of the period brought answers in between, and only a part of it.
    """
    declared = ReceivedPackage.period.in_(declared_by(code))
    query = (
        select(ReceivedPackage.sender, ReceivedPackage.received_at_utc)
        .where(ReceivedPackage.accepted, ReceivedPackage.kind == "report", declared)
        .where(ReceivedPackage.received_at_utc >= race_span(code).last.isoformat())
        .order_by(ReceivedPackage.received_at_utc.desc())
    )
    return {row.sender: row.received_at_utc for row in session.execute(query)}


def period_record(session: Session, code: str) -> RacePeriod | None:
    """Return what is kept of a period, or None before anybody worked on it."""
    return session.scalar(select(RacePeriod).where(RacePeriod.period == code))


def kept_period(session: Session, span: RaceSpan) -> RacePeriod:
    """Return what is kept of a period; the first work on it begins it."""
    row = period_record(session, span.code)
    if row is None:
        version = scheme_in_force(session, span.last).version
        row = RacePeriod(period=span.code, state=RacePeriodState.OPEN, scheme_version=version)
        session.add(row)
        session.flush()
    return row


def period_in_state(session: Session, span: RaceSpan, states: Collection[RacePeriodState], refusal: str) -> RacePeriod:
    """Return a period that is in one of `states`.

    Raises:
        InvalidInput: it is in another; `refusal` says when the step is possible.
    """
    row = period_record(session, span.code)
    if row is None or row.state not in states:
        state = row.state.label if row is not None else "尚未开始"
        raise InvalidInput(PERIOD, f"{span.name}{state}：{refusal}")
    return row


def marks_of(session: Session, code: str) -> Sequence[RaceMark]:
    """Return the penalties and vetoes typed for a period."""
    return session.scalars(
        select(RaceMark).where(RaceMark.period == code, RaceMark.deleted_at_utc.is_(None)).order_by(RaceMark.id)
    ).all()


def results_of(session: Session, code: str) -> Sequence[RaceResult]:
    """Return the kept results of a period."""
    return session.scalars(select(RaceResult).where(RaceResult.period == code)).all()
