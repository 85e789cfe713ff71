"""What a report says of the orders of headquarters, noted when it comes in: answers of one side, news of the other."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desktop.models.members import Member
from desktop.models.transfers import Transfer, TransferOrder
from desktop.services.transferring.orders import forget, is_gone, tell


def settle_orders(session: Session, org: str, today: date) -> None:
    """Note in the orders that the branch `org` has to do with what its records say now, in the action of somebody else.

    What is noted follows from those records alone: told twice it is the same, and what a branch took back is gone here.
    """
    concerned = or_(TransferOrder.from_id == org, TransferOrder.to_id == org)
    orders = session.scalars(select(TransferOrder).where(concerned, TransferOrder.deleted_at_utc.is_(None))).all()
    if not orders:
        return
    ids = [order.id for order in orders]
    own = Transfer.branch_id == org, Transfer.deleted_at_utc.is_(None)
    answers = session.scalars(select(Transfer).where(*own, Transfer.order_id.in_(ids)).order_by(Transfer.id)).all()
    for order in orders:
        if order.to_id == org:
            _answered(order, [row for row in answers if row.order_id == order.id])
        _kept_up(session, order, today)


def _answered(order: TransferOrder, answers: Sequence[Transfer]) -> None:
    order.receipt_on = min((row.receipt_on for row in answers if row.receipt_on is not None), default=None)
    refusals = [row for row in answers if row.receipt_on is None and row.returned_on is not None]
    last = refusals[-1] if refusals and order.receipt_on is None else None
    order.refused_on = last.returned_on if last is not None else None
    order.refusal = last.return_reason if last is not None else None


def _kept_up(session: Session, order: TransferOrder, today: date) -> None:
    """Let an order under way say what the branch the member leaves says now, any other nothing of the person."""
    if not order.state(today).under_way:
        forget(order)
        return
    record = session.get(Transfer, order.record_id)
    member = session.get(Member, order.member_id)
    if record is not None and not is_gone(record) and member is not None and member.deleted_at_utc is None:
        tell(session, order, record, member, today)
