"""A claim of points as it is kept and looked at, with where it stands."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim, PointsDecision
from desktop.models.vocabulary.points import ClaimState
from desktop.services.meetings.naming import title as meeting_title
from desktop.services.members.roster import Roster
from desktop.services.points.checks import Check
from desktop.services.points.claim_rules import answers, gives, of_secretary
from desktop.services.points.scheme import PointsScheme


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim as it is kept. `late`: handed in later than the rules allow; `published_on`: when it was first posted.

    `decided`: nobody asked for it, it answers whether there was a good reason (正当理由). `ground`: on which
    headquarters decided it. `checks`: what was found of its originals, the last first; `comparable`: it may be held
    against them now. `charged`: nobody asks for it for themselves, it costs points.
    """

    id: str
    member_id: str
    name: str
    rule: str
    rule_name: str
    event_on: date
    title: str
    outcome: str
    rating: int | None
    choice: str | None
    handed_in_on: date
    late: bool
    decided: bool
    state: ClaimState
    waits_above: bool
    verified_by: str
    verified_on: date | None
    approved_by: str
    approved_on: date | None
    reason: str
    closed_on: date | None
    published_on: date | None
    rev: int
    ground: str = ""
    checks: tuple[Check, ...] = ()
    comparable: bool = False
    charged: bool = False

    @property
    def check(self) -> Check | None:
        """What was found last and stands."""
        return next((each for each in self.checks if each.revoked_on is None), None)


def row_of(
    session: Session,
    claim: PointsClaim,
    state: ClaimState,
    scheme: PointsScheme,
    roster: Roster,
    posted: date | None,
    decision: PointsDecision | None,
    checks: tuple[Check, ...],
    today: date,
) -> ClaimRow:
    """Return a claim as it stands on the day `today`; `decision`: what headquarters said of it."""
    rule = scheme.rule(claim.rule)
    meeting = session.get(Meeting, claim.meeting_id) if claim.meeting_id else None
    by = meeting_title(meeting.kind, meeting.held_on, "") if meeting is not None else claim.approving_org or ""
    reason, approved_on, closed_on = claim.reason or "", claim.approved_on, claim.closed_on
    if decision is not None and claim.state is ClaimState.VERIFIED:
        said, on_day = f"{decision.org}{decision.decided_by}", decision.decided_on
        if decision.granted:
            by, approved_on = said, on_day
        else:
            reason, closed_on = f"{said}：{decision.ground}", on_day
    on = claim.handed_in_on
    allowed = timedelta(days=scheme.claim_within_days)
    decided = answers(rule)
    return ClaimRow(
        id=claim.id,
        member_id=claim.member_id,
        name=roster.label(claim.member_id, on),
        rule=claim.rule,
        rule_name=rule.name if rule is not None else "",
        event_on=claim.event_on,
        title=claim.title,
        outcome=claim.outcome,
        rating=claim.rating,
        choice=claim.choice,
        handed_in_on=on,
        late=gives(rule) and on - claim.event_on > allowed,
        decided=decided,
        state=state,
        waits_above=state is ClaimState.VERIFIED and of_secretary(roster, claim, today),
        verified_by=roster.label(claim.verified_by_id, on) if claim.verified_by_id else "",
        verified_on=claim.verified_on,
        approved_by=by,
        approved_on=approved_on,
        reason=reason,
        closed_on=closed_on,
        published_on=posted,
        rev=claim.rev,
        ground=decision.ground if decision is not None else "",
        checks=checks,
        charged=not (decided or gives(rule)),
        comparable=state is ClaimState.APPROVED and gives(rule) and not any(each.settles for each in checks),
    )
