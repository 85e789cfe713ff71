"""Claims held against their originals (核对原件): what was found is kept; a false one loses its points and costs some.

The share that is drawn has to be looked at before a quarter is posted; any other approved claim may be. Nobody compares
what is their own. What was found is never edited: what was wrong is taken back with a reason, and stays.
"""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.points import PointsCheck, PointsClaim
from desktop.models.vocabulary.points import CheckVerdict, ClaimState
from desktop.services.errors import Input, InvalidInput, NotAllowed, NotFound
from desktop.services.members.lookup import roster_of
from desktop.services.points.claim_rules import CLAIM, REASON, able_to_verify, gives
from desktop.services.points.claims import LONGEST_TITLE, ClaimDraft, ClaimService
from desktop.services.points.keeping import COMPARED_BY, COMPARED_ON, FOUND
from desktop.services.points.known import claimable
from desktop.services.points.scheme import PointsScheme, Rule
from desktop.services.points.standing import standing_of
from desktop.services.quoting import shortened
from desktop.services.standards.editions import points_on
from desktop.services.typed import refuse_outside
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

VERDICT = Input("verdict", "认定")
OWN = "核对自己的积分申报"
FALSE_CLAIM = "核对原件不实"


class ComparingService:
    """What was found of the claims of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store, self._claims = store, ClaimService(store)

    def comparers(self, claim_id: str) -> list[tuple[str, str]]:
        """Return id and name of those who may hold a claim against its originals: who may verify it, never whose it is.

        Raises:
            NotFound: there is no such claim.
        """
        with self._store.reading() as session:
            claim = self._find(session, claim_id)
            return able_to_verify(roster_of(self._store, session), claim, self._store.today)

    def compare(
        self,
        claim_id: str,
        *,
        verdict: CheckVerdict,
        found: str = "",
        compared_by_id: str | None = None,
        compared_on: date | None = None,
    ) -> str:
        """Keep what was found of an approved claim, without a name by the first who may; return the id of it.

        A false claim is revoked, and what the rules deduct for one is handed in, to be verified and approved as every
        deduction is.

        Raises:
            NotAllowed: the roles of who works here do not reach so far, or it is the user's own.
            InvalidInput: the claim is not approved or settled already, who compares may not, a word is missing, or the
                day cannot be.
            NotFound: there is no such claim.
        """
        self._store.rights.require_table(PointsCheck.__tablename__)
        if verdict is CheckVerdict.FALSE:
            self._store.rights.require_table(PointsClaim.__tablename__)
        on, words = compared_on or self._store.today, found.strip()
        with self._store.unit_of_work("核对积分申报的原件") as session:
            claim = self._find(session, claim_id)
            if self._store.rights.own_member == claim.member_id:
                raise NotAllowed(what=OWN)
            action_of(session).sentence = f"核对积分申报“{claim.title}”的原件：{verdict.label}"
            scheme = points_on(session, self._store.today, claim.event_on.year)
            self._refuse(session, claim, scheme)
            if verdict is not CheckVerdict.TRUE and not words:
                raise InvalidInput(FOUND, "写明看到什么、问了谁")
            refuse_outside(COMPARED_ON, on, claim.handed_in_on, "申报那天", self._store.today)
            able = [member_id for member_id, _ in able_to_verify(roster_of(self._store, session), claim, on)]
            if not able:
                raise InvalidInput(COMPARED_BY, "没有能核对的人，先登记党小组长或支委")
            if compared_by_id is not None and compared_by_id not in able:
                raise InvalidInput(
                    COMPARED_BY, "本人的申报不能自己核对；支委的由书记核对，其他人的由党小组长或支委核对"
                )
            row = PointsCheck(
                branch_id=self._store.branch_id,
                claim_id=claim.id,
                member_id=claim.member_id,
                verdict=verdict,
                found=words,
                compared_by_id=compared_by_id or able[0],
                compared_on=on,
            )
            if verdict is CheckVerdict.FALSE:
                self._claims.say_revoked(session, claim, f"{FALSE_CLAIM}：{words}")
                row.deduction_id = self._deduct(session, claim, scheme, words)
            session.add(row)
            session.flush()
            return row.id

    def take_back(self, check_id: str, reason: str) -> None:
        """Take back what was found: it stays with its reason, and the claim is to be held against its originals anew.

        The deduction for a false claim goes with it; the claim itself stays revoked, and is handed in anew.

        Raises:
            NotAllowed: the roles of who works here do not reach so far, or it is the user's own.
            InvalidInput: no reason, or it is taken back already.
            NotFound: there is none of this id.
        """
        self._store.rights.require_table(PointsCheck.__tablename__)
        if not reason.strip():
            raise InvalidInput(REASON, "写明原因，记录会留着")
        with self._store.unit_of_work("撤销积分申报的核对") as session:
            row = session.get(PointsCheck, check_id)
            if row is None or row.branch_id != self._store.branch_id or row.deleted_at_utc is not None:
                raise NotFound(what="积分核对")
            if self._store.rights.own_member == row.member_id:
                raise NotAllowed(what=OWN)
            claim = self._find(session, row.claim_id)
            action_of(session).sentence = f"撤销积分申报“{claim.title}”的核对：{row.verdict.label}"
            if row.revoked_on is not None:
                raise InvalidInput(CLAIM, f"{row.revoked_on.isoformat()}已经撤销")
            row.revoked_on, row.revoke_reason = self._store.today, reason.strip()
            deduction = session.get(PointsClaim, row.deduction_id) if row.deduction_id else None
            if deduction is None:
                return
            self._store.rights.require_table(PointsClaim.__tablename__)
            state, why = standing_of(session, deduction), f"核对撤销：{reason.strip()}"
            if state.is_open:
                self._claims.say_rejected(session, deduction, why)
            elif state is ClaimState.APPROVED:
                self._claims.say_revoked(session, deduction, why)

    # inside

    def _refuse(self, session: Session, claim: PointsClaim, scheme: PointsScheme) -> None:
        """Refuse a claim that is not to be held against originals, or was."""
        if not gives(scheme.rule(claim.rule)):
            raise InvalidInput(CLAIM, f"“{claim.title}”不是加分的申报，没有原件可核对")
        before = select(PointsCheck).where(
            PointsCheck.claim_id == claim.id, PointsCheck.deleted_at_utc.is_(None), PointsCheck.revoked_on.is_(None)
        )
        settled = next((each for each in session.scalars(before) if each.verdict.settled), None)
        if settled is not None:
            said = f"{settled.compared_on.isoformat()}核对过：{settled.verdict.label}"
            raise InvalidInput(CLAIM, f"“{claim.title}”{said}，写错的先撤销核对")
        state = standing_of(session, claim)
        if state is not ClaimState.APPROVED:
            raise InvalidInput(CLAIM, f"“{claim.title}”{state.label}，审核过的才核对原件")

    def _deduct(self, session: Session, claim: PointsClaim, scheme: PointsScheme, words: str) -> str | None:
        """Hand in what a false claim costs, in the quarter for which it was claimed; None where the rules have none."""
        rule = deduction_for_false(scheme)
        if rule is None:
            return None
        draft = ClaimDraft(
            member_id=claim.member_id,
            rule=rule.id,
            event_on=claim.event_on,
            title=shortened(f"申报不实：{claim.title}", LONGEST_TITLE),
            outcome=words,
        )
        return self._claims.keep(session, draft, self._store.today).id

    def _find(self, session: Session, claim_id: str) -> PointsClaim:
        claim = session.get(PointsClaim, claim_id)
        if claim is None or claim.branch_id != self._store.branch_id or claim.deleted_at_utc is not None:
            raise NotFound(what="积分申报")
        return claim


def deduction_for_false(scheme: PointsScheme) -> Rule | None:
    """Return the rule by which a false claim costs points; None where nobody can claim by one."""
    return next((rule for rule in scheme.for_false_claims if claimable(rule)), None)
