"""How many members every branch has on a day, counted over all branches at once."""

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.members import Member, StatusChange
from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.spells import Step, here, status_on, stays


def members_on(session: Session, on: date) -> dict[str, int]:
    """Return how many members each branch has on the day `on`, counted as the statistics count them (`belongs`): on
    the roster, and membership not suspended (停止党籍).
    """
    steps: dict[str, list[Step]] = defaultdict(list)
    change = StatusChange
    told = select(
        change.member_id, change.to_status, change.on, change.from_status, change.joined_before, change.left_before
    )
    for member_id, to, day, was, joined_before, left_before in session.execute(
        told.where(change.deleted_at_utc.is_(None)).order_by(change.on, change.id)
    ):
        steps[member_id].append(Step(to, day, was, joined_before, left_before))
    query = select(
        Member.id, Member.branch_id, Member.status, Member.admitted_on, Member.joined_on, Member.left_on
    ).where(Member.deleted_at_utc.is_(None))
    found: Counter[str] = Counter()
    for member_id, branch_id, status, admitted_on, joined_on, left_on in session.execute(query):
        own = steps.get(member_id, [])
        try:
            there = here(stays(status, admitted_on, joined_on, left_on, own), on)
        except OverflowError:  # a day no calendar has, taken in by an older program: it breaks no other branch
            there = status.on_roster
        found[branch_id] += there and status_on(status, own, on) is not MemberStatus.SUSPENDED
    return dict(found)
