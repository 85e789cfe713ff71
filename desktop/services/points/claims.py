"""Claims of points (积分申报): handed in, verified by the group leader, approved by a committee meeting, or refused.

Nobody says yes to what is their own; the secretary's claims wait for the answer of the superior. A claim is never
edited: what is wrong is rejected, or revoked with a reason, and stays to be seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import InvalidInput, NotAllowed, NotFound
from desktop.services.members.lookup import find_member, roster_of
from desktop.services.members.roster import Roster
from desktop.services.points.checks import checks_of
from desktop.services.points.claim_rows import ClaimRow, row_of
from desktop.services.points.claim_rules import (
    ANSWERED_ON,
    CLAIM,
    EVENT_ON,
    HANDED_IN_ON,
    MEETING,
    MEMBER,
    REASON,
    SUPERIOR,
    TITLE,
    VERIFIED_ON,
    VERIFIER,
    Approvers,
    able_to_verify,
    answers,
    approvers,
    approving,
    of_secretary,
    refuse_values,
)
from desktop.services.points.known import claimable
from desktop.services.points.scheme import Rule
from desktop.services.points.standing import STANDING, decided_above_since, decisions_of, standing_of
from desktop.services.quoting import quoted
from desktop.services.standards.editions import points_on
from desktop.services.typed import refuse_outside

if TYPE_CHECKING:
    from desktop.services.store import Store

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """What is typed of a claim; `rating` or `choice` only where its rule asks for one."""

    member_id: str
    rule: str
    event_on: date
    title: str
    outcome: str = ""
    rating: int | None = None
    choice: str | None = None


class ClaimService:
    """The claims of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def rules(self, year: int) -> tuple[Rule, ...]:
        """Return the rules under which something may be claimed."""
        with self._store.reading() as session:
            return tuple(rule for rule in points_on(session, self._store.today, year).rules if claimable(rule))

    def claims(self, year: int) -> list[ClaimRow]:
        """Return the claims about a year, newest first."""
        with self._store.reading() as session:
            scheme = points_on(session, self._store.today, year)
            roster = roster_of(self._store, session)
            posted: dict[str, date] = {}
            for on, ids in session.execute(
                select(PointsPublication.posted_on, PointsPublication.claim_ids)
                .where(PointsPublication.branch_id == self._store.branch_id)
                .order_by(PointsPublication.posted_on)
            ):
                for claim_id in ids:
                    posted.setdefault(claim_id, on)
            decisions = decisions_of(session, self._store.branch_id)
            checks = checks_of(session, self._store.branch_id, roster)
            rows = session.execute(
                select(PointsClaim, STANDING)
                .where(
                    PointsClaim.branch_id == self._store.branch_id,
                    PointsClaim.deleted_at_utc.is_(None),
                    PointsClaim.event_on.between(date(year, 1, 1), date(year, 12, 31)),
                )
                .order_by(PointsClaim.event_on.desc(), PointsClaim.id.desc())
            )
            today = self._store.today
            return [
                row_of(
                    session,
                    claim,
                    state,
                    scheme,
                    roster,
                    posted.get(claim.id),
                    decisions.get(claim.id),
                    checks.get(claim.id, ()),
                    today,
                )
                for claim, state in rows
            ]

    def above(self) -> str:
        """Return the headquarters that decides the claims of the secretary; "" where its answers come on paper."""
        if self._store.of_many:  # read there
            return self._store.lender.setting(SettingName.NAME)
        with self._store.reading() as session:
            since = decided_above_since(session, self._store.clock)
        return since[0] if since is not None else ""

    def hand_in(self, draft: ClaimDraft) -> str:
        """Keep a new claim; return its id.

        Raises:
            InvalidInput: a value breaks a rule; it names the field.
            NotFound: no such member.
        """
        self._store.rights.require_table(PointsClaim.__tablename__)
        with self._store.reading() as session:
            name = find_member(self._store, session, draft.member_id).name
        with self._store.unit_of_work(f"为{quoted(name)}申报积分“{draft.title.strip()}”") as session:
            return self.keep(session, draft, self._store.today).id

    def keep(self, session: Session, draft: ClaimDraft, handed_in_on: date) -> PointsClaim:
        """Keep a claim, handed in on a day, in the action of somebody else; see `hand_in`.

        Raises:
            InvalidInput: as `hand_in`.
        """
        today, title = self._store.today, draft.title.strip()
        if draft.event_on > today:
            raise InvalidInput(EVENT_ON, "在今天之后")
        if not title:
            raise InvalidInput(TITLE, "写明是什么事")
        if len(title) > LONGEST_TITLE:
            raise InvalidInput(TITLE, f"超过{LONGEST_TITLE}字，细节写在“做法和效果”里")
        refuse_outside(HANDED_IN_ON, handed_in_on, draft.event_on, "事项那天", today)
        roster = roster_of(self._store, session)
        member = find_member(self._store, session, draft.member_id)
        if not roster.belongs(member, draft.event_on):
            raise InvalidInput(MEMBER, "那一天不在名册上")
        rule = points_on(session, today, draft.event_on.year).rule(draft.rule)
        refuse_values(rule, draft.outcome, draft.rating, draft.choice)
        same = select(PointsClaim.id).where(
            PointsClaim.branch_id == self._store.branch_id,
            PointsClaim.deleted_at_utc.is_(None),
            PointsClaim.member_id == draft.member_id,
            PointsClaim.event_on == draft.event_on,
            PointsClaim.title == title,
            STANDING.not_in((ClaimState.REJECTED, ClaimState.REVOKED)),
        )
        if session.scalar(same) is not None:
            raise InvalidInput(TITLE, "这件事已经申报过，同一事项只计一次")
        claim = PointsClaim(
            branch_id=self._store.branch_id,
            member_id=draft.member_id,
            group_id=roster.group_of(member, handed_in_on),
            rule=draft.rule,
            event_on=draft.event_on,
            title=title,
            outcome=draft.outcome.strip(),
            rating=draft.rating,
            choice=draft.choice,
            handed_in_on=handed_in_on,
            state=ClaimState.SUBMITTED,
        )
        session.add(claim)
        session.flush()
        return claim

    def verifiers(self, claim_id: str) -> list[tuple[str, str]]:
        """Return id and name of those who may verify a claim: of a committee member the secretary, else the leader of
        the group or a committee member; never whose it is.

        Raises:
            NotFound: there is no such claim.
        """
        with self._store.reading() as session:
            claim = self._find(session, claim_id)
            return able_to_verify(roster_of(self._store, session), claim, self._store.today)

    def verify(self, claim_ids: Sequence[str], verified_by_id: str | None = None) -> None:
        """Say that claims are true; without a name by the first who may: the leader of the group.

        Raises:
            InvalidInput: who verifies may not, or the claim waits for something else.
            NotAllowed: it is the user's own.
            NotFound: there is no such claim.
        """

        def say_yes(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_verified(claim, roster, verified_by_id, self._store.today)

        self._each(claim_ids, "核实积分申报", say_yes)

    def say_verified(self, claim: PointsClaim, roster: Roster, verified_by_id: str | None, on: date) -> None:
        """Say on a day that a claim is true, in the action of somebody else; see `verify`.

        Raises:
            InvalidInput: as `verify`, or the day is before the claim or after today.
        """
        if claim.state is not ClaimState.SUBMITTED:
            raise InvalidInput(CLAIM, f"“{claim.title}”{claim.state.label}，不用核实")
        refuse_outside(VERIFIED_ON, on, claim.handed_in_on, "申报那天", self._store.today)
        able = [member_id for member_id, _ in able_to_verify(roster, claim, on)]
        if not able:
            raise InvalidInput(VERIFIER, "没有能核实的人，先登记党小组长或支委")
        if verified_by_id is not None and verified_by_id not in able:
            raise InvalidInput(VERIFIER, "本人的申报不能自己核实；支委的由书记核实，其他人的由党小组长或支委核实")
        claim.state, claim.verified_on = ClaimState.VERIFIED, on
        claim.verified_by_id = verified_by_id or able[0]

    def meetings(self, claim_ids: Sequence[str]) -> Approvers:
        """Return the meetings that may approve claims: of the committee, or of all where there is none, and none before
        the last of them was handed in.

        Raises:
            NotFound: there is no such claim.
        """
        with self._store.reading() as session:
            since = max(self._find(session, each).handed_in_on for each in claim_ids)
            return approvers(self._store, session, since, f"申报（{since.isoformat()}）以后")

    def approve(self, claim_ids: Sequence[str], meeting_id: str) -> None:
        """Say that a committee meeting approved claims.

        Raises:
            InvalidInput: no such meeting, one before the claim, a claim that nobody verified, or one of the secretary.
            NotAllowed: it is the user's own.
            NotFound: there is no such claim.
        """

        def say_yes(session: Session, claim: PointsClaim, roster: Roster) -> None:
            meeting = next((each for each, _ in approving(self._store, session) if each.id == meeting_id), None)
            if meeting is None:
                raise InvalidInput(MEETING, "应是已经开过、有记录的支委会；没有支委会的支部是党员大会")
            self.say_approved(claim, roster, meeting)

        self._each(claim_ids, "支委会审核积分申报", say_yes)

    def say_approved(self, claim: PointsClaim, roster: Roster, meeting: Meeting) -> None:
        """Say that a meeting that may approved a claim, in the action of somebody else; see `approve`.

        Raises:
            InvalidInput: as `approve`.
        """
        _refuse_unverified(claim, claim.state)
        if of_secretary(roster, claim, self._store.today):
            raise InvalidInput(CLAIM, f"“{claim.title}”是书记的申报，报上级党组织审核")
        if meeting.held_on < claim.handed_in_on:
            raise InvalidInput(MEETING, f"会议在申报（{claim.handed_in_on.isoformat()}）之前")
        claim.state, claim.meeting_id, claim.approved_on = ClaimState.APPROVED, meeting.id, meeting.held_on

    def answered(self, claim_id: str, approving_org: str, answered_on: date, document_no: str = "") -> None:
        """Say that the superior approved a claim of the secretary, on paper.

        Raises:
            InvalidInput: headquarters decides it and tells with its feedback, no organisation, a day out of place,
                nobody verified it, or it is not the secretary's.
            NotFound: there is no such claim.
        """

        def say_yes(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_answered(session, claim, roster, approving_org, answered_on)
            claim.document_no = document_no.strip() or None

        self._each([claim_id], "登记上级对书记积分申报的审核", say_yes, own=True)

    def say_answered(self, session: Session, claim: PointsClaim, roster: Roster, approving_org: str, on: date) -> None:
        """Say that the superior approved a claim of the secretary, in the action of somebody else; see `answered`.

        Raises:
            InvalidInput: as `answered`.
        """
        _refuse_unverified(claim, standing_of(session, claim))
        if not of_secretary(roster, claim, self._store.today):
            raise InvalidInput(CLAIM, f"“{claim.title}”不是书记的申报，由支委会审核")
        if not approving_org.strip():
            raise InvalidInput(SUPERIOR, "写明是哪个党组织")
        refuse_outside(ANSWERED_ON, on, claim.handed_in_on, "申报那天", self._store.today)
        above = decided_above_since(session, self._store.clock)
        if above is not None and on >= above[1]:
            raise InvalidInput(CLAIM, f"{above[1].isoformat()}起书记的申报由{above[0]}核定，随反馈包回来，不在这里登记")
        claim.state, claim.approved_on = ClaimState.APPROVED, on
        claim.approving_org = approving_org.strip()

    def reject(self, claim_ids: Sequence[str], reason: str) -> None:
        """Send open claims back.

        Raises:
            InvalidInput: no reason, or a claim that is closed.
            NotFound: there is no such claim.
        """

        def say_no(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_rejected(session, claim, reason)

        self._each(claim_ids, "退回积分申报", say_no, own=True)

    def say_rejected(self, session: Session, claim: PointsClaim, reason: str) -> None:
        """Send an open claim back, in the action of somebody else; see `reject`.

        Raises:
            InvalidInput: as `reject`.
        """
        state = standing_of(session, claim)
        if not state.is_open:
            raise InvalidInput(CLAIM, f"“{claim.title}”{state.label}，不能退回")
        self._close(claim, ClaimState.REJECTED, reason)

    def revoke(self, claim_id: str, reason: str) -> None:
        """Take back a claim that was approved: it stays and counts no more.

        Raises:
            InvalidInput: no reason, or the claim was never approved.
            NotFound: there is no such claim.
        """

        def take_back(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_revoked(session, claim, reason)

        self._each([claim_id], "撤销积分申报", take_back, own=True)

    def say_revoked(self, session: Session, claim: PointsClaim, reason: str) -> None:
        """Take back a claim that was approved, in the action of somebody else; see `revoke`.

        Raises:
            InvalidInput: as `revoke`.
        """
        state = standing_of(session, claim)
        if state is not ClaimState.APPROVED:
            raise InvalidInput(CLAIM, f"“{claim.title}”{state.label}，没有可撤销的")
        decision = decisions_of(session, claim.branch_id).get(claim.id)
        if decision is not None and claim.state is ClaimState.VERIFIED:  # who had approved it stays with it
            claim.approving_org, claim.approved_on = decision.org, decision.decided_on
        self._close(claim, ClaimState.REVOKED, reason)

    def reconsider(self, claim_id: str, reason: str) -> None:
        """Take back what was decided of a good reason: it stays with why, and the question is to be decided anew.

        Raises:
            InvalidInput: no reason, or the claim decides nothing, or is taken back already.
            NotAllowed: it is the user's own.
            NotFound: there is no such claim.
        """

        def take_back(session: Session, claim: PointsClaim, roster: Roster) -> None:
            rule = points_on(session, self._store.today, claim.event_on.year).rule(claim.rule)
            if not answers(rule):
                raise InvalidInput(CLAIM, f"“{claim.title}”是申报，不是判断；写错了的退回或者撤销")
            if claim.state is ClaimState.REVOKED:
                raise InvalidInput(CLAIM, f"“{claim.title}”{claim.state.label}，可以直接重新判断")
            before = claim.reason
            self._close(claim, ClaimState.REVOKED, reason)
            if before:
                claim.reason = f"{before}；收回：{claim.reason}"

        self._each([claim_id], "收回有没有正当理由的判断，重新判断", take_back)

    # inside

    def _close(self, claim: PointsClaim, state: ClaimState, reason: str) -> None:
        if not reason.strip():
            raise InvalidInput(REASON, "写明原因，记录会留着")
        claim.state, claim.reason, claim.closed_on = state, reason.strip(), self._store.today

    def _each(
        self,
        claim_ids: Sequence[str],
        what: str,
        do: Callable[[Session, PointsClaim, Roster], None],
        *,
        own: bool = False,
    ) -> None:
        """Do something to several claims, all or none; `own`: whose they are may do it too."""
        self._store.rights.require_table(PointsClaim.__tablename__)
        if not claim_ids:
            raise InvalidInput(CLAIM, "没有选申报")
        with self._store.reading() as session:
            first = self._find(session, claim_ids[0]).title
        sentence = f"{what}“{first}”" if len(claim_ids) == 1 else f"{what}“{first}”等{len(claim_ids)}条"
        with self._store.unit_of_work(sentence) as session:
            roster = roster_of(self._store, session)
            for claim_id in claim_ids:
                claim = self._find(session, claim_id)
                if not own and self._store.rights.own_member == claim.member_id:
                    raise NotAllowed(what="审核自己的积分申报")
                do(session, claim, roster)

    def _find(self, session: Session, claim_id: str) -> PointsClaim:
        claim = session.get(PointsClaim, claim_id)
        if claim is None or claim.branch_id != self._store.branch_id or claim.deleted_at_utc is not None:
            raise NotFound(what="积分申报")
        return claim


def _refuse_unverified(claim: PointsClaim, state: ClaimState) -> None:
    if state is not ClaimState.VERIFIED:
        reason = "还没有核实" if state is ClaimState.SUBMITTED else state.label
        raise InvalidInput(CLAIM, f"“{claim.title}”{reason}，不能审核")
