"""Claims of points (积分申报): handed in, verified by the group leader, approved by a committee meeting, or refused.

Nobody says yes to what is their own; the secretary's claims wait for the answer of the superior. A claim is never
edited: what is wrong is rejected, or revoked with a reason, and stays to be seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import Input, InvalidInput, NotAllowed, NotFound
from desktop.services.meetings.naming import title as meeting_title
from desktop.services.members.lookup import find_member, roster_of
from desktop.services.members.roster import Roster
from desktop.services.points.known import claimable
from desktop.services.points.scheme import MAP, RATED, PointsScheme, Rule
from desktop.services.quoting import quoted
from desktop.services.standards.editions import points_on

if TYPE_CHECKING:
    from desktop.services.store import Store

MEMBER = Input("member_id", "党员")
RULE = Input("rule", "依据条款")
EVENT_ON = Input("event_on", "事项日期")
TITLE = Input("title", "事项")
OUTCOME = Input("outcome", "做法和效果")
RATING = Input("rating", "评分")
CHOICE = Input("choice", "结果")
VERIFIER = Input("verified_by_id", "核实人")
MEETING = Input("meeting_id", "审核的会议")
SUPERIOR = Input("approving_org", "上级党组织")
ANSWERED_ON = Input("approved_on", "答复日期")
REASON = Input("reason", "原因")
CLAIM = Input("claim", "申报")
HANDED_IN_ON = Input("handed_in_on", "申报日期")
VERIFIED_ON = Input("verified_on", "核实日期")
_LONGEST_TITLE = 120


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim as it is kept. `late`: handed in later than the rules allow; `published_on`: when it was first posted.

    `decided`: nobody asked for it, it answers whether there was a good reason (正当理由).
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
            rows = session.scalars(
                select(PointsClaim)
                .where(
                    PointsClaim.branch_id == self._store.branch_id,
                    PointsClaim.deleted_at_utc.is_(None),
                    PointsClaim.event_on.between(date(year, 1, 1), date(year, 12, 31)),
                )
                .order_by(PointsClaim.event_on.desc(), PointsClaim.id.desc())
            )
            return [_row(claim, scheme, roster, posted.get(claim.id), session) for claim in rows]

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
        if len(title) > _LONGEST_TITLE:
            raise InvalidInput(TITLE, f"超过{_LONGEST_TITLE}字，细节写在“做法和效果”里")
        if not draft.event_on <= handed_in_on <= today:
            raise InvalidInput(HANDED_IN_ON, "应在事项以后、今天以前")
        roster = roster_of(self._store, session)
        member = find_member(self._store, session, draft.member_id)
        if not roster.belongs(member, draft.event_on):
            raise InvalidInput(MEMBER, "那一天不在名册上")
        rule = points_on(session, today, draft.event_on.year).rule(draft.rule)
        _refuse_values(rule, draft)
        same = select(PointsClaim.id).where(
            PointsClaim.branch_id == self._store.branch_id,
            PointsClaim.deleted_at_utc.is_(None),
            PointsClaim.member_id == draft.member_id,
            PointsClaim.event_on == draft.event_on,
            PointsClaim.title == title,
            PointsClaim.state.not_in((ClaimState.REJECTED, ClaimState.REVOKED)),
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
            return _verifiers(roster_of(self._store, session), claim, self._store.today)

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
        if not claim.handed_in_on <= on <= self._store.today:
            raise InvalidInput(VERIFIED_ON, "应在申报以后、今天以前")
        able = [member_id for member_id, _ in _verifiers(roster, claim, on)]
        if not able:
            raise InvalidInput(VERIFIER, "没有能核实的人，先登记党小组长或支委")
        if verified_by_id is not None and verified_by_id not in able:
            raise InvalidInput(VERIFIER, "本人的申报不能自己核实；支委的由书记核实，其他人的由党小组长或支委核实")
        claim.state, claim.verified_on = ClaimState.VERIFIED, on
        claim.verified_by_id = verified_by_id or able[0]

    def meetings(self) -> list[tuple[str, str]]:
        """Return id and title of the meetings that may approve: of the committee, or of all where there is none."""
        with self._store.reading() as session:
            return [(meeting.id, title) for meeting, title in approving(self._store, session)]

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
        _refuse_unverified(claim)
        if of_secretary(roster, claim, self._store.today):
            raise InvalidInput(CLAIM, f"“{claim.title}”是书记的申报，报上级党组织审核")
        if meeting.held_on < claim.handed_in_on:
            raise InvalidInput(MEETING, f"会议在申报（{claim.handed_in_on.isoformat()}）之前")
        claim.state, claim.meeting_id, claim.approved_on = ClaimState.APPROVED, meeting.id, meeting.held_on

    def answered(self, claim_id: str, approving_org: str, answered_on: date, document_no: str = "") -> None:
        """Say that the superior approved a claim of the secretary.

        Raises:
            InvalidInput: no organisation, a day out of place, nobody verified it, or it is not the secretary's.
            NotFound: there is no such claim.
        """

        def say_yes(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_answered(claim, roster, approving_org, answered_on)
            claim.document_no = document_no.strip() or None

        self._each([claim_id], "登记上级对书记积分申报的审核", say_yes, own=True)

    def say_answered(self, claim: PointsClaim, roster: Roster, approving_org: str, on: date) -> None:
        """Say that the superior approved a claim of the secretary, in the action of somebody else; see `answered`.

        Raises:
            InvalidInput: as `answered`.
        """
        _refuse_unverified(claim)
        if not of_secretary(roster, claim, self._store.today):
            raise InvalidInput(CLAIM, f"“{claim.title}”不是书记的申报，由支委会审核")
        if not approving_org.strip():
            raise InvalidInput(SUPERIOR, "写明是哪个党组织")
        if not claim.handed_in_on <= on <= self._store.today:
            raise InvalidInput(ANSWERED_ON, "应在申报以后、今天以前")
        claim.state, claim.approved_on = ClaimState.APPROVED, on
        claim.approving_org = approving_org.strip()

    def reject(self, claim_ids: Sequence[str], reason: str) -> None:
        """Send open claims back.

        Raises:
            InvalidInput: no reason, or a claim that is closed.
            NotFound: there is no such claim.
        """

        def say_no(session: Session, claim: PointsClaim, roster: Roster) -> None:
            self.say_rejected(claim, reason)

        self._each(claim_ids, "退回积分申报", say_no, own=True)

    def say_rejected(self, claim: PointsClaim, reason: str) -> None:
        """Send an open claim back, in the action of somebody else; see `reject`.

        Raises:
            InvalidInput: as `reject`.
        """
        if not claim.state.is_open:
            raise InvalidInput(CLAIM, f"“{claim.title}”{claim.state.label}，不能退回")
        self._close(claim, ClaimState.REJECTED, reason)

    def revoke(self, claim_id: str, reason: str) -> None:
        """Take back a claim that was approved: it stays and counts no more.

        Raises:
            InvalidInput: no reason, or the claim was never approved.
            NotFound: there is no such claim.
        """

        def take_back(session: Session, claim: PointsClaim, roster: Roster) -> None:
            if claim.state is not ClaimState.APPROVED:
                raise InvalidInput(CLAIM, f"“{claim.title}”{claim.state.label}，没有可撤销的")
            self._close(claim, ClaimState.REVOKED, reason)

        self._each([claim_id], "撤销积分申报", take_back, own=True)

    def reconsider(self, claim_id: str, reason: str) -> None:
        """Take back what was decided of a good reason: it stays with why, and the question is to be decided anew.

        Raises:
            InvalidInput: no reason, or the claim decides nothing, or is taken back already.
            NotAllowed: it is the user's own.
            NotFound: there is no such claim.
        """

        def take_back(session: Session, claim: PointsClaim, roster: Roster) -> None:
            rule = points_on(session, self._store.today, claim.event_on.year).rule(claim.rule)
            if not _answers(rule):
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


def approving(store: "Store", session: Session) -> list[tuple[Meeting, str]]:
    """Return the meetings that may approve claims and publications, newest first."""
    roster = roster_of(store, session)
    everybody = not any(
        held.post.on_committee and held.post not in (Post.SECRETARY, Post.DEPUTY_SECRETARY)
        for held in roster.holders(store.today)
    )
    kinds = [MeetingKind.COMMITTEE_MEETING, *([MeetingKind.BRANCH_CONGRESS] if everybody else [])]
    rows = session.scalars(
        select(Meeting)
        .where(
            Meeting.branch_id == store.branch_id,
            Meeting.deleted_at_utc.is_(None),
            Meeting.kind.in_(kinds),
            Meeting.held_on <= store.today,
        )
        .order_by(Meeting.held_on.desc(), Meeting.id)
    )
    return [(each, meeting_title(each.kind, each.held_on, "")) for each in rows if each.state.counts]


def _refuse_values(rule: Rule | None, draft: ClaimDraft) -> None:
    if rule is None:
        raise InvalidInput(RULE, "积分办法里没有这一条")
    if not claimable(rule):
        raise InvalidInput(RULE, f"“{rule.name}”从会议、党费、活动和登记簿里自动来，不用申报")
    if rule.needs_outcome and not draft.outcome.strip():
        raise InvalidInput(OUTCOME, "写明做了什么、有什么效果，凭效果计分")
    if rule.kind == RATED and (draft.rating is None or not 0 <= draft.rating <= rule.scale_max):
        raise InvalidInput(RATING, f"应在0和{rule.scale_max}之间")
    if rule.kind != RATED and draft.rating is not None:
        raise InvalidInput(RATING, "这一条不评分")
    if rule.kind == MAP and draft.choice not in rule.by_choice:
        raise InvalidInput(CHOICE, f"应是：{'、'.join(rule.by_choice)}")
    if rule.kind != MAP and draft.choice is not None:
        raise InvalidInput(CHOICE, "这一条不选结果")


def _answers(rule: Rule | None) -> bool:
    """Return whether a claim under a rule answers a question: nobody may ask points by it."""
    return rule is not None and not claimable(rule)


def _refuse_unverified(claim: PointsClaim) -> None:
    if claim.state is not ClaimState.VERIFIED:
        reason = "还没有核实" if claim.state is ClaimState.SUBMITTED else claim.state.label
        raise InvalidInput(CLAIM, f"“{claim.title}”{reason}，不能审核")


def of_secretary(roster: Roster, claim: PointsClaim, on: date) -> bool:
    """Return whether a claim is one of the secretary's, which the superior approves."""
    return Post.SECRETARY in roster.posts_of(claim.member_id, on)


def _verifiers(roster: Roster, claim: PointsClaim, on: date) -> list[tuple[str, str]]:
    held = [post for post in roster.holders(on) if post.member_id != claim.member_id]
    committee = [post.member_id for post in held if post.post.on_committee]
    if of_secretary(roster, claim, on):
        found = committee
    elif any(post.on_committee for post in roster.posts_of(claim.member_id, on)):
        found = [post.member_id for post in held if post.post is Post.SECRETARY]
    else:
        leaders = [
            post.member_id for post in held if post.post is Post.GROUP_LEADER and post.group_id == claim.group_id
        ]
        found = [*leaders, *committee]
    return [(member_id, roster.label(member_id, on)) for member_id in dict.fromkeys(found)]


def _row(
    claim: PointsClaim, scheme: PointsScheme, roster: Roster, posted: date | None, session: Session
) -> ClaimRow:  # fmt: skip
    rule = scheme.rule(claim.rule)
    meeting = session.get(Meeting, claim.meeting_id) if claim.meeting_id else None
    by = meeting_title(meeting.kind, meeting.held_on, "") if meeting is not None else claim.approving_org or ""
    on = claim.handed_in_on
    allowed = timedelta(days=scheme.claim_within_days)
    decided = _answers(rule)
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
        late=not decided and on - claim.event_on > allowed,
        decided=decided,
        state=claim.state,
        waits_above=claim.state is ClaimState.VERIFIED and of_secretary(roster, claim, on),
        verified_by=roster.label(claim.verified_by_id, on) if claim.verified_by_id else "",
        verified_on=claim.verified_on,
        approved_by=by,
        approved_on=claim.approved_on,
        reason=claim.reason or "",
        closed_on=claim.closed_on,
        published_on=posted,
        rev=claim.rev,
    )
