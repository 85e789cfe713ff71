"""The standing that a member brings along, as the order of the transfer says it, kept on the roster that receives."""

from datetime import date

from sqlalchemy.orm import Session

from desktop.models.members import Member, MemberCondition
from desktop.models.transfers import TransferOrder
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory
from desktop.services.transferring.orders import watched_on


def keep_standing(member: Member, order: TransferOrder) -> None:
    """Let whoever comes back be what the person became meanwhile: the roster here knows only what was before."""
    member.category = order.category
    if order.admitted_on is not None:
        member.admitted_on = order.admitted_on
        member.admitted_precision = order.admitted_precision or DatePrecision.DAY
    if order.full_on is not None:
        member.full_on, member.full_precision = order.full_on, order.full_precision or DatePrecision.DAY


def keep_probation(member: Member, order: TransferOrder) -> None:
    """Let a probation that was extended stay so (延长预备期): it is extended once, wherever the person is."""
    if member.category is MemberCategory.PROBATIONARY_MEMBER and order.extended_once:
        member.probation_ends_on, member.extended_once = order.probation_ends_on, True


def keep_watched(session: Session, member: Member, order: TransferOrder, on: date) -> None:
    """Let whoever is on probation within the party (留党察看) have no vote here either, unless it is known already."""
    over = order.watched_to is not None and order.watched_to < on
    if not order.watched or over or watched_on(session, member.id, on) is not None:
        return
    session.add(
        MemberCondition(
            branch_id=member.branch_id,
            member_id=member.id,
            kind=ConditionKind.PROBATION_DISCIPLINE,
            from_on=order.watched_from,
            to_on=order.watched_to,
            reason=f"由{order.from_org}转来",
        )
    )
