"""What was found of claims held against their originals (核对原件), as it is kept and looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.points import PointsCheck
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.members.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found, by whom and when; taken back on a day for a reason, perhaps. `deduction_id`: the claim by which
    a false one costs points."""

    id: str
    claim_id: str
    verdict: CheckVerdict
    found: str
    compared_by: str
    compared_on: date
    deduction_id: str | None
    revoked_on: date | None
    revoke_reason: str

    @property
    def settles(self) -> bool:
        """Whether it stands and says something of the claim."""
        return self.revoked_on is None and self.verdict.settled


def checks_of(session: Session, branch_id: str, roster: Roster) -> Mapping[str, tuple[Check, ...]]:
    """Return what was found of the claims of a branch, by claim, the last first."""
    query = select(PointsCheck).where(PointsCheck.branch_id == branch_id, PointsCheck.deleted_at_utc.is_(None))
    found: dict[str, list[Check]] = {}
    for row in session.scalars(query.order_by(PointsCheck.id.desc())):
        found.setdefault(row.claim_id, []).append(
            Check(
                id=row.id,
                claim_id=row.claim_id,
                verdict=row.verdict,
                found=row.found,
                compared_by=roster.label(row.compared_by_id, row.compared_on),
                compared_on=row.compared_on,
                deduction_id=row.deduction_id,
                revoked_on=row.revoked_on,
                revoke_reason=row.revoke_reason,
            )
        )
    return {claim_id: tuple(checks) for claim_id, checks in found.items()}


def settled_claims(session: Session, branch_id: str) -> frozenset[str]:
    """Return the ids of the claims of a branch of which the originals said something that stands."""
    query = select(PointsCheck.claim_id, PointsCheck.verdict).where(
        PointsCheck.branch_id == branch_id, PointsCheck.deleted_at_utc.is_(None), PointsCheck.revoked_on.is_(None)
    )
    return frozenset(claim_id for claim_id, verdict in session.execute(query) if verdict.settled)
