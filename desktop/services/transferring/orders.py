"""The moves that branches reported, and what headquarters says of each to the two branches it is between (转接通知).

The branch a member leaves owns its record of the move, the one that receives its own, headquarters the order between
them: none writes what is another's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session

from desktop.models.history import Change
from desktop.models.members import Member, MemberCondition
from desktop.models.transfers import PERSONAL, ROSTER, Transfer, TransferOrder
from desktop.models.vocabulary.branches import ConditionKind, MemberCategory
from desktop.models.vocabulary.transfers import OrderState, TransferDirection
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.members.law import MemberLaw, member_law
from desktop.services.race.records import racers
from desktop.services.race.rows import Racer
from desktop.services.spreadsheets.identity import masked
from desktop.services.standards.asked import headquarters_only
from desktop.services.unit_of_work import action_of, without

if TYPE_CHECKING:
    from desktop.services.store import Store

WHAT = "下发转接通知"
RECORD = Input("record", "转出记录")
TO = Input("to", "转入支部")
REASON = Input("reason", "撤回的原因")
NOTE = Input("note", "备注")
ORDER = Input("order", "转接通知")
_LEAVES = (TransferDirection.OUT, TransferDirection.INTERNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A move as headquarters sees it: what the branch reported, and its last order, if one was given.

    The ID number is masked. `target`: the branch that the words of the report name, "" for none of ours.
    """

    record_id: str
    branch_id: str
    code: str
    branch: str
    member_id: str
    name: str
    id_no: str
    category: MemberCategory | None
    letter_on: date
    letter_no: str
    valid_until: date
    paid_until: date | None
    to_org: str
    target: str
    state: OrderState
    order_id: str = ""
    issued_on: date | None = None
    receipt_on: date | None = None
    refused_on: date | None = None
    refusal: str = ""
    withdrawn_on: date | None = None
    withdrawal: str = ""
    note: str = ""
    standing: str = ""
    is_open: bool = True
    """Whether the branch the member leaves still waits for the end of it."""

    @property
    def issues(self) -> bool:
        """Whether an order can be given: there is none, or the last one came to nothing."""
        given = self.state.under_way or self.state in (OrderState.RECEIVED, OrderState.CROSSED)
        return self.is_open and not given

    @property
    def asks(self) -> bool:
        """Whether headquarters has something to do about it."""
        return self.state in (OrderState.REPORTED, OrderState.RUN_OUT, OrderState.RECALLED, OrderState.CROSSED)


class OrderService:
    """The orders of headquarters about moves between its branches."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def moves(self) -> list[MoveRow]:
        """Return what branches reported that is open or was ordered: what asks for something first, then the newest."""
        with self._store.reading() as session:
            found = list(_moves(session, self._store.today))
        return sorted(found, key=lambda row: (not row.asks, -row.letter_on.toordinal(), row.name))

    def waiting(self) -> list[MoveRow]:
        """Return the moves that headquarters has something to do about."""
        return [row for row in self.moves() if row.asks]

    def branches(self) -> list[tuple[str, str]]:
        """Return id and name of the branches an order can go to, by code."""
        with self._store.reading() as session:
            return [(racer.branch_id, f"{racer.code} {racer.name}") for racer in racers(session)]

    def issue(self, record_id: str, to_id: str, note: str = "") -> str:
        """Give the order of a reported move to a branch; it goes to both with the next feedback. Return its id.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the move is not open, is of nobody on the roster, or goes nowhere; somebody is ordered twice.
            NotFound: no such move was reported.
        """
        self._store.rights.require_table(TransferOrder.__tablename__)
        headquarters_only(self._store, WHAT)
        today = self._store.today
        with self._store.unit_of_work(WHAT) as session:
            record = session.get(Transfer, record_id)
            if record is None or record.deleted_at_utc is not None or record.direction not in _LEAVES:
                raise NotFound(what="转出记录")
            known = {racer.branch_id: racer for racer in racers(session)}
            member = session.get(Member, record.member_id) if record.member_id else None
            _refuse(record, member, to_id, known)
            assert member is not None  # refused above
            _refuse_second(session, record, member, today)
            order = TransferOrder(
                branch_id=self._store.branch_id,
                from_id=record.branch_id,
                from_org=known[record.branch_id].name,
                to_id=to_id,
                to_org=known[to_id].name,
                record_id=record.id,
                issued_on=today,
                note=note.strip() or None,
            )
            tell(session, order, record, member, today)
            action_of(session).sentence = f"通知{order.to_org}接收{order.from_org}的{order.name}"
            session.add(order)
            session.flush()
            return order.id

    def withdraw(self, order_id: str, reason: str) -> None:
        """Take an order back for a reason: both branches learn it, and nothing more of the person.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: no reason is given, or nobody waits for it any more.
            NotFound: there is no such order.
        """
        self._store.rights.require_table(TransferOrder.__tablename__)
        if not reason.strip():
            raise InvalidInput(REASON, "不能为空")
        with self._store.unit_of_work("撤回转接通知") as session:
            order = _order(session, order_id)
            state = order.state(self._store.today)
            if not state.under_way:
                raise InvalidInput(ORDER, f"{order.name}的通知{state.label}，不能撤回")
            action_of(session).sentence = f"撤回{order.name}转到{order.to_org}的通知"
            order.withdrawn_on, order.withdrawal = self._store.today, reason.strip()
            forget(order)

    def hold(self, order_id: str) -> None:
        """Let an order hold that was taken back while the branch received the member already (认可接收).

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: it is not so.
            NotFound: there is no such order.
        """
        self._store.rights.require_table(TransferOrder.__tablename__)
        with self._store.unit_of_work("认可撤回后的接收") as session:
            order = _order(session, order_id)
            state = order.state(self._store.today)
            if state is not OrderState.CROSSED:
                raise InvalidInput(ORDER, f"{order.name}的通知{state.label}，没有撤回后又接收")
            action_of(session).sentence = f"认可{order.to_org}接收{order.name}"
            order.withdrawn_on = order.withdrawal = None


def tell(session: Session, order: TransferOrder, record: Transfer, member: Member, today: date) -> None:
    """Write into an order what the branch says of the move and of the member on the day `today`."""
    law = member_law(session, today)
    valid = min(record.valid_days or law.letter_max_days, law.letter_max_days)
    order.name, order.member_id, order.category = member.name, member.id, member.category
    order.letter_on, order.letter_no = record.issued_on, record.letter_no
    order.valid_until, order.paid_until = record.issued_on + timedelta(days=valid), record.paid_until
    for name in ROSTER:
        setattr(order, name, getattr(member, name))
    watched = watched_on(session, member.id, today)
    order.watched = watched is not None
    order.watched_from, order.watched_to = (watched.from_on, watched.to_on) if watched is not None else (None, None)


def watched_on(session: Session, member_id: str, day: date) -> MemberCondition | None:
    """Return under which circumstance a member is on probation within the party (留党察看) on a day, without a vote."""
    query = select(MemberCondition).where(
        MemberCondition.member_id == member_id,
        MemberCondition.kind == ConditionKind.PROBATION_DISCIPLINE,
        MemberCondition.deleted_at_utc.is_(None),
        or_(MemberCondition.from_on.is_(None), MemberCondition.from_on <= day),
        or_(MemberCondition.to_on.is_(None), MemberCondition.to_on >= day),
    )
    return session.scalars(query.order_by(MemberCondition.id)).first()


def forget(order: TransferOrder) -> None:
    """Take out of an order, and of the history an older program wrote of it, what only a branch that still has to
    receive the member needs."""
    for name in PERSONAL:
        setattr(order, name, None)
    session = object_session(order)
    if session is None:
        return
    lines = select(Change).where(Change.record_kind == TransferOrder.__tablename__, Change.record_id == order.id)
    for line in session.scalars(lines):
        line.before, line.after = without(line.before, PERSONAL), without(line.after, PERSONAL)


def is_gone(record: Transfer | None) -> bool:
    """Return whether the branch took its move back: the record is gone, or says that it came to nothing."""
    return record is None or record.deleted_at_utc is not None or record.returned_on is not None


def _order(session: Session, order_id: str) -> TransferOrder:
    order = session.get(TransferOrder, order_id)
    if order is None or order.deleted_at_utc is not None:
        raise NotFound(what=TransferOrder.__label__)
    return order


def _refuse(record: Transfer, member: Member | None, to_id: str, known: Mapping[str, Racer]) -> None:
    if record.receipt_on is not None or record.returned_on is not None:
        raise InvalidInput(RECORD, "这次转出已经办结，不用再下发")
    if member is None or member.deleted_at_utc is not None:
        raise InvalidInput(RECORD, "转出记录没有选名册上的党员，请转出的支部补上")
    if record.branch_id not in known:
        raise InvalidInput(RECORD, "转出的支部没有登记")
    if to_id not in known:
        raise InvalidInput(TO, "没有登记的支部", record=to_id)
    if to_id == record.branch_id:
        raise InvalidInput(TO, "和转出支部是同一个")


def _refuse_second(session: Session, record: Transfer, member: Member, today: date) -> None:
    """Refuse a second order of one move or person while the first one stands."""
    same = [TransferOrder.record_id == record.id, TransferOrder.member_id == member.id]
    if member.id_no:
        same.append(TransferOrder.id_no == member.id_no)
    query = select(TransferOrder).where(TransferOrder.deleted_at_utc.is_(None), or_(*same))
    for other in session.scalars(query):
        state = other.state(today)
        taken = other.record_id == record.id and state in (OrderState.RECEIVED, OrderState.CROSSED)
        if state.under_way or taken:
            raise InvalidInput(RECORD, f"{other.name}转到{other.to_org}的通知{state.label}，不能再下发一份")


def _moves(session: Session, today: date) -> Iterable[MoveRow]:
    law, known = member_law(session, today), {racer.branch_id: racer for racer in racers(session)}
    orders: dict[str, TransferOrder] = {}
    kept = select(TransferOrder).where(TransferOrder.deleted_at_utc.is_(None)).order_by(TransferOrder.id)
    for order in session.scalars(kept):
        orders[order.record_id] = order
    reported = select(Transfer).where(Transfer.deleted_at_utc.is_(None), Transfer.direction.in_(_LEAVES))
    waits = Transfer.receipt_on.is_(None) & Transfer.returned_on.is_(None)
    records = {row.id: row for row in session.scalars(reported.where(or_(waits, Transfer.id.in_(orders))))}
    people = {record.member_id for record in records.values() if record.member_id}
    numbers = dict(session.execute(select(Member.id, Member.id_no).where(Member.id.in_(people))).all())
    for last in orders.values():
        if last.from_id in known:
            number = numbers.get(last.member_id)
            yield _ordered(last, records.get(last.record_id), known[last.from_id], number, today)
    for record in records.values():
        if record.id in orders or record.branch_id not in known:
            continue
        racer, target = known[record.branch_id], _target(record.to_org or "", known.values())
        if target != racer.branch_id:  # a move within the committee, told by who received
            yield _reported(record, racer, target, numbers.get(record.member_id or ""), law)


def _target(words: str, known: Iterable[Racer]) -> str:
    """Return the branch that `words` name by its code, its name or both, "" if they name none."""
    said = "".join(words.split()).casefold()
    for racer in known:
        code, name = racer.code.casefold(), "".join(racer.name.split()).casefold()
        if said and said in (code, name, code + name):
            return racer.branch_id
    return ""


def _reported(record: Transfer, racer: Racer, target: str, number: str | None, law: MemberLaw) -> MoveRow:
    valid = min(record.valid_days or law.letter_max_days, law.letter_max_days)
    return MoveRow(
        record_id=record.id,
        branch_id=racer.branch_id,
        code=racer.code,
        branch=racer.name,
        member_id=record.member_id or "",
        name=record.name,
        id_no=masked(number or ""),
        category=record.category,
        letter_on=record.issued_on,
        letter_no=record.letter_no or "",
        valid_until=record.issued_on + timedelta(days=valid),
        paid_until=record.paid_until,
        to_org=record.to_org or "",
        target=target,
        state=OrderState.REPORTED if target else OrderState.OUTSIDE,
    )


def _ordered(
    order: TransferOrder, record: Transfer | None, racer: Racer, number: str | None, today: date
) -> MoveRow:  # fmt: skip
    state = order.state(today)
    if state.under_way and is_gone(record):
        state = OrderState.RECALLED
    return MoveRow(
        record_id=order.record_id,
        branch_id=racer.branch_id,
        code=racer.code,
        branch=racer.name,
        member_id=order.member_id,
        name=order.name,
        id_no=masked(number or order.id_no or ""),
        category=order.category,
        letter_on=order.letter_on,
        letter_no=order.letter_no or "",
        valid_until=order.valid_until,
        paid_until=order.paid_until,
        to_org=order.to_org,
        target=order.to_id,
        state=state,
        order_id=order.id,
        issued_on=order.issued_on,
        receipt_on=order.receipt_on,
        refused_on=order.refused_on,
        refusal=order.refusal or "",
        withdrawn_on=order.withdrawn_on,
        withdrawal=order.withdrawal or "",
        note=order.note or "",
        standing=order.standing,
        is_open=not is_gone(record) and record is not None and record.receipt_on is None,
    )
