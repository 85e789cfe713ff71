"""Which party group a member is in, and was in: a meeting of the past asks for the people of its day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import GroupMove
from desktop.models.members import Member


def place(session: Session, member: Member, group_id: str | None, on: date) -> None:
    """Put a member into a group from `on`, and keep which one it was before.

    The first group of somebody says nothing about earlier days: it is no move. Of several on one day the
    last counts.
    """
    before = member.group_id
    member.group_id = group_id
    if before is None or before == group_id:
        return
    today = session.scalar(
        select(GroupMove)
        .where(GroupMove.member_id == member.id, GroupMove.on == on, GroupMove.deleted_at_utc.is_(None))
        .order_by(GroupMove.id.desc())
    )
    if today is None:
        move = GroupMove(
            branch_id=member.branch_id, member_id=member.id, on=on, from_group_id=before, to_group_id=group_id
        )
        session.add(move)
    else:
        today.to_group_id = group_id
