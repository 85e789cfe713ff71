"""Claims of secretaries (书记的积分申报), decided at headquarters: nobody says yes to what is their own.

A claim comes up with the package of its branch; what is decided goes down with the feedback, and only then the branch
counts it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.base import LONGEST_NAMES
from desktop.models.history import SettingName
from desktop.models.points import PointsClaim, PointsDecision
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.points.claim_rules import REASON, of_secretary
from desktop.services.points.standing import STANDING, standing_of
from desktop.services.race.records import racers
from desktop.services.standards.asked import headquarters_only
from desktop.services.standards.editions import points_on
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

WHAT = "核定积分申报"
GRANTED = Input("granted", "核定")
GROUND = Input("ground", "核定依据")
DECIDED_BY = Input("decided_by", "核定的会议或人")
DECIDED_ON = Input("decided_on", "核定日期")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided of a claim: by whom, when, on which ground; taken back on a day for a reason, perhaps."""

    id: str
    granted: bool
    decided_by: str
    decided_on: date
    ground: str
    revoked_by: str
    revoked_on: date | None
    revoke_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAbove:
    """A claim of a secretary as headquarters sees it. `files`: how many are attached. `decisions`: the last first."""

    id: str
    branch_id: str
    code: str
    branch: str
    name: str
    rule: str
    rule_name: str
    title: str
    outcome: str
    asked: str
    event_on: date
    handed_in_on: date
    late: bool
    verified_by: str
    verified_on: date | None
    files: int
    state: ClaimState
    decisions: tuple[Decision, ...]

    @property
    def waits(self) -> bool:
        """Whether it is to be decided."""
        return self.state is ClaimState.VERIFIED

    @property
    def decision(self) -> Decision | None:
        """What is in force."""
        return next((each for each in self.decisions if each.revoked_on is None), None)


class DecidingService:
    """The claims that wait for headquarters, and those it decided."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def claims(self) -> list[ClaimAbove]:
        """Return the claims of secretaries that wait, the oldest first, then those that were decided, newest first."""
        with self._store.reading() as session:
            found = list(self._read(session))
        waiting = sorted((each for each in found if each.waits), key=lambda each: (each.handed_in_on, each.id))
        decided = [each for each in found if not each.waits]
        last = sorted(decided, key=lambda each: (each.decisions[0].decided_on, each.id), reverse=True)
        return [*waiting, *last]

    def waiting(self) -> list[ClaimAbove]:
        """Return the claims that wait to be decided, the oldest first."""
        return [each for each in self.claims() if each.waits]

    def decide(
        self, claim_id: str, *, granted: bool, ground: str, decided_by: str, decided_on: date | None = None
    ) -> str:
        """Decide a claim of a secretary; the branch learns it with the next feedback. Return the id of the decision.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it does not wait for a decision, a word is missing, or the day cannot be.
            NotFound: no such claim came in.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, WHAT)
        on, today = decided_on or self._store.today, self._store.today
        for field, words in ((DECIDED_BY, decided_by), (GROUND, ground)):
            if not words.strip():
                raise InvalidInput(field, "不能为空")
        if len(decided_by.strip()) > LONGEST_NAMES:
            raise InvalidInput(DECIDED_BY, f"最多{LONGEST_NAMES}字")
        with self._store.unit_of_work(WHAT) as session:
            claim = _claim(session, claim_id)
            state = standing_of(session, claim)
            roster = roster_of(self._store, session, claim.branch_id)
            if state is not ClaimState.VERIFIED or not of_secretary(roster, claim, today):
                raise InvalidInput(GRANTED, f"“{claim.title}”{state.label}，不等总部核定")
            refuse_outside(DECIDED_ON, on, claim.handed_in_on, "申报那天", today)
            whose = {racer.branch_id: racer.name for racer in racers(session)}.get(claim.branch_id, "")
            said = "同意" if granted else "不同意"
            action_of(session).sentence = f"核定{whose}书记的积分申报“{claim.title}”：{said}"
            row = PointsDecision(
                branch_id=claim.branch_id,
                claim_id=claim_id,
                granted=granted,
                org=self._store.setting(SettingName.NAME),
                decided_by=decided_by.strip(),
                decided_on=on,
                ground=ground.strip(),
            )
            session.add(row)
            session.flush()
            return row.id

    def take_back(self, decision_id: str, revoked_by: str, reason: str) -> None:
        """Take a decision back (撤销): it stays with its reason, and the claim waits to be decided anew.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: a word is missing, or it is taken back already.
            NotFound: there is none of this id.
        """
        self._store.rights.require(Act.PUBLISH)
        headquarters_only(self._store, WHAT)
        for field, words in ((DECIDED_BY, revoked_by), (REASON, reason)):
            if not words.strip():
                raise InvalidInput(field, "不能为空")
        if len(revoked_by.strip()) > LONGEST_NAMES:
            raise InvalidInput(DECIDED_BY, f"最多{LONGEST_NAMES}字")
        with self._store.unit_of_work("撤销积分申报的核定") as session:
            row = session.get(PointsDecision, decision_id)
            if row is None or row.deleted_at_utc is not None:
                raise NotFound(what="核定")
            if row.revoked_on is not None:
                raise InvalidInput(GRANTED, f"{row.revoked_on.isoformat()}已经撤销")
            row.revoked_by, row.revoked_on, row.revoke_reason = revoked_by.strip(), self._store.today, reason.strip()

    # inside

    def _read(self, session: Session) -> Iterator[ClaimAbove]:
        decided: dict[str, list[PointsDecision]] = {}
        query = select(PointsDecision).where(PointsDecision.deleted_at_utc.is_(None))
        for row in session.scalars(query.order_by(PointsDecision.id.desc())):
            decided.setdefault(row.claim_id, []).append(row)
        open_or_decided = (PointsClaim.state == ClaimState.VERIFIED) | PointsClaim.id.in_(decided)
        claims = session.execute(
            select(PointsClaim, STANDING).where(PointsClaim.deleted_at_utc.is_(None), open_or_decided)
        ).all()
        attached = select(Attachment.record_id, func.count()).where(
            Attachment.record_kind == PointsClaim.__tablename__, Attachment.deleted_at_utc.is_(None)
        )
        files: dict[str, int] = dict(session.execute(attached.group_by(Attachment.record_id)).all())
        rosters: dict[str, Roster] = {}
        branches = {racer.branch_id: racer for racer in racers(session)}
        for claim, state in claims:
            if claim.branch_id not in branches:
                continue
            if claim.branch_id not in rosters:
                rosters[claim.branch_id] = roster_of(self._store, session, claim.branch_id)
            roster = rosters[claim.branch_id]
            if claim.id not in decided and not of_secretary(roster, claim, self._store.today):
                continue
            scheme = points_on(session, self._store.today, claim.event_on.year)
            rule, on = scheme.rule(claim.rule), claim.handed_in_on
            yield ClaimAbove(
                id=claim.id,
                branch_id=claim.branch_id,
                code=branches[claim.branch_id].code,
                branch=branches[claim.branch_id].name,
                name=roster.label(claim.member_id, on),
                rule=claim.rule,
                rule_name=rule.name if rule is not None else "",
                title=claim.title,
                outcome=claim.outcome,
                asked=claim.choice or ("" if claim.rating is None else f"{claim.rating}"),
                event_on=claim.event_on,
                handed_in_on=on,
                late=on - claim.event_on > timedelta(days=scheme.claim_within_days),
                verified_by=roster.label(claim.verified_by_id, on) if claim.verified_by_id else "",
                verified_on=claim.verified_on,
                files=files.get(claim.id, 0),
                state=state,
                decisions=_decisions(decided.get(claim.id, ())),
            )


def _claim(session: Session, claim_id: str) -> PointsClaim:
    claim = session.get(PointsClaim, claim_id)
    if claim is None or claim.deleted_at_utc is not None:
        raise NotFound(what="积分申报")
    return claim


def _decisions(rows: Sequence[PointsDecision]) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            id=row.id,
            granted=row.granted,
            decided_by=row.decided_by,
            decided_on=row.decided_on,
            ground=row.ground,
            revoked_by=row.revoked_by,
            revoked_on=row.revoked_on,
            revoke_reason=row.revoke_reason,
        )
        for row in rows
    )
