"""Where claims stand: the branch says so itself, but of one that waits for headquarters headquarters decides.

Each side writes its own record, so no state of one is kept in that of the other: it is read from both.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, case, literal, select
from sqlalchemy.orm import Session

from desktop.models.points import PointsClaim, PointsDecision
from desktop.models.sync import Partner
from desktop.models.vocabulary.points import ClaimState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.clock import Clock, day_of

_IN_FORCE = (PointsDecision.revoked_on.is_(None), PointsDecision.deleted_at_utc.is_(None))
_GRANTED = (
    select(PointsDecision.granted)
    .where(PointsDecision.claim_id == PointsClaim.id, PointsDecision.branch_id == PointsClaim.branch_id, *_IN_FORCE)
    .limit(1)
    .correlate(PointsClaim)
    .scalar_subquery()
)
_WAITS = PointsClaim.state == ClaimState.VERIFIED
_STATES = PointsClaim.state.type
STANDING: ColumnElement[ClaimState] = case(
    (and_(_WAITS, _GRANTED.is_(True)), literal(ClaimState.APPROVED, _STATES)),
    (and_(_WAITS, _GRANTED.is_(False)), literal(ClaimState.REJECTED, _STATES)),
    else_=PointsClaim.state,
)
"""The state of a claim, as a query asks for it."""


def standing_of(session: Session, claim: PointsClaim) -> ClaimState:
    """Return where a claim that is kept stands."""
    session.flush()
    return session.scalars(select(STANDING).where(PointsClaim.id == claim.id)).one()


def decisions_of(session: Session, branch_id: str) -> Mapping[str, PointsDecision]:
    """Return what headquarters decided of the claims of a branch and did not take back, by claim."""
    query = select(PointsDecision).where(PointsDecision.branch_id == branch_id, *_IN_FORCE)
    return {decision.claim_id: decision for decision in session.scalars(query)}


def decided_above_since(session: Session, clock: Clock) -> tuple[str, date] | None:
    """Return the name of the headquarters this branch exchanges packages with, and since when; None before."""
    query = select(Partner).where(Partner.state == PartnerState.ACTIVE).order_by(Partner.id.desc())
    partner = session.scalars(query).first()
    if partner is None or partner.enrolled_at_utc is None:
        return None
    return partner.name, day_of(partner.enrolled_at_utc, clock)


def told(decision: PointsDecision) -> str:
    """Return in words what was decided of a claim, and on what ground."""
    return f"{decision.org}{decision.decided_by}{decision.decided_on.isoformat()}核定：{decision.ground}"
