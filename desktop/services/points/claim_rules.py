"""What may be done with a claim of points: what it may say, who may verify it, which meetings may approve it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting
from desktop.models.points import PointsClaim
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.meetings.naming import title as meeting_title
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.points.known import claimable
from desktop.services.points.scheme import DEDUCTION, MAP, RATED, VETO, Rule

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


@dataclass(frozen=True, slots=True)
class Approver:
    """A meeting that may approve what it is offered for."""

    id: str
    held_on: date
    title: str


@dataclass(frozen=True, slots=True)
class Approvers:
    """The meetings that will do, newest first; `lacking` says what is missing where there are none, "" else."""

    meetings: tuple[Approver, ...]
    lacking: str


def approvers(store: "Store", session: Session, since: date, what: str) -> Approvers:
    """Return the meetings held on a day or later that may approve; `what` is that day in words."""
    found = tuple(
        Approver(each.id, each.held_on, title) for each, title in approving(store, session) if each.held_on >= since
    )
    return Approvers(found, "" if found else f"{what}还没有开过支委会（没有支委会的支部是党员大会），先登记会议")


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


def refuse_values(rule: Rule | None, outcome: str, rating: int | None, choice: str | None) -> None:
    """Refuse what a claim says where its rule asks for something else.

    Raises:
        InvalidInput: there is no such rule, nobody claims under it, or it wants an outcome, a rating or a choice.
    """
    if rule is None:
        raise InvalidInput(RULE, "积分办法里没有这一条")
    if not claimable(rule):
        raise InvalidInput(RULE, f"“{rule.name}”从会议、党费、活动和登记簿里自动来，不用申报")
    if rule.needs_outcome and not outcome.strip():
        raise InvalidInput(OUTCOME, "写明做了什么、有什么效果，凭效果计分")
    if rule.kind == RATED and (rating is None or not 0 <= rating <= rule.scale_max):
        raise InvalidInput(RATING, f"应在0和{rule.scale_max}之间")
    if rule.kind != RATED and rating is not None:
        raise InvalidInput(RATING, "这一条不评分")
    if rule.kind == MAP and choice not in rule.by_choice:
        raise InvalidInput(CHOICE, f"应是：{'、'.join(rule.by_choice)}")
    if rule.kind != MAP and choice is not None:
        raise InvalidInput(CHOICE, "这一条不选结果")


def answers(rule: Rule | None) -> bool:
    """Return whether a claim under a rule answers a question: nobody may ask points by it."""
    return rule is not None and not claimable(rule)


def gives(rule: Rule | None) -> bool:
    """Return whether somebody gains by a claim under a rule: those are held against their originals."""
    return not answers(rule) and (rule is None or rule.kind not in (DEDUCTION, VETO))


def of_secretary(roster: Roster, claim: PointsClaim, on: date) -> bool:
    """Return whether a claim is of who is secretary on a day, or was when it came in: the superior approves it."""
    return any(Post.SECRETARY in roster.posts_of(claim.member_id, day) for day in (claim.handed_in_on, on))


def able_to_verify(roster: Roster, claim: PointsClaim, on: date) -> list[tuple[str, str]]:
    """Return id and name of those who may verify a claim, never whose it is."""
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
