"""Moves of membership as records and steps in lives tell them: which are open, since when, closed on which day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.members import Member, StatusChange
from desktop.models.transfers import Transfer
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.transfers import TransferDirection

_Steps = Sequence[tuple[MemberStatus, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move in or out. Without `record_id` only a step of the member tells of it: the letter is not on record."""

    record_id: str
    member_id: str
    name: str
    direction: TransferDirection
    issued_on: date
    valid_days: int | None = None
    paid_until: date | None = None
    closed_on: date | None = None
    returned: bool = False
    """Whether it came to nothing: the other side did not take the member, or the member did not go."""

    def runs_out(self, most: int) -> date:
        """Return the last day of the letter; `most` is the longest that the rules let one be valid."""
        return self.issued_on + timedelta(days=min(self.valid_days or most, most))


def paid_doubt(paid_until: date | None, issued_on: date, most: int) -> str:
    """Return what is odd about dues paid so long before a move, "" for nothing; `most` months may lie between (0: any).

    The branch of the first of a month collects it, so at a move the month before it at least is paid.
    """
    if paid_until is None or not most:
        return ""
    behind = (issued_on.year - paid_until.year) * 12 + issued_on.month - paid_until.month
    if behind <= most:
        return ""
    first = f"{paid_until.year}年{paid_until.month}月"
    return f"党费只交到{first}，比转接的月份早{behind}个月，补交以后再转，或者写明原因"


def moves_of(session: Session, branch_id: str, *, internal: bool = False) -> list[Move]:
    """Return the moves in and out of a branch, oldest first; those within its committee only where asked for."""
    names = dict(
        session.execute(
            select(Member.id, Member.name).where(Member.branch_id == branch_id, Member.deleted_at_utc.is_(None))
        ).all()
    )
    steps: dict[str, list[tuple[MemberStatus, date]]] = defaultdict(list)
    taken = select(StatusChange.member_id, StatusChange.to_status, StatusChange.on).where(
        StatusChange.branch_id == branch_id, StatusChange.deleted_at_utc.is_(None)
    )
    for member_id, status, on in session.execute(taken.order_by(StatusChange.on, StatusChange.id)):
        steps[member_id].append((status, on))
    rows = session.scalars(
        select(Transfer).where(
            Transfer.branch_id == branch_id,
            Transfer.deleted_at_utc.is_(None),
        )
    ).all()
    rows = [row for row in rows if internal or row.direction is not TransferDirection.INTERNAL]
    total = Counter(names.values())
    by_name = {name: member_id for member_id, name in names.items() if total[name] == 1}
    found = [_recorded(row, row.member_id or by_name.get(row.name, ""), steps) for row in rows]
    for member_id, name in names.items():
        own = [move for move in found if move.member_id == member_id and move.direction is TransferDirection.OUT]
        found.extend(_only_stepped(member_id, name, steps.get(member_id, ()), own))
    return sorted(found, key=lambda move: (move.issued_on, move.name))


def _recorded(row: Transfer, member_id: str, steps: dict[str, list[tuple[MemberStatus, date]]]) -> Move:
    direction = row.direction or TransferDirection.OUT
    out = direction is TransferDirection.OUT
    gone = [
        on for to, on in steps.get(member_id, ()) if to is MemberStatus.TRANSFERRED_OUT and on >= row.issued_on and out
    ]
    return Move(
        record_id=row.id,
        member_id=member_id,
        name=row.name,
        direction=direction,
        issued_on=row.issued_on,
        valid_days=row.valid_days,
        paid_until=row.paid_until,
        closed_on=row.receipt_on or row.returned_on or min(gone, default=None),
        returned=row.receipt_on is None and row.returned_on is not None,
    )


def _only_stepped(member_id: str, name: str, steps: _Steps, recorded: Sequence[Move]) -> Iterator[Move]:
    """Return the moves out that a member took without a record of the letter; what was called off is none."""
    begun = [place for place, (to, _on) in enumerate(steps) if to is MemberStatus.TRANSFER_PENDING]
    for number, place in enumerate(begun):
        since = steps[place][1]
        earlier = steps[begun[number - 1]][1] if number else date.min
        later = steps[begun[number + 1]][1] if number + 1 < len(begun) else date.max
        then = steps[place + 1] if place + 1 < len(steps) else None
        called_off = then is not None and then[0] is not MemberStatus.TRANSFERRED_OUT
        if called_off or any(earlier < move.issued_on < later for move in recorded):
            continue
        yield Move(
            record_id="",
            member_id=member_id,
            name=name,
            direction=TransferDirection.OUT,
            issued_on=since,
            closed_on=then[1] if then else None,
        )
